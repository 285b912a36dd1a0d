"""Signing in with an account at a provider: whose account here it opens. Start from `owner`.

Issuer and subject say who somebody is. An e-mail does so once, the first time, and only if the
provider vouches for it and something showed before that letters there reach the account's person.
"""

from datetime import datetime
from importlib import import_module
from typing import TYPE_CHECKING

from quizapp.db import accounts as rows
from quizapp.db import identities
from quizapp.db.accounts import AccountRow
from quizapp.db.engine import Session
from quizapp.db.identities import IdentityRow
from quizapp.domain.accounts import LONGEST_NAME, email_key
from quizapp.domain.permissions import Actor, LearnerId
from quizapp.errors import Conflict, InvalidInput, NotFound
from quizapp.oidc import Identity
from quizapp.services import accounts, invitations

if TYPE_CHECKING:
    from quizapp.oidc.provider import Provider


def chosen(*, issuer: str, client_id: str, client_secret: str, name: str) -> "Provider":
    """Return the provider that the settings name."""
    libraries = import_module("quizapp.oidc.provider")  # a second at the start, which a site without one need not pay
    made: Provider = libraries.Provider(issuer=issuer, client_id=client_id, client_secret=client_secret, name=name)
    return made


def owner(session: Session, identity: Identity, *, now: datetime) -> LearnerId | None:
    """Return whose account an identity opens, or None; the first time it is tied to the account with its e-mail.

    An account that is tied to another identity there is never opened by an e-mail: addresses are
    given to somebody else after a while. Nor is one whose e-mail is not confirmed: who wrote the address of
    somebody else would share the account with them. The session writes.
    """
    known = identities.find(session, identity.issuer, identity.subject)
    if known is not None:
        return _opened(rows.get(session, known.learner_id))
    account = rows.by_email(session, email_key(identity.email)) if identity.email else None
    if account is None or account.confirmed_at is None or not _is_same(account.email, identity.email):
        return None
    if _opened(account) is None:
        return None
    if identities.of(session, account.learner_id, identity.issuer) is not None:
        return None
    _add(session, account.learner_id, identity, now=now)
    return LearnerId(account.learner_id)


def join(session: Session, token: str, identity: Identity, *, time_zone: str, now: datetime) -> LearnerId:
    """Give whoever uses an invitation an account without a password, which the identity opens; return whose it is."""
    if not identity.email:
        raise InvalidInput(
            "The provider does not vouch for your e-mail address, which an account here needs. Join with a password."
        )
    learner_id = invitations.join(
        session,
        token,
        name=_name(identity),
        email=identity.email,
        password_hash=None,
        time_zone=time_zone,
        is_vouched=True,
        now=now,
    )
    _add(session, learner_id, identity, now=now)
    return learner_id


def tie(session: Session, actor: Actor, identity: Identity, *, now: datetime) -> None:
    """Let an identity open the actor's account."""
    known = identities.find(session, identity.issuer, identity.subject)
    if known is not None and known.learner_id == actor.person_id:
        return
    if known is not None:
        raise Conflict("Somebody else signs in here with that account already. Use another one.")
    if identities.of(session, actor.person_id, identity.issuer) is not None:
        raise Conflict("Another account of yours is connected already. Disconnect it first.")
    _add(session, actor.person_id, identity, now=now)


def untie(session: Session, actor: Actor, issuer: str) -> None:
    """Let the actor's identity at a provider open their account no more, unless it is the only way in."""
    row = identities.of(session, actor.person_id, issuer)
    if row is None:
        raise NotFound("Nothing is connected to your account any more. Go back and look.")
    if not accounts.profile(session, actor).has_password:
        raise Conflict("This is your only way to sign in. Choose a password first.")
    identities.remove(session, row)


def tied(session: Session, actor: Actor, issuer: str) -> str | None:
    """Return the e-mail of the actor's identity at a provider, "" if it told none, or None if nothing is tied."""
    row = identities.of(session, actor.person_id, issuer)
    return None if row is None else row.email


def is_theirs(session: Session, actor: Actor, identity: Identity) -> bool:
    """Say whether an identity opens the actor's account."""
    known = identities.find(session, identity.issuer, identity.subject)
    return known is not None and known.learner_id == actor.person_id


def _add(session: Session, learner_id: int, identity: Identity, *, now: datetime) -> None:
    row = IdentityRow(learner_id=learner_id, issuer=identity.issuer, subject=identity.subject, created=now)
    row.email = identity.email
    identities.add(session, row)


def _opened(account: AccountRow | None) -> LearnerId | None:
    return None if account is None or account.closed_at is not None else LearnerId(account.learner_id)


def _is_same(here: str, there: str) -> bool:
    """Say whether two addresses of one key belong to one person: signs that only look alike may be somebody else's."""
    return there.isascii() or here == there


def _name(identity: Identity) -> str:
    """Return how somebody is called who can change it later: as the provider says, or as their address begins."""
    told = " ".join("".join(sign for sign in identity.name if sign.isprintable()).split())
    return told[:LONGEST_NAME].strip() or identity.email.partition("@")[0][:LONGEST_NAME]
