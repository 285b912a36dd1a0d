import pytest

from quizapp.generate.claims import claims, sentences
from quizapp.ingest import read


def split(text: str) -> list[str]:
    return [span.of(text) for span in sentences(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One. Two! Three? Four", ["One.", "Two!", "Three?", "Four"]),
        ("Become No. 2. The No. 1 player pays.", ["Become No. 2.", "The No. 1 player pays."]),
        ("Dr. Byron met J. Smith at 3 p.m. on Monday. Good.", ["Dr. Byron met J. Smith at 3 p.m. on Monday.", "Good."]),
        ("He said “Stop.” Then he left.", ["He said “Stop.”", "Then he left."]),
        ("It grew by 3.5 percent, e.g. in May. Good.", ["It grew by 3.5 percent, e.g. in May.", "Good."]),
        ("Lobster, Harness… hit products came. Good.", ["Lobster, Harness… hit products came.", "Good."]),
        ("大会在北京举行。约有一千人参加。", ["大会在北京举行。", "约有一千人参加。"]),
    ],
    ids=["marks", "numbered", "abbreviations", "quotation", "decimals", "ellipsis", "chinese"],
)
def test_sentences_end_where_a_reader_ends_them(text, expected):
    assert split(text) == expected


INTERVIEW = """# Talk

**Ada Byron:** How loud is a loom?

**Bo Li:** A loom is loud, Li says, and slow. It is also a machine. But who knows?

**Ada Byron:** I see. Really?
"""


def test_questions_and_interviewers_make_no_claims():
    found = claims(read(INTERVIEW.encode(), "a.md"))

    assert [claim.text for claim in found] == ["A loom is loud, Li says, and slow.", "It is also a machine."]


def test_an_aside_that_names_the_speaker_is_left_out_of_what_is_asked():
    assert claims(read(INTERVIEW.encode(), "a.md"))[0].said == "A loom is loud and slow"


def test_a_view_reported_in_prose_belongs_to_whom_it_is_reported_of():
    source = "# Talks\n\n## Bo Li\n*Director, Acme*\n\n- Looms last.\n\n## After\n\nMachines rest, according to Li. They do.\n"

    found = {
        claim.text: claim.speaker.name if claim.speaker else None for claim in claims(read(source.encode(), "a.md"))
    }

    assert found == {"Looms last.": "Bo Li", "Machines rest, according to Li.": "Bo Li", "They do.": None}


def test_a_claim_is_verbatim_at_its_place():
    document = read(INTERVIEW.encode(), "a.md")

    assert all(claim.span.of(document.text) == claim.text for claim in claims(document))


RECAP = """What planners want

Ingrid Solberg, chief planner of Bergen, began with parking. “A space is a costly bench,” she said. It is late.

Solberg and Rafael Mendes, who runs buses, met. He warned that frequency counts. Mendes compared a bus to a fire engine.
"""


def test_reported_views_belong_to_whom_the_sentence_names():
    found = {
        claim.text: claim.speaker.name if claim.speaker else None for claim in claims(read(RECAP.encode(), "a.txt"))
    }

    assert found["“A space is a costly bench,” she said."] == "Ingrid Solberg"
    assert found["Mendes compared a bus to a fire engine."] == "Rafael Mendes"
    assert found["It is late."] is None


def test_a_pronoun_that_could_mean_two_people_means_nobody():
    found = {claim.text: claim.speaker for claim in claims(read(RECAP.encode(), "a.txt"))}

    assert found["He warned that frequency counts."] is None


def test_what_a_host_says_is_left_out_and_what_a_presenter_says_is_not():
    talk = (
        "{who}: Ada Byron\n\n**Ada Byron:** Looms are old and loud here.\n\n**Bo Li:** Steam is the new thing here.\n"
    )

    hosted, presented = (
        {
            claim.speaker.name
            for claim in claims(read(f"# Looms\n\n{talk.format(who=who)}".encode(), "a.md"))
            if claim.speaker
        }
        for who in ("Host", "Presented by")
    )

    assert (hosted, presented) == ({"Bo Li"}, {"Ada Byron", "Bo Li"})


def test_a_moderator_is_known_in_the_middle_of_a_line_and_the_panelists_beside_them_are_not_meant():
    turns = "**Ada Byron:** Looms are old and loud here.\n\n**Bo Li:** Steam is the new thing here.\n"
    source = f"# Looms\n\nMill Forum. Moderator: Ada Byron. Panelists: Bo Li, Cleo Marsh.\n\n{turns}"

    assert {claim.speaker.name for claim in claims(read(source.encode(), "a.md")) if claim.speaker} == {"Bo Li"}


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ("A cloth can be, what, ten yards long.", "A cloth can be ten yards long"),
        ("Do you know how a mill looks when it is dry.", "Do you know how a mill looks when it is dry"),
        ("Oh, looms are loud, you know.", "Looms are loud"),
    ],
)
def test_what_speech_fills_its_gaps_with_is_not_asked_for(told, said):
    assert claims(read(f"# A walk\n\n{told}\n".encode(), "a.md"))[-1].said == said


@pytest.mark.parametrize(
    "note",
    [
        "Hence her point that looms wear out their belts",
        "Her view: looms wear out their belts",
        "Looms wear out their belts, she says",
    ],
)
def test_what_notes_say_of_the_speaker_is_left_out_of_what_she_says(note):
    source = f"# Notes\n\nSpeaker: Ada Byron, head of looms at Babbage\n\n## Belts\n\n- {note}\n"

    assert [one.said for one in claims(read(source.encode(), "a.md")) if one.speaker] == ["Looms wear out their belts"]


def test_an_interview_gives_its_question_to_the_answer():
    source = (
        "# Threads\n\nAda Byron runs a mill.\n\n**Q: You like noise. How does a loom start?**\n\nI pull it.\n\n"
        "**Q: And stop?**\n\nI wait.\n\n**Q: Always?**\n\nI do.\n"
    )
    found = claims(read(source.encode(), "a.md"))

    assert next((one.asked, one.speaker.name) for one in found if one.speaker) == (
        "How does a loom start?",
        "Ada Byron",
    )
