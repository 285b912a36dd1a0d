import re
from datetime import timedelta
from uuid import uuid4

import pytest

from quizapp.clock import utcnow
from quizapp.domain.cards import CardKind
from quizapp.services import accounts, study
from tests.web import harbour
from tests.web.browsing import Page


@pytest.fixture
def begun(visitor, add):
    """Return a function that begins a quiz on some cards and gives the address of the sitting."""

    def begin(*drafts, **wish):
        add(*drafts, keep_ready=True)
        given = {"of": "deck-1", "mode": "typed", "count": "all", "order": "as_made", "feedback": "at_once", **wish}
        quiz = visitor.send("/quizzes", **given).headers["Location"]
        return visitor.send(f"{quiz}/start").headers["Location"]

    return begin


def fields(number=1, **other):
    return {"answer": uuid4(), "number": number, "since": 0, "stay": 1, **other}


def choose(page: Page, text: str, *, right=True):
    """Return the number of the option with that text, or of another."""
    options = re.findall(r'name="option" value="(\d)".*?<span dir="auto"[^>]*>(.*?)</span></label>', page.html)
    return next(number for number, option in options if (option == text) is right)


def test_a_wrong_choice_is_told_with_why_and_the_source(visitor, begun):
    sitting = begun(harbour.CLOSED, mode="choice")
    asked = visitor.visit(sitting)
    assert "Question 1 of 1" in asked.text
    assert "Untimed" in asked.text
    assert "Three long blasts mean" not in asked.text

    told = visitor.press("Check", option=choose(asked, "The lock is closed", right=False))

    assert "Your answer" in told.text
    assert "The lock is closed Right answer" in told.text
    assert "Three long blasts mean that <mark>the lock is closed</mark>." in told.html
    assert f"/library/1#q{harbour.CLOSED.source.start}" in {link.href for link in told.links}
    assert "It waits among your new cards." in told.text


def test_a_miss_of_a_card_in_review_is_added_to_todays_review(visitor, begun, database):
    sitting = begun(harbour.LOCK)
    visitor.send("/study/answer", review=uuid4(), card=1, reviews=0, grade=4, since=0)
    visitor.visit(sitting)

    told = visitor.press("I don’t know")

    assert "You did not answer." in told.text
    assert "Added to your review for today." in told.text
    with database.reading() as session:
        owner = accounts.local_owner(session, time_zone="UTC", now=utcnow())
        assert study.next_card(session, owner, deck_id=None, now=utcnow()).card_id == 1


def test_a_slip_is_close_and_shows_the_difference(visitor, begun):
    visitor.visit(begun(harbour.LOCK))

    told = visitor.press("Check", typed="Ada Lnd")

    assert "Close: half a point" in told.text
    assert "Check the spelling" in told.text
    assert '<ins><span class="sr">missing: </span>i</ins>' in told.html


def test_a_list_is_answered_a_line_an_item(visitor, begun):
    visitor.visit(begun(harbour.LIGHTS))

    told = visitor.press("Check", typed="white light\r\nred light\r\nlighthouse")

    assert "2 of 3 right: 67% of a point." in told.text
    assert "green light Missed" in told.text
    assert "lighthouse Not one of them" in told.text


def test_a_true_or_false_question_says_what_is_right(visitor, begun):
    asked = visitor.visit(begun(harbour.NUMBER, mode="true_false"))

    told = visitor.press("Check", option=choose(asked, "False"))

    assert "False Your answer" in told.text
    assert "True Right answer" in told.text


def test_an_order_is_given_by_places(visitor, begun):
    steps = harbour.draft(
        "How is a ship moored?", "slow down\nthrow a rope\ntie a knot", harbour.PILOT, kind=CardKind.ORDER
    )
    asked = visitor.visit(begun(steps, mode="list"))
    shown = re.findall(r'</select><span dir="auto"[^>]*>(.*?)</span>', asked.html)
    right = ["slow down", "throw a rope", "tie a knot"]

    told = visitor.press("Check", place=[right.index(item) + 1 for item in shown])

    assert "3 of 3 right" in told.text


def test_an_order_is_given_by_items_as_they_stand_and_comes_back_so(visitor, begun):
    steps = harbour.draft(
        "How is a ship moored?", "slow down\nthrow a rope\ntie a knot", harbour.PILOT, kind=CardKind.ORDER
    )
    sitting = begun(steps, harbour.GAP, mode="mixed", feedback="at_end")
    place = next(at for at in (1, 2) if "to-order" in visitor.visit(f"{sitting}?at={at}").html)
    shown = standing(visitor.page.html)
    wanted = ["throw a rope", "slow down", "tie a knot"]
    form, _ = visitor.page.form_with("Save and go on")

    given = {name: form.fields[name] for name in ("answer", "number", "since")}
    visitor.send(f"{sitting}/answer", **given, item=[number for item in wanted for number, one in shown if one == item])

    assert [item for _, item in standing(visitor.visit(f"{sitting}?at={place}").html)] == wanted


def standing(html):
    """The items to be put in order as they stand, each with its number."""
    return re.findall(r'name="item" value="(\d+)">.*?class="what" dir="auto">(.*?)</span>', html)


@pytest.mark.parametrize("items", [["0", "0", "7"], ["2"], ["9", "-1", "99999"]])
def test_items_that_are_no_order_are_no_fault_of_the_site(visitor, begun, items):
    steps = harbour.draft(
        "How is a ship moored?", "slow down\nthrow a rope\ntie a knot", harbour.PILOT, kind=CardKind.ORDER
    )
    sitting = begun(steps, mode="list")

    assert visitor.send(f"{sitting}/answer", **fields(), item=items).status_code in {303, 422}


def test_the_same_answer_sent_twice_counts_once(visitor, begun):
    sitting, once = begun(harbour.GAP, harbour.LIGHTS), fields(typed="20 minutes")

    first = visitor.send(f"{sitting}/answer", **once)
    second = visitor.send(f"{sitting}/answer", **once)

    assert (first.status_code, second.status_code) == (303, 303)
    assert first.headers["Location"] == second.headers["Location"]
    assert 'aria-label="1 of 2 answered"' in visitor.visit(sitting).html


def test_what_was_told_cannot_be_answered_again(visitor, begun):
    sitting = begun(harbour.GAP)
    visitor.send(f"{sitting}/answer", **fields(typed="an hour"))

    late = visitor.send(f"{sitting}/answer", **fields(typed="20 minutes"))

    assert late.status_code == 409
    assert "answered this question already" in late.get_data(as_text=True)


def test_after_a_reload_the_quiz_goes_on_at_the_first_open_question(visitor, begun):
    sitting = begun(harbour.BERTH, harbour.GAP, harbour.LOCK)
    visitor.send(f"{sitting}/answer", **fields(2, typed="20 minutes"))
    assert "Question 1 of 3" in visitor.visit(sitting).text

    visitor.send(f"{sitting}/answer", **fields(1, typed="a bed"))

    assert "Question 3 of 3" in visitor.visit(sitting).text


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"typed": "x" * 501}, "An answer can have 500 characters, not 501."),
        ({"option": "0"}, "does not fit its question"),
        ({"place": ["1", "2"]}, "does not fit its question"),
        ({"option": "x"}, "Something is missing in this form"),
        ({"number": "first", "typed": "x"}, "Something is missing in this form"),
        ({"answer": "1", "typed": "x"}, "no usable id"),
        ({"since": "never", "typed": "x"}, "Something is missing in this form"),
    ],
)
def test_an_answer_that_cannot_be_used_is_refused_and_not_stored(visitor, begun, sent, words):
    sitting = begun(harbour.GAP)

    response = visitor.send(f"{sitting}/answer", **{**fields(), **sent})

    assert response.status_code == 422
    assert words in response.get_data(as_text=True)
    assert 'aria-label="0 of 1 answered"' in visitor.visit(sitting).html


def test_a_question_that_the_quiz_does_not_have_is_not_found(visitor, begun):
    sitting = begun(harbour.GAP)

    assert visitor.send(f"{sitting}/answer", **fields(7, typed="x")).status_code == 404
    assert visitor.send(f"{sitting}/questions/7/report", reason="wrong", at=1).status_code == 404
    assert "Question 1 of 1" in visitor.visit(f"{sitting}?at=99").text
    assert "Question 1 of 1" in visitor.visit(f"{sitting}?at=-5").text


def test_told_at_the_end_answers_can_be_looked_over_and_changed(visitor, begun):
    sitting = begun(harbour.GAP, harbour.LIGHTS, feedback="at_end")
    visitor.visit(sitting)
    second = visitor.press("Save and go on", typed="an hour")
    assert "Right answer" not in second.text
    ready = visitor.press("Save and go on", typed="red light\ngreen light\nwhite light")
    assert "You have answered all 2 questions" in ready.text

    visitor.follow("2. Which lights are there?")
    assert "red light" in visitor.page.html
    ready = visitor.press("Save and go on", typed="red light")
    result = visitor.press("See the result")

    assert "1 of 3 right" in result.text
    assert "Look at again" in result.text


def test_when_the_time_is_up_the_result_is_shown_and_a_late_answer_does_not_count(visitor, begun, database):
    sitting = begun(harbour.GAP, harbour.LIGHTS, minutes="5")
    assert "data-deadline" in visitor.visit(sitting).html
    with database.writing() as session:
        past = (utcnow() - timedelta(minutes=9)).replace(tzinfo=None).isoformat(" ")
        session.connection().exec_driver_sql(
            f"update sitting set started = '{past}', deadline = datetime('{past}', '+5 minutes')"
        )

    late = visitor.send(f"{sitting}/answer", **fields(2, typed="red light"))

    assert late.headers["Location"] == sitting
    result = visitor.visit(sitting)
    assert "The time was up before this answer, so it does not count." in result.text
    assert "0 of 2 points" in result.text


def test_a_reload_after_the_time_is_up_ends_the_quiz(visitor, begun, database):
    sitting = begun(harbour.GAP, minutes="5")
    with database.writing() as session:
        past = (utcnow() - timedelta(minutes=9)).replace(tzinfo=None).isoformat(" ")
        session.connection().exec_driver_sql(
            f"update sitting set started = '{past}', deadline = datetime('{past}', '+5 minutes')"
        )

    page = visitor.visit(sitting)

    assert "The time is up. What you had answered until then counts." in page.text
    assert "0 of 1 point" in page.text


def test_a_question_is_reported_in_place(visitor, begun):
    visitor.visit(begun(harbour.GAP))
    visitor.follow("Report")

    page = visitor.press("Report", reason="unclear", text="Which pilot?")

    assert "Reported. It waits for you on Today." in page.text
    assert "Question 1 of 1" in page.text
    assert "Which pilot?" in visitor.visit("/").text


def test_the_misses_are_asked_again_at_once(visitor, begun):
    sitting = begun(harbour.GAP, harbour.LIGHTS)
    visitor.send(f"{sitting}/answer", **fields(2, typed="red light\ngreen light\nwhite light"))
    visitor.send(f"{sitting}/finish")
    visitor.visit(sitting)

    again = visitor.press("Again with the misses")

    assert "Question 1 of 1" in again.text
    assert "The pilot comes aboard" in again.text


def test_htmx_gets_the_block_that_the_page_has(visitor, begun):
    sitting = begun(harbour.GAP)
    changing = re.compile(r'value="[^"]{30,}"|value="\d{13}"|\s+')

    page = visitor.client.get(sitting).get_data(as_text=True)
    block = visitor.client.get(sitting, headers={"HX-Request": "true"}).get_data(as_text=True)
    told = visitor.send_with_htmx(f"{sitting}/answer", **fields(typed="20 minutes"))

    assert changing.sub("", block.split('<div id="news"')[0]) in changing.sub("", page)
    assert told.get_data(as_text=True).lstrip().startswith('<div class="focus" id="sitting">')
    assert "Correct" in told.get_data(as_text=True)


def test_to_htmx_a_finished_quiz_is_another_page(visitor, begun):
    sitting = begun(harbour.GAP)

    finished = visitor.send_with_htmx(f"{sitting}/finish")
    shown = visitor.client.get(sitting, headers={"HX-Request": "true"})

    assert finished.headers["HX-Redirect"] == sitting
    assert shown.headers["HX-Redirect"] == sitting


def test_what_is_typed_is_shown_as_text(visitor, begun):
    visitor.visit(begun(harbour.GAP))

    told = visitor.press("Check", typed="<b>20</b> & more")

    assert "&lt;b&gt;20&lt;/b&gt; &amp; more" in told.html
