"""The sample as a Word file."""

import io
import zipfile
from collections.abc import Callable, Sequence

import docx
from docx.document import Document
from docx.table import Table

from quizapp.domain.documents import BlockKind
from tests.ingest.building import Part

STYLES = {
    BlockKind.TITLE: "Title",
    BlockKind.BULLET: "List Bullet",
    BlockKind.STEP: "List Number",
    BlockKind.QUOTE: "Quote",
}


def word(parts: Sequence[Part]) -> bytes:
    """Return the parts as a Word file, with the styles that Word offers."""
    document = docx.Document()
    table: Table | None = None
    for part in parts:
        if part.kind is BlockKind.ROW:
            table = table or document.add_table(0, len(part.cells))
            for cell, text in zip(table.add_row().cells, part.cells, strict=True):
                cell.text = text
        else:
            table = None
            _add(document, part)
    return saved(document)


def saved(document: Document) -> bytes:
    """Return a document as the bytes of its file."""
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def repacked(data: bytes, change: Callable[[str, bytes], bytes], **more: bytes) -> bytes:
    """Return an archive with its parts changed, and others beside them."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as files, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as changed:
        for name in files.namelist():
            changed.writestr(name, change(name, files.read(name)))
        for name, part in more.items():
            changed.writestr(name, part)
    return out.getvalue()


def _add(document: Document, part: Part) -> None:
    paragraph = document.add_paragraph(style=_style(part))
    if part.lead:
        paragraph.add_run(part.lead).bold = True
    paragraph.add_run(part.text.removeprefix(part.lead))


def _style(part: Part) -> str:
    if part.kind is BlockKind.HEADING:
        return f"Heading {part.level - 1}"
    return STYLES.get(part.kind, "Normal") + (f" {part.level}" if part.kind in LISTED and part.level > 1 else "")


LISTED = {BlockKind.BULLET, BlockKind.STEP}
