"""Cards set aside for a day or for good, and their flags: what a learner says of a plan by hand."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Update, and_, select, update
from sqlalchemy.orm import Session

from quizapp.db import plans
from quizapp.db.notes import CardRow
from quizapp.db.plans import PlanRow, Queue
from quizapp.db.reviews import MemoryRow


@dataclass(frozen=True)
class Aside:
    """What a learner has said of one card's place."""

    queue: Queue
    suspended: bool
    buried_until: datetime | None
    flag: int


def of_cards(session: Session, learner_id: int, card_ids: Sequence[int]) -> Mapping[int, Aside]:
    """Return what the learner has said of each card."""
    query = select(PlanRow.card_id, PlanRow.queue, PlanRow.suspended, PlanRow.buried_until, PlanRow.flag)
    query = query.where(PlanRow.learner_id == learner_id, PlanRow.card_id.in_(card_ids))
    return {row.card_id: Aside(row.queue, row.suspended, row.buried_until, row.flag) for row in session.execute(query)}


def of_note(session: Session, learner_id: int, card_id: int) -> Mapping[int, Aside]:
    """Return the same for all cards that are asked by the note of the card."""
    note = select(CardRow.note_id).where(CardRow.id == card_id).scalar_subquery()
    cards = session.scalars(select(CardRow.id).where(CardRow.note_id == note, CardRow.removed_at.is_(None))).all()
    return of_cards(session, learner_id, cards)


def suspend(session: Session, learner_id: int, suspended: Mapping[int, bool]) -> None:
    """Set cards aside, or take them back, each as it is told."""
    for card_id, value in suspended.items():
        session.execute(_plan(learner_id, card_id).values(suspended=value))
    plans.settle_cards(session, list(suspended))


def bury(session: Session, learner_id: int, until: Mapping[int, datetime | None]) -> None:
    """Let cards not be asked before that; None asks them when they are due."""
    for card_id, moment in until.items():
        session.execute(_plan(learner_id, card_id).values(buried_until=moment))
    plans.settle_cards(session, list(until))


def flag(session: Session, learner_id: int, card_id: int, number: int) -> None:
    """Put a flag on a card, or with 0 take it off."""
    session.execute(_plan(learner_id, card_id).values(flag=number))


def _plan(learner_id: int, card_id: int) -> Update:
    return update(PlanRow).where(PlanRow.learner_id == learner_id, PlanRow.card_id == card_id)


@dataclass(frozen=True)
class Waiting:
    """A review that is due."""

    card_id: int
    deck_id: int
    last_review: datetime
    stability: float


def waiting(session: Session, learner_id: int, *, now: datetime, limit: int) -> Sequence[Waiting]:
    """Return the learner's reviews that are due, those due longest first."""
    its_memory = and_(MemoryRow.card_id == PlanRow.card_id, MemoryRow.learner_id == PlanRow.learner_id)
    query = select(PlanRow.card_id, PlanRow.deck_id, MemoryRow.last_review, MemoryRow.stability)
    query = query.join_from(PlanRow, MemoryRow, its_memory).where(PlanRow.learner_id == learner_id)
    query = query.where(PlanRow.queue == Queue.REVIEW, PlanRow.due <= now).order_by(PlanRow.due, PlanRow.card_id)
    return [Waiting(*row) for row in session.execute(query.limit(limit))]


def put_off(session: Session, learner_id: int, *, now: datetime, by: timedelta) -> Sequence[int]:
    """Return the learner's cards that are buried until a time that is `by` after a full minute."""
    query = select(PlanRow.card_id, PlanRow.buried_until).where(PlanRow.learner_id == learner_id)
    rows = session.execute(query.where(PlanRow.buried_until > now)).all()
    return [card_id for card_id, until in rows if until and timedelta(seconds=until.second) == by]
