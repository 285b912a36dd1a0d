"""Factories: a thing of each sort with nothing to say about it but what the test gives."""

import io
import zipfile
from datetime import UTC, datetime

from quizapp.db.engine import Session
from quizapp.domain.cards import CardKind, Draft, DraftStatus, Source
from quizapp.domain.documents import Block, BlockKind, Document, Span, Speaker
from quizapp.domain.permissions import Actor
from quizapp.services import drafts, library
from quizapp.services.library import AddedDocument
from quizapp.services.reading import Reading
from tests.recalled import builds

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)  # a Monday noon in Berlin, near enough

TEXT = """Cells

A mitochondrion makes most of the energy of a cell.

A ribosome builds proteins, and a lysosome takes them apart.

Lin Wei said that a cell is like a town."""

QUOTES = (
    "A mitochondrion makes most of the energy of a cell.",
    "A ribosome builds proteins",
    "a lysosome takes them apart",
    "a cell is like a town",
)


def document(text: str = TEXT, *, title: str = "Cells") -> Document:
    """A document with one block a paragraph, the first a title, the last said by somebody."""
    blocks, start = [], 0
    paragraphs = text.split("\n\n")
    for number, paragraph in enumerate(paragraphs):
        span = Span(start, start + len(paragraph))
        kind = BlockKind.TITLE if number == 0 else BlockKind.PARAGRAPH
        said = Speaker("Lin Wei", "Professor") if number and number == len(paragraphs) - 1 else None
        blocks.append(Block(kind, span, level=0 if number else 1, path=(title,) if number else (), speaker=said))
        start = span.end + 2
    return Document(title, text, "en", tuple(blocks))


def draft(number: int = 0, *, text: str = TEXT, status: DraftStatus = DraftStatus.READY, **given: object) -> Draft:
    """A draft on one of the quotes."""
    quote = QUOTES[number % len(QUOTES)]
    start = text.find(quote)
    values = {
        "kind": CardKind.BASIC,
        "question": f"What is said in passage {number}?",
        "answer": quote,
        "source": Source(quote, start, start + len(quote), speaker="Lin Wei", heading="Cells"),
        "rule": "definition",
        "score": 0.9,
        "status": status,
        "reasons": () if status is DraftStatus.READY else ("It asks for a detail.",),
        "tags": ("cells",),
    }
    return Draft(**{**values, **given})


def cloze_draft(text: str = "A […] makes energy", answer: str = "mitochondrion", **given: object) -> Draft:
    """A draft with one gap."""
    return draft(kind=CardKind.CLOZE, question=text, answer=answer, **given)


def reading(*proposed: Draft, text: str = TEXT, title: str = "Cells") -> Reading:
    """A reading of a document; two ready drafts and one for the tray unless others are given."""
    chosen = proposed or (draft(0), draft(1), draft(2, status=DraftStatus.REVIEW))
    return Reading(document(text, title=title), chosen, (), (), seconds=0.1, words=len(text.split()))


@builds
def added(
    session: Session,
    owner: Actor,
    *proposed: Draft,
    text: str = TEXT,
    title: str = "Cells",
    deck_name: str | None = None,
    keep_ready: bool = False,
    url: str | None = None,
    as_new: bool = True,
    now: datetime = NOW,
) -> AddedDocument:
    """A document in the library, one of its own unless told otherwise."""
    return library.add_document(
        session,
        owner,
        reading=reading(*proposed, text=text, title=title),
        filename="cells.md",
        data=text.encode(),
        deck_name=deck_name,
        keep_ready=keep_ready,
        url=url,
        as_new=as_new,
        now=now,
    )


def archive(*entries: tuple[str | zipfile.ZipInfo, bytes | str]) -> bytes:
    """A zip archive of pairs of name and content."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as files:
        for name, content in entries:
            files.writestr(name, content)
    return out.getvalue()


@builds
def note_in(session: Session, owner: Actor, proposed: Draft, *, deck_name: str = "Cells", now: datetime = NOW) -> int:
    """A note in a deck, kept from a document of its own."""
    text = f"{TEXT}\n\n{proposed.question} {proposed.answer} {proposed.id}"
    there = added(session, owner, proposed, text=text, deck_name=deck_name, now=now)
    (view,) = drafts.bench(session, owner, there.document_id).drafts
    return drafts.keep(session, owner, view.id, now=now)
