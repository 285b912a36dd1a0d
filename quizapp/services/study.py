"""Studying: what is due today, the next card, an answer, undo, a report."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import partial
from uuid import UUID

from quizapp.db import decks as deck_rows
from quizapp.db import documents, drafts, plans, reports, reviews
from quizapp.db.engine import Session
from quizapp.db.plans import Queue, Scope
from quizapp.db.reviews import StoredReview
from quizapp.domain import queues, scheduling
from quizapp.domain.cards import CardId, CardKind, Source, answers, faces
from quizapp.domain.permissions import Action, Actor
from quizapp.domain.queues import ONE_DAY, Counts, Days, DoneToday, Kind, Waiting
from quizapp.domain.scheduling import Grade, Memory, Phase, ReviewEvent
from quizapp.errors import Conflict, InvalidInput
from quizapp.services import decks, reviewing
from quizapp.services.access import allowed
from quizapp.services.decks import DeckSummary
from quizapp.services.settings import StudyPlan, study_plan

ACTIVITY_DAYS = 182
UNDO_FOR = timedelta(hours=24)
CLOCK_STEP = timedelta(hours=1)  # a review dated further ahead was given while the clock was wrong
FIRST_PACE = timedelta(seconds=15)  # for one answer, until the learner has a pace of their own
REPORTS_SHOWN = 20
REPORT_LIMIT_CHARS = 2_000

ByDay = Sequence[tuple[date, int]]


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
    forecast: ByDay  # 7 days from today: cards due, overdue ones today; at most 1,000 a day
    activity: ByDay  # reviews on each of the last 182 days, oldest first
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
    answers: tuple[str, ...]  # the gaps of a cloze, the items of a list, or the one answer
    choices: tuple[str, ...]
    explanation: str
    source: Source | None
    document_id: int | None  # None when there is none to open, as in a deck
    document_title: str | None
    language: str | None  # of the document
    typed_note: bool | None  # whether its answers are typed; None: as the deck has it
    typed_deck: bool
    options: tuple[Outcome, ...]  # Again, Hard, Good, Easy
    left: Counts
    minutes: int  # what is left will take at the learner's own pace, rounded up
    done_today: int  # answers given today, in the deck or in all
    phase: str  # "new", "learning" or "review"
    note_version: int
    reviews: int  # send it back as `expected_reviews`


@dataclass(frozen=True)
class Rest:
    """What to say when nothing is due."""

    next_due: datetime | None
    tomorrow: int  # cards that were seen and are due by the end of tomorrow, at most 1,000
    done_today: int  # answers


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
    how = study_plan(session, actor)
    day = how.days.day_of(now)
    counts = queues.left(
        plans.waiting(session, Scope(actor.learner_id), now),
        _done(reviews.answered_on(session, actor.learner_id, day)),
        how.limits,
    )
    active = reviews.activity(session, actor.learner_id, since=day - ONE_DAY * (ACTIVITY_DAYS - 1))
    return Today(
        date=day,
        counts=counts,
        minutes=_minutes(session, actor, counts),
        decks=decks.decks(session, actor, now=now),
        waiting=_waiting_documents(session, actor),
        reports=_reports(session, actor),
        forecast=_forecast(session, actor, how.days, now),
        activity=[(one, active.get(one, 0)) for one in _last(ACTIVITY_DAYS, day)],
        days_active_of_30=sum(one in active for one in _last(30, day)),
        run_days=queues.run_of_days(active, day),
        studied_today=active.get(day, 0),
    )


def next_card(session: Session, actor: Actor, *, deck_id: int | None, now: datetime) -> StudyCard | None:
    """Return the card to study now in a deck (with subdecks) or in all, or None when done for today.

    A note seen today through another of its cards waits until nothing else is left.
    """
    desk = _desk(session, actor, deck_id, now)
    kind = queues.pick(desk.waiting, desk.done, desk.how.limits, now)
    card_id = None if kind is None else _first(session, actor, kind, desk, now)
    return None if card_id is None else _card(session, actor, card_id, desk, now)


def card(session: Session, actor: Actor, card_id: int, *, deck_id: int | None = None, now: datetime) -> StudyCard:
    """Return a given card as `next_card` would, whether or not it is its turn."""
    return _card(session, actor, card_id, _desk(session, actor, deck_id, now), now)


def rest(session: Session, actor: Actor, *, deck_id: int | None, now: datetime) -> Rest:
    """Return when there is more to do, for the page that says that nothing is due."""
    desk = _desk(session, actor, deck_id, now)
    (_, tomorrow), (_, after) = queues.coming_days(now, desk.how.days, count=2)
    next_review, due = plans.coming(session, desk.scope, now=now, end=after)
    held_back = desk.waiting.reviews or desk.waiting.new  # by today's limits
    times = (desk.waiting.learning_due, next_review, tomorrow if held_back else None)
    return Rest(min((at for at in times if at), default=None), due, desk.answered)


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
    if stored := reviews.find(session, review_id):
        return _repeated(session, actor, stored, card_id=card_id, grade=grade)
    place = allowed(
        plans.place(session, card_id=card_id, learner_id=actor.learner_id), actor, Action.STUDY, thing="card"
    )
    if expected_reviews not in (None, place.memory.reviews if place.memory else 0):
        raise Conflict("This card was answered elsewhere meanwhile, so this answer was not counted. Go on to the next.")
    event = ReviewEvent(review_id, now, grade)
    given = reviewing.record_grade(session, study_plan(session, actor), place, event, grade, duration=duration)
    return Answered(review_id, grade, given.due, given.interval, repeated=False)


def undo(session: Session, actor: Actor, *, undo_id: UUID, now: datetime) -> Undone | None:
    """Take back the actor's latest review of the last 24 hours, or return None when there is none."""
    if stored := reviews.find(session, undo_id):
        return _undone_before(session, actor, stored)
    how = study_plan(session, actor)
    latest = _latest(session, actor, how, now)
    if latest is None or latest.event.grade is None:
        return None
    place = plans.place(session, card_id=latest.card_id, learner_id=actor.learner_id)
    place = allowed(place, actor, Action.STUDY, thing="card")
    if place.queue is Queue.GONE:
        raise Conflict("The card of your last answer is in the trash. Restore it, then undo the answer.")
    at = max(now, latest.event.at)  # no undo is of an earlier day than its review, whatever the clock says
    reviewing.record_undo(session, how, place, ReviewEvent(undo_id, at, None, undoes=latest.event.id))
    return Undone(latest.card_id, latest.event.grade)


def report(session: Session, actor: Actor, *, card_id: int, reason: str, text: str, now: datetime) -> int:
    """Note that something is wrong with a card and return the report's id."""
    place = plans.place(session, card_id=card_id, learner_id=actor.learner_id)
    place = allowed(place, actor, Action.STUDY, thing="card")
    if max(len(reason), len(text)) > REPORT_LIMIT_CHARS:
        raise InvalidInput(f"A report can have {REPORT_LIMIT_CHARS:,} characters. Shorten it.")
    return reports.add(session, place.owner_id, card_id=card_id, reason=reason, text=text, now=now)


def resolve_report(session: Session, actor: Actor, report_id: int, *, now: datetime) -> None:
    """Mark a report as dealt with."""
    row = allowed(reports.get(session, report_id), actor, Action.EDIT, thing="report")
    row.resolved_at = row.resolved_at or now


@dataclass(frozen=True)
class _Desk:
    """What is known before a card is chosen."""

    how: StudyPlan
    scope: Scope
    waiting: Waiting
    done: DoneToday
    answered: int  # grades given today within the scope
    day_start: datetime

    @property
    def left(self) -> Counts:
        return queues.left(self.waiting, self.done, self.how.limits)


def _desk(session: Session, actor: Actor, deck_id: int | None, now: datetime) -> _Desk:
    how = study_plan(session, actor)
    day = how.days.day_of(now)
    scope = _scope(session, actor, deck_id)
    answered = reviews.answered_on(session, actor.learner_id, day)
    total = sum(answered.values())
    if scope.deck_ids is not None and total:
        total = plans.answered_in(session, scope.deck_ids, learner_id=actor.learner_id, day=day)
    return _Desk(how, scope, plans.waiting(session, scope, now), _done(answered), total, how.days.start(day))


def _scope(session: Session, actor: Actor, deck_id: int | None) -> Scope:
    if deck_id is None:
        return Scope(actor.learner_id)
    row = deck_rows.get(session, deck_id)
    row = allowed(None if row and row.deleted_at else row, actor, Action.STUDY, thing="deck")
    return Scope(actor.learner_id, tuple(member.id for member in deck_rows.family(session, row)))


def _done(answered: Mapping[Kind, int]) -> DoneToday:
    return DoneToday(new=answered.get(Kind.NEW, 0), reviews=answered.get(Kind.REVIEW, 0))


def _first(session: Session, actor: Actor, kind: Kind, desk: _Desk, now: datetime) -> int | None:
    match kind:
        case Kind.LEARNING:
            return _first_in_steps(session, actor, desk.scope, now)
        case Kind.REVIEW:
            return plans.first_review(session, desk.scope, now=now, day_start=desk.day_start)
        case Kind.NEW:
            return plans.first_new(session, desk.scope, day_start=desk.day_start)


def _first_in_steps(session: Session, actor: Actor, scope: Scope, now: datetime) -> int | None:
    last = reviews.last_card(session, actor.learner_id)
    return queues.next_learning(
        plans.first_steps(session, scope), now, just_answered=None if last is None else CardId(last)
    )


def _card(session: Session, actor: Actor, card_id: int, desk: _Desk, now: datetime) -> StudyCard:
    row = plans.to_study(session, card_id=card_id, learner_id=actor.learner_id)
    row = allowed(None if row and row.queue is Queue.GONE else row, actor, Action.STUDY, thing="card")
    face = next(face for face in faces(row.note) if face.ordinal == row.ordinal)
    outcomes = scheduling.outcomes(row.memory, now, desk.how.days, desk.how.preset)
    return StudyCard(
        card_id=card_id,
        note_id=row.note_id,
        ordinal=row.ordinal,
        deck_id=row.deck_id,
        deck_name=row.deck_name,
        kind=row.note.kind,
        question=face.question,
        answer=face.answer,
        answers=answers(row.note, face),
        choices=row.note.choices,
        explanation=row.note.explanation,
        source=row.note.source,
        document_id=row.document_id,
        document_title=row.document_title,
        language=row.language,
        typed_note=row.typed_note,
        typed_deck=bool(row.typed_deck),
        options=tuple(Outcome(grade, memory.interval) for grade, memory in outcomes.items()),
        left=desk.left,
        minutes=_minutes(session, actor, desk.left),
        done_today=desk.answered,
        phase=_phase(row.memory),
        note_version=row.note_version,
        reviews=row.memory.reviews if row.memory else 0,
    )


def _phase(memory: Memory | None) -> str:
    if memory is None:
        return "new"
    return "review" if memory.phase is Phase.REVIEW else "learning"


def _repeated(session: Session, actor: Actor, stored: StoredReview, *, card_id: int, grade: Grade) -> Answered:
    event = stored.event
    if (stored.learner_id, stored.card_id, event.grade) != (actor.learner_id, card_id, grade):
        raise Conflict("This answer's number was used for another answer. Load the page again.")
    interval = stored.interval or timedelta(0)
    memory = reviews.memory(session, card_id=card_id, learner_id=actor.learner_id)
    return Answered(event.id, grade, memory.due if memory else event.at + interval, interval, repeated=True)


def _latest(session: Session, actor: Actor, how: StudyPlan, now: datetime) -> StoredReview | None:
    """Return what was answered last; what a wrong clock dated ahead comes after all else."""
    since = now - UNDO_FOR
    find = partial(reviews.latest, session, actor.learner_id, since=since, day=how.days.day_of(since))
    return find(until=now + CLOCK_STEP) or find(until=datetime.max.replace(tzinfo=UTC))


def _undone_before(session: Session, actor: Actor, stored: StoredReview) -> Undone:
    target = reviews.find(session, stored.event.undoes) if stored.event.undoes else None
    if target is None or target.event.grade is None or stored.learner_id != actor.learner_id:
        raise Conflict("This undo's number was used for something else. Load the page again.")
    return Undone(target.card_id, target.event.grade)


def _minutes(session: Session, actor: Actor, counts: Counts) -> int:
    """Estimate how long the counts take; a new card is shown twice at least on its first day."""
    pace = reviews.pace(session, actor.learner_id) or FIRST_PACE
    answers = counts.review + counts.learning + 2 * counts.new
    return math.ceil(pace * answers / timedelta(minutes=1))


def _waiting_documents(session: Session, actor: Actor) -> Sequence[WaitingDocument]:
    counts = drafts.counts(session, actor.learner_id)
    waiting = []
    for document_id, title in documents.titles(session, [i for i, count in counts.items() if count.undecided]):
        count = counts[document_id]
        total = count.undecided + count.decided
        waiting.append(WaitingDocument(document_id, title, count.undecided, count.decided, total))
    return waiting


def _reports(session: Session, actor: Actor) -> Sequence[ReportView]:
    return [
        ReportView(row.id, row.card_id, note_id, question, row.reason, row.text, row.at)
        for row, note_id, question in reports.open_ones(session, actor.learner_id, limit=REPORTS_SHOWN)
    ]


def _forecast(session: Session, actor: Actor, days: Days, now: datetime) -> ByDay:
    """Count the cards that fall due on each of the next 7 days, whatever is overdue today."""
    coming = queues.coming_days(now, days, count=7)
    counts = plans.due_between(session, actor.learner_id, [end for _, end in coming])
    return [(day, count) for (day, _), count in zip(coming, counts, strict=True)]


def _last(count: int, day: date) -> Sequence[date]:
    """Return that many days up to the given one, the oldest first."""
    return [day - ONE_DAY * back for back in reversed(range(count))]
