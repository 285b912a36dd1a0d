"""Spreadsheets: Kahoot's template, in and out, and any other whose columns hold cards. `read` and `write`."""

import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import replace
from xml.sax.saxutils import escape

from quizapp import markup
from quizapp.domain.cards import CardKind, Note
from quizapp.domain.incoming import Trouble
from quizapp.errors import InvalidInput
from quizapp.exchange import columns
from quizapp.exchange.cargo import Basket, Found, Outgoing, Written, losses_common
from quizapp.exchange.layout import Row, Told, Wishes
from quizapp.exchange.questions import FULL, Asker, Option
from quizapp.ingest import workbooks

QUESTION_CHARS, ANSWER_CHARS, MOST_ANSWERS = 120, 75, 4
SECONDS = 20
FIRST_ROW = 8  # of the template's table: its head; people read what stands above
HEAD = (
    f"Question - max {QUESTION_CHARS} characters",
    *(f"Answer {number} - max {ANSWER_CHARS} characters" for number in range(1, MOST_ANSWERS + 1)),
    "Time limit (sec) – 5, 10, 20, 30, 60, 90, 120, or 240 secs",
    "Correct answer(s) - choose at least one",
)
ABOUT = {2: "Quiz template", 3: "Import this file in Kahoot’s creator: Add question, Import, Import spreadsheet."}
ASKS = re.compile(r"question - max \d+ characters", re.IGNORECASE)
HEAD_WITHIN = 30  # rows

Sheet = dict[int, Sequence[str | int]]  # cells by the numbers of rows


def read(data: bytes, wishes: Wishes) -> Found:
    """Return the notes of a workbook: a Kahoot, or a table whose columns the person may choose."""
    sheet, problems = workbooks.rows(data)
    rows = [Row(number, cells) for number, cells in sorted(sheet.items())]
    head = next((at for at, row in enumerate(rows[:HEAD_WITHIN]) if any(map(ASKS.fullmatch, row.cells))), None)
    found = columns.found(rows, Told(), wishes) if head is None else _kahoot(rows, head)
    return replace(found, troubles=(*found.troubles, *map(Trouble, problems)))


def _kahoot(rows: Sequence[Row], head: int) -> Found:
    basket = Basket()
    left = next(at for at, cell in enumerate(rows[head].cells) if ASKS.fullmatch(cell))
    for row in rows[head + 1 :]:
        question, *answers, _, right = [*row.cells[left:], *[""] * len(HEAD)][: len(HEAD)]
        if not any((question, *answers)):
            continue
        numbers = {int(found) for found in re.findall(r"\d", right)}
        options = [
            Option(columns.plain(answer), FULL * (number in numbers))
            for number, answer in enumerate(answers, 1)
            if answer
        ]
        asker = Asker(basket, columns.plain(question), line=row.line)
        told = [one.text.casefold() for one in options]
        if sorted(told) == ["false", "true"] and sum(one.percent for one in options) == FULL:
            asker.true_false(is_true=max(options, key=lambda one: one.percent).text.casefold() == "true")
        else:
            asker.choice(options)
    return basket.found()


def write(notes: Sequence[Outgoing]) -> Written:
    """Return the choices of a deck in Kahoot's template; what does not fit is named."""
    sheet: Sheet = {row: ("", text) for row, text in ABOUT.items()}
    sheet[FIRST_ROW] = ("", *HEAD)
    problems: list[str] = []
    count = 0
    for one in notes:
        try:
            row = _row(one.note)
        except InvalidInput as refusal:
            problems.append(f"“{_short(one.note.question)}” is not in the file. {refusal.message}")
            continue
        count += 1
        sheet[FIRST_ROW + count] = (count, *row)
    if not count:
        raise InvalidInput("No card of this deck fits a Kahoot, which asks choices alone. Choose another format.")
    return Written(_workbook(sheet), count, tuple(problems))


def _row(note: Note) -> tuple[str | int, ...]:
    """Return a question as Kahoot takes it, or say why it cannot."""
    if note.kind not in {CardKind.CHOICE, CardKind.TRUE_FALSE}:
        raise InvalidInput("Kahoot asks choices alone.")
    question = markup.plain(note.question).replace("\n", " ")
    choices = _choices(note)
    shown = [markup.plain(choice).replace("\n", " ") for choice in choices]
    if len(question) > QUESTION_CHARS:
        raise InvalidInput(f"Its question has {len(question)} characters; {QUESTION_CHARS} is the most.")
    if any(len(one) > ANSWER_CHARS for one in shown):
        raise InvalidInput(f"One of its answers has {max(map(len, shown))} characters; {ANSWER_CHARS} is the most.")
    blanks = [""] * (MOST_ANSWERS - len(shown))
    return (question, *shown, *blanks, SECONDS, choices.index(note.answer) + 1)


def _choices(note: Note) -> list[str]:
    """Return as many choices as there is room for, the answer among them."""
    if note.kind is CardKind.TRUE_FALSE:
        return ["True", "False"]
    wrong = [choice for choice in note.choices if choice != note.answer]
    kept = {note.answer, *wrong[: MOST_ANSWERS - 1]}
    return [choice for choice in note.choices if choice in kept]


def losses(notes: Sequence[Outgoing]) -> list[str]:
    """Return what a Kahoot does not carry."""
    reasons: dict[str, int] = {}
    for one in notes:
        try:
            _row(one.note)
        except InvalidInput as refusal:
            reason = re.sub(r"has \d+ characters; (\d+) is the most", r"has over \1 characters", refusal.message)
            reasons[reason] = reasons.get(reason, 0) + 1
    told = [f"Left out, {number:,} of {len(notes):,}: {reason}" for reason, number in reasons.items()]
    if many := sum(len(one.note.choices) > MOST_ANSWERS for one in notes):
        told.append(f"Of {many:,} with more than {MOST_ANSWERS} choices, wrong ones are left out.")
    if any(one.note.kind in {CardKind.CHOICE, CardKind.TRUE_FALSE} for one in notes):
        told.append(f"Texts go without emphasis and formulas; the time for each question is {SECONDS} seconds.")
    return told + losses_common(notes, without=("explanations", "tags", "sources", "pictures", "subdecks", "ids"))


def _short(question: str) -> str:
    words = " ".join(markup.plain(question).split())
    return words if len(words) <= ANSWER_CHARS else f"{words[:ANSWER_CHARS]}…"


def _workbook(sheet: Sheet) -> bytes:
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
        '<sheet name="Kahoot" sheetId="1" r:id="rId1"/></sheets></workbook>',
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


DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
SCHEMAS = "http://schemas.openxmlformats.org"
MAIN, OFFICE, PACKAGE = (
    f"{SCHEMAS}/spreadsheetml/2006/main",
    f"{SCHEMAS}/officeDocument/2006",
    f"{SCHEMAS}/package/2006",
)
SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml"
CONTENT_TYPES = (
    f'<Types xmlns="{PACKAGE}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{SHEET}.sheet.main+xml"/>'
    f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{SHEET}.worksheet+xml"/>'
    f'<Override PartName="/xl/sharedStrings.xml" ContentType="{SHEET}.sharedStrings+xml"/></Types>'
)
