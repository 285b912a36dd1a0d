"""The rows of a table to notes, by what its columns are for. Start from `found`."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from quizapp import hypertext, markup
from quizapp.domain import cloze, tags
from quizapp.domain.cards import CardKind, Note, Source
from quizapp.domain.incoming import Incoming
from quizapp.exchange.cargo import Basket, Found
from quizapp.exchange.layout import MAX_COLUMNS, Layout, Role, Row, Told, Wishes, Writing, guessed
from quizapp.exchange.spreadsheets import HEAD, unguarded
from quizapp.translations import _, figure

MAX_ROWS = 50_000
KINDS = {
    "basic": CardKind.BASIC,
    "cloze": CardKind.CLOZE,
    "choice": CardKind.CHOICE,
    "multiple choice": CardKind.CHOICE,
    "true_false": CardKind.TRUE_FALSE,
    "true/false": CardKind.TRUE_FALSE,
    "list": CardKind.LIST,
    "order": CardKind.ORDER,
}
LETTER = re.compile(r"\(?(?:option |choice )?(?:([a-h])|([1-8]))[.):]?", re.IGNORECASE)
TRUTHS = {"true": "True", "false": "False"}

Text = Callable[[str], str]


def found(rows: Sequence[Row], told: Told, wishes: Wishes) -> Found:
    """Return the notes of a table."""
    basket = Basket()
    layout = guessed(rows, told, wishes)
    own = layout.headed and tuple(layout.names) == HEAD
    if own and wishes.writing is None:
        layout = replace(layout, writing=Writing.MARKDOWN)
    _tell_bounds(rows, basket)
    for row in rows[int(layout.headed) : MAX_ROWS]:
        if any(cell.strip() for cell in row.cells):
            cells = tuple(map(unguarded, row.cells)) if own else row.cells
            _take(Row(row.line, cells), layout, told, basket)
    return basket.found(layout)


def _tell_bounds(rows: Sequence[Row], basket: Basket) -> None:
    if len(rows) > MAX_ROWS:
        told = _("Only the first %(rows)s rows were read. Split the file.", rows=figure(MAX_ROWS))
        basket.tell(told, rows[MAX_ROWS].line)
    for row in rows[:MAX_ROWS]:
        if any(row.cells[MAX_COLUMNS:]):
            told = _("Only the first %(columns)s columns were read.", columns=MAX_COLUMNS)
            basket.tell(told, row.line, MAX_COLUMNS + 1)
            return


def _take(row: Row, layout: Layout, told: Told, basket: Basket) -> None:
    """Put the note of a row into the basket, and its reverse where the row asks for both."""
    cells = _by_role(row, layout)
    texts = [cell for _, cell in zip(layout.columns, row.cells, strict=False)]
    if layout.writing is Writing.HTML:
        _tell_left_out(row, texts, basket)
    name = " ".join(cells[Role.KIND]) or told.kind
    note = _note(cells, KINDS.get(name.strip().casefold()), reader(layout.writing), told)
    deck, guid = "::".join(cells[Role.DECK]) or told.deck, " ".join(cells[Role.ID])
    basket.take(Incoming(note, deck=deck, guid=guid, line=row.line))
    if "and reversed" in name.casefold() and note.kind is CardKind.BASIC:
        other = replace(note, question=note.answer, answer=note.question)
        basket.take(Incoming(other, deck=deck, guid=f"{guid}-reversed" if guid else "", line=row.line))


def _by_role(row: Row, layout: Layout) -> dict[Role, list[str]]:
    cells: dict[Role, list[str]] = {role: [] for role in Role}
    for role, cell in zip(layout.columns, row.cells, strict=False):
        if cell.strip():
            cells[role].append(cell.strip())
    return cells


def _tell_left_out(row: Row, cells: Sequence[str], basket: Basket) -> None:
    for at, cell in enumerate(cells, 1):
        if hypertext.pictures(cell):
            basket.adapt(_("The picture in column %(column)s was left out.", column=at), row.line)
        if hypertext.sounds(cell):
            basket.adapt(_("The sound in column %(column)s was left out.", column=at), row.line)


def _note(cells: dict[Role, list[str]], kind: CardKind | None, text: Text, told: Told) -> Note:
    question, answer = _joined(cells[Role.QUESTION], text), _joined(cells[Role.ANSWER], text)
    explanation = _joined(cells[Role.EXPLANATION], text)
    choices = tuple(text(line) for cell in cells[Role.CHOICE] for line in _lines(cell))
    marks = told.tags + tuple(_tags(cells[Role.TAGS], spaced=told.by_anki))
    note = Note(kind or CardKind.BASIC, question, answer, choices, explanation, _source(cells), marks)
    if kind in {CardKind.LIST, CardKind.ORDER}:
        return replace(note, answer="\n".join(text(line) for cell in cells[Role.ANSWER] for line in cell.splitlines()))
    return shaped(note, is_known=kind is not None)


def shaped(note: Note, *, is_known: bool) -> Note:
    """Return a note of the kind that its texts show, unless the kind is known, with answer and choices as it needs them."""
    kind = note.kind if is_known else _kind(note)
    match kind:
        case CardKind.CLOZE:
            question, answer = note.question, note.answer
            if cloze.numbers(answer):
                question, answer = f"{question}\n\n{answer}".strip(), ""
            elif answer and not cloze.numbers(question):
                question, answer = cloze.mark(question, answer), ""
            explanation = "\n\n".join(filter(None, (answer, note.explanation)))
            return replace(note, kind=kind, question=question, answer="", choices=(), explanation=explanation)
        case CardKind.CHOICE:
            return _choice(note)
        case CardKind.TRUE_FALSE:
            answer = TRUTHS.get(note.answer.strip().casefold(), note.answer)
            return replace(note, kind=kind, answer=answer, choices=())
        case _:
            return replace(note, kind=kind)


def _kind(note: Note) -> CardKind:
    if cloze.numbers(note.question) or cloze.numbers(note.answer):
        return CardKind.CLOZE
    if len(note.choices) > 1:
        return CardKind.CHOICE
    return CardKind.TRUE_FALSE if note.answer.strip().casefold() in TRUTHS else CardKind.BASIC


def _choice(note: Note) -> Note:
    """Return a choice whose answer is among the choices: its letter or number stands for it, or else it is added."""
    answer, choices = note.answer, tuple(dict.fromkeys(note.choices))
    by_letter = LETTER.fullmatch(answer.strip()) if answer not in choices else None
    if by_letter:
        at = ord(by_letter[1].upper()) - ord("A") if by_letter[1] else int(by_letter[2]) - 1
        answer = choices[at] if at < len(choices) else answer
    if answer and answer not in choices:
        choices = (answer, *choices)
    return replace(note, kind=CardKind.CHOICE, answer=answer, choices=choices)


def _source(cells: dict[Role, list[str]]) -> Source | None:
    quote = "\n".join(cells[Role.QUOTE])
    if not quote:
        return None
    page = next((int(cell) for cell in cells[Role.PAGE] if cell.isascii() and cell.isdigit() and len(cell) < 7), None)
    speaker, heading = (" ".join(cells[role]) or None for role in (Role.SPEAKER, Role.HEADING))
    return Source(quote, 0, len(quote), speaker, heading, page)


def _tags(cells: Sequence[str], *, spaced: bool) -> Iterator[str]:
    for cell in cells:
        parted = re.sub(r"[;\n]", ",", cell)
        yield from tags.clean(",".join(parted.split()) if spaced else parted)


def _lines(cell: str) -> list[str]:
    """Return the choices in a cell: one a line, or between bars where it is one line."""
    lines = cell.splitlines() if "\n" in cell else re.split(r"\s*(?:\||<br ?/?>)\s*", cell)
    return [line.strip() for line in lines if line.strip()]


def _joined(cells: Sequence[str], text: Text) -> str:
    return "\n\n".join(filter(None, (text(cell) for cell in cells)))


def reader(writing: Writing) -> Text:
    """Return what turns a text that is written so into card Markdown."""
    match writing:
        case Writing.PLAIN:
            return plain
        case Writing.HTML:
            return hypertext.card_text
        case Writing.MARKDOWN:
            return str.strip


def plain(text: str) -> str:
    """Return card Markdown that shows a plain text with its lines; gaps stay gaps."""
    if markup.is_prose(text):
        return text
    paragraphs = re.split(r"\n\s*\n", text.strip())
    return "\n\n".join("<br>\n".join(map(markup.from_text, part.splitlines())) for part in paragraphs)
