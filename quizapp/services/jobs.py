"""Long work: asked for by a person, done by a worker, looked at meanwhile. Start from `ask` and `claim`.

Who claims a job holds its token and a lease, which `report` renews. When the lease
ends, because its holder was killed or stuck, the next worker takes the job over under
another token. The first one, should it come back, holds a token that opens nothing:
it is told `LOST`, and stores nothing.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from typing import Any
from uuid import UUID, uuid4

from quizapp.db import jobs as job_rows
from quizapp.db.engine import Session, media_of
from quizapp.db.jobs import JobRow
from quizapp.domain.jobs import MOST_ATTEMPTS, JobKind, JobStatus, pause_after
from quizapp.domain.permissions import Action, Actor, LearnerId, Role
from quizapp.errors import Conflict, NotFound
from quizapp.services import importing
from quizapp.services.access import allowed
from quizapp.translations import ENGLISH, _, spoken

LEASE = timedelta(seconds=10)  # after a kill, nobody takes the job over before that
FURTHEST = timedelta(hours=1)  # no job waits so long; what seems to was stored before the clock was set back
KEPT = timedelta(days=1)  # after a job is done or cancelled
FAILED_KEPT = timedelta(days=30)
IN_SIGHT = 50
TITLE_CHARS = 300
LANGUAGE = "language"  # of who asked, among what the job was given


class Standing(Enum):
    """What a job is to who works on it."""

    MINE = "mine"
    CANCELLED = "cancelled"  # somebody wants it to end
    LOST = "lost"  # another worker has taken it over, or it is over


@dataclass(frozen=True)
class Task:
    """What is to be done, as its kind understands it."""

    kind: JobKind
    title: str  # what it works on, for the person
    given: Mapping[str, Any]  # as JSON has it
    file: str | None = None  # the name of what was handed in


@dataclass(frozen=True)
class Claim:
    """A job that is ours until its lease ends, and who it is done for."""

    job_id: int
    token: UUID
    actor: Actor  # whose library it is done in
    asked_by: Actor  # the person who has to answer for what is stored there
    task: Task
    attempts: int  # this one included
    language: str  # in which what becomes of it is told


@dataclass(frozen=True)
class Result:
    """What came of a job."""

    told: Mapping[str, Any]  # as JSON has it; its kind knows what is in it
    made: str | None = None  # the name of a file to be fetched


@dataclass(frozen=True)
class JobView:
    """A job as a person looks at it."""

    id: int
    kind: JobKind
    title: str
    status: JobStatus
    is_ending: bool  # somebody cancelled it, and its worker has not stopped yet
    ahead: int  # jobs that come first, while it waits
    share: float
    doing: str
    problem: str  # why it failed
    given: Mapping[str, Any]
    result: Mapping[str, Any]  # empty until it is done
    has_file: bool  # to be fetched


def ask(session: Session, actor: Actor, task: Task, *, data: bytes | None = None, now: datetime) -> int:
    """Put a job at the end of the queue; return the one that is there already if it is the same."""
    file = media_of(session).put(data) if data is not None else None
    for other in job_rows.in_sight(session, actor.learner_id, limit=IN_SIGHT):
        same = (other.kind, _without_language(other.given), other.file) == (task.kind, dict(task.given), file)
        if same and not other.status.is_over and not other.cancel_requested:
            return other.id
    return job_rows.add(session, _row(actor, task, file, now))


def begin(session: Session, actor: Actor, task: Task, *, data: bytes | None, now: datetime) -> Claim:
    """Make a job that is ours from the beginning, to be worked on at once."""
    row = _row(actor, task, task.file if data is None else media_of(session).put(data), now)
    job_rows.add(session, row)
    return _taken(session, row, now=now)


def claim(session: Session, *, now: datetime) -> Claim | None:
    """Take the job that has waited longest, or whose lease has ended; None when there is none."""
    while row := job_rows.first_available(session, now=now, furthest=now + FURTHEST):
        if row.cancel_requested:
            _end(session, row, JobStatus.CANCELLED, now=now)
        elif row.attempts >= MOST_ATTEMPTS:
            problem = _(
                "This was begun %(times)s times and interrupted each time. Nothing was stored.", times=row.attempts
            )
            _end(session, row, JobStatus.FAILED, problem=problem, now=now)
        else:
            return _taken(session, row, now=now)
        session.flush()
    return None


def is_any_available(session: Session, *, now: datetime) -> bool:
    """Say whether `claim` would find something to do; a session that reads can ask."""
    return job_rows.first_available(session, now=now, furthest=now + FURTHEST) is not None


def report(session: Session, held: Claim, *, share: float, doing: str, now: datetime) -> Standing:
    """Say how far a job is, and keep its lease from ending."""
    values = {"share": max(0.0, min(share, 1.0)), "doing": doing, "available": now + LEASE}
    if not job_rows.change_held(session, held.job_id, held.token, **values):
        return Standing.LOST
    return standing(session, held)


def standing(session: Session, held: Claim) -> Standing:
    """Say what has become of a job that we hold; a session that reads can ask."""
    match job_rows.is_cancelled(session, held.job_id, held.token):
        case None:
            return Standing.LOST
        case True:
            return Standing.CANCELLED
        case False:
            return Standing.MINE


def finish(session: Session, held: Claim, store: Callable[[Session, datetime], Result], *, now: datetime) -> Standing:
    """Let `store` put what was made into the library, if the job is still ours: both are kept, or neither."""
    found = standing(session, held)
    if found is Standing.MINE:
        result = store(session, now)
        values = {"share": 1.0, "result": dict(result.told), "made": result.made}
        if not _close(session, held, JobStatus.DONE, now=now, **values):
            raise Conflict("Another worker has taken this over meanwhile. Nothing was stored.")
    elif found is Standing.CANCELLED:
        _close(session, held, JobStatus.CANCELLED, now=now)
    return found


def stop(session: Session, held: Claim, *, now: datetime) -> None:
    """End a job that somebody has cancelled, without a result."""
    _close(session, held, JobStatus.CANCELLED, now=now)


def fail(session: Session, held: Claim, problem: str, *, now: datetime) -> None:
    """End a job that cannot be done."""
    _close(session, held, JobStatus.FAILED, problem=problem, now=now)


def try_later(session: Session, held: Claim, problem: str, *, now: datetime) -> None:
    """Put back a job that may work another time, for longer after each attempt; after the last one it has failed."""
    if held.attempts >= MOST_ATTEMPTS:
        fail(session, held, problem, now=now)
    else:
        _put_back(session, held, held.attempts, problem, available=now + pause_after(held.attempts))


def release(session: Session, held: Claim, *, now: datetime) -> None:
    """Give a job back untouched, for somebody else to take at once."""
    _put_back(session, held, held.attempts - 1, "", available=now)


def forget(session: Session, held: Claim, *, now: datetime) -> None:
    """Remove every trace of a job that we hold."""
    if standing(session, held) is not Standing.LOST and (row := job_rows.get(session, held.job_id)):
        importing.abandon(session, row.id, now=now)
        session.delete(row)


def look(session: Session, actor: Actor, job_id: int) -> JobView:
    """Return a job as it stands."""
    return _view(session, _allowed(session, actor, job_id, Action.SEE))


def in_sight(session: Session, actor: Actor) -> Sequence[JobView]:
    """Return the actor's jobs that are not over, that failed, or whose file can be fetched; the oldest first."""
    return [_view(session, row) for row in job_rows.in_sight(session, actor.learner_id, limit=IN_SIGHT)]


def made(session: Session, actor: Actor, job_id: int) -> bytes:
    """Return the file that a job has made."""
    row = _allowed(session, actor, job_id, Action.SEE)
    if row.made is None:
        raise NotFound("This file is not here any more. Ask for it again.")
    return media_of(session).get(row.made)


def cancel(session: Session, actor: Actor, job_id: int, *, now: datetime) -> JobView:
    """End a job: one that waits at once, one that runs as soon as its worker hears of it.

    A job that has failed, or whose file nobody needs any more, goes out of sight.
    """
    row = _allowed(session, actor, job_id, Action.EDIT)
    if row.status is JobStatus.RUNNING:
        row.cancel_requested = True
    elif row.status is not JobStatus.CANCELLED:
        _end(session, row, JobStatus.CANCELLED, now=now)
    session.flush()
    return _view(session, row)


def try_again(session: Session, actor: Actor, job_id: int, *, now: datetime) -> JobView:
    """Put a job that has failed or was cancelled back into the queue, as if it were new."""
    row = _allowed(session, actor, job_id, Action.EDIT)
    if row.status is JobStatus.RUNNING and row.cancel_requested:
        row.cancel_requested = False  # its worker has not heard of it yet
    elif row.status in {JobStatus.FAILED, JobStatus.CANCELLED}:
        row.status, row.available, row.finished = JobStatus.QUEUED, now, None
        row.attempts, row.cancel_requested, row.share, row.doing, row.problem = 0, False, 0.0, "", None
    else:
        raise Conflict("This is being done already, or is done. Look at it again.")
    session.flush()
    return _view(session, row)


def forget_old(session: Session, *, now: datetime) -> int:
    """Remove what was done or cancelled a day ago, and what failed 30 days ago; their files can be collected then."""
    over = job_rows.remove(session, {JobStatus.DONE, JobStatus.CANCELLED}, before=now - KEPT)
    return over + job_rows.remove(session, {JobStatus.FAILED}, before=now - FAILED_KEPT)


def _row(actor: Actor, task: Task, file: str | None, now: datetime) -> JobRow:
    title = task.title.encode("utf-8", "replace").decode()[:TITLE_CHARS]
    return JobRow(
        owner_id=actor.learner_id,
        asked_by=actor.person_id,
        kind=task.kind,
        title=title,
        given={**task.given, LANGUAGE: spoken()},
        file=file,
        available=now,
        created=now,
    )


def _taken(session: Session, row: JobRow, *, now: datetime) -> Claim:
    row.status, row.token, row.available = JobStatus.RUNNING, uuid4(), now + LEASE
    row.attempts, row.share, row.doing = row.attempts + 1, 0.0, ""
    session.flush()
    task = Task(row.kind, row.title, _without_language(row.given), row.file)
    language = row.given.get(LANGUAGE, ENGLISH)
    return Claim(row.id, row.token, Actor(LearnerId(row.owner_id)), _asker(row), task, row.attempts, language)


def _asker(row: JobRow) -> Actor:
    """Return who asked for a job, in the library that it is done in, as they were allowed to when they asked."""
    library = LearnerId(row.owner_id)
    if row.asked_by is None or row.asked_by == library:
        return Actor(library)
    return Actor(library, LearnerId(row.asked_by), {library: Role.TRAINER})


def _without_language(given: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in given.items() if name != LANGUAGE}


def _end(session: Session, row: JobRow, status: JobStatus, *, now: datetime, problem: str | None = None) -> None:
    """End a job that nobody works on; of one that stores by parts nothing stays."""
    importing.abandon(session, row.id, now=now)
    row.status, row.available, row.token, row.finished, row.problem = status, None, None, now, problem


def _close(session: Session, held: Claim, status: JobStatus, *, now: datetime, **values: object) -> bool:
    """End a job that we hold; return False when we hold it no more, and nothing changes.

    Of one that stores by parts and is not done nothing stays.
    """
    over = {"status": status, "available": None, "token": None, "finished": now}
    is_ours = job_rows.change_held(session, held.job_id, held.token, **over, **values)
    if is_ours and status is not JobStatus.DONE:
        importing.abandon(session, held.job_id, now=now)
    return is_ours


def _put_back(session: Session, held: Claim, attempts: int, doing: str, *, available: datetime) -> None:
    job_rows.change_held(
        session,
        held.job_id,
        held.token,
        status=JobStatus.QUEUED,
        token=None,
        available=available,
        attempts=attempts,
        share=0.0,
        doing=doing,
    )


def _allowed(session: Session, actor: Actor, job_id: int, action: Action) -> JobRow:
    """Return a job if the actor may do that in its library, whichever is open: long work outlasts that."""
    row = job_rows.get(session, job_id)
    there = actor if row is None else Actor(LearnerId(row.owner_id), actor.person_id, actor.roles)
    return allowed(row, there, action, thing="job")


def _view(session: Session, row: JobRow) -> JobView:
    waits = row.status is JobStatus.QUEUED
    return JobView(
        id=row.id,
        kind=row.kind,
        title=row.title,
        status=row.status,
        is_ending=row.status is JobStatus.RUNNING and row.cancel_requested,
        ahead=job_rows.ahead(session, row) if waits else 0,
        share=row.share,
        doing=row.doing,
        problem=row.problem or "",
        given=_without_language(row.given),
        result=row.result or {},
        has_file=row.made is not None,
    )
