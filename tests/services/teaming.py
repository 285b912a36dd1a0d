"""People and teams in tests, in few words."""

from datetime import datetime

from quizapp.db import learners
from quizapp.db.engine import Session
from quizapp.domain.permissions import Actor, LearnerId, Role
from quizapp.services import teams
from tests.make import NOW


def person(session: Session, name: str, *, now: datetime = NOW) -> Actor:
    """Somebody who belongs to no team yet."""
    return Actor(LearnerId(learners.add(session, name=name, time_zone="Europe/Berlin", now=now)))


def at_home(session: Session, actor: Actor) -> Actor:
    """The person in their own library, with the roles that they have now."""
    return teams.with_roles(session, actor)


def opened(session: Session, actor: Actor, team_id: int) -> Actor:
    """The person in the library of a team."""
    return teams.in_library(session, at_home(session, actor), team_id)[0]


def join(session: Session, actor: Actor, team_id: int, role: Role = Role.MEMBER) -> Actor:
    """Let somebody belong to a team, and return them in their own library."""
    teams.join(session, team_id, actor.person_id, role, now=NOW)
    return at_home(session, actor)
