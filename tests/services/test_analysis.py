"""What first attempts say of a quiz; how the figures come about is in `tests/domain/test_item_analysis.py`."""

from datetime import timedelta
from uuid import uuid4

import pytest

from quizapp.db import quizzes as quiz_rows
from quizapp.db.quizzes import AnswerRow, SittingRow
from quizapp.domain import item_analysis
from quizapp.domain.item_analysis import Finding
from quizapp.domain.marking import Kind
from quizapp.domain.permissions import Role
from quizapp.domain.questions import Mode
from quizapp.errors import NotFound
from quizapp.services import analysis, teams
from tests.make import NOW
from tests.services.quizzing import BERTH, LOCK, PILOT, QUAY, deck, quiz
from tests.services.teaming import at_home, join, opened, person

MINUTE = timedelta(minutes=1)


class Asked:
    """A quiz of a team on four cards, to be chosen from, and a way to sit it as anybody."""

    def __init__(self, session):
        self.session = session
        mara = person(session, "Mara")
        self.team_id = teams.create(session, mara, "Harbour crew", now=NOW)
        library = opened(session, mara, self.team_id)
        self.mara, self.library = at_home(session, mara), library.learner_id
        self.id = quiz(session, library, deck(session, library, BERTH, QUAY, LOCK, PILOT), mode=Mode.CHOICE)
        self.questions = quiz_rows.questions(session, self.id)

    def sat(self, guest, *given, at=NOW, finished=True):
        """Let a guest answer each question: True for right, None for not at all, else which wrong option."""
        sitting = SittingRow(
            owner_id=self.library,
            quiz_id=self.id,
            guest=guest,
            started=at,
            finished=at + MINUTE if finished else None,
            order=tuple(range(1, len(self.questions) + 1)),
        )
        self.session.add(sitting)
        self.session.flush()
        for question, answer in zip(self.questions, given, strict=True):
            if answer is not None:
                self.session.add(self._answer(sitting, question, answer))
        self.session.flush()

    def wrong(self, number, which=0):
        question = self.questions[number - 1]
        return [option for option in question.options if option not in question.right][which]

    def _answer(self, sitting, question, answer):
        is_right = answer is True
        return AnswerRow(
            id=uuid4(),
            owner_id=self.library,
            sitting_id=sitting.id,
            question_id=question.id,
            given=question.right[0] if is_right else self.wrong(question.number, answer),
            kind=Kind.RIGHT if is_right else Kind.WRONG,
            share=float(is_right),
            missed=not is_right,
            at=sitting.started,
            duration=MINUTE,
        )

    def analysed(self, actor=None, **asked):
        return analysis.of_quiz(self.session, actor or self.mara, self.id, **asked)


@pytest.fixture
def asked(session):
    return Asked(session)


def test_before_anybody_has_finished_there_is_nothing_to_say(asked):
    asked.sat("Ada", True, True, True, True, finished=False)

    assert (asked.analysed().whole, asked.analysed().items) == (None, [])


def test_what_is_left_out_counts_nothing(asked):
    asked.sat("Ada", True, True, True, True)
    asked.sat("Bo", True, None, 0, True)

    assert [one.item.facility for one in asked.analysed().items] == [1.0, 0.5, 0.5, 1.0]
    assert asked.analysed().whole.attempts == 2


def test_only_the_first_attempt_of_a_person_counts(asked):
    asked.sat("Ada", 0, 0, 0, 0)
    asked.sat("Ada", True, True, True, True, at=NOW + timedelta(days=1))
    asked.sat("Bo", True, True, True, True, at=NOW + timedelta(days=2))

    assert asked.analysed().whole.attempts == 2
    assert asked.analysed().whole.mean == pytest.approx(0.5)


def test_a_question_that_those_who_know_the_rest_miss_is_flagged_with_what_they_chose(asked):
    for name in ("Ada", "Bo", "Cy"):
        asked.sat(name, 1, True, True, True)
    for name in ("Di", "Ed"):
        asked.sat(name, True, 0, 0, 0)

    first = asked.analysed().items[0]

    assert first.item.discrimination == pytest.approx(-1)
    assert first.findings == [Finding.MISLEADING, Finding.TEMPTING]
    chosen = {choice.text: choice.chosen for choice in first.choices}
    assert (chosen[asked.wrong(1, 1)], chosen[asked.questions[0].right[0]]) == (3, 2)


def test_figures_that_are_kept_are_those_of_the_formulas_until_somebody_finishes(asked):
    for number in range(12):
        asked.sat(f"Guest {number}", number % 3 > 0 or 0, number % 4 > 0 or 1, None if number % 5 else True, True)
    worked_out = asked.analysed()
    assert worked_out.fresh

    analysis.keep(asked.session, worked_out)
    kept = asked.analysed()
    assert (kept.fresh, kept.whole, kept.items) == (None, worked_out.whole, worked_out.items)
    attempts, _ = analysis._attempts(asked.session, asked.id, asked.questions)  # noqa: SLF001 - what the formulas take
    told = item_analysis.analyse(attempts)
    assert {one.question_id: one.item for one in kept.items} == told
    assert kept.whole == item_analysis.whole(attempts)

    asked.sat("One more", 0, 0, 0, 0)
    assert asked.analysed().fresh
    assert asked.analysed().whole.attempts == 13


def test_an_answer_that_is_taken_late_makes_the_kept_figures_old(asked):
    asked.sat("Ada", True, True, True, True)
    analysis.keep(asked.session, asked.analysed())
    sitting = asked.session.query(SittingRow).one()

    sitting.answered += 1
    asked.session.flush()

    assert asked.analysed().fresh


def test_the_analysis_is_paged_and_what_is_to_look_at_comes_alone(asked, monkeypatch):
    monkeypatch.setattr(analysis, "QUESTIONS_SHOWN", 3)
    for number in range(6):
        asked.sat(f"Guest {number}", 0, True, number % 2 > 0 or 0, True)

    pages = [asked.analysed(page=number) for number in (1, 2, 9)]

    assert [[one.number for one in page.items] for page in pages] == [[1, 2, 3], [4], [4]]
    assert (pages[0].page, pages[0].pages, pages[2].page) == (1, 2, 2)
    flagged = asked.analysed(page=1, only_flagged=True)
    assert all(one.findings for one in flagged.items)
    assert flagged.flagged == len(flagged.items) == 3


def test_what_a_team_misses_most_comes_first_with_what_is_said_instead(asked):
    for name in ("Ada", "Bo", "Cy"):
        asked.sat(name, True, 1, True, 0)
    asked.sat("Di", True, 1, True, True)

    found = analysis.most_missed(asked.session, asked.mara, asked.team_id, now=NOW + timedelta(days=1)).found

    assert [one.question.prompt for one in found] == [QUAY["question"], PILOT["question"]]
    assert (found[0].instead, found[0].times) == (asked.wrong(2, 1), 4)
    assert (found[0].question.answered, found[1].question.share) == (4, pytest.approx(0.25))


def test_what_was_missed_long_ago_or_by_two_people_is_not_told(asked):
    for name in ("Ada", "Bo", "Cy"):
        asked.sat(name, 0, True, True, True, at=NOW - timedelta(days=100))
    for name in ("Di", "Ed"):
        asked.sat(name, True, 0, True, True)

    assert analysis.most_missed(asked.session, asked.mara, asked.team_id, now=NOW).found == []


@pytest.mark.parametrize("role", [Role.MEMBER, Role.GUEST, None])
def test_the_analysis_is_not_there_for_who_may_not_watch(asked, role):
    jo = person(asked.session, "Jo")
    actor = join(asked.session, jo, asked.team_id, role) if role else at_home(asked.session, jo)

    with pytest.raises(NotFound, match="no such quiz"):
        asked.analysed(actor)
    with pytest.raises(NotFound, match="no such team"):
        analysis.most_missed(asked.session, actor, asked.team_id, now=NOW)


def test_what_is_said_instead_is_said_in_first_attempts(asked):
    for name in ("Ada", "Bo", "Cy"):
        asked.sat(name, True, 0, True, True)
        for day in (1, 2):
            asked.sat(name, True, 1, True, True, at=NOW + timedelta(days=day))

    (found,) = analysis.most_missed(asked.session, asked.mara, asked.team_id, now=NOW + timedelta(days=3)).found

    assert (found.instead, found.times, found.question.answered) == (asked.wrong(2, 0), 3, 3)


def test_who_answered_first_long_ago_has_no_first_attempt_now(asked):
    for name in ("Ada", "Bo", "Cy"):
        asked.sat(name, True, True, True, True, at=NOW - timedelta(days=100))
        asked.sat(name, True, 0, True, True)

    assert analysis.most_missed(asked.session, asked.mara, asked.team_id, now=NOW).found == []


def test_what_a_team_misses_is_kept_until_somebody_has_answered_again(asked):
    def missed():
        found = analysis.most_missed(asked.session, asked.mara, asked.team_id, now=NOW)
        analysis.keep_missed(asked.session, found)
        return found

    for name in ("Ada", "Bo", "Cy"):
        asked.sat(name, True, 0, True, True)
    first, again = missed(), missed()
    asked.sat("Di", True, True, True, True)
    after = missed()

    assert (first.is_kept, again.is_kept, after.is_kept) == (False, True, False)
    assert first.found == again.found
    assert (first.found[0].question.answered, after.found[0].question.answered) == (3, 4)
