"""HTML of any origin to a tree, without entities, network or scripts. Start from `parsed`."""

import codecs
import re
from collections.abc import Sequence
from typing import Any

from lxml import etree

from quizapp.errors import InvalidInput
from quizapp.ingest import text

Element = Any  # lxml ships no types
Styles = tuple[frozenset[str], frozenset[str]]  # classes of bold words, classes of italic ones
MAX_MARKUP = 10_000_000  # characters, without embedded pictures
LONG_TAG = 1_400  # the parser's time grows with the square of a tag's attributes
DECLARED = re.compile(rb"(?:charset|encoding)\s*=\s*[\"']?\s*([\w.:-]{2,40})", re.IGNORECASE)
ALIASES = {"iso-8859-1": "cp1252", "latin1": "cp1252", "ascii": "cp1252", "us-ascii": "cp1252", "gb2312": "gb18030",
           "gbk": "gb18030", "shift_jis": "cp932", "x-sjis": "cp932", "ks_c_5601-1987": "cp949", "euc-kr": "cp949",
           "iso-8859-9": "cp1254", "tis-620": "cp874"}  # fmt: skip
DECLARATION_BYTES = 4_096

EMBEDDED_NAME = "embedded:"
PICTURE = re.compile(r"(?<=[\"'])data:image/[\w.+-]{1,40};base64,([A-Za-z0-9+/=%\s]*+)(?=[\"'])")
EMBEDDED = re.compile(r"\bdata:[\w/+.-]{1,80}[;,][^\"'<>\s)]*")
DOCTYPE = re.compile(r"\A\s*(?:<\?[^>]*>\s*)?<!DOCTYPE[^\[>]{0,1000}(?:\[[^\]]{0,100000}\]\s*)?>", re.IGNORECASE)
LONG = re.compile(rf"<(?![\s\d=])([a-zA-Z][\w:-]*)?[^<>]{{{LONG_TAG},}}>")
CLOSED = re.compile(
    r"<(?!(?:area|base|br|col|embed|hr|img|input|link|meta|source|track|wbr)\b)([a-zA-Z][\w:-]*)((?:\s[^<>]*)?)/>"
)
BOLD_CLASS = re.compile(r"\.([\w-]+)\s*\{[^{}]*font-weight:\s*(?:bold|[6-9]00)", re.IGNORECASE)
SLANTED_CLASS = re.compile(r"\.([\w-]+)\s*\{[^{}]*font-style:\s*italic", re.IGNORECASE)
MAX_STYLES = 300_000
XHTML = "http://www.w3.org/1999/xhtml"


def decoded(data: bytes) -> str:
    """Return the text of a page: UTF-8 where it is valid, else what the page declares, else what it looks like."""
    declared = DECLARED.search(data[:DECLARATION_BYTES])
    name = declared[1].decode("ascii").lower() if declared else ""
    if name and not data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) and not _is_utf8(data):
        try:
            return text.clean(data.decode(ALIASES.get(name, name), "replace"))
        except (LookupError, ValueError):
            pass
    return text.decode(data)


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def embedded(source: str) -> tuple[str, Sequence[str]]:
    """Return a page with a short name in the place of each picture that it holds, "embedded:0", and the pictures."""
    found: list[str] = []

    def named(picture: re.Match[str]) -> str:
        found.append(picture[1])
        return f"{EMBEDDED_NAME}{len(found) - 1}"

    return PICTURE.sub(named, source), found


def parsed(source: str) -> Element:
    """Return the root of a page's tree; refuse what no honest page holds.

    Elements that XHTML closes at once ("<a id='x'/>") are closed for HTML too, which would leave them open.
    """
    source = _trimmed(source)
    if len(source) > MAX_MARKUP:
        raise InvalidInput("This page is far too long. Save its text in parts and add them one by one.")
    parser = etree.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True)
    try:
        root = etree.fromstring(source.encode("utf-8", "replace"), parser)
    except etree.LxmlError as fault:
        raise InvalidInput("This page is damaged or far too long. Save its text in parts and try again.") from fault
    if any("depth" in fault.message or "limit" in fault.message for fault in parser.error_log):
        raise InvalidInput(
            "This page is nested too deeply, or too long in one piece. Copy its text into a file of its own."
        )
    return root if root is not None else etree.Element("html")


def _trimmed(source: str) -> str:
    """Return the page without embedded pictures, document type and the attributes of overlong tags."""
    is_xml = XHTML in source[:DECLARATION_BYTES]
    source = DOCTYPE.sub("", EMBEDDED.sub("", source))
    source = LONG.sub(lambda found: f"<{found[1]}>" if found[1] else "", source)
    return CLOSED.sub(r"<\1\2></\1>", source) if is_xml else source


def styled(root: Element) -> Styles:
    """Return the classes whose words are bold, and those whose words are italic."""
    return styles_of(" ".join(sheet.text or "" for sheet in root.iter("style")))


def styles_of(sheets: str) -> Styles:
    """Return the same of style sheets."""
    sheets = sheets[:MAX_STYLES]
    return frozenset(BOLD_CLASS.findall(sheets)), frozenset(SLANTED_CLASS.findall(sheets))


def tokens(element: Element, name: str = "class") -> frozenset[str]:
    """Return the words of an attribute, its class unless said otherwise."""
    return frozenset(element.get(name, "").split())


def words(element: Element) -> str:
    """Return all text inside an element, on one line."""
    return " ".join("".join(element.itertext()).split())
