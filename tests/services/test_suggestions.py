from datetime import timedelta
from uuid import uuid4

import pytest

from quizapp.db.suggestions import Verdict
from quizapp.domain.cards import CardKind, Note
from quizapp.domain.permissions import Role
from quizapp.domain.scheduling import Grade
from quizapp.errors import Conflict, InvalidInput, NotFound
from quizapp.services import audit, card_actions, decks, following, study, suggestions, teams, writing
from quizapp.services.card_actions import Press
from tests.make import NOW
from tests.services.studying import answer
from tests.services.teaming import at_home, join, opened, person

WANTED = Note(CardKind.BASIC, "Who orders a rollback?", "The incident commander.")


class Crew:
    """A card of a team, its owner Mara, the trainer Li and the member Jo."""

    def __init__(self, session):
        self.session = session
        boss = person(session, "Mara")
        self.team_id = teams.create(session, boss, "Harbour crew", now=NOW)
        self.li = join(session, person(session, "Li"), self.team_id, Role.TRAINER)
        self.jo = join(session, person(session, "Jo"), self.team_id)
        self.mara, self.library = at_home(session, boss), opened(session, boss, self.team_id)
        note = Note(CardKind.BASIC, "Who orders a rollback?", "The manager.")
        where = {"deck_name": "Rollback", "passage": None}
        self.note_id = writing.write(session, self.library, note, **where, now=NOW)
        self.deck_id = decks.note(session, self.library, self.note_id).deck_id

    def suggest(self, wanted=WANTED):
        return suggestions.suggest(self.session, self.jo, self.note_id, wanted, reason="It changed.", now=NOW)

    def accept(self, suggestion_id, *, version=1, **given):
        where = (self.session, self.li, self.team_id, suggestion_id)
        suggestions.accept(*where, expected_version=version, **given, now=NOW)

    @property
    def says(self):
        return decks.note(self.session, self.library, self.note_id).answer

    @property
    def told(self):
        """What Jo sees of what they handed in."""
        return suggestions.inbox(self.session, self.jo, self.team_id).mine


@pytest.fixture
def crew(session):
    return Crew(session)


def test_a_suggestion_waits_for_owners_and_trainers_and_changes_nothing_yet(session, crew):
    crew.suggest()

    for one in (crew.mara, crew.li, crew.library):
        (waiting,) = suggestions.inbox(session, one, crew.team_id).suggestions
        assert (waiting.person, waiting.card.answer, waiting.wanted.answer) == (
            "Jo",
            "The manager.",
            "The incident commander.",
        )
        assert suggestions.waiting(session, one, crew.library.learner_id).both == 1
    assert suggestions.inbox(session, crew.jo, crew.team_id).suggestions == ()
    assert crew.says == "The manager."


def test_accepting_keeps_every_schedule_and_tells_who_suggested(session, crew):
    following.follow(session, crew.jo, crew.deck_id, now=NOW)
    card = study.next_card(session, crew.jo, deck_id=None, now=NOW).card_id
    answer(session, crew.jo, card, Grade.EASY)
    suggestion = crew.suggest()

    crew.accept(suggestion, word="Thanks")
    crew.accept(suggestion, word="Twice")

    assert crew.says == "The incident commander."
    assert study.card(session, crew.jo, card, now=NOW).reviews == 1
    assert [(one.verdict, one.word) for one in crew.told] == [(Verdict.ACCEPTED, "Thanks")]


def test_a_suggestion_is_changed_then_accepted(session, crew):
    suggestion = crew.suggest()

    crew.accept(suggestion, wanted=Note(CardKind.BASIC, WANTED.question, "The commander."))

    assert crew.says == "The commander."
    assert crew.told[0].verdict is Verdict.CHANGED


def test_declining_leaves_the_card_and_says_why(session, crew):
    suggestion = crew.suggest()

    suggestions.decline(session, crew.mara, crew.team_id, suggestion, word="It is right.", now=NOW)

    assert crew.says == "The manager."
    assert [(one.verdict, one.word) for one in crew.told] == [(Verdict.DECLINED, "It is right.")]


def test_a_card_that_was_changed_meanwhile_is_not_overwritten(session, crew):
    suggestion = crew.suggest()
    decks.edit_note(session, crew.library, crew.note_id, question="Who?", answer="Anybody.", now=NOW)

    (waiting,) = suggestions.inbox(session, crew.li, crew.team_id).suggestions
    assert waiting.is_stale
    with pytest.raises(Conflict, match="changed elsewhere"):
        crew.accept(suggestion)
    crew.accept(suggestion, version=waiting.version)

    assert crew.says == "The incident commander."


def test_a_decision_is_taken_back(session, crew):
    suggestion = crew.suggest()
    crew.accept(suggestion)
    suggestions.reopen(session, crew.li, crew.team_id, suggestion, now=NOW)

    assert crew.says == "The manager."
    assert not suggestions.inbox(session, crew.li, crew.team_id).suggestions[0].is_stale
    crew.accept(suggestion, version=3)
    decks.edit_note(session, crew.library, crew.note_id, question="Who?", answer="Anybody.", now=NOW)

    with pytest.raises(Conflict, match="changed since"):
        suggestions.reopen(session, crew.li, crew.team_id, suggestion, now=NOW)


def test_only_who_suggested_withdraws(session, crew):
    suggestion = crew.suggest()

    with pytest.raises(NotFound):
        suggestions.withdraw(session, crew.li, crew.team_id, suggestion, now=NOW)
    suggestions.withdraw(session, crew.jo, crew.team_id, suggestion, now=NOW)

    assert suggestions.inbox(session, crew.li, crew.team_id).suggestions == []
    assert crew.told[0].verdict is Verdict.WITHDRAWN


def test_members_decide_on_nothing(session, crew):
    suggestion = crew.suggest()

    for decide in (
        lambda: suggestions.accept(session, crew.jo, crew.team_id, suggestion, expected_version=1, now=NOW),
        lambda: suggestions.decline(session, crew.jo, crew.team_id, suggestion, word="", now=NOW),
        lambda: suggestions.reopen(session, crew.jo, crew.team_id, suggestion, now=NOW),
    ):
        with pytest.raises(NotFound, match="no such suggestion"):
            decide()


def test_a_suggestion_to_one_team_is_decided_by_no_other(session, crew):
    suggestion = crew.suggest()
    other = person(session, "Ada")
    theirs = teams.create(session, other, "Pilots", now=NOW)

    with pytest.raises(NotFound, match="no such suggestion"):
        suggestions.decline(session, at_home(session, other), theirs, suggestion, word="", now=NOW)


@pytest.mark.parametrize(
    "wanted",
    [Note(CardKind.BASIC, "", "Nobody."), Note(CardKind.BASIC, "Who orders a rollback?", "The manager.")],
    ids=["nothing to ask", "nothing changed"],
)
def test_what_cannot_be_asked_or_changes_nothing_is_not_handed_in(session, crew, wanted):
    with pytest.raises(InvalidInput):
        crew.suggest(wanted)


def test_a_report_about_a_card_of_a_team_comes_to_its_inbox_and_its_answer_back(session, crew):
    following.follow(session, crew.jo, crew.deck_id, now=NOW)
    card = study.next_card(session, crew.jo, deck_id=None, now=NOW).card_id
    card_actions.report(session, crew.jo, Press(uuid4(), card), reason="wrong", text="Not her", now=NOW)

    (report,) = suggestions.inbox(session, crew.li, crew.team_id).reports
    assert (report.person, report.text) == ("Jo", "Not her")
    assert study.today(session, crew.jo, now=NOW).reports == []
    with pytest.raises(NotFound):
        suggestions.resolve(session, crew.jo, crew.team_id, report.id, word="", now=NOW)
    suggestions.resolve(session, crew.li, crew.team_id, report.id, word="Fixed.", now=NOW)

    assert suggestions.inbox(session, crew.li, crew.team_id).reports == []
    (mine,) = suggestions.inbox(session, crew.jo, crew.team_id).my_reports
    assert (mine.is_resolved, mine.word) == (True, "Fixed.")


def test_the_history_of_a_card_tells_who_changed_what_and_brings_it_back(session, crew):
    crew.accept(crew.suggest())
    decks.edit_note(session, crew.library, crew.note_id, question="Who?", answer="Ada.", now=NOW + timedelta(hours=1))

    past = suggestions.history(session, crew.jo, crew.note_id).past
    assert [(one.person, one.said.answer, one.became.answer) for one in past] == [
        ("Mara", "The incident commander.", "Ada."),
        ("Li", "The manager.", "The incident commander."),
    ]
    with pytest.raises(NotFound):
        suggestions.bring_back(session, crew.jo, past[1].id, expected_version=3, now=NOW)
    suggestions.bring_back(session, crew.library, past[1].id, expected_version=3, now=NOW)

    assert crew.says == "The manager."
    assert len(suggestions.history(session, crew.jo, crew.note_id).past) == 3


def test_decisions_stand_in_the_log(session, crew):
    crew.accept(crew.suggest())

    lines = [(one.person, one.action) for one in audit.log(session, crew.mara, crew.team_id)]
    assert ("Li", "accepted a suggestion") in lines
