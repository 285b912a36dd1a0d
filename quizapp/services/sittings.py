"""Sittings: one person answers a quiz, once. Begin, answer, finish, look back. Start from `start`.

What is missed is called into today's reviews: at once where the answer is told at once,
else at the end. What is remembered of a card changes by studying alone.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from quizapp.db import accepted as accepted_rows
from quizapp.db import plans, quizzes
from quizapp.db.accepted import AcceptedRow
from quizapp.db.engine import Session
from quizapp.db.plans import Queue
from quizapp.db.quizzes import AnswerRow, Feedback, MadeFrom, Order, QuestionRow, SittingRow
from quizapp.domain import questions
from quizapp.domain.marking import Accepted, Kind
from quizapp.domain.permissions import Action, Actor
from quizapp.domain.questions import Judgement, Question, Response
from quizapp.errors import Conflict, InvalidInput, NotFound
from quizapp.services import study
from quizapp.services.access import allowed
from quizapp.services.quizzes import Wish, dice_of, living, question_of, store
from quizapp.translations import _, marked

GRACE = timedelta(seconds=10)  # for an answer that is on its way when the time is up
LONGEST_ANSWER = timedelta(hours=1)
MISSES_OF = marked("Misses: %(title)s")
Taught = Mapping[int, Sequence[AcceptedRow]]  # by card: wordings that are right, too


@dataclass(frozen=True)
class Given:
    """An answer that counts."""

    text: str
    kind: Kind
    share: float
    missed: bool
    accepted: Accepted  # by gap: what the learner had taught to be right, too


@dataclass(frozen=True)
class Place:
    """A question in its place, with its answer if there is one."""

    place: int  # 1, 2, 3...
    number: int  # of the question in its quiz
    question: Question
    given: Given | None
    queue: Queue | None  # that its card is studied from; None when it is not

    @property
    def items(self) -> Sequence[tuple[int, str]]:
        """Return what is to be put in order as it stands, each item with the number that it was shown under."""
        numbered = list(enumerate(self.question.options))
        if self.given is None:
            return numbered
        put = self.given.text.split("\n")
        return sorted(numbered, key=lambda one: put.index(one[1]) if one[1] in put else len(put))

    def judged(self) -> Judgement | None:
        """Return why the answer is worth what it is."""
        return (
            None
            if self.given is None
            else questions.judge(self.question, self.given.text, accepted=self.given.accepted)
        )


@dataclass(frozen=True)
class SittingView:
    """How far a person has come with a quiz, and how well."""

    id: int
    quiz_id: int
    title: str
    feedback: Feedback
    started: datetime
    deadline: datetime | None
    finished: datetime | None
    is_overdue: bool  # the time is up, and that has not been stored yet: `finish` it
    places: Sequence[Place]

    @property
    def next_open(self) -> int | None:
        """Return the place of the first question without an answer."""
        return next((one.place for one in self.places if one.given is None), None)

    @property
    def answered(self) -> int:
        """Return how many questions have an answer."""
        return sum(one.given is not None for one in self.places)

    @property
    def points(self) -> float:
        """Return what the answers earned; each question is worth one."""
        return sum(one.given.share for one in self.places if one.given)

    @property
    def percent(self) -> int:
        """Return what was earned of all that could be."""
        return round(100 * self.points / len(self.places))


@dataclass(frozen=True)
class Answered:
    """What became of an answer."""

    place: int
    is_counted: bool  # False when it came after the time was up


def start(session: Session, actor: Actor, quiz_id: int, *, seed: int, now: datetime) -> int:
    """Return the sitting that the actor has begun, or begin one."""
    quiz = living(session, actor, quiz_id, Action.STUDY)
    row = quizzes.open_sitting(session, quiz.id, actor.person_id)
    if row is not None and not _is_overdue(row, now):
        return row.id
    if row is not None:
        _close(session, actor, row, now=now)
    order = [one.number for one in quizzes.questions(session, quiz.id)]
    if quiz.order is Order.SHUFFLED:
        dice_of(seed).shuffle(order)
    row = SittingRow(
        owner_id=quiz.owner_id,
        quiz_id=quiz.id,
        learner_id=actor.person_id,
        started=now,
        deadline=now + quiz.time_limit if quiz.time_limit else None,
        order=tuple(order),
    )
    session.add(row)
    session.flush()
    return row.id


def sitting(session: Session, actor: Actor, sitting_id: int, *, now: datetime) -> SittingView:
    """Return a sitting with all its questions in their order."""
    row = _own(session, actor, sitting_id)
    by_number = {one.number: one for one in quizzes.questions(session, row.quiz_id)}
    answers = quizzes.answers(session, row.id)
    cards = [one.card_id for one in by_number.values() if one.card_id is not None]
    queues = plans.queues_of(session, actor.person_id, cards)
    taught = accepted_rows.of_cards(session, actor.person_id, cards)
    return SittingView(
        id=row.id,
        quiz_id=row.quiz_id,
        title=row.quiz.title,
        feedback=row.quiz.feedback,
        started=row.started,
        deadline=row.deadline,
        finished=row.finished,
        is_overdue=_is_overdue(row, now),
        places=[
            _place(place, by_number[number], answers.get(by_number[number].id), queues, taught)
            for place, number in enumerate(row.order, 1)
        ],
    )


def answer(
    session: Session,
    actor: Actor,
    *,
    answer_id: UUID,
    sitting_id: int,
    number: int,
    response: Response,
    duration: timedelta,
    now: datetime,
) -> Answered:
    """Store and mark one answer; the same `answer_id` again changes nothing.

    What comes after the time is up does not count, and finishes the sitting.
    """
    row = _own(session, actor, sitting_id)
    asked = _question(session, row, number)
    place = row.order.index(number) + 1
    if stored := quizzes.answer(session, answer_id):
        if (stored.sitting_id, stored.question_id) != (row.id, asked.id):
            raise Conflict("This answer's number was used for another answer. Load the page again.")
        return Answered(place, is_counted=True)
    if row.finished is not None:
        raise Conflict("This quiz is finished, so this answer was not counted. Look at the result.")
    if _is_overdue(row, now):
        _close(session, actor, row, now=now)
        return Answered(place, is_counted=False)
    _make_room(session, row, asked, now=now)
    question = question_of(asked)
    text = questions.given(question, response)
    taught = accepted_rows.of_cards(session, actor.person_id, [asked.card_id] if asked.card_id is not None else [])
    judged = questions.judge(question, text, accepted=_accepted(asked, taught, at=now))
    session.add(_answer(answer_id, row, asked, text, judged, duration, now))
    session.flush()
    if row.quiz.feedback is Feedback.AT_ONCE and judged.missed and asked.card_id is not None:
        plans.call(session, actor.person_id, [asked.card_id], now=now)
    return Answered(place, is_counted=True)


def finish(session: Session, actor: Actor, sitting_id: int, *, now: datetime) -> None:
    """End a sitting with what has been answered; a second time changes nothing."""
    row = _own(session, actor, sitting_id)
    if row.finished is None:
        _close(session, actor, row, now=now)


def again(session: Session, actor: Actor, sitting_id: int, *, seed: int, now: datetime) -> int:
    """Make a quiz of what was missed or left out in a finished sitting and return its id."""
    row = _own(session, actor, sitting_id)
    if row.finished is None:
        raise Conflict("This quiz is not finished yet. Finish it, then repeat what you missed.")
    answers = quizzes.answers(session, row.id)
    dice = dice_of(seed)
    missed = [
        questions.mixed_anew(question_of(one), dice)
        for one in quizzes.questions(session, row.quiz_id)
        if one.id not in answers or answers[one.id].missed
    ]
    if not missed:
        raise InvalidInput("Nothing was missed here, so there is nothing to repeat. Make another quiz.")
    quiz = row.quiz
    wish = Wish(MadeFrom.SITTING, None, quiz.mode, None, quiz.order, quiz.feedback)
    title = _(MISSES_OF, title=quiz.title.removeprefix(_(MISSES_OF, title="")))
    return store(session, actor, wish, missed, title=title, seed=seed, now=now)


def report(
    session: Session, actor: Actor, sitting_id: int, number: int, *, reason: str, text: str, now: datetime
) -> None:
    """Note that something is wrong with the card behind a question."""
    asked = _question(session, _own(session, actor, sitting_id), number)
    if asked.card_id is None:
        raise NotFound("The card of this question has been removed for good, so there is nothing to report.")
    study.report(session, actor, card_id=asked.card_id, reason=reason, text=text, now=now)


def _own(session: Session, actor: Actor, sitting_id: int) -> SittingRow:
    row = quizzes.sitting(session, sitting_id)
    is_own = row is not None and row.quiz.deleted_at is None and row.learner_id == actor.person_id
    return allowed(row if is_own else None, actor, Action.STUDY, thing="quiz")


def _question(session: Session, row: SittingRow, number: int) -> QuestionRow:
    found = quizzes.question(session, row.quiz_id, number)
    if found is None:
        raise NotFound("This quiz has no such question. Go back to the quiz and go on from there.")
    return found


def _place(
    place: int, row: QuestionRow, answer: AnswerRow | None, queues: Mapping[int, Queue], taught: Taught
) -> Place:
    given = None
    if answer:
        accepted = _accepted(row, taught, at=answer.at)
        given = Given(answer.given, answer.kind, answer.share, answer.missed, accepted)
    queue = queues.get(row.card_id) if row.card_id is not None else None
    return Place(place, row.number, question_of(row), given, queue)


def _accepted(row: QuestionRow, taught: Taught, *, at: datetime) -> Accepted:
    """Return what counted as right, too, when a question was answered."""
    rows = taught.get(row.card_id, ()) if row.card_id is not None else ()
    return accepted_rows.by_gap([one for one in rows if one.at <= at], gaps=len(question_of(row).right))


def _answer(
    answer_id: UUID,
    row: SittingRow,
    asked: QuestionRow,
    text: str,
    judged: Judgement,
    duration: timedelta,
    now: datetime,
) -> AnswerRow:
    return AnswerRow(
        id=answer_id,
        owner_id=row.owner_id,
        sitting_id=row.id,
        question_id=asked.id,
        given=text,
        kind=judged.kind,
        share=judged.share,
        missed=judged.missed,
        at=now,
        duration=min(max(duration, timedelta(0)), LONGEST_ANSWER),
    )


def _make_room(session: Session, row: SittingRow, asked: QuestionRow, *, now: datetime) -> None:
    """Set an earlier answer aside, unless it has been told what was right."""
    earlier = quizzes.answers(session, row.id).get(asked.id)
    if earlier is None:
        return
    if row.quiz.feedback is Feedback.AT_ONCE:
        raise Conflict("You have answered this question already and seen what is right. Go on to the next.")
    earlier.replaced_at = now
    session.flush()


def _is_overdue(row: SittingRow, now: datetime) -> bool:
    return row.finished is None and row.deadline is not None and now > row.deadline + GRACE


def _close(session: Session, actor: Actor, row: SittingRow, *, now: datetime) -> None:
    """End a sitting, at its deadline at the latest, and call for what was missed and not told yet."""
    row.finished = min(now, row.deadline) if row.deadline else now
    session.flush()
    if row.quiz.feedback is Feedback.AT_END:
        answers = quizzes.answers(session, row.id)
        missed = [
            one.card_id
            for one in quizzes.questions(session, row.quiz_id)
            if one.card_id is not None and one.id in answers and answers[one.id].missed
        ]
        plans.call(session, actor.person_id, missed, now=now)
