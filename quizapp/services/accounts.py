"""The people who use Recto; in local mode there is one owner without a password."""

from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from quizapp.db import learners
from quizapp.db.engine import Session
from quizapp.domain.permissions import Actor, LearnerId
from quizapp.errors import InvalidInput


def local_owner(session: Session, *, time_zone: str, now: datetime) -> Actor:
    """Return the one owner; created, with the given time zone, when the library is new.

    Creating needs a session that writes; later the owner keeps their own time zone.
    """
    if owner := learners.first(session):
        learner_id, zone = owner
        return Actor(LearnerId(learner_id), zone)
    try:
        ZoneInfo(time_zone)
    except (ValueError, ZoneInfoNotFoundError):
        raise InvalidInput(f"There is no time zone {time_zone!r}. Write one like Europe/Berlin.") from None
    return Actor(LearnerId(learners.add(session, name="Owner", time_zone=time_zone, now=now)), time_zone)


def learner(session: Session, learner_id: int) -> Actor:
    """Return the learner with that id, who exists, as who acts."""
    return Actor(LearnerId(learner_id), learners.time_zone(session, learner_id))
