"""Tables as files for a spreadsheet: CSV as RFC 4180 has it, and workbooks, with nothing in them that a program would run."""

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from xml.sax.saxutils import escape

CSV = "text/csv; charset=utf-8"
MARK = "\ufeff"  # without it Excel reads UTF-8 as something else
# What a spreadsheet may take for the beginning of a formula: a tab or a line end before one hides it.
BEGINNINGS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")

# What begins like one and is a number, or a sign by itself.
NUMBER = re.compile(r"[+-](?:\s*\d[\d.,\s]*(?:e[+-]?\d+)?\s*%?)?", re.IGNORECASE | re.ASCII)

# The columns of a deck as a table.
HEAD = (
    *("Question", "Answer", "Choices", "Explanation", "Kind", "Tags", "Deck"),
    *("Quote", "Speaker", "Heading", "Page", "Id"),
)

Value = str | int | float | None
Sheet = Mapping[int, Sequence[str | int]]  # cells by the numbers of rows

DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
SCHEMAS = "http://schemas.openxmlformats.org"
MAIN, OFFICE, PACKAGE = (
    f"{SCHEMAS}/spreadsheetml/2006/main",
    f"{SCHEMAS}/officeDocument/2006",
    f"{SCHEMAS}/package/2006",
)
SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
CONTENT_TYPES = (
    f'<Types xmlns="{PACKAGE}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{SHEET_TYPE}.sheet.main+xml"/>'
    f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{SHEET_TYPE}.worksheet+xml"/>'
    f'<Override PartName="/xl/sharedStrings.xml" ContentType="{SHEET_TYPE}.sharedStrings+xml"/></Types>'
)


def as_csv(head: Sequence[str], rows: Iterable[Sequence[Value]]) -> bytes:
    """Return the table as a file; None is an empty cell, and text that looks like a formula gets a quote before it."""
    file = io.StringIO(newline="")
    writer = csv.writer(file)
    writer.writerow(head)
    writer.writerows([guarded(value) for value in row] for row in rows)
    return (MARK + file.getvalue()).encode()


def guarded(value: Value) -> Value:
    """Return a cell that no spreadsheet runs; `unguarded` gives the text back."""
    return f"'{value}" if isinstance(value, str) and _runs(value) else value


def unguarded(cell: str) -> str:
    """Return the text of a cell that was guarded."""
    return cell[1:] if cell.startswith("'") and _runs(cell[1:]) else cell


def _runs(text: str) -> bool:
    """Say whether a text begins like a formula, or like one that is guarded."""
    bare = text.lstrip("'").lstrip(" ")
    return bare.startswith(BEGINNINGS) and not NUMBER.fullmatch(bare)


def as_workbook(sheet: Sheet, *, name: str) -> bytes:
    """Return a workbook of one sheet. Its texts are texts: no spreadsheet takes one for a formula."""
    texts = list(dict.fromkeys(cell for cells in sheet.values() for cell in cells if isinstance(cell, str) and cell))
    places = {text: at for at, text in enumerate(texts)}
    rows = "".join(
        f'<row r="{row}">{"".join(_cells(row, cells, places))}</row>' for row, cells in sorted(sheet.items())
    )
    parts = {
        "[Content_Types].xml": CONTENT_TYPES,
        "_rels/.rels": _links({"officeDocument": "xl/workbook.xml"}),
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}/relationships"><sheets>'
        f'<sheet name="{name}" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": _links(
            {"worksheet": "worksheets/sheet1.xml", "sharedStrings": "sharedStrings.xml"}
        ),
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData></worksheet>',
        "xl/sharedStrings.xml": f'<sst xmlns="{MAIN}">{"".join(map(_string, texts))}</sst>',
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in parts.items():
            archive.writestr(zipfile.ZipInfo(name, (2000, 1, 1, 0, 0, 0)), DECLARATION + body, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _cells(row: int, cells: Sequence[str | int], places: dict[str, int]) -> Iterator[str]:
    for at, cell in enumerate(cells):
        place = f"{chr(ord('A') + at)}{row}"
        if isinstance(cell, int):
            yield f'<c r="{place}"><v>{cell}</v></c>'
        elif cell:
            yield f'<c r="{place}" t="s"><v>{places[cell]}</v></c>'


def _string(text: str) -> str:
    usable = re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]", "\ufffd", text)
    return f'<si><t xml:space="preserve">{escape(usable)}</t></si>'


def _links(targets: dict[str, str]) -> str:
    links = (
        f'<Relationship Id="rId{at}" Type="{OFFICE}/relationships/{kind}" Target="{target}"/>'
        for at, (kind, target) in enumerate(targets.items(), 1)
    )
    return f'<Relationships xmlns="{PACKAGE}/relationships">{"".join(links)}</Relationships>'
