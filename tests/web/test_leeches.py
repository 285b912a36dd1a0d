import pytest
from sqlalchemy import text

from quizapp.clock import utcnow
from quizapp.db import hard_notes, notes
from quizapp.domain.cards import CardKind, Note
from quizapp.domain.scheduling import Grade
from quizapp.services import accounts, decks, following, writing
from tests.services.studying import answer
from tests.services.teaming import at_home, opened
from tests.web.teaming import Crew


@pytest.fixture
def note_id(add, database):
    """A card that is tagged as a leech, with one answer."""
    add(keep_ready=True)
    with database.writing() as session:
        owner = accounts.local_owner(session, time_zone="UTC", now=utcnow())
        card_id, note_id = session.execute(text("select id, note_id from card order by id")).first()
        answer(session, owner, card_id, Grade.EASY, at=utcnow())
        notes.tag(session, owner.learner_id, [note_id], "leech")
    return note_id


def test_without_hard_cards_the_page_says_when_one_comes(visitor):
    assert "No hard cards" in visitor.visit("/hard-cards").text


def test_today_leads_to_hard_cards(visitor, note_id):
    assert "1 hard card" in visitor.visit("/").text
    assert "Why it is hard" in visitor.visit("/hard-cards").text or "Its history" in visitor.page.text


def test_keeping_a_card_can_be_undone(visitor, note_id):
    visitor.visit("/hard-cards")

    assert "No hard cards" in visitor.press("Keep as it is").text
    assert "Its history" in visitor.press("Undo").text


def test_a_suspended_card_stays_on_the_list_until_it_is_asked_again(visitor, note_id):
    visitor.visit("/hard-cards")

    page = visitor.press("Suspend")

    assert "suspended" in page.text
    assert page.form_with("Ask it again as it is")
    assert "suspended" not in visitor.press("Undo").text


def test_a_card_is_split_and_the_split_undone(visitor, note_id):
    visitor.visit("/hard-cards")
    asked = visitor.follow("Split")
    assert "Split a card in two" in asked.text

    halves = {"question": "One?", "answer": "1", "second-question": "Two?", "second-answer": "2"}
    split = visitor.press("Split", **halves)
    assert (split.path, "There are two cards now." in split.text) == ("/hard-cards", True)
    assert "No hard cards" in split.text
    undone = visitor.press("Undo")

    assert undone.path == "/hard-cards"
    assert "It is one card again" in undone.text
    assert "Its history" in undone.text


def test_a_member_sets_a_hard_card_of_the_team_aside_or_suggests_other_words(team_site, database):
    crew = Crew(team_site, database).add("Jo")
    with database.writing() as session:
        library, jo = opened(session, crew.people["Mara"], crew.team_id), at_home(session, crew.people["Jo"])
        deck_id = decks.create(session, library, "Rollback", now=utcnow())
        note = Note(CardKind.BASIC, "Who decides?", "The skipper.")
        note_id = writing.write(session, library, note, deck_name="Rollback", passage=None, now=utcnow())
        following.follow(session, jo, deck_id, now=utcnow())
        card_id = session.execute(text("select id from card")).scalar()
        answer(session, jo, card_id, Grade.EASY, at=utcnow())
        hard_notes.put(session, jo.person_id, note_id)

    with crew.as_one("Jo") as browser:
        assert "1 hard card" in browser.visit("/").text
        page = browser.visit("/hard-cards")
        assert {"Rewrite", "Split"}.isdisjoint(link.text for link in page.links)
        assert "suspended" in browser.press("Suspend").text
        assert "Who decides?" in browser.visit("/hard-cards").text
        assert browser.follow("Suggest a change").path == f"/decks/{deck_id}/notes/{note_id}/suggest"
