"""Whose "we" it is: the house of a text that nobody speaks, and of whoever speaks.

Start from `of_document` and `of_speaker`.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

from quizapp.domain.documents import Block, BlockKind, Document, Speaker
from quizapp.generate.subjects import BELOW_TITLE, HOUSE, SELF

PROSE = (BlockKind.TITLE, BlockKind.HEADING, BlockKind.LABEL, BlockKind.PARAGRAPH)
NAME = r"[A-Z][\w’'&-]*(?: (?:(?:of|and|for|the|&) )?[A-Z][\w’'&-]*){0,5}"
# "the sorting company Triagem Norte": what kind of thing a name is.
KIND = r"(?:(?:the|an?) (?:[a-z-]+ ){0,3})?"
LEADS = r"(?:(?:co-?)?founded|runs|owns|leads|heads|chairs|directs|manages|started|set up)"
LEADER = (
    r"(?:(?:co-?)?founder|owner|head|director|chief executive|CEO|president|chair(?:man|woman|person)?|partner)"
    r"(?: and (?:[\w-]+ ){1,3}?)? ?(?:of|at)"
)
FIRM = (
    r"(?:practice|company|firm|studio|start-?up|co-?operative|mill|workshop|farm|business|laborator(?:y|ies)|charity|museum|"
    r"school|bakery|brewery|airline|agency|consultancy|clinic|publisher|shop|gallery)"
)
# "Staff Handbook of the Calloway Record House", "Staff Handbook, The Copper Heron Kitchens": whose rules they are.
RULES_OF = re.compile(
    r"^(?:[\w’-]+ ){0,2}(?:[Hh]andbook|[Mm]anual|[Pp]olicy|[Gg]uide)(?:,| of| for) (?:[Tt]he )?"
    rf"(?P<who>{NAME})(?=[.,;·|]|$)"
)
# "Tollmere Instruments Ltd · Version 4.2": the letterhead of a text with versions.
LETTERHEAD = re.compile(rf"^(?:[Tt]he )?(?P<who>{NAME}(?: Ltd| Inc| GmbH| AG| plc| LLC)?) [·|•–—] ")
OTHERS = re.compile(r"\"[^\"]*\"|“[^”]*”|^.*\?$", re.MULTILINE)  # quotations, and the questions of a list of them
VISITED = re.compile(r"\b(?:in|at|from|to|near) (?:the )?$")  # a house that a story takes place in
NO_HOUSE = re.compile(r"\b(?:Last|Version|Updated|Revision|Owner|Author|By|Draft|Status|Date)\b")


def of_document(document: Document) -> str | None:
    """Return which body a text speaks for with its "we", where its first lines name it and nobody speaks."""
    if any(block.speaker for block in document.blocks) or SELF.search(OTHERS.sub("", document.text)):
        return None
    opening = [block.span.of(document.text) for block in document.blocks[:BELOW_TITLE]]
    titles = (text.title() if text.isupper() else text for text in (document.title, *opening))
    found = (HOUSE.search(text) for text in titles)
    named = next((f"the {one['who']}" for one in found if one and not VISITED.search(one.string[: one.start()])), None)
    return named or next(_signed(opening[1:]), None)


def _signed(opening: list[str]) -> Iterator[str]:
    """Yield whose handbook it is, and the name that stands first in the line below a title."""
    for text in opening:
        if found := RULES_OF.match(text):
            yield f"the {found['who'].removeprefix('The ')}"
        elif (found := LETTERHEAD.match(text)) and not NO_HOUSE.search(found["who"]):
            yield found["who"]


def of_speaker(who: Speaker, document: Document) -> str | None:
    """Return whose "we" somebody speaks with: their organisation, or what the text says that they run."""
    return who.organisation or _told(who.name, document)


@lru_cache(maxsize=512)
def _told(name: str, document: Document) -> str | None:
    """Return what a text says that somebody runs, founded or heads, as it names it."""
    called = rf"{re.escape(name)}(?:, \d\d,)?"
    house = rf"(?P<house>{KIND}{NAME})(?=[.,;:)]|$| (?:and|has|in|is|which|that|with|at)\b)"
    direct = re.compile(rf"{called}(?:, who|, a [a-z ]{{3,40}} who)? {LEADS} {house}")
    titled = re.compile(rf"{called},? (?:the )?(?:[a-z-]+ ){{0,2}}{LEADER} {house}")
    owned = re.compile(rf"(?:{re.escape(name)}[’']s?|\b[Hh](?:er|is)) (?:own )?{FIRM},? (?P<house>{NAME})(?=[,.;])")
    for text in _about(name, document):
        for pattern in (direct, titled, owned):
            if found := pattern.search(text):
                return found["house"]
    return None


def _about(name: str, document: Document) -> Iterator[str]:
    """Yield the lines and paragraphs that name somebody and are nobody's words."""

    def told(block: Block) -> bool:
        return block.speaker is None and block.kind in PROSE

    for block in document.blocks:
        text = block.span.of(document.text)
        if told(block) and name in text:
            yield text[text.index(name) :]
