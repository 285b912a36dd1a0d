"""Quizzes: made from decks, documents, tags or misses; listed, looked at, thrown away. Start from `prepare`.

Answering one is in `sittings`.
"""

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from random import Random

from quizapp import markup
from quizapp.db import decks as deck_rows
from quizapp.db import documents, follows, quizzes
from quizapp.db.engine import Session
from quizapp.db.notes import NoteRow
from quizapp.db.pictures import illustration
from quizapp.db.quizzes import Fared, Feedback, Listed, MadeFrom, Order, QuestionRow, QuizRow, Sat
from quizapp.domain.audit import Deed
from quizapp.domain.cards import CardId, answers, faces
from quizapp.domain.near_misses import Askable
from quizapp.domain.permissions import Action, Actor, may
from quizapp.domain.questions import WAYS, Mode, Question, ask
from quizapp.errors import Conflict, InvalidInput
from quizapp.services import audit, browsing
from quizapp.services.access import allowed
from quizapp.services.notes import source, value
from quizapp.services.parts import Part, part
from quizapp.translations import _, marked

MOST_QUESTIONS = 200
MOST_LOOKED_AT = 2_000  # cards, in search of some that can be asked as wished
AT_ONCE = 50
REACH, MOST_NEIGHBOURS = 5, 500  # cards made before and after: of the same passage, they mislead best
RECENT = timedelta(days=60)  # how long a miss in a quiz is remembered
LONGEST_LIMIT = timedelta(hours=24)
LISTED = 200  # documents to choose from
SHOWN = 25  # quizzes, or questions, on a page
SITTINGS_SHOWN = 20
TITLE_LIMIT_CHARS = 200
NAMES = {MadeFrom.MISSED: marked("What I miss most")}
LARGEST_SEED = 2**31 - 1


@dataclass(frozen=True)
class Wish:
    """What a quiz should be; `of` is the id of the deck, document or tag, None for what is missed most."""

    made_from: MadeFrom
    of: int | None = None
    mode: Mode = Mode.MIXED
    count: int | None = 10  # None is all, up to `MOST_QUESTIONS`
    order: Order = Order.SHUFFLED
    feedback: Feedback = Feedback.AT_ONCE
    time_limit: timedelta | None = None
    search: str = ""  # of cards, for `MadeFrom.SEARCH`


@dataclass(frozen=True)
class Prepared:
    """A quiz that can be stored."""

    wish: Wish
    title: str
    questions: Sequence[Question]
    seed: int


@dataclass(frozen=True)
class Material:
    """Something to make a quiz from."""

    made_from: MadeFrom
    of: int | None
    name: str


@dataclass(frozen=True)
class QuizSummary:
    """A line of the list."""

    quiz: Listed
    last: Sat | None  # the learner's newest finished sitting
    open: Sat | None  # begun and not finished


@dataclass(frozen=True)
class QuizView:
    """A quiz, what its learner earned, and how each question did, a page of them."""

    id: int
    title: str
    made_from: MadeFrom
    mode: Mode
    feedback: Feedback
    order: Order
    time_limit: timedelta | None
    created: datetime
    questions: Part[Fared]
    past: Sequence[Sat]  # the newest first
    open: Sat | None
    is_assigned: bool  # asked by its assignment alone
    can_edit: bool


@dataclass(frozen=True)
class Sheet:
    """A quiz to be printed."""

    id: int
    title: str
    questions: Sequence[Question]


def prepare(session: Session, actor: Actor, wish: Wish, *, seed: int, now: datetime) -> Prepared:
    """Make up the questions of a quiz as wished, all chance from the seed; reads only, so that nobody waits for it."""
    if wish.time_limit is not None and not timedelta(0) < wish.time_limit <= LONGEST_LIMIT:
        raise InvalidInput("The time limit must be between 1 minute and 24 hours, or left empty.")
    if wish.count is not None and not 1 <= wish.count <= MOST_QUESTIONS:
        raise InvalidInput(
            "A quiz has between 1 and %(most_questions)s questions. Choose a number in between.",
            most_questions=MOST_QUESTIONS,
        )
    dice = dice_of(seed)
    title, card_ids = _material(session, actor, wish, now=now)
    made = list(_questions(session, _drawn(card_ids, wish, dice), wish, dice))
    if not made:
        raise InvalidInput(_no_question(card_ids, wish))
    if wish.made_from is not MadeFrom.MISSED:
        made.sort(key=lambda question: question.card_id or 0)
    return Prepared(wish, title, made, seed)


def make(session: Session, actor: Actor, prepared: Prepared, *, is_assigned: bool = False, now: datetime) -> int:
    """Store a quiz as it was prepared and return its id; cards that were deleted meanwhile are not asked."""
    card_ids = [question.card_id for question in prepared.questions if question.card_id is not None]
    documents_now = quizzes.documents_of_living(session, card_ids)
    left = [
        replace(question, document_id=documents_now[card_id])
        for question in prepared.questions
        if (card_id := question.card_id) is not None and card_id in documents_now
    ]
    if not left:
        raise Conflict("The cards of this quiz were deleted meanwhile. Choose something else to make it from.")
    title, seed = prepared.title, prepared.seed
    return store(session, actor, prepared.wish, left, title=title, seed=seed, is_assigned=is_assigned, now=now)


def store(
    session: Session,
    actor: Actor,
    wish: Wish,
    questions: Sequence[Question],
    *,
    title: str,
    seed: int,
    is_assigned: bool = False,
    now: datetime,
) -> int:
    """Store a quiz of these questions, in their order, and return its id."""
    quiz = QuizRow(
        owner_id=actor.learner_id,
        title=title[:TITLE_LIMIT_CHARS],
        made_from=wish.made_from,
        mode=wish.mode,
        feedback=wish.feedback,
        order=wish.order,
        time_limit=wish.time_limit,
        seed=seed,
        created=now,
        is_assigned=is_assigned,
    )
    session.add(quiz)
    session.flush()
    session.add_all(_row(quiz, number, question) for number, question in enumerate(questions, 1))
    session.flush()
    if not is_assigned:  # else the assignment is noted
        audit.note_of(session, actor, quiz, Deed.MADE, kind="quiz", detail=quiz.title, now=now)
    return quiz.id


def materials(session: Session, actor: Actor) -> Sequence[Material]:
    """Return what the actor can make a quiz from, by kind and name."""
    learner = actor.learner_id
    return [
        *(Material(MadeFrom.DECK, row.id, row.name) for row in follows.studied(session, learner)),
        *(
            Material(MadeFrom.DOCUMENT, document_id, title)
            for document_id, title in documents.titled(session, learner, limit=LISTED)
        ),
        *(Material(MadeFrom.TAG, tag_id, name) for tag_id, name in quizzes.tags(session, learner)),
        Material(MadeFrom.MISSED, None, _(NAMES[MadeFrom.MISSED])),
    ]


def listed(session: Session, actor: Actor, *, page: int = 1) -> Part[QuizSummary]:
    """Return the actor's quizzes, the newest first, a page of them."""
    some = part(quizzes.ids_newest_first(session, actor.learner_id), page, size=SHOWN)
    sat = quizzes.latest(session, some.shown, actor.person_id) if some.shown else ()
    last = {one.quiz_id: one for one in sat if one.finished}
    under_way = {one.quiz_id: one for one in sat if not one.finished}
    found = quizzes.listed(session, some.shown)
    return some.of([QuizSummary(one, last.get(one.id), under_way.get(one.id)) for one in found])


def quiz(session: Session, actor: Actor, quiz_id: int, *, page: int = 1) -> QuizView:
    """Return a quiz with how it went."""
    row = living(session, actor, quiz_id, Action.SEE)
    sat = quizzes.sittings(session, row.id, actor.person_id, limit=SITTINGS_SHOWN)
    some = part(quizzes.numbers(session, row.id), page, size=SHOWN)
    return QuizView(
        id=row.id,
        title=row.title,
        made_from=row.made_from,
        mode=row.mode,
        feedback=row.feedback,
        order=row.order,
        time_limit=row.time_limit,
        created=row.created,
        questions=some.of(quizzes.fared(session, row.id, some.shown)),
        past=[one for one in sat if one.finished],
        open=next((one for one in sat if not one.finished), None),
        is_assigned=row.is_assigned,
        can_edit=may(actor, Action.EDIT, row.owner_id),
    )


def sheet(session: Session, actor: Actor, quiz_id: int) -> Sheet:
    """Return a quiz with all that it asks."""
    row = living(session, actor, quiz_id, Action.SEE)
    return Sheet(row.id, row.title, quizzes.asked(session, row.id))


def delete(session: Session, actor: Actor, quiz_id: int, *, now: datetime) -> str:
    """Move a quiz to the trash, sittings and all, and return its title."""
    row = living(session, actor, quiz_id, Action.EDIT)
    if row.is_assigned:
        raise Conflict("This quiz is assigned. Delete the assignment, and it goes with it.")
    row.deleted_at = now
    session.flush()
    audit.note_of(session, actor, row, Deed.DELETED, kind="quiz", detail=row.title, now=now)
    return row.title


def restore(session: Session, actor: Actor, quiz_id: int, *, now: datetime) -> str:
    """Take a quiz out of the trash and return its title."""
    row = allowed(quizzes.get(session, quiz_id), actor, Action.EDIT, thing="quiz")
    if row.deleted_at is None:
        return row.title
    row.deleted_at = None
    session.flush()
    audit.note_of(session, actor, row, Deed.RESTORED, kind="quiz", detail=row.title, now=now)
    return row.title


def living(session: Session, actor: Actor, quiz_id: int, action: Action) -> QuizRow:
    """Return a quiz that is not in the trash, if the actor may."""
    row = quizzes.get(session, quiz_id)
    if row is not None and row.is_assigned:
        action = Action.ASSIGN  # whoever is to answer it does not look at the questions before
    return allowed(None if row and row.deleted_at else row, actor, action, thing="quiz")


def dice_of(seed: int) -> Random:
    """Return the chance that follows from a seed."""
    return Random(seed)  # noqa: S311 - an order, not a secret


def question_of(row: QuestionRow) -> Question:
    """Return the question that a row holds."""
    return quizzes.held(row, illustration(row.picture))


def _row(quiz: QuizRow, number: int, question: Question) -> QuestionRow:
    source = question.source
    return QuestionRow(
        owner_id=quiz.owner_id,
        quiz_id=quiz.id,
        number=number,
        card_id=question.card_id,
        way=question.way,
        prompt=question.prompt,
        answer=question.answer,
        right=question.right,
        options=question.options,
        hints=question.hints,
        claim=question.claim,
        explanation=question.explanation,
        document_id=question.document_id,
        document_title=question.document_title,
        language=question.language,
        quote=source.quote if source else None,
        start=source.start if source else None,
        end=source.end if source else None,
        speaker=source.speaker if source else None,
        heading=source.heading if source else None,
        page=source.page if source else None,
        columns=(source.columns or None) if source else None,
        picture_id=question.illustration.id if question.illustration else None,
    )


# Making questions


def _material(session: Session, actor: Actor, wish: Wish, *, now: datetime) -> tuple[str, Sequence[int]]:
    """Return a title and the cards that could be asked."""
    of = wish.of or 0  # no row has it
    match wish.made_from:
        case MadeFrom.DECK:
            deck = allowed(deck_rows.living(session, of), actor, Action.STUDY, thing="deck")
            family = [member.id for member in deck_rows.family(session, deck)]
            return deck.name, quizzes.card_ids_in_decks(session, family)
        case MadeFrom.DOCUMENT:
            document = allowed(documents.get(session, of), actor, Action.STUDY, thing="document")
            return document.title, quizzes.card_ids_of_document(session, document.id)
        case MadeFrom.TAG:
            tag = allowed(quizzes.tag(session, of), actor, Action.STUDY, thing="tag")
            return tag.name, quizzes.card_ids_with_tag(session, tag.id)
        case MadeFrom.SEARCH:
            return wish.search, browsing.matching(session, actor, wish.search, now=now)
        case MadeFrom.MISSED:
            missed = quizzes.most_missed(session, actor.person_id, since=now - RECENT, limit=MOST_QUESTIONS)
            return _(NAMES[MadeFrom.MISSED]), missed
        case MadeFrom.SITTING:
            raise InvalidInput("Open the result of a quiz and press “Again with the misses”.")


def _drawn(card_ids: Sequence[int], wish: Wish, dice: Random) -> Sequence[int]:
    """Return the cards in the order in which they are tried: the most missed first, others by chance."""
    if wish.made_from is MadeFrom.MISSED or (wish.count is None and len(card_ids) <= MOST_QUESTIONS):
        return card_ids
    return dice.sample(card_ids, min(len(card_ids), MOST_LOOKED_AT))


def _questions(session: Session, card_ids: Sequence[int], wish: Wish, dice: Random) -> Iterator[Question]:
    """Yield as many questions as are wished, one of a note, unless all are."""
    left = wish.count or MOST_QUESTIONS
    asked: set[int] = set()
    for start in range(0, len(card_ids), AT_ONCE):
        some = card_ids[start : start + AT_ONCE]
        cards, others = _askables(session, some), _neighbours(session, some)
        for card_id in some:
            note_id, card = cards[card_id]
            if wish.count is not None and note_id in asked:
                continue  # the gaps of one text give each other away
            if left and (question := ask(card, others, WAYS[wish.mode], dice)):
                asked.add(note_id)
                left -= 1
                yield question
        if not left:
            return


def _neighbours(session: Session, card_ids: Sequence[int]) -> Sequence[Askable]:
    """Return cards of the same decks that were made shortly before or after these, and others if those are few."""
    pool = quizzes.neighbours(session, card_ids)
    near: dict[int, None] = {}
    for card_id in card_ids:
        place = bisect_left(pool, card_id)
        near.update(dict.fromkeys(pool[max(0, place - REACH) : place + REACH]))
    chosen = list(dict.fromkeys((*near, *pool[:MOST_NEIGHBOURS])))[:MOST_NEIGHBOURS]
    return [card for _, card in _askables(session, chosen).values()]


def _askables(session: Session, card_ids: Sequence[int]) -> Mapping[int, tuple[int, Askable]]:
    """Return the cards with the ids of their notes, by their own ids."""
    return {
        card_id: (row.id, _askable(card_id, ordinal, row, title, language))
        for card_id, ordinal, row, title, language in quizzes.cards_to_ask(session, card_ids)
    }


def _askable(card_id: int, ordinal: int, row: NoteRow, title: str | None, language: str | None) -> Askable:
    note = value(row)
    face = next(face for face in faces(note) if face.ordinal == ordinal)
    told = answers(note, face)
    return Askable(
        card_id=CardId(card_id),
        kind=note.kind,
        question=face.question,
        answers=told,
        right=tuple(markup.unillustrated(answer) for answer in told),
        choices=note.choices,
        explanation=note.explanation,
        source=source(row),
        illustration=illustration(row.picture),
        document_id=row.document_id,
        document_title=title,
        language=language,
    )


def _no_question(card_ids: Sequence[int], wish: Wish) -> str:
    if wish.made_from is MadeFrom.MISSED and not card_ids:
        return marked(
            "You have missed nothing yet, so there is nothing to repeat. Study a little, or take another quiz first."
        )
    if not card_ids:
        return marked("There are no cards to ask here yet. Keep some cards first, then make the quiz.")
    return marked("None of these cards can be asked in that way. Choose another kind of question, or mixed.")
