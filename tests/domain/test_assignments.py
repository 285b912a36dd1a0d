from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.domain import assignments
from quizapp.domain.assignments import (
    Allowance,
    Attempt,
    Gate,
    Goal,
    Grading,
    Late,
    Rules,
    Status,
    Told,
    allowed,
    deadline,
    graded,
    is_told,
    standing,
    told_apart,
    unfair,
)
from quizapp.domain.recurrence import Window
from quizapp.domain.sampling import Quota
from quizapp.errors import InvalidInput
from tests.make import NOW

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
WINDOW = Window(NOW, NOW + 4 * DAY, NOW + 6 * DAY)
RULES = Rules(Goal.QUIZ, WINDOW, attempts=2, delay=HOUR, pass_share=0.8)
NOTHING = Allowance()
SHARES = st.lists(st.floats(0, 1), min_size=1, max_size=8)
TIMES = st.integers(-300, 300).map(lambda hours: NOW + hours * HOUR)
ALLOWANCES = st.builds(
    Allowance,
    st.none() | TIMES,
    st.none() | TIMES,
    st.none() | TIMES,
    st.timedeltas(0 * HOUR, 5 * HOUR),
    st.integers(0, 5),
)
WINDOWS = st.tuples(TIMES, st.integers(1, 100), st.none() | st.integers(0, 50)).map(
    lambda parts: Window(
        parts[0],
        parts[0] + parts[1] * HOUR,
        None if parts[2] is None else parts[0] + (parts[1] + parts[2]) * HOUR,
    )
)
ALL_RULES = st.builds(
    Rules,
    st.just(Goal.QUIZ),
    WINDOWS,
    time_limit=st.none() | st.timedeltas(MINUTE, DAY),
    attempts=st.none() | st.integers(1, 5),
    delay=st.timedeltas(0 * HOUR, DAY),
    grading=st.sampled_from(Grading),
    pass_share=st.none() | st.floats(0.1, 1),
    late=st.sampled_from(Late),
    told=st.sampled_from(Told),
)


def tried(*shares, start=NOW, each=DAY):
    return [Attempt(start + n * each, start + n * each + MINUTE, share) for n, share in enumerate(shares)]


def stands(*attempts, at=NOW, rules=RULES, allowance=NOTHING):
    return standing(rules, allowed(rules.window, allowance), allowance, attempts, at)


@given(SHARES)
def test_best_is_no_less_than_average_and_that_is_within_what_was_earned(shares):
    best, average = graded(shares, Grading.BEST), graded(shares, Grading.AVERAGE)

    assert best >= average >= min(shares)
    assert best >= graded(shares, Grading.LAST)
    assert best >= graded(shares, Grading.FIRST)


@given(SHARES, st.floats(0, 1))
def test_another_attempt_never_lowers_the_best_nor_changes_the_first(shares, more):
    assert graded([*shares, more], Grading.BEST) >= graded(shares, Grading.BEST)
    assert graded([*shares, more], Grading.FIRST) == graded(shares, Grading.FIRST)


@given(WINDOWS, ALLOWANCES)
def test_an_allowance_never_takes_time_away_unless_it_is_strict(window, allowance):
    found = allowed(window, allowance)

    assert found.opens <= window.opens
    assert found.due >= window.due
    assert window.cutoff is not None or found.cutoff is None
    assert found.cutoff is None or found.cutoff >= max(window.cutoff, found.due)


def test_a_strict_allowance_may_take_time_away():
    earlier = Allowance(due=NOW + DAY, cutoff=NOW + DAY, is_strict=True)

    assert allowed(WINDOW, earlier) == Window(NOW, NOW + DAY, NOW + DAY)
    assert allowed(WINDOW, replace(earlier, is_strict=False)) == WINDOW


@given(ALL_RULES, ALLOWANCES, st.integers(0, 99))
def test_an_allowance_never_ends_an_attempt_earlier(rules, allowance, hours):
    started = rules.window.opens + hours * HOUR
    plain = deadline(started, rules, rules.window, NOTHING)
    with_more = deadline(started, rules, allowed(rules.window, allowance), allowance)

    assert plain is not None or with_more is None
    assert plain is None or with_more is None or with_more >= plain


@given(ALL_RULES, ALLOWANCES, SHARES, TIMES)
def test_whoever_may_begin_may_begin_with_an_allowance_too(rules, allowance, shares, now):
    attempts = tried(*shares, start=rules.window.opens, each=HOUR)
    if stands(*attempts, at=now, rules=rules).gate is Gate.OPEN:
        assert stands(*attempts, at=now, rules=rules, allowance=allowance).gate is Gate.OPEN


@pytest.mark.parametrize(
    ("at", "attempts", "status", "gate"),
    [
        (NOW - DAY, (), Status.NOT_OPEN, Gate.NOT_YET),
        (NOW, (), Status.OPEN, Gate.OPEN),
        (NOW + HOUR, [Attempt(NOW, None, 0.1)], Status.IN_PROGRESS, Gate.GO_ON),
        (NOW + 5 * DAY, (), Status.LATE, Gate.OPEN),
        (NOW + 6 * DAY, (), Status.MISSED, Gate.OVER),
        (NOW + DAY, tried(0.8), Status.PASSED, Gate.OPEN),
        (NOW + 30 * MINUTE, tried(0.5), Status.FAILED, Gate.WAIT),
        (NOW + DAY, tried(0.5), Status.FAILED, Gate.OPEN),
        (NOW + DAY, [*tried(0.5), Attempt(NOW + HOUR, None, 0.1)], Status.IN_PROGRESS, Gate.GO_ON),
        (NOW + 3 * DAY, tried(0.5, 0.6), Status.FAILED, Gate.NONE_LEFT),
        (NOW + 9 * DAY, tried(0.5, 0.9), Status.PASSED, Gate.OVER),
    ],
)
def test_where_a_person_stands(at, attempts, status, gate):
    found = stands(*attempts, at=at)

    assert (found.status, found.gate) == (status, gate)


def test_without_a_pass_mark_what_is_handed_in_is_done():
    assert stands(*tried(0.1), rules=replace(RULES, pass_share=None)).status is Status.DONE


def test_the_delay_says_when_the_next_attempt_opens():
    found = stands(*tried(0.5), at=NOW + 2 * MINUTE)

    assert found.gate_at == NOW + MINUTE + HOUR


def test_what_counts_is_late_when_it_was_handed_in_after_the_due_time():
    late = tried(0.9, start=NOW + 5 * DAY)

    assert stands(*late, at=NOW + 6 * DAY).is_late
    assert not stands(*tried(0.9), *tried(0.5, start=NOW + 5 * DAY), at=NOW + 6 * DAY).is_late


def test_more_attempts_open_the_gate_again():
    used = tried(0.1, 0.2)

    assert stands(*used, at=NOW + 3 * DAY).gate is Gate.NONE_LEFT
    assert stands(*used, at=NOW + 3 * DAY, allowance=Allowance(more_attempts=1)).gate is Gate.OPEN


def test_who_is_excused_owes_nothing():
    found = stands(at=NOW + 9 * DAY, allowance=Allowance(is_excused=True))

    assert (found.status, found.gate) == (Status.EXCUSED, Gate.EXCUSED)


def test_an_attempt_ends_at_its_limit_or_at_the_cut_off():
    rules = replace(RULES, time_limit=30 * MINUTE)

    assert deadline(NOW, rules, WINDOW, NOTHING) == NOW + 30 * MINUTE
    assert deadline(NOW, rules, WINDOW, Allowance(more_time=10 * MINUTE)) == NOW + 40 * MINUTE
    assert deadline(WINDOW.cutoff - MINUTE, rules, WINDOW, NOTHING) == WINDOW.cutoff


@pytest.mark.parametrize(
    ("told", "finished", "at", "shown"),
    [
        (Told.AFTER_ATTEMPT, False, NOW, False),
        (Told.AFTER_ATTEMPT, True, NOW, True),
        (Told.AFTER_DUE, True, NOW + 5 * DAY, False),
        (Told.AFTER_DUE, True, NOW + 6 * DAY, True),
        (Told.NEVER, True, NOW + 99 * DAY, False),
    ],
)
def test_when_a_person_is_told_what_is_right(told, finished, at, shown):
    assert is_told(told, WINDOW, is_finished=finished, now=at) is shown


@given(ALL_RULES)
def test_what_stays_as_it_is_is_fair(rules):
    assert unfair(rules, rules) == ()


@given(ALL_RULES, ALL_RULES)
def test_whatever_is_fair_takes_no_time_and_no_attempt_away(before, after):
    if unfair(before, after):
        return

    assert after.window.opens <= before.window.opens
    assert after.window.due >= before.window.due
    assert (after.attempts or 99) >= (before.attempts or 99)
    assert (after.pass_share or 0) <= (before.pass_share or 0)


@pytest.mark.parametrize(
    ("changes", "names"),
    [
        ({"pass_share": 0.9}, ("pass_share",)),
        ({"pass_share": 0.5, "attempts": None}, ()),
        ({"quota": Quota(3)}, ("quota",)),
        ({"grading": Grading.LAST, "attempts": 1}, ("grading", "attempts")),
        ({"window": replace(WINDOW, due=NOW + 5 * DAY)}, ()),
        ({"window": replace(WINDOW, cutoff=NOW + 5 * DAY)}, ("window",)),
        ({"time_limit": HOUR}, ("time_limit",)),
    ],
)
def test_what_may_change_once_somebody_has_begun(changes, names):
    assert unfair(RULES, replace(RULES, **changes)) == names


@pytest.mark.parametrize(
    "wrong",
    [
        {"time_limit": 0 * HOUR},
        {"attempts": 0},
        {"pass_share": 1.2},
        {"delay": 99 * DAY},
        {"recalls": 9},
        {"recall": 0.2},
    ],
)
def test_rules_that_nobody_could_keep_are_refused(wrong):
    with pytest.raises(InvalidInput):
        assignments.check(replace(RULES, **wrong))


def test_a_title_that_is_taken_gets_the_first_number_that_is_not():
    assert told_apart("Harbour", set()) == "Harbour"
    assert told_apart("Harbour", {"Harbour"}) == "Harbour (2)"
    assert told_apart("Harbour", {"Harbour", "Harbour (2)", "Quay"}) == "Harbour (3)"
