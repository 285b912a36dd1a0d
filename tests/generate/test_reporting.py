"""Whom a paragraph of prose reports: never the wrong one, and nobody where two could be meant."""

import pytest

from quizapp.generate.claims import Claim, claims
from quizapp.ingest import read


def told(*paragraphs: str) -> dict[str, Claim]:
    """Return the claims of a recap by their first two words."""
    source = "Looms and steam: a recap\n\n" + "\n\n".join(paragraphs) + "\n"
    return {" ".join(claim.text.split()[:2]): claim for claim in claims(read(source.encode(), "a.txt"))}


def whose(found: dict[str, Claim], opening: str) -> str | None:
    speaker = found[opening].speaker
    return speaker.name if speaker else None


ADA = "Ada Byron, who directs engines at Babbage Ltd, opened the day."
BO = "Bo Li, a miller from Kranj, said that steam is over."


@pytest.mark.parametrize(
    ("sentence", "said"),
    [
        ("She argued that looms waste half of their yarn.", "Looms waste half of their yarn"),
        ("Byron told the audience that looms are loud.", "Looms are loud"),
        ("Looms, she added, are loud and slow.", "Looms are loud and slow"),
        ("In her view, looms are loud machines.", "Looms are loud machines"),
        ("According to Byron, looms are loud machines.", "Looms are loud machines"),
        ("For Byron, looms are loud machines.", "Looms are loud machines"),
        ("“A loom is a patient weaver of numbers,” she said.", "A loom is a patient weaver of numbers"),
        ("She admitted that yarn is dear, and that it tears.", "Yarn is dear, and it tears"),
        ("She recommended that looms be oiled daily.", "Ada Byron recommended that looms be oiled daily"),
        ("Her study of 40 mills showed less waste.", "Ada Byron’s study of 40 mills showed less waste"),
        ("The trouble is noise: she conceded that looms shake whole streets.", "Looms shake whole streets"),
        ("Asked about yarn, Byron replied that mills waste half of it.", "Mills waste half of it"),
        ("Looms, by her reckoning, are loud machines.", "Looms are loud machines"),
        ("What she lacks are weavers with patience.", "What Ada Byron lacks are weavers with patience"),
        ("In her trial, 40 mills stopped at night.", "In Ada Byron’s trial, 40 mills stopped at night"),
        ("Byron clarified: looms run at night as well.", "Looms run at night as well"),
        ("Byron compared a loom to an engine.", "Ada Byron compared a loom to an engine"),
    ],
)
def test_what_is_reported_is_asked_without_the_report(sentence, said):
    claim = list(told(f"{ADA} {sentence}").values())[-1]

    assert (claim.speaker.name if claim.speaker else None, claim.said) == ("Ada Byron", said)


def test_a_pronoun_means_the_person_of_the_sentence_before():
    found = told(ADA, f"{BO} Byron replied that steam is young. Li laughed. He explained that mills vary.")

    assert whose(found, "Byron replied") == "Ada Byron"
    assert whose(found, "He explained") == "Bo Li"


def test_a_pronoun_after_two_people_or_a_relative_means_nobody():
    found = told(
        ADA,
        f"{BO} Li thanked Byron for the engines. He warned that yarn tears.",
        "Byron praised Li’s uncle once. He believes that looms are alive.",
    )

    assert whose(found, "He warned") is None
    assert whose(found, "He believes") is None


@pytest.mark.parametrize("other", ["Zork argued that mills vary.", "Her uncle once burned forty looms."])
def test_a_pronoun_after_somebody_who_is_not_known_means_nobody(other):
    found = told(f"{ADA} {other} He said that steam is over.")

    assert whose(found, "He said") is None


def test_a_pronoun_is_not_somebody_named_after_it():
    found = told(ADA, "Rain fell all day.", "She compared Li to an engine.", BO)

    assert whose(found, "She compared") is None


def test_one_person_is_not_called_both_he_and_she():
    found = told(f"{ADA} She said that looms are loud. He argued that steam is over.")

    assert whose(found, "He argued") is None


def test_a_surname_of_two_people_means_neither():
    found = told("Ada Ito and Ben Ito, who run a mill, spoke last. Ito argued that looms are loud.")

    assert whose(found, "Ito argued") is None


def test_a_sentence_between_two_of_one_person_is_theirs_and_what_follows_the_last_is_not():
    found = told(
        f"{ADA} Byron warned that yarn tears. A torn yarn stops forty looms. The audience laughed for a while. "
        "Byron argued that looms are loud. Wet yarn stops ten looms."
    )

    assert whose(found, "A torn") == "Ada Byron"
    assert whose(found, "The audience") is None
    assert whose(found, "Wet yarn") is None


def test_between_the_words_of_two_people_a_sentence_is_nobody_s():
    found = told(ADA, f"{BO} A torn yarn stops forty looms. Byron said that steam is young.")

    assert whose(found, "A torn") is None


def test_beside_the_words_of_a_stranger_a_sentence_is_nobody_s():
    found = told(
        f"{ADA} Byron said that looms are loud. Zork argued that mills vary. A torn yarn stops forty looms. "
        "Byron argued that engines are louder."
    )

    assert whose(found, "Zork argued") is None
    assert whose(found, "A torn") is None


def test_a_pronoun_that_opens_a_paragraph_means_the_one_person_of_the_paragraph_before():
    found = told(f"{ADA} Byron said that looms are loud.", "She explained that yarn tears in dry air.")

    assert whose(found, "She explained") == "Ada Byron"


def test_what_stands_between_two_reports_of_one_person_is_theirs_though_others_come_later():
    found = told(ADA, f"{BO} A third of the mills have closed. The rest, he said, are old. Byron laughed.")

    assert whose(found, "A third") == "Bo Li"


def test_a_paragraph_in_a_section_of_one_speaker_is_theirs_where_it_tells_of_them():
    source = (
        "LOOM FORUM\n\nKEYNOTE: Ada Byron, Chief Engineer, Babbage Mills\n\n"
        "Byron skipped her slides. Looms waste half of their yarn. We liked that.\n\nThe next forum is in Kranj.\n"
    )
    found = {" ".join(one.text.split()[:2]): one for one in claims(read(source.encode(), "a.txt"))}

    assert whose(found, "Looms waste") == "Ada Byron"
    assert (whose(found, "We liked"), whose(found, "The next")) == (None, None)


def test_her_is_named_unless_it_could_be_somebody_elses():
    found = told(f"{ADA} Her mill has 40 looms. Every weaver brings her own yarn.")

    assert found["Her mill"].said == "Ada Byron’s mill has 40 looms"
    assert found["Every weaver"].said == "Every weaver brings her own yarn"


@pytest.mark.parametrize(
    "paragraph",
    [
        "“Looms are loud,” said Ada Byron, who runs one. “Wool tears at night.”",
        "'Looms are loud,' said Ada Byron. 'Wool tears at night.'",
        "«Looms are loud», said Ada Byron. «Wool tears at night.»",
        "Ada Byron was not amused. “Looms are loud. Wool tears at night,” she said.",
        "Coach Ada Byron kept it short: “Looms are loud. Wool tears at night.”",
    ],
)
def test_every_sentence_of_a_quotation_is_whose_words_it_says(paragraph):
    assert whose(told(paragraph), next(one for one in told(paragraph) if "Wool" in one)) == "Ada Byron"


def test_a_quotation_that_a_paragraph_leaves_open_goes_on_in_the_next():
    found = told(
        "“Looms are loud,” said Ada Byron. “I left.", "“Wool tears at night.”", "The mill is closed on Mondays."
    )

    assert whose(found, "“Wool tears") == "Ada Byron"
    assert whose(found, "The mill") is None


@pytest.mark.parametrize(
    "paragraph",
    [
        "Ada Byron and Cleo Marsh, who weaves, met. “Wool tears at night,” she said.",
        "Byron left early. “Wool tears at night,” called a voice from the back.",
        "Byron left early. The miller wept. “Wool tears at night,” she said.",
    ],
)
def test_a_quotation_of_somebody_else_or_of_one_of_two_is_nobody_s(paragraph):
    found = told(ADA, paragraph)

    assert whose(found, "“Wool tears") is None


def test_what_two_people_say_together_is_both_of_theirs():
    found = told(ADA, BO, "In a letter, Byron and Li said: “No mill will close.”")

    assert whose(found, "In a") == "Ada Byron and Bo Li"
