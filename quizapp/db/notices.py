"""How people are told of what is due: by mail, in their language, and in their calendars."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint, or_, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from quizapp.db.accounts import AccountRow
from quizapp.db.base import Base
from quizapp.db.learners import LearnerRow, SettingRow
from quizapp.domain.reminders import Reminders


class NoticeRow(Base):
    """How one person wants to be told; who has no row wants what a fresh one says."""

    __tablename__ = "notice"
    __table_args__ = (UniqueConstraint("calendar_hash"),)
    learner_id: Mapped[int] = mapped_column(ForeignKey("learner.id", ondelete="CASCADE"), primary_key=True)
    reminders: Mapped[Reminders] = mapped_column(default=Reminders.ASSIGNMENTS)
    language: Mapped[str] = mapped_column(default="en")  # that letters and calendars speak
    looked_at: Mapped[datetime | None]  # when it was last decided whether there is something to write
    calendar_hash: Mapped[str | None]  # sha256 of the token in the address of their calendar, in hex
    calendar_ended: Mapped[datetime | None]  # since when the address leads nowhere


@dataclass(frozen=True)
class Reader:
    """Somebody who can be written to."""

    learner_id: int
    name: str
    email: str
    created: datetime  # their account
    time_zone: str
    looked_at: datetime | None


def get(session: Session, learner_id: int) -> NoticeRow | None:
    """Return how a person wants to be told, or None."""
    return session.get(NoticeRow, learner_id)


def put(session: Session, learner_id: int) -> NoticeRow:
    """Return the row of a person, to be changed; a fresh one where there is none."""
    row = session.get(NoticeRow, learner_id)
    if row is None:
        row = NoticeRow(learner_id=learner_id)
        session.add(row)
        session.flush()
    return row


def readers(session: Session, *, only: int | None = None) -> Sequence[Reader]:
    """Return everybody who can sign in, whose e-mail is confirmed and who wants to be reminded, or one person if they do."""
    query = (
        select(AccountRow, LearnerRow.name, SettingRow.time_zone, NoticeRow.looked_at)
        .join(LearnerRow, LearnerRow.id == AccountRow.learner_id)
        .join(SettingRow, SettingRow.owner_id == AccountRow.learner_id)
        .outerjoin(NoticeRow, NoticeRow.learner_id == AccountRow.learner_id)
        .where(AccountRow.closed_at.is_(None), AccountRow.deleted_at.is_(None), AccountRow.confirmed_at.is_not(None))
        .where(or_(NoticeRow.reminders.is_(None), NoticeRow.reminders != Reminders.OFF))
        .order_by(AccountRow.learner_id)
    )
    if only is not None:
        query = query.where(AccountRow.learner_id == only)
    return [
        Reader(account.learner_id, name, account.email, account.created, zone, looked_at)
        for account, name, zone, looked_at in session.execute(query)
    ]


def of_calendar(session: Session, token_hash: str) -> NoticeRow | None:
    """Return whose calendar has this token, if it is not ended and they can sign in."""
    query = (
        select(NoticeRow)
        .join(AccountRow, AccountRow.learner_id == NoticeRow.learner_id)
        .where(NoticeRow.calendar_hash == token_hash, NoticeRow.calendar_ended.is_(None))
        .where(AccountRow.closed_at.is_(None))
    )
    return session.scalars(query).one_or_none()
