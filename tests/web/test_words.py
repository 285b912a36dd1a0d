from datetime import UTC, date, datetime, timedelta

import pytest

from quizapp.domain.cards import Source
from quizapp.translations import speaking
from quizapp.web import words

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@pytest.mark.parametrize(
    ("interval", "short", "in_words"),
    [
        (timedelta(), "1 min", "1 minute"),
        (30 * timedelta(seconds=1), "1 min", "1 minute"),
        (10 * MINUTE, "10 min", "10 minutes"),
        (59.6 * MINUTE, "1 h", "1 hour"),
        (5 * HOUR, "5 h", "5 hours"),
        (23.8 * HOUR, "1 d", "1 day"),
        (16 * DAY, "16 d", "16 days"),
        (30 * DAY, "1 mo", "1 month"),
        (39 * DAY, "1.3 mo", "1.3 months"),
        (364 * DAY, "12.1 mo", "12.1 months"),
        (365 * DAY, "1 y", "1 year"),
        (912 * DAY, "2.5 y", "2.5 years"),
    ],
    ids=str,
)
def test_an_interval_is_said_on_a_button_and_in_a_sentence(interval, short, in_words):
    assert words.short(interval) == short
    assert words.span(interval) == in_words


def test_longer_intervals_reach_further_and_none_leaves_the_scale():
    reached = [words.fraction(interval) for interval in (timedelta(), MINUTE, 10 * MINUTE, DAY, 30 * DAY, 9999 * DAY)]

    assert reached == sorted(reached)
    assert reached[0] > 0
    assert reached[-1] == 100


@pytest.mark.parametrize(
    ("count", "said"), [(0, "0 cards"), (1, "1 card"), (2, "2 cards"), (1204, "1,204 cards")], ids=str
)
def test_an_amount_agrees_with_its_noun(count, said):
    assert words.amount(count, "card") == said


def test_a_day_is_said_in_full():
    assert words.day(date(2026, 11, 23)) == "Monday 23 November"


@pytest.mark.parametrize(
    ("source", "said"),
    [
        (Source("q", 0, 1), ""),
        (Source("q", 0, 1, heading="Severity"), "Severity"),
        (Source("q", 0, 1, heading="Severity", page=3), "Severity, page 3"),
        (Source("q", 0, 1, page=3), "page 3"),
    ],
    ids=str,
)
def test_a_place_is_said_as_far_as_it_is_known(source, said):
    assert words.place(source) == said


@pytest.mark.parametrize(
    ("question", "answer", "filled"),
    [
        ("The […] shines.", "sun", "The <mark>sun</mark> shines."),
        ("[…] and […].", "one; two", "<mark>one</mark> and <mark>two</mark>."),
        ("[…] and […].", "one", None),
        ("[colour]?", "red", None),
        ("[…] <x>", "a < b", "<mark>a &lt; b</mark> &lt;x&gt;"),
    ],
    ids=str,
)
def test_the_gaps_of_a_cloze_are_filled(question, answer, filled):
    found = words.answer_html(question, answer)

    assert (None if found is None else str(found)) == filled


def test_when_a_card_comes_is_said_by_the_learners_day(site, monkeypatch):
    now = datetime(2026, 11, 23, 23, 0, tzinfo=UTC)
    monkeypatch.setattr(words, "utcnow", lambda: now)

    with site.test_request_context("/"):
        site.preprocess_request()
        said = [words.due(at) for at in (None, now - DAY, now, now + 4 * HOUR, now + 6 * HOUR, now + 3 * DAY)]
        ago = [words.ago(at) for at in (now, now - 20 * HOUR, now - 5 * DAY, now - 400 * DAY)]

    assert said == ["new", "now", "now", "in 4 hours", "tomorrow", "in 3 days"]
    assert ago == ["today", "yesterday", "5 days ago", "on 19 October 2025"]


@pytest.mark.parametrize(
    ("filename", "kind"),
    [("a.md", "Markdown"), ("a.HTM", "Web page"), ("a.epub", "Electronic book"), ("a.odd", "ODD"), ("a", "File")],
)
def test_the_kind_of_a_file_is_named_by_how_its_name_ends(filename, kind):
    assert words.file_kind(filename) == kind


@pytest.mark.parametrize(("code", "name"), [("en", ""), ("und", ""), ("de", "German"), ("xx", "xx")])
def test_a_language_is_named_unless_it_goes_without_saying(code, name):
    assert words.language(code) == name


def test_words_begin_a_sentence_and_stand_within_one_as_their_language_writes_them():
    assert words.sentence_case("das Wort fehlt") == "Das Wort fehlt"
    assert words.within_sentence("True or false") == "true or false"
    with speaking("de"):
        assert words.within_sentence("Lücken") == "Lücken"
