r"""Formulas of cards as pages show them: LaTeX to MathML, which browsers typeset and screen readers read.

Start from `typeset`. Card Markdown keeps its formulas as they were written, so that exports and
comparisons see LaTeX; only pages typeset them. What is no LaTeX that we know stays as it was written.
"""

import re
from collections.abc import Callable
from functools import lru_cache
from html import escape, unescape
from xml.etree.ElementTree import Element, tostring

import nh3
from latex2mathml.converter import convert_to_element
from markupsafe import Markup

LIMIT_CHARS = 1_000  # of one formula
LIMIT_ALL_CHARS = 8_000  # of the formulas in one text: they take a second for every 30,000
LIMIT_DEPTH = 50

ELEMENTS = {
    *("math", "mfrac", "mi", "mn", "mo", "mover", "mpadded", "mphantom", "mroot", "mrow", "mspace", "msqrt", "mstyle"),
    *("msub", "msubsup", "msup", "mtable", "mtd", "mtext", "mtr", "munder", "munderover"),
}
ATTRIBUTES = {
    "math": {"alttext", "display"},
    "mfrac": {"linethickness"},
    "mi": {"mathvariant"},
    "mo": {"fence", "form", "largeop", "lspace", "maxsize", "minsize", "movablelimits", "rspace", "stretchy"},
    "mover": {"accent"},
    "munder": {"accentunder"},
    "mspace": {"width"},
    "mstyle": {"displaystyle", "scriptlevel"},
    "mtable": {"columnalign"},
    "mtd": {"columnalign"},
}
PARTS = {"mfrac": 2, "mroot": 2, "msub": 2, "msup": 2, "msubsup": 3, "mover": 2, "munder": 2, "munderover": 3}

_BEGINNING = '<span class="math">'
_FORMULA = re.compile(rf"{_BEGINNING}(\$\$?)([^<]*?)\1</span>")
_OF_PAGES = re.compile(r"</?(?:mark|var)>")  # put around a gap, or around what fills it
_GAP = "[…]"
_CLEANER = nh3.Cleaner(tags=ELEMENTS, attributes=ATTRIBUTES, link_rel=None)


def typeset(html: Markup) -> Markup:
    """Return safe HTML of card Markdown with its formulas as MathML."""
    if _BEGINNING not in html:
        return html
    return Markup(_FORMULA.sub(_within(LIMIT_ALL_CHARS), html))  # noqa: S704 - MathML that is cleaned, in safe HTML


def mathml(latex: str, *, display: bool) -> str | None:
    """Return safe MathML, or None for what is no LaTeX that we know, too long or too deep."""
    if len(latex) > LIMIT_CHARS or latex.count("{") > LIMIT_CHARS // 4:
        return None
    try:
        root = convert_to_element(latex, display="block" if display else "inline")
    except Exception:  # noqa: BLE001 - it raises whatever goes wrong first, from IndexError to its own
        return None
    if not _is_whole(root, LIMIT_DEPTH):
        return None
    root.set("alttext", latex)
    return _CLEANER.clean(tostring(root, encoding="unicode"))


def _within(room: int) -> Callable[[re.Match[str]], str]:
    """Return what typesets one formula after the other for as long as there is room."""

    def one(found: re.Match[str]) -> str:
        nonlocal room
        source = _OF_PAGES.sub("", unescape(found[2]))
        room -= len(source)
        shown = _kept(source, found[1]) if room >= 0 else None
        return shown or f'<span class="math">{found[1]}{escape(source, quote=False)}{found[1]}</span>'

    return one


@lru_cache(maxsize=1_024)
def _kept(source: str, fence: str) -> str | None:
    return mathml(source.replace(_GAP, r"[\dots]"), display=fence == "$$")


def _is_whole(element: Element, depth: int) -> bool:
    """Say whether every command was known and every part is there; texts become what they stand for."""
    if depth == 0 or len(element) != PARTS.get(element.tag, len(element)):
        return False
    element.text = unescape(element.text or "")
    if element.text.startswith("\\") and len(element.text) > 1:
        return False
    return all(_is_whole(part, depth - 1) for part in element)
