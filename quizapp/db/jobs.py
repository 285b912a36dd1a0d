"""Jobs: who waits for what, who works on it and until when, and what came of it."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import JSON, CursorResult, ForeignKey, Index, String, delete, func, or_, select, update
from sqlalchemy import Enum as EnumType
from sqlalchemy.orm import Mapped, Session, mapped_column

from quizapp.db.base import Base, OwnerKey, PrimaryKey
from quizapp.domain.jobs import JobKind, JobStatus


class JobRow(Base):
    """Work that somebody asked for.

    Who works on it holds its token. `available` is the time from which on it may be
    taken: of a job that waits, when to try (again); of one that runs, when its lease
    ends; None once it is over. So finding the next job is one look into an index.
    """

    __tablename__ = "job"
    __table_args__ = (Index(None, "available", "id"), Index(None, "owner_id", "status", "id"))
    id: Mapped[PrimaryKey]
    owner_id: Mapped[OwnerKey]
    # Who asked for it, where the library is a team's; None once they have an account no more.
    asked_by: Mapped[int | None] = mapped_column(ForeignKey("learner.id", ondelete="SET NULL"))
    # Without a list of what is allowed: a new kind needs no migration.
    kind: Mapped[JobKind] = mapped_column(EnumType(JobKind, native_enum=False, length=16))
    title: Mapped[str]  # what it works on, for the person
    given: Mapped[dict[str, Any]] = mapped_column(JSON)  # whatever else its kind needs
    file: Mapped[str | None] = mapped_column(String(64))  # among the media: what was handed in
    status: Mapped[JobStatus] = mapped_column(default=JobStatus.QUEUED)
    available: Mapped[datetime | None]
    token: Mapped[UUID | None]
    attempts: Mapped[int] = mapped_column(default=0)
    cancel_requested: Mapped[bool] = mapped_column(default=False)
    share: Mapped[float] = mapped_column(default=0.0)
    doing: Mapped[str] = mapped_column(default="")
    created: Mapped[datetime]
    finished: Mapped[datetime | None]
    result: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))  # what its kind has to say
    made: Mapped[str | None] = mapped_column(String(64))  # among the media: what can be fetched
    problem: Mapped[str | None]  # why it failed, as a sentence


def get(session: Session, job_id: int) -> JobRow | None:
    """Return a job, or None."""
    return session.get(JobRow, job_id, populate_existing=True)


def add(session: Session, job: JobRow) -> int:
    """Store a job and return its id."""
    session.add(job)
    session.flush()
    return job.id


def first_available(session: Session, *, now: datetime, furthest: datetime) -> JobRow | None:
    """Return the job that has been there to be taken for longest, or None.

    One that would come later than `furthest` was stored before the clock was set
    back, and is there, too.
    """
    for is_there in (JobRow.available <= now, JobRow.available > furthest):
        query = select(JobRow).where(is_there).order_by(JobRow.available, JobRow.id).limit(1)
        if job := session.scalars(query, execution_options={"populate_existing": True}).one_or_none():
            return job
    return None


def change_held(session: Session, job_id: int, holder: UUID, /, **values: object) -> bool:
    """Change a job for who holds this token; return False when somebody else does, or nobody."""
    statement = update(JobRow).where(JobRow.id == job_id, JobRow.token == holder).values(**values)
    done = session.execute(statement, execution_options={"synchronize_session": False})
    return cast("CursorResult[Any]", done).rowcount == 1


def is_cancelled(session: Session, job_id: int, token: UUID) -> bool | None:
    """Say whether somebody wants a job to end, for who holds this token; None when somebody else does, or nobody."""
    query = select(JobRow.cancel_requested).where(JobRow.id == job_id, JobRow.token == token)
    return session.scalars(query).one_or_none()


def in_sight(session: Session, owner_id: int, *, limit: int) -> Sequence[JobRow]:
    """Return the owner's jobs that are not over, that failed, or whose file can be fetched.

    The newest of them, in the order in which they were asked for.
    """
    statuses = (JobStatus.QUEUED, JobStatus.RUNNING, JobStatus.FAILED, JobStatus.DONE)
    query = select(JobRow).where(
        JobRow.owner_id == owner_id,
        JobRow.status.in_(statuses),
        or_(JobRow.status != JobStatus.DONE, JobRow.made.is_not(None)),
    )
    return session.scalars(query.order_by(JobRow.id.desc()).limit(limit)).all()[::-1]


def ahead(session: Session, job: JobRow) -> int:
    """Return how many jobs come before this one."""
    query = select(func.count()).select_from(JobRow).where(JobRow.available.is_not(None), JobRow.id < job.id)
    return session.scalars(query).one()


def files(session: Session) -> Mapping[str, str]:
    """Return the titles of all jobs by the names of the files that they were given or have made."""
    named: dict[str, str] = {}
    for column in (JobRow.file, JobRow.made):
        rows = session.execute(select(column, JobRow.title).where(column.is_not(None)).order_by(JobRow.id.desc()))
        named.update({str(name): title for name, title in rows})
    return named


def remove(session: Session, statuses: Collection[JobStatus], *, before: datetime) -> int:
    """Remove the jobs that ended in one of these ways before that time; return how many."""
    statement = delete(JobRow).where(JobRow.status.in_(statuses), JobRow.finished < before)
    done = session.execute(statement, execution_options={"synchronize_session": False})
    return cast("CursorResult[Any]", done).rowcount
