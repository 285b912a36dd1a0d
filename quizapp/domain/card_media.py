"""How card text names the pictures and sounds that it shows: `media/<hash>.png`, a file of the library and nothing else.

Start from `address`, and `named` for the files that texts show.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256

PICTURES: dict[str, str] = {
    "png": "image/png",
    "jpeg": "image/jpeg",
    "gif": "image/gif",
    "webp": "image/webp",
    "avif": "image/avif",
    "svg": "image/svg+xml",
}
SOUNDS: dict[str, str] = {
    "mp3": "audio/mpeg",
    "ogg": "audio/ogg",
    "wav": "audio/wav",
    "m4a": "audio/mp4",
    "flac": "audio/flac",
    "webm": "audio/webm",
}
SUFFIXES: Mapping[str, str] = {media_type: suffix for suffix, media_type in (PICTURES | SOUNDS).items()}
LONGEST_NAME = 255
ADDRESS = re.compile(rf"media/(?P<hash>[0-9a-f]{{64}})\.(?P<suffix>{'|'.join(PICTURES | SOUNDS)})\b")
_SHOWN = re.compile(rf"!\[(?P<words>(?:[^\[\]\\]|\\.)*)\]\({ADDRESS.pattern}\)")


@dataclass(frozen=True)
class Medium:
    """A picture or a sound that card text can show."""

    hash: str  # its name among the media
    media_type: str
    size: int  # bytes
    name: str  # what its file was called, for people and other programs

    @property
    def address(self) -> str:
        """Return what card text calls it."""
        return address(self.hash, self.media_type)


def address(name: str, media_type: str) -> str:
    """Return what card text calls the file of that hash and type."""
    return f"media/{name}.{SUFFIXES[media_type]}"


def medium(address: str, data: bytes, media_type: str | None, name: str) -> Medium | None:
    """Return the file of that content, type and name; None where the address is not the one that those give it."""
    if media_type is None:
        return None
    found = Medium(sha256(data).hexdigest(), media_type, len(data), storable(name) or address.rpartition("/")[2])
    return found if found.address == address else None


def storable(name: str) -> str:
    """Return what a file is called, as it can be stored."""
    return name.encode(errors="replace").decode().replace("\0", "")[:LONGEST_NAME]


def is_sound(suffix: str) -> bool:
    """Say whether a file whose address ends so is to be heard, not seen."""
    return suffix in SOUNDS


def named(texts: Iterable[str]) -> frozenset[str]:
    """Return the hashes of the files that texts show."""
    return frozenset(found["hash"] for text in texts if "media/" in text for found in ADDRESS.finditer(text))


def shows(text: str) -> bool:
    """Say whether a text shows a picture or plays a sound."""
    return "media/" in text and ADDRESS.search(text) is not None


def without_addresses(text: str) -> str:
    """Return the text with the words of its pictures and sounds in their place, for what looks at words alone."""
    if "media/" not in text:
        return text
    return ADDRESS.sub("", _SHOWN.sub(lambda found: found["words"], text))


def words_of(name: str) -> str:
    """Return what a file is called, without its ending, as words."""
    stem = name.rpartition(".")[0] or name
    return " ".join(re.sub(r"[_\[\]<>\\]+", " ", stem).split()) or name
