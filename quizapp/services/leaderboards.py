"""Leaderboards of a team: those who wish stand on them, by what takes time or is marked. Start from `shown`."""

from dataclasses import dataclass
from datetime import date, datetime

from quizapp.db import leaderboards as rows
from quizapp.db import teams as team_rows
from quizapp.db.engine import Session
from quizapp.domain import leaderboards
from quizapp.domain.leaderboards import Board, Measure, Scored, Span
from quizapp.domain.permissions import Action, Actor, LearnerId
from quizapp.services import teams
from quizapp.services.settings import study_plan

POINTS = 100  # for an attempt without a fault


@dataclass(frozen=True)
class Leaderboard:
    """A leaderboard as the actor sees it."""

    team_id: int
    team: str
    board: Board
    since: date | None  # None for all time
    taking_part: int
    takes_part: bool  # the actor
    mine: int  # what the actor has, which nobody else sees while they do not take part


def shown(session: Session, actor: Actor, team_id: int, *, by: Measure, span: Span, now: datetime) -> Leaderboard:
    """Return a leaderboard of a team that the actor belongs to; it names those alone who wish to stand there."""
    team = teams.living(session, actor, team_id, Action.SEE)
    me = actor.person_id
    days = study_plan(session, Actor(LearnerId(team.library_id))).days
    since = leaderboards.since(span, days.day_of(now))
    start = None if since is None else (since, days.start(since))
    worth = POINTS if by is Measure.ATTEMPTS else 1
    held = [(one, round(worth * one.score)) for one in rows.held(session, team, by, start=start, me=me)]
    mine = team_rows.membership(session, team.id, me)
    return Leaderboard(
        team_id=team.id,
        team=team.name,
        board=leaderboards.board(
            (Scored(one.person_id, one.name, score) for one, score in held if one.takes_part), me=me
        ),
        since=since,
        taking_part=rows.taking_part(session, team.id),
        takes_part=mine is not None and mine.on_leaderboards,
        mine=next((score for one, score in held if one.person_id == me), 0),
    )


def take_part(session: Session, actor: Actor, team_id: int, *, wishes: bool) -> None:
    """Let the actor stand on the team's leaderboards, or no more, from now on."""
    teams.living(session, actor, team_id, Action.SEE)
    mine = team_rows.membership(session, team_id, actor.person_id)
    shows = mine is not None and mine.shows_recall
    teams.choose_what_is_seen(session, actor, team_id, shows_recall=shows, on_leaderboards=wishes)
