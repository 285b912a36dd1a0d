"""Quizzes and their frozen questions; sittings, each one person's, and the answers given in them."""

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from math import isclose
from operator import attrgetter
from typing import TYPE_CHECKING, Any, NamedTuple
from typing import cast as typed
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    Index,
    Select,
    String,
    Table,
    UniqueConstraint,
    and_,
    bindparam,
    case,
    cast,
    delete,
    false,
    func,
    or_,
    select,
    text,
    update,
)
from sqlalchemy.orm import Mapped, Session, contains_eager, joinedload, mapped_column, relationship

from quizapp.db import prepared
from quizapp.db.base import Base, OwnerKey, PrimaryKey
from quizapp.db.decks import DeckRow
from quizapp.db.documents import DocumentRow
from quizapp.db.notes import CardRow, NoteRow, NoteTagRow, TagRow
from quizapp.db.pictures import PictureRow
from quizapp.db.reviews import MemoryRow
from quizapp.domain.cards import Illustration, Source
from quizapp.domain.marking import Kind
from quizapp.domain.questions import Mode, Question, Way

if TYPE_CHECKING:
    from quizapp.db.assignments import AssignmentRow


class MadeFrom(Enum):
    """What the questions of a quiz were made from."""

    DECK = "deck"
    DOCUMENT = "document"
    TAG = "tag"
    SEARCH = "search"  # of cards
    MISSED = "missed"  # what its owner misses most
    SITTING = "sitting"  # the misses of another quiz


class Feedback(Enum):
    """When a person is told what was right."""

    AT_ONCE = "at_once"
    AT_END = "at_end"


class Order(Enum):
    """In which order the questions come."""

    AS_MADE = "as_made"
    SHUFFLED = "shuffled"  # anew for each sitting


class QuizRow(Base):
    """Questions that are asked together; `deleted_at` is set while it is in the trash."""

    __tablename__ = "quiz"
    __table_args__ = (
        CheckConstraint("time_limit > 0", name="time_limit"),
        Index("ix_quiz_owner_id", "owner_id", "deleted_at", "created"),
    )
    id: Mapped[PrimaryKey]
    owner_id: Mapped[OwnerKey]
    title: Mapped[str]
    made_from: Mapped[MadeFrom]
    mode: Mapped[Mode]
    feedback: Mapped[Feedback]
    order: Mapped[Order]
    time_limit: Mapped[timedelta | None]
    seed: Mapped[int]  # of all chance in making it
    created: Mapped[datetime]
    deleted_at: Mapped[datetime | None]
    is_assigned: Mapped[bool] = mapped_column(default=False, server_default=false())  # asked by an assignment alone


class QuestionRow(Base):
    """A question as it was made, whatever becomes of its card."""

    __tablename__ = "question"
    __table_args__ = (UniqueConstraint("quiz_id", "number"), CheckConstraint("number >= 1", name="number"))
    id: Mapped[PrimaryKey]
    owner_id: Mapped[OwnerKey]
    quiz_id: Mapped[int] = mapped_column(ForeignKey("quiz.id", ondelete="CASCADE"))
    number: Mapped[int]  # 1, 2, 3...
    card_id: Mapped[int | None] = mapped_column(ForeignKey("card.id", ondelete="SET NULL"), index=True)
    way: Mapped[Way]
    prompt: Mapped[str]
    answer: Mapped[str]
    right: Mapped[tuple[str, ...]]
    options: Mapped[tuple[str, ...]]
    hints: Mapped[tuple[str, ...]]
    claim: Mapped[str]
    explanation: Mapped[str]
    document_id: Mapped[int | None] = mapped_column(ForeignKey("document.id", ondelete="SET NULL"), index=True)
    document_title: Mapped[str | None]
    language: Mapped[str | None]
    quote: Mapped[str | None]
    start: Mapped[int | None]
    end: Mapped[int | None]
    speaker: Mapped[str | None]
    heading: Mapped[str | None]
    page: Mapped[int | None]
    picture_id: Mapped[int | None] = mapped_column(ForeignKey("picture.id", ondelete="SET NULL"), index=True)
    columns: Mapped[tuple[str, ...] | None]  # of quoted table rows: what their cells are called

    picture: Mapped[PictureRow | None] = relationship(lazy="raise")


class SittingRow(Base):
    """One person answering a quiz: a learner, or a guest who gave a name."""

    __tablename__ = "sitting"
    __table_args__ = (
        CheckConstraint("(learner_id IS NULL) = (guest IS NOT NULL)", name="one_person"),
        CheckConstraint("deadline > started", name="deadline"),
        CheckConstraint("(assignment_id IS NULL) = (attempt IS NULL)", name="attempt"),
        Index("ix_sitting_quiz_id", "quiz_id", "finished"),
        Index("ix_sitting_learner_id", "learner_id", "quiz_id"),
        Index(
            "ix_sitting_owner_id",
            "owner_id",
            "finished",
            "answered",
            "last_answer",
            sqlite_where=text("finished IS NOT NULL"),
            postgresql_where=text("finished IS NOT NULL"),
        ),
        # Who comes back goes on where they were.
        Index(
            "uq_sitting_quiz_id_learner_id",
            "quiz_id",
            "learner_id",
            unique=True,
            sqlite_where=text("finished IS NULL"),
            postgresql_where=text("finished IS NULL"),
        ),
        # Two tabs that begin at once begin one attempt.
        Index(
            "uq_sitting_assignment_id_learner_id", "assignment_id", "learner_id", "occurrence", "attempt", unique=True
        ),
        Index("uq_sitting_assignment_id_guest_key", "assignment_id", "guest_key", "occurrence", "attempt", unique=True),
        # What first attempts came to, from the index alone.
        Index(
            "ix_sitting_assignment_id",
            "assignment_id",
            "finished",
            "learner_id",
            "score",
            sqlite_where=text("attempt = 1"),
            postgresql_where=text("attempt = 1"),
        ),
    )
    id: Mapped[PrimaryKey]
    owner_id: Mapped[OwnerKey]
    quiz_id: Mapped[int] = mapped_column(ForeignKey("quiz.id", ondelete="CASCADE"))
    learner_id: Mapped[int | None] = mapped_column(ForeignKey("learner.id", ondelete="CASCADE"))
    guest: Mapped[str | None]
    started: Mapped[datetime]
    deadline: Mapped[datetime | None]
    finished: Mapped[datetime | None]
    order: Mapped[tuple[int, ...]]  # numbers of the questions
    assignment_id: Mapped[int | None] = mapped_column(ForeignKey("assignment.id", ondelete="CASCADE"))
    occurrence: Mapped[int | None]  # 0 for the first, or the only one
    attempt: Mapped[int | None]  # 1, 2, 3...
    seed: Mapped[int | None]  # of the places that options have; None: they stand as they were made
    guest_key: Mapped[UUID | None]  # by which the browser of a guest is known again
    # What its answers come to, kept by `sum_up` so that a team is counted without reading them.
    answered: Mapped[int] = mapped_column(default=0, server_default="0")
    points: Mapped[float] = mapped_column(default=0.0, server_default="0")
    last_answer: Mapped[datetime | None]
    mastered: Mapped[int | None]  # questions that the person had mastered then, where they are to
    score: Mapped[float | None]  # of what is assigned, once it is finished: the share of its points, 0 to 1

    quiz: Mapped[QuizRow] = relationship(lazy="raise")
    assignment: Mapped["AssignmentRow | None"] = relationship(lazy="raise")


class AnswerRow(Base):
    """What was answered to a question; one that was changed before the end stays, with `replaced_at` set."""

    __tablename__ = "answer"
    __table_args__ = (
        CheckConstraint("share between 0 and 1", name="share"),
        Index(
            "uq_answer_sitting_id_question_id",
            "sitting_id",
            "question_id",
            unique=True,
            sqlite_where=text("replaced_at IS NULL"),
            postgresql_where=text("replaced_at IS NULL"),
        ),
        Index("ix_answer_question_id", "question_id", "replaced_at", "at"),
    )
    id: Mapped[UUID] = mapped_column(primary_key=True)  # made by the client, so that a retry counts once
    owner_id: Mapped[OwnerKey]
    sitting_id: Mapped[int] = mapped_column(ForeignKey("sitting.id", ondelete="CASCADE"))
    question_id: Mapped[int] = mapped_column(ForeignKey("question.id", ondelete="CASCADE"))
    given: Mapped[str]
    kind: Mapped[Kind]
    share: Mapped[float]  # of a point
    missed: Mapped[bool]  # the card should be looked at again
    at: Mapped[datetime]
    duration: Mapped[timedelta]
    replaced_at: Mapped[datetime | None]


@dataclass(frozen=True)
class Sat:
    """A sitting at a glance."""

    sitting_id: int
    quiz_id: int
    started: datetime
    deadline: datetime | None
    finished: datetime | None
    answered: int
    points: float


@dataclass(frozen=True)
class Facility:
    """How a question was answered in finished sittings."""

    answers: int
    share: float  # mean share of a point: the facility index


LITTLE = 1e-9  # by which shares that are added up in another order come to something else


@dataclass(frozen=True)
class Listed:
    """A quiz with how many questions it has."""

    id: int
    title: str
    made_from: MadeFrom
    mode: Mode
    time_limit: timedelta | None
    created: datetime
    questions: int


@dataclass(frozen=True)
class Fared:
    """A question with how it was answered in finished sittings."""

    number: int
    prompt: str
    language: str | None
    facility: Facility | None  # None without an answer


class Step(NamedTuple):
    """A question of a sitting, and what an answer to it earned, if there is one."""

    place: int  # 1, 2, 3...
    number: int  # of the question in its quiz
    card_id: int | None
    share: float | None  # None without an answer
    is_missed: bool  # answered, and the card should be looked at again


@dataclass(frozen=True)
class Told:
    """A question as it was made, with the answer that counts."""

    number: int
    question: Question
    given: str | None  # None without an answer
    kind: Kind | None
    share: float
    missed: bool
    at: datetime | None


_QUIZZES, _QUESTIONS, _SITTINGS, _ANSWERS, _PICTURES = (
    typed(Table, row.__table__) for row in (QuizRow, QuestionRow, SittingRow, AnswerRow, PictureRow)
)
_COUNTS = (AnswerRow.replaced_at.is_(None),)
_SUMS = (func.count(AnswerRow.id), func.coalesce(func.sum(AnswerRow.share), 0.0), func.max(AnswerRow.at))


def get(session: Session, quiz_id: int) -> QuizRow | None:
    """Return a quiz, in the trash or not, or None."""
    return session.get(QuizRow, quiz_id)


_IS_LISTED = (_QUIZZES.c.owner_id == bindparam("owner"), _QUIZZES.c.deleted_at.is_(None), ~_QUIZZES.c.is_assigned)
_NEWEST = select(_QUIZZES.c.id).where(*_IS_LISTED).order_by(_QUIZZES.c.created.desc(), _QUIZZES.c.id.desc())
_SIZE = select(func.count()).where(_QUESTIONS.c.quiz_id == _QUIZZES.c.id).scalar_subquery()
_LISTED: Select[Any] = select(
    *(_QUIZZES.c[name] for name in ("id", "title", "made_from", "mode", "time_limit", "created")),
    _SIZE.label("questions"),
)
_SIZED = _NEWEST.add_columns(_QUIZZES.c.title, _SIZE).limit(bindparam("limit"))


def newest_first(session: Session, owner_id: int, *, limit: int) -> Sequence[tuple[int, str, int]]:
    """Return id, title and how many questions they have of the owner's living quizzes that are not assigned."""
    return prepared.raw(session, _SIZED, {"owner": owner_id, "limit": limit})


def ids_newest_first(session: Session, owner_id: int) -> Sequence[int]:
    """Return the ids of the owner's living quizzes that are not assigned."""
    return [row.id for row in prepared.rows(session, _NEWEST, {"owner": owner_id})]


def listed(session: Session, quiz_ids: Sequence[int]) -> Sequence[Listed]:
    """Return these quizzes with how many questions each has, in their order."""
    rows = session.execute(_LISTED.where(_QUIZZES.c.id.in_(quiz_ids)))
    found = {row.id: Listed(*row) for row in rows}
    return [found[quiz_id] for quiz_id in quiz_ids]


def questions(session: Session, quiz_id: int) -> Sequence[QuestionRow]:
    """Return the questions of a quiz, by number."""
    query = select(QuestionRow).options(joinedload(QuestionRow.picture)).where(QuestionRow.quiz_id == quiz_id)
    return session.scalars(query.order_by(QuestionRow.number)).all()


_NUMBERS = select(_QUESTIONS.c.number).where(_QUESTIONS.c.quiz_id == bindparam("quiz")).order_by(_QUESTIONS.c.number)
_HELD = (  # of a question: what it says, and where it comes from
    *("card_id", "way", "prompt", "answer", "right", "options", "hints", "claim", "explanation"),
    *("document_id", "document_title", "language"),
    *("quote", "start", "end", "speaker", "heading", "page", "columns"),
)
_values = attrgetter(*_HELD)
_ASKED = (
    select(
        _QUESTIONS.c.number,
        *(_QUESTIONS.c[name] for name in _HELD),
        *(_PICTURES.c[name].label(f"picture_{name}") for name in ("id", "hash", "alt", "width", "height")),
        *(_PICTURES.c[name].label(f"picture_{name}") for name in ("media_type", "start")),
    )
    .outerjoin_from(_QUESTIONS, _PICTURES, _PICTURES.c.id == _QUESTIONS.c.picture_id)
    .where(_QUESTIONS.c.quiz_id == bindparam("quiz"))
    .order_by(_QUESTIONS.c.number)
)
_ITS_ANSWER = and_(
    _ANSWERS.c.question_id == _QUESTIONS.c.id,
    _ANSWERS.c.sitting_id == bindparam("sitting"),
    _ANSWERS.c.replaced_at.is_(None),
)
_STEPS = (
    select(_QUESTIONS.c.number, _QUESTIONS.c.card_id, _ANSWERS.c.share, _ANSWERS.c.missed)
    .outerjoin_from(_QUESTIONS, _ANSWERS, _ITS_ANSWER)
    .where(_QUESTIONS.c.quiz_id == bindparam("quiz"))
)


def numbers(session: Session, quiz_id: int) -> Sequence[int]:
    """Return the numbers of the questions of a quiz, the lowest first."""
    return [row.number for row in prepared.rows(session, _NUMBERS, {"quiz": quiz_id})]


def asked(session: Session, quiz_id: int) -> Sequence[Question]:
    """Return the questions of a quiz as they were made, by number."""
    return [_question(row) for row in prepared.rows(session, _ASKED, {"quiz": quiz_id})]


def steps(session: Session, row: SittingRow) -> Sequence[Step]:
    """Return the questions of a sitting in their order, and what was earned by each so far."""
    found = {one.number: one for one in prepared.rows(session, _STEPS, {"quiz": row.quiz_id, "sitting": row.id})}
    return [
        Step(place, number, (one := found[number]).card_id, one.share, bool(one.missed))
        for place, number in enumerate(row.order, 1)
    ]


def told(session: Session, row: SittingRow, numbers: Sequence[int]) -> Mapping[int, Told]:
    """Return these questions of a sitting with what was answered, by number."""
    rows = prepared.rows(session, _TOLD, {"quiz": row.quiz_id, "sitting": row.id, "numbers": list(numbers)})
    return {
        one.number: Told(one.number, _question(one), one.given, one.kind, one.share or 0.0, bool(one.missed), one.at)
        for one in rows
    }


_TOLD = (
    _ASKED.outerjoin(_ANSWERS, _ITS_ANSWER)
    .add_columns(*(_ANSWERS.c[name] for name in ("given", "kind", "share", "missed", "at")))
    .where(_QUESTIONS.c.number.in_(bindparam("numbers", expanding=True)))
)


def _question(row: Any) -> Question:
    values = row[1 : 1 + len(_HELD)]
    picture_id, name, *drawn = row[1 + len(_HELD) : 8 + len(_HELD)]
    return _made(values, None if picture_id is None else Illustration(picture_id, name, *drawn))


def held(row: Any, shown: Illustration | None) -> Question:
    """Return the question that a row holds, with the picture that it is about."""
    return _made(_values(row), shown)


def _made(values: Sequence[Any], shown: Illustration | None) -> Question:
    """Return a question of what its row holds, in the order of `_HELD`: by place, since a sheet has hundreds."""
    *said, document_id, document_title, language, quote, start, end, speaker, heading, page, columns = values
    source = None
    if quote is not None and start is not None and end is not None:
        source = Source(quote, start, end, speaker, heading, page, columns or ())
    told = (*said, source, shown, document_id, document_title, language)
    return Question(*told)


def question(session: Session, quiz_id: int, number: int) -> QuestionRow | None:
    """Return a question of a quiz, or None."""
    query = select(QuestionRow).options(joinedload(QuestionRow.picture))
    query = query.where(QuestionRow.quiz_id == quiz_id, QuestionRow.number == number)
    return session.scalars(query).one_or_none()


def illustrated(session: Session, quiz_id: int, name: str) -> Mapping[int, PictureRow]:
    """Return the picture whose file has that name, by the number of each question of a quiz that is about it."""
    query = select(QuestionRow.number, PictureRow).join(PictureRow, PictureRow.id == QuestionRow.picture_id)
    query = query.where(QuestionRow.quiz_id == quiz_id, PictureRow.hash == name)
    return dict(session.execute(query).all())


def showing(session: Session, quiz_id: int, address: str) -> Set[int]:
    """Return the numbers of the questions that show what card text calls that, before or after they are answered."""
    asked = (QuestionRow.prompt, QuestionRow.options, QuestionRow.hints, QuestionRow.claim)
    told = (QuestionRow.answer, QuestionRow.right, QuestionRow.explanation)
    shown = or_(*(cast(one, String).contains(address, autoescape=True) for one in (*asked, *told)))
    return set(session.scalars(select(QuestionRow.number).where(QuestionRow.quiz_id == quiz_id, shown)))


def asked_of_guest(session: Session, quiz_id: int, guest_key: UUID) -> Set[int]:
    """Return the numbers of the questions that a guest was asked in their attempts at a quiz."""
    query = select(SittingRow.order).where(SittingRow.quiz_id == quiz_id, SittingRow.guest_key == guest_key)
    return {number for order in session.scalars(query) for number in order}


def question_counts(session: Session, quiz_ids: Sequence[int]) -> Mapping[int, int]:
    """Return how many questions each quiz has."""
    return dict(prepared.rows(session, _QUESTION_COUNTS, {"quizzes": list(quiz_ids)})) if quiz_ids else {}


def sitting(session: Session, sitting_id: int) -> SittingRow | None:
    """Return a sitting with its quiz and what it is an attempt at, or None."""
    query = select(SittingRow).join(SittingRow.quiz)
    query = query.options(contains_eager(SittingRow.quiz), joinedload(SittingRow.assignment))
    return session.scalars(query.where(SittingRow.id == sitting_id)).one_or_none()


def open_sitting(session: Session, quiz_id: int, learner_id: int) -> SittingRow | None:
    """Return the sitting that the learner has begun and not finished, or None."""
    query = select(SittingRow).join(SittingRow.quiz).options(contains_eager(SittingRow.quiz))
    query = query.where(SittingRow.quiz_id == quiz_id, SittingRow.learner_id == learner_id)
    return session.scalars(query.where(SittingRow.finished.is_(None))).one_or_none()


_SAT = select(
    *(_SITTINGS.c[name] for name in ("id", "quiz_id", "started", "deadline", "finished", "answered", "points"))
).where(_SITTINGS.c.learner_id == bindparam("learner"))
_NEWEST_SAT = (_SITTINGS.c.started.desc(), _SITTINGS.c.id.desc())
_SAT_OF_QUIZ = _SAT.where(_SITTINGS.c.quiz_id == bindparam("quiz")).order_by(*_NEWEST_SAT).limit(bindparam("limit"))


def sittings(session: Session, quiz_id: int, learner_id: int, *, limit: int) -> Sequence[Sat]:
    """Return the learner's sittings of a quiz with what they earned, the newest first."""
    values = {"quiz": quiz_id, "learner": learner_id, "limit": limit}
    return [Sat(*row) for row in prepared.rows(session, _SAT_OF_QUIZ, values)]


def latest(session: Session, quiz_ids: Sequence[int], learner_id: int) -> Sequence[Sat]:
    """Return the learner's newest finished sitting of each of these quizzes, and the one that is open."""
    is_open = _SITTINGS.c.finished.is_(None)
    rank = func.row_number().over(partition_by=(_SITTINGS.c.quiz_id, is_open), order_by=_NEWEST_SAT)
    ranked = _SAT.where(_SITTINGS.c.quiz_id.in_(quiz_ids)).add_columns(rank.label("rank")).subquery()
    newest = select(*(column for column in ranked.c if column.name != "rank")).where(ranked.c.rank == 1)
    return [Sat(*row) for row in session.execute(newest, {"learner": learner_id})]


def answers(session: Session, sitting_id: int) -> Mapping[int, AnswerRow]:
    """Return the answers that count in a sitting, by question id."""
    query = select(AnswerRow).where(AnswerRow.sitting_id == sitting_id, *_COUNTS)
    return {row.question_id: row for row in session.scalars(query).all()}


def answer_to(session: Session, sitting_id: int, question_id: int) -> AnswerRow | None:
    """Return the answer to a question that counts in a sitting, or None."""
    query = select(AnswerRow).where(AnswerRow.sitting_id == sitting_id, AnswerRow.question_id == question_id, *_COUNTS)
    return session.scalars(query).one_or_none()


def answer(session: Session, answer_id: UUID) -> AnswerRow | None:
    """Return an answer, replaced or not, or None."""
    return session.get(AnswerRow, answer_id)


def sum_up(session: Session, row: SittingRow) -> None:
    """Keep with a sitting what its answers come to; whoever stores an answer, or sets one aside, calls this."""
    query = select(*_SUMS).where(AnswerRow.sitting_id == row.id, *_COUNTS)
    row.answered, row.points, row.last_answer = session.execute(query).one()
    session.flush()


def sum_up_all(session: Session) -> None:
    """Keep with every sitting what its answers come to, for many that were stored at once."""
    sums = select(*_SUMS).where(AnswerRow.sitting_id == SittingRow.id, *_COUNTS)
    values = {
        "answered": sums.with_only_columns(_SUMS[0]).scalar_subquery(),
        "points": sums.with_only_columns(_SUMS[1]).scalar_subquery(),
        "last_answer": sums.with_only_columns(_SUMS[2]).scalar_subquery(),
    }
    session.execute(update(SittingRow).values(values), execution_options={"synchronize_session": False})


def missummed(session: Session) -> Sequence[int]:
    """Return sittings that keep something else than their answers come to; there should be none."""
    of_answers = select(AnswerRow.sitting_id, *_SUMS).where(*_COUNTS).group_by(AnswerRow.sitting_id)
    sums = {sitting_id: tuple(sums) for sitting_id, *sums in session.execute(of_answers)}
    columns = (SittingRow.answered, SittingRow.points, SittingRow.last_answer, SittingRow.score, SittingRow.order)
    return [
        sitting_id
        for sitting_id, *kept, score, order in session.execute(select(SittingRow.id, *columns).order_by(SittingRow.id))
        if not _is_sum(kept, score, len(order), sums.get(sitting_id, (0, 0.0, None)))
    ]


def _is_sum(kept: Sequence[Any], score: float | None, asked: int, sums: Sequence[Any]) -> bool:
    """Compare what a sitting keeps with what its answers come to; shares add up otherwise in another order."""
    (answered, points, last), (has_answered, has_points, has_last) = kept, sums
    if (answered, last) != (has_answered, has_last) or not isclose(points, has_points, abs_tol=LITTLE):
        return False
    return score is None or isclose(score, has_points / max(1, asked), abs_tol=LITTLE)


def changes(session: Session, sitting_id: int) -> int:
    """Return how many answers of a sitting were replaced by others."""
    query = select(func.count()).select_from(AnswerRow).where(AnswerRow.sitting_id == sitting_id)
    return session.scalars(query.where(AnswerRow.replaced_at.is_not(None))).one()


_FARED = (
    select(
        *(_QUESTIONS.c[name] for name in ("number", "prompt", "language")),
        func.count(_SITTINGS.c.id).label("answers"),
        func.avg(case((_SITTINGS.c.id.is_not(None), _ANSWERS.c.share))).label("share"),
    )
    .select_from(_QUESTIONS)
    .outerjoin(_ANSWERS, and_(_ANSWERS.c.question_id == _QUESTIONS.c.id, _ANSWERS.c.replaced_at.is_(None)))
    .outerjoin(_SITTINGS, and_(_SITTINGS.c.id == _ANSWERS.c.sitting_id, _SITTINGS.c.finished.is_not(None)))
    .where(_QUESTIONS.c.quiz_id == bindparam("quiz"))
    .where(_QUESTIONS.c.number.between(bindparam("first"), bindparam("last")))
    .group_by(_QUESTIONS.c.id)
    .order_by(_QUESTIONS.c.number)
)


def fared(session: Session, quiz_id: int, numbers: Sequence[int]) -> Sequence[Fared]:
    """Return how each question of a stretch of numbers was answered in finished sittings."""
    if not numbers:
        return []
    rows = prepared.rows(session, _FARED, {"quiz": quiz_id, "first": numbers[0], "last": numbers[-1]})
    return [
        Fared(row.number, row.prompt, row.language, Facility(row.answers, row.share) if row.answers else None)
        for row in rows
    ]


def remove(session: Session, *, before: datetime) -> int:
    """Remove the quizzes deleted before that time with all that hangs on them; return how many."""
    gone = QuizRow.deleted_at < before
    count = session.scalars(select(func.count()).select_from(QuizRow).where(gone)).one()
    session.execute(delete(QuizRow).where(gone), execution_options={"synchronize_session": False})
    return count


# Cards to make questions from


def card_ids_in_decks(session: Session, deck_ids: Sequence[int]) -> Sequence[int]:
    """Return the cards that the living notes of these decks ask, oldest first."""
    return session.scalars(_living_cards().where(NoteRow.deck_id.in_(deck_ids))).all()


def count_cards(session: Session, deck_ids: Sequence[int]) -> int:
    """Return how many cards the living notes of these decks ask."""
    return prepared.scalar(session, _COUNT_IN_DECKS, {"decks": list(deck_ids)}) or 0


def card_ids_of_document(session: Session, document_id: int) -> Sequence[int]:
    """Return the cards that the living notes made from a document ask, oldest first."""
    return session.scalars(_living_cards().where(NoteRow.document_id == document_id)).all()


def card_ids_with_tag(session: Session, tag_id: int) -> Sequence[int]:
    """Return the cards that the living notes with a tag ask, oldest first."""
    query = _living_cards().join(NoteTagRow, NoteTagRow.note_id == NoteRow.id)
    return session.scalars(query.where(NoteTagRow.tag_id == tag_id)).all()


def most_missed(session: Session, learner_id: int, *, since: datetime, limit: int) -> Sequence[int]:
    """Return the cards that the learner lapsed on, or missed in quizzes since then, the most missed first."""
    lapses = select(MemoryRow.card_id, MemoryRow.lapses).where(MemoryRow.learner_id == learner_id, MemoryRow.lapses > 0)
    misses = (
        select(QuestionRow.card_id, func.count())
        .join(AnswerRow, AnswerRow.question_id == QuestionRow.id)
        .join(SittingRow, SittingRow.id == AnswerRow.sitting_id)
        .where(SittingRow.learner_id == learner_id, SittingRow.finished.is_not(None), AnswerRow.at >= since)
        .where(AnswerRow.missed, *_COUNTS)
        .group_by(QuestionRow.card_id)
    )
    counts: dict[int, int] = {}
    for card_id, count in (*session.execute(lapses).all(), *session.execute(misses).all()):
        if card_id is not None:
            counts[card_id] = counts.get(card_id, 0) + count
    ranked = sorted(counts, key=lambda card_id: (-counts[card_id], card_id))[: 2 * limit]
    living = set(session.scalars(_living_cards().where(CardRow.id.in_(ranked))).all())
    return [card_id for card_id in ranked if card_id in living][:limit]


def cards_to_ask(
    session: Session, card_ids: Iterable[int]
) -> Sequence[tuple[int, int, NoteRow, str | None, str | None]]:
    """Return card id and ordinal with the note of each of these cards and its document's title and language, in no order."""
    query = (
        select(CardRow.id, CardRow.ordinal, NoteRow, DocumentRow.title, DocumentRow.language)
        .join(NoteRow, NoteRow.id == CardRow.note_id)
        .outerjoin(DocumentRow, DocumentRow.id == NoteRow.document_id)
        .options(joinedload(NoteRow.picture))
    )
    rows = session.execute(query.where(CardRow.id.in_(card_ids))).all()
    return [(card_id, ordinal, note, title, language) for card_id, ordinal, note, title, language in rows]


def documents_of_living(session: Session, card_ids: Sequence[int]) -> Mapping[int, int | None]:
    """Return, by card id, the document of each of these cards that a living note asks, None without one."""
    query = _living_cards().add_columns(NoteRow.document_id)
    return dict(session.execute(query.where(CardRow.id.in_(card_ids))).all())


def neighbours(session: Session, card_ids: Sequence[int]) -> Sequence[int]:
    """Return all living cards of the decks that these cards are in, oldest first."""
    decks = select(NoteRow.deck_id).join(CardRow, CardRow.note_id == NoteRow.id).where(CardRow.id.in_(card_ids))
    return session.scalars(_living_cards().where(NoteRow.deck_id.in_(decks))).all()


def tags(session: Session, owner_id: int) -> Sequence[tuple[int, str]]:
    """Return id and name of the owner's tags that are on living notes, by name."""
    return prepared.raw(session, _TAGS, {"owner": owner_id})


def tag(session: Session, tag_id: int) -> TagRow | None:
    """Return a tag, or None."""
    return session.get(TagRow, tag_id)


def _is_living() -> ColumnElement[bool]:
    return and_(NoteRow.deleted_at.is_(None), DeckRow.deleted_at.is_(None))


_USED_TAGS = (
    select(NoteTagRow.tag_id)
    .join(NoteRow, NoteRow.id == NoteTagRow.note_id)
    .join(DeckRow, DeckRow.id == NoteRow.deck_id)
    .where(_is_living())
)
_TAGS = (
    select(TagRow.id, TagRow.name)
    .where(TagRow.owner_id == bindparam("owner"), TagRow.id.in_(_USED_TAGS))
    .order_by(TagRow.name)
)


def _living_cards() -> Select[int]:
    query = select(CardRow.id).join(NoteRow, NoteRow.id == CardRow.note_id).join(DeckRow, DeckRow.id == NoteRow.deck_id)
    return query.where(CardRow.removed_at.is_(None), _is_living()).order_by(CardRow.id)


_QUESTION_COUNTS = (
    select(QuestionRow.quiz_id, func.count())
    .where(QuestionRow.quiz_id.in_(bindparam("quizzes", expanding=True)))
    .group_by(QuestionRow.quiz_id)
)
_COUNT_IN_DECKS = (
    _living_cards()
    .with_only_columns(func.count(), maintain_column_froms=True)
    .order_by(None)
    .where(NoteRow.deck_id.in_(bindparam("decks", expanding=True)))
)
