"""Questions for numbers: how many, how much, how long, what share, from what to what."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from quizapp.generate import clauses, grammar
from quizapp.generate.asking import Asked
from quizapp.generate.candidates import Candidate

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

FRACTIONS = {"quarter", "quarters", "third", "thirds", "half", "fifth", "fifths", "tenth", "tenths"}
SHARES = FRACTIONS | {"%", "percent", "percentage"}
MONEY = {"$", "£", "€", "euro", "euros", "dollar", "dollars", "pound", "pounds", "cents", "eur", "usd", "gbp", "francs"}
TIMES = {"second", "minute", "hour", "day", "week", "month", "quarter", "year", "decade", "min", "m", "millisecond"}
LASTING = {"take", "last", "wait", "run", "need", "spend", "live", "stay"}
MEASURE = re.compile(
    r"(?:kilo|milli|centi|micro|mega|giga|kilowatt-|megawatt-)?(?:met(?:re|er)|gram|watt|hertz|byte|bit|volt|lit(?:re|er)|hour)s?|"
    r"miles?|feet|foot|inch(?:es)?|degrees?|tonnes?|tons?|kilos?|points?|[kcmµ]?m|[km]g|[kmgt]b|[km]?wh?|km/h|m/s|°c|ml|metres?|acres|hectares?|decibels?|db",
    re.IGNORECASE,
)
ABOUT = re.compile(
    r"\b(?:(?:(?:no |a (?:bit|little) )?(?:more|less|fewer|longer|later) than|as (?:many|much|little) as|at (?:least|most)|up to|close to|"
    r"between|about|around|roughly|nearly|almost|approximately|only|just|exactly|some|several|many|a few|a good|something like|not quite|(?<!^)over|(?<!^)under)"
    r"(?: an?)?|an?)$"
)
FIGURES = {"CD", "$", "SYM"}
_PIED_TEXT = """
    by to within after at for in from below above under over with into against before until across on
"""
PIED = frozenset(_PIED_TEXT.split())
ON_OBJECT = {"by", "within", "after", "for", "to", "at", "below", "above"}  # prepositions that the parser hangs too low
_HANGING_TEXT = """
    ago earlier later before after old off more less fewer times higher lower longer further another
"""
HANGING = frozenset(_HANGING_TEXT.split())
_KNOWN_TEXT = """
    the this these those its their his her our my your first next last past other same another every each all both any
"""
KNOWN = frozenset(_KNOWN_TEXT.split())  # before a number that is no news
VAGUE_NOUNS = {"lot", "number", "total", "range", "series", "set", "group", "team", "pair", "couple"}
SCALES = {"pH", "version", "level", "grade", "stage"}
YEAR = re.compile(r"(?:1[5-9]|20)\d\d")
VERSION = re.compile(r"\d+\.\d+\.\d|\d:\d|\d[A-Za-z]")
OUTER_WORDS = 4  # from one preposition to the next: "in starters from"


@dataclass(frozen=True)
class Quantity:
    """A number with the noun that it counts; both are one token in "1.77"."""

    asked: Asked
    number: "Token"
    noun: "Token"

    @cached_property
    def amount(self) -> "list[Token]":
        """Return the number with what stands close around it: "about", "at most", "between ... and ..."."""
        doc, start, stop = self.number.doc, self.number.i, self.number.i + 1
        while start > 0 and (doc[start - 1].tag_ in FIGURES or _joins(doc, start - 1, start - 2)):
            start -= 1
        while stop < len(doc) and (doc[stop].tag_ in FIGURES or _joins(doc, stop, stop + 1)):
            stop += 1
        edge = self.number.left_edge
        if (
            self.number.lower_ in FRACTIONS
            and start == self.number.i
            and edge.i < start
            and edge.lower_ in {"a", "half"}
        ):
            start = edge.i
        found = ABOUT.search(doc[max(0, start - 4) : start].text.lower())
        if found and (found[0] != "a" or self.number.lower_ in {"hundred", "thousand", "million", "dozen"}):
            start -= len(found[0].split())
        return list(doc[start:stop])

    @cached_property
    def unit(self) -> "list[Token]":
        """Return the noun with the words between it and the number."""
        between = [one for left in self.noun.lefts if left.i > self.amount[-1].i for one in left.subtree]
        return [*between, self.noun] if self.noun is not self.number else []

    @cached_property
    def whose(self) -> "list[Token]":
        """Return what belongs to the noun after it: "of drinking water", "made of lead"."""
        subject = self.noun == self.asked.clause.head
        return [
            one
            for child in self.noun.rights
            if child.lower_ in {"of", "per"} or child.dep_ in {"relcl", "acl"} or (subject and child.dep_ != "punct")
            for one in child.subtree
            if one.i > self.amount[-1].i and one not in self.asked.clause.asides
        ]

    @cached_property
    def asking(self) -> str:
        """Return the words that ask for the number: "how many eggs"; empty when there are none."""
        whose = clauses.joined(self.whose)
        of = any(child.lower_ == "of" for child in self.noun.rights)
        if self.is_share:
            return f"what share {whose}" if of else "what percentage"
        if self.is_money:
            return "how much"
        if self.noun.tag_ == "NN" and not self.is_measured and self.noun is not self.number:
            return ""  # "a grade 4 fault"
        if self.noun is self.number:
            return f"how many {whose}" if of else ""
        return f"how many {clauses.joined(self.unit)} {whose}"

    @cached_property
    def tokens(self) -> "list[Token]":
        """Return what the asking words stand for."""
        return [*self.amount, *self.unit, *self.more, *([] if self.is_money else self.whose)]

    @cached_property
    def answer(self) -> str:
        """Return the number, with its unit where the question does not say it."""
        return clauses.joined([*self.amount, *([] if "how many" in self.asking else self.unit), *self.more])

    @property
    def more(self) -> "list[Token]":
        """Return the "or more" after its noun."""
        after = list(self.noun.doc[self.noun.i + 1 : self.noun.i + 3])
        return after if [one.lower_ for one in after] in (["or", "more"], ["or", "less"]) else []

    @property
    def whole(self) -> "list[Token]":
        """Return the noun with all that belongs to it."""
        return [one for one in self.noun.subtree if one not in self.asked.clause.asides]

    @property
    def is_share(self) -> bool:
        """Say whether it is a part of a whole."""
        return self.noun.lower_ in SHARES

    @property
    def is_money(self) -> bool:
        """Say whether it is a sum of money."""
        near = (self.noun, *self.number.children, *([self.number.nbor(-1)] if self.number.i else []))
        return any(one.lower_ in MONEY for one in near)

    @property
    def is_time(self) -> bool:
        """Say whether it is a length of time."""
        return self.noun.lower_.removesuffix("s") in TIMES

    @property
    def is_measured(self) -> bool:
        """Say whether it is measured, not counted."""
        return self.is_share or self.is_money or self.is_time or bool(MEASURE.fullmatch(self.noun.lower_))

    @property
    def small(self) -> bool:
        """Say whether it is so small that it seldom is the point."""
        return self.number.lower_ in {"two", "three", "2", "3"}

    @property
    def joined(self) -> "list[Token]":
        """Return the nouns beside its own: "after two years or 26 loans"."""
        return [one for one in self.noun.children if one.dep_ == "conj" and one.tag_ != "CD"]


def find(asked: Asked) -> Iterator[Candidate]:
    """Yield the questions for the numbers of a clause."""
    clause = asked.clause
    yield from _change(asked)
    for number in (*clause.lead, *clause.subject, *clause.predicate):
        if _counts(number) and not _is_part(number):
            noun = number.head if number.dep_ in {"nummod", "det"} else number
            yield from _for(Quantity(asked, number, noun))


def _joins(doc: "Doc", between: int, beyond: int) -> bool:
    """Say whether "and", "or" or "to" joins a number to another."""
    there = 0 <= beyond < len(doc) and doc[between].lower_ in {"and", "to", "or", "–", "-"}
    return there and doc[beyond].tag_ in FIGURES


def _is_part(number: "Token") -> bool:
    """Say whether a number is only part of one, "five and a half", or of a measure, "a steady 15 degrees"."""
    before = number.doc[max(0, number.i - 2) : number.i]
    steady = len(before) > 1 and before[0].lower_ in {"a", "an"} and before[1].pos_ == "ADJ"
    return steady or number.doc[number.i + 1 : number.i + 4].text == "and a half"


def _counts(token: "Token") -> bool:
    """Say whether a token is the last word of a quantity that is news."""
    if token.lower_ in FRACTIONS and not any(one.tag_ == "CD" for one in token.children):
        of = any(one.lower_ == "of" for one in token.rights) and not any(one.tag_ == "JJ" for one in token.lefts)
        return of and token.dep_ in {"nsubj", "nsubjpass", "dobj", "attr", "pobj"}
    if token.lower_ in {"a", "an"}:  # "less than a minute"
        times = token.head.i == token.i + 1 and token.head.lower_ in TIMES
        return times and bool(ABOUT.search(token.doc[: token.i].text.lower()))
    part = token.head.tag_ == "CD" and token.dep_ in {"compound", "quantmod", "conj", "nummod"}
    if token.tag_ != "CD" or part or token.lower_ in {"one", "zero", "0"} or VERSION.search(token.text):
        return False
    return _counts_noun(token, token.head) if token.dep_ == "nummod" else _is_news(token, token)


def _counts_noun(number: "Token", noun: "Token") -> bool:
    """Say whether a number counts the noun after it; "pH 3.8" is one as well."""
    if noun.i < number.i or noun.tag_ == "NNP":
        return noun.text in SCALES and noun.i == number.i - 1
    year = YEAR.fullmatch(number.text) and noun.pos_ == "PROPN"
    return not year and (len(noun.text) > 1 or noun.text == "%") and _is_news(number, noun)


def _is_news(number: "Token", noun: "Token") -> bool:
    """Say whether a number is no year, no name's part, and not known from before ("the 25 samples")."""
    before = {one.lower_ for one in noun.lefts}
    after = noun.nbor(1).lower_ if noun.i + 1 < len(noun.doc) else ""
    alone = noun is number
    named = alone and (bool(YEAR.fullmatch(number.text)) or (number.i > 0 and number.nbor(-1).pos_ == "PROPN"))
    return not named and not KNOWN & before and after not in HANGING


def _for(one: Quantity) -> Iterator[Candidate]:
    """Yield the question for one number by the place that its noun has in the clause."""
    noun, clause = one.noun, one.asked.clause
    if noun == clause.head:
        yield from _as_subject(one)
    elif noun.dep_ == "attr" and noun.head in clause.chain and clauses.is_be(clause.verb):
        yield from _as_complement(one)
    elif noun.dep_ in {"dobj", "attr", "npadvmod", "oprd"} and noun.head in clause.chain:
        yield from _as_object(one)
    elif noun.dep_ == "pobj" and noun.text in SCALES:
        yield from _on_scale(one)
    elif noun.dep_ == "pobj" and noun.head.lower_ in PIED:
        yield from _after_preposition(one)
    elif noun.dep_ == "pobj" and noun.head.lower_ == "of":
        yield from _of(one.asked, noun.head.head)


def _as_subject(one: Quantity) -> Iterator[Candidate]:
    several = any(child.dep_ == "conj" for child in one.noun.children)
    few = one.number.lower_ in {"two", "three", "four"} and not one.is_share
    if one.asking not in {"", "what percentage", "how much"} and not several and not few:
        yield from one.asked.subject(one.asking, one.tokens, rule="asks_number_subject", sure=0.85, answer=one.answer)


def _as_complement(one: Quantity) -> Iterator[Candidate]:
    """Yield "how many X are there", and "what is the limit"."""
    clause = one.asked.clause
    if one.joined:
        return
    if clause.head.dep_ == "expl":
        question = clause.ask(one.asking, one.tokens, one.asked.reading.casing)
        if "how many" in one.asking:
            question = question.replace(" is there", " are there").replace(" was there", " were there")
        yield from one.asked.card(question, one.answer, rule="asks_number", sure=0.85)
    elif one.is_measured:
        bare = not clause.lead and not any(word.dep_ == "prep" for word in clause.subject)
        yield from one.asked.about("what", one.whole, rule="asks_measure", sure=0.78 - 0.1 * bare)


def _as_object(one: Quantity) -> Iterator[Candidate]:
    verb = one.noun.head.head if one.noun.dep_ == "pobj" else one.noun.head
    lasts = one.is_time and (grammar.base(verb) in LASTING or one.noun.dep_ == "npadvmod")
    beside = one.noun.dep_ == "npadvmod" and not one.is_time and not one.is_share
    if one.joined or one.noun.lower_ == "times" or beside:
        return
    if not lasts:
        sure = 0.86 - 0.1 * one.small
        if one.asking:
            yield from one.asked.about(one.asking, one.tokens, rule="asks_number", sure=sure, answer=one.answer)
        return
    first = one.amount[0]
    over = first if first.lower_ == "over" or first.i == 0 else first.nbor(-1)
    asking, tokens = "how long", [*one.amount, *one.unit]
    if over.lower_ == "over":
        asking, tokens = "over what time", [over, *tokens]
    yield from one.asked.about(asking, tokens, rule="asks_how_long", sure=0.86)


def _after_preposition(one: Quantity) -> Iterator[Candidate]:
    """Yield "within how many hours", "by how much", "for how long"."""
    preposition, asked = one.noun.head, one.asked
    if not _near_verb(asked, preposition):
        yield from _within(one)
        return
    if preposition in one.amount:  # "at most 2 ms"
        yield from _as_object(one)
        return
    said = preposition.lower_
    other = {"from": "to", "to": "from"}.get(said)
    both = any(child.lower_ == other and child.dep_ == "prep" for child in preposition.head.children)
    choice = one.number.i > 0 and preposition.i > 0 and preposition.nbor(-1).dep_ == "cc"
    if one.joined:
        yield from _either(one)
    elif said == "from" and {"to"} == {word.lower_ for word in one.amount} & {"to", "and", "or"}:
        whole = [preposition, *one.amount, *one.unit]
        yield from asked.about("from what to what", whole, rule="asks_change", sure=0.85)
    elif not both and not choice and (asking := _asking_after(said, one)):
        how_much = asking in {"how much", "how long"} and said in {"by", "for"}
        answer = clauses.joined([*one.amount, *one.unit]) if how_much else one.answer
        tokens = [preposition, *(child for child in preposition.lefts if child.dep_ == "advmod"), *one.tokens]
        sure = 0.85 - 0.1 * one.small - 0.06 * (preposition in asked.clause.lead)
        yield from asked.about(f"{said} {asking}", tokens, rule="asks_number_after", sure=sure, answer=answer)


def _asking_after(said: str, one: Quantity) -> str:
    """Return the words that ask for a number after a preposition; empty when none do."""
    if said == "by" and one.is_measured:
        return "how much"
    if said == "for" and one.is_time:
        return "how long"
    return one.asking


def _either(one: Quantity) -> Iterator[Candidate]:
    """Yield "after what" for "after two years or 26 loans"."""
    preposition = one.noun.head
    numbers = all(any(word.tag_ == "CD" for word in other.children) for other in one.joined)
    if numbers and preposition.lower_ in {"after", "for", "within"}:
        whole = [word for word in preposition.subtree if word not in one.asked.clause.asides]
        answer = clauses.joined(whole[1:])
        yield from one.asked.about(f"{preposition.lower_} what", whole, rule="asks_either", sure=0.7, answer=answer)


def _within(one: Quantity) -> Iterator[Candidate]:
    """Yield "in starters from how many countries", one preposition within the phrase of another."""
    inner, clause = one.noun.head, one.asked.clause
    outer = inner.head.head if inner.head.dep_ == "pobj" else None
    if outer is None or outer.head not in clause.chain or outer not in clause.predicate or not one.asking:
        return
    between = list(clause.doc[outer.i : inner.i + 1])
    if len(between) <= OUTER_WORDS + 1:
        asking = f"{clauses.joined(between)} {one.asking}"
        tokens = [*between, *one.tokens]
        yield from one.asked.about(asking, tokens, rule="asks_number_within", sure=0.76, answer=one.answer)


def _on_scale(one: Quantity) -> Iterator[Candidate]:
    """Yield "to what pH" for "to about pH 3.8"."""
    doc, start = one.noun.doc, one.noun.i
    while start > 0 and doc[start - 1].lower_ in {"about", "around", "roughly", "nearly", "almost"}:
        start -= 1
    if start > 0 and doc[start - 1].tag_ in {"IN", "TO"}:
        whole = doc[start - 1 : one.number.i + 1]
        asking = f"{whole[0].lower_} what {one.noun.text}"
        yield from one.asked.about(asking, whole, rule="asks_number_after", sure=0.85, answer=whole[1:].text)


def _of(asked: Asked, noun: "Token") -> Iterator[Candidate]:
    """Yield "what reserve" for "a reserve of at least three months"."""
    is_object = noun.dep_ == "dobj" and noun.head in asked.clause.chain
    if is_object and noun.lower_ not in VAGUE_NOUNS and any(one.lower_ in {"a", "an"} for one in noun.lefts):
        whole = [one for one in noun.subtree if one not in asked.clause.asides]
        named = [one for one in noun.lefts if one.dep_ not in {"det", "predet"}]
        yield from asked.about(f"what {clauses.joined([*named, noun])}", whole, rule="asks_number_of", sure=0.85)


def _change(asked: Asked) -> Iterator[Candidate]:
    """Yield "from what to what" for "fall from 14 months to 6"."""
    ends: dict[str, list[Token]] = {}
    for part in asked.clause.parts:
        if part.head.dep_ == "prep" and part.head.head in asked.clause.chain:
            ends.setdefault(part.head.lower_, [one for one in part.tokens if one not in asked.clause.asides])
    first, last = ends.get("from", []), ends.get("to", [])
    both = [*first, *last]
    if any(one.pos_ == "PROPN" for one in both) or not (_has_number(first) and _has_number(last)):
        return
    beyond = max(one.i for one in both) + 1
    each = [part.tokens for part in asked.clause.parts if part.head.dep_ == "npadvmod" and part.tokens[0].i == beyond]
    tokens = [*both, *(each[0] if each else ())]
    yield from asked.about("from what to what", tokens, rule="asks_change", sure=0.8)


def _has_number(tokens: "list[Token]") -> bool:
    return any(one.tag_ == "CD" and not YEAR.fullmatch(one.text) for one in tokens)


def _near_verb(asked: Asked, preposition: "Token") -> bool:
    """Say whether a preposition hangs on the verb, or on its object where it means the verb."""
    clause, upper = asked.clause, preposition.head
    low = upper.dep_ in {"dobj", "attr", "advmod", "acomp"} and upper.head in clause.chain
    there = preposition in clause.predicate or preposition in clause.lead
    return there and (upper in clause.chain or (low and preposition.lower_ in ON_OBJECT))
