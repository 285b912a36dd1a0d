from datetime import UTC, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from quizapp.domain.queues import Days
from quizapp.domain.review_logs import Log, answered
from quizapp.domain.scheduling import Grade, Override, ReviewEvent

NOW = datetime(2026, 3, 2, 20, 0, tzinfo=UTC)
DAYS = Days(ZoneInfo("Europe/Berlin"))
DAY = timedelta(days=1)


def graded(number, *, after, grade=Grade.GOOD):
    return ReviewEvent(UUID(int=number), NOW + after, grade)


def said(number, override, *, after):
    return ReviewEvent(UUID(int=number), NOW + after, None, override=override)


def test_answers_that_were_undone_are_no_evidence():
    events = [graded(1, after=DAY), graded(2, after=0 * DAY), ReviewEvent(UUID(int=3), NOW, None, undoes=UUID(int=1))]

    assert answered(events, DAYS) == [[(NOW, 3)]]


def test_after_a_reset_a_card_is_another_card():
    events = [graded(1, after=0 * DAY), said(2, Override.RESET, after=DAY), graded(3, after=2 * DAY)]

    assert answered(events, DAYS) == [[(NOW, 3)], [(NOW + 2 * DAY, 3)]]


def test_what_follows_a_card_said_to_be_known_is_no_evidence_until_a_reset():
    events = [
        graded(1, after=0 * DAY),
        said(2, Override.KNOWN, after=DAY),
        graded(3, after=2 * DAY),
        said(4, Override.RESET, after=3 * DAY),
        graded(5, after=4 * DAY, grade=Grade.AGAIN),
    ]

    assert answered(events, DAYS) == [[(NOW, 3)], [(NOW + 4 * DAY, 1)]]


def test_days_are_counted_as_the_learner_counts_them():
    turn = datetime(2026, 3, 3, 3, 0, tzinfo=UTC)  # 04:00 in Berlin

    log = Log.of([[(turn - timedelta(minutes=1), 3), (turn, 3)]], DAYS)

    assert log.histories.elapsed.T.tolist() == [[0, 1]]


def test_four_fifths_of_the_tests_come_first():
    log = Log.of([[(NOW, 3), (NOW + number * DAY, 3)] for number in range(1, 101)], DAYS)

    assert int((log.histories.tests & log.earlier()).sum()) == 80


def test_without_a_review_there_is_nothing_to_fit_to():
    log = Log.of([], DAYS)

    assert not log.histories.tests.any()
    assert log.earlier().shape == log.histories.grades.shape
