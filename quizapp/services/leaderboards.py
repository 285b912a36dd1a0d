"""Leaderboards of a team: those who wish stand on them, by what takes time or is marked. Start from `shown`."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from quizapp.db import leaderboards as rows
from quizapp.db import learners
from quizapp.db import teams as team_rows
from quizapp.db.engine import Session
from quizapp.domain import leaderboards
from quizapp.domain.leaderboards import Board, Measure, Span
from quizapp.domain.permissions import Action, Actor, LearnerId
from quizapp.services import teams
from quizapp.services.settings import study_plan


@dataclass(frozen=True)
class Leaderboard:
    """A leaderboard as the actor sees it."""

    team_id: int
    team: str
    board: Board
    names: Mapping[int, str]  # of those who are named on it
    since: date | None  # None for all time
    taking_part: int
    takes_part: bool  # the actor
    mine: int  # what the actor has, which nobody else sees while they do not take part


def shown(session: Session, actor: Actor, team_id: int, *, by: Measure, span: Span, now: datetime) -> Leaderboard:
    """Return a leaderboard of a team that the actor belongs to; it names those alone who wish to stand there."""
    team = teams.living(session, actor, team_id, Action.SEE)
    me, days = actor.person_id, study_plan(session, Actor(LearnerId(team.library_id))).days
    start = leaderboards.since(span, days.day_of(now))
    begins = days.start(start)
    ranking = rows.ranking(session, team, by, span, start=start, begins=begins)
    board = leaderboards.board(ranking, me=me)
    mine = team_rows.membership(session, team.id, me)
    return Leaderboard(
        team_id=team.id,
        team=team.name,
        board=board,
        names=learners.names(session, [one.person_id for one in (*board.top, *board.near)]),
        since=None if span is Span.ALL else start,
        taking_part=rows.taking_part(session, team.id),
        takes_part=mine is not None and mine.on_leaderboards,
        mine=rows.own(session, team, by, span, start=start, begins=begins, person_id=me),
    )


def take_part(session: Session, actor: Actor, team_id: int, *, wishes: bool) -> None:
    """Let the actor stand on the team's leaderboards, or no more, from now on."""
    teams.living(session, actor, team_id, Action.SEE)
    mine = team_rows.membership(session, team_id, actor.person_id)
    shows = mine is not None and mine.shows_recall
    teams.choose_what_is_seen(session, actor, team_id, shows_recall=shows, on_leaderboards=wishes)
