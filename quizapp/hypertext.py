"""Between card Markdown and the HTML of other programs. Start from `card_text`, and `html` for the way back."""

import re
from collections.abc import Callable, Iterator
from html import escape
from typing import Any, TypeAlias

from lxml import html as lxml_html

from quizapp import markup

Element: TypeAlias = Any  # lxml ships no types

BLOCKS = frozenset({"blockquote", "dl", "hr", "ol", "pre", "table", "ul"})
PARAGRAPHS = frozenset({"div", "p"})
MARKS = {"b": "**", "strong": "**", "i": "*", "em": "*", "s": "~~", "del": "~~"}
LONG = {"b": "strong", "i": "em", "del": "s"}
_PICTURE = re.compile(r"<(?:img|svg|canvas)\b", re.IGNORECASE)
_SOUND = re.compile(r"<(?:audio|video|object|embed|iframe)\b|\[sound:", re.IGNORECASE)
_TAGGED = re.compile(r"</?[a-z][a-z0-9]*(?:\s[^<>]*)?/?>|&(?:[a-z]+|#\d+|#x[0-9a-f]+);", re.IGNORECASE)
_HEADING = re.compile(r"<(/?)h[1-6]\b[^>]*>", re.IGNORECASE)
_STRUCK = re.compile(r"<(/?)strike\b[^>]*>", re.IGNORECASE)
_MATHJAX = re.compile(r"\\\((?P<line>[^<>]*?)\\\)|\\\[(?P<block>[^<>]*?)\\\]|\$\$(?P<own>[^<>$]+?)\$\$", re.DOTALL)
_FORMULA = re.compile(r'<span class="math">(\$\$?)(.*?)\1</span>', re.DOTALL)
_BLANK_LINES = re.compile(r"\n\s*\n")
_PRE = re.compile(r"<pre>.*?</pre>", re.DOTALL)


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
    shown = _FORMULA.sub(_as_mathjax, markup.unillustrated_html(text))
    alone = shown.startswith("<p>") and shown.endswith("</p>") and shown.count("<p>") == 1
    return shown.removeprefix("<p>").removesuffix("</p>") if alone else shown


def phrase(text: str) -> str:
    """Return card Markdown of an answer or a step, which is one line, as HTML without blocks."""
    return _FORMULA.sub(_as_mathjax, str(markup.inline_html(text)))


def card_text(html: str) -> str:
    """Return card Markdown that shows what HTML shows, without pictures, sounds and looks.

    Markdown where it says the same, as it is the easier to edit; else the HTML itself, which card text may hold.
    """
    html = _STRUCK.sub(r"<\1s>", _HEADING.sub(_as_strong, html.replace("\r\n", "\n")))
    tree = _tree(markup.safe_html(_MATHJAX.sub(_as_formula, html)))
    safe = _source(tree).removeprefix("<div>").removesuffix("</div>").strip()
    written = "\n\n".join(filter(None, _written(tree)))
    if _shown(str(markup.to_html(written))) == _shown(safe):
        return written
    raw = _solid(safe)
    return raw if raw.startswith(("<p>", "<div>", "<ul>", "<ol>", "<table>", "<blockquote>")) else f"<div>{raw}</div>"


def _tree(safe: str) -> Element:
    """Return safe HTML as a tree, without the spans that say nothing once their looks are gone."""
    tree = lxml_html.fragment_fromstring(safe, create_parent="div")
    for span in list(tree.iter("span")):
        if not span.attrib:
            span.drop_tag()
    return tree


def _as_mathjax(formula: re.Match[str]) -> str:
    return f"\\[{formula[2]}\\]" if formula[1] == "$$" else f"\\({formula[2]}\\)"


def _as_formula(found: re.Match[str]) -> str:
    body = (found["line"] or found["block"] or found["own"] or "").strip()
    fence = "$" if found["line"] is not None else "$$"
    return f'<span class="math">{fence}{body}{fence}</span>' if body and "$" not in body else found[0]


def _as_strong(found: re.Match[str]) -> str:
    return "</strong></p>" if found[1] else "<p><strong>"


def _written(element: Element) -> Iterator[str]:
    """Yield the blocks of an element as Markdown: what stands between two of them is a paragraph."""
    line = _text(element.text)
    for child in element:
        if child.tag in BLOCKS or child.tag in PARAGRAPHS:
            yield line.strip()
            line = ""
            yield from _written(child) if child.tag in PARAGRAPHS else (_block(child),)
        else:
            line += _phrase(child)
        line += _text(child.tail)
    yield line.strip()


def _block(element: Element) -> str:
    """Return a list of short items as Markdown, and every other block as the HTML that it is."""
    items = [child for child in element if child.tag == "li"]
    simple = element.tag in {"ul", "ol"} and not element.attrib and len(items) == len(element)
    if simple and not any(part.tag in BLOCKS | PARAGRAPHS for item in items for part in item.iterdescendants()):
        marks: Callable[[int], str] = (lambda _: "- ") if element.tag == "ul" else (lambda at: f"{at}. ")
        return "\n".join(marks(at) + _inside(item).strip() for at, item in enumerate(items, 1))
    return _solid(_source(element))


def _phrase(element: Element) -> str:
    """Return an element within a line as Markdown, or as the HTML that it is."""
    inside = _inside(element)
    if element.tag == "br":
        return "<br>\n"
    if element.get("class") == "math":
        return str(element.text_content())
    if (mark := MARKS.get(element.tag)) and inside.strip() and not element.attrib:
        before, after = inside[: len(inside) - len(inside.lstrip())], inside[len(inside.rstrip()) :]
        return f"{before}{mark}{inside.strip()}{mark}{after}"
    start = "".join(f' {name}="{escape(value)}"' for name, value in element.attrib.items() if name != "rel")
    return f"<{element.tag}{start}>{inside}</{element.tag}>"


def _inside(element: Element) -> str:
    return _text(element.text) + "".join(_phrase(child) + _text(child.tail) for child in element)


def _text(text: str | None) -> str:
    """Return text as Markdown that shows it, with the blanks around it."""
    words = " ".join((text or "").replace("\xa0", " ").split())
    if not words:
        return " " if text else ""
    told = text or ""
    return (" " if told[0].isspace() else "") + markup.from_text(words) + (" " if told[-1].isspace() else "")


def _source(element: Element) -> str:
    found = lxml_html.tostring(element, encoding="unicode", with_tail=False)
    return str(markup.safe_html(found))


def _solid(html: str) -> str:
    """Return HTML without blank lines, behind which Markdown would begin again."""
    return _BLANK_LINES.sub("\n", _PRE.sub(lambda found: found[0].replace("\n", "&#10;"), html)).strip()


def _shown(html: str) -> str:
    """Return what is the same of two texts that look the same."""
    html = re.sub(r"<(/?)(b|i|del)>", lambda found: f"<{found[1]}{LONG[found[2]]}>", html).replace("&nbsp;", " ")
    html = re.sub(r"\s*</?(?:p|div|br)>\s*", "¶", html)
    html = re.sub(
        r"[\s¶]*(</?(?:ul|ol|li|table|tbody|thead|tr|td|th|blockquote|hr|pre|dl|dt|dd)\b[^>]*>)[\s¶]*", r"\1", html
    )
    return " ".join(re.sub(r"¶+", "¶", html).strip("¶ ").split())
