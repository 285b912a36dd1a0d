"""What a page tells about itself: its title, who wrote it, when. Start from `facts_of`."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from quizapp.ingest import html_walk, text
from quizapp.ingest.html_furniture import left_out
from quizapp.ingest.html_tree import Element, words

SEPARATOR = re.compile(r"\s+[|·•»–—-]\s+|\s+::\s+")
MAX_TITLE, MAX_DATA = 300, 200_000  # characters
SITE_WORDS = 4
AUTHORS = ("author", "article:author", "dc.creator", "dcterms.creator", "citation_author", "parsely-author", "byl")
DATES = (
    "article:published_time",
    "datepublished",
    "date",
    "dc.date",
    "dcterms.created",
    "citation_publication_date",
    "pubdate",
)
NAME = re.compile(
    r"(?:[^\W\d_a-z][\w’'.-]*|de|da|di|von|van|der|den|la|le|bin|al|y|e)(?: (?:[^\W\d_a-z][\w’'.-]*|de|da|di|von|van|der|den|la|le|bin|al|y|e)){1,3}"
)
_NO_NAME_TEXT = """
    admin editor editors staff team news desk redaction contributors administrator author user online
"""
NO_NAME = frozenset(_NO_NAME_TEXT.split())
DATE = re.compile(r"((?:19|20)\d\d)-?(\d\d)-?(\d\d)")
NO_TITLE = re.compile(
    r"(?:untitled|document|microsoft word|home|index|new page|no title|page)\b.*|.*\.(?:docx?|odt|html?)", re.IGNORECASE
)


@dataclass(frozen=True)
class Facts:
    """What a page tells about itself; what it does not tell is empty."""

    title: str = ""
    authors: tuple[str, ...] = ()
    published: date | None = None


def facts_of(root: Element) -> Facts:
    """Return the title without the name of the site, the authors who have names of people, and the day."""
    told = _told(root)
    linked = list(_linked(root))
    site = next(iter(told.get("og:site_name", []) or told.get("application-name", [])), "")
    authors = [name for key in AUTHORS for name in told.get(key, [])] or [
        name for one in linked for name in _names(one)
    ]
    days = [day for key in DATES for day in told.get(key, [])] or [str(one.get("datePublished", "")) for one in linked]
    people = dict.fromkeys(name for given in authors for name in _people(given) if name != site)
    return Facts(_title(root, told, site), tuple(people)[:4], next((day for one in days if (day := _day(one))), None))


def _told(root: Element) -> dict[str, list[str]]:
    told: dict[str, list[str]] = {}
    for meta in root.iter("meta"):
        key = (meta.get("property") or meta.get("name") or meta.get("itemprop") or "").lower()
        value = " ".join(text.clean(meta.get("content", ""))[:MAX_TITLE].split())
        if key and value:
            told.setdefault(key, []).append(value)
    return told


def _linked(root: Element) -> Iterator[dict[str, Any]]:
    """Yield what scripts with linked data tell about articles."""
    for script in root.iter("script"):
        if script.get("type") != "application/ld+json" or len(script.text or "") > MAX_DATA:
            continue
        try:
            found = json.loads(script.text or "")
        except (ValueError, RecursionError):
            continue
        for one in _all_of(found):
            if isinstance(one, dict) and ("headline" in one or "datePublished" in one):
                yield one


def _all_of(found: Any) -> list[Any]:
    given = found if isinstance(found, list) else [found]
    graphs = [one["@graph"] for one in given if isinstance(one, dict) and isinstance(one.get("@graph"), list)]
    return [*given, *(inner for graph in graphs for inner in graph)]


def _names(one: dict[str, Any]) -> Iterator[str]:
    given = one.get("author")
    for author in given if isinstance(given, list) else [given]:
        name = author.get("name") if isinstance(author, dict) else author
        if isinstance(name, str):
            yield text.clean(name)


def _people(given: str) -> Iterator[str]:
    """Yield the names in what a page calls its author; a user name or an office is none."""
    for name in re.split(r"\s*(?:,|;|&| and )\s*", re.sub(r"^by ", "", given.strip(), flags=re.IGNORECASE)):
        if NAME.fullmatch(name) and NO_NAME.isdisjoint(name.lower().split()):
            yield name


def _day(given: str) -> date | None:
    found = DATE.match(given.strip())
    try:
        return date(int(found[1]), int(found[2]), int(found[3])) if found else None
    except ValueError:
        return None


def _title(root: Element, told: dict[str, list[str]], site: str) -> str:
    """Return what the page calls itself, in the words of its heading where they agree."""
    element = root.find(".//title")
    named = next(iter(told.get("og:title", [])), "") or (
        text.clean(words(element))[:MAX_TITLE] if element is not None else ""
    )
    headings = [
        piece.text[:MAX_TITLE] for one in root.iter("h1") if not left_out(one) for piece in html_walk.walked(one)
    ]
    agreeing = [heading for heading in headings if heading and heading.casefold() in named.casefold()]
    if agreeing:
        return agreeing[0]
    title = _without_site(named, site)
    return "" if NO_TITLE.fullmatch(title) else title


def _without_site(named: str, site: str) -> str:
    parts = SEPARATOR.split(named)
    if len(parts) < 2:
        return named
    if site and site.casefold() in (parts[0].casefold(), parts[-1].casefold()):
        cut = 1 if parts[0].casefold() == site.casefold() else 0
        return named[named.index(parts[1]) :] if cut else named[: named.rindex(parts[-1])].rstrip(" |·•»–—-:")
    short = len(parts[-1].split()) <= SITE_WORDS < len(named.split())
    return named[: named.rindex(parts[-1])].rstrip(" |·•»–—-:") if short and " | " in named else named
