"""How Anki studies a deck, as options of ours. Start from `options`."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from math import isclose

from quizapp.anki.stored import Config
from quizapp.domain.options import (
    HIGHEST_PERCENT,
    LONGEST_INTERVAL,
    LONGEST_STEP,
    LOWEST_PERCENT,
    MOST_A_DAY,
    MOST_LAPSES,
    MOST_STEPS,
    NewOrder,
    Options,
    ReviewOrder,
)
from quizapp.domain.queues import Limits, NewPlace
from quizapp.domain.scheduling import A_SECOND, DEFAULT_WEIGHTS, Steps
from quizapp.translations import _, marked

PLACES = {0: NewPlace.MIXED, 1: NewPlace.AFTER, 2: NewPlace.BEFORE}
ORDERS = {3: ReviewOrder.SHORTEST, 7: ReviewOrder.AT_RISK, 8: ReviewOrder.RANDOM, 12: ReviewOrder.AT_RISK}


NAMED_PRESETS = 10
PARAMETERS = marked(
    "FSRS parameters stay in Anki, those of the presets %(presets)s: Recto schedules all your decks by one set, yours. What you remember came along as Anki had it; fit your own parameters in the settings."
)
ORDER = marked(
    "The presets %(presets)s have an order of reviews that Recto does not have: those due longest come first."
)
WEEK = marked("Easy days stay in Anki, those of the presets %(presets)s: choose yours in the settings, for all decks.")


def options(config: Config) -> Options:
    """Return the options that come nearest to those of Anki; what it does not have is as usual here."""
    percent = min(max(round(config.retention * 100, 2), LOWEST_PERCENT), HIGHEST_PERCENT)
    new, reviews = (min(max(limit, 0), MOST_A_DAY) for limit in (config.new_per_day, config.reviews_per_day))
    return Options(
        retention=round(percent / 100, 4),
        limits=Limits(new, reviews),
        steps=Steps(_steps(config.learning), _steps(config.relearning)),
        maximum_interval=timedelta(min(max(config.longest_interval, 1), LONGEST_INTERVAL.days)),
        new_order=NewOrder.RANDOM if config.new_at_random else NewOrder.ADDED,
        new_place=PLACES.get(config.new_place, NewPlace.MIXED),
        review_order=ORDERS.get(config.review_order, ReviewOrder.DUE),
        apart=config.is_apart,
        leech_after=min(max(config.leech_after, 0), MOST_LAPSES),
        leech_suspends=config.leech_suspends,
    )


def left_there(configs: Iterable[Config]) -> Iterator[str]:
    """Say of presets what there is no place for here, a sentence each."""
    known = {config.name: config for config in configs}.values()
    told = {
        PARAMETERS: [one.name for one in known if one.parameters and not _are_usual(one.parameters)],
        ORDER: [one.name for one in known if one.review_order not in {0, *ORDERS}],
        WEEK: [one.name for one in known if any(share != 1 for share in one.week)],
    }
    for sentence, names in told.items():
        if names:
            listed = ", ".join(f"“{name}”" for name in names[:NAMED_PRESETS])
            yield _(sentence, presets=f"{listed}, …" if len(names) > NAMED_PRESETS else listed)


def _are_usual(parameters: Sequence[float]) -> bool:
    return len(parameters) == len(DEFAULT_WEIGHTS) and all(
        isclose(one, usual, abs_tol=1e-4) for one, usual in zip(parameters, DEFAULT_WEIGHTS, strict=True)
    )


def _steps(minutes: tuple[float, ...]) -> tuple[timedelta, ...]:
    longest = LONGEST_STEP / A_SECOND
    return tuple(A_SECOND * round(min(max(one * 60, 1), longest)) for one in minutes[:MOST_STEPS])
