"""Deleting one's account: asked for by the person, taken back by signing in, done for good after two weeks.

Start from `ask`. In teams the person is gone at once, so that those who stay can go on;
the rest waits untouched, and `remove_due`, once a day, removes it.
"""

from datetime import datetime, timedelta

from quizapp.db import accounts, api_tokens, departures, one_time_links, plans, sign_ins, teams
from quizapp.db.accounts import AccountRow
from quizapp.db.engine import Session
from quizapp.domain.audit import Deed
from quizapp.domain.permissions import Actor, LearnerId, own
from quizapp.errors import Conflict, NotFound
from quizapp.services import audit

KEPT = timedelta(days=14)


def hindrance(session: Session, actor: Actor) -> Conflict | None:
    """Return why the actor cannot delete their account yet, or None."""
    account = _account(session, actor)
    if account.administers and account.closed_at is None and accounts.administrators(session) == 1:
        return Conflict(
            "Nobody else administers this Recto. Let another person do it first, under Settings, People; then delete "
            "your account."
        )
    if names := departures.only_owner_of(session, actor.person_id):
        return Conflict(
            "You are the last owner of %(teams)s. Make somebody else an owner there, or delete the team; then delete your "
            "account.",
            teams=", ".join(names),
        )
    return None


def ask(session: Session, actor: Actor, *, now: datetime) -> datetime:
    """Delete the actor's account, and return when it is removed for good; until then, signing in brings it back."""
    account = _account(session, actor)
    if account.deleted_at is not None:
        return account.deleted_at + KEPT
    if (problem := hindrance(session, actor)) is not None:
        raise problem
    person = own(actor)
    for row in departures.memberships(session, person.person_id, left_at=None):
        if (team := teams.get(session, row.team_id)) is not None:
            audit.note(session, person, team.library_id, Deed.LEFT, kind="person", thing_id=person.person_id, now=now)
        row.left_at = now
        session.flush()
        _settle(session, row.team_id, row.learner_id)
    account.deleted_at = now
    session.flush()
    sign_ins.revoke(session, person.person_id, now=now)
    api_tokens.revoke(session, person.person_id, now=now)
    one_time_links.withdraw_of(session, person.person_id, now=now)
    return now + KEPT


def bring_back(session: Session, learner_id: int, *, now: datetime) -> bool:
    """Take back that somebody who signs in deleted their account, with their teams; say whether they had."""
    account = accounts.get(session, learner_id)
    if account is None or account.deleted_at is None:
        return False
    for row in departures.memberships(session, learner_id, left_at=account.deleted_at):
        row.left_at = None
        session.flush()
        _settle(session, row.team_id, learner_id)
        if (team := teams.get(session, row.team_id)) is not None:
            person = Actor(LearnerId(learner_id))
            role = row.role.value
            audit.note(
                session, person, team.library_id, Deed.JOINED, kind="person", thing_id=learner_id, detail=role, now=now
            )
    account.deleted_at = None
    session.flush()
    return True


def remove_due(session: Session, *, now: datetime) -> int:
    """Remove for good who deleted their accounts two weeks ago, and return how many."""
    people = departures.due(session, before=now - KEPT)
    for learner_id in people:
        departures.remove(session, learner_id)
    return len(people)


def _settle(session: Session, team_id: int, learner_id: int) -> None:
    """Let cards of the team come to the person, or no more."""
    if (team := teams.get(session, team_id)) is not None:
        plans.settle_library(session, team.library_id, learner_id=learner_id)


def _account(session: Session, actor: Actor) -> AccountRow:
    account = accounts.get(session, actor.person_id)
    if account is None:
        raise NotFound("There is no such account here. Go back and look at the list.")
    return account
