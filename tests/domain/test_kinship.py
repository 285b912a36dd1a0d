import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.domain.kinship import Kinship, Named, is_called_the_same, likeness

RULES = [f"Rule {n * 13} holds on quay {n} and for every boat that is longer than {n * 3} metres." for n in range(20)]
OTHERS = [f"Nobody came on day {n}; so the talk about the pier, number {n * 17}, was put off again." for n in range(20)]
HEADS = ["Present: Ann, Bob, Cyd", "Decisions", "Next meeting"]


def named(lines, title="Harbour", filename="harbour.md", url=None):
    return Named(title, filename, url, "\n".join([title, *lines]))


def kinship(before, after, **names):
    return likeness(named(before), named(after, **names)).kinship


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (RULES, RULES[:10] + OTHERS[:6], Kinship.NEXT),
        (RULES, RULES + OTHERS + OTHERS, Kinship.NEXT),
        (RULES, RULES[:6], Kinship.NEXT),
        (RULES, RULES[:7] + OTHERS[:13], Kinship.PERHAPS),
        (HEADS + RULES, HEADS + OTHERS, Kinship.OTHER),
    ],
    ids=["half is kept", "it has grown", "much was taken out", "a third is kept", "the headings alone"],
)
def test_of_one_name_it_depends_on_how_much_was_kept(before, after, expected):
    assert kinship(before, after) is expected


@pytest.mark.parametrize(
    ("day", "other"),
    [
        ("Date: 9 September 2025", "Date: 7 October 2025"),
        ("2025-09-09", "7 Oct 2025"),
        ("Meeting No. 7", "Meeting no. 8"),
        ("Week 36", "Week 40"),
        ("09.09.2025", "07.10.2025"),
    ],
)
def test_what_is_of_another_day_is_asked_about_however_much_was_kept(day, other):
    assert kinship([day, *RULES], [other, *RULES[:14], *OTHERS[:6]]) is Kinship.PERHAPS
    assert kinship([day, *RULES], [day, *RULES[:14], *OTHERS[:6]]) is Kinship.NEXT


def test_a_day_that_was_changed_alone_makes_no_other_document():
    assert kinship(["Changed on 3 May 2025", *RULES], ["Changed on 8 May 2025", *RULES]) is Kinship.NEXT


def test_a_day_that_was_added_is_no_other_day():
    assert kinship(["Of 3 May 2025", *RULES], ["Of 3 May 2025, changed in June 2025", *RULES[:14]]) is Kinship.NEXT


def test_a_page_is_the_same_whatever_day_it_gives():
    page = "https://example.org/rules"
    before = named(["3 May 2025", *RULES], url=page)

    assert likeness(before, named(["8 June 2026", *RULES[:12]], url=page)).kinship is Kinship.NEXT


def test_may_and_march_are_words_as_well():
    assert named(["A boat may leave. Others march on."]).days == frozenset()
    assert named([], title="Minutes of May").days == {"-5-"}


def test_what_has_another_name_is_asked_about_when_nearly_all_is_the_same():
    names = {"title": "Pier", "filename": "pier.md"}

    assert kinship(RULES, [*RULES, OTHERS[0]], **names) is Kinship.PERHAPS
    assert kinship(RULES, RULES, **names) is Kinship.PERHAPS
    assert kinship(RULES, RULES[:12] + OTHERS[:8], **names) is Kinship.OTHER


@pytest.mark.parametrize("filename", ["harbour (1).pdf", "Harbour-v2.docx", "harbour_final.md", "harbour copy (2).md"])
def test_the_marks_of_a_copy_or_a_version_are_no_part_of_a_name(filename):
    assert is_called_the_same(named([], title="One"), named([], title="Two", filename=filename))


def test_two_months_have_two_names():
    one, other = (named([], title=title, filename=f"{title}.md") for title in ("minutes-2025-04", "minutes-2025-05"))

    assert not is_called_the_same(one, other)


@given(st.text("ab1. \n/"), st.text("ab1. \n/"))
def test_a_text_is_always_its_own_next_version(title, body):
    one = Named(title or "x", "x.md", None, f"x{body}")

    assert likeness(one, one).kinship is Kinship.NEXT
