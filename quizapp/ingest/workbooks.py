"""Excel workbooks to pieces: what their cells show, sheet by sheet. Start from `read`.

The parts of the archive are read as they stream by, so that hidden rows, merged cells and formulas that were
never computed are known without a second pass. Macros, links and formulas are never looked into.
"""

import io
import posixpath
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from xml.etree.ElementTree import ParseError

from defusedxml.ElementTree import iterparse

from quizapp.domain.documents import BlockKind
from quizapp.errors import InvalidInput
from quizapp.ingest import archives, cells, sheets
from quizapp.ingest.pieces import MAX_CHARACTERS, Piece, Pieces, too_long, within_limits
from quizapp.ingest.text import clean
from quizapp.translations import _, many

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
PLACE = re.compile(r"\$?(?P<column>[A-Z]{1,3})\$?(?P<row>\d{1,7})")
NAMELESS = re.compile(
    r"(?:sheet|tabelle|feuil|feuille|hoja|foglio|blad|ark|arkusz|planilha|лист|工作表) ?\d*", re.IGNORECASE
)
MAX_SHEETS = 200
LONGEST_NUMBER = 10  # digits of a count
MAX_MERGED = 10_000  # merged ranges of a sheet
STRINGS_AT_MOST = 4 * MAX_CHARACTERS  # of all sheets, those that are hidden included


@dataclass
class _Sheet:
    """A sheet's rows by number, without what is hidden, and what a person would miss of it."""

    name: str
    rows: dict[int, list[str]] = field(default_factory=dict)
    hides: bool = False
    unknown: int = 0  # formulas without a value, and errors
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)  # first row and column, last row and column

    def lines(self) -> list[list[str]]:
        """Return the rows from top to bottom; one empty row stands for any number of them."""
        out: list[list[str]] = []
        last = 0
        for number in sorted(self.rows):
            out += [[]] if last and number > last + 1 else []
            out.append(self.rows[number])
            last = number
        return out

    def problems(self) -> list[str]:
        """Return what was left out of it, as sentences."""
        told = [_("Hidden rows or columns of “%(name)s” were left out.", name=self.name)] if self.hides else []
        if self.unknown:
            told.append(
                many(
                    "In “%(name)s”, %(num)s cell is empty: a formula without a value, or an error.",
                    "In “%(name)s”, %(num)s cells are empty: a formula without a value, or an error.",
                    self.unknown,
                    name=self.name,
                )
            )
        return told + sheets.cut(self.lines(), f"“{self.name}”")


@dataclass(frozen=True)
class _Book:
    """What the sheets of a workbook share."""

    archive: archives.Archive
    strings: list[str]
    formats: list[str]  # of numbers, by style
    from_1904: bool


def read(data: bytes) -> Pieces:
    """Return the pieces of a workbook: its sheets, each below its name where there are several."""
    archive = archives.opened(data)
    main = _main(archive)
    shown, problems = _shown_sheets(archive, main)
    book = _book(archive, main)
    read = [_sheet(book, target, name) for name, target in shown]
    problems += [problem for sheet in read for problem in sheet.problems()]
    if any(name.startswith("xl/charts/") for name in archive.names):
        problems.append(_("The charts were left out."))
    filled = [sheet for sheet in read if any(map(any, sheet.rows.values()))]
    name = _title(archive) or _name(filled)
    return Pieces(within_limits(_pieces(filled)), problems=tuple(problems), name=name, headed=True)


def rows(data: bytes) -> tuple[dict[int, list[str]], list[str]]:
    """Return what the first sheet shows that shows something, by the numbers of its rows, and what was left out."""
    archive = archives.opened(data)
    main = _main(archive)
    shown, problems = _shown_sheets(archive, main)
    book = _book(archive, main)
    for at, (name, target) in enumerate(shown):
        sheet = _sheet(book, target, name)
        if any(map(any, sheet.rows.values())):
            others = [_("Only the first sheet was read.")] if shown[at + 1 :] else []
            return sheet.rows, [*problems, *sheet.problems(), *others]
    return {}, problems


def _main(archive: archives.Archive) -> str:
    """Return the part that names the sheets."""
    links = _links(archive, "").values()
    main = next((target for kind, target in links if kind == "officeDocument"), "xl/workbook.xml")
    if main.endswith(".bin"):
        raise InvalidInput("This is a binary workbook, which Recto cannot read. Save it as .xlsx or .csv first.")
    return main


def _pieces(filled: Sequence[_Sheet]) -> Iterator[Piece]:
    for sheet in filled:
        if len(filled) > 1:
            yield Piece(BlockKind.HEADING, sheet.name, 2)
        rows = [row[: sheets.MAX_COLUMNS] for row in sheet.lines()[: sheets.MAX_ROWS]]
        yield from sheets.pieces(rows, level=2 if len(filled) == 1 else 3)


def _name(filled: Sequence[_Sheet]) -> str | None:
    """Return the name of the only sheet, unless it is one that programs give."""
    name = filled[0].name if len(filled) == 1 else ""
    return None if NAMELESS.fullmatch(name) else name or None


def _shown_sheets(archive: archives.Archive, main: str) -> tuple[list[tuple[str, str]], list[str]]:
    """Return the names and parts of the sheets that the workbook shows, and what was left out."""
    links = _links(archive, main)
    shown, problems = [], []
    for element in _elements(archive, main):
        if _tag(element) == "sheet":
            name = _line(element.get("name", "")) or "Sheet"
            id_ = next((value for key, value in element.attrib.items() if key.endswith("}id")), "")
            kind, target = links.get(id_, ("", ""))
            if element.get("state", "visible") != "visible":
                problems.append(_("The hidden sheet “%(name)s” was left out.", name=name))
            elif kind == "worksheet":
                shown.append((name, target))
    if len(shown) > MAX_SHEETS:
        problems.append(_("Only the first %(sheets)s sheets were read.", sheets=MAX_SHEETS))
    return shown[:MAX_SHEETS], problems[:MAX_SHEETS]


def _book(archive: archives.Archive, main: str) -> _Book:
    by_kind = dict(_links(archive, main).values())
    dates = [one.get("date1904") for one in _elements(archive, main) if _tag(one) == "workbookPr"]
    strings = _strings(archive, by_kind.get("sharedStrings", ""))
    return _Book(archive, strings, _formats(archive, by_kind.get("styles", "")), bool({"1", "true"} & {*dates}))


def _sheet(book: _Book, part: str, name: str) -> _Sheet:
    """Return a sheet as far as it is read; rows beyond the most are not looked at."""
    sheet, hidden, number = _Sheet(name), set[int](), 0
    for element in _elements(book.archive, part, keep="row"):
        match _tag(element):
            case "col" if _is_hidden(element):
                last = min(_whole(element.get("max")), sheets.MAX_COLUMNS)
                hidden |= set(range(_whole(element.get("min")), last + 1))
            case "row":
                number = _whole(element.get("r")) or number + 1
                if _is_hidden(element):
                    sheet.hides |= len(element) > 0
                elif row := _row(element, book, hidden, sheet):
                    sheet.rows[number] = row
                if len(sheet.rows) > sheets.MAX_ROWS:
                    break
            case "mergeCell" if len(sheet.merged) < MAX_MERGED:
                sheet.merged += _range(element.get("ref", ""))
            case _:
                pass
    _fill(sheet)
    return sheet


def _is_hidden(element: "Element") -> bool:
    return element.get("hidden") in ("1", "true")


def _row(element: "Element", book: _Book, hidden: set[int], sheet: _Sheet) -> list[str]:
    """Return the cells of a row up to the last one that shows something, and one beyond the most that are read."""
    row: list[str] = []
    column = 0
    for cell in element:
        if len(row) > sheets.MAX_COLUMNS:
            break
        place = PLACE.match(cell.get("r", ""))
        column = _column(place["column"]) if place else column + 1
        value = _shown(cell, book, sheet)
        if not value or column in hidden:
            sheet.hides |= bool(value)
            continue
        at = min(column, sheets.MAX_COLUMNS + 1)
        row += [""] * (at - len(row))
        row[at - 1] = value
    return row


def _shown(cell: "Element", book: _Book, sheet: _Sheet) -> str:
    """Return what a cell shows, on one line; nothing for a formula without a value and for an error."""
    parts = {_tag(part): part for part in cell}
    value = (parts["v"].text or "") if "v" in parts else ""
    match cell.get("t", "n"):
        case "s":
            return book.strings[at] if (at := _whole(value)) < len(book.strings) else ""
        case "inlineStr":
            return _line(_words(parts["is"])) if "is" in parts else ""
        case "b":
            return {"1": "TRUE", "0": "FALSE"}.get(value, "")
        case "e":
            sheet.unknown += 1
            return ""
        case "n" if value:
            return _number(value, _whole(cell.get("s")), book)
        case _:
            sheet.unknown += "f" in parts and not value
            return _line(value)


def _number(value: str, style: int, book: _Book) -> str:
    try:
        number = float(value)
    except ValueError:
        return _line(value)
    number_format = book.formats[style] if style < len(book.formats) else "General"
    return _line(cells.shown(number, number_format, from_1904=book.from_1904))


def _column(letters: str) -> int:
    """Return the number of a column from 1 on: "A" is 1, "AA" is 27."""
    number = 0
    for letter in letters:
        number = 26 * number + ord(letter) - 64
    return number


def _whole(value: str | None) -> int:
    """Return a number that counts something; 0 where it is none."""
    return int(value) if value and value.isascii() and value.isdigit() and len(value) < LONGEST_NUMBER else 0


def _range(ref: str) -> list[tuple[int, int, int, int]]:
    places = [PLACE.fullmatch(one) for one in ref.split(":")]
    found = [(int(one["row"]), _column(one["column"])) for one in places if one]
    return [(*found[0], *found[1])] if len(found) == 2 else []


def _fill(sheet: _Sheet) -> None:
    """Write what merged cells of one column show into each of their rows."""
    for top, left, bottom, right in sheet.merged:
        above = sheet.rows.get(top, [])
        if left != right or len(above) < left:
            continue
        for number in range(top + 1, min(bottom, top + sheets.MAX_ROWS) + 1):
            row = sheet.rows.get(number, [])
            row += [""] * (left - len(row))
            row[left - 1] = above[left - 1]


def _strings(archive: archives.Archive, name: str) -> list[str]:
    """Return the texts that cells refer to by number."""
    strings: list[str] = []
    left = STRINGS_AT_MOST
    for element in _elements(archive, name, keep="si"):
        if _tag(element) == "si":
            strings.append(_line(_words(element)))
            left -= len(strings[-1])
            if left < 0:
                raise too_long(_("holds too much text"))
    return strings


def _words(element: "Element") -> str:
    """Return the text of a cell, whatever its letters look like, without the readings that are set above it."""
    runs = [part for one in element for part in (one if _tag(one) == "r" else (one,))]
    return "".join(part.text or "" for part in runs if _tag(part) == "t")


def _formats(archive: archives.Archive, name: str) -> list[str]:
    """Return the number format of every style."""
    own: dict[str, str] = {}
    for element in _elements(archive, name, keep="cellXfs"):
        if _tag(element) == "numFmt":
            own[element.get("numFmtId", "")] = element.get("formatCode", "General")
        elif _tag(element) == "cellXfs":
            ids = [style.get("numFmtId", "0") for style in element]
            return [own.get(one) or cells.BUILT_IN.get(_whole(one), "General") for one in ids]
    return []


def _title(archive: archives.Archive) -> str | None:
    found = (_line(one.text or "") for one in _elements(archive, "docProps/core.xml") if _tag(one) == "title")
    return next(filter(None, found), None)


def _links(archive: archives.Archive, name: str) -> dict[str, tuple[str, str]]:
    """Return the kinds and names of the parts that a part refers to, by the ids that it gives them."""
    folder, base = posixpath.split(name)
    out = {}
    for element in _elements(archive, posixpath.join(folder, "_rels", f"{base}.rels")):
        if _tag(element) == "Relationship" and element.get("TargetMode") != "External":
            target = posixpath.normpath(posixpath.join("/", folder, element.get("Target", ""))).lstrip("/")
            out[element.get("Id", "")] = (element.get("Type", "").rpartition("/")[2], target)
    return out


def _elements(archive: archives.Archive, name: str, keep: str = "") -> Iterator["Element"]:
    """Yield the elements of a part as they end and drop them, but those inside of one to keep whole with that one."""
    data = archive.read(name)
    above: list[Element] = []
    inside = 0
    try:
        for event, element in iterparse(io.BytesIO(data), ("start", "end"), forbid_dtd=True) if data else ():
            kept = _tag(element) == keep
            if event == "start":
                above.append(element)
                inside += kept
                continue
            above.pop()
            inside -= kept
            if not inside:
                yield element
                if above:
                    del above[-1][-1]
    except (ParseError, ValueError, LookupError) as fault:  # also what defusedxml raises, and strange encodings
        raise InvalidInput(
            "This workbook is damaged. Open it in a spreadsheet program, save it anew and try again."
        ) from fault


def _tag(element: "Element") -> str:
    return element.tag.rpartition("}")[2]


def _line(value: str) -> str:
    """Return a cell's text on one line."""
    return " ".join(clean(ESCAPED.sub(lambda found: chr(int(found[1], 16)), value)).split())
