"""Decks of teams that people study: offered, followed and left. Start from `shelves`."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from quizapp.db import decks as deck_rows
from quizapp.db import follows, plans, teams
from quizapp.db.decks import DeckRow
from quizapp.db.engine import Session
from quizapp.domain.permissions import Action, Actor
from quizapp.services import decks
from quizapp.services.access import allowed
from quizapp.services.decks import DeckSummary


@dataclass(frozen=True)
class Shelf:
    """The decks of one team."""

    team_id: int
    name: str
    decks: Sequence[DeckSummary]


def shelves(session: Session, actor: Actor, *, now: datetime) -> Sequence[Shelf]:
    """Return the decks that the actor's teams have for them to study, by team."""
    found = []
    for library_id, name in follows.libraries(session, actor.person_id).items():
        team_id = teams.id_of(session, library_id)
        if team_id is not None:
            found.append(Shelf(team_id, name, decks.of_library(session, actor, library_id, now=now)))
    return found


def follow(session: Session, actor: Actor, deck_id: int, *, now: datetime) -> str:
    """Let the actor study a deck of a team, with those inside it, and return its name; its cards are new, or as they were left."""
    row = _deck(session, actor, deck_id)
    if row.owner_id != actor.person_id:
        ids = _family(session, row)
        follows.put(session, actor.person_id, ids, now=now)
        plans.settle_decks(session, ids, learner_id=actor.person_id)
    return row.name


def leave(session: Session, actor: Actor, deck_id: int, *, now: datetime) -> str:
    """Let the actor study a deck of a team no more, and return its name; what they remember of it stays."""
    row = _deck(session, actor, deck_id)
    ids = _family(session, row)
    follows.pause(session, actor.person_id, ids, now=now)
    plans.settle_decks(session, ids, learner_id=actor.person_id)
    return row.name


def _deck(session: Session, actor: Actor, deck_id: int) -> DeckRow:
    return allowed(deck_rows.living(session, deck_id), actor, Action.STUDY, thing="deck")


def _family(session: Session, deck: DeckRow) -> Sequence[int]:
    return [member.id for member in deck_rows.family(session, deck)]
