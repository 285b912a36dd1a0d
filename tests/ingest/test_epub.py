import io
import zipfile

import pytest

from quizapp.domain.documents import BlockKind
from quizapp.errors import InvalidInput
from quizapp.ingest import read
from tests.ingest.building import pages

PROSE = "<p>The quay at Skarn is old.</p>"
ENCRYPTED = """<encryption xmlns="urn:oasis:names:tc:opendocument:xmlns:container"
xmlns:enc="http://www.w3.org/2001/04/xmlenc#"><enc:EncryptedData><enc:EncryptionMethod Algorithm="{}"/></enc:EncryptedData></encryption>"""


def blocks(data: bytes) -> list[tuple[BlockKind, str, int]]:
    found = read(data, "a.epub")
    return [(block.kind, block.span.of(found.text), block.level) for block in found.blocks]


def test_chapters_that_each_start_at_the_highest_level_stand_below_the_title_of_the_book():
    chapters = {"a.xhtml": f"<h1>The quay</h1>{PROSE}<h2>Its age</h2>", "b.xhtml": f"<h1>The mole</h1>{PROSE}"}

    found = blocks(pages.book(chapters, "Skarn", creators=["Ada Byron", "Bo Li"]))

    assert [(text, level) for kind, text, level in found if kind in (BlockKind.TITLE, BlockKind.HEADING)] == [
        ("Skarn", 1),
        ("The quay", 2),
        ("Its age", 3),
        ("The mole", 2),
    ]
    assert found[1][1] == "By Ada Byron and Bo Li"


def test_cover_title_page_contents_and_notes_are_no_chapters():
    chapters = {
        "cover.xhtml": '<div epub:type="cover"><p>A novel</p></div>',
        "title.xhtml": "<h1>Skarn</h1><p>Ada Byron</p>",
        "a.xhtml": f"<h1>The quay</h1><p>Old<a epub:type='noteref' href='#n'>1</a>.</p><aside epub:type='footnote'>So he says.</aside>{PROSE}",
    }

    assert [text for _, text, _ in blocks(pages.book(chapters, "Skarn"))] == [
        "Skarn",
        "The quay",
        "Old.",
        "The quay at Skarn is old.",
    ]


def test_a_chapter_without_a_heading_has_the_one_of_the_contents():
    chapters = {"a.xhtml": f"<p class='calibre1'>THE QUAY</p>{PROSE}", "b.xhtml": PROSE}

    found = blocks(pages.book(chapters, "Skarn", labels={"a.xhtml#top": "The quay", "b.xhtml": "The mole"}))

    assert [text for kind, text, _ in found if kind is BlockKind.HEADING] == ["The quay", "The mole"]
    assert "THE QUAY" not in [text for _, text, _ in found]


def test_pages_of_the_printed_edition_go_on_until_the_next_one():
    chapters = {
        "a.xhtml": f"<h1>The quay</h1><span epub:type='pagebreak' title='7'/>{PROSE}",
        "b.xhtml": f"<h1>The mole</h1>{PROSE}<div role='doc-pagebreak' aria-label='8'></div>{PROSE}",
    }

    found = read(pages.book(chapters, "Skarn"), "a.epub")

    assert [block.page for block in found.blocks] == [None, None, 7, 7, 7, 8]


def test_bold_classes_of_a_style_sheet_are_bold_words():
    book = pages.book(
        {"a.xhtml": "<h1>A</h1><p><span class='b1'>Mole.</span> A wall.</p>"},
        "Skarn",
        more={"OEBPS/style.css": ".b1 { color: black; font-weight: bold }"},
    )

    assert read(book, "a.epub").blocks[-1].lead == "Mole."


def test_empty_elements_of_xhtml_swallow_nothing():
    book = pages.book({"a.xhtml": f"<h1><a id='x'/>The quay</h1><script src='x'/><div/>{PROSE}"}, "Skarn")

    assert [text for _, text, _ in blocks(book)] == ["Skarn", "The quay", "The quay at Skarn is old."]


@pytest.mark.parametrize(
    "more",
    [{"META-INF/encryption.xml": ENCRYPTED.format("http://www.w3.org/2001/04/xmlenc#aes128-cbc")}, {"META-INF/rights.xml": "<x/>"}],
    ids=["encrypted", "rights"],
)  # fmt: skip
def test_a_locked_book_is_refused_with_a_sentence(more):
    with pytest.raises(InvalidInput, match="locked by its seller"):
        read(pages.book({"a.xhtml": PROSE}, "Skarn", more=more), "a.epub")


def test_scrambled_fonts_are_no_lock():
    more = {"META-INF/encryption.xml": ENCRYPTED.format("http://www.idpf.org/2008/embedding")}

    assert "quay" in read(pages.book({"a.xhtml": PROSE}, "Skarn", more=more), "a.epub").text


@pytest.mark.parametrize(
    "entries",
    [
        {},
        {"META-INF/container.xml": "<broken"},
        {"META-INF/container.xml": pages.CONTAINER},
        {"META-INF/container.xml": pages.CONTAINER, "OEBPS/content.opf": "<package/>"},
        {"META-INF/container.xml": pages.CONTAINER, "OEBPS/content.opf": '<!DOCTYPE p [<!ENTITY a "a">]><p>&a;</p>'},
        {
            "META-INF/container.xml": pages.CONTAINER,
            "OEBPS/content.opf": '<package><manifest><item id="a" href="../../../etc/passwd"/></manifest>'
            '<spine><itemref idref="a"/></spine></package>',
        },
    ],
    ids=["empty", "broken", "no package", "no chapters", "entities", "outside"],
)
def test_a_damaged_book_is_refused_with_a_sentence(entries):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as files:
        files.writestr("mimetype", "application/epub+zip")
        for name, inside in entries.items():
            files.writestr(name, inside)

    with pytest.raises(InvalidInput) as refusal:
        read(out.getvalue(), "a.epub")

    assert refusal.value.message.endswith(".")
