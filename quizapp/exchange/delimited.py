"""Values parted by tabs, commas, semicolons and the like: `read`, and `write_csv`, `write_tsv`, `write_anki`.

Quizlet, Mochi, RemNote, spreadsheets and many others speak these; Anki's text files say more of themselves in lines
that begin with "#".
"""

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice
from typing import Literal

from quizapp.anki import fields as anki_fields
from quizapp.domain.cards import CardKind, faces, items
from quizapp.domain.incoming import Trouble
from quizapp.errors import InvalidInput
from quizapp.exchange import columns
from quizapp.exchange.cargo import Found, Outgoing, Written
from quizapp.exchange.layout import Role, Row, Told, Wishes, Writing
from quizapp.exchange.spreadsheets import HEAD, as_csv
from quizapp.exchange.traits import Alike, counted_kinds, losses_common
from quizapp.ingest.delimited import delimiter_of
from quizapp.ingest.text import encoding_of
from quizapp.markup import plain
from quizapp.translations import _, figure, marked

MAX_CELL = 2_000_000  # characters
SAMPLE_CHARS = 200_000
UNCLOSED = marked("A quotation mark that opens this cell is never closed. From here on they were taken as they stand.")
SEPARATORS = {"tab": "\t", "comma": ",", "semicolon": ";", "pipe": "|", "colon": ":", "space": " "}
DECLARED = re.compile(r"#(?P<key>[a-z]+(?: column)?):(?P<value>.*)", re.IGNORECASE)
EXCEL = re.compile(r"\Asep=(?P<sign>.)\n", re.IGNORECASE)
COLUMNS = {
    "deck column": Role.DECK,
    "tags column": Role.TAGS,
    "notetype column": Role.KIND,
    "guid column": Role.ID,
}
ANKI_COLUMNS = ("guid", "notetype", "deck", "tags")  # before the two fields


def read(data: bytes, wishes: Wishes) -> Found:
    """Return the notes of a file of delimited values."""
    encoding = wishes.encoding or encoding_of(data)
    text = data.decode(encoding, "replace").removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    excel = EXCEL.match(text)
    settings, count = _settings(text)
    body = text[excel.end() :] if excel else "\n".join(text.split("\n")[count:])
    separator = (
        wishes.separator or (excel["sign"] if excel else _declared(settings)) or delimiter_of(body[:SAMPLE_CHARS])
    )
    told = _told(settings, separator)
    rows, unclosed = _rows(body, separator, first=count + 1 + bool(excel), comments=told.by_anki)
    found = columns.found(rows, told, wishes)
    layout = found.layout and replace(found.layout, separator=separator, encoding=encoding)
    return replace(found, layout=layout, troubles=(*filter(None, [unclosed]), *found.troubles))


def _settings(text: str) -> tuple[dict[str, str], int]:
    """Return what Anki's lines at the top say, by name, and how many lines they and comments take."""
    settings: dict[str, str] = {}
    lines = text.split("\n", 50)[:50]
    for count, line in enumerate(lines):
        if not line.startswith("#"):
            return (settings, count) if settings else ({}, 0)
        if found := DECLARED.fullmatch(line.rstrip()):
            settings[found["key"].lower()] = found["value"]
    return (settings, len(lines)) if settings else ({}, 0)


def _declared(settings: dict[str, str]) -> str:
    value = settings.get("separator", "")
    sign = SEPARATORS.get(value.strip().lower(), value)
    return sign if len(sign) == 1 else ""


def _told(settings: dict[str, str], separator: str) -> Told:
    if not settings:
        return Told()
    places = {role: settings.get(key, "").strip() for key, role in COLUMNS.items()}
    html = settings.get("html", "").strip().lower()
    return Told(
        columns={int(at) - 1: role for role, at in places.items() if at.isascii() and at.isdigit() and 0 < len(at) < 3},
        names=tuple(settings["columns"].split(separator)) if "columns" in settings else (),
        writing={"true": Writing.HTML, "false": Writing.PLAIN}.get(html),
        deck=settings.get("deck", "").strip(),
        kind=settings.get("notetype", "").strip(),
        tags=tuple(settings.get("tags", "").split()),
        by_anki=True,
    )


def _rows(text: str, separator: str, *, first: int, comments: bool) -> tuple[list[Row], Trouble | None]:
    """Return the rows, one more than are read at most, and what is to be told of a quotation mark never closed."""
    lines = text.split("\n")
    rows: list[Row] = []
    at = 0
    for cells, end in _parsed(lines, separator, quoting=True):
        if end == len(lines) and end - at > 1 and _is_open(lines[at:end], separator):
            rest = islice(_parsed(lines[at:], separator, quoting=False), columns.MAX_ROWS)
            rows += [Row(first + at + number - 1, one) for one, number in rest]
            return rows, Trouble(_(UNCLOSED), first + at, len(cells))
        if not (comments and lines[at].startswith("#")):
            rows.append(Row(first + at, cells))
        at = end
        if len(rows) > columns.MAX_ROWS:
            break
    return rows, None


def _parsed(lines: Sequence[str], separator: str, *, quoting: bool) -> Iterator[tuple[list[str], int]]:
    """Yield the cells of each row, and how many lines were taken by then."""
    csv.field_size_limit(MAX_CELL)
    rule: Literal[0, 3] = csv.QUOTE_MINIMAL if quoting else csv.QUOTE_NONE
    reader = csv.reader((f"{line}\n" for line in lines), delimiter=separator, quoting=rule)
    try:
        for row in reader:
            yield row, reader.line_num
    except csv.Error as fault:
        raise InvalidInput(
            "Line %(line_num)s of this file cannot be parted into cells: one is longer than %(max_cell)s signs.",
            line_num=figure(reader.line_num),
            max_cell=figure(MAX_CELL),
        ) from fault


def _is_open(lines: Sequence[str], separator: str) -> bool:
    """Say whether a row ends within quotation marks."""
    try:
        list(csv.reader((f"{line}\n" for line in lines), delimiter=separator, strict=True))
    except csv.Error as fault:
        return "end of data" in str(fault)
    return False


def write_csv(notes: Sequence[Outgoing]) -> Written:
    """Return a deck as a table with all that is known of its cards."""
    return Written(as_csv(HEAD, map(_cells, notes)), len(notes))


def _cells(one: Outgoing) -> tuple[str | int | None, ...]:
    note, source = one.note, one.note.source
    place = (source.quote, source.speaker, source.heading, source.page) if source else (None,) * 4
    return (
        *(note.question, note.answer, "\n".join(note.choices), note.explanation, note.kind.value),
        *(", ".join(note.tags), one.deck, *place, one.guid),
    )


def csv_losses(notes: Alike) -> list[str]:
    """Return what the table does not carry."""
    return losses_common(notes, without=("pictures",))


def write_tsv(notes: Sequence[Outgoing]) -> Written:
    """Return question and answer, a line each card, with a tab between, as Quizlet and others take them."""
    lines = [line for one in notes for line in _pairs(one)]
    return Written("".join(f"{line}\n" for line in lines).encode(), len(notes))


def _pairs(one: Outgoing) -> Iterator[str]:
    for face in faces(one.note):
        question, answer = plain(face.question), plain(face.answer)
        match one.note.kind:
            case CardKind.CHOICE:
                question = f"{question} ({' / '.join(map(plain, one.note.choices))})"
            case CardKind.TRUE_FALSE:
                question = f"{question} (True / False)"
            case CardKind.LIST | CardKind.ORDER:
                answer = "; ".join(map(plain, items(face.answer)))
            case _:
                pass
        yield "\t".join(map(_line, (question, answer)))


def _line(cell: str) -> str:
    """Return a cell on one line: in quotation marks only where it begins with one, since not all programs know them."""
    line = " ".join(cell.split())
    return '"{}"'.format(line.replace('"', '""')) if line.startswith('"') else line


def tsv_losses(notes: Alike) -> list[str]:
    """Return what two plain columns do not carry."""
    told = [
        _("Become plain questions with an answer: %(cards)s.", cards=counted)
        for counted in (counted_kinds(notes, kind) for kind in CardKind if kind is not CardKind.BASIC)
        if counted
    ]
    told += [_("Texts go without emphasis, lists, tables and formulas; each is one line.")]
    return told + losses_common(notes, without=("explanations", "tags", "sources", "pictures", "subdecks", "ids"))


def write_anki(notes: Sequence[Outgoing]) -> Written:
    """Return the text file that Anki imports into its own note types "Basic" and "Cloze"."""
    file = io.StringIO(newline="")
    file.write("#separator:tab\n#html:true\n")
    file.writelines(f"#{name} column:{at}\n" for at, name in enumerate(ANKI_COLUMNS, 1))
    writer = csv.writer(file, delimiter="\t", lineterminator="\n", quoting=csv.QUOTE_ALL)
    problems = []
    for one in notes:
        try:
            row = _anki_row(one)
        except InvalidInput as refusal:
            question = plain(one.note.question)[:80]
            problems.append(
                _("“%(question)s” is not in the file. %(reason)s", question=question, reason=refusal.message)
            )
        else:
            writer.writerow(row)
    return Written(file.getvalue().encode(), len(notes) - len(problems), tuple(problems))


def _anki_row(one: Outgoing) -> tuple[str, ...]:
    note = one.note
    values = anki_fields.fields(note, guid=one.guid, document_title=None, link="")
    extra = values.get("Explanation", "")
    tags = " ".join("_".join(tag.split()) for tag in note.tags)
    if note.kind is CardKind.CLOZE:
        return (one.guid, "Cloze", one.deck, tags, values["Text"], extra)
    front = values["Question"] + (values["Choices"] if note.kind in {CardKind.CHOICE, CardKind.TRUE_FALSE} else "")
    back = values["Items"] if note.kind in {CardKind.LIST, CardKind.ORDER} else values["Answer"]
    return (one.guid, "Basic", one.deck, tags, front, f"{back}<br><br>{extra}" if extra else back)


def anki_losses(notes: Alike) -> list[str]:
    """Return what Anki's own note types do not carry."""
    told = [
        _("Become plain cards with a front and a back: %(cards)s.", cards=counted)
        for counted in (counted_kinds(notes, kind) for kind in CardKind if kind not in {CardKind.BASIC, CardKind.CLOZE})
        if counted
    ]
    if any(one.texts.is_explained and one.texts.kind is not CardKind.CLOZE for one in notes):
        told.append(_("Explanations stand below the answer."))
    return told + losses_common(notes, without=("sources", "pictures"))
