"""People with accounts, made in one line."""

from functools import cache

from quizapp.db import teams
from quizapp.db.learners import LearnerRow
from quizapp.domain.permissions import Actor, LearnerId, Role
from quizapp.services import invitations, passwords
from tests.make import NOW
from tests.recalled import builds

PASSWORD = "seven grey herons"


@cache
def kept(password=PASSWORD):
    return passwords.digest(password)


@builds
def first(session, *, name="Ines", email="ines@example.org", now=NOW):
    """The first owner, who administers."""
    token = invitations.first_link(session, now=now)
    learner_id = invitations.join(
        session, token, name=name, email=email, password_hash=kept(), time_zone="UTC", now=now
    )
    return Actor(learner_id)


@builds
def another(session, inviter, *, name="Ben", email="ben@example.org", now=NOW):
    """Somebody who was invited by the first owner."""
    token = invitations.invite(session, inviter, now=now)
    learner_id = invitations.join(
        session, token, name=name, email=email, password_hash=kept(), time_zone="UTC", now=now
    )
    return Actor(learner_id)


@builds
def team(session, *members, name="Crew", now=NOW):
    """A team with a library of its own, and people in it, as pairs of actor and role; return team and library."""
    library = LearnerRow(name=name, created=now)
    session.add(library)
    session.flush()
    row = teams.add(session, library_id=library.id, name=name, now=now)
    for actor, role in members:
        teams.put(session, team_id=row.id, learner_id=actor.person_id, role=role, now=now)
    return row.id, library.id


def as_of(actor, **roles):
    return Actor(LearnerId(actor.person_id), roles={int(library): Role(role) for library, role in roles.items()})
