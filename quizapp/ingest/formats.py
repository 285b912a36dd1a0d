"""The table of formats, and `read`: the one way from bytes to a `Document`."""

from collections.abc import Callable
from pathlib import PurePath

from quizapp.domain.documents import Document
from quizapp.errors import InvalidInput
from quizapp.ingest import assemble, markdown, text
from quizapp.ingest.pieces import Pieces

MAX_BYTES = 20 << 20
MAX_CHARACTERS = 2_000_000

Reader = Callable[[str], Pieces]

FORMATS: dict[str, Reader] = {
    ".txt": markdown.read_plain,
    ".text": markdown.read_plain,
    ".md": markdown.read_markdown,
    ".markdown": markdown.read_markdown,
}

# Known by their first bytes, so that a wrong file name gets the right sentence.
SIGNATURES: tuple[tuple[bytes, str], ...] = (
    (b"%PDF-", "a PDF"),
    (b"PK\x03\x04", "a zip archive or an office document"),
    (b"\xd0\xcf\x11\xe0", "an old office document"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"\x1f\x8b", "a compressed file"),
    (b"\x7fELF", "a program"),
    (b"SQLite format 3", "a database"),
)


def refuse_at_sight(data: bytes) -> None:
    """Pass, unless the length of a file or its first bytes say already that it cannot be read."""
    if len(data) > MAX_BYTES:
        raise InvalidInput(f"This file is larger than {MAX_BYTES >> 20} MB. Split it and add the parts one by one.")
    for signature, what in SIGNATURES:
        if data.startswith(signature):
            raise InvalidInput(f"This is {what}; Recto reads plain text and Markdown. Save it as .txt or .md first.")


def read(data: bytes, filename: str) -> Document:
    """Read a file into a document; `InvalidInput` says why when it cannot be read."""
    refuse_at_sight(data)
    suffix = PurePath(filename).suffix.lower()
    reader = FORMATS.get(suffix, markdown.read_plain)
    content = text.decode(data)
    if not content.strip():
        raise InvalidInput("This document is empty. Choose one with text in it.")
    if len(content) > MAX_CHARACTERS:
        raise InvalidInput(
            f"This document has {len(content):,} characters; {MAX_CHARACTERS:,} is the most. "
            "Split it and add the parts one by one."
        )
    found = reader(content)
    if not found.pieces:
        raise InvalidInput("Nothing in this document could be read as text. Save it as plain text and try again.")
    return assemble.document(found, fallback_title=_title_from(filename))


def _title_from(filename: str) -> str:
    stem = PurePath(filename).stem.strip("-_ .")
    return stem.replace("-", " ").replace("_", " ").strip().capitalize() or "Untitled document"
