"""When, where, how, why, and on which condition: the circumstances of a clause."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from quizapp.generate import clauses, grammar, language, wording
from quizapp.generate.asking import ANSWER_WORDS, VAGUE, Asked, inside, phrase, plain, unplaced
from quizapp.generate.candidates import Candidate, Reading
from quizapp.generate.claims import Claim
from quizapp.generate.orders import is_order

if TYPE_CHECKING:
    from spacy.tokens import Token

MONTHS = r"January|February|March|April|May|June|July|August|September|October|November|December"
SHORT_MONTHS = r"jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec"
DATE = re.compile(
    rf"\b(?:(?:1[5-9]|20)\d\d|(?-i:{MONTHS})|\d{{1,2}} (?:{SHORT_MONTHS})|(?:mon|tues|wednes|thurs|fri|satur|sun)days?|noon|midnight|\d{{1,2}}:\d\d|\d{{1,2}} ?[ap]\.?m|"
    r"(?:beginning|start|middle|end) of|(?:19|20)\d0s|(?:winter|summer|autumn|spring) of)\b",
    re.IGNORECASE,
)
SO = re.compile(
    r"^(?P<why>[^;:“”\"()]{12,140}?),? (?:and )?so (?!that|far|much|many|long|called|is|are|do|does|did|too)(?P<main>[^;:“”\"()]{10,140})$"
)
YEARS = re.compile(r"\b(?:1[5-9]|20)\d\d\b")
RELATIVE = re.compile(r"\b(?:this|last|next|today|yesterday|tomorrow|now|same|that|these|those)\b", re.IGNORECASE)
WHEN = {
    "in": "when", "on": "when", "at": "when", "between": "when", "during": "when", "since": "since when", "until": "until when", "till": "until when",
    "by": "by when", "from": "from when", "before": "before when", "after": "after when",
}  # fmt: skip
HELD = {
    "keep",
    "store",
    "hold",
    "find",
    "lie",
    "live",
    "stand",
    "locate",
    "take",
    "sit",
    "grow",
    "happen",
    "occur",
    "meet",
    "place",
    "build",
    "hang",
    "put",
    "write",
    "open",
}
PLACE = {"in", "on", "at", "near", "under", "behind", "beside", "inside", "outside", "below", "above"}


def find(asked: Asked) -> Iterator[Candidate]:
    """Yield the questions for every circumstance of a clause."""
    for family in (_when, _event, _where, _how, _why, _condition, _leading_condition):
        yield from family(asked)


def reasons(claim: Claim, reading: Reading) -> Iterator[Candidate]:
    """Yield why, where a sentence draws its conclusion with "so"."""
    found = SO.match(claim.said)
    if (
        not found
        or len(found["why"].split()) > ANSWER_WORDS
        or wording.dangling(found["why"])
        or wording.PRONOUN.match(found["why"])
    ):
        return
    main = wording.capitalised(found["main"])
    if is_order(main):
        question = f"why should you {found['main']}"
        yield from unplaced(claim, reading, question, found["why"], rule="asks_why_so", sure=0.78)
        return
    first, parsed = language.parse(found["why"]), language.parse(main)
    for clause in clauses.clauses(parsed) if parsed is not None else ():
        subject = clauses.joined(clause.subject)
        if not VAGUE.match(subject) and first is not None and len(list(clauses.clauses(first))) == 1:
            yield from Asked(claim, clause, reading).about(
                "why", (), rule="asks_why_so", sure=0.76, answer=found["why"]
            )


def _when(asked: Asked) -> Iterator[Candidate]:
    """Yield when, since when, by when: for dates, not for "last year"."""
    clause = asked.clause
    flat = clauses.is_be(clause.verb) and any(
        one.tag_ == "CD" and one.dep_ in {"nummod", "attr"} for one in clause.predicate
    )
    for part in (*clause.parts, *clause.leading):
        tokens = plain(clause, part)
        text = clauses.joined(tokens)
        if part.head.head.dep_ == "pobj" or len(YEARS.findall(clause.doc.text)) > 1:
            continue
        text = text.split(" and ")[0] if not text.startswith("between") else text
        if len(text.split()) > 9 or not DATE.search(text) or RELATIVE.search(text) or "," in text:
            continue
        if part.head.dep_ == "npadvmod" and any(one.lower_ in {"each", "every"} for one in tokens):
            yield from asked.about("when", tokens, rule="asks_when", sure=0.82)
        elif (
            part.head.dep_ in {"prep", "agent", "mark"}
            and part.head.lower_ in WHEN
            and inside(part) is not None
            and _is_date(inside(part), text)
        ):
            asking = WHEN[part.head.lower_]
            answer = text.split(" ", 1)[1] if asking not in {"when", "after when"} else text
            yield from asked.about(
                asking if asking[0:5] != "after" else "when",
                tokens,
                rule="asks_when",
                sure=0.8 - 0.04 * (part in clause.leading) - 0.1 * flat,
                answer=answer,
            )


def _event(asked: Asked) -> Iterator[Candidate]:
    """Yield when, for "after a crash" and "during the restore"."""
    clause = asked.clause
    for part in (*clause.parts, *clause.leading):
        noun = inside(part)
        opening = part.head.lower_
        if (
            part.head.dep_ != "prep"
            or opening not in {"after", "before", "during"}
            or noun is None
            or noun.dep_ != "pobj"
            or part.head.head not in clause.chain
        ):
            continue
        tokens = plain(clause, part)
        text = clauses.joined(tokens)
        if (
            noun.tag_ in {"NN", "NNS", "NNP"}
            and not DATE.search(text)
            and not RELATIVE.search(text)
            and not any(one.tag_ == "CD" for one in tokens)
        ):
            yield from asked.about("when", tokens, rule="asks_event", sure=0.68)


def _where(asked: Asked) -> Iterator[Candidate]:
    """Yield where something is kept or happens."""
    clause = asked.clause
    for part in clause.parts:
        inner = inside(part)
        if (
            part.head.dep_ != "prep"
            or part.head.lower_ not in PLACE
            or inner is None
            or part.head.head not in clause.chain
        ):
            continue
        tokens = plain(clause, part)
        text = clauses.joined(tokens)
        if (
            DATE.search(text)
            or any(one.tag_ == "CD" for one in tokens)
            or inner.tag_ in {"PRP", "DT", "WP"}
            or inner.dep_ == "pcomp"
        ):
            continue
        held = grammar.base(part.head.head) in HELD
        be = clauses.is_be(part.head.head)
        if held or (be and inner.tag_ != "NN") or (inner.pos_ == "PROPN" and part.head.lower_ in {"in", "at", "near"}):
            yield from asked.about("where", tokens, rule="asks_where", sure=0.78 if held else 0.64)


def _how(asked: Asked) -> Iterator[Candidate]:
    """Yield how something is done, where the text says "by doing ..."."""
    clause = asked.clause
    for part in clause.parts:
        if part.head.dep_ in {"prep", "agent"} and part.head.lower_ == "by" and part.head.head in clause.chain:
            inner = inside(part)
            if inner is not None and inner.tag_ == "VBG" and len(part.tokens) > 2:
                yield from asked.about("how", part.tokens, rule="asks_how", sure=0.82)
        if part.head.dep_ == "prep" and part.head.lower_ in {"through", "via"} and part.head.head in clause.chain:
            yield from asked.about("how", plain(clause, part), rule="asks_how_through", sure=0.62)


def _why(asked: Asked) -> Iterator[Candidate]:
    """Yield why: due to, thanks to, in order to; "because" is another rule's."""
    clause = asked.clause
    for part in clause.parts:
        opening = part.text.lower()
        if (
            re.match(r"(?:due to|thanks to|owing to)\b", opening)
            and part.head.head in clause.chain
            and not clauses.is_be(part.head.head)
        ):
            yield from asked.about("why", part.tokens, rule="asks_why", sure=0.78)
        aim = part.head.dep_ == "advcl" and part.head.tag_ == "VB" and part.tokens[0].lower_ in {"to", "in", "so"}
        if (
            aim
            and len(part.tokens) > 2
            and part.head.i > clause.verb.i + 1
            and not re.match(r"(?:in|so) (?!order|as)", opening)
        ):
            yield from asked.about("why", part.tokens, rule="asks_purpose", sure=0.74 - 0.1 * clause.negated)


def _condition(asked: Asked) -> Iterator[Candidate]:
    """Yield when or on which condition, for a clause that follows with "if", "when", "until" or "once"."""
    clause = asked.clause
    for part in clause.parts:
        if part.head.dep_ != "advcl" or not part.tokens or part.head.head not in clause.chain:
            continue
        if clauses.is_be(clause.verb) and any(one.dep_ == "relcl" for one in clause.predicate):
            continue
        opening = part.tokens[0].lower_
        only = part.tokens[0].i and clause.doc[part.tokens[0].i - 1].lower_ == "only"
        if opening == "only" and len(part.tokens) > 1:
            opening, only = part.tokens[1].lower_, True
        asking = {
            "if": "under what condition",
            "when": "when",
            "whenever": "when",
            "once": "when",
            "until": "until when",
            "before": "before when",
            "after": "when",
            "while": "when",
        }.get(opening)
        unnamed = any(
            one.dep_ in grammar.SUBJECTS and one.lower_ in {"one", "this", "that", "these", "those"}
            for one in part.head.children
        )
        if asking is None or unnamed or clause.lead or any(one in clause.asides for one in part.tokens):
            continue
        answer = phrase(part.tokens[1:]) if opening == "before" else phrase(part.tokens)
        sure = (
            {"if": 0.78, "when": 0.78, "once": 0.76, "until": 0.76}.get(opening, 0.66)
            + 0.05 * bool(only)
            - 0.08 * clause.negated
        )
        yield from asked.about(asking, part.tokens, rule="asks_condition", sure=sure, answer=answer)


def _leading_condition(asked: Asked) -> Iterator[Candidate]:
    """Yield when, for a sentence that opens with its condition."""
    clause = asked.clause
    for part in clause.leading:
        asking = {"if": "under what condition", "when": "when", "whenever": "when", "once": "when"}.get(
            part.text.split(" ")[0].lower()
        )
        if part.head.dep_ == "advcl" and asking is not None and not wording.PRONOUN.search(part.text):
            yield from asked.about(
                asking, clause.lead, rule="asks_condition_first", sure=0.72 - 0.1 * clause.negated, answer=part.text
            )


def _is_date(inner: "Token | None", text: str) -> bool:
    """Say whether the noun after a preposition is itself a date."""
    return inner is not None and (
        inner.tag_ == "CD"
        or bool(DATE.search(inner.text))
        or bool(
            re.search(
                r"^\w+ (?:the )?(?:end|start|beginning|middle|winter|summer|autumn|spring|night|morning) of", text
            )
        )
    )
