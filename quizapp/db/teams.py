"""Teams and who belongs to them.

A team's material belongs to a learner row of its own, its library: whatever has an
`owner_id` can be a team's, and is found by the same queries.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from quizapp.db.base import Base, PrimaryKey
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


def get(session: Session, team_id: int) -> TeamRow | None:
    """Return a team, in the trash or not, or None."""
    return session.get(TeamRow, team_id)


def add(session: Session, *, library_id: int, name: str, now: datetime) -> TeamRow:
    """Store a team without anybody in it."""
    team = TeamRow(library_id=library_id, name=name, created=now)
    session.add(team)
    session.flush()
    return team


def roles(session: Session, learner_id: int) -> Mapping[int, Role]:
    """Return what the person is in each of their living teams, by the id of the team's library."""
    query = (
        select(TeamRow.library_id, MembershipRow.role)
        .join(TeamRow, TeamRow.id == MembershipRow.team_id)
        .where(MembershipRow.learner_id == learner_id, MembershipRow.left_at.is_(None), TeamRow.deleted_at.is_(None))
    )
    return dict(session.execute(query).tuples())


def of_learner(session: Session, learner_id: int) -> Sequence[TeamRow]:
    """Return the person's living teams, by name."""
    query = (
        select(TeamRow)
        .join(MembershipRow, MembershipRow.team_id == TeamRow.id)
        .where(MembershipRow.learner_id == learner_id, MembershipRow.left_at.is_(None), TeamRow.deleted_at.is_(None))
        .order_by(TeamRow.name, TeamRow.id)
    )
    return session.scalars(query).all()
