"""When a card is due again: FSRS-6 over learner days, as pure functions.

Start at `review`, or at `outcomes` for all four buttons. The formulas are those of
FSRS-6 as published by the open-spaced-repetition project; steps, rounding and the
order of the buttons follow Anki. How and why: `docs/scheduling.md`.
"""

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import Enum, IntEnum
from functools import cached_property
from typing import Any, NamedTuple
from uuid import UUID

from quizapp.domain.queues import ONE_DAY, Days
from quizapp.errors import InvalidInput

Weights = tuple[float, ...]
Stabilities = tuple[float, ...]  # after Again, Hard, Good and Easy
# The published defaults, the same in Anki and in py-fsrs.
DEFAULT_WEIGHTS = (
    0.212, 1.2931, 2.3065, 8.2956,  # 0-3: stability after the first grade, in days
    6.4133, 0.8334, 3.0194, 0.001,  # 4-7: difficulty
    1.8722, 0.1666, 0.796,  # 8-10: growth of stability on recall
    1.4835, 0.0614, 0.2629, 1.6483,  # 11-14: stability after forgetting
    0.6014, 1.8729,  # 15-16: hard penalty, easy bonus
    0.5425, 0.0912, 0.0658,  # 17-19: reviews on one day
    0.1542,  # 20: decay of the forgetting curve
)  # fmt: skip
# The bounds within which the reference optimizer keeps each weight.
LOWEST_WEIGHTS = (
    0.001, 0.001, 0.001, 0.001, 1.0, 0.001, 0.001, 0.001, 0.0, 0.0, 0.001,
    0.001, 0.001, 0.001, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.1,
)  # fmt: skip
HIGHEST_WEIGHTS = (
    100.0, 100.0, 100.0, 100.0, 10.0, 4.0, 4.0, 0.75, 4.5, 0.8, 3.5,
    5.0, 0.25, 0.9, 4.0, 1.0, 6.0, 2.0, 2.0, 0.8, 0.8,
)  # fmt: skip
STABILITY_MIN, STABILITY_MAX = 0.001, 36_500.0  # days
DIFFICULTY_MIN, DIFFICULTY_MAX = 1.0, 10.0
A_SECOND = timedelta(seconds=1)
KNOWN_STABILITY = 180.0  # days that a card is believed to stay known when its learner says that they know it


class Grade(IntEnum):
    """The button that the learner pressed."""

    AGAIN = 1
    HARD = 2
    GOOD = 3
    EASY = 4


class Phase(Enum):
    """Where a card that has been seen stands."""

    LEARNING = "learning"
    REVIEW = "review"
    RELEARNING = "relearning"


class Override(Enum):
    """What a learner says of a card without answering it, and what memory then follows."""

    KNOWN = "known"  # as after Easy, and a stability of half a year at least
    RESET = "reset"  # as if it had never been seen
    GIVEN = "given"  # as another program remembers it


class Trace(NamedTuple):
    """The part of a memory that the formulas go by."""

    stability: float  # days until recall falls to 90 %
    difficulty: float  # 1 to 10


class Standing(NamedTuple):
    """The part of a memory that says what is recalled, and what the next grades make of it; not when the card is due."""

    stability: float
    difficulty: float
    phase: Phase
    step: int


@dataclass(frozen=True)
class Memory:
    """What a learner remembers of a card and when it is due; None stands for never seen.

    `due` is an exact time within the day in (re)learning, else the start of a learner
    day. `interval` is what was given for it, `step` the index of the step being
    waited out (0 in review).
    """

    phase: Phase
    step: int
    stability: float  # days until recall falls to 90 %
    difficulty: float  # 1 to 10
    due: datetime
    last_review: datetime
    interval: timedelta
    reviews: int
    lapses: int


class Steps(NamedTuple):
    """The steps of minutes that a card takes before it is reviewed by days."""

    learning: tuple[timedelta, ...] = (timedelta(minutes=1), timedelta(minutes=10))
    relearning: tuple[timedelta, ...] = (timedelta(minutes=10),)


class Constants(NamedTuple):
    """Parts of the formulas that hang on a preset alone."""

    factor: float  # of the forgetting curve, with which R(S, S) = 0.9
    days_for_each: float  # day of stability, until recall falls to the retention
    growth: float  # e ^ w8
    same_day_step: float  # e ^ w17
    same_day_growth: float  # e ^ (w17 * w18)
    drawn_to: float  # the part of a difficulty that does not hang on the one before: w7 * D0(4)


@dataclass(frozen=True)
class Preset:
    """How a learner's cards are scheduled; `version` says which preset graded a review."""

    weights: Weights = DEFAULT_WEIGHTS
    retention: float = 0.9  # the chance of recall at which a review is due
    learning_steps: tuple[timedelta, ...] = Steps().learning
    relearning_steps: tuple[timedelta, ...] = Steps().relearning
    maximum_interval: timedelta = timedelta(days=36_500)
    version: int = 1

    def __post_init__(self) -> None:
        """Refuse values with which the formulas have no meaning."""
        if len(self.weights) != len(DEFAULT_WEIGHTS):
            raise InvalidInput(
                "FSRS-6 has %(count)s parameters, not %(count2)s.", count=len(DEFAULT_WEIGHTS), count2=len(self.weights)
            )
        bounds = zip(LOWEST_WEIGHTS, self.weights, HIGHEST_WEIGHTS, strict=True)
        if outside := [n for n, (low, weight, high) in enumerate(bounds) if not low <= weight <= high]:
            raise InvalidInput(
                "FSRS parameter %(outside)s is out of its range; fit the parameters again.", outside=outside[0]
            )
        if not 0.5 <= self.retention <= 0.99:
            raise InvalidInput("Choose a desired retention from 50 % to 99 %.")
        if any(step < A_SECOND or step % A_SECOND for step in (*self.learning_steps, *self.relearning_steps)):
            raise InvalidInput("Learning steps must be whole seconds, at least one.")
        if self.maximum_interval < ONE_DAY or self.maximum_interval % ONE_DAY:
            raise InvalidInput("The longest interval must be a whole number of days, at least one.")

    @cached_property
    def steps(self) -> Steps:
        """Return both sorts of steps."""
        return Steps(self.learning_steps, self.relearning_steps)

    @cached_property
    def constants(self) -> "Constants":
        """Return what the formulas make of the weights and the retention alone, worked out once."""
        w = self.weights
        factor = float(0.9 ** (-1 / w[20]) - 1)
        days_for_each = float((self.retention ** (-1 / w[20]) - 1) / factor)
        drawn_to = w[7] * _first_difficulty(Grade.EASY, w)
        return Constants(factor, days_for_each, math.exp(w[8]), math.exp(w[17]), math.exp(w[17] * w[18]), drawn_to)

    def with_steps(self, steps: Steps) -> "Preset":
        """Return the same with these steps."""
        if steps == self.steps:
            return self
        return replace(self, learning_steps=steps.learning, relearning_steps=steps.relearning)


@dataclass(frozen=True)
class ReviewEvent:
    """Something that a learner did: gave a grade, set the memory aside, or undid the event named in `undoes`.

    `steps` are those that a grade was given under, None for those of the preset: a deck's steps may
    change, and what happened to its cards may not. `spread` says where among nearby days the interval fell,
    from 0 for the first up to 1; None is the very day. `given` is the memory of an override that brings one,
    with the time of the event as its last review.
    """

    id: UUID
    at: datetime
    grade: Grade | None
    undoes: UUID | None = None
    override: Override | None = None
    steps: Steps | None = None
    spread: float | None = None
    given: Memory | None = None

    def __post_init__(self) -> None:
        """Refuse an event that is of two sorts, or of none."""
        if sum(one is not None for one in (self.grade, self.undoes, self.override)) != 1:
            raise ValueError("an event has a grade, an override, or the event that it undoes")


def outcomes(memory: Memory | None, now: datetime, days: Days, preset: Preset) -> dict[Grade, Memory]:
    """Return what each of the four buttons would do."""
    after = _answering(memory, now, days, preset)
    return {grade: after(grade) for grade in Grade}


def spread_out(memory: Memory | None, outcome: Memory, spread: float | None, days: Days, preset: Preset) -> Memory:
    """Return an outcome of the memory with its interval moved among the nearby days; None leaves it."""
    if spread is None or outcome.phase is not Phase.REVIEW:
        return outcome
    near = nearby_days(memory, outcome, preset)
    interval = timedelta(near[min(int(spread * len(near)), len(near) - 1)])
    due = days.start(days.day_of(outcome.last_review) + interval)
    return _memory(**{**vars(outcome), "interval": interval, "due": due})


def nearby_days(memory: Memory | None, outcome: Memory, preset: Preset) -> range:
    """Return the intervals, in days, that an outcome of the memory may be given instead of its exact one.

    They are those of Anki's fuzz: from 2.5 days on, some days more or fewer, but a pass never shortens an interval.
    """
    exact = outcome.interval.days
    if outcome.phase is not Phase.REVIEW or exact < 2.5:
        return range(exact, exact + 1)
    last = memory.interval.days if memory and memory.phase is Phase.REVIEW else 0
    reach = _fuzz(exact)
    first, final = math.floor(exact - reach + 0.5), math.floor(exact + reach + 0.5)
    if exact >= last:
        first = max(first, min(exact, last + 1))
    return range(max(first, 2), min(final, preset.maximum_interval.days) + 1)


def review(
    memory: Memory | None, grade: Grade, now: datetime, days: Days, preset: Preset, spread: float | None = None
) -> Memory:
    """Return the memory after a grade given now, with an interval that is spread so over the nearby days.

    A `now` before the last review (the clock was set back) counts as the same day. Reviews that
    arrive late belong into `replay`, since what came after them depends on them.
    """
    outcome = _answering(memory, now, days, preset)(grade)
    return spread_out(memory, outcome, spread, days, preset)


def traced(trace: Trace | None, grade: Grade, elapsed: int, preset: Preset) -> Trace:
    """Return what a grade so many days after the last one leaves; where and when the card comes back is left out."""
    return Trace(_next_stabilities(trace, elapsed, preset)[grade - 1], _next_difficulty(trace, grade, preset))


def standing(before: Standing | None, grade: Grade, elapsed: int, preset: Preset) -> Standing:
    """Return where a card stands after a grade so many days after the last one, as `review` does in a third of the time."""
    stabilities = _next_stabilities(before, elapsed, preset)
    phase, step, _ = _next_phase(before, grade, stabilities, preset)
    return Standing(stabilities[grade - 1], _next_difficulty(before, grade, preset), phase, step)


def next_difficulty(difficulty: float | None, grade: Grade, preset: Preset) -> float:
    """Return the difficulty after a grade; it hangs on the grades alone, None stands for the first."""
    before = None if difficulty is None else Trace(STABILITY_MIN, difficulty)
    return _next_difficulty(before, grade, preset)


def retrievability(memory: Memory, now: datetime, days: Days, preset: Preset) -> float:
    """Return the chance that the learner recalls the card today, above 0 up to 1."""
    return mean_retrievability([(memory.last_review, memory.stability)], now, days, preset)


def difficulty_share(memory: Memory) -> float:
    """Return how hard the card is as Anki says it, from 0 to 1."""
    return (memory.difficulty - DIFFICULTY_MIN) / (DIFFICULTY_MAX - DIFFICULTY_MIN)


def mean_retrievability(traces: Sequence[tuple[datetime, float]], now: datetime, days: Days, preset: Preset) -> float:
    """Return the mean chance of recalling cards today, each given by its last review and its stability."""
    today, recall = days.day_of(now).toordinal(), 0.0
    factor, power = preset.constants.factor, -preset.weights[20]
    studied = days.ordinals([last_review for last_review, _ in traces])
    for (_, stability), day in zip(traces, studied, strict=True):
        if day < today:
            recall += (1 + factor * (today - day) / stability) ** power  # as `recall_after`, of thousands
        else:
            recall += 1.0
    return recall / max(1, len(traces))


def ideal_days(stability: float, preset: Preset) -> float:
    """Return the days until recall falls to the desired retention: S / factor * (r ^ (-1 / w20) - 1)."""
    return stability * preset.constants.days_for_each


def known(memory: Memory | None, now: datetime, days: Days, preset: Preset) -> Memory:
    """Return the memory of a card that the learner says they know: that after Easy, kept for half a year at least."""
    easy = review(memory, Grade.EASY, now, days, preset)
    stability = max(easy.stability, KNOWN_STABILITY)
    ideal = min(max(1, math.floor(ideal_days(stability, preset) + 0.5)), preset.maximum_interval.days)
    interval = max(easy.interval, timedelta(ideal))
    return replace(easy, stability=stability, interval=interval, due=days.start(days.day_of(now) + interval))


def replay(events: Iterable[ReviewEvent], days: Days, preset: Preset) -> Memory | None:
    """Return the memory that the events lead to, in whatever order they arrive; None when no review counts."""
    memory = None
    for _, after in retrace(events, days, preset):
        memory = after
    return memory


def retrace(events: Iterable[ReviewEvent], days: Days, preset: Preset) -> Iterator[tuple[ReviewEvent, Memory | None]]:
    """Give each event that counts, the first in time first, with the memory after it.

    Events count once by id, in order of time and then id. What was undone never happened; an undo itself
    cannot be undone. After a reset the card is as if never seen.
    """
    once: dict[UUID, ReviewEvent] = {}
    for event in sorted(events, key=_place_in_time):
        once.setdefault(event.id, event)
    undone = {event.undoes for event in once.values()}
    memory = None
    for event in once.values():
        if event.undoes is None and event.id not in undone:
            memory = _follow(memory, event, days, preset)
            yield event, memory


def _follow(memory: Memory | None, event: ReviewEvent, days: Days, preset: Preset) -> Memory | None:
    preset = preset if event.steps is None else preset.with_steps(event.steps)
    if event.grade is not None:
        return review(memory, event.grade, event.at, days, preset, event.spread)
    return known(memory, event.at, days, preset) if event.override is Override.KNOWN else event.given


def _place_in_time(event: ReviewEvent) -> tuple[datetime, int, int, int, str]:
    """Order events totally: even two that share an id do not depend on which came first."""
    said = event.override.value if event.override else ""
    return (event.at, event.id.int, event.grade or 0, event.undoes.int if event.undoes else 0, said)


def _answering(memory: Memory | None, now: datetime, days: Days, preset: Preset) -> Callable[[Grade], Memory]:
    """Work out what the buttons share, and return what each leads to."""
    today = days.day_of(now)
    elapsed = max(0, (today - days.day_of(memory.last_review)).days) if memory else 0
    stabilities = _next_stabilities(memory, elapsed, preset)

    def after(grade: Grade) -> Memory:
        phase, step, interval = _next_place(memory, grade, stabilities, preset)
        lapsed = memory is not None and memory.phase is Phase.REVIEW and grade is Grade.AGAIN
        return _memory(
            phase=phase,
            step=step,
            stability=stabilities[grade - 1],
            difficulty=_next_difficulty(memory, grade, preset),
            due=days.start(today + interval) if phase is Phase.REVIEW else _step_due(now + interval, today, days),
            last_review=now,
            interval=interval,
            reviews=1 + (memory.reviews if memory else 0),
            lapses=lapsed + (memory.lapses if memory else 0),
        )

    return after


def _memory(**fields: Any) -> Memory:
    """Return a memory with all its fields at once: one by one, as frozen classes do it, takes longer than the formulas."""
    made = object.__new__(Memory)
    vars(made).update(fields)
    return made


def _step_due(due: datetime, today: date, days: Days) -> datetime:
    """Return when a step is over; one that ends on a later day is due from that day's start on."""
    day = days.day_of(due)
    return due if day == today else days.start(day)


# Where a card goes: steps of minutes, or an interval of whole days.


def _next_place(
    memory: Memory | None, grade: Grade, stabilities: Stabilities, preset: Preset
) -> tuple[Phase, int, timedelta]:
    phase, step, delay = _next_phase(memory, grade, stabilities, preset)
    return phase, step, timedelta(_interval_days(memory, grade, stabilities, preset)) if delay is None else delay


def _next_phase(
    memory: Memory | Standing | None, grade: Grade, stabilities: Stabilities, preset: Preset
) -> tuple[Phase, int, timedelta | None]:
    """Return where the grade leads, and the delay of a step; None for an interval of whole days."""
    if memory and memory.phase is Phase.REVIEW and grade is not Grade.AGAIN:
        return Phase.REVIEW, 0, None
    learning = memory is None or memory.phase is Phase.LEARNING
    phase = Phase.LEARNING if learning else Phase.RELEARNING
    steps = preset.learning_steps if learning else preset.relearning_steps
    if following := _next_step(steps, memory.step if memory else 0, grade):
        return phase, *following
    ideal = ideal_days(stabilities[grade - 1], preset)
    if not steps and grade is not Grade.EASY and ideal < 0.5 and _knows_short_term(preset):
        return phase, 0, timedelta(seconds=int(ideal * 86_400))
    return Phase.REVIEW, 0, None


def _next_step(steps: tuple[timedelta, ...], step: int, grade: Grade) -> tuple[int, timedelta] | None:
    """Return the step that the grade leads to and its delay; None when the steps are over."""
    step = min(step, len(steps) - 1)  # the preset may have fewer steps than it had
    match grade:
        case Grade.AGAIN if steps:
            return 0, steps[0]
        case Grade.HARD if steps:
            return step, _hard_delay(steps, step)
        case Grade.GOOD if step + 1 < len(steps):
            return step + 1, steps[step + 1]
        case _:
            return None


def _hard_delay(steps: tuple[timedelta, ...], step: int) -> timedelta:
    """Return the delay of Hard: between Again and Good on the first step, else the same step again."""
    if step > 0:
        return steps[step]
    first = steps[0]
    delay = (first + steps[1]) / 2 if len(steps) > 1 else min(first * 1.5, first + ONE_DAY)
    whole_seconds = delay // A_SECOND * A_SECOND
    return whole_seconds if whole_seconds <= ONE_DAY else ONE_DAY * math.floor(whole_seconds / ONE_DAY + 0.5)


def _interval_days(memory: Memory | None, grade: Grade, stabilities: Stabilities, preset: Preset) -> int:
    """Return the interval, at least a day more than that of the button before."""
    ideal = ideal_days(stabilities[grade - 1], preset)
    interval = max(1, math.floor(ideal + 0.5))
    last = memory.interval.days if memory and memory.phase is Phase.REVIEW else None
    if grade is Grade.EASY:
        interval = max(interval, 1 + _interval_days(memory, Grade.GOOD, stabilities, preset))
    elif grade is Grade.GOOD and last is not None:
        interval = max(interval, 1 + _interval_days(memory, Grade.HARD, stabilities, preset))
    # A pass does not shorten an interval that may have been the same but for fuzz.
    if last and grade is not Grade.AGAIN and interval < last <= _longest_by_fuzz(ideal):
        interval = last
    return min(interval, preset.maximum_interval.days)


def _longest_by_fuzz(ideal: float) -> int:
    """Return the most days that Anki's random fuzz makes of an ideal interval."""
    return 0 if ideal < 2.5 else math.floor(ideal + _fuzz(ideal) + 0.5)


def _fuzz(interval: float) -> float:
    """Return by how many days Anki's fuzz lengthens or shortens an interval of at least 2.5 days."""
    return 1 + 0.15 * (min(interval, 7) - 2.5) + 0.1 * max(0, min(interval, 20) - 7) + 0.05 * max(0, interval - 20)


# FSRS-6. Source of every formula: "The Algorithm" in the wiki of open-spaced-repetition/fsrs4anki, where
# w[n] is w_n; checked against py-fsrs and Anki, which settle what the page leaves open (bounds, Hard on one day).
# Stability S and elapsed time t are in days, difficulty D is 1 to 10, retrievability R 0 to 1, grade G 1 to 4.


def recall_after(days: float, stability: float, preset: Preset) -> float:
    """Return the chance of recall so many days after a review: R(t, S) = (1 + factor * t / S) ^ -w20."""
    return float((1 + preset.constants.factor * days / stability) ** -preset.weights[20])


def days_for_each(recall: float, preset: Preset) -> float:
    """Return the days after which recall has fallen that far, for each day of stability."""
    return float((recall ** (-1 / preset.weights[20]) - 1) / preset.constants.factor)


def _knows_short_term(preset: Preset) -> bool:
    """Say whether the weights describe reviews on one day (w17 and w18 are 0 when they do not)."""
    return preset.weights[17] > 0 and preset.weights[18] > 0


def _next_stabilities(memory: Memory | Standing | Trace | None, elapsed: int, preset: Preset) -> Stabilities:
    if memory is None:
        stabilities: Stabilities = preset.weights[:4]
    elif elapsed == 0:
        stabilities = _stabilities_same_day(memory.stability, preset)
    else:
        stabilities = _stabilities_later(memory, recall_after(elapsed, memory.stability, preset), preset)
    if min(stabilities) >= STABILITY_MIN and max(stabilities) <= STABILITY_MAX:
        return stabilities
    return tuple([min(max(stability, STABILITY_MIN), STABILITY_MAX) for stability in stabilities])


def _stabilities_same_day(stability: float, preset: Preset) -> Stabilities:
    """S'(S, G) = S * e ^ (w17 * (G - 3 + w18)) * S ^ -w19, and for a pass at least S."""
    growth = preset.constants.same_day_growth * stability ** -preset.weights[19]
    step = preset.constants.same_day_step
    again, hard, easy = growth / step / step, growth / step, growth * step
    return stability * again, stability * max(hard, 1), stability * max(growth, 1), stability * max(easy, 1)


def _stabilities_later(memory: Memory | Standing | Trace, recall: float, preset: Preset) -> Stabilities:
    """S'(D, S, R, G), with the growth of S cut by w15 for Hard and raised by w16 for Easy.

    Recalled: S * (1 + e ^ w8 * (11 - D) * S ^ -w9 * (e ^ (w10 * (1 - R)) - 1)).
    Forgotten: w11 * D ^ -w12 * ((S + 1) ^ w13 - 1) * e ^ (w14 * (1 - R)), at most S / e ^ (w17 * w18).
    """
    w, constants = preset.weights, preset.constants
    stability, difficulty = memory.stability, memory.difficulty
    growth = constants.growth * (11 - difficulty) * stability ** -w[9] * math.expm1(w[10] * (1 - recall))
    forgotten = w[11] * difficulty ** -w[12] * ((stability + 1) ** w[13] - 1) * math.exp(w[14] * (1 - recall))
    return (
        min(forgotten, stability / constants.same_day_growth),
        stability * (1 + growth * w[15]),
        stability * (1 + growth),
        stability * (1 + growth * w[16]),
    )


def _next_difficulty(memory: Memory | Standing | Trace | None, grade: Grade, preset: Preset) -> float:
    """D' = w7 * D0(4) + (1 - w7) * (D - w6 * (G - 3) * (10 - D) / 9): damped near 10, drawn to D0(4)."""
    w = preset.weights
    if memory is None:
        difficulty = _first_difficulty(grade, w)
    else:
        damped = memory.difficulty - w[6] * (grade - 3) * (10 - memory.difficulty) / 9
        difficulty = preset.constants.drawn_to + (1 - w[7]) * damped
    return min(max(difficulty, DIFFICULTY_MIN), DIFFICULTY_MAX)


def _first_difficulty(grade: Grade, w: Weights) -> float:
    """D0(G) = w4 - e ^ (w5 * (G - 1)) + 1, not yet kept within 1 to 10."""
    return w[4] - math.exp(w[5] * (grade - 1)) + 1
