"""What a sentence says of a thing behind a comma, ", which gives residents half price", as a sentence about that thing."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from quizapp.generate import antecedents, wording

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

NAME_WORDS = 8  # of a thing that is said again in front of what is said of it
TOLD_WORDS = range(2, 22)
SUBJECTS = {"nsubj", "nsubjpass"}


def statements(doc: "Doc") -> Iterator[str]:
    """Yield what a sentence says of a thing behind a comma, as a sentence about that thing."""
    for verb in doc:
        opening = _opening(verb) if verb.dep_ == "relcl" else None
        name = _name(verb.head, verb) if opening is not None else None
        if opening is None or name is None:
            continue
        told = doc[opening.i + 1 : verb.right_edge.i + 1].text.strip(" ,;:")
        if len(told.split()) in TOLD_WORDS:
            yield wording.capitalised(f"{name} {told}")


def _opening(verb: "Token") -> "Token | None":
    """Return the "which" or "who" of a clause behind a comma; what somebody is by trade other rules ask."""
    if verb.head.pos_ == "PROPN" and verb.tag_ in {"VBZ", "VBP"} and any(one.lower_ == "who" for one in verb.children):
        return None
    found = next((one for one in verb.children if one.dep_ in SUBJECTS and one.tag_ in {"WDT", "WP"}), None)
    if found is None or found.i == 0 or found.lower_ == "that" or found.nbor(-1).text != ",":
        return None
    return found if found.i < verb.i else None


def _name(noun: "Token", verb: "Token") -> str | None:
    """Return a noun with what belongs to it up to the next comma; None where that does not say which it is.

    In "the gangways at Port Hallen, which ..." nothing but sense tells which of the two it is.
    """
    inside = noun.dep_ == "pobj" and noun.head.head.pos_ in {"NOUN", "PROPN"} and noun.head.lower_ != "of"
    end = noun.i + 1
    while end < verb.i and noun.doc[end] in set(noun.subtree) and not noun.doc[end].is_punct:
        end += 1
    words = noun.doc[noun.left_edge.i : end]
    first = words[0].lower_
    unclear = wording.PRONOUN.search(words.text) or antecedents.VAGUE.match(words.text)
    if noun.pos_ not in {"NOUN", "PROPN"} or inside or unclear or len(words) > NAME_WORDS or first in {"a", "an", "no"}:
        return None
    return None if first == "the" and len(words) < 3 and noun.pos_ != "PROPN" else words.text
