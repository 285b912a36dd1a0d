"""When, where, how, why, and on which condition: the circumstances of a clause."""

import re
from collections.abc import Container, Iterator
from typing import TYPE_CHECKING

from quizapp.generate import antecedents, clauses, grammar, wording
from quizapp.generate.asking import WHOLE_WORDS, Asked, inside, plain, unplaced
from quizapp.generate.candidates import Candidate, Reading
from quizapp.generate.claims import Claim
from quizapp.generate.clauses import Clause, Part
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
    r"^(?P<why>[^;:“”\"()]{12,180}?),? (?:and )?so (?!that|far|much|many|long|called|is|are|do|does|did|too)(?P<main>[^;:“”\"()]{10,160})$"
)
SECOND = re.compile(
    r", (?:and|but) (?=\w+ \w+ )| and (?=(?:the|an?|its|their|our|no|all) .{2,60} (?:\w+s|will|can|must|may|were|was) )"
)
YEARS = re.compile(r"\b(?:1[5-9]|20)\d\d\b")
RELATIVE = re.compile(r"\b(?:this|last|next|today|yesterday|tomorrow|now|same|that|these|those)\b", re.IGNORECASE)
WHEN = {
    "in": "when", "on": "when", "at": "when", "between": "when", "during": "when", "since": "since when", "until": "until when", "till": "until when",
    "by": "by when", "from": "from when", "before": "when", "after": "when",
}  # fmt: skip
CONDITIONS = {
    "if": ("under what condition", 0.78), "when": ("when", 0.78), "whenever": ("when", 0.76), "once": ("when", 0.76),
    "until": ("until when", 0.76), "before": ("when", 0.66), "after": ("when", 0.66), "while": ("when", 0.66),
}  # fmt: skip
PERIOD = re.compile(r"\w+ (?:the )?(?:end|start|beginning|middle|winter|summer|autumn|spring|night|morning) of\b")
COMPARING = {
    "compare",
    "liken",
    "imagine",
    "consider",
    "think",
    "picture",
}  # "If a model is compared to a CPU" is no condition
MOSTLY = {"only", "mainly", "mostly", "especially", "just", "usually", "always", "even"}
DATE_WORDS = 9
EVENT = {"after", "before", "during"}
OWED = re.compile(r"(?:due to|thanks to|owing to)\b", re.IGNORECASE)
WANTING = {"need", "take", "require", "use", "have"}  # "takes an hour to dry" gives no aim
DONE_SO = re.compile(r"\b(?:do|does|did|doing|done) (?:so|it|that)\b")
AND_SO_ON = re.compile(r", (?:but|and|which|so|whereas|while)\b")
AIM = re.compile(r"(?:to|in order to|so as to)\b")
_HELD_TEXT = """
    keep store hold find lie live stand locate take sit grow happen occur meet place build hang put write open
"""
HELD = frozenset(_HELD_TEXT.split())
PLACE = {"in", "on", "at", "near", "under", "behind", "beside", "inside", "outside", "below", "above"}


def find(asked: Asked) -> Iterator[Candidate]:
    """Yield the questions for every circumstance of a clause."""
    for family in (_when, _event, _where, _how, _why, _because, _found_out, _condition, _leading_condition):
        yield from family(asked)


def reasons(claim: Claim, reading: Reading) -> Iterator[Candidate]:
    """Yield why, where a sentence, or what a colon or semicolon makes one, draws its conclusion with "so"."""
    for said in clauses.parts(claim.said) or [claim.said]:
        yield from _so(said, claim, reading)


def _so(said: str, claim: Claim, reading: Reading) -> Iterator[Candidate]:
    found = SO.match(said)
    if (
        not found
        or len(found["why"].split()) > WHOLE_WORDS
        or wording.dangling(found["why"])
        or wording.PRONOUN.match(found["why"])
    ):
        return
    main = wording.capitalised(_named(SECOND.split(found["main"])[0], found["why"], reading))
    if is_order(main):
        question = f"why should you {found['main']}"
        yield from unplaced(claim, reading, question, found["why"], rule="asks_why_so", sure=0.78, whole=True)
        return
    first, parsed = reading.parse(found["why"]), reading.parse(main)
    if first is None or parsed is None or len({one.subject for one in clauses.clauses(first, reading.parse)}) != 1:
        return
    for clause in clauses.clauses(parsed, reading.parse):
        if antecedents.names_subject(clause):
            asked = Asked(claim, clause, reading)
            yield from asked.about("why", (), rule="asks_why_so", sure=0.76, answer=found["why"], whole=True)


def _named(main: str, why: str, reading: Reading) -> str:
    """Return a conclusion about "it" with the subject of its reason for a name."""
    parsed = reading.parse(why)
    first = next(clauses.clauses(parsed, reading.parse), None) if parsed is not None else None
    pronoun = re.match(r"(?:it|they)\b", main)
    if first is None or pronoun is None or not antecedents.names_subject(first):
        return main
    several = grammar.plural(first.head) or any(one.dep_ == "conj" for one in first.subject)
    if several != (pronoun[0] == "they") or not antecedents.BACK.match(wording.capitalised(main)):
        return main
    return f"{wording.lowered(clauses.joined(first.subject), reading.casing)}{main[pronoun.end() :]}"


def _when(asked: Asked) -> Iterator[Candidate]:
    """Yield when, since when, by when: for dates, not for "last year"."""
    clause = asked.clause
    if len(YEARS.findall(clause.doc.text)) > 1 or clause.head.dep_ == "expl":
        return  # one would date the other
    for part in (*clause.parts, *clause.leading):
        tokens = plain(clause, part)
        text = clauses.joined(tokens)
        text = text if text.startswith("between") else text.split(" and ")[0]
        if not _is_date(part, text) or _is_dated(clause, tokens) or _goes_on(clause, part):
            continue
        asking = WHEN.get(part.head.lower_, "when")
        answer = text if asking == "when" else text.split(" ", 1)[1]
        sure = 0.8 - 0.04 * (part in clause.leading) - 0.1 * _says_how_much(clause)
        again = [one for other in clause.parts if other.text.startswith("when ") for one in other.tokens]
        yield from asked.about(asking, [*tokens, *again], rule="asks_when", sure=sure, answer=answer)


def _is_dated(clause: Clause, tokens: "tuple[Token, ...]") -> bool:
    """Say whether a clause tells a date beside some words: "in 2024 the driest day was 31 July"."""
    rest = clauses.joined(one for one in clause.predicate if one not in tokens)
    return clauses.is_be(clause.verb) and bool(DATE.search(rest))


def _goes_on(clause: Clause, part: Part) -> bool:
    """Say whether "from June" goes on with "to September"."""
    until = (one for one in clause.parts if one.head.lower_ in {"to", "until", "till"} and DATE.search(one.text))
    return part.head.lower_ == "from" and any(until)


def _says_how_much(clause: Clause) -> bool:
    """Say whether a clause gives a measure, "it was 40 metres in May": then the date is not the point."""
    numbers = (one.tag_ == "CD" and one.dep_ in {"nummod", "attr"} for one in clause.predicate)
    return clauses.is_be(clause.verb) and any(numbers)


def _event(asked: Asked) -> Iterator[Candidate]:
    """Yield when, for "after a crash" and "during the restore"."""
    clause = asked.clause
    for part in (*clause.parts, *clause.leading):
        if _opens_with(part, clause, EVENT) and _is_common(part, plain(clause, part)):
            yield from asked.about("when", plain(clause, part), rule="asks_event", sure=0.68)


def _where(asked: Asked) -> Iterator[Candidate]:
    """Yield where something is kept or happens."""
    clause = asked.clause
    for part in clause.parts:
        inner, tokens = inside(part), plain(clause, part)
        if inner is None or not _opens_with(part, clause, PLACE) or not _is_common(part, tokens):
            continue
        apart = clauses.is_be(part.head.head) and len(clause.subject) > 2
        held = apart or grammar.base(part.head.head) in HELD
        named = inner.pos_ == "PROPN" and part.head.lower_ in {"in", "at", "near"}
        if any(one.tag_ == "CD" for one in clause.predicate):
            continue  # the number is what matters
        if held or named or (clauses.is_be(part.head.head) and inner.tag_ != "NN"):
            yield from asked.about("where", tokens, rule="asks_where", sure=0.78 if held and not apart else 0.68)


def _opens_with(part: Part, clause: Clause, prepositions: Container[str]) -> bool:
    """Say whether a part is a phrase on the verb with one of some prepositions."""
    return part.head.dep_ == "prep" and part.head.lower_ in prepositions and part.head.head in clause.chain


def _is_common(part: Part, tokens: "tuple[Token, ...]") -> bool:
    """Say whether a phrase holds a noun without a date or a number, which other questions ask for."""
    noun = inside(part)
    text = clauses.joined(tokens)
    dated = DATE.search(text) or RELATIVE.search(text) or any(one.tag_ == "CD" for one in tokens)
    return noun is not None and noun.dep_ == "pobj" and noun.tag_.startswith("NN") and not dated


def _how(asked: Asked) -> Iterator[Candidate]:
    """Yield how something is done, where the text says "by doing ..."."""
    clause = asked.clause
    for part in clause.parts:
        if part.head.dep_ in {"prep", "agent"} and part.head.lower_ == "by" and part.head.head in clause.chain:
            inner = inside(part)
            if inner is not None and inner.tag_ == "VBG" and len(part.tokens) > 2:
                yield from asked.about("how", part.tokens, rule="asks_how", sure=0.82)


def _why(asked: Asked) -> Iterator[Candidate]:
    """Yield why: due to, thanks to, in order to; "because" is another rule's."""
    clause = asked.clause
    for part in clause.parts:
        owed = OWED.match(part.text) and part.head.head in clause.chain
        if owed and not clauses.is_be(part.head.head):
            yield from asked.about("why", part.tokens, rule="asks_why", sure=0.78)
        late = part.head.i > clause.verb.i + 1 and len(part.tokens) > 2
        aims = not clauses.is_be(clause.verb) and grammar.base(clause.verb) not in WANTING
        if late and aims and part.head.dep_ == "advcl" and part.head.tag_ == "VB" and AIM.match(part.text):
            if part.tokens[0].i and clause.doc[part.tokens[0].i - 1].lower_ == "down":
                continue  # "comes down to flow temperature"
            yield from asked.about("why", part.tokens, rule="asks_purpose", sure=0.74 - 0.1 * clause.negated)


def _because(asked: Asked) -> Iterator[Candidate]:
    """Yield why, for the "because ..." or ", since ..." of a clause, wherever it stands."""
    clause = asked.clause
    if any(one.dep_ == "neg" and one.nbor(1).lower_ == "because" for one in clause.doc[:-1]):
        return
    for link in clause.chain:
        for cause in (one for one in link.children if one.dep_ == "advcl"):
            mark = next((one for one in cause.children if one.dep_ == "mark" and _gives_cause(one)), None)
            if mark is None or _is_second(link):
                continue
            answer = AND_SO_ON.split(cause.doc[mark.i + 1 : cause.right_edge.i + 1].text)[0]
            if not DONE_SO.search(answer):
                sure = 0.86 - 0.06 * (mark.lower_ != "because")
                yield from asked.about("why", cause.subtree, rule="asks_because", sure=sure, answer=answer, whole=True)


def _is_second(verb: "Token") -> bool:
    """Say whether a verb with a subject of its own is joined to another without a comma: the reason may be both's."""
    own = any(one.dep_ in grammar.SUBJECTS for one in verb.children)
    return verb.dep_ == "conj" and own and not any(one.text in {",", ";"} for one in verb.doc[verb.head.i : verb.i])


def _found_out(asked: Asked) -> Iterator[Candidate]:
    """Yield why something was done "after surveyors found corrosion": what is done to a thing has a cause."""
    clause = asked.clause
    for part in clause.parts:
        after = part.head.dep_ == "advcl" and part.head.tag_ == "VBD" and part.tokens[0].lower_ == "after"
        done = clause.verb.tag_ == "VBN" and clause.auxiliary is not None and clause.auxiliary.tag_ == "VBD"
        named = not any(one.tag_ == "PRP" and one.dep_ in grammar.SUBJECTS for one in part.head.children)
        if after and done and named and part.head.head == clause.verb and not clause.negated:
            answer = clauses.joined(part.tokens[1:])
            yield from asked.about("why", part.tokens, rule="asks_found_out", sure=0.78, answer=answer, whole=True)


def _gives_cause(mark: "Token") -> bool:
    """Say whether a word opens a cause: "because", or "since" behind a comma or in front."""
    apart = mark.i == 0 or mark.nbor(-1).text == ","
    return mark.lower_ == "because" or (mark.lower_ == "since" and apart)


def _condition(asked: Asked) -> Iterator[Candidate]:
    """Yield when or on which condition, for a clause that follows with "if", "when", "until" or "once"."""
    clause = asked.clause
    for part in clause.parts:
        on_verb = part.head.dep_ == "advcl" and part.head.head in clause.chain
        aside = any(one in clause.asides for one in part.tokens)
        if not on_verb or aside or clause.lead or not _is_plain(part, clause):
            continue
        before = clause.doc[part.tokens[0].i - 1]
        tokens = (before, *part.tokens) if before.lower_ in MOSTLY else part.tokens
        only = any(one.lower_ == "only" for one in tokens[:2])
        opening = next(one.lower_ for one in tokens if one.lower_ not in MOSTLY)
        if opening in CONDITIONS and not (opening == "before" and clause.negated):
            asking, sure = CONDITIONS[opening]
            sure += 0.05 * only - 0.08 * clause.negated
            yield from asked.about(asking, tokens, rule="asks_condition", sure=sure)


def _is_plain(part: Part, clause: Clause) -> bool:
    """Say whether a condition names its subject, and can only belong to the verb."""
    pointing = {"one", "this", "that", "these", "those"}
    unnamed = any(one.dep_ in grammar.SUBJECTS and one.lower_ in pointing for one in part.head.children)
    relative = clauses.is_be(clause.verb) and any(one.dep_ == "relcl" for one in clause.predicate)
    return len(part.tokens) > 1 and not unnamed and not relative


def _leading_condition(asked: Asked) -> Iterator[Candidate]:
    """Yield when, for a sentence that opens with its condition."""
    clause = asked.clause
    for part in clause.leading:
        opening = part.text.split(" ")[0].lower()
        known = part.head.dep_ == "advcl" and opening in {"if", "when", "whenever", "once"}
        last = next((one for one in reversed(part.tokens) if not one.is_punct), part.head)
        compared = grammar.base(part.head) in COMPARING
        cut = compared or grammar.base(last) in clauses.SAYING or last.tag_ == "IN"
        if known and not cut and not wording.PRONOUN.search(part.text):
            asking, sure = CONDITIONS[opening][0], 0.76 - 0.1 * clause.negated
            yield from asked.about(asking, clause.lead, rule="asks_condition_first", sure=sure, answer=part.text)


def _is_date(part: Part, text: str) -> bool:
    """Say whether a part is a date: "on 1 May", "by the end of 2026", "each January"."""
    if len(text.split()) > DATE_WORDS or not DATE.search(text) or RELATIVE.search(text) or "," in text:
        return False
    if part.head.dep_ == "npadvmod":
        return text.lower().startswith(("each ", "every "))
    inner = inside(part)
    if inner is None or part.head.lower_ not in WHEN or part.head.head.dep_ == "pobj":
        return False
    return inner.tag_ == "CD" or bool(DATE.search(inner.text) or PERIOD.match(text))
