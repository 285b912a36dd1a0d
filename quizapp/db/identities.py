"""Who people are at a provider with whose account they sign in."""

from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from quizapp.db.base import Base, PrimaryKey


class IdentityRow(Base):
    """An account at a provider that opens one of ours; each person has one at a provider."""

    __tablename__ = "identity"
    __table_args__ = (UniqueConstraint("issuer", "subject"), UniqueConstraint("learner_id", "issuer"))
    id: Mapped[PrimaryKey]
    learner_id: Mapped[int] = mapped_column(ForeignKey("account.learner_id", ondelete="CASCADE"))
    issuer: Mapped[str]
    subject: Mapped[str]  # the provider's name for the person, which never changes
    email: Mapped[str]  # at the provider when it was tied, for people; "": it told none
    created: Mapped[datetime]


def add(session: Session, row: IdentityRow) -> None:
    """Store an identity."""
    session.add(row)
    session.flush()


def find(session: Session, issuer: str, subject: str) -> IdentityRow | None:
    """Return the identity with this name at the provider, or None."""
    query = select(IdentityRow).where(IdentityRow.issuer == issuer, IdentityRow.subject == subject)
    return session.scalars(query).one_or_none()


def of(session: Session, learner_id: int, issuer: str) -> IdentityRow | None:
    """Return who a person is at the provider, or None."""
    query = select(IdentityRow).where(IdentityRow.learner_id == learner_id, IdentityRow.issuer == issuer)
    return session.scalars(query).one_or_none()


def remove(session: Session, row: IdentityRow) -> None:
    """Remove an identity."""
    session.delete(row)
    session.flush()
