"""Links by which somebody who has lost their password chooses another.

Start from `ask`, for who asks on a page, or `link_for`, for who has the console.
"""

import secrets
from collections.abc import Callable
from datetime import datetime, timedelta

from quizapp.db import accounts as rows
from quizapp.db import learners, one_time_links
from quizapp.db.engine import Session
from quizapp.db.one_time_links import OneTimeLinkRow, Purpose
from quizapp.domain.accounts import email_key
from quizapp.domain.letters import About
from quizapp.domain.permissions import Actor, LearnerId
from quizapp.domain.tokens import LONGEST_TOKEN, TOKEN_BYTES, hashed
from quizapp.errors import NotFound
from quizapp.services import accounts, letters, mailing
from quizapp.services.accounts import Profile
from quizapp.services.mailing import ToSend

LASTS = timedelta(days=1)
LASTS_BY_MAIL = timedelta(hours=1)


def link_for(session: Session, email: str, *, lasts: timedelta = LASTS, now: datetime) -> str:
    """Return the token of a link for the person with this e-mail; an earlier one works no more."""
    account = rows.by_email(session, email_key(email))
    if account is None or account.closed_at is not None:
        raise NotFound("Nobody who can sign in has the e-mail %(email)s. quizapp people lists them.", email=email)
    one_time_links.withdraw(session, Purpose.RESET, learner_id=account.learner_id, now=now)
    return _made(session, account.learner_id, lasts=lasts, now=now)


def ask(session: Session, email: str, address: Callable[[str], str], *, now: datetime) -> None:
    """Write to the person with this e-mail, with the address of a link that lasts an hour.

    For an e-mail that nobody has, or whose account is closed, the same is done and stored, and opens nothing.
    Earlier links go on working until one is used: whoever asks for another's cannot spoil the letter they have.
    """
    account = rows.by_email(session, email_key(email))
    known = account if account is not None and account.closed_at is None else None
    learner_id = known.learner_id if known else None
    token = _made(session, learner_id, email=known.email if known else "", lasts=LASTS_BY_MAIL, now=now)
    said = letters.password(learners.names(session, [learner_id or 0]).get(learner_id or 0, ""), address(token))
    letter = ToSend(About.PASSWORD, known.email if known else "", said.subject, said.text, learner_id)
    if known:
        mailing.write(session, letter, now=now)
    else:
        mailing.write_to_nobody(session, letter, now=now)


def look(session: Session, token: str, *, now: datetime) -> Profile:
    """Return the account whose password the link changes."""
    _link, learner_id = _living(session, token, now=now)
    return accounts.profile(session, Actor(learner_id))


def choose(session: Session, token: str, password_hash: str, *, now: datetime) -> LearnerId:
    """Give the person of the link another password, sign them out everywhere, and return who they are."""
    link, learner_id = _living(session, token, now=now)
    if not one_time_links.use(session, link.id, now=now):
        raise _gone()
    accounts.change_password(session, learner_id, password_hash, now=now)
    accounts.confirm(session, learner_id, link.email, now=now)
    return learner_id


def _made(session: Session, learner_id: int | None, *, email: str = "", lasts: timedelta, now: datetime) -> str:
    """Return the token of a new link; one for nobody opens nothing."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    link = OneTimeLinkRow(
        purpose=Purpose.RESET, token_hash=hashed(token), email=email, created=now, expires=now + lasts
    )
    link.learner_id = learner_id
    one_time_links.add(session, link)
    return token


def _living(session: Session, token: str, *, now: datetime) -> tuple[OneTimeLinkRow, LearnerId]:
    """Return the link and whose password it changes."""
    link = None if len(token) > LONGEST_TOKEN else one_time_links.living(session, hashed(token), now=now)
    if link is None or link.purpose is not Purpose.RESET or link.learner_id is None:
        raise _gone()
    return link, LearnerId(link.learner_id)


def _gone() -> NotFound:
    return NotFound("This link is incomplete, too old, or was used already. Ask for a new one.")
