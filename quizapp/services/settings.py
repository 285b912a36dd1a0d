"""How a learner wants to study, in the terms of scheduling."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from quizapp.db import learners
from quizapp.db.engine import Session
from quizapp.domain.permissions import Actor
from quizapp.domain.queues import Days, Limits
from quizapp.domain.scheduling import Preset


@dataclass(frozen=True)
class StudyPlan:
    """A learner's calendar, scheduling and daily limits."""

    days: Days
    preset: Preset
    limits: Limits


def study_plan(session: Session, actor: Actor) -> StudyPlan:
    """Return how the actor studies."""
    chosen = learners.study_settings(session, actor.learner_id)
    return StudyPlan(
        Days(ZoneInfo(actor.time_zone), chosen.turn_hour),
        Preset(retention=chosen.retention),
        Limits(new=chosen.new_per_day, reviews=chosen.reviews_per_day),
    )
