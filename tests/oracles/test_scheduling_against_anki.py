"""Every button does what it does in the real Anki: memory, phase, step, interval and day.

Anki's numbers have single precision and it stores them rounded, so each comparison starts from
what Anki has stored, and an interval may differ where it lies on the edge of rounding.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from random import Random
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from quizapp.domain.queues import Days
from quizapp.domain.scheduling import (
    DEFAULT_WEIGHTS,
    HIGHEST_WEIGHTS,
    LOWEST_WEIGHTS,
    Grade,
    Memory,
    Phase,
    Preset,
    ReviewEvent,
    outcomes,
    replay,
)
from tests.oracles.anki_states import History, Log, ask

pytestmark = pytest.mark.slow

PRECISION = 2e-5
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
# In the oracle the day turned 12 to 13 hours ago: no wait ends there.
WAITS = [
    *(30 * MINUTE / 60, 11 * MINUTE, 5 * HOUR, 10 * HOUR, 14 * HOUR, 22 * HOUR, 26 * HOUR),
    *(2 * DAY, 7 * DAY + 3 * HOUR, 40 * DAY, 400 * DAY, 9_000 * DAY),
]
DESIGN_CASE = [(timedelta(0), Grade.GOOD), (22 * HOUR, Grade.GOOD)]  # 22:00 and 20:00 the next day
CLOCK_SET_BACK = [(timedelta(0), Grade.EASY), (-2 * HOUR, Grade.GOOD), (-3 * DAY, Grade.AGAIN), (DAY, Grade.GOOD)]


def some_weights(seed: int) -> tuple[float, ...]:
    rng = Random(seed)
    return tuple(
        min(max(weight * rng.uniform(0.7, 1.4), low), high)
        for low, weight, high in zip(LOWEST_WEIGHTS, DEFAULT_WEIGHTS, HIGHEST_WEIGHTS, strict=True)
    )


PRESETS = {
    "default": Preset(),
    "low retention": Preset(retention=0.8),
    "high retention": Preset(retention=0.97),
    "short longest interval": Preset(maximum_interval=timedelta(days=1_000)),
    "no steps": Preset(learning_steps=(), relearning_steps=()),
    "no steps, no short term": Preset(
        weights=(*DEFAULT_WEIGHTS[:17], 0.3, 0.0, 0.0, 0.5), learning_steps=(), relearning_steps=()
    ),
    "other numbers of steps": Preset(learning_steps=(10 * MINUTE,), relearning_steps=(MINUTE, 5 * MINUTE, 15 * MINUTE)),
    "steps of days": Preset(learning_steps=(10 * MINUTE, DAY, 3 * DAY), relearning_steps=(2 * DAY,)),
    "steps over the turn": Preset(learning_steps=(3 * DAY,), relearning_steps=(14 * HOUR, 3 * DAY)),
    "other weights": Preset(weights=some_weights(1)),
    "still other weights": Preset(weights=some_weights(2), retention=0.85),
}


@dataclass(frozen=True)
class Point:
    """One moment of a history: our memory as Anki has stored it, and what Anki says and did."""

    memory: Memory | None
    now: datetime
    grade: Grade
    theirs: dict[str, Any]


def random_history(rng: Random, length: int) -> list[tuple[timedelta, Grade]]:
    grades = rng.choices(list(Grade), weights=(2, 1, 4, 1), k=length)
    return [(rng.choice(WAITS), grade) for grade in grades]


def histories(preset_name: str) -> list[list[tuple[timedelta, Grade]]]:
    rng = Random(preset_name)
    return [DESIGN_CASE, CLOCK_SET_BACK, *(random_history(rng, 20) for _ in range(3))]


def config(preset: Preset) -> dict[str, Any]:
    """Return the preset as a deck configuration of Anki."""
    return {
        "fsrsParams6": list(preset.weights),
        "desiredRetention": preset.retention,
        "new": {"delays": [step / MINUTE for step in preset.learning_steps]},
        "lapse": {"delays": [step / MINUTE for step in preset.relearning_steps]},
        "rev": {"maxIvl": preset.maximum_interval.days},
    }


@cache
def anki() -> dict[str, Any]:
    """Ask everything at once: most of the time goes into starting Anki."""
    questions = [
        History(config(preset), [(round(wait.total_seconds()), grade) for wait, grade in history])
        for name, preset in PRESETS.items()
        for history in histories(name)
    ]
    return ask(histories=questions, logs=[log for log, _ in logs()])


def days() -> Days:
    return Days(ZoneInfo(anki()["time_zone"]), anki()["turn_hour"])


def points(name: str) -> Iterator[Point]:
    """Replay the histories of a preset beside Anki, step by step."""
    asked = [(preset, history) for preset in PRESETS for history in histories(preset)]
    for (preset_name, history), answers in zip(asked, anki()["histories"], strict=True):
        if preset_name != name:
            continue
        memory = None
        for (wait, grade), theirs in zip(history, answers, strict=True):
            now = datetime.fromtimestamp(theirs["now"], UTC)
            if memory:
                stored = theirs["current"]
                memory = replace(
                    memory,
                    last_review=now - wait,
                    stability=stored["stability"],
                    difficulty=stored["difficulty"],
                    interval=timedelta(stored["days"]) if memory.phase is Phase.REVIEW else memory.interval,
                )
            yield Point(memory, now, grade, theirs)
            memory = outcomes(memory, now, days(), PRESETS[name])[grade]


@pytest.mark.parametrize("name", PRESETS)
def test_every_button_does_what_it_does_in_anki(name: str):
    preset, compared = PRESETS[name], 0
    for point in points(name):
        ours = outcomes(point.memory, point.now, days(), preset)
        on_the_edge = any(near_a_half(memory.stability, preset) for memory in ours.values())
        for memory, theirs in zip(ours.values(), point.theirs["outcomes"], strict=True):
            assert memory.stability == pytest.approx(theirs["stability"], rel=PRECISION)
            assert memory.difficulty == pytest.approx(theirs["difficulty"], rel=PRECISION)
            assert memory.phase.value == theirs["phase"]
            if memory.phase is Phase.REVIEW:
                assert memory.interval.days == pytest.approx(theirs["days"], abs=1 if on_the_edge else 0)
            else:
                steps = preset.learning_steps if memory.phase is Phase.LEARNING else preset.relearning_steps
                assert len(steps) - memory.step == theirs["remaining"]
                assert memory.interval.total_seconds() == pytest.approx(theirs["seconds"], abs=0 if steps else 1)
            if memory.phase is not Phase.LEARNING:
                assert memory.lapses == theirs["lapses"]
            compared += 1

    assert compared == 4 * sum(map(len, histories(name)))


def near_a_half(stability: float, preset: Preset) -> bool:
    """Say whether single precision may round the interval of a stability the other way."""
    exponent = -1 / preset.weights[20]
    ideal = stability * (preset.retention**exponent - 1) / (0.9**exponent - 1)
    return abs(ideal % 1 - 0.5) < PRECISION * max(ideal, 1)


@pytest.mark.parametrize("name", PRESETS)
def test_cards_are_due_on_the_day_or_at_the_second_that_anki_gives(name: str):
    calendar = days()
    for point in points(name):
        ours = outcomes(point.memory, point.now, calendar, PRESETS[name])[point.grade]
        theirs = point.theirs["due"]
        if "days" in theirs:
            due_day = calendar.day_of(ours.due)
            given = point.theirs["outcomes"][point.grade - 1]["days"]
            rounded_otherwise = given - ours.interval.days if given else 0
            assert (due_day - calendar.day_of(point.now)).days + rounded_otherwise == theirs["days"]
            assert ours.due == calendar.start(due_day)
        else:
            assert ours.due.timestamp() == pytest.approx(theirs["at"], abs=2)


def test_good_at_ten_and_good_at_eight_the_next_evening_are_one_day_apart():
    good = list(points("default"))[1].theirs["outcomes"][Grade.GOOD - 1]

    assert good["stability"] == pytest.approx(7.315, abs=1e-3)


# Whole histories at once: Anki works a memory out of its review log


@cache
def logs() -> list[tuple[Log, list[tuple[timedelta, Grade]]]]:
    """Return review logs with the histories behind them: how long ago which grade was given."""
    rng = Random(11)
    made = []
    for _ in range(40):
        history, ago = [], timedelta(0)
        for _ in range(rng.randrange(1, 25)):
            ago += rng.choice([9 * MINUTE, DAY, DAY, 2 * DAY, 9 * DAY, 60 * DAY])
            history.insert(0, (ago, rng.choices(list(Grade), weights=(2, 1, 4, 1))[0]))
        made.append((Log(config(Preset()), log_rows(history)), history))
    return made


def log_rows(history: list[tuple[timedelta, Grade]]) -> list[tuple[int, int, int]]:
    """Return rows of Anki's review log; its kinds are 0 learning, 1 review, 2 relearning."""
    kinds = {Phase.LEARNING: 0, Phase.REVIEW: 1, Phase.RELEARNING: 2}
    calendar, now = Days(ZoneInfo("UTC"), turn_hour=0), datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
    memory, rows = None, []
    for ago, grade in history:
        rows.append((round(ago.total_seconds()), int(grade), kinds[memory.phase] if memory else 0))
        memory = outcomes(memory, now - ago, calendar, Preset())[grade]
    return rows


def test_a_replay_remembers_what_anki_makes_of_its_review_log():
    for (_, history), theirs in zip(logs(), anki()["logs"], strict=True):
        now = datetime.fromtimestamp(theirs["now"], UTC)
        events = [ReviewEvent(UUID(int=n), now - ago, grade) for n, (ago, grade) in enumerate(history)]

        memory = replay(reversed(events), days(), Preset())

        assert memory is not None
        assert memory.stability == pytest.approx(theirs["stability"], rel=1e-4)
        assert memory.difficulty == pytest.approx(theirs["difficulty"], rel=1e-4)
