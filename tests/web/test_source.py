import pytest

from quizapp.domain.cards import Illustration
from quizapp.domain.documents import Block, BlockKind, Span, Speaker
from quizapp.web.source import Piece, Quoted, answer_pieces, drawn, lay_out


def block(kind, text, within, **more):
    start = within.index(text)
    return Block(kind, Span(start, start + len(text)), **more)


def paragraph(text, within, **more):
    return block(BlockKind.PARAGRAPH, text, within, **more)


def quoted(text, within, number):
    start = within.index(text)
    return Quoted(start, start + len(text), number * 100, number)


def test_text_is_cut_where_quotes_begin_and_end():
    text = "One two three four."

    (part,) = lay_out(text, [paragraph(text, text)], [quoted("two three", text, 1)])

    pieces = part.lines[0].pieces
    assert [piece.text for piece in pieces] == ["One ", "two three", " four."]
    assert [[quote.number for quote in piece.quotes] for piece in pieces] == [[], [1], []]
    assert [[quote.number for quote in piece.ending] for piece in pieces] == [[], [1], []]


def test_quotes_that_overlap_share_their_middle_and_each_keeps_its_anchor():
    text = "One two three four."

    (part,) = lay_out(
        text, [paragraph(text, text)], [quoted("One two three", text, 1), quoted("two three four", text, 2)]
    )

    pieces = part.lines[0].pieces
    assert [piece.text for piece in pieces] == ["One ", "two three", " four", "."]
    assert [[quote.number for quote in piece.quotes] for piece in pieces] == [[1], [1, 2], [2], []]
    assert [piece.anchors for piece in pieces] == [(0,), (4,), (), ()]


def test_two_quotes_from_one_place_have_one_anchor():
    text = "One two."

    (part,) = lay_out(text, [paragraph(text, text)], [quoted("One", text, 1), quoted("One two", text, 2)])

    assert [anchor for piece in part.lines[0].pieces for anchor in piece.anchors] == [0]


def test_a_quote_over_several_blocks_is_marked_in_each_and_numbered_at_its_end():
    text = "Alpha.\nBeta.\nGamma."
    blocks = [block(BlockKind.BULLET, word, text) for word in ("Alpha.", "Beta.", "Gamma.")]

    (part,) = lay_out(text, blocks, [Quoted(0, 12, 1, 1)])

    assert [bool(line.pieces[0].quotes) for line in part.lines] == [True, True, False]
    assert [bool(line.pieces[0].ending) for line in part.lines] == [False, True, False]


def test_neighbouring_bullets_become_one_list_and_paragraphs_stay_apart():
    text = "a b c d"
    blocks = [
        paragraph("a", text),
        block(BlockKind.BULLET, "b", text),
        block(BlockKind.BULLET, "c", text),
        paragraph("d", text),
    ]

    assert [(part.kind, len(part.lines)) for part in lay_out(text, blocks, [])] == [
        ("paragraph", 1),
        ("bullets", 2),
        ("paragraph", 1),
    ]


def test_a_table_row_is_split_into_its_cells():
    text = "red | stop now"

    (part,) = lay_out(text, [block(BlockKind.ROW, text, text)], [quoted("stop", text, 1)])

    assert [[piece.text for piece in cell] for cell in part.lines[0].cells] == [["red"], ["stop", " now"]]


def test_headings_leave_no_gap_in_depth():
    text = "a b c d e"
    levels = dict(zip("abcde", (1, 3, 3, 2, 4), strict=True))
    blocks = [block(BlockKind.HEADING, letter, text, level=level) for letter, level in levels.items()]

    assert [part.depth for part in lay_out(text, blocks, [])] == [1, 2, 2, 2, 3]


def test_a_speaker_is_named_where_neither_heading_nor_label_does():
    text = "Ada Lind:|Hello.|Bye.|Welcome."
    ada, ben = Speaker("Ada Lind"), Speaker("Ben Ode")
    blocks = [
        block(BlockKind.LABEL, "Ada Lind:", text),
        paragraph("Hello.", text, speaker=ada),
        paragraph("Bye.", text, speaker=ada),
        paragraph("Welcome.", text, speaker=ben),
    ]

    assert [part.speaker for part in lay_out(text, blocks, [])] == [None, None, None, "Ben Ode"]


@pytest.mark.parametrize(
    ("quote", "answer", "marked"),
    [
        ("It takes four hours at most.", "four hours at most", ["four hours at most"]),
        ("It takes Four  hours.", "four hours.", ["Four  hours"]),
        ("The port has a red, a green and a white light.", "red\ngreen\n- white", ["red", "green", "white"]),
        ("Ada Lind says so.", "Ada Lind (harbour master)", ["Ada Lind"]),
        ("Catalogue", "cat", []),
        ("It takes four hours.", "A long time", []),
        ("It takes four hours.", "…", []),
        ("See (a) and [b].", "[b]", ["b"]),
        ("a.b", "a.b", ["a.b"]),
    ],
    ids=str,
)
def test_the_answer_is_found_in_its_quote(quote, answer, marked):
    pieces = answer_pieces(quote, answer)

    assert "".join(text for text, _ in pieces) == quote
    assert [text for text, is_answer in pieces if is_answer] == marked


def test_pictures_stand_between_the_parts_of_a_text_and_part_its_lists():
    text = "One.\nTwo.\nThree."
    blocks = [block(BlockKind.BULLET, line, text) for line in text.split("\n")]
    places = [0, text.index("Three"), len(text), len(text)]
    shown = [Illustration(n, "a" * 64, "A pier", 9, 9, "image/png", start) for n, start in enumerate(places)]

    parts = lay_out(text, blocks, [], shown)

    assert [(part.kind, len(part.lines)) for part in parts] == [
        ("figure", 0), ("bullets", 2), ("figure", 0), ("bullets", 1), ("figure", 0), ("figure", 0),
    ]  # fmt: skip
    assert [part.illustration for part in parts if part.illustration] == shown


def test_drawn_text_is_escaped_and_leads_from_each_passage_to_its_cards():
    first, second = Quoted(0, 9, 7, 1), Quoted(0, 4, 8, 2)
    pieces = [Piece("a < b", (first, second), (second,), (0,)), Piece(" & c", (first,), (first,)), Piece("<i>")]

    html = drawn(pieces, 'href="/drafts/3?at=%d"', 8)

    assert html == (
        '<span id="q0" class="anchor"></span><mark data-drafts="7 8" class="on">a &lt; b</mark>'
        '<sup><a href="/drafts/3?at=8" aria-label="Card 2">2</a></sup><mark data-drafts="7"> &amp; c</mark>'
        '<sup><a href="/drafts/3?at=7" aria-label="Card 1">1</a></sup>&lt;i&gt;'
    )
