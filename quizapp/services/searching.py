"""Search in documents. Start from `search`."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from quizapp.db import searching
from quizapp.db.engine import Session
from quizapp.db.searching import Hit
from quizapp.domain.permissions import Actor
from quizapp.domain.searching import Term, excerpt, parse

IN_EACH = 5  # passages that are shown of one document
LIMIT = 100  # and of all


@dataclass(frozen=True)
class FoundPassage:
    """A passage that has all that was asked for."""

    number: int  # of the passage in its document
    pieces: Sequence[tuple[str, bool]]  # True for what was asked for


@dataclass(frozen=True)
class FoundDocument:
    """A document with the first of its passages that have all that was asked for."""

    id: int
    title: str
    language: str
    passages: Sequence[FoundPassage]
    count: int  # of all its passages that have it


@dataclass(frozen=True)
class Found:
    """What a search found."""

    documents: Sequence[FoundDocument]  # newest first
    passages: int  # in all documents, shown or not
    is_whole: bool  # every document with such a passage is there


def search(session: Session, actor: Actor, asked: str) -> Found:
    """Return the passages of the actor's documents that hold every word, or phrase in quotation marks."""
    terms = parse(asked)
    if not terms:
        return Found((), 0, is_whole=True)
    hits = searching.hits(session, actor.learner_id, terms, in_each=IN_EACH, limit=LIMIT)
    found = [_document(list(rows), terms) for _, rows in groupby(hits, key=lambda hit: hit.document_id)]
    return Found(found, hits[0].in_all if hits else 0, is_whole=len(hits) < LIMIT)


def _document(hits: Sequence[Hit], terms: Sequence[Term]) -> FoundDocument:
    first = hits[0]
    passages = [FoundPassage(hit.number, excerpt(hit.passage, terms)) for hit in hits]
    return FoundDocument(first.document_id, first.title, first.language, passages, first.in_document)
