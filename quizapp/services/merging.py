"""Answers that a device gave without the server and sends later: stored as if they had come in time.

Start from `take`. Memory is a replay of events, so several devices may send theirs in any order, and send them again.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from quizapp.db import plans, reviews
from quizapp.db.engine import Session
from quizapp.domain.device_times import clock_error, counted_times
from quizapp.domain.packs import Told
from quizapp.domain.permissions import Action, Actor
from quizapp.domain.scheduling import Grade, ReviewEvent
from quizapp.errors import Conflict, InvalidInput, QuizappError
from quizapp.services import leeches, reviewing, study
from quizapp.services.access import allowed
from quizapp.services.options import study_plan_of

MOST_AT_ONCE = 500


@dataclass(frozen=True)
class LateAnswer:
    """A grade, or the undo of one, that was given on a device at the time that its clock said."""

    id: UUID
    card_id: int
    at: datetime
    grade: Grade | None  # None for an undo
    duration: timedelta = timedelta(0)
    undoes: UUID | None = None


@dataclass(frozen=True)
class Receipt:
    """What became of an answer."""

    id: UUID
    told: Told
    sentence: str = ""  # why it was refused


@dataclass(frozen=True)
class Taken:
    """What became of all answers of a batch, in their order."""

    receipts: Sequence[Receipt]
    clock_error: timedelta  # how far the device's clock is ahead; zero when it is right enough


def take(session: Session, actor: Actor, answers: Sequence[LateAnswer], *, sent: datetime, now: datetime) -> Taken:
    """Store what is new of a batch; one answer that is refused leaves the others be.

    `sent` is what the device's clock says now, by which the times of the answers are put right.
    """
    if len(answers) > MOST_AT_ONCE:
        raise InvalidInput("Send %(most_at_once)s answers at once, at most.", most_at_once=MOST_AT_ONCE)
    times = counted_times([answer.at for answer in answers], sent=sent, now=now)
    receipts = [_receipt(session, actor, answer, at) for answer, at in zip(answers, times, strict=True)]
    return Taken(receipts, clock_error(sent, now))


def _receipt(session: Session, actor: Actor, answer: LateAnswer, at: datetime) -> Receipt:
    try:
        is_known = _grade(session, actor, answer, at) if answer.grade else _undo(session, actor, answer, at)
    except QuizappError as refusal:
        return Receipt(answer.id, Told.REFUSED, refusal.message)
    return Receipt(answer.id, Told.KNOWN if is_known else Told.STORED)


def _grade(session: Session, actor: Actor, answer: LateAnswer, at: datetime) -> bool:
    """Store a grade and say whether it was stored before."""
    if answer.grade is None:
        raise InvalidInput("This answer says neither a grade nor what it undoes, so it was not counted.")
    given = study.answer(
        session,
        actor,
        review_id=answer.id,
        card_id=answer.card_id,
        grade=answer.grade,
        duration=answer.duration,
        now=at,
    )
    return given.repeated


def _undo(session: Session, actor: Actor, answer: LateAnswer, at: datetime) -> bool:
    """Store an undo, even of a grade that is not here yet, and say whether that grade was undone before."""
    if answer.undoes is None:
        raise InvalidInput("This answer says neither a grade nor what it undoes, so it was not counted.")
    found = plans.place(session, card_id=answer.card_id, learner_id=actor.learner_id)
    place = allowed(found, actor, Action.STUDY, thing="card")
    target = reviews.find(session, answer.undoes)
    is_its_own = target is None or (target.learner_id, target.card_id) == (actor.learner_id, answer.card_id)
    stored = reviews.find(session, answer.id)
    if not is_its_own or (stored and (stored.learner_id, stored.event.undoes) != (actor.learner_id, answer.undoes)):
        raise Conflict("This undo's number was used for something else, so nothing was undone.")
    if stored or reviews.is_undone(session, answer.undoes):
        return True
    event = ReviewEvent(answer.id, max(at, target.event.at) if target else at, None, undoes=answer.undoes)
    how = study_plan_of(session, actor, place.deck_id)
    reviewing.record_undo(session, how, place, event)
    leeches.forget(session, how.options, place)
    return False
