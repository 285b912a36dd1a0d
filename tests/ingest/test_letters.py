"""Answers by letter below the lines that they quote."""

from quizapp.domain.documents import BlockKind
from quizapp.ingest import read

LETTER = (
    "From: Ada M. Byron <ada@looms.example>\nTo: Bo Li\nSubject: Re: questions\n\nDear Bo,\n\nSorry for the delay.\n\n"
    "On 3 May Bo Li wrote:\n> Why looms?\n\nThey hum.\n\n> Why Ely?\n\nRents are low.\n\nBest wishes,\nAda\n\nConfidential mail.\n"
)


def said(source: str) -> dict[str, str | None]:
    """Return the text and the speaker of everything but headings and labels."""
    document = read(source.encode(), "a.txt")
    return {
        b.span.of(document.text): b.speaker.name if b.speaker else None
        for b in document.blocks
        if b.kind in (BlockKind.PARAGRAPH, BlockKind.QUOTE, BlockKind.STEP)
    }


def test_quoted_lines_are_whose_letter_they_stood_in_and_the_others_the_senders():
    found = said(LETTER)

    assert (found["Why looms?"], found["They hum."], found["Rents are low."]) == (
        "Bo Li",
        "Ada M. Byron",
        "Ada M. Byron",
    )
    assert found["Sorry for the delay."] == "Ada M. Byron"


def test_what_stands_below_the_signature_is_nobodys():
    assert said(LETTER)["Confidential mail."] is None


def test_a_letter_without_quoted_questions_is_nobodys():
    assert set(said("From: Ada M. Byron\nTo: Bo Li\n\nDear Bo,\n\nThe hall is free.\n").values()) == {None}
