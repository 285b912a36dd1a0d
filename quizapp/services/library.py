"""Documents: add one that has been read, with its drafts, and look at it. Start from `add_document`."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from quizapp.db import coverage, drafts, kin, notes, pictures, versions
from quizapp.db import documents as document_rows
from quizapp.db.documents import DocumentRow
from quizapp.db.drafts import DraftCounts
from quizapp.db.engine import Session
from quizapp.domain import deck_names
from quizapp.domain.audit import Deed
from quizapp.domain.cards import Illustration
from quizapp.domain.coverage import Coverage
from quizapp.domain.documents import Block
from quizapp.domain.drafts import Step, StepKind
from quizapp.domain.kinship import Kinship
from quizapp.domain.permissions import Action, Actor
from quizapp.services import audit, recognising, revisions, shelving, steps
from quizapp.services.access import allowed
from quizapp.services.illustrating import illustrate, illustrate_again
from quizapp.services.notes import revive, throw_away
from quizapp.services.proposing import propose
from quizapp.services.reading import Reading
from quizapp.services.recognising import Foreseen, Sought
from quizapp.services.revisions import Given, Update, text_hash

LIST_LIMIT = 500
NAME_LIMIT_CHARS = 300  # of a title or a file name


@dataclass(frozen=True)
class AddedDocument:
    """A document in the library, just added or found there already."""

    document_id: int
    deck_id: int | None  # None while none of its drafts has been kept
    title: str
    ready: int  # ready drafts that wait for a decision
    tray: int  # drafts in the tray that wait for a decision
    kept: int
    already_there: bool
    was_in_trash: bool = False  # and was taken out of it
    earlier: int | None = None  # the version of it that was given, when it has a later one
    resembles: int | None = None  # the document of which it may be a new version; none of its drafts was kept
    update: Update | None = None  # it was there with another text


@dataclass(frozen=True)
class Moved:
    """A document that went to the trash or came back."""

    title: str
    cards: int  # that went or came with it
    left: int = 0  # cards made from it that stay in their decks


@dataclass(frozen=True)
class DocumentSummary:
    """A line of the library."""

    id: int
    title: str
    filename: str
    language: str
    added: datetime
    words: int
    ready_waiting: int
    tray: int  # waiting in the tray
    kept: int
    rejected: int
    decks: tuple[str, ...]  # names of the decks that its cards are in
    tags: tuple[str, ...]
    coverage: Coverage


@dataclass(frozen=True)
class DocumentView:
    """A document as read, to show beside its drafts."""

    id: int
    title: str
    filename: str
    language: str
    text: str
    blocks: tuple[Block, ...]
    illustrations: tuple[Illustration, ...]  # in reading order
    problems: tuple[str, ...]
    url: str | None  # where it was fetched
    added: datetime
    words: int
    ready_waiting: int
    tray: int
    kept: int
    rejected: int


def add_document(  # noqa: PLR0913 - a document and the wishes for it
    session: Session,
    actor: Actor,
    *,
    reading: Reading,
    filename: str,
    data: bytes,
    deck_name: str | None,
    keep_ready: bool,
    url: str | None = None,
    as_new: bool = False,
    batch: str | None = None,
    foreseen: Foreseen | None = None,
    now: datetime,
) -> AddedDocument:
    """Store a document with its drafts; the same text again gives the document that is there.

    One that is in the trash is taken out, with all that went there with it. Another
    version of a document that is there becomes that document, unless it shall be one of
    its own `as_new`, or is of the same `batch`; one that only may be another version is
    stored, and somebody is asked. The deck is named after the document unless
    `deck_name` is given. `keep_ready` keeps every ready draft at once, `url` is where it
    was fetched, `foreseen` what was found out before the turn to write.
    """
    given = Given(reading, storable(reading.document.title), storable(filename), url, data, batch)
    known_by = text_hash(reading.document)
    if there := document_rows.with_text(session, actor.learner_id, known_by):
        was_in_trash = there.deleted_at is not None
        restore(session, actor, there.id, now=now)
        there.url = there.url or url
        illustrate_again(session, there, reading.document)
        session.flush()
        return replace(_added(session, there, already_there=True), was_in_trash=was_in_trash)
    if not as_new and (version := versions.with_text(session, actor.learner_id, known_by)):
        later = session.get_one(DocumentRow, version.document_id)
        return replace(_added(session, later, already_there=True), earlier=version.number)
    found = Foreseen()
    if not as_new:
        found = recognising.foresee(session, actor.learner_id, given.sought, before=foreseen)
    former = document_rows.get(session, found.document_id) if found.document_id is not None else None
    if former and found.likeness.kinship is Kinship.NEXT:
        update = revisions.update(session, former, given, found, deck_name=deck_name, keep_ready=keep_ready, now=now)
        audit.note_of(session, actor, former, Deed.CHANGED, kind="document", detail=former.title, now=now)
        return replace(_added(session, former, already_there=False), update=update)
    return _add(session, actor, given, former, deck_name=deck_name, keep_ready=keep_ready, now=now)


def sought(reading: Reading, filename: str, *, url: str | None, batch: str | None) -> Sought:
    """Return what a document that is to be added is looked for by, so that it can be foreseen what it is."""
    return Given(reading, storable(reading.document.title), storable(filename), url, b"", batch).sought


def documents(session: Session, actor: Actor) -> Sequence[DocumentSummary]:
    """Return the actor's documents, newest first."""
    rows = document_rows.newest_first(session, actor.learner_id, limit=LIST_LIMIT)
    ids = [row.id for row in rows]
    counts = drafts.counts(session, actor.learner_id)
    decks, tags = notes.deck_names(session, ids), notes.tags_of_documents(session, ids)
    covered = coverage.of_documents(session, ids)
    return [
        _summary(
            row,
            counts.get(row.id, DraftCounts()),
            decks.get(row.id, ()),
            tags.get(row.id, ()),
            covered.get(row.id, Coverage()),
        )
        for row in rows
    ]


def document(session: Session, actor: Actor, document_id: int) -> DocumentView:
    """Return one document with its blocks."""
    row = _living(session, actor, document_id, Action.SEE)
    count = drafts.counts(session, row.owner_id, row.id).get(row.id, DraftCounts())
    return DocumentView(
        id=row.id,
        title=row.title,
        filename=row.filename,
        language=row.language,
        text=document_rows.text_of(session, row.id),
        blocks=document_rows.blocks(session, row.id),
        illustrations=tuple(pictures.of_document(session, row.id)),
        problems=row.problems,
        url=row.url,
        added=row.added,
        words=row.words,
        ready_waiting=count.ready,
        tray=count.tray,
        kept=count.kept,
        rejected=count.rejected,
    )


def delete(session: Session, actor: Actor, document_id: int, *, now: datetime) -> Moved:
    """Move a document to the trash with its drafts; cards made from it stay in their decks, with their quotes."""
    row = _living(session, actor, document_id, Action.EDIT)
    row.deleted_at = now
    session.flush()
    audit.note_of(session, actor, row, Deed.DELETED, kind="document", detail=row.title, now=now)
    return Moved(row.title, cards=0, left=len(notes.living(session, row.id)))


def delete_with_cards(session: Session, actor: Actor, document_id: int, *, now: datetime) -> Moved:
    """Move a document to the trash with every card that was made from it; they come back with it."""
    row = _living(session, actor, document_id, Action.EDIT)
    cards = notes.of_document(session, row.id, deleted_at=None)
    row.deleted_at = now
    throw_away(session, *cards, now=now)
    audit.note_of(session, actor, row, Deed.DELETED, kind="document", detail=row.title, now=now)
    return Moved(row.title, cards=len(cards))


def restore(session: Session, actor: Actor, document_id: int, *, now: datetime) -> Moved:
    """Take a document out of the trash, with the cards that were deleted together with it."""
    row = allowed(document_rows.get(session, document_id), actor, Action.EDIT, thing="document")
    if row.deleted_at is None:
        return Moved(row.title, cards=0)
    cards = notes.of_document(session, row.id, deleted_at=row.deleted_at)
    row.deleted_at = None
    revive(session, *cards)
    audit.note_of(session, actor, row, Deed.RESTORED, kind="document", detail=row.title, now=now)
    return Moved(row.title, cards=len(cards))


def _living(session: Session, actor: Actor, document_id: int, action: Action) -> DocumentRow:
    return allowed(document_rows.living(session, document_id), actor, action, thing="document")


def storable(name: str) -> str:
    """Return a title or a file name without what no database stores, as file names may hold, and no longer than pages can show."""
    text = name.encode("utf-8", "replace").decode().replace("\0", "\ufffd")
    return text if len(text) <= NAME_LIMIT_CHARS else text[: NAME_LIMIT_CHARS - 1] + "…"


def _add(
    session: Session,
    actor: Actor,
    given: Given,
    former: DocumentRow | None,
    *,
    deck_name: str | None,
    keep_ready: bool,
    now: datetime,
) -> AddedDocument:
    """Store a document that was not there; of one that may be a new version of a former one, keep no card and ask."""
    deck = deck_names.clean(deck_name) if deck_name else deck_names.from_title(given.reading.document.title)
    edition = revisions.edition_of(session, given, given.title, given.url, now=now)
    row = shelving.store(session, actor.learner_id, edition, deck_name=deck, batch=given.batch)
    propose(session, row, given.reading.drafts, illustrate(session, row))
    audit.note_of(session, actor, row, Deed.ADDED, kind="document", detail=row.title, now=now)
    if former:
        kin.ask(session, row, former)
    elif keep_ready and (ready := drafts.undecided_ready(session, row.id)):
        steps.take(session, row, ready, Step(StepKind.KEEP), now=now)
    return replace(_added(session, row, already_there=False), resembles=former.id if former else None)


def _added(session: Session, row: DocumentRow, *, already_there: bool) -> AddedDocument:
    count = drafts.counts(session, row.owner_id, row.id).get(row.id, DraftCounts())
    return AddedDocument(row.id, row.deck_id, row.title, count.ready, count.tray, count.kept, already_there)


def _summary(
    row: DocumentRow, count: DraftCounts, decks: Sequence[str], tags: Sequence[str], coverage: Coverage
) -> DocumentSummary:
    return DocumentSummary(
        id=row.id,
        title=row.title,
        filename=row.filename,
        language=row.language,
        added=row.added,
        words=row.words,
        ready_waiting=count.ready,
        tray=count.tray,
        kept=count.kept,
        rejected=count.rejected,
        decks=tuple(decks),
        tags=tuple(tags),
        coverage=coverage,
    )
