"""What waits in a learner's queues, in all decks or some: counted, and where the order of an index says what is first.

Start from `waiting` for what can be studied now, `deck_counts` for a list of decks.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache
from itertools import pairwise
from typing import Any, cast

from sqlalchemy import (
    ColumnElement,
    FromClause,
    ScalarSelect,
    Select,
    Table,
    and_,
    bindparam,
    column,
    func,
    literal,
    or_,
    select,
    values,
)
from sqlalchemy.orm import Session

from quizapp.db import prepared
from quizapp.db.notes import CardRow
from quizapp.db.plans import PlanRow, Queue
from quizapp.db.reviews import MemoryRow, ReviewRow
from quizapp.db.tallies import TallyRow
from quizapp.domain.cards import CardId
from quizapp.domain.queues import LEARN_AHEAD, Kind, Waiting

_CARDS, _PLANS = cast(Table, CardRow.__table__), cast(Table, PlanRow.__table__)
_MEMORIES, _REVIEWS = cast(Table, MemoryRow.__table__), cast(Table, ReviewRow.__table__)
_TALLIES = cast(Table, TallyRow.__table__)
_UNDOS, _SIBLINGS = _REVIEWS.alias("undo"), _CARDS.alias("sibling")
_PLAN, _CARD, _MEMORY, _SIBLING, _TALLY = _PLANS.c, _CARDS.c, _MEMORIES.c, _SIBLINGS.c, _TALLIES.c
COUNT_LIMIT = 1000  # nobody reads a larger number, and counting on takes time


@dataclass(frozen=True)
class DeckCounts:
    """The cards of one deck, without its subdecks."""

    cards: int = 0
    new: int = 0
    learned: int = 0  # in the review queue
    seen: int = 0  # in the review or learning queue
    due: int = 0  # at most `COUNT_LIMIT` of either queue
    changes: int = 0  # another number, and the cards or what is remembered of them may be others


@dataclass(frozen=True)
class _Questions:
    """The statements that studying asks, within all decks or some."""

    waiting: Select[Any]
    waiting_apart: Select[Any]
    due: Select[Any]
    steps: Select[Any]
    ahead: Select[Any]


InQueue = Callable[[Queue], ColumnElement[bool]]


@lru_cache(maxsize=128)
def _questions(decks: int | None) -> _Questions:
    """Return the statements for so many decks, None for all."""
    within = in_queues(decks)
    due = within(Queue.REVIEW) & (_PLAN.due <= bindparam("now"))
    new = within(Queue.NEW)
    steps = select(_PLAN.card_id, _PLAN.due).where(within(Queue.LEARNING)).order_by(_PLAN.due, _PLAN.card_id)
    return _Questions(
        waiting=_waiting(within(Queue.LEARNING), due, new),
        waiting_apart=_waiting(within(Queue.LEARNING), due & APART, new & APART),
        due=select(_counted(due)),
        steps=steps.limit(2),
        ahead=_ahead(within),
    )


def in_queues(decks: int | None) -> InQueue:
    """Return the condition of standing in a queue of so many decks; a list that expands cannot be prepared."""

    def in_queue(queue: Queue) -> ColumnElement[bool]:
        within = and_(_PLAN.learner_id == bindparam("learner"), _PLAN.queue == queue)
        return within if decks is None else within & _PLAN.deck_id.in_([bindparam(f"deck{n}") for n in range(decks)])

    return in_queue


def _waiting(learning: ColumnElement[bool], due: ColumnElement[bool], new: ColumnElement[bool]) -> Select[Any]:
    return select(
        _counted(due).label("reviews"),
        (_counted(new) - _counted(new & _BURIED)).label("new"),
        _counted(learning & (_PLAN.due <= bindparam("ahead"))).label("learning"),
        select(func.min(_PLAN.due)).where(learning).scalar_subquery().label("learning_due"),
    )


def _ahead(in_queue: InQueue) -> Select[Any]:
    review = in_queue(Queue.REVIEW)
    before = _PLAN.due < bindparam("end")
    return select(
        select(func.min(_PLAN.due)).where(review, _PLAN.due > bindparam("now")).scalar_subquery().label("next_review"),
        (_counted(review & before) + _counted(in_queue(Queue.LEARNING) & before)).label("due"),
    )


def _counted(condition: ColumnElement[bool], *, of: FromClause = _TALLIES) -> ScalarSelect[int]:
    # Within a query of tallies, or of what it is of, the condition may be about the row at hand.
    some = select(literal(1)).select_from(_PLANS).where(condition).correlate(of).limit(COUNT_LIMIT).subquery()
    return select(func.count()).select_from(some).scalar_subquery()


# New cards have no due date that could wait until a card may be asked again; few are buried.
AT_HAND = or_(_PLAN.buried_until.is_(None), _PLAN.buried_until <= bindparam("now"))
_BURIED = _PLAN.buried_until > bindparam("now")  # what `AT_HAND` is not, said as its index has it
# No other card of the note has been reviewed since the day began.
APART = ~(
    select(literal(1))
    .select_from(_CARDS)
    .join(_SIBLINGS, and_(_SIBLING.note_id == _CARD.note_id, _SIBLING.id != _CARD.id))
    .join(_MEMORIES, and_(_MEMORY.card_id == _SIBLING.id, _MEMORY.learner_id == bindparam("learner")))
    .where(_CARD.id == _PLAN.card_id, _MEMORY.last_review >= bindparam("day_start"))
    .exists()
)
_ANSWERED_IN = (
    select(func.count())
    .select_from(_REVIEWS)
    .join(_PLANS, and_(_PLAN.card_id == _REVIEWS.c.card_id, _PLAN.learner_id == bindparam("learner")))
    .where(_REVIEWS.c.learner_id == bindparam("learner"), _REVIEWS.c.day == bindparam("day"))
    .where(_REVIEWS.c.was.is_not(None), _PLAN.deck_id.in_(bindparam("decks", expanding=True)))
    .where(~select(literal(1)).select_from(_UNDOS).where(_UNDOS.c.undoes == _REVIEWS.c.id).exists())
)
_ANSWERED_BY_DECK = (
    select(_PLAN.deck_id, _REVIEWS.c.was, func.count().label("count"))
    .select_from(_REVIEWS)
    .join(_PLANS, and_(_PLAN.card_id == _REVIEWS.c.card_id, _PLAN.learner_id == bindparam("learner")))
    .where(_REVIEWS.c.learner_id == bindparam("learner"), _REVIEWS.c.day == bindparam("day"))
    .where(_REVIEWS.c.was.is_not(None), ~select(literal(1)).where(_UNDOS.c.undoes == _REVIEWS.c.id).exists())
    .group_by(_PLAN.deck_id, _REVIEWS.c.was)
)
_IN_THIS_DECK = and_(_PLAN.learner_id == _TALLY.learner_id, _PLAN.deck_id == _TALLY.deck_id)
_DUE_REVIEWS = _counted(_IN_THIS_DECK & (_PLAN.queue == Queue.REVIEW) & (_PLAN.due <= bindparam("now")))
_DUE_STEPS = _counted(_IN_THIS_DECK & (_PLAN.queue == Queue.LEARNING) & (_PLAN.due < bindparam("end")))
_DECK_COUNTS = select(_TALLIES, (_DUE_REVIEWS + _DUE_STEPS).label("due")).where(
    _TALLY.learner_id == bindparam("learner"), _TALLY.deck_id.in_(bindparam("decks", expanding=True))
)


@dataclass(frozen=True)
class Scope:
    """Whose cards are studied, and in which decks; None means in all."""

    learner_id: int
    deck_ids: tuple[int, ...] | None = None


def waiting(session: Session, scope: Scope, now: datetime, *, apart_since: datetime | None = None) -> Waiting:
    """Return what could be studied now, each count at most `COUNT_LIMIT`.

    Since a time that is given, a card whose note was seen through another card is left out.
    """
    asked, times = _within(scope).waiting, {"now": now, "ahead": now + LEARN_AHEAD}
    if apart_since:
        asked, times["day_start"] = _within(scope).waiting_apart, apart_since
    row = prepared.rows(session, asked, bound(scope, **times))[0]
    return Waiting(reviews=row.reviews, new=row.new, learning=row.learning, learning_due=row.learning_due)


def due_reviews(session: Session, scope: Scope, now: datetime) -> int:
    """Return how many reviews `waiting` finds."""
    return prepared.scalar(session, _within(scope).due, bound(scope, now=now)) or 0


def first_steps(session: Session, scope: Scope) -> Sequence[tuple[CardId, datetime]]:
    """Return the two cards in steps that are due first, with when."""
    return prepared.rows(session, _within(scope).steps, bound(scope))


def coming(session: Session, scope: Scope, *, now: datetime, end: datetime) -> tuple[datetime | None, int]:
    """Return when the next review falls due after now, and how many cards that were seen are due before `end`."""
    row = prepared.rows(session, _within(scope).ahead, bound(scope, now=now, end=end))[0]
    return row.next_review, min(row.due, COUNT_LIMIT)


def answered_in(session: Session, deck_ids: Sequence[int], *, learner_id: int, day: date) -> int:
    """Return how many grades the learner gave that day to cards of these decks, without what was undone."""
    this = {"learner": learner_id, "day": day, "decks": deck_ids}
    return session.execute(_ANSWERED_IN, this).scalar_one()


def answered_by_deck(session: Session, *, learner_id: int, day: date) -> Mapping[tuple[int, Kind], int]:
    """Return how many grades the learner gave that day, by deck and queue, without what was undone."""
    rows = prepared.rows(session, _ANSWERED_BY_DECK, {"learner": learner_id, "day": day})
    return {(row.deck_id, row.was): row.count for row in rows}


def deck_counts(
    session: Session, learner_id: int, deck_ids: Sequence[int], *, now: datetime, end: datetime
) -> Mapping[int, DeckCounts]:
    """Return the learner's cards by deck; due are reviews now and learning steps before `end`."""
    bound = {"learner": learner_id, "decks": list(deck_ids), "now": now, "end": end}
    return {
        row.deck_id: DeckCounts(
            cards=row.new + row.learning + row.review + row.suspended,
            new=row.new,
            learned=row.review,
            seen=row.review + row.learning,
            due=row.due,
            changes=row.changes,
        )
        for row in prepared.rows(session, _DECK_COUNTS, bound)
    }


def due_between(session: Session, learner_id: int, ends: Sequence[datetime]) -> Sequence[int]:
    """Return how many cards that were seen fall due before each end and not before the one ahead of it.

    Each count is at most `COUNT_LIMIT`.
    """
    edges = (datetime.min.replace(tzinfo=UTC), *ends)
    asked = {"learner": learner_id, **{f"edge{n}": at for n, at in enumerate(edges)}}
    rows = prepared.rows(session, _due_between(len(ends)), asked)
    return [min(count, COUNT_LIMIT) for _start, count in sorted(tuple(row) for row in rows)]


def _within(scope: Scope) -> _Questions:
    return _questions(None if scope.deck_ids is None else len(scope.deck_ids))


def bound(scope: Scope, **values: object) -> dict[str, object]:
    """Return the values of a statement that is asked within the scope."""
    return {"learner": scope.learner_id, **values, **{f"deck{n}": deck for n, deck in enumerate(scope.deck_ids or ())}}


@lru_cache(maxsize=8)
def _due_between(stretches: int) -> Select[Any]:
    kind = _PLAN.due.type
    edges = pairwise(bindparam(f"edge{n}", type_=kind) for n in range(stretches + 1))
    stretch = values(column("start", kind), column("end", kind), name="stretch").data(list(edges)).cte("stretch")

    def due(queue: Queue) -> ScalarSelect[int]:
        when = (_PLAN.due >= stretch.c.start) & (_PLAN.due < stretch.c.end)
        return _counted((_PLAN.learner_id == bindparam("learner")) & (_PLAN.queue == queue) & when, of=stretch)

    counted = due(Queue.REVIEW) + due(Queue.LEARNING)
    return cast(Select[Any], select(stretch.c.start, counted.label("due")))
