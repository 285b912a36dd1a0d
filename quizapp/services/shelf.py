"""The library as a shelf: sorted, filtered, its documents named and tagged. Start from `shelf`."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from quizapp.db import coverage, notes
from quizapp.db import documents as document_rows
from quizapp.db.documents import DocumentRow
from quizapp.db.engine import Session
from quizapp.domain import tags
from quizapp.domain.audit import Deed
from quizapp.domain.coverage import Coverage
from quizapp.domain.permissions import Action, Actor, may
from quizapp.domain.searching import folded
from quizapp.errors import InvalidInput
from quizapp.services import audit, library
from quizapp.services.access import allowed
from quizapp.services.library import DocumentSummary, storable

TAGS = 20  # on one document


class Order(Enum):
    """How the library is sorted."""

    NEWEST = "newest"
    TITLE = "title"
    LEAST_COVERED = "least_covered"


@dataclass(frozen=True)
class Shelf:
    """The library as it was asked for, and what else can be asked."""

    documents: Sequence[DocumentSummary]
    tags: tuple[str, ...]  # of all documents


@dataclass(frozen=True)
class Surroundings:
    """What belongs to a document besides its text and its drafts."""

    tags: tuple[str, ...]
    coverage: Coverage
    decks: tuple[tuple[int, str], ...]  # id and name of those that its cards are in
    can_edit: bool


@dataclass(frozen=True)
class Original:
    """The file that a document was read from."""

    filename: str
    data: bytes
    is_noted: bool  # who takes it out: it is a team's


def shelf(session: Session, actor: Actor, *, order: Order = Order.NEWEST, tag: str = "") -> Shelf:
    """Return the actor's documents in that order; with a tag, those that have it."""
    found = library.documents(session, actor)
    known = sorted({name for document in found for name in document.tags}, key=str.casefold)
    chosen = [document for document in found if not tag or tag in document.tags]
    return Shelf(_ordered(chosen, order), tuple(known))


def surroundings(session: Session, actor: Actor, document_id: int) -> Surroundings:
    """Return the tags of a document, how much of it has cards, and their decks."""
    row = _living(session, actor, document_id, Action.SEE)
    return Surroundings(
        notes.tags_of_documents(session, [row.id]).get(row.id, ()),
        coverage.of_documents(session, [row.id]).get(row.id, Coverage()),
        tuple(notes.decks_with(session, row.id)),
        may(actor, Action.EDIT, row.owner_id),
    )


def note_taken(session: Session, actor: Actor, document_id: int, *, now: datetime) -> None:
    """Note in the log of a team that the file of its document was taken out."""
    row = _living(session, actor, document_id, Action.SEE)
    audit.note_of(session, actor, row, Deed.EXPORTED, kind="original", detail=row.title, now=now)


def original(session: Session, actor: Actor, document_id: int) -> Original:
    """Return the file that a document was read from, byte for byte."""
    row = _living(session, actor, document_id, Action.SEE)
    return Original(row.filename, document_rows.original(session, row.id), row.owner_id != actor.person_id)


def rename(session: Session, actor: Actor, document_id: int, title: str, *, now: datetime) -> str:
    """Give a document another title, which its cards show, and return the one it had; its deck keeps its name."""
    row = _living(session, actor, document_id, Action.EDIT)
    before, row.title = row.title, storable(" ".join(title.split()))
    if not row.title:
        raise InvalidInput("A document needs a title. Write one and save again.")
    session.flush()
    _note(session, actor, row, Deed.CHANGED, now)
    return before


def tag(session: Session, actor: Actor, document_id: int, names: str, *, now: datetime) -> Sequence[str]:
    """Put tags on a document, several with commas between, and return them; cards kept from now on get them."""
    row = _living(session, actor, document_id, Action.EDIT)
    there = notes.tags_of_documents(session, [row.id]).get(row.id, ())
    wanted = tags.clean(names)
    if not wanted:
        raise InvalidInput("Write a tag first.")
    fresh = [name for name in wanted if name not in there]
    if len(there) + len(fresh) > TAGS:
        raise InvalidInput("A document can have %(tags)s tags. Take one off first.", tags=TAGS)
    notes.tag_document(session, row, fresh)
    _note(session, actor, row, Deed.CHANGED, now)
    return wanted


def untag(session: Session, actor: Actor, document_id: int, name: str, *, now: datetime) -> None:
    """Take a tag off a document; cards that have it keep it."""
    row = _living(session, actor, document_id, Action.EDIT)
    notes.untag_document(session, row, name)
    _note(session, actor, row, Deed.CHANGED, now)


def _note(session: Session, actor: Actor, row: DocumentRow, deed: Deed, now: datetime) -> None:
    audit.note_of(session, actor, row, deed, kind="document", detail=row.title, now=now)


def _living(session: Session, actor: Actor, document_id: int, action: Action) -> DocumentRow:
    return allowed(document_rows.living(session, document_id), actor, action, thing="document")


def _ordered(found: Sequence[DocumentSummary], order: Order) -> Sequence[DocumentSummary]:
    """Put documents, newest first, in another order."""
    match order:
        case Order.NEWEST:
            return found
        case Order.TITLE:
            return sorted(found, key=lambda one: folded(one.title))
        case Order.LEAST_COVERED:
            return sorted(found, key=lambda one: one.coverage.percent)
