"""What was learned of cards, and how decks are studied, as our own file says it. Each half reads what the other writes.

Stretches of time are seconds, times are ISO 8601 with their zone.
"""

from datetime import UTC, datetime, timedelta
from enum import Enum
from typing import Any, TypeVar
from uuid import UUID

from quizapp.domain.card_progress import CardProgress
from quizapp.domain.incoming import PastCard, PastEvent
from quizapp.domain.options import NewOrder, Options, ReviewOrder
from quizapp.domain.queues import Kind, Limits, NewPlace
from quizapp.domain.scheduling import (
    DIFFICULTY_MAX,
    DIFFICULTY_MIN,
    STABILITY_MAX,
    STABILITY_MIN,
    Grade,
    Memory,
    Override,
    Phase,
    ReviewEvent,
    Steps,
)

Object = dict[str, Any]
LONGEST = timedelta(days=36_500)
EARLIEST, LATEST = datetime(1970, 1, 2, tzinfo=UTC), datetime(2300, 1, 1, tzinfo=UTC)
LARGEST = 1_000_000
HIGHEST_FLAG = 7
MOST_ORDINAL = 999
Chosen = TypeVar("Chosen", bound=Enum)


def card_object(ordinal: int, progress: CardProgress) -> Object | None:
    """Return what was learned of a card; None where there is nothing to say."""
    log = [_event_object(past) for past in progress.events]
    if not (log or progress.memory or progress.suspended or progress.flag):
        return None
    memory = _memory_object(progress.memory) if progress.memory else None
    aside = {"suspended": progress.suspended, "flag": progress.flag}
    return {"ordinal": ordinal, **aside, "memory": memory, "events": log}


def past_card(entry: Object) -> PastCard:
    """Return what was learned of a card; `ValueError`, `KeyError` and `TypeError` mean that nobody can have learned it."""
    memory = None if entry.get("memory") is None else _memory(entry["memory"])
    events = tuple(sorted((_event(one) for one in entry.get("events", [])), key=lambda one: (one.at, one.event.id.int)))
    flag = _whole(entry.get("flag", 0), HIGHEST_FLAG)
    suspended = _truth(entry.get("suspended", False))
    ordinal = _whole(entry["ordinal"], MOST_ORDINAL)
    return PastCard(ordinal, memory=memory, suspended=suspended, flag=flag, events=events)


def options_object(options: Options) -> Object:
    """Return how a deck is studied."""
    return {
        "retention": options.retention,
        "new_per_day": options.limits.new,
        "reviews_per_day": options.limits.reviews,
        "learning_steps": [_seconds(step) for step in options.steps.learning],
        "relearning_steps": [_seconds(step) for step in options.steps.relearning],
        "maximum_interval": _seconds(options.maximum_interval),
        "new_order": options.new_order.value,
        "new_place": options.new_place.value,
        "review_order": options.review_order.value,
        "apart": options.apart,
        "leech_after": options.leech_after,
        "leech_suspends": options.leech_suspends,
    }


def options(entry: Object) -> Options:
    """Return how a deck is studied; it is refused as `past_card` refuses, or with `InvalidInput`."""
    return Options(
        retention=_number(entry["retention"], 0, 1),
        limits=Limits(_whole(entry["new_per_day"]), _whole(entry["reviews_per_day"])),
        steps=Steps(_stretches(entry["learning_steps"]), _stretches(entry["relearning_steps"])),
        maximum_interval=_stretch(entry["maximum_interval"]),
        new_order=_chosen(NewOrder, entry["new_order"]),
        new_place=_chosen(NewPlace, entry["new_place"]),
        review_order=_chosen(ReviewOrder, entry["review_order"]),
        apart=_truth(entry["apart"]),
        leech_after=_whole(entry["leech_after"]),
        leech_suspends=_truth(entry["leech_suspends"]),
    )


def _event_object(past: PastEvent) -> Object:
    event = past.event
    told: Object = {"id": str(event.id), "at": event.at.isoformat()}
    if event.override:
        given = {"memory": _memory_object(event.given)} if event.given else {}
        return {**told, "override": event.override.value, **given}
    steps = event.steps or Steps()
    return {
        **told,
        "grade": int(event.grade or 0),
        "was": past.was.value if past.was else None,
        "interval": None if past.interval is None else _seconds(past.interval),
        "duration": None if past.duration is None else _seconds(past.duration),
        "learning_steps": [_seconds(step) for step in steps.learning],
        "relearning_steps": [_seconds(step) for step in steps.relearning],
        "spread": event.spread,
    }


def _event(entry: Object) -> PastEvent:
    name, at = UUID(_string(entry["id"])), _time(entry["at"])
    if "override" in entry:
        override = _chosen(Override, entry["override"])
        given = _memory(entry["memory"]) if override is Override.GIVEN else None
        return PastEvent(ReviewEvent(name, at, None, override=override, given=given))
    steps = Steps(_stretches(entry["learning_steps"]), _stretches(entry["relearning_steps"]))
    spread = None if entry.get("spread") is None else _number(entry["spread"], 0, 1)
    event = ReviewEvent(name, at, Grade(_whole(entry["grade"], 4)), steps=steps, spread=spread)
    interval, duration = (
        None if entry.get(part) is None else _stretch(entry[part]) for part in ("interval", "duration")
    )
    return PastEvent(event, _chosen(Kind, entry["was"]), interval, duration)


def _memory_object(memory: Memory) -> Object:
    return {
        **vars(memory),
        "phase": memory.phase.value,
        "due": memory.due.isoformat(),
        "last_review": memory.last_review.isoformat(),
        "interval": _seconds(memory.interval),
    }


def _memory(entry: Object) -> Memory:
    return Memory(
        phase=_chosen(Phase, entry["phase"]),
        step=_whole(entry["step"]),
        stability=_number(entry["stability"], STABILITY_MIN, STABILITY_MAX),
        difficulty=_number(entry["difficulty"], DIFFICULTY_MIN, DIFFICULTY_MAX),
        due=_time(entry["due"]),
        last_review=_time(entry["last_review"]),
        interval=_stretch(entry["interval"]),
        reviews=_whole(entry["reviews"]),
        lapses=_whole(entry["lapses"]),
    )


def _seconds(stretch: timedelta) -> float:
    seconds = stretch.total_seconds()
    return int(seconds) if seconds.is_integer() else seconds


def _stretch(value: object) -> timedelta:
    return timedelta(seconds=_number(value, 0, LONGEST.total_seconds()))


def _stretches(values: object) -> tuple[timedelta, ...]:
    if not isinstance(values, list):
        raise TypeError(values)
    return tuple(map(_stretch, values))


def _time(value: object) -> datetime:
    found = datetime.fromisoformat(_string(value))
    if found.tzinfo is None or not EARLIEST <= found <= LATEST:
        raise ValueError(value)
    return found.astimezone(UTC)


def _whole(value: object, most: int = LARGEST) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= most:
        raise ValueError(value)
    return value


def _number(value: object, least: float, most: float) -> float:
    if not isinstance(value, int | float) or isinstance(value, bool) or not least <= value <= most:
        raise ValueError(value)
    return float(value)


def _string(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(value)
    return value


def _truth(value: object) -> bool:
    if not isinstance(value, bool):
        raise TypeError(value)
    return value


def _chosen(of: type[Chosen], value: object) -> Chosen:
    return of(value)
