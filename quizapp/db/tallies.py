"""How many of a learner's cards stand in each queue of a deck, kept so as not to count them.

`plans` alone changes a tally, with every card that it puts elsewhere; `quizapp check`
counts the cards and compares.
"""

from collections.abc import Mapping, Sequence
from typing import cast

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    Table,
    bindparam,
    func,
    insert,
    select,
    text,
    update,
)
from sqlalchemy.orm import Mapped, Session, mapped_column

from quizapp.db import prepared
from quizapp.db.base import Base

NOT_SEEN = text("changes <> seen")


class TallyRow(Base):
    """The cards of one deck, without its subdecks, that a learner has in each queue; those that are gone are in none."""

    __tablename__ = "tally"
    __table_args__ = (
        CheckConstraint("new >= 0 AND learning >= 0 AND review >= 0 AND suspended >= 0", name="no_less_than_none"),
        Index("ix_tally_learner_id", "learner_id"),
        Index("ix_tally_not_seen", "learner_id", "deck_id", sqlite_where=NOT_SEEN, postgresql_where=NOT_SEEN),
    )
    deck_id: Mapped[int] = mapped_column(ForeignKey("deck.id", ondelete="CASCADE"), primary_key=True)
    learner_id: Mapped[int] = mapped_column(ForeignKey("learner.id", ondelete="CASCADE"), primary_key=True)
    new: Mapped[int]
    learning: Mapped[int]
    review: Mapped[int]
    suspended: Mapped[int]
    changes: Mapped[int] = mapped_column(BigInteger)  # grows whenever a card of the deck moves or is answered
    # What it was when what the learner knows was worked out last, for the board of a team.
    seen: Mapped[int] = mapped_column(BigInteger, server_default="0")


_TALLIES = cast(Table, TallyRow.__table__)
QUEUES = ("new", "learning", "review", "suspended")
_THIS = (_TALLIES.c.deck_id == bindparam("deck"), _TALLIES.c.learner_id == bindparam("learner"))
_CHANGE = (
    update(_TALLIES)
    .values({name: _TALLIES.c[name] + bindparam(f"more_{name}") for name in QUEUES})
    .values(changes=_TALLIES.c.changes + 1)
    .where(*_THIS)
)
_BEGIN = insert(_TALLIES)
_MARKS = (
    select(_TALLIES.c.learner_id, *(func.sum(_TALLIES.c[name]) for name in ("changes", *QUEUES)))
    .where(_TALLIES.c.deck_id.in_(bindparam("decks", expanding=True)))
    .where(_TALLIES.c.learner_id.in_(bindparam("learners", expanding=True)))
    .group_by(_TALLIES.c.learner_id)
)
_CARDS = select(func.sum(sum(_TALLIES.c[name] for name in QUEUES))).where(_TALLIES.c.learner_id == bindparam("learner"))


def cards(session: Session, learner_id: int) -> int:
    """Return how many cards the learner has, those that are suspended among them."""
    return int(prepared.scalar(session, _CARDS, {"learner": learner_id}) or 0)


def change(session: Session, *, deck_id: int, learner_id: int, by: Mapping[str, int]) -> None:
    """Count so many more cards, or fewer, in the named queues of the deck."""
    more = {f"more_{name}": by.get(name, 0) for name in QUEUES}
    if not prepared.do(session, _CHANGE, {"deck": deck_id, "learner": learner_id, **more}):
        counts = {name: by.get(name, 0) for name in QUEUES}
        prepared.do(session, _BEGIN, {"deck_id": deck_id, "learner_id": learner_id, **counts, "changes": 1})


def marks(session: Session, deck_ids: Sequence[int], learner_ids: Sequence[int]) -> Mapping[int, tuple[int, ...]]:
    """Return by learner what is another once a card of these decks moved or was answered; who has none is left out."""
    found = prepared.raw(session, _MARKS, {"decks": list(deck_ids), "learners": list(learner_ids)})
    return {learner: tuple(map(int, counts)) for learner, *counts in found}


def count(mark: tuple[int, ...]) -> int:
    """Return how many cards a learner has of whom that is the mark."""
    return sum(mark[1:])
