"""What was done in a team that its owners may want to know of later; only ever added."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from sqlalchemy import ForeignKey, Index, Table, bindparam, insert, literal, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from quizapp.db import prepared
from quizapp.db.base import Base, PrimaryKey
from quizapp.db.learners import LearnerRow
from quizapp.db.teams import TeamRow


class AuditEventRow(Base):
    """Somebody did something to a thing of a team."""

    __tablename__ = "audit_event"
    __table_args__ = (
        Index("ix_audit_event_team_id", "team_id", "id"),
        Index("ix_audit_event_person_id", "person_id", "at"),
    )
    id: Mapped[PrimaryKey]
    at: Mapped[datetime]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("learner.id", ondelete="SET NULL"))
    team_id: Mapped[int] = mapped_column(ForeignKey("team.id", ondelete="CASCADE"))
    action: Mapped[str]  # as `domain.audit` names it
    kind: Mapped[str]  # of the thing
    thing_id: Mapped[int | None]
    detail: Mapped[str]  # what the thing was called, or what it became


@dataclass(frozen=True)
class AuditEvent:
    """One line of the log, with the name of who did it."""

    id: int
    at: datetime
    person: str | None  # None when they have an account no more
    action: str
    kind: str
    thing_id: int | None
    detail: str


def add(
    session: Session,
    *,
    team_id: int,
    person_id: int,
    action: str,
    kind: str,
    thing_id: int | None,
    detail: str,
    now: datetime,
) -> None:
    """Store a line."""
    this = {"action": action, "kind": kind, "thing_id": thing_id, "detail": detail}
    prepared.do(session, _ADD, {"at": now, "person_id": person_id, "team_id": team_id, **this})


def is_there(session: Session, *, team_id: int, person_id: int, action: str, at: datetime) -> bool:
    """Say whether a line tells that the person did that in the team at that moment."""
    query = select(AuditEventRow.id).filter_by(team_id=team_id, person_id=person_id, action=action, at=at)
    return session.scalar(query.limit(1)) is not None


def is_told(
    session: Session,
    *,
    library_id: int,
    person_id: int,
    action: str,
    kind: str,
    thing_id: int | None,
    since: datetime,
    until: datetime,
) -> bool:
    """Say whether a line of the team with that library tells that the person did that to the thing between then and then.

    What has no number is never the same as another.
    """
    this = {"action": action, "kind": kind, "thing": thing_id}
    when = {"since": since, "until": until}
    return bool(prepared.rows(session, _TOLD, {"library": library_id, "person": person_id, **this, **when}))


def of_team(session: Session, team_id: int, *, limit: int, offset: int = 0) -> Sequence[AuditEvent]:
    """Return lines of the team's log, the newest first."""
    asked = {"team": team_id, "limit": limit, "offset": offset}
    return [AuditEvent(*row) for row in prepared.rows(session, _OF_TEAM, asked)]


_EVENTS, _PEOPLE = cast(Table, AuditEventRow.__table__), cast(Table, LearnerRow.__table__)
_TEAMS = cast(Table, TeamRow.__table__)
_ADD = insert(_EVENTS)
_TOLD = (
    select(literal(1))
    .join_from(_EVENTS, _TEAMS, _TEAMS.c.id == _EVENTS.c.team_id)
    .where(_EVENTS.c.person_id == bindparam("person"), _EVENTS.c.at.between(bindparam("since"), bindparam("until")))
    .where(_EVENTS.c.action == bindparam("action"), _EVENTS.c.kind == bindparam("kind"))
    .where(_EVENTS.c.thing_id == bindparam("thing"), _TEAMS.c.library_id == bindparam("library"))
    .limit(1)
)
_OF_TEAM = (
    select(_EVENTS.c.id, _EVENTS.c.at, _PEOPLE.c.name.label("person"), _EVENTS.c.action)
    .add_columns(_EVENTS.c.kind, _EVENTS.c.thing_id, _EVENTS.c.detail)
    .outerjoin_from(_EVENTS, _PEOPLE, _PEOPLE.c.id == _EVENTS.c.person_id)
    .where(_EVENTS.c.team_id == bindparam("team"))
    .order_by(_EVENTS.c.id.desc())
    .limit(bindparam("limit"))
    .offset(bindparam("offset"))
)
