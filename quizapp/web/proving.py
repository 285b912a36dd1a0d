"""Proving who one is by a password: tried a few times, then with waits; as slow for an e-mail that nobody has."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta

from flask import Flask, current_app, request
from flask import session as cookie

from quizapp.clock import utcnow
from quizapp.domain.accounts import email_key
from quizapp.domain.tokens import hashed
from quizapp.errors import InvalidInput
from quizapp.services import accounts, passwords
from quizapp.services.accounts import Credentials
from quizapp.services.throttling import Throttle
from quizapp.web import outside
from quizapp.web.acting import reading, signed_in, writing

LONGEST_WAIT, FORGETS, FORGETS_LETTERS = timedelta(minutes=15), timedelta(hours=1), timedelta(days=1)
PROVED, PROOF_LASTS = "proved", timedelta(minutes=10)  # in the cookie: by which sign-in, until when


@dataclass(frozen=True)
class Throttles:
    """How often a password may be tried: for one account, and from one address, where a whole office may sit.

    And how often one account may be written to about it, one person be invited by mail, and one person invite so.
    """

    account: Throttle = field(default_factory=lambda: Throttle(free=5, longest=LONGEST_WAIT, forgets=FORGETS))
    address: Throttle = field(default_factory=lambda: Throttle(free=30, longest=LONGEST_WAIT, forgets=FORGETS))
    letters: Throttle = field(default_factory=lambda: Throttle(free=3, longest=FORGETS, forgets=FORGETS_LETTERS))
    invited: Throttle = field(default_factory=lambda: Throttle(free=3, longest=FORGETS, forgets=FORGETS_LETTERS))
    inviting: Throttle = field(default_factory=lambda: Throttle(free=200, longest=FORGETS, forgets=FORGETS_LETTERS))


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


@contextmanager
def counted() -> Iterator[None]:
    """Count a try to prove who one is in another way, which is forgotten when the block ends well."""
    throttles: Throttles = current_app.extensions["throttles"]
    address = outside.sender()
    throttles.address.take(address, now=utcnow())
    yield
    throttles.address.take_back(address)


def allow_letter(email: str) -> None:
    """Count that somebody asks for a letter about a password; too many are refused with a wait, whoever has the e-mail."""
    throttles: Throttles = current_app.extensions["throttles"]
    now = utcnow()
    throttles.address.take(outside.sender(), now=now)
    throttles.letters.take(hashed(email_key(email)), now=now)


def allow_invitation(email: str) -> None:
    """Count that who has signed in invites somebody by mail; too many letters to one person, or by one, are refused with a wait."""
    throttles: Throttles = current_app.extensions["throttles"]
    now = utcnow()
    throttles.invited.take(hashed(email_key(email)), now=now)
    throttles.inviting.take(str(signed_in().actor.person_id), now=now)


def prove_again() -> None:
    """Pass if who has signed in knows the password, or has just proved in another way that it is them."""
    if not is_proved() and prove(signed_in().email, request.form.get("password", "")) is None:
        raise InvalidInput("This is not your password, so nothing was changed. Write the one that you sign in with.")


def remember_proof() -> None:
    """Note in the browser that who has signed in there has just proved it."""
    cookie[PROVED] = [signed_in().id, int((utcnow() + PROOF_LASTS).timestamp())]


def is_proved() -> bool:
    """Say whether who has signed in has proved it a moment ago."""
    sign_in_id, until = cookie.get(PROVED, (0, 0))
    return bool(sign_in_id == signed_in().id and utcnow().timestamp() <= until)


def _keep_well(found: Credentials, password: str) -> None:
    """Keep a password as passwords are kept today, now that it is known."""
    if found.password_hash and passwords.is_outdated(found.password_hash):
        anew = passwords.digest(password)
        with writing() as session:
            accounts.keep_anew(session, found, anew)
