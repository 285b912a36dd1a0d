"""Questions for numbers: how many, how much, how long, what share, from what to what."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from quizapp.generate import clauses, grammar
from quizapp.generate.asking import Asked
from quizapp.generate.candidates import Candidate

if TYPE_CHECKING:
    from spacy.tokens import Token

SHARES = {
    "%",
    "percent",
    "percentage",
    "quarter",
    "quarters",
    "third",
    "thirds",
    "half",
    "fifth",
    "fifths",
    "tenth",
    "tenths",
}
MONEY = {
    "$",
    "£",
    "€",
    "euro",
    "euros",
    "dollar",
    "dollars",
    "pound",
    "pounds",
    "cents",
    "eur",
    "usd",
    "gbp",
    "francs",
    "crowns",
}
TIMES = {
    "second",
    "minute",
    "hour",
    "day",
    "week",
    "month",
    "quarter",
    "year",
    "decade",
    "century",
    "min",
    "ms",
    "millisecond",
}
LASTING = {"take", "last", "wait", "run", "need", "spend", "live", "stay"}
MEASURE = re.compile(
    r"(?:kilo|milli|centi|micro|mega|giga|kilowatt-|megawatt-)?(?:met(?:re|er)|gram|watt|hertz|byte|bit|volt|lit(?:re|er)|hour)s?|"
    r"miles?|feet|foot|inch(?:es)?|degrees?|tonnes?|tons?|kilos?|points?|[kcmµ]?m|[km]g|[kmgt]b|[km]?wh?|km/h|m/s|°c|ml|metres?|acres|hectares?|decibels?|db",
    re.IGNORECASE,
)
ABOUT = re.compile(
    r"\b(?:(?:(?:no |a (?:bit|little) )?(?:more|less|fewer|longer|later) than|as (?:many|much|little) as|at (?:least|most)|up to|close to|between|about|around|roughly|nearly|almost|"
    r"approximately|only|just|exactly|some|a good|something like|not quite|(?<!^)over|(?<!^)under)(?: an?)?|an?)$"
)
PIED = {
    "by",
    "to",
    "within",
    "after",
    "at",
    "for",
    "in",
    "from",
    "below",
    "above",
    "under",
    "over",
    "with",
    "into",
    "against",
    "before",
    "until",
    "across",
    "on",
}
HANGING = {
    "ago",
    "earlier",
    "later",
    "before",
    "after",
    "old",
    "off",
    "more",
    "less",
    "fewer",
    "times",
    "higher",
    "lower",
    "longer",
    "further",
    "another",
}
KNOWN = {
    "the",
    "this",
    "these",
    "those",
    "its",
    "their",
    "his",
    "her",
    "our",
    "my",
    "your",
    "first",
    "next",
    "last",
    "past",
    "other",
    "same",
    "another",
    "every",
    "each",
    "all",
    "both",
    "any",
}
SCALES = {"pH", "version", "level", "grade", "stage"}
YEAR = re.compile(r"(?:1[5-9]|20)\d\d")
VERSION = re.compile(r"\d+\.\d+\.\d|\d:\d|[A-Za-z]")


def find(asked: Asked) -> Iterator[Candidate]:
    """Yield the questions for the numbers of a clause."""
    clause = asked.clause
    yield from _change(asked)
    for number in (*clause.lead, *clause.subject, *clause.predicate):
        if _counts(number):
            yield from _for(asked, number)


def _counts(token: "Token") -> bool:
    """Say whether a token is the last word of a quantity, no year, version or part of a name."""
    share = token.lower_ in SHARES - {"%", "percent", "percentage"} and not any(
        one.tag_ == "CD" for one in token.children
    )
    if share:
        return token.dep_ in {"nsubj", "nsubjpass", "dobj", "attr", "pobj"} and any(
            one.dep_ == "prep" and one.lower_ == "of" for one in token.children
        )
    if token.lower_ in {"a", "an"}:
        return (
            token.dep_ in {"det", "nummod"}
            and token.head.i == token.i + 1
            and _is_time(token.head)
            and token.i > 0
            and bool(ABOUT.search(token.doc[: token.i].text.lower()))
        )
    if token.tag_ != "CD" or (token.head.tag_ == "CD" and token.dep_ in {"compound", "quantmod", "conj", "nummod"}):
        return False
    if token.lower_ in {"one", "zero", "0"} or (VERSION.search(token.text) and token.text[:1].isdigit()):
        return False
    noun = token.head if token.dep_ == "nummod" else None
    if noun is not None and (noun.i < token.i or noun.tag_ in {"NNP"}):
        return noun.text in SCALES and noun.i == token.i - 1
    if YEAR.fullmatch(token.text) and (noun is None or noun.pos_ == "PROPN"):
        return False
    if noun is not None and len(noun.text) == 1 and noun.text != "%":
        return False
    around = [one.lower_ for one in (noun or token).children if one.i < (noun or token).i]
    after = token.doc[(noun or token).i + 1].lower_ if (noun or token).i + 1 < len(token.doc) else ""
    return (
        not KNOWN & set(around)
        and after not in HANGING
        and not (token.i and token.nbor(-1).pos_ == "PROPN" and noun is None)
    )


def _for(asked: Asked, number: "Token") -> Iterator[Candidate]:
    """Yield the question for one number by the place that its noun has in the clause."""
    noun = number.head if number.dep_ in {"nummod", "det"} else number
    clause = asked.clause
    amount = _amount(number)
    if noun == clause.head:
        yield from _as_subject(asked, number, noun)
    elif noun.dep_ in {"dobj", "attr", "npadvmod", "oprd"} and noun.head in clause.chain:
        yield from _as_object(asked, number, noun, amount)
    elif noun.text in SCALES and noun.dep_ == "pobj":
        yield from _on_scale(asked, number, noun)
    elif noun.dep_ == "pobj" and noun.head.lower_ in PIED and _near_verb(asked, noun.head):
        yield from _after_preposition(asked, number, noun)
    elif noun.dep_ == "pobj" and noun.head.lower_ in PIED and (outer := _outer(asked, noun.head)) is not None:
        asking, tokens = _counted(asked, number, noun)
        if asking:
            between = clauses.joined(asked.clause.doc[outer.i : noun.head.i + 1])
            whole = [*asked.clause.doc[outer.i : noun.head.i + 1], *tokens]
            yield from asked.about(
                f"{between} {asking}", whole, rule="asks_number_within", sure=0.76, answer=_answer(number, noun, asking)
            )
    elif noun.dep_ == "pobj" and noun.head.lower_ == "of" and noun.head.head.dep_ in {"dobj", "attr"}:
        yield from _of(asked, noun.head.head)


def _amount(number: "Token") -> "list[Token]":
    """Return a number with what stands close around it: "about", "at most", "between ... and ..."."""
    doc, start, stop = number.doc, number.i, number.i + 1
    while start > 0 and (
        doc[start - 1].tag_ in {"CD", "$", "SYM"}
        or (doc[start - 1].lower_ in {"and", "to", "or"}
        and doc[start - 2].tag_ == "CD")
    ):
        start -= 1
    while stop < len(doc) and (
        doc[stop].tag_ in {"CD", "$"}
        or (doc[stop].lower_ in {"and", "to", "or", "–", "-"} and doc[min(stop + 1, len(doc) - 1)].tag_ in {"CD", "$"})
    ):
        stop += 1
    if (
        number.lower_ in SHARES
        and start == number.i
        and number.left_edge.i < start
        and number.left_edge.lower_ in {"a", "half"}
    ):
        start = number.left_edge.i
    before = doc[max(0, start - 4) : start].text.lower()
    if (found := ABOUT.search(before)) and not (
        found[0] == "a" and number.lower_ not in {"hundred", "thousand", "million", "dozen"}
    ):
        start -= len(found[0].split())
    return list(doc[start:stop])


def _counted(asked: Asked, number: "Token", noun: "Token") -> "tuple[str, list[Token]]":
    """Return the words that ask for a number ("how many eggs"), and those that they stand for."""
    amount = _amount(number)
    whole = {one for one in noun.subtree if one not in asked.clause.asides}
    left = [
        one
        for one in sorted(whole, key=lambda t: t.i)
        if one.i < noun.i
        and one not in amount
        and one.dep_ not in {"det", "advmod", "quantmod"}
        and one.i > amount[0].i
    ]
    right = [
        one
        for child in noun.rights
        for one in child.subtree
        if one in whole
        and one.i > amount[-1].i
        and (child.lower_ in {"of", "per"} or child.dep_ in {"relcl", "acl"} or noun == asked.clause.head)
    ]
    of = any(child.lower_ == "of" for child in noun.rights)
    if noun.lower_ in SHARES:
        return (f"what share {clauses.joined(right)}" if of else "what percentage"), [*amount, noun, *right]
    if _is_money(number, noun):
        return "how much", [*amount, noun]
    if noun is number:
        return (
            f"how many {clauses.joined([one for child in number.rights if child.lower_ == 'of' for one in child.subtree])}"
            if of
            else ""
        ), [*amount, *right]
    return f"how many {clauses.joined([*left, noun, *right])}", [*amount, *left, noun, *right]


def _is_money(number: "Token", noun: "Token") -> bool:
    return (
        noun.lower_ in MONEY
        or any(one.lower_ in MONEY for one in (*number.children, noun))
        or (number.i > 0 and number.nbor(-1).text in MONEY)
    )


def _answer(number: "Token", noun: "Token", asking: str) -> str:
    """Return the number, with its unit where the question does not say it."""
    amount = _amount(number)
    own = noun.lower_ in SHARES or _is_money(number, noun) or "how many" not in asking
    between = [one for one in noun.lefts if one.i > amount[-1].i] if own else []
    return clauses.joined([*amount, *(one for token in between for one in token.subtree), *([noun] if own else [])])


def _as_subject(asked: Asked, number: "Token", noun: "Token") -> Iterator[Candidate]:
    asking, tokens = _counted(asked, number, noun)
    if (
        not asking
        or any(one.dep_ == "conj" for one in noun.children)
        or asking == "what percentage"
        or asking == "how much"
    ):
        return
    if number.lower_ in {"two", "three", "four"} and noun.lower_ not in SHARES:
        return
    yield from asked.subject(
        asking, tokens, rule="asks_number_subject", sure=0.84, answer=_answer(number, noun, asking)
    )


def _as_object(asked: Asked, number: "Token", noun: "Token", amount: "list[Token]") -> Iterator[Candidate]:
    clause = asked.clause
    base = grammar.base(noun.head)
    whole = [one for one in noun.subtree if one not in clause.asides]
    if any(one.dep_ == "conj" and one.tag_ != "CD" for one in noun.children):
        return
    if noun.dep_ == "attr" and clauses.is_be(clause.verb):
        if clause.head.dep_ == "expl":
            asking, tokens = _counted(asked, number, noun)
            question = clause.ask(asking, tokens, asked.reading.casing)
            question = (
                question.replace(" is there", " are there").replace(" was there", " were there")
                if "how many" in asking
                else question
            )
            yield from asked.card(question, _answer(number, noun, asking), rule="asks_number", sure=0.82)
        elif (
            noun.lower_ in SHARES | MONEY or _is_money(number, noun) or MEASURE.fullmatch(noun.lower_) or _is_time(noun)
        ):
            plain = not asked.clause.lead and not any(one.dep_ == "prep" for one in clause.subject)
            yield from asked.about("what", whole, rule="asks_measure", sure=0.78 - 0.1 * plain)
        return
    if noun.lower_ == "times" or (noun.dep_ == "npadvmod" and not _is_time(noun) and noun.lower_ not in SHARES):
        return
    asking, tokens = _counted(asked, number, noun)
    if _is_time(noun) and (base in LASTING or noun.dep_ == "npadvmod"):
        asking, tokens = "how long", [*amount, *(one for one in noun.lefts if one.i > amount[-1].i), noun]
        over = amount[0] if amount[0].lower_ == "over" else amount[0].nbor(-1) if amount[0].i else amount[0]
        if over.lower_ == "over":
            asking, tokens = "over what time", [over, *tokens]
        yield from asked.about(asking, tokens, rule="asks_how_long", sure=0.86)
    elif asking:
        yield from asked.about(
            asking, tokens, rule="asks_number", sure=0.86 - 0.1 * _small(number), answer=_answer(number, noun, asking)
        )


def _after_preposition(asked: Asked, number: "Token", noun: "Token") -> Iterator[Candidate]:
    preposition = noun.head
    said = preposition.lower_
    before = [one for one in preposition.children if one.dep_ == "advmod" and one.i < preposition.i]
    sibling = {"from": "to", "to": "from"}.get(said)
    if sibling and any(one.lower_ == sibling and one.dep_ == "prep" for one in preposition.head.children):
        return  # both ends are asked for together
    asking, tokens = _counted(asked, number, noun)
    joined = [one for one in noun.children if one.dep_ == "conj" and one.tag_ != "CD"]
    if (
        joined
        and all(any(two.tag_ == "CD" for two in one.children) for one in joined)
        and said in {"after", "for", "within"}
    ):
        whole = [one for one in preposition.subtree if one not in asked.clause.asides]
        yield from asked.about(
            f"{said} what",
            whole,
            rule="asks_either",
            sure=0.7,
            answer=clauses.joined([one for one in whole if one != preposition]),
        )
    if joined or (preposition.i and preposition.nbor(-1).dep_ == "cc"):
        return
    if said == "from" and any(one.lower_ == "to" for one in _amount(number)):
        whole = [preposition, *_amount(number), noun]
        yield from asked.about("from what to what", whole, rule="asks_change", sure=0.82)
        return
    share = noun.lower_ in SHARES
    if share and said == "by":
        asking = "how much"
        tokens = [*_amount(number), noun]
    elif said == "by" and (MEASURE.fullmatch(noun.lower_) or _is_time(noun)):
        asking = "how much"
    elif said == "for" and _is_time(noun):
        asking = "how long"
    if not asking:
        if not _is_bare_value(number, noun):
            return
        asking = "what number" if said != "by" else "how much"
    every = any(one.lower_ == "every" for one in noun.lefts)
    if every:
        return
    answer = _answer(number, noun, asking)
    if said in {"by", "for"} or asking == "how long":
        answer = clauses.joined([*_amount(number), *(one for one in noun.lefts if one.i > number.i), noun])
    asking = f"{said} {asking}"
    yield from asked.about(
        asking,
        [*before, preposition, *tokens],
        rule="asks_number_after",
        sure=0.84 - 0.1 * _small(number) - 0.06 * (preposition in asked.clause.lead),
        answer=answer,
    )


def _on_scale(asked: Asked, number: "Token", noun: "Token") -> Iterator[Candidate]:
    """Yield "to what pH" for "to about pH 3.8"."""
    doc, start = noun.doc, noun.i
    while start > 0 and doc[start - 1].lower_ in {"about", "around", "roughly", "nearly", "almost"}:
        start -= 1
    if start > 0 and doc[start - 1].tag_ in {"IN", "TO"}:
        whole = doc[start - 1 : number.i + 1]
        yield from asked.about(
            f"{whole[0].lower_} what {noun.text}", whole, rule="asks_number_after", sure=0.84, answer=whole[1:].text
        )


def _is_bare_value(number: "Token", noun: "Token") -> bool:
    return noun is number and "." in number.text and (number.i + 1 == len(number.doc) or number.nbor(1).is_punct)


def _of(asked: Asked, noun: "Token") -> Iterator[Candidate]:
    """Yield "what reserve" for "a reserve of at least three months"."""
    if (
        noun.head not in asked.clause.chain
        or not any(one.lower_ in {"a", "an"} for one in noun.lefts)
        or clauses.is_be(asked.clause.verb)
    ):
        return
    if noun.lower_ in {"lot", "number", "total", "range", "series", "set", "group", "team", "pair", "couple"}:
        return
    whole = [one for one in noun.subtree if one not in asked.clause.asides]
    named = [one for one in noun.lefts if one.dep_ not in {"det", "predet"}]
    yield from asked.about(f"what {clauses.joined([*named, noun])}", whole, rule="asks_number_of", sure=0.82)


def _change(asked: Asked) -> Iterator[Candidate]:
    """Yield "from how much to how much" for "rise from 60 to 105 euros"."""
    ends: dict[str, tuple[Token, ...]] = {}
    for part in asked.clause.parts:
        if part.head.dep_ == "prep" and part.head.lower_ in {"from", "to"} and part.head.head in asked.clause.chain:
            ends.setdefault(part.head.lower_, tuple(one for one in part.tokens if one not in asked.clause.asides))
    if set(ends) != {"from", "to"} or not all(
        any(one.tag_ == "CD" and not YEAR.fullmatch(one.text) for one in end) for end in ends.values()
    ):
        return
    both = [*ends["from"], *ends["to"]]
    if any(one.pos_ == "PROPN" for one in both):
        return
    last = max(one.i for one in both)
    each = next(
        (part.tokens for part in asked.clause.parts if part.head.dep_ == "npadvmod" and part.tokens[0].i == last + 1),
        (),
    )
    yield from asked.about("from what to what", [*both, *each], rule="asks_change", sure=0.8)


def _near_verb(asked: Asked, preposition: "Token") -> bool:
    clause = asked.clause
    there = preposition in clause.predicate or preposition in clause.lead
    upper = preposition.head
    return there and (
        upper in clause.chain
        or (
            upper.dep_ in {"dobj", "attr", "advmod", "acomp"}
            and upper.head in clause.chain
            and preposition.lower_ in {"by", "within", "after", "for", "to", "at", "below", "above"}
        )
    )


def _outer(asked: Asked, preposition: "Token") -> "Token | None":
    """Return the preposition on the verb in whose phrase this one stands: "in starters from 19 countries"."""
    noun = preposition.head
    outer = noun.head if noun.dep_ == "pobj" else None
    return (
        outer
        if outer is not None
        and outer.head in asked.clause.chain
        and outer in asked.clause.predicate
        and preposition.i - outer.i <= 4
        else None
    )


def _is_time(noun: "Token") -> bool:
    return noun.lower_.removesuffix("s") in TIMES or noun.lower_ in {"centuries", "ms"}


def _small(number: "Token") -> bool:
    return number.lower_ in {"two", "three", "2", "3"}
