"""Cards set aside for a day or for good, and their flags: what a learner says of a plan by hand."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple, cast

from sqlalchemy import Table, Update, and_, bindparam, or_, select, update
from sqlalchemy.orm import Session

from quizapp.db import plans, prepared
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


class Waiting(NamedTuple):
    """A review that is due."""

    card_id: int
    deck_id: int
    last_review: datetime
    stability: float


_PLANS, _MEMORIES = cast(Table, PlanRow.__table__), cast(Table, MemoryRow.__table__)
_PLAN, _MEMORY = _PLANS.c, _MEMORIES.c
_ITS_MEMORY = and_(_MEMORY.card_id == _PLAN.card_id, _MEMORY.learner_id == _PLAN.learner_id)
_WAITING = (
    select(_PLAN.card_id, _PLAN.deck_id, _MEMORY.last_review, _MEMORY.stability)
    .join_from(_PLANS, _MEMORIES, _ITS_MEMORY)
    .where(_PLAN.learner_id == bindparam("learner"), _PLAN.queue == Queue.REVIEW, _PLAN.due <= bindparam("now"))
    .order_by(_PLAN.due, _PLAN.card_id)
    .limit(bindparam("limit"))
)
# By queue, as the index of what is buried has it.
_BURIED = select(_PLAN.card_id, _PLAN.buried_until).where(
    _PLAN.learner_id == bindparam("learner"),
    or_(*(_PLAN.queue == queue for queue in Queue)),
    _PLAN.buried_until > bindparam("now"),
)


def waiting(session: Session, learner_id: int, *, now: datetime, limit: int) -> Sequence[Waiting]:
    """Return the learner's reviews that are due, those due longest first."""
    return [
        Waiting(*row) for row in prepared.rows(session, _WAITING, {"learner": learner_id, "now": now, "limit": limit})
    ]


def put_off(session: Session, learner_id: int, *, now: datetime, by: timedelta) -> Sequence[int]:
    """Return the learner's cards that are buried until a time that is `by` after a full minute."""
    rows = prepared.rows(session, _BURIED, {"learner": learner_id, "now": now})
    return [card_id for card_id, until in rows if timedelta(seconds=until.second) == by]
