"""Which kind of picture or sound a file is, by its content and never by its name. Start from `media_type`."""

import re

from quizapp.ingest import pictures
from quizapp.ingest.pictures import MOST_PIXELS

MOST_BYTES = pictures.MOST_BYTES  # of a picture
MOST_SOUND_BYTES = 20 << 20
LONGEST_HEAD = 4_096
SOUND_BRANDS = frozenset({b"M4A ", b"M4B ", b"isom", b"iso2", b"mp41", b"mp42", b"dash"})
FILM, FILMS = b"hdlr\0\0\0\0\0\0\0\0vide", re.compile(rb"V_(?:VP[89]|AV1|MPEG)")  # tracks that are to be seen
PICTURE_BRANDS = frozenset({b"avif", b"avis"})
_SVG = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*>\s*|<!--.*?-->\s*|<!DOCTYPE svg[^>\[]*>\s*)*<svg[\s>]", re.DOTALL
)
# What a drawing needs none of: it runs, it loads from elsewhere, or it grows without end.
_MORE_THAN_DRAWN = re.compile(
    rb"<!ENTITY|<\s*(?:\w+:)?(?:script|foreignObject|iframe|embed|object|handler|listener)\b|\son\w+\s*="
    rb"|(?:href|src)\s*=\s*[\"']\s*(?!#|data:image/(?:png|jpeg|gif|webp);)|url\(\s*[\"']?\s*(?!#|[\"']?#)|@import|javascript:",
    re.IGNORECASE,
)
_EXTENT = b"ispe\0\0\0\0"  # of an AVIF, before its width and height


def media_type(data: bytes) -> str | None:
    """Return the type of a picture or sound that can be shown; None of any other, or one that is too large."""
    found = _sound(data)
    if found:
        return found if len(data) <= MOST_SOUND_BYTES else None
    return _picture(data) if len(data) <= MOST_BYTES else None


def _picture(data: bytes) -> str | None:
    if header := pictures.header_of(data):
        kind, width, height = header
        return kind if width * height <= MOST_PIXELS else None
    if data[4:8] == b"ftyp" and data[8:12] in PICTURE_BRANDS:
        at = data.find(_EXTENT, 0, LONGEST_HEAD) + len(_EXTENT)
        width, height = int.from_bytes(data[at : at + 4]), int.from_bytes(data[at + 4 : at + 8])
        return "image/avif" if at >= len(_EXTENT) and 0 < width * height <= MOST_PIXELS else None
    if _SVG.match(data[:LONGEST_HEAD]) and not _MORE_THAN_DRAWN.search(data):
        return "image/svg+xml"
    return None


def _sound(data: bytes) -> str | None:
    head = data[:12]
    if head.startswith(b"ID3") or _is_frame_of_mp3(head):
        return "audio/mpeg"
    if head.startswith(b"OggS"):
        return "audio/ogg"
    if head.startswith(b"RIFF") and head[8:12] == b"WAVE":
        return "audio/wav"
    if head[4:8] == b"ftyp" and head[8:12] in SOUND_BRANDS and FILM not in data:
        return "audio/mp4"
    if head.startswith(b"fLaC"):
        return "audio/flac"
    if (
        head.startswith(b"\x1a\x45\xdf\xa3")
        and b"webm" in data[:LONGEST_HEAD]
        and not FILMS.search(data, 0, LONGEST_HEAD)
    ):
        return "audio/webm"
    return None


def _is_frame_of_mp3(head: bytes) -> bool:
    """Say whether a frame of MPEG audio begins here: eleven bits, a layer, and a rate that there is."""
    if len(head) < 4 or head[0] != 0xFF or head[1] & 0xE0 != 0xE0:
        return False
    version, layer, rate, frequency = head[1] >> 3 & 3, head[1] >> 1 & 3, head[2] >> 4, head[2] >> 2 & 3
    return version != 1 and layer != 0 and rate != 15 and frequency != 3
