"""Where people are signed in: one row a browser. A browser holds the token, the row its hash alone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from sqlalchemy import (
    ForeignKey,
    Index,
    Table,
    UniqueConstraint,
    and_,
    bindparam,
    delete,
    func,
    or_,
    select,
    update,
)
from sqlalchemy.orm import Mapped, Session, mapped_column

from quizapp.db import prepared
from quizapp.db.accounts import AccountRow
from quizapp.db.base import Base, PrimaryKey, gathered
from quizapp.db.learners import LearnerRow
from quizapp.db.teams import MembershipRow, TeamRow
from quizapp.domain.permissions import Role


class SignInRow(Base):
    """A browser in which somebody is signed in, until it expires or is signed out."""

    __tablename__ = "sign_in"
    __table_args__ = (UniqueConstraint("token_hash"), Index("ix_sign_in_learner_id", "learner_id"))
    id: Mapped[PrimaryKey]
    token_hash: Mapped[str]  # sha256 of the token, in hex
    learner_id: Mapped[int] = mapped_column(ForeignKey("account.learner_id", ondelete="CASCADE"))
    created: Mapped[datetime]
    last_seen: Mapped[datetime]  # to a few minutes
    expires: Mapped[datetime]
    agent: Mapped[str]  # what the browser and its system are called, for people
    revoked_at: Mapped[datetime | None]


@dataclass(frozen=True)
class Known:
    """Who a token belongs to, with all that a request needs to know of them."""

    id: int  # of the sign-in
    learner_id: int
    last_seen: datetime
    name: str
    email: str
    administers: bool
    roles: Mapping[int, Role]  # by the id of a team's library


@dataclass(frozen=True)
class Person:
    """A person with an account."""

    id: int
    name: str
    email: str
    administers: bool
    created: datetime
    last_seen: datetime | None
    closed_at: datetime | None
    deleted_at: datetime | None  # by themselves, while they can come back


_SIGN_IN, _ACCOUNT, _LEARNER, _MEMBER, _TEAM = (
    cast(Table, row.__table__) for row in (SignInRow, AccountRow, LearnerRow, MembershipRow, TeamRow)
)
_KNOWN = (
    select(_SIGN_IN.c.id, _SIGN_IN.c.learner_id, _SIGN_IN.c.last_seen)
    .add_columns(_LEARNER.c.name, _ACCOUNT.c.email, _ACCOUNT.c.administers)
    .add_columns(_TEAM.c.library_id.label("team"), _MEMBER.c.role)
    .join_from(_SIGN_IN, _ACCOUNT, _ACCOUNT.c.learner_id == _SIGN_IN.c.learner_id)
    .join(_LEARNER, _LEARNER.c.id == _SIGN_IN.c.learner_id)
    # One after the other: SQLite would look through all members of all teams for a pair of tables.
    .outerjoin(_MEMBER, and_(_MEMBER.c.learner_id == _SIGN_IN.c.learner_id, _MEMBER.c.left_at.is_(None)))
    .outerjoin(_TEAM, and_(_TEAM.c.id == _MEMBER.c.team_id, _TEAM.c.deleted_at.is_(None)))
    .where(_SIGN_IN.c.token_hash == bindparam("token"), _SIGN_IN.c.revoked_at.is_(None))
    .where(_SIGN_IN.c.expires > bindparam("now"), _ACCOUNT.c.closed_at.is_(None))
)
_SEEN = update(_SIGN_IN).where(_SIGN_IN.c.id == bindparam("sign_in"), _SIGN_IN.c.revoked_at.is_(None))


def known(session: Session, token_hash: str, *, now: datetime) -> Known | None:
    """Return who is signed in by this token, or None; the one query of every request."""
    rows = prepared.rows(session, _KNOWN, {"token": token_hash, "now": now})
    if not rows:
        return None
    first = rows[0]
    return Known(
        first.id,
        first.learner_id,
        first.last_seen,
        first.name,
        first.email,
        first.administers,
        {row.team: row.role for row in rows if row.team is not None},
    )


def add(session: Session, learner_id: int, token_hash: str, *, agent: str, now: datetime, expires: datetime) -> int:
    """Store that a person has signed in, and return the id."""
    row = SignInRow(
        learner_id=learner_id, token_hash=token_hash, agent=agent, created=now, last_seen=now, expires=expires
    )
    session.add(row)
    session.flush()
    return row.id


def seen(session: Session, sign_in_id: int, *, now: datetime, expires: datetime) -> None:
    """Note that a browser was used."""
    prepared.do(session, _SEEN, {"sign_in": sign_in_id, "last_seen": now, "expires": expires})


def living(session: Session, learner_id: int, *, now: datetime) -> Sequence[SignInRow]:
    """Return where a person is signed in, the latest used first."""
    query = select(SignInRow).where(
        SignInRow.learner_id == learner_id, SignInRow.revoked_at.is_(None), SignInRow.expires > now
    )
    return session.scalars(query.order_by(SignInRow.last_seen.desc(), SignInRow.id.desc())).all()


def revoke(session: Session, learner_id: int, *, now: datetime, only: int | None = None, but: int | None = None) -> int:
    """Sign a person out everywhere, in one place only, or everywhere but there; return in how many places."""
    query = update(SignInRow).where(SignInRow.learner_id == learner_id, SignInRow.revoked_at.is_(None))
    if only is not None:
        query = query.where(SignInRow.id == only)
    if but is not None:
        query = query.where(SignInRow.id != but)
    return len(session.scalars(query.values(revoked_at=now).returning(SignInRow.id)).all())


def remove(session: Session, *, before: datetime) -> None:
    """Remove what expired or was signed out before that time."""
    session.execute(delete(SignInRow).where(or_(SignInRow.expires < before, SignInRow.revoked_at < before)))


def named(session: Session) -> Sequence[tuple[int, str, str]]:
    """Return id, name and e-mail of everybody with an account, by name."""
    ((ids, names, emails),) = prepared.rows(session, _NAMED, {})
    ranked = sorted(zip(map(str.casefold, names or ()), ids or (), names or (), emails or (), strict=True))
    return [(one, name, email) for _, one, name, email in ranked]


def people(session: Session, learner_ids: Sequence[int]) -> Sequence[Person]:
    """Return these people with their accounts, in their order."""
    found = {row.id: Person(*row) for row in prepared.rows(session, _PEOPLE, {"learners": list(learner_ids)})}
    return [found[one] for one in learner_ids if one in found]


_NAMED = select(*(gathered(column) for column in (_ACCOUNT.c.learner_id, _LEARNER.c.name, _ACCOUNT.c.email))).join_from(
    _ACCOUNT, _LEARNER, _LEARNER.c.id == _ACCOUNT.c.learner_id
)
_LAST_SEEN = select(func.max(_SIGN_IN.c.last_seen)).where(_SIGN_IN.c.learner_id == _ACCOUNT.c.learner_id)
_PEOPLE = (
    select(_LEARNER.c.id, _LEARNER.c.name, _ACCOUNT.c.email, _ACCOUNT.c.administers, _ACCOUNT.c.created)
    .add_columns(_LAST_SEEN.scalar_subquery(), _ACCOUNT.c.closed_at, _ACCOUNT.c.deleted_at)
    .join_from(_ACCOUNT, _LEARNER, _LEARNER.c.id == _ACCOUNT.c.learner_id)
    .where(_ACCOUNT.c.learner_id.in_(bindparam("learners", expanding=True)))
)
