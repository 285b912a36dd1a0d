"""What Recto says, gathered from its code, and what each language has for it. Start from `gathered` and `unmarked`."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_file
from jinja2 import Environment, nodes

ROOT = Path(__file__).resolve().parent.parent
CODE = ROOT / "quizapp"
LANGUAGES = ("de", "zh")
ERRORS = ("InvalidInput", "NotFound", "Forbidden", "Conflict", "Unavailable", "Misread", "Fault", "Finding")
KEYWORDS = {
    "_": None,
    "gettext": None,
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
    "marked": None,
    "many": (1, 2),
    "forms": (1, 2),
    "said": None,
}
KEYWORDS |= {"saidMany": (1, 2), **dict.fromkeys(ERRORS, None)}
WAYS = {".py": "python", ".html": "jinja2", ".js": "javascript"}
AMOUNT = re.compile(r"""\bamount\((?:[^()"]*, )?"([^"]+)"(?:, "([^"]+)")?\)""")
THING = re.compile(r"""\bthing="([^"]+)["]""")
SPOKEN = (
    "aria-label",
    "aria-description",
    "aria-roledescription",
    "title",
    "placeholder",
    "alt",
    "data-said",
    "data-name",
)
# Keys, names that are the same in every language, and what a person types.
SAME = re.compile(
    r"[\w-]+=\"[^\"]*\"?|\b(?:Ctrl|Shift|Esc|Recto|Anki|AnkiDroid|AnkiMobile|Markdown|FSRS|CSV|TSV|JSON|GIFT|Moodle|Kahoot|Excel|XML|URL|quizapp)\b|https?://\S*|\bdata-\w+"
)
LETTERS = re.compile(r"[^\W\d_]{2,}")
# What templates compare and hand on, and keys as browsers call them.
UNSPOKEN = {"True", "False", "Missing", "Extra", "Enter Space", "Control+Enter", "Space"}
NOT_SAID = ("url_for", "asset", "icon", "format", "block", "super", "gettext", "ngettext", "pgettext", "_")


def gathered() -> Catalog:
    """Return every sentence that the code says, with the places that say it."""
    found = Catalog(charset="utf-8")
    for path in sorted(CODE.rglob("*")):
        if (way := WAYS.get(path.suffix)) is None or {"vendor", "cli"} & {*path.parts} or path.name == "config.py":
            continue
        place = path.relative_to(ROOT).as_posix()
        for line, message, comments, context in extract_from_file(
            way, path, KEYWORDS, comment_tags=("Translators:",), options={"trimmed": "true"}
        ):
            found.add(message, locations=[(place, line)], auto_comments=comments, context=context)
        for one, other in AMOUNT.findall(path.read_text("utf-8")):
            found.add((f"%(num)s {one}", f"%(num)s {other or one + 's'}"), locations=[(place, 1)])
        for thing in THING.findall(path.read_text("utf-8")):
            found.add(thing, locations=[(place, 1)])
    return found


def unmarked(path: Path) -> Iterator[str]:
    """Yield what a template says in English whatever language is spoken: text, spoken attributes, words in expressions."""
    environment = Environment(extensions=["jinja2.ext.i18n"], trim_blocks=True, lstrip_blocks=True)  # noqa: S701 - read only
    tree = environment.parse(path.read_text("utf-8"))
    written = "".join(node.data if isinstance(node, nodes.TemplateData) else "�" for node in _in_order(tree))
    text = _Text()
    text.feed(re.sub(r"(?<=<)�|(?<=</)�", "x", written))  # a tag that an expression names
    text.close()
    yield from (f"{path.name}: {said}" for said in text.found)
    yield from (f"{path.name}:{line}: {said!r}" for line, said in _words_in(tree))


def _in_order(node: nodes.Node) -> Iterator[nodes.Node]:
    for child in node.iter_child_nodes():
        if isinstance(child, nodes.TemplateData | nodes.Expr):
            yield child
        else:
            yield from _in_order(child)


def _words_in(node: nodes.Node) -> Iterator[tuple[int, str]]:
    """Yield the words that expressions put onto the page: literals printed, chosen between, or handed to macros."""
    for child in node.iter_child_nodes():
        if isinstance(child, nodes.Compare | nodes.Test | nodes.Getitem):
            continue
        if isinstance(child, nodes.Call) and getattr(child.node, "attr", getattr(child.node, "name", "")) in NOT_SAID:
            continue
        if isinstance(child, nodes.Const) and isinstance(child.value, str):
            said = SAME.sub("", child.value)
            if re.search(r"^[A-Z][a-z]", said) and "/" not in said and said not in UNSPOKEN:
                yield child.lineno, child.value
        else:
            yield from _words_in(child)


class _Text(HTMLParser):
    """Reads the text of a template without its expressions."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self._inside: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in {"script", "style", "code", "kbd"}:
            self._inside.append(tag)
        for name, value in attrs:
            if name in SPOKEN:
                self._note(value or "", name)

    def handle_endtag(self, tag: str) -> None:
        if self._inside and self._inside[-1] == tag:
            self._inside.pop()

    def handle_data(self, data: str) -> None:
        if not self._inside:
            self._note(data, "text")

    def _note(self, said: str, where: str) -> None:
        if LETTERS.search(SAME.sub("", said)):
            self.found.append(f"{where}: {' '.join(said.split())[:120]}")
