"""Pictures inside documents: which are kept, and where they stand. Start from `Shelf` and `parted`.

A picture is never decoded here. Its header says how large it is, and the browser that shows it is made for
pictures of strangers.
"""

import re
import struct
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256

from quizapp.domain.documents import BlockKind, Picture
from quizapp.ingest import text
from quizapp.ingest.pieces import Piece

MOST_BYTES = 5 << 20  # of one
MOST_PIXELS = 20_000_000
MOST = 100  # of a document
MOST_BYTES_TOGETHER = 20 << 20
MOST_PLACES = 1_000  # where they stand: one may stand in several
SMALL = 64  # pixels: what is narrower and says nothing is an ornament
OFTEN = 3  # times that a logo stands in a document
LONGEST_ALT = 500
UNNAMED = "Picture"
MADE_UP = re.compile(  # texts that programs fill in
    r"(?:picture|image|img|photo|graphic|screenshot|bild|grafik)?[ _-]*\d*|\S+\.(?:png|jpe?g|gif|webp|bmp|tiff?|emf|wmf|svg)"
    r"|https?://\S+|[a-z]:\\.*",
    re.IGNORECASE,
)
GENERATED = re.compile(
    r"\s*(?:description|ai-generated content may be)\s+(?:automatically generated|incorrect)\.?", re.I
)
FRAMES = frozenset({*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC})  # what JPEG calls the header with the size
LONE_MARKERS = frozenset({0x01, *range(0xD0, 0xDA)})


@dataclass
class Shelf:
    """Takes the pictures of one document as a reader meets them, and leaves out what is not to be shown."""

    _kept: dict[bytes, Picture] = field(default_factory=dict)
    _left: Counter[str] = field(default_factory=Counter)
    _room: int = MOST_BYTES_TOGETHER
    _places: int = 0

    def take(self, data: bytes, alt: str | None) -> Iterator[Piece]:
        """Yield the piece that a picture is, unless it is left out."""
        if picture := self._picture(data, _told(alt)):
            self._places += 1
            yield Piece(BlockKind.PARAGRAPH, "", picture=picture)

    def problems(self) -> Iterator[str]:
        """Yield what a person should know of the pictures that were left out."""
        for why, count in self._left.items():
            yield f"{count} picture{'' if count == 1 else 's'} left out: {why}."

    def _picture(self, data: bytes, alt: str) -> Picture | None:
        if not data:
            return None
        header = header_of(data)
        if header is None:
            self._left["Recto shows PNG, JPEG, GIF and WebP"] += 1
            return None
        media_type, width, height = header
        if min(width, height) < SMALL and not alt:
            return None
        if len(data) > MOST_BYTES or width * height > MOST_PIXELS:
            self._left[f"over {MOST_BYTES >> 20} MB or {MOST_PIXELS // 1_000_000} megapixels"] += 1
            return None
        name = sha256(data).digest()
        known = self._kept.get(name)
        if self._places == MOST_PLACES or (known is None and (len(self._kept) == MOST or len(data) > self._room)):
            self._left[f"beyond {MOST} pictures or {MOST_BYTES_TOGETHER >> 20} MB"] += 1
            return None
        if known is None:
            self._room -= len(data)
            known = self._kept[name] = Picture(data, media_type, width, height, alt)
        return replace(known, alt=alt)


def parted(pieces: Sequence[Piece]) -> tuple[Sequence[Piece], Sequence[tuple[int, Picture]]]:
    """Return the texts, numbered, and the pictures, each with the number of the text that it stands above.

    A picture stands where it stood first; one that comes again and again is a logo and is left out.
    """
    times = Counter(piece.picture.data for piece in pieces if piece.picture)
    if not times:
        return pieces, ()
    texts: list[Piece] = []
    placed: list[tuple[int, Picture]] = []
    for piece in pieces:
        if piece.picture is None:
            texts.append(replace(piece, number=len(texts)))
        elif 0 < times.pop(piece.picture.data, 0) < OFTEN:
            placed.append((len(texts), piece.picture))
    return texts, placed


def header_of(data: bytes) -> tuple[str, int, int] | None:
    """Return media type, width and height that a picture's header tells; None for one of another kind."""
    try:
        for media_type, size in (
            ("image/png", _png),
            ("image/gif", _gif),
            ("image/jpeg", _jpeg),
            ("image/webp", _webp),
        ):
            if (found := size(data)) and min(found) > 0:
                return (media_type, *found)
    except (struct.error, IndexError):
        pass
    return None


def _png(data: bytes) -> tuple[int, int] | None:
    return struct.unpack(">II", data[16:24]) if data.startswith(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR") else None


def _gif(data: bytes) -> tuple[int, int] | None:
    return struct.unpack("<HH", data[6:10]) if data.startswith((b"GIF87a", b"GIF89a")) else None


def _jpeg(data: bytes) -> tuple[int, int] | None:
    """Go from marker to marker until the one that holds the size."""
    at = 2 if data.startswith(b"\xff\xd8\xff") else len(data)
    while at < len(data) and data[at] == 0xFF:
        marker = data[at + 1]
        if marker in FRAMES:
            height, width = struct.unpack(">HH", data[at + 5 : at + 9])
            return width, height
        if marker == 0xFF or marker in LONE_MARKERS:
            at += 1 if marker == 0xFF else 2
        else:
            at += 2 + max(2, int.from_bytes(data[at + 2 : at + 4]))
    return None


def _webp(data: bytes) -> tuple[int, int] | None:
    if not (data.startswith(b"RIFF") and data[8:12] == b"WEBP"):
        return None
    match data[12:16]:
        case b"VP8X":
            return 1 + int.from_bytes(data[24:27], "little"), 1 + int.from_bytes(data[27:30], "little")
        case b"VP8L":
            packed = int.from_bytes(data[21:25], "little")
            return 1 + (packed & 0x3FFF), 1 + (packed >> 14 & 0x3FFF)
        case b"VP8 ":
            width, height = struct.unpack("<HH", data[26:30])
            return width & 0x3FFF, height & 0x3FFF
        case _:
            return None


def _told(alt: str | None) -> str:
    """Return what a picture shows, where a person wrote that."""
    said = " ".join(GENERATED.sub("", text.clean(alt or "")).split())[:LONGEST_ALT]
    return "" if MADE_UP.fullmatch(said) else said
