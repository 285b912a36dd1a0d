"""Card Markdown to safe HTML: the one place, for pages, Anki and every other export.

Start from `to_html`. Card Markdown is CommonMark with tables, `~~strikes~~`,
`$formulas$` and raw HTML of a closed list of tags. What is not on the list is
shown as it was typed, since a quote about `List<String>` must stay whole. Two
cards are equal when their safe HTML is.
"""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from functools import lru_cache
from html import escape, unescape

import nh3
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict
from markupsafe import Markup

from quizapp.domain import card_media, occlusion
from quizapp.errors import InvalidInput
from quizapp.translations import marked

# nh3 takes minutes on half a megabyte of nested tags, so both are counted before it runs.
LIMIT_BYTES = 64 * 1024
LIMIT_DEPTH = 100
# markdown-it compares every one of these with those before it: 64 KiB of "[" took four seconds.
LIMIT_MARKS = 2_000
KEPT_TEXTS, KEPT_CHARS = 2_048, 1_000
KEPT_PROSE, PROSE_CHARS = 8_192, 200

PHRASES = frozenset(
    {
        "a",
        "abbr",
        "b",
        "br",
        "cite",
        "code",
        "del",
        "dfn",
        "em",
        "i",
        "ins",
        "kbd",
        "mark",
        "q",
        "rp",
        "rt",
        "ruby",
        "s",
    }
    | {"samp", "small", "span", "strong", "sub", "sup", "u", "var", "wbr"}
)
BLOCKS = frozenset(
    {"blockquote", "dd", "div", "dl", "dt", "hr", "li", "ol", "p", "pre", "ul"}
    | {"caption", "table", "tbody", "td", "tfoot", "th", "thead", "tr"}
)
# Known as layout and let through to be dropped; their text stays.
DROPPED = frozenset(
    {"article", "aside", "center", "font", "footer", "header", "main", "section", "strike", "tt"}
    | {"h1", "h2", "h3", "h4", "h5", "h6"}
)
MEDIA = frozenset({"audio", "img"})  # of files of the library alone
# Stands on lines of its own in the pages and programs of others, and is no part of a card.
LAYOUT = (DROPPED - {"font", "strike", "tt"}) | frozenset(
    {
        "address",
        "body",
        "details",
        "dir",
        "fieldset",
        "figcaption",
        "figure",
        "form",
        "hgroup",
        "html",
        "legend",
        "menu",
    }
    | {"noframes", "summary", "title"}
)
VOID = frozenset({"br", "hr", "img", "wbr"})
ATTRIBUTES = {
    "*": {"dir", "lang"},
    "a": {"href", "title"},
    "audio": {"src"},
    "img": {"alt", "src"},
    "abbr": {"title"},
    "ol": {"start"},
    "td": {"align", "colspan", "rowspan"},
    "th": {"align", "colspan", "rowspan"},
}
# What an answer button may hold: a link in a button cannot be reached by keyboard.
PHRASES_IN_BUTTON = PHRASES - {"a"}

_NAMES = "|".join(sorted(PHRASES | BLOCKS | DROPPED, key=len, reverse=True))
_MEDIUM = (
    rf'<img src="{card_media.ADDRESS.pattern}" alt="[^"<>]*+">|<audio src="{card_media.ADDRESS.pattern}">|</audio>'
)
_MEDIUM = re.sub(r"\?P<\w+>", "?:", _MEDIUM)
_VALUE = r"""\s*+=\s*+(?:"[^"<]*+"|'[^'<]*+'|[^\s"'<>=`]++)"""
_TAG = re.compile(
    rf"<!--.*?-->|{_MEDIUM}|<(?:/(?:{_NAMES})|(?:{_NAMES})(?:\s++[a-z][a-z0-9:-]*+(?:{_VALUE})?+)*+)\s*+/?>",
    re.IGNORECASE | re.DOTALL,
)
_ANY_TAG = re.compile(r"<(/?)([a-z][a-z0-9]*)", re.IGNORECASE)
_UNUSABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
# One line of words and harmless punctuation means the same with and without Markdown, and most cards are such,
# their gaps ("{{c1::cell}}") among it. A number with a dot or a bracket after it would begin a list.
_PROSE = re.compile(
    r"(?![^_]*_)(?![0-9]{1,9}[.)](?: |$))[\w{“‘][\w ,.;:?!'\"()/%+=—–…“”‘’{}-]*(?<![ ,+=-])",
)
# The same for ASCII, which most texts are, without looking at every letter in Python's patterns.
_PROSE_BYTES = bytes(one for one in range(128) if _PROSE.fullmatch(f"a{chr(one)}a"))
_NUMBERED = re.compile(r"[0-9]{1,9}[.)](?: |$)")
_LINE_END = re.compile(r"<br>|<hr>|</(?:blockquote|caption|dd|div|dt|li|p|pre|tr)>")
_CELL_END = re.compile(r"</t[dh]>\s*(?=<t[dh])")
_SAFE_TAG = re.compile(r"<(?:[^>\"]|\"[^\"]*\")*>")
_PICTURE = re.compile(r'<img src="[^"]*"(?: alt="(?P<alt>[^"]*)")?>')
_SOUND = re.compile(r"<audio\b[^>]*>(?P<words>.*?)</audio>", re.DOTALL)
_COVER = re.compile(r'<span class="cover">.*?</span>', re.DOTALL)
_LED_NOWHERE = re.compile(r'<img(?! src=)(?:[^>"]|"[^"]*")*>|<audio>(?P<words>.*?)</audio>', re.DOTALL)
_PARAGRAPH_END = re.compile(r"\n[ \t]*\n\s*")
_WEB = re.compile(r"\s*(?:https?|mailto):", re.IGNORECASE)
_ANY_MARK = re.compile(r"[^\w\s]|_")
# What Markdown could take for a mark: anywhere, or where a line begins.
_MARK = re.compile(r"(?P<gap>\[…\])|[\\`*_\[\]()<>#&$~|]|^[-+=]|^(?P<number>[0-9]{1,9})(?=\.)", re.MULTILINE)
_TOO_DEEP = marked("Lists, quotes or tags are nested more than 100 deep in this text. Make it flatter.")


def safe_html(html: str) -> Markup:
    """Return the HTML of another program with nothing left but what card Markdown can show."""
    if not _fits(html):
        raise InvalidInput("This text is longer than 64 KiB. Shorten it, or split it into several cards.")
    return _clean(_readable(html), _CLEAN_BLOCKS)


def is_prose(text: str) -> bool:
    """Say whether the text is a line of words that reads the same as Markdown, as HTML and as it stands."""
    if occlusion.NOTATION in text:
        return False
    if text.isascii():
        return (
            not text.encode().translate(None, _PROSE_BYTES)
            and (text[:1].isalnum() or text[:1] == "{")
            and text[-1] not in " ,+=-"
            and not (text[0].isdigit() and _NUMBERED.match(text))
            and len(text) <= LIMIT_BYTES
        )
    return _PROSE.fullmatch(text) is not None and _fits(text)


def to_html(text: str) -> Markup:
    """Return card Markdown as safe HTML, in blocks (`<p>`, `<ul>`, `<table>`)."""
    if is_prose(text):
        return safe(f"<p>{text}</p>")
    return _blocks(text) if len(text) > KEPT_CHARS else _kept_blocks(text)


def check(text: str) -> None:
    """Pass what can be shown, and refuse what is too long or nested too deeply."""
    # Whatever nests begins with a mark of its own, and most cards have a handful.
    if not _fits(text) or len(_ANY_MARK.findall(text)) >= LIMIT_DEPTH:
        to_html(text)


def inline_html(text: str) -> Markup:
    """Return card Markdown as safe HTML without blocks and links, for headings and buttons."""
    if prose := _prose(text) if len(text) > PROSE_CHARS else _kept_prose(text):
        return prose
    return _phrases(text) if len(text) > KEPT_CHARS else _kept_phrases(text)


def plain(text: str) -> str:
    """Return what a reader sees of card Markdown, as text; blocks are lines of their own."""
    if is_prose(text):
        return text
    return _words(_PICTURE.sub(lambda found: found["alt"] or "", str(to_html(text))))


def unillustrated(text: str) -> str:
    """Return what a reader reads of card Markdown, as text; nothing where what matters is a part of a picture.

    What is shown and played besides the words says nothing.
    """
    if occlusion.is_in(text):
        return ""
    return text if is_prose(text) else _words(_SOUND.sub("", str(to_html(text))))


def unillustrated_html(text: str) -> str:
    """Return card Markdown as safe HTML with the words of its pictures and sounds in their place."""
    html = str(to_html(text))
    if "<img" in html or "<audio" in html:
        html = _COVER.sub("", _SOUND.sub(r"\g<words>", _PICTURE.sub(lambda found: found["alt"] or "", html)))
    return html


def safe(html: str) -> Markup:
    """Take HTML as it stands: whoever calls this has escaped or cleaned what is not their own."""
    return Markup(html)  # noqa: S704 - escaped or cleaned by every caller


def _words(html: str) -> str:
    html = _CELL_END.sub(" | ", _COVER.sub("", html))
    words = unescape(_SAFE_TAG.sub("", _LINE_END.sub("\n", html)))
    return "\n".join(line for line in map(str.strip, words.splitlines()) if line)


def _blocks(text: str) -> Markup:
    text = _checked(text)
    if not text:
        return safe("")
    tokens = _MARKDOWN.parse(text)
    _refuse_deep(tokens)
    return _clean(_MARKDOWN.renderer.render(tokens, _MARKDOWN.options, {}), _CLEAN_BLOCKS)


def _phrases(text: str) -> Markup:
    text = _PARAGRAPH_END.sub("<br>\n", _checked(text).strip())
    return safe(text) if is_prose(text) else _clean(_MARKDOWN.renderInline(text), _CLEAN_PHRASES)


def _prose(text: str) -> Markup | None:
    return safe(text) if is_prose(text) else None


# Pages show the same few cards again and again. A thousand characters bound what is kept to some ten megabytes.
_kept_blocks = lru_cache(maxsize=KEPT_TEXTS)(_blocks)
_kept_phrases = lru_cache(maxsize=KEPT_TEXTS)(_phrases)
_kept_prose = lru_cache(maxsize=KEPT_PROSE)(_prose)


def is_formula(text: str) -> bool:
    """Say whether card Markdown reads all of a text, its dollars with it, as one formula."""
    return text.startswith("$") and _formula_end(text, 0, len(text)) == len(text)


def from_text(text: str) -> str:
    """Return card Markdown that shows a text as it is; most texts need no change.

    The gap of a cloze question stays as it is.
    """
    text = "\n".join(line.strip() for line in _readable(text).strip().splitlines())
    if is_prose(text) or to_html(text) == _as_it_stands(text):
        return text
    return _MARK.sub(lambda found: found[0] if found["gap"] else _without_meaning(found), text)


def verbatim_html(text: str) -> Markup:
    """Return text that is not Markdown (a quote) as safe HTML, its line ends kept."""
    return safe(_escaped(_readable(text).strip()).replace("\n", "<br>"))


def _as_it_stands(text: str) -> str:
    return "\n".join(f"<p>{_escaped(part)}</p>" for part in re.split(r"\n\n+", text))


def _without_meaning(found: re.Match[str]) -> str:
    return f"{found['number']}\\" if found["number"] else f"\\{found[0]}"


def _checked(text: str) -> str:
    if not _fits(text):
        raise InvalidInput("This text is longer than 64 KiB. Shorten it, or split it into several cards.")
    if len(text) > LIMIT_MARKS and any(text.count(mark) > LIMIT_MARKS for mark in "\n[<"):
        raise InvalidInput("This text has more than 2,000 lines, brackets or tags. Split it into several cards.")
    return _readable(text)


def _fits(text: str) -> bool:
    return len(text) * 4 <= LIMIT_BYTES or len(text.encode("utf-8", "surrogatepass")) <= LIMIT_BYTES


def _readable(text: str) -> str:
    if text.isprintable():  # on one line, and usable
        return text
    return _UNUSABLE.sub("\ufffd", text.replace("\r\n", "\n").replace("\r", "\n"))


def _escaped(text: str) -> str:
    # As nh3 writes text, so that both ways to the same HTML are equal.
    return escape(text, quote=False).replace("\xa0", "&nbsp;")


def _led_nowhere_else(tag: str, name: str, value: str) -> str | None:
    """Keep links to the web, and files of the library to be seen and heard; drop every other address."""
    if name == "src":
        found = card_media.ADDRESS.fullmatch(value)
        return value if found and card_media.is_sound(found["suffix"]) is (tag == "audio") else None
    return value if name != "href" or _WEB.match(value) else None


def _cleaner(tags: frozenset[str]) -> nh3.Cleaner:
    return nh3.Cleaner(
        tags=set(tags | MEDIA),
        attributes=ATTRIBUTES,
        allowed_classes={"span": {"cover", "math"}},
        url_schemes={"http", "https", "mailto"},
        url_relative="pass_through",
        attribute_filter=_led_nowhere_else,
        link_rel="noopener noreferrer",
    )


_CLEAN_BLOCKS = _cleaner(PHRASES | BLOCKS)
_CLEAN_PHRASES = _cleaner(PHRASES_IN_BUTTON)


def _clean(html: str, cleaner: nh3.Cleaner) -> Markup:
    if _depth(html) > LIMIT_DEPTH:
        raise InvalidInput(_TOO_DEEP)
    clean = cleaner.clean(html.strip()).strip()
    if "<img" in clean or "<audio" in clean:
        clean = _LED_NOWHERE.sub(lambda found: found["words"] or "", clean)
    return safe(clean)


def _depth(html: str) -> int:
    """Return how many tags are open at once at most, counting each name by itself as browsers nearly do."""
    open_tags: Counter[str] = Counter()
    depth = deepest = 0
    for found in _ANY_TAG.finditer(html):
        name = found[2].lower()
        if name in VOID:
            continue
        if not found[1]:
            open_tags[name] += 1
            depth += 1
            deepest = max(deepest, depth)
        elif open_tags[name]:
            open_tags[name] -= 1
            depth -= 1
    return deepest


def _refuse_deep(tokens: Sequence[Token]) -> None:
    # markdown-it stops reading at its nesting limit, so the rest of the text would be lost without a word.
    if any(token.level >= LIMIT_DEPTH for token in tokens):
        raise InvalidInput(_TOO_DEEP)


def _read_formula(state: StateInline, silent: bool) -> bool:  # noqa: FBT001 - markdown-it calls it so
    end = _formula_end(state.src, state.pos, state.posMax)
    if end is None:
        return False
    if not silent:
        state.push("formula", "", 0).content = state.src[state.pos : end]
    state.pos = end
    return True


def _read_cover(state: StateInline, silent: bool) -> bool:  # noqa: FBT001 - markdown-it calls it so
    """Read what covers a part of a picture: `{{c1::image-occlusion:...}}`."""
    if not state.src.startswith("{{", state.pos) or not (found := occlusion.MARK.match(state.src, state.pos)):
        return False
    if not silent:
        state.push("cover", "", 0).content = f"{found['state']}:{found['shape']}"
    state.pos = found.end()
    return True


def _cover(_: RendererHTML, tokens: Sequence[Token], index: int, _options: OptionsDict, _env: EnvType) -> str:
    return f'<span class="cover">{escape(tokens[index].content)}</span>'


def _formula_end(text: str, start: int, limit: int) -> int | None:
    """Return where the `$x$` or `$$x$$` at `start` ends; as in Pandoc, "$5 and $10" is no formula."""
    if text[start] != "$":
        return None
    fence = "$$" if text.startswith("$$", start) else "$"
    # Only the next dollar is looked at: searching on for a better one takes quadratic time.
    end = text.find(fence, start + len(fence), limit)
    body = text[start + len(fence) : max(end, 0)]
    after = text[end + len(fence) : end + len(fence) + 1]
    # Of three dollars the first is a price or a slip: no other program reads a formula that begins with one.
    if not body or body != body.strip() or body[0] == "$" or body[-1] == "\\" or after.isdigit():
        return None
    return end + len(fence)


def _formula(_: RendererHTML, tokens: Sequence[Token], index: int, _options: OptionsDict, _env: EnvType) -> str:
    return f'<span class="math">{escape(tokens[index].content)}</span>'


def _raw_html(_: RendererHTML, tokens: Sequence[Token], index: int, _options: OptionsDict, _env: EnvType) -> str:
    """Let the tags of the list through and show every other `<` as it was typed."""
    text, pieces, end = tokens[index].content, [], 0
    for found in _TAG.finditer(text):
        pieces += [text[end : found.start()].replace("<", "&lt;"), found[0]]
        end = found.end()
    return "".join(pieces) + text[end:].replace("<", "&lt;")


def _image(renderer: RendererHTML, tokens: Sequence[Token], index: int, options: OptionsDict, env: EnvType) -> str:
    """Show a picture or play a sound of the library, and show a link to any other: pages load nothing from elsewhere."""
    token = tokens[index]
    address = escape(str(token.attrGet("src") or ""))
    name = escape(renderer.renderInlineAsText(token.children or [], options, env))
    if found := card_media.ADDRESS.fullmatch(address):
        is_sound = card_media.is_sound(found["suffix"])
        return f'<audio src="{address}">{name}</audio>' if is_sound else f'<img src="{address}" alt="{name}">'
    return f'<a href="{address}">{name or address}</a>'


def _heading_start(*_: object) -> str:
    # A heading in a card would stand among those of the page around it.
    return "<p><strong>"


def _heading_end(*_: object) -> str:
    return "</strong></p>\n"


def _cell_start(renderer: RendererHTML, tokens: Sequence[Token], index: int, *_: object) -> str:
    # markdown-it aligns with a style, which the policy of our pages forbids.
    token = tokens[index]
    align = str(token.attrGet("style") or "").removeprefix("text-align:")
    return f'<{token.tag} align="{align}">' if align else f"<{token.tag}>"


def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"maxNesting": LIMIT_DEPTH + 1, "xhtmlOut": False})
    parser.enable(["table", "strikethrough"])
    # "[…]: Lobster" is a card with a gap; as a link definition it would vanish.
    parser.disable("reference")
    parser.inline.ruler.before("escape", "formula", _read_formula)
    parser.inline.ruler.before("escape", "cover", _read_cover)
    rules: dict[str, Callable[..., str]] = {
        "cover": _cover,
        "formula": _formula,
        "html_block": _raw_html,
        "html_inline": _raw_html,
        "image": _image,
        "heading_open": _heading_start,
        "heading_close": _heading_end,
        "th_open": _cell_start,
        "td_open": _cell_start,
    }
    for name, rule in rules.items():
        parser.add_render_rule(name, rule)
    return parser


_MARKDOWN = _parser()
