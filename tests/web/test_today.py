from uuid import uuid4

from quizapp.clock import utcnow
from quizapp.services import accounts, study
from tests.web import harbour


def test_a_new_library_says_what_to_do_first(visitor):
    page = visitor.visit("/")

    assert "Bring a document, take away cards you remember." in page.text
    assert "/library/new" in {link.href for link in page.links}
    assert "Start review" not in page.text


def test_drafts_that_wait_are_the_first_thing_to_do(visitor, add):
    add()

    page = visitor.visit("/")

    assert "Your cards are proposed. Keep the good ones." in page.text
    assert "7 proposed cards from Harbour handbook" in page.text
    assert "0 of 7 decided" in page.text


def test_what_is_due_is_counted_and_estimated(visitor, add):
    add(keep_ready=True)

    page = visitor.visit("/")

    assert "6 cards are due today." in page.text
    assert "6 new" in page.text
    assert "About 3 minutes" in page.text
    assert "1 proposed card from Harbour handbook" in page.text
    assert "/study" in {link.href for link in page.links}


def test_one_card_is_said_in_the_singular(visitor, add):
    add(harbour.BERTH, keep_ready=True)

    assert "1 card is due today." in visitor.visit("/").text


def test_after_the_last_card_the_day_is_done_and_counted(visitor, add, database):
    add(harbour.BERTH, keep_ready=True)
    with database.reading() as session:
        actor = accounts.local_owner(session, time_zone="UTC", now=utcnow())
        card = study.next_card(session, actor, deck_id=None, now=utcnow())
    visitor.send("/study/answer", review=uuid4(), card=card.card_id, reviews=0, grade=4, since=0)

    page = visitor.visit("/")

    assert "Done for today. You gave 1 answer today." in page.text
    assert "1 of the last 30 days" in page.text


def test_the_charts_come_with_the_first_answer_and_have_their_figures_as_text(visitor, add, database):
    add(keep_ready=True)
    assert "Next 7 days" not in visitor.visit("/").text
    with database.reading() as session:
        actor = accounts.local_owner(session, time_zone="UTC", now=utcnow())
        card = study.next_card(session, actor, deck_id=None, now=utcnow())
    visitor.send("/study/answer", review=uuid4(), card=card.card_id, reviews=0, grade=3, since=0)

    page = visitor.visit("/")

    assert "6 cards are due today." in page.text
    assert 'aria-label="Today 6 cards, ' in page.html
    assert "Week of" in page.text
