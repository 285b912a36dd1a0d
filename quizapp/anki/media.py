"""Pictures and sounds that cards show, between a package and card text, which names them by their content.

Start from `Arriving`, and from `Leaving` for the way back.
"""

import re
import unicodedata
from collections.abc import Mapping
from hashlib import sha256
from html import escape, unescape
from pathlib import Path
from urllib.parse import unquote

from quizapp.anki.package import Package
from quizapp.domain import card_media
from quizapp.domain.card_media import Medium
from quizapp.ingest import media_kinds

MOST_FILES = 20_000
MOST_BYTES = 1 << 30  # of all together
LONGEST_ALT = 500
LONGEST_NAME = 100  # of a file, without its ending
_IMAGE = re.compile(r"<img\b(?:[^>\"']|\"[^\"]*\"|'[^']*')*>", re.IGNORECASE)
_SOURCE = re.compile(r"\bsrc\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s>\"']+))", re.IGNORECASE)
_ALT = re.compile(r"\balt\s*=\s*(?:\"([^\"]*)\"|'([^']*)')", re.IGNORECASE)
_PLAYED = re.compile(r"\[sound:(?P<name>[^\]]*)\]|<(?P<tag>audio|video)\b.*?</(?P=tag)\s*>", re.DOTALL | re.IGNORECASE)
_SPOKEN = re.compile(r"\[anki:(?:play|tts)[^\]]*\](?:.*?\[/anki:tts\])?", re.DOTALL)
_SHOWN = re.compile(rf'<img src="{card_media.ADDRESS.pattern}"(?: alt="(?P<alt>[^"]*)")?>')
_HEARD = re.compile(rf'<audio src="{card_media.ADDRESS.pattern}">(?P<words>.*?)</audio>', re.DOTALL)
_NO_NAME = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff\\/:*?\"<>|\[\]^]+")


class Arriving:
    """The files of a package that its cards show, each written into a folder once, under the hash of what it holds."""

    def __init__(self, package: Package, folder: Path) -> None:
        self._package, self._folder = package, folder
        self._found: dict[str, Medium | None] = {}  # by name
        self._room = MOST_BYTES

    @property
    def media(self) -> tuple[Medium, ...]:
        """Return what was found."""
        return tuple({one.hash: one for one in self._found.values() if one}.values())

    @property
    def missing(self) -> int:
        """Return how many files are not there, too large, or neither picture nor sound."""
        return sum(one is None for one in self._found.values())

    def html(self, html: str) -> str:
        """Return HTML of Anki's with its pictures and sounds as card text names them; what is not there gives its name."""
        if "[anki:" in html:
            html = _SPOKEN.sub("", html)
        if "[sound:" in html or "<" in html:
            html = _IMAGE.sub(self._picture, _PLAYED.sub(self._sound, html))
        return html

    def _picture(self, found: re.Match[str]) -> str:
        source, alt = _first(_SOURCE, found[0]), _first(_ALT, found[0])
        if not source:
            return ""
        name = unquote(source)
        words = (alt or "").strip()[:LONGEST_ALT] or card_media.words_of(name)
        medium = self._medium(name) or self._medium(source)
        if medium is None or not medium.media_type.startswith("image/"):
            return escape(words, quote=False)
        return f'<img src="{medium.address}" alt="{escape(words)}">'

    def _sound(self, found: re.Match[str]) -> str:
        name = unescape(found["name"]) if found["name"] is not None else unquote(_first(_SOURCE, found[0]) or "")
        if not name:
            return ""
        medium, words = self._medium(name), escape(card_media.words_of(name), quote=False)
        if medium is None or not medium.media_type.startswith("audio/"):
            return words
        return f'<audio src="{medium.address}">{words}</audio>'

    def _medium(self, name: str) -> Medium | None:
        if name not in self._found:
            self._found[name] = self._unpacked(name)
        return self._found[name]

    def _unpacked(self, name: str) -> Medium | None:
        if len(self._found) >= MOST_FILES:
            return None
        data = self._package.medium(name, most=media_kinds.MOST_SOUND_BYTES)
        kind = media_kinds.media_type(data) if len(data) <= self._room else None
        if kind is None:
            return None
        self._room -= len(data)
        medium = Medium(sha256(data).hexdigest(), kind, len(data), card_media.storable(name))
        (self._folder / medium.hash).write_bytes(data)
        return medium


class Leaving:
    """The files that card text shows, under names of their own in a package."""

    def __init__(self, media: Mapping[str, Medium]) -> None:
        self._media = media  # by hash
        self._names: dict[str, str] = {}  # by hash
        self._taken: set[str] = set()

    @property
    def files(self) -> Mapping[str, str]:
        """Return the hashes of what is shown, by the names in the package."""
        return {name: one for one, name in self._names.items()}

    def is_in(self, html: str) -> bool:
        """Say whether HTML shows or plays a file."""
        return 'src="media/' in html

    def html(self, html: str) -> str:
        """Return the HTML of card text as Anki shows and plays it; of a file that nobody knows its words."""
        if not self.is_in(html):
            return html
        return _HEARD.sub(self._sound, _SHOWN.sub(self._picture, html))

    def _picture(self, found: re.Match[str]) -> str:
        alt = found["alt"] or ""
        if (name := self._name(found["hash"])) is None:
            return alt
        # What Anki's own pictures have none of comes back as it was.
        words = "" if unescape(alt) == card_media.words_of(self._media[found["hash"]].name) else f' alt="{alt}"'
        return f'<img src="{escape(name.replace("%", "%25").replace("#", "%23"))}"{words}>'

    def _sound(self, found: re.Match[str]) -> str:
        name = self._name(found["hash"])
        return found["words"] if name is None else f"[sound:{escape(name, quote=False)}]"

    def _name(self, digest: str) -> str | None:
        """Return what a file is called in the package: as where it came from, or otherwise where that is taken."""
        medium = self._media.get(digest)
        if medium is not None and digest not in self._names:
            name = _file_name(medium)
            if name.casefold() in self._taken:
                stem, _dot, suffix = name.rpartition(".")
                name = f"{stem}-{digest[:12]}.{suffix}"
            self._taken.add(name.casefold())
            self._names[digest] = name
        return self._names.get(digest)


def _first(pattern: re.Pattern[str], tag: str) -> str | None:
    found = pattern.search(tag)
    return unescape(next((value for value in found.groups() if value), "")) if found else None


def _file_name(medium: Medium) -> str:
    """Return the name of a file as every system can store it."""
    name = _NO_NAME.sub("_", unicodedata.normalize("NFC", medium.name)).strip(". ")
    stem, dot, suffix = name.rpartition(".")
    if not dot or not 1 <= len(suffix) <= 5:
        stem, suffix = name, card_media.SUFFIXES[medium.media_type]
    return f"{stem[:LONGEST_NAME] or 'recto'}.{suffix}"
