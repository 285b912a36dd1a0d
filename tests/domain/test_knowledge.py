from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.domain.calibration import Bin
from quizapp.domain.knowledge import OFFSETS, Held, by_person, curve, knowledge_map, may_tell, read_off, trusted
from quizapp.domain.queues import Days
from quizapp.domain.scheduling import Preset, mean_retrievability
from tests.make import NOW

DAYS, PRESET = Days(ZoneInfo("Europe/Berlin")), Preset()
NOBODY = frozenset()


def held(person, topic="Rollback", *, cards=10, answered=5, recall=0.8, later=0.6):
    return Held(person, topic, cards, answered, recall * answered, later * answered)


def test_a_topic_is_the_mean_over_its_people_whoever_studied_more():
    people = [held(1, answered=10, recall=1.0), *(held(person, answered=1, recall=0.5) for person in range(2, 6))]

    (topic,) = knowledge_map(people, shown=NOBODY)

    assert topic.people == 5
    assert topic.recall == pytest.approx((1 + 4 * 0.5) / 5)
    assert topic.coverage == pytest.approx((1 + 4 * 0.1) / 5)
    assert topic.later == pytest.approx(0.6)


def test_nothing_is_told_of_fewer_than_five_people():
    (topic,) = knowledge_map([held(person) for person in range(4)], shown=NOBODY)

    assert (topic.people, topic.recall, topic.later, topic.coverage) == (4, None, None, None)


def test_those_who_agree_are_told_however_few():
    (topic,) = knowledge_map([held(1), held(2)], shown=frozenset({1, 2}))

    assert topic.recall == pytest.approx(0.8)


def test_a_figure_from_which_a_few_others_could_be_worked_out_is_not_told():
    # Two agree and are seen by name: what is left of seven would be five, of six four.
    assert may_tell(range(7), shown=frozenset({0, 1}))
    assert not may_tell(range(6), shown=frozenset({0, 1}))


def test_who_did_not_answer_counts_for_coverage_alone():
    people = [*(held(person) for person in range(5)), *(held(person, answered=0) for person in range(5, 10))]

    (topic,) = knowledge_map(people, shown=NOBODY)

    assert topic.people == 5
    assert topic.recall == pytest.approx(0.8)
    assert topic.coverage == pytest.approx(0.25)


def test_topics_come_by_need_and_those_untold_last():
    people = [
        *(held(person, "Backups", recall=0.9) for person in range(5)),
        *(held(person, "Rollback", recall=0.4) for person in range(5)),
        held(1, "Severity", recall=0.1),
    ]

    assert [topic.name for topic in knowledge_map(people, shown=NOBODY)] == ["Rollback", "Backups", "Severity"]


def test_only_those_who_agree_are_listed_by_name_and_by_need():
    people = [held(1, recall=0.9), held(2, recall=0.3), held(2, "Backups", answered=0), held(3, recall=0.1)]

    found = by_person(people, shown=frozenset({1, 2}))

    assert [person.person_id for person in found] == [2, 1]
    assert found[0].recall == {"Rollback": pytest.approx(0.3), "Backups": None}


@given(
    st.lists(st.tuples(st.integers(1, 9), st.sampled_from("AB"), st.integers(0, 5)), max_size=20),
    st.frozensets(st.integers(1, 9)),
)
def test_whoever_does_not_agree_changes_nothing_that_is_told_unless_among_five(rows, shown):
    people = [held(person, topic, answered=answered) for person, topic, answered in dict.fromkeys(rows)]
    hidden = {one.person_id for one in people if one.answered} - shown

    for topic in knowledge_map(people, shown=shown):
        there = {one.person_id for one in people if one.topic == topic.name and one.answered} & hidden
        assert topic.recall is None or not there or len(there) >= 5


@given(
    st.lists(st.tuples(st.integers(0, 400), st.floats(0.1, 2000)), min_size=1, max_size=8),
    st.integers(0, 365),
)
def test_a_curve_says_of_every_day_what_the_cards_themselves_say(cards, later):
    traces = [(NOW - timedelta(days=back), stability) for back, stability in cards]

    told = read_off(curve(traces, NOW, DAYS, PRESET), later)

    true = len(traces) * mean_retrievability(traces, NOW + timedelta(days=later), DAYS, PRESET)
    assert told == pytest.approx(true, abs=0.02 * len(traces))


def test_a_curve_is_read_where_it_has_no_end():
    drawn = curve([(NOW, 10.0)], NOW, DAYS, PRESET)

    assert read_off(drawn, -3) == drawn[0]
    assert read_off(drawn, 4_000) == drawn[-1]
    assert read_off(drawn, OFFSETS[5]) == drawn[5]


def test_how_far_foretold_recall_is_from_first_tries_counts_bins_with_enough_answers_alone():
    bins = [Bin(0.5, 0.8, 40, 20, 28.0), Bin(0.8, 1.0, 60, 54, 54.0), Bin(0.0, 0.5, 3, 3, 0.3)]

    assert trusted(bins) == pytest.approx(8 / 100)
    assert trusted([]) is None
