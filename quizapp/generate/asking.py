"""What every question about a part of a clause has in common: whether it is clear, and how it is put."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from quizapp.domain.documents import BlockKind
from quizapp.generate import antecedents, clauses, enumerations, passing, releases, subjects, wording
from quizapp.generate.candidates import Candidate, Reading, from_claim
from quizapp.generate.claims import Claim
from quizapp.generate.clauses import Clause, Part
from quizapp.generate.grammar import SUBJECTS
from quizapp.ingest import names

if TYPE_CHECKING:
    from spacy.tokens import Token

ANSWER_WORDS = 15
QUESTION_WORDS = range(4, 32)
WHOLE_WORDS = 25  # of an answer that is a statement
WHOLE_QUESTION_WORDS = range(3, 32)  # "what is a linkspan"
SENTENCE_WORDS = range(4, 76)
SHORT = 5  # words of a question that says too little to be sure of
QUOTES = {'"', "“", "‘", "''", "``"}
CONTENT = {"NOUN", "PROPN", "VERB", "ADJ", "NUM"}
BARE_DEFINITE = re.compile(
    r"^(?:(?:(?:[Nn]early|[Aa]lmost) )?[Tt]he (?:whole|entire|other|new|old)|[Tt]he|[Oo]ur|[Ii]ts|[Tt]heir) [a-z-]+$"
)
UNFIT = re.compile(
    r"[`:;|=≠!/\[\]]|->|→|\d \w+ \+ \d|\b(?:and|but|or|than|if|the|an?)$|\bbut\b|\b(?:and|or) (?:below|above|then|only|so)\b",
    re.IGNORECASE,
)
VAGUE_ANSWER = re.compile(
    r"(?:some|certain|several|many|various|something|things?|it|them|itself|him|her|us|me|you|one(?! (?!that|with|more|less|in)[a-z]{3,})|ones|this|that|these|those|what|whatever|all three|both|more|others?|another)\b(?! of| in every| who| which| than)|(?:the )?(?:difference|same|rest|others?|way)$",
    re.IGNORECASE,
)
LEANS = re.compile(
    r"\b(?:everyone|I|we|us|our|ours|my|me|this|these|those|here|such|he|she|his|him|her|hers|they|them|it)\b",
    re.IGNORECASE,
)
CUT = re.compile(r"\b(?:and|but|or|than|as|if|the|an?|by|of|to|for|with|from)$", re.IGNORECASE)
NO_STATEMENT = re.compile(r"https?://|\?$|^(?:TO-?DO|why|how)\b")
SPLICED = re.compile(r"\b(\w+), \1\b.*")  # "a log, log is read": two sentences
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
        return antecedents.is_person(noun) or (noun.tag_.startswith("NN") and noun.text in known)

    def about(
        self, asking: str, part: "Iterable[Token]", *, rule: str, sure: float, answer: str = "", whole: bool = False
    ) -> Iterator[Candidate]:
        """Yield the card that asks for a part of the clause with a question word."""
        tokens = tuple(part)
        if _leaves_a_relative(tokens):
            return
        question = self.clause.ask(asking, tokens, self.reading.casing)
        yield from self.card(question, answer or phrase(tokens), rule=rule, sure=sure, whole=whole)

    def subject(
        self, asking: str, part: "Iterable[Token]", *, rule: str, sure: float, answer: str = ""
    ) -> Iterator[Candidate]:
        """Yield the card that asks for the subject or for the number in it."""
        tokens = tuple(part)
        question = self.clause.ask_subject(asking, tokens, self.reading.casing)
        answer = answer or phrase(tokens)
        yield from self.card(question, answer, rule=rule, sure=sure)

    def card(self, question: str, answer: str, *, rule: str, sure: float, whole: bool = False) -> Iterator[Candidate]:
        """Yield a card, surer the less it leans on the page; none of a number that only opens a list."""
        if enumerations.announces(self.claim, question):
            return
        sure -= COST_OF_LEANING * self.leaning(question) + self.doubt
        yield from unplaced(self.claim, self.reading, question, answer, rule=rule, sure=sure, whole=whole)

    def leaning(self, question: str) -> bool:
        """Say whether a question needs the sentences before it more than a heading can make up for."""
        subject = clauses.joined(self.clause.subject)
        first = self.claim.before is None and self.claim.block.kind is not BlockKind.BULLET
        if BARE_DEFINITE.match(subject) and not first and not subjects.is_meeting(self.reading.document):
            known = f"{self.claim.heading or ''} {self.reading.document.title}".lower()
            return subject.split()[-1].lower().rstrip("s") not in known
        told = self.clause.verb.tag_ == "VBD" and not self.clause.lead and self.clause.subject[0].lower_ in {"a", "an"}
        return told or bool(LEANS.search(question))


def _leaves_a_relative(part: "Sequence[Token]") -> bool:
    """Say whether the "that masters language" of a part would stay in the question."""
    last = max(part, key=lambda one: one.i, default=None)
    following = last.nbor(1) if last is not None and last.i + 1 < len(last.doc) else None
    return following is not None and (
        following.tag_ in {"WDT", "WP"} or (following.dep_ in SUBJECTS and following.lower_ == "that")
    )


def unplaced(
    claim: Claim, reading: Reading, question: str, answer: str, *, rule: str, sure: float, whole: bool = False
) -> Iterator[Candidate]:
    """Yield the card of a bare question behind what its section is about, if both are fit.

    The answer is a part of a clause, or the whole of a reason or of what somebody proved.
    """
    question, answer = clauses.tidy(question), wording.answer(SPLICED.sub(r"\1", answer))
    if not answer or len(answer.split()) > (WHOLE_WORDS if whole else ANSWER_WORDS):
        return
    if len(question.split()) not in (WHOLE_QUESTION_WORDS if whole else QUESTION_WORDS):
        return
    if (
        UNFIT.search(question)
        or VAGUE_ANSWER.match(answer)
        or CUT.search(answer)
        or re.search(r"(?<!\d)[:;|=]|->", answer)
    ):
        return
    if any(text.count('"') % 2 or text.count("“") != text.count("”") for text in (question, answer)):
        return
    document = reading.document
    asked = wording.asked(question, None if _of_self(claim, f"{question} {answer}") else claim.speaker)
    frame = _place(claim, reading)
    sure -= 0.1 * (len(asked.split()) < SHORT or (claim.speaker is not None and len(question.split()) < SHORT))
    found = from_claim(claim, asked, answer, rule=rule, sure=sure)
    about = (found.context, subjects.area(claim.block, document), subjects.subject(document))
    yield replace(found, frame=frame, context=" ".join(one for one in about if one))


def _place(claim: Claim, reading: Reading) -> str:
    """Return the section of a passage that nobody speaks; minutes and release notes have a frame of their own."""
    document = reading.document
    if claim.speaker or subjects.is_meeting(document) or releases.is_release_notes(document):
        return ""
    return subjects.heading(claim.block, document) or reading.topic or ""


def _of_self(claim: Claim, text: str) -> bool:
    """Say whether a card is about the speaker, so that "according to" would only repeat it."""
    return claim.speaker is not None and bool(
        {names.initials(claim.speaker.name), claim.speaker.name.split()[-1]} & set(re.findall(r"\w+", text))
    )


def askable(claim: Claim, reading: Reading) -> Iterator[Asked]:
    """Yield the clauses of a sentence that name what they are about."""
    if not is_asked_about(claim):
        return
    who = f"{claim.speaker.name} {names.initials(claim.speaker.name)}" if claim.speaker else ""
    said, doubt = antecedents.spelled_out(claim, reading)
    doc = claim.parse if said == claim.said else reading.parse(said)
    if doc is None:
        return
    told = [parsed for one in passing.statements(doc) if (parsed := reading.parse(one)) is not None]
    for clause in (found for one in (doc, *told) for found in clauses.clauses(one, reading.parse, speaker=who)):
        strange = claim.speaker is None and _is_quoted(clause)
        if antecedents.names_subject(clause) and not strange and not _is_task(clause) and not _points(clause):
            yield Asked(claim, clause, reading, doubt)


def prepare(reading: Reading) -> None:
    """Parse at once what `askable` takes apart: the parts of long sentences, and those with a name for their "it"."""
    asked = [claim for claim in reading.claims if is_asked_about(claim)]
    reading.parse.prepare(part for claim in asked for part in clauses.parts(claim.said))
    reading.parse.prepare(
        half
        for claim in asked
        if not clauses.parts(claim.said)
        for pair in clauses.split_in_two(claim.said)
        for half in pair
    )
    clear = [(claim, antecedents.spelled_out(claim, reading)[0]) for claim in asked]
    new = [said for claim, said in clear if said != claim.said]
    reading.parse.prepare([*new, *(part for said in new for part in clauses.parts(said))])
    reading.parse.prepare(
        told for claim in asked if claim.parse is not None for told in passing.statements(claim.parse)
    )


def is_asked_about(claim: Claim) -> bool:
    """Say whether a sentence is one that questions can be made of."""
    return claim.parse is not None and claim.words in SENTENCE_WORDS and not NO_STATEMENT.search(claim.text)


def _is_task(clause: Clause) -> bool:
    """Say whether a clause is "AB to order the valves"."""
    verb = clause.verb
    return verb.dep_ == "ROOT" and any(one.lower_ == "to" and one.dep_ == "aux" for one in verb.children)


def _points(clause: Clause) -> bool:
    """Say whether a verb that shares its subject does something to an "it" of the verb before."""
    shared = clause.verb.dep_ == "conj" and clause.head.i < clause.verb.head.i
    return shared and any(one.lower_ in {"it", "them"} and one.dep_ in {"dobj", "pobj"} for one in clause.predicate)


def _is_quoted(clause: Clause) -> bool:
    """Say whether a clause is in somebody's words."""
    first = (*clause.lead, *clause.subject)[0]
    return first.text in QUOTES or (first.i > 0 and first.nbor(-1).text in QUOTES)


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


def inside(part: Part) -> "Token | None":
    """Return the noun or the verb after a preposition."""
    return next((one for one in part.head.children if one.dep_ in {"pobj", "pcomp"} and one in part.tokens), None)
