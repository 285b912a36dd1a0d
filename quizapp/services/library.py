"""Documents: add one that has been read, with its drafts, and look at it. Start from `add_document`."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256

from rapidfuzz import fuzz, process

from quizapp.db import documents as document_rows
from quizapp.db import drafts, notes, pictures
from quizapp.db.documents import DocumentRow
from quizapp.db.drafts import DraftCounts, DraftRow
from quizapp.db.engine import Session
from quizapp.domain import deck_names
from quizapp.domain.captions import Captions
from quizapp.domain.cards import Draft, DraftStatus, Illustration
from quizapp.domain.documents import Block, Document, Span
from quizapp.domain.drafts import Step, StepKind, as_note, generated_wording
from quizapp.domain.permissions import Action, Actor
from quizapp.errors import InvalidInput
from quizapp.services import steps
from quizapp.services.access import allowed
from quizapp.services.notes import check, revive, throw_away
from quizapp.services.reading import Reading

LIST_LIMIT = 500
SIMILAR_FROM = 90  # of 100: below, questions of one template ("What is ...?") look alike
SIMILAR_AMONG = 5_000  # newest notes; more would hold the others up
COMPARED_CHARS = 500
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
    added: datetime
    words: int
    ready_waiting: int
    tray: int  # waiting in the tray
    kept: int
    rejected: int
    decks: tuple[str, ...]  # names of the decks that its cards are in


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


def add_document(
    session: Session,
    actor: Actor,
    *,
    reading: Reading,
    filename: str,
    data: bytes,
    deck_name: str | None,
    keep_ready: bool,
    now: datetime,
) -> AddedDocument:
    """Store a document with its drafts; the same text again gives the document that is there.

    One that is in the trash is taken out, with all that went there with it.
    The deck is named after the document unless `deck_name` is given. `keep_ready`
    keeps every ready draft at once.
    """
    text_hash = sha256(reading.document.text.encode("utf-8", "surrogatepass")).hexdigest()
    if there := document_rows.with_text(session, actor.learner_id, text_hash):
        was_in_trash = there.deleted_at is not None
        restore(session, actor, there.id)
        return replace(_added(session, there, already_there=True), was_in_trash=was_in_trash)
    row = DocumentRow(
        owner_id=actor.learner_id,
        title=_storable(reading.document.title),
        filename=_storable(filename),
        language=reading.document.language,
        text=reading.document.text,
        text_hash=text_hash,
        words=reading.words,
        problems=reading.problems,
        deck_name=deck_names.clean(deck_name) if deck_name else deck_names.from_title(reading.document.title),
        added=now,
    )
    document_rows.add(session, row, data=data, blocks=reading.document.blocks)
    shown = pictures.add(session, row, reading.document.pictures)
    _propose(session, row, reading.drafts, _beside(reading.document, shown))
    if keep_ready and (ready := drafts.undecided_ready(session, row.id)):
        steps.take(session, row, ready, Step(StepKind.KEEP), now=now)
    return _added(session, row, already_there=False)


def note_address(session: Session, actor: Actor, document_id: int, url: str) -> None:
    """Remember where a document was fetched; one that came from the web before keeps its address."""
    row = _living(session, actor, document_id, Action.EDIT)
    row.url = row.url or url
    session.flush()


def documents(session: Session, actor: Actor) -> Sequence[DocumentSummary]:
    """Return the actor's documents, newest first."""
    counts = drafts.counts(session, actor.learner_id)
    rows = document_rows.newest_first(session, actor.learner_id, limit=LIST_LIMIT)
    decks = notes.deck_names(session, [row.id for row in rows])
    return [_summary(row, counts.get(row.id, DraftCounts()), tuple(decks.get(row.id, ()))) for row in rows]


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
    return Moved(row.title, cards=0, left=len(notes.living(session, row.id)))


def delete_with_cards(session: Session, actor: Actor, document_id: int, *, now: datetime) -> Moved:
    """Move a document to the trash with every card that was made from it; they come back with it."""
    row = _living(session, actor, document_id, Action.EDIT)
    cards = notes.of_document(session, row.id, deleted_at=None)
    row.deleted_at = now
    throw_away(session, *cards, now=now)
    return Moved(row.title, cards=len(cards))


def restore(session: Session, actor: Actor, document_id: int) -> Moved:
    """Take a document out of the trash, with the cards that were deleted together with it."""
    row = allowed(document_rows.get(session, document_id), actor, Action.EDIT, thing="document")
    if row.deleted_at is None:
        return Moved(row.title, cards=0)
    cards = notes.of_document(session, row.id, deleted_at=row.deleted_at)
    row.deleted_at = None
    revive(session, *cards)
    return Moved(row.title, cards=len(cards))


def _living(session: Session, actor: Actor, document_id: int, action: Action) -> DocumentRow:
    return allowed(document_rows.living(session, document_id), actor, action, thing="document")


def _beside(document: Document, pictures: Sequence[int]) -> Callable[[Draft], int | None]:
    """Return what tells which picture, by its id, belongs to a draft."""
    captions = Captions(document.text, document.blocks, document.pictures)

    def found(draft: Draft) -> int | None:
        number = captions.beside(Span(draft.source.start, draft.source.end))
        return None if number is None else pictures[number]

    return found


def _propose(
    session: Session, document: DocumentRow, proposed: Iterable[Draft], picture_of: Callable[[Draft], int | None]
) -> None:
    """Store the drafts, each once, with what the owner has that asks nearly the same."""
    known = notes.newest_questions(session, document.owner_id, limit=SIMILAR_AMONG)
    once = {draft.id: _keepable(draft) for draft in proposed}
    session.add_all(
        DraftRow(
            owner_id=document.owner_id,
            document_id=document.id,
            content_id=draft.id,
            kind=draft.kind,
            question=draft.question,
            answer=draft.answer,
            choices=draft.choices,
            explanation=draft.explanation,
            tags=draft.tags,
            quote=draft.source.quote,
            start=draft.source.start,
            end=draft.source.end,
            speaker=draft.source.speaker,
            heading=draft.source.heading,
            page=draft.source.page,
            columns=draft.source.columns or None,
            picture_id=picture_of(draft),
            rule=draft.rule,
            score=draft.score,
            status=draft.status,
            reasons=draft.reasons,
            similar=_similar(draft.question, known),
        )
        for draft in once.values()
    )
    session.flush()


def _storable(name: str) -> str:
    """Return a name without what no database stores, as file names may hold, and no longer than pages can show."""
    text = name.encode("utf-8", "replace").decode().replace("\0", "\ufffd")
    return text if len(text) <= NAME_LIMIT_CHARS else text[: NAME_LIMIT_CHARS - 1] + "…"


def _keepable(draft: Draft) -> Draft:
    """Return the draft; one that could not be kept as it is waits in the tray with the reason."""
    try:
        check(as_note(draft, generated_wording(draft)))
    except InvalidInput as refusal:
        return replace(draft, status=DraftStatus.REVIEW, reasons=(*draft.reasons, refusal.message))
    return draft


def _similar(question: str, known: Sequence[str]) -> tuple[str, ...]:
    """Return the known questions that ask nearly the same, the nearest first."""
    shortened = [other[:COMPARED_CHARS] for other in known]
    near = process.extract(
        question[:COMPARED_CHARS],
        shortened,
        scorer=fuzz.ratio,
        processor=str.casefold,
        score_cutoff=SIMILAR_FROM,
        limit=3,
    )
    return tuple(known[index] for _, _, index in near)


def _added(session: Session, row: DocumentRow, *, already_there: bool) -> AddedDocument:
    count = drafts.counts(session, row.owner_id, row.id).get(row.id, DraftCounts())
    return AddedDocument(row.id, row.deck_id, row.title, count.ready, count.tray, count.kept, already_there)


def _summary(row: DocumentRow, count: DraftCounts, decks: tuple[str, ...]) -> DocumentSummary:
    return DocumentSummary(
        id=row.id,
        title=row.title,
        filename=row.filename,
        added=row.added,
        words=row.words,
        ready_waiting=count.ready,
        tray=count.tray,
        kept=count.kept,
        rejected=count.rejected,
        decks=decks,
    )
