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
from quizapp.generate.checks import NAME, SOMEBODY
from quizapp.generate.seen import Seen, telling

Measure = Callable[[Seen], float]

NUMBER = re.compile(rf"\d|\b{clozes.WORDED}\b")
MEASURED = re.compile(r"[a-z%$€£¥]")
UNIT_AFTER = re.compile(r"\[…\]\s?(?:k?m|cm|mm|m/s|ms|µm|h|s|min|kilobytes|EUR|per|milli\w+|[GMkT]B|cubic|[ap]\.m)\b")
DATED = re.compile(r"\b\d{4}-\d\d\b|\b\d\d?[./]\d\d?[./]\d{2,4}\b|^0\d")
HEDGE = re.compile(
    r"\b(?:perhaps|maybe|I think|I guess|something like|or so|kind of|sort of|probably|uh|um|well|you know)\b"
)
MODAL = re.compile(r"\b(?:must|may|can|cannot|should|shall|needs?|has to|have to|allowed|required|never|always)\b")
LIMIT = re.compile(
    r"\b(?:only|every|each|per|always|never|all|most|average|limit|largest|smallest|first|maximum|minimum|highest|lowest)\b"
)
LINKED = re.compile(r"\b(?:which|who|because|since|so that|if|when|unless|although|while)\b")
POINTING = re.compile(
    r"\b(?:it|its|he|his|him|she|her|they|their|them|this|that|these|those|such|here|there)\b", re.IGNORECASE
)
POINTING_SUBJECT = re.compile(r"(?:it|he|she|they|this|that|these|those|there)$", re.IGNORECASE)
BARE_NOUN = re.compile(r"[Tt]he [a-z-]+$")
FROM_TODAY = re.compile(
    rf"{wording.NOW.pattern}|{wording.ON_THE_PAGE.pattern}|\bago\b|\btoday\b|\bearlier\b", re.IGNORECASE
)
BEATEN = re.compile(
    r"\b(?:rather than|instead of|compared (?:with|to)|same as)\b[^,.;]*\[…\]|\[…\](?: \w+)? (?:ago|before|earlier)\b",
    re.IGNORECASE,
)
TWICE = re.compile(r"\band (?:\w+ )?(?:how|what|which|when|where|who|why)\b", re.IGNORECASE)
YES_OR_NO = re.compile(r"(?:^|[:,.] )(?:Is|Are|Was|Were|Can|Could|Do|Does|Did|May|Must|Should|Will|Has|Have) ")
NO_POINTER = {"WDT", "WP", "IN", "EX"}  # "the rule that ...", "says that ...", "there is"
SOCIAL = re.compile(r"\b(?:thanks?|congrat\w+|please|sorry|welcome|cheers|unfortunately)\b", re.IGNORECASE)
SYMBOL = re.compile(r"[=÷×≈^→+#@]")
EXAMPLE = re.compile(r"\b(?:[Ee]xample|[Ss]uppose|Imagine|(?:us|you) imagine)\b")
VAGUE = re.compile(
    r"(?:people|someone|nobody|everyone|everybody|the (?:reason|idea|point|rest|problem|question)|one|all|most|some)\b",
    re.IGNORECASE,
)


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


def _pointing(seen: Seen) -> float:
    """Count what points at something else: "it", "this rule"; not the "that" of "the rule that ..."."""
    if seen.parse is None:
        return min(2, len(POINTING.findall(seen.core)))
    return min(2, sum(token.tag_ not in NO_POINTER and bool(POINTING.fullmatch(token.text)) for token in seen.parse))


def _nobody(seen: Seen) -> float:
    """Measure whether "she" or "his" stands where no name says whose."""
    people = {part for who in seen.reading.document.people for part in who.name.split()}
    named = NAME.search(seen.core) or people & set(re.findall(r"\w+", seen.core))
    return float(bool(SOMEBODY.search(seen.core)) and not named)


def _yes_or_no(seen: Seen) -> float:
    """Measure whether a question that wants a yes or no gets neither."""
    return float(bool(YES_OR_NO.search(seen.question)) and not re.match(r"(?:yes|no)\b", seen.answer, re.IGNORECASE))


def _no_verb(seen: Seen) -> float:
    return float(seen.parse is not None and (seen.verb is None or seen.verb.pos_ not in {"VERB", "AUX"}))


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


CLAIM = "how sure its rule is"
UNCLEAR = "It may be unclear what it is about without the page."
LEANS = "It may lean on a sentence that is not shown."
SMALL = "It may be too small a thing to remember."
TWO = "It may ask for two things at once."
ASIDE = "It looks like something said in passing."
TIED = "It is tied to the day on which it was written."
SHORT = "There is little to go by in the question."

FEATURES: tuple[Feature, ...] = (
    # What the rule and the checks say of it.
    Feature(CLAIM, _sure),
    Feature("findings of the checks", lambda seen: min(2, len(seen.candidate.faults))),
    # What the question says of its subject.
    *_asked_of("names", _count(NAME, _question, most=3), little=UNCLEAR),
    *_asked_of(
        "words of the title or heading",
        lambda seen: min(2, len(seen.topic & {*seen.own, *seen.framing})),
        little=UNCLEAR,
    ),
    Feature("telling words from the page", lambda seen: math.log1p(len(seen.framing)), little=UNCLEAR),
    *_asked_of("telling words of its own", lambda seen: math.log1p(len(seen.own)), little=SHORT),
    Feature("how often its words occur", lambda seen: _how_often(seen.own, seen), little=SMALL),
    *_asked_of("words", lambda seen: _logarithm(seen.question), "It is long.", SHORT),
    # What it leaves open.
    *_asked_of("pointing words", _pointing, much=LEANS),
    Feature("a pronoun as its subject", _subject_is(POINTING_SUBJECT), much=LEANS),
    Feature("a bare “the” as its subject", _subject_is(BARE_NOUN), much=LEANS),
    Feature(
        "leans on the sentence before", lambda seen: float(wording.dangling(wording.opened(seen.sentence))), much=LEANS
    ),
    Feature("the sentence before is shown", lambda seen: float(not seen.alone)),
    Feature("time seen from the day of writing", _has(FROM_TODAY, _core), much=TIED),
    *_asked_of("he or she without a name", _nobody, much=LEANS),
    # Where it stands.
    *_asked_of("in a bullet", _is(BlockKind.BULLET), much=UNCLEAR),
    Feature("in a step", _is(BlockKind.STEP)),
    Feature("in a table", _is(BlockKind.ROW)),
    Feature("an example", _has(EXAMPLE, lambda seen: seen.paragraph), much="It belongs to an example."),
    Feature("other candidates on the sentence", lambda seen: min(4, seen.rivals), little=SMALL),
    Feature(
        "question: a speaker is known",
        lambda seen: float(seen.candidate.speaker is not None and not seen.gap),
        much=UNCLEAR,
    ),
    # How the sentence is made.
    Feature("words of the sentence", lambda seen: _logarithm(seen.sentence), little=SHORT),
    *_asked_of("no main verb", _no_verb),
    Feature("told in the past", _past, much=SMALL),
    *_asked_of("a second verb", _second_verb, much=TWO),
    *_asked_of("a second clause", _second_clause, much=TWO),
    Feature("commas", lambda seen: min(3, seen.core.count(",")), much=TWO),
    Feature("linked clauses", _has(LINKED, _sentence)),
    Feature(
        "opens small or in brackets",
        lambda seen: float(seen.sentence[:1].islower() or seen.sentence[:1] in "(["),
        much=ASIDE,
    ),
    Feature("brackets", lambda seen: float("(" in seen.sentence), much=ASIDE),
    Feature("an exclamation mark", lambda seen: float("!" in seen.sentence), much=ASIDE),
    Feature("a middle dot", lambda seen: float("·" in seen.sentence), much=ASIDE),
    Feature("symbols", _has(SYMBOL, _question), much="It is a formula or a shorthand."),
    Feature("hedges", _count(HEDGE, _sentence, most=2), much=ASIDE),
    Feature("thanks and greetings", _has(SOCIAL, _sentence), much=ASIDE),
    *_asked_of("must, may or can", _has(MODAL, _sentence)),
    Feature("only, each or most", _has(LIMIT, _core), little=SMALL),
    Feature("asks two questions", _has(TWICE, _question), much=TWO),
    # What the answer is.
    Feature("answer: neither yes nor no", _yes_or_no, much="The answer does not say yes or no."),
    Feature("answer: what something else is compared with", _has(BEATEN, _question), much=SMALL),
    Feature("answer: a number with a unit", _unit, little="The answer is a bare number."),
    Feature("answer: one digit", lambda seen: float(bool(re.fullmatch(r"\d", seen.answer))), much=SMALL),
    Feature("answer: a date or code", _has(DATED, _answer), much=SMALL),
    *_asked_of("answer: has a number", _has(NUMBER, _answer)),
    *_asked_of("answer: words", lambda seen: _logarithm(seen.answer), much="The answer is long.", little=SMALL),
    Feature(
        "answer: share of the sentence",
        lambda seen: min(1.0, len(seen.answer.split()) / max(1, len(seen.sentence.split()))),
        much="The answer is nearly the whole sentence.",
    ),
    Feature("answer: a bare “the”", _has(BARE_NOUN, _answer), much="The answer may be unclear without the page."),
    Feature(
        "answer: nobody in particular",
        lambda seen: float(bool(VAGUE.match(seen.answer))),
        much="The answer says little.",
    ),
    *_asked_of("answer: how often its words occur", lambda seen: _how_often(telling(seen.answer), seen)),
    Feature(
        "answer: stands elsewhere, too",
        lambda seen: float(seen.reading.document.text.count(seen.answer) > 1),
        much="The answer may be found elsewhere, too.",
    ),
)
