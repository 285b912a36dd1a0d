from collections.abc import Callable

import pptx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pptx.opc.constants import RELATIONSHIP_TYPE
from pptx.opc.package import Part
from pptx.opc.packuri import PackURI
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls
from pptx.presentation import Presentation
from pptx.slide import Slide
from pptx.util import Inches

from quizapp.domain.documents import BlockKind
from quizapp.errors import InvalidInput
from quizapp.generate import pipeline
from quizapp.ingest import read as read_file
from quizapp.ingest import slides, text
from quizapp.ingest.pieces import Pieces
from tests.ingest import building
from tests.ingest.building import SAMPLE, markup
from tests.ingest.building import slides as built
from tests.ingest.building.word import repacked

TITLE_SLIDE, WITH_TEXT, SECTION, TWO, COMPARISON, TITLE_ONLY, BLANK = range(7)
H, P, B, S, R, C = (
    BlockKind.HEADING, BlockKind.PARAGRAPH, BlockKind.BULLET, BlockKind.STEP, BlockKind.ROW, BlockKind.CODE,
)  # fmt: skip


def deck(make: Callable[[Presentation], object]) -> Pieces:
    presentation = pptx.Presentation()
    make(presentation)
    return slides.read(built.saved(presentation))


def outline(make: Callable[[Presentation], object]) -> list[tuple[BlockKind, str, int]]:
    return [(piece.kind, piece.text, piece.level) for piece in deck(make).pieces]


def add(presentation: Presentation, layout: int, title: str = "", body: str = "") -> Slide:
    slide = presentation.slides.add_slide(presentation.slide_layouts[layout])
    if title:
        slide.shapes.title.text = title
    if body:
        slide.placeholders[1].text_frame.text = body
    return slide


def box(shapes, words: str, *, left: float, top: float, height: float = 0.5) -> None:
    shapes.add_textbox(Inches(left), Inches(top), Inches(2), Inches(height)).text_frame.text = words


WITHOUT_QUOTE = [part for part in SAMPLE if part.kind is not BlockKind.QUOTE]


def test_a_presentation_keeps_every_part_that_it_can_hold_with_its_kind_and_level():
    document = read_file(built.slides(SAMPLE), "skarn.pptx")

    found = [(block.kind, block.span.of(document.text), block.level, block.lead) for block in document.blocks]
    assert found == [
        (P if part.kind is BlockKind.QUOTE else part.kind, part.text, part.level, part.lead) for part in SAMPLE
    ]


@pytest.mark.slow
def test_the_same_content_gives_the_same_cards_on_slides():
    def drafts(build: building.Builder, name: str):
        made = pipeline.generate(read_file(build(WITHOUT_QUOTE), name))
        return sorted((draft.id, draft.question, draft.answer) for draft in made.drafts)

    assert drafts(built.slides, "skarn.pptx") == drafts(markup.markdown, "skarn.md")


def test_each_piece_knows_its_slide():
    def make(presentation):
        add(presentation, TITLE_SLIDE, "Tides", "A talk")
        add(presentation, WITH_TEXT, "The moon", "It pulls.\nIt turns.")

    found = deck(make)
    assert [(piece.text, piece.level, piece.page) for piece in found.pieces] == [
        ("Tides", 1, 1), ("A talk", 0, 1), ("The moon", 2, 2), ("It pulls.", 1, 2), ("It turns.", 1, 2),
    ]  # fmt: skip
    assert found.title == "Tides"


def test_one_paragraph_alone_is_no_list():
    assert outline(lambda one: add(one, WITH_TEXT, "The moon", "It pulls.")) == [
        (H, "The moon", 2),
        (P, "It pulls.", 0),
    ]


def test_slides_below_that_of_a_part_stand_one_level_lower():
    def make(presentation):
        add(presentation, TITLE_SLIDE, "Tides")
        add(presentation, WITH_TEXT, "Agenda")
        add(presentation, SECTION, "Causes")
        add(presentation, WITH_TEXT, "The moon")

    assert [level for _, _, level in outline(make)] == [1, 2, 2, 3]


def test_a_slide_that_goes_on_has_its_heading_once():
    def make(presentation):
        add(presentation, WITH_TEXT, "The moon", "It pulls.")
        add(presentation, WITH_TEXT, "The moon", "It turns.")

    assert outline(make) == [(H, "The moon", 2), (P, "It pulls.", 0), (P, "It turns.", 0)]


def test_boxes_are_read_in_rows():
    def make(presentation):
        slide = add(presentation, TITLE_ONLY, "Tides")
        box(slide.shapes, "Fourth.", left=5, top=4)
        box(slide.shapes, "Third.", left=1, top=4.1)
        box(slide.shapes, "Second.", left=5, top=2.1)
        box(slide.shapes, "First.", left=1, top=2)

    assert [words for _, words, _ in outline(make)] == ["Tides", "First.", "Second.", "Third.", "Fourth."]


def test_the_boxes_of_a_group_stay_together():
    def make(presentation):
        slide = add(presentation, TITLE_ONLY, "Tides")
        box(slide.shapes, "Last.", left=0, top=5)
        group = slide.shapes.add_group_shape()
        box(group.shapes, "Second.", left=1, top=3)
        box(group.shapes, "First.", left=1, top=2)

    assert [words for _, words, _ in outline(make)] == ["Tides", "First.", "Second.", "Last."]


def test_the_columns_of_a_comparison_are_read_one_after_the_other():
    def make(presentation):
        slide = add(presentation, COMPARISON, "Tides")
        for at, words in enumerate(("Spring", "High.\nFast.", "Neap", "Low.\nSlow."), 1):
            slide.placeholders[at].text_frame.text = words

    assert outline(make)[1:] == [
        (H, "Spring", 3), (B, "High.", 1), (B, "Fast.", 1), (H, "Neap", 3), (B, "Low.", 1), (B, "Slow.", 1),
    ]  # fmt: skip


def test_a_slide_without_a_title_is_headed_by_the_line_on_top_of_it():
    def make(presentation):
        slide = add(presentation, BLANK)
        box(slide.shapes, "It pulls the sea.", left=1, top=3)
        box(slide.shapes, "The moon", left=1, top=1)

    assert outline(make) == [(H, "The moon", 2), (P, "It pulls the sea.", 0)]


def test_a_slide_without_any_heading_is_parted_from_the_one_before():
    def make(presentation):
        add(presentation, WITH_TEXT, "Tides", "They turn.")
        box(add(presentation, BLANK).shapes, "The moon pulls the sea.", left=1, top=1)

    assert [piece.ruled for piece in deck(make).pieces] == [False, False, True]


def test_notes_follow_the_points_of_their_slide():
    def make(presentation):
        slide = add(presentation, WITH_TEXT, "The moon", "It pulls.\nIt turns.")
        slide.notes_slide.notes_text_frame.text = "Say what a spring tide is.\n\nThen wait."
        add(presentation, WITH_TEXT, "The sun")

    assert [words for _, words, _ in outline(make)] == [
        "The moon", "It pulls.", "It turns.", "Say what a spring tide is.", "Then wait.", "The sun",
    ]  # fmt: skip


def test_what_stands_on_every_slide_is_left_out():
    def make(presentation):
        for at in range(4):
            slide = add(presentation, WITH_TEXT, f"Tide {at}", f"It turns {at} times.")
            box(slide.shapes, "© The tide office", left=1, top=7)

    assert "© The tide office" not in [words for _, words, _ in outline(make)]


def test_footers_dates_and_numbers_of_slides_are_left_out():
    def make(presentation):
        slide = add(presentation, WITH_TEXT, "The moon", "It pulls.")
        for place in slide.slide_layout.placeholders:
            if place.placeholder_format.idx >= 10:
                slide.shapes.clone_placeholder(place)
        for place in slide.placeholders:
            if place.placeholder_format.idx >= 10:
                place.text_frame.text = "Tide office"

    assert [words for _, words, _ in outline(make)] == ["The moon", "It pulls."]


def test_hidden_slides_are_left_out_and_said():
    def make(presentation):
        add(presentation, WITH_TEXT, "The moon", "It pulls.")
        add(presentation, WITH_TEXT, "The sun", "It pulls too.").element.set("show", "0")

    found = deck(make)
    assert [piece.text for piece in found.pieces] == ["The moon", "It pulls."]
    assert found.problems == ("Slide 2 is hidden and was left out.",)


def test_a_slide_without_text_is_said():
    def make(presentation):
        add(presentation, WITH_TEXT, "The moon", "It pulls.")
        add(presentation, BLANK)

    assert deck(make).problems == ("Slide 2 has no text.",)


def test_merged_cells_of_a_table_stand_in_each_row():
    def make(presentation):
        slide = add(presentation, TITLE_ONLY, "Ports")
        built.table(slide, [("Coast", "Port", "Range"), ("North", "Helm", "4 m"), ("", "Skarn", "6 m")])
        table = next(shape.table for shape in slide.shapes if shape.has_table)
        table.cell(1, 0).merge(table.cell(2, 0))

    found = deck(make).pieces[1:]
    assert [piece.text for piece in found] == ["Coast | Port | Range", "North | Helm | 4 m", "North | Skarn | 6 m"]
    assert found[2].columns == ("Coast", "Port", "Range")


@pytest.mark.parametrize("heads", [True, False])
def test_the_first_row_of_a_table_is_a_header_if_the_slide_shows_it_as_one(heads):
    def make(presentation):
        slide = add(presentation, TITLE_ONLY, "France")
        built.table(slide, [("Capital", "Paris"), ("Language", "French")])
        next(shape.table for shape in slide.shapes if shape.has_table).first_row = heads

    assert deck(make).pieces[-1].columns == (("Capital", "Paris") if heads else ())


def test_lines_in_a_monospaced_font_are_code():
    def make(presentation):
        slide = add(presentation, TITLE_ONLY, "A loop")
        box(slide.shapes, "for tide in tides:\n    count += 1", left=1, top=2)
        for paragraph in slide.shapes[-1].text_frame.paragraphs:
            paragraph.runs[0].font.name = "Consolas"

    assert outline(make)[1:] == [(C, "for tide in tides:\n    count += 1", 0)]


DIAGRAM = (
    '<dgm:dataModel xmlns:dgm="http://schemas.openxmlformats.org/drawingml/2006/diagram" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main">'
    '<dgm:pt modelId="0" type="doc"/><dgm:pt modelId="1"><dgm:t><a:p><a:r><a:t>Moon</a:t></a:r></a:p></dgm:t></dgm:pt>'
    '<dgm:cxn srcId="0" destId="1" srcOrd="0"/></dgm:dataModel>'
)
FRAME = (
    '<p:graphicFrame {} xmlns:dgm="http://schemas.openxmlformats.org/drawingml/2006/diagram"><p:nvGraphicFramePr>'
    '<p:cNvPr id="9" name="Diagram"/><p:cNvGraphicFramePr/><p:nvPr/></p:nvGraphicFramePr><p:xfrm><a:off x="0" y="0"/>'
    '<a:ext cx="9" cy="9"/></p:xfrm><a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/diagram">'
    '<dgm:relIds r:dm="{}"/></a:graphicData></a:graphic></p:graphicFrame>'
)


def test_a_diagram_is_read_where_it_stands():
    def make(presentation):
        slide = add(presentation, TITLE_ONLY, "What pulls")
        kind = "application/vnd.openxmlformats-officedocument.drawingml.diagramData+xml"
        part = Part(PackURI("/ppt/diagrams/data1.xml"), kind, presentation.part.package, DIAGRAM.encode())
        related = slide.part.relate_to(part, RELATIONSHIP_TYPE.DIAGRAM_DATA)
        slide.shapes.element.append(parse_xml(FRAME.format(nsdecls("p", "a", "r"), related)))

    assert outline(make) == [(H, "What pulls", 2), (B, "Moon", 1)]


MAIN = b"application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml"


@pytest.mark.parametrize(
    "kind",
    [
        b"application/vnd.ms-powerpoint.presentation.macroEnabled.main+xml",
        b"application/vnd.openxmlformats-officedocument.presentationml.slideshow.main+xml",
        b"application/vnd.ms-powerpoint.slideshow.macroEnabled.main+xml",
        b"application/vnd.openxmlformats-officedocument.presentationml.template.main+xml",
    ],
    ids=["pptm", "ppsx", "ppsm", "potx"],
)
def test_shows_templates_and_files_with_macros_are_read_as_presentations(kind):
    data = repacked(built.slides(SAMPLE), lambda _, part: part.replace(MAIN, kind))

    assert slides.read(data).title == SAMPLE[0].text


@pytest.mark.parametrize("part", ["ppt/presentation.xml", "ppt/slides/slide1.xml", "ppt/_rels/presentation.xml.rels"])
def test_a_presentation_that_is_broken_inside_is_refused_with_a_sentence(part):
    data = repacked(built.slides(SAMPLE), lambda name, data: data[: len(data) // 2] if name == part else data)

    with pytest.raises(InvalidInput, match="damaged"):
        slides.read(data)


def test_a_presentation_that_declares_entities_is_refused():
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">]>'
    data = repacked(
        built.slides(SAMPLE),
        lambda name, data: bomb + data.split(b"?>", 1)[1] if name == "ppt/slides/slide2.xml" else data,
    )

    with pytest.raises(InvalidInput, match="declares"):
        slides.read(data)


WORDS = st.text(st.characters(min_codepoint=33, exclude_categories=["Cs", "Cn", "Co", "Cc"]), min_size=1)


@settings(max_examples=10, deadline=None)
@given(st.lists(WORDS, min_size=1, max_size=8))
def test_whatever_the_words_every_title_is_there_verbatim_on_its_slide(said):
    def make(presentation):
        for one in said:
            add(presentation, TITLE_ONLY, one)

    meant = [(" ".join(text.clean(one).split()), at) for at, one in enumerate(said, 1)]
    wanted = [
        (words, at)
        for before, (words, at) in zip([("", 0), *meant], meant, strict=False)
        if words and words != before[0]
    ]
    assert [(piece.text, piece.page) for piece in deck(make).pieces] == wanted
