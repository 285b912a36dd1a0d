"""What a thing is that a sentence explains in passing, "the linkspan, the hinged bridge over which cars board", and what somebody proved."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from quizapp.generate import clauses, grammar, wording
from quizapp.generate.asking import contentful, is_asked_about, unplaced
from quizapp.generate.candidates import Candidate, Reading
from quizapp.generate.claims import Claim

if TYPE_CHECKING:
    from spacy.tokens import Token

COMMENTING = {"describe", "report", "mention", "suggest", "say", "note", "write", "put", "expect", "see", "do"}
PERSONAL = re.compile(
    r"(?:king|queen|emperor|bishop|monk|nun|poet|painter|scholar|sailor|clergyman|draughtsman|soldier|merchant|author|inventor|officer|"
    r"[a-z]+(?:ists?|ologists?|eers?|nomer|grapher|ician|wright|master|keeper|smith|maker))$"
)


def find(reading: Reading) -> Iterator[Candidate]:
    """Yield what things and people are that a sentence explains in passing, and what somebody proved."""
    for claim in reading.claims:
        if claim.parse is not None and is_asked_about(claim):
            yield from _explained(claim, reading)
            yield from _proved(claim, reading)


def _explained(claim: Claim, reading: Reading) -> Iterator[Candidate]:
    """Yield "what is the linkspan" for "the linkspan, the hinged bridge over which vehicles board"."""
    for noun in claim.parse or ():
        named = _named(noun)
        if named is None or not _is_one_thing(noun, named):
            continue
        term, what = _term(named), _told(noun)
        if term is None or what is None or any(term in who.name for who in reading.document.people):
            continue
        asking = _asking(noun, named)
        yield from unplaced(
            claim, reading, f"{asking} {wording.lowered(term, reading.casing)}", what, rule="explained", sure=0.84, whole=True
        )  # fmt: skip


def _named(noun: "Token") -> "Token | None":
    """Return what an apposition explains; the parser takes one at the end of a sentence for an adverb."""
    if noun.pos_ != "NOUN" or noun.dep_ not in {"appos", "npadvmod"}:
        return None
    comma = noun.left_edge.nbor(-1) if noun.left_edge.i > 1 else None
    if noun.dep_ == "appos":
        return noun.head
    before = comma.nbor(-1) if comma is not None and comma.text == "," else None
    told = any(one.dep_ in {"relcl", "acl"} or one.lower_ in {"of", "for", "with"} for one in noun.children)
    fits = before is not None and before.pos_ == "NOUN" and noun.left_edge.lower_ in {"a", "an"}
    return before if fits and told else None


def _asking(noun: "Token", named: "Token") -> str:
    person = named.pos_ == "PROPN" and (PERSONAL.match(noun.lower_) or any(one.lower_ == "who" for one in noun.subtree))
    if person:
        return "who is" if any(one.tag_ in {"VBZ", "VBP"} for one in noun.subtree) else "who was"
    return "what are" if grammar.plural(named) else "what is"


def _is_one_thing(noun: "Token", named: "Token") -> bool:
    """Say whether an apposition explains the noun before it, and is not the next of a list."""
    listed = any(one.dep_ in {"conj", "appos", "cc"} and one != noun for one in (*named.children, *noun.children))
    alike = grammar.plural(noun) == grammar.plural(named) and noun.left_edge.lower_ in {"a", "an", "the"}
    return alike and not listed and named.dep_ not in {"conj", "appos"}


def _term(noun: "Token") -> str | None:
    """Return the name of a thing in front of its explanation: a name, or one noun with its adjectives."""
    words = [one for one in noun.doc[noun.left_edge.i : noun.i + 1] if one.tag_ not in {"PRP$", "RB"}]
    fits = noun.dep_ in {"dobj", "pobj", "attr", "nsubj", "nsubjpass"} and noun.pos_ in {"NOUN", "PROPN"}
    if not fits or not 1 <= len(words) <= 4 or any(one.dep_ in {"nummod", "poss"} or one.is_punct for one in words):
        return None
    return clauses.joined(words)


def _told(noun: "Token") -> str | None:
    """Return an explanation up to its end; None where it says too little to know the thing by."""
    tree = [one for one in noun.subtree if one.i >= noun.left_edge.i]
    stop = next((one.i for one in tree if one.i > noun.i and one.text in {",", ";", ":", "("}), tree[-1].i + 1)
    words = noun.doc[noun.left_edge.i : stop]
    clear = contentful(tuple(words)) > 2 and not wording.PRONOUN.search(words.text)
    return words.text if clear and any(one.dep_ in {"prep", "relcl", "acl"} for one in noun.children) else None


def _proved(claim: Claim, reading: Reading) -> Iterator[Candidate]:
    """Yield "what did Gauss prove in the 1820s" for "..., as Gauss proved in the 1820s"."""
    doc = claim.parse
    for verb in doc or ():
        who = next((one for one in verb.children if one.dep_ in grammar.SUBJECTS), None)
        mark = next((one for one in verb.children if one.dep_ == "mark" and one.lower_ == "as"), None)
        if doc is None or who is None or mark is None or verb.dep_ != "advcl" or who.pos_ != "PROPN":
            continue
        done = any(one.dep_ in {"dobj", "acomp", "ccomp", "xcomp", "attr"} for one in verb.children)
        before = doc[: mark.i].text.strip(" ,")
        if done or verb.tag_ not in {"VBD", "VBZ"} or grammar.base(verb) in COMMENTING or wording.dangling(before):
            continue
        if doc[mark.i - 1].text == "," and verb.head.dep_ == "ROOT" and verb.head.i < mark.i:
            rest = re.split(r", (?:and|but|so|yet)\b", doc[verb.i + 1 : verb.right_edge.i + 1].text)[0]
            name = doc[who.left_edge.i : who.i + 1].text
            question = f"what {grammar.helper(verb)} {name} {grammar.base(verb)} {rest}"
            yield from unplaced(claim, reading, question, before, rule="asks_known", sure=0.84, whole=True)
