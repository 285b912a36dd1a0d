"""Web pages, pages that a program exported, and rich text from the clipboard to pieces.

Start from `read`. No address in a page is ever fetched.
"""

from collections.abc import Sequence
from dataclasses import replace

from quizapp.domain.documents import BlockKind
from quizapp.ingest import html_facts, html_main, html_tree, html_walk
from quizapp.ingest.html_facts import Facts
from quizapp.ingest.pieces import Piece, Pieces, within_limits

TOP = 8  # pieces among which a page names its author and day


def read(data: bytes) -> Pieces:
    """Return the pieces of a page: its text with title, authors and day, without what is around it.

    What has no title is no page but something copied from one, or from Word or Google Docs: all of it is text.
    """
    source = html_tree.decoded(data)
    root = html_tree.parsed(source)
    facts = html_facts.facts_of(root)
    if root.find(".//title") is not None:
        html_main.keep_main(root, html_tree.trimmed(source))
    found = within_limits(html_walk.walked(root))
    return Pieces(within_limits(introduced(titled(found, facts.title), facts)), name=facts.title or None)


def titled(found: Sequence[Piece], title: str) -> list[Piece]:
    """Return the pieces with the page's title on top, and no other heading as high."""
    headings = [piece for piece in found if piece.kind is BlockKind.HEADING]
    first = next((at for at, piece in enumerate(found) if piece.kind is BlockKind.HEADING), None)
    if not found or not title:
        return list(found)
    if first is not None and same(found[first].text, title):
        above = [*found[:first], *found[first + 1 :]]
        return [replace(found[first], level=1), *_lowered(above, found[first].level, headings[1:])]
    return [Piece(BlockKind.HEADING, title, 1), *_lowered(found, 1, headings)]


def _lowered(found: Sequence[Piece], level: int, headings: Sequence[Piece]) -> list[Piece]:
    """Return the pieces with their headings one lower, where one is as high as the title."""
    if all(heading.level > level for heading in headings):
        return list(found)
    return [replace(piece, level=piece.level + 1) if piece.kind is BlockKind.HEADING else piece for piece in found]


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
