"""PDF files as programs write them, and as nobody should."""

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader, PdfWriter

from quizapp import sandbox
from quizapp.domain.documents import BlockKind, Document
from quizapp.errors import InvalidInput
from quizapp.ingest import pdf, read
from quizapp.services.reading import READING
from tests.ingest.building import pdf as build

LEFT_TEXT = (
    "The keeper climbs the tower at dusk and lights the lamp, which burns until the sun is well above the sea. "
    "In winter he climbs it twice, since the wind blows out what he has lit, and nobody else is there to do it."
)
RIGHT_TEXT = (
    "Ships that pass at night count the flashes and look them up in a list, so that they know which light they see. "
    "A light that flashes wrongly is worse than none, because sailors believe what they count."
)


def texts(data: bytes) -> list[str]:
    return [piece.text for piece in pdf.read(data).pieces]


def test_two_columns_are_read_one_after_the_other():
    data = build.document([build.column([LEFT_TEXT], 72, 200) + build.column([RIGHT_TEXT], 310, 200)])

    assert texts(data) == [LEFT_TEXT, RIGHT_TEXT]


def test_three_columns_are_read_one_after_the_other():
    third = LEFT_TEXT.replace("keeper", "captain")
    parts = [(LEFT_TEXT, 50), (RIGHT_TEXT, 220), (third, 390)]
    data = build.document(["".join(build.column([words], x, 150) for words, x in parts)])

    assert texts(data) == [LEFT_TEXT, RIGHT_TEXT, third]


def test_words_parted_at_a_line_end_are_put_together_and_real_hyphens_stay():
    shown = ["The light at Skarn is a well-known and remark-", "able one, and so is its long-", "serving keeper."]
    data = build.document(["".join(build.text(72, 700 - 14 * at, line) for at, line in enumerate(shown))])

    assert texts(data) == ["The light at Skarn is a well-known and remarkable one, and so is its long-serving keeper."]


def test_running_heads_and_page_numbers_are_dropped_and_a_paragraph_goes_on_over_the_page():
    opened = LEFT_TEXT.rsplit(" is there", 1)
    bodies = [RIGHT_TEXT, f"{LEFT_TEXT} {opened[0]}", f"is there{opened[1]}"]
    data = build.document(
        [
            build.text(72, 815, "Annals of the Society")
            + build.column([body], 72, 450)
            + build.text(290, 30, f"- {at} -")
            for at, body in enumerate(bodies, 1)
        ]
    )

    found = [(piece.text, piece.page) for piece in pdf.read(data).pieces]

    assert found == [(RIGHT_TEXT, 1), (f"{LEFT_TEXT} {LEFT_TEXT}", 2)]


def test_each_piece_knows_its_page():
    data = build.document([build.column([LEFT_TEXT], 72, 450), build.column([RIGHT_TEXT], 72, 450)])

    assert [(piece.text, piece.page) for piece in pdf.read(data).pieces] == [(LEFT_TEXT, 1), (RIGHT_TEXT, 2)]


def test_words_without_spaces_are_told_apart_by_the_gaps_between_them():
    shifted = "BT /T 10 Tf 72 700 Td [(The)-333(lamp)-333(w)10(as)-333(lit)-333(in)-333(1871.)] TJ ET"

    assert texts(build.document([shifted])) == ["The lamp was lit in 1871."]


def test_letters_that_a_scanner_has_put_behind_the_picture_are_read_and_those_off_the_page_are_not():
    hidden = "BT 3 Tr /R 11 Tf 72 700 Td (Read by a machine from the picture.) Tj ET\n"
    data = build.document([hidden + build.text(900, 700, "Nobody sees this.") + build.text(72, -40, "Nor this.")])

    assert texts(data) == ["Read by a machine from the picture."]


def test_the_mark_of_a_footnote_is_no_part_of_the_word():
    shown = build.text(72, 700, "The lamp was lit by oil.") + build.text(
        72 + build.width("The lamp was lit by oil."), 704, "12", size=7
    )

    assert texts(build.document([shown + build.text(72, 686, "It is electric now.")])) == [
        "The lamp was lit by oil. It is electric now."
    ]


def test_the_title_of_the_properties_names_a_text_that_has_none():
    data = build.document([build.column([LEFT_TEXT], 72, 450)], title="The keeper of Skarn")

    assert pdf.read(data).name == "The keeper of Skarn"


def test_pages_without_text_are_named():
    found = pdf.read(build.document([build.column([LEFT_TEXT], 72, 450), "", "0 0 9 9 re f"]))

    assert found.problems == ("Pages 2 and 3 have no text.",)


def test_a_scan_is_refused_with_what_to_do():
    with pytest.raises(InvalidInput, match=r"pictures of pages and no text. Run a text recognition \(OCR\) first"):
        pdf.read(build.document(["", ""]))


def locked(password: str) -> bytes:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(build.document([build.column([LEFT_TEXT], 72, 450)]))))
    writer.encrypt(password, owner_password="owner", algorithm="RC4-128")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def test_a_file_that_only_forbids_printing_is_read():
    assert texts(locked("")) == [LEFT_TEXT]


def test_a_locked_file_is_refused_with_what_to_do():
    with pytest.raises(InvalidInput, match="locked with a password"):
        pdf.read(locked("secret"))


CATALOG = "<</Type/Catalog/Pages 2 0 R>>"
EMPTY_PAGE = "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>"
SPACES = b" " * (40 << 20)
SAYS = "BT /R 11 Tf 72 700 Td (Still here.) Tj ET "
HOSTILE = {
    "a tree of pages that is its own branch": lambda: build.file([CATALOG, "<</Type/Pages/Count 1/Kids[2 0 R]>>"]),
    "a hundred thousand pages": lambda: build.file(
        [CATALOG, f"<</Type/Pages/Count 100000/Kids[{'3 0 R ' * 100_000}]>>", EMPTY_PAGE]
    ),
    "a page that inflates a thousandfold": lambda: build.file(
        [CATALOG, "<</Type/Pages/Count 1/Kids[3 0 R]>>", EMPTY_PAGE[:-2] + "/Contents 4 0 R/Resources<<>>>>", build.stream(SPACES)]
    ),
    "lists in lists": lambda: build.file([CATALOG[:-2] + "/X " + "[" * 100_000 + ">>", EMPTY_PAGE]),
    "nothing but its first bytes": lambda: b"%PDF-1.7\n" + bytes(range(256)) * 100,
}  # fmt: skip


def _read(data: bytes, report: sandbox.Progress) -> Document:
    return read(data, "x.pdf")


@pytest.mark.slow
@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_with_a_sentence_within_the_limits(name):
    with pytest.raises(InvalidInput) as refusal:
        sandbox.run(_read, HOSTILE[name](), limits=READING)

    assert "took too long" not in str(refusal.value)
    assert "memory" not in str(refusal.value)


def test_a_drawing_that_draws_itself_is_drawn_once():
    form = build.stream((SAYS + "/F Do").encode(), "/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources 5 0 R")
    fonts = "<</Font<</R<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>/XObject<</F 6 0 R>>>>"
    page = EMPTY_PAGE[:-2] + "/Contents 4 0 R/Resources 5 0 R>>"
    data = build.file([CATALOG, "<</Type/Pages/Count 1/Kids[3 0 R]>>", page, build.stream(b"/F Do"), fonts, form])

    assert texts(data) == ["Still here."]


def test_a_file_without_its_table_is_mended():
    data = build.document([build.column([LEFT_TEXT], 72, 450)]).replace(b"startxref", b"startnone")

    assert texts(data) == [LEFT_TEXT]


@settings(max_examples=25, deadline=None)
@given(
    st.lists(
        st.text(st.sampled_from("abcdefghij ABC,;"), min_size=30, max_size=400).filter(
            lambda words: len(words.split()) > 3
        ),
        min_size=1,
        max_size=3,
    )
)
def test_no_letter_of_a_page_is_lost_or_made_up(paragraphs):
    found = pdf.read(build.document([build.column(paragraphs, 72, 450)])).pieces

    assert "".join("".join(piece.text.split()) for piece in found) == "".join("".join(paragraphs).split())


def test_items_keep_their_depth():
    shown = [(72, 700, "Before:"), (90, 680, "\u2022 First"), (108, 664, "\u2013 Below it"), (90, 648, "\u2022 Second")]
    pieces = pdf.read(build.document(["".join(build.text(x, y, words) for x, y, words in shown)])).pieces

    assert [(piece.text, piece.level) for piece in pieces if piece.kind is BlockKind.BULLET] == [
        ("First", 1), ("Below it", 2), ("Second", 1),
    ]  # fmt: skip


def test_a_text_that_is_all_set_in_below_its_headings_is_no_quotation_but_what_is_set_in_further_is():
    page = (
        build.text(72, 730, "The lamp", size=18)
        + build.column([LEFT_TEXT, RIGHT_TEXT], 120, 380, top=700)
        + build.column([LEFT_TEXT], 160, 300, top=560)
    )
    kinds = [piece.kind for piece in pdf.read(build.document([page])).pieces]

    assert kinds == [BlockKind.HEADING, BlockKind.PARAGRAPH, BlockKind.PARAGRAPH, BlockKind.QUOTE]


def test_the_title_of_a_section_beside_the_number_of_the_page_is_dropped_though_it_changes():
    titles = ("1 The lamp 7", "8 The lens", "2 The keeper 9", "10 The sea")
    texts_of_pages = (LEFT_TEXT, RIGHT_TEXT, LEFT_TEXT.replace(" ", "s "), RIGHT_TEXT.replace(" ", "s "))
    pages = [
        build.column([body], 72, 450) + build.text(72, 30, title, "B")
        for body, title in zip(texts_of_pages, titles, strict=True)
    ]
    answered = build.text(72, 30, "The tower has steps in all, counted twice: 12", "B")

    assert texts(build.document(pages)) == list(texts_of_pages)
    assert texts(build.document([pages[0], build.column([RIGHT_TEXT], 72, 450) + answered]))[-1].endswith(" 12")
