"""The log of a team: written by services when somebody does what others may ask about, read by owners."""

from collections.abc import Sequence
from datetime import datetime
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
