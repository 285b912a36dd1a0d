"""PDF files, written by hand: objects, fonts that every reader has, and text at places."""

import zlib
from collections.abc import Sequence

from pypdf.generic._font import Font

from quizapp.domain.documents import BlockKind
from tests.ingest.building import Part

FONTS = {"R": "Helvetica", "B": "Helvetica-Bold", "I": "Helvetica-Oblique", "T": "Times-Roman", "C": "Courier"}
WIDTHS = {name: Font.from_core_font_name(f"/{font}") for name, font in FONTS.items()}
LEFT, RIGHT, TOP, FOOT = 72.0, 523.0, 780.0, 72.0
PAGE = "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<<{fonts}>>{more}>>/Contents {contents} 0 R>>"


def file(objects: Sequence[str | bytes], *, root: int = 1, info: int = 0, trailer: str = "") -> bytes:
    """Return a file of these objects, numbered from 1, with a table of where they are."""
    out = bytearray(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
    places = []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n" % number + (body if isinstance(body, bytes) else body.encode("latin-1")) + b"\nendobj\n"
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(places) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    told = f"/Info {info} 0 R" if info else ""
    out += f"trailer\n<</Size {len(places) + 1}/Root {root} 0 R{told}{trailer}>>\nstartxref\n{start}\n%%EOF\n".encode()
    return bytes(out)


def stream(content: bytes, more: str = "", *, packed: bool = True) -> bytes:
    """Return a stream object."""
    data = zlib.compress(content) if packed else content
    how = "/Filter/FlateDecode" if packed else ""
    return f"<</Length {len(data)}{how}{more}>>\nstream\n".encode() + data + b"\nendstream"


def document(pages: Sequence[str], *, title: str = "", trailer: str = "", resources: str = "") -> bytes:
    """Return a file whose pages show what these orders draw."""
    count = len(pages)
    first = 3 + 2 * count
    fonts = "".join(f"/{name} {first + at} 0 R" for at, name in enumerate(FONTS))
    kids = " ".join(f"{3 + 2 * at} 0 R" for at in range(count))
    objects: list[str | bytes] = ["<</Type/Catalog/Pages 2 0 R>>", f"<</Type/Pages/Count {count}/Kids[{kids}]>>"]
    for at, page in enumerate(pages):
        objects.append(PAGE.format(fonts=fonts, more=resources, contents=4 + 2 * at))
        objects.append(stream(page.encode("cp1252")))
    objects += [f"<</Type/Font/Subtype/Type1/BaseFont/{font}/Encoding/WinAnsiEncoding>>" for font in FONTS.values()]
    if title:
        objects.append(f"<</Title({title})>>")
    return file(objects, info=len(objects) if title else 0, trailer=trailer)


def text(x: float, y: float, words: str, font: str = "R", size: float = 11) -> str:
    """Return the orders that show words at a place."""
    return f"BT /{font} {size} Tf {x:.2f} {y:.2f} Td ({_escaped(words)}) Tj ET\n"


def width(words: str, font: str = "R", size: float = 11) -> float:
    """Return how much room words take up."""
    return sum(WIDTHS[font].get_text_width(chr(byte)) for byte in words.encode("cp1252")) / 1000 * size


def lines(words: str, room: float, font: str = "R", size: float = 11) -> list[str]:
    """Return words in lines that fit into a column."""
    out: list[str] = []
    for word in words.split():
        if out and width(f"{out[-1]} {word}", font, size) <= room:
            out[-1] += f" {word}"
        else:
            out.append(word)
    return out


def column(paragraphs: Sequence[str], x: float, room: float, *, top: float = TOP, size: float = 11) -> str:
    """Return the orders that show paragraphs below one another."""
    out, y = "", top
    for paragraph in paragraphs:
        for line in lines(paragraph, room, size=size):
            out += text(x, y, line, size=size)
            y -= 1.2 * size
        y -= 0.6 * size
    return out


def pdf(parts: Sequence[Part]) -> bytes:
    """Return the parts as a PDF of as many pages as they need."""
    sheet = _Sheet()
    numbers: dict[int, int] = {}
    for at, part in enumerate(parts):
        before = parts[at - 1].kind if at else None
        number = numbers[part.level] = numbers.get(part.level, 0) + 1 if before is part.kind else 1
        sheet.add(part, number)
    return document(sheet.pages)


class _Sheet:
    """Where the next line goes."""

    def __init__(self) -> None:
        self.pages = [""]
        self._y = TOP

    def add(self, part: Part, number: int) -> None:
        """Draw a part below what is there."""
        match part.kind:
            case BlockKind.TITLE | BlockKind.HEADING:
                self._block(part.text, LEFT, size={1: 22, 2: 16, 3: 13}[part.level], font="B")
            case BlockKind.BULLET:
                self._block(part.text, LEFT + 18 * part.level, lead=part.lead, mark="\u2022")
            case BlockKind.STEP:
                self._block(part.text, LEFT + 18 * part.level, lead=part.lead, mark=f"{number}.")
            case BlockKind.QUOTE:
                self._block(part.text, LEFT + 36)
            case BlockKind.ROW:
                self._row(part.cells)
            case _:
                self._block(part.text, LEFT, lead=part.lead)

    def _block(
        self, words: str, x: float, *, size: float = 11, font: str = "R", lead: str = "", mark: str = ""
    ) -> None:
        self._y -= 0.7 * size
        for at, line in enumerate(lines(words, RIGHT - x, font, size)):
            self._room(size)
            if mark and not at:
                self.pages[-1] += text(x - 14, self._y, mark, size=size)
            bold = lead if not at else ""
            if bold:
                self.pages[-1] += text(x, self._y, bold, "B", size)
            self.pages[-1] += text(x + width(bold, "B", size), self._y, line[len(bold) :], font, size)
            self._y -= 1.25 * size

    def _row(self, cells: Sequence[str]) -> None:
        self._room(11)
        for at, cell in enumerate(cells):
            self.pages[-1] += text(LEFT + 130 * at, self._y, cell)
        self._y -= 18

    def _room(self, size: float) -> None:
        if self._y < FOOT + size:
            self.pages.append("")
            self._y = TOP


def _escaped(words: str) -> str:
    return words.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")
