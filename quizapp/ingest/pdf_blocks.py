"""The lines of a PDF to pieces: headings, paragraphs, items, rows. Start from `pieces`."""

import itertools
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from quizapp.domain.documents import BlockKind
from quizapp.ingest import lines as shapes
from quizapp.ingest.pdf_lines import BULLETS, NUMBER, Line
from quizapp.ingest.pdf_tables import Table, tables
from quizapp.ingest.pieces import Piece

TICK_BOX = re.compile(r"(?:\[[ xX]?\]|[☐☑☒]) +")
BULLET = re.compile(rf"(?:[{re.escape(BULLETS)}]|o) +(?=\S)")
STEP = re.compile(rf"{NUMBER}\s+(?=\S)")
CLAUSE = re.compile(r"(?:§ ?)?\d{1,2}(?:\.\d{1,2}){1,3}\.?\s+(?=\S)")  # "2.1", in front of a heading or a paragraph
ENDED = re.compile(r"[.!?:;…。！？][\"'”’»)\]]*$")
HYPHEN = re.compile(r"(?P<head>[^\W\d_]+)[-‐\u00ad]$")
KEPT_HYPHEN = frozenset(
    [
        "all",
        "anti",
        "co",
        "cross",
        "ex",
        "few",
        "first",
        "fixed",
        "free",
        "full",
        "half",
        "hard",
        "high",
        "home",
        "ill",
        "inter",
        "large",
        "last",
        "left",
        "long",
        "low",
        "mid",
        "multi",
        "new",
        "non",
        "off",
        "old",
        "one",
        "open",
        "out",
        "over",
        "post",
        "pre",
        "re",
        "real",
        "right",
        "second",
        "self",
        "semi",
        "short",
        "single",
        "small",
        "soft",
        "so",
        "sub",
        "third",
        "three",
        "top",
        "two",
        "under",
        "user",
        "well",
        "wide",
        "world",
        "year",
    ]
)
LARGER = 1.07  # than the body: letters of a heading
HEADING_LINES = 4
HEADING_CHARACTERS = 200
BOLD_LEVEL = 3  # of a paragraph that is wholly bold and alone, as in `markdown`
APART = 1.32  # of the usual distance between two lines: from here on, a new paragraph starts
INDENT = 0.8  # of the size
SET_IN = 1.7  # of the size: from here on it is a quotation

Margins = dict[tuple[int, tuple[float, float]], float]  # by page and column


@dataclass(frozen=True)
class Look:
    """What is usual in a document."""

    size: float  # of its body
    pitch: dict[float, float]  # for each size, from one line to the next
    spaced: bool  # whether paragraphs have space between them
    indented: bool  # whether the first line of a paragraph is set in
    levels: dict[float, int]  # of the sizes of headings
    joined: frozenset[str]  # words that stand within its lines
    heads: frozenset[str]  # what stands in front of the hyphens of such words

    def apart(self, size: float) -> float:
        """Return from which distance on two lines of a size do not belong together."""
        return APART * self.pitch[size] if size in self.pitch else 1.6 * size


@dataclass
class Block:
    """Lines that belong together."""

    lines: list[Line]
    mark: str = ""  # of an item
    inner: float = 0.0  # where the text of an item starts

    @property
    def last(self) -> Line:
        return self.lines[-1]

    @property
    def bold(self) -> bool:
        return all(line.bold for line in self.lines)


def pieces(found: Sequence[Line]) -> Iterator[Piece]:
    """Yield the pieces that the lines of a document make."""
    look = _look(found)
    blocks = list(_blocks(found, look))
    look = replace(look, levels=_levels(blocks, look))
    margins = _margins(found, blocks, look)
    depths: list[float] = []  # where the marks of the items stand that are open
    for at, block in enumerate(blocks):
        if isinstance(block, Table):
            depths = []
            yield from block.pieces()
            continue
        depths = _depths(depths, block)
        following = blocks[at + 1] if at + 1 < len(blocks) else None
        piece = _piece(block, look, margins, depth=len(depths), following=following)
        if piece.text:
            yield piece


def _look(found: Sequence[Line]) -> Look:
    sizes = Counter[float]()
    for line in found:
        sizes[line.size] += len(line.text)
    size = max(sizes, key=lambda one: sizes[one], default=10.0)
    gaps: dict[float, Counter[float]] = defaultdict(Counter)
    for before, line in itertools.pairwise(found):
        if not line.opens and before.page == line.page and before.size == line.size:
            gap = round(2 * (before.base - line.base)) / 2
            if 0.8 * size <= gap <= 4 * line.size:
                gaps[line.size][gap] += 1
    pitch = {one: _pitch(counted) for one, counted in gaps.items()}
    usual = gaps[size]
    wide = sum(times for gap, times in usual.items() if gap > APART * pitch.get(size, 1.2 * size))
    spaced = wide > 0.06 * sum(usual.values())
    words = frozenset(word.strip(".,;:!?()[]“”\"'’").lower() for line in found for word in line.text.split()[:-1])
    heads = frozenset(word.split("-")[0] for word in words if "-" in word)
    return Look(size, pitch, spaced, _indented(found, size), {}, words, heads)


def _pitch(counted: Counter[float]) -> float:
    """Return the smallest distance between lines that is frequent."""
    total = sum(counted.values())
    return min(gap for gap, times in counted.items() if times + counted[gap + 0.5] >= 0.15 * total)


def _indented(found: Sequence[Line], size: float) -> bool:
    """Say whether paragraphs start with an indent: lines set in a little, between lines that are not."""
    times = 0
    for before, line, after in zip(found, found[1:], found[2:], strict=False):
        step = line.left - after.left
        close = before.base - line.base < 1.5 * size
        times += INDENT * size < step < 4 * size and abs(before.left - after.left) < 1.5 and close and not _mark(line)
    return times > 0.03 * len(found)


def _blocks(found: Sequence[Line], look: Look) -> Iterator[Block | Table]:
    rights = _rights(found)
    at, open_block = 0, None
    inside = tables(found)
    while at < len(found):
        if table := inside.get(at):
            if open_block:
                yield open_block
            open_block = None
            yield table
            at += table.length
            continue
        line = found[at]
        following = found[at + 1] if at + 1 < len(found) else None
        if open_block and _continues(open_block, line, following, look, rights):
            open_block.lines.append(line)
        else:
            if open_block:
                yield open_block
            mark = _mark(line) if not _heading_like(line, look) else ""
            open_block = Block([line], mark, line.inner)
        at += 1
    if open_block:
        yield open_block


def _rights(found: Sequence[Line]) -> dict[tuple[int, tuple[float, float], int], float]:
    """Return how far the lines reach that start at one place of a column, where there are several."""
    out: dict[tuple[int, tuple[float, float], int], list[float]] = defaultdict(list)
    for line in found:
        out[_place(line)].append(line.right)
    return {place: max(rights) for place, rights in out.items() if len(rights) > 3}


def _place(line: Line) -> tuple[int, tuple[float, float], int]:
    return line.page, line.column, round(line.left / 2)


def _continues(
    block: Block,
    line: Line,
    following: Line | None,
    look: Look,
    rights: dict[tuple[int, tuple[float, float], int], float],
) -> bool:
    """Say whether a line goes on with a block."""
    last = block.last
    if abs(last.size - line.size) > 0.06 * max(last.size, line.size) or last.fixed != line.fixed:
        return False
    if (_mark(line) and not _runs_on(block, line)) or (block.bold and not block.mark) != (line.bold and not block.mark):
        return block.bold and bool(line.lead) and _full(last, line, rights) and not ENDED.search(last.text)
    if line.page != last.page or line.opens or last.base - line.base < 0.3 * line.size:
        return _goes_over(block, line, look, rights)
    if last.base - line.base > look.apart(line.size):
        return False
    if last.fixed:
        return True
    if _heading_like(line, look):
        return abs(line.left - last.left) < 6 * line.size
    if block.mark:
        return line.left > block.lines[0].left + 1.5 or _full(last, line, rights)
    return not _starts_anew(block, line, following, look, rights)


def _runs_on(block: Block, line: Line) -> bool:
    """Say whether what looks like the mark of an item is the middle of a sentence: "in" / "1990. Then", "- as"."""
    text = block.last.text
    same = abs(line.left - (block.inner if block.mark else block.last.left)) < 1.5
    return same and not ENDED.search(text) and not BULLET.match(line.text) and line.text[:1].isdigit()


def _goes_over(block: Block, line: Line, look: Look, rights: dict[tuple[int, tuple[float, float], int], float]) -> bool:
    """Say whether a block goes on at the top of the next column or page."""
    if _heading_like(line, look) or (block.bold and not block.mark):
        return False
    text = block.last.text
    if HYPHEN.search(text) and line.text[:1].islower():
        return True
    if ENDED.search(text):
        return line.text[:1].islower() and text[-1] in ":;"
    return line.text[:1].islower() or _full(block.last, line, rights) or text.endswith(",")


def _starts_anew(
    block: Block,
    line: Line,
    following: Line | None,
    look: Look,
    rights: dict[tuple[int, tuple[float, float], int], float],
) -> bool:
    """Say whether a line below another one of its make opens a paragraph."""
    last = block.last
    step = line.left - last.left
    full = _full(last, line, rights)
    if step > INDENT * line.size:
        hangs = following is not None and abs(following.left - line.left) < 1.5 and full
        return not hangs
    if step < -INDENT * line.size:
        return len(block.lines) > 1 and not full
    if full:
        return False
    if shapes.FIELD.match(last.text) and shapes.FIELD.match(line.text):
        return True
    free = _right(last, rights) - last.right
    wide = max(1.0, last.column[1] - last.column[0])
    if look.spaced:
        return bool(ENDED.search(last.text)) and free > 0.3 * wide and not line.text[:1].islower()
    return bool(ENDED.search(last.text)) or (free > 0.25 * wide and not line.text[:1].islower())


def _right(line: Line, rights: dict[tuple[int, tuple[float, float], int], float]) -> float:
    return rights.get(_place(line), line.column[1])


def _full(line: Line, following: Line, rights: dict[tuple[int, tuple[float, float], int], float]) -> bool:
    """Say whether the first word of what follows would not have fitted on a line."""
    return line.right + following.first + 0.2 * line.size > _right(line, rights)


def _mark(line: Line) -> str:
    found = BULLET.match(line.text) or STEP.match(line.text)
    return found[0].strip() if found else ""


def _heading_like(line: Line, look: Look) -> bool:
    return line.size >= LARGER * look.size and not line.fixed


def _levels(blocks: Sequence[Block | Table], look: Look) -> dict[float, int]:
    """Return which level each size of heading is, the largest being 1."""
    sizes = {
        block.last.size for block in blocks
        if isinstance(block, Block) and _heading_like(block.last, look) and _short(block)
    }  # fmt: skip
    return {size: level for level, size in enumerate(sorted(sizes, reverse=True), 1)}


def _short(block: Block) -> bool:
    characters = sum(len(line.text) for line in block.lines)
    return len(block.lines) <= HEADING_LINES and characters <= HEADING_CHARACTERS


def _margins(found: Sequence[Line], blocks: Sequence[Block | Table], look: Look) -> Margins:
    """Return where the prose of each column starts: right of its headings where most of the document is set in."""
    usual = Counter[int]()
    for block in blocks:
        if isinstance(block, Block) and not (block.mark or block.bold or block.last.fixed):
            first = block.lines[0]
            if first.size == look.size:
                usual[round(_left(block) - first.column[0])] += sum(len(line.text) for line in block.lines)
    inner = max(usual, key=lambda one: usual[one], default=0)
    lefts: Margins = {}
    for line in found:
        key = (line.page, line.column)
        lefts[key] = min(lefts.get(key, line.left), line.left)
    return {key: max(left, key[1][0] + inner) for key, left in lefts.items()}


def _left(block: Block) -> float:
    return min(line.left for line in block.lines)


def _depths(depths: list[float], block: Block) -> list[float]:
    """Return where the marks of the open items stand, after a block."""
    if not block.mark:
        return depths if block.lines[0].left > (depths[0] + 3 if depths else 0) and depths else []
    left, near = block.lines[0].left - block.lines[0].column[0], 0.6 * block.last.size
    kept = [depth for depth in depths if depth < left - near]
    return [*kept, left]


def _piece(block: Block, look: Look, margins: Margins, *, depth: int, following: object) -> Piece:
    page, first = block.lines[0].page, block.lines[0]
    if first.fixed and not block.mark:
        return Piece(BlockKind.CODE, _code(block), page=page)
    text = _text(block.lines, look)
    if _heading_like(first, look) and _short(block) and any(letter.isalpha() for letter in text):
        return Piece(BlockKind.HEADING, text, look.levels.get(first.size, BOLD_LEVEL), page)
    if block.mark:
        return _item(block, text, depth, page)
    alone = not (isinstance(following, Block) and following.bold and not following.mark and following.last.page == page)
    if block.bold and shapes.like_heading(text) and (alone or look.spaced):
        return Piece(BlockKind.HEADING, text, max(BOLD_LEVEL, len(look.levels) + 1), page)
    lead = text if block.bold and text.endswith("?") else _lead(block, text)
    marked = block.bold or all(line.italic for line in block.lines)
    kind = BlockKind.QUOTE if _set_in(block, look, margins) else BlockKind.PARAGRAPH
    return Piece(kind, text, int(kind is BlockKind.QUOTE and 0), page, lead=lead, marked=marked)


def _item(block: Block, text: str, depth: int, page: int) -> Piece:
    bare = TICK_BOX.sub("", text[len(block.mark) :].strip(), count=1)
    lead = _lead(block, bare) or _lead(block, text)[len(block.mark) :].strip()
    kind = BlockKind.STEP if STEP.match(f"{block.mark} x") else BlockKind.BULLET
    return Piece(kind, bare, depth, page, lead=lead if lead != bare or bare.endswith("?") else "")


def _lead(block: Block, text: str) -> str:
    lead = block.lines[0].lead
    return lead if text.startswith(lead) else ""


def _set_in(block: Block, look: Look, margins: Margins) -> bool:
    """Say whether a paragraph is a quotation: all its lines are set in, and not to stand in the middle."""
    first = block.lines[0]
    margin = margins[first.page, first.column]
    step = _left(block) - margin
    centred = abs(step - (first.column[1] - max(line.right for line in block.lines))) < 0.6 * first.size
    lone = len(block.lines) == 1 and look.indented
    return step > SET_IN * first.size and not centred and not lone and step < 0.4 * (first.column[1] - margin)


def _code(block: Block) -> str:
    left = min(line.left for line in block.lines)
    wide = [(line.right - line.left) / len(line.text) for line in block.lines if line.text]
    step = max(0.1, min(wide, default=1.0))
    return "\n".join(" " * round((line.left - left) / step) + line.text for line in block.lines)


def _text(found: Sequence[Line], look: Look) -> str:
    """Return the lines as one, with the words put together that a line end parted."""
    text = found[0].text
    for line in found[1:]:
        parted = HYPHEN.search(text)
        if parted and line.text[:1].islower():
            text = (text if _keeps_hyphen(text, parted["head"], line.text, look) else text[:-1]) + line.text
        elif text.endswith(("-", "‐", "/")) and not text.endswith((" -", " /")):
            text += line.text
        else:
            text = f"{text} {line.text}"
    return " ".join(text.split())


def _keeps_hyphen(text: str, head: str, following: str, look: Look) -> bool:
    """Say whether a word is written with the hyphen at which it was parted."""
    if text.endswith("\u00ad"):
        return False
    rest = re.match(r"[^\W_]+", following)
    tail = rest[0].lower() if rest else ""
    whole = text.split()[-1].lower()
    if f"{head.lower()}{tail}" in look.joined:
        return False
    return f"{whole}{tail}" in look.joined or whole.count("-") > 1 or head.lower() in KEPT_HYPHEN | look.heads
