"""Reminders: one letter a day at most to each person, in their morning, if there is something to say. Start from `waiting`.

Whoever looks first on a person's day decides; the others see that it was looked for them. Should two
look at the same time, the letter has the name of the day, and there is one by that name.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from quizapp.db import notices
from quizapp.db.engine import Session
from quizapp.db.notices import Reader
from quizapp.domain import reminders
from quizapp.domain.assignments import Gate
from quizapp.domain.letters import About
from quizapp.domain.permissions import Actor, LearnerId
from quizapp.domain.reminders import Reason, Reminders, Task
from quizapp.services import attempting, letters, mailing, study
from quizapp.services.attempting import Mine
from quizapp.services.letters import Line
from quizapp.services.mailing import ToSend
from quizapp.services.notices import of_person, token_to_end
from quizapp.translations import speaking

FIRST_SINCE = timedelta(days=1)  # how far back the first letter to a person looks
LONGEST_SINCE = timedelta(days=7)
GOES_ON = frozenset({Gate.OPEN, Gate.GO_ON, Gate.NOT_YET, Gate.WAIT})


@dataclass(frozen=True)
class Home:
    """What addresses in letters are made of."""

    url: str  # of the site, without a slash at its end
    secret: str  # that seals the way out

    def page(self, path: str = "/") -> str:
        """Return the address of a page."""
        return self.url + path


def waiting(session: Session, *, now: datetime) -> Sequence[int]:
    """Return for whom it is to be looked now, each in a turn of their own, so that nobody waits long."""
    return [one.learner_id for one in notices.readers(session) if _is_time(one, now)]


def write_to(session: Session, learner_id: int, home: Home, *, now: datetime) -> bool:
    """Decide for one person on this day of theirs; return whether there is a letter."""
    found = [one for one in notices.readers(session, only=learner_id) if _is_time(one, now)]
    if not found:
        return False
    (reader,) = found
    notices.put(session, learner_id).looked_at = now
    session.flush()
    zone = ZoneInfo(reader.time_zone)
    lines, cards = _lines(session, reader, now), _cards(session, learner_id, now)
    if not lines and not cards:
        return False
    way_out = home.page(f"/letters/{token_to_end(home.secret, learner_id)}")
    with speaking(of_person(session, learner_id).language):
        said = letters.digest(reader.name, lines, cards, zone=zone, page=home.page, way_out=way_out)
    once = f"reminder:{learner_id}:{now.astimezone(zone).date()}"
    letter = ToSend(About.REMINDER, reader.email, said.subject, said.text, learner_id, once, way_out)
    return mailing.write(session, letter, now=now)


def _is_time(reader: Reader, now: datetime) -> bool:
    """Say whether it is to be looked for a person; on the day on which they came nobody does."""
    zone = ZoneInfo(reader.time_zone)
    came_before = reader.created.astimezone(zone).date() < now.astimezone(zone).date()
    return came_before and reminders.is_time(now, zone, reader.looked_at)


def _lines(session: Session, reader: Reader, now: datetime) -> Sequence[Line]:
    since = max(reader.looked_at or now - FIRST_SINCE, now - LONGEST_SINCE)
    actor = Actor(LearnerId(reader.learner_id))
    found = attempting.around(session, actor, since=since, until=now + reminders.AHEAD, now=now)
    told = [(reminders.reason(_task(one), since=since, now=now), one) for one in found]
    lines = [
        Line(why, one.title, one.team, one.window, f"/assignments/{one.id}", is_open=one.window.opens <= now)
        for why, one in told
        if why
    ]
    return sorted(lines, key=lambda line: (list(Reason).index(line.reason), line.window.due))


def _task(one: Mine) -> Task:
    can_go_on = one.standing.gate in GOES_ON
    return Task(one.rules.goal, one.window, one.created, one.standing.status, can_go_on)


def _cards(session: Session, learner_id: int, now: datetime) -> int:
    """Return how many cards are due for who wants to be told that."""
    if of_person(session, learner_id).reminders is not Reminders.CARDS:
        return 0
    return study.left(session, Actor(LearnerId(learner_id)), deck_id=None, now=now)
