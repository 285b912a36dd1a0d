from datetime import date

import pytest

from quizapp.domain.leaderboards import BEGINNING, NAMED, Place, Span, board, lasted, since
from quizapp.domain.queues import Kind
from quizapp.domain.scheduling import Grade

DAY = date(2026, 11, 26)  # a Thursday
LONG_AGO, LATELY = date(2026, 11, 5), date(2026, 11, 6)


def people(*scores):
    return sorted(enumerate(scores, 1), key=lambda one: -one[1])


def ids(places):
    return [one.person_id for one in places]


@pytest.mark.parametrize(
    ("span", "first"),
    [(Span.WEEK, date(2026, 11, 23)), (Span.MONTH, date(2026, 11, 1)), (Span.ALL, BEGINNING)],
    ids=["week", "month", "all time"],
)
def test_a_week_begins_on_monday_and_a_month_on_its_first(span, first):
    assert since(span, DAY) == first


@pytest.mark.parametrize(
    ("before", "was", "grade", "counts"),
    [
        (LONG_AGO, Kind.REVIEW, Grade.HARD, True),
        (LONG_AGO, Kind.REVIEW, Grade.EASY, True),
        (LONG_AGO, Kind.REVIEW, Grade.AGAIN, False),
        (LATELY, Kind.REVIEW, Grade.GOOD, False),
        (LONG_AGO, Kind.LEARNING, Grade.GOOD, False),
        (None, Kind.NEW, Grade.EASY, False),
    ],
    ids=["hard after three weeks", "easy after three weeks", "missed", "too soon", "still in steps", "new"],
)
def test_a_card_was_remembered_for_long_when_it_is_recalled_after_three_weeks(before, was, grade, counts):
    assert lasted(before, DAY, was, grade) is counts


def test_equal_scores_share_a_place_and_the_next_one_is_counted_on():
    top = board(people(5, 7, 5, 2, 1, 1), me=99).top

    assert [(one.rank, one.person_id) for one in top] == [(1, 2), (2, 1), (2, 3)]


def test_only_the_upper_half_is_named_and_ten_at_most():
    assert ids(board(people(4, 3, 2, 1), me=99).top) == [1, 2]
    assert len(board(people(*range(1, 100)), me=0).top) == NAMED


def test_who_stands_further_down_sees_those_just_before_and_nobody_after():
    found = board(people(*range(40, 0, -1)), me=30)

    assert found.near == [
        Place(28, 28, 13),
        Place(29, 29, 12),
        Place(30, 30, 11),
    ]


def test_the_last_one_is_named_to_themselves_alone():
    everybody = people(4, 3, 2, 1)

    seen = {one: board(everybody, me=one) for one, _ in everybody}
    assert [me for me, found in seen.items() if 4 in ids([*found.top, *found.near])] == [4]


def test_nobody_stands_twice_where_the_top_ends_just_before_oneself():
    found = board(people(6, 5, 4, 3, 2, 1), me=4)

    assert (ids(found.top), ids(found.near)) == ([1, 2, 3], [4])


def test_who_shares_the_last_place_that_is_named_stands_there_for_themselves():
    found = board(people(9, 3, 3, 3, 3), me=5)

    assert (ids(found.top), found.unnamed, found.near) == ([1, 2, 5], 2, [])
