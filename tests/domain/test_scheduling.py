from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quizapp.domain.queues import Days
from quizapp.domain.scheduling import (
    DEFAULT_WEIGHTS,
    HIGHEST_WEIGHTS,
    LOWEST_WEIGHTS,
    STABILITY_MAX,
    STABILITY_MIN,
    Grade,
    Memory,
    Override,
    Phase,
    Preset,
    ReviewEvent,
    outcomes,
    replay,
    retrievability,
    review,
)
from quizapp.errors import InvalidInput

AGAIN, HARD, GOOD, EASY = Grade
BERLIN = ZoneInfo("Europe/Berlin")
DAYS = Days(BERLIN)
PRESET = Preset()
MINUTE = timedelta(minutes=1)


def berlin(*when: int) -> datetime:
    return datetime(*when, tzinfo=BERLIN).astimezone(UTC)


NOW = berlin(2026, 3, 2, 20, 0)


def in_review(*, days: int = 10, stability: float = 10.0, difficulty: float = 5.0, now: datetime = NOW) -> Memory:
    """A memory last reviewed `days` learner days before now, with that interval."""
    return Memory(
        phase=Phase.REVIEW,
        step=0,
        stability=stability,
        difficulty=difficulty,
        due=DAYS.start(DAYS.day_of(now)),
        last_review=now - timedelta(days),
        interval=timedelta(days),
        reviews=3,
        lapses=0,
    )


def answered(memory: Memory | None, grade: Grade, now: datetime = NOW, preset: Preset = PRESET) -> Memory:
    return review(memory, grade, now, DAYS, preset)


# Learner days


def test_twenty_two_hours_over_a_night_are_one_day():
    first = answered(None, GOOD, berlin(2026, 3, 2, 22, 0))

    second = answered(first, GOOD, berlin(2026, 3, 3, 20, 0))

    assert second.stability == pytest.approx(7.3153, abs=5e-5)


def test_five_hours_past_midnight_are_still_the_same_day():
    first = answered(None, GOOD, berlin(2026, 3, 2, 22, 0))

    second = answered(first, GOOD, berlin(2026, 3, 3, 3, 0))

    assert second.stability == first.stability


def test_a_card_is_due_from_the_turn_of_the_learners_day():
    graduated = answered(None, EASY, berlin(2026, 3, 2, 23, 50))

    assert graduated.interval == timedelta(days=8)
    assert graduated.due == berlin(2026, 3, 10, 4, 0)


def test_a_card_is_due_at_four_by_the_clock_on_the_wall_in_summer_time_too():
    graduated = answered(None, EASY, berlin(2026, 3, 25, 20, 0))

    assert graduated.due == datetime(2026, 4, 2, 2, 0, tzinfo=UTC) == berlin(2026, 4, 2, 4, 0)


def test_recall_falls_by_learner_days_to_nine_in_ten_when_stability_is_over():
    memory = in_review(days=0, stability=10.0)

    assert retrievability(memory, NOW, DAYS, PRESET) == 1
    assert retrievability(memory, berlin(2026, 3, 3, 3, 59), DAYS, PRESET) == 1
    assert retrievability(memory, NOW + timedelta(10), DAYS, PRESET) == pytest.approx(0.9)


def test_a_clock_set_back_counts_as_the_same_day():
    memory = in_review(days=0)

    before = answered(memory, GOOD, NOW - timedelta(days=3))

    assert before.stability == answered(memory, GOOD, NOW).stability
    assert retrievability(memory, NOW - timedelta(days=3), DAYS, PRESET) == 1


# Steps


@pytest.mark.parametrize(
    ("grade", "phase", "step", "interval"),
    [
        pytest.param(AGAIN, Phase.LEARNING, 0, 1 * MINUTE, id="Again"),
        pytest.param(HARD, Phase.LEARNING, 0, 5.5 * MINUTE, id="Hard: between the first two steps"),
        pytest.param(GOOD, Phase.LEARNING, 1, 10 * MINUTE, id="Good"),
        pytest.param(EASY, Phase.REVIEW, 0, timedelta(days=8), id="Easy graduates"),
    ],
)
def test_a_new_card(grade: Grade, phase: Phase, step: int, interval: timedelta):
    memory = answered(None, grade)

    assert (memory.phase, memory.step, memory.interval) == (phase, step, interval)
    assert (memory.reviews, memory.lapses, memory.last_review) == (1, 0, NOW)


@pytest.mark.parametrize(
    ("grade", "phase", "step", "interval"),
    [
        pytest.param(AGAIN, Phase.LEARNING, 0, 1 * MINUTE, id="Again starts over"),
        pytest.param(HARD, Phase.LEARNING, 1, 10 * MINUTE, id="Hard repeats the step"),
        pytest.param(GOOD, Phase.REVIEW, 0, timedelta(days=2), id="Good graduates"),
        pytest.param(EASY, Phase.REVIEW, 0, timedelta(days=4), id="Easy graduates for longer"),
    ],
)
def test_the_last_learning_step(grade: Grade, phase: Phase, step: int, interval: timedelta):
    learning = answered(None, GOOD)

    memory = answered(learning, grade, NOW + 10 * MINUTE)

    assert (memory.phase, memory.step, memory.interval) == (phase, step, interval)


@pytest.mark.parametrize(
    ("grade", "phase", "interval"),
    [
        pytest.param(AGAIN, Phase.RELEARNING, 10 * MINUTE, id="Again repeats the step"),
        pytest.param(HARD, Phase.RELEARNING, 15 * MINUTE, id="Hard takes half as long again"),
        pytest.param(GOOD, Phase.REVIEW, timedelta(days=1), id="Good is back in review"),
        pytest.param(EASY, Phase.REVIEW, timedelta(days=2), id="Easy is back for longer"),
    ],
)
def test_relearning(grade: Grade, phase: Phase, interval: timedelta):
    lapsed = answered(in_review(), AGAIN)

    memory = answered(lapsed, grade, NOW + 10 * MINUTE)

    assert (lapsed.phase, lapsed.interval, lapsed.lapses) == (Phase.RELEARNING, 10 * MINUTE, 1)
    assert (memory.phase, memory.interval, memory.lapses) == (phase, interval, 1)


def test_a_step_within_the_day_is_due_to_the_second():
    assert answered(None, GOOD, berlin(2026, 3, 2, 23, 55)).due == berlin(2026, 3, 3, 0, 5)


def test_a_step_past_the_turn_is_due_from_the_start_of_that_day():
    preset = Preset(learning_steps=(10 * MINUTE, timedelta(days=1)))
    learning = answered(None, GOOD, berlin(2026, 3, 2, 22, 0), preset)

    assert learning.phase is Phase.LEARNING
    assert learning.due == berlin(2026, 3, 3, 4, 0)
    assert answered(None, GOOD, berlin(2026, 3, 3, 3, 55)).due == berlin(2026, 3, 3, 4, 0)


@pytest.mark.parametrize(
    ("steps", "delay"),
    [
        pytest.param((10,), 15, id="one step: half as long again"),
        pytest.param((3 * 1440,), 4 * 1440, id="one long step: at most a day more"),
        pytest.param((1, 2), 1.5, id="two steps: between them"),
        pytest.param((1440, 4 * 1440), 3 * 1440, id="days are whole"),
    ],
)
def test_hard_on_the_first_step(steps: tuple[int, ...], delay: float):
    preset = Preset(learning_steps=tuple(step * MINUTE for step in steps))

    assert answered(None, HARD, preset=preset).interval == delay * MINUTE


def test_without_steps_an_interval_under_half_a_day_is_waited_out_in_learning():
    preset = Preset(learning_steps=(), relearning_steps=())

    assert answered(None, AGAIN, preset=preset).interval == timedelta(seconds=int(0.212 * 86_400))
    assert answered(None, HARD, preset=preset).interval == timedelta(days=1)
    assert answered(in_review(), AGAIN, preset=preset).phase is Phase.REVIEW


def test_a_card_beyond_the_steps_of_a_shortened_preset_goes_on_from_the_last():
    learning = replace(answered(None, GOOD), step=5)

    assert answered(learning, HARD).interval == 10 * MINUTE
    assert answered(learning, GOOD).phase is Phase.REVIEW


# Intervals


def test_the_buttons_of_a_review_are_a_day_apart_at_least():
    result = outcomes(in_review(days=0, stability=0.5), NOW, DAYS, PRESET)

    assert [result[grade].interval.days for grade in (HARD, GOOD, EASY)] == [1, 2, 3]


def test_a_higher_retention_makes_shorter_intervals():
    memory = in_review()

    strict, default, lax = (answered(memory, GOOD, preset=Preset(retention=r)) for r in (0.95, 0.9, 0.8))

    assert strict.interval < default.interval < lax.interval
    assert default.interval == timedelta(days=round(default.stability))
    assert strict.stability == default.stability == lax.stability


def test_no_interval_is_longer_than_the_longest():
    result = outcomes(in_review(days=300, stability=300.0), NOW, DAYS, Preset(maximum_interval=timedelta(days=30)))

    assert [result[grade].interval.days for grade in (HARD, GOOD, EASY)] == [30, 30, 30]


@pytest.mark.parametrize(
    ("last", "hard"),
    [
        pytest.param(10, 10, id="as long"),
        pytest.param(12, 12, id="a little shorter: kept"),
        pytest.param(13, 10, id="much shorter: the retention was changed"),
    ],
)
def test_a_pass_does_not_shorten_an_interval_by_a_little(last: int, hard: int):
    memory = replace(in_review(days=0, stability=10.0), interval=timedelta(days=last))

    assert answered(memory, HARD).interval.days == hard


def test_forgetting_counts_a_lapse_and_lowers_stability():
    memory = in_review()

    forgotten = answered(memory, AGAIN)

    assert (forgotten.lapses, forgotten.reviews) == (1, 4)
    assert forgotten.stability < memory.stability
    assert forgotten.difficulty > memory.difficulty


# Presets


@pytest.mark.parametrize(
    "values",
    [
        pytest.param({"weights": DEFAULT_WEIGHTS[:19]}, id="parameters of FSRS-5"),
        pytest.param({"weights": (*DEFAULT_WEIGHTS[:20], 0.0)}, id="no forgetting"),
        pytest.param({"weights": (float("nan"), *DEFAULT_WEIGHTS[1:])}, id="not a number"),
        pytest.param({"retention": 1.0}, id="never forget"),
        pytest.param({"retention": 0.1}, id="forget nearly all"),
        pytest.param({"learning_steps": (timedelta(0),)}, id="empty step"),
        pytest.param({"relearning_steps": (-MINUTE,)}, id="negative step"),
        pytest.param({"relearning_steps": (MINUTE / 7,)}, id="step of a fraction"),
        pytest.param({"maximum_interval": timedelta(0)}, id="no interval"),
        pytest.param({"maximum_interval": timedelta(hours=36)}, id="half a day"),
    ],
)
def test_a_preset_without_meaning_is_refused(values: dict[str, object]):
    with pytest.raises(InvalidInput):
        Preset(**values)  # type: ignore[arg-type]


# Laws

grades = st.sampled_from(Grade)
weights = st.tuples(*(st.floats(low, high) for low, high in zip(LOWEST_WEIGHTS, HIGHEST_WEIGHTS, strict=True)))
firsts_in_order = weights.map(lambda w: (*sorted(w[:4]), *w[4:]))  # the better the first grade, the more stable
steps = st.lists(st.integers(1, 480).map(lambda n: n * MINUTE), max_size=4).map(sorted).map(tuple)
presets = st.builds(
    Preset,
    weights=st.just(DEFAULT_WEIGHTS) | firsts_in_order,
    retention=st.floats(0.7, 0.99),
    learning_steps=steps,
    relearning_steps=steps,
    maximum_interval=st.integers(1, 36_500).map(timedelta),
)
calendars = st.builds(
    Days,
    st.sampled_from(["UTC", "Europe/Berlin", "Pacific/Apia", "America/St_Johns"]).map(ZoneInfo),
    st.integers(0, 23),
)
moments = st.datetimes(datetime(2000, 1, 1), datetime(2090, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - hypothesis adds the zone
memories = st.none() | st.builds(
    Memory,
    phase=st.sampled_from(Phase),
    step=st.integers(0, 5),
    stability=st.floats(STABILITY_MIN, STABILITY_MAX),
    difficulty=st.floats(1, 10),
    due=moments,
    last_review=moments,
    interval=st.integers(0, 36_500).map(timedelta),
    reviews=st.integers(1, 1_000),
    lapses=st.integers(0, 100),
)


@given(memories, moments, calendars, presets)
def test_a_better_grade_is_never_due_sooner(memory: Memory | None, now: datetime, days: Days, preset: Preset):
    dues = [memory.due for memory in outcomes(memory, now, days, preset).values()]

    assert dues == sorted(dues)
    assert dues[0] > now


@given(memories, moments, calendars, presets)
def test_a_better_grade_never_leaves_less_stability_or_more_difficulty(
    memory: Memory | None, now: datetime, days: Days, preset: Preset
):
    result = list(outcomes(memory, now, days, preset).values())

    assert [m.stability for m in result] == sorted(m.stability for m in result)
    assert [m.difficulty for m in result] == sorted((m.difficulty for m in result), reverse=True)


@given(memories, moments, calendars, presets)
def test_outcomes_are_the_four_reviews(memory: Memory | None, now: datetime, days: Days, preset: Preset):
    assert outcomes(memory, now, days, preset) == {grade: review(memory, grade, now, days, preset) for grade in Grade}


@given(memories.filter(bool), moments, calendars, presets)
def test_recall_is_above_nothing_and_at_most_certain(memory: Memory, now: datetime, days: Days, preset: Preset):
    assert 0 < retrievability(memory, now, days, preset) <= 1


@settings(max_examples=15)
@given(st.integers(0, 2**32), calendars, presets)
def test_a_thousand_reviews_end_in_a_memory_that_makes_sense(seed: int, days: Days, preset: Preset):
    rng, memory, now = Random(seed), None, NOW
    for _ in range(1_000):
        memory = review(memory, rng.choice(list(Grade)), now, days, preset)
        now += rng.choice([timedelta(minutes=-90), MINUTE, timedelta(hours=20), timedelta(days=rng.randrange(60))])

        assert STABILITY_MIN <= memory.stability <= STABILITY_MAX
        assert 1 <= memory.difficulty <= 10
        assert 0 < retrievability(memory, now, days, preset) <= 1

    assert memory is not None
    assert memory.reviews == 1_000


# Replay


def event(number: int, minutes: int, grade: Grade | None = GOOD, undoes: int | None = None) -> ReviewEvent:
    return ReviewEvent(UUID(int=number), NOW + minutes * MINUTE, grade, UUID(int=undoes) if undoes else None)


def folded(*reviews: tuple[int, Grade]) -> Memory | None:
    memory = None
    for minutes, grade in reviews:
        memory = answered(memory, grade, NOW + minutes * MINUTE)
    return memory


def test_replaying_is_reviewing_in_order_of_time():
    events = [event(1, 0, GOOD), event(3, 3_000, HARD), event(2, 10, AGAIN)]

    assert replay(events, DAYS, PRESET) == folded((0, GOOD), (10, AGAIN), (3_000, HARD))


def test_a_review_sent_twice_counts_once():
    once, twice = event(1, 0), event(1, 0)

    assert replay([once, event(2, 10), twice], DAYS, PRESET) == folded((0, GOOD), (10, GOOD))


def test_an_undone_review_never_happened_even_if_the_undo_arrives_first():
    undo = event(9, 30, None, undoes=2)

    assert replay([undo, event(2, 20, AGAIN), event(1, 0)], DAYS, PRESET) == folded((0, GOOD))


def test_undoing_the_only_review_leaves_a_card_never_seen():
    assert replay([event(1, 0), event(2, 1, None, undoes=1)], DAYS, PRESET) is None


def test_undoing_twice_or_what_is_not_there_changes_nothing():
    events = [event(1, 0), event(2, 5, AGAIN)]
    undos = [event(3, 6, None, undoes=2), event(4, 7, None, undoes=2), event(5, 8, None, undoes=77)]

    assert replay(events + undos, DAYS, PRESET) == folded((0, GOOD))


def test_an_undo_cannot_be_undone():
    undos = [event(3, 6, None, undoes=2), event(4, 7, None, undoes=3)]

    assert replay([event(1, 0), event(2, 5, AGAIN), *undos], DAYS, PRESET) == folded((0, GOOD))


def test_reviews_of_one_moment_are_ordered_by_id():
    first, second = event(1, 0, AGAIN), event(2, 0, EASY)

    assert replay([second, first], DAYS, PRESET) == folded((0, AGAIN), (0, EASY))


def test_an_event_is_a_review_or_an_undo():
    for grade, undoes in ((None, None), (GOOD, 1)):
        with pytest.raises(ValueError, match="has a grade"):
            event(2, 0, grade, undoes)


ids = st.integers(1, 12).map(lambda number: UUID(int=number))
times = st.integers(0, 60).map(lambda quarters: NOW + quarters * timedelta(hours=7))
graded = st.builds(ReviewEvent, ids, times, grades)
undos = st.builds(ReviewEvent, ids, times, st.none(), ids)
overrides = st.builds(ReviewEvent, ids, times, st.none(), st.none(), st.sampled_from(Override))


@given(st.lists(graded | undos | overrides, max_size=20), st.data())
def test_any_order_of_arrival_leads_to_the_same_memory(events: list[ReviewEvent], data: st.DataObject):
    arrived = data.draw(
        st.permutations(events + data.draw(st.lists(st.sampled_from(events)) if events else st.just([])))
    )

    assert replay(arrived, DAYS, PRESET) == replay(events, DAYS, PRESET)


@given(st.lists(graded, max_size=12, unique_by=lambda e: e.id), st.sets(ids))
def test_a_replay_is_the_fold_of_what_was_not_undone(reviews: list[ReviewEvent], undone: set[UUID]):
    undo_events = [ReviewEvent(UUID(int=100 + n), NOW, None, review_id) for n, review_id in enumerate(undone)]

    memory = None
    for kept in sorted((e for e in reviews if e.id not in undone), key=lambda e: (e.at, e.id)):
        memory = review(memory, Grade(kept.grade or 0), kept.at, DAYS, PRESET)

    assert replay([*undo_events, *reviews], DAYS, PRESET) == memory
