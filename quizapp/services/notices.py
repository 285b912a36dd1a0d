"""How a person is told of what is due: reminders by mail, their language, a calendar. Start from `notice`."""

import secrets
from dataclasses import dataclass
from datetime import datetime

from quizapp.db import accounts, notices
from quizapp.db.engine import Session
from quizapp.domain.permissions import Actor
from quizapp.domain.reminders import Reminders
from quizapp.domain.tokens import TOKEN_BYTES, hashed, sealed, unsealed
from quizapp.errors import Conflict, NotFound
from quizapp.translations import ENGLISH, NAMES

UNSUBSCRIBE = "unsubscribe"


@dataclass(frozen=True)
class Notice:
    """What a person has chosen."""

    reminders: Reminders
    language: str
    has_calendar: bool


def notice(session: Session, actor: Actor) -> Notice:
    """Return how the actor is told."""
    return of_person(session, actor.person_id)


def of_person(session: Session, learner_id: int) -> Notice:
    """Return how a person is told."""
    row = notices.get(session, learner_id)
    if row is None:
        return Notice(Reminders.ASSIGNMENTS, ENGLISH, has_calendar=False)
    has_calendar = row.calendar_hash is not None and row.calendar_ended is None
    return Notice(row.reminders, row.language, has_calendar)


def choose(session: Session, learner_id: int, wanted: Reminders) -> Reminders:
    """Let a person be reminded of that, and return of what they were before."""
    row = notices.put(session, learner_id)
    before, row.reminders = row.reminders, wanted
    session.flush()
    return before


def speak(session: Session, learner_id: int, language: str) -> None:
    """Let letters to a person, and their calendar, speak a language."""
    if language in NAMES:
        notices.put(session, learner_id).language = language
        session.flush()


# Letters that end letters


def token_to_end(secret: str, learner_id: int) -> str:
    """Return the token by which reminders to a person are ended; it is good for nothing else."""
    return sealed(secret, UNSUBSCRIBE, learner_id)


def person_of(session: Session, secret: str, token: str) -> int:
    """Return whose reminders a token ends."""
    learner_id = unsealed(secret, UNSUBSCRIBE, token)
    if learner_id is None or accounts.get(session, learner_id) is None:
        raise NotFound(
            "This link is incomplete. Open it as it stands in the letter, or choose in Settings what you get."
        )
    return learner_id


# Calendars


def make_calendar(session: Session, actor: Actor) -> str:
    """Return the token of a new address for the actor's calendar; the one before leads nowhere any more."""
    row, token = notices.put(session, actor.person_id), secrets.token_urlsafe(TOKEN_BYTES)
    row.calendar_hash, row.calendar_ended = hashed(token), None
    session.flush()
    return token


def end_calendar(session: Session, actor: Actor, *, now: datetime) -> None:
    """Let the address of the actor's calendar lead nowhere."""
    row = notices.put(session, actor.person_id)
    row.calendar_ended = row.calendar_ended or now
    session.flush()


def put_back_calendar(session: Session, actor: Actor) -> None:
    """Let the address work again that was ended last."""
    row = notices.put(session, actor.person_id)
    if row.calendar_hash is None:
        raise Conflict("There is no calendar that could come back. Make a new address.")
    row.calendar_ended = None
    session.flush()
