"""How Anki studies a deck, as options of ours. Start from `options`."""

from datetime import timedelta

from quizapp.anki.stored import Config
from quizapp.domain.options import (
    HIGHEST_PERCENT,
    LONGEST_INTERVAL,
    LONGEST_STEP,
    LOWEST_PERCENT,
    MOST_A_DAY,
    MOST_LAPSES,
    MOST_STEPS,
    Options,
    ReviewOrder,
)
from quizapp.domain.queues import Limits, NewPlace
from quizapp.domain.scheduling import A_SECOND, Steps

PLACES = {0: NewPlace.MIXED, 1: NewPlace.AFTER, 2: NewPlace.BEFORE}
ORDERS = {3: ReviewOrder.SHORTEST, 7: ReviewOrder.AT_RISK, 8: ReviewOrder.RANDOM, 12: ReviewOrder.AT_RISK}


def options(config: Config) -> Options:
    """Return the options that come nearest to those of Anki; what it does not have is as usual here."""
    percent = min(max(round(config.retention * 100, 2), LOWEST_PERCENT), HIGHEST_PERCENT)
    new, reviews = (min(max(limit, 0), MOST_A_DAY) for limit in (config.new_per_day, config.reviews_per_day))
    return Options(
        retention=round(percent / 100, 4),
        limits=Limits(new, reviews),
        steps=Steps(_steps(config.learning), _steps(config.relearning)),
        maximum_interval=timedelta(min(max(config.longest_interval, 1), LONGEST_INTERVAL.days)),
        new_place=PLACES.get(config.new_place, NewPlace.MIXED),
        review_order=ORDERS.get(config.review_order, ReviewOrder.DUE),
        apart=config.is_apart,
        leech_after=min(max(config.leech_after, 0), MOST_LAPSES),
        leech_suspends=config.leech_suspends,
    )


def _steps(minutes: tuple[float, ...]) -> tuple[timedelta, ...]:
    longest = LONGEST_STEP / A_SECOND
    return tuple(A_SECOND * round(min(max(one * 60, 1), longest)) for one in minutes[:MOST_STEPS])
