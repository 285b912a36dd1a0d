"""The people who use Recto, and their accounts; in local mode there is one owner without a password.

Passwords come here hashed, by `passwords.digest`, which no database turn should wait for.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from quizapp.db import accounts as rows
from quizapp.db import api_tokens, learners, one_time_links, sign_ins
from quizapp.db.accounts import AccountRow
from quizapp.db.engine import Session
from quizapp.db.one_time_links import Purpose
from quizapp.db.sign_ins import Person
from quizapp.domain.accounts import check_email, check_name, email_key
from quizapp.domain.permissions import Actor, LearnerId
from quizapp.errors import Conflict, NotFound
from quizapp.services.parts import Part, part
from quizapp.services.settings import time_zone_named

MOST_PEOPLE, LINES = 1_000, 25  # for the console, and of a page


@dataclass(frozen=True)
class Credentials:
    """By what a person proves who they are."""

    learner_id: LearnerId
    password_hash: str | None


@dataclass(frozen=True)
class Profile:
    """A person's own account, as they see it."""

    name: str
    email: str
    has_password: bool
    administers: bool


def local_owner(session: Session, *, time_zone: str, now: datetime) -> Actor:
    """Return the one owner; created, with the given time zone, when the library is new.

    Creating needs a session that writes; later the owner keeps their own time zone.
    """
    known = learners.first(session)
    if known is not None:
        return Actor(LearnerId(known))
    zone = time_zone_named(time_zone).key
    return Actor(LearnerId(learners.add(session, name="Owner", time_zone=zone, now=now)))


def are_there(session: Session) -> bool:
    """Say whether anybody has an account in this library."""
    return rows.any_there(session)


def credentials(session: Session, email: str) -> Credentials | None:
    """Return by what the person with this e-mail proves who they are, or None when nobody has it or their account is closed."""
    account = rows.by_email(session, email_key(email))
    if account is None or account.closed_at is not None:
        return None
    return Credentials(LearnerId(account.learner_id), account.password_hash)


def profile(session: Session, actor: Actor) -> Profile:
    """Return the actor's account."""
    account = own(session, actor)
    name = learners.name_of(session, account.learner_id)
    return Profile(name, account.email, account.password_hash is not None, account.administers)


def add(
    session: Session,
    learner_id: int,
    *,
    email: str,
    password_hash: str | None,
    administers: bool = False,
    is_confirmed: bool = False,
    now: datetime,
) -> None:
    """Give a learner an account; its e-mail is confirmed if something showed that it reaches the person."""
    key = check_free(session, email)
    account = AccountRow(learner_id=learner_id, email=check_email(email), email_key=key, created=now)
    account.password_hash, account.administers = password_hash, administers
    account.confirmed_at = now if is_confirmed else None
    session.add(account)
    session.flush()


def rename(session: Session, actor: Actor, name: str) -> None:
    """Give the actor another name."""
    learners.rename(session, own(session, actor).learner_id, check_name(name))


def change_email(session: Session, actor: Actor, email: str, *, now: datetime) -> None:
    """Give the actor another e-mail, where no letters are sent that could confirm it."""
    account = own(session, actor)
    if (wanted := email_key(check_email(email))) != account.email_key:
        account.email_key, account.confirmed_at = check_free(session, wanted), None
        end_resets(session, account.learner_id, now=now)
    account.email = check_email(email)
    session.flush()


def end_resets(session: Session, learner_id: int, *, now: datetime) -> None:
    """Let no link work by which the person would choose another password: it went to an address that is not theirs any more."""
    one_time_links.withdraw(session, Purpose.RESET, learner_id=learner_id, now=now)


def change_password(
    session: Session, learner_id: int, password_hash: str, *, but: int | None = None, now: datetime
) -> None:
    """Give a person another password, and sign them out everywhere but in one place."""
    account = rows.get(session, learner_id)
    if account is None:
        raise _nobody()
    account.password_hash = password_hash
    session.flush()
    for purpose in (Purpose.RESET, Purpose.EMAIL):
        one_time_links.withdraw(session, purpose, learner_id=learner_id, now=now)
    sign_ins.revoke(session, learner_id, but=but, now=now)


def confirm(session: Session, learner_id: int, email: str, *, now: datetime) -> None:
    """Note that letters to an e-mail reach a person, if it is theirs."""
    account = rows.get(session, learner_id)
    if account is not None and account.email_key == email_key(email):
        account.confirmed_at = account.confirmed_at or now
        session.flush()


def keep_anew(session: Session, credentials: Credentials, password_hash: str) -> None:
    """Keep the same password in a better way, unless it was changed meanwhile."""
    account = rows.get(session, credentials.learner_id)
    if account is not None and account.password_hash == credentials.password_hash:
        account.password_hash = password_hash
        session.flush()


def people(session: Session, actor: Actor, *, sought: str = "", page: int = 1) -> Part[Person]:
    """Return a page of those with an account, by name, for those who administer; given a part of a name or an e-mail, of those who have it."""
    require_administrator(session, actor)
    wanted = sought.strip().casefold()
    found = sign_ins.named(session)
    ids = [one for one, name, email in found if wanted in name.casefold() or wanted in email.casefold()]
    some = part(ids, page, size=LINES)
    return some.of(sign_ins.people(session, some.shown))


def everybody(session: Session) -> Sequence[Person]:
    """Return everybody with an account, for the console."""
    return sign_ins.people(session, [one for one, _name, _email in sign_ins.named(session)[:MOST_PEOPLE]])


def close(session: Session, actor: Actor, learner_id: int, *, now: datetime) -> str:
    """Let a person sign in no more; all that is theirs stays. Return their name."""
    account = _administered(session, actor, learner_id)
    if account.learner_id == actor.person_id:
        raise Conflict("You cannot close your own account. Let somebody else who administers this Recto do it.")
    if account.closed_at is None:
        account.closed_at = now
        session.flush()
        sign_ins.revoke(session, learner_id, now=now)
        api_tokens.revoke(session, learner_id, now=now)
        one_time_links.withdraw_of(session, learner_id, now=now)
    return learners.name_of(session, learner_id)


def reopen(session: Session, actor: Actor, learner_id: int) -> str:
    """Let a person sign in again; return their name."""
    account = _administered(session, actor, learner_id)
    account.closed_at = None
    session.flush()
    return learners.name_of(session, learner_id)


def let_administer(session: Session, actor: Actor, learner_id: int) -> str:
    """Let a person invite and close accounts, too; return their name."""
    account = _administered(session, actor, learner_id)
    account.administers = True
    session.flush()
    return learners.name_of(session, learner_id)


def administer_no_more(session: Session, actor: Actor, learner_id: int) -> str:
    """Let a person invite and close accounts no more; one always can. Return their name."""
    account = _administered(session, actor, learner_id)
    if account.administers and account.closed_at is None and rows.administrators(session) == 1:
        raise Conflict("Somebody has to administer this Recto. Let another person do it first.")
    account.administers = False
    session.flush()
    return learners.name_of(session, learner_id)


def is_administrator(session: Session, actor: Actor) -> bool:
    """Say whether the actor says who may come onto this server; whose account was closed meanwhile does not."""
    return rows.administers(session, actor.person_id)


def require_administrator(session: Session, actor: Actor) -> None:
    """Pass if the actor says who may come onto this server; else there is no such page."""
    if not is_administrator(session, actor):
        raise NotFound("There is nothing at this address. It may have been deleted, or the link is incomplete.")


def _administered(session: Session, actor: Actor, learner_id: int) -> AccountRow:
    require_administrator(session, actor)
    account = rows.get(session, learner_id)
    if account is None:
        raise _nobody()
    return account


def own(session: Session, actor: Actor) -> AccountRow:
    """Return the actor's account."""
    account = rows.get(session, actor.person_id)
    if account is None:
        raise _nobody()
    return account


def check_free(session: Session, email: str) -> str:
    """Return by what an e-mail is found, if nobody has it."""
    key = email_key(check_email(email))
    if rows.by_email(session, key) is not None:
        raise Conflict("There is an account with this e-mail already. Sign in with it.")
    return key


def _nobody() -> NotFound:
    return NotFound("There is no such account here. Go back and look at the list.")
