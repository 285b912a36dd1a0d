"""XML from files of strangers: nothing is fetched, nothing expands, nothing nests without end. Start from `parsed`.

Elements and attributes are called by the prefixes that the standards use ("w:p", "text:h"), whatever the file says.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any, TypeAlias

from lxml import etree

from quizapp.errors import InvalidInput

Element: TypeAlias = Any  # lxml ships no types

DECLARATION = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
OOXML = "http://schemas.openxmlformats.org/"
OPEN_DOCUMENT = "urn:oasis:names:tc:opendocument:xmlns:"
NAMESPACES = {
    "w": f"{OOXML}wordprocessingml/2006/main",
    "a": f"{OOXML}drawingml/2006/main",
    "p": f"{OOXML}presentationml/2006/main",
    "r": f"{OOXML}officeDocument/2006/relationships",
    "wp": f"{OOXML}drawingml/2006/wordprocessingDrawing",
    "pic": f"{OOXML}drawingml/2006/picture",
    "v": "urn:schemas-microsoft-com:vml",
    "m": f"{OOXML}officeDocument/2006/math",
    "c": f"{OOXML}drawingml/2006/chart",
    "dgm": f"{OOXML}drawingml/2006/diagram",
    "mc": f"{OOXML}markup-compatibility/2006",
    "o": "urn:schemas-microsoft-com:office:office",
    "office": f"{OPEN_DOCUMENT}office:1.0",
    "text": f"{OPEN_DOCUMENT}text:1.0",
    "table": f"{OPEN_DOCUMENT}table:1.0",
    "style": f"{OPEN_DOCUMENT}style:1.0",
    "draw": f"{OPEN_DOCUMENT}drawing:1.0",
    "fo": f"{OPEN_DOCUMENT}xsl-fo-compatible:1.0",
    "svg": f"{OPEN_DOCUMENT}svg-compatible:1.0",
    "xlink": "http://www.w3.org/1999/xlink",
    "dc": "http://purl.org/dc/elements/1.1/",
}
PREFIXES = {namespace: prefix for prefix, namespace in NAMESPACES.items()}


def parsed(data: bytes) -> Element:
    """Return the root of an XML text; one that declares a document type or entities is refused."""
    refuse_declarations(data)
    try:
        root = etree.fromstring(data, _parser(recover=False))
    except (etree.XMLSyntaxError, ValueError) as fault:
        raise refusal(fault) from fault
    if root.getroottree().docinfo.doctype:  # in an encoding that hides it from a search
        raise _declares()
    return root


def salvaged(data: bytes) -> Element:
    """Return the root of an XML text as far as it can be read; of a missing or broken one an empty root.

    Books of the older kind name a document type, which is passed over: nothing that it declares is put in.
    """
    try:
        root = etree.fromstring(data, _parser(recover=True)) if data.strip() else None
    except (etree.LxmlError, ValueError):
        root = None
    return etree.Element("none") if root is None else root


def _parser(*, recover: bool) -> etree.XMLParser:
    return etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,  # nesting deeper than 256 is an error
        recover=recover,
        remove_comments=True,
        remove_pis=True,
    )


def refuse_declarations(data: bytes) -> None:
    """Pass, unless an XML text declares a document type or entities, which can point outside or grow without end."""
    if DECLARATION.search(data) or DECLARATION.search(data[:4096].replace(b"\0", b"")):
        raise _declares()


def refusal(fault: Exception) -> Exception:
    """Return what to raise for a fault of the parser, which has no word for running out of memory."""
    if isinstance(fault, etree.XMLSyntaxError) and not fault.code:
        return MemoryError()
    return broken()


def broken() -> InvalidInput:
    """Return the refusal of a file that is not as its kind should be."""
    return InvalidInput("This file is damaged inside. Open it where it was made, save it anew and try again.")


def name(element: Element) -> str:
    """Return what an element is, as "w:p"; nothing for a comment."""
    return _short(element.tag) if isinstance(element.tag, str) else ""


@lru_cache(maxsize=512)
def full(short: str) -> str:
    """Return the name that lxml knows for "w:p"."""
    prefix, _, local = short.partition(":")
    return f"{{{NAMESPACES[prefix]}}}{local}"


def attribute(element: Element | None, short: str) -> str | None:
    """Return an attribute of an element, which need not be there."""
    found: str | None = None if element is None else element.get(full(short) if ":" in short else short)
    return found


def child(element: Element | None, *path: str) -> Element | None:
    """Return the first element that a path of children leads to."""
    for step in path:
        if element is None:
            return None
        element = next(element.iterchildren(full(step)), None)
    return element


def inside(element: Element, *names: str) -> Iterator[Element]:
    """Yield the elements with these names at any depth, in their order."""
    yield from element.iter(*(full(one) for one in names))


@lru_cache(maxsize=2048)
def _short(tag: str) -> str:
    namespace, _, local = tag.rpartition("}")
    return f"{PREFIXES.get(namespace[1:], '')}:{local}"


def _declares() -> InvalidInput:
    return InvalidInput("This file declares a document type or entities, which no good one does. It was not read.")
