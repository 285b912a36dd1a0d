"""What a card leaves to the page, said in front of it: so that it makes sense in a year, without the document.

The frame names who speaks and what was asked, the meeting or the version, the section or the
topic; as little of it as the words do not say themselves. Start from `placed`.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property

from quizapp.domain.documents import Block, BlockKind
from quizapp.generate import houses, meetings, referents, releases, subjects, wording
from quizapp.generate.candidates import Candidate, Reading
from quizapp.generate.claims import Claim

STEM = 6  # letters in which the forms of a word agree
FRAME_WORDS = 9
TOPIC_FRAME_WORDS = 13  # of the topic and the section together
NESTED_WORDS = 4
LISTED = (BlockKind.BULLET, BlockKind.STEP)
OURS = re.compile(r"\b(?:we|us|our)\b", re.IGNORECASE)
NAME = re.compile(
    rf"(?<=[\w,“(] )[“(]?(?!(?:{'|'.join(month.capitalize() for month in subjects.MONTHS)}|I|UTC|Section|Table|Step)\b)[A-Z]\w+|"
    r"\b[A-Z]{2,}\b|[a-z]+[_.(][a-z_()]+"
)

YEAR = re.compile(r"\b(?:19|20)\d\d\b")
ACRONYM = re.compile(r"\b[A-Z]{2,5}\b")


@dataclass(frozen=True)
class Page:
    """What stands around every card of a document, worked out once."""

    reading: Reading

    @cached_property
    def meeting(self) -> str:
        """Return the name of the meeting that the document reports on, if it does."""
        return meetings.name(self.reading.document) if subjects.is_meeting(self.reading.document) else ""

    @cached_property
    def year(self) -> str:
        """Return the year that the document reports on, if it does."""
        return subjects.year(self.reading.document) or ""

    @cached_property
    def of_releases(self) -> bool:
        """Say whether the document is release notes."""
        return releases.is_release_notes(self.reading.document)


@dataclass(frozen=True)
class _Here:
    """A candidate with the place that it comes from."""

    one: Candidate
    block: Block | None
    page: Page

    @property
    def section(self) -> str:
        """Return the heading above that tells what the passage is about."""
        return (subjects.heading(self.block, self.page.reading.document) or "") if self.block else ""

    @property
    def topic(self) -> str:
        """Return what the document is about."""
        return self.page.reading.topic or ""

    @property
    def verbatim(self) -> bool:
        return self.one.verbatim


def placed(one: Candidate, page: Page) -> Candidate:
    """Return a candidate with what must stand in front of its question."""
    block = page.reading.block(one)
    if own := one.frame or _own_frame(one, block, page):
        one = replace(one, question=wording.capitalised(one.question.removeprefix(f"{own}: ")))
    here = _Here(one, block, page)
    where = _where(here)
    voice = "" if where and _is_reported(one) else _voice(one)
    if page.of_releases:
        return replace(one, frame=_joined(": ", where, _change(here)))
    if voice and not where:
        return replace(one, frame=_spoken_frame(here, voice))
    about = _dated(here, _about(here, where, own))
    if one.asked and not _says(one.question, one.asked):
        about = _joined(", ", about if where else _unsaid(here.topic, one), f"“{one.asked}”")
    return replace(one, frame=_joined(": ", _joined(", ", where, _lower(about) if where else about), voice))


def shown(one: Candidate) -> str:
    """Return the question as the card asks it, behind its frame."""
    inner = one.question.replace("“", "‘").replace("”", "’") if '"' not in one.question else one.question
    words = f"“{inner}”" if _is_quoted(one) else one.question
    framed = f"{one.frame}: {words}" if one.frame else words
    return f"{framed} {one.tail}" if one.tail else framed


def _is_quoted(one: Candidate) -> bool:
    """Say whether a question stands in quotation marks; notes and reports of a talk are seldom the speaker's very words."""
    if not _voice(one) or not one.frame:
        return bool(one.tail)
    return one.claim is not None and one.claim.block.kind is not BlockKind.BULLET and not _is_reported(one)


def _own_frame(one: Candidate, block: Block | None, page: Page) -> str:
    """Return the heading that a strategy has put in front of its question already."""
    headings = (
        subjects.plain(subjects.bare(heading), page.reading.document) for heading in (block.path if block else ())
    )
    above = (wording.capitalised(heading) for heading in headings)
    return next((name for name in above if name and one.question.startswith(f"{name}: ")), "")


def _where(here: _Here) -> str:
    """Return the meeting, or product and version, that a question of such a document is about."""
    meeting = here.page.meeting
    if meeting:
        return "" if here.one.question.startswith((meeting, "What is ", "Who is ")) else meeting
    document = here.page.reading.document
    return (
        releases.place(here.one.question, here.block, document) if here.block and here.page.of_releases else ""
    ) or ""


def _change(here: _Here) -> str:
    """Return what kind of change a gap in release notes is about: "Fixed"."""
    above = here.block.path[-1] if here.block and here.block.path and here.verbatim else ""
    return "" if releases.VERSION_HEADING.match(above) else subjects.bare(above)


def _voice(one: Candidate) -> str:
    """Return who says what a gap is in, unless the sentence says so."""
    claim = one.claim
    if not one.verbatim or claim is None or claim.speaker is None:
        return ""
    named = any(part in one.question for part in claim.speaker.name.split() if len(part) > 2 and part.istitle())
    return "" if named else claim.speaker.name


def _is_reported(one: Candidate) -> bool:
    """Say whether the writer tells what the speaker said."""
    return one.claim is not None and one.claim.block.speaker is None


def _spoken_frame(here: _Here, voice: str) -> str:
    """Return who says it, on what: the question that was asked, or what the notes stand under."""
    if here.one.asked:
        return f"{_of_house(here, voice)}, asked “{here.one.asked}”"
    if not _noted(here, voice):
        return _of_house(here, voice)
    about = _joined(", ", _lower(here.section), _lower(_inner(here.one)))
    known = _says(here.one.question, about) or len(about.split()) > FRAME_WORDS
    return voice if known else f"{voice} on {about}"


def _of_house(here: _Here, voice: str) -> str:
    """Return who speaks with their house, where they say "we" and the words do not name it."""
    who = here.one.claim.speaker if here.one.claim else None
    if who is None or not OURS.search(here.one.question):
        return voice
    house = houses.of_speaker(who, here.page.reading.document)
    return voice if house is None or _says(here.one.question, house) else f"{voice} ({house})"


def _noted(here: _Here, voice: str) -> bool:
    """Say whether a bullet stands in notes of a talk, under what the talk was about and not under a name."""
    listed = here.block is not None and here.block.kind in LISTED
    return listed and bool(here.section) and not any(part in here.section for part in voice.split())


def _about(here: _Here, where: str, own: str) -> str:
    """Return the section that a question is about, or the document's topic, unless the words name one of them."""
    if own and here.one.claim is None:
        return own  # an entry or a row says enough with the name of its list
    if not here.verbatim and not where and not own and _names(here):
        return ""
    for about, longest in _sections(here, own):
        if _says(here.one.question, about) or about.lower() in where.lower():
            return ""
        if len(about.split()) <= longest and not _answers(about, here.one.answer):
            return wording.capitalised(about)
    return own


def _dated(here: _Here, about: str) -> str:
    """Return what a question is about with the year of the report, where it tells what happened or was counted in it."""
    one, year = here.one, here.page.year
    if not year or YEAR.search(f"{about} {one.question} {one.answer}") or not _tells_of_a_year(one):
        return about
    return _joined(", ", about or here.topic, year)


def _tells_of_a_year(one: Candidate) -> bool:
    """Say whether a gap, or a question, is about what happened or was counted, not about what something is."""
    if not one.verbatim:
        return bool(re.search(r"\b(?:did|was|were|had|has)\b", one.question))
    parse = one.claim.parse if one.claim else None
    return any(word.tag_ == "VBD" or word.lower_ == "has" for word in parse or ())


def _sections(here: _Here, own: str) -> Iterator[tuple[str, int]]:
    """Yield what the passage is about, the narrowest that is no riddle first, with how many words it may have."""
    inner = _inner(here.one)
    narrow = own or _joined(", ", here.section, _lower(inner) if here.section else inner)
    said = ACRONYM.sub("", f"{here.one.question}, {_lower(narrow)}")  # "WAL": of which system?
    nameless = here.one.speaker is None and not NAME.search(said)
    ours = not here.page.reading.speakers and OURS.search(here.one.question)
    topic = _body(here) if ours else here.topic
    if (nameless or ours) and topic and not here.page.meeting and not _says(narrow, topic):
        if narrow and narrow.lower() in topic.lower():  # "Access", of "Handling, Access and Copying"
            topic = _body(here)
        known = _says(here.one.question, narrow) or narrow.lower() in topic.lower()
        yield _joined(", ", topic, "" if known else _lower(narrow)), TOPIC_FRAME_WORDS
    yield from ((part, FRAME_WORDS) for part in (narrow, here.section, here.topic) if part)


def _body(here: _Here) -> str:
    """Return whose "we" it is, as the topic has it where that names them."""
    house = here.page.reading.house or here.topic
    return here.topic if house.removeprefix("the ").lower() in here.topic.lower() else house


def _inner(one: Candidate) -> str:
    """Return what the bullet, or the bullet above it, says that it is about."""
    claim = one.claim
    if claim is None or not one.verbatim:
        return ""
    inner = claim.label or (_line_above(claim.above) if claim.above else None) or ""
    return "" if inner.endswith("?") or len(inner.split()) > NESTED_WORDS else _unsaid(inner, one)


def _line_above(above: Claim) -> str | None:
    """Return what the bullet above is about: its subject, or all of it where it only says what stands below."""
    return referents.about(above) or (above.label or re.sub(r"\s*\([^()]*\)$", "", above.text)).rstrip(":")


def _unsaid(name: str, one: Candidate) -> str:
    return "" if name.lower() in one.question.lower() else name


def _names(here: _Here) -> bool:
    """Say whether a question names its topic, its section, or something with a name."""
    said, speaker = here.one.question, here.one.speaker
    if speaker and _noted(here, speaker.name):
        said = said.removesuffix(f", according to {speaker.name}?")  # all of the notes are the speaker's
    return any(name and _says(said, name) for name in (here.topic, here.section)) or bool(NAME.search(said))


def _says(question: str, name: str) -> bool:
    """Say whether a question has all words of a name, in whatever form; its year may stand in the frame alone."""
    found = [word for word in re.findall(r"\w{4,}", name.lower()) if word not in wording.FUNCTION_WORDS]
    words = [word for word in found if not word.isdigit()] or found or [name.lower()]
    return all(word[:STEM] in question.lower() for word in words)


def _answers(about: str, answer: str) -> bool:
    """Say whether a frame would give the answer away."""
    name = answer.partition(" (")[0].lower()
    return len(name) > 2 and name in about.lower()


def _joined(mark: str, *parts: str) -> str:
    return mark.join(part for part in parts if part)


def _lower(name: str) -> str:
    """Return a heading as it stands after another word."""
    first = name.split(",")[0]
    return name[:1].lower() + name[1:] if name[1:2].islower() and not re.search(r" [A-Z]", first) else name
