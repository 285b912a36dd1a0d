"""Where every card stands in its learner's queues, kept so as not to work it out.

A plan is worked out from the card, its note, its deck and the memory of it:
`settle` does that for many cards, `move` for the one just answered. What waits in the
queues is in `study_queues`.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any, cast

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    Index,
    Table,
    and_,
    bindparam,
    case,
    delete,
    func,
    insert,
    literal,
    or_,
    select,
    text,
    update,
)
from sqlalchemy.orm import Mapped, Session, mapped_column

from quizapp.db import follows, prepared, tallies
from quizapp.db.base import Base
from quizapp.db.decks import DeckRow
from quizapp.db.follows import FollowRow
from quizapp.db.notes import CardRow, NoteRow
from quizapp.db.reviews import MemoryRow
from quizapp.db.tallies import TallyRow
from quizapp.domain.scheduling import Memory, Phase


class Queue(Enum):
    """Where a card is taken from when it is studied."""

    NEW = "new"
    LEARNING = "learning"  # in steps, of learning or relearning
    REVIEW = "review"
    SUSPENDED = "suspended"  # the learner does not want to see it for now
    GONE = "gone"  # in the trash, or no longer asked by its note


class PlanRow(Base):
    """One learner's place for one card."""

    __tablename__ = "plan"
    # Each queue of a learner, or of one deck, is one stretch of an index in the order of study.
    __table_args__ = (
        Index("ix_plan_learner_id_queue_due", "learner_id", "queue", "due", "card_id"),
        Index("ix_plan_learner_id_deck_id_queue_due", "learner_id", "deck_id", "queue", "due", "card_id"),
        Index(
            "ix_plan_buried_until",
            "learner_id",
            "queue",
            "buried_until",
            sqlite_where=text("buried_until IS NOT NULL"),
            postgresql_where=text("buried_until IS NOT NULL"),
        ),
        CheckConstraint("flag BETWEEN 0 AND 7", name="flag"),
    )
    card_id: Mapped[int] = mapped_column(ForeignKey("card.id", ondelete="CASCADE"), primary_key=True)
    learner_id: Mapped[int] = mapped_column(ForeignKey("learner.id", ondelete="CASCADE"), primary_key=True)
    deck_id: Mapped[int] = mapped_column(ForeignKey("deck.id", ondelete="CASCADE"))
    queue: Mapped[Queue]
    due: Mapped[datetime | None]  # None while the card is new
    suspended: Mapped[bool]
    called: Mapped[datetime | None]  # when a quiz last showed that the card is not known
    buried_until: Mapped[datetime | None]  # not asked before that; it may have passed
    flag: Mapped[int] = mapped_column(server_default="0")  # 0 for none, else as in `domain.flags`


@dataclass(frozen=True)
class Place:
    """Where a card stands for its learner, and what is remembered of it."""

    card_id: int
    learner_id: int
    owner_id: int
    deck_id: int
    queue: Queue
    memory: Memory | None


_CARDS, _NOTES = cast(Table, CardRow.__table__), cast(Table, NoteRow.__table__)
_PLANS, _MEMORIES = cast(Table, PlanRow.__table__), cast(Table, MemoryRow.__table__)
_DECKS, _TALLIES = cast(Table, DeckRow.__table__), cast(Table, TallyRow.__table__)
_FOLLOWS = cast(Table, FollowRow.__table__)
_PLAN, _CARD, _NOTE, _MEMORY = _PLANS.c, _CARDS.c, _NOTES.c, _MEMORIES.c
_TALLY = _TALLIES.c
REMEMBERED = tuple(_MEMORY[name].label(f"memory_{name}") for name in Memory.__dataclass_fields__)
_AS_NEW = ("queue", "suspended", "flag")
Stand = tuple[int, Queue]  # a deck and a queue in it
_PLACE = (
    select(_CARD.owner_id, _PLAN.deck_id, _PLAN.queue, *REMEMBERED)
    .select_from(_CARDS)
    .join(_PLANS, and_(_PLAN.card_id == _CARD.id, _PLAN.learner_id == bindparam("learner")))
    .outerjoin(_MEMORIES, and_(_MEMORY.card_id == _CARD.id, _MEMORY.learner_id == bindparam("learner")))
    .where(_CARD.id == bindparam("card"))
)
SEEN = or_(_PLAN.queue == Queue.REVIEW, _PLAN.queue == Queue.LEARNING)
_ADD = insert(_PLANS)
# Cards of decks that are followed and that who follows them has no plan for; `settle` then says that they are new.
_TO_FOLLOW = (
    select(_CARD.id.label("card_id"), _FOLLOWS.c.learner_id, _NOTE.deck_id)
    .join_from(_FOLLOWS, _NOTES, _NOTE.deck_id == _FOLLOWS.c.deck_id)
    .join(_CARDS, _CARD.note_id == _NOTE.id)
    .where(_FOLLOWS.c.paused.is_(None))
    .where(
        ~select(literal(1))
        .select_from(_PLANS)
        .where(_PLAN.card_id == _CARD.id, _PLAN.learner_id == _FOLLOWS.c.learner_id)
        .exists()
    )
)
_DUE_BY_CARD = select(_PLAN.card_id, _PLAN.due).where(_PLAN.learner_id == bindparam("learner"), SEEN)
_BY_NOTE = (
    select(_CARD.note_id, func.min(_PLAN.due), func.sum(case((_PLAN.suspended, 0), else_=1)))
    # An outer join, though every card has a plan: else SQLite may start from all plans of the learner.
    .outerjoin_from(_CARDS, _PLANS, and_(_PLAN.card_id == _CARD.id, _PLAN.learner_id == bindparam("learner")))
    .where(_CARD.note_id.in_(bindparam("notes", expanding=True)), _CARD.removed_at.is_(None))
    .group_by(_CARD.note_id)
)
_MOVE = update(_PLANS).where(_PLAN.card_id == bindparam("card"), _PLAN.learner_id == bindparam("learner"))


def _due(due: ColumnElement[Any], last_review: ColumnElement[Any]) -> ColumnElement[Any]:
    """Return when a review is due: at once if a quiz called for the card after its last review, and before its time."""
    return case((and_(_PLAN.called > last_review, _PLAN.called < due), _PLAN.called), else_=due)


def _held(due: ColumnElement[Any]) -> ColumnElement[Any]:
    """Return when a card that was seen is asked: not before it is buried no more."""
    return case((_PLAN.buried_until > due, _PLAN.buried_until), else_=due)


_MEMORY_DUE = bindparam("memory_due", type_=_MEMORY.due.type)
_DUE_FOR_REVIEW = _held(_due(_MEMORY_DUE, bindparam("last_review", type_=_MEMORY.last_review.type)))
_MOVE_TO_REVIEW = _MOVE.values(queue=Queue.REVIEW, due=_DUE_FOR_REVIEW)
_MOVE_TO_STEPS = _MOVE.values(queue=Queue.LEARNING, due=_held(_MEMORY_DUE))
_PUT_REVIEW_DUE, _PUT_STEP_DUE = _MOVE.values(due=_DUE_FOR_REVIEW), _MOVE.values(due=_held(_MEMORY_DUE))


def place(session: Session, *, card_id: int, learner_id: int) -> Place | None:
    """Return where the card stands for the learner, or None when it does not exist for them."""
    row = prepared.first(session, _PLACE, {"card": card_id, "learner": learner_id})
    if row is None:
        return None
    owner_id, deck_id, queue, *memory = row
    return Place(card_id, learner_id, owner_id, deck_id, queue, remembered(memory))


def move(session: Session, place: Place, memory: Memory | None) -> None:
    """Put a card that was in a queue of study where its new memory belongs."""
    this = {"card": place.card_id, "learner": place.learner_id}
    if memory is None:
        prepared.do(session, _MOVE, {**this, "queue": Queue.NEW, "due": None})
    elif memory.phase is Phase.REVIEW:
        times = {"memory_due": memory.due, "last_review": memory.last_review}
        prepared.do(session, _MOVE_TO_REVIEW, {**this, **times})
    else:
        prepared.do(session, _MOVE_TO_STEPS, {**this, "memory_due": memory.due})
    _tell(session, place.learner_id, (place.deck_id, place.queue), (place.deck_id, queue_of(memory)), count=1)


def stay(session: Session, place: Place, memory: Memory | None) -> None:
    """Note when a card that is set aside, or in the trash, falls due with its new memory; it comes back with that."""
    if memory is None:
        this = {"card": place.card_id, "learner": place.learner_id}
        prepared.do(session, _MOVE, {**this, "due": None})
    else:
        put_dues(session, place.learner_id, {place.card_id: memory})
    _tell(session, place.learner_id, (place.deck_id, place.queue), (place.deck_id, place.queue), count=1)


def put_dues(session: Session, learner_id: int, memories: Mapping[int, Memory]) -> None:
    """Store when cards fall due that are remembered otherwise, by card, and stay in their queues."""
    in_review, in_steps = [], []
    for card_id, memory in memories.items():
        this = {"learner": learner_id, "card": card_id, "memory_due": memory.due}
        if memory.phase is Phase.REVIEW:
            in_review.append({**this, "last_review": memory.last_review})
        else:
            in_steps.append(this)
    for statement, these in ((_PUT_REVIEW_DUE, in_review), (_PUT_STEP_DUE, in_steps)):
        if these:
            session.execute(statement, these)


def due_by_card(session: Session, learner_id: int) -> Mapping[int, datetime]:
    """Return when each card falls due that was seen and is studied."""
    return dict(session.execute(_DUE_BY_CARD, {"learner": learner_id}).all())


def deck_by_card(session: Session, learner_id: int, deck_ids: Sequence[int]) -> Sequence[tuple[int, int]]:
    """Return card and deck of the learner's cards in these decks."""
    query = select(_PLAN.card_id, _PLAN.deck_id).where(_PLAN.learner_id == learner_id, _PLAN.deck_id.in_(deck_ids))
    return [(card_id, deck_id) for card_id, deck_id in session.execute(query)]


def queue_of(memory: Memory | None) -> Queue:
    """Return the queue of study that a memory belongs to."""
    if memory is None:
        return Queue.NEW
    return Queue.REVIEW if memory.phase is Phase.REVIEW else Queue.LEARNING


def add(session: Session, *, card_id: int, learner_id: int, deck_id: int) -> None:
    """Plan a card that has just been made; `settle` then puts it where it belongs."""
    stand = {"deck_id": deck_id, "queue": Queue.NEW, "suspended": False, "flag": 0}
    prepared.do(session, _ADD, {"card_id": card_id, "learner_id": learner_id, **stand})
    tallies.change(session, deck_id=deck_id, learner_id=learner_id, by={"new": 1})


def settle_notes(session: Session, note_ids: Sequence[int]) -> None:
    """Work out anew where the cards of these notes stand, for all who have them or follow their decks."""
    _follow(session, _NOTE.id.in_(note_ids))
    _settle(session, _of_notes(_NOTE.id.in_(note_ids)))


def settle_cards(session: Session, card_ids: Sequence[int]) -> None:
    """Work out anew where these cards stand."""
    _settle(session, _PLAN.card_id.in_(card_ids))


def settle_decks(session: Session, deck_ids: Sequence[int], *, learner_id: int | None = None) -> None:
    """Work out anew where the cards in these decks stand, for all who have or follow them, or for one person."""
    within = _NOTE.deck_id.in_(deck_ids)
    _follow(session, within)
    these = _of_notes(within)
    _settle(session, these if learner_id is None else these & (_PLAN.learner_id == learner_id))


def settle_library(session: Session, owner_id: int, *, learner_id: int | None = None) -> None:
    """Work out anew where the cards of a team's library stand for those who follow its decks, or for one of them."""
    decks = session.scalars(select(DeckRow.id).where(DeckRow.owner_id == owner_id)).all()
    settle_decks(session, decks, learner_id=learner_id)


def call(session: Session, learner_id: int, card_ids: Sequence[int], *, now: datetime) -> None:
    """Bring cards that a quiz showed to be forgotten into today's reviews; new ones and those in steps stay."""
    these = (_PLAN.learner_id == learner_id, _PLAN.card_id.in_(card_ids))
    session.execute(update(_PLANS).where(*these).values(called=now))
    session.execute(_SETTLE.where(*these))


_QUEUES = select(_PLAN.card_id, _PLAN.queue).where(
    _PLAN.learner_id == bindparam("learner"), _PLAN.card_id.in_(bindparam("cards", expanding=True))
)


def queues_of(session: Session, learner_id: int, card_ids: Collection[int]) -> Mapping[int, Queue]:
    """Return the queues that these cards of the learner are in."""
    found = prepared.rows(session, _QUEUES, {"learner": learner_id, "cards": sorted(card_ids)}) if card_ids else ()
    return dict(found)


def misplaced(session: Session, *, limit: int) -> Sequence[int]:
    """Return cards that stand elsewhere than `settle_notes` would put them, or nowhere; there should be none."""
    asked = (_UNSETTLED.order_by(_PLAN.card_id), _UNPLANNED.order_by(_CARD.id), _UNFOLLOWED.order_by(_CARD.id))
    return [card for query in asked for card in session.scalars(query.limit(limit))][:limit]


def miscounted(session: Session) -> Sequence[int]:
    """Return decks whose tallies are not what counting their cards gives; there should be none."""
    counted = {tuple(row) for row in session.execute(_COUNTED).all()}
    tallied = {tuple(row) for row in session.execute(_TALLIED).all() if any(row[2:])}
    return sorted({deck_id for deck_id, *_ in counted ^ tallied})


def count_anew(session: Session) -> None:
    """Make every tally what counting the cards gives."""
    session.execute(delete(_TALLIES))
    columns = (*_COUNTED.selected_columns.keys(), "changes")
    session.execute(insert(_TALLIES).from_select(columns, _COUNTED.add_columns(literal(1))))


def suspend(session: Session, note_id: int, *, learner_id: int, suspended: bool) -> None:
    """Set the note's cards aside for the learner, or take them back."""
    cards = select(_CARD.id).where(_CARD.note_id == note_id)
    these = (_PLAN.card_id.in_(cards), _PLAN.learner_id == learner_id)
    session.execute(update(_PLANS).where(*these).values(suspended=suspended))
    settle_notes(session, [note_id])


def by_note(session: Session, learner_id: int, note_ids: Sequence[int]) -> Mapping[int, tuple[datetime | None, bool]]:
    """Return, by note id, when its first card is due (None when all are new) and whether all are suspended."""
    found = prepared.rows(session, _BY_NOTE, {"learner": learner_id, "notes": list(note_ids)})
    return {note: (due, not active) for note, due, active in found}


def remembered(columns: Sequence[Any]) -> Memory | None:
    """Return the memory in the columns that an outer join gave, None when it found none."""
    return Memory(*columns) if columns[0] is not None else None


def _of_notes(notes: ColumnElement[bool]) -> ColumnElement[bool]:
    return _PLAN.card_id.in_(select(_CARD.id).join_from(_CARDS, _NOTES, _NOTE.id == _CARD.note_id).where(notes))


def _follow(session: Session, notes: ColumnElement[bool]) -> None:
    """Plan the cards of these notes for those who follow their decks and have no plan for them."""
    fresh = _TO_FOLLOW.add_columns(_queue(Queue.GONE), literal(False), literal(0)).where(notes)  # noqa: FBT003 - SQL
    session.execute(insert(_PLANS).from_select([*_TO_FOLLOW.selected_columns.keys(), *_AS_NEW], fresh))


def _settle(session: Session, these: ColumnElement[bool]) -> None:
    moving = _MOVING.where(these).subquery()
    moves = session.execute(select(*moving.c, func.count().label("cards")).group_by(*moving.c)).all()
    session.execute(_SETTLE.where(these))
    for row in moves:
        _tell(session, row.learner_id, (row.deck_id, row.queue), (row.to_deck_id, row.to_queue), count=row.cards)


def _tell(session: Session, learner_id: int, of: Stand, to: Stand, *, count: int) -> None:
    """Let the tallies know that so many cards stand elsewhere, or are remembered otherwise where they stood."""
    by: dict[int, Counter[str]] = {deck_id: Counter() for deck_id in (of[0], to[0])}
    for (deck_id, queue), more in ((of, -count), (to, count)):
        if queue is not Queue.GONE:
            by[deck_id][queue.value] += more
    for deck_id, counts in by.items():
        tallies.change(session, deck_id=deck_id, learner_id=learner_id, by=counts)


def _queue(queue: Queue) -> ColumnElement[Queue]:
    return literal(queue, _PLAN.queue.type)


def _settled() -> dict[str, ColumnElement[Any]]:
    """Return what the columns of a plan should hold."""
    its_memory = and_(_MEMORY.card_id == _PLAN.card_id, _MEMORY.learner_id == _PLAN.learner_id)
    phase = select(_MEMORY.phase).where(its_memory).scalar_subquery()
    its_note = select(_NOTE.deck_id).join_from(_CARDS, _NOTES, _NOTE.id == _CARD.note_id)
    its_note = its_note.where(_CARD.id == _PLAN.card_id)
    is_left = and_(_CARD.owner_id != _PLAN.learner_id, ~follows.counts_for(_PLAN.learner_id, _NOTE.deck_id))
    in_trash = (_NOTE.deleted_at.is_not(None), _DECKS.c.deleted_at.is_not(None))
    gone = its_note.join(_DECKS, _DECKS.c.id == _NOTE.deck_id).where(
        or_(_CARD.removed_at.is_not(None), *in_trash, is_left)
    )
    queue = case(
        (gone.exists(), _queue(Queue.GONE)),
        (_PLAN.suspended, _queue(Queue.SUSPENDED)),
        (phase.is_(None), _queue(Queue.NEW)),
        (phase == Phase.REVIEW, _queue(Queue.REVIEW)),
        else_=_queue(Queue.LEARNING),
    )
    due = select(_MEMORY.due).where(its_memory).scalar_subquery()
    last_review = select(_MEMORY.last_review).where(its_memory).scalar_subquery()
    called = case((phase == Phase.REVIEW, _held(_due(due, last_review))), (phase.is_not(None), _held(due)))
    return {"queue": queue, "due": called, "deck_id": its_note.scalar_subquery()}


_SETTLED = _settled()
_SETTLE = update(_PLANS).values(**_SETTLED)
_ELSEWHERE = or_(*(_PLAN[name].is_distinct_from(_SETTLED[name]) for name in ("queue", "deck_id")))
_MOVING = select(
    _PLAN.learner_id,
    _PLAN.deck_id,
    _PLAN.queue,
    _SETTLED["deck_id"].label("to_deck_id"),
    _SETTLED["queue"].label("to_queue"),
).where(_ELSEWHERE)
_COUNTED = (
    select(
        _PLAN.deck_id,
        _PLAN.learner_id,
        *(func.sum(case((_PLAN.queue == Queue(name), 1), else_=0)).label(name) for name in tallies.QUEUES),
    )
    .where(_PLAN.queue != Queue.GONE)
    .group_by(_PLAN.deck_id, _PLAN.learner_id)
)
_TALLIED = select(_TALLY.deck_id, _TALLY.learner_id, *(_TALLY[name] for name in tallies.QUEUES))
_UNSETTLED = select(_PLAN.card_id).where(or_(*(_PLAN[name].is_distinct_from(_SETTLED[name]) for name in _SETTLED)))
_ITS_OWNERS = and_(_PLAN.card_id == _CARD.id, _PLAN.learner_id == _CARD.owner_id)
_UNPLANNED = select(_CARD.id).where(~select(literal(1)).select_from(_PLANS).where(_ITS_OWNERS).exists())
_UNFOLLOWED = _TO_FOLLOW.with_only_columns(_CARD.id, maintain_column_froms=True)
