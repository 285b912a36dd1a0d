"""Who says what. Every test here is a way to put words into the wrong mouth."""

import pytest

from quizapp.domain.documents import BlockKind
from quizapp.ingest import names, read


def said(source: str, filename: str = "a.md") -> dict[str, str | None]:
    """Return who says each paragraph and bullet, by its first two words."""
    document = read(source.encode(), filename)
    texts = (BlockKind.PARAGRAPH, BlockKind.BULLET, BlockKind.STEP, BlockKind.QUOTE)
    return {
        " ".join(b.span.of(document.text).split()[:2]): b.speaker.name if b.speaker else None
        for b in document.blocks
        if b.kind in texts
    }


def speaker(source: str, filename: str = "a.md"):
    return next(b.speaker for b in read(source.encode(), filename).blocks if b.speaker)


TALKS = """The Big Summit

Ada Byron, Chair of Engines at Babbage Ltd

Ada Byron spoke on the theme “Looms and numbers”.

Key points:
- Engines weave patterns of numbers.

Bo Li, Director, Research Division, Acme

Bo Li spoke next.

- Steam is over.
"""


def test_a_header_with_role_and_organisation_opens_what_a_speaker_says():
    found = said(TALKS, "a.txt")

    assert found["Engines weave"] == "Ada Byron"
    assert found["Steam is"] == "Bo Li"
    assert found["Ada Byron"] is None, "the sentence about her is not hers"


def test_role_and_organisation_are_read_from_the_header():
    ada = speaker(TALKS, "a.txt")

    assert (ada.role, ada.organisation, ada.full) == (
        "Chair of Engines",
        "Babbage Ltd",
        "Ada Byron (Chair of Engines at Babbage Ltd)",
    )


def test_the_title_of_a_talk_is_no_part_of_the_role():
    source = TALKS.replace("Chair of Engines at Babbage Ltd", 'Chair of Engines at Babbage Ltd: "Weaving with numbers"')

    assert speaker(source).title == "Chair of Engines at Babbage Ltd"


def test_an_unknown_header_ends_attribution():
    source = TALKS + "\nAround the venue\n\n- Coffee was free all day.\n"

    assert said(source, "a.txt")["Coffee was"] is None


def test_a_header_that_nothing_confirms_is_nobody():
    source = "Report\n\nFinance, Chair of Accounts\n\nCosts fell by 3% in the year, and nobody noticed it.\n"

    assert said(source, "a.txt")["Costs fell"] is None


def test_a_label_is_no_speaker():
    source = "# Talk\n\n**Summary:** The talk was short.\n\n**Note:** Bring a pen.\n\n**Summary:** It was good.\n"

    assert set(said(source).values()) == {None}


def test_a_heading_that_is_a_name_needs_evidence_of_a_person():
    person = "# Talks\n\n## Ada Byron\n\nByron argued that engines weave numbers.\n\n- Engines think.\n"
    thing = "# Talks\n\n## Prometheus Operator\n\nPrometheus Operator manages setups.\n\n- It scales.\n"

    assert said(person)["Engines think."] == "Ada Byron"
    assert said(thing)["It scales."] is None


def test_a_line_below_a_name_gives_the_role():
    source = (
        "# Talks\n\n## Ada Byron\n*Chair of Engines, Babbage Ltd*\n\n- Engines think.\n\n## Questions\n\n- Who pays?\n"
    )

    assert speaker(source).title == "Chair of Engines, Babbage Ltd"
    assert said(source)["Who pays?"] is None


INTERVIEW = """# A conversation

**Ada Byron:** What do you do?

**Bo Li:** I am a Principal Engineer at Acme. We build looms.

Looms are loud.

**AB:** Three things?

**BL:** Three things:

- the first thing;

## Afterwards

They left together.
"""


def test_turns_run_until_the_next_turn_or_heading():
    found = said(INTERVIEW)

    assert found["I am"] == "Bo Li"
    assert found["Looms are"] == "Bo Li"
    assert found["They left"] is None


def test_initials_mean_the_person_introduced_before():
    found = said(INTERVIEW)

    assert found["Three things?"] == "Ada Byron"
    assert found["the first"] == "Bo Li"


def test_a_first_turn_gives_the_title_that_a_person_gives_themselves():
    people = {b.speaker.name: b.speaker.title for b in read(INTERVIEW.encode(), "a.md").blocks if b.speaker}

    assert people == {"Ada Byron": None, "Bo Li": "Principal Engineer at Acme"}


def test_a_turn_of_somebody_unknown_is_not_given_to_the_speaker_before():
    source = INTERVIEW.split("\n## ")[0] + "\n**Cleo Strange:** I only passed by.\n\nAnd I said more.\n"

    found = said(source)

    assert found["And I"] != "Bo Li"


def test_points_from_a_named_person_are_theirs():
    source = "# T\n\n## A talk with guests\n\nAda Byron and Bo Li met.\n\nKey points from Ada Byron:\n\n- Looms last.\n"

    assert said(source)["Looms last."] == "Ada Byron"


def test_a_talk_by_two_speakers_is_theirs_together_in_its_takeaways_only():
    source = "# T\n\n**Speaker(s):** Ada Byron & Bo Li\n\n## Timestamps\n\n- Start here.\n\n## Key Takeaways\n\n- Looms last.\n"

    found = said(source)

    assert found["Looms last."] == "Ada Byron and Bo Li"
    assert found["Start here."] is None


def test_names_and_what_only_looks_like_one():
    assert all(
        map(names.like_name, ["Ada Byron", "Dr. Ada Byron", "Ludwig van Beethoven", "Zoë O’Neill", "J. R. Smith"])
    )
    assert not any(
        map(names.like_name, ["Key Takeaways", "Summary", "ada byron", "The Big Summit", "Product Team", "2026 Ada"])
    )


MINUTES = """# Committee

| Name | Initials | Role |
|---|---|---|
| Priya Raman | PR | Chair |
| Wen Liu | WL | Treasurer |

## Budget

WL: The reserve covers four months.

PR asked whether the mill could be let. It could not.
"""


def test_an_attendee_table_says_whom_initials_mean():
    assert said(MINUTES)["The reserve"] == "Wen Liu"
    assert speaker(MINUTES).title == "Treasurer"


def test_after_a_turn_a_paragraph_about_somebody_is_the_writer_again():
    assert said(MINUTES)["PR asked"] is None


def test_people_are_known_from_how_prose_introduces_them():
    source = (
        "Planners met\n\nIngrid Solberg, chief planner of Bergen, spoke first. Rafael Mendes, who runs buses, disagreed. "
        "The last was Aiko Tanabe of the University of Osaka, it seems.\n\nThat was it for the day.\n"
    )

    people = {who.name: who.title for who in read(source.encode(), "a.txt").people}

    assert people == {
        "Ingrid Solberg": "chief planner of Bergen",
        "Rafael Mendes": None,
        "Aiko Tanabe": "University of Osaka",
    }


@pytest.mark.parametrize(
    "turn",
    ["[00:12:31] {}: ", "00:12:31 {}: ", "[12:31] {}: ", "{} [00:12:31]: ", "{} (12:31): ", "12:31 - {}: "],
    ids=["brackets", "bare", "minutes", "after", "round", "dash"],
)
def test_time_stamps_of_a_transcript_do_not_hide_who_speaks(turn):
    source = f"# Panel\n\n{turn.format('Ada Byron')}Looms are loud.\n\n{turn.format('Bo Li')}Steam is over.\n"

    assert said(source) == {"Looms are": "Ada Byron", "Steam is": "Bo Li"}


ATTENDED = "# Minutes\n\n| Initials | Name | Role |\n|---|---|---|\n| AB | Ada Byron | Chair |\n| BL | Bo Li | Member services |\n\n"


def test_an_attendee_table_gives_names_and_roles_whatever_the_role_is_called():
    people = {who.name: who.title for who in read(ATTENDED.encode(), "a.md").people}

    assert people == {"Ada Byron": "Chair", "Bo Li": "Member services"}


def test_a_list_belongs_to_who_presents_it_and_ends_with_it():
    source = f"{ATTENDED}BL presented the figures.\n\n1. Sales rose.\n2. AB doubted that.\n3. Costs fell.\n\nThe board was glad.\n"

    found = said(source)

    assert found["Sales rose."] == "Bo Li"
    assert found["AB doubted"] is None
    assert found["The board"] is None


def test_a_list_that_two_people_present_is_nobodys():
    source = f"{ATTENDED}BL presented the figures that AB had asked for.\n\n1. Sales rose.\n"

    assert said(source)["Sales rose."] is None


def test_an_exchange_in_one_paragraph_of_minutes_is_taken_apart():
    source = f"{ATTENDED}AB: why do looms stop? -> BL: they run dry.\n\nThey stopped on Monday.\n"

    found = said(source)

    assert found["why do"] == "Ada Byron"
    assert found["they run"] == "Bo Li"
    assert found["They stopped"] is None


def test_initials_in_a_line_of_those_present_are_people():
    source = "Sync\n\nhere: AB, BL (late)\n\nAB: looms are loud.\n\nNobody objected to that.\n"

    assert said(source, "a.txt")["looms are"] == "AB"
    assert said(source, "a.txt")["Nobody objected"] is None


def test_a_transcript_that_shouts_its_names_has_each_speaker_once():
    source = "Looms\n\nGuest: Dr. Bo Li, author\n\n[00:01] ADA BYRON: Why--\n[00:02] BO LI: --not?\n[00:03] ADA BYRON: So?\n[00:04] BO LI: Steam is over.\n"

    document = read(source.encode(), "a.txt")

    assert {who.name for who in document.people} == {"Ada Byron", "Bo Li"}
    assert said(source, "a.txt")["Steam is"] == "Bo Li"


def test_a_paragraph_that_introduces_a_speaker_is_the_writers():
    source = "# Summit\n\n## Dr. Ada Byron, Chair of Engines at Babbage Ltd\n\nThe longest queue of the day.\n\nKey points:\n\n- Engines weave patterns.\n"

    found = said(source)

    assert (found["The longest"], found["Engines weave"]) == (None, "Ada Byron")


def test_notes_of_a_talk_are_the_speakers_save_for_the_writers_own():
    source = (
        "# Notes: looms\n\nTalk by **Ada Byron** (Chair, Babbage Ltd), Leeds.\n\n## Old looms\n\n- shuttles wear out\n"
        "- [the room was cold]\n\n## TODO (me)\n\n- order shuttles\n"
    )

    found = said(source)

    assert (found["shuttles wear"], found["[the room"], found["order shuttles"]) == ("Ada Byron", None, None)


def test_a_turn_may_say_more_about_the_speaker():
    source = "# Sync\n\nPresent: AB, BL, CM\n\nBL (joined 9:40): the same trap is in Leeds.\n"

    assert said(source)["the same"] == "BL"


def test_notes_of_two_talks_are_each_its_speakers():
    source = (
        "# Notes: looms\n\nTalk by **Ada Byron** (Chair, Babbage Ltd), Leeds.\n\n- shuttles wear out\n\n"
        "## Steam\n\nTalk by **Bo Li**, Leeds.\n\n- steam is over\n"
    )

    found = said(source)

    assert (found["shuttles wear"], found["steam is"]) == ("Ada Byron", "Bo Li")


DUO = """# Panel: the mill

*Moderator: Cleo Marsh.*

**Cleo Marsh:** Why looms?

**Ada & Ben Ito:** Looms weave numbers.

**Ada Ito:** Engines are loud.

**Both:** Steam is over.
"""


def test_a_turn_of_two_people_names_both_and_is_never_given_to_who_spoke_before():
    assert said(DUO) == {
        "Moderator: Cleo": None,
        "Why looms?": "Cleo Marsh",
        "Looms weave": "Ada Ito and Ben Ito",
        "Engines are": "Ada Ito",
        "Steam is": None,
    }


def test_people_whom_prose_reports_are_known_by_their_whole_names():
    source = (
        "Recap\n\nBo Li, a miller from Kranj, said that steam is over. A talk was given by Cleo Marsh, a historian.\n"
    )

    assert {who.name for who in read(source.encode(), "a.txt").people} == {"Bo Li", "Cleo Marsh"}


TAKEAWAYS = """NOTES FROM THE LOOM FORUM

OPENING KEYNOTE: Ada Byron, Chief Engineer, Babbage Mills

Byron skipped her slides and apologised for the noise.

- Looms waste half of their yarn.

Everybody clapped, she said, before the looms were switched on.

PANEL: STEAM, AGAIN
Dr Bo Li, Institute for Steam, and Cleo Marsh, Head of Weaving, Marsh & Daughters

Li showed his study of 22 mills.

Marsh agreed, up to a point. She has bought forty looms, and these are her findings:

- A loom weaves ten ells an hour.
- Steam is loud.

Where the two disagreed was on water:

- Water freezes.
"""


def test_a_header_may_say_first_what_kind_of_talk_it_is():
    assert said(TAKEAWAYS, "a.txt")["Looms waste"] == "Ada Byron"


def test_a_paragraph_that_tells_about_the_speaker_is_the_writers():
    found = said(TAKEAWAYS, "a.txt")

    assert (found["Byron skipped"], found["Everybody clapped,"]) == (None, None)


def test_a_line_below_a_heading_introduces_everybody_on_a_panel():
    people = {who.name: who.title for who in read(TAKEAWAYS.encode(), "a.txt").people}

    assert people["Bo Li"] == "Institute for Steam"
    assert people["Cleo Marsh"] == "Head of Weaving, Marsh & Daughters"


def test_a_list_of_her_findings_is_hers_and_one_of_the_panels_is_nobodys():
    found = said(TAKEAWAYS, "a.txt")

    assert (found["A loom"], found["Steam is"]) == ("Cleo Marsh", "Cleo Marsh")
    assert found["Water freezes."] is None


def test_a_header_that_is_no_heading_ends_what_was_said_before_it():
    source = TALKS.replace("Bo Li, Director", "--- Lunch was herring. Moving on. ---\nBo Li, Director")

    assert said(source, "a.txt")["Steam is"] in {"Bo Li", None}


def test_an_organisation_in_somebodys_title_is_no_person():
    source = "# Recap\n\nThat was Ada Byron, head of looms at the Northmere Mills, who argued that steam is over.\n"

    assert [who.name for who in read(source.encode(), "a.md").people] == ["Ada Byron"]


ANSWERS = """**Q: How did you begin?**

By accident. I found a loom in a shed.

**Q: And the first engine?**

We sold it to a mill for nine pounds, and I kept the drawings.

**Q: What would you tell a beginner?**

I would start with a loom that is broken.

Interview by Bo Li.
"""
ASKED = "# Threads\n\n*Ada Byron founded Loom Works in 1840. Bo Li met her in the old mill.*\n\n"


@pytest.mark.parametrize(
    "source",
    [
        ASKED + ANSWERS,
        ASKED + ANSWERS.replace("Q: ", ""),
        ASKED + ANSWERS.replace("**Q: ", "*").replace("**", "*"),
        ASKED + ANSWERS.replace("**", ""),
        ASKED + ANSWERS.replace("**Q: ", "## ").replace("**", ""),
        (ASKED + ANSWERS).replace("Q: ", "").replace("?**\n\n", "?** "),
        ASKED + ANSWERS.replace("**", "").replace("Q: ", "INTERVIEWER: ").replace("?\n\n", "?\n\nA: "),
        "# In conversation with Ada Byron\n\n" + ANSWERS,
        "# Threads\n\nWith the engineer Ada Byron, at her house in Nottingham.\n\n" + ANSWERS,
    ],
    ids=["marked", "bold", "italic", "plain", "headings", "one paragraph", "labels", "title", "byline"],
)
def test_answers_without_a_name_are_whom_the_introduction_names(source):
    document = read(source.encode(), "a.md")
    spoken = {b.span.of(document.text)[-20:]: b.speaker.name for b in document.blocks if b.speaker}

    assert [text for text, who in spoken.items() if who == "Ada Byron"] == [
        " found a loom in a shed."[-20:],
        "I kept the drawings."[-20:],
        "a loom that is broken."[-20:],
    ]
    assert len(spoken) == 3, "neither the introduction nor the note at the end is hers"


@pytest.mark.parametrize(
    "source",
    [
        ASKED.replace("Ada Byron founded", "Ada Byron and her husband Carl Moss founded") + ANSWERS,
        ASKED.replace("in 1840", "in 1840, Carl Moss joined her") + ANSWERS,
        ASKED + ANSWERS.replace("And the first engine?", "And the first engine, Carl?"),
        ASKED.replace("in 1840", "in 1840; her husband sits with us") + ANSWERS,
        ASKED + ANSWERS.replace("**Q: And", "*Carl walks in.*\n\n**Q: And"),
        ASKED + ANSWERS.replace("I ", "they "),
    ],
    ids=[
        "two founders",
        "another who joined",
        "a question to somebody else",
        "another at the table",
        "another who comes later",
        "nobody speaks of themselves",
    ],
)
def test_answers_that_two_people_may_have_given_are_nobodys(source):
    assert not any(block.speaker for block in read(source.encode(), "a.md").blocks)


def test_notes_below_a_line_with_the_speaker_are_the_speakers_save_for_remarks_and_chores():
    source = (
        "# Notes: Looms\n\n**Speaker:** Ada Byron, head of looms at Babbage Ltd (they make engines)\n\n**Where:** Track B\n\n"
        "## Why\n\n- Looms count. She said so twice\n- I think her looms are ugly\n\n"
        "## Q&A\n\n- Do looms tire? -> Never, her belts do\n- Somebody asked about steam\n\n## My to-do\n\n- Buy thread\n"
    )
    found = said(source)

    assert speaker(source).full == "Ada Byron (head of looms at Babbage Ltd)"
    assert (found["Looms count."], found["Never, her"]) == ("Ada Byron", "Ada Byron")
    assert (found["I think"], found["Somebody asked"], found["Buy thread"]) == (None, None, None)
    assert "Where: Track" not in found, "when and where is no part of the talk"


@pytest.mark.parametrize(("asks", "answers"), [("CM", "AB"), ("INTERVIEWER", "BYRON"), ("Q", "AB")])
def test_short_labels_mean_whom_the_introduction_names(asks, answers):
    turns = f"{asks}: How did you begin?\n\n{answers}: By accident.\n\n" * 2 + f"{asks}: Steam was over by then.\n"
    found = said(f"# Threads\n\nAda Byron founded Loom Works in 1840.\n\n{turns}")

    assert found["By accident."] == "Ada Byron"
    assert found["Steam was"] is None, "what is asked is not hers"
