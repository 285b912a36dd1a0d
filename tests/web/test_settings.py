import re
from zoneinfo import ZoneInfo

import pytest

from quizapp.clock import utcnow
from quizapp.domain.queues import Days
from quizapp.domain.scheduling import Grade
from quizapp.services import accounts
from quizapp.translations.dates import MONTHS
from tests.services.studying import answer


def test_without_a_choice_the_system_decides(visitor):
    assert '<html lang="en">' in visitor.visit("/").html


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_chosen_theme_is_there_from_the_first_byte_of_the_next_page(visitor, theme):
    visitor.visit("/")

    visitor.send("/theme", theme=theme)

    assert f'<html lang="en" data-theme="{theme}">' in visitor.visit("/decks").html


def test_the_system_decides_again_when_asked_to(visitor):
    visitor.send("/theme", theme="dark")

    visitor.send("/theme", theme="system")

    assert '<html lang="en">' in visitor.visit("/").html


def test_a_forged_theme_is_ignored(visitor):
    visitor.client.set_cookie("theme", '"><script>')

    assert '<html lang="en">' in visitor.visit("/").html


def test_switching_leads_back_to_the_page(visitor):
    response = visitor.send("/theme", theme="dark", headers={"Referer": "http://localhost/decks?page=2"})

    assert response.headers["Location"] == "/decks?page=2"


def test_the_keys_have_a_page_of_their_own(visitor):
    page = visitor.visit("/keys")

    assert "Space" in page.text
    assert "show the answer" in page.text


def test_settings_show_what_is_chosen(visitor):
    page = visitor.visit("/settings")

    form, _ = page.form_with("Save")
    assert (form.fields["goal"], form.fields["new"], form.fields["reviews"]) == ("90", "20", "200")
    assert form.fields["zone"] == "UTC"
    assert '<option value="Europe/Berlin">' in page.html
    assert '<option value="4" selected>04:00' in page.html


def test_saved_settings_are_said_and_undone(visitor):
    visitor.visit("/settings")

    saved = visitor.press("Save", goal="92.5", new="7", zone="europe/berlin", turn="3")
    assert "Saved." in saved.text
    form, _ = saved.form_with("Save")
    assert (form.fields["goal"], form.fields["new"], form.fields["zone"]) == ("92.5", "7", "Europe/Berlin")
    undone = visitor.press("Undo")

    assert "Your settings are as they were before." in undone.text
    form, _ = undone.form_with("Save")
    assert (form.fields["goal"], form.fields["new"], form.fields["zone"]) == ("90", "20", "UTC")


def test_days_to_keep_easy_are_kept_and_undone(visitor):
    visitor.visit("/settings")

    saved = visitor.press("Save", day6="0", day5="50")
    form, _ = saved.form_with("Save")
    assert [form.fields[f"day{number}"] for number in (0, 5, 6)] == ["100", "50", "0"]
    undone = visitor.press("Undo")

    assert undone.form_with("Save")[0].fields["day6"] == "100"


def test_a_week_without_a_day_to_study_is_refused(visitor):
    visitor.visit("/settings")

    page = visitor.press("Save", **{f"day{number}": "0" for number in range(7)})

    assert (page.status, "Leave at least one day" in page.text) == (422, True)


def test_trying_shows_what_it_would_do_and_stores_nothing(visitor, add):
    add(keep_ready=True)
    visitor.visit("/settings")

    tried = visitor.press("What would it do?", goal="95", new="3", turn="4")

    assert "Before you save" in tried.text
    assert "Nothing is stored yet." in tried.text
    assert tried.form_with("Save")[0].fields["goal"] == "95"
    assert visitor.visit("/settings").form_with("Save")[0].fields["goal"] == "90"


def test_options_for_all_decks_are_set_and_gone_back_from(visitor):
    visitor.visit("/settings")

    saved = visitor.press("Save", learning="5m", longest="90", review_order="risk", apart="yes", lapses="4")
    fields = saved.form_with("Save")[0].fields
    assert [fields[name] for name in ("learning", "longest", "review_order", "apart", "lapses")] == [
        "5m",
        "90",
        "risk",
        "yes",
        "4",
    ]
    begun = visitor.press("Go back to Recto’s own options")
    fields = begun.form_with("Save")[0].fields
    assert (fields["learning"], fields["longest"], "apart" in fields) == ("1m 10m", "36500", False)
    undone = visitor.press("Undo")

    assert undone.form_with("Save")[0].fields["longest"] == "90"


def test_settings_name_the_decks_that_do_not_follow_and_let_them(visitor, add):
    add(keep_ready=True)
    assert "do not follow" not in visitor.visit("/settings").text
    visitor.visit("/decks/1/options")
    visitor.press("Save for this deck", goal="85")

    page = visitor.visit("/settings")
    assert "do not follow what you save here: Harbour handbook" in page.text
    saved = visitor.press("Save", goal="80", all="yes")
    assert "All decks follow these options." in saved.text
    assert "This deck follows your settings" in visitor.visit("/decks/1/options").text
    visitor.visit("/settings")
    visitor.press("Save", goal="75")

    assert visitor.send(saved.form_with("Undo")[0].action).status_code == 303
    assert visitor.visit("/decks/1/options").form_with("Save for this deck")[0].fields["goal"] == "85"


def test_what_goals_cost_is_told_of_the_decks_that_follow(visitor, add):
    assert "There are no cards here yet." in visitor.visit("/settings").text
    add(keep_ready=True)

    page = visitor.visit("/settings")

    assert "as if you had learned all cards today" in page.text
    assert "Decks with options of their own are not counted." in page.text


def test_a_saved_time_zone_counts_at_once_on_every_page(visitor, add, database):
    add(keep_ready=True)
    now = utcnow()
    with database.writing() as session:
        owner = accounts.local_owner(session, time_zone="UTC", now=now)
        answer(session, owner, 1, Grade.EASY, at=now)
    # Where the day has another date than the one before, whatever the time is now.
    far = {"Pacific/Kiritimati": "0", "Pacific/Pago_Pago": "23"}
    shown = set()

    for zone, turn in far.items():
        visitor.visit("/settings")
        visitor.press("Save", zone=zone, turn=turn)
        days = Days(ZoneInfo(zone), int(turn))
        page = visitor.visit("/")
        on = days.day_of(utcnow())
        assert f"{on.day} {MONTHS[on.month - 1]}" in page.text
        assert "added today" in visitor.visit("/library").text
        shown.add(on)

    assert len(shown) == 2


def test_limits_count_at_once(visitor, add):
    add(keep_ready=True)
    assert "6 cards are due today." in visitor.visit("/").text
    visitor.visit("/settings")

    visitor.press("Save", new="2", turn="4")

    assert "2 cards are due today." in visitor.visit("/").text


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"goal": "99"}, "Choose a goal from 70 to 97 percent."),
        ({"goal": "a lot"}, "as a number of percent, like 90"),
        ({"goal": "nan"}, "Choose a goal from 70 to 97 percent."),
        ({"new": "-1"}, "how many new cards you want a day, as a number"),
        ({"reviews": "9" * 30}, "how many reviews you want a day, as a number"),
        ({"reviews": "10000"}, "from 0 to 9,999"),
        ({"turn": "25"}, "a full hour from 0 to 23"),
        ({"turn": ""}, "Choose the hour"),
        ({"zone": "Atlantis"}, "There is no time zone"),
        ({"zone": "../../etc/passwd"}, "There is no time zone"),
        ({"dates": "never"}, "scheduled already"),
    ],
    ids=str,
)
def test_a_setting_that_cannot_be_is_refused_and_nothing_is_stored(visitor, typed, sentence):
    before = visitor.visit("/settings").html.partition("csrf")[0]

    page = visitor.press("Save", **{"new": "5", **typed})

    assert page.status == 422
    assert sentence in page.text
    assert visitor.visit("/settings").html.partition("csrf")[0] == before


def test_the_theme_of_this_device_is_marked_in_settings(visitor):
    visitor.send("/theme", theme="dark")

    page = visitor.visit("/settings")

    assert 'value="dark" aria-pressed="true"' in page.html
    assert re.findall(r'name="theme" value="(\w+)" aria-pressed="true"', page.html) == ["dark"]
