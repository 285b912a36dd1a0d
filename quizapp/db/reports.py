"""What learners report about cards."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ForeignKey, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from quizapp.db.base import Base, OwnerKey, PrimaryKey
from quizapp.db.notes import CardRow, NoteRow


class ReportRow(Base):
    """A learner's word that something is wrong with a card."""

    __tablename__ = "report"
    id: Mapped[PrimaryKey]
    owner_id: Mapped[OwnerKey]
    card_id: Mapped[int] = mapped_column(ForeignKey("card.id", ondelete="CASCADE"), index=True)
    reason: Mapped[str]
    text: Mapped[str]
    at: Mapped[datetime]
    resolved_at: Mapped[datetime | None]


def add(session: Session, owner_id: int, *, card_id: int, reason: str, text: str, now: datetime) -> int:
    """Store a report and return its id."""
    report = ReportRow(owner_id=owner_id, card_id=card_id, reason=reason, text=text, at=now)
    session.add(report)
    session.flush()
    return report.id


def get(session: Session, report_id: int) -> ReportRow | None:
    """Return a report, or None."""
    return session.get(ReportRow, report_id)


def open_ones(session: Session, owner_id: int, *, limit: int) -> Sequence[tuple[ReportRow, int, str]]:
    """Return the reports that nobody has dealt with, oldest first, each with note id and question."""
    query = (
        select(ReportRow, NoteRow.id, NoteRow.question)
        .join(CardRow, CardRow.id == ReportRow.card_id)
        .join(NoteRow, NoteRow.id == CardRow.note_id)
        .where(ReportRow.owner_id == owner_id, ReportRow.resolved_at.is_(None), NoteRow.deleted_at.is_(None))
    )
    return session.execute(query.order_by(ReportRow.id).limit(limit)).all()
