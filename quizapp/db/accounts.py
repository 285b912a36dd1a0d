"""Who can sign in: the accounts of people."""

from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint, bindparam, exists, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from quizapp.db import prepared
from quizapp.db.base import Base


class AccountRow(Base):
    """How a person proves who they are; with `closed_at` they cannot, and all that is theirs stays."""

    __tablename__ = "account"
    __table_args__ = (UniqueConstraint("email_key"),)
    learner_id: Mapped[int] = mapped_column(ForeignKey("learner.id", ondelete="CASCADE"), primary_key=True)
    email: Mapped[str]  # as the person writes it
    email_key: Mapped[str]  # by which it is found
    confirmed_at: Mapped[datetime | None]  # when something showed that letters there reach the person
    password_hash: Mapped[str | None]  # None: they prove it in another way
    administers: Mapped[bool] = mapped_column(default=False)  # who may come onto this server
    created: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    deleted_at: Mapped[datetime | None]  # by the person, who can come back until it is removed


_ADMINISTERS = select(AccountRow.learner_id).where(
    AccountRow.learner_id == bindparam("learner"), AccountRow.administers, AccountRow.closed_at.is_(None)
)


def get(session: Session, learner_id: int) -> AccountRow | None:
    """Return a person's account, or None."""
    return session.get(AccountRow, learner_id)


def administers(session: Session, learner_id: int) -> bool:
    """Say whether a person administers whose account is open."""
    return prepared.first(session, _ADMINISTERS, {"learner": learner_id}) is not None


def by_email(session: Session, key: str) -> AccountRow | None:
    """Return the account with this e-mail, or None."""
    return session.scalars(select(AccountRow).where(AccountRow.email_key == key)).one_or_none()


def any_there(session: Session) -> bool:
    """Say whether anybody has an account."""
    return bool(session.scalar(select(exists().where(AccountRow.learner_id.is_not(None)))))


def administrators(session: Session) -> int:
    """Return how many people can sign in and administer."""
    query = select(func.count()).select_from(AccountRow)
    here = (AccountRow.closed_at.is_(None), AccountRow.deleted_at.is_(None))
    return session.scalars(query.where(AccountRow.administers, *here)).one()
