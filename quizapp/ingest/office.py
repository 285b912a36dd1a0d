"""Word and PowerPoint files made ready for the libraries that read them. Start from `opened`.

Only the XML in them is handed on: no pictures, macros or embedded files, and no relationship that leads outside
or nowhere, so that a library can neither follow one nor stumble over it.
"""

import io
import posixpath
import re
import zipfile
from dataclasses import dataclass, field

from docx.opc.exceptions import OpcError
from lxml import etree
from pptx.exc import PythonPptxError

from quizapp.ingest import archives, text, xml

# What the libraries raise for a file that is not as it should be.
FAULTS = (OpcError, PythonPptxError, etree.LxmlError, KeyError, ValueError, TypeError, AttributeError, IndexError)

TYPES = "[Content_Types].xml"
MACROS = "vbaProject.bin"
# What Word notes about nearly every word and nobody reads; without it a book needs a third of the memory.
NOTED = re.compile(
    rb"<w:(?:lang|proofErr|lastRenderedPageBreak|bookmarkStart|bookmarkEnd|color|sz|szCs|kern|spacing|jc|ind|bCs|iCs|u|"
    rb"highlight|shd|noProof|keepNext|keepLines|contextualSpacing|widowControl)(?: [^<>]*)?/>|(?<=\w) w:rsid\w*=\"\w*\"|"
    rb"(?<=\") w:rsid\w*=\"\w*\""
)
STRICT = re.compile(rb"http://purl\.oclc\.org/ooxml/(\w+)/")  # the same words under other names: "Strict Open XML"
KINDS = (  # macro-enabled files, templates and shows are documents as well
    (
        re.compile(
            rb"application/vnd\.(?:ms-word|openxmlformats-officedocument\.wordprocessingml)\."
            rb"(?:document|template)\.(?:macroEnabled(?:Template)?\.)?main\+xml"
        ),
        b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml",
    ),
    (
        re.compile(
            rb"application/vnd\.(?:ms-powerpoint|openxmlformats-officedocument\.presentationml)\."
            rb"(?:presentation|template|slideshow)\.(?:macroEnabled\.)?main\+xml"
        ),
        b"application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml",
    ),
)
MADE_UP = re.compile(  # titles that programs fill in
    r"(?:microsoft |powerpoint|untitled|unbenannt|sans titre|presentation|document|dokument|slide|title|template|word)"
    r"[\w ]*(?: - .*)?\d*|.*\.(?:docx?|pptx?|odt|indd|pdf|rtf)",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Office:
    """The part of an office file that is read."""

    stream: io.BytesIO
    problems: tuple[str, ...]
    archive: archives.Archive = field(repr=False)
    _targets: dict[str, dict[str, str]] = field(default_factory=dict)

    def related(self, part: str, relation: str | None) -> str:
        """Return the entry that a part of the file calls by that name; nothing for what is outside."""
        part = part.lstrip("/")
        if part not in self._targets:
            self._targets[part] = _targets(part, self.archive)
        return self._targets[part].get(relation or "", "")


def opened(data: bytes) -> Office:
    """Return the XML of a file as a file of its own; refuse what is broken, too large or declares entities."""
    archive = archives.opened(data)
    kept = {name for name in archive.names if name.endswith((".xml", ".rels"))}
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as out:
        for name in sorted(kept):
            out.writestr(name, _safe(name, archive.read(name), kept))
    stream.seek(0)
    macros = any(name.endswith(MACROS) for name in archive.names)
    return Office(stream, ("This file holds macros; they were left out.",) if macros else (), archive)


def proper_title(given: str | None) -> str | None:
    """Return the title of a file's properties, unless a program made it up."""
    title = " ".join(text.clean(given or "").split())
    return title if title and not MADE_UP.fullmatch(title) else None


def _safe(name: str, data: bytes, kept: set[str]) -> bytes:
    xml.refuse_declarations(data)
    data = STRICT.sub(rb"http://schemas.openxmlformats.org/\1/2006/", data)
    if name.startswith("word/"):
        data = NOTED.sub(b"", data)
    if name == TYPES:
        for kind, readable in KINDS:
            data = kind.sub(readable, data)
    return _leading_inside(name, data, kept) if name.endswith(".rels") else data


def _leading_inside(name: str, data: bytes, kept: set[str]) -> bytes:
    """Return relationships without those that lead outside the file or to a part that is not there."""
    root = xml.parsed(data)
    folder = posixpath.dirname(posixpath.dirname(name))
    for relation in list(root):
        if relation.get("TargetMode") == "External" or _target(folder, relation) not in kept:
            root.remove(relation)
    found: bytes = etree.tostring(root)
    return found


def _targets(part: str, archive: archives.Archive) -> dict[str, str]:
    """Return the entries that a part's relationships lead to, by their ids."""
    folder, name = posixpath.split(part)
    data = archive.read(f"{folder}/_rels/{name}.rels")
    relations = xml.parsed(data) if data else ()
    return {one.get("Id", ""): _target(folder, one) for one in relations if one.get("TargetMode") != "External"}


def _target(folder: str, relation: xml.Element) -> str:
    return posixpath.normpath(posixpath.join("/", folder, relation.get("Target", ""))).lstrip("/")
