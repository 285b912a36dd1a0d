from quizapp.domain.documents import BlockKind
from quizapp.ingest import read


def paragraphs(source: str, filename: str = "a.txt") -> list[str]:
    document = read(source.encode(), filename)
    return [block.span.of(document.text) for block in document.blocks]


def test_a_paragraph_wrapped_at_76_characters_is_one_paragraph():
    wrapped = (
        "A river is a natural stream of water that flows towards an ocean, a lake or\n"
        "another river. Small rivers have many names, such as creek and brook. There\n"
        "are no official definitions of them.\n\nThe next paragraph.\n"
    )

    assert paragraphs(wrapped) == [wrapped.split("\n\n")[0].replace("\n", " "), "The next paragraph."]


def test_a_text_with_one_paragraph_a_line_keeps_its_lines_apart():
    source = (
        "A title of a page\n"
        + "This first paragraph is long enough that nobody would have wrapped the line here, would they? " * 2
        + "\nAda Byron, Chair of Engines\n- a bullet that ends here.\nThe last paragraph stands below the bullet.\n"
    )

    assert paragraphs(source)[2:] == [
        "Ada Byron, Chair of Engines",
        "a bullet that ends here.",
        "The last paragraph stands below the bullet.",
    ]


def test_a_line_that_ends_open_goes_on():
    long = "x" * 130
    assert (
        paragraphs(f"{long} is good.\n\nWe met Ada, Bob, and\nCleo there.\n")[1] == "We met Ada, Bob, and Cleo there."
    )


def test_typographic_bullets_are_bullets():
    assert paragraphs("Things\n\n• one thing\n• another thing\n")[1:] == ["one thing", "another thing"]


def test_a_definition_list_is_a_term_with_its_explanation():
    source = "# Words\n\nWarp\n: The threads that run along.\n\nWeft\n\n: The threads that run across.\n"

    assert paragraphs(source, "a.md")[1:] == ["Warp: The threads that run along.", "Weft: The threads that run across."]


def test_a_bullet_before_a_colon_is_no_term():
    source = "# Words\n\n- warp\n: odd\n"

    assert "warp" in paragraphs(source, "a.md")[1]


def test_where_many_lines_are_too_long_to_be_wrapped_each_line_is_kept():
    long = "the vat leaks again and again and nobody knows why it does, " * 3
    source = f"Team sync of the mill\nhere: AB, BL, CM\n{long}\n{long}\n"

    assert paragraphs(source)[:2] == ["Team sync of the mill", "here: AB, BL, CM"]


def test_lines_above_lists_are_headings_though_there_are_few_paragraphs():
    source = "Notes on looms\nAda Byron, Babbage Ltd\n\nWhy looms\n\n- They are loud.\n- They are slow.\n\nWhat helps\n\n- Oil helps.\n"
    document = read(source.encode(), "a.txt")

    headings = [block.span.of(document.text) for block in document.blocks if block.kind is BlockKind.HEADING]
    assert headings[-2:] == ["Why looms", "What helps"]


def test_a_text_set_in_as_a_whole_keeps_its_lists_and_headings():
    source = (
        "1. Lamps\n\n   The lamps of the coast are\n   lit at dusk. They are:\n     * the great lamp, which burns\n"
        "       oil of the best kind,\n     * the small lamp.\n\n   Nobody may lift the glass.\n"
    )
    document = read(source.encode(), "lamps.txt")
    found = [(block.kind, block.span.of(document.text)) for block in document.blocks]

    assert found[-3:] == [
        (BlockKind.BULLET, "the great lamp, which burns oil of the best kind,"),
        (BlockKind.BULLET, "the small lamp."),
        (BlockKind.PARAGRAPH, "Nobody may lift the glass."),
    ]
