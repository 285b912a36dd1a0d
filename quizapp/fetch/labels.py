"""What an answer says about itself: its kind, its encoding, its name. Start from `suffix_for`."""

import re
from http.client import HTTPMessage
from pathlib import PurePath
from urllib.parse import unquote, urlsplit

from quizapp.errors import InvalidInput
from quizapp.fetch.places import Place

OFFICE = "application/vnd.openxmlformats-officedocument"
SUFFIXES = {
    "text/html": ".html",
    "application/xhtml+xml": ".html",
    "text/markdown": ".md",
    "text/x-markdown": ".md",
    "text/csv": ".csv",
    "text/vtt": ".vtt",
    "application/x-subrip": ".srt",
    "application/pdf": ".pdf",
    "application/epub+zip": ".epub",
    "application/zip": ".zip",
    "application/x-zip-compressed": ".zip",
    "application/vnd.oasis.opendocument.text": ".odt",
    f"{OFFICE}.wordprocessingml.document": ".docx",
    f"{OFFICE}.presentationml.presentation": ".pptx",
    f"{OFFICE}.spreadsheetml.sheet": ".xlsx",
}
# Of these the name says more, and then the content.
UNSAID = frozenset({"", "application/octet-stream", "binary/octet-stream", "application/x-download"})
ACCEPT = "text/html,application/xhtml+xml,text/markdown;q=0.9,text/plain;q=0.9,application/pdf;q=0.9,*/*;q=0.5"

# The encodings of https://encoding.spec.whatwg.org, which also says that Latin 1 means what Windows means by it.
ENCODING = re.compile(
    r"utf-?(?:8|16(?:le|be)?)|iso-?8859-\d{1,2}|(?:windows|cp)-?125\d|koi8-[ru]|macintosh|"
    r"gb(?:k|2312|18030)|big5|euc-(?:jp|kr)|shift[_-]jis|iso-2022-jp"
)
LATIN = re.compile(r"us-ascii|ascii|latin-?1|iso-?8859-1")
MARK = "\ufeff"  # in front of a text it says, before anything in it is believed, that this is UTF-8
NAME_CHARS = 150
WRITTEN_FOR_PAGES = re.compile(r"\.(?:x?html?|php|aspx?|jsp)$", re.IGNORECASE)


def media_type(headers: HTTPMessage) -> str:
    """Return the kind that an answer says it is, without what belongs to it; nothing if it does not say."""
    return (headers.get("Content-Type") or "").partition(";")[0].strip().lower()


def suffix_for(kind: str) -> str:
    """Return the suffix for a kind, nothing where the name knows better; refuse what holds no text."""
    if kind in SUFFIXES:
        return SUFFIXES[kind]
    if kind in UNSAID or kind.startswith("text/"):
        return ""
    raise InvalidInput(
        "What stands at this address is no document but “%(kind)s”, which Recto cannot read.", kind=kind[:60]
    )


def in_utf_8(data: bytes, headers: HTTPMessage) -> bytes:
    """Return a text in the one encoding that needs no guessing, if its encoding is told and true; else as it is."""
    told = headers.get_content_charset("").strip()
    encoding = "cp1252" if LATIN.fullmatch(told) else told
    if not media_type(headers).startswith(("text/", "application/xhtml")) or not ENCODING.fullmatch(encoding):
        return data
    try:
        return (MARK + data.decode(encoding).removeprefix(MARK)).encode()
    except (LookupError, UnicodeError):
        return data


def filename(place: Place, headers: HTTPMessage, suffix: str) -> str:
    """Return a name for what was fetched: as its site names it, else as its address ends."""
    told = headers.get_filename("") or unquote(PurePath(urlsplit(place.url).path).name)
    name = "".join(c for c in told.replace("\\", "/").rpartition("/")[2] if c.isprintable()).strip(" .")
    name = name[-NAME_CHARS:] or place.host
    if suffix == ".html":
        name = WRITTEN_FOR_PAGES.sub("", name)
    return name if name.lower().endswith(suffix) else name + suffix
