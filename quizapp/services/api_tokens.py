"""Tokens by which programs act for a person: made, shown once, used, revoked."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from quizapp.db import api_tokens, teams
from quizapp.db.api_tokens import ApiTokenRow
from quizapp.db.engine import Session
from quizapp.domain.permissions import Actor, LearnerId
from quizapp.domain.tokens import LONGEST_TOKEN, TOKEN_BYTES, hashed
from quizapp.errors import InvalidInput, NotFound

PREFIX = "recto_"  # by which whoever finds one knows what it is
LIFETIMES = (30, 90, 365)  # days
NOTED_EVERY = timedelta(minutes=5)
KEPT = timedelta(days=30)  # after it ended
LONGEST_NAME = 100
MOST = 50  # that work, a person


@dataclass(frozen=True)
class ApiToken:
    """A token that works, as its person sees it."""

    id: int
    name: str
    writes: bool
    created: datetime
    expires: datetime
    last_used: datetime | None


@dataclass(frozen=True)
class Program:
    """A program that acts for a person."""

    token_id: int
    actor: Actor  # in the person's own library
    writes: bool  # else it may read alone
    last_used: datetime | None

    def is_to_be_noted(self, now: datetime) -> bool:
        """Say whether it is a while ago that the token was noted to be used."""
        return self.last_used is None or now - self.last_used >= NOTED_EVERY


def make(session: Session, actor: Actor, *, name: str, writes: bool, days: int, now: datetime) -> str:
    """Return a new token, which is known to nobody else and can be shown only now."""
    wanted = " ".join(name.split())
    if not wanted or len(wanted) > LONGEST_NAME:
        raise InvalidInput(
            "Name the program that gets this token, in up to %(longest)s characters.", longest=LONGEST_NAME
        )
    if days not in LIFETIMES:
        raise InvalidInput("Choose for how long the token works.")
    if len(api_tokens.living(session, actor.person_id, now=now)) >= MOST:
        raise InvalidInput("You have %(most)s tokens. Revoke those that no program uses.", most=MOST)
    token = PREFIX + secrets.token_urlsafe(TOKEN_BYTES)
    row = ApiTokenRow(
        token_hash=hashed(token),
        learner_id=actor.person_id,
        name=wanted,
        writes=writes,
        created=now,
        expires=now + timedelta(days=days),
    )
    api_tokens.add(session, row)
    return token


def recognise(session: Session, token: str, *, now: datetime) -> Program | None:
    """Return which program shows this token, or None when it works for nobody."""
    found = None if len(token) > LONGEST_TOKEN else api_tokens.bearer(session, hashed(token), now=now)
    if found is None:
        return None
    actor = Actor(LearnerId(found.learner_id), roles=teams.roles(session, found.learner_id))
    return Program(found.id, actor, found.writes, found.last_used)


def note_used(session: Session, program: Program, *, now: datetime) -> None:
    """Note that a token was used."""
    api_tokens.used(session, program.token_id, now=now)


def living(session: Session, actor: Actor, *, now: datetime) -> Sequence[ApiToken]:
    """Return the actor's tokens that work, the latest made first."""
    return [
        ApiToken(row.id, row.name, row.writes, row.created, row.expires, row.last_used)
        for row in api_tokens.living(session, actor.person_id, now=now)
    ]


def revoke(session: Session, actor: Actor, token_id: int, *, now: datetime) -> str:
    """Let a token work no more; return its name."""
    row = _own(session, actor, token_id)
    row.revoked_at = row.revoked_at or now
    session.flush()
    return row.name


def put_back(session: Session, actor: Actor, token_id: int) -> str:
    """Let a token that was revoked work again; return its name."""
    row = _own(session, actor, token_id)
    row.revoked_at = None
    session.flush()
    return row.name


def forget_old(session: Session, *, now: datetime) -> None:
    """Remove what ended a while ago."""
    api_tokens.remove(session, before=now - KEPT)


def _own(session: Session, actor: Actor, token_id: int) -> ApiTokenRow:
    row = api_tokens.get(session, token_id)
    if row is None or row.learner_id != actor.person_id:
        raise NotFound("There is no such token here. Go back and look at the list.")
    return row
