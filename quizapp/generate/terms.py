"""Which term a definition belongs to: definitions turned round, so that the word comes to mind as well."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from quizapp.generate import grammar, wording
from quizapp.generate.candidates import Candidate, Reading

DEFINING = frozenset({"definition", "definition_is", "definition_gloss", "glossary", "label", "called", "named"})
ASKED = re.compile(
    r"^(?:[^:?]{2,60}: )?What (?:is|are|does|do) (?P<term>[^?]{2,50}?)(?: mean| refer to| denote)?(?P<who>, according to [^?]+)?\?$"
)
SURE_FROM = 0.84
SURE = 0.72
TERM_WORDS = range(1, 5)
MEANING_WORDS = range(5, 21)
OPEN = re.compile(r"\b(?:not|it|its|they|them|their|this|these|those|I|we|you|such)\b", re.IGNORECASE)


def turned(candidates: Iterable[Candidate], reading: Reading) -> Iterator[Candidate]:
    """Yield the term for every definition among candidates that says enough to know it by."""
    for one in candidates:
        found = ASKED.match(one.question)
        if found and one.rule in DEFINING and one.sure >= SURE_FROM and _tells(found["term"], one.answer):
            meaning = re.sub(r"^just ", "", one.answer[0].lower() + one.answer[1:])
            question = f"{_asking(meaning, reading)}{found['who'] or ''}?"
            answer = re.sub(r"^(?:an?|the) ", "", found["term"].strip("“”"))
            context = f"{one.context} term called"
            yield replace(
                one, question=question, answer=wording.capitalised(answer), rule="term", sure=SURE, context=context
            )


def _asking(meaning: str, reading: Reading) -> str:
    """Return "which term means “...”", or "what is it called when ..." where the meaning is a sentence."""
    doc = reading.parse(meaning)
    states = (
        doc is not None
        and not re.match(r"(?:how|what|when|where)\b", meaning)
        and grammar.root(doc) is not None
        and grammar.subject(doc) is not None
    )
    return f"What is it called when {meaning}" if states else f"Which term means “{meaning}”"


def _tells(term: str, meaning: str) -> bool:
    """Say whether a meaning is clear by itself and does not hold the term."""
    own = {word[:5].lower() for word in re.findall(r"\w{4,}", term)}
    said = {word[:5].lower() for word in re.findall(r"\w{4,}", meaning)}
    fits = len(term.split()) in TERM_WORDS and len(meaning.split()) in MEANING_WORDS
    return fits and not own & said and not OPEN.search(meaning) and "“" not in meaning
