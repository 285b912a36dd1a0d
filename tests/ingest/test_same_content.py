"""The same content gives the same document, and so the same cards, whatever the format."""

import pytest

from quizapp.domain.documents import Document
from quizapp.generate import pipeline
from quizapp.ingest import read
from tests.ingest.building import SAMPLE, Builder, markup, opendocument, pages, pdf, word

BUILDERS: dict[str, Builder] = {
    ".md": markup.markdown,
    ".html": pages.plain,
    " news.html": pages.news,
    " word.html": pages.word,
    " google.html": pages.google,
    ".epub": pages.epub,
    ".pdf": pdf.pdf,
    ".docx": word.word,
    ".odt": opendocument.opendocument,
}


def built(suffix: str) -> Document:
    return read(BUILDERS[suffix](SAMPLE), f"skarn{suffix}")


@pytest.mark.parametrize("suffix", BUILDERS)
def test_a_file_of_any_format_keeps_every_part_with_its_kind_and_level(suffix):
    document = built(suffix)

    found = [(block.kind, block.span.of(document.text), block.level, block.lead) for block in document.blocks]
    assert found == [(part.kind, part.text, part.level, part.lead) for part in SAMPLE]


@pytest.mark.parametrize("suffix", BUILDERS)
def test_the_rows_of_a_table_know_their_columns_in_any_format(suffix):
    columns = {block.columns for block in built(suffix).blocks if block.columns}

    assert columns == {("Light", "Height", "Flashes")}


def drafts(suffix: str) -> list[tuple[str, str, str]]:
    made = pipeline.generate(built(suffix))
    return sorted((draft.id, draft.question, draft.answer) for draft in made.drafts)


@pytest.mark.slow
@pytest.mark.parametrize("suffix", [one for one in BUILDERS if one != ".md"])
def test_the_same_content_gives_the_same_cards_in_any_format(suffix):
    assert drafts(suffix) == drafts(".md")
