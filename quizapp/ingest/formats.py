"""The table of formats, and `read`: the one way from bytes to a `Document`.

Content decides what a file is, where it can be told by its first bytes; among texts the name does.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pathlib import PurePath

from quizapp.domain.documents import Document
from quizapp.errors import InvalidInput
from quizapp.ingest import archives, assemble, text
from quizapp.ingest.pieces import MAX_CHARACTERS, Pieces, too_long
from quizapp.translations import _, figure, marked

MAX_BYTES = 20 << 20
NAME_CHARS = 80  # of a file, that are shown
PDF, FIRST_BYTES = b"%PDF-", 1024  # where a PDF says what it is
PAGE = re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*>\s*)?<(?:!doctype\s+html|html)\b", re.IGNORECASE)


@dataclass(frozen=True)
class Format:
    """A kind of file that can be read."""

    name: str  # with its article, as it stands in a sentence
    suffixes: tuple[str, ...]
    reader: str  # "module:function" of this package, loaded when the first such file is read
    is_text: bool = True  # whether the function takes the decoded text; else it takes the bytes
    common: bool = False  # whether most programs can save a document as such a file
    by_name: bool = False  # whether it is a text all the same, whose reader finds out the encoding itself

    def read(self, data: bytes) -> Pieces:
        """Return what the reader of this format finds."""
        module, function = self.reader.split(":")
        reader: Callable[[str | bytes], Pieces] = getattr(import_module(f"quizapp.ingest.{module}"), function)
        return reader(_decoded(data) if self.is_text else data)


PLAIN = Format(marked("plain text"), (".txt", ".text"), "markdown:read_plain", common=True)
FORMATS = (
    PLAIN,
    Format("Markdown", (".md", ".markdown"), "markdown:read_markdown"),
    Format(marked("a web page"), (".html", ".htm", ".xhtml"), "html:read", is_text=False, by_name=True),
    Format(marked("an electronic book"), (".epub",), "epub:read", is_text=False),
    Format(marked("a PDF"), (".pdf",), "pdf:read", is_text=False, common=True),
    Format(marked("a Word file"), (".docx", ".docm", ".dotx", ".dotm"), "word:read", is_text=False, common=True),
    Format(
        marked("a PowerPoint file"),
        (".pptx", ".pptm", ".ppsx", ".ppsm", ".potx", ".potm"),
        "slides:read",
        is_text=False,
    ),
    Format(marked("an OpenDocument text"), (".odt", ".ott"), "opendocument:read", is_text=False),
    Format(marked("a spreadsheet"), (".xlsx", ".xlsm"), "workbooks:read", is_text=False),
    Format(marked("a table"), (".csv", ".tsv", ".tab"), "delimited:read"),
    Format(marked("subtitles"), (".srt", ".vtt", ".sbv"), "subtitles:read"),
)

OLE = b"\xd0\xcf\x11\xe0"  # what old office documents are kept in, and new ones with a password
LOCKED = "EncryptedPackage".encode("utf-16-le")

# Known by their first bytes, so that a file of another kind gets the right sentence.
SIGNATURES: tuple[tuple[bytes, str], ...] = (
    (OLE, "an old office document"),
    (b"{\\rtf", "a rich text file"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"\x1f\x8b", "a compressed file"),
    (b"\x7fELF", "a program"),
    (b"SQLite format 3", "a database"),
)


def suffixes() -> tuple[str, ...]:
    """Return the endings of the files that can be read."""
    return tuple(suffix for one in FORMATS for suffix in one.suffixes)


def names() -> str:
    """Return what can be read, as part of a sentence."""
    *others, last = [_(one.name) for one in FORMATS]
    return _("%(others)s or %(last)s", others=_(", ").join(others), last=last)


def refuse_at_sight(data: bytes) -> None:
    """Pass, unless the length of a file or its first bytes say already that it cannot be read."""
    if len(data) > MAX_BYTES:
        raise InvalidInput(
            "This file is larger than %(max_bytes)s MB. Split it and add the parts one by one.",
            max_bytes=MAX_BYTES >> 20,
        )
    if data.startswith(OLE) and LOCKED in data:
        raise InvalidInput("This file is locked with a password. Save it without one and try again.")
    for signature, what in SIGNATURES:
        if data.startswith(signature):
            raise InvalidInput(
                "This is %(what)s, which Recto cannot read. Save it as %(choices)s first.",
                what=what,
                choices=_choices(),
            )


def read(data: bytes, filename: str) -> Document:
    """Read a file into a document; `InvalidInput` says why when it cannot be read."""
    refuse_at_sight(data)
    if not data.strip():
        raise InvalidInput("This document is empty. Choose one with text in it.")
    found = format_of(data, filename).read(data)
    if all(piece.picture for piece in found.pieces):
        raise InvalidInput("Nothing in this document could be read as text. Save it as plain text and try again.")
    return assemble.document(found, fallback_title=found.name or _title_from(filename))


def format_of(data: bytes, filename: str) -> Format:
    """Return the format that the content shows or, for a text, that the name says."""
    if suffix := _shown(data):
        return _with_suffix(suffix) or _refused(filename)
    suffix = PurePath(filename).suffix.lower()
    found = _with_suffix(suffix)
    return found if found and (found.is_text or found.by_name) else PLAIN


def _shown(data: bytes) -> str:
    """Return the suffix of the format that a file's content shows; nothing for a text."""
    if PDF in data[:FIRST_BYTES]:
        return ".pdf"
    if PAGE.match(data[:FIRST_BYTES]):
        return ".html"
    return archives.suffix(data) if archives.is_archive(data) else ""


def _with_suffix(suffix: str) -> Format | None:
    return next((one for one in FORMATS if suffix in one.suffixes), None)


def _refused(filename: str) -> Format:
    raise InvalidInput(
        "Recto cannot read files like “%(filename)s”. Save it as %(choices)s first.",
        filename=shown_name(filename),
        choices=_choices(),
    )


def shown_name(filename: str) -> str:
    """Return the name of a file as it may stand in a sentence: printable, and its end where it is long."""
    clean = "".join(sign if sign.isprintable() else "�" for sign in filename)
    return clean if len(clean) <= NAME_CHARS else f"…{clean[1 - NAME_CHARS :]}"


def _decoded(data: bytes) -> str:
    content = text.decode(data)
    if not content.strip():
        raise InvalidInput("This document is empty. Choose one with text in it.")
    if len(content) > MAX_CHARACTERS:
        raise too_long(_("has %(count)s characters", count=figure(len(content))))
    return content


def _choices() -> str:
    """Return what most programs can save a document as, and what is read here."""
    *others, last = [one.name for one in FORMATS if one.common]
    return f"{', '.join(others)} or {last}"


def _title_from(filename: str) -> str:
    stem = text.one_line(text.clean(PurePath(filename).stem))[:NAME_CHARS].strip("-_ .")
    return stem.replace("-", " ").replace("_", " ").strip().capitalize() or "Untitled document"
