from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from quizapp.domain.mastery import Recall, mastered
from tests.make import NOW

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
HISTORIES = st.lists(st.tuples(st.integers(0, 300), st.booleans())).map(
    lambda found: [Recall(NOW + hours * HOUR, is_right) for hours, is_right in sorted(found)]
)
WANTED = {"times": 2, "spacing": 16 * HOUR}


def test_right_on_two_days_is_mastered_and_right_twice_on_one_is_not():
    first, soon, next_day = (Recall(NOW + wait, is_right=True) for wait in (0 * HOUR, HOUR, DAY))

    assert not mastered([first, soon], **WANTED).is_mastered
    assert mastered([first, soon, next_day], **WANTED).is_mastered
    assert mastered([first, soon], **WANTED).ready_at(WANTED["spacing"]) == NOW + 16 * HOUR


def test_a_miss_begins_anew():
    recalls = [Recall(NOW + days * DAY, is_right=days != 1) for days in range(3)]

    assert mastered(recalls, **WANTED).times == 1


@given(HISTORIES, st.integers(1, 4), st.timedeltas(0 * HOUR, 3 * DAY))
def test_mastery_takes_as_many_spaced_right_answers_as_are_wanted_and_stays(recalls, times, spacing):
    reached = next(
        (n for n in range(len(recalls) + 1) if mastered(recalls[:n], times=times, spacing=spacing).is_mastered), None
    )
    if reached is None:
        return

    right = [one for one in recalls[:reached] if one.is_right]
    assert len(right) >= times
    assert right[-1].at - right[0].at >= (times - 1) * spacing
    assert mastered(recalls, times=times, spacing=spacing).is_mastered


@given(HISTORIES)
def test_what_is_never_right_is_never_mastered(recalls):
    wrong = [Recall(one.at, is_right=False) for one in recalls]

    assert mastered(wrong, times=1, spacing=0 * HOUR).times == 0
