"""What learners wish for single decks, and for the decks inside them that have no wishes of their own."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, cast

from sqlalchemy import CheckConstraint, ForeignKey, Row, Table, bindparam, delete, insert, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from quizapp.db import plans, prepared
from quizapp.db.base import Base
from quizapp.db.decks import DeckRow
from quizapp.domain.options import NewOrder, Options, ReviewOrder, in_force
from quizapp.domain.queues import Limits, NewPlace
from quizapp.domain.scheduling import Steps


class DeckOptionRow(Base):
    """How one learner studies one deck."""

    __tablename__ = "deck_option"
    __table_args__ = (
        CheckConstraint("retention between 0.5 and 0.99", name="retention"),
        CheckConstraint("new_per_day >= 0 AND reviews_per_day >= 0", name="limits"),
        CheckConstraint("maximum_interval > 0", name="maximum_interval"),
        CheckConstraint("leech_after >= 0", name="leech_after"),
    )
    deck_id: Mapped[int] = mapped_column(ForeignKey("deck.id", ondelete="CASCADE"), primary_key=True)
    learner_id: Mapped[int] = mapped_column(ForeignKey("learner.id", ondelete="CASCADE"), primary_key=True, index=True)
    retention: Mapped[float]
    new_per_day: Mapped[int]
    reviews_per_day: Mapped[int]
    learning_steps: Mapped[tuple[int, ...]]  # seconds
    relearning_steps: Mapped[tuple[int, ...]]
    maximum_interval: Mapped[timedelta]
    new_order: Mapped[NewOrder]
    new_place: Mapped[NewPlace]
    review_order: Mapped[ReviewOrder]
    apart: Mapped[bool]
    leech_after: Mapped[int]
    leech_suspends: Mapped[bool]


_OPTIONS, _DECKS = cast(Table, DeckOptionRow.__table__), cast(Table, DeckRow.__table__)
_OF_LEARNER = _OPTIONS.c.learner_id == bindparam("learner")
_CHOSEN = select(_OPTIONS).where(_OF_LEARNER)
_LIVING = select(_DECKS.c.id, _DECKS.c.name_key).where(
    _DECKS.c.owner_id == bindparam("learner"), _DECKS.c.deleted_at.is_(None)
)
_REMOVE = delete(_OPTIONS).where(_OF_LEARNER, _OPTIONS.c.deck_id == bindparam("deck"))
_PUT = insert(_OPTIONS)


def chosen(session: Session, learner_id: int) -> Mapping[int, Options]:
    """Return what the learner wishes, by deck."""
    rows = prepared.rows(session, _CHOSEN, {"learner": learner_id})
    return {row.deck_id: _options(row) for row in rows}


def in_force_by_deck(session: Session, learner_id: int) -> Mapping[int, tuple[int | None, Options | None]]:
    """Return, by living deck, the deck whose options count for it, and these; nothing while no deck has any."""
    own = chosen(session, learner_id)
    if not own:
        return {}
    keys = {row.id: row.name_key for row in prepared.rows(session, _LIVING, {"learner": learner_id})}
    by_key = {keys[deck_id]: (deck_id, options) for deck_id, options in own.items() if deck_id in keys}
    return {deck_id: in_force(key, by_key) or (None, None) for deck_id, key in keys.items()}


def by_card(session: Session, learner_id: int) -> Mapping[int, Options]:
    """Return the options of every card that is in a deck with any."""
    by_deck = {deck_id: own for deck_id, (_, own) in in_force_by_deck(session, learner_id).items() if own}
    return {card_id: by_deck[deck_id] for card_id, deck_id in plans.deck_by_card(session, learner_id, list(by_deck))}


def put(session: Session, learner_id: int, deck_id: int, options: Options | None) -> None:
    """Store what the learner wishes for the deck; None is to have no wish of its own."""
    session.execute(_REMOVE, {"learner": learner_id, "deck": deck_id})
    if options is not None:
        session.execute(_PUT, {"learner_id": learner_id, "deck_id": deck_id, **_columns(options)})


def _options(row: Row[Any]) -> Options:
    return Options(
        retention=row.retention,
        limits=Limits(row.new_per_day, row.reviews_per_day),
        steps=Steps(_stretches(row.learning_steps), _stretches(row.relearning_steps)),
        maximum_interval=row.maximum_interval,
        new_order=row.new_order,
        new_place=row.new_place,
        review_order=row.review_order,
        apart=row.apart,
        leech_after=row.leech_after,
        leech_suspends=row.leech_suspends,
    )


def _columns(options: Options) -> dict[str, object]:
    values = vars(options).copy()
    limits, steps = options.limits, options.steps
    del values["limits"], values["steps"]
    return {
        **values,
        "new_per_day": limits.new,
        "reviews_per_day": limits.reviews,
        "learning_steps": _seconds(steps.learning),
        "relearning_steps": _seconds(steps.relearning),
    }


def _stretches(seconds: tuple[int, ...]) -> tuple[timedelta, ...]:
    return tuple(timedelta(seconds=one) for one in seconds)


def _seconds(steps: tuple[timedelta, ...]) -> tuple[int, ...]:
    return tuple(step // timedelta(seconds=1) for step in steps)
