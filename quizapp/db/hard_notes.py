"""Notes of teams that are hard for a person: their own have a tag for that, which would tell everybody of one of a team."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ForeignKey, Index, Select, bindparam, delete, func, select
from sqlalchemy.orm import Mapped, Session, contains_eager, mapped_column

from quizapp.db import prepared
from quizapp.db.base import Base
from quizapp.db.decks import DeckRow
from quizapp.db.follows import COUNTING, FollowRow
from quizapp.db.notes import COUNT_WITH_TAG, NoteRow


class HardNoteRow(Base):
    """A person has forgotten a card of a team's note again and again."""

    __tablename__ = "hard_note"
    __table_args__ = (Index("ix_hard_note_note_id", "note_id"),)
    learner_id: Mapped[int] = mapped_column(ForeignKey("learner.id", ondelete="CASCADE"), primary_key=True)
    note_id: Mapped[int] = mapped_column(ForeignKey("note.id", ondelete="CASCADE"), primary_key=True)


def put(session: Session, learner_id: int, note_id: int) -> None:
    """Note that a note is hard for a person; twice changes nothing."""
    session.merge(HardNoteRow(learner_id=learner_id, note_id=note_id))
    session.flush()


def remove(session: Session, learner_id: int, note_id: int) -> None:
    """Forget that a note is hard for a person."""
    session.execute(delete(HardNoteRow).filter_by(learner_id=learner_id, note_id=note_id))


def count(session: Session, learner_id: int, tag: str, *, limit: int) -> int:
    """Return how many notes `of_learner` finds, and of the person's own `notes.with_tag`."""
    asked = {"learner": learner_id, "owner": learner_id, "name": tag, "limit": limit}
    return prepared.scalar(session, _COUNT, asked) or 0


def of_learner(session: Session, learner_id: int, *, limit: int) -> Sequence[NoteRow]:
    """Return the living notes that are hard for a person and that they study, with deck and document, the oldest first."""
    query = _standing(select(NoteRow)).outerjoin(NoteRow.document)
    query = query.options(contains_eager(NoteRow.deck), contains_eager(NoteRow.document))
    return session.scalars(query.order_by(NoteRow.id).limit(limit), {"learner": learner_id}).all()


def _standing(query: Select[Any]) -> Select[Any]:
    followed = COUNTING.where(FollowRow.learner_id == bindparam("learner"))
    query = query.join(NoteRow.deck).join(HardNoteRow, HardNoteRow.note_id == NoteRow.id)
    query = query.where(HardNoteRow.learner_id == bindparam("learner"), NoteRow.deck_id.in_(followed))
    return query.where(NoteRow.deleted_at.is_(None), DeckRow.deleted_at.is_(None))


_OF_TEAMS = select(func.count()).select_from(_standing(select(NoteRow.id)).limit(bindparam("limit")).subquery())
_COUNT = select(COUNT_WITH_TAG.scalar_subquery() + _OF_TEAMS.scalar_subquery())
