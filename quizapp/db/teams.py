"""Teams and who belongs to them.

A team's material belongs to a learner row of its own, its library: whatever has an
`owner_id` can be a team's, and is found by the same queries.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from json import loads
from typing import NamedTuple, cast

from sqlalchemy import ForeignKey, Index, Table, Text, UniqueConstraint, bindparam, delete, func, select
from sqlalchemy import cast as cast_to
from sqlalchemy.orm import Mapped, Session, mapped_column

from quizapp.db import prepared
from quizapp.db.base import Base, PrimaryKey, gathered
from quizapp.db.learners import LearnerRow
from quizapp.domain.permissions import Role


class TeamRow(Base):
    """People who learn together; `deleted_at` is set while the team is in the trash."""

    __tablename__ = "team"
    __table_args__ = (UniqueConstraint("library_id"),)
    id: Mapped[PrimaryKey]
    library_id: Mapped[int] = mapped_column(ForeignKey("learner.id", ondelete="CASCADE"))
    name: Mapped[str]
    created: Mapped[datetime]
    deleted_at: Mapped[datetime | None]

    @property
    def owner_id(self) -> int:
        """Whom the team belongs to: those who may do things to its library may do them to it."""
        return self.library_id


class MembershipRow(Base):
    """A person in a team; one who left keeps the row, and comes back to it."""

    __tablename__ = "membership"
    __table_args__ = (Index("ix_membership_learner_id", "learner_id"),)
    team_id: Mapped[int] = mapped_column(ForeignKey("team.id", ondelete="CASCADE"), primary_key=True)
    learner_id: Mapped[int] = mapped_column(ForeignKey("learner.id", ondelete="CASCADE"), primary_key=True)
    role: Mapped[Role]
    joined_at: Mapped[datetime]
    left_at: Mapped[datetime | None]
    shows_recall: Mapped[bool] = mapped_column(default=False)  # lets trainers see recall by topic under their name
    on_leaderboards: Mapped[bool] = mapped_column(default=False)


@dataclass(frozen=True)
class Member:
    """A person in a team, with their name."""

    learner_id: int
    name: str
    role: Role
    joined_at: datetime
    shows_recall: bool
    on_leaderboards: bool


class Named(NamedTuple):
    """A person in a team, as far as a list of all of them needs to know."""

    learner_id: int
    name: str
    role: Role


class Titled(NamedTuple):
    """A living team, as far as what is made for it needs to know."""

    id: int
    library_id: int
    name: str

    @property
    def owner_id(self) -> int:
        """Whom the team belongs to, as a row of it has it."""
        return self.library_id


class Belonging(NamedTuple):
    """A team as one that a person belongs to."""

    library_id: int
    team_id: int
    name: str
    role: Role


_TEAM, _MEMBER, _LEARNER = (cast(Table, row.__table__) for row in (TeamRow, MembershipRow, LearnerRow))
_OF_PERSON = (  # asked by every request where nobody signs in, or a team's library is open
    select(_TEAM.c.library_id, _TEAM.c.id.label("team_id"), _TEAM.c.name, _MEMBER.c.role)
    .join_from(_MEMBER, _TEAM, _TEAM.c.id == _MEMBER.c.team_id)
    .where(_MEMBER.c.learner_id == bindparam("learner"), _MEMBER.c.left_at.is_(None), _TEAM.c.deleted_at.is_(None))
)
_OF_LEARNER = (
    select(TeamRow)
    .join(MembershipRow, MembershipRow.team_id == TeamRow.id)
    .where(MembershipRow.learner_id == bindparam("learner"), MembershipRow.left_at.is_(None))
    .where(TeamRow.deleted_at.is_(None))
    .order_by(TeamRow.name, TeamRow.id)
)
_SHOWN = select(*(_TEAM.c[name] for name in Titled._fields)).where(
    _TEAM.c.id == bindparam("team"), _TEAM.c.deleted_at.is_(None)
)
_NAMED_BY = select(_TEAM.c.id, _TEAM.c.name).where(
    _TEAM.c.library_id == bindparam("library"), _TEAM.c.deleted_at.is_(None)
)
_SHOWS = (
    select(_MEMBER.c.shows_recall, cast_to(gathered(_MEMBER.c.learner_id), Text).label("learners"))
    .where(_MEMBER.c.team_id == bindparam("team"), _MEMBER.c.left_at.is_(None))
    .group_by(_MEMBER.c.shows_recall)
)
_MEMBERS = (
    select(_MEMBER.c.learner_id, _LEARNER.c.name, _MEMBER.c.role, _MEMBER.c.joined_at)
    .add_columns(_MEMBER.c.shows_recall, _MEMBER.c.on_leaderboards)
    .join_from(_MEMBER, _LEARNER, _LEARNER.c.id == _MEMBER.c.learner_id)
    .where(_MEMBER.c.team_id == bindparam("team"), _MEMBER.c.left_at.is_(None))
)
_NAMED_MEMBERS = _MEMBERS.with_only_columns(
    _MEMBER.c.role, gathered(_MEMBER.c.learner_id), gathered(_LEARNER.c.name), maintain_column_froms=True
).group_by(_MEMBER.c.role)
_SOME_MEMBERS = _MEMBERS.where(_MEMBER.c.learner_id.in_(bindparam("learners", expanding=True)))
RANKS = {role: number for number, role in enumerate(Role)}


def get(session: Session, team_id: int) -> TeamRow | None:
    """Return a team, in the trash or not, or None."""
    return session.get(TeamRow, team_id)


def shown(session: Session, team_id: int) -> Titled | None:
    """Return a living team, or None."""
    found = prepared.first(session, _SHOWN, {"team": team_id})
    return Titled(*found) if found else None


def add(session: Session, *, library_id: int, name: str, now: datetime) -> TeamRow:
    """Store a team without anybody in it."""
    team = TeamRow(library_id=library_id, name=name, created=now)
    session.add(team)
    session.flush()
    return team


def named_by(session: Session, library_id: int) -> tuple[int, str] | None:
    """Return number and name of the living team whose library that is, or None."""
    found = prepared.first(session, _NAMED_BY, {"library": library_id})
    return None if found is None else (found.id, found.name)


def id_of(session: Session, library_id: int) -> int | None:
    """Return the number of that team, or None."""
    return prepared.scalar(session, _NAMED_BY, {"library": library_id})


def membership(session: Session, team_id: int, learner_id: int) -> MembershipRow | None:
    """Return what ties a person to a team, though they may have left it, or None."""
    return session.get(MembershipRow, (team_id, learner_id))


def put(session: Session, *, team_id: int, learner_id: int, role: Role, now: datetime) -> MembershipRow:
    """Let a person belong to a team in that role; one who comes back keeps what they let others see."""
    row = membership(session, team_id, learner_id)
    if row is None:
        row = MembershipRow(team_id=team_id, learner_id=learner_id, joined_at=now)
        session.add(row)
    row.role, row.left_at = role, None
    session.flush()
    return row


def members(session: Session, team_id: int) -> Sequence[Member]:
    """Return who belongs to a team, by role and name."""
    found = [Member(*row) for row in prepared.rows(session, _MEMBERS, {"team": team_id})]
    return sorted(found, key=_rank)


def named_members(session: Session, team_id: int) -> Sequence[Named]:
    """Return number, name and role of who belongs to a team, in the order of `members`; made for a thousand."""
    return [Named(one, name, role) for role, people in _by_role(session, team_id) for _, one, name in people]


def ranked_members(session: Session, team_id: int) -> Sequence[tuple[int, str, int]]:
    """Return rank, name without capitals and number of who belongs to a team, in the order of `members`."""
    return [(RANKS[role], folded, one) for role, people in _by_role(session, team_id) for folded, one, _ in people]


def _by_role(session: Session, team_id: int) -> Sequence[tuple[Role, Sequence[tuple[str, int, str]]]]:
    """Return name without capitals, number and name of who belongs to a team, in order, by role from the highest."""
    found = sorted(prepared.rows(session, _NAMED_MEMBERS, {"team": team_id}), key=lambda row: RANKS[row.role])
    return [(role, sorted(zip(map(str.casefold, names), ids, names, strict=True))) for role, ids, names in found]


def some_members(session: Session, team_id: int, learner_ids: Sequence[int]) -> Sequence[Member]:
    """Return those of these people who belong to a team, in the order of `members`."""
    found = session.execute(_SOME_MEMBERS, {"team": team_id, "learners": learner_ids})
    return sorted((Member(*row) for row in found), key=_rank)


def _rank(one: Member) -> tuple[int, str, int]:
    return RANKS[one.role], one.name.casefold(), one.learner_id


def who_shows(session: Session, team_id: int) -> tuple[frozenset[int], frozenset[int]]:
    """Return who belongs to a team: those who let their recall be seen under their name, and the others."""
    found = {shows: _people(ids) for shows, ids in prepared.rows(session, _SHOWS, {"team": team_id})}
    return found.get(True, frozenset()), found.get(False, frozenset())


@lru_cache(maxsize=32)  # nearly always they are who they were the last time
def _people(ids: str) -> frozenset[int]:
    """Return people as a list of them is written."""
    return frozenset(loads(ids))


def count_members(session: Session, team_ids: Sequence[int]) -> Mapping[int, int]:
    """Return how many people belong to each team."""
    query = select(MembershipRow.team_id, func.count()).group_by(MembershipRow.team_id)
    query = query.where(MembershipRow.team_id.in_(team_ids), MembershipRow.left_at.is_(None))
    return dict(session.execute(query).all())


def deleted_of(session: Session, learner_id: int) -> Sequence[TeamRow]:
    """Return the teams in the trash that the person was an owner of, those deleted last first."""
    query = (
        select(TeamRow)
        .join(MembershipRow, MembershipRow.team_id == TeamRow.id)
        .where(MembershipRow.learner_id == learner_id, MembershipRow.left_at.is_(None))
        .where(MembershipRow.role == Role.OWNER, TeamRow.deleted_at.is_not(None))
    )
    return session.scalars(query.order_by(TeamRow.deleted_at.desc(), TeamRow.id)).all()


def remove(session: Session, *, before: datetime) -> int:
    """Remove teams deleted before that time with their libraries, and return how many."""
    gone = select(TeamRow.library_id).where(TeamRow.deleted_at < before)
    libraries = session.scalars(gone).all()
    statement = delete(LearnerRow).where(LearnerRow.id.in_(libraries))
    session.execute(statement, execution_options={"synchronize_session": False})
    return len(libraries)


def of_person(session: Session, learner_id: int) -> Sequence[Belonging]:
    """Return what the person is in each of their living teams."""
    return [Belonging(*row) for row in prepared.rows(session, _OF_PERSON, {"learner": learner_id})]


def roles(session: Session, learner_id: int) -> Mapping[int, Role]:
    """Return what the person is in each of their living teams, by the id of the team's library."""
    return {one.library_id: one.role for one in of_person(session, learner_id)}


def names_of_learner(session: Session, learner_id: int) -> Mapping[int, tuple[int, str]]:
    """Return number and name of the person's living teams, by library."""
    return {one.library_id: (one.team_id, one.name) for one in of_person(session, learner_id)}


def of_learner(session: Session, learner_id: int) -> Sequence[TeamRow]:
    """Return the person's living teams, by name."""
    return session.scalars(_OF_LEARNER, {"learner": learner_id}).all()
