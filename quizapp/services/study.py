"""Studying: what is due today, the next card, an answer, undo, a report."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from quizapp.db import card_actions as action_rows
from quizapp.db import decks as deck_rows
from quizapp.db import documents, drafts, orders, plans, reports, reviews, study_cards, study_queues
from quizapp.db.card_actions import CardActionRow
from quizapp.db.engine import Session
from quizapp.db.orders import Among
from quizapp.db.plans import Queue
from quizapp.db.reviews import StoredReview
from quizapp.db.study_queues import Scope
from quizapp.domain import queues
from quizapp.domain.card_actions import CardAction
from quizapp.domain.cards import CardId, CardKind, Illustration, Source, answers, faces
from quizapp.domain.permissions import Action, Actor
from quizapp.domain.queues import ONE_DAY, Counts, Days, DoneToday, Kind
from quizapp.domain.scheduling import Grade, Memory, Phase, ReviewEvent
from quizapp.errors import Conflict
from quizapp.services import card_actions, decks, leeches, reviewing
from quizapp.services.access import allowed
from quizapp.services.decks import DeckSummary
from quizapp.services.exams import until_exams
from quizapp.services.options import Share, share_of, shares, study_plan_of, within
from quizapp.services.settings import StudyPlan, study_plan
from quizapp.services.stacks import Stack, stacks, together

ACTIVITY_DAYS = 182
UNDO_FOR = timedelta(hours=24)
CLOCK_STEP = timedelta(hours=1)  # a review dated further ahead was given while the clock was wrong
FIRST_PACE = timedelta(seconds=15)  # for one answer, until the learner has a pace of their own
REPORTS_SHOWN = 20
PASS_OR_FAIL = (Grade.AGAIN, Grade.GOOD)  # the buttons of those who want two

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
    studied_today: int


@dataclass(frozen=True)
class Outcome:
    """What pressing one button would do."""

    grade: Grade
    interval: timedelta | None  # None: the schedule stays as it is


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
    illustration: Illustration | None
    document_id: int | None  # None when there is none to open, as in a deck
    document_title: str | None
    language: str | None  # of the document
    typed_note: bool | None  # whether its answers are typed; None: as the deck has it
    typed_deck: bool
    options: tuple[Outcome, ...]  # Again, Hard, Good, Easy, or only Again and Good
    left: Counts
    minutes: int  # what is left will take at the learner's own pace, rounded up
    done_today: int  # answers given today, in the deck or in all
    phase: str  # "new", "learning" or "review"
    flag: int  # 0 for none
    is_own: bool  # else it is a team's
    is_aside: bool  # suspended or buried: shown because somebody asked for it
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
    due: datetime | None  # None: the schedule stays as it is
    interval: timedelta | None
    repeated: bool  # the same review had been stored before; nothing was counted twice


@dataclass(frozen=True)
class Undone:
    """A grade or something else that was taken back."""

    card_id: int
    grade: Grade | None = None
    action: CardAction | None = None  # None for the grade of a review
    shown: int | None = None  # how much of the card could be seen; None: all of it
    flag: int | None = None  # of a flag, the one that was put on or taken off
    is_back: bool = True  # False: the card was changed since, so that it stays as it is now


def today(session: Session, actor: Actor, *, now: datetime) -> Today:
    """Return everything for the first page."""
    how = study_plan(session, actor)
    day = how.days.day_of(now)
    answered = reviews.answered_on(session, actor.learner_id, day)
    found = until_exams(session, actor, shares(session, actor, how), today=day)
    waiting = stacks(session, actor, how, found, answered=answered, now=now)
    counts = queues.total(stack.left for stack in waiting)
    active = reviews.activity(session, actor.learner_id, since=day - ONE_DAY * (ACTIVITY_DAYS - 1))
    return Today(
        date=day,
        counts=counts,
        minutes=_minutes(session, actor, counts),
        decks=decks.studied(session, actor, now=now),
        waiting=_waiting_documents(session, actor),
        reports=_reports(session, actor),
        forecast=_forecast(session, actor, how.days, now),
        activity=[(one, active.get(one, 0)) for one in _last(ACTIVITY_DAYS, day)],
        days_active_of_30=sum(one in active for one in _last(30, day)),
        studied_today=active.get(day, 0),
    )


def next_card(session: Session, actor: Actor, *, deck_id: int | None, now: datetime) -> StudyCard | None:
    """Return the card to study now in a deck (with subdecks) or in all, or None when done for today.

    A note seen today through another of its cards waits until nothing else is left.
    """
    desk = _desk(session, actor, deck_id, now)
    options = desk.how.options
    kind = queues.pick(desk.left, desk.learning_due, desk.done, now, new_place=options.new_place)
    card_id = None if kind is None else _first(session, actor, kind, desk, now)
    return None if card_id is None else _card(session, actor, card_id, desk, now)


def card(session: Session, actor: Actor, card_id: int, *, deck_id: int | None = None, now: datetime) -> StudyCard:
    """Return a given card as `next_card` would, whether or not it is its turn."""
    return _card(session, actor, card_id, _desk(session, actor, deck_id, now), now)


def cards(session: Session, actor: Actor, card_ids: Sequence[int], *, now: datetime) -> Sequence[StudyCard]:
    """Return given cards as `next_card` would."""
    desk = _desk(session, actor, None, now)
    return [_card(session, actor, card_id, desk, now) for card_id in card_ids]


def left(session: Session, actor: Actor, *, deck_id: int | None, now: datetime) -> int:
    """Return how many cards are left for today in a deck or in all."""
    counts = _desk(session, actor, deck_id, now).left
    return counts.review + counts.learning + counts.new


def rest(session: Session, actor: Actor, *, deck_id: int | None, now: datetime) -> Rest:
    """Return when there is more to do, for the page that says that nothing is due."""
    desk = _desk(session, actor, deck_id, now)
    (_, tomorrow), (_, after) = queues.coming_days(now, desk.how.days, count=2)
    next_review, due = study_queues.coming(session, desk.scope, now=now, end=after)
    held_back = any(stack.waiting.reviews or stack.waiting.new for stack in desk.stacks)  # by today's limits
    times = (desk.learning_due, next_review, tomorrow if held_back else None)
    return Rest(min((at for at in times if at), default=None), due, desk.answered)


def answer(  # noqa: PLR0913 - an answer
    session: Session,
    actor: Actor,
    *,
    review_id: UUID,
    card_id: int,
    grade: Grade,
    duration: timedelta,
    expected_reviews: int | None = None,
    session_id: UUID | None = None,
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
    how = study_plan_of(session, actor, place.deck_id)
    given = reviewing.record_grade(session, how, place, event, grade, duration=duration, session_id=session_id)
    leeches.notice(session, how.options, place, given)
    return Answered(review_id, grade, given.due, given.interval, repeated=False)


def undo(
    session: Session, actor: Actor, *, undo_id: UUID, session_id: UUID | None = None, now: datetime
) -> Undone | None:
    """Take back the last thing that the actor did in the last 24 hours, or return None when there is none.

    Done again and again it goes back step by step; given a session, through that alone.
    """
    if repeated := _undone_before(session, actor, undo_id):
        return repeated
    how = study_plan(session, actor)
    latest = _latest(session, actor, how, session_id, now)
    if isinstance(latest, CardActionRow):
        is_back = card_actions.take_back(session, actor, latest, undo_id=undo_id, now=now)
        return _undone(latest, is_back=is_back)
    if latest is None or latest.event.grade is None:
        return None
    place = plans.place(session, card_id=latest.card_id, learner_id=actor.learner_id)
    place = allowed(place, actor, Action.STUDY, thing="card")
    if place.queue is Queue.GONE:
        raise Conflict("The card of your last answer is in the trash. Restore it, then undo the answer.")
    at = max(now, latest.event.at)  # no undo is of an earlier day than its review, whatever the clock says
    how = study_plan_of(session, actor, place.deck_id)
    event = ReviewEvent(undo_id, at, None, undoes=latest.event.id)
    reviewing.record_undo(session, how, place, event, session_id=latest.session_id)
    leeches.forget(session, how.options, place)
    return Undone(latest.card_id, latest.event.grade)


def report(session: Session, actor: Actor, *, card_id: int, reason: str, text: str, now: datetime) -> int:
    """Note that something is wrong with a card and return the report's id."""
    place = plans.place(session, card_id=card_id, learner_id=actor.learner_id)
    place = allowed(place, actor, Action.STUDY, thing="card")
    return card_actions.file_report(session, place, reason=reason, text=text, now=now)


def is_own(session: Session, actor: Actor, card_id: int) -> bool:
    """Say whether a card that the actor studies is their own, not a team's."""
    place = plans.place(session, card_id=card_id, learner_id=actor.learner_id)
    return allowed(place, actor, Action.STUDY, thing="card").owner_id == actor.person_id


def resolve_report(session: Session, actor: Actor, report_id: int, *, now: datetime) -> None:
    """Mark a report as dealt with."""
    row = allowed(reports.get(session, report_id), actor, Action.EDIT, thing="report")
    row.resolved_at = row.resolved_at or now


@dataclass(frozen=True)
class _Desk:
    """What is known before a card is chosen."""

    base: StudyPlan  # the learner's own settings
    shares: Sequence[Share]
    how: StudyPlan  # of the deck that is studied, else the base
    scope: Scope
    stacks: Sequence[Stack]
    answered: int  # grades given today within the scope
    day: date

    @property
    def left(self) -> Counts:
        return queues.total(stack.left for stack in self.stacks)

    @property
    def learning_due(self) -> datetime | None:
        return min((stack.waiting.learning_due for stack in self.stacks if stack.waiting.learning_due), default=None)

    @property
    def done(self) -> DoneToday:
        return DoneToday(sum(one.done.new for one in self.stacks), sum(one.done.reviews for one in self.stacks))


def _desk(session: Session, actor: Actor, deck_id: int | None, now: datetime) -> _Desk:
    base = study_plan(session, actor)
    day = base.days.day_of(now)
    inside, found = scope(session, actor, deck_id), until_exams(session, actor, shares(session, actor, base), today=day)
    answered = reviews.answered_on(session, actor.learner_id, day)
    waiting = stacks(session, actor, base, found, answered=answered, within=inside.deck_ids, now=now)
    total = sum(answered.values())
    if inside.deck_ids is not None and total:
        total = study_queues.answered_in(session, inside.deck_ids, learner_id=actor.learner_id, day=day)
    how = base if deck_id is None else within(base, share_of(found, deck_id, base))
    return _Desk(base, found, how, inside, waiting, total, day)


def scope(session: Session, actor: Actor, deck_id: int | None) -> Scope:
    """Return what to study: a deck with its subdecks, or with None all decks."""
    if deck_id is None:
        return Scope(actor.learner_id)
    row = allowed(deck_rows.living(session, deck_id), actor, Action.STUDY, thing="deck")
    return Scope(actor.learner_id, tuple(member.id for member in deck_rows.family(session, row)))


def _first(session: Session, actor: Actor, kind: Kind, desk: _Desk, now: datetime) -> int | None:
    options = desk.how.options
    match kind:
        case Kind.LEARNING:
            return _first_in_steps(session, actor, desk.scope, now)
        case Kind.REVIEW:
            having = [stack for stack in desk.stacks if stack.left.review]
            return orders.first_review(session, _among(having, desk, now), options.review_order)
        case Kind.NEW:
            having = [stack for stack in desk.stacks if stack.left.new]
            return orders.first_new(session, _among(having, desk, now), options.new_order, seen=desk.done.new)


def _among(having: Sequence[Stack], desk: _Desk, now: datetime) -> Among:
    """Say where to look: in the stacks that have something left, and in which of them not strictly apart."""
    loose = [stack for stack in having if not stack.share.options.apart]
    scope = desk.scope if len(having) == len(desk.stacks) else together(having)
    day_start = desk.how.days.start(desk.day)
    if len(loose) == len(having):
        return Among(scope, scope, now, desk.day, day_start)
    return Among(scope, together(loose) if loose else None, now, desk.day, day_start)


def _first_in_steps(session: Session, actor: Actor, scope: Scope, now: datetime) -> int | None:
    last = reviews.last_card(session, actor.learner_id)
    return queues.next_learning(
        study_queues.first_steps(session, scope), now, just_answered=None if last is None else CardId(last)
    )


def _card(session: Session, actor: Actor, card_id: int, desk: _Desk, now: datetime) -> StudyCard:
    row = study_cards.to_study(session, card_id=card_id, learner_id=actor.learner_id)
    row = allowed(None if row and row.queue is Queue.GONE else row, actor, Action.STUDY, thing="card")
    face = next(face for face in faces(row.note) if face.ordinal == row.ordinal)
    how = within(desk.base, share_of(desk.shares, row.deck_id, desk.base))
    outcomes = reviewing.offered(session, how, actor.learner_id, card_id, row.memory, now=now)
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
        illustration=row.illustration,
        document_id=row.document_id,
        document_title=row.document_title,
        language=row.language,
        typed_note=row.typed_note,
        typed_deck=bool(row.typed_deck),
        options=tuple(
            Outcome(grade, memory.interval)
            for grade, memory in outcomes.items()
            if not desk.how.two_buttons or grade in PASS_OR_FAIL
        ),
        left=desk.left,
        minutes=_minutes(session, actor, desk.left),
        done_today=desk.answered,
        phase=_phase(row.memory),
        flag=row.flag,
        is_own=row.owner_id == actor.person_id,
        is_aside=row.queue is Queue.SUSPENDED or (row.buried_until is not None and row.buried_until > now),
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


def _latest(
    session: Session, actor: Actor, how: StudyPlan, session_id: UUID | None, now: datetime
) -> StoredReview | CardActionRow | None:
    """Return what was done last; what a wrong clock dated ahead comes after all else."""
    learner_id, since = actor.learner_id, now - UNDO_FOR
    day = how.days.day_of(since)
    for until in (now + CLOCK_STEP, datetime.max.replace(tzinfo=UTC)):
        review = reviews.latest(session, learner_id, since=since, until=until, day=day, session_id=session_id)
        action = action_rows.latest(session, learner_id, since=since, until=until, session_id=session_id)
        if review and action:
            return review if review.event.at >= action.at else action
        if review or action:
            return review or action
    return None


def _undone_before(session: Session, actor: Actor, undo_id: UUID) -> Undone | None:
    """Return what an undo of that id took back, None when there was none yet."""
    if stored := reviews.find(session, undo_id):
        target = reviews.find(session, stored.event.undoes) if stored.event.undoes else None
        if target is None or target.event.grade is None or stored.learner_id != actor.learner_id:
            raise Conflict("This undo's number was used for something else. Load the page again.")
        return Undone(target.card_id, target.event.grade)
    if row := action_rows.find(session, undo_id):
        undone = action_rows.find(session, row.undoes) if row.undoes else None
        if undone is None or row.learner_id != actor.learner_id:
            raise Conflict("This undo's number was used for something else. Load the page again.")
        return _undone(undone, is_back=True)
    return None


def _undone(row: CardActionRow, *, is_back: bool) -> Undone:
    flag = (row.details["flag"] or row.details["was"]) if row.kind is CardAction.FLAG else None
    shown = None if row.kind is CardAction.PRACTICE else row.shown
    return Undone(row.card_id, row.grade, row.kind, shown, flag, is_back)


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
    return [ReportView(*row) for row in reports.questions_of_open_ones(session, actor.learner_id, limit=REPORTS_SHOWN)]


def _forecast(session: Session, actor: Actor, days: Days, now: datetime) -> ByDay:
    """Count the cards that fall due on each of the next 7 days, whatever is overdue today."""
    coming = queues.coming_days(now, days, count=7)
    counts = study_queues.due_between(session, actor.learner_id, [end for _, end in coming])
    return [(day, count) for (day, _), count in zip(coming, counts, strict=True)]


def _last(count: int, day: date) -> Sequence[date]:
    """Return that many days up to the given one, the oldest first."""
    return [day - ONE_DAY * back for back in reversed(range(count))]
