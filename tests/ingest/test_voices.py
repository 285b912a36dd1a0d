"""Which labels change the voice, and whom they name."""

import pytest

from tests.ingest.test_speakers import said

CAST = "The mill at night\n\nPresent: Ada Lovell-Byron (chair), Bo Li\n\n"


@pytest.mark.parametrize(
    "turns",
    [
        "ALB: Looms weave numbers.\n\nBL: Steam is over.\n\nALB: Engines are loud.",
        "[00:01] ADA: Looms weave numbers.\n\n[00:09] BO: Steam is over.\n\n[00:12] ADA: Engines are loud.",
        "Q1 THE CHAIR: Looms weave numbers.\n\nMR LI: Steam is over.\n\nTHE CHAIR: Engines are loud.",
        "Lovell-Byron — Looms weave numbers.\n\nLi — Steam is over.\n\nLovell-Byron — Engines are loud.",
        "(a) Lovell-Byron. Looms weave numbers.\n\n(b) Li. Steam is over.\n\n(c) Lovell-Byron. Engines are loud.",
    ],
)
def test_a_label_may_shorten_a_name_in_any_way_that_fits_one_person(turns):
    # when
    found = said(CAST.replace("Present", "With") + turns, "a.txt")

    # then
    assert found["Looms weave"] == found["Engines are"] == "Ada Lovell-Byron"
    assert found["Steam is"] == "Bo Li"


def test_initials_that_two_people_share_are_nobody():
    # given
    source = "With Ada Byron, Alan Bell and Cy Dow.\n\nAB: Looms weave.\n\nCD: Steam is over.\n\nAB: It is.\n\nCD: No, wait.\n"

    # when
    found = said(source)

    # then
    assert found["Looms weave."] is None
    assert found["Steam is"] == "Cy Dow"


def test_a_stranger_and_a_note_of_what_happens_end_a_turn():
    # given
    source = (
        "Talk with Ada Byron\n\nAda Byron  0:03\nLooms weave numbers.\n\nUnknown Speaker  0:09\nSteam is over.\n\n"
        "Ada Byron  0:12\nEngines are loud.\n\n[AD BREAK]\n\nThis hour is sponsored.\n"
    )

    # when
    found = said(source, "a.txt")

    # then
    assert found["Looms weave"] == "Ada Byron"
    assert found["Steam is"] is None
    assert found["This hour"] is None


def test_user_names_are_people_when_the_text_says_so():
    # given
    source = "Nicknames: addie = Ada Byron, bo_li = Bo Li\n\n[18:01] <addie> looms weave numbers\n[18:02] <bo_li> steam is over\n[18:03] <addie> engines are loud\n"

    # when
    found = said(source, "a.txt")

    # then
    assert found["looms weave"] == "Ada Byron"
    assert found["steam is"] == "Bo Li"


def test_a_table_of_who_said_what_gives_every_row_to_its_speaker():
    # given
    source = "# Log\n\n| Who | What was said |\n|---|---|\n| Ada Byron, Babbage Ltd | Looms weave numbers well. |\n| (chat) | Steam is not over. |\n"

    # when
    found = said(source)

    # then
    assert found["Looms weave"] == "Ada Byron"
    assert found["Steam is"] is None


def test_what_minutes_report_belongs_to_whose_initials_open_the_line():
    # given
    source = (
        "# Board\n\nPresent: Ada Byron (AB), Bo Li (BL)\n\nAB reported that looms weave.\n\nThe lamp was repaired.\n"
    )

    # when
    found = said(source)

    # then
    assert found["AB reported"] == "Ada Byron"
    assert found["The lamp"] is None


def test_what_follows_a_rule_after_the_last_turn_is_nobodys():
    # given
    source = "Ada Byron meets Bo Li.\n\n**Ada:** Why looms?\n\n**Bo:** They are loud.\n\n**Ada:** I know.\n\n---\n\nNew episodes on Fridays.\n"

    # when
    found = said(source)

    # then
    assert found["They are"] == "Bo Li"
    assert found["New episodes"] is None


def test_topics_in_a_template_are_no_people():
    # given
    source = "Team: Ada Byron, Bo Li\n\n### Ada\n\n- Yesterday: looms\n- Blocked: by steam\n\n### Bo\n\n- Yesterday: engines\n- Blocked: by rain\n"

    # when
    found = said(source)

    # then
    assert found["Yesterday: looms"] == "Ada Byron"
    assert found["Blocked: by"] == "Bo Li"


@pytest.mark.parametrize(
    "turns",
    [
        "- [ALB] Looms weave numbers.\n- [BL] Steam is over.\n- [ALB] Engines are loud.",
        "— Looms weave numbers. (Lovell-Byron)\n\n— Steam is over. (Bo Li, weaver)\n\n— Engines are loud. (the chair)",
        "MRS. LOVELL-BYRON\n\nLooms weave numbers.\n\nMR. LI\n\nSteam is over.\n\nMRS. LOVELL-BYRON\n\nEngines are loud.",
    ],
)
def test_a_name_may_stand_in_brackets_behind_the_words_or_on_a_line_of_its_own(turns):
    # when
    found = said(CAST.replace("Present", "With") + turns)

    # then
    assert found["Looms weave"] == found["Engines are"] == "Ada Lovell-Byron"
    assert found["Steam is"] == "Bo Li"


def test_the_line_below_a_name_says_who_it_is_and_no_council_speaks():
    # given
    source = (
        "ADA BYRON\nChair of the Parish Council\n\nLooms weave numbers.\n\nBO LI\nEngineer, Ely\n\nSteam is over.\n\n"
        "The clerk noted some shouting.\n\nADA BYRON\n\nEngines are loud.\n"
    )

    # when
    found = said(source, "a.txt")

    # then
    assert found["Looms weave"] == "Ada Byron"
    assert (found["Steam is"], found["The clerk"]) == ("Bo Li", None)


def test_what_follows_the_last_turn_without_an_i_is_nobodys():
    # given
    source = (
        "With Ada Byron and Bo Li.\n\nByron: Looms weave.\n\nI saw one.\n\nLi: Steam is over.\n\nI sold it.\n\n"
        "Trams to Ely leave hourly.\n"
    )

    # when
    found = said(source)

    # then
    assert (found["I sold"], found["Trams to"]) == ("Bo Li", None)


def test_interviews_one_below_the_other_are_each_whose_introduction_stands_above():
    # given
    source = (
        "## The grower\n\nAda Byron grows flax.\n\nQ. Why?\n\nA. Flax is blue.\n\n"
        "## The buyer\n\nWe asked Bo Li the same.\n\nQ. Why?\n\nA. Linen is dear.\n\n## Our view\n\nBuy cotton now.\n"
    )

    # when
    found = said(source)

    # then
    assert (found["Flax is"], found["Linen is"], found["Buy cotton"]) == ("Ada Byron", "Bo Li", None)


@pytest.mark.parametrize("heading", ["What Ada told us", "Ada's advice"])
def test_a_heading_announces_whose_words_stand_below(heading):
    # when
    found = said(
        f"# The mill\n\nWith Ada Byron and Bo Li.\n\n## {heading}\n\n- Looms weave.\n\n## Links\n\n- Mill plans.\n"
    )

    # then
    assert (found["Looms weave."], found["Mill plans."]) == ("Ada Byron", None)


def test_a_name_in_bold_is_a_label_only_in_front_of_a_sentence_of_its_own():
    # given
    turns = "**Byron** Looms weave.\n\n**Li** Steam is over.\n\n**Byron** Engines are loud.\n"
    told = "**Byron** opened the loom.\n\n**Li** left at noon.\n\n**Byron** closed the loom.\n"

    # when
    found = said(f"With Ada Byron and Bo Li.\n\n{turns}")

    # then
    assert (found["Looms weave."], found["Steam is"]) == ("Ada Byron", "Bo Li")
    assert "Byron opened" in said(f"With Ada Byron and Bo Li.\n\n{told}")


def test_the_times_of_a_table_of_contents_name_nobody():
    notes = (
        "# Keeping mills\n\n**Speakers:** Ada Lovell-Byron & Bo Li\n\n## Timestamps\n\n- `00:00` - Introduction to the speakers\n- `01:05` - Mill Operator TLDR\n"
        "- `02:10` - Water Wheels\n- `07:35` - Wheel Repairs\n- `12:50` - Why millers still count every sack by hand\n\n"
        "## Key takeaways\n\n- Water Wheels: Undershot Wheels are turned by a fast river, and slowly.\n"
    )

    assert "Water Wheels" not in said(notes).values()
