"""Pictures and sounds that card text shows: who has them, and what their files were called.

Text names them by their content, so nothing points from a note to a row here. A row stays for as long as any text of
its owner names its file, and then as long as the trash keeps things.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    Column,
    String,
    Table,
    UniqueConstraint,
    cast,
    delete,
    or_,
    select,
    update,
)
from sqlalchemy.orm import Mapped, Session, mapped_column

from quizapp.db.base import Base, OwnerKey, PrimaryKey, Texts
from quizapp.domain.card_media import Medium, named

AT_ONCE = 500


class CardMediumRow(Base):
    """A picture or sound that a learner's cards can show."""

    __tablename__ = "card_medium"
    __table_args__ = (UniqueConstraint("owner_id", "hash"), CheckConstraint("length(hash) = 64", name="hash"))
    id: Mapped[PrimaryKey]
    owner_id: Mapped[OwnerKey]
    hash: Mapped[str]  # its name among the media
    media_type: Mapped[str]
    size: Mapped[int] = mapped_column(BigInteger)
    name: Mapped[str]  # what its file was called where it came from
    unnamed_at: Mapped[datetime | None]  # set once no text names it any more


def put(session: Session, owner_id: int, media: Sequence[Medium]) -> None:
    """Let the owner's cards show these; one that they show already keeps its name."""
    fresh = {one.hash: one for one in media}
    for start in range(0, len(media), AT_ONCE):
        mine = (CardMediumRow.owner_id == owner_id, CardMediumRow.hash.in_(list(fresh)[start : start + AT_ONCE]))
        there = session.scalars(select(CardMediumRow.hash).where(*mine)).all()
        session.execute(update(CardMediumRow).where(*mine).values(unnamed_at=None))
        for name in there:
            fresh[name] = Medium(name, "", 0, "")
    session.add_all(CardMediumRow(owner_id=owner_id, **vars(one)) for one in fresh.values() if one.media_type)
    session.flush()


def get(session: Session, owner_ids: Sequence[int], name: str) -> CardMediumRow | None:
    """Return a picture or sound of one of these owners whose file has that hash, or None."""
    theirs = (CardMediumRow.owner_id.in_(owner_ids), CardMediumRow.hash == name)
    return session.scalars(select(CardMediumRow).where(*theirs).order_by(CardMediumRow.id).limit(1)).one_or_none()


def of_owner(session: Session, owner_id: int) -> Mapping[str, Medium]:
    """Return all that the owner's cards can show, by hash, in the order in which it came."""
    query = select(CardMediumRow).where(CardMediumRow.owner_id == owner_id).order_by(CardMediumRow.id)
    return {row.hash: Medium(row.hash, row.media_type, row.size, row.name) for row in session.scalars(query)}


def files(session: Session) -> Mapping[str, str]:
    """Return what each file is, as a title, by its hash."""
    rows = session.execute(select(CardMediumRow.hash, CardMediumRow.name).order_by(CardMediumRow.id.desc()))
    return {name: f"{called} on a card" for name, called in rows}


def forget_unnamed(session: Session, *, now: datetime, before: datetime) -> None:
    """Note which files no text names any more, and forget those that none has named since before that time."""
    if session.scalars(select(CardMediumRow.id).limit(1)).one_or_none() is None:
        return
    there = _named_anywhere(session)
    for row in session.scalars(select(CardMediumRow)):
        row.unnamed_at = None if row.hash in there else row.unnamed_at or now
    session.flush()
    session.execute(delete(CardMediumRow).where(CardMediumRow.unnamed_at < before))


def _named_anywhere(session: Session) -> Collection[str]:
    """Return the hashes that any text names, whatever table it is in: of cards, of questions, of steps to be undone."""
    found: set[str] = set()
    for table in Base.metadata.sorted_tables:
        columns = list(_with_texts(table))
        if columns:
            texts = [cast(column, String) for column in columns]
            query = select(*texts).where(or_(*(text.like("%media/%") for text in texts)))
            for row in session.execute(query, execution_options={"yield_per": AT_ONCE}):
                found |= named(text for text in row if text)
    return found


def _with_texts(table: Table) -> Iterator[Column[object]]:
    return (one for one in table.columns if isinstance(one.type, String | JSON | Texts))
