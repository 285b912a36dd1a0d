"""Proving who one is by a password: tried a few times, then with waits; as slow for an e-mail that nobody has."""

from dataclasses import dataclass, field
from datetime import timedelta

from flask import Flask, current_app

from quizapp.clock import utcnow
from quizapp.domain.accounts import email_key
from quizapp.domain.tokens import hashed
from quizapp.services import accounts, passwords
from quizapp.services.accounts import Credentials
from quizapp.services.throttling import Throttle
from quizapp.web import outside
from quizapp.web.acting import reading, writing

LONGEST_WAIT, FORGETS = timedelta(minutes=15), timedelta(hours=1)


@dataclass(frozen=True)
class Throttles:
    """How often a password may be tried: for one account, and from one address, where a whole office may sit."""

    account: Throttle = field(default_factory=lambda: Throttle(free=5, longest=LONGEST_WAIT, forgets=FORGETS))
    address: Throttle = field(default_factory=lambda: Throttle(free=30, longest=LONGEST_WAIT, forgets=FORGETS))


def init_app(app: Flask) -> None:
    """Count the tries of this app."""
    app.extensions["throttles"] = Throttles()


def prove(email: str, password: str) -> Credentials | None:
    """Return who has this e-mail and this password, or None; too many tries are refused with a wait."""
    throttles: Throttles = current_app.extensions["throttles"]
    now, account, address = utcnow(), hashed(email_key(email)), outside.sender()
    throttles.address.take(address, now=now)
    throttles.account.take(account, now=now)
    with reading() as session:
        found = accounts.credentials(session, email)
    if not passwords.matches(found.password_hash if found else None, password) or found is None:
        return None
    throttles.account.forgive(account)
    throttles.address.take_back(address)
    _keep_well(found, password)
    return found


def _keep_well(found: Credentials, password: str) -> None:
    """Keep a password as passwords are kept today, now that it is known."""
    if found.password_hash and passwords.is_outdated(found.password_hash):
        anew = passwords.digest(password)
        with writing() as session:
            accounts.keep_anew(session, found, anew)
