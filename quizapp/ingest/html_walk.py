"""The tree of a page, a chapter or a pasted text to pieces, in one pass. Start from `walked`."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from lxml import etree

from quizapp import markup
from quizapp.domain.documents import BlockKind
from quizapp.ingest import html_furniture, html_tables, runs, text
from quizapp.ingest.html_tree import Element, Styles, styled, tokens, words
from quizapp.ingest.pieces import Piece
from quizapp.ingest.runs import Run

HEADINGS = {"h1": 1, "h2": 2, "h3": 3, "h4": 4, "h5": 5, "h6": 6}
OF_TITLES = {"MsoTitle", "title", "page-title", "entry-title", "post-title", "article-title"}
WORD_QUOTES = {"MsoQuote", "MsoIntenseQuote", "MsoQuoteCxSpFirst", "MsoQuoteCxSpMiddle", "MsoQuoteCxSpLast"}
LISTS = {"ul": BlockKind.BULLET, "menu": BlockKind.BULLET, "dir": BlockKind.BULLET, "ol": BlockKind.STEP}
CONTAINERS = {**LISTS, "blockquote": BlockKind.QUOTE}
BLOCKS = markup.BLOCKS | markup.LAYOUT
STRONG = frozenset(("b", "strong", "summary"))
SLANTED = frozenset(("i", "em", "cite", "dfn"))
WEIGHT = re.compile(r"font-weight\s*:\s*(\w+)", re.IGNORECASE)
ITALIC = re.compile(r"font-style\s*:\s*(\w+)", re.IGNORECASE)
HEAVY = re.compile(r"bold|bolder|[6-9]00", re.IGNORECASE)
WORD_LIST = re.compile(r"mso-list\s*:\s*(?!ignore|none)[^;]*?level(\d)", re.IGNORECASE)
WORD_MARK = re.compile(r"mso-list\s*:\s*ignore", re.IGNORECASE)
WORD_INDENT = re.compile(r"margin-left\s*:\s*([\d.]+)(in|pt|cm)", re.IGNORECASE)
INCHES = {"in": 1.0, "pt": 1 / 72, "cm": 1 / 2.54}
LIST_MARK = re.compile(r"\s*(?P<mark>[·•▪§o–■□◦-]|\(?(?:\d{1,3}|[a-zA-Z]|[ivxIVX]{1,5})[.)])\s{2,}")
GOOGLE_LIST = re.compile(r"lst-kix_\w+-(\d)")
SPACE = re.compile(r"[ \t\r\n\f]+")
MAX_DEPTH = 9  # of a list


Pictures = Callable[[str, str | None], Iterable[Piece]]  # what is found at an address, with its text
Kind = tuple[BlockKind, int]  # of a block, with the level of a heading or the depth of an item


@dataclass(frozen=True)
class _Make:
    """How words look and what block they are in: what an element adds to that of the one around it."""

    strong: bool = False
    slanted: bool = False
    kind: Kind | None = None  # where an element around says it; else the container does


def no_pictures(_address: str, _alt: str | None) -> Iterable[Piece]:
    """Return nothing, whatever the address."""
    return ()


def walked(root: Element, styles: Styles | None = None, pictures: Pictures = no_pictures) -> Iterator[Piece]:
    """Yield the pieces of all that stands inside an element, in reading order, its pictures among them.

    A heading that says it is the title of the whole has level 0.
    """
    walk = _Walk(styles or styled(root.getroottree().getroot()), pictures)
    events = etree.iterwalk(root, events=("start", "end"))
    skipped: Element = None
    for event, element in events:
        if event == "start":
            if html_furniture.left_out(element):
                walk.pass_over(element)
            elif whole := _whole(element):
                yield from walk.take(element, whole)
            else:
                yield from walk.open(element)
                continue
            skipped = element
            events.skip_subtree()
        else:
            if element is not skipped:
                yield from walk.close(element)
            skipped = None
            walk.add(element.tail if element is not root else "")
    yield from walk.flush()


def _whole(element: Element) -> str:
    """Return what an element is that is read at once, with all inside it."""
    if element.tag == "pre":
        return "code"
    if element.tag == "table" and html_tables.is_table(element):
        return "table"
    if element.tag == "sup" and runs.RAISED.fullmatch(words(element)):
        return "raised"
    return "mark" if WORD_MARK.search(element.get("style", "")) else ""


class _Walk:
    """What is known between two elements."""

    def __init__(self, styles: Styles, pictures: Pictures) -> None:
        self._styles = styles
        self._pictures = pictures
        self._shown: list[Piece] = []  # pictures that stand in the block that is open
        self._runs: list[Run] = []
        self._makes = [_Make()]
        self._containers: list[Kind] = []  # innermost last, with the depth of its items
        self._mark = ""  # what Word has put in front of the item that is open
        self._term: list[Run] = []  # of a definition list, until its explanation comes
        self._page: int | None = None
        self._ruled = False

    def add(self, words: str | None) -> None:
        """Take words as they stand between two tags."""
        if words:
            make = self._makes[-1]
            self._runs.append(Run(SPACE.sub(" ", words), make.strong, make.slanted))

    def open(self, element: Element) -> Iterator[Piece]:
        """Take the start of an element; what it ends is yielded."""
        if element.tag in BLOCKS:
            yield from self.flush()
        if element.tag in CONTAINERS:
            self._containers.append(self._container(element))
        elif element.tag == "li" and self._containers:
            kind, depth = self._containers[-1]
            self._containers[-1] = kind, max(depth, _given_level(element, 1))
        self._makes.append(self._make(element))
        match element.tag:
            case "br":
                self._runs.append(Run("\n"))
            case "hr":
                self._ruled = True
            case "img":
                self.add(element.get("alt"))
            case "q":
                self.add("“")
            case _:
                pass
        self.add(element.text)

    def close(self, element: Element) -> Iterator[Piece]:
        """Take the end of an element; what it ends is yielded."""
        if element.tag == "q":
            self.add("”")
        if element.tag == "dt":
            self._keep_term()
        if element.tag in BLOCKS:
            yield from self.flush()
        if element.tag in ("dd", "dl"):
            yield from self._lone_term()
        if element.tag in CONTAINERS:
            self._containers.pop()
        self._makes.pop()

    def take(self, element: Element, whole: str) -> Iterator[Piece]:
        """Take an element with all inside it."""
        match whole:
            case "code":
                yield from self.flush()
                if code := text.clean("".join(element.itertext())).strip("\n").rstrip():
                    yield from self._placed([Piece(BlockKind.CODE, code)])
            case "table":
                yield from self.flush()
                yield from self._placed(self._table(element))
            case "raised":
                self.add(runs.raised(words(element)))
            case _:
                self._mark = words(element)

    def pass_over(self, element: Element) -> None:
        """Leave an element out, but for a picture, and for the page that starts with it in a book of a printed edition."""
        self._shown += self._picture(element)
        if "pagebreak" in tokens(element, "epub:type") or element.get("role") == "doc-pagebreak":
            number = (element.get("title") or element.get("aria-label") or words(element)).strip()
            self._page = int(number) if number.isdecimal() and len(number) < 6 else self._page

    def flush(self) -> Iterator[Piece]:
        """Yield the block that is complete, and the pictures that stood in it."""
        yield from self._block()
        shown, self._shown = self._shown, []
        yield from self._placed(shown)

    def _block(self) -> Iterator[Piece]:
        found, self._runs = self._runs, []
        mark, self._mark = self._mark, ""
        if not runs.plain(found):
            return
        contained = self._containers[-1] if self._containers else (BlockKind.PARAGRAPH, 0)
        kind, level = self._makes[-1].kind or contained
        if level < 0:
            (kind, level), found = _word_item(found, mark, -level)
        if self._term and kind is BlockKind.PARAGRAPH:
            found, self._term = _defined(self._term, found), []
        yield from self._lone_term()
        yield from self._placed(_pieces(kind, found, level))

    def _placed(self, pieces: Iterable[Piece]) -> Iterator[Piece]:
        for piece in pieces:
            yield replace(piece, page=self._page, ruled=self._ruled)
            self._ruled = False

    def _container(self, element: Element) -> Kind:
        depth = max((depth for _, depth in self._containers), default=0)
        if element.tag == "blockquote":
            return BlockKind.QUOTE, depth
        given = next((int(found[1]) for token in tokens(element) if (found := GOOGLE_LIST.fullmatch(token))), 0)
        return LISTS[element.tag], min(MAX_DEPTH, max(depth, given) + 1)

    def _make(self, element: Element) -> _Make:
        around, style, classes = self._makes[-1], element.get("style", ""), tokens(element)
        bold, italic = self._styles
        strong = around.strong or element.tag in STRONG or not bold.isdisjoint(classes)
        slanted = around.slanted or element.tag in SLANTED or not italic.isdisjoint(classes)
        if found := WEIGHT.search(style):
            strong = bool(HEAVY.fullmatch(found[1]))
        if found := ITALIC.search(style):
            slanted = found[1].lower() in ("italic", "oblique")
        kind = None if element.tag in CONTAINERS else _kind(element) or around.kind
        return _Make(strong, slanted, kind)

    def _table(self, element: Element) -> Iterator[Piece]:
        """Yield the rows of a table, and behind them the pictures and what tables inside its cells hold."""
        yield from html_tables.rows(element, lambda cell: _line(cell, self._styles))
        for inner in element.iter("table"):
            if next(inner.iterancestors("table"), None) is element:
                yield from walked(inner, self._styles)
        for image in element.iter("img"):
            yield from self._picture(image)

    def _picture(self, element: Element) -> Iterable[Piece]:
        if not html_furniture.is_picture(element):
            return ()
        return self._pictures(element.get("src", ""), element.get("alt"))

    def _keep_term(self) -> None:
        found, self._runs = self._runs, []
        if runs.plain(found):
            self._term = [*self._term, *([Run(", ")] if self._term else []), *found]

    def _lone_term(self) -> Iterator[Piece]:
        """Yield a term whose explanation is no paragraph, or is missing."""
        term, self._term = self._term, []
        yield from self._placed(runs.paragraphs(term))


def _pieces(kind: BlockKind, found: list[Run], level: int) -> Iterator[Piece]:
    match kind:
        case BlockKind.PARAGRAPH:
            yield from runs.paragraphs(found)
        case BlockKind.HEADING:
            yield from runs.heading(found, level)
        case _:
            yield from runs.item(kind, found, level)


def _kind(element: Element) -> Kind | None:
    """Return the kind and level of the block that an element opens; None where they are those of what it stands in."""
    classes = tokens(element)
    if element.tag in ("h1", "p") and not classes.isdisjoint(OF_TITLES):
        return BlockKind.HEADING, 0
    if element.tag in HEADINGS or "MsoSubtitle" in classes:
        return BlockKind.HEADING, HEADINGS.get(element.tag, 2)
    if element.get("role") == "heading":
        return BlockKind.HEADING, _given_level(element, 2)
    if not classes.isdisjoint(WORD_QUOTES):
        return BlockKind.QUOTE, 0
    if element.tag == "li" and element.getparent().tag not in LISTS:
        return BlockKind.BULLET, 1
    return _word_list(element, classes) if element.tag == "p" else None


def _given_level(element: Element, default: int) -> int:
    given = element.get("aria-level") or element.get("data-aria-level") or ""
    return int(given) if re.fullmatch("[1-9]", given) else default


def _word_list(element: Element, classes: frozenset[str]) -> Kind | None:
    """Return the depth, negative, of what may be an item of a list in Word, which its mark will tell."""
    style = element.get("style", "")
    if found := WORD_LIST.search(style):
        return BlockKind.BULLET, -int(found[1])
    if not any(one.startswith("MsoListParagraph") for one in classes):
        return None
    indent = WORD_INDENT.search(style)
    inches = float(indent[1][:6]) * INCHES[indent[2].lower()] if indent and indent[1].count(".") < 2 else 0.5
    return BlockKind.BULLET, -max(1, min(MAX_DEPTH, round(inches / 0.5)))


def _word_item(found: list[Run], mark: str, depth: int) -> tuple[Kind, list[Run]]:
    """Return an item's kind and depth, and its words without the mark, which may stand among them."""
    if not mark:
        whole = "".join(run.text for run in found)
        inside = LIST_MARK.match(whole)
        if not inside:
            return (BlockKind.PARAGRAPH, 0), found
        mark, found = inside["mark"], runs.without(found, inside.end())
    numbered = any(char.isalnum() for char in mark) and mark != "o"
    return (BlockKind.STEP if numbered else BlockKind.BULLET, depth), found


def _defined(term: list[Run], explanation: list[Run]) -> list[Run]:
    """Return a term in bold with its explanation behind it; behind a question, on a line of its own."""
    called = runs.plain(term).rstrip(":").strip()
    behind = Run("\n\n") if called.endswith("?") else Run(": ")
    return [Run(called, bold=True), behind, *explanation]


def _line(cell: Element, styles: Styles) -> str:
    """Return the text of a cell on one line, without what is left out and what tables inside it hold."""
    return " ".join(" ".join(piece.text.split()) for piece in walked(cell, styles) if piece.kind is not BlockKind.ROW)
