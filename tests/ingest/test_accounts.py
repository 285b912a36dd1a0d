"""Accounts in the first person that somebody else wrote down."""

from quizapp.domain.documents import BlockKind
from quizapp.ingest import read


def said(source: str) -> dict[str, str | None]:
    """Return the first word and the speaker of every paragraph."""
    document = read(source.encode(), "a.md")
    return {
        b.span.of(document.text).split()[0]: b.speaker.name if b.speaker else None
        for b in document.blocks
        if b.kind is BlockKind.PARAGRAPH
    }


def test_what_is_told_to_a_writer_is_whose_account_it_is():
    source = (
        "# Looms\n\n**Ada Byron, 70, weaver**\n*As told to Bo Li*\n\nMy loom is old.\n\nThreads break in May.\n\n"
        "---\n\nByron lives in Ely.\n"
    )
    found = said(source)

    assert (found["My"], found["Threads"], found["Byron"]) == ("Ada Byron", "Ada Byron", None)


def test_an_introduction_that_ends_in_a_colon_leads_to_the_words_of_whom_it_presents():
    source = "# Looms\n\n*This month Ada Byron, who weaves in Ely. She told us:*\n\nI rise at three.\n\n*Interview: Bo Li.*\n"
    found = said(source)

    assert (found["I"], found["Interview:"]) == ("Ada Byron", None)


def test_an_account_that_presents_two_people_is_nobodys():
    source = "# Looms\n\n*Ada Byron and Cy Dorn weave in Ely. As told to Bo Li*\n\nMy loom is old.\n"

    assert said(source)["My"] is None
