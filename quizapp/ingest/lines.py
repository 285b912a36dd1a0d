"""Where one paragraph ends and the next begins, when only line breaks tell.

Some texts wrap their lines at 72 or 80 characters, others put a whole
paragraph, or a bare header, on each line. Markdown would join them all.
"""

import re
from collections import Counter

from quizapp.domain.documents import words
from quizapp.ingest.text import WIDE

WRAP_LIMIT = 120  # nobody wraps wider
LONG_LINES = 0.15  # share of lines beyond it that shows a text with a paragraph a line
WIDEST_MARGIN = 12  # characters in front of every line
MOST = 0.4  # of the lines have it: the others are set in further, or are headings
ENDS_OPEN = re.compile(r"(?:[,;(\[–—-]|\b(?:and|or|the|a|an|of|to|in|on|for|with|by|from|at|as|that|which|is|are))$")
FIELD = re.compile(r"[^\W\d_a-z][\w-]+(?: \w+)?: \S")  # "Present: ...", a line of what stands at the top
LIST_MARK = re.compile(r"[ \t]*(?:[-*+•]|\d{1,3}[.)])[ \t]+")
BULLETS = "•‣▪▫●○◦■□◆►▶➢➤✓✔❖·"  # signs that open an item and nothing else
BULLET_SIGN = re.compile(rf"^([ \t]*)[{BULLETS}–][ \t]+", re.MULTILINE)
TICK_BOX = re.compile(r"\A\s*(?:[☐☑☒✅]\s*|\[[ xX]\]\s+)")  # of a task
CLAUSE = re.compile(r"(?:§ ?)?\d{1,2}(?:\.\d{1,2})+\.? ")  # the number of one
TOLD = re.compile(r"\s*[A-Z][\w/-]*(?: [\w/()-]+){0,2}\s?: +\S")  # "Speaker: Ada Byron"
FENCE = re.compile(r"[ \t]*(?:```|~~~)")
SPECIAL = re.compile(r"[ \t]*(?:[|>#]|[-=*_]{3,}[ \t]*$|:?-+:?[ \t]*\|)")
DEFINED = re.compile(r"^(?P<term>(?![\-*+>|#:] )[^\s|][^\n|]{0,79}?)[ \t]*\n(?:[ \t]*\n)?:[ \t]+(?=\S)", re.MULTILINE)
STAMPED = re.compile(r"(?:\[[\d./, -]+)?[\[(]?\d{1,2}:\d{2}(?::\d{2})?[\])]?\s+\S")  # a turn of a transcript
LABEL = re.compile(
    r"(?:\*\*)?(?P<who>[^\W\d_][\w.’'-]*(?: [\w.’'-]+){0,3}(?: \([^()]{1,40}\))?[:.]|<[^<>]{1,30}>)(?=\s|\*)"
)
SHOUTED = re.compile(r"[A-Z][A-Z .’'-]{2,30}:\s")
ALONE = re.compile(r"[ \t]{4,}(?P<who>[^\W\d_a-z][^\W\d_a-z .’'-]{1,30})[ \t]*")  # who speaks, in a play
ITEM = re.compile(
    r"(?:\d{1,2}|[A-Z]|[IVX]{1,4})[.)] +(?P<head>\S.{2,60})"
)  # "2. WATER", with lines below it that are set in
TIMED = re.compile(
    r"\S.{0,60}?\d{1,2}:\d{2}(?::\d{2})?(?: ?[AaPp][Mm])?[\])]?"
)  # who speaks and when, on a line of its own
BOLD = re.compile(r"\*\*[^*]+\*\*\\?")
MARKS = "*_`~ "
WIDE_END = re.compile(rf"[{WIDE}]$")
CLOSING = "”’»」』"
WIDE_STOP = "。！？…」』）"
FULL = 0.8  # share of the widest line that one which goes on reaches, where there are no words to look at


def flush_left(text: str) -> str:
    """Return a text of which most lines are set in equally, as program manuals are, without that margin."""
    source = text.split("\n")
    margins = Counter(len(line) - len(line.lstrip(" ")) for line in source if line.strip())
    margin = max(margins, key=lambda one: margins[one], default=0)
    if not 2 <= margin <= WIDEST_MARGIN or margins[margin] < MOST * margins.total():
        return text
    return "\n".join(line[:margin].lstrip(" ") + line[margin:] for line in source)


def separated(text: str) -> str:
    """Return the text with an empty line wherever a line break ends a paragraph."""
    text = BULLET_SIGN.sub(r"\1- ", DEFINED.sub(lambda found: f"\n**{found['term'].strip(MARKS)}**: ", text))
    source = _outdented(_dialogue(text.split("\n")))
    width = max((len(line) for line in source), default=0)
    width = width if width <= WRAP_LIMIT else 10**9
    whole = _whole_paragraphs(source)
    labels = _labels(source)
    out: list[str] = []
    fenced = False
    for line, following in zip(source, [*source[1:], ""], strict=True):
        out.append(line)
        fenced ^= bool(FENCE.match(line))
        if (
            not fenced
            and line.strip()
            and following.strip()
            and (
                _opens_turn(following, labels)
                or TIMED.fullmatch(line)
                or TIMED.fullmatch(following)
                or _breaks(line, following, width, whole=whole)
            )
        ):
            out.append("")
    return "\n".join(out)


def _labels(source: list[str]) -> set[str]:
    """Return what several lines open with, as turns do: "AB:", "Q."."""
    found = Counter(label["who"] for line in source if (label := LABEL.match(line)))
    return {who for who, times in found.items() if times > 1}


def _opens_turn(line: str, labels: set[str]) -> bool:
    """Say whether a line opens a paragraph: with a label that recurs or is shouted, or all of it in bold."""
    found = LABEL.match(line)
    return bool((found and found["who"] in labels) or SHOUTED.match(line) or BOLD.fullmatch(line.rstrip()))


def _dialogue(source: list[str]) -> list[str]:
    """Return the lines of a play without indentation, and who speaks on a line of its own."""
    found = Counter(label["who"] for line in source if (label := ALONE.fullmatch(line)))
    if len(found) < 2 or max(found.values()) < 2:
        return source
    return [f"\n{line.strip()}\n" if ALONE.fullmatch(line) else line.strip() for line in source]


def _outdented(source: list[str]) -> list[str]:
    """Return the lines below numbered headings as paragraphs, where each starts with a capital and ends a sentence."""
    out: list[str] = []
    inside = False
    for line, before in zip(source, ["", *source[:-1]], strict=True):
        set_in = line[:2] == "  " and line.strip()
        head = ITEM.fullmatch(before)
        inside = bool(set_in) and (inside or bool(head and head["head"].isupper()))
        out += (
            ["", line.strip()]
            if inside and (before.rstrip()[-1:] in ".!?" or head)
            else [line.strip() if inside else line]
        )
    return out


def like_heading(text: str) -> bool:
    """Say whether a line alone could be a heading: short, no full stop, not a label."""
    bare = text.strip(MARKS)
    return (
        bool(bare)
        and words(bare) <= 14
        and len(bare) <= 110
        and bare.rstrip(CLOSING)[-1:] not in ".!?:;,…。！？；，"
        and "|" not in bare
    )


def _whole_paragraphs(source: list[str]) -> bool:
    """Say whether lines are too often too long to be wrapped: then every line break is meant."""
    prose = [line for line in source if line.strip() and not SPECIAL.match(line)]
    return sum(len(line) > WRAP_LIMIT for line in prose) > LONG_LINES * len(prose)


def _breaks(line: str, following: str, width: int, *, whole: bool) -> bool:
    if SPECIAL.match(line) or SPECIAL.match(following) or LIST_MARK.match(following) or following[:1] in " \t":
        return False
    if STAMPED.match(following) or (FIELD.match(line) and FIELD.match(following)):
        return True
    bare, first = line.rstrip().rstrip(MARKS), following.lstrip(MARKS)
    if WIDE_END.search(bare):
        return bare[-1] in WIDE_STOP or len(bare) < FULL * width
    if line.endswith("  ") or ENDS_OPEN.search(bare) or (first[:1].islower() and not whole):
        return False
    return len(line) + 1 + len(first.split(" ", 1)[0]) <= width
