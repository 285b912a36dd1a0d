"""Sentences with their evidence: what the document says, where, and who says it.

A claim's `text` is verbatim. Its `said` is what questions are made of: the same without asides
that only name the speaker ("..., Deng argues, ..."), without the label of a bullet, and with its
subject named (see `referents`).
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from quizapp.domain.documents import Block, BlockKind, Document, Span, Speaker
from quizapp.generate import reporting, subjects, wording
from quizapp.ingest import interviews, introductions
from quizapp.ingest.sections import HONORIFIC, introduced, own

if TYPE_CHECKING:
    from spacy.tokens import Doc

ASKING = 0.4  # share of questions from which somebody is there to ask
HOSTS = re.compile(
    r"(?:.{0,120}[.;|(] ?)?(?:hosts?|hosted by|interviewers?|interviewed by|moderators?|moderated by|moderation)\s*:?\s+"
    r"(?P<who>[^;|()]{4,120}?)(?:$|[.;|)](?= |$))",
    re.IGNORECASE,
)
TIMED = re.compile(r"\[?\(?\d{1,2}:\d\d")  # an entry of a table of contents
PROSE = (BlockKind.PARAGRAPH, BlockKind.BULLET, BlockKind.STEP, BlockKind.QUOTE)

SHORTENED = re.compile(
    r"(?:\b(?:Dr|Mr|Mrs|Ms|Prof|St|Sr|Jr|vs|etc|approx|Inc|Ltd|Corp|Co|Fig|Vol|Art|Sec|Ch|pp|cf|al|e\.g|i\.e|a\.m|p\.m|U\.S|U\.K|"
    r"Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept|Sep|Oct|Nov|Dec)|\b[A-Z]|^\d{1,3})$"
)
MIN_WORDS = 4  # of a sentence in small letters
ASKED_WORDS = 10
# What somebody who took notes still wants to do or to know.
WRITERS = re.compile(r"my (?:own )?(?:to-?dos?|tasks?|thoughts|questions|actions?|follow-?ups?)\b", re.IGNORECASE)
ASKS = re.compile(
    r"(?:who|whom|whose|what|when|where|which|why|how|can|may|do|does|is|are|will|should|must|has|have|could|did|was|were|at|for|in|to|by|"
    r"you(?:[’']ve|[’']re)?|your|let[’']s|tell|a last|one last)\b",
    re.IGNORECASE,
)
FILLER = re.compile(
    r"(?:(?:, |^|(?<=\w ))(?:um|uh|erm|hmm)\b,?(?= |$))|, you know\b,?(?= |$)|(?<=\w )you know,(?= )|"
    r"(?<=\w), (?:what|like|mind|I mean|I don[’']t know|sort of|kind of|(?:the one|as) I (?:just )?(?:mentioned|said)),(?= )|"
    r"^(?:Well|Oh|Look|Okay|I mean|You see|You know|Yeah), (?=\w)"
)
# In notes of a talk, what the speaker says without "Her point is that ...".
TOLD_IN_NOTES = re.compile(
    r"^(?:(?:Hence|So|Thus|Therefore),? )?(?:(?:her|his) (?:main |own |first )?(?:point|view|opinion|take|claim|argument)"
    r"(?:: | (?:is |was )?that )|(?:she|he) (?:also )?(?:says|said|thinks|argues|argued|claims|believes) that )(?=\S)",
    re.IGNORECASE,
)
TOLD_AFTER = re.compile(r",? (?:she|he) (?:says|said|thinks|thought|told us)$", re.IGNORECASE)
HERE = re.compile(
    r",? in this (?:report|chapter|document|article|guide|handbook|policy|section|page|essay|paper)\b,?| \((?:see|as) (?:above|below)[^()]*\)"
)
ASIDE = re.compile(r"\s*\[(?:laughs|laughter|music|applause|!+|\?+|sic|inaudible|crosstalk|pause)\]", re.IGNORECASE)
LISTS_QUESTIONS = re.compile(r"\b(?:two|three|four|five|six) (?:[\w-]+ )?(?:questions|tests|things|checks)\b[^?:]*: ")
NUMBERED = re.compile(r"\b[Nn](?:o|r)$")  # "No. 2"
ORDINAL = re.compile(r"\b(?:[12]?\d|3[01])$")  # "am 3. Oktober", "im 19. Jahrhundert"
COUNTED = re.compile(
    r"(?:Januar|Februar|März|April|Mai|Juni|Juli|August|September|Oktober|November|Dezember|Jahrhundert)"
)
LABELLED = re.compile(r"^[A-Z][\w’'-]*(?: [\w’'-]+){0,4}: (?=[A-Z])")  # the heading of a bullet
END = re.compile(r"([.!?…]+)[\"”“’»')\]]*\s+(?=[\"“„«‘'(\[]?[^\W_a-z])|[。！？।۔؟]+[”」』）]*(?=[^。！？”」』）と])\s*")


@dataclass(frozen=True)
class Claim:
    """One sentence of the document."""

    text: str
    said: str  # opens without "But" or "First", names its subject, ends without a full stop
    span: Span
    block: Block
    speaker: Speaker | None
    before: "Claim | None" = None  # the sentence before it in the same block
    after: tuple[str, ...] = ()  # the sentences that follow it in the same block
    parse: "Doc | None" = None  # of what is said
    told: str = ""  # the sentence with the whole name of whom it reports
    label: str = ""  # what the bullet or bold words in front say that it is about
    above: "Claim | None" = None  # the bullet that it is nested under
    asked: str = ""  # the question that it answers, in an interview
    evidence: Span | None = None  # from the sentence that names its subject, where that is another one

    @property
    def heading(self) -> str | None:
        """Return the innermost heading above the claim."""
        return self.block.path[-1] if self.block.path else None

    @cached_property
    def words(self) -> int:
        """Return how many words the sentence has."""
        return len(self.text.split())


def sentences(text: str) -> Iterator[Span]:
    """Return where each sentence of a paragraph is, without the space around it."""
    start = 0
    for found in END.finditer(text):
        stop = len(text[: found.end()].rstrip())
        if found[1] == "." and _shortened(text[start : found.start()], text[found.end() :]):
            continue
        if stop > start:
            yield Span(start, stop)
        start = found.end()
    if text[start:].strip():
        yield Span(start, start + len(text[start:].rstrip()))


def _shortened(before: str, after: str) -> bool:
    """Say whether a full stop only ends an abbreviation."""
    return (
        bool(SHORTENED.search(before))
        or (bool(NUMBERED.search(before)) and after[:1].isdigit())
        or bool(ORDINAL.search(before) and COUNTED.match(after))
    )


def claims(document: Document) -> list[Claim]:
    """Return the statements of a document in reading order, unparsed; questions are left out."""
    people = tuple(
        {who.name: who for who in (*(b.speaker for b in document.blocks if b.speaker), *document.people)}.values()
    )
    asking, minutes = _interviewers(document), subjects.is_meeting(document)
    others = _others(document, people)
    out: list[Claim] = []
    above: list[Claim] = []  # the bullets that a bullet is nested under, outermost first
    question = ""
    last: Block | None = None
    quoting: Speaker | None = None  # whose quotation goes on in the next paragraph
    host: Speaker | None = None  # whose section is being read
    talk: Speaker | None = None  # whose talk all of the document is about
    top: Block | None = None  # the heading that opens it
    for block, before in zip(document.blocks, (None, *document.blocks), strict=False):
        if block.kind in (BlockKind.TITLE, BlockKind.HEADING):
            theirs = _host(block.span.of(document.text), people)
            own_notes = own(block.span.of(document.text))
            talk = theirs if block.kind is BlockKind.TITLE else talk
            below = top is not None and block.level > top.level and not own_notes
            host = theirs or (host if below else None if own_notes else talk)
            top = top if below and host and not theirs else block
        elif block.kind is BlockKind.LABEL and own(block.span.of(document.text)):
            host = None
        elif _is_below(block, before) and (theirs := _host(block.span.of(document.text), people)):
            host = theirs
            talk = theirs if top and top.kind is BlockKind.TITLE else None
        if block.speaker and block.speaker.name in asking:
            question = _question(block.span.of(document.text))
        elif block.kind is BlockKind.HEADING or _is_question(block, document):
            question = _question(block.span.of(document.text)) if block.span.of(document.text).endswith("?") else ""
        elif block.path and WRITERS.match(block.path[-1]):
            continue
        elif block.kind in PROSE and not TIMED.match(block.span.of(document.text)):
            above = [one for one in above if block.kind is BlockKind.BULLET and one.block.level < block.level]
            theirs = _led(block, people) or (None if _aside(document, block, last, host) else host)
            whom = reporting.Around(
                people, theirs, _alone_above(document, last, block, people), others, quoting, minutes
            )
            every = list(_of_block(document, block, whom))
            quoting = every[-1].speaker if every and reporting.goes_on(block.span.of(document.text)) else None
            last = block
            parent = above[-1] if above else None
            asked = question or (_question(block.lead) if block.lead.endswith("?") else "")
            out.extend(replace(one, above=parent, asked=asked) for one in every if _tells(one))
            above += every[:1] if block.kind is BlockKind.BULLET else []
            question = ""
    return out


def _others(document: Document, people: Sequence[Speaker]) -> list[str]:
    """Return who is named in prose, and is not known to speak."""
    known = {who.name for who in people}
    prose = [block.span.of(document.text) for block in document.blocks if block.kind in PROSE]
    return [name for name in introductions.named(prose) if name not in known] if people else []


def _led(block: Block, people: Sequence[Speaker]) -> Speaker | None:
    """Return with whose name in bold a paragraph opens."""
    return next((who for who in people if block.lead.startswith(who.name)), None)


def _aside(document: Document, block: Block, last: Block | None, host: Speaker | None) -> bool:
    """Say whether a list item, or a paragraph after somebody's list, does not refer to whose section it is."""
    listed = (BlockKind.BULLET, BlockKind.STEP)
    after = block.kind in listed or (block.kind is BlockKind.PARAGRAPH and last is not None and last.kind in listed)
    text = block.span.of(document.text)
    return host is not None and after and not (reporting.HE_SHE.search(text) or host.name.split()[-1] in text)


def _is_below(block: Block, before: Block | None) -> bool:
    """Say whether a label stands below a heading, where it may say who speaks."""
    above = (BlockKind.TITLE, BlockKind.HEADING, BlockKind.LABEL)
    label = block.kind is BlockKind.LABEL and block.level == 0
    return label and before is not None and before.kind in above


def _host(heading: str, people: Sequence[Speaker]) -> Speaker | None:
    """Return whose section a heading opens: the one person whom it names with a title, or whose name it is."""
    there = [who for who in people if who.name.casefold() in heading.casefold()]
    bare = HONORIFIC.sub("", heading, count=1).casefold()
    named = len(there) == 1 and (
        bare == there[0].name.casefold()
        or (there[0].title or "?") in heading
        or [one.name.casefold() for one in introduced(heading, heads=True)] == [there[0].name.casefold()]
    )
    return there[0] if named else None


def _is_question(block: Block, document: Document) -> bool:
    """Say whether a label is a question of an interview."""
    return block.kind is BlockKind.LABEL and block.span.of(document.text).endswith("?")


def _tells(claim: Claim) -> bool:
    """Say whether a sentence states something; one in small letters only does where it opens its block."""
    opens = claim.before is None and len(claim.text.split()) >= MIN_WORDS
    asks = claim.text.rstrip("”\"')").endswith("?") and not LISTS_QUESTIONS.search(claim.text)
    return (opens or not claim.text[0].islower()) and not asks


def _question(text: str) -> str:
    """Return what an interviewer asks in the end, if it is short and clear by itself."""
    text = interviews.ASKED.sub("", text, count=1)
    every = [span.of(text) for span in sentences(text)]
    last = next((one for one in reversed(every) if one.endswith("?")), every[-1])
    asked = FILLER.sub("", re.sub(r"^\[[^\]]*\]\s*", "", wording.opened(last)))
    unclear = wording.POINTS_BACK.search(asked) or "--" in asked or not ASKS.match(asked)
    return "" if unclear or not 3 <= len(asked.split()) <= ASKED_WORDS else wording.capitalised(asked.rstrip("."))


def _interviewers(document: Document) -> set[str]:
    """Return who mostly asks, or is called the host: what they say in passing is not what the document teaches."""
    asked: Counter[str] = Counter()
    spoken: Counter[str] = Counter()
    hosts: set[str] = set()
    for block in document.blocks:
        text = block.span.of(document.text)
        if block.speaker and block.kind is BlockKind.PARAGRAPH:
            ends = [span.of(text)[-1] for span in sentences(text)]
            spoken[block.speaker.name] += len(ends)
            asked[block.speaker.name] += ends.count("?")
        elif found := HOSTS.match(text):
            hosts |= {who.name for who in document.people if who.name in found["who"]}
    asking = {name for name in spoken if name in hosts or asked[name] >= ASKING * spoken[name]}
    return asking if asking < set(spoken) else set()


def _alone_above(document: Document, last: Block | None, block: Block, people: Sequence[Speaker]) -> Speaker | None:
    """Return whom alone the paragraph before is about, under the same heading, or all notes of one talk."""
    opens = block.path and (last is None or last.path != block.path)
    if opens and len(people) == 1 and block.speaker is None and _notes(document, people[0]):
        return people[0]  # who "she" is that opens a section
    above = last and last.kind is BlockKind.PARAGRAPH and last.path == block.path and last.speaker is None
    return reporting.only(last.span.of(document.text), people) if last and above else None


def _notes(document: Document, who: Speaker) -> bool:
    """Say whether list items are somebody's: the notes of their talk."""
    return any(block.speaker == who and block.kind is BlockKind.BULLET for block in document.blocks)


def _of_block(document: Document, block: Block, whom: reporting.Around) -> Iterator[Claim]:
    text = block.span.of(document.text)
    spans = [part for span in sentences(text) for part in _reports(span, text, whom)]
    whose = reporting.heard([span.of(text) for span in spans], block.speaker, whom)
    before: Claim | None = None
    for at, (span, heard) in enumerate(zip(spans, whose, strict=True)):
        sentence = span.of(text)
        label = _label(block, heard.said, first=at == 0)
        said = _without(label, heard.said) if at == 0 else heard.said
        if block.speaker and block.kind in (BlockKind.BULLET, BlockKind.STEP):
            said = said.replace('"', "") if said.count('"') == 1 else said  # of words that go on in the next sentence
            said = TOLD_AFTER.sub("", TOLD_IN_NOTES.sub("", said).rstrip("."))
        said = wording.opened(said).rstrip(".")
        after = tuple(later.of(text) for later in spans[at + 1 :])
        where = Span(block.span.start + span.start, block.span.start + span.end)
        claim = Claim(sentence, _fluent(said), where, block, heard.speaker, before, after, told=heard.told, label=label)
        before = replace(claim, after=()) if len(claim.said.split()) > 1 else before
        yield claim


def _reports(span: Span, text: str, whom: reporting.Around) -> list[Span]:
    """Return where the reports of a sentence stand, if it reports two people."""
    return [
        Span(span.start + part.start, span.start + part.end) for part in reporting.parted(span.of(text), whom.people)
    ]


def _label(block: Block, sentence: str, *, first: bool) -> str:
    """Return what a passage says in front that it is about: "Lead pipes: ..." or "**Spill.** ..."."""
    found = LABELLED.match(sentence) if first and block.kind is BlockKind.BULLET else None
    return (found[0] if found else block.lead).strip(" :.–—")


def _without(label: str, sentence: str) -> str:
    """Return a sentence without its label, unless it is the label that has the verb."""
    return LABELLED.sub("", sentence) if label and sentence.startswith(label) else sentence


def _fluent(said: str) -> str:
    """Return what is said without the "um" of speech and the notes of who wrote it down."""
    said = HERE.sub("", said)
    plain = re.sub(r"\s+", " ", FILLER.sub("", ASIDE.sub("", said))).strip(" ,")
    return wording.capitalised(said if plain == said else re.sub(r"\b([\w’']+),? \1\b", r"\1", plain))
