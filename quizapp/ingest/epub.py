"""Electronic books to pieces: their chapters in reading order, below the book's title. Start from `read`."""

import posixpath
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from urllib.parse import unquote

from quizapp.domain.documents import BlockKind
from quizapp.errors import InvalidInput
from quizapp.ingest import archives, html, html_tree, html_walk, text, xml
from quizapp.ingest.archives import Archive
from quizapp.ingest.html_facts import Facts
from quizapp.ingest.pictures import Shelf
from quizapp.ingest.pieces import Piece, Pieces, within_limits
from quizapp.ingest.xml import Element

CONTAINER = "META-INF/container.xml"
RIGHTS = ("META-INF/rights.xml", "META-INF/sinf.xml")
FONTS = ("http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC")  # scrambled fonts are no locks
_NO_CHAPTERS_TEXT = "cover toc title-page titlepage copyright-page loi lot index notes other.endnotes"
NO_CHAPTERS = frozenset(_NO_CHAPTERS_TEXT.split())
FRONT_WORDS = 60  # a page of fewer, with the title on it, is a title page


@dataclass(frozen=True)
class _Book:
    """What the package of a book says about it."""

    facts: Facts
    chapters: tuple[str, ...]  # names of entries, in reading order
    labels: dict[str, str] = field(default_factory=dict)  # by entry: what the contents call it


def read(data: bytes) -> Pieces:
    """Return the pieces of a book: its title, its authors, and its chapters below them."""
    archive = archives.opened(data)
    _refuse_locked(archive)
    book = _book(archive)
    shelf = Shelf(archive.read)
    found = within_limits(_paged(_chapters(archive, book, shelf)))
    whole = html.introduced(html.titled(found, book.facts.title), book.facts)
    return Pieces(within_limits(whole), problems=tuple(shelf.problems()), name=book.facts.title or None)


def _refuse_locked(archive: Archive) -> None:
    locked = any(name in archive.names for name in RIGHTS)
    for method in xml.salvaged(archive.read("META-INF/encryption.xml")).iter("{*}EncryptionMethod"):
        locked = locked or method.get("Algorithm") not in FONTS
    if locked:
        raise InvalidInput(
            "This book is locked by its seller (DRM), and only their program can open it. Use a copy without a lock."
        )


def _book(archive: Archive) -> _Book:
    container = xml.salvaged(archive.read(CONTAINER))
    package = next((root.get("full-path", "") for root in container.iter("{*}rootfile")), "")
    opf = xml.salvaged(archive.read(package))
    folder = posixpath.dirname(package)
    items = {item.get("id"): item for item in opf.iter("{*}item")}
    left_out = {
        _path(folder, one.get("href", "")) for one in opf.iter("{*}reference") if one.get("type") in NO_CHAPTERS
    }
    chapters: dict[str, None] = {}
    for reference in opf.iter("{*}itemref"):
        item = items.get(reference.get("idref"))
        if item is None or reference.get("linear") == "no" or "nav" in item.get("properties", "").split():
            continue
        path = _path(folder, item.get("href", ""))
        if path not in left_out and "html" in item.get("media-type", "html"):
            chapters[path] = None
    if not chapters:
        raise InvalidInput("This book is damaged: it does not say which chapters it has. Save it anew and try again.")
    return _Book(_facts(opf), tuple(chapters), _labels(archive, folder, list(items.values())))


def _facts(opf: Element) -> Facts:
    titles = [_words(one) for one in opf.iter("{http://purl.org/dc/elements/1.1/}title")]
    people = [
        _words(one)
        for one in opf.iter("{http://purl.org/dc/elements/1.1/}creator")
        if one.get("{http://www.idpf.org/2007/opf}role", "aut") == "aut"
    ]
    known = dict.fromkeys(name for name in people if name and name.lower() not in ("unknown", "unknown author"))
    return Facts(next(filter(None, titles), ""), tuple(known)[:4])


def _labels(archive: Archive, folder: str, items: list[Element]) -> dict[str, str]:
    """Return what the table of contents calls each chapter, by its entry."""
    labels: dict[str, str] = {}
    for item in items:
        path = _path(folder, item.get("href", ""))
        contents = xml.salvaged(archive.read(path)) if _is_contents(item) else xml.salvaged(b"")
        beside = posixpath.dirname(path)
        for point in contents.iter("{*}navPoint"):
            source, label = point.find("{*}content"), point.find("{*}navLabel")
            if source is not None and label is not None:
                labels.setdefault(_path(beside, source.get("src", "")), _words(label))
        for nav in contents.iter("{*}nav"):
            if nav.get("{http://www.idpf.org/2007/ops}type", "toc") == "toc":
                for link in nav.iter("{*}a"):
                    labels.setdefault(_path(beside, link.get("href", "")), _words(link))
    return labels


def _is_contents(item: Element) -> bool:
    return "nav" in item.get("properties", "").split() or item.get("media-type") == "application/x-dtbncx+xml"


def _chapters(archive: Archive, book: _Book, shelf: Shelf) -> Iterator[Piece]:
    sheets = " ".join(
        text.clean(archive.read(name).decode("utf-8", "replace")) for name in archive.names if name.endswith(".css")
    )
    styles = html_tree.styles_of(sheets)
    for name in book.chapters:
        if not (data := archive.read(name)).strip():
            continue
        root = html_tree.parsed(html_tree.decoded(data))
        body = root.find("body")
        pictures = _pictures(posixpath.dirname(name), shelf)
        pieces = within_limits(html_walk.walked(root if body is None else body, styles, pictures))
        if not _is_front(pieces, book.facts.title):
            yield from _headed(pieces, book.labels.get(name, ""))


def _pictures(folder: str, shelf: Shelf) -> html_walk.Pictures:
    """Return what takes the pictures of a chapter, which stands in that folder, from its book."""
    return lambda address, alt: shelf.take(_path(folder, address), alt)


def _is_front(pieces: tuple[Piece, ...], title: str) -> bool:
    """Say whether a chapter is the page with the book's title on it."""
    length = sum(len(piece.text.split()) for piece in pieces)
    return length < FRONT_WORDS and bool(title) and any(html.same(piece.text, title) for piece in pieces[:4])


def _headed(pieces: tuple[Piece, ...], label: str) -> Iterator[Piece]:
    """Yield a chapter's pieces with a heading, which the table of contents tells where the chapter has none."""
    if not label or not pieces or any(piece.kind is BlockKind.HEADING for piece in pieces):
        yield from pieces
        return
    yield Piece(BlockKind.HEADING, label, 2, page=pieces[0].page)
    yield from pieces[1:] if html.same(pieces[0].text, label) else pieces


def _paged(pieces: Iterator[Piece]) -> Iterator[Piece]:
    """Yield the pieces with the page that they are on, where the last one started in an earlier chapter too."""
    page = None
    for piece in pieces:
        page = piece.page or page
        yield replace(piece, page=page)


def _path(folder: str, href: str) -> str:
    return posixpath.normpath(posixpath.join(folder, unquote(href.split("#")[0])))


def _words(element: Element) -> str:
    return " ".join(text.clean("".join(element.itertext())).split())
