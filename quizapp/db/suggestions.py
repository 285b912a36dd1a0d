"""What people of a team would change in its cards, and what became of that."""

from collections.abc import Sequence
from datetime import datetime
from enum import Enum
from typing import NamedTuple, cast

from sqlalchemy import ForeignKey, Index, Table, bindparam, func, select
from sqlalchemy.orm import Mapped, Session, contains_eager, mapped_column, relationship

from quizapp.db import prepared
from quizapp.db.base import Base, OwnerKey, PrimaryKey
from quizapp.db.decks import DeckRow
from quizapp.db.learners import LearnerRow
from quizapp.db.notes import NoteRow
from quizapp.db.reports import OPEN
from quizapp.domain.cards import CardKind


class Verdict(Enum):
    """What became of a suggestion."""

    ACCEPTED = "accepted"
    CHANGED = "changed"  # accepted in other words
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class SuggestionRow(Base):
    """Another wording for a note, and why; `owner_id` is the library of the note."""

    __tablename__ = "suggestion"
    __table_args__ = (
        Index("ix_suggestion_owner_id", "owner_id", "verdict", "id"),
        Index("ix_suggestion_person_id", "person_id", "id"),
        Index("ix_suggestion_note_id", "note_id"),
    )
    id: Mapped[PrimaryKey]
    owner_id: Mapped[OwnerKey]
    note_id: Mapped[int] = mapped_column(ForeignKey("note.id", ondelete="CASCADE"))
    person_id: Mapped[int] = mapped_column(ForeignKey("learner.id", ondelete="CASCADE"))
    note_version: Mapped[int]  # that it was written about
    question: Mapped[str]
    answer: Mapped[str]
    choices: Mapped[tuple[str, ...]]
    explanation: Mapped[str]
    reason: Mapped[str]
    at: Mapped[datetime]
    verdict: Mapped[Verdict | None]
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("learner.id", ondelete="SET NULL"))
    word: Mapped[str]  # to who suggested it
    became_version: Mapped[int | None]  # of the note, once it was accepted

    note: Mapped[NoteRow] = relationship(lazy="raise")


class Suggested(NamedTuple):
    """A suggestion as lists show it, with the note that it is about as that is now."""

    id: int
    note_id: int
    note_version: int  # that it was written about
    question: str
    answer: str
    choices: tuple[str, ...]
    explanation: str
    reason: str
    at: datetime
    verdict: Verdict | None
    word: str
    person: str
    deck_id: int
    deck_name: str
    kind: CardKind
    version: int  # of the note, as what follows
    says_question: str
    says_answer: str
    says_choices: tuple[str, ...]
    says_explanation: str


_SUGGESTIONS, _NOTES, _DECKS, _PEOPLE = (
    cast(Table, row.__table__) for row in (SuggestionRow, NoteRow, DeckRow, LearnerRow)
)
_WHOLE = _SUGGESTIONS.join(_NOTES, _NOTES.c.id == _SUGGESTIONS.c.note_id).join(_DECKS, _DECKS.c.id == _NOTES.c.deck_id)
_WAITS = (
    *(_SUGGESTIONS.c.owner_id == bindparam("owner"), _SUGGESTIONS.c.verdict.is_(None)),
    *(_NOTES.c.deleted_at.is_(None), _DECKS.c.deleted_at.is_(None)),
)
_TEXTS = ("question", "answer", "choices", "explanation")
_WAITING = select(func.count()).select_from(_WHOLE).where(*_WAITS)
_COUNTS = select(_WAITING.scalar_subquery().label("suggestions"), OPEN.scalar_subquery().label("reports"))
_LISTED = (
    select(*(_SUGGESTIONS.c[name] for name in Suggested._fields[: Suggested._fields.index("person")]))
    .add_columns(_PEOPLE.c.name.label("person"), _NOTES.c.deck_id, _DECKS.c.name.label("deck_name"))
    .add_columns(_NOTES.c.kind, _NOTES.c.version, *(_NOTES.c[name].label(f"says_{name}") for name in _TEXTS))
    .select_from(_WHOLE.join(_PEOPLE, _PEOPLE.c.id == _SUGGESTIONS.c.person_id))
    .limit(bindparam("limit"))
)
_LISTED_WAITING = _LISTED.where(*_WAITS).order_by(_SUGGESTIONS.c.id)
_LISTED_OF_PERSON = _LISTED.where(
    _SUGGESTIONS.c.owner_id == bindparam("owner"), _SUGGESTIONS.c.person_id == bindparam("person")
).order_by(_SUGGESTIONS.c.id.desc())


def get(session: Session, suggestion_id: int) -> SuggestionRow | None:
    """Return a suggestion with its note and deck, or None."""
    query = select(SuggestionRow).join(SuggestionRow.note).join(NoteRow.deck)
    query = query.options(contains_eager(SuggestionRow.note).contains_eager(NoteRow.deck))
    return session.scalars(query.where(SuggestionRow.id == suggestion_id)).one_or_none()


def waiting(session: Session, library_id: int, *, limit: int) -> Sequence[Suggested]:
    """Return the suggestions to a library that nobody has decided on, the oldest first."""
    return [Suggested(*row) for row in prepared.rows(session, _LISTED_WAITING, {"owner": library_id, "limit": limit})]


def count_waiting(session: Session, library_id: int) -> tuple[int, int]:
    """Return how many suggestions to a library wait, and how many reports."""
    ((suggestions, reports),) = prepared.rows(session, _COUNTS, {"owner": library_id})
    return suggestions, reports


def of_person(session: Session, library_id: int, person_id: int, *, limit: int) -> Sequence[Suggested]:
    """Return what a person suggested to a library, the newest first."""
    whose = {"owner": library_id, "person": person_id, "limit": limit}
    return [Suggested(*row) for row in prepared.rows(session, _LISTED_OF_PERSON, whose)]
