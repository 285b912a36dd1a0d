"""Markdown and plain text to pieces.

Plain text goes the same way with fewer marks understood, so the same text
gives the same pieces in both. Text is always without marks: `**bold**` is
"bold", a link is its words. Start from `read_markdown` or `read_plain`.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import chain

from markdown_it import MarkdownIt
from markdown_it.token import Token

from quizapp.domain.documents import BlockKind
from quizapp.errors import InvalidInput
from quizapp.ingest import aligned, lines
from quizapp.ingest.pieces import Piece, Pieces, within_limits
from quizapp.ingest.text import one_line
from quizapp.translations import figure

FRONT_MATTER = re.compile(r"\A---[ \t]*\n(.*?)\n(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)
FRONT_TITLE = re.compile(r"^title:[ \t]*(['\"]?)(.+?)\1[ \t]*$", re.MULTILINE)
FRONT_PEOPLE = re.compile(
    r"^(?P<what>authors?|by|speakers?|presenters?|guests?)[ \t]*:[ \t]*(?P<who>[^\n]*(?:\n[ \t]*- [^\n]+)*)",
    re.MULTILINE | re.IGNORECASE,
)
SHORTCODE = re.compile(r"\{\{[<%](?:(?!\{\{).){0,2000}?[%>]\}\}", re.DOTALL)

MARKDOWN = MarkdownIt("commonmark", {"maxNesting": 60}).enable(["table", "strikethrough"])
# In plain text `<`, `&`, `_` and four spaces are themselves; titles underlined
# with ---- and bullets are as common as in Markdown.
PLAIN = (
    MarkdownIt("commonmark", {"maxNesting": 60})
    .enable("table")
    .disable(
        ["code", "html_block", "html_inline", "entity", "escape", "autolink", "link", "image", "reference", "backticks"]
    )
)
UNDERLINE = re.compile(
    r"(?<=[^\W_])\n(?:~{3,}|\^{3,}|\"{3,}|\+{3,})[ \t]*$", re.MULTILINE
)  # of a heading, as in reStructuredText
WIDE_RULE = re.compile(r"^[|: \t-]{1000,}$", re.MULTILINE)  # below the header of a table, or nothing but dashes
MAX_COLUMNS = 1_000
MAX_LINES = 60_000  # that are not empty: text of the greatest length, wrapped at 40 characters, has as many
BREAKS = {"softbreak", "hardbreak"}


def read_markdown(text: str) -> Pieces:
    """Return the pieces of a Markdown text; front matter gives the title and who wrote or spoke."""
    _refuse_endless(text)
    title: str | None = None
    people: tuple[Piece, ...] = ()
    if front := FRONT_MATTER.match(text):
        found = FRONT_TITLE.search(front[1])
        title = found[2].strip() if found else None
        people = tuple(_bylines(front[1]))
        text = text[front.end() :]
    pieces = _pieces(MARKDOWN.parse(lines.separated(SHORTCODE.sub("", text))))
    return Pieces(within_limits(chain(people, pieces)), title)


def _bylines(front: str) -> Iterator[Piece]:
    """Yield the people of a front matter as a text would name them: "By Ada Byron", "Speaker: Bo Li"."""
    for found in FRONT_PEOPLE.finditer(front):
        given = found["who"].strip()
        listed = given.strip("[]").split(",") if given.startswith("[") else re.split(r"(?:^|\n)[ \t]*- ", given)
        named = [name.strip(" \t'\"") for name in listed]
        who = " and ".join(name for name in named if name)
        if who:
            wrote = found["what"].lower().startswith(("author", "by"))
            yield Piece(BlockKind.PARAGRAPH, f"By {who}" if wrote else f"{found['what'].capitalize()}: {who}")


def read_plain(text: str) -> Pieces:
    """Return the pieces of a plain text."""
    _refuse_endless(text)
    return Pieces(
        within_limits(
            _pieces(PLAIN.parse(lines.separated(aligned.tabled(UNDERLINE.sub("\n---", lines.flush_left(text))))))
        )
    )


def _refuse_endless(text: str) -> None:
    """Pass, unless a text has more lines, or a table more columns, than can be parsed in the time allowed."""
    count = sum(1 for line in text.split("\n") if line.strip())
    if count > MAX_LINES:
        raise InvalidInput(
            "This text has %(count)s lines; %(max_lines)s is the most. Split it and add the parts one by one.",
            count=figure(count),
            max_lines=figure(MAX_LINES),
        )
    if any(rule[0].count("|") > MAX_COLUMNS for rule in WIDE_RULE.finditer(text)):
        raise InvalidInput(
            "This text has a table of more than %(max_columns)s columns. Leave it out.", max_columns=figure(MAX_COLUMNS)
        )


def _pieces(tokens: Sequence[Token]) -> Iterator[Piece]:
    kinds: list[BlockKind] = []  # of the containers that are open, innermost last
    columns: tuple[str, ...] = ()
    for at, token in enumerate(tokens):
        match token.type:
            case "bullet_list_open":
                kinds.append(BlockKind.BULLET)
            case "ordered_list_open":
                kinds.append(BlockKind.STEP)
            case "blockquote_open":
                kinds.append(BlockKind.QUOTE)
            case "bullet_list_close" | "ordered_list_close" | "blockquote_close":
                kinds.pop()
            case "fence" | "code_block":
                yield from _piece(BlockKind.CODE, token.content.strip("\n"), 0)
            case "inline":
                yield from _parted(_inline(tokens[at - 1], token, kinds), tokens[max(0, at - 4) : at])
            case "tr_open":
                cells = _cells(tokens, at)
                header = tokens[at - 1].type == "thead_open"
                if any(cells):
                    yield Piece(BlockKind.ROW, " | ".join(cells), columns=() if header else columns)
                columns = cells if header else columns
            case _:
                pass


def _parted(pieces: Iterator[Piece], before: Sequence[Token]) -> Iterator[Piece]:
    """Yield the pieces with whether a line across the page stands right above them."""
    ruled = any(token.type == "hr" for token in before)
    yield from (replace(piece, ruled=ruled) for piece in pieces)


def _inline(opening: Token, token: Token, kinds: Sequence[BlockKind]) -> Iterator[Piece]:
    text = _plain(token)
    match opening.type:
        case "heading_open":
            yield from _piece(BlockKind.HEADING, text, int(opening.tag[1]))
        case "paragraph_open" if kinds:
            depth = sum(kind is not BlockKind.QUOTE for kind in kinds)
            listed = kinds[-1] in (BlockKind.BULLET, BlockKind.STEP)
            yield from _piece(kinds[-1], lines.TICK_BOX.sub("", text, count=1) if listed else text, depth, _lead(token))
        case "paragraph_open" if _all_strong(token) and lines.like_heading(text):
            yield from _piece(BlockKind.HEADING, text, 3)
        case "paragraph_open":
            for line in _fields(token):
                for piece in _piece(BlockKind.PARAGRAPH, _plain(line), 0, _lead(line)):
                    yield replace(piece, marked=_all_within(line, ("strong_open", "em_open")))
        case _:
            pass


def _fields(token: Token) -> list[Token]:
    """Return the lines of a paragraph that holds nothing but "Speaker: ..." and "Date: ..."; any other whole."""
    parts: list[list[Token]] = [[]]
    for child in token.children or ():
        if child.type in BREAKS:
            parts.append([])
        else:
            parts[-1].append(child)
    found = [token.copy(children=part) for part in parts]
    return found if all(lines.TOLD.match(_plain(line)) for line in found) else [token]


def _piece(kind: BlockKind, text: str, level: int, lead: str = "") -> Iterator[Piece]:
    if text.strip():
        yield Piece(kind, text if kind is BlockKind.CODE else one_line(text), level, lead=lead)


def _cells(tokens: Sequence[Token], at: int) -> tuple[str, ...]:
    cells = []
    for token in tokens[at:]:
        if token.type == "tr_close":
            break
        if token.type == "inline":
            cells.append(one_line(_plain(token)))
    return tuple(cells)


def _lead(token: Token) -> str:
    """Return the bold words that a text opens with, behind its number; nothing where all of it is bold, unless it is a question."""
    children = [child for child in token.children or () if child.type != "text" or child.content.strip()]
    if children and lines.CLAUSE.fullmatch(children[0].content):
        children = children[1:]
    if not children or children[0].type != "strong_open":
        return ""
    if _all_strong(token):
        return _plain(token).strip() if _plain(token).strip().endswith("?") else ""
    inside = [child.type for child in children].index("strong_close")
    return " ".join("".join(child.content for child in children[1:inside]).split())


def _plain(token: Token) -> str:
    """Return the words of an inline token: marks, link targets, pictures and tags dropped."""
    shown = {"text", "code_inline"}
    return "".join(
        child.content if child.type in shown else "\n" if child.type in BREAKS else "" for child in token.children or ()
    )


def _all_strong(token: Token) -> bool:
    return _all_within(token, ("strong_open",))


def _all_within(token: Token, marks: Sequence[str]) -> bool:
    """Say whether one pair of marks holds all of a text."""
    children = [child for child in token.children or () if child.type != "text" or child.content.strip()]
    inside = [child.type for child in children]
    opens = inside[0] if inside else ""
    return opens in marks and inside[-1] == opens.replace("open", "close") and inside.count(opens) == 1
