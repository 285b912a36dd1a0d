import pytest

from quizapp.ingest.media_kinds import MOST_BYTES, media_type
from tests.ingest.building import drawing

SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><path d="M0 0L1 1" fill="url(#a)"/></svg>'
MP4 = b"\0\0\0\x20ftypM4A \0\0\0\0"
AVIF = b"\0\0\0\x20ftypavif" + bytes(40) + b"ispe\0\0\0\0\0\0\0\x10\0\0\0\x20"
SHOWN = {
    "png": (drawing.png(), "image/png"),
    "svg": (b'<?xml version="1.0"?>\n<!-- drawn -->' + SVG, "image/svg+xml"),
    "avif": (AVIF, "image/avif"),
    "mp3 with a name": (b"ID3\x04\0\0", "audio/mpeg"),
    "mp3": (b"\xff\xfb\x90\0", "audio/mpeg"),
    "ogg": (b"OggS\0", "audio/ogg"),
    "wav": (b"RIFF\0\0\0\0WAVEfmt ", "audio/wav"),
    "m4a": (MP4, "audio/mp4"),
    "flac": (b"fLaC\0", "audio/flac"),
    "webm": (b"\x1a\x45\xdf\xa3\0\0webm A_OPUS", "audio/webm"),
}
REFUSED = {
    "nothing": b"",
    "words": b"ID4 and more",
    "a page": b"<html><svg></svg></html>",
    "a drawing that runs": SVG.replace(b"<path", b"<script>alert(1)</script><path"),
    "a drawing that listens": SVG.replace(b"<path", b'<path onload="alert(1)"'),
    "a drawing that loads": SVG.replace(b"<path", b'<image href="https://example.org/a.png"/><path'),
    "a drawing with a style that loads": SVG.replace(b"url(#a)", b"url(https://example.org)"),
    "a drawing that grows": b'<!DOCTYPE svg [<!ENTITY a "b">]>' + SVG,
    "a film": MP4 + b"hdlr\0\0\0\0\0\0\0\0vide",
    "a film for pages": b"\x1a\x45\xdf\xa3\0\0webm V_VP9",
    "a bit rate that there is not": b"\xff\xfb\xf0\0",
    "too large": drawing.png() + bytes(MOST_BYTES),
}


@pytest.mark.parametrize(("data", "kind"), SHOWN.values(), ids=SHOWN)
def test_a_file_is_what_it_holds(data, kind):
    assert media_type(data) == kind


@pytest.mark.parametrize("data", REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_shown_as_it_is_is_no_medium(data):
    assert media_type(data) is None
