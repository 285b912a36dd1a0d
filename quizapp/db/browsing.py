"""The rows of the card browser: sorted, a page at a time, and counted. What they fulfil is in `card_conditions`."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from functools import lru_cache
from typing import Any, cast

from sqlalchemy import (
    BindParameter,
    Column,
    ColumnElement,
    Double,
    FromClause,
    Select,
    Table,
    bindparam,
    case,
    column,
    exists,
    func,
    literal,
    or_,
    select,
    table,
)
from sqlalchemy import cast as as_type
from sqlalchemy.orm import Session
from sqlalchemy.sql import visitors

from quizapp.db import prepared, tallies
from quizapp.db.card_conditions import (
    CARDS,
    MEMORIES,
    NOTES,
    PLANS,
    Reckoning,
    condition,
    elapsed_days,
    plain_condition,
)
from quizapp.db.decks import DeckRow
from quizapp.db.note_words import SEARCH, WORDS, source_words, words
from quizapp.db.notes import NoteTagRow, TagRow
from quizapp.db.plans import Queue
from quizapp.db.searching import is_in_a_file
from quizapp.domain.cards import Note
from quizapp.domain.expressions import All, Everything, Expression, Field, Is, Named, State
from quizapp.domain.scheduling import Memory

_DECKS, _NOTE_TAGS, _TAGS = (cast(Table, row.__table__) for row in (DeckRow, NoteTagRow, TagRow))
_PLAN, _CARD, _NOTE, _MEMORY = PLANS.c, CARDS.c, NOTES.c, MEMORIES.c
NOTES_AT_ONCE = 1_000
KEPT = 256  # statements


class SortedBy(Enum):
    """What the browser can be sorted by."""

    ADDED = "added"
    QUESTION = "question"
    DECK = "deck"
    DUE = "due"
    STABILITY = "stability"
    RECALL = "recall"
    LAPSES = "lapses"
    TAGS = "tags"
    FLAG = "flag"
    STATE = "state"


@dataclass(frozen=True)
class BrowsedCard:
    """A card as the browser shows it."""

    card_id: int
    owner_id: int
    note_id: int
    ordinal: int
    note: Note  # without tags and source
    deck_id: int
    deck_name: str
    queue: Queue
    due: datetime | None
    suspended: bool
    buried_until: datetime | None
    flag: int
    memory: Memory | None


_OTHERS = select(
    or_(
        exists().where(_PLAN.learner_id < bindparam("learner")),
        exists().where(_PLAN.learner_id > bindparam("learner")),
    )
)
_REMEMBERED = tuple(_MEMORY[name] for name in Memory.__dataclass_fields__)
_SHOWN = (
    *(_PLAN.card_id, _CARD.owner_id, _CARD.note_id, _CARD.ordinal, _PLAN.deck_id, _DECKS.c.name),
    *(_PLAN.queue, _PLAN.due, _PLAN.suspended, _PLAN.buried_until, _PLAN.flag),
    *(_NOTE.kind, _NOTE.question, _NOTE.answer, _NOTE.choices, _NOTE.explanation),
)
# In which order states come: what is studied first, and what is set aside last.
_STATES = {Queue.LEARNING: 0, Queue.REVIEW: 1, Queue.NEW: 2, Queue.SUSPENDED: 3}
_FIRST_TAG = (
    select(func.min(_TAGS.c.name))
    .join(_NOTE_TAGS, _NOTE_TAGS.c.tag_id == _TAGS.c.id)
    .where(_NOTE_TAGS.c.note_id == _CARD.note_id)
    .scalar_subquery()
)
_SORTED: Mapping[SortedBy, ColumnElement[Any]] = {
    SortedBy.QUESTION: WORDS.c.words,
    SortedBy.DECK: _DECKS.c.name_key,
    SortedBy.DUE: _PLAN.due,
    SortedBy.STABILITY: _MEMORY.stability,
    SortedBy.LAPSES: _MEMORY.lapses,
    SortedBy.TAGS: _FIRST_TAG,
    SortedBy.FLAG: case((_PLAN.flag > 0, _PLAN.flag)),
    SortedBy.STATE: case(*((_PLAN.queue == queue, literal(place)) for queue, place in _STATES.items())),
}


def ids(session: Session, by: Reckoning, expression: Expression) -> Sequence[int]:
    """Return the cards that the expression finds, in the order in which they were made."""
    query = _matching(session, select(_PLAN.card_id), by, expression)
    # The driver's own rows: as many of SQLAlchemy's take longer than it takes to find them.
    cursor = session.connection().execute(query).cursor
    # Sorted here: a database that has to sort goes through the cards in an order that costs more.
    return sorted(card_id for (card_id,) in cursor.fetchall())


def counts(session: Session, by: Reckoning, expression: Expression, among: Expression) -> tuple[int, int]:
    """Return how many cards the expression finds, and how many among these another one does, which asks of plans alone.

    Where nothing is asked for, the first is known without counting, and the second is not counted.
    """
    if expression == Everything():
        return tallies.cards(session, by.learner_id), 0
    counting = _plain_counting(expression, among, is_scan=_is_scan(session, by.learner_id, expression))
    if counting is not None:
        found, some = prepared.rows(session, counting, _moments(by))[0]
        return found, some
    query = select(func.count(), func.count().filter(condition(session, by, among)))
    row = session.execute(_matching(session, query, by, expression)).one()
    return row[0], row[1]


def rows(
    session: Session,
    by: Reckoning,
    expression: Expression,
    *,
    order: SortedBy,
    is_reversed: bool,
    offset: int,
    limit: int,
) -> Sequence[BrowsedCard]:
    """Return cards that the expression finds, as they are shown; cards without what is sorted by come last."""
    is_scan = _is_scan(session, by.learner_id, expression)
    kept = _plain_page(expression, order, is_reversed=is_reversed, is_scan=is_scan)
    if kept is not None:
        ids = prepared.rows(session, kept, {**_moments(by), "offset": offset, "limit": limit})
        shown: Sequence[int] = [card_id for (card_id,) in ids]
    else:
        query = _sorted_ids(session, by, expression, order=order, is_reversed=is_reversed)
        shown = session.scalars(query.offset(offset).limit(limit)).all()
    found = {row.card_id: row for row in of_cards(session, by.learner_id, shown)}
    return [found[card_id] for card_id in shown]


def weakest(session: Session, by: Reckoning, expression: Expression, *, limit: int) -> Sequence[int]:
    """Return so many cards that the expression finds, the least likely to be known first, never answered ones last."""
    query = _sorted_ids(session, by, expression, order=SortedBy.RECALL, is_reversed=False)
    return session.scalars(query.limit(limit)).all()


def of_cards(session: Session, learner_id: int, card_ids: Sequence[int]) -> Sequence[BrowsedCard]:
    """Return these cards of the learner as they are shown, in no order; what is gone is left out."""
    found = prepared.rows(session, _OF_CARDS, {"learner": learner_id, "cards": list(card_ids)})
    return [_browsed(row) for row in found]


def unfindable(session: Session) -> int:
    """Return how many notes a search does not find by what they say; there should be none."""
    kept = select(NOTES, WORDS.c.words, WORDS.c.source).outerjoin(WORDS, WORDS.c.note_id == _NOTE.id)
    if is_in_a_file(session):
        indexed = table(f"{SEARCH}_docsize", column("id"))
        kept = kept.add_columns(indexed.c.id.label("indexed")).outerjoin(indexed, indexed.c.id == _NOTE.id)
    else:
        kept = kept.add_columns(_NOTE.id.label("indexed"))
    wrong = 0
    for batch in session.execute(kept.execution_options(yield_per=NOTES_AT_ONCE)).partitions():
        for row in batch:
            wanted = words(row.question, row.answer, row.choices, row.explanation)
            is_kept = (row.words, row.source) == (wanted, source_words(row.quote, row.heading))
            wrong += not is_kept or row.indexed is None
    return wrong


def _moments(by: Reckoning) -> Mapping[str, object]:
    """Return what a plain condition, and whose plans are looked at, leave to be given."""
    return {"learner": by.learner_id, "now": by.now, "tomorrow": by.start(1)}


@lru_cache(maxsize=KEPT)
def _plain_counting(expression: Expression, among: Expression, *, is_scan: bool) -> prepared.Question | None:
    """Return the statement that counts, made once for an expression that asks of nothing but plans; else None."""
    found, some = plain_condition(expression), plain_condition(among)
    if found is None or some is None:
        return None
    return _narrowed(select(func.count(), func.count().filter(some)), found, bindparam("learner"), is_scan=is_scan)


@lru_cache(maxsize=KEPT)
def _plain_page(
    expression: Expression, order: SortedBy, *, is_reversed: bool, is_scan: bool
) -> prepared.Question | None:
    """Return the statement that gives a page of ids, made once for such an expression unless recall is sorted by."""
    found, value = plain_condition(expression), _SORTED.get(order)
    if found is None or order is SortedBy.RECALL:
        return None
    query = _narrowed(select(_PLAN.card_id), found, bindparam("learner"), sorted_by=value, is_scan=is_scan)
    return _in_order(query, value, order, is_reversed=is_reversed).offset(bindparam("offset")).limit(bindparam("limit"))


def _sorted_ids(
    session: Session, by: Reckoning, expression: Expression, *, order: SortedBy, is_reversed: bool
) -> Select[int]:
    value = _value(session, by, order)
    query = _matching(session, select(_PLAN.card_id), by, expression, sorted_by=value)
    return _in_order(query, value, order, is_reversed=is_reversed)


def _in_order(
    query: Select[*tuple[Any, ...]], value: ColumnElement[Any] | None, order: SortedBy, *, is_reversed: bool
) -> Select[*tuple[Any, ...]]:
    if value is not None:
        query = query.order_by(value.is_(None), value.desc() if is_reversed else value)
    newest_first = is_reversed if order is SortedBy.ADDED else True
    return query.order_by(_PLAN.card_id.desc() if newest_first else _PLAN.card_id)


def _matching(
    session: Session,
    query: Select[*tuple[Any, ...]],
    by: Reckoning,
    expression: Expression,
    *,
    sorted_by: ColumnElement[Any] | None = None,
) -> Select[*tuple[Any, ...]]:
    """Narrow a query to the cards that are found, with what is asked about or sorted by joined and nothing else."""
    found, is_scan = condition(session, by, expression), _is_scan(session, by.learner_id, expression)
    return _narrowed(query, found, by.learner_id, sorted_by=sorted_by, is_scan=is_scan)


def _narrowed(
    query: Select[*tuple[Any, ...]],
    found: ColumnElement[bool],
    learner_id: int | BindParameter[int],
    *,
    sorted_by: ColumnElement[Any] | None = None,
    is_scan: bool,
) -> Select[*tuple[Any, ...]]:
    asked = found if sorted_by is None else found & sorted_by.is_not(None)
    tables = _tables(asked) - {PLANS}
    query = query.select_from(_joined(learner_id, tables))
    if is_scan:
        query = query.where(_PLAN.learner_id + 0 == learner_id, *([_PLAN.flag >= 0] if tables else []))
    else:
        query = query.where(_PLAN.learner_id == learner_id)
    return query.where(_PLAN.queue != Queue.GONE, found)


def _is_scan(session: Session, learner_id: int, expression: Expression) -> bool:
    """Say whether all plans are gone through, in the order of cards.

    SQLite would go through all of the learner's plans by deck, and look up their cards out of order: a sum
    is in no index, nor is the flag. Where others have plans, too, that is still the shorter way.
    """
    return is_in_a_file(session) and not _is_led(expression) and _is_alone(session, learner_id)


def _is_alone(session: Session, learner_id: int) -> bool:
    """Say whether all plans are of this learner, by an index."""
    return not prepared.scalar(session, _OTHERS, {"learner": learner_id})


def _is_led(expression: Expression) -> bool:
    """Say whether an index of plans leads to the cards that are asked about."""
    parts = expression.parts if isinstance(expression, All) else (expression,)
    return any(part == Is(State.DUE) or (isinstance(part, Named) and part.field is Field.DECK) for part in parts)


def _tables(asked: ColumnElement[Any]) -> set[FromClause]:
    return {part.table for part in visitors.iterate(asked) if isinstance(part, Column)}


def _joined(learner_id: int | BindParameter[int], asked: Collection[FromClause]) -> FromClause:
    """Join the tables that are asked about and no other; every row is there but a memory."""
    joined: FromClause = PLANS
    if {CARDS, NOTES, WORDS} & set(asked):
        joined = joined.join(CARDS, _CARD.id == _PLAN.card_id)
    if NOTES in asked:
        joined = joined.join(NOTES, _NOTE.id == _CARD.note_id)
    if WORDS in asked:
        joined = joined.join(WORDS, WORDS.c.note_id == _CARD.note_id)
    if _DECKS in asked:
        joined = joined.join(_DECKS, _DECKS.c.id == _PLAN.deck_id)
    if MEMORIES in asked:
        joined = joined.outerjoin(MEMORIES, (_MEMORY.card_id == _PLAN.card_id) & (_MEMORY.learner_id == learner_id))
    return joined


_OF_CARDS = (
    select(*_SHOWN, *_REMEMBERED)
    .select_from(_joined(bindparam("learner"), (CARDS, NOTES, _DECKS, MEMORIES)))
    .where(_PLAN.learner_id == bindparam("learner"), _PLAN.card_id.in_(bindparam("cards", expanding=True)))
    .where(_PLAN.queue != Queue.GONE)
)


def _value(session: Session, by: Reckoning, order: SortedBy) -> ColumnElement[Any] | None:
    """Return what is sorted by, with None for the order in which cards were made."""
    if order is SortedBy.RECALL:
        return -as_type(elapsed_days(session, by), Double) / _MEMORY.stability
    return _SORTED.get(order)


def _browsed(row: Any) -> BrowsedCard:
    card_id, owner_id, note_id, ordinal, deck_id, deck_name, queue, due, suspended, buried_until, flag, *rest = row
    fields, memory = rest[:5], rest[5:]
    return BrowsedCard(
        card_id=card_id,
        owner_id=owner_id,
        note_id=note_id,
        ordinal=ordinal,
        note=Note(*fields),
        deck_id=deck_id,
        deck_name=deck_name,
        queue=queue,
        due=due,
        suspended=suspended,
        buried_until=buried_until,
        flag=flag,
        memory=None if memory[0] is None else Memory(*memory),
    )
