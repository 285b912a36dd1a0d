"""The file that a backup is: a zip of stored parts, a manifest that describes them, a seal over every byte.

`pack` writes one, `unpack` believes nothing that it has not checked. docs/storage.md describes the format.
"""

import json
import os
import re
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any, BinaryIO

from quizapp.errors import InvalidInput

FORMAT, FORMAT_VERSION = "recto-backup", 1
LIBRARY, MANIFEST = "recto.db", "manifest.json"
MEDIA_PART = re.compile(r"media/[0-9a-f]{2}/([0-9a-f]{64})")
MANIFEST_BYTES = 64 << 20
SEAL_CHARS = 64  # the comment of the zip, its last bytes: SHA-256 of all before them
PIECE = 1 << 20

Took = Callable[[int], None]  # how many more bytes were done


@dataclass(frozen=True)
class Part:
    """A file in the archive."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True)
class About:
    """What a manifest says of the library that was backed up."""

    made: str  # UTC, ISO 8601
    product: str  # version of the program
    revision: str  # of the tables
    counts: Mapping[str, int]  # rows by table
    missing: tuple[str, ...]  # names of media that were not there, or damaged


@dataclass(frozen=True)
class Manifest:
    """What the archive holds."""

    about: About
    parts: tuple[Part, ...]

    @property
    def size(self) -> int:
        """Return the bytes of all parts."""
        return sum(part.size for part in self.parts)


def pack(target: Path, files: Sequence[tuple[str, Path]], about: About, *, took: Took) -> None:
    """Write a new archive of the files under these names, and force it to the disk."""
    with target.open("xb") as raw:
        target.chmod(0o600)
        with zipfile.ZipFile(raw, "w", zipfile.ZIP_STORED) as archive:
            parts = tuple(_store(archive, name, path, about.made, took) for name, path in files)
            body = {
                "format": FORMAT,
                "version": FORMAT_VERSION,
                **asdict(about),
                "parts": [asdict(one) for one in parts],
            }
            archive.writestr(_entry(MANIFEST, about.made), json.dumps(body, indent=1))
            archive.comment = b"0" * SEAL_CHARS
    with target.open("r+b") as raw:
        seal = _digest(raw, target.stat().st_size - SEAL_CHARS, took)
        raw.seek(-SEAL_CHARS, os.SEEK_END)
        raw.write(seal.encode())
        raw.flush()
        os.fsync(raw.fileno())


def unpack(file: Path, folder: Path, *, took: Took) -> Manifest:
    """Check the archive to the last byte, write its parts into the folder, and return the manifest.

    Parts are stored, not packed, so that no more is written than the file is long.
    """
    with _refusing(file), file.open("rb") as raw:
        _check_seal(raw, took)
        with zipfile.ZipFile(raw) as archive:
            manifest = _manifest(archive)
            if manifest.size > file.stat().st_size:
                raise ValueError("parts that overlap")
            for part in manifest.parts:
                target = folder / part.name
                target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                if _fetch(archive, part, target, took) != part.sha256:
                    raise ValueError(part.name)
    return manifest


def media_part(name: str) -> str:
    """Return the name in an archive of the media file of that name."""
    return f"media/{name[:2]}/{name}"


@contextmanager
def _refusing(file: Path) -> Iterator[None]:
    """Turn everything that a broken archive makes Python say into one sentence."""
    try:
        yield
    except (
        zipfile.BadZipFile,
        ArithmeticError,
        AttributeError,
        EOFError,
        LookupError,
        NotImplementedError,
        RecursionError,
        RuntimeError,
        TypeError,
        ValueError,
    ) as error:
        raise InvalidInput(
            "%(file)s is damaged, or no backup of Recto. The library is as it was; try another.", file=file
        ) from error


def _check_seal(raw: BinaryIO, took: Took) -> None:
    size = raw.seek(0, os.SEEK_END)
    raw.seek(max(0, size - SEAL_CHARS))
    seal = raw.read()
    if _digest(raw, size - SEAL_CHARS, took).encode() != seal:
        raise ValueError("the seal")
    raw.seek(0)


def _manifest(archive: zipfile.ZipFile) -> Manifest:
    if archive.getinfo(MANIFEST).file_size > MANIFEST_BYTES:
        raise ValueError(MANIFEST)
    with archive.open(MANIFEST) as file:
        body: dict[str, Any] = json.loads(file.read(MANIFEST_BYTES))
    if body["format"] != FORMAT:
        raise ValueError(body["format"])
    if body["version"] > FORMAT_VERSION:
        raise InvalidInput("This backup was made by a newer version of Recto. Install that version, then restore.")
    parts = tuple(Part(str(one["name"]), int(one["size"]), str(one["sha256"])) for one in body["parts"])
    about = About(
        **{name: body[name] for name in ("made", "product", "revision", "counts")}, missing=tuple(body["missing"])
    )
    manifest = Manifest(about, parts)
    _check_parts(archive, manifest)
    return manifest


def _check_parts(archive: zipfile.ZipFile, manifest: Manifest) -> None:
    """Pass when the archive holds what the manifest declares, under names of ours, and nothing else."""
    names = [part.name for part in manifest.parts]
    held = {info.filename: info for info in archive.infolist()}
    stored = all(info.compress_type == zipfile.ZIP_STORED for info in held.values())
    ours = all(_is_ours(part) for part in manifest.parts)
    sizes = all(held[part.name].file_size == held[part.name].compress_size == part.size for part in manifest.parts)
    declared = sorted([*names, MANIFEST]) == sorted(info.filename for info in archive.infolist())
    if not (stored and ours and sizes and declared and LIBRARY in names) or len(set(names)) < len(names):
        raise ValueError("the parts")


def _is_ours(part: Part) -> bool:
    if part.name == LIBRARY:
        return True
    found = MEDIA_PART.fullmatch(part.name)
    return found is not None and part.name == media_part(part.sha256)


def _store(archive: zipfile.ZipFile, name: str, path: Path, made: str, took: Took) -> Part:
    entry = _entry(name, made)
    entry.file_size = path.stat().st_size
    digest, size = sha256(), 0
    with path.open("rb") as source, archive.open(entry, "w") as target:
        for piece in iter(lambda: source.read(PIECE), b""):
            digest.update(piece)
            target.write(piece)
            size += len(piece)
            took(len(piece))
    return Part(name, size, digest.hexdigest())


def _fetch(archive: zipfile.ZipFile, part: Part, target: Path, took: Took) -> str:
    digest = sha256()
    descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as written, archive.open(part.name) as source:
        for piece in iter(lambda: source.read(PIECE), b""):
            digest.update(piece)
            written.write(piece)
            took(len(piece))
    return digest.hexdigest()


def _entry(name: str, made: str) -> zipfile.ZipInfo:
    at = datetime.fromisoformat(made).astimezone(UTC)
    entry = zipfile.ZipInfo(name, (max(at.year, 1980), at.month, at.day, at.hour, at.minute, at.second))
    entry.external_attr = 0o600 << 16
    return entry


def _digest(raw: BinaryIO, size: int, took: Took) -> str:
    """Return the SHA-256 of the first bytes of a file."""
    raw.seek(0)
    digest, left = sha256(), size
    while left > 0 and (piece := raw.read(min(PIECE, left))):
        digest.update(piece)
        left -= len(piece)
        took(len(piece))
    return digest.hexdigest()
