"""How busy the days to come are, kept so as not to count them at every card. Start from `calendar`."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from quizapp.db import study_queues
from quizapp.db.engine import Session, media_of
from quizapp.domain.queues import ONE_DAY, coming_days
from quizapp.domain.scheduling import Memory, Phase
from quizapp.domain.spreading import Calendar, Day
from quizapp.services.settings import StudyPlan

REACH = 120  # days; cards that come back later are too few on any day to matter
KEPT_FOR = timedelta(minutes=10)  # after which other processes' answers are counted too
LOADS_KEPT = 256


@dataclass
class _Load:
    """Cards due on each of the next days; answers of this process are added as they are given."""

    counted: datetime
    due: list[int]


_loads: dict[tuple[object, ...], _Load] = {}  # by library, learner and day


def calendar(session: Session, how: StudyPlan, learner_id: int, at: datetime) -> Calendar:
    """Return what is known of the days after a moment."""
    today = how.days.day_of(at)
    due = _load(session, how, learner_id, at).due

    def day(number: int) -> Day:
        share = how.week[(today + ONE_DAY * number).weekday()]
        return Day(due[number] if number < len(due) else 0, share)

    return day


def count(session: Session, how: StudyPlan, learner_id: int, at: datetime, memory: Memory) -> None:
    """Count a card that will come back as its memory says."""
    due = _load(session, how, learner_id, at).due
    number = how.days.between(at, memory.due)
    if memory.phase is Phase.REVIEW and 0 < number < len(due):
        due[number] += 1


def _load(session: Session, how: StudyPlan, learner_id: int, at: datetime) -> _Load:
    key = _key(session, how, learner_id, how.days.day_of(at))
    found = _loads.get(key)
    if found is None or abs(at - found.counted) > KEPT_FOR:
        if len(_loads) >= LOADS_KEPT:
            _loads.clear()
        ends = [end for _, end in coming_days(at, how.days, count=REACH)]
        found = _loads[key] = _Load(at, list(study_queues.due_between(session, learner_id, ends)))
    return found


def _key(session: Session, how: StudyPlan, learner_id: int, day: date) -> tuple[object, ...]:
    return media_of(session), learner_id, how.days, day
