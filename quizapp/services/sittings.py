"""Sittings: one person answers a quiz, once. Begin, answer, finish, look back. Start from `start`.

What is missed is called into today's reviews: at once where the answer is told at once,
else at the end. What is remembered of a card changes by studying alone.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from quizapp.db import accepted as accepted_rows
from quizapp.db import learners, plans, quizzes
from quizapp.db.accepted import Wording
from quizapp.db.engine import Session
from quizapp.db.plans import Queue
from quizapp.db.quizzes import AnswerRow, Feedback, MadeFrom, Order, QuestionRow, SittingRow, Step, Told
from quizapp.domain import questions
from quizapp.domain.audit import Deed
from quizapp.domain.marking import Accepted, Kind
from quizapp.domain.permissions import Action, Actor, own
from quizapp.domain.questions import Judgement, Question, Response
from quizapp.errors import Conflict, InvalidInput, NotFound
from quizapp.services import assigned, audit, study
from quizapp.services.access import allowed
from quizapp.services.audit import Look
from quizapp.services.parts import Part, part
from quizapp.services.quizzes import Wish, dice_of, living, question_of, store
from quizapp.translations import _, marked

GRACE = timedelta(seconds=10)  # for an answer that is on its way when the time is up
LONGEST_ANSWER = timedelta(hours=1)
LOOKED_OVER = 25  # questions on a page
MOST_CHANGES = 30  # of an answer, on average
MISSES_OF = marked("Misses: %(title)s")
Taught = Mapping[int, Sequence[Wording]]  # by card: wordings that are right, too


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
    steps: Sequence[Step]  # all questions, and what was earned by each
    places: Part[Place]  # those that are shown
    called: int  # of the cards that were missed, how many are studied
    assignment_id: int | None = None  # that it is an attempt at
    attempt: int | None = None
    tells: bool = True  # the result says what is right
    is_own: bool = True  # of the actor; else of one of their team, who may watch
    look: Look | None = (
        None  # of who watches at what another person answered, as far as the team's log is to tell of it
    )

    @property
    def total(self) -> int:
        """Return how many questions are asked."""
        return len(self.steps)

    @property
    def next_open(self) -> int | None:
        """Return the place of the first question without an answer."""
        return next((one.place for one in self.steps if one.share is None), None)

    def open_after(self, place: int) -> int | None:
        """Return the place of the next question without an answer, the first ones after the last; None without another."""
        left = [one.place for one in self.steps if one.share is None and one.place != place]
        return next((one for one in left if one > place), left[0] if left else None)

    @property
    def answered(self) -> int:
        """Return how many questions have an answer."""
        return sum(one.share is not None for one in self.steps)

    @property
    def points(self) -> float:
        """Return what the answers earned; each question is worth one."""
        return sum(one.share or 0.0 for one in self.steps)

    @property
    def percent(self) -> int:
        """Return what was earned of all that could be."""
        return round(100 * self.points / len(self.steps))

    @property
    def has_missed(self) -> bool:
        """Say whether something was missed or left out."""
        return any(map(_is_missed, self.steps))


@dataclass(frozen=True)
class Answered:
    """What became of an answer."""

    place: int
    is_counted: bool  # False when it came after the time was up
    is_late: bool = False  # it came then, and counts by the rule of its assignment


def start(session: Session, actor: Actor, quiz_id: int, *, seed: int, now: datetime) -> int:
    """Return the sitting that the actor has begun, or begin one."""
    quiz = living(session, actor, quiz_id, Action.STUDY)
    if quiz.is_assigned:
        raise Conflict("This quiz is assigned. Whoever is to do it begins on the page of the assignment.")
    row = quizzes.open_sitting(session, quiz.id, actor.person_id)
    if row is not None and not is_overdue(row, now):
        return row.id
    if row is not None:
        close(session, row, now=now)
    order = list(quizzes.numbers(session, quiz.id))
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
    row = _seen(session, actor, sitting_id)
    steps = quizzes.steps(session, row)
    return _view(session, actor, row, steps, part(steps, 1, size=max(1, len(steps))), now=now)


def shown(
    session: Session, actor: Actor, sitting_id: int, *, at: int | None = None, page: int = 1, now: datetime
) -> SittingView:
    """Return a sitting with those questions that its page shows.

    That is the one at a place, else the first open one, else the last if what is right is told at once, or a page of all, to look them
    over; once it is finished a page of its result, what was missed first, unless that is not told.
    """
    row = _seen(session, actor, sitting_id)
    steps = quizzes.steps(session, row)
    if row.finished is not None:
        ranked = sorted(steps, key=lambda one: not _is_missed(one))
        found = _view(session, actor, row, steps, part(ranked, page, size=LOOKED_OVER), now=now)
        return found if found.is_own else replace(found, look=_look(session, actor, row, now=now))
    if at is None:
        is_last = row.quiz.feedback is Feedback.AT_ONCE
        at = next((one.place for one in steps if one.share is None), len(steps) if is_last else None)
    some = part(steps, page, size=LOOKED_OVER) if at is None else part(steps, at, size=1)
    return _view(session, actor, row, steps, some, now=now)


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

    What comes after the time is up finishes the sitting; it does not count, unless the assignment takes it.
    """
    row = _own(session, actor, sitting_id)
    asked = _question(session, row, number)
    place = row.order.index(number) + 1
    if stored := quizzes.answer(session, answer_id):
        if (stored.sitting_id, stored.question_id) != (row.id, asked.id):
            raise Conflict("This answer's number was used for another answer. Load the page again.")
        return Answered(place, is_counted=True)
    if (late := _is_over(row, now)) and not _is_taken_late(session, row, asked, now):
        if row.finished is not None:
            raise Conflict("This quiz is finished, so this answer was not counted. Look at the result.")
        close(session, row, now=now)
        return Answered(place, is_counted=False)
    _make_room(session, row, asked, now=now)
    judged = _mark(session, answer_id, row, asked, response, duration, now)
    row.mastered = assigned.count_mastered(session, row)
    quizzes.sum_up(session, row)
    if late and row.finished is None:
        close(session, row, now=now)
    elif late:
        _keep_score(session, row)
    if judged.missed and (late or row.quiz.feedback is Feedback.AT_ONCE):
        _call(session, row, [asked], now=now)
    return Answered(place, is_counted=True, is_late=late)


def finish(session: Session, actor: Actor, sitting_id: int, *, now: datetime) -> None:
    """End a sitting with what has been answered; a second time changes nothing."""
    row = _own(session, actor, sitting_id)
    if row.finished is None:
        close(session, row, now=now)


def again(session: Session, actor: Actor, sitting_id: int, *, seed: int, now: datetime) -> int:
    """Make a quiz of what was missed or left out in a finished sitting, in the person's own library; return its id."""
    row = _own(session, actor, sitting_id)
    if row.finished is None:
        raise Conflict("This quiz is not finished yet. Finish it, then repeat what you missed.")
    if not assigned.tells(session, row, is_finished=True, now=now):
        raise Conflict("What is right is not told here yet, so the misses cannot be repeated.")
    answers = quizzes.answers(session, row.id)
    dice = dice_of(seed)
    missed = [
        questions.mixed_anew(question_of(one), dice)
        for one in quizzes.questions(session, row.quiz_id)
        if one.number in row.order and (one.id not in answers or answers[one.id].missed)
    ]
    if not missed:
        raise InvalidInput("Nothing was missed here, so there is nothing to repeat. Make another quiz.")
    quiz = row.quiz
    wish = Wish(MadeFrom.SITTING, None, quiz.mode, None, quiz.order, quiz.feedback)
    title = _(MISSES_OF, title=quiz.title.removeprefix(_(MISSES_OF, title="")))
    return store(session, own(actor), wish, missed, title=title, seed=seed, now=now)


def report(
    session: Session, actor: Actor, sitting_id: int, number: int, *, reason: str, text: str, now: datetime
) -> None:
    """Note that something is wrong with the card behind a question."""
    asked = _question(session, _own(session, actor, sitting_id), number)
    if asked.card_id is None:
        raise NotFound("The card of this question has been removed for good, so there is nothing to report.")
    study.report(session, actor, card_id=asked.card_id, reason=reason, text=text, now=now)


def is_overdue(row: SittingRow, now: datetime) -> bool:
    """Say whether a sitting has ended by itself and is not stored as finished."""
    return row.finished is None and row.deadline is not None and now > row.deadline + GRACE


def close(session: Session, row: SittingRow, *, now: datetime) -> None:
    """End a sitting, at its deadline at the latest, and call for what was missed and not told yet; once over, it stays."""
    if row.finished is not None:
        return
    row.finished = min(now, row.deadline) if row.deadline else now
    _keep_score(session, row)
    if row.quiz.feedback is Feedback.AT_END:
        answers = quizzes.answers(session, row.id)
        asked = quizzes.questions(session, row.quiz_id)
        _call(session, row, [one for one in asked if one.id in answers and answers[one.id].missed], now=now)


def _keep_score(session: Session, row: SittingRow) -> None:
    """Keep which share of its points an attempt at what is assigned came to."""
    if row.assignment_id is not None:
        row.score = row.points / max(1, len(row.order))
    session.flush()


def _call(session: Session, row: SittingRow, missed: Sequence[QuestionRow], *, now: datetime) -> None:
    """Bring missed cards into the reviews of a learner; a guest has none."""
    cards = [one.card_id for one in missed if one.card_id is not None]
    if row.learner_id is not None and cards:
        plans.call(session, row.learner_id, cards, now=now)


def _own(session: Session, actor: Actor, sitting_id: int) -> SittingRow:
    return _if_own(quizzes.sitting(session, sitting_id), actor)


def _if_own(row: SittingRow | None, actor: Actor) -> SittingRow:
    is_own = row is not None and row.quiz.deleted_at is None and _is_of(row, actor) and assigned.stands(row)
    action = Action.STUDY if row is None or row.assignment_id is None else Action.ANSWER
    return allowed(row if is_own else None, actor, action, thing="quiz")


def _seen(session: Session, actor: Actor, sitting_id: int) -> SittingRow:
    """Return one's own sitting, or the finished attempt of another at what one has assigned."""
    row = quizzes.sitting(session, sitting_id)
    if row is None or row.assignment_id is None or row.finished is None or _is_of(row, actor):
        return _if_own(row, actor)
    return allowed(row, actor, Action.WATCH, thing="quiz")


def _look(session: Session, actor: Actor, row: SittingRow, *, now: datetime) -> Look | None:
    """Return a look at what another person answered; a guest is not named."""
    person, quiz = row.learner_id, row.quiz
    told = quiz.title if person is None else learners.name_of(session, person)
    return audit.look(
        session, actor, quiz.owner_id, Deed.SAW_PERSON, kind="person", thing_id=person, detail=told, now=now
    )


def _is_of(row: SittingRow, actor: Actor) -> bool:
    if actor.guest is not None:
        return row.guest_key == actor.guest
    return row.learner_id == actor.person_id


def _is_over(row: SittingRow, now: datetime) -> bool:
    return row.finished is not None or is_overdue(row, now)


def _is_taken_late(session: Session, row: SittingRow, asked: QuestionRow, now: datetime) -> bool:
    return assigned.keeps_late(row, now) and quizzes.answer_to(session, row.id, asked.id) is None


def _question(session: Session, row: SittingRow, number: int) -> QuestionRow:
    found = quizzes.question(session, row.quiz_id, number) if number in row.order else None
    if found is None:
        raise NotFound("This quiz has no such question. Go back to the quiz and go on from there.")
    return found


def _view(
    session: Session, actor: Actor, row: SittingRow, steps: Sequence[Step], some: Part[Step], *, now: datetime
) -> SittingView:
    """Return a sitting with some of its questions, none of a result that does not say what is right."""
    is_own = _is_of(row, actor)
    tells = not is_own or assigned.tells(session, row, is_finished=row.finished is not None, now=now)
    these = some.shown if tells or row.finished is None else ()
    found = quizzes.told(session, row, [one.number for one in these])
    missed = {one.card_id for one in steps if one.is_missed and one.card_id is not None} if row.finished else set()
    cards = [one.card_id for one in these if one.card_id is not None]
    queues = plans.queues_of(session, actor.person_id, {*cards, *missed})
    taught = accepted_rows.of_cards(session, row.owner_id, cards)
    return SittingView(
        id=row.id,
        quiz_id=row.quiz_id,
        title=assigned.title(row),
        feedback=row.quiz.feedback,
        started=row.started,
        deadline=row.deadline,
        finished=row.finished,
        is_overdue=is_overdue(row, now),
        steps=steps,
        places=some.of([_place(one, row, found[one.number], queues, taught) for one in these]),
        called=len(missed & queues.keys()),
        assignment_id=row.assignment_id,
        attempt=row.attempt,
        tells=tells,
        is_own=is_own,
    )


def _is_missed(step: Step) -> bool:
    return step.share is None or step.is_missed


def _place(step: Step, sitting: SittingRow, told: Told, queues: Mapping[int, Queue], taught: Taught) -> Place:
    given = None
    if told.given is not None and told.kind is not None and told.at is not None:
        accepted = _accepted(told.question, taught, at=told.at)
        given = Given(told.given, told.kind, told.share, told.missed, accepted)
    queue = queues.get(step.card_id) if step.card_id is not None else None
    return Place(step.place, step.number, _as_shown(sitting, step.number, told.question), given, queue)


def _as_shown(sitting: SittingRow, number: int, question: Question) -> Question:
    """Return a question with its options in the places that they have in this sitting, however often it is shown."""
    return question if sitting.seed is None else questions.mixed_anew(question, dice_of(sitting.seed + number))


def _accepted(question: Question, taught: Taught, *, at: datetime) -> Accepted:
    """Return what counted as right, too, when a question was answered."""
    rows = taught.get(question.card_id, ()) if question.card_id is not None else ()
    return accepted_rows.by_gap([one for one in rows if one.at <= at], gaps=len(question.right))


def _mark(
    session: Session,
    answer_id: UUID,
    row: SittingRow,
    asked: QuestionRow,
    response: Response,
    duration: timedelta,
    now: datetime,
) -> Judgement:
    """Store what was answered with what it is worth."""
    question = _as_shown(row, asked.number, question_of(asked))
    text = questions.given(question, response)
    taught = accepted_rows.of_cards(session, row.owner_id, [asked.card_id] if asked.card_id is not None else [])
    judged = questions.judge(question, text, accepted=_accepted(question, taught, at=now))
    stored = AnswerRow(
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
    session.add(stored)
    session.flush()
    return judged


def _make_room(session: Session, row: SittingRow, asked: QuestionRow, *, now: datetime) -> None:
    """Set an earlier answer aside, unless it has been told what was right."""
    earlier = quizzes.answer_to(session, row.id, asked.id)
    if earlier is None:
        return
    if row.quiz.feedback is Feedback.AT_ONCE:
        raise Conflict("You have answered this question already and seen what is right. Go on to the next.")
    if quizzes.changes(session, row.id) > MOST_CHANGES * len(row.order):
        raise Conflict("The answers here were changed too often. What is stored counts; finish the quiz.")
    earlier.replaced_at = now
    session.flush()
