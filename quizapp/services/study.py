"""Studying: what is due today, the next card, an answer, undo, a report."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from quizapp.db.engine import Session
from quizapp.domain.cards import CardKind, Source
from quizapp.domain.permissions import Actor
from quizapp.domain.queues import Counts
from quizapp.domain.scheduling import Grade
from quizapp.services.decks import DeckSummary


@dataclass(frozen=True)
class WaitingDocument:
    """A document with drafts to decide on."""

    document_id: int
    title: str
    undecided: int
    decided: int
    total: int


@dataclass(frozen=True)
class ReportView:
    """A card that the learner reported and that nobody has looked at yet."""

    id: int
    card_id: int
    note_id: int
    question: str
    reason: str
    text: str
    at: datetime


@dataclass(frozen=True)
class Today:
    """What the first page shows."""

    date: date  # the learner's day, which turns at 04:00
    counts: Counts
    minutes: int  # what the counts will take at the learner's own pace, rounded up
    decks: Sequence[DeckSummary]
    waiting: Sequence[WaitingDocument]
    reports: Sequence[ReportView]
    forecast: Sequence[tuple[date, int]]  # 7 days from today: cards due, overdue ones today
    activity: Sequence[tuple[date, int]]  # reviews on each of the last 182 days, oldest first
    days_active_of_30: int
    run_days: int  # days in a row up to today or yesterday
    studied_today: int


@dataclass(frozen=True)
class Outcome:
    """What pressing one button would do."""

    grade: Grade
    interval: timedelta


@dataclass(frozen=True)
class StudyCard:
    """The card to ask now, with all that the page shows before and after the answer."""

    card_id: int
    note_id: int
    ordinal: int
    deck_id: int
    deck_name: str
    kind: CardKind
    question: str  # of the face: a cloze shows its gap
    answer: str
    choices: tuple[str, ...]
    explanation: str
    source: Source | None
    document_id: int | None
    document_title: str | None
    options: tuple[Outcome, ...]  # Again, Hard, Good, Easy
    left: Counts
    phase: str  # "new", "learning" or "review"
    note_version: int
    reviews: int  # send it back as `expected_reviews`


@dataclass(frozen=True)
class Rest:
    """What to say when nothing is due."""

    next_due: datetime | None
    tomorrow: int
    done_today: int


@dataclass(frozen=True)
class Answered:
    """A review that is stored."""

    review_id: UUID
    grade: Grade
    due: datetime
    interval: timedelta
    repeated: bool  # the same review had been stored before; nothing was counted twice


@dataclass(frozen=True)
class Undone:
    """A review that was taken back."""

    card_id: int
    grade: Grade


def today(session: Session, actor: Actor, *, now: datetime) -> Today:
    """Return everything for the first page."""
    raise NotImplementedError


def next_card(session: Session, actor: Actor, *, deck_id: int | None, now: datetime) -> StudyCard | None:
    """Return the card to study now in a deck (with subdecks) or in all, or None when done for today."""
    raise NotImplementedError


def rest(session: Session, actor: Actor, *, deck_id: int | None, now: datetime) -> Rest:
    """Return when there is more to do, for the page that says that nothing is due."""
    raise NotImplementedError


def answer(
    session: Session,
    actor: Actor,
    *,
    review_id: UUID,
    card_id: int,
    grade: Grade,
    duration: timedelta,
    expected_reviews: int | None = None,
    now: datetime,
) -> Answered:
    """Store one review and schedule the card; the same `review_id` again changes nothing.

    When the card has another number of reviews than expected, it was answered
    elsewhere meanwhile: a conflict.
    """
    raise NotImplementedError


def undo(session: Session, actor: Actor, *, undo_id: UUID, now: datetime) -> Undone | None:
    """Take back the actor's latest review of the last 24 hours, or return None when there is none."""
    raise NotImplementedError


def report(session: Session, actor: Actor, *, card_id: int, reason: str, text: str, now: datetime) -> int:
    """Note that something is wrong with a card and return the report's id."""
    raise NotImplementedError


def resolve_report(session: Session, actor: Actor, report_id: int, *, now: datetime) -> None:
    """Mark a report as dealt with."""
    raise NotImplementedError
