"""What learners wish for single decks, and for the decks inside them that have no wishes of their own."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import cast

from sqlalchemy import ForeignKey, Table, bindparam, delete, insert, or_, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from quizapp.db import follows, option_columns, plans, prepared
from quizapp.db.base import Base
from quizapp.db.option_columns import OptionColumns
from quizapp.domain.options import Options, in_force


class DeckOptionRow(OptionColumns, Base):
    """How one learner studies one deck."""

    __tablename__ = "deck_option"
    __table_args__ = option_columns.checks()
    deck_id: Mapped[int] = mapped_column(ForeignKey("deck.id", ondelete="CASCADE"), primary_key=True)
    learner_id: Mapped[int] = mapped_column(ForeignKey("learner.id", ondelete="CASCADE"), primary_key=True, index=True)
    set_aside_at: Mapped[datetime | None]  # when others were chosen for many decks at once: these count no more


_OPTIONS = cast(Table, DeckOptionRow.__table__)
_OF_LEARNER = _OPTIONS.c.learner_id == bindparam("learner")
_COUNTING = or_(_OPTIONS.c.set_aside_at.is_(None), _OPTIONS.c.set_aside_at == bindparam("back_from"))
_CHOSEN = select(_OPTIONS).where(_OF_LEARNER, _COUNTING)
_REMOVE = delete(_OPTIONS).where(_OF_LEARNER, _OPTIONS.c.deck_id == bindparam("deck"))
_PUT = insert(_OPTIONS)
_SET_ASIDE = update(_OPTIONS).where(_OF_LEARNER, _OPTIONS.c.set_aside_at.is_(None))
_BRING_BACK = update(_OPTIONS).where(_OF_LEARNER, _OPTIONS.c.set_aside_at == bindparam("back_from"))


def chosen(session: Session, learner_id: int, *, back_from: datetime | None = None) -> Mapping[int, Options]:
    """Return what the learner wishes, by deck; with what was set aside at that moment."""
    rows = prepared.rows(session, _CHOSEN, {"learner": learner_id, "back_from": back_from})
    return {row.deck_id: option_columns.read(row) for row in rows}


def in_force_by_deck(
    session: Session, learner_id: int, *, back_from: datetime | None = None
) -> Mapping[int, tuple[int | None, Options | None]]:
    """Return, by living deck that is studied, the deck whose options count for it, and these; nothing while no deck has any."""
    own = chosen(session, learner_id, back_from=back_from)
    if not own:
        return {}
    decks = prepared.rows(session, follows.STUDIED, {"learner": learner_id})
    keys = {deck.id: (deck.owner_id, deck.name_key) for deck in decks}
    by_key: dict[int, dict[str, tuple[int, Options]]] = defaultdict(dict)  # by whose deck it is: names may be the same
    for deck_id, options in own.items():
        if deck_id in keys:
            owner_id, name_key = keys[deck_id]
            by_key[owner_id][name_key] = deck_id, options
    return {deck_id: in_force(key, by_key[owner_id]) or (None, None) for deck_id, (owner_id, key) in keys.items()}


def by_card(session: Session, learner_id: int, *, back_from: datetime | None = None) -> Mapping[int, Options]:
    """Return the options of every card that is in a deck with any; with what was set aside at that moment."""
    found = in_force_by_deck(session, learner_id, back_from=back_from)
    by_deck = {deck_id: own for deck_id, (_, own) in found.items() if own}
    return {card_id: by_deck[deck_id] for card_id, deck_id in plans.deck_by_card(session, learner_id, list(by_deck))}


def put(session: Session, learner_id: int, deck_id: int, options: Options | None) -> None:
    """Store what the learner wishes for the deck; None is to have no wish of its own."""
    session.execute(_REMOVE, {"learner": learner_id, "deck": deck_id})
    if options is not None:
        session.execute(_PUT, {"learner_id": learner_id, "deck_id": deck_id, **option_columns.write(options)})


def set_aside(session: Session, learner_id: int, *, at: datetime, deck_ids: Collection[int] | None = None) -> None:
    """Let the learner's wishes for these decks, or for all, count no more."""
    query = _SET_ASIDE if deck_ids is None else _SET_ASIDE.where(_OPTIONS.c.deck_id.in_(deck_ids))
    session.execute(query.values(set_aside_at=at), {"learner": learner_id})


def bring_back(session: Session, learner_id: int, *, back_from: datetime) -> None:
    """Let wishes count again that were set aside at that moment; a deck that has got others since keeps these."""
    session.execute(_BRING_BACK.values(set_aside_at=None), {"learner": learner_id, "back_from": back_from})
