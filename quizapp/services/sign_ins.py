"""Where people are signed in. Every way of proving who one is ends in `sign_in`; every request begins with `recognise`."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from quizapp.db import accounts, sign_ins
from quizapp.db.engine import Session
from quizapp.domain.permissions import Actor, LearnerId
from quizapp.domain.tokens import LONGEST_TOKEN, TOKEN_BYTES, hashed
from quizapp.errors import Forbidden, NotFound

LASTS = timedelta(days=30)  # after a browser was used
NOTED_EVERY = timedelta(minutes=5)  # that it was used
KEPT = timedelta(days=30)  # after it ended
LONGEST_AGENT = 100


@dataclass(frozen=True)
class SignedIn:
    """Who a request is from."""

    id: int  # of the sign-in
    actor: Actor
    name: str
    email: str
    administers: bool
    last_seen: datetime

    def is_to_be_noted(self, now: datetime) -> bool:
        """Say whether it is a while ago that the browser was noted to be used."""
        return now - self.last_seen >= NOTED_EVERY


@dataclass(frozen=True)
class Device:
    """A browser in which a person is signed in."""

    id: int
    agent: str
    created: datetime
    last_seen: datetime
    is_this: bool


def sign_in(session: Session, learner_id: int, *, agent: str = "", now: datetime) -> str:
    """Sign a person in who has proved who they are, and return the token for their browser."""
    account = accounts.get(session, learner_id)
    if account is None or account.closed_at is not None:
        raise Forbidden("This account is closed. Ask whoever administers this Recto.")
    token = secrets.token_urlsafe(TOKEN_BYTES)
    sign_ins.add(session, learner_id, hashed(token), agent=agent[:LONGEST_AGENT], now=now, expires=now + LASTS)
    return token


def recognise(session: Session, token: str, *, now: datetime) -> SignedIn | None:
    """Return who is signed in by the token, with their roles in teams, or None."""
    if not token or len(token) > LONGEST_TOKEN:
        return None
    known = sign_ins.known(session, hashed(token), now=now)
    if known is None:
        return None
    actor = Actor(LearnerId(known.learner_id), roles=known.roles)
    return SignedIn(known.id, actor, known.name, known.email, known.administers, known.last_seen)


def note_seen(session: Session, sign_in_id: int, *, now: datetime) -> None:
    """Note that a browser was used, which lets it stay signed in for longer."""
    sign_ins.seen(session, sign_in_id, now=now, expires=now + LASTS)


def sign_out(session: Session, person: SignedIn, *, now: datetime) -> None:
    """Sign the person out in the browser that asks for it."""
    sign_ins.revoke(session, person.actor.person_id, only=person.id, now=now)


def devices(session: Session, actor: Actor, *, this: int, now: datetime) -> Sequence[Device]:
    """Return where the actor is signed in, the browser that asks first, then the latest used."""
    found = [
        Device(row.id, row.agent, row.created, row.last_seen, is_this=row.id == this)
        for row in sign_ins.living(session, actor.person_id, now=now)
    ]
    return sorted(found, key=lambda one: not one.is_this)


def revoke(session: Session, actor: Actor, sign_in_id: int, *, now: datetime) -> None:
    """Sign the actor out in one place."""
    if not sign_ins.revoke(session, actor.person_id, only=sign_in_id, now=now):
        raise NotFound("You are not signed in there any more. Go back and look at the list.")


def revoke_others(session: Session, actor: Actor, *, this: int, now: datetime) -> int:
    """Sign the actor out everywhere but here; return in how many places."""
    return sign_ins.revoke(session, actor.person_id, but=this, now=now)


def forget_old(session: Session, *, now: datetime) -> None:
    """Remove what ended a while ago."""
    sign_ins.remove(session, before=now - KEPT)
