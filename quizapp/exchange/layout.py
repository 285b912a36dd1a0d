"""What each column of a table is for, and how its cells are written. Start from `guessed`."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import NamedTuple

from quizapp import hypertext

MAX_COLUMNS = 60
SAMPLE_ROWS = 200
SHOWN_ROWS = 5
MARKDOWN = re.compile(
    r"\*\*\S|```|`[^`\n]+`|~~\S|\$\S(?:[^$\n]*[^\s$])?\$(?!\d)|\]\(https?:|^#{1,6} |^\s*(?:[-*]|\d\.) ", re.MULTILINE
)


class Role(Enum):
    """What the cells of a column are."""

    QUESTION = "question"
    ANSWER = "answer"
    CHOICE = "choice"
    EXPLANATION = "explanation"
    TAGS = "tags"
    DECK = "deck"
    KIND = "kind"
    QUOTE = "quote"
    SPEAKER = "speaker"
    HEADING = "heading"
    PAGE = "page"
    ID = "id"
    NOTHING = "nothing"


class Writing(Enum):
    """How texts are written."""

    PLAIN = "plain"  # every character stands for itself
    MARKDOWN = "markdown"
    HTML = "html"


class Row(NamedTuple):
    """The cells of a row, and where it begins in the file, from 1."""

    line: int
    cells: Sequence[str]


@dataclass(frozen=True)
class Wishes:
    """How a person wants a file read; what is empty is found out."""

    kind: str = ""  # the name of a format
    columns: tuple[Role, ...] = ()
    writing: Writing | None = None
    headed: bool | None = None  # whether the first row names the columns
    separator: str = ""
    encoding: str = ""


@dataclass(frozen=True)
class Layout:
    """How a table was read: what a person may change."""

    columns: tuple[Role, ...]
    writing: Writing
    headed: bool
    names: tuple[str, ...] = ()  # of the columns, where the file says them
    separator: str = ""
    encoding: str = ""
    first: tuple[tuple[str, ...], ...] = ()  # rows, to see what the columns are


@dataclass(frozen=True)
class Told:
    """What a file says of itself, as Anki's text files do."""

    columns: dict[int, Role] = field(default_factory=dict)  # by their places
    names: tuple[str, ...] = ()
    writing: Writing | None = None
    deck: str = ""
    kind: str = ""
    tags: tuple[str, ...] = ()
    by_anki: bool = False


# What columns are called, in lower case.
NAMES: dict[Role, str] = {
    Role.QUESTION: (
        "question|questions|front|term|prompt|text|word|frage|vorderseite|begriff|pregunta|anverso|recto|domanda|fronte|"
        "pergunta|frente|vraag|voorkant|问题|正面|質問|表"
    ),
    Role.ANSWER: (
        "answer|answers|back|definition|response|meaning|translation|solution|correct|correct answer|correct answers|"
        "antwort|rückseite|réponse|verso|respuesta|reverso|risposta|retro|resposta|antwoord|achterkant|答案|背面|答え|裏"
    ),
    Role.EXPLANATION: "explanation|extra|back extra|notes|note|hint|comment|remark|remarks|feedback|erklärung|explication",
    Role.TAGS: "tags|tag|labels|schlagwörter|étiquettes|标签",
    Role.DECK: "deck|decks|category|topic|chapter|stapel|kategorie|paquet|mazo|牌组",
    Role.KIND: "kind|type|card type|note type|notetype|question type|notiztyp",
    Role.QUOTE: "quote|source|citation",
    Role.SPEAKER: "speaker|said by",
    Role.HEADING: "heading|section",
    Role.PAGE: "page|seite",
    Role.ID: "id|guid",
}
ROLES = {name: role for role, names in NAMES.items() for name in names.split("|")}
CHOICES = re.compile(
    r"(?:choices?|options?|wrong answers?|distractors?|(?:answer|choice|option|answer option) ?[a-h1-8])", re.IGNORECASE
)


def named(name: str) -> Role:
    """Return what a column of that name is for."""
    name = " ".join(name.split()).casefold()
    if CHOICES.fullmatch(name):
        return Role.CHOICE
    return ROLES.get(name, Role.NOTHING)


def guessed(rows: Sequence[Row], told: Told, wishes: Wishes) -> Layout:
    """Return how a table is to be read: as the person wishes, else as it says itself, else as it looks."""
    width = min(max((len(row.cells) for row in rows), default=0), MAX_COLUMNS)
    headed = wishes.headed if wishes.headed is not None else not told.by_anki and bool(rows) and _names(rows[0].cells)
    names = told.names or (tuple(rows[0].cells[:MAX_COLUMNS]) if headed and rows else ())
    below = rows[1:] if headed else rows
    columns = wishes.columns[:width] or _columns(width, names, told)
    columns += (Role.NOTHING,) * (width - len(columns))
    first = tuple(tuple(row.cells[:MAX_COLUMNS]) for row in below[:SHOWN_ROWS])
    return Layout(columns, wishes.writing or told.writing or _writing(below), headed, names, first=first)


def _names(cells: Sequence[str]) -> bool:
    """Say whether these are the names of columns."""
    roles = {named(cell) for cell in cells[:MAX_COLUMNS]}
    return {Role.QUESTION, Role.ANSWER} <= roles or (Role.QUESTION in roles and len(roles - {Role.NOTHING}) > 1)


def _columns(width: int, names: Sequence[str], told: Told) -> tuple[Role, ...]:
    """Return what each column is, by what is said of it, or by where it stands."""
    roles = [told.columns.get(at) or (named(names[at]) if at < len(names) else Role.NOTHING) for at in range(width)]
    if Role.QUESTION not in roles:
        free = [at for at, role in enumerate(roles) if role is Role.NOTHING]
        for at, role in zip(free, (Role.QUESTION, Role.ANSWER), strict=False):
            if role not in roles:
                roles[at] = role
    if told.by_anki:  # every column is a field
        roles = [Role.EXPLANATION if role is Role.NOTHING else role for role in roles]
    return tuple(roles)


def _writing(rows: Sequence[Row]) -> Writing:
    cells = [cell for row in rows[:SAMPLE_ROWS] for cell in row.cells[:MAX_COLUMNS]]
    if any(map(hypertext.is_html, cells)):
        return Writing.HTML
    return Writing.MARKDOWN if any(map(MARKDOWN.search, cells)) else Writing.PLAIN
