"""What people know of a team's material, as it was last worked out from their memories.

It follows from `memory` and `plan`, as a tally does: whoever studies makes their part of it old, which `tally.changes`
shows, and `services.knowledge` works that part out anew.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast

from sqlalchemy import BigInteger, ForeignKey, Index, Table, and_, delete, func, insert, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from quizapp.db.base import Base, PrimaryKey
from quizapp.db.decks import DeckRow
from quizapp.db.notes import CardRow, NoteRow
from quizapp.db.plans import PlanRow, Queue
from quizapp.db.reviews import MemoryRow, ReviewRow
from quizapp.db.tallies import TallyRow


class KnowledgeRow(Base):
    """What a person knew of the cards of one deck under one heading, said by one speaker."""

    __tablename__ = "knowledge"
    __table_args__ = (Index("ix_knowledge_library_id", "library_id", "learner_id"),)
    id: Mapped[PrimaryKey]
    library_id: Mapped[int] = mapped_column(ForeignKey("learner.id", ondelete="CASCADE"))
    learner_id: Mapped[int] = mapped_column(ForeignKey("learner.id", ondelete="CASCADE"))
    deck_id: Mapped[int] = mapped_column(ForeignKey("deck.id", ondelete="CASCADE"))
    heading: Mapped[str]  # of the source; empty without one
    speaker: Mapped[str]
    cards: Mapped[int]
    answered: Mapped[int]
    curve: Mapped[tuple[float, ...]]  # as `domain.knowledge.curve` draws it


class KnowledgeStateRow(Base):
    """When what a person knows of a library was worked out, and on which day its curves begin."""

    __tablename__ = "knowledge_state"
    library_id: Mapped[int] = mapped_column(ForeignKey("learner.id", ondelete="CASCADE"), primary_key=True)
    learner_id: Mapped[int] = mapped_column(ForeignKey("learner.id", ondelete="CASCADE"), primary_key=True)
    at: Mapped[datetime]
    day: Mapped[date]
    changes: Mapped[int] = mapped_column(BigInteger)  # of the tallies at that time
    bins: Mapped[tuple[float, ...]]  # of `domain.calibration`: tests, passed and the sum of chances of each


class TeamRecallRow(Base):
    """What a team knew on a day, so that it can be seen over time."""

    __tablename__ = "team_recall"
    library_id: Mapped[int] = mapped_column(ForeignKey("learner.id", ondelete="CASCADE"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    people: Mapped[int]
    recall: Mapped[float]


@dataclass(frozen=True)
class State:
    """How old what is known of a person is."""

    at: datetime
    day: date
    changes: int
    bins: tuple[float, ...]


@dataclass(frozen=True)
class Part:
    """What a person knew of the cards of one deck under one heading, said by one speaker."""

    learner_id: int
    deck_id: int
    heading: str
    speaker: str
    cards: int
    answered: int
    curve: tuple[float, ...]


_KNOWLEDGE = cast(Table, KnowledgeRow.__table__)
_STATES, _RECALLS = cast(Table, KnowledgeStateRow.__table__), cast(Table, TeamRecallRow.__table__)
_PART = tuple(_KNOWLEDGE.c[name] for name in Part.__dataclass_fields__)
_STATE = tuple(_STATES.c[name] for name in State.__dataclass_fields__)


def changes(session: Session, library_id: int) -> Mapping[int, int]:
    """Return who studies decks of the library, with a number that grows whenever they do, or their cards change."""
    query = (
        select(TallyRow.learner_id, func.sum(TallyRow.changes))
        .join(DeckRow, DeckRow.id == TallyRow.deck_id)
        .where(DeckRow.owner_id == library_id, DeckRow.deleted_at.is_(None), TallyRow.learner_id != library_id)
        .group_by(TallyRow.learner_id)
    )
    return {learner_id: int(count) for learner_id, count in session.execute(query).all()}


def states(session: Session, library_id: int) -> Mapping[int, State]:
    """Return how old what is known is, by person."""
    query = select(_STATES.c.learner_id, *_STATE).where(_STATES.c.library_id == library_id)
    return {learner_id: State(*values) for learner_id, *values in session.execute(query).all()}


def parts(session: Session, library_id: int) -> Iterator[Part]:
    """Give all that was worked out, by person."""
    query = select(*_PART).where(_KNOWLEDGE.c.library_id == library_id)
    for row in session.execute(query.order_by(_KNOWLEDGE.c.learner_id, _KNOWLEDGE.c.id)):
        yield Part(*row)


def traces(session: Session, library_id: int, learner_id: int) -> Sequence[tuple[int, str, str, Any, Any]]:
    """Return each card of the library that the person studies: deck, heading, speaker, last review and stability.

    The last two are None before the first answer.
    """
    memory = and_(MemoryRow.card_id == PlanRow.card_id, MemoryRow.learner_id == PlanRow.learner_id)
    query = (
        select(PlanRow.deck_id, NoteRow.heading, NoteRow.speaker, MemoryRow.last_review, MemoryRow.stability)
        .select_from(PlanRow)
        .join(DeckRow, DeckRow.id == PlanRow.deck_id)
        .join(CardRow, CardRow.id == PlanRow.card_id)
        .join(NoteRow, NoteRow.id == CardRow.note_id)
        .outerjoin(MemoryRow, memory)
        .where(PlanRow.learner_id == learner_id, PlanRow.queue != Queue.GONE, DeckRow.owner_id == library_id)
    )
    return [
        (deck_id, heading or "", speaker or "", last_review, stability)
        for deck_id, heading, speaker, last_review, stability in session.execute(query).all()
    ]


def tested(session: Session, library_id: int, learner_id: int, *, since: date, limit: int) -> Sequence[int]:
    """Return the cards of the library that the person has reviewed since that day, the latest first."""
    query = (
        select(ReviewRow.card_id)
        .join(CardRow, CardRow.id == ReviewRow.card_id)
        .where(ReviewRow.learner_id == learner_id, ReviewRow.day >= since, CardRow.owner_id == library_id)
        .group_by(ReviewRow.card_id)
        .order_by(func.max(ReviewRow.at).desc())
        .limit(limit)
    )
    return session.scalars(query).all()


def put(session: Session, library_id: int, learner_id: int, state: State, found: Sequence[Part]) -> None:
    """Store what a person knows in the place of what was stored before."""
    for table in (_KNOWLEDGE, _STATES):
        session.execute(delete(table).where(table.c.library_id == library_id, table.c.learner_id == learner_id))
    key = {"library_id": library_id, "learner_id": learner_id}
    session.execute(insert(_STATES), {**key, **vars(state)})
    if found:
        session.execute(insert(_KNOWLEDGE), [{**vars(part), **key} for part in found])


def drop(session: Session, library_id: int, learner_ids: Collection[int]) -> None:
    """Remove what was known of people who study nothing there any more."""
    for table in (_KNOWLEDGE, _STATES):
        session.execute(delete(table).where(table.c.library_id == library_id, table.c.learner_id.in_(learner_ids)))


def put_recall(session: Session, library_id: int, day: date, *, people: int, recall: float) -> None:
    """Store what the team knows on a day, in the place of what was stored for it before."""
    session.execute(delete(_RECALLS).where(_RECALLS.c.library_id == library_id, _RECALLS.c.day == day))
    session.execute(insert(_RECALLS), {"library_id": library_id, "day": day, "people": people, "recall": recall})


def recalls(session: Session, library_id: int, *, since: date) -> Sequence[tuple[date, int, float]]:
    """Return what the team knew on each day since then, the oldest first: the day, people, recall."""
    query = select(_RECALLS.c.day, _RECALLS.c.people, _RECALLS.c.recall).where(
        _RECALLS.c.library_id == library_id, _RECALLS.c.day >= since
    )
    return [(day, people, recall) for day, people, recall in session.execute(query.order_by(_RECALLS.c.day)).all()]
