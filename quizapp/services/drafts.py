"""The bench: proposed cards are kept, edited or rejected, and every step can be undone."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from quizapp.db import documents, notes
from quizapp.db import drafts as draft_rows
from quizapp.db.documents import DocumentRow
from quizapp.db.drafts import DraftRow, Place, ShownDraft
from quizapp.db.engine import Session
from quizapp.domain.audit import Deed
from quizapp.domain.cards import Draft, Illustration, NoteId
from quizapp.domain.drafts import Decision, Standing, Step, StepKind, Wording, as_note
from quizapp.domain.permissions import Action, Actor
from quizapp.errors import Conflict
from quizapp.services import audit, library, steps
from quizapp.services.access import allowed
from quizapp.services.library import DocumentView
from quizapp.services.notes import check
from quizapp.translations import _, marked

ONE = {
    StepKind.KEEP: marked("keeping card %(number)s"),
    StepKind.REJECT: marked("rejecting card %(number)s"),
    StepKind.EDIT: marked("the edit of card %(number)s"),
}
SEVERAL = {
    StepKind.KEEP: marked("keeping %(num)s cards"),
    StepKind.REJECT: marked("rejecting %(num)s cards"),
    StepKind.EDIT: marked("the edit of %(num)s cards"),
}


class DraftView(NamedTuple):  # made by the hundred in a third of the time of a dataclass
    """A draft as it stands: generated text, then whatever the person made of it."""

    id: int
    number: int  # 1, 2, 3... in the order of the source
    row: ShownDraft  # as generated
    decision: Decision | None
    note_id: int | None  # the note in the deck, while there is one
    edited: bool
    quote_is_gone: bool  # the document does not say it any more
    question: str  # as it stands now; a cloze shows its gap as […]
    answer: str
    choices: tuple[str, ...]
    explanation: str
    illustration: Illustration | None
    similar: tuple[str, ...]  # questions of cards in the decks that ask nearly the same

    @property
    def draft(self) -> Draft:
        """Return the draft as generated, which a bench asks of the open one alone."""
        return steps.generated(self.row)


@dataclass(frozen=True)
class Bench:
    """A document beside all its drafts, in the order of the source."""

    document: DocumentView
    deck_id: int | None  # where kept cards went; None before the first
    drafts: tuple[DraftView, ...]
    decided: int
    kept: int
    rejected: int
    undo_label: str | None  # what undo would take back; None when there is nothing

    @property
    def places(self) -> Sequence[Place]:
        """Return where the drafts come from."""
        return [Place(one.id, one.row.start, one.row.end, one.quote_is_gone) for one in self.drafts]


@dataclass(frozen=True)
class UndoneStep:
    """A step that was taken back."""

    sentence: str
    draft_id: int  # the first, of several


def bench(session: Session, actor: Actor, document_id: int) -> Bench:
    """Return the document and its drafts, ordered by where their quotes stand in it."""
    document = _document(session, actor, document_id, Action.SEE)
    rows, taken = draft_rows.shown(session, document.id), draft_rows.steps(session, document_id=document.id)
    living = draft_rows.living_notes(session, document.id)
    stands = steps.standings_after(taken, rows)
    views = tuple(
        _view(row, stand, number, living) for number, (row, stand) in enumerate(zip(rows, stands, strict=True), 1)
    )
    kept = sum(view.decision is Decision.KEPT for view in views)
    rejected = sum(view.decision is Decision.REJECTED for view in views)
    last = [step for step in taken if step.number == taken[-1].number]
    return Bench(
        document=library.document(session, actor, document.id),
        deck_id=document.deck_id,
        drafts=views,
        decided=kept + rejected,
        kept=kept,
        rejected=rejected,
        undo_label=_label(last[0].kind, [step.draft_id for step in last], rows) if last else None,
    )


def places(session: Session, actor: Actor, document_id: int) -> Sequence[Place]:
    """Return where the document's drafts come from, in the order of the bench."""
    return draft_rows.places(session, _document(session, actor, document_id, Action.SEE).id)


def keep(session: Session, actor: Actor, draft_id: int, *, now: datetime) -> NoteId:
    """Put the draft into its document's deck as a new card; keeping twice changes nothing."""
    row, document = _draft(session, actor, draft_id)
    if row.decision is not Decision.KEPT or row.note_id not in notes.living(session, document.id):
        steps.take(session, document, [row], Step(StepKind.KEEP), now=now)
        audit.note_of(session, actor, document, Deed.MADE, kind="card", detail=document.title, now=now)
    return NoteId(_kept_note(row))


def keep_all_ready(session: Session, actor: Actor, document_id: int, *, now: datetime) -> int:
    """Keep every ready draft that is undecided, as one step to undo, and return how many."""
    document = _document(session, actor, document_id, Action.EDIT)
    rows = draft_rows.undecided_ready(session, document.id)
    if rows:
        steps.take(session, document, rows, Step(StepKind.KEEP), now=now)
        audit.note_of(session, actor, document, Deed.MADE, kind="cards", detail=document.title, now=now)
    return len(rows)


def reject(session: Session, actor: Actor, draft_id: int, *, now: datetime) -> None:
    """Set the draft aside; a card that it had made goes to the trash."""
    row, document = _draft(session, actor, draft_id)
    if row.decision is not Decision.REJECTED:
        was_kept = row.decision is Decision.KEPT
        steps.take(session, document, [row], Step(StepKind.REJECT), now=now)
        if was_kept:
            audit.note_of(session, actor, document, Deed.DELETED, kind="card", detail=document.title, now=now)


def edit(
    session: Session,
    actor: Actor,
    draft_id: int,
    *,
    question: str,
    answer: str,
    choices: Sequence[str] = (),
    explanation: str = "",
    now: datetime,
) -> None:
    """Change what the draft says; a card that it has made changes with it and keeps its schedule.

    The question of a cloze shows the gap as […] and the answer fills it. A card that
    was edited in its deck since is edited there: a conflict.
    """
    row, document = _draft(session, actor, draft_id)
    wording = Wording(
        question.strip(), answer.strip(), tuple(choice.strip() for choice in choices), explanation.strip()
    )
    check(as_note(steps.generated(row), wording))  # refuses what could not be kept
    ((_, stand),) = steps.standings(session, document.id, [row])
    if wording == stand.wording:
        return
    if row.decision is Decision.KEPT and _changed_in_deck(session, row):
        raise Conflict("This card has been edited in its deck since. Edit it there, so that nothing is lost.")
    if row.decision is Decision.KEPT and steps.parts(session, row, wording):
        raise Conflict("Another card asks for a part of the same sentence. Edit both at once in their deck.")
    steps.take(session, document, [row], Step(StepKind.EDIT, wording), now=now)
    if row.decision is Decision.KEPT:
        audit.note_of(session, actor, document, Deed.CHANGED, kind="card", detail=document.title, now=now)


def undo(session: Session, actor: Actor, document_id: int, *, now: datetime) -> UndoneStep | None:
    """Take back the last step on this bench, or return None when there is none."""
    document = _document(session, actor, document_id, Action.EDIT)
    taken_back = steps.take_back(session, document, now=now)
    if taken_back is None:
        return None
    rows = draft_rows.of_document(session, document.id)
    label = _label(taken_back.kind, taken_back.draft_ids, rows)
    if taken_back.kind is StepKind.KEEP:
        audit.note_of(session, actor, document, Deed.DELETED, kind="cards", detail=document.title, now=now)
    elif any(row.decision is Decision.KEPT for row in rows if row.id in taken_back.draft_ids):
        audit.note_of(session, actor, document, Deed.CHANGED, kind="cards", detail=document.title, now=now)
    return UndoneStep(_("Undid %(step)s.", step=label), taken_back.draft_ids[0])


def _document(session: Session, actor: Actor, document_id: int, action: Action) -> DocumentRow:
    return allowed(documents.living(session, document_id), actor, action, thing="document")


def _draft(session: Session, actor: Actor, draft_id: int) -> tuple[DraftRow, DocumentRow]:
    row = allowed(draft_rows.get(session, draft_id), actor, Action.EDIT, thing="draft")
    return row, _document(session, actor, row.document_id, Action.EDIT)


def _kept_note(row: DraftRow) -> int:
    if row.note_id is None:
        raise Conflict("This card was deleted for good. Make it anew from its document.")
    return row.note_id


def _changed_in_deck(session: Session, row: DraftRow) -> bool:
    note = notes.get(session, row.note_id) if row.note_id is not None else None
    return note is not None and note.version != row.note_version


def _label(kind: StepKind, draft_ids: Sequence[int], rows: Sequence[DraftRow | ShownDraft]) -> str:
    """Name a step: "keeping card 3", "keeping 12 cards"."""
    if len(draft_ids) > 1:
        return _(SEVERAL[kind], num=len(draft_ids))
    numbers = {row.id: number for number, row in enumerate(rows, 1)}
    return _(ONE[kind], number=numbers[draft_ids[0]])


def _view(row: ShownDraft, stand: Standing, number: int, living: Collection[int]) -> DraftView:
    return DraftView(
        id=row.id,
        number=number,
        row=row,
        decision=stand.decision,
        note_id=row.note_id if stand.decision is Decision.KEPT and row.note_id in living else None,
        edited=stand.edited,
        quote_is_gone=row.quote_gone_at is not None,
        question=stand.wording.question,
        answer=stand.wording.answer,
        choices=stand.wording.choices,
        explanation=stand.wording.explanation,
        illustration=row.illustration,
        similar=row.similar,
    )
