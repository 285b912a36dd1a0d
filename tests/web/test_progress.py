import csv
from datetime import timedelta
from gettext import NullTranslations

import pytest

from quizapp import translations
from quizapp.clock import utcnow
from quizapp.domain.scheduling import Grade
from quizapp.services import accounts, decks
from quizapp.web.progress_tables import TABLES
from tests.services.studying import answer

DAY = timedelta(days=1)


@pytest.fixture
def study_for_weeks(add, database):
    """Return a function that answers the six cards of a document every nine days, a number of times."""

    def go(times, *, last=Grade.GOOD):
        add(keep_ready=True)
        with database.writing() as session:
            owner = accounts.local_owner(session, time_zone="UTC", now=utcnow())
            for back in reversed(range(times)):
                grade = Grade.EASY if back == times - 1 else Grade.GOOD if back else last
                for card in range(1, 7):
                    answer(session, owner, card, grade, at=utcnow() - back * 9 * DAY - timedelta(minutes=1))

    return go


def test_before_the_first_answer_the_page_says_what_to_do(visitor, add):
    page = visitor.visit("/progress")

    assert "Nothing to show yet" in page.text
    assert {"/study", "/library/new"} <= {link.href for link in page.links}


def test_what_was_done_and_remembered_is_said_in_words_and_tables(visitor, study_for_weeks):
    study_for_weeks(3)

    page = visitor.visit("/progress")

    assert "12 tests; your goal is 90%" in page.text
    assert "You remember more than you wished to: 100% of 12 tests" in page.text
    assert "of the 6 cards that you have seen" in page.text
    assert "Recall by week as a table" in page.text
    assert "Next 30 days as a table" in page.text
    assert "Harbour handbook 100% 12" in page.text


def test_less_than_was_wished_for_is_said_kindly(visitor, study_for_weeks):
    study_for_weeks(3, last=Grade.AGAIN)

    page = visitor.visit("/progress")

    assert "You remember less than you wished to: 50% of 12 tests, and your goal is 90%." in page.text


def test_a_few_tests_give_no_percentage(visitor, study_for_weeks):
    study_for_weeks(2)

    page = visitor.visit("/progress")

    assert "6 such tests so far. It is shown from 10 on." in page.text
    assert "too few yet" in page.text
    assert "100%" not in page.text.partition("By deck")[0].partition("Recall by week")[0]


@pytest.mark.parametrize("span", ["7", "30", "90", "365", "all"])
def test_spans_are_links_and_the_one_shown_is_marked(visitor, study_for_weeks, span):
    study_for_weeks(3)

    page = visitor.visit(f"/progress?span={span}")

    assert page.html.count('aria-current="true"') == 1
    assert {f"/progress?span={one}" for one in ("7", "30", "90", "365", "all")} <= {link.href for link in page.links}


def test_an_unknown_span_is_ninety_days(visitor, study_for_weeks):
    study_for_weeks(3)

    assert visitor.visit("/progress?span=soon").text == visitor.visit("/progress?span=90").text


def test_a_span_without_reviews_leads_to_all_the_time(visitor, add, database):
    add(keep_ready=True)
    with database.writing() as session:
        owner = accounts.local_owner(session, time_zone="UTC", now=utcnow())
        answer(session, owner, 1, Grade.EASY, at=utcnow() - 200 * DAY)

    page = visitor.visit("/progress?span=30")

    assert "You did not study on these days" in page.text
    assert "/progress?span=all" in {link.href for link in page.links}


def test_days_can_be_chosen_and_downloads_are_of_the_same_days(visitor, study_for_weeks):
    study_for_weeks(4)
    today = (utcnow() - timedelta(hours=4)).date()  # a day turns at four

    page = visitor.visit(f"/progress?from={today - 12 * DAY}&to={today - DAY}")

    assert "6 such tests so far" in page.text
    assert page.html.count('aria-current="true"') == 0
    assert f"/progress/hours.csv?from={today - 12 * DAY}&to={today - DAY}" in {link.href for link in page.links}


def test_a_day_that_is_none_is_refused_with_a_sentence(site):
    answer = site.test_client().get("/progress?from=tomorrow")

    assert answer.status_code == 422
    assert "“tomorrow” is no day." in answer.text


def test_every_table_can_be_downloaded(site, study_for_weeks):
    study_for_weeks(3)

    for table in TABLES:
        answer = site.test_client().get(f"/progress/{table}.csv?span=all")

        assert (answer.status_code, answer.mimetype) == (200, "text/csv")
        assert f"filename={table}-" in answer.headers["Content-Disposition"]
        assert "," in answer.data.decode("utf-8-sig").splitlines()[0]


def test_a_table_is_downloaded_in_the_language_of_the_person(site, study_for_weeks, monkeypatch):
    study_for_weeks(3)
    brackets = NullTranslations()
    brackets.gettext = lambda sentence: f"⟦{sentence}⟧"  # type: ignore[method-assign]
    monkeypatch.setattr(translations, "_catalogue", lambda _language: brackets)

    for table in TABLES:
        answer = site.test_client().get(f"/progress/{table}.csv?span=all", headers={"Accept-Language": "de"})

        head = next(csv.reader([answer.data.decode("utf-8-sig").splitlines()[0]]))
        assert all(column.startswith("⟦") and column.endswith("⟧") for column in head), head


def test_a_deck_named_like_a_formula_is_text_in_a_spreadsheet(site, study_for_weeks, database):
    study_for_weeks(3)
    with database.writing() as session:
        owner = accounts.local_owner(session, time_zone="UTC", now=utcnow())
        deck = decks.decks(session, owner, now=utcnow())[0]
        decks.rename(session, owner, deck.id, "=1+1", now=utcnow())

    assert "'=1+1,100,12,100" in site.test_client().get("/progress/decks.csv?span=all").text


@pytest.mark.parametrize("address", ["/progress/hours.csv", "/progress/grades.csv"])
def test_there_is_nothing_to_download_before_the_first_answer_nor_from_no_table(site, address):
    assert site.test_client().get(address).status_code == 404
