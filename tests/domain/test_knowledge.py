import itertools
from collections import defaultdict
from datetime import date, timedelta
from statistics import fmean
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.domain.calibration import EDGES, Bin
from quizapp.domain.knowledge import EVERYTHING, OFFSETS, Grasp, Sums, curve, grasped, may_tell, read_off, tell, trusted
from quizapp.domain.queues import Days
from quizapp.domain.scheduling import Preset, mean_retrievability
from tests.make import NOW

DAYS, PRESET = Days(ZoneInfo("Europe/Berlin")), Preset()
NOBODY = frozenset()
TODAY = date(2026, 11, 23)
NO_BINS = (0.0,) * (3 * len(EDGES) - 3)


def grasp(recall=0.8, *, cards=10, answered=5, later=0.6):
    """What somebody knows of a topic today, and on every day from tomorrow on."""
    return Grasp(cards, answered, (recall * answered, *[later * answered] * (len(OFFSETS) - 1)))


def told(*people, shown=NOBODY, on=TODAY + timedelta(days=1)):
    """What is told of people whose curves begin today, each given by what they know of topics."""
    sums = Sums()
    for person, topics in people:
        sums.add(person, grasped(topics.items()), NO_BINS)
    return tell({TODAY: sums}, TODAY, on, shown=shown)


def test_a_topic_is_the_mean_over_its_people_whoever_studied_more():
    few = [(person, {"Rollback": grasp(0.5, answered=1)}) for person in range(2, 6)]

    (topic,) = told((1, {"Rollback": grasp(1.0, answered=10)}), *few).topics

    assert topic.people == 5
    assert topic.recall == pytest.approx((1 + 4 * 0.5) / 5)
    assert topic.coverage == pytest.approx((1 + 4 * 0.1) / 5)
    assert topic.later == pytest.approx(0.6)


def test_nothing_is_told_of_fewer_than_five_people():
    (topic,) = told(*((person, {"Rollback": grasp()}) for person in range(4))).topics

    assert (topic.people, topic.recall, topic.later, topic.coverage) == (4, None, None, None)


def test_those_who_agree_are_told_however_few():
    (topic,) = told((1, {"Rollback": grasp()}), (2, {"Rollback": grasp()}), shown=frozenset({1, 2})).topics

    assert topic.recall == pytest.approx(0.8)


def test_a_figure_from_which_a_few_others_could_be_worked_out_is_not_told():
    # Two agree and are seen by name: what is left of seven would be five, of six four.
    assert may_tell(7, hidden=5)
    assert not may_tell(6, hidden=4)
    assert not may_tell(0, hidden=0)


def test_who_did_not_answer_counts_for_coverage_alone():
    idle = [(person, {"Rollback": grasp(answered=0)}) for person in range(5, 10)]

    (topic,) = told(*((person, {"Rollback": grasp()}) for person in range(5)), *idle).topics

    assert topic.people == 5
    assert topic.recall == pytest.approx(0.8)
    assert topic.coverage == pytest.approx(0.25)


def test_topics_come_by_need_and_those_untold_last():
    people = [(person, {"Backups": grasp(0.9), "Rollback": grasp(0.4)}) for person in range(2, 6)]
    first = {"Backups": grasp(0.9), "Rollback": grasp(0.4), "Severity": grasp(0.1)}

    found = told((1, first), *people)

    assert [topic.name for topic in found.topics] == ["Rollback", "Backups", "Severity"]


def test_only_those_who_agree_are_listed_by_name_and_by_need():
    people = [
        (1, {"Rollback": grasp(0.9)}),
        (2, {"Rollback": grasp(0.3), "Backups": grasp(answered=0)}),
        (3, {"Rollback": grasp(0.1)}),
    ]

    assert told(*people, shown=frozenset({1, 2})).by_need == [2, 1]


def test_all_topics_together_count_every_card_alike():
    people = [(person, {"Backups": grasp(0.9, answered=9), "Rollback": grasp(0.4, answered=1)}) for person in range(5)]

    whole = told(*people).whole

    assert (whole.people, whole.recall) == (5, pytest.approx((9 * 0.9 + 0.4) / 10))


CURVES = st.lists(st.floats(0, 1), min_size=len(OFFSETS), max_size=len(OFFSETS)).map(lambda one: sorted(one)[::-1])
GRASPS = st.builds(
    lambda more, answered, drawn: Grasp(answered + more, answered, tuple(answered * one for one in drawn)),
    st.integers(1, 3),
    st.integers(0, 4),
    CURVES,
)
BINS = st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9), st.floats(0, 9)), min_size=7, max_size=7).map(
    lambda bins: [float(figure) for one in bins for figure in one]
)
PERSON = st.tuples(st.integers(0, 30), st.dictionaries(st.sampled_from("ABC"), GRASPS, max_size=3), BINS)
PEOPLE = st.dictionaries(st.integers(1, 40), PERSON, max_size=14)
SHOWN = st.frozensets(st.integers(1, 40))


def groups(people):
    """The sums of people, by the day on which their curves begin."""
    found = defaultdict(Sums)
    for person, (back, topics, bins) in people.items():
        found[TODAY - timedelta(days=back)].add(person, grasped(topics.items()), bins)
    return found


def plainly(people, days, shown):
    """What may be told of each topic so many days from today, worked out person by person."""
    by_topic = defaultdict(dict)
    for person, (back, topics, _) in people.items():
        for name, one in topics.items():
            by_topic[name][person] = one, one.recall(back + days)
    found = {}
    for name, each in by_topic.items():
        recalls = {person: recall for person, (_, recall) in each.items() if recall is not None}
        may, may_cover = (
            bool(who) and len(set(who) - shown) not in range(1, 5) for who in (recalls.keys(), each.keys())
        )
        coverage = fmean(one.coverage for one, _ in each.values()) if may_cover else None
        found[name] = len(recalls), fmean(recalls.values()) if may else None, coverage
    return found


@given(PEOPLE, SHOWN, st.integers(-3, 500))
def test_what_is_told_from_sums_is_what_each_person_gives(people, shown, ahead):
    found = tell(groups(people), TODAY, TODAY + timedelta(days=ahead), shown=shown)

    now, later = plainly(people, 0, shown), plainly(people, ahead, shown)
    assert {topic.name for topic in found.topics} == now.keys()
    for topic in found.topics:
        count, recall, coverage = now[topic.name]
        assert topic.people == count
        assert topic.recall == pytest.approx(recall, abs=1e-9)
        assert topic.later == pytest.approx(later[topic.name][1], abs=1e-9)
        assert topic.coverage == pytest.approx(coverage, abs=1e-9)
    tested = {person for person, (_, _, bins) in people.items() if any(bins)}
    assert bool(found.bins) == (bool(tested) and len(tested - shown) not in range(1, 5))
    for at, one in enumerate(found.bins):
        tests, passed, chances = (sum(bins[3 * at + n] for _, _, bins in people.values()) for n in range(3))
        assert (one.tests, one.passed, one.chances) == (tests, passed, pytest.approx(chances))


@given(PEOPLE, SHOWN)
def test_people_come_by_their_lowest_recall_whenever_their_curves_begin(people, shown):
    by_need = tell(groups(people), TODAY, TODAY, shown=shown).by_need

    def lowest(person):
        back, topics, _ = people[person]
        drawn = [
            min((one.curve[at] / one.answered for one in topics.values() if one.answered), default=1.0)
            for at in range(len(OFFSETS))
        ]
        return read_off(drawn, back)

    needs = [lowest(person) for person in by_need]
    assert set(by_need) == people.keys() & shown
    assert all(one <= after + 0.001 for one, after in itertools.pairwise(needs))


@given(PEOPLE, st.data())
def test_who_is_taken_out_of_sums_leaves_nothing_behind(people, data):
    gone = data.draw(st.sets(st.sampled_from(sorted(people)))) if people else set()
    found, without = groups(people), groups({one: what for one, what in people.items() if one not in gone})

    for person in gone:
        back, topics, bins = people[person]
        found[TODAY - timedelta(days=back)].take_out(person, grasped(topics.items()), bins)

    everybody = frozenset(people)
    assert tell(found, TODAY, TODAY, shown=everybody) == tell(without, TODAY, TODAY, shown=everybody)


@given(PEOPLE, SHOWN)
def test_whoever_does_not_agree_changes_nothing_that_is_told_unless_among_five(people, shown):
    found = tell(groups(people), TODAY, TODAY, shown=shown)

    for topic in found.topics:
        there = {one for one, (_, topics, _) in people.items() if topic.name in topics and topics[topic.name].answered}
        assert topic.recall is None or not there - shown or len(there - shown) >= 5


def test_parts_of_one_topic_are_added_and_count_in_everything():
    found = grasped([("Lights", grasp(1.0, answered=1)), ("Lights", grasp(0.5, answered=1)), ("Ropes", grasp())])

    assert (found["Lights"].answered, found["Lights"].recall(0)) == (2, pytest.approx(0.75))
    assert (found[EVERYTHING].answered, found[EVERYTHING].cards) == (7, 30)


@given(
    st.lists(st.tuples(st.integers(0, 400), st.floats(0.1, 2000)), min_size=1, max_size=8),
    st.integers(0, 365),
)
def test_a_curve_says_of_every_day_what_the_cards_themselves_say(cards, later):
    traces = [(NOW - timedelta(days=back), stability) for back, stability in cards]

    read = read_off(curve(traces, NOW, DAYS, PRESET), later)

    true = len(traces) * mean_retrievability(traces, NOW + timedelta(days=later), DAYS, PRESET)
    assert read == pytest.approx(true, abs=0.02 * len(traces))


def test_a_curve_is_read_where_it_has_no_end():
    drawn = curve([(NOW, 10.0)], NOW, DAYS, PRESET)

    assert read_off(drawn, -3) == drawn[0]
    assert read_off(drawn, 4_000) == drawn[-1]
    assert read_off(drawn, OFFSETS[5]) == drawn[5]


def test_how_far_foretold_recall_is_from_first_tries_counts_bins_with_enough_answers_alone():
    bins = [Bin(0.5, 0.8, 40, 20, 28.0), Bin(0.8, 1.0, 60, 54, 54.0), Bin(0.0, 0.5, 3, 3, 0.3)]

    assert trusted(bins) == pytest.approx(8 / 100)
    assert trusted([]) is None
