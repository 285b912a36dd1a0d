"""Zip archives, which office documents and electronic books are, opened within limits. Start from `opened`."""

import io
import stat
import zipfile
import zlib
from collections.abc import Iterator

from quizapp.errors import InvalidInput
from quizapp.translations import figure

SIGNATURE = b"PK\x03\x04"
EMPTY = b"PK\x05\x06"
MAX_ENTRIES = 5_000
MAX_INFLATED = 120 << 20  # bytes of all entries together
MAX_RATIO = 200  # inflated to packed, of what is longer than a chunk: texts reach 30
CHUNK = 1 << 16
ENCRYPTED = 0x1
LISTED = b"PK\x01\x02"  # what each entry is listed by
MAX_LISTED = 10 * MAX_ENTRIES  # with those of archives inside
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)  # all others may take any amount of memory
MIME_TYPES = {
    b"application/vnd.oasis.opendocument.text": ".odt",
    b"application/vnd.oasis.opendocument.text-template": ".odt",
    b"application/vnd.oasis.opendocument.presentation": ".odp",
    b"application/vnd.oasis.opendocument.spreadsheet": ".ods",
    b"application/epub+zip": ".epub",
}
PARTS = {"word/": ".docx", "ppt/": ".pptx", "xl/": ".xlsx"}
MAX_TYPE = 100  # bytes


class Archive:
    """An archive whose entries have all been inflated once, within the limits."""

    def __init__(self, files: zipfile.ZipFile) -> None:
        self._files = files
        self.names = tuple(entry.filename for entry in files.infolist() if not entry.is_dir())

    def read(self, name: str) -> bytes:
        """Return an entry; a missing one is no bytes."""
        return self._files.read(name) if name in self.names else b""


def is_archive(data: bytes) -> bool:
    """Say whether a file's first bytes are those of a zip archive."""
    return data.startswith((SIGNATURE, EMPTY))


def suffix(data: bytes) -> str:
    """Return the suffix of what an archive holds: an office document, a book or, else, files."""
    with _opened(data) as files:
        names = files.namelist()
        if "mimetype" in names and (kind := MIME_TYPES.get(_start(files, "mimetype"))):
            return kind
        if "[Content_Types].xml" in names:
            return next((found for part, found in PARTS.items() if any(n.startswith(part) for n in names)), ".zip")
    return ".zip"


def opened(data: bytes) -> Archive:
    """Return an archive that is whole, of bearable size and holds nothing but files; else refuse it.

    Its entries are inflated piece by piece, so that what they really hold is counted, whatever they declare.
    """
    files = _opened(data)
    _refuse_entries(files.infolist())
    left = MAX_INFLATED
    for entry in files.infolist():
        size = 0
        for chunk in _chunks(files, entry):
            size += len(chunk)
            left -= len(chunk)
            if left < 0 or size > max(CHUNK, MAX_RATIO * entry.compress_size):
                raise _too_large()
    return Archive(files)


def _opened(data: bytes) -> zipfile.ZipFile:
    if (count := data.count(LISTED)) > MAX_LISTED:  # before a library makes an object of each
        raise _too_many(count)
    try:
        return zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as fault:
        raise _broken() from fault


def _refuse_entries(entries: list[zipfile.ZipInfo]) -> None:
    if len(entries) > MAX_ENTRIES:
        raise _too_many(len(entries))
    if len({entry.filename for entry in entries}) < len(entries):
        raise _broken()
    for entry in entries:
        if entry.flag_bits & ENCRYPTED:
            raise InvalidInput("This file is locked with a password. Save it without one and try again.")
        if entry.compress_type not in METHODS:
            raise InvalidInput("This file is packed in an unusual way. Unpack it and pack it anew as an ordinary zip.")
        if _leaves(entry.filename) or stat.S_ISLNK(entry.external_attr >> 16):
            raise InvalidInput("This file points at places outside itself, which no good one does. It was not read.")
    if sum(entry.file_size for entry in entries) > MAX_INFLATED:
        raise _too_large()


def _leaves(name: str) -> bool:
    parts = name.replace("\\", "/").split("/")
    return name.startswith(("/", "\\")) or ".." in parts or parts[0].endswith(":")


def _chunks(files: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Iterator[bytes]:
    try:
        with files.open(entry) as inside:
            while chunk := inside.read(CHUNK):
                yield chunk
    except (zipfile.BadZipFile, zlib.error, EOFError, ValueError, NotImplementedError, OSError) as fault:
        raise _broken() from fault


def _start(files: zipfile.ZipFile, name: str) -> bytes:
    entry = files.getinfo(name)
    _refuse_entries([entry])
    return next(_chunks(files, entry), b"")[:MAX_TYPE].strip()


def _broken() -> InvalidInput:
    return InvalidInput("This file is damaged, or is not what its name says. Save it anew and try again.")


def _too_many(count: int) -> InvalidInput:
    return InvalidInput(
        "This file holds %(count)s parts; %(max_entries)s is the most. Split it and add the parts one by one.",
        count=figure(count),
        max_entries=figure(MAX_ENTRIES),
    )


def _too_large() -> InvalidInput:
    return InvalidInput("This file would be far too large when unpacked. It was not read.")
