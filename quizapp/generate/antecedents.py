"""What a sentence leaves out: the "it" of the sentence before, the "I" of its speaker, the "you" of an order.

Start from `spelled_out`.
"""

import re
from typing import TYPE_CHECKING

from quizapp.domain.documents import Span
from quizapp.generate import clauses, grammar, houses, referents, subjects, wording
from quizapp.generate.candidates import Reading
from quizapp.generate.claims import Claim
from quizapp.generate.clauses import Clause
from quizapp.generate.orders import is_order

if TYPE_CHECKING:
    from spacy.tokens import Token

# Subjects that stand for something said before.
VAGUE = re.compile(
    r"^(?:I|we|he|she|it|they|this|that|these|those|here|one|ones|some|many|most|others?|another|both|each|either|neither|all|few|"
    r"several|everything|something|nothing|none|half|one \w+|who|which|whichever|what|whoever|whatever|mine|ours|theirs|more|less|the (?:rest|same|others?|former|latter|first|"
    r"second|third|last(?: ones?)?|cheapest|most \w+)|(?:\S+ ){0,3}of (?:it|you|us|them|these|those|this|that)|.* ones?)$",
    re.IGNORECASE,
)
PERSON = re.compile(
    r"\b(?:commander|manager|officer|chair(?:man|woman|person)?|treasurer|secretary|director|editor|engineer|founder|auditor|lead|leader|head|assembly|board|"
    r"committee|council|teams?|owners?|members?|staff|customers?|users?|parents?|teachers?|doctors?|nurses?|government|ministry|authority|office|company|insurer|insurers|"
    r"brigade|police|person|people|(?:wo)?m[ae]n|bakers?|households?|patients?|tenants?|drivers?|researchers?|scientists?|"
    r"farmers?|contractors?|workers?|employees?|students?|visitors?|residents?|operators?|supervisor|provider|president|mayor|nobody|everyone|anyone)$",
    re.IGNORECASE,
)
BACK = re.compile(
    r"^(?P<lead>(?:In|On|At|As|By|Since|After|Before|From|Until|For|With|Previously)\b[^,;:]{0,40}?,? )?(?P<it>[Ii]t|[Tt]hey)(?:[’'](?:s|re|ll|d|ve))? "
    r"(?!is (?:also )?(?:too|not (?:that|only)|clear|possible|important|true|said|likely|worth)\b|seems|turns|was (?:not )?(?:until|only)|too\b|true\b|because\b|took us\b|takes? us\b)"
)
LABEL = re.compile(r"^(?P<term>[A-Z][\w’'-]*(?: [\w’'-]+){0,4})(?: \([^)]*\))?: ")
TOPIC_WORDS = 7
DOUBT_OF_IT = 0.16
DOUBT_OF_ORDERS = 0.05
FIRST = re.compile(r"\b(?:I|my|My|me|we|We|our|Our|us)\b(?!['’])")
WE = re.compile(r"\b(?:we|We|us)\b")
_DID_TEXT = """
    found made had threw sold built took gave put got did ran began chose cut lost left spent paid brought saw kept sent bought grew met learnt
    wrote drew held went came
"""
WE_DID = re.compile(
    r"\b[Ww]e (?:then |also |first |only |never |just |actually )?"
    rf"(?:\w+ed|{'|'.join(_DID_TEXT.split())}|(?:have|had) (?:\w+ )?(?:set|\w+ed|{'|'.join(_DID_TEXT.split())})|will \w+)\b"
)


def spelled_out(claim: Claim, reading: Reading) -> tuple[str, float]:
    """Return a sentence with what its "I", "it" or order leaves out, and how far that is to be doubted."""
    if is_order(claim.said) and claim.speaker is None:
        return ordered(claim.said), DOUBT_OF_ORDERS
    if BACK.match(claim.said):
        topic = _topic_before(claim, reading)
        return (_replaced(claim.said, topic, reading), DOUBT_OF_IT) if topic else (claim.said, 0.0)
    return named(claim, reading)


def _replaced(said: str, topic: str, reading: Reading) -> str:
    """Return a sentence with a name for its "it"."""
    found = BACK.match(said)
    if found is None:
        return said
    name = wording.lowered(topic, reading.casing) if found["lead"] else topic
    return referents.with_name(said, Span(*found.span("it")), name)


def ordered(said: str) -> str:
    """Return "Keep it dry" as "You should keep it dry"."""
    said = next(
        (said[: comma.start()] for comma in re.finditer(", (?:and )?", said) if is_order(said[comma.end() :])), said
    )
    negative = re.match(r"(?:Don[’']t|Do not|Never) ", said)
    rest = said[negative.end() :] if negative else said
    return f"You should {'not ' if negative else ''}{rest[:1].lower()}{rest[1:]}"


def _topic_before(claim: Claim, reading: Reading) -> str | None:
    """Return the subject of the sentence before, if "it" or "they" can only mean that."""
    before = claim.before
    found = BACK.match(claim.said)
    if before is None or found is None:
        return None
    they = found["it"].lower() == "they"
    if before.before is None and not they and (label := LABEL.match(before.text)):
        return label["term"]
    parsed = next((one.parse for one in reading.claims if one.span == before.span), None)
    first = next(clauses.clauses(parsed, reading.parse), None) if parsed is not None else None
    known = {part for who in reading.document.people for part in who.name.split()}
    person = first is not None and (is_person(first.head) or first.head.text in known)
    if first is None or not names_subject(first) or person or first.head.dep_ == "expl":
        return None
    several = grammar.plural(first.head) or any(one.dep_ == "conj" for one in first.subject)
    return clauses.joined(first.subject) if several == they and len(first.subject) <= TOPIC_WORDS else None


def named(claim: Claim, reading: Reading) -> tuple[str, float]:
    """Return a sentence with who says it for "I", and their house for a "we" that did something."""
    who, said = claim.speaker, claim.said
    if not FIRST.search(said) or "“" in said or '"' in said or subjects.is_meeting(reading.document):
        return said, 0.0
    known = houses.of_speaker(who, reading.document) if who else reading.house
    if (known is None and who is None) or (WE.search(said) and not WE_DID.search(said)):
        return said, 0.0
    if who is None:
        return _with_names(said, known or "", known or "", known or ""), 0.08
    doubt = 0.04 if not WE.search(said) else 0.08 if known else 0.14
    return _with_names(said, who.name, known or f"{who.name}’s team", known or who.name), doubt


def _with_names(said: str, name: str, house: str, owner: str) -> str:
    """Return a sentence with names for its "I", "we" and "our"."""
    named = (
        (r"(?<=\bI)\b(?P<between>[^.;]*) \bmy\b", r"\g<between> their"),
        (r"\bI(?:[’']m| am)\b", f"{name} is"),
        (r"\bI(?:[’']ve| have)\b", f"{name} has"),
        (r"\bI[’']d (?=\w+ed\b)", f"{name} had "),
        (r"\bI[’']d\b", f"{name} would"),
        (r"\bI[’']ll\b", f"{name} will"),
        (r"\bI do(?=n[’']t)", f"{name} does"),
        (r"\bI have(?=n[’']t)", f"{name} has"),
        (r"\b[Ww]e do(?=n[’']t)", f"{house} does"),
        (r"\b[Ww]e(?:[’']ve| have)\b", f"{house} has"),
        (r"\b[Ww]e[’']re\b", f"{house} is"),
        (r"\b[Ww]e[’']d\b", f"{house} would"),
        (r"\b(?:[Ww]e|us)\b", house),
        (r"\b(?:[Oo]urselves|[Oo]urself)\b", "itself"),
        (r"\b[Oo]ur\b", f"{owner}’s"),
        (r"\b(?:I|me)\b", name),
        (r"\b[Mm]y\b", f"{name}’s"),
    )
    for pattern, words in named:
        said = re.sub(pattern, words, said)
    return wording.capitalised(said)


def names_subject(clause: Clause) -> bool:
    """Say whether a clause names its subject, and no bare "that" stands in it."""
    subject = clauses.joined(clause.subject)
    pointing = any(
        one.tag_ == "DT"
        and one.dep_ in {"dobj", "pobj", "nsubj", "attr"}
        and one.lower_ in {"this", "that", "these", "those"}
        for one in (*clause.predicate, *clause.lead)
    )
    return (
        not pointing
        and not VAGUE.match(subject)
        and not re.match(
            r"(?:this|these|those|such|that|any|the same|they|he|she|it|his|her|its|their|our|my|your) ",
            subject,
            re.IGNORECASE,
        )
    )


def is_person(noun: "Token") -> bool:
    """Say whether a noun means somebody."""
    return bool(PERSON.search(noun.text)) and noun.pos_ in {"NOUN", "PROPN", "PRON"}
