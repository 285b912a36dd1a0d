"""Which part of a web page is its text: menus, banners, comments and what else is offered taken away. Start from `keep_main`.

`trafilatura` knows such pages, but its text has lost quotations, definitions and the cells that span others. So it only
judges: what it keeps shows where the text stands, and what stands there is read whole. A page of another kind, such as an
exported text, has nothing around its text, and so loses nothing.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from importlib import import_module

from lxml import etree

from quizapp.ingest import grids
from quizapp.ingest.html_furniture import left_out
from quizapp.ingest.html_tree import Element

MAX_JUDGED = 600_000  # characters of markup without scripts: it takes over a hundred times that in memory
UNSHOWN = ("script", "style", "noscript", "template", "svg", "iframe")
SPANS = re.compile(r" (?:col|row)span=\"[^\"<>]*\"")  # which the judge would fill with copies of a cell
CELLS = frozenset(("td", "th"))
SHINGLE = 4  # words by which a passage is known again
MOST = 0.9
_HELD_TEXT = "body div section article main td table tbody tr form center"
HELD = frozenset(_HELD_TEXT.split())
ALONE = frozenset(("article", "main"))
DOUBTED = frozenset(("aside", "header", "form"))
_OFFERS_TEXT = """
    share sharing social related recommended recommendations newsletter subscribe subscription signup cookie cookies
    consent gdpr promo promotion advert advertisement ad ads sponsored breadcrumb breadcrumbs commentlist comments comment disqus
    respond sidebar pagination pager tags widget popup modal paywall footer menu navbar nav navigation topbar masthead
    outbrain taboola trending popular banner donate feedback login teaser teasers readmore mostread
"""
OFFERS = frozenset(_OFFERS_TEXT.split())
PARTS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+")
_LISTING_TEXT = "ul ol div section table"
LISTING = frozenset(_LISTING_TEXT.split())
MOSTLY_LINKS, PARTLY_LINKS = 0.6, 0.2
PROSE_WORDS = 25


def keep_main(root: Element) -> None:
    """Hide in a page's tree what is around its text, and take scripts and style sheets from it."""
    etree.strip_elements(root, *UNSHOWN, with_tail=False)
    body = root.find("body")
    if body is None:
        return
    counts = _Counts(body, _shingles(_judged(root)))
    home = _home(body, counts)
    offered = list(_offered(body, counts))
    doomed = [*offered, *_around(home, body, counts, among_menus=bool(offered) or body.find(".//nav") is not None)]
    if not _leaves_nothing(body, doomed, counts):
        for element in doomed:
            element.set("hidden", "hidden")


def _judged(root: Element) -> str:
    """Return what is the text of a page at first sight; nothing of one too large or wide to be judged within the limits."""
    source = SPANS.sub("", etree.tostring(root, encoding="unicode", method="html"))
    if len(source) > MAX_JUDGED or _is_too_wide(root):
        return ""
    trafilatura = import_module("trafilatura")  # maps 140 MB, which a page that is not judged needs for its tree
    try:
        return str(trafilatura.extract(source, include_comments=False, favor_recall=True, include_tables=True) or "")
    except (etree.LxmlError, MemoryError, RecursionError):
        return ""


def _is_too_wide(root: Element) -> bool:
    """Say whether a row has more cells than any that is read: the judge takes the square of their number in time."""
    rows = root.iter("tr", "table", "tbody", "thead", "tfoot")
    return any(sum(1 for cell in row if cell.tag in CELLS) > grids.MAX_COLUMNS for row in rows)


class _Counts:
    """How many words stand in each element: of all, of links, and of what has been judged to be the text."""

    def __init__(self, body: Element, kept: set[tuple[str, ...]]) -> None:
        self.all: dict[Element, int] = defaultdict(int)
        self.links: dict[Element, int] = defaultdict(int)
        self.kept: dict[Element, int] = defaultdict(int)
        events = etree.iterwalk(body, events=("start", "end"))
        for event, element in events:
            if event == "start":
                if left_out(element):
                    events.skip_subtree()
                    continue
                own = " ".join([element.text or "", *(child.tail or "" for child in element)]).split()
                self.all[element] += len(own)
                self.links[element] += len(own) if element.tag == "a" else 0
                self.kept[element] += len(own) if own and _start(element) in kept else 0
            elif element is not body:
                above = element.getparent()
                self.all[above] += self.all[element]
                self.kept[above] += self.kept[element]
                self.links[above] += self.all[element] if element.tag == "a" else self.links[element]

    def share_of_links(self, element: Element) -> float:
        """Return how much of an element is links."""
        return self.links[element] / max(1, self.all[element])

    def is_kept(self, element: Element) -> bool:
        """Say whether an element holds much of the text."""
        return self.all[element] >= SHINGLE and self.kept[element] > 0.3 * self.all[element]


def _shingles(found: str) -> set[tuple[str, ...]]:
    """Return every few words of the text that follow each other in a line, and all words of a short line."""
    out: set[tuple[str, ...]] = set()
    for line in found.split("\n"):
        spoken = re.findall(r"\w+", line)
        out.add(tuple(spoken[:SHINGLE]))
        out.update(tuple(spoken[at : at + SHINGLE]) for at in range(len(spoken) - SHINGLE + 1))
    return out - {()}


def _start(element: Element) -> tuple[str, ...]:
    """Return the words that an element opens with."""
    out: list[str] = []
    for part in element.itertext():
        out += re.findall(r"\w+", part)
        if len(out) >= SHINGLE:
            break
    return tuple(out[:SHINGLE])


def _home(body: Element, counts: _Counts) -> Element:
    """Return the smallest element that holds nearly all of the text."""
    home = body
    while counts.kept[body]:
        inner = next((c for c in home if c.tag in HELD and counts.kept[c] >= MOST * counts.kept[body]), None)
        if inner is None:
            break
        home = inner
        if home.tag in ALONE or home.get("role") == "main":
            break
    return home


def _around(home: Element, body: Element, counts: _Counts, *, among_menus: bool) -> Iterator[Element]:
    """Yield what stands beside the home of the text, unless it is prose in a page that names no main part.

    A few words beside it are no prose in a page with menus, but for those around the heading above it.
    """
    named = home.tag in ALONE or home.get("role") == "main"
    here = home
    while here is not body:
        for beside in here.getparent():
            short = among_menus and counts.all[beside] < PROSE_WORDS and beside.find(".//h1") is None
            is_text = counts.is_kept(beside) or (not short and counts.share_of_links(beside) <= PARTLY_LINKS)
            if beside is not here and beside.tag != "h1" and (named or _offers(beside) or not is_text):
                yield beside
        here = here.getparent()


def _offered(body: Element, counts: _Counts) -> Iterator[Element]:
    """Yield what calls itself something else than text, and lists of links: buttons to share, other pages, comments."""
    for element in body.iterdescendants():
        dense = element.tag in LISTING and counts.share_of_links(element) > MOSTLY_LINKS
        if (dense or _offers(element)) and not counts.is_kept(element):
            yield element


def _offers(element: Element) -> bool:
    """Say whether an element calls itself something else than text."""
    if element.tag in DOUBTED or element.get("role") in ("complementary", "banner"):
        return True
    named = f"{element.get('class', '')} {element.get('id', '')}"[:1_000]
    return any(part.lower() in OFFERS for part in PARTS.findall(named))


def _leaves_nothing(body: Element, doomed: list[Element], counts: _Counts) -> bool:
    """Say whether hardly anything would be left of a page, such as a list of links."""
    return counts.all[body] - sum(counts.all[element] for element in _outermost(doomed)) < 0.02 * counts.all[body]


def _outermost(elements: list[Element]) -> list[Element]:
    chosen = set(elements)
    return [element for element in chosen if chosen.isdisjoint(element.iterancestors())]
