"""Letters: written with what they are about, sent by a worker, tried again when the mail server is away.

Start from `write`, then `claim` and `note`. A letter may reach a person twice when a worker is
killed between sending and noting that; it has the same id then, and a mail program shows it once.
"""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from quizapp.db import letters as rows
from quizapp.db.engine import Session
from quizapp.db.letters import LetterRow
from quizapp.domain.letters import MOST_ATTEMPTS, About, pause_after
from quizapp.errors import QuizappError, Unavailable
from quizapp.mail import Letter, Relay

LEASE = timedelta(minutes=2)  # longer than the mail server is waited for
KEPT = timedelta(days=60)  # that a letter was written, without its text

Send = Callable[[Letter], None]


@dataclass(frozen=True)
class ToSend:
    """What somebody is to be told by mail."""

    about: About
    address: str
    subject: str
    text: str
    learner_id: int | None = None  # None: somebody who is not here yet
    once: str | None = None  # names what is told only once
    unsubscribe: str | None = None  # the address of a page that ends letters of this kind at once


@dataclass(frozen=True)
class Held:
    """A letter that is ours to send."""

    letter: Letter
    token: UUID
    attempts: int  # this one included


def chosen(smtp_url: str | None, sender: str) -> Send | None:
    """Return the way to send letters that the settings name, or None if they name none."""
    return Relay.from_url(smtp_url, sender=sender).send if smtp_url else None


def write(session: Session, letter: ToSend, *, now: datetime) -> bool:
    """Put a letter among those to be sent; return False if it was to be told once, and is."""
    if letter.once is not None and rows.is_written(session, letter.once):
        return False
    rows.add(session, LetterRow(id=uuid4(), created=now, available=now, **asdict(letter)))
    return True


def write_to_nobody(session: Session, letter: ToSend, *, now: datetime) -> None:
    """Store a letter that goes nowhere, as one is stored that does: whoever asked cannot tell them apart."""
    fields = {**asdict(letter), "text": ""}
    rows.add(session, LetterRow(id=uuid4(), created=now, available=None, sent_at=now, **fields))


def was_sent(session: Session, about: About, address: str) -> bool:
    """Say whether a letter about that went to an address."""
    return rows.was_sent(session, about, address)


def is_any_available(session: Session, *, now: datetime) -> bool:
    """Say whether `claim` would find a letter; a session that reads can ask."""
    return rows.first_available(session, now=now) is not None


def claim(session: Session, *, now: datetime) -> Held | None:
    """Take the letter that has waited longest, or None; nobody else sends it for the time of a lease."""
    row = rows.first_available(session, now=now)
    if row is None:
        return None
    token, attempts = uuid4(), row.attempts + 1
    row.token, row.attempts, row.available = token, attempts, now + LEASE
    letter = Letter(row.id, row.address, row.subject, row.text, row.created, row.unsubscribe)
    return Held(letter, token, attempts)


def note(session: Session, held: Held, problem: QuizappError | None, *, now: datetime) -> None:
    """Store what became of a letter; one that did not go out is tried again, unless it was refused for good."""
    if problem is None:
        rows.change_held(session, held.letter.id, held.token, sent_at=now, available=None, text="", problem=None)
    elif isinstance(problem, Unavailable) and held.attempts < MOST_ATTEMPTS:
        again = now + pause_after(held.attempts)
        rows.change_held(session, held.letter.id, held.token, available=again, problem=problem.message)
    else:
        rows.change_held(session, held.letter.id, held.token, available=None, text="", problem=problem.message)


def forget_old(session: Session, *, now: datetime) -> None:
    """Remove letters that are over since long."""
    rows.remove(session, before=now - KEPT)
