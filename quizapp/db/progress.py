"""What is counted of reviews and memories to show progress. Undone reviews are never counted."""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from functools import cached_property
from typing import Any, cast

from sqlalchemy import (
    CTE,
    BigInteger,
    ColumnElement,
    Integer,
    Select,
    Table,
    Text,
    and_,
    bindparam,
    case,
    func,
    literal_column,
    or_,
    select,
    type_coerce,
    union_all,
)
from sqlalchemy import cast as as_type

from quizapp.db import prepared
from quizapp.db.documents import DocumentRow
from quizapp.db.engine import Session
from quizapp.db.notes import CardRow, NoteRow, NoteTagRow, TagRow
from quizapp.db.plans import PlanRow, Queue
from quizapp.db.reviews import MemoryRow, ReviewRow
from quizapp.db.tallies import TallyRow
from quizapp.domain.progress import DIFFICULTY_EDGES, STABILITY_EDGES, TESTS, Period, Pile, Recall
from quizapp.domain.scheduling import Grade

_LOTS = 2**32
_SPREAD = (
    2_654_435_761  # 2^32 over the golden ratio: multiplied by it, ids spread evenly over 2^32 whatever their pattern
)

_REVIEWS, _MEMORIES = cast(Table, ReviewRow.__table__), cast(Table, MemoryRow.__table__)
_PLANS, _CARDS = cast(Table, PlanRow.__table__), cast(Table, CardRow.__table__)
_NOTES, _DOCUMENTS = cast(Table, NoteRow.__table__), cast(Table, DocumentRow.__table__)
_TALLY = cast(Table, TallyRow.__table__).c
_TAGS, _NOTE_TAGS = cast(Table, TagRow.__table__), cast(Table, NoteTagRow.__table__)
_REVIEW, _MEMORY, _PLAN, _CARD, _NOTE = _REVIEWS.c, _MEMORIES.c, _PLANS.c, _CARDS.c, _NOTES.c
_MINE = _REVIEW.learner_id == bindparam("learner")
_IN_PERIOD = _REVIEW.day.between(bindparam("first"), bindparam("last"))
_IS_TEST = or_(*(_REVIEW.stage == stage for stage in TESTS))
_TIME = func.coalesce(type_coerce(_REVIEW.duration, BigInteger), 0)
_PASSED = case((_REVIEW.grade != Grade.AGAIN, 1), else_=0)


class Of(Enum):
    """What tests are counted by."""

    DECK = 0
    DOCUMENT = 1
    SPEAKER = 2
    TAG = 3
    CARDS = 4  # how many were tested


GROUPED = (Of.DECK, Of.DOCUMENT, Of.SPEAKER, Of.TAG)


@dataclass(frozen=True)
class Tests:
    """How many cards were tested, and how well those of each deck and such are remembered."""

    cards: int
    groups: Mapping[Of, Mapping[str, Recall]]  # by id, or by name


@dataclass(frozen=True)
class Class:
    """Seen cards between the same edges."""

    stability: int  # how many of the edges they have reached
    difficulty: int
    cards: int
    reviews: int  # of them all


@dataclass(frozen=True)
class Learnt:
    """What a learner's answers have come to, whatever the cards count under."""

    recalls: Mapping[
        int, tuple[int, int]
    ]  # of each card that was tested in the period: tests, and how many were passed
    # Of each seen card: when it was answered last, stability, difficulty and reviews.
    memories: Sequence[tuple[int, datetime, float, float, int]]


class Asked:
    """What is asked of a learner's cards, be they ever so many: how those were remembered that were tested in a period, and all seen."""

    def __init__(self, session: Session, learner_id: int, period: Period) -> None:
        self.session = session
        self.learner = {"learner": learner_id}
        self.within = {**self.learner, "first": period.first, "last": period.last}

    @cached_property
    def seen(self) -> int:
        """Return how many cards the learner has seen and studies."""
        return prepared.scalar(self.session, _COUNT_SEEN, self.learner) or 0

    @cached_property
    def tests(self) -> Tests:
        """Return how the cards that were tested were remembered."""
        cards, groups = 0, {of: dict[str, Recall]() for of in GROUPED}
        for row in prepared.rows(self.session, _TESTS, self.within):
            if row.what == Of.CARDS.value:
                cards = row.tests
            else:
                groups[Of(row.what)][row.name] = Recall(row.tests, row.passed)
        return Tests(cards, groups)

    def tested(self, *, share: float, limit: int) -> Sequence[int]:
        """Return about that share of the cards that were tested, always the same ones."""
        bound = {**self.within, "lots": int(share * _LOTS), "limit": limit}
        return [card_id for (card_id,) in prepared.rows(self.session, _TESTED, bound)]

    def seen_by_document(self) -> Mapping[int, tuple[str, int]]:
        """Return, by document, its title and how many of its cards the learner has seen and studies."""
        rows = prepared.rows(self.session, _SEEN_BY_DOCUMENT, self.learner)
        return {document_id: (title, count) for document_id, title, count in rows}

    def classes(self) -> Sequence[Class]:
        """Return the classes of stability and of difficulty that seen cards are in."""
        rows = prepared.rows(self.session, _CLASSES, self.learner)
        return [Class(row.stability, row.difficulty, row.cards, int(row.reviews)) for row in rows]

    def traces(self, *, share: float) -> Sequence[tuple[datetime, float]]:
        """Return last review and stability of about that share of all seen cards, always the same ones."""
        return prepared.rows(self.session, _TRACES, {**self.learner, "lots": int(share * _LOTS)})

    def traces_of_document(self, document_id: int, *, share: float) -> Sequence[tuple[datetime, float]]:
        """Return the same of the cards of one document."""
        bound = {**self.learner, "document": document_id, "lots": int(share * _LOTS)}
        return prepared.rows(self.session, _TRACES_OF_DOCUMENT, bound)


class Held(Asked):
    """The same of seen cards that are few enough to be read at once, with what is asked of them worked out here.

    Statements would go through the same cards eight times.
    """

    @cached_property
    def mark(self) -> Sequence[object]:
        """Return what is another once anything was answered, cards moved or were seen no more, and so what was `learnt`."""
        return [
            *prepared.raw(self.session, _CHANGES, self.learner),
            *prepared.raw(self.session, _ANSWERS, self.learner),
        ]

    @cached_property
    def learnt(self) -> Learnt:
        """Return what was learnt; who knows it of the same `mark` may put it here."""
        recalls = prepared.raw(self.session, _RECALLS, self.within)
        memories = prepared.plain(self.session, _MEMORIES_OF_SEEN, self.learner)
        return Learnt(
            {card_id: (int(tests), int(passed)) for card_id, tests, passed in recalls},
            cast(Sequence[tuple[int, datetime, float, float, int]], memories),
        )

    @cached_property
    def seen(self) -> int:
        return len(self.learnt.memories)

    @cached_property
    def places(self) -> Mapping[int, tuple[Any, ...]]:
        """Return of each card, seen or tested, its deck if it has a plan, its note, document and speaker, after itself."""
        places = {row[0]: row for row in prepared.raw(self.session, _PLACES_OF_SEEN, self.learner)}
        if others := [one for one in self.learnt.recalls if one not in places]:
            found = prepared.raw(self.session, _PLACES, {**self.learner, "cards": others})
            places |= {row[0]: row for row in found}
        return places

    @cached_property
    def tests(self) -> Tests:
        recalls, places = self.learnt.recalls, self.places
        tagged = prepared.raw(self.session, _TAGGED, self.within)
        of_notes: dict[int, list[int]] = {note: [0, 0] for note, _ in tagged}
        alike: dict[tuple[Any, ...], list[int]] = {}
        for card_id, recall in recalls.items():
            _card, deck, note, document, speaker = places[card_id]
            _add(alike, (deck, document, speaker), recall)
            if note in of_notes:
                _add(of_notes, note, recall)
        sums: dict[Of, dict[Any, list[int]]] = {of: {} for of in GROUPED}
        decks, documents, speakers, tags = sums.values()
        for (deck, document, speaker), tests in alike.items():
            _add(decks, deck, tests)
            _add(documents, document, tests)
            _add(speakers, speaker, tests)
        for note, tag in tagged:
            _add(tags, tag, of_notes[note])
        groups = {
            of: {str(name): Recall(*recall) for name, recall in counts.items() if name is not None}
            for of, counts in sums.items()
        }
        return Tests(len(recalls), groups)

    def tested(self, *, share: float, limit: int) -> Sequence[int]:
        lots = int(share * _LOTS)
        planned = [one for one in self.learnt.recalls if lots > _lot(one) and self.places[one][1] is not None]
        return sorted(planned, key=_lot)[:limit]

    def seen_by_document(self) -> Mapping[int, tuple[str, int]]:
        if not self.of_documents:
            return {}
        titles = prepared.raw(self.session, _TITLES, {"documents": list(self.of_documents)})
        return {document_id: (title, len(self.of_documents[document_id])) for document_id, title in titles}

    def classes(self) -> Sequence[Class]:
        found: dict[tuple[int, int], list[int]] = {}
        for _, _, stability, difficulty, reviews in self.learnt.memories:
            place = bisect_right(STABILITY_EDGES, stability), bisect_right(DIFFICULTY_EDGES, difficulty)
            found.setdefault(place, []).append(reviews)
        return [Class(*place, len(reviews), sum(reviews)) for place, reviews in found.items()]

    def traces(self, *, share: float) -> Sequence[tuple[datetime, float]]:
        lots = int(share * _LOTS)
        memories = self.learnt.memories
        return [(last_review, stability) for one, last_review, stability, _, _ in memories if lots > _lot(one)]

    def traces_of_document(self, document_id: int, *, share: float) -> Sequence[tuple[datetime, float]]:
        lots = int(share * _LOTS)
        return [trace for card_id, trace in self.of_documents[document_id] if lots > _lot(card_id)]

    @cached_property
    def of_documents(self) -> Mapping[int, Sequence[tuple[int, tuple[datetime, float]]]]:
        """Return the traces of seen cards by the document that they come from."""
        found: dict[int, list[tuple[int, tuple[datetime, float]]]] = {}
        for card_id, last_review, stability, _, _ in self.learnt.memories:
            document = self.places[card_id][3]
            if document is not None:
                found.setdefault(document, []).append((card_id, (last_review, stability)))
        return found


def _add(counts: dict[Any, list[int]], name: object, recall: Sequence[int]) -> None:
    """Add tests, and how many of them were passed, to those of that name."""
    sums = counts.get(name)
    if sums is None:
        counts[name] = [*recall]
    else:
        sums[0] += recall[0]
        sums[1] += recall[1]


def _lot(card_id: int) -> int:
    """Return what `_LOT` says of a card."""
    return card_id * _SPREAD % _LOTS


def _tests() -> Select[Any]:
    """Count tests by deck, document, speaker and tag in one statement, so that they are read once."""
    by_card = (
        select(_REVIEW.card_id, func.count().label("tests"), func.sum(_PASSED).label("passed"))
        .where(_MINE, _IN_PERIOD, _IS_TEST)
        .group_by(_REVIEW.card_id)
        .cte("by_card")
    )
    card = by_card.c
    by_note = (
        select(_CARD.note_id, *_sums(by_card))
        .join_from(by_card, _CARDS, _CARD.id == card.card_id)
        .group_by(_CARD.note_id)
        .cte("by_note")
    )
    note = by_note.c
    mine = and_(_PLAN.card_id == card.card_id, _PLAN.learner_id == bindparam("learner"))
    decks = select(_of(Of.DECK), as_type(_PLAN.deck_id, Text).label("name"), *_sums(by_card))
    cards = select(_of(Of.CARDS), literal_column("''", Text), func.count(), literal_column("0", BigInteger))
    parts = [decks.join_from(by_card, _PLANS, mine).group_by(_PLAN.deck_id), cards.select_from(by_card)]
    for what, name in ((Of.DOCUMENT, _NOTE.document_id), (Of.SPEAKER, _NOTE.speaker)):
        notes = select(_of(what), as_type(name, Text), *_sums(by_note)).where(name.is_not(None)).group_by(name)
        parts.append(notes.join_from(by_note, _NOTES, _NOTE.id == note.note_id))
    tags = select(_of(Of.TAG), _TAGS.c.name, *_sums(by_note)).group_by(_TAGS.c.name)
    tags = tags.join_from(by_note, _NOTE_TAGS, _NOTE_TAGS.c.note_id == note.note_id)
    parts.append(tags.join(_TAGS, _TAGS.c.id == _NOTE_TAGS.c.tag_id))
    return select(union_all(*parts).subquery("counts"))


def _sums(counted: CTE) -> tuple[ColumnElement[int], ...]:
    return tuple(as_type(func.sum(counted.c[name]), BigInteger).label(name) for name in ("tests", "passed"))


def _of(what: Of) -> ColumnElement[int]:
    return literal_column(str(what.value), Integer).label("what")


_PILES = (
    select(_REVIEW.day, _REVIEW.quarter, _REVIEW.stage, func.count(), func.sum(_PASSED))
    .add_columns(type_coerce(as_type(func.sum(_TIME), BigInteger), _REVIEW.duration.type))
    .where(_MINE, _IN_PERIOD, _REVIEW.stage.is_not(None))
    .group_by(_REVIEW.day, _REVIEW.quarter, _REVIEW.stage)
)
_TESTS = _tests()
_CARD_DAYS = (
    select(_REVIEW.card_id, _REVIEW.day).where(_MINE, _REVIEW.stage.is_not(None)).distinct().subquery("card_days")
)
_DAYS_OF_CARDS = select(func.count(), func.count(_CARD_DAYS.c.card_id.distinct())).select_from(_CARD_DAYS)
_FIRST_DAY = select(_REVIEW.day).where(_MINE, _REVIEW.was.is_not(None)).order_by(_REVIEW.day).limit(1)

_IS_SEEN = or_(_PLAN.queue == Queue.REVIEW, _PLAN.queue == Queue.LEARNING)
_SEEN = and_(_PLAN.learner_id == bindparam("learner"), _IS_SEEN)
_COUNT_SEEN = select(func.count()).select_from(_PLANS).where(_SEEN)
_SEEN_BY_DOCUMENT = (
    select(_NOTE.document_id, _DOCUMENTS.c.title, func.count())
    .select_from(_PLANS)
    .join(_CARDS, _CARD.id == _PLAN.card_id)
    .join(_NOTES, _NOTE.id == _CARD.note_id)
    .join(_DOCUMENTS, _DOCUMENTS.c.id == _NOTE.document_id)
    .where(_SEEN)
    .group_by(_NOTE.document_id, _DOCUMENTS.c.title)
)
_LOT: ColumnElement[int] = (
    _PLAN.card_id * literal_column(str(_SPREAD), BigInteger) % literal_column(str(_LOTS), BigInteger)
)
_CHOSEN_BY_LOT = bindparam("lots", type_=BigInteger) > _LOT
_THEIR_MEMORIES = and_(_MEMORY.card_id == _PLAN.card_id, _MEMORY.learner_id == bindparam("learner"))
_TRACES = (
    select(_MEMORY.last_review, _MEMORY.stability)
    .join_from(_PLANS, _MEMORIES, _THEIR_MEMORIES)
    .where(_SEEN, _CHOSEN_BY_LOT)
)
_TRACES_OF_DOCUMENT = (
    select(_MEMORY.last_review, _MEMORY.stability)
    .select_from(_NOTES)
    .join(_CARDS, _CARD.note_id == _NOTE.id)
    .join(_PLANS, _PLAN.card_id == _CARD.id)
    .join(_MEMORIES, _THEIR_MEMORIES)
    .where(_NOTE.document_id == bindparam("document"), _SEEN, _CHOSEN_BY_LOT)
)


def _class(value: ColumnElement[float], edges: Sequence[float]) -> ColumnElement[int]:
    """Return how many of the edges the value has reached."""
    return case(*((value < edge, place) for place, edge in enumerate(edges)), else_=len(edges))


_OF_MEMORY = ("last_review", "stability", "difficulty", "reviews")
_CLASSED = (
    select(
        _class(_MEMORY.stability, STABILITY_EDGES).label("stability"),
        _class(_MEMORY.difficulty, DIFFICULTY_EDGES).label("difficulty"),
        _MEMORY.reviews,
    )
    .join_from(_PLANS, _MEMORIES, _THEIR_MEMORIES)
    .where(_SEEN)
    .subquery("classed")
)
_CLASSES = select(
    _CLASSED.c.stability,
    _CLASSED.c.difficulty,
    func.count().label("cards"),
    func.sum(_CLASSED.c.reviews).label("reviews"),
).group_by(_CLASSED.c.stability, _CLASSED.c.difficulty)
_IN_TESTS = select(_REVIEW.card_id).where(_MINE, _IN_PERIOD, _IS_TEST).distinct().subquery("in_tests")
_TESTED = (
    select(_PLAN.card_id)
    .join_from(_IN_TESTS, _PLANS, _PLAN.card_id == _IN_TESTS.c.card_id)
    .where(_PLAN.learner_id == bindparam("learner"), _CHOSEN_BY_LOT)
    .order_by(_LOT)
    .limit(bindparam("limit"))
)
_MEMORIES_OF_SEEN = (
    select(_PLAN.card_id, *(_MEMORY[name] for name in _OF_MEMORY))
    .join_from(_PLANS, _MEMORIES, _THEIR_MEMORIES)
    .where(_SEEN)
)
_PLACES_OF_SEEN = (
    select(_PLAN.card_id, _PLAN.deck_id, _CARD.note_id, _NOTE.document_id, _NOTE.speaker)
    .join_from(_PLANS, _CARDS, _CARD.id == _PLAN.card_id)
    .join(_NOTES, _NOTE.id == _CARD.note_id)
    .where(_SEEN)
)
_CHANGES = (
    select(_TALLY.deck_id, _TALLY.changes).where(_TALLY.learner_id == bindparam("learner")).order_by(_TALLY.deck_id)
)
# Of cards that are removed for good reviews are removed as well, and no tally tells.
_ANSWERS = select(func.count()).select_from(_REVIEWS).where(_MINE)
_RECALLS = (
    select(_REVIEW.card_id, func.count(), func.sum(_PASSED))
    .where(_MINE, _IN_PERIOD, _IS_TEST)
    .group_by(_REVIEW.card_id)
)
_PLACES = (
    select(_CARD.id, _PLAN.deck_id, _CARD.note_id, _NOTE.document_id, _NOTE.speaker)
    .join_from(_CARDS, _NOTES, _NOTE.id == _CARD.note_id)
    .outerjoin(_PLANS, and_(_PLAN.card_id == _CARD.id, _PLAN.learner_id == bindparam("learner")))
    .where(_CARD.id.in_(bindparam("cards", expanding=True)))
)
_TAGGED = (
    select(_NOTE_TAGS.c.note_id, _TAGS.c.name)
    .join_from(_IN_TESTS, _CARDS, _CARD.id == _IN_TESTS.c.card_id)
    .join(_NOTE_TAGS, _NOTE_TAGS.c.note_id == _CARD.note_id)
    .join(_TAGS, _TAGS.c.id == _NOTE_TAGS.c.tag_id)
    .distinct()
)
_TITLES = select(_DOCUMENTS.c.id, _DOCUMENTS.c.title).where(_DOCUMENTS.c.id.in_(bindparam("documents", expanding=True)))


def first_day(session: Session, learner_id: int) -> date | None:
    """Return the first day on which the learner gave a grade, undone or not; None before it."""
    return prepared.scalar(session, _FIRST_DAY, {"learner": learner_id})


def count_tests(session: Session, learner_id: int) -> int:
    """Return how many answers test memory: the first of a day to a card that was answered on a day before."""
    days, cards = session.execute(_DAYS_OF_CARDS, {"learner": learner_id}).one()
    return int(days - cards)


def piles(session: Session, learner_id: int, period: Period) -> Sequence[Pile]:
    """Return what the learner did on the days of the period, in the order of days."""
    bound = {"learner": learner_id, "first": period.first, "last": period.last}
    return list(map(Pile._make, prepared.plain(session, _PILES, bound)))


def cards(session: Session, learner_id: int, period: Period, *, few: int) -> Asked:
    """Return the learner's cards to ask about them; as many as are few are read at once."""
    asked = Asked(session, learner_id, period)
    return asked if asked.seen > few else Held(session, learner_id, period)
