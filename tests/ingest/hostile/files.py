"""What a hostile file is, and what several of them are made of."""

import io
import struct
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass

SENTENCE = "The lighthouse at Skarn was built in 1871 and stands 43 metres above the sea. "


@dataclass(frozen=True)
class Hostile:
    """A file that means no good: its name, what builds it, and how large it is to be here."""

    filename: str
    build: Callable[[int], bytes]
    size: int = 1  # in what the builder counts
    costly: bool = False  # whether a careless reader would burn time or memory on it: read in a child only


def archive(*entries: tuple[str, bytes | str], packed: bool = True) -> bytes:
    """Return a zip archive."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED) as files:
        for name, content in entries:
            files.writestr(name, content)
    return out.getvalue()


def replaced(data: bytes, part: str, content: bytes | str, *, packed: bool = False) -> bytes:
    """Return an archive with another content of one part, or with one part more."""
    with zipfile.ZipFile(io.BytesIO(data)) as files:
        kept = [(name, files.read(name)) for name in files.namelist() if name != part]
    return archive(*kept, (part, content), packed=packed)


def zeros(megabytes: int) -> bytes:
    """Return so many megabytes of zeros packed by zlib, without holding them."""
    packer = zlib.compressobj(9)
    return b"".join([packer.compress(bytes(1 << 20)) for _ in range(megabytes)]) + packer.flush()


def picture(width: int = 100_000, height: int = 100_000) -> bytes:
    """Return a picture that says it has ten thousand million points and holds none."""
    head = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)
    body = b"IDAT" + zlib.compress(b"\0" * 100)
    parts = ((13, head), (len(body) - 4, body), (0, b"IEND"))
    chunks = [struct.pack(">I", size) + part + struct.pack(">I", zlib.crc32(part)) for size, part in parts]
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)
