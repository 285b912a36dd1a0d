"""Samples of what is remembered of decks, taken by lot, and always the same cards. Start from `traces`."""

from collections.abc import Sequence
from datetime import datetime
from typing import cast

from sqlalchemy import BigInteger, Table, and_, bindparam, select, type_coerce
from sqlalchemy.orm import Session

from quizapp.db import prepared
from quizapp.db.plans import SEEN, PlanRow
from quizapp.db.reviews import MemoryRow

_PLANS, _MEMORIES = cast(Table, PlanRow.__table__), cast(Table, MemoryRow.__table__)
_PLAN, _MEMORY = _PLANS.c, _MEMORIES.c
_LOTS = 2**32
# Multiplied by 2^32 over the golden ratio, ids spread evenly over 2^32 whatever their pattern.
_LOT = type_coerce(_PLAN.card_id, BigInteger) * 2_654_435_761 % _LOTS
_TRACES_IN = (
    select(_MEMORY.last_review, _MEMORY.stability)
    .join_from(_PLANS, _MEMORIES, and_(_MEMORY.card_id == _PLAN.card_id, _MEMORY.learner_id == bindparam("learner")))
    .where(_PLAN.learner_id == bindparam("learner"), _PLAN.deck_id == bindparam("deck"), SEEN)
    .where(bindparam("lots") > _LOT)
)
_STANDINGS = (
    select(_MEMORY.last_review, _MEMORY.stability, _MEMORY.difficulty)
    .join_from(_PLANS, _MEMORIES, and_(_MEMORY.card_id == _PLAN.card_id, _MEMORY.learner_id == bindparam("learner")))
    .where(_PLAN.learner_id == bindparam("learner"), _PLAN.deck_id.in_(bindparam("decks", expanding=True)), SEEN)
    .where(bindparam("lots") > _LOT)
)


def traces(session: Session, learner_id: int, deck_id: int, *, share: float) -> Sequence[tuple[datetime, float]]:
    """Return last review and stability of about that share of the deck's seen cards, always the same ones."""
    bound = {"learner": learner_id, "deck": deck_id, "lots": int(share * _LOTS)}
    return prepared.rows(session, _TRACES_IN, bound)


def standings(
    session: Session, learner_id: int, deck_ids: Sequence[int], *, share: float
) -> Sequence[tuple[datetime, float, float]]:
    """Return last review, stability and difficulty of about that share of the decks' seen cards, always the same."""
    bound = {"learner": learner_id, "decks": list(deck_ids), "lots": int(share * _LOTS)}
    return prepared.rows(session, _STANDINGS, bound)
