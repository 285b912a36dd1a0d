"""Whether an e-mail reaches its person: a link by mail shows it when one is added or changed. Start from `ask`.

Another e-mail takes the place of the one before when its link is opened; until then it waits in that link.
"""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from quizapp.db import accounts as rows
from quizapp.db import learners, one_time_links
from quizapp.db.engine import Session
from quizapp.db.one_time_links import OneTimeLinkRow, Purpose
from quizapp.domain.accounts import check_email, email_key
from quizapp.domain.letters import About
from quizapp.domain.permissions import Actor
from quizapp.domain.tokens import LONGEST_TOKEN, TOKEN_BYTES, hashed
from quizapp.errors import NotFound
from quizapp.services import accounts, letters, mailing
from quizapp.services.mailing import ToSend

LASTS = timedelta(days=2)


@dataclass(frozen=True)
class Address:
    """What is known of a person's e-mail."""

    email: str
    is_confirmed: bool
    pending: str | None  # to which a link is on its way that was not opened yet


def address(session: Session, actor: Actor, *, now: datetime) -> Address:
    """Return what is known of the actor's e-mail."""
    account = accounts.own(session, actor)
    link = one_time_links.latest(session, Purpose.EMAIL, learner_id=account.learner_id, now=now)
    return Address(account.email, account.confirmed_at is not None, link.email if link else None)


def ask(session: Session, actor: Actor, email: str, page: Callable[[str], str], *, now: datetime) -> None:
    """Write a link to an e-mail that is or becomes the actor's; an earlier link works no more.

    Where it is another one, the one before is told, too.
    """
    account, wanted = accounts.own(session, actor), check_email(email)
    is_other = email_key(wanted) != account.email_key
    if is_other:
        accounts.check_free(session, wanted)
    one_time_links.withdraw(session, Purpose.EMAIL, learner_id=account.learner_id, now=now)
    token, name = secrets.token_urlsafe(TOKEN_BYTES), learners.name_of(session, account.learner_id)
    link = OneTimeLinkRow(
        purpose=Purpose.EMAIL,
        token_hash=hashed(token),
        learner_id=account.learner_id,
        email=wanted,
        created=now,
        expires=now + LASTS,
    )
    one_time_links.add(session, link)
    said = letters.address(name, wanted, page(token))
    mailing.write(session, ToSend(About.ADDRESS, wanted, said.subject, said.text, account.learner_id), now=now)
    if is_other:
        told = letters.address_changes(name, wanted)
        mailing.write(
            session, ToSend(About.ADDRESS, account.email, told.subject, told.text, account.learner_id), now=now
        )


def keep(session: Session, actor: Actor, *, now: datetime) -> None:
    """Stay with the e-mail that the actor has: a link to another works no more."""
    one_time_links.withdraw(session, Purpose.EMAIL, learner_id=actor.person_id, now=now)


def look(session: Session, token: str, *, now: datetime) -> str:
    """Return the e-mail that a link confirms."""
    return _living(session, token, now=now).email


def confirm(session: Session, token: str, *, now: datetime) -> str:
    """Note that the e-mail of a link reaches its person, whose it is from now on, and return it."""
    link = _living(session, token, now=now)
    account = rows.get(session, link.learner_id or 0)
    if account is None or account.closed_at is not None or not one_time_links.use(session, link.id, now=now):
        raise _gone()
    if email_key(link.email) != account.email_key:
        accounts.check_free(session, link.email)
        accounts.end_resets(session, account.learner_id, now=now)
    account.email, account.email_key, account.confirmed_at = link.email, email_key(link.email), now
    session.flush()
    return link.email


def _living(session: Session, token: str, *, now: datetime) -> OneTimeLinkRow:
    link = None if len(token) > LONGEST_TOKEN else one_time_links.living(session, hashed(token), now=now)
    if link is None or link.purpose is not Purpose.EMAIL:
        raise _gone()
    return link


def _gone() -> NotFound:
    return NotFound("This link is incomplete, too old, or was used already. Ask for a new one.")
