from datetime import UTC, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from quizapp.domain.cards import CardKind, Note, Source
from quizapp.domain.leeches import Finding, Trouble, is_leech, trouble
from quizapp.domain.queues import Days
from quizapp.domain.scheduling import Grade, Preset, ReviewEvent, retrace

NOW = datetime(2026, 3, 2, 20, 0, tzinfo=UTC)
DAYS = Days(ZoneInfo("UTC"))
SOURCE = Source("quote", 0, 5)


def history(*answers: tuple[int, Grade]):
    events = [ReviewEvent(UUID(int=n), NOW + timedelta(days), grade) for n, (days, grade) in enumerate(answers)]
    return [(event, memory) for event, memory in retrace(events, DAYS, Preset()) if memory]


def found(note: Note, *answers: tuple[int, Grade]) -> set[Trouble]:
    told = history(*(answers or [(0, Grade.GOOD)]))
    return {finding.trouble for finding in trouble(note, told[-1][1], told)}


def basic(answer: str = "short", **given) -> Note:
    return Note(**{"kind": CardKind.BASIC, "question": "q", "answer": answer, "source": SOURCE, **given})


@pytest.mark.parametrize(
    ("after", "lapses"),
    [(8, [8, 12, 16, 20]), (5, [5, 8, 11, 14, 17, 20]), (1, list(range(1, 21))), (0, [])],
)
def test_a_card_is_a_leech_at_its_number_of_lapses_and_at_every_half_of_it_after(after, lapses):
    assert [lapse for lapse in range(21) if is_leech(lapse, after)] == lapses


def test_a_long_answer_is_hard():
    assert trouble(basic("word " * 30), *[(h := history((0, Grade.GOOD)))[-1][1], h]) == [Finding(Trouble.LONG, 30)]


def test_many_items_at_once_are_hard():
    assert found(basic("a\nb\nc\nd\ne", kind=CardKind.LIST)) == {Trouble.ITEMS}


def test_a_card_without_source_and_explanation_has_nothing_to_hold_on_to():
    assert found(basic(source=None)) == {Trouble.UNSOURCED}
    assert found(basic(source=None, explanation="because")) == set()


def test_a_card_that_is_forgotten_within_days_was_never_held():
    answers = [(0, Grade.EASY), (3, Grade.AGAIN), (3, Grade.GOOD), (6, Grade.AGAIN)]

    assert Trouble.NEVER_HELD in found(basic(), *answers)


def test_a_card_that_was_known_for_weeks_fades():
    assert Trouble.FADES in found(basic(), (0, Grade.EASY), (40, Grade.AGAIN))


def test_a_card_that_fails_again_and_again_is_difficult():
    answers = [(0, Grade.GOOD), (0, Grade.GOOD), *((20 * n, Grade.AGAIN) for n in range(1, 9))]

    assert Trouble.DIFFICULT in found(basic(), *answers)
