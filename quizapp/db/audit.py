"""What was done in a team that its owners may want to know of later; only ever added."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ForeignKey, Index, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from quizapp.db.base import Base, PrimaryKey
from quizapp.db.learners import LearnerRow


class AuditEventRow(Base):
    """Somebody did something to a thing of a team."""

    __tablename__ = "audit_event"
    __table_args__ = (Index("ix_audit_event_team_id", "team_id", "id"),)
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
    session.add(AuditEventRow(at=now, person_id=person_id, team_id=team_id, **this))
    session.flush()


def is_there(session: Session, *, team_id: int, person_id: int, action: str, at: datetime) -> bool:
    """Say whether a line tells that the person did that in the team at that moment."""
    query = select(AuditEventRow.id).filter_by(team_id=team_id, person_id=person_id, action=action, at=at)
    return session.scalar(query.limit(1)) is not None


def of_team(session: Session, team_id: int, *, limit: int, offset: int = 0) -> Sequence[AuditEvent]:
    """Return lines of the team's log, the newest first."""
    query = (
        select(AuditEventRow, LearnerRow.name)
        .outerjoin(LearnerRow, LearnerRow.id == AuditEventRow.person_id)
        .where(AuditEventRow.team_id == team_id)
    )
    rows = session.execute(query.order_by(AuditEventRow.id.desc()).limit(limit).offset(offset))
    return [AuditEvent(row.id, row.at, name, row.action, row.kind, row.thing_id, row.detail) for row, name in rows]
