"""Anki's packages, `.apkg` and `.colpkg`: zip archives of a collection and its media, unpacked within limits.

Start from `Package`. What an entry inflates to is counted as it streams, whatever it declares; names of media are
never taken for paths.
"""

import json
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from io import SEEK_END
from pathlib import Path
from typing import IO, TypeVar

import zstandard

from quizapp.anki import protobuf
from quizapp.errors import InvalidInput
from quizapp.translations import figure, marked

MOST_BYTES = 2 << 30  # of a package
MOST_ENTRIES = 65_000
MOST_LISTING = 32 << 20  # bytes of the list of entries
MOST_COLLECTION = 1 << 30
MOST_MEDIA_LIST = 32 << 20
MOST_RATIO = 120  # inflated to packed, of what is longer than `FREE`: cards reach 30
FREE = 1 << 20
CHUNK = 1 << 18
LARGEST_WINDOW = 1 << 25
END_OF_ARCHIVE, END_SIZE, COMMENT_SIZE = b"PK\x05\x06", 22, 1 << 16
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
ENCRYPTED = 0x1
META, MEDIA = "meta", "media"
ZSTD, NEWER, LEGACY = "collection.anki21b", "collection.anki21", "collection.anki2"
BROKEN = marked("This is no package of Anki, or it is damaged. Export it from Anki anew and try again.")
TOO_LARGE = marked("This package would be far too large when unpacked. It was not read.")

Known = TypeVar("Known")


class Package:
    """A package that is open; everything in it is refused that no Anki would have written."""

    def __init__(self, file: Path) -> None:
        if file.stat().st_size > MOST_BYTES:
            raise InvalidInput(
                "This package is over %(most_bytes)s GB. Export your decks one by one.", most_bytes=MOST_BYTES >> 30
            )
        with file.open("rb") as raw:
            _refuse_long_listing(raw)
        try:
            self._files = zipfile.ZipFile(file)
        except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, RuntimeError) as fault:
            raise InvalidInput(BROKEN) from fault
        entries = self._files.infolist()
        if len(entries) > MOST_ENTRIES:
            raise InvalidInput(
                "This package holds over %(most_entries)s files. Export your decks one by one.",
                most_entries=figure(MOST_ENTRIES),
            )
        self._entries = {entry.filename: entry for entry in entries}
        self.version = self._version()
        self._media: Mapping[str, str] | None = None

    def close(self) -> None:
        """Close the file."""
        self._files.close()

    def collection(self, target: Path) -> None:
        """Write the collection to a file."""
        name = {1: LEGACY, 2: NEWER, 3: ZSTD}[self.version]
        with target.open("wb") as file:
            for chunk in self._read(name, MOST_COLLECTION, is_packed=self.version == 3):
                file.write(chunk)

    @property
    def media(self) -> Mapping[str, str]:
        """Return the names of the entries that hold media, by the names that cards give them."""
        if self._media is None:
            self._media = self._list_media()
        return self._media

    def medium(self, name: str, *, most: int) -> bytes:
        """Return a file that cards show by its name; no bytes if it is missing, longer or damaged."""
        entry = self.media.get(name, "")
        if entry not in self._entries:
            return b""
        with suppress(InvalidInput):
            return b"".join(self._read(entry, most, is_packed=self.version == 3))
        return b""

    def _version(self) -> int:
        """Return 1 or 2 for the older formats, 3 for the present one."""
        if META in self._entries:
            meta = b"".join(self._read(META, 1 << 10, is_packed=False))
            version = _known(lambda: protobuf.number(meta, 1))
            if version not in {1, 2, 3}:
                raise InvalidInput("This package is of a newer Anki. Export it with “Support older Anki versions”.")
        else:
            version = 2 if NEWER in self._entries else 1
        wanted = {1: LEGACY, 2: NEWER, 3: ZSTD}[version]
        if wanted not in self._entries:
            raise InvalidInput(BROKEN)
        return version

    def _list_media(self) -> Mapping[str, str]:
        if MEDIA not in self._entries:
            return {}
        listed = b"".join(self._read(MEDIA, MOST_MEDIA_LIST, is_packed=self.version == 3))
        if self.version < 3:
            found: object = _known(lambda: json.loads(listed or b"{}"))
            return {str(name): str(entry) for entry, name in found.items()} if isinstance(found, dict) else {}
        entries = (value for number, value in protobuf.fields(listed) if number == 1 and isinstance(value, bytes))
        return _known(lambda: {protobuf.text(entry, 1): str(number) for number, entry in enumerate(entries)})

    def _read(self, name: str, most: int, *, is_packed: bool) -> Iterator[bytes]:
        """Give an entry piece by piece, no more than so many bytes of it."""
        entry = self._entries[name]
        if entry.flag_bits & ENCRYPTED or entry.compress_type not in METHODS:
            raise InvalidInput(BROKEN)
        left = min(most, max(FREE, MOST_RATIO * entry.compress_size))
        try:
            with self._files.open(entry) as inside:
                source = _unpacked(inside) if is_packed else inside
                while chunk := source.read(CHUNK):
                    left -= len(chunk)
                    if left < 0:
                        raise InvalidInput(TOO_LARGE)
                    yield chunk
        except (zipfile.BadZipFile, zlib.error, zstandard.ZstdError, EOFError, ValueError, OSError) as fault:
            raise InvalidInput(BROKEN) from fault


def _unpacked(inside: IO[bytes]) -> IO[bytes]:
    unpacking = zstandard.ZstdDecompressor(max_window_size=LARGEST_WINDOW)
    return unpacking.stream_reader(inside, read_size=CHUNK, read_across_frames=False)


def _known(read: Callable[[], Known]) -> Known:
    """Return what was read, and refuse what nobody can read."""
    try:
        return read()
    except (ValueError, RecursionError, LookupError) as fault:
        raise InvalidInput(BROKEN) from fault


def _refuse_long_listing(raw: IO[bytes]) -> None:
    """Refuse a list of entries that would take long to read, before a library makes an object of each."""
    size = raw.seek(0, SEEK_END)
    raw.seek(max(0, size - COMMENT_SIZE - END_SIZE))
    tail = raw.read()
    found = tail.rfind(END_OF_ARCHIVE)
    if found < 0 or len(tail) - found < END_SIZE:
        raise InvalidInput(BROKEN)
    listing = int.from_bytes(tail[found + 12 : found + 16], "little")
    if listing > MOST_LISTING:
        raise InvalidInput(
            "This package holds over %(most_entries)s files. Export your decks one by one.",
            most_entries=figure(MOST_ENTRIES),
        )
