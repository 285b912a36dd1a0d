"""Anki's templates: what they make of the fields of a note. Start from `parse`, then `render`."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from html import escape

from quizapp.errors import InvalidInput

MOST_NODES = 2_000
MOST_DEPTH = 50
FRONT = "FrontSide"
SPECIAL = frozenset({"Tags", "Type", "Deck", "Subdeck", "Card", "CardFlag", "CardID"})
_TAG = re.compile(r"\{\{\s*([#^/]?)(.*?)\}\}", re.DOTALL)
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_EMPTY = re.compile(r"(?:\s|&nbsp;|<br ?/?>|</?div ?/?>)*", re.IGNORECASE)
_ANY_TAG = re.compile(r"<[^>]*>")
_RUBY = re.compile(r" ?([^ >]+?)\[(.+?)\]")


@dataclass(frozen=True)
class Shown:
    """The place of a field in a template."""

    field: str
    filters: tuple[str, ...]  # the outermost first


@dataclass(frozen=True)
class Section:
    """A part of a template that is there when a field is not empty, or else when it is."""

    field: str
    when_filled: bool
    nodes: "Nodes"


Nodes = Sequence[str | Shown | Section]


@dataclass(frozen=True)
class Side:
    """How one side of a card is shown."""

    is_back: bool
    fields: Mapping[str, str]  # special ones among them
    is_cloze: bool = False


@lru_cache(maxsize=1_000)
def parse(template: str) -> Nodes:
    """Read a template; one whose sections do not fit together is refused."""
    stack: list[tuple[Section | None, list[str | Shown | Section]]] = [(None, [])]
    end = 0
    template = _COMMENT.sub("", template)
    for count, found in enumerate(_TAG.finditer(template)):
        if count > MOST_NODES or len(stack) > MOST_DEPTH:
            raise InvalidInput("A template of it has too many parts.")
        stack[-1][1].append(template[end : found.start()])
        end, name = found.end(), found[2].strip()
        if found[1] in {"#", "^"}:
            stack.append((Section(name, found[1] == "#", ()), []))
        elif found[1] == "/":
            section, nodes = stack.pop()
            if section is None or section.field != name:
                raise InvalidInput("Anki itself could not show it: a section of its template is not closed.")
            stack[-1][1].append(Section(name, section.when_filled, tuple(nodes)))
        else:
            *filters, field = (part.strip() for part in name.split(":"))
            stack[-1][1].append(Shown(field, tuple(filters)))
    if len(stack) > 1:
        raise InvalidInput("Anki itself could not show it: a section of its template is not closed.")
    stack[0][1].append(template[end:])
    return tuple(stack[0][1])


def render(nodes: Nodes, side: Side) -> str:
    """Return the HTML of a side; clozes keep their marks on the front, which is left out of the back."""
    pieces = []
    for node in nodes:
        match node:
            case str():
                pieces.append(node)
            case Shown():
                pieces.append(_field(node, side))
            case Section() if _is_filled(node.field, side) == node.when_filled:
                pieces.append(render(node.nodes, side))
            case Section():
                pass
    return "".join(pieces)


def asks_to_type(nodes: Nodes) -> bool:
    """Say whether the answer is typed."""
    return any(
        (isinstance(node, Shown) and "type" in node.filters) or (isinstance(node, Section) and asks_to_type(node.nodes))
        for node in nodes
    )


def special(*, tags: Sequence[str], note_type: str, deck: str, card: str) -> Mapping[str, str]:
    """Return the values of fields that every note has."""
    values = {
        "Tags": " ".join(tags),
        "Type": note_type,
        "Deck": deck,
        "Subdeck": deck.rsplit("::", 1)[-1],
        "Card": card,
    }
    return {name: escape(value, quote=False) for name, value in values.items()}


def _is_filled(field: str, side: Side) -> bool:
    if side.is_cloze and re.fullmatch(r"c\d+", field):
        return True
    return not _EMPTY.fullmatch(side.fields.get(field, ""))


def _field(shown: Shown, side: Side) -> str:
    if shown.field == FRONT:
        return ""
    if side.is_cloze and side.is_back and "cloze" in shown.filters:
        return ""
    value = side.fields.get(shown.field, "")
    if "type" in shown.filters and "cloze" not in shown.filters and not side.is_back:
        return ""
    for name in reversed(shown.filters):
        value = _FILTERS.get(name.split()[0] if name else "", _as_it_is)(value)
    return value


def _as_it_is(value: str) -> str:
    return value


def _ruby(value: str) -> str:
    return _RUBY.sub(lambda m: m[0] if m[2].startswith("sound:") else f"<ruby>{m[1]}<rt>{m[2]}</rt></ruby>", value)


def _kanji(value: str) -> str:
    return _RUBY.sub(lambda m: m[0] if m[2].startswith("sound:") else m[1], value)


def _kana(value: str) -> str:
    return _RUBY.sub(lambda m: m[0] if m[2].startswith("sound:") else m[2], value)


def _nothing(_value: str) -> str:
    return ""


_FILTERS: Mapping[str, Callable[[str], str]] = {
    "text": lambda value: _ANY_TAG.sub("", value),
    "furigana": _ruby,
    "kanji": _kanji,
    "kana": _kana,
    "tts": _nothing,
    "tts-voices": _nothing,
}
