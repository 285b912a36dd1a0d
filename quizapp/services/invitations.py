"""Links by which people come onto this server and into teams, each good for one. Start from `invite` or `join`."""

import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from quizapp.db import decks, learners, one_time_links, teams
from quizapp.db.engine import Session
from quizapp.db.one_time_links import OneTimeLinkRow, Purpose
from quizapp.domain.accounts import check_email, check_name, email_key
from quizapp.domain.audit import Deed
from quizapp.domain.letters import About
from quizapp.domain.permissions import Action, Actor, LearnerId, Role, may, require
from quizapp.domain.tokens import LONGEST_TOKEN, TOKEN_BYTES, hashed
from quizapp.errors import Conflict, InvalidInput, NotFound
from quizapp.services import accounts, audit, letters, mailing
from quizapp.services import teams as crew
from quizapp.services.mailing import ToSend
from quizapp.services.settings import time_zone_named
from quizapp.translations import _

LASTS = timedelta(days=7)
RANKS = (Role.GUEST, Role.MEMBER, Role.TRAINER, Role.OWNER)
OFFERED = (Role.MEMBER, Role.TRAINER, Role.OWNER)  # to those who are invited into a team


@dataclass(frozen=True)
class Offer:
    """What a link gives to whoever uses it."""

    is_first: bool  # the library that is there, and the right to invite others
    email: str  # for whom it is; "": for anybody
    team_id: int | None
    team_name: str | None
    role: Role | None
    inviter: str | None  # None: somebody at the console


@dataclass(frozen=True)
class Invitation:
    """An invitation that nobody has used yet."""

    id: int
    email: str
    role: Role | None
    inviter: str | None
    created: datetime
    expires: datetime


def first_link(session: Session, *, now: datetime) -> str | None:
    """Return the token of a new link to the first account, or None when there is one; the one before works no more."""
    if accounts.are_there(session):
        return None
    one_time_links.withdraw(session, Purpose.FIRST, learner_id=None, now=now)
    return _made(session, Purpose.FIRST, now=now)


def invite(
    session: Session,
    actor: Actor,
    *,
    team_id: int | None = None,
    role: Role | None = None,
    email: str = "",
    now: datetime,
) -> str:
    """Return the token of an invitation: onto this server, and into a team in a role if one is named.

    With an e-mail, only whoever has it can use it. To invite an owner takes an owner.
    """
    if team_id is None:
        accounts.require_administrator(session, actor)
        return _made(session, Purpose.INVITATION, email=email, maker_id=actor.person_id, now=now)
    if role not in OFFERED:
        raise InvalidInput("Choose whether you invite a member, a trainer or an owner.")
    require(actor, _takes(role), _library(session, team_id), thing="team")
    token = _made(
        session, Purpose.INVITATION, team_id=team_id, role=role, email=email, maker_id=actor.person_id, now=now
    )
    _note(session, actor, _living(session, token, now=now), Deed.INVITED, now=now)
    return token


def write_to(session: Session, token: str, address: Callable[[str], str], *, now: datetime) -> None:
    """Send an invitation that is for one e-mail there, in the language that is spoken."""
    link = _living(session, token, now=now)
    offer = look(session, token, now=now)
    said = letters.invitation(offer.inviter, offer.team_name, link.email, address(token))
    mailing.write(session, ToSend(About.INVITATION, link.email, said.subject, said.text), now=now)


def invite_from_console(session: Session, *, email: str = "", now: datetime) -> str:
    """Return the token of an invitation onto this server, made by whoever has its files."""
    if not accounts.are_there(session):
        raise Conflict(
            "Nobody has an account yet. Start quizapp serve --team and open the link that it prints: it makes the first."
        )
    return _made(session, Purpose.INVITATION, email=email, now=now)


def look(session: Session, token: str, *, now: datetime) -> Offer:
    """Return what a link gives."""
    link = _living(session, token, now=now)
    team = None if link.team_id is None else teams.get(session, link.team_id)
    inviter = None if link.maker_id is None else learners.name_of(session, link.maker_id)
    team_id, team_name = (team.id, team.name) if team else (None, None)
    return Offer(link.purpose is Purpose.FIRST, link.email, team_id, team_name, link.role, inviter)


def join(
    session: Session,
    token: str,
    *,
    name: str,
    email: str,
    password_hash: str | None,
    time_zone: str,
    is_vouched: bool = False,
    now: datetime,
) -> LearnerId:
    """Give whoever uses the link an account, and return whose it is; the first takes over the library that is there.

    Without a password they must prove in another way who they are. The e-mail is confirmed if somebody vouches for
    it, or if the link went there.
    """
    link, wanted = _used(session, token, email, now=now), check_name(name)
    if link.purpose is Purpose.FIRST:
        learner_id = int(accounts.local_owner(session, time_zone=time_zone, now=now).learner_id)
        learners.rename(session, learner_id, wanted)
        if not decks.by_name(session, learner_id):  # nobody has used it: it has the time zone of the server
            learners.live_in(session, learner_id, time_zone_named(time_zone).key)
    else:
        zone = time_zone_named(time_zone).key
        learner_id = learners.add(session, name=wanted, time_zone=zone, now=now)
    accounts.add(
        session,
        learner_id,
        email=email,
        password_hash=password_hash,
        administers=link.purpose is Purpose.FIRST,
        is_confirmed=is_vouched or (link.email != "" and mailing.was_sent(session, About.INVITATION, link.email)),
        now=now,
    )
    _enter_team(session, link, learner_id, now=now)
    return LearnerId(learner_id)


def accept(session: Session, actor: Actor, token: str, *, now: datetime) -> str | None:
    """Use an invitation as somebody who has an account; return the name of the team that they are in now, if any."""
    link = _used(session, token, accounts.profile(session, actor).email, now=now)
    if link.purpose is Purpose.FIRST:
        raise Conflict("You have an account already.")
    return _enter_team(session, link, actor.person_id, now=now)


def waiting(session: Session, actor: Actor, *, team_id: int | None = None, now: datetime) -> Sequence[Invitation]:
    """Return the invitations that the actor could make, and that nobody has used yet: onto this server, or into a team."""
    _require(session, actor, team_id)
    rows = one_time_links.waiting(session, team_id=team_id, now=now)
    alike = {(row.maker_id, row.role): row for row in rows}
    counting = {one for one, row in alike.items() if _may_make(session, actor, row) and _counts(session, row)}
    names = learners.names(session, [maker_id for maker_id, _role in counting if maker_id is not None])
    return [_invitation(row, names) for row in rows if (row.maker_id, row.role) in counting]


def withdraw(session: Session, actor: Actor, link_id: int, *, now: datetime) -> None:
    """Let an invitation work no more."""
    link = _administered(session, actor, link_id)
    if link.used_at is not None:
        raise Conflict("This invitation was used already.")
    link.withdrawn_at = link.withdrawn_at or now
    session.flush()
    _note(session, actor, link, Deed.WITHDREW_INVITATION, now=now)


def put_back(session: Session, actor: Actor, link_id: int, *, now: datetime) -> None:
    """Let an invitation that was withdrawn work again."""
    link = _administered(session, actor, link_id)
    link.withdrawn_at = None
    session.flush()
    _note(session, actor, link, Deed.INVITED, now=now)


def forget_old(session: Session, *, now: datetime) -> None:
    """Remove links that ended a while ago."""
    one_time_links.remove(session, before=now - timedelta(days=30))


def _made(session: Session, purpose: Purpose, *, email: str = "", now: datetime, **more: object) -> str:
    token = secrets.token_urlsafe(TOKEN_BYTES)
    address = check_email(email) if email.strip() else ""
    expires = None if purpose is Purpose.FIRST else now + LASTS
    link = OneTimeLinkRow(
        purpose=purpose, token_hash=hashed(token), email=address, created=now, expires=expires, **more
    )
    one_time_links.add(session, link)
    return token


def _living(session: Session, token: str, *, now: datetime) -> OneTimeLinkRow:
    link = None if len(token) > LONGEST_TOKEN else one_time_links.living(session, hashed(token), now=now)
    if link is None or link.purpose in {Purpose.RESET, Purpose.EMAIL}:
        raise NotFound("This link is incomplete, too old, or was used already. Ask for a new one.")
    if link.team_id is not None:
        _library(session, link.team_id)
    if not _counts(session, link):
        raise NotFound("Whoever made this invitation may not invite any more. Ask for a new one.")
    return link


def _used(session: Session, token: str, email: str, *, now: datetime) -> OneTimeLinkRow:
    """Use a link up for whoever has that e-mail."""
    link = _living(session, token, now=now)
    if link.email and email_key(link.email) != email_key(email):
        raise InvalidInput(
            "This invitation is for %(email)s alone. Use that address, or ask for another.", email=link.email
        )
    if not one_time_links.use(session, link.id, now=now):
        raise NotFound("This link is incomplete, too old, or was used already. Ask for a new one.")
    return link


def _enter_team(session: Session, link: OneTimeLinkRow, learner_id: int, *, now: datetime) -> str | None:
    """Put a person into the team of a link, if it has one, and never into a lower role than they have."""
    team = None if link.team_id is None else teams.get(session, link.team_id)
    if team is None or link.role is None:
        return None
    there = teams.membership(session, team.id, learner_id)
    has = there.role if there is not None and there.left_at is None else Role.GUEST
    role = max(has, link.role, key=RANKS.index)
    if there is None or there.left_at is not None or there.role is not role:
        crew.join(session, team.id, learner_id, role, now=now)
    return team.name


def _note(session: Session, actor: Actor, link: OneTimeLinkRow, deed: Deed, *, now: datetime) -> None:
    """Note in the log of the team of a link, if it has one, what was done with it."""
    if link.team_id is None or link.role is None:
        return
    told = f"{link.role.value}: {link.email}" if link.email else link.role.value
    library_id = _library(session, link.team_id)
    audit.note(session, actor, library_id, deed, kind="invitation", thing_id=link.id, detail=told, now=now)


def _library(session: Session, team_id: int) -> int:
    """Return the library of a living team."""
    team = teams.get(session, team_id)
    if team is None or team.deleted_at is not None:
        raise NotFound(
            "There is no such %(thing)s here. It may have been deleted; go back and look at the list.", thing=_("team")
        )
    return team.library_id


def _require(session: Session, actor: Actor, team_id: int | None) -> None:
    if team_id is None:
        accounts.require_administrator(session, actor)
    else:
        require(actor, Action.INVITE, _library(session, team_id), thing="team")


def _administered(session: Session, actor: Actor, link_id: int) -> OneTimeLinkRow:
    link = one_time_links.get(session, link_id)
    if link is None or link.purpose is not Purpose.INVITATION or not _may_make(session, actor, link):
        raise NotFound("There is no such invitation here. Go back and look at the list.")
    return link


def _counts(session: Session, link: OneTimeLinkRow) -> bool:
    """Say whether a link still gives what it says: whoever left, or lost a role, gives away no place that they had."""
    if link.maker_id is None:
        return True
    maker = Actor(LearnerId(link.maker_id), roles=teams.roles(session, link.maker_id))
    return _may_make(session, maker, link)


def _may_make(session: Session, actor: Actor, link: OneTimeLinkRow) -> bool:
    """Say whether the actor may give what a link gives."""
    if link.team_id is None:
        return accounts.is_administrator(session, actor)
    team = teams.get(session, link.team_id)
    return team is not None and team.deleted_at is None and may(actor, _takes(link.role), team.library_id)


def _takes(role: Role | None) -> Action:
    """Return what one must be allowed in a team to invite somebody in that role."""
    return Action.MANAGE if role is Role.OWNER else Action.INVITE


def _invitation(row: OneTimeLinkRow, names: Mapping[int, str]) -> Invitation:
    inviter = None if row.maker_id is None else names[row.maker_id]
    return Invitation(row.id, row.email, row.role, inviter, row.created, row.expires or row.created)
