"""What hangs on a text of a document, kept with it so that it can be put back. Start from `taken` and `put_back`.

That is where the passages of notes and drafts were, the drafts that nobody had decided on,
and the questions that were open: never what a note says, and never a schedule.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from quizapp.db import changes, drafts, notes
from quizapp.db.changes import ChangeDecision, ChangeKind, DocumentChangeRow
from quizapp.db.documents import DocumentRow
from quizapp.db.drafts import DraftRow
from quizapp.db.engine import Session
from quizapp.db.notes import NoteRow
from quizapp.db.versions import Stored
from quizapp.domain.cards import CardKind, Draft, DraftStatus, Source

PLACE = ("quote", "start", "end", "speaker", "heading", "page")
NOTE = (*PLACE, "before", "after")
SAID = ("content_id", "question", "answer", "explanation", "rule", "score")
DRAFT = (*PLACE, *SAID, "note_id", "note_version", "note_number")
TEXTS = ("choices", "tags", "reasons", "similar")
CHANGE = ("number", "note_id", "former_quote", "question", "answer", "choices", "explanation")


def taken(session: Session, document: DocumentRow) -> Stored:
    """Return what hangs on the text that the document has now."""
    undecided = changes.undecided(session, document.id)
    return {
        "deck_name": document.deck_name,
        "deck_id": document.deck_id,
        "batch": document.batch,
        "notes": [_note(row) for row in notes.all_of_document(session, document.id)],
        "drafts": [_draft(row) for row in drafts.of_document(session, document.id)],
        "changes": [{"kind": row.kind.name, **_columns(row, CHANGE)} for row in undecided],
    }


def given(title: str, url: str | None, deck_name: str | None, proposed: Iterable[Draft]) -> Stored:
    """Return what was given as the next text of a document, so that it can be a document of its own."""
    return {
        "title": title,
        "url": url,
        "deck_name": deck_name,
        "drafts": [
            {**vars(draft), "kind": draft.kind.name, "status": draft.status.name, "source": vars(draft.source)}
            for draft in proposed
        ],
    }


def proposed(successor: Stored) -> Sequence[Draft]:
    """Return the drafts that were proposed for what was given."""
    return [_proposal(stored) for stored in successor["drafts"]]


def contents(attached: Stored) -> frozenset[str]:
    """Return the content ids of the drafts that were on the bench then: their rows may have gone and come back."""
    return frozenset(stored["content_id"] for stored in attached["drafts"])


def note_ids(attached: Stored) -> frozenset[int]:
    """Return the notes that were made from the document then."""
    return frozenset(stored["id"] for stored in attached["notes"])


def put_back(session: Session, document: DocumentRow, attached: Stored) -> None:
    """Put the notes and drafts of then to their places, the bench and the open questions to what they were.

    What has been decided since stays decided; what came since is not touched.
    """
    rows = {row.id: row for row in notes.all_of_document(session, document.id)}
    for stored in attached["notes"]:
        if row := rows.get(stored["id"]):
            _place(row, stored, NOTE)
    _put_back_drafts(session, document, attached["drafts"])
    session.flush()
    _put_back_questions(session, document, attached, rows)


def _put_back_drafts(session: Session, document: DocumentRow, stored_drafts: Sequence[Stored]) -> None:
    there = {row.content_id: row for row in drafts.of_document(session, document.id)}
    for stored in stored_drafts:
        if row := there.get(stored["content_id"]):
            _place(row, stored, PLACE)
        else:
            session.add(_draft_row(session, document, stored))


def _put_back_questions(session: Session, document: DocumentRow, attached: Stored, rows: Mapping[int, NoteRow]) -> None:
    """Ask what was open then, and nothing that arose about these notes since."""
    kept = {(stored["note_id"], stored["number"]) for stored in attached["changes"]}
    known = note_ids(attached)
    for row in changes.undecided(session, document.id):
        if row.note_id in known and (row.note_id, row.number) not in kept:
            session.delete(row)
    session.flush()
    there = changes.arisen(session, document.id)
    for stored in attached["changes"]:
        if (stored["note_id"], stored["number"]) not in there and stored["note_id"] in rows:
            choices = stored["choices"]
            values = {name: stored[name] for name in CHANGE} | {"choices": None if choices is None else tuple(choices)}
            row = DocumentChangeRow(owner_id=document.owner_id, document_id=document.id, **values)
            row.kind = ChangeKind[stored["kind"]]
            session.add(row)
    session.flush()


def ask_what_was_taken_over(session: Session, document: DocumentRow, attached: Stored, *, since: int) -> None:
    """Ask of each card that took over a wording from a text after this one whether it shall have the one before."""
    known = note_ids(attached)
    for row in changes.decided(session, document.id, ChangeDecision.TAKEN, since=since):
        if row.note_id in known and row.note.version == row.note_version:
            asked = DocumentChangeRow(owner_id=row.owner_id, document_id=document.id, **_columns(row, CHANGE))
            asked.kind = ChangeKind.ANSWER
            session.add(asked)
    session.flush()


def _columns(row: object, names: Iterable[str]) -> Stored:
    return {name: getattr(row, name) for name in names}


def _gone(row: NoteRow | DraftRow) -> str | None:
    return row.quote_gone_at.isoformat() if row.quote_gone_at else None


def _note(row: NoteRow) -> Stored:
    return {"id": row.id, "gone": _gone(row), **_columns(row, NOTE)}


def _draft(row: DraftRow) -> Stored:
    texts = {name: list(getattr(row, name)) for name in TEXTS}
    return {
        "kind": row.kind.name,
        "status": row.status.name,
        "gone": _gone(row),
        **_columns(row, DRAFT),
        **texts,
    }


def _place(row: NoteRow | DraftRow, stored: Stored, names: Iterable[str]) -> None:
    for name in names:
        setattr(row, name, stored[name])
    row.quote_gone_at = datetime.fromisoformat(stored["gone"]) if stored["gone"] else None


def _draft_row(session: Session, document: DocumentRow, stored: Stored) -> DraftRow:
    """Return a draft as it was, undecided: no other leaves a bench."""
    row = DraftRow(
        owner_id=document.owner_id,
        document_id=document.id,
        kind=CardKind[stored["kind"]],
        status=DraftStatus[stored["status"]],
        **{name: stored[name] for name in DRAFT},
        **{name: tuple(stored[name]) for name in TEXTS},
    )
    if row.note_id is not None and notes.get(session, row.note_id) is None:
        row.note_id = None
    _place(row, stored, PLACE)
    return row


def _proposal(stored: Mapping[str, Any]) -> Draft:
    texts = {name: tuple(stored[name]) for name in ("choices", "reasons", "tags")}
    kind, status = CardKind[stored["kind"]], DraftStatus[stored["status"]]
    values = {**stored, **texts, "kind": kind, "status": status, "source": Source(**stored["source"])}
    values.pop("id")  # which follows from the rest
    return Draft(**values)
