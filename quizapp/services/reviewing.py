"""Reviews as events: a card's memory is the replay of what is stored, in whatever order that arrived.

Start from `record_grade`. What was said of a card without grading it (`card_actions`) is part of the replay.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from uuid import UUID

from quizapp.db import card_actions, plans, reviews, study_days
from quizapp.db.engine import Session
from quizapp.db.plans import Place, Queue
from quizapp.db.reviews import NewReview
from quizapp.domain.leaderboards import lasted
from quizapp.domain.past import LONGEST_ANSWER
from quizapp.domain.queues import Kind
from quizapp.domain.scheduling import Grade, Memory, Phase, ReviewEvent, outcomes, replay, spread_out
from quizapp.domain.spreading import spreads
from quizapp.services import loads
from quizapp.services.settings import StudyPlan


def record_grade(
    session: Session,
    how: StudyPlan,
    place: Place,
    event: ReviewEvent,
    grade: Grade,
    *,
    duration: timedelta,
    session_id: UUID | None = None,
) -> Memory:
    """Store a grade whose id is new, however late it comes, and return what it gave at its time."""
    is_last = _is_last(session, event, place)
    known = [] if is_last else history(session, place)
    seen = place.memory if is_last else replay(_before(event, known), how.days, how.preset)
    given, spread = _given(session, how, place.learner_id, place.card_id, seen, at=event.at)[grade]
    event = replace(event, steps=how.preset.steps, spread=spread)
    day = how.days.day_of(event.at)
    review = NewReview(
        event,
        learner_id=place.learner_id,
        card_id=place.card_id,
        day=day,
        was=_kind(seen),
        duration=counted(duration),
        interval=given.interval,
        preset_version=how.preset.version,
        session_id=session_id,
    )
    if is_last:
        reviews.add_last(session, review, _kind(seen))
    else:
        reviews.add(session, review)
    memory = given if is_last else replay([*known, event], how.days, how.preset)
    _follow(session, place, memory)
    if place.owner_id != place.learner_id:
        _count_day(session, how, place, event, seen, is_last=is_last)
    if memory:
        loads.count(session, how, place.learner_id, event.at, memory)
    return given


def _given(
    session: Session, how: StudyPlan, learner_id: int, card_id: int, memory: Memory | None, *, at: datetime
) -> dict[Grade, tuple[Memory, float | None]]:
    """Return what each button gives, and where it falls among the nearby days."""
    exact = outcomes(memory, at, how.days, how.preset)
    calendar = loads.calendar(session, how, learner_id, at)
    chosen = spreads(memory, exact, how.preset, calendar, card_id=card_id)
    return {
        grade: (spread_out(memory, exact[grade], spread, how.days, how.preset), spread)
        for grade, spread in chosen.items()
    }


def offered(
    session: Session, how: StudyPlan, learner_id: int, card_id: int, memory: Memory | None, *, now: datetime
) -> Mapping[Grade, Memory]:
    """Return what each button would give a card now."""
    given = _given(session, how, learner_id, card_id, memory, at=now)
    return {grade: memory for grade, (memory, _) in given.items()}


def record_undo(
    session: Session, how: StudyPlan, place: Place, event: ReviewEvent, *, session_id: UUID | None = None
) -> None:
    """Store an undo whose id is new, even before the review that it undoes; undoing twice changes nothing."""
    if event.undoes is not None and reviews.is_undone(session, event.undoes):
        return
    day = how.days.day_of(event.at)
    reviews.add(session, NewReview(event, place.learner_id, place.card_id, day, session_id=session_id))
    replay_all(session, how, place)
    undone = reviews.find(session, event.undoes) if event.undoes is not None else None
    if undone is not None and place.owner_id != place.learner_id:
        _count_again(session, place, how.days.day_of(undone.event.at))


def replay_all(session: Session, how: StudyPlan, place: Place) -> Memory | None:
    """Bring memory and plan in line with all that is stored of the card, and return the memory."""
    memory = replay(history(session, place), how.days, how.preset)
    _follow(session, place, memory)
    return memory


def history(session: Session, place: Place) -> Sequence[ReviewEvent]:
    """Return all that memory follows from, in no order."""
    this = {"card_id": place.card_id, "learner_id": place.learner_id}
    return [*reviews.events(session, **this), *card_actions.overrides(session, **this)]


def _count_day(
    session: Session, how: StudyPlan, place: Place, event: ReviewEvent, seen: Memory | None, *, is_last: bool
) -> None:
    """Count the day on which a card of a team was answered, for its leaderboards."""
    day = how.days.day_of(event.at)
    if not is_last:
        return _count_again(session, place, day)
    before = how.days.day_of(seen.last_review) if seen else None
    lasting = int(lasted(before, day, _kind(seen), event.grade))
    return study_days.count(session, place.owner_id, place.learner_id, day, lasting=lasting)


def _count_again(session: Session, place: Place, start: date) -> None:
    """Count the days again on which a card was answered from then on: each says how long ago the one before was."""
    days = study_days.of_card(session, card_id=place.card_id, learner_id=place.learner_id, start=start)
    study_days.recount(session, place.owner_id, place.learner_id, days)


def counted(duration: timedelta) -> timedelta:
    """Return how much of the time that an answer took counts."""
    return min(max(duration, timedelta(0)), LONGEST_ANSWER)


def _follow(session: Session, place: Place, memory: Memory | None) -> None:
    """Bring memory and plan in line with what was stored."""
    this = {"card_id": place.card_id, "learner_id": place.learner_id}
    reviews.put_memory(session, memory, before=place.memory, **this)
    if place.queue in {Queue.NEW, Queue.LEARNING, Queue.REVIEW}:
        plans.move(session, place, memory)
    else:
        plans.stay(session, place, memory)


def _is_last(session: Session, event: ReviewEvent, place: Place) -> bool:
    """Say whether the event adds one review after all that count, so that nothing need be replayed."""
    if place.memory is not None and event.at <= place.memory.last_review:
        return False
    if place.memory is None and card_actions.was_reset(session, card_id=place.card_id, learner_id=place.learner_id):
        return False  # the reset may come after the event
    return not reviews.is_undone(session, event.id)


def _before(event: ReviewEvent, known: Sequence[ReviewEvent]) -> Sequence[ReviewEvent]:
    """Return the reviews that come before the event in time, and all undos."""
    return [one for one in known if one.undoes or (one.at, one.id.int) < (event.at, event.id.int)]


def _kind(memory: Memory | None) -> Kind:
    if memory is None:
        return Kind.NEW
    return Kind.REVIEW if memory.phase is Phase.REVIEW else Kind.LEARNING
