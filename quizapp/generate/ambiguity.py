"""Questions that the document answers in more than one way: made precise, or marked. Start from `settled`.

A rival of a question is another sentence that says all of its words, those of its frame and its
speaker included, and answers it otherwise: the same quantity in another year, a second member of
a set, another view.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from quizapp.domain.cards import CardKind
from quizapp.domain.cloze import GAP
from quizapp.generate import clozes, context, grammar, subjects, wording
from quizapp.generate.candidates import Candidate
from quizapp.generate.claims import Claim
from quizapp.generate.seen import telling

ACCORDING = re.compile(r",? according to [^?]+(?=\?$)")
NUMBERED = re.compile(r"\bhow (?:many|much|long|often|far|high|large)\b|\bwhat (?:share|percentage)\b", re.IGNORECASE)
COUNTED = re.compile(r"\bhow many ([\w-]+)", re.IGNORECASE)
YEAR = re.compile(r"(?:19|20)\d\d")
NEXT_WORD = re.compile(r"[ -]?([^\W\d_]+|[%°])")
SYMBOL = re.compile(r"[%$£€¥]")
LEAST = 2  # telling words of a question that can be compared
_SUBJECTS_TEXT = "asks_subject asks_who asks_agent asks_author subject may asks_only_who"
_OBJECTS_TEXT = (
    "asks_object asks_object_told asks_governed asks_preposition asks_complement asks_where asks_when asks_shown"
)
OF_A_PART = frozenset(f"{_SUBJECTS_TEXT} {_OBJECTS_TEXT}".split())


@dataclass(frozen=True)
class Passage:
    """A sentence as a possible answer: its words, and those of the place where it stands."""

    claim: Claim

    @cached_property
    def own(self) -> frozenset[str]:
        """Return the telling words that the sentence says."""
        return _words(self.claim.said)

    @cached_property
    def around(self) -> frozenset[str]:
        """Return the telling words of what stands above the sentence and of who says it."""
        claim = self.claim
        above = (claim.label, claim.asked, claim.above.said if claim.above else "")
        return _words(" ".join((*claim.block.path, *above, claim.speaker.full if claim.speaker else "")))

    @cached_property
    def predicate(self) -> str:
        """Return the base form of the main verb, or of the adjective after "is"; the subject where it "is" a thing."""
        parse = self.claim.parse
        head = grammar.root(parse) if parse is not None else None
        if parse is None or head is None or grammar.base(head) != "be":
            return grammar.base(head) if head is not None else ""
        what = next((child for child in head.children if child.dep_ == "acomp"), None)
        subject = grammar.subject(parse)
        return grammar.base(what) if what is not None else " ".join(sorted(_words(subject.text if subject else "")))

    @cached_property
    def measures(self) -> frozenset[str]:
        """Return what the numbers of the sentence count or measure."""
        said = self.claim.said
        numbers = {_measure(found[0], said[found.end() :]) for found in clozes.NUMBER.finditer(said)}
        return frozenset(numbers | ({"year"} if YEAR.search(said) else set()))


@dataclass(frozen=True)
class _Document:
    """The passages of a document, found by their words."""

    page: context.Page

    @cached_property
    def everywhere(self) -> frozenset[str]:
        """Return the words that tell no passage from another."""
        reading = self.page.reading
        return _words(f"{reading.document.title} {reading.topic or ''} {reading.event or ''}")

    @cached_property
    def saying(self) -> dict[str, list[Passage]]:
        """Return the passages by each of their own words."""
        found = defaultdict(list)
        for claim in self.page.reading.claims:
            passage = Passage(claim)
            for word in passage.own:
                found[word].append(passage)
        return found

    def rivals(self, one: Candidate) -> Iterator[Passage]:
        """Yield the sentences elsewhere that answer a question otherwise."""
        asked = _words(_core(one)) - self.everywhere
        if len(asked) < LEAST or not (_is_numeric(one) or one.rule in OF_A_PART):
            return
        rarest = min((self.saying.get(word, []) for word in asked), key=len)
        wanted = _words(context.shown(one)) - self.everywhere
        for passage in rarest:
            says_all = asked <= passage.own and wanted <= passage.own | passage.around
            if says_all and not _inside(passage, one) and _answers_otherwise(passage, one):
                yield passage


def _answers_otherwise(passage: Passage, one: Candidate) -> bool:
    """Say whether a sentence that has the words of a question gives another answer."""
    if _words(one.answer) <= passage.own or one.answer.lower() in passage.claim.said.lower():
        return False
    if _is_numeric(one):
        return _asked_measure(one) in passage.measures
    return one.claim is not None and bool(passage.predicate) and passage.predicate == Passage(one.claim).predicate


def settled(candidates: Sequence[Candidate], page: context.Page) -> list[Candidate]:
    """Return the candidates, each made precise where another passage answers it otherwise, else marked."""
    document = _Document(page)
    return [_precise(one, document) if any(document.rivals(one)) else one for one in candidates]


def _precise(one: Candidate, document: _Document) -> Candidate:
    """Return a question with what tells it from its rivals, else marked as ambiguous."""
    clearer = (each for each in _clearer(one, document.page) if not any(document.rivals(each)))
    return next(clearer, replace(one, ambiguous=True))


def _clearer(one: Candidate, page: context.Page) -> Iterator[Candidate]:
    """Yield a question with its speaker, and behind its section."""
    if not one.verbatim and one.speaker and one.speaker.name not in one.question:
        yield replace(one, question=wording.asked(one.question, one.speaker))
    block = page.reading.block(one)
    section = subjects.heading(block, page.reading.document) if block else None
    if section and one.answer.lower() not in section.lower() and section.lower() not in context.shown(one).lower():
        yield replace(one, frame=", ".join(filter(None, (one.frame, section))))


def _is_numeric(one: Candidate) -> bool:
    return one.rule.startswith(("cloze_number", "cloze_date")) or bool(NUMBERED.search(_core(one)))


def _inside(passage: Passage, one: Candidate) -> bool:
    """Say whether a passage is the candidate's own, or in its quote."""
    if one.claim is not None and one.claim.span == passage.claim.span:
        return True
    return one.span.start < passage.claim.span.end and passage.claim.span.start < one.span.end


def _asked_measure(one: Candidate) -> str:
    """Return what the number counts or measures that a card asks for."""
    if counted := COUNTED.search(one.question):
        return _singular(counted[1])
    if YEAR.search(one.answer):
        return "year"
    return _measure(one.answer, one.question.partition(GAP)[2] if one.kind is CardKind.CLOZE else "")


def _measure(number: str, after: str) -> str:
    """Return what a number counts or measures: its sign, its last word, else the word after it."""
    if sign := SYMBOL.search(number):
        return sign[0]
    if (last := re.search(r"\d[ -]?([^\W\d_]+)$|[ -]([^\W\d_]+)$", number)) and not number[-1:].isdigit():
        return _singular(last[1] or last[2])
    following = NEXT_WORD.match(after)
    return _singular(following[1]) if following else ""


def _singular(noun: str) -> str:
    low = noun.lower()
    return "%" if low == "percent" else low.removesuffix("s")


def _core(one: Candidate) -> str:
    """Return a question without who says it, and a gap's sentence without those before it."""
    if one.kind is CardKind.CLOZE and one.claim is not None:
        return one.claim.said.replace(one.answer, GAP)
    return ACCORDING.sub("", one.question)


def _words(text: str) -> frozenset[str]:
    return frozenset(word[: context.STEM] for word in telling(text))
