"""Other wordings that a learner knows to be right, for typed answers to a card."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ForeignKey, UniqueConstraint, bindparam, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from quizapp.db import prepared
from quizapp.db.base import Base, OwnerKey, PrimaryKey
from quizapp.domain.marking import Accepted


class AcceptedRow(Base):
    """A wording that is right as well, for one gap of a card or for its one answer."""

    __tablename__ = "accepted"
    __table_args__ = (UniqueConstraint("owner_id", "card_id", "gap", "text"),)
    id: Mapped[PrimaryKey]
    owner_id: Mapped[OwnerKey]
    card_id: Mapped[int] = mapped_column(ForeignKey("card.id", ondelete="CASCADE"))
    gap: Mapped[int]  # 0 is the first, and the one answer of a card without gaps
    text: Mapped[str]
    at: Mapped[datetime]


def add(session: Session, owner_id: int, *, card_id: int, gap: int, text: str, now: datetime) -> int:
    """Store a wording that is not there yet and return its id."""
    row = AcceptedRow(owner_id=owner_id, card_id=card_id, gap=gap, text=text, at=now)
    session.add(row)
    session.flush()
    return row.id


class Wording(NamedTuple):
    """What is right, too, in a gap of a card, and since when."""

    card_id: int
    gap: int
    text: str
    at: datetime


_OF_CARDS = (
    select(AcceptedRow.card_id, AcceptedRow.gap, AcceptedRow.text, AcceptedRow.at)
    .where(AcceptedRow.owner_id == bindparam("owner"), AcceptedRow.card_id.in_(bindparam("cards", expanding=True)))
    .order_by(AcceptedRow.id)
)


def of_cards(session: Session, owner_id: int, card_ids: Collection[int]) -> Mapping[int, Sequence[Wording]]:
    """Return what a learner has taught of cards, by card, the oldest first; nothing for a card without any."""
    found: dict[int, list[Wording]] = {}
    for row in prepared.rows(session, _OF_CARDS, {"owner": owner_id, "cards": list(card_ids)}) if card_ids else ():
        found.setdefault(row.card_id, []).append(Wording(*row))
    return found


def by_gap(rows: Sequence[Wording], *, gaps: int) -> Accepted:
    """Return the wordings that are right, too, for each gap of a card."""
    return [[row.text for row in rows if row.gap == gap] for gap in range(gaps)]


def remove(session: Session, owner_id: int, *, card_id: int, ids: Collection[int]) -> None:
    """Accept these wordings of the owner's card no more; what is gone already stays so."""
    rows = select(AcceptedRow).where(AcceptedRow.owner_id == owner_id, AcceptedRow.card_id == card_id)
    rows = rows.where(AcceptedRow.id.in_(ids))
    for row in session.scalars(rows).all():
        session.delete(row)
    session.flush()
