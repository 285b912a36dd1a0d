"""What is looked at to judge the health of a library: SQLite's own checks, and every history with its memory."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import cast

from sqlalchemy import Table, select

from quizapp.db.engine import Session
from quizapp.db.notes import CardRow
from quizapp.db.reviews import MemoryRow, ReviewRow
from quizapp.domain.scheduling import Memory, ReviewEvent

MOST = 100  # a broken file can have faults without end; these tell
CARDS_AT_ONCE = 1_000

_REVIEW, _MEMORY = cast(Table, ReviewRow.__table__).c, cast(Table, MemoryRow.__table__).c


@dataclass
class History:
    """What happened to one learner's card, and the memory that is stored of it."""

    card_id: int
    learner_id: int
    events: list[ReviewEvent] = field(default_factory=list)
    memory: Memory | None = None


def broken_pages(session: Session) -> Sequence[str]:
    """Return what is wrong with the file: pages, rows, indexes and rules that they break."""
    if not _in_a_file(session):
        return ()
    rows = session.connection().exec_driver_sql(f"PRAGMA integrity_check({MOST})").scalars().all()
    return [" ".join(row.split()) for row in rows if row != "ok"]


def broken_references(session: Session) -> Sequence[str]:
    """Return the rows that point at one that is not there."""
    if not _in_a_file(session):
        return ()
    rows = session.connection().exec_driver_sql("PRAGMA foreign_key_check").fetchmany(MOST)
    return [f"row {row} of {table} points at a row of {parent} that is missing" for table, row, parent, _ in rows]


def cards(session: Session) -> Sequence[int]:
    """Return the ids of all cards, in order."""
    return session.scalars(select(CardRow.id).order_by(CardRow.id)).all()


def histories(session: Session, card_ids: Sequence[int]) -> Iterator[History]:
    """Give every history that has events or a memory; the ids are in order, with all that lie between them."""
    found: dict[tuple[int, int], History] = {}
    first, last = card_ids[0], card_ids[-1]
    query = select(_REVIEW.card_id, _REVIEW.learner_id, _REVIEW.id, _REVIEW.at, _REVIEW.grade, _REVIEW.undoes)
    for card_id, learner_id, *event in session.execute(query.where(_REVIEW.card_id.between(first, last))).all():
        found.setdefault((card_id, learner_id), History(card_id, learner_id)).events.append(ReviewEvent(*event))
    fields = (_MEMORY[name] for name in Memory.__dataclass_fields__)
    memories = select(_MEMORY.card_id, _MEMORY.learner_id, *fields).where(_MEMORY.card_id.between(first, last))
    for card_id, learner_id, *values in session.execute(memories).all():
        found.setdefault((card_id, learner_id), History(card_id, learner_id)).memory = Memory(*values)
    yield from found.values()


def _in_a_file(session: Session) -> bool:
    """Say whether this is SQLite's file, which any program can write; PostgreSQL looks after its own by itself."""
    return session.connection().dialect.name == "sqlite"
