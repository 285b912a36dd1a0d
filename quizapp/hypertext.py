r"""Between card Markdown and the HTML of other programs. Start from `card_text`, and `html` for the way back.

What Markdown says as well becomes Markdown, as it is the easier to edit: paragraphs, emphasis, short lists, formulas. The
rest stays HTML, which card text may hold; what would end at a blank line (a table, code) stays on one line.
"""

import re
from dataclasses import dataclass, field
from functools import lru_cache
from html import escape, unescape

from quizapp import markup
from quizapp.domain import cloze

_BREAK = "<br>\n"
MARKS = {"b": "**", "strong": "**", "i": "*", "em": "*", "s": "~~", "del": "~~"}
_ATTRIBUTE = re.compile(r' (src|alt)="([^"]*)"')
_KEPT = frozenset({"blockquote", "dl", "ol", "pre", "table", "ul"})  # as HTML, with all that is inside
_ALIKE = {"b": "strong", "i": "em", "del": "s"}
_PICTURE = re.compile(r"<(?:img|svg|canvas)\b", re.IGNORECASE)
_SOUND = re.compile(r"<(?:audio|video|object|embed|iframe)\b|\[sound:", re.IGNORECASE)
_TAGGED = re.compile(r"</?[a-z][a-z0-9]*(?:\s[^<>]*)?/?>|&(?:[a-z]+|#\d+|#x[0-9a-f]+);", re.IGNORECASE)
_TAG = re.compile(r"<(/?)([a-z][a-z0-9]*)((?:[^>\"]|\"[^\"]*\")*)>")
_ANY_TAG = re.compile(r"<[^>]*>")
_PLAIN = re.compile(r"[^<&\\\[$]*")
_STRUCK = re.compile(r"<(/?)strike\b[^>]*>", re.IGNORECASE)
_HEADING = re.compile(r"<(/?)h[1-6]\b[^>]*>", re.IGNORECASE)
_LAYOUT = re.compile(rf"<(/?)(?:{'|'.join(sorted(markup.LAYOUT, key=len, reverse=True))})\b[^>]*>", re.IGNORECASE)
# Of MathJax and Moodle, and of Anki before and after it had MathJax.
_FORMULA = re.compile(
    r"\\\((?P<inline>.+?)\\\)|\\\[(?P<display>.+?)\\\]|\[\$\](?P<old>.+?)\[/\$\]|\[\$\$\](?P<old_display>.+?)\[/\$\$\]"
    r"|\$\$(?P<own>[^<>$]+?)\$\$|<anki-mathjax(?P<block> block=\"true\")?[^>]*>(?P<tagged>.*?)</anki-mathjax>",
    re.DOTALL | re.IGNORECASE,
)
_BODIES = ("inline", "display", "old", "old_display", "own", "tagged")
_OURS = re.compile(r'<span class="math">(\$\$?)(.*?)\1</span>', re.DOTALL)
_GAP_PARTS = re.compile(r"(\{\{c\d+::|::|\}\})")
_HARMLESS = re.compile(
    r"(?![^_]*_)(?!\s*(?:[-+=:]|\d{1,9}[.)]))[\w ,.;:?!'\"()/%+=—–…“”‘’{}-]*",
    re.ASCII,
)
_MARK = re.compile(
    r"\\(?=[!-/:-@\[-`{-~]|\s*$)|`|\||\$(?!\s)|(?<!\s)\*|\*(?!\s)|(?<![^\W_])_|_(?![^\W_])|~(?=~|$)|(?<=~)~|^~"
    r"|\](?=\(|$)|<(?=[a-z/!?]|$)|&(?=#?\w*;|$)",
    re.IGNORECASE,
)
_BEGINNING = re.compile(r"\s*(?:(?:[-+](?=\s|-|$)|=(?=[=\s]*$)|[>*:]|#(?=#{0,5}(?:\s|$)))|\d{1,9}(?=[.)](?:\s|$)))")
_AMONG_MARKS = frozenset("*_~")
_PUNCTUATION = frozenset("!\"#$%&'()+,-./:;<=>?@[\\]^`{|}")
_LISTED = re.compile(r"<(ul|ol)>((?:\s*<li>(?:[^<]|<(?!/?(?:li|br)\b))*</li>)+\s*)</\1>")
_ITEM = re.compile(r"<li>(.*?)</li>")
_INSIDE_ITEMS = re.compile(rf"<(?:{'|'.join(markup.BLOCKS - {'li'})})\b")
_ENDS = re.compile(r"\s*</?(?:p|div|br)>\s*")
_AROUND_BLOCKS = re.compile(rf"[\s¶]*(</?(?:{'|'.join(markup.BLOCKS - {'p', 'div'})})\b[^>]*>)[\s¶]*")
_USUAL_TAG = re.compile(r"<(/?)(b|i|u|s|em|strong|sub|sup|div|br)>")
_UNUSUAL = re.compile(r"[\\$]|&(?!(?:amp|lt|gt|quot|nbsp|#39);)")
KEPT_TEXTS = 256  # the cards of a note say much the same, one after another


def is_html(text: str) -> bool:
    """Say whether a text is meant as HTML: it holds tags, or letters written as HTML writes them."""
    return _TAGGED.search(text) is not None


def pictures(html: str) -> int:
    """Return how many pictures an HTML text shows."""
    return len(_PICTURE.findall(html))


def sounds(html: str) -> int:
    """Return how many sounds and films an HTML text plays."""
    return len(_SOUND.findall(html))


def html(text: str) -> str:
    r"""Return card Markdown as the HTML that other programs show; formulas as \(x\), which they typeset."""
    shown = _OURS.sub(_as_mathjax, markup.unillustrated_html(text))
    alone = shown.startswith("<p>") and shown.endswith("</p>") and shown.count("<p>") == 1
    return shown.removeprefix("<p>").removesuffix("</p>") if alone else shown


def phrase(text: str) -> str:
    """Return card Markdown of an answer or a step, which is one line, as HTML without blocks."""
    return _OURS.sub(_as_mathjax, str(markup.inline_html(text)))


def looks(html: str) -> str:
    """Return what is the same of two texts of safe HTML that look the same, whatever their tags are called."""
    html = re.sub(r"<(/?)(b|i|del)>", lambda found: f"<{found[1]}{_ALIKE[found[2]]}>", html).replace("&nbsp;", " ")
    html = _AROUND_BLOCKS.sub(r"\1", _ENDS.sub("¶", html))
    return " ".join(re.sub(r"¶+", "¶", html).strip("¶ ").split())


@lru_cache(maxsize=KEPT_TEXTS)
def card_text(html: str) -> str:
    """Return card Markdown that shows what HTML shows, without looks; of pictures and sounds those of the library alone."""
    if _is_words(html):
        return " ".join(html.split())
    blocks: list[str] = []
    after_list = False  # as Markdown: another one would go on with it
    for block in _blocks(_clean(html)):
        listed = None if after_list else _listed(block)
        blocks.append(listed or block)
        after_list = listed is not None
    return "\n\n".join(blocks)


def line_text(html: str) -> str:
    """Return card Markdown of an item or a step, on one line."""
    if _is_words(html):
        return " ".join(html.split())
    return " ".join(" ".join(_blocks(_clean(html))).split())


def _is_words(html: str) -> bool:
    return _PLAIN.fullmatch(html) is not None and markup.is_prose(" ".join(html.split()))


def _clean(html: str) -> str:
    """Return safe HTML in which a heading is a bold paragraph, other layout a paragraph, and a formula ours."""
    if _is_clean(html):
        return html
    html = _LAYOUT.sub(r"<\1div>", _HEADING.sub(_as_strong, _STRUCK.sub(r"<\1s>", html)))
    return str(markup.safe_html(_FORMULA.sub(_as_formula, html)))


def _is_clean(html: str) -> bool:
    """Say whether cleaning would change nothing, as for most fields: one line, a few usual tags that fit together."""
    if not html.isprintable() or _UNUSUAL.search(html) or len(html) > markup.KEPT_CHARS:
        return False
    open_tags: list[str] = []
    count = 0
    for found in _USUAL_TAG.finditer(html):
        count += 1
        if found[2] == "br":
            if found[1]:
                return False
        elif not found[1]:
            open_tags.append(found[2])
        elif not open_tags or open_tags.pop() != found[2]:
            return False
    return count == html.count("<") and not open_tags


def _as_strong(found: re.Match[str]) -> str:
    return "</b></div>" if found[1] else "<div><b>"


def _as_mathjax(found: re.Match[str]) -> str:
    ends_early = "\\)" in found[2] or "\\]" in found[2]
    if ends_early or not _has_whole_gaps(found[2]):  # half a gap is no formula on the way back
        return found[1] + found[2] + found[1]
    return f"\\[{found[2]}\\]" if found[1] == "$$" else f"\\({found[2]}\\)"


def _as_formula(found: re.Match[str]) -> str:
    """Return a formula as ours; one that ours could not hold stays as it was written."""
    body = next(filter(None, (found[name] for name in _BODIES)))
    tex = " ".join(unescape(_ANY_TAG.sub(" ", body)).split())
    price = found["own"] and body != body.strip() and not re.search(r"[\\^_={]", body)
    fence = "$$" if any(found[name] for name in ("display", "old_display", "own", "block")) else "$"
    formula = fence + tex + fence
    if not tex or price or "{{c" in tex or not markup.is_formula(formula):
        return found[0]
    return f'<span class="math">{escape(formula)}</span>'


@dataclass
class _Page:
    """Markdown at work: the blocks that are done, and the pieces of the one that is not."""

    blocks: list[str] = field(default_factory=list)
    pieces: list[str] = field(default_factory=list)
    words: str = ""  # that follow the pieces, not written yet
    open_tags: list[tuple[str, int]] = field(default_factory=list)  # of phrases, with their places among the pieces
    phrases: list[tuple[int, int]] = field(default_factory=list)  # that are closed: the places of their tags
    within: str = ""  # the element that is kept as HTML, while in it
    depth: int = 0
    is_math: bool = False
    sounds: list[str] = field(default_factory=list)  # addresses of those whose words are to come
    is_fresh: bool = True  # no word stands in the line yet
    is_blank: bool = True  # nor in the block

    def put_words(self) -> None:
        """Write the words that wait, as Markdown that shows them."""
        words, self.words = re.sub(r"[ \t\r\n]+", " ", self.words), ""
        if words:
            if self.pieces and self.pieces[-1].endswith("$") and words[0].isdecimal():
                words = f"&#{ord(words[0])};{_written(words[1:], at_start=False)}"  # a digit makes a formula a price
            else:
                words = _written(words, at_start=self.is_fresh)
            self.pieces.append(words)
            if words.strip():
                self.is_fresh = self.is_blank = False

    def put(self, piece: str) -> None:
        """Put a piece as it is behind the words."""
        self.put_words()
        self.pieces.append(piece)

    def end_block(self) -> None:
        """End the block; phrases that are open end with it, and begin again in the next."""
        self.words += " " * bool(self.words)  # nothing follows that a last mark could have to do with
        self.put_words()
        for tag, place in reversed(self.open_tags):
            self.phrases.append((place, len(self.pieces)))
            self.pieces.append(f"</{_name(tag)}>")
        if self.within:
            self.blocks.append("".join(["<div>", *self.pieces, "</div>"] if self.open_tags else self.pieces))
        elif not self.is_blank:
            _emphasize(self.pieces, self.phrases)
            self.blocks.append(_lined("".join(self.pieces)))
        self.open_tags = [(tag, place) for place, (tag, _) in enumerate(self.open_tags)]
        self.pieces = [tag for tag, _ in self.open_tags]
        self.phrases, self.is_fresh, self.is_blank = [], True, True


def _blocks(clean: str) -> list[str]:
    page = _Page()
    end = 0
    for found in _TAG.finditer(clean):
        _put_text(page, clean[end : found.start()])
        _put_tag(page, found)
        end = found.end()
    _put_text(page, clean[end:])
    page.end_block()
    return page.blocks


def _put_text(page: _Page, text: str) -> None:
    if page.within:
        page.pieces.append(text.replace("\n", "&#10;" if page.within == "pre" else " "))
    elif page.is_math:
        page.put(" ".join(unescape(text).split()))
        page.is_fresh = page.is_blank = False
    else:
        page.words += unescape(text)


def _put_tag(page: _Page, found: re.Match[str]) -> None:
    closing, name = found[1], found[2]
    if page.within:
        _go_on_within(page, found)
    elif name in _KEPT and not closing:
        page.end_block()
        page.pieces.append(found[0])
        page.within, page.depth = name, 1
    elif name == "hr":
        page.end_block()
        page.blocks.append("<hr>")
    elif name == "br":
        page.put(_BREAK)
        page.is_fresh = True
    elif name in markup.BLOCKS:
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
        page.put("")
        page.is_math = True
    elif closing and page.is_math:
        page.is_math = False
    elif attributes or (closing and page.open_tags and _name(page.open_tags[-1][0]) == "span"):
        _put_phrase(page, found)


def _put_medium(page: _Page, found: re.Match[str]) -> None:
    """Show a picture or sound of the library as Markdown does; the words of a sound stand between its tags."""
    told = dict(_ATTRIBUTE.findall(found[3]))
    if found[2] == "img":
        page.put(f"![{_written(unescape(told.get('alt', '')), at_start=False)}]({told['src']})")
    elif not found[1]:
        page.sounds.append(told["src"])
        page.put("![")
    elif page.sounds:
        page.put(f"]({page.sounds.pop()})")
    page.is_fresh = page.is_blank = False


def _put_phrase(page: _Page, found: re.Match[str]) -> None:
    if found[2] in markup.VOID:
        page.put(found[0])
    elif not found[1]:
        page.put(found[0])
        page.open_tags.append((found[0], len(page.pieces) - 1))
    elif page.open_tags and _name(page.open_tags[-1][0]) == found[2]:
        page.put(found[0])
        _, place = page.open_tags.pop()
        page.phrases.append((place, len(page.pieces) - 1))


def _name(tag: str) -> str:
    return tag.strip("<>").split()[0]


def _emphasize(pieces: list[str], phrases: list[tuple[int, int]]) -> None:
    """Let marks stand for the tags of phrases, where Markdown reads the marks so; inner phrases come first."""
    for start, end in phrases:
        inside = "".join(pieces[start + 1 : end])
        text = inside.strip(" ")
        lead, tail = " " * (len(inside) - len(inside.lstrip(" "))), " " * (len(inside) - len(inside.rstrip(" ")))
        before = next((piece[-1] for piece in reversed([*pieces[:start], lead]) if piece), " ")
        after = next((piece[0] for piece in (tail, *pieces[end + 1 :]) if piece), " ")
        mark = MARKS.get(pieces[start].strip("<>"))
        if mark and mark not in text and _has_whole_gaps(text) and _is_emphasis(before, text, after):
            pieces[start], pieces[end] = lead + mark, mark + tail
            pieces[start + 1 : end] = [text, *[""] * (end - start - 2)]


def _has_whole_gaps(text: str) -> bool:
    return not _GAP_PARTS.search(cloze.MARK.sub("", text))


def _is_emphasis(before: str, text: str, after: str) -> bool:
    """Say whether marks around a text open and close, as the flanks of CommonMark have it; when in doubt not."""
    if (
        not text
        or text[0].isspace()
        or text[-1].isspace()
        or not _AMONG_MARKS.isdisjoint((before, text[0], text[-1], after))
    ):
        return False
    opens = text[0].isalnum() or before.isspace() or before in _PUNCTUATION
    closes = text[-1].isalnum() or after.isspace() or after in _PUNCTUATION
    return opens and closes


def _lined(text: str) -> str:
    """Return a block without blank ends, and without blank lines, which would end it."""
    lines = [line.strip() for line in text.split(_BREAK)]
    while lines and not lines[-1]:
        lines.pop()
    while lines and not lines[0]:
        lines.pop(0)
    return _BREAK.join(lines)


def _listed(block: str) -> str | None:
    """Return a list of short items as Markdown; None for every other block."""
    found = _LISTED.fullmatch(block)
    if not found or _INSIDE_ITEMS.search(found[2]):
        return None
    items = ["\n".join(_blocks(item)) for item in _ITEM.findall(found[2])]
    if not all(items) or any("\n" in item for item in items):
        return None
    return "\n".join(f"- {item}" if found[1] == "ul" else f"{at}. {item}" for at, item in enumerate(items, 1))


def _written(text: str, *, at_start: bool) -> str:
    """Return words as they are written in Markdown; the marks of gaps stay."""
    if _HARMLESS.fullmatch(text):
        return text
    pieces = _GAP_PARTS.split(text)
    pieces[::2] = [_MARK.sub(r"\\\g<0>", piece) for piece in pieces[::2]]
    if at_start and (found := _BEGINNING.match(pieces[0])):
        at = found.end() - (0 if found[0][-1:].isdecimal() else 1)
        if pieces[0][at - 1 : at] != "\\":
            pieces[0] = f"{pieces[0][:at]}\\{pieces[0][at:]}"
    return "".join(pieces)
