"""What every question about a part of a clause has in common: is its subject clear, and how is it put?"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from quizapp.domain.documents import BlockKind
from quizapp.generate import clauses, grammar, language, releases, subjects, wording
from quizapp.generate.candidates import Candidate, Reading, from_claim
from quizapp.generate.claims import Claim
from quizapp.generate.clauses import Clause, Part
from quizapp.generate.orders import is_order
from quizapp.ingest import names

if TYPE_CHECKING:
    from spacy.tokens import Token

ANSWER_WORDS = 15
QUESTION_WORDS = range(4, 32)
SHORT = 5  # words of a question that says too little to be sure of
CONTENT = {"NOUN", "PROPN", "VERB", "ADJ", "NUM"}
# Subjects that stand for something said before.
VAGUE = re.compile(
    r"^(?:I|we|he|she|it|they|this|that|these|those|here|one|ones|some|many|most|others?|another|both|each|either|neither|all|few|"
    r"several|everything|something|nothing|none|half|one \w+|who|which|what|whoever|whatever|mine|ours|theirs|more|less|the (?:rest|same|others?|former|latter|first|"
    r"second|third|last(?: ones?)?|cheapest|most \w+)|(?:\S+ ){0,3}of (?:it|you|us|them|these|those|this|that)|.* ones?)$",
    re.IGNORECASE,
)
BARE_DEFINITE = re.compile(r"^(?:[Tt]he|[Oo]ur|[Ii]ts|[Tt]heir) [a-z-]+$")
UNFIT = re.compile(
    r"[`:;|=!/\[\]]|->|\b(?:and|but|or|than|as|if|the|an?)$|\b(?:and|but|or)(?: \w+)?$|\bbut at\b", re.IGNORECASE
)
VAGUE_ANSWER = re.compile(
    r"(?:some|certain|several|many|various|something|things?|it|them|itself|him|her|us|me|you|one|ones|this|that|these|those|what|whatever|all three|both|more|others?|another)\b(?! of| in every| who| which| than)|(?:the )?(?:difference|same|rest|others?|way)$",
    re.IGNORECASE,
)
BACK = re.compile(
    r"^(?P<lead>(?:In|On|At|By|Since|After|Before|From|Until|For|With|Previously)\b[^,;:]{0,40}?,? )?(?P<it>[Ii]t|[Tt]hey)(?P<be>[’'](?:s|re|ll|d|ve))? "
    r"(?!is (?:also )?(?:too|not (?:that|only)|clear|possible|important|true|said|likely|worth)\b|seems|turns|was (?:not )?(?:until|only)|too\b|true\b|because\b|took us\b|takes? us\b)"
)
LABEL = re.compile(r"^(?P<term>[A-Z][\w’'-]*(?: [\w’'-]+){0,4})(?: \([^)]*\))?: ")
CLITICS = {"s": "is", "re": "are", "ll": "will", "d": "would", "ve": "have"}
DOUBT_OF_IT = 0.16
DOUBT_OF_ORDERS = 0.05
FIRST = re.compile(r"\b(?:I|my|My|me|we|We|our|Our|us)\b(?!['’])")
WE = re.compile(r"\b(?:we|We|us)\b")
WE_DID = re.compile(
    r"\b[Ww]e (?:then |also |first |only |never |just |actually )?(?:\w+ed|found|made|had|threw|sold|built|took|gave|put|got|did|ran|began|chose|cut|lost|left|spent|paid|brought|saw|kept|sent|bought|grew|met|learnt|wrote|drew|held|went|came|have \w+ed|will \w+)\b"
)
LEANS = re.compile(
    r"\b(?:everyone|I|we|us|our|ours|my|me|this|these|those|here|such|he|she|his|him|they|them|their|it|its)\b",
    re.IGNORECASE,
)
PERSON = re.compile(
    r"\b(?:commander|manager|officer|chair(?:man|woman|person)?|treasurer|secretary|director|editor|engineer|founder|auditor|lead|leader|head|assembly|board|"
    r"committee|council|teams?|owners?|members?|staff|customers?|users?|parents?|teachers?|doctors?|nurses?|government|ministry|authority|office|company|insurer|insurers|"
    r"farmers?|contractors?|workers?|employees?|students?|visitors?|residents?|operators?|supervisor|provider|president|mayor|nobody|everyone|anyone)$",
    re.IGNORECASE,
)
COST_OF_LEANING = 0.14


@dataclass(frozen=True)
class Asked:
    """A clause about which questions are asked, with the sentence that it stands in."""

    claim: Claim
    clause: Clause
    reading: Reading
    doubt: float = 0.0  # whether "we" was the house of the one who speaks

    def somebody(self, noun: "Token") -> bool:
        """Say whether a noun means a person: by its kind, or because the document names them."""
        known = {word for who in self.reading.document.people for word in (*who.name.split(), names.initials(who.name))}
        return is_person(noun) or (noun.tag_.startswith("NN") and noun.text in known)

    def about(
        self, asking: str, part: "Iterable[Token]", *, rule: str, sure: float, answer: str = ""
    ) -> Iterator[Candidate]:
        """Yield the card that asks for a part of the clause with a question word."""
        tokens = tuple(part)
        question = self.clause.ask(asking, tokens, self.reading.casing)
        yield from self.card(question, answer or phrase(tokens), rule=rule, sure=sure)

    def subject(
        self, asking: str, part: "Iterable[Token]", *, rule: str, sure: float, answer: str = ""
    ) -> Iterator[Candidate]:
        """Yield the card that asks for the subject or for the number in it."""
        tokens = tuple(part)
        question = self.clause.ask_subject(asking, tokens, self.reading.casing)
        answer = answer or phrase(tokens)
        yield from self.card(question, answer, rule=rule, sure=sure)

    def card(self, question: str, answer: str, *, rule: str, sure: float) -> Iterator[Candidate]:
        """Yield a card, surer the less it leans on the page."""
        sure -= COST_OF_LEANING * self.leaning(question) + self.doubt
        yield from unplaced(self.claim, self.reading, question, answer, rule=rule, sure=sure)

    def leaning(self, question: str) -> bool:
        """Say whether a question needs the sentences before it more than a heading can make up for."""
        subject = clauses.joined(self.clause.subject)
        first = self.claim.before is None and self.claim.block.kind is not BlockKind.BULLET
        if BARE_DEFINITE.match(subject) and not first:
            known = f"{self.claim.heading or ''} {self.reading.document.title}".lower()
            return subject.split()[-1].lower().rstrip("s") not in known
        told = self.clause.verb.tag_ == "VBD" and not self.clause.lead and self.clause.subject[0].lower_ in {"a", "an"}
        return told or bool(LEANS.search(question))


def unplaced(
    claim: Claim, reading: Reading, question: str, answer: str, *, rule: str, sure: float
) -> Iterator[Candidate]:
    """Yield the card of a bare question behind what its section is about, if both are fit."""
    question, answer = clauses.tidy(question), wording.answer(answer)
    if not answer or len(answer.split()) > ANSWER_WORDS or len(question.split()) not in QUESTION_WORDS:
        return
    if UNFIT.search(question) or VAGUE_ANSWER.match(answer) or re.search(r"(?<!\d)[:;|=]|->", answer):
        return
    if any(text.count('"') % 2 or text.count("“") != text.count("”") for text in (question, answer)):
        return
    document = reading.document
    sure -= 0.1 * (len(question.split()) < SHORT)
    asked = wording.asked(question, None if _of_self(claim, f"{question} {answer}") else claim.speaker)
    own_frame = subjects.is_meeting(document) or releases.is_release_notes(document)
    if claim.speaker is None and not own_frame:
        asked = subjects.placed(asked, claim.block, document)
    found = from_claim(claim, asked, answer, rule=rule, sure=sure)
    about = (found.context, subjects.area(claim.block, document), subjects.subject(document))
    yield replace(found, context=" ".join(one for one in about if one))


def _of_self(claim: Claim, text: str) -> bool:
    """Say whether a card is about the speaker, so that "according to" would only repeat it."""
    return claim.speaker is not None and bool(
        {names.initials(claim.speaker.name), claim.speaker.name.split()[-1]} & set(re.findall(r"\w+", text))
    )


def askable(claim: Claim, reading: Reading) -> Iterator[Asked]:
    """Yield the clauses of a sentence that name what they are about."""
    if claim.parse is None or not 4 <= claim.words <= 45 or re.search(r"https?://|\?$", claim.text):
        return
    said, doubt = _spelled_out(claim, reading)
    doc = claim.parse if said == claim.said else language.parse(said)
    for clause in clauses.clauses(doc, reported=claim.speaker is not None) if doc is not None else ():
        if _clear(clause):
            yield Asked(claim, clause, reading, doubt)


def _spelled_out(claim: Claim, reading: Reading) -> tuple[str, float]:
    """Return a sentence with what its "I", "it" or order leaves out, and how far that is to be doubted."""
    if is_order(claim.said) and claim.speaker is None:
        return ordered(claim.said), DOUBT_OF_ORDERS
    if BACK.match(claim.said):
        topic = _topic_before(claim, reading)
        return (
            (BACK.sub(lambda found: _replaced(found, topic, reading), claim.said, count=1), DOUBT_OF_IT)
            if topic
            else (claim.said, 0.0)
        )
    return _named(claim, reading)


def _replaced(found: re.Match[str], topic: str, reading: Reading) -> str:
    be = f" {CLITICS[found['be'][1:]]}" if found["be"] else ""
    return (
        f"{found['lead']}{wording.lowered(topic, reading.casing)}{be} "
        if found["lead"]
        else f"{wording.capitalised(topic)}{be} "
    )


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
    if before is not None and before.before is None and (label := LABEL.match(before.text)):
        return label["term"] if claim.said[:4] not in {"They"} else None
    parsed = next((one.parse for one in reading.claims if before is not None and one.span == before.span), None)
    first = next(clauses.clauses(parsed), None) if parsed is not None else None
    if (
        first is None
        or not _clear(first)
        or is_person(first.head)
        or first.head.dep_ == "expl"
        or len(first.subject) > 7
    ):
        return None
    several = grammar.plural(first.head) or any(one.dep_ == "conj" for one in first.subject)
    found = BACK.match(claim.said)
    return clauses.joined(first.subject) if found and several == (found["it"].lower() == "they") else None


def _clear(clause: Clause) -> bool:
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
        and not re.match(r"(?:this|these|those|such|that|any|they|he|she|it) ", subject, re.IGNORECASE)
    )


def _named(claim: Claim, reading: Reading) -> tuple[str, float]:
    """Return a sentence with its speaker for "I", and the speaker's house for a "we" that did something."""
    who, said = claim.speaker, claim.said
    if who is None or not FIRST.search(said) or "“" in said or '"' in said or subjects.is_meeting(reading.document):
        return said, 0.0
    doubt = 0.04
    if WE.search(said):
        if not WE_DID.search(said):
            return said, 0.0
        doubt = 0.08 if who.organisation else 0.14
    house = who.organisation or f"{who.name}’s team"
    named = (
        (r"\bI[’']m\b", f"{who.name} is"), (r"\bI[’']ve\b", f"{who.name} has"), (r"\b[Ww]e[’']ve\b", f"{house} has"), (r"\b(?:[Ww]e|us)\b", house),
        (r"\b[Oo]ur\b", f"{who.organisation or who.name}’s"), (r"\b(?:I|me)\b", who.name), (r"\b[Mm]y\b", f"{who.name}’s"),
    )  # fmt: skip
    for pattern, name in named:
        said = re.sub(pattern, name, said)
    return said, doubt


def phrase(tokens: "Iterable[Token]") -> str:
    """Return a part of a clause as an answer: without what a comma sets off after its noun."""
    kept = sorted(set(tokens), key=lambda token: token.i)
    for at, one in enumerate(kept):
        if (
            at
            and one.text == ","
            and at + 1 < len(kept)
            and kept[at + 1].lower_
            in {"which", "who", "where", "when", "although", "though", "because", "as", "not", "while", "whereas"}
        ):
            kept = kept[:at]
            break
    return clauses.joined(kept)


def contentful(tokens: "Sequence[Token]") -> int:
    """Return how many words carry meaning."""
    return sum(one.pos_ in CONTENT for one in tokens)


def plain(clause: Clause, part: Part) -> "tuple[Token, ...]":
    """Return the tokens of a part that are no aside."""
    return tuple(one for one in part.tokens if one not in clause.asides)


def inside(part: "Part") -> "Token | None":
    """Return the noun or the verb after a preposition."""
    return next((one for one in part.head.children if one.dep_ in {"pobj", "pcomp"} and one in part.tokens), None)


def is_person(noun: "Token") -> bool:
    """Say whether a noun means somebody."""
    return bool(PERSON.search(noun.text)) and noun.pos_ in {"NOUN", "PROPN", "PRON"}
