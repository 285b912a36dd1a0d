"""Options of study as columns, the same for all decks of a learner and for a single one."""

from datetime import timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import CheckConstraint, Row
from sqlalchemy.orm import Mapped

from quizapp.domain.options import NewOrder, Options, ReviewOrder
from quizapp.domain.queues import Limits, NewPlace
from quizapp.domain.scheduling import Steps


class OptionColumns:
    """What a table has that stores options."""

    retention: Mapped[float]
    new_per_day: Mapped[int]
    reviews_per_day: Mapped[int]
    learning_steps: Mapped[tuple[int, ...]]  # seconds
    relearning_steps: Mapped[tuple[int, ...]]
    maximum_interval: Mapped[timedelta]
    new_order: Mapped[NewOrder]
    new_place: Mapped[NewPlace]
    review_order: Mapped[ReviewOrder]
    apart: Mapped[bool]
    leech_after: Mapped[int]
    leech_suspends: Mapped[bool]


NAMES = tuple(OptionColumns.__annotations__)


def checks() -> tuple[CheckConstraint, ...]:
    """Return the rules that such a table keeps."""
    return (
        CheckConstraint("retention between 0.5 and 0.99", name="retention"),
        CheckConstraint("new_per_day >= 0 AND reviews_per_day >= 0", name="limits"),
        CheckConstraint("maximum_interval > 0", name="maximum_interval"),
        CheckConstraint("leech_after >= 0", name="leech_after"),
    )


def read(row: Row[Any]) -> Options:
    """Return the options in a row that has these columns."""
    return _options(tuple(getattr(row, name) for name in NAMES))


@lru_cache(maxsize=256)  # every answer reads some, nearly always the same
def _options(values: tuple[Any, ...]) -> Options:
    had = dict(zip(NAMES, values, strict=True))
    limits = Limits(had.pop("new_per_day"), had.pop("reviews_per_day"))
    steps = Steps(_stretches(had.pop("learning_steps")), _stretches(had.pop("relearning_steps")))
    return Options(limits=limits, steps=steps, **had)


def write(options: Options) -> dict[str, Any]:
    """Return the values of the columns."""
    values = vars(options).copy()
    limits, steps = options.limits, options.steps
    del values["limits"], values["steps"]
    return {
        **values,
        "new_per_day": limits.new,
        "reviews_per_day": limits.reviews,
        "learning_steps": _seconds(steps.learning),
        "relearning_steps": _seconds(steps.relearning),
    }


def _stretches(seconds: tuple[int, ...]) -> tuple[timedelta, ...]:
    return tuple(timedelta(seconds=one) for one in seconds)


def _seconds(steps: tuple[timedelta, ...]) -> tuple[int, ...]:
    return tuple(step // timedelta(seconds=1) for step in steps)
