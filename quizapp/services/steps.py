"""Steps on a bench and what they do to notes: a kept draft is asked by a living note, any other by none.

Gaps of one sentence are cards of one note. Start from `take`; `take_back` undoes the last step, again and again.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from quizapp.db import decks, documents, drafts, notes
from quizapp.db.decks import DeckRow
from quizapp.db.documents import DocumentRow
from quizapp.db.drafts import DraftRow, DraftStepRow, ShownDraft, TakenStep
from quizapp.db.engine import Session
from quizapp.domain import cloze
from quizapp.domain.cards import CardKind, Draft, Note, Source, faces
from quizapp.domain.drafts import Decision, Standing, Step, StepKind, Wording, as_note, standing, together
from quizapp.services.notes import anchor, change, make, revive, throw_away, value


@dataclass(frozen=True)
class TakenBack:
    """A step that was undone: what kind of step, and on which drafts."""

    kind: StepKind
    draft_ids: tuple[int, ...]


def take(session: Session, document: DocumentRow, rows: Sequence[DraftRow], step: Step, *, now: datetime) -> None:
    """Do one thing to some drafts of a document, as one step to undo."""
    number = drafts.next_number(session, document.id)
    wording = step.wording
    session.add_all(
        DraftStepRow(
            owner_id=row.owner_id,
            document_id=document.id,
            draft_id=row.id,
            number=number,
            kind=step.kind,
            question=wording.question if wording else None,
            answer=wording.answer if wording else None,
            choices=wording.choices if wording else None,
            explanation=wording.explanation if wording else None,
            at=now,
        )
        for row in rows
    )
    session.flush()
    _follow(session, document, rows, now=now)


def take_back(session: Session, document: DocumentRow, *, now: datetime) -> TakenBack | None:
    """Undo the last step on the bench that still counts; None when there is none."""
    last = drafts.last_steps(session, document.id)
    if not last:
        return None
    for step in last:
        step.undone_at = now
    session.flush()
    draft_ids = tuple(step.draft_id for step in last)
    _follow(session, document, [row for i in draft_ids if (row := drafts.get(session, i))], now=now)
    return TakenBack(last[0].kind, draft_ids)


def generated(row: DraftRow | ShownDraft) -> Draft:
    """Return the draft as generation proposed it."""
    return Draft(
        kind=row.kind,
        question=row.question,
        answer=row.answer,
        source=Source(row.quote, row.start, row.end, row.speaker, row.heading, row.page, row.columns or ()),
        rule=row.rule,
        score=row.score,
        status=row.status,
        reasons=row.reasons,
        choices=row.choices,
        explanation=row.explanation,
        tags=row.tags,
    )


def standings(session: Session, document_id: int, rows: Sequence[DraftRow]) -> Sequence[tuple[Draft, Standing]]:
    """Return each of these drafts of one document as it was generated, and where it stands."""
    only = rows[0].id if len(rows) == 1 else None
    stands = standings_after(drafts.steps(session, document_id=document_id, draft_id=only), rows)
    return [(generated(row), stand) for row, stand in zip(rows, stands, strict=True)]


def standings_after(steps: Sequence[TakenStep], rows: Sequence[DraftRow | ShownDraft]) -> Sequence[Standing]:
    """Return where each of these drafts stands after these steps on their bench."""
    taken: dict[int, list[Step]] = {row.id: [] for row in rows}
    for step in steps:
        if step.draft_id in taken:
            taken[step.draft_id].append(Step(step.kind, _wording(step)))
    return [standing(row, taken[row.id]) for row in rows]


def _wording(step: TakenStep) -> Wording | None:
    if step.question is None:
        return None
    return Wording(step.question, step.answer or "", step.choices or (), step.explanation or "")


def parts(session: Session, row: DraftRow, wording: Wording) -> bool:
    """Say whether a kept draft in that wording could not stay in its note, beside the other gaps of its sentence."""
    note = _note(session, row)
    return note is not None and _with(session, note, row, as_note(generated(row), wording, _number(row))) is None


def _follow(session: Session, document: DocumentRow, rows: Sequence[DraftRow], *, now: datetime) -> None:
    """Bring decisions and notes in line with the steps."""
    stands = standings(session, document.id, rows)
    text = ""
    if any(stand.decision is Decision.KEPT for _, stand in stands):
        text = documents.text_of(session, document.id)
    for row, (draft, stand) in zip(rows, stands, strict=True):
        row.decision = stand.decision
        session.flush()
        if stand.decision is Decision.KEPT:
            _have_note(session, document, row, draft, stand.wording, text=text, now=now)
        elif (note := _note(session, row)) and note.deleted_at is None:
            _leave(session, row, note, now=now)
    session.flush()


def _note(session: Session, row: DraftRow) -> notes.NoteRow | None:
    return notes.get(session, row.note_id) if row.note_id is not None else None


def _number(row: DraftRow) -> int:
    return row.note_number or 1


def _have_note(
    session: Session, document: DocumentRow, row: DraftRow, draft: Draft, wording: Wording, *, text: str, now: datetime
) -> None:
    """See to it that a kept draft is asked by a living note: the one that it had, that of its sentence, or a new one."""
    note = _note(session, row)
    if note and (said := _with(session, note, row, as_note(draft, wording, _number(row)))):
        _say(session, note, said, now=now)
        _live(session, document, note, now=now)
    elif not _join(session, row, draft, wording, now=now):
        deck = _deck(session, document, now=now)
        wanted = as_note(draft, wording)
        tags = notes.tags_of_documents(session, [document.id]).get(document.id, ())
        wanted = replace(wanted, tags=(*wanted.tags, *tags))
        tied = anchor(document.id, text, draft.source)
        note = make(session, deck, wanted, anchor=tied, picture_id=row.picture_id, now=now)
        note.quote_gone_at = row.quote_gone_at
        row.note_id, row.note_version, row.note_number = note.id, note.version, 1
    session.flush()


def _with(session: Session, note: notes.NoteRow, row: DraftRow, wanted: Note) -> Note | None:
    """Return what the draft's own note says when the draft is kept, None where the others in it leave it no place.

    A note that was edited in its deck keeps that wording.
    """
    others = [other for other in drafts.of_note(session, note.id) if other.id != row.id]
    said = value(note, notes.tags_of(session, [note.id]).get(note.id, ()))
    for other in others:
        if other.decision is not Decision.KEPT:
            said = replace(said, question=cloze.without(said.question, _number(other)))
    alone = all(other.decision is not Decision.KEPT for other in others)
    if note.version != row.note_version and (alone or _number(row) in cloze.numbers(said.question)):
        return said
    return wanted if alone else together(replace(said, question=cloze.without(said.question, _number(row))), wanted)


def _join(session: Session, row: DraftRow, draft: Draft, wording: Wording, *, now: datetime) -> bool:
    """Add the draft's gap to the living note that asks for another part of its sentence, if there is one."""
    if draft.kind is not CardKind.CLOZE:
        return False
    for note in filter(None, (notes.get(session, note_id) for note_id in drafts.notes_of_passage(session, row))):
        number = 1 + max((card.ordinal for card in notes.cards_of(session, note.id)), default=0)
        said = value(note, notes.tags_of(session, [note.id]).get(note.id, ()))
        both = together(said, as_note(draft, wording, number))
        if both and note.deleted_at is None and note.deck.deleted_at is None:
            _say(session, note, both, now=now)
            row.note_id, row.note_version, row.note_number = note.id, note.version, number
            return True
    return False


def _leave(session: Session, row: DraftRow, note: notes.NoteRow, *, now: datetime) -> None:
    """Take the draft's card from its note; a note that asks no other draft goes to the trash."""
    others = (other for other in drafts.of_note(session, note.id) if other.id != row.id)
    rest = replace(value(note), question=cloze.without(note.question, _number(row)))
    if any(other.decision is Decision.KEPT for other in others) and faces(rest):
        _say(session, note, rest, now=now)
    else:
        throw_away(session, note, now=now)


def _say(session: Session, note: notes.NoteRow, said: Note, *, now: datetime) -> None:
    """Give a note the wording; drafts that knew its last version know this one."""
    before = note.version
    change(session, note, said, now=now)
    for row in drafts.of_note(session, note.id):
        if row.note_version == before:
            row.note_version = note.version
    session.flush()


def _live(session: Session, document: DocumentRow, note: notes.NoteRow, *, now: datetime) -> None:
    if note.deck.deleted_at is not None:
        note.deck = _deck(session, document, now=now)
    elif note.deleted_at is None:
        return
    revive(session, note)


def _deck(session: Session, document: DocumentRow, *, now: datetime) -> DeckRow:
    """Return the deck that the document's cards go to, made when it is not there."""
    deck = decks.living(session, document.deck_id) if document.deck_id is not None else None
    if deck is None:
        deck = decks.named(session, document.owner_id, document.deck_name)
        deck = deck or decks.add(session, document.owner_id, document.deck_name, now=now)
        document.deck_id = deck.id
    return deck
