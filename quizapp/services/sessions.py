"""Sessions of study with an end: some minutes, some cards, cards ahead of their time, practice. Start from `start`.

What is answered in a session is stored as everywhere; how far it is follows from that, so it goes on
after a reload or a restart where it was.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from random import Random
from uuid import UUID, uuid4

from quizapp.db import asides, study_cards
from quizapp.db import study_sessions as rows
from quizapp.db.engine import Session
from quizapp.db.plans import Queue
from quizapp.db.study_queues import Scope
from quizapp.db.study_sessions import StudySessionRow
from quizapp.domain.cards import faces
from quizapp.domain.permissions import Action, Actor
from quizapp.domain.queues import ONE_DAY
from quizapp.domain.scheduling import Grade
from quizapp.domain.sessions import Given, Mode, Tally, following, tally
from quizapp.errors import InvalidInput, NotFound
from quizapp.services import browsing, card_actions, study
from quizapp.services.access import allowed
from quizapp.services.card_actions import Press
from quizapp.services.settings import study_plan
from quizapp.services.study import PASS_OR_FAIL, Answered, Outcome, StudyCard
from quizapp.translations import figure

MOST_CARDS = 1_000  # of a session
MOST_DAYS, MOST_MINUTES = 365, 240
MISSED_SHOWN = 30


@dataclass(frozen=True)
class Wanted:
    """What a session is to be: of which cards, and how long."""

    mode: Mode
    deck_id: int | None = None  # None: all decks
    card_ids: tuple[int, ...] | None = None  # these alone, whoever found them, such as the misses of a session
    search: str | None = None  # what this finds alone, up to MOST_CARDS
    most_cards: int | None = None
    minutes: int | None = None
    days: int | None = None  # how far to study ahead


@dataclass(frozen=True)
class Course:
    """How far a session is."""

    mode: Mode
    deck_id: int | None
    tally: Tally
    cards: int | None  # that it ends after
    time: timedelta | None  # that it ends after


@dataclass(frozen=True)
class Missed:
    """A card that was missed, with the way to its source."""

    card_id: int
    question: str
    answer: str
    document_id: int | None
    start: int | None  # of the quote in the document


@dataclass(frozen=True)
class Summary:
    """What was done, in a session or today."""

    course: Course
    missed: Sequence[Missed]
    next_due: datetime | None
    tomorrow: int


def start(session: Session, actor: Actor, session_id: UUID, wanted: Wanted, *, now: datetime) -> UUID:
    """Begin a session and return its id; the same id again begins no second one, unless the first was studied."""
    if stored := rows.get(session, session_id):
        allowed(stored, actor, Action.STUDY, thing="session")
        if not _given(session, stored):
            return stored.id
        session_id = uuid4()
    _check(wanted)
    cards, most = _cards(session, actor, session_id, wanted, now), wanted.most_cards
    if cards is None and most:
        most = min(most, max(1, study.left(session, actor, deck_id=wanted.deck_id, now=now)))
    row = StudySessionRow(
        id=session_id,
        owner_id=actor.learner_id,
        mode=wanted.mode,
        deck_id=wanted.deck_id,
        cards=cards,
        most_cards=min(most or len(cards), len(cards)) if cards is not None else most,
        time=timedelta(minutes=wanted.minutes) if wanted.minutes else None,
        started=now,
    )
    rows.add(session, row)
    return row.id


def next_card(session: Session, actor: Actor, session_id: UUID, *, now: datetime) -> StudyCard | None:
    """Return the card to study now, or None when the session is over."""
    row = _own(session, actor, session_id)
    given = _given(session, row)
    so_far = tally(given)
    if row.time is not None and so_far.time >= row.time:
        return None
    is_full = row.most_cards is not None and so_far.cards >= row.most_cards
    if row.cards is None and not is_full:
        return study.next_card(session, actor, deck_id=row.deck_id, now=now)
    cards = () if is_full or row.cards is None else row.cards
    card_id = following(cards, given, _at_hand(session, actor, [*cards, *so_far.open], now))
    return None if card_id is None else _card(session, actor, row, given, card_id, now)


def card(session: Session, actor: Actor, session_id: UUID, card_id: int, *, now: datetime) -> StudyCard:
    """Return a given card as it is asked in the session, whether or not it is its turn."""
    row = _own(session, actor, session_id)
    return _card(session, actor, row, _given(session, row), card_id, now)


def answer(  # noqa: PLR0913 - an answer
    session: Session,
    actor: Actor,
    *,
    session_id: UUID | None,
    review_id: UUID,
    card_id: int,
    grade: Grade,
    duration: timedelta,
    expected_reviews: int,
    now: datetime,
) -> Answered:
    """Store an answer, in a session or outside: a review, or in practice a grade that leaves the schedule as it is."""
    row = _own(session, actor, session_id) if session_id else None
    if row is None or row.mode is not Mode.PRACTICE:
        return study.answer(
            session,
            actor,
            review_id=review_id,
            card_id=card_id,
            grade=grade,
            duration=duration,
            expected_reviews=expected_reviews,
            session_id=session_id,
            now=now,
        )
    before = sum(one.card_id == card_id for one in _given(session, row))
    press = Press(review_id, card_id, row.id)
    repeated = card_actions.practise(
        session, actor, press, grade, duration=duration, is_expected=before == expected_reviews, now=now
    )
    return Answered(review_id, grade, None, None, repeated=repeated)


def course(session: Session, actor: Actor, session_id: UUID) -> Course:
    """Return how far the session is."""
    row = _own(session, actor, session_id)
    return Course(row.mode, row.deck_id, tally(_given(session, row)), row.most_cards, row.time)


def summary(session: Session, actor: Actor, session_id: UUID, *, now: datetime) -> Summary:
    """Return what the session came to so far."""
    found = course(session, actor, session_id)
    return _summary(session, actor, found, now)


def summary_of_today(session: Session, actor: Actor, *, deck_id: int | None, now: datetime) -> Summary:
    """Return what was studied today, in a deck or in all."""
    day = study_plan(session, actor).days.day_of(now)
    given = rows.given_on(session, study.scope(session, actor, deck_id), day)
    return _summary(session, actor, Course(Mode.DUE, deck_id, tally(given), None, None), now)


def _summary(session: Session, actor: Actor, found: Course, now: datetime) -> Summary:
    rest = study.rest(session, actor, deck_id=found.deck_id, now=now)
    missed = [_missed(session, actor, card_id) for card_id in found.tally.missed[:MISSED_SHOWN]]
    return Summary(found, [one for one in missed if one], rest.next_due, rest.tomorrow)


def _missed(session: Session, actor: Actor, card_id: int) -> Missed | None:
    row = study_cards.to_study(session, card_id=card_id, learner_id=actor.learner_id)
    if row is None or row.queue is Queue.GONE:
        return None
    face = next(face for face in faces(row.note) if face.ordinal == row.ordinal)
    start = row.note.source.start if row.note.source else None
    return Missed(card_id, face.question, face.answer, row.document_id, start)


def _own(session: Session, actor: Actor, session_id: UUID) -> StudySessionRow:
    return allowed(rows.get(session, session_id), actor, Action.STUDY, thing="session")


def _given(session: Session, row: StudySessionRow) -> Sequence[Given]:
    return rows.practised_in(session, row.id) if row.mode is Mode.PRACTICE else rows.given_in(session, row.id)


def _card(
    session: Session, actor: Actor, row: StudySessionRow, given: Sequence[Given], card_id: int, now: datetime
) -> StudyCard:
    found = study.card(session, actor, card_id, deck_id=row.deck_id, now=now)
    if row.mode is not Mode.PRACTICE:
        return found
    buttons = tuple(Outcome(grade, None) for grade in PASS_OR_FAIL)
    return replace(found, options=buttons, reviews=sum(one.card_id == card_id for one in given))


def _at_hand(session: Session, actor: Actor, card_ids: Sequence[int], now: datetime) -> Collection[int]:
    """Return those of the cards that may be asked now."""
    aside = {Queue.SUSPENDED, Queue.GONE}
    return {
        card_id
        for card_id, one in asides.of_cards(session, actor.learner_id, card_ids).items()
        if one.queue not in aside and (one.buried_until is None or one.buried_until <= now)
    }


def _check(wanted: Wanted) -> None:
    limits = ((wanted.most_cards, MOST_CARDS), (wanted.minutes, MOST_MINUTES), (wanted.days, MOST_DAYS))
    if any(value is not None and not 1 <= value <= most for value, most in limits):
        raise InvalidInput(
            "A session has 1 to %(most_cards)s cards or 1 to %(most_minutes)s minutes, and looks 1 to %(most_days)s days ahead. Choose less.",
            most_cards=figure(MOST_CARDS),
            most_minutes=MOST_MINUTES,
            most_days=MOST_DAYS,
        )


def _cards(session: Session, actor: Actor, session_id: UUID, wanted: Wanted, now: datetime) -> tuple[int, ...] | None:
    """Choose the cards of a session, in the order of study; None for whatever is due."""
    scope = study.scope(session, actor, wanted.deck_id)
    chosen = _chosen(session, actor, wanted, now)
    match wanted.mode:
        case Mode.DUE:
            return chosen
        case Mode.AHEAD:
            return chosen or _ahead(session, actor, wanted, scope, now)
        case Mode.PRACTICE:
            mixed = list(chosen or _to_practise(session, scope, now))
            Random(session_id.int).shuffle(mixed)  # noqa: S311 - an order, not a secret
            return tuple(mixed)


def _chosen(session: Session, actor: Actor, wanted: Wanted, now: datetime) -> tuple[int, ...] | None:
    """Return the cards that somebody chose, or None where a deck or everything is studied."""
    if wanted.search is not None:
        found = browsing.to_study(session, actor, wanted.search, wanted.mode, limit=MOST_CARDS, now=now)
        if not found and wanted.mode is Mode.DUE:
            raise InvalidInput("No card that this search finds is due now. Practise them: no date changes by that.")
        if not found:
            raise InvalidInput("This search finds no card that can be asked now: suspended and buried ones are not.")
        return tuple(found)
    if wanted.card_ids is None:
        return None
    at_hand = _at_hand(session, actor, wanted.card_ids[:MOST_CARDS], now)
    if not at_hand:
        raise NotFound("These cards are not there to be studied. Choose others.")
    return tuple(card for card in dict.fromkeys(wanted.card_ids) if card in at_hand)


def _ahead(session: Session, actor: Actor, wanted: Wanted, scope: Scope, now: datetime) -> tuple[int, ...]:
    days = study_plan(session, actor).days
    end = days.start(days.day_of(now) + ONE_DAY * ((wanted.days or 1) + 1))
    found = rows.due_before(session, scope, end, limit=MOST_CARDS)
    if not found:
        raise InvalidInput("No card that you have seen comes back by then. Look further ahead.")
    return tuple(found)


def _to_practise(session: Session, scope: Scope, now: datetime) -> Sequence[int]:
    found = rows.studied(session, scope, now, limit=MOST_CARDS)
    if not found:
        raise InvalidInput("There is no card here to practise. Keep some cards first.")
    return found
