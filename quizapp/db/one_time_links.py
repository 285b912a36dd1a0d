"""Links that work once: the first owner's, invitations, and those to choose another password or to confirm an e-mail."""

from collections.abc import Sequence
from datetime import datetime
from enum import Enum

from sqlalchemy import ColumnElement, ForeignKey, UniqueConstraint, delete, or_, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from quizapp.db.base import Base, PrimaryKey
from quizapp.domain.permissions import Role


class Purpose(Enum):
    """What whoever opens a link may do."""

    FIRST = "first"  # have an account with the library that is there
    INVITATION = "invitation"  # have an account, or join a team
    RESET = "reset"  # choose another password
    EMAIL = "email"  # show that an e-mail reaches its person


class OneTimeLinkRow(Base):
    """A link that was given to somebody; who has its token may use it once. The row holds the token's hash alone."""

    __tablename__ = "one_time_link"
    __table_args__ = (UniqueConstraint("token_hash"),)
    id: Mapped[PrimaryKey]
    purpose: Mapped[Purpose]
    token_hash: Mapped[str]  # sha256 of the token, in hex
    learner_id: Mapped[int | None] = mapped_column(ForeignKey("learner.id", ondelete="CASCADE"))  # whom it is about
    maker_id: Mapped[int | None] = mapped_column(ForeignKey("learner.id", ondelete="CASCADE"))  # None: the console
    team_id: Mapped[int | None] = mapped_column(ForeignKey("team.id", ondelete="CASCADE"))  # to be joined
    role: Mapped[Role | None]  # in that team
    email: Mapped[str]  # where it went, or for whom it is; "": anybody's
    created: Mapped[datetime]
    expires: Mapped[datetime | None]  # None: never
    used_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]


def add(session: Session, row: OneTimeLinkRow) -> OneTimeLinkRow:
    """Store a link."""
    session.add(row)
    session.flush()
    return row


def living(session: Session, token_hash: str, *, now: datetime) -> OneTimeLinkRow | None:
    """Return the link with this token if it can still be used."""
    query = select(OneTimeLinkRow).where(OneTimeLinkRow.token_hash == token_hash, *_usable(now))
    return session.scalars(query).one_or_none()


def use(session: Session, link_id: int, *, now: datetime) -> bool:
    """Use a link up; of several at a time, one alone is told that it did."""
    query = update(OneTimeLinkRow).where(OneTimeLinkRow.id == link_id, *_usable(now)).values(used_at=now)
    return session.scalar(query.returning(OneTimeLinkRow.id)) is not None


def waiting(session: Session, *, team_id: int | None, now: datetime) -> Sequence[OneTimeLinkRow]:
    """Return the invitations that were not used yet, to the server or into a team, the latest first."""
    query = select(OneTimeLinkRow).where(
        OneTimeLinkRow.purpose == Purpose.INVITATION, OneTimeLinkRow.team_id == team_id, *_usable(now)
    )
    return session.scalars(query.order_by(OneTimeLinkRow.created.desc(), OneTimeLinkRow.id.desc())).all()


def latest(session: Session, purpose: Purpose, *, learner_id: int, now: datetime) -> OneTimeLinkRow | None:
    """Return the link for this purpose, about that person, that was made last and can still be used."""
    query = select(OneTimeLinkRow).where(OneTimeLinkRow.purpose == purpose, OneTimeLinkRow.learner_id == learner_id)
    return session.scalars(query.where(*_usable(now)).order_by(OneTimeLinkRow.id.desc()).limit(1)).one_or_none()


def get(session: Session, link_id: int) -> OneTimeLinkRow | None:
    """Return a link, used or not, or None."""
    return session.get(OneTimeLinkRow, link_id)


def withdraw(session: Session, purpose: Purpose, *, learner_id: int | None, now: datetime) -> None:
    """Let no earlier link for this purpose work, about that person or about nobody."""
    query = update(OneTimeLinkRow).where(OneTimeLinkRow.purpose == purpose, OneTimeLinkRow.learner_id == learner_id)
    session.execute(query.where(*_usable(now)).values(withdrawn_at=now))


def withdraw_of(session: Session, learner_id: int, *, now: datetime) -> None:
    """Let no link work that this person made, or that is about them."""
    theirs = or_(OneTimeLinkRow.maker_id == learner_id, OneTimeLinkRow.learner_id == learner_id)
    session.execute(update(OneTimeLinkRow).where(theirs, *_usable(now)).values(withdrawn_at=now))


def remove(session: Session, *, before: datetime) -> None:
    """Remove what was used, withdrawn or expired before that time."""
    over = (OneTimeLinkRow.expires, OneTimeLinkRow.used_at, OneTimeLinkRow.withdrawn_at)
    session.execute(delete(OneTimeLinkRow).where(or_(*(moment < before for moment in over))))


def _usable(now: datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        OneTimeLinkRow.used_at.is_(None),
        OneTimeLinkRow.withdrawn_at.is_(None),
        or_(OneTimeLinkRow.expires.is_(None), OneTimeLinkRow.expires > now),
    )
