"""Links by which somebody who has lost their password chooses another."""

import secrets
from datetime import datetime, timedelta

from quizapp.db import accounts as rows
from quizapp.db import one_time_links
from quizapp.db.engine import Session
from quizapp.db.one_time_links import OneTimeLinkRow, Purpose
from quizapp.domain.accounts import email_key
from quizapp.domain.permissions import Actor, LearnerId
from quizapp.domain.tokens import LONGEST_TOKEN, TOKEN_BYTES, hashed
from quizapp.errors import NotFound
from quizapp.services import accounts
from quizapp.services.accounts import Profile

LASTS = timedelta(days=1)


def link_for(session: Session, email: str, *, lasts: timedelta = LASTS, now: datetime) -> str:
    """Return the token of a link for the person with this e-mail; an earlier one works no more."""
    account = rows.by_email(session, email_key(email))
    if account is None or account.closed_at is not None:
        raise NotFound("Nobody who can sign in has the e-mail %(email)s. quizapp people lists them.", email=email)
    one_time_links.withdraw(session, Purpose.RESET, learner_id=account.learner_id, now=now)
    token = secrets.token_urlsafe(TOKEN_BYTES)
    link = OneTimeLinkRow(purpose=Purpose.RESET, token_hash=hashed(token), email="", created=now, expires=now + lasts)
    link.learner_id = account.learner_id
    one_time_links.add(session, link)
    return token


def look(session: Session, token: str, *, now: datetime) -> Profile:
    """Return the account whose password the link changes."""
    _link_id, learner_id = _living(session, token, now=now)
    return accounts.profile(session, Actor(learner_id))


def choose(session: Session, token: str, password_hash: str, *, now: datetime) -> LearnerId:
    """Give the person of the link another password, sign them out everywhere, and return who they are."""
    link_id, learner_id = _living(session, token, now=now)
    if not one_time_links.use(session, link_id, now=now):
        raise _gone()
    accounts.change_password(session, learner_id, password_hash, now=now)
    return learner_id


def _living(session: Session, token: str, *, now: datetime) -> tuple[int, LearnerId]:
    """Return the link and whose password it changes."""
    link = None if len(token) > LONGEST_TOKEN else one_time_links.living(session, hashed(token), now=now)
    if link is None or link.purpose is not Purpose.RESET or link.learner_id is None:
        raise _gone()
    return link.id, LearnerId(link.learner_id)


def _gone() -> NotFound:
    return NotFound("This link is incomplete, too old, or was used already. Ask for a new one.")
