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

LONGEST_WAIT, FORGETS, FORGETS_LETTERS = timedelta(minutes=15), timedelta(hours=1), timedelta(days=1)


@dataclass(frozen=True)
class Throttles:
    """How often a password may be tried: for one account, and from one address, where a whole office may sit.

    And how often one account may be written to about it.
    """

    account: Throttle = field(default_factory=lambda: Throttle(free=5, longest=LONGEST_WAIT, forgets=FORGETS))
    address: Throttle = field(default_factory=lambda: Throttle(free=30, longest=LONGEST_WAIT, forgets=FORGETS))
    letters: Throttle = field(default_factory=lambda: Throttle(free=3, longest=FORGETS, forgets=FORGETS_LETTERS))


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


def allow_letter(email: str) -> None:
    """Count that somebody asks for a letter about a password; too many are refused with a wait, whoever has the e-mail."""
    throttles: Throttles = current_app.extensions["throttles"]
    now = utcnow()
    throttles.address.take(outside.sender(), now=now)
    throttles.letters.take(hashed(email_key(email)), now=now)


def _keep_well(found: Credentials, password: str) -> None:
    """Keep a password as passwords are kept today, now that it is known."""
    if found.password_hash and passwords.is_outdated(found.password_hash):
        anew = passwords.digest(password)
        with writing() as session:
            accounts.keep_anew(session, found, anew)
