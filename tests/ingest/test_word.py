from collections.abc import Callable

import docx
import pytest
from docx.document import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Pt
from docx.table import Table
from hypothesis import given, settings
from hypothesis import strategies as st

from quizapp.domain.documents import BlockKind
from quizapp.errors import InvalidInput
from quizapp.ingest import text, word
from quizapp.ingest.pieces import Pieces
from tests.ingest.building.word import repacked, saved

H, P, B, S, Q, R, C = (
    BlockKind.HEADING, BlockKind.PARAGRAPH, BlockKind.BULLET, BlockKind.STEP, BlockKind.QUOTE, BlockKind.ROW, BlockKind.CODE,
)  # fmt: skip
NAMES = nsdecls("w") + (
    ' xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    ' xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'
    ' xmlns:o="urn:schemas-microsoft-com:office:office" xmlns:v="urn:schemas-microsoft-com:vml"'
)


def read(make: Callable[[Document], object]) -> Pieces:
    document = docx.Document()
    make(document)
    return word.read(saved(document))


def outline(make: Callable[[Document], object]) -> list[tuple[BlockKind, str, int]]:
    return [(piece.kind, piece.text, piece.level) for piece in read(make).pieces]


def body(inner: str) -> list[tuple[BlockKind, str, int]]:
    """Return what is read of a body in the words of the format."""

    def fill(document: Document) -> None:
        for element in parse_xml(f"<w:body {NAMES}>{inner}</w:body>"):
            document.element.body.insert_element_before(element, "w:sectPr")

    return outline(fill)


def paragraph(inner: str, properties: str = "") -> str:
    return f"<w:p><w:pPr>{properties}</w:pPr>{inner}</w:p>"


def run(words: str, properties: str = "") -> str:
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{words}</w:t></w:r>'


def test_below_a_title_headings_stand_one_level_lower():
    def make(document):
        document.add_heading("Tides", 0)
        document.add_paragraph("How they rise", "Subtitle")
        document.add_heading("The moon", 1)
        document.add_heading("Its pull", 2)

    assert outline(make) == [(H, "Tides", 1), (P, "How they rise", 0), (H, "The moon", 2), (H, "Its pull", 3)]
    assert read(make).title == "Tides"


def test_without_a_title_the_highest_heading_is_the_first_level():
    def make(document):
        document.add_heading("The moon", 1)
        document.add_heading("Its pull", 2)

    assert outline(make) == [(H, "The moon", 1), (H, "Its pull", 2)]


def test_a_heading_is_one_by_its_outline_or_what_its_style_is_based_on_whatever_its_name():
    def make(document):
        own = document.styles.add_style("Kapitel der Firma", 1)
        own.base_style = document.styles["Heading 2"]
        document.add_paragraph("Ebbe und Flut", own)
        document.styles["Body Text"].element.get_or_add_pPr().append(
            parse_xml(f'<w:outlineLvl {nsdecls("w")} w:val="0"/>')
        )
        document.add_paragraph("Mond", "Body Text")

    assert outline(make) == [(H, "Ebbe und Flut", 2), (H, "Mond", 1)]


def test_lists_are_told_by_their_styles_and_depth():
    def make(document):
        for style in ("List Bullet", "List Bullet 2", "List Number", "List Number 2"):
            document.add_paragraph(style, style)

    assert outline(make) == [
        (B, "List Bullet", 1),
        (B, "List Bullet 2", 2),
        (S, "List Number", 1),
        (S, "List Number 2", 2),
    ]


def with_list(document: Document, shapes: list[tuple[str, str]]) -> None:
    """Add a list with these kinds of numbers at its levels, and an item at each."""
    levels = "".join(
        f'<w:lvl w:ilvl="{at}"><w:numFmt w:val="{shape}"/><w:lvlText w:val="{shown}"/></w:lvl>'
        for at, (shape, shown) in enumerate(shapes)
    )
    numbering = document.part.numbering_part.element
    numbering.insert(0, parse_xml(f'<w:abstractNum {NAMES} w:abstractNumId="90">{levels}</w:abstractNum>'))
    numbering.append(parse_xml(f'<w:num {NAMES} w:numId="91"><w:abstractNumId w:val="90"/></w:num>'))
    for at in range(len(shapes)):
        own = f'<w:numPr><w:ilvl w:val="{at}"/><w:numId w:val="91"/></w:numPr>'
        added = parse_xml(f"<w:body {NAMES}>{paragraph(run(f'level {at}'), own)}</w:body>")[0]
        document.element.body.insert_element_before(added, "w:sectPr")


@pytest.mark.parametrize(
    ("shapes", "kinds"),
    [
        ([("bullet", "•"), ("bullet", "o")], [(B, 1), (B, 2)]),
        ([("decimal", "%1."), ("lowerLetter", "%2)")], [(S, 1), (S, 2)]),
        ([("bullet", ""), ("decimal", "%2.")], [(B, 1), (S, 2)]),
        ([("none", ""), ("bullet", "-")], [(P, 0), (B, 2)]),
        ([("decimal", "%1."), ("decimal", "%1.%2")], [(S, 1), (P, 0)]),
    ],
    ids=["bullets", "numbers", "numbers in bullets", "neither", "clauses"],
)
def test_the_definition_of_a_list_tells_bullets_from_numbers(shapes, kinds):
    assert [(kind, level) for kind, _, level in outline(lambda document: with_list(document, shapes))] == kinds


def test_a_list_that_is_switched_off_is_none():
    off = '<w:pStyle w:val="ListBullet"/><w:numPr><w:numId w:val="0"/></w:numPr>'

    assert body(paragraph(run("Not listed"), off)) == [(P, "Not listed", 0)]


def test_bullets_and_numbers_that_were_typed_make_lists():
    def make(document):
        for line in ("• salt", "–\tsilt", "\uf0b7 sand", "1. Wait.", "2)\tLook."):
            document.add_paragraph(line)
        document.add_paragraph("• first\n• second")

    assert [found[:2] for found in outline(make)] == [
        (B, "salt"), (B, "silt"), (B, "sand"), (S, "Wait."), (S, "Look."), (B, "first"), (B, "second"),
    ]  # fmt: skip


def test_quotations_keep_their_kind():
    def make(document):
        document.add_paragraph("The sea has no memory.", "Quote")
        document.add_paragraph("Nor has the moon.", "Intense Quote")

    assert outline(make) == [(Q, "The sea has no memory.", 0), (Q, "Nor has the moon.", 0)]


def test_a_short_bold_paragraph_is_a_heading_and_bold_words_in_front_are_a_lead():
    def make(document):
        document.add_paragraph().add_run("Spring tides").bold = True
        opened = document.add_paragraph()
        opened.add_run("Neap tide:").bold = True
        opened.add_run(" the lowest of the month.")
        capital = document.add_paragraph()
        capital.add_run("T").bold = True
        capital.add_run("ides turn twice a day.")

    found = read(make).pieces
    assert [(piece.kind, piece.level, piece.lead) for piece in found] == [(H, 3, ""), (P, 0, "Neap tide:"), (P, 0, "")]


@pytest.mark.parametrize("style", ["Caption", "Subtitle"])
def test_a_bold_caption_or_subtitle_is_no_heading(style):
    def make(document):
        document.add_paragraph(style=style).add_run("Figure 1: the moon").bold = True

    assert outline(make) == [(P, "Figure 1: the moon", 0)]


def test_bold_may_come_from_a_style():
    def make(document):
        opened = document.add_paragraph()
        opened.add_run("Neap tide", "Strong")
        opened.add_run(" is the lowest.")

    assert read(make).pieces[0].lead == "Neap tide"


def test_changes_are_read_as_accepted():
    assert body(
        paragraph(
            run("The tide ")
            + f"<w:ins>{run('always ')}</w:ins>"
            + "<w:del><w:r><w:delText>never </w:delText></w:r></w:del>"
            + f"<w:moveFrom>{run('gone ')}</w:moveFrom><w:moveTo>{run('turns')}</w:moveTo>"
            + run(".")
        )
    ) == [(P, "The tide always turns.", 0)]


def test_a_deleted_row_of_a_table_is_gone():
    def row(words, properties=""):
        return f"<w:tr><w:trPr>{properties}</w:trPr>" + f"<w:tc>{paragraph(run(words))}</w:tc>" * 2 + "</w:tr>"

    assert body(f"<w:tbl>{row('a')}{row('b', '<w:del/>')}{row('c')}</w:tbl>") == [(R, "a | a", 0), (R, "c | c", 0)]


def test_links_fields_and_content_controls_are_their_words():
    link = f'<w:hyperlink w:anchor="x">{run("moon")}</w:hyperlink>'
    field = (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> REF moon \\h </w:instrText></w:r>'
        f'<w:r><w:fldChar w:fldCharType="separate"/></w:r>{run(" in section 2")}<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )
    control = f"<w:sdt><w:sdtContent>{run(' and the sun')}</w:sdtContent></w:sdt>"

    assert body(paragraph(run("See the ") + link + field + control)) == [
        (P, "See the moon in section 2 and the sun", 0)
    ]


def test_what_nobody_reads_is_left_out():
    hidden = run("secret ", "<w:vanish/>")
    note = '<w:r><w:footnoteReference w:id="2"/></w:r>'
    contents = (
        '<w:sdt><w:sdtPr><w:docPartObj><w:docPartGallery w:val="Table of Contents"/></w:docPartObj></w:sdtPr>'
        f"<w:sdtContent>{paragraph(run('Tides 1'))}</w:sdtContent></w:sdt>"
    )
    line = paragraph(run("Moon") + "<w:r><w:instrText> PAGEREF _Toc12 \\h </w:instrText></w:r>" + run("7"))

    assert body(contents + line + paragraph(hidden + run("Open") + note)) == [(P, "Open", 0)]


def test_contents_are_left_out_by_their_style():
    def make(document):
        document.styles.add_style("toc 1", 1)
        document.add_paragraph("Tides\t3", "toc 1")
        document.add_paragraph("Text.")

    assert outline(make) == [(P, "Text.", 0)]


def test_a_text_box_is_read_once_behind_its_paragraph():
    box = f"<w:txbxContent>{paragraph(run('In the box.'))}</w:txbxContent>"
    drawn = (
        f"<w:r><mc:AlternateContent><mc:Choice Requires='wps'><w:drawing>{box}</w:drawing></mc:Choice>"
        f"<mc:Fallback><w:pict>{box}</w:pict></mc:Fallback></mc:AlternateContent></w:r>"
    )

    assert body(paragraph(run("Beside it.") + drawn)) == [(P, "Beside it.", 0), (P, "In the box.", 0)]


def test_odd_characters_are_made_plain():
    said = "<w:r><w:t>co</w:t><w:softHyphen/><w:t>operate\u00a0with</w:t><w:tab/><w:t>ex</w:t><w:noBreakHyphen/><w:t>crew</w:t></w:r>"

    assert body(paragraph(said)) == [(P, "cooperate with ex-crew", 0)]


def test_a_line_break_is_a_space_and_an_empty_line_parts_paragraphs():
    def make(document):
        document.add_paragraph("High\nwater.\n\nLow water.")

    assert outline(make) == [(P, "High water.", 0), (P, "Low water.", 0)]


def test_formulas_keep_their_letters():
    formula = "<m:oMath><m:r><m:t>F=ma</m:t></m:r></m:oMath>"

    assert body(paragraph(run("Force is ") + formula + run("."))) == [(P, "Force is F=ma.", 0)]


def test_a_merged_cell_stands_in_every_row_that_it_reaches():
    def make(document):
        table = document.add_table(3, 3)
        for at, line in enumerate(("Coast|Port|Range", "North|Helm|4 m", "|Skarn|6 m")):
            for cell, words in zip(table.rows[at].cells, line.split("|"), strict=True):
                cell.text = words
        table.cell(1, 0).merge(table.cell(2, 0))

    found = read(make).pieces
    assert [piece.text for piece in found] == ["Coast | Port | Range", "North | Helm | 4 m", "North | Skarn | 6 m"]
    assert found[2].columns == ("Coast", "Port", "Range")


def columns_of_facts(mark: Callable[[Table], object]) -> tuple[str, ...]:
    """Return what names the columns of a table of facts, of which the words alone make no header."""

    def make(document):
        table = document.add_table(0, 2)
        for line in ("Capital|Paris", "Language|French"):
            for cell, words in zip(table.add_row().cells, line.split("|"), strict=True):
                cell.text = words
        mark(table)

    return read(make).pieces[-1].columns


def test_a_header_is_a_row_that_is_repeated_or_bold_or_set_apart_by_the_style_of_the_table():
    def repeated(table):
        table.rows[0]._tr.get_or_add_trPr().append(parse_xml(f"<w:tblHeader {NAMES}/>"))  # noqa: SLF001 - no public way

    def bold(table):
        for cell in table.rows[0].cells:
            cell.paragraphs[0].runs[0].bold = True

    def styled(table):
        table.style = "Light Grid Accent 1"

    def unused(table):
        styled(table)
        look = table._tbl.tblPr.find(qn("w:tblLook"))  # noqa: SLF001 - no public way
        look.set(qn("w:firstRow"), "0")

    assert {columns_of_facts(mark) for mark in (repeated, bold, styled)} == {("Capital", "Paris")}
    assert {columns_of_facts(mark) for mark in (lambda _: None, unused)} == {()}


def test_a_table_that_lays_out_a_page_is_read_cell_by_cell():
    def make(document):
        box = document.add_table(1, 1)
        box.cell(0, 0).text = "Remember the tide."
        outer = document.add_table(2, 2)
        outer.cell(0, 0).text = "Left."
        inner = outer.cell(1, 1).add_table(2, 2)
        for at, words in enumerate(("Port", "Range", "Helm", "4 m")):
            inner.cell(at // 2, at % 2).text = words

    assert outline(make) == [
        (P, "Remember the tide.", 0),
        (P, "Left.", 0),
        (R, "Port | Range", 0),
        (R, "Helm | 4 m", 0),
    ]


def test_a_cell_that_claims_to_reach_across_a_billion_columns_does_no_harm():
    wide = f'<w:tc><w:tcPr><w:gridSpan w:val="999999999"/></w:tcPr>{paragraph(run("x"))}</w:tc>'
    cell = f"<w:tc>{paragraph(run('y'))}</w:tc>"

    assert body(f"<w:tbl><w:tr>{wide}{cell}</w:tr><w:tr>{cell}{cell}</w:tr></w:tbl>")[-1][:2] == (R, "y | y")


def test_lines_in_a_monospaced_font_are_code():
    def make(document):
        document.add_paragraph("A loop counts the tides:")
        for line in ("for tide in tides:", "    count += 1"):
            document.add_paragraph().add_run(line).font.name = "Courier New"
        document.add_paragraph("That is all.")
        document.add_paragraph("So it ends.")

    assert outline(make)[1] == (C, "for tide in tides:\n    count += 1", 0)


def test_a_text_that_was_typed_in_courier_is_prose():
    def make(document):
        document.add_paragraph().add_run("The tide   turns.").font.name = "Courier New"

    assert outline(make) == [(P, "The tide turns.", 0)]


def test_a_line_across_the_page_is_remembered():
    border = "<w:pBdr><w:bottom w:val='single' w:sz='6' w:space='1' w:color='auto'/></w:pBdr>"

    def make(document):
        for element in parse_xml(
            f"<w:body {NAMES}>{paragraph(run('Above.'), border)}{paragraph(run('Below.'))}</w:body>"
        ):
            document.element.body.insert_element_before(element, "w:sectPr")

    assert [piece.ruled for piece in read(make).pieces] == [False, True]


def test_headers_and_footers_are_left_out():
    def make(document):
        document.sections[0].header.paragraphs[0].text = "Confidential"
        document.add_paragraph("Text.")

    assert outline(make) == [(P, "Text.", 0)]


def test_the_properties_name_a_text_unless_a_program_did():
    def named(title):
        def make(document):
            document.core_properties.title = title
            document.add_paragraph("Text.")

        return read(make).name

    assert named("On tides") == "On tides"
    assert named("Microsoft Word - tides_v3.doc") is None
    assert named("Document1") is None


def plain() -> bytes:
    document = docx.Document()
    document.add_paragraph("The tide turns.").runs[0].font.size = Pt(11)
    return saved(document)


MAIN = b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"


@pytest.mark.parametrize(
    "kind",
    [
        b"application/vnd.ms-word.document.macroEnabled.main+xml",
        b"application/vnd.openxmlformats-officedocument.wordprocessingml.template.main+xml",
        b"application/vnd.ms-word.template.macroEnabledTemplate.main+xml",
    ],
    ids=["docm", "dotx", "dotm"],
)
def test_templates_and_files_with_macros_are_read_as_documents(kind):
    data = repacked(plain(), lambda _, part: part.replace(MAIN, kind), **{"word/vbaProject.bin": b"Sub AutoOpen()"})

    found = word.read(data)
    assert [piece.text for piece in found.pieces] == ["The tide turns."]
    assert found.problems == ("This file holds macros; they were left out.",)


def test_a_strict_file_is_read_like_any_other():
    strict = (
        b"http://schemas.openxmlformats.org/wordprocessingml/2006/",
        b"http://purl.oclc.org/ooxml/wordprocessingml/",
    )
    data = repacked(plain(), lambda name, part: part.replace(*strict) if name.startswith("word/") else part)

    assert [piece.text for piece in word.read(data).pieces] == ["The tide turns."]


def test_a_relationship_that_leads_outside_or_nowhere_is_not_followed():
    image = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/image"
    more = (
        f'<Relationship Id="rId90" Type="{image}" Target="media/gone.png"/>'
        f'<Relationship Id="rId91" Type="{image}" Target="file:///etc/passwd" TargetMode="External"/></Relationships>'
    ).encode()
    data = repacked(plain(), lambda name, part: part.replace(b"</Relationships>", more) if "document" in name else part)

    assert [piece.text for piece in word.read(data).pieces] == ["The tide turns."]


BOMB = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;">]>'


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda part: BOMB + part.split(b"?>", 1)[1], "declares"),
        (lambda part: (BOMB + part.split(b"?>", 1)[1]).decode().encode("utf-16"), "declares"),
        (lambda part: part[: len(part) // 2], "damaged"),
        (lambda _: b"", "damaged"),
        (lambda part: part.replace(b"<w:body>", b"<w:sdt>" * 300 + b"<w:body>"), "damaged"),
        (lambda part: part.replace(b"w:body>", b"w:nobody>"), "damaged"),
    ],
    ids=["entities", "entities in UTF-16", "cut off", "empty", "nested deeply", "no body"],
)
def test_a_file_that_is_hostile_or_broken_inside_is_refused_with_a_sentence(change, says):
    data = repacked(plain(), lambda name, part: change(part) if name == "word/document.xml" else part)

    with pytest.raises(InvalidInput, match=says):
        word.read(data)


@pytest.mark.parametrize("missing", ["word/document.xml", "[Content_Types].xml", "_rels/.rels"])
def test_a_file_without_a_part_that_it_needs_is_refused_with_a_sentence(missing):
    data = repacked(plain(), lambda name, part: b"<x/>" if name == missing else part)

    with pytest.raises(InvalidInput, match="damaged"):
        word.read(data)


def test_tables_nested_as_deeply_as_a_file_may_are_read_in_time():
    inner = paragraph(run("deep"))
    for _ in range(70):
        inner = f"<w:tbl><w:tr><w:tc>{inner}</w:tc></w:tr></w:tbl>"

    assert body(inner) == [(P, "deep", 0)]


WORDS = st.text(
    st.characters(min_codepoint=32, exclude_categories=["Cs", "Cn", "Co"], exclude_characters="\ufffe\uffff"),
    min_size=1,
)


@settings(max_examples=10, deadline=None)
@given(st.lists(WORDS, min_size=5, max_size=20))
def test_whatever_the_words_every_heading_is_there_verbatim_in_its_place(said):
    def make(document):
        for one in said:
            document.add_paragraph(one, "Heading 1")

    meant = [" ".join(text.clean(one).split()) for one in said]
    assert [piece.text for piece in read(make).pieces] == [one for one in meant if one]
