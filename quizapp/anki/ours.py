"""Notes of the note types that Recto brings into Anki come back as what they were. Start from `note`."""

import re
from collections.abc import Callable, Mapping, Sequence
from html import unescape

from quizapp.anki.notetypes import FIELDS, IDS
from quizapp.anki.stored import NoteType
from quizapp.domain.cards import CardKind, Note, Source
from quizapp.domain.documents import CELL_BREAK
from quizapp.hypertext import card_text, line_text

_ITEM = re.compile(r"<li([^>]*)>(.*?)</li>", re.DOTALL | re.IGNORECASE)
_ANY_TAG = re.compile(r"<[^>]*>")
_BREAK = re.compile(r"<br ?/?>", re.IGNORECASE)
_ROW = re.compile(r"<tr>(.*?)</tr>", re.DOTALL)
_CELL = re.compile(r"<t[hd][^>]*>(.*?)</t[hd]>", re.DOTALL)
_PAGE = re.compile(r"(?:(.*), )?page (\d{1,7})", re.DOTALL)
_NAMES = {number: name for name, number in IDS.items()}
Values = Mapping[str, str]


def name(note_type: NoteType) -> str | None:
    """Return what a note type of ours is called in `notetypes.FIELDS`; None of another, and of what is read as any other."""
    found = _NAMES.get(note_type.id) or note_type.name.removeprefix("Recto ").casefold()
    return found if found in _MAKERS and note_type.fields == FIELDS.get(found) else None


def note(kind: str, values: Values, tags: Sequence[str]) -> Note:
    """Return the note that the fields of our note type hold."""
    made = _MAKERS[kind](values)
    explanation = card_text(values["Explanation"])
    return Note(made.kind, made.question, made.answer, made.choices, explanation, _source(values), tuple(tags))


def _basic(values: Values) -> Note:
    return Note(CardKind.BASIC, card_text(values["Question"]), card_text(values["Answer"]))


def _cloze(values: Values) -> Note:
    return Note(CardKind.CLOZE, card_text(values["Text"]))


def _choice(values: Values) -> Note:
    listed = _ITEM.findall(values["Choices"])
    choices = tuple(card_text(text) for _, text in listed)
    answer = next((card_text(text) for look, text in listed if "right" in look), card_text(values["Answer"]))
    if "fixed" in values["Choices"].partition(">")[0] and [one.casefold() for one in choices] == ["true", "false"]:
        return Note(CardKind.TRUE_FALSE, card_text(values["Question"]), answer)
    return Note(CardKind.CHOICE, card_text(values["Question"]), answer, choices)


def _list(values: Values) -> Note:
    return Note(CardKind.LIST, card_text(values["Question"]), _items(values, "- "))


def _order(values: Values) -> Note:
    return Note(CardKind.ORDER, card_text(values["Question"]), _items(values, ""))


def _items(values: Values, mark: str) -> str:
    listed = (line_text(text) for _, text in _ITEM.findall(values["Items"]))
    return "\n".join(mark + item for item in listed if item)


_MAKERS: Mapping[str, Callable[[Values], Note]] = {
    "basic": _basic,
    "cloze": _cloze,
    "choice": _choice,
    "list": _list,
    "order": _order,
}


def _source(values: Values) -> Source | None:
    """Return where the note comes from; its document is not known, so it is the quote from end to end."""
    columns: tuple[str, ...] = ()
    if "<table" in values["Quote"]:
        rows = [tuple(_text(cell) for cell in _CELL.findall(row)) for row in _ROW.findall(values["Quote"])]
        columns = rows[0] if rows else ()
        quote = "\n".join(CELL_BREAK.join(row) for row in rows[1:])
    else:
        quote = _text(values["Quote"])
    if not quote:
        return None
    heading, page = _place(_text(values["Place"]))
    return Source(quote, 0, len(quote), _text(values["Speaker"]) or None, heading, page, columns)


def _place(text: str) -> tuple[str | None, int | None]:
    found = _PAGE.fullmatch(text)
    return (found[1] or None, int(found[2])) if found else (text or None, None)


def _text(html: str) -> str:
    return unescape(_ANY_TAG.sub("", _BREAK.sub("\n", html))).strip()
