"""What notes said before, who changed that and when. Start from `of_note`."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ForeignKey, Index, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from quizapp.db.base import Base, OwnerKey, PrimaryKey
from quizapp.db.learners import LearnerRow
from quizapp.db.notes import NoteRow


class WordingRow(Base):
    """What a note said until somebody changed it."""

    __tablename__ = "wording"
    __table_args__ = (Index("ix_wording_note_id", "note_id", "id"),)
    id: Mapped[PrimaryKey]
    owner_id: Mapped[OwnerKey]
    note_id: Mapped[int] = mapped_column(ForeignKey("note.id", ondelete="CASCADE"))
    version: Mapped[int]  # of the note while it said this
    question: Mapped[str]
    answer: Mapped[str]
    choices: Mapped[tuple[str, ...]]
    explanation: Mapped[str]
    changed_at: Mapped[datetime]
    changed_by: Mapped[int | None] = mapped_column(ForeignKey("learner.id", ondelete="SET NULL"))


def keep(session: Session, note: NoteRow, *, changed_by: int | None, now: datetime) -> None:
    """Store what a note says, which is about to change."""
    words = {name: getattr(note, name) for name in ("question", "answer", "choices", "explanation", "version")}
    row = WordingRow(owner_id=note.owner_id, note_id=note.id, **words, changed_at=now, changed_by=changed_by)
    session.add(row)
    session.flush()


def of_note(session: Session, note_id: int, *, limit: int) -> Sequence[tuple[WordingRow, str | None]]:
    """Return what a note said before, the latest first, each with the name of who changed it."""
    query = select(WordingRow, LearnerRow.name).outerjoin(LearnerRow, LearnerRow.id == WordingRow.changed_by)
    rows = session.execute(query.where(WordingRow.note_id == note_id).order_by(WordingRow.id.desc()).limit(limit))
    return [(row, name) for row, name in rows]


def before(session: Session, note_id: int, *, version: int) -> WordingRow | None:
    """Return what a note said before it got to be of that version, or None."""
    query = select(WordingRow).where(WordingRow.note_id == note_id, WordingRow.version < version)
    return session.scalars(query.order_by(WordingRow.id.desc()).limit(1)).one_or_none()


def get(session: Session, wording_id: int) -> WordingRow | None:
    """Return a former wording, or None."""
    return session.get(WordingRow, wording_id)
