"""What learners report about cards."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple, cast

from sqlalchemy import ForeignKey, Index, Table, bindparam, func, select
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, Session, mapped_column

from quizapp.db import prepared
from quizapp.db.base import Base, OwnerKey, PrimaryKey
from quizapp.db.learners import LearnerRow
from quizapp.db.notes import CardRow, NoteRow


class ReportRow(Base):
    """A learner's word that something is wrong with a card."""

    __tablename__ = "report"
    __table_args__ = (Index("ix_report_owner_id", "owner_id", "resolved_at"),)
    id: Mapped[PrimaryKey]
    owner_id: Mapped[OwnerKey]  # of the card
    person_id: Mapped[int | None] = mapped_column(ForeignKey("learner.id", ondelete="SET NULL"), index=True)
    card_id: Mapped[int] = mapped_column(ForeignKey("card.id", ondelete="CASCADE"), index=True)
    reason: Mapped[str]
    text: Mapped[str]
    at: Mapped[datetime]
    resolved_at: Mapped[datetime | None]
    word: Mapped[str] = mapped_column(server_default=sql("''"))  # to who reported it


class Reported(NamedTuple):
    """A report as lists show it, with the note that it is about."""

    id: int
    card_id: int
    reason: str
    text: str
    at: datetime
    resolved_at: datetime | None
    word: str
    person: str | None  # None when they have an account no more
    note_id: int
    deck_id: int
    question: str


OPEN = (  # how many reports nobody has dealt with
    select(func.count())
    .select_from(ReportRow)
    .join(CardRow, CardRow.id == ReportRow.card_id)
    .join(NoteRow, NoteRow.id == CardRow.note_id)
    .where(ReportRow.owner_id == bindparam("owner"), ReportRow.resolved_at.is_(None), NoteRow.deleted_at.is_(None))
)
_REPORTS, _CARDS, _NOTES, _PEOPLE = (cast(Table, row.__table__) for row in (ReportRow, CardRow, NoteRow, LearnerRow))
_REPORT, _CARD, _NOTE = _REPORTS.c, _CARDS.c, _NOTES.c
_QUESTIONS_OF_OPEN_ONES = (
    select(_REPORT.id, _REPORT.card_id, _NOTE.id.label("note_id"), _NOTE.question)
    .add_columns(_REPORT.reason, _REPORT.text, _REPORT.at)
    .join_from(_REPORTS, _CARDS, _CARD.id == _REPORT.card_id)
    .join(_NOTES, _NOTE.id == _CARD.note_id)
    .where(_REPORT.owner_id == bindparam("owner"), _REPORT.resolved_at.is_(None), _NOTE.deleted_at.is_(None))
    .order_by(_REPORT.id)
    .limit(bindparam("limit"))
)


_LISTED = (
    select(_REPORT.id, _REPORT.card_id, _REPORT.reason, _REPORT.text, _REPORT.at, _REPORT.resolved_at, _REPORT.word)
    .add_columns(_PEOPLE.c.name.label("person"), _NOTE.id.label("note_id"), _NOTE.deck_id, _NOTE.question)
    .join_from(_REPORTS, _CARDS, _CARD.id == _REPORT.card_id)
    .join(_NOTES, _NOTE.id == _CARD.note_id)
    .outerjoin(_PEOPLE, _PEOPLE.c.id == _REPORT.person_id)
    .where(_REPORT.owner_id == bindparam("owner"))
    .limit(bindparam("limit"))
)
_LISTED_OPEN = _LISTED.where(_REPORT.resolved_at.is_(None), _NOTE.deleted_at.is_(None)).order_by(_REPORT.id)
_LISTED_OF_PERSON = _LISTED.where(_REPORT.person_id == bindparam("person")).order_by(_REPORT.id.desc())


def add(session: Session, owner_id: int, *, person_id: int, card_id: int, reason: str, text: str, now: datetime) -> int:
    """Store what a person reports about a card of the owner and return its id."""
    this = {"owner_id": owner_id, "person_id": person_id, "card_id": card_id}
    report = ReportRow(**this, reason=reason, text=text, at=now, word="")
    session.add(report)
    session.flush()
    return report.id


def get(session: Session, report_id: int) -> ReportRow | None:
    """Return a report, or None."""
    return session.get(ReportRow, report_id)


def questions_of_open_ones(session: Session, owner_id: int, *, limit: int) -> Sequence[Any]:
    """Return what the first page says of `open_ones`."""
    return prepared.rows(session, _QUESTIONS_OF_OPEN_ONES, {"owner": owner_id, "limit": limit})


def of_person(session: Session, owner_id: int, person_id: int, *, limit: int) -> Sequence[Reported]:
    """Return what a person reported about cards of the owner, the newest first."""
    whose = {"owner": owner_id, "person": person_id, "limit": limit}
    return [Reported(*row) for row in prepared.rows(session, _LISTED_OF_PERSON, whose)]


def open_ones(session: Session, owner_id: int, *, limit: int) -> Sequence[Reported]:
    """Return the reports that nobody has dealt with, oldest first."""
    return [Reported(*row) for row in prepared.rows(session, _LISTED_OPEN, {"owner": owner_id, "limit": limit})]
