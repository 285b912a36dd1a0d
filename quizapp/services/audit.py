"""The log of a team: written by services when somebody does what others may ask about, read by owners."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from quizapp.db import audit as rows
from quizapp.db import teams
from quizapp.db.audit import AuditEvent
from quizapp.db.engine import Session
from quizapp.domain.audit import Deed
from quizapp.domain.permissions import Action, Actor
from quizapp.services.access import allowed

PAGE_LINES = 100
MOST_LINES = 100_000
MOST_PAGES = MOST_LINES // PAGE_LINES
DETAIL_CHARS = 200
SAME_LOOK = timedelta(minutes=10)


def note(
    session: Session,
    actor: Actor,
    library_id: int,
    deed: Deed,
    *,
    kind: str,
    thing_id: int | None = None,
    detail: str = "",
    now: datetime,
) -> None:
    """Note in the log of the team with that library what the actor did; what is done in a person's own is not noted."""
    if library_id == actor.person_id:
        return
    if (team_id := teams.id_of(session, library_id)) is not None:
        rows.add(
            session,
            team_id=team_id,
            person_id=actor.person_id,
            action=deed.value,
            kind=kind,
            thing_id=thing_id,
            detail=detail[:DETAIL_CHARS],
            now=now,
        )


class Material(Protocol):
    """A row that belongs to a library."""

    @property
    def id(self) -> int: ...
    @property
    def owner_id(self) -> int: ...


def note_of(
    session: Session, actor: Actor, thing: Material, deed: Deed, *, kind: str, detail: str, now: datetime
) -> None:
    """Note what was done to material, if it is a team's."""
    note(session, actor, thing.owner_id, deed, kind=kind, thing_id=thing.id, detail=detail, now=now)


@dataclass(frozen=True)
class Look:
    """A look at what others know or did, which the log of their team does not tell of yet."""

    library_id: int
    deed: Deed
    kind: str
    thing_id: int | None  # None of a guest, who has no number: each look at one is told of
    detail: str


def look(
    session: Session,
    actor: Actor,
    library_id: int,
    deed: Deed,
    *,
    kind: str,
    thing_id: int | None,
    detail: str = "",
    now: datetime,
) -> Look | None:
    """Return a look that is to be noted; None of one at what is the actor's own, or that counts as one with another.

    That is a look at the same thing within ten minutes after a line that tells of it: most looks only read.
    """
    if library_id == actor.person_id:
        return None
    is_told = rows.is_told(
        session,
        library_id=library_id,
        person_id=actor.person_id,
        action=deed.value,
        kind=kind,
        thing_id=thing_id,
        since=now - SAME_LOOK,
        until=now,
    )
    return None if is_told else Look(library_id, deed, kind, thing_id, detail)


def look_at(
    session: Session, actor: Actor, thing: Material, deed: Deed, *, kind: str, detail: str, now: datetime
) -> Look | None:
    """Return a look at material as `look` does."""
    return look(session, actor, thing.owner_id, deed, kind=kind, thing_id=thing.id, detail=detail, now=now)


def note_look(session: Session, actor: Actor, seen: Look, *, now: datetime) -> None:
    """Note in the log of the team what the actor looked at."""
    kind, thing_id, detail = seen.kind, seen.thing_id, seen.detail
    note(session, actor, seen.library_id, seen.deed, kind=kind, thing_id=thing_id, detail=detail, now=now)


def did(session: Session, actor: Actor, team_id: int, deed: Deed, *, at: datetime) -> bool:
    """Say whether the log tells that the actor did that in the team at that very moment."""
    return rows.is_there(session, team_id=team_id, person_id=actor.person_id, action=deed.value, at=at)


def log(session: Session, actor: Actor, team_id: int, *, page: int = 1) -> Sequence[AuditEvent]:
    """Return a page of the team's log, the newest first, for its owners."""
    team = allowed(teams.get(session, team_id), actor, Action.MANAGE, thing="team")
    return rows.of_team(session, team.id, limit=PAGE_LINES + 1, offset=PAGE_LINES * (max(1, page) - 1))


def take_out(session: Session, actor: Actor, team_id: int, *, now: datetime) -> Sequence[AuditEvent]:
    """Return the team's log for a file, the newest first; that it was taken out is the first line."""
    team = allowed(teams.get(session, team_id), actor, Action.MANAGE, thing="team")
    note(session, actor, team.library_id, Deed.EXPORTED, kind="log", now=now)
    return rows.of_team(session, team.id, limit=MOST_LINES)
