from datetime import timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from quizapp.domain.forgetting import curve, horizon
from quizapp.domain.queues import Days
from quizapp.domain.scheduling import Grade, Override, Preset, ReviewEvent, retrace
from tests.make import NOW

DAYS, PRESET, DAY = Days(ZoneInfo("UTC")), Preset(), timedelta(days=1)


def traced(*events):
    made = (
        ReviewEvent(UUID(int=number), NOW - ago * DAY, what if isinstance(what, Grade) else None, None, override)
        for number, (ago, what) in enumerate(events)
        for override in [what if isinstance(what, Override) else None]
    )
    return list(retrace(made, DAYS, PRESET))


def test_recall_falls_from_certain_after_each_review_and_goes_on_past_today():
    falls = curve(traced((30, Grade.EASY), (20, Grade.GOOD)), NOW, DAYS, PRESET)

    assert [fall.is_future for fall in falls] == [False, False, True]
    for fall in falls[:2]:
        chances = [chance for _, chance in fall.points]
        assert chances[0] == 1.0
        assert chances == sorted(chances, reverse=True)
    assert falls[0].points[-1][0] == NOW - 20 * DAY
    assert falls[1].points[-1] == falls[2].points[0]


def test_a_card_is_foretold_to_the_day_on_which_it_is_due_unless_that_is_far_ahead():
    soon, far = traced((1, Grade.EASY)), traced((1, Override.KNOWN))

    assert horizon(soon, NOW) == soon[-1][1].due
    assert horizon(far, NOW) == NOW + 30 * DAY


def test_after_a_reset_there_is_nothing_to_fall():
    falls = curve(traced((30, Grade.EASY), (20, Override.RESET)), NOW, DAYS, PRESET)

    assert [(fall.points[-1][0], fall.is_future) for fall in falls] == [(NOW - 20 * DAY, False)]


@pytest.mark.parametrize("events", [(), ((3, Override.RESET),)], ids=["never seen", "reset"])
def test_what_was_never_seen_has_no_curve(events):
    assert list(curve(traced(*events), NOW, DAYS, PRESET)) == []


def test_a_clock_that_was_set_back_draws_no_line_into_the_past():
    falls = curve(traced((-2, Grade.EASY)), NOW, DAYS, PRESET)

    assert all(
        first[0] <= second[0] for fall in falls for first, second in zip(fall.points, fall.points[1:], strict=False)
    )
