from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from quizapp.domain.packs import allot, foresee
from quizapp.domain.queues import Counts, Days, DoneToday, Limits, NewPlace
from quizapp.domain.scheduling import Grade, Phase, Preset, review
from quizapp.domain.spreading import Day

NOW = datetime(2026, 3, 2, 20, 0, tzinfo=UTC)
DAYS, PRESET = Days(ZoneInfo("Europe/Berlin")), Preset()
ENDS = [NOW + timedelta(hours=7 + 24 * number) for number in range(3)]
ALWAYS = NOW - timedelta(days=1)
grades = st.sampled_from(Grade)


USUAL = Limits()
PLENTY = Counts(200, 0, 20)


def by_day(reviews, new, *, left=PLENTY, limits=USUAL, new_place=NewPlace.MIXED):
    return allot(reviews, new, ENDS, today=left, done=DoneToday(), limits=limits, new_place=new_place)


def test_a_card_is_asked_on_the_day_on_which_it_is_due():
    reviews = [(1, ALWAYS), (2, ENDS[0]), (3, ENDS[1])]

    assert by_day(reviews, []) == [[1], [2], [3]]


def test_what_a_day_has_no_room_for_comes_on_the_next():
    reviews = [(number, ALWAYS) for number in range(5)]

    assert by_day(reviews, [], left=Counts(2, 0, 0), limits=Limits(reviews=2)) == [[0, 1], [2, 3], [4]]


def test_new_cards_come_where_they_are_wanted():
    reviews = [(1, ALWAYS), (2, ALWAYS)]

    assert by_day(reviews, [8, 9], new_place=NewPlace.BEFORE)[0] == [8, 9, 1, 2]
    assert by_day(reviews, [8, 9], new_place=NewPlace.AFTER)[0] == [1, 2, 8, 9]


@given(st.integers(0, 30), st.integers(0, 30), st.builds(Limits, st.integers(0, 9), st.integers(0, 9)))
def test_no_day_has_more_than_its_limits_and_no_card_comes_twice(reviews, new, limits):
    due = [(number, ALWAYS + timedelta(hours=6 * number)) for number in range(reviews)]
    left = Counts(limits.reviews, 0, min(limits.new, limits.reviews))

    found = by_day(due, range(100, 100 + new), left=left, limits=limits)

    cards = [card for day in found for card in day]
    assert len(cards) == len(set(cards))
    for day in found[1:]:
        assert len(day) <= limits.reviews
        assert sum(card >= 100 for card in day) <= limits.new


@given(st.lists(grades, max_size=3), st.lists(grades, min_size=1, max_size=3))
def test_what_is_foreseen_is_what_the_grades_then_give(before, pressed):
    memory = None
    for number, grade in enumerate(before):
        memory = review(memory, grade, NOW - timedelta(days=30 - 9 * number), DAYS, PRESET)

    buttons = foresee(memory, NOW, DAYS, PRESET, lambda _: Day(), card_id=7, steps_ahead=2)

    at = NOW
    for grade in pressed:
        memory = review(memory, grade, at, DAYS, PRESET)
        button = next(one for one in buttons if one.grade is grade)
        assert button.interval == memory.interval
        assert button.in_steps == (memory.phase is not Phase.REVIEW)
        if not button.in_steps:
            assert button.then == ()
            break
        buttons, at = button.then, memory.due
