"""Web pages, pages that a program exported, and rich text from the clipboard to pieces.

Start from `read`. No address in a page is ever fetched.
"""

from base64 import b64decode
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from urllib.parse import unquote

from quizapp.domain.documents import BlockKind
from quizapp.ingest import html_facts, html_main, html_tree, html_walk
from quizapp.ingest.html_facts import Facts
from quizapp.ingest.pictures import Shelf
from quizapp.ingest.pieces import Piece, Pieces, within_limits

TOP = 8  # pieces among which a page names its author and day


def read(data: bytes) -> Pieces:
    """Return the pieces of a page: its text with title, authors and day, without what is around it.

    What has no title is no page but something copied from one, or from Word or Google Docs: all of it is text.
    """
    source, embedded = html_tree.embedded(html_tree.decoded(data))
    root, shelf = html_tree.parsed(source), Shelf(lambda address: _embedded(embedded, address))
    facts, styles = html_facts.facts_of(root), html_tree.styled(root)
    if root.find(".//title") is not None:
        html_main.keep_main(root)
    found = _without_end(within_limits(html_walk.walked(root, styles, shelf.take)))
    whole = within_limits(introduced(titled(found, facts.title), facts))
    return Pieces(whole, problems=tuple(shelf.problems()), name=facts.title or None)


def _embedded(pictures: Sequence[str], address: str) -> bytes:
    """Return the picture that a page holds itself under that address; one that is elsewhere stays there."""
    number = address.removeprefix(html_tree.EMBEDDED_NAME)
    if number != address and number.isdecimal() and len(number) < 6 and int(number) < len(pictures):
        with suppress(ValueError):
            return b64decode(unquote(pictures[int(number)]))
    return b""


def _without_end(found: Sequence[Piece]) -> Sequence[Piece]:
    """Return the pieces without headings that nothing follows, whose notes or links have been left out."""
    end = next((at for at in range(len(found), 0, -1) if found[at - 1].kind is not BlockKind.HEADING), len(found))
    return found[:end]


def titled(found: Sequence[Piece], title: str) -> list[Piece]:
    """Return the pieces with the title on top, and no other heading as high.

    The text itself knows its title best, then `title` tells it; a text with neither stays as it is.
    """
    headings = [at for at, piece in enumerate(found) if piece.kind is BlockKind.HEADING]
    own = next((at for at in headings if found[at].level == 0), None)
    if own is None and headings and same(found[headings[0]].text, title):
        own = headings[0]
    if own is None and not (title and found):
        return list(found)
    top = Piece(BlockKind.HEADING, title) if own is None else found[own]
    rest = [piece for at, piece in enumerate(found) if at != own]
    lower = max(0, 2 - min((found[at].level for at in headings if at != own), default=2))
    return [
        replace(top, level=1),
        *(replace(p, level=max(2, p.level + lower)) if p.kind is BlockKind.HEADING else p for p in rest),
    ]


def same(one: str, other: str) -> bool:
    """Say whether two lines are one, but for spaces, signs and capitals."""
    return "".join(filter(str.isalnum, one)).casefold() == "".join(filter(str.isalnum, other)).casefold()


def introduced(found: list[Piece], facts: Facts) -> list[Piece]:
    """Return the pieces with who wrote them and when, where the text does not say it."""
    said = " ".join(piece.text for piece in found[:TOP])
    lines = []
    if facts.authors and not any(name in said for name in facts.authors):
        lines.append(f"By {' and '.join(facts.authors)}")
    if facts.published and str(facts.published.year) not in said:
        lines.append(f"{facts.published.day} {facts.published:%B} {facts.published.year}")
    at = 1 if found and found[0].kind is BlockKind.HEADING else 0
    return [*found[:at], *(Piece(BlockKind.PARAGRAPH, line) for line in lines), *found[at:]] if found else found
