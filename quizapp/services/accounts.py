"""The people who use Recto; in local mode there is one owner without a password."""

from datetime import datetime

from quizapp.db import learners
from quizapp.db.engine import Session
from quizapp.domain.permissions import Actor, LearnerId
from quizapp.services.settings import time_zone_named


def local_owner(session: Session, *, time_zone: str, now: datetime) -> Actor:
    """Return the one owner; created, with the given time zone, when the library is new.

    Creating needs a session that writes; later the owner keeps their own time zone.
    """
    known = learners.first(session)
    if known is not None:
        return Actor(LearnerId(known))
    zone = time_zone_named(time_zone).key
    return Actor(LearnerId(learners.add(session, name="Owner", time_zone=zone, now=now)))
