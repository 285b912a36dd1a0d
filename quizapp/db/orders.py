"""Which card of a queue comes first, in every order that can be chosen. Start from `first_review` and `first_new`.

As they were due, or added, is the order of an index. Any other order is that of the first `WINDOW` cards of it, so
that finding one takes as long in a library of a million cards as in one of ten thousand.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any, cast

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    FromClause,
    Integer,
    Select,
    Table,
    and_,
    bindparam,
    extract,
    func,
    select,
    type_coerce,
)
from sqlalchemy.orm import Session

from quizapp.db import prepared
from quizapp.db.notes import CardRow, NoteRow
from quizapp.db.plans import PlanRow, Queue
from quizapp.db.reviews import MemoryRow
from quizapp.db.study_queues import APART, AT_HAND, Scope, bound, in_queues
from quizapp.domain.options import NewOrder, ReviewOrder

WINDOW = 500
_LOTS = 2**32
_GOLDEN = 2_654_435_761  # odd, and near 2^32 over the golden ratio: multiplied by such numbers, ids are scattered

_PLANS, _MEMORIES = cast(Table, PlanRow.__table__), cast(Table, MemoryRow.__table__)
_CARDS, _NOTES = cast(Table, CardRow.__table__), cast(Table, NoteRow.__table__)
_PLAN, _MEMORY, _CARD, _NOTE = _PLANS.c, _MEMORIES.c, _CARDS.c, _NOTES.c


@dataclass(frozen=True)
class Among:
    """Where to look for a card: in `scope`; in `loose`, a part of it, a note seen today is asked when no other is left."""

    scope: Scope
    loose: Scope | None
    now: datetime
    day: date
    day_start: datetime


def first_review(session: Session, among: Among, order: ReviewOrder) -> int | None:
    """Return the review card that is due and comes first; a note seen today waits until there is no other."""
    values: dict[str, object] = {"now": among.now}
    if order is ReviewOrder.AT_RISK:
        values["moment"] = among.now.timestamp()
    if order is ReviewOrder.RANDOM:
        values["lot"] = _GOLDEN + 2 * among.day.toordinal()
    return _first(session, among, lambda decks: _reviews(decks, order), values)


def first_new(session: Session, among: Among, order: NewOrder, *, seen: int) -> int | None:
    """Return the card never seen that comes first; notes seen today wait as for reviews.

    A random one is another whenever more cards were `seen`.
    """
    values: dict[str, object] = {"now": among.now}
    if order is not NewOrder.RANDOM:
        return _first(session, among, lambda decks: _new(decks, order), values)
    pivot = _pivot(session, among, seen)
    if pivot is None:
        return None
    beyond = _first(session, among, lambda decks: _new(decks, order), {**values, "pivot": pivot})
    return beyond or _first(session, among, lambda decks: _new(decks, order), {**values, "pivot": 0})


@dataclass(frozen=True)
class _Pair:
    """A question for the first card, and the same without the notes that were seen today."""

    any: Select[Any]
    apart: Select[Any]


def _first(
    session: Session, among: Among, question: Callable[[int | None], _Pair], values: dict[str, object]
) -> int | None:
    asked = question(_decks(among.scope)).apart
    found = prepared.scalar(session, asked, bound(among.scope, day_start=among.day_start, **values))
    if found is None and among.loose is not None:
        asked = question(_decks(among.loose)).any
        found = prepared.scalar(session, asked, bound(among.loose, **values))
    return found


def _decks(scope: Scope) -> int | None:
    return None if scope.deck_ids is None else len(scope.deck_ids)


@lru_cache(maxsize=256)
def _reviews(decks: int | None, order: ReviewOrder) -> _Pair:
    due = in_queues(decks)(Queue.REVIEW) & (_PLAN.due <= bindparam("now"))
    return _Pair(_first_review(due, order), _first_review(due & APART, order))


@lru_cache(maxsize=256)
def _new(decks: int | None, order: NewOrder) -> _Pair:
    new = in_queues(decks)(Queue.NEW) & _PLAN.due.is_(None) & AT_HAND
    if order is NewOrder.RANDOM:
        new &= _PLAN.card_id >= bindparam("pivot", type_=Integer)
    return _Pair(_first_new(new, order), _first_new(new & APART, order))


def _first_review(condition: ColumnElement[bool], order: ReviewOrder) -> Select[Any]:
    match order:
        case ReviewOrder.DUE:
            return _in_line(condition).limit(1)
        case ReviewOrder.RANDOM:
            window = _window(condition)
            lot = type_coerce(window.c.card_id, BigInteger) * bindparam("lot", type_=BigInteger) % _LOTS
            return select(window.c.card_id).order_by(lot, window.c.card_id).limit(1)
        case ReviewOrder.AT_RISK:
            # The chance of recall falls with the time gone by, in stabilities.
            gone = bindparam("moment", type_=_MEMORY.stability.type) - extract("epoch", _MEMORY.last_review)
            return _by_memory(condition, (gone / _MEMORY.stability).desc())
        case ReviewOrder.SHORTEST:
            return _by_memory(condition, type_coerce(_MEMORY.interval, BigInteger))


def _first_new(condition: ColumnElement[bool], order: NewOrder) -> Select[Any]:
    if order is not NewOrder.POSITION:
        return _in_line(condition).limit(1)
    window = _window(condition)
    return (
        select(window.c.card_id)
        .join_from(window, _CARDS, _CARD.id == window.c.card_id)
        .join(_NOTES, _NOTE.id == _CARD.note_id)
        .order_by(_NOTE.document_id.nulls_last(), _NOTE.start, _CARD.ordinal, window.c.card_id)
        .limit(1)
    )


def _by_memory(condition: ColumnElement[bool], key: ColumnElement[Any]) -> Select[Any]:
    window = _window(condition)
    its_memory = and_(_MEMORY.card_id == window.c.card_id, _MEMORY.learner_id == bindparam("learner"))
    return (
        select(window.c.card_id)
        .join_from(window, _MEMORIES, its_memory)
        .order_by(key, window.c.due, window.c.card_id)
        .limit(1)
    )


def _in_line(condition: ColumnElement[bool]) -> Select[Any]:
    return select(_PLAN.card_id, _PLAN.due).where(condition).order_by(_PLAN.due, _PLAN.card_id)


def _window(condition: ColumnElement[bool]) -> FromClause:
    return _in_line(condition).limit(WINDOW).subquery("window")


@lru_cache(maxsize=128)
def _reach(decks: int | None) -> Select[Any]:
    new = in_queues(decks)(Queue.NEW) & _PLAN.due.is_(None)
    ends = (select(end(_PLAN.card_id)).where(new).scalar_subquery() for end in (func.min, func.max))
    return cast(Select[Any], select(*ends))


def _pivot(session: Session, among: Among, seen: int) -> int | None:
    """Return an id by chance between the first and the last, the same until another card is seen."""
    ((first, last),) = prepared.rows(session, _reach(_decks(among.scope)), bound(among.scope))
    if first is None:
        return None
    lot = (among.day.toordinal() * 1_000 + seen) * _GOLDEN % _LOTS
    return int(first + (last - first + 1) * lot // _LOTS)
