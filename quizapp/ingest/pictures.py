"""Pictures inside documents: which are kept, and where they stand. Start from `Shelf` and `parted`.

A picture is never decoded here. Its header says how large it is, and the browser that shows it is made for
pictures of strangers.
"""

import re
import struct
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256

from quizapp.domain.documents import BlockKind, Picture
from quizapp.ingest import text
from quizapp.ingest.pieces import Piece
from quizapp.translations import _, many, marked

MOST_BYTES = 5 << 20  # of one
MOST_PIXELS = 20_000_000
MOST = 100  # of a document
MOST_BYTES_TOGETHER = 20 << 20
MOST_PLACES = 1_000  # where they stand: one may stand in several
SMALL = 64  # pixels: what is narrower and says nothing is an ornament
OFTEN = 3  # times that a logo stands in a document
LONGEST_ALT = 500
UNNAMED = "Picture"
WRONG_KIND = marked("Recto shows PNG, JPEG, GIF and WebP")
TOO_LARGE = marked("over %(size)s MB or %(pixels)s megapixels")
NO_ROOM = marked("beyond %(most)s pictures or %(together)s MB")
LIMITS = {
    "size": MOST_BYTES >> 20,
    "pixels": MOST_PIXELS // 1_000_000,
    "most": MOST,
    "together": MOST_BYTES_TOGETHER >> 20,
}
MADE_UP = re.compile(  # texts that programs fill in
    r"(?:picture|image|img|photo|graphic|screenshot|bild|grafik)?[ _-]*\d*|\S+\.(?:png|jpe?g|gif|webp|bmp|tiff?|emf|wmf|svg)"
    r"|https?://\S+|[a-z]:\\.*",
    re.IGNORECASE,
)
GENERATED = re.compile(
    r"\s*(?:description|ai-generated content may be)\s+(?:automatically generated|incorrect)\.?", re.I
)
MOST_BLOCKS = 5_000  # of a picture, before the one that tells its size
MARKER = re.compile(rb"\xff+[^\xff]", re.DOTALL)  # of a JPEG, behind what fills it up
FRAMES = frozenset({*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC})  # what JPEG calls the header with the size
GIF_EXTENSION, GIF_PICTURE = 0x21, 0x2C  # what a block of a GIF starts with
LONE_MARKERS = frozenset({0x01, *range(0xD0, 0xDA)})


@dataclass(frozen=True)
class Look:
    """What the first look at a picture tells."""

    digest: bytes
    size: int  # in bytes
    header: tuple[str, int, int] | None  # its media type, width and height; None of another kind

    @property
    def fault(self) -> str:
        """Return why it is not to be shown; nothing if it is."""
        if self.header is None:
            return WRONG_KIND
        return TOO_LARGE if self.size > MOST_BYTES or self.header[1] * self.header[2] > MOST_PIXELS else ""


@dataclass
class Shelf:
    """Takes the pictures of one document as a reader meets them, and leaves out what is not to be shown.

    However often a document shows one, it is read and looked at once.
    """

    read: Callable[[str], bytes]  # what a document holds under a name; nothing if it does not
    _looks: dict[str, Look] = field(default_factory=dict)
    _kept: dict[bytes, Picture] = field(default_factory=dict)
    _left: dict[str, str] = field(default_factory=dict)  # why, by name
    _places: int = 0

    def take(self, name: str, alt: str | None) -> Iterator[Piece]:
        """Yield the piece that the picture of that name is, unless it is left out."""
        if picture := self._picture(name, _told(alt)):
            self._places += 1
            yield Piece(BlockKind.PARAGRAPH, "", picture=picture)

    def problems(self) -> Iterator[str]:
        """Yield what a person should know of the pictures that were left out."""
        for why, count in Counter(self._left.values()).items():
            yield many(
                "%(num)s picture left out: %(why)s.", "%(num)s pictures left out: %(why)s.", count, why=_(why, **LIMITS)
            )

    def _picture(self, name: str, alt: str) -> Picture | None:
        data = b""
        if name not in self._looks:
            data = self.read(name)
            self._looks[name] = Look(sha256(data).digest(), len(data), header_of(data))
        look = self._looks[name]
        if not look.size or (look.header and min(look.header[1:]) < SMALL and not alt):
            return None
        if why := look.fault or self._lack_of_room(look):
            self._left[name] = why
            return None
        if look.header and look.digest not in self._kept:
            self._kept[look.digest] = Picture(data or self.read(name), *look.header, alt)
        return replace(self._kept[look.digest], alt=alt)

    def _lack_of_room(self, look: Look) -> str:
        """Say why there is no place for another picture; nothing if there is."""
        room = MOST_BYTES_TOGETHER - sum(len(picture.data) for picture in self._kept.values())
        is_known = look.digest in self._kept
        full = self._places == MOST_PLACES or (not is_known and (len(self._kept) == MOST or look.size > room))
        return NO_ROOM if full else ""


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
    """Return the larger of the size that the file tells and that of its first picture, to which browsers enlarge it."""
    if not data.startswith((b"GIF87a", b"GIF89a")):
        return None
    width, height = struct.unpack("<HH", data[6:10])
    has_colours, colours = data[10] & 0x80, data[10] & 7
    at = 13 + (6 << colours if has_colours else 0)
    is_told = False  # what an extension says, in blocks, each behind its length, the last of none
    for _block in range(MOST_BLOCKS):
        if is_told:
            is_told, at = data[at] > 0, at + 1 + data[at]
        elif data[at] == GIF_EXTENSION:
            is_told, at = True, at + 2
        else:
            left, top, wide, high = struct.unpack("<HHHH", data[at + 1 : at + 9])
            return (max(width, left + wide), max(height, top + high)) if data[at] == GIF_PICTURE else None
    return None


def _jpeg(data: bytes) -> tuple[int, int] | None:
    """Go from marker to marker until the one that holds the size."""
    at = 2 if data.startswith(b"\xff\xd8\xff") else len(data)
    for _block in range(MOST_BLOCKS):
        marked = MARKER.match(data, at)
        if marked is None:
            return None
        at, marker = marked.end(), data[marked.end() - 1]
        if marker in FRAMES:
            height, width = struct.unpack(">HH", data[at + 3 : at + 7])
            return width, height
        if marker not in LONE_MARKERS:
            at += max(2, int.from_bytes(data[at : at + 2]))
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
