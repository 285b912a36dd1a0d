"""HTML of other programs as card Markdown that is shown alike. Start from `from_html`.

What is a list or a table stays HTML, on one line; all else becomes paragraphs, in which words are as they are written
in Markdown and phrases keep their tags.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import escape, unescape

from quizapp import markup

_TAG = re.compile(r"<(/?)([a-z][a-z0-9]*)((?:[^>\"]|\"[^\"]*\")*)>")
_ATTRIBUTE = re.compile(r' (src|alt)="([^"]*)"')
_KEPT = frozenset({"blockquote", "dl", "ol", "pre", "table", "ul"})  # as HTML, with all that is inside
_BREAKS = (markup.BLOCKS | markup.DROPPED) - _KEPT - {"font", "strike", "tt", "hr"}
_MATH = re.compile(
    r"\\\((?P<inline>.+?)\\\)|\\\[(?P<display>.+?)\\\]|\[\$\](?P<old>.+?)\[/\$\]|\[\$\$\](?P<old_display>.+?)\[/\$\$\]"
    r"|<anki-mathjax(?P<block> block=\"true\")?[^>]*>(?P<tagged>.*?)</anki-mathjax>",
    re.DOTALL | re.IGNORECASE,
)
_ANY_TAG = re.compile(r"<[^>]*>")
_CLOZE = re.compile(r"(\{\{c\d+::|::|\}\})")
_HARMLESS = re.compile(r"(?![^_]*_)(?! *+(?:[-+=#>]|\d{1,9}[.)]))[\w ,.;:?!'\"()/%+=—–…“”‘’{}-]*", re.ASCII)
_MARK = re.compile(r"[\\`*_\[\]<>&$~|#]|^\s*[-+=]|^\s*\d{1,9}(?=[.)])")
_LAYOUT = re.compile(r"<(/?)(?:h[1-6]|article|aside|center|footer|header|main|section|summary|details)\b[^>]*>", re.I)
_NUMBER = re.compile(r"\s*\d+")
_PLAIN = re.compile(r"[^<&\\\[]*")


@dataclass
class _Page:
    """Markdown at work: the blocks that are done, and the pieces of the one that is not."""

    blocks: list[str] = field(default_factory=list)
    pieces: list[str] = field(default_factory=list)
    open_tags: list[str] = field(default_factory=list)  # of phrases, as they were written
    within: str = ""  # the element that is kept as HTML, while in it
    depth: int = 0
    is_math: bool = False
    has_phrases: bool = False
    sounds: list[str] = field(default_factory=list)  # addresses of those whose words are to come

    def end_block(self) -> None:
        """End the block; phrases that are open end with it, and begin again in the next."""
        text = "".join(self.pieces)
        if self.has_phrases:
            text += "".join(f"</{_name(tag)}>" for tag in reversed(self.open_tags))
        if _ANY_TAG.sub("", text).strip() or self.within:
            self.blocks.append(_lined(text))
        self.pieces = list(self.open_tags)
        self.has_phrases = bool(self.open_tags)


def from_html(html: str) -> str:
    """Return card Markdown that shows what the HTML does, as far as cards can."""
    if _PLAIN.fullmatch(html) and markup.is_prose(text := " ".join(html.split())):
        return text
    page = _Page()
    clean = str(markup.safe_html(_LAYOUT.sub(r"<\1div>", _MATH.sub(_formula, html))))
    for text, found in _tokens(clean):
        if text:
            _put_text(page, text)
        if found:
            _put_tag(page, found)
    page.end_block()
    return "\n\n".join(page.blocks)


def _tokens(html: str) -> Iterator[tuple[str, re.Match[str] | None]]:
    end = 0
    for found in _TAG.finditer(html):
        yield html[end : found.start()], found
        end = found.end()
    yield html[end:], None


def _put_text(page: _Page, text: str) -> None:
    if page.within:
        page.pieces.append(text.replace("\n", "&#10;" if page.within == "pre" else " "))
    elif page.is_math:
        page.pieces.append(" ".join(unescape(text).split()))
    else:
        page.pieces.append(_written(re.sub(r"[ \t\r\n]+", " ", unescape(text)), at_start=not "".join(page.pieces)))


def _put_tag(page: _Page, found: re.Match[str]) -> None:
    closing, name = found[1], found[2]
    if page.within:
        _go_on_within(page, found)
    elif name in _KEPT and not closing:
        page.end_block()
        page.pieces, page.within, page.depth, page.has_phrases = [found[0]], name, 1, False
        page.open_tags = []
    elif name == "hr":
        page.end_block()
        page.blocks.append("<hr>")
    elif name == "br":
        page.pieces.append("<br>\n")
    elif name in _BREAKS:
        page.end_block()
    elif name == "span":
        _put_span(page, found)
    elif name in markup.MEDIA:
        _put_medium(page, found)
    else:
        _put_phrase(page, found)


def _go_on_within(page: _Page, found: re.Match[str]) -> None:
    """Keep a tag as it is, and end the block with the element that it keeps."""
    page.pieces.append(found[0])
    if found[2] == page.within:
        page.depth += -1 if found[1] else 1
        if not page.depth:
            page.end_block()
            page.within = ""


def _put_span(page: _Page, found: re.Match[str]) -> None:
    """Keep a span that says something; most had a look that cards do not take over."""
    closing, attributes = found[1], found[3]
    if 'class="math"' in attributes:
        page.is_math = True
    elif closing and page.is_math:
        page.is_math = False
    elif attributes or (closing and page.open_tags and _name(page.open_tags[-1]) == "span"):
        _put_phrase(page, found)


def _put_medium(page: _Page, found: re.Match[str]) -> None:
    """Show a picture or sound of the library as Markdown does; the words of a sound stand between its tags."""
    told = dict(_ATTRIBUTE.findall(found[3]))
    if found[2] == "img":
        page.pieces.append(f"![{_written(unescape(told.get('alt', '')), at_start=False)}]({told['src']})")
    elif not found[1]:
        page.sounds.append(told["src"])
        page.pieces.append("![")
    elif page.sounds:
        page.pieces.append(f"]({page.sounds.pop()})")


def _put_phrase(page: _Page, found: re.Match[str]) -> None:
    if found[2] in markup.VOID:
        page.pieces.append(found[0])
    elif not found[1]:
        page.open_tags.append(found[0])
        page.pieces.append(found[0])
        page.has_phrases = True
    elif page.open_tags and _name(page.open_tags[-1]) == found[2]:
        page.open_tags.pop()
        page.pieces.append(found[0])


def _name(tag: str) -> str:
    return tag.strip("<>").split()[0]


def _lined(text: str) -> str:
    """Return a block without blank ends and blank lines, which would end it."""
    lines = [line.strip() for line in text.strip().split("\n")]
    while lines and lines[-1] in {"", "<br>"}:
        lines.pop()
    lines = [line or "<br>" for line in lines]
    if lines and lines[-1].endswith("<br>"):
        lines[-1] = lines[-1].removesuffix("<br>").rstrip()
    while lines and lines[0] == "<br>":
        lines.pop(0)
    return "\n".join(lines)


def _written(text: str, *, at_start: bool) -> str:
    """Return words as they are written in Markdown; the marks of gaps stay."""
    if _HARMLESS.fullmatch(text):
        return text
    return "".join(
        piece if number % 2 else _MARK.sub(_without_meaning, piece) for number, piece in enumerate(_CLOZE.split(text))
    )


def _without_meaning(found: re.Match[str]) -> str:
    if _NUMBER.fullmatch(found[0]):
        return f"{found[0]}\\" if found.string[found.end() : found.end() + 1] in {".", ")"} else found[0]
    mark = found[0]
    return f"{mark[:-1]}\\{mark[-1]}"


def _formula(found: re.Match[str]) -> str:
    """Return a formula of Anki's as ours; one that ours could not hold stays as it was written."""
    body = next(filter(None, (found[name] for name in ("inline", "display", "old", "old_display", "tagged"))))
    tex = unescape(_ANY_TAG.sub(" ", body)).strip()
    fence = "$$" if found["display"] or found["old_display"] or found["block"] else "$"
    if not tex or "$" in tex or tex.endswith("\\") or "{{c" in tex:
        return found[0]
    return f'<span class="math">{escape(fence + tex + fence)}</span>'
