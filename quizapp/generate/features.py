"""What can be measured of a candidate before anybody has rated it. Start from `measured`.

Every feature has a name that says what it is, and sentences for the person to whom a card
is shown with doubts. What a feature weighs is not decided here: `worth` knows it from ratings.
"""

import math
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from quizapp.domain.documents import BlockKind
from quizapp.generate import clozes, grammar, wording
from quizapp.generate.seen import Seen, telling

Measure = Callable[[Seen], float]

NUMBER = re.compile(rf"\d|\b{clozes.WORDED}\b")
MEASURED = re.compile(r"[a-z%$€£¥]")
UNIT_AFTER = re.compile(r"\[…\]\s?(?:k?m|cm|mm|m/s|ms|µm|h|s|min|kilobytes|EUR|per|milli\w+|[GMkT]B|cubic|[ap]\.m)\b")
DATED = re.compile(r"\b\d{4}-\d\d\b|\b\d\d?[./]\d\d?[./]\d{2,4}\b|^0\d")
YEAR = re.compile(r"\b(?:19|20)\d\d\b")
HEDGE = re.compile(
    r"\b(?:perhaps|maybe|I think|I guess|something like|or so|kind of|sort of|probably|uh|um|well|you know)\b"
)
MODAL = re.compile(r"\b(?:must|may|can|cannot|should|shall|needs?|has to|have to|allowed|required|never|always)\b")
LIMIT = re.compile(
    r"\b(?:only|every|each|per|always|never|all|most|average|limit|largest|smallest|first|maximum|minimum|highest|lowest)\b"
)
LINKED = re.compile(r"\b(?:which|who|because|since|so that|if|when|unless|although|while)\b")
PERSONAL = re.compile(r"\b(?:I|[Ww]e|[Oo]ur|us|[Mm]y|me|[Yy]ou|[Yy]our)\b")
POINTING = re.compile(
    r"\b(?:it|its|he|his|him|she|her|they|their|them|this|that|these|those|such|here|there)\b", re.IGNORECASE
)
POINTING_SUBJECT = re.compile(r"(?:it|he|she|they|this|that|these|those|there)$", re.IGNORECASE)
BARE_NOUN = re.compile(r"[Tt]he [a-z-]+$")
DEFINITE = re.compile(r"\b[Tt]he ((?:[a-z-]+ )?[a-z-]+)(?! of\b| that\b| which\b)")
RELATIVE_TIME = re.compile(
    r"\b(?:ago|earlier|later|since|last|next|now|before|today|yesterday|at present|currently|so far)\b", re.IGNORECASE
)
SOCIAL = re.compile(r"\b(?:thanks?|congrat\w+|please|sorry|welcome|cheers|unfortunately)\b", re.IGNORECASE)
SYMBOL = re.compile(r"[=÷×≈^→+#@]")
EXAMPLE = re.compile(r"\b(?:example|suppose|imagine)\b", re.IGNORECASE)
NEGATED = re.compile(r"\b(?:not|no|never|nobody|nothing|none)\b|n['’]t\b", re.IGNORECASE)
VAGUE = re.compile(
    r"(?:people|someone|nobody|everyone|everybody|the (?:reason|idea|point|rest|problem|question)|one|all|most|some)\b",
    re.IGNORECASE,
)
NAME = re.compile(r"(?<=[\w,;] )(?!I\b)[A-Z][\w-]+")
EDGE = 0.04  # of the document, where imprints and thanks stand


@dataclass(frozen=True)
class Feature:
    """Something to measure, and what to tell a person when there is too much or too little of it."""

    name: str
    measure: Measure
    much: str = ""
    little: str = ""


def measured(seen: Seen) -> dict[str, float]:
    """Return every feature of a candidate by name."""
    return {feature.name: round(float(feature.measure(seen)), 4) for feature in FEATURES}


def _has(pattern: re.Pattern[str], of: Callable[[Seen], str]) -> Measure:
    return lambda seen: float(pattern.search(of(seen)) is not None)


def _count(pattern: re.Pattern[str], of: Callable[[Seen], str], *, most: int) -> Measure:
    return lambda seen: min(most, len(pattern.findall(of(seen))))


def _is(kind: BlockKind) -> Measure:
    return lambda seen: float(seen.block is not None and seen.block.kind is kind)


def _logarithm(text: str) -> float:
    return math.log1p(len(text.split()))


def _how_often(words: Iterable[str], seen: Seen) -> float:
    """Return how often the document says some words, as a mean of logarithms."""
    counts = [math.log1p(seen.often(word)) for word in words]
    return sum(counts) / len(counts) if counts else 0.0


def _subject_is(pattern: re.Pattern[str]) -> Measure:
    """Measure whether the sentence has such a subject and none before it is shown."""
    return lambda seen: float(seen.alone and seen.subject is not None and pattern.match(seen.subject.text) is not None)


def _unnamed(seen: Seen) -> float:
    """Count a "the laboratory" that no heading explains."""
    return min(3, sum(seen.topic.isdisjoint(telling(found[1])) for found in DEFINITE.finditer(seen.core)))


def _no_verb(seen: Seen) -> float:
    return float(seen.parse is not None and seen.verb is None)


def _past(seen: Seen) -> float:
    return float(seen.verb is not None and seen.verb.tag_ == "VBD")


def _second_verb(seen: Seen) -> float:
    return float(seen.verb is not None and any(child.dep_ == "conj" for child in seen.verb.children))


def _second_clause(seen: Seen) -> float:
    return float(
        any(
            token.dep_ in {"conj", "ccomp", "parataxis"}
            and token.pos_ in {"VERB", "AUX"}
            and any(child.dep_ in grammar.SUBJECTS for child in token.children)
            for token in seen.parse or ()
        )
    )


def _unit(seen: Seen) -> float:
    return float(bool(MEASURED.search(seen.answer) or UNIT_AFTER.search(seen.question)))


def _answer_name(seen: Seen) -> float:
    return float(bool(re.search(r"[A-Z]", seen.answer[1:])))


def _sure(seen: Seen) -> float:
    """Return the logit of what the rule claims."""
    sure = max(0.05, min(0.95, seen.candidate.sure))
    return math.log(sure / (1 - sure))


def _asked_of(name: str, measure: Measure, much: str = "", little: str = "") -> tuple[Feature, Feature]:
    """Return a feature twice, since it means one thing for a gap and another for a question."""
    return (
        Feature(f"gap: {name}", lambda seen: measure(seen) if seen.gap else 0.0, much, little),
        Feature(f"question: {name}", lambda seen: 0.0 if seen.gap else measure(seen), much, little),
    )


def _question(seen: Seen) -> str:
    return seen.question


def _core(seen: Seen) -> str:
    return seen.core


def _sentence(seen: Seen) -> str:
    return seen.sentence


def _answer(seen: Seen) -> str:
    return seen.answer


UNCLEAR = "It may be unclear what it is about without the page."
LEANS = "It may lean on a sentence that is not shown."
SMALL = "It may be too small a thing to remember."
TWO = "It may ask for two things at once."
ASIDE = "It looks like something said in passing."
TIED = "It is tied to the day on which it was written."
SHORT = "There is little to go by in the question."

FEATURES: tuple[Feature, ...] = (
    # What the rule and the checks say of it.
    Feature("how sure its rule is", _sure),
    Feature("findings of the checks", lambda seen: min(2, len(seen.candidate.faults))),
    # What the question says of its subject.
    *_asked_of("names", _count(NAME, _question, most=3), little=UNCLEAR),
    *_asked_of("words of the title or heading", lambda seen: min(2, len(seen.topic & {*seen.own, *seen.framing})), little=UNCLEAR),
    Feature("telling words from the page", lambda seen: math.log1p(len(seen.framing)), little=UNCLEAR),
    *_asked_of("telling words of its own", lambda seen: math.log1p(len(seen.own)), little=SHORT),
    Feature("fewer than three telling words", lambda seen: float(len(seen.own) < 3), much=SHORT),
    Feature("how often its words occur", lambda seen: _how_often(seen.own, seen), little=SMALL),
    *_asked_of("words", lambda seen: _logarithm(seen.question), "It is long.", SHORT),
    # What it leaves open.
    *_asked_of("pointing words", _count(POINTING, _core, most=2), much=LEANS),
    Feature("I, we or you", _count(PERSONAL, _core, most=2), much="It may be unclear who speaks."),
    Feature("a pronoun as its subject", _subject_is(POINTING_SUBJECT), much=LEANS),
    Feature("a bare “the” as its subject", _subject_is(BARE_NOUN), much=LEANS),
    *_asked_of("things called “the” without a name", _unnamed, much=UNCLEAR),
    Feature("leans on the sentence before", lambda seen: float(wording.dangling(wording.opened(seen.sentence))), much=LEANS),
    Feature("the sentence before is shown", lambda seen: float(not seen.alone)),
    Feature("time seen from the day of writing", _has(RELATIVE_TIME, _core), much=TIED),
    # Where it stands.
    Feature("sentences before it in its block", lambda seen: min(4, seen.nth), much=LEANS),
    Feature("words of its block", lambda seen: _logarithm(seen.paragraph), little=SHORT),
    *_asked_of("in a bullet", _is(BlockKind.BULLET), much=UNCLEAR),
    Feature("in a step", _is(BlockKind.STEP)),
    Feature("in a table", _is(BlockKind.ROW)),
    Feature("at the edge of the document", lambda seen: float(not EDGE < seen.place < 1 - EDGE), much=ASIDE),
    Feature("an example", _has(EXAMPLE, lambda seen: seen.paragraph), much="It belongs to an example."),
    Feature("other candidates on the sentence", lambda seen: min(4, seen.rivals), little=SMALL),
    *_asked_of("a speaker is known", lambda seen: float(seen.candidate.speaker is not None), UNCLEAR, UNCLEAR),
    # How the sentence is made.
    Feature("words of the sentence", lambda seen: _logarithm(seen.sentence), little=SHORT),
    *_asked_of("no main verb", _no_verb, much="Its sentence is not a whole one."),
    Feature("told in the past", _past, much=SMALL),
    *_asked_of("a second verb", _second_verb, much=TWO),
    *_asked_of("a second clause", _second_clause, much=TWO),
    Feature("commas", lambda seen: min(3, seen.core.count(",")), much=TWO),
    Feature("a semicolon", lambda seen: float(";" in seen.sentence), much=TWO),
    Feature("linked clauses", _has(LINKED, _sentence)),
    Feature("opens small or in brackets", lambda seen: float(seen.sentence[:1].islower() or seen.sentence[:1] in "(["), much=ASIDE),
    Feature("brackets", lambda seen: float("(" in seen.sentence), much=ASIDE),
    Feature("an exclamation mark", lambda seen: float("!" in seen.sentence), much=ASIDE),
    Feature("a middle dot", lambda seen: float("·" in seen.sentence), much=ASIDE),
    Feature("symbols", _has(SYMBOL, _question), much="It is a formula or a shorthand."),
    *_asked_of("quoted words", lambda seen: float(bool(re.search("[“\"]", seen.core)))),
    Feature("hedges", _count(HEDGE, _sentence, most=2), much=ASIDE),
    Feature("thanks and greetings", _has(SOCIAL, _sentence), much=ASIDE),
    *_asked_of("must, may or can", _has(MODAL, _sentence)),
    *_asked_of("not", _has(NEGATED, _core)),
    Feature("only, each or most", _has(LIMIT, _core), little=SMALL),
    *_asked_of("a year", _has(YEAR, _sentence)),
    Feature("other numbers", lambda seen: min(3, len(re.findall(r"\d+", seen.core))), much=TWO),
    # What the answer is.
    Feature("answer: a number with a unit", _unit, little="The answer is a bare number."),
    Feature("answer: one digit", lambda seen: float(bool(re.fullmatch(r"\d", seen.answer))), much=SMALL),
    Feature("answer: compared or rounded", lambda seen: float(bool(re.match(clozes.ABOUT, seen.answer)))),
    Feature("answer: a date or code", _has(DATED, _answer), much=SMALL),
    *_asked_of("answer: has a number", _has(NUMBER, _answer)),
    Feature("answer: a name", _answer_name),
    *_asked_of("answer: words", lambda seen: _logarithm(seen.answer), much="The answer is long.", little=SMALL),
    Feature("answer: share of the sentence", lambda seen: min(1.0, len(seen.answer.split()) / max(1, len(seen.sentence.split()))), much="The answer is nearly the whole sentence."),
    Feature("answer: a bare “the”", _has(BARE_NOUN, _answer), much="The answer may be unclear without the page."),
    Feature("answer: nobody in particular", lambda seen: float(bool(VAGUE.match(seen.answer))), much="The answer says little."),
    *_asked_of("answer: how often its words occur", lambda seen: _how_often(telling(seen.answer), seen)),
    Feature("answer: stands elsewhere, too", lambda seen: float(seen.reading.document.text.count(seen.answer) > 1), much="The answer may be found elsewhere, too."),
)  # fmt: skip
