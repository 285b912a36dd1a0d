"""What a document, a section or a shape is about, as words that a question can carry."""

import re
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache

from quizapp.domain.documents import Block, BlockKind, Document
from quizapp.generate import wording
from quizapp.ingest import names, sections

NUMBERED = re.compile(
    r"^(?:(?:table|chapter|ch\.|section|sec\.|part|step|appendix|figure|annex|item|lecture|lesson|unit|module) )?(?:[A-Z]{1,3}-?)?\d+(?:\.\d+)*[.):]?(?:\s*[-–—:])?\s+(?=\S)",
    re.IGNORECASE,
)
KIND_OF_TEXT = (
    r"(?:frequently asked questions|faqs?|q ?& ?a|questions and answers|glossary|release notes|change ?log|what[’']s new|"
    r"minutes|hand ?book|guide(?:lines)?|manual|policy|runbook|playbook|fact sheet|cheat sheet|notes|read ?me|overview|introduction)"
)
OF_TITLE = (
    re.compile(rf"^(?:[\w-]+ ){{0,2}}{KIND_OF_TEXT}\s*[:–—|-]\s+(?P<what>.+)$", re.IGNORECASE),
    re.compile(
        rf"^(?:the |an? |our )?{KIND_OF_TEXT}(?: (?:about|on|for|of|to)| ?[:–—|-])\s+(?P<what>.+)$", re.IGNORECASE
    ),
    re.compile(rf"^(?P<what>.+?)(?:\s*[:–—|-]\s*|[’']s |,? )(?:an? |the )?{KIND_OF_TEXT}\b.*$", re.IGNORECASE),
)
CHANGES_TO = re.compile(
    r"\b(?:[Cc]hanges (?:to|in|of)|[Rr]elease notes (?:for|of)) (?:the )?(?P<what>[A-Z][\w.-]*(?: [A-Z][\w.-]*){0,2})"
)
RELEASES = re.compile(
    r"\b(?:release notes|change ?log|what[’']s new|glossary|fact sheet|faqs?|questions)\b", re.IGNORECASE
)
ORGANISED = re.compile(
    r"^(?:organi[sz]ation|company|institution|association|society|project|product|team|department|client|committee):\s*(?P<what>[^|·;]{3,70})$",
    re.IGNORECASE,
)
# Headings that say what kind of passage follows, not what it is about.
EMPTY = re.compile(
    rf"^(?:{KIND_OF_TEXT}|general|everyday|miscellaneous|other|more|basics?|(?:terms?|words)(?: (?:we|you) use)?|definitions?|vocabulary|concepts|key (?:terms|concepts)|"
    r"procedure|process|steps?|instructions?|how to|details|added|changed|removed|fixed|deprecated|security|highlights|check|data|table|tables|facts|"
    r"key (?:figures|facts|data)|facts and figures|at a glance|summary|results?|examples?|questions?|contents|background|rules?|limits?|actions?|decisions?|agenda|abbreviations|acronyms|known issues|"
    r"breaking changes|support|minutes of .*|present|attendees|attendance|apologies|any other business|aob|next meeting|matters arising|.*\?)$",
    re.IGNORECASE,
)

# Headings that a reader of the page understands and nobody else.
VAGUE = re.compile(
    r"^(?:before you (?:start|begin|go)|when to use (?:this|it)|why (?:she|he|we|I) .*|when (?:something|things) go(?:es)? wrong|afterwards|key (?:takeaways|points)|takeaways|"
    r"conclusions?|discussion|methods?|outlook|in short|tl;?dr|q ?& ?a|why this .*|rules of thumb|(?:the |this |last )?(?:day|week|month|quarter|year)(?: in (?:brief|review|short|figures|numbers))?|(?:the )?(?:guest|host|speaker|interview)s?\b.*)$",
    re.IGNORECASE,
)
# What a programme calls a talk of which it says no more.
SLOT = re.compile(
    r"(?:(?:opening|closing|first|second|third|final|morning|afternoon|evening|lunch) )*(?:keynote|panel|session|talk|address|remarks|plenary|people|"
    r"workshop|fireside chat|interview|speaker|discussion|lightning talk)s?(?: (?:\d+|one|two|three|session|discussion|debate))?",
    re.IGNORECASE,
)
SESSION = re.compile(r" (?:session|panel|keynote)$", re.IGNORECASE)
DATED = re.compile(
    r"^(?:(?:19|20)\d\d\b.*|Q[1-4]\b.*|\d[\d./: -]*|(?:.*, )?\d{1,2}(?:(?:[-–]| and | to )\d{1,2})? (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*(?: \d{4})?)$"
)
EVENT = re.compile(
    r"\b(?:the |The )?((?:\d{1,3}(?:st|nd|rd|th) |(?:19|20)\d\d )?(?:[A-Z][\w&.’'-]*,? (?:of |on |for |and )?){1,6}"
    r"(?:Summit|Conference|Forum|Congress|Symposium|Convention|Workshop|Meetup|Expo|Assembly)(?: (?:19|20)\d\d)?)"
)
# "Annual report of the Orrin Water Authority": whom such a document is about.
REPORT_OF = re.compile(
    r"^(?:[\w’-]+ ){0,4}(?:[Rr]eport|[Rr]eview|[Aa]ccounts|[Ss]tatement|[Ss]urvey|[Pp]lan|[Bb]ulletin|[Ss]tatistics|[Nn]ewsletter|[Hh]andbook|[Pp]olic(?:y|ies)|[Gg]uidelines) "
    r"(?:of|by|from|for) (?:the )?(?P<who>[A-Z][\w’&-]+(?: (?:of |and |for |the )*[A-Z][\w’&-]+){1,5})(?:,? \(?(?:for )?(?:19|20)\d\d\b.*)?\.?$"
)
# "Hilltop Ferry Service", "The Orrin Water Authority": who may call itself "we".
HOUSE = re.compile(
    r"\b(?P<who>[A-Z][\w’&-]+(?: (?:of |and |for |the )*[A-Z][\w’&-]+){0,5}? (?:Service|Services|Authority|Association|Company|Society|Library|Club|Council|"
    r"Trust|Institute|University|Museums?|Co-?operative|Foundation|Agency|Centre|Center|Hospitals?|Schools?|College|Union|Works|Bank|Theatre|Gallery|Charity|"
    r"Libraries|Department|Office|Board|Network|Railways?|Port|Airport|Zoo|Federation))\b"
)
# "Annual Report 2024", "The Year 2024/25": what happened in it is told without saying when.
YEARLY = re.compile(
    r"\b(?:annual|yearly|year|report|review|accounts|statistics|figures|state of)\b[^.]*?\b(?P<year>(?:19|20)\d\d(?:[-/–]\d\d(?:\d\d)?)?)\b",
    re.IGNORECASE,
)
ACRONYM_LETTERS = 5  # a longer word in capitals is only a heading
BY = re.compile(
    rf"^(?:[Ww]ritten |[Aa]n essay |[Tt]ext |[Ww]ords )?[Bb]y:? (?P<who>{names.NAME})(?=[,.|·•–—]|\s*$| [|·•–—])"
)
ABOUT_AUTHOR = re.compile(rf"^(?P<who>{names.NAME}) (?:teaches|writes|works|lives|is an?|is the)\b")
SELF = re.compile(r"\bI\b")
SPEAKS_OF_SELF = 3  # times that "I" is said in an essay
BELOW_TITLE = 3  # blocks in which the document says whose it is
TOPIC_WORDS = 7
_MONTHS_TEXT = "january february march april may june july august september october november december"
MONTHS = frozenset(_MONTHS_TEXT.split())

# "Handling", of "Handling, Access and Copying"; "In Norrhaven": half of what a title says.
HALF = re.compile(r"\w+$|(?:In|On|At|From|With|For|By|After|Before|Under) ")
MINUTES = re.compile(r"(?:minutes|(?:meeting )?notes) (?:of|from|for)\b|.*\b(?:minutes|meeting)\b.*\d", re.IGNORECASE)
MEETING = re.compile(
    r"\b(?:minutes|meeting|sync|stand-?up|retro(?:spective)?|board|committee|council|debrief|agm|assembly)\b",
    re.IGNORECASE,
)


def bare(heading: str) -> str:
    """Return a heading without its number: "Table 2: Rocks" -> "Rocks"."""
    return NUMBERED.sub("", heading).strip(" :–—-")


def subject(document: Document) -> str | None:
    """Return what or whom the whole document is about; None when only its kind is known."""
    title = bare(document.title).strip("“”\"' ")
    for block in document.blocks[:12]:
        if found := ORGANISED.match(block.span.of(document.text)):
            return found["what"].strip()
    for pattern in OF_TITLE:
        if (found := pattern.match(title)) and not EMPTY.match(found["what"].strip()):
            what = bare(re.sub(r"\s*\([^)]*\)$", "", found["what"]))
            return (
                what if " " in what or RELEASES.search(title) else title
            )  # "Employee" alone says less than "Employee handbook"
    if EMPTY.match(title):
        return next(_from_byline(document), None) or _from_preface(document)
    return re.sub(r"\s*\([^)]*\)$", "", title) or None


def plain(name: str, document: Document) -> str:
    """Return a name in capitals as the document writes its words elsewhere."""
    if not name.isupper() or (len(name.split()) == 1 and len(name) <= ACRONYM_LETTERS):
        return name
    if name.title() in document.text or HOUSE.search(name.title()):
        return name.title()
    return wording.capitalised(re.sub(r"[^\W\d_]+", lambda found: _usual(found[0], document.text), name))


@lru_cache(maxsize=512)
def _usual(word: str, text: str) -> str:
    """Return how a text mostly writes a word inside its sentences."""
    forms = Counter(re.findall(rf"(?:(?<=[a-z] )|(?<=[a-z], ))(?i:{word})\b", text))
    return max(forms, key=lambda form: (forms[form], form), default=word.lower())


def _from_byline(document: Document) -> Iterator[str]:
    """Yield the name that stands in the line below the title: "Hilltop Library · updated in May"."""
    for block in document.blocks[1:3]:
        first = re.split(r"\s*[·|•–—]\s*", block.span.of(document.text))[0]
        if block.kind is BlockKind.PARAGRAPH and re.fullmatch(
            r"(?:[A-Z][\w’'&-]*|of|the|for|and)(?: (?:[A-Z][\w’'&-]*|of|the|for|and)){0,6}", first
        ):
            yield first


def _from_preface(document: Document) -> str | None:
    """Return the product that a change log names below its title."""
    for block in document.blocks[1:4]:
        if found := CHANGES_TO.search(block.span.of(document.text)):
            return found["what"]
    return None


def area(block: Block, document: Document) -> str | None:
    """Return the innermost heading above a block that says what it is about, else the document's subject."""
    above = next(_headings(block), None)
    return plain(above, document) if above else subject(document)


def heading(block: Block, document: Document) -> str | None:
    """Return the innermost heading above a block that tells even who has not the page before them."""
    return next((plain(named, document) for named in _headings(block) if _telling(named)), None)


def _headings(block: Block) -> Iterator[str]:
    """Yield the headings above a block that are more than the kind of passage, the innermost first."""
    for above in reversed(block.path):
        named = re.sub(r"\s*\([^()]*\)$", "", _theme(bare(above)))
        if named and not EMPTY.match(named) and len(named.split()) <= TOPIC_WORDS:
            yield named


def _theme(heading: str) -> str:
    """Return what a talk's heading says that it is about: "Panel: Looms that think, Ada Byron, CTO" -> "Looms that think"."""
    kicker, *rest = re.split(r": | [-–—|] ", heading, maxsplit=1)
    theme = kicker if rest and sections.like_header(heading) else heading
    if rest and SLOT.fullmatch(kicker):
        theme = rest[0]
    return "" if sections.like_header(theme) or SLOT.fullmatch(theme) else SESSION.sub("", theme)


def _telling(name: str) -> bool:
    """Say whether a heading or title is short and tells what it is about: no "Before you start", no date."""
    riddle = any(pattern.match(name) for pattern in (EMPTY, VAGUE, DATED))
    return bool(name) and not riddle and len(name.split()) <= TOPIC_WORDS


def topic(document: Document) -> str | None:
    """Return a short name of what a document is about, else the name that it says most often."""
    if document.title and (found := EVENT.findall(document.title)):
        return f"The {found[-1]}"
    if body := _body(document):
        return body
    if essay := _essay(document):
        return essay
    whole = subject(document) or ""
    parts = [part.strip(" “”\"'") for part in (_front(whole), whole) if part.strip()]
    short = [plain(part, document) for part in parts]
    quoted = document.title.lstrip().startswith(('"', "“", "'"))
    named = next((part for part in short if _telling(part)), None)
    return _named_most(document) or named if quoted else named or _named_most(document)


def _front(title: str) -> str:
    """Return a title up to its first mark, a comma only where the words before it say enough."""
    front = re.split(r"[:–—]| - ", title)[0]
    before, comma, _ = front.partition(",")
    return front if comma and HALF.match(before) else before


def _body(document: Document) -> str | None:
    """Return whose report a document is, with the year that its title names."""
    opening = (block.span.of(document.text) for block in document.blocks[:BELOW_TITLE])
    said = next((found["who"] for text in (document.title, *opening) if (found := REPORT_OF.match(text))), None)
    if said is None or any(who.name in said for who in document.people):
        return None
    year = re.search(r"\b(?:19|20)\d\d\b(?:[-–/]\d\d(?:\d\d)?)?", document.title)
    return f"{said} {year[0]}" if year and year[0] not in said else said


def year(document: Document) -> str | None:
    """Return the year that a report is about, as its title has it; None where somebody speaks."""
    if any(block.speaker for block in document.blocks):
        return None
    opening = (block.span.of(document.text) for block in document.blocks[:BELOW_TITLE])
    return next((found["year"] for text in opening if (found := YEARLY.search(text))), None)


def author(document: Document) -> str | None:
    """Return who wrote an essay, a text that speaks of "I" and in which nobody else speaks."""
    spoken = any(block.speaker for block in document.blocks)
    return None if spoken or len(SELF.findall(document.text)) < SPEAKS_OF_SELF else next(_authors(document), None)


def _essay(document: Document) -> str | None:
    """Return whose essay a document is, with its title: "Ada Byron’s “Looms that think”"."""
    title = document.title.strip(" “”")
    who = author(document) if title and len(title.split()) <= TOPIC_WORDS else None
    return f"{who}’s “{title}”" if who else None


def _authors(document: Document) -> Iterator[str]:
    """Yield who is named as the author below the title, or in the note at the end."""
    texts = [block.span.of(document.text) for block in document.blocks]
    for pattern, where in ((BY, texts[: 2 * BELOW_TITLE]), (ABOUT_AUTHOR, texts[-BELOW_TITLE:])):
        yield from (found["who"] for text in where if (found := pattern.match(text)))


def _named_most(document: Document) -> str | None:
    """Return the name of a thing that a document says most often, and at least three times."""
    people = {part for who in document.people for part in who.name.split()}
    inside = re.findall(r"(?<=[a-z,] )[A-Z][\w-]+(?: [A-Z][\w-]+)*", document.text)
    said = Counter(name for name in inside if not set(name.split()) & people and name.lower() not in MONTHS)
    often = said.most_common(1)
    return often[0][0] if often and often[0][1] >= 3 else None


def placed(question: str, block: Block, document: Document) -> str:
    """Return a question behind its section's subject, or the document's where the question says that already."""
    shown = framed(question, area(block, document))
    return framed(question, subject(document)) if shown == question else shown


def framed(question: str, about: str | None) -> str:
    """Return a question behind what it is about, unless it says so itself."""
    if not about:
        return question
    said = {word.lower().rstrip("s") for word in re.findall(r"\w{3,}", question)}
    words = {word.lower().rstrip("s") for word in re.findall(r"\w{4,}", about)}
    return question if words <= said else f"{wording.capitalised(about)}: {question}"


def is_meeting(document: Document) -> bool:
    """Say whether a document reports on a meeting."""
    below = (block for block in document.blocks[:BELOW_TITLE] if block.kind is BlockKind.HEADING)
    called = MEETING.search(document.title) or any(MINUTES.match(block.span.of(document.text)) for block in below)
    return bool(called) or any(
        block.kind is BlockKind.ROW and {"owner", "deadline"} <= {column.lower() for column in block.columns}
        for block in document.blocks
    )
