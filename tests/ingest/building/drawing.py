"""Pictures, and files of every format that can hold one, with a text above it and its caption below."""

import io
import struct
import zlib
from base64 import b64encode

import docx
import pptx
from pptx.util import Inches

from tests.ingest.building import opendocument, pages, slides, word

ABOVE = "The mole keeps the swell out of the basin, as Figure 1 shows."
CAPTION = "Figure 1: The mole at low tide."
ALT = "A long wall of stones in the sea"


def png(width: int = 120, height: int = 80, shade: int = 200) -> bytes:
    """Return a grey picture."""
    lines = (b"\0" + bytes([shade]) * width) * height
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", zlib.compress(lines)) + _chunk(b"IEND", b"")


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def in_word(picture: bytes, alt: str = ALT) -> bytes:
    """Return a Word file."""
    document = docx.Document()
    document.add_heading("The harbour", 0)
    document.add_paragraph(ABOVE)
    shape = document.add_picture(io.BytesIO(picture))
    shape._inline.docPr.set("descr", alt)  # noqa: SLF001 - python-docx has no other way
    document.add_paragraph(CAPTION, "Caption")
    return word.saved(document)


def in_slides(picture: bytes, alt: str = ALT) -> bytes:
    """Return a presentation with one slide."""
    presentation = pptx.Presentation()
    slide = presentation.slides.add_slide(presentation.slide_layouts[5])
    slide.shapes.title.text = "The harbour"
    for at, line in ((2, ABOVE), (6, CAPTION)):
        slide.shapes.add_textbox(Inches(1), Inches(at), Inches(8), Inches(1)).text_frame.text = line
    shape = slide.shapes.add_picture(io.BytesIO(picture), Inches(1), Inches(4))
    shape._element.nvPicPr.cNvPr.set("descr", alt)  # noqa: SLF001 - python-pptx has no other way
    return slides.saved(presentation)


def in_opendocument(picture: bytes, alt: str = ALT) -> bytes:
    """Return an OpenDocument text."""
    frame = f'<draw:frame><draw:image xlink:href="Pictures/1.png"/><svg:desc>{alt}</svg:desc></draw:frame>'
    body = (
        f'<text:p text:style-name="P1">The harbour</text:p><text:p>{ABOVE}</text:p><text:p>{frame}</text:p>'
        f"<text:p>{CAPTION}</text:p>"
    )
    linked = 'xmlns:xlink="http://www.w3.org/1999/xlink" xlink:href'
    packed = opendocument.packed(body.replace("xlink:href", linked))
    return word.repacked(packed, lambda _name, part: part, **{"Pictures/1.png": picture})


def in_page(picture: bytes, alt: str = ALT) -> bytes:
    """Return a page that holds its picture itself."""
    source = f"data:image/png;base64,{b64encode(picture).decode()}"
    return (
        f"<!DOCTYPE html><html><body><h1>The harbour</h1><p>{ABOVE}</p>"
        f'<figure><img src="{source}" alt="{alt}"><figcaption>{CAPTION}</figcaption></figure></body></html>'
    ).encode()


def in_book(picture: bytes, alt: str = ALT) -> bytes:
    """Return an electronic book with one chapter."""
    chapter = f'<h1>The harbour</h1><p>{ABOVE}</p><p><img src="../images/1.png" alt="{alt}"/></p><p>{CAPTION}</p>'
    book = pages.book({"text/a.xhtml": chapter}, "Skarn")
    return word.repacked(book, lambda _name, part: part, **{"OEBPS/images/1.png": picture})
