"""Bytes to clean text: encodings, line ends, and characters that nobody meant."""

import codecs
import re
import unicodedata

from charset_normalizer import from_bytes

from quizapp.errors import InvalidInput

SAMPLE_BYTES = 64 << 10

# Control characters, zero-width marks and direction overrides: invisible, and
# they would make quotes and searches miss.
INVISIBLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff]"
)
WIDE = "\u3000-\u30ff\u3400-\u9fff\uf900-\ufaff\uff01-\uff60"  # of scripts that put no spaces between words
WIDE_BREAK = re.compile(rf"(?<=[{WIDE}])[ \t]*\n[ \t]*(?=[{WIDE}])")
MOST_MARKS = 30  # on one letter: what Unicode calls safe
HEAPED = re.compile(rf"[^\w\s\x00-\x7f]{{{MOST_MARKS + 1},}}")
SPACES = re.compile("[\u00a0\u2000-\u200a\u202f\u205f\u3000]")


def decode(data: bytes) -> str:
    """Return the text of a file in any common encoding; refuse what is no text."""
    return clean(data.decode(encoding_of(data), "replace"))


def clean(text: str) -> str:
    """Return the text with Unix line ends, composed characters and nothing invisible."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x85", "\n").replace("\u2028", "\n")
    text = text.replace("\u2029", "\n\n").replace("\f", "\n\n")
    text = text.encode("utf-8", "replace").decode("utf-8")
    return unicodedata.normalize("NFC", HEAPED.sub(_thinned, INVISIBLE.sub("", SPACES.sub(" ", text))))


def _thinned(found: re.Match[str]) -> str:
    """Return signs without the accents that no letter bears: to sort those takes the square of their number in time."""
    out, marks = [], 0
    for sign in found[0]:
        marks = marks + 1 if unicodedata.combining(sign) else 0
        if marks <= MOST_MARKS:
            out.append(sign)
    return "".join(out)


def one_line(text: str) -> str:
    """Return the text on one line, with single spaces; none where Chinese or Japanese was broken."""
    return " ".join(WIDE_BREAK.sub("", text).split())


def encoding_of(data: bytes) -> str:
    """Return the name of the encoding that a text is in, as Python calls it; refuse what is no text."""
    encoding = _declared(data) or _guessed(data)
    if _looks_binary(data.decode(encoding, "replace")):
        raise _no_text()
    return encoding


def _declared(data: bytes) -> str:
    """Return the encoding that the bytes show without a doubt."""
    marks = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
    if marked := next((encoding for mark, encoding in marks if data.startswith(mark)), ""):
        return marked
    try:
        return "" if "\x00" in data.decode("utf-8") else "utf-8"
    except UnicodeDecodeError:
        return ""


def _guessed(data: bytes) -> str:
    sample = data[:SAMPLE_BYTES]
    if (wide := _wide(sample)) is not None:
        return wide
    best = None if b"\x00" in sample else from_bytes(sample).best()
    if best is None:
        raise _no_text()
    return best.encoding


def _wide(sample: bytes) -> str | None:
    """Return the UTF-16 that has no byte order mark, told by where its zeros are."""
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    half = max(1, len(sample) // 2)
    if odd > 0.3 * half and even < 0.05 * half:
        return "utf-16-le"
    if even > 0.3 * half and odd < 0.05 * half:
        return "utf-16-be"
    return None


def _looks_binary(text: str) -> bool:
    sample = text[:SAMPLE_BYTES]
    odd = sum(unicodedata.category(c) in {"Cc", "Cn", "Co"} and c not in "\n\r\t\f" for c in sample)
    return "\x00" in text or odd > 0.02 * len(sample)


def _no_text() -> InvalidInput:
    return InvalidInput("This file holds no text that can be read. Save it as plain text or Markdown and try again.")
