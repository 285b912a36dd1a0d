"""Tokens by which programs act for a person; a row holds a token's hash alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint, delete, or_, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from quizapp.db.accounts import AccountRow
from quizapp.db.base import Base, PrimaryKey


class ApiTokenRow(Base):
    """What a program shows instead of a person, until it expires or is revoked."""

    __tablename__ = "api_token"
    __table_args__ = (UniqueConstraint("token_hash"), Index("ix_api_token_learner_id", "learner_id"))
    id: Mapped[PrimaryKey]
    token_hash: Mapped[str]  # sha256 of the token, in hex
    learner_id: Mapped[int] = mapped_column(ForeignKey("learner.id", ondelete="CASCADE"))
    name: Mapped[str]
    writes: Mapped[bool]  # else it reads alone
    created: Mapped[datetime]
    expires: Mapped[datetime]
    last_used: Mapped[datetime | None]  # to a few minutes
    revoked_at: Mapped[datetime | None]


@dataclass(frozen=True)
class Bearer:
    """Whom a token acts for, and what it may do."""

    id: int
    learner_id: int
    writes: bool
    last_used: datetime | None


def add(session: Session, row: ApiTokenRow) -> ApiTokenRow:
    """Store a token."""
    session.add(row)
    session.flush()
    return row


def bearer(session: Session, token_hash: str, *, now: datetime) -> Bearer | None:
    """Return whom a token acts for, or None when it is none, or none any more."""
    query = (
        select(ApiTokenRow)
        .outerjoin(AccountRow, AccountRow.learner_id == ApiTokenRow.learner_id)
        .where(ApiTokenRow.token_hash == token_hash, ApiTokenRow.revoked_at.is_(None), ApiTokenRow.expires > now)
        .where(AccountRow.closed_at.is_(None))
    )
    row = session.scalars(query).one_or_none()
    return None if row is None else Bearer(row.id, row.learner_id, row.writes, row.last_used)


def used(session: Session, token_id: int, *, now: datetime) -> None:
    """Note that a token was used."""
    session.execute(update(ApiTokenRow).where(ApiTokenRow.id == token_id).values(last_used=now))


def get(session: Session, token_id: int) -> ApiTokenRow | None:
    """Return a token, revoked or not, or None."""
    return session.get(ApiTokenRow, token_id)


def living(session: Session, learner_id: int, *, now: datetime) -> Sequence[ApiTokenRow]:
    """Return a person's tokens that work, the latest made first."""
    query = select(ApiTokenRow).where(
        ApiTokenRow.learner_id == learner_id, ApiTokenRow.revoked_at.is_(None), ApiTokenRow.expires > now
    )
    return session.scalars(query.order_by(ApiTokenRow.created.desc(), ApiTokenRow.id.desc())).all()


def revoke(session: Session, learner_id: int, *, now: datetime) -> None:
    """Let no token of a person work any more."""
    query = update(ApiTokenRow).where(ApiTokenRow.learner_id == learner_id, ApiTokenRow.revoked_at.is_(None))
    session.execute(query.values(revoked_at=now))


def remove(session: Session, *, before: datetime) -> None:
    """Remove what expired or was revoked before that time."""
    session.execute(delete(ApiTokenRow).where(or_(ApiTokenRow.expires < before, ApiTokenRow.revoked_at < before)))
