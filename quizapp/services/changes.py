"""What a new version of a document changed, to look at and decide on. Start from `changes`."""

from dataclasses import dataclass, replace
from datetime import datetime

from quizapp.db import changes as change_rows
from quizapp.db import documents as document_rows
from quizapp.db import drafts
from quizapp.db import versions as version_rows
from quizapp.db.changes import ChangeDecision, ChangeKind, DocumentChangeRow
from quizapp.db.documents import DocumentRow
from quizapp.db.engine import Session
from quizapp.domain.audit import Deed
from quizapp.domain.cards import Note
from quizapp.domain.permissions import Action, Actor
from quizapp.domain.revisions import Comparison, compare
from quizapp.errors import Conflict
from quizapp.services import audit
from quizapp.services.access import allowed
from quizapp.services.notes import change, revive, throw_away, value

MOST_CARDS = 200


@dataclass(frozen=True)
class CardChange:
    """A card in doubt."""

    id: int
    kind: ChangeKind
    note_id: int
    deck_id: int
    deck_name: str
    card: Note  # as it is
    other: Note | None  # as proposed or, once that is taken over, as it was; None when nothing is proposed
    former_quote: str
    decision: ChangeDecision | None


@dataclass(frozen=True)
class Version:
    """A text that the document was read from."""

    number: int
    filename: str
    added: datetime
    words: int


@dataclass(frozen=True)
class Changes:
    """A document beside what it was before."""

    document_id: int
    title: str
    language: str
    versions: tuple[Version, ...]  # the latest first; one when it has not changed
    comparison: Comparison | None  # of the last two; None when there is one
    asked: tuple[CardChange, ...]  # cards that may answer wrongly now
    orphans: tuple[CardChange, ...]  # cards whose passage is gone
    waiting: int  # of both, for a decision
    drafts_waiting: int
    can_part: bool  # the last version can be made a document of its own


@dataclass(frozen=True)
class Outlook:
    """Which version of a document this is, and how many cards wait for a decision."""

    number: int  # 1 while it has not changed
    waiting: int


def outlook(session: Session, actor: Actor, document_id: int) -> Outlook:
    """Return whether there is something to look at in `changes`, without comparing any text."""
    row = allowed(document_rows.living(session, document_id), actor, Action.SEE, thing="document")
    return Outlook(*change_rows.outlook(session, row.id))


def changes(session: Session, actor: Actor, document_id: int) -> Changes:
    """Return what the last version of a document changed, and the cards in doubt."""
    row = allowed(document_rows.living(session, document_id), actor, Action.SEE, thing="document")
    before = version_rows.before(session, row.id)
    number = before[0].number if before else 0
    cards = [_card(one) for one in change_rows.of_document(session, row.id, number, limit=MOST_CARDS)]
    count = drafts.counts(session, row.owner_id, row.id).get(row.id, drafts.DraftCounts())
    return Changes(
        document_id=row.id,
        title=row.title,
        language=row.language,
        versions=(
            Version(number + 1, row.filename, row.added, row.words),
            *(Version(one.number, one.filename, one.added, one.words) for one in before),
        ),
        comparison=_comparison(session, row, number) if before else None,
        asked=tuple(one for one in cards if one.kind is ChangeKind.ANSWER),
        orphans=tuple(one for one in cards if one.kind is ChangeKind.GONE),
        waiting=change_rows.waiting(session, row.id),
        drafts_waiting=count.undecided,
        can_part=version_rows.can_part(session, row.id, number),
    )


def take_over(session: Session, actor: Actor, change_id: int, *, now: datetime) -> None:
    """Give the card the proposed wording; its schedule stays."""
    row = _open(session, actor, change_id)
    if row.decision is ChangeDecision.TAKEN:
        return
    if row.question is None:
        raise Conflict("Nothing is proposed for this card. Edit it in its deck.")
    _exchange(session, row, by=actor.person_id, now=now)
    _decide(session, row, ChangeDecision.TAKEN, now=now)
    _note(session, actor, row, Deed.CHANGED, now)


def leave(session: Session, actor: Actor, change_id: int, *, now: datetime) -> None:
    """Let the card say what it says."""
    row = _open(session, actor, change_id)
    if row.decision is None:
        _decide(session, row, ChangeDecision.LEFT, now=now)


def undo(session: Session, actor: Actor, change_id: int, *, now: datetime) -> None:
    """Take a decision back; a wording that was taken over goes, unless the card was edited since."""
    row = _open(session, actor, change_id)
    if row.decision is ChangeDecision.TAKEN:
        if row.note.version != row.note_version:
            raise Conflict("This card was edited since. Edit it in its deck, so that nothing is lost.")
        _exchange(session, row, by=actor.person_id, now=now)
        _note(session, actor, row, Deed.CHANGED, now)
    row.decision, row.decided_at, row.note_version = None, None, None
    session.flush()


def delete_card(session: Session, actor: Actor, change_id: int, *, now: datetime) -> None:
    """Move the card to the trash."""
    row = _open(session, actor, change_id)
    throw_away(session, row.note, now=now)
    _note(session, actor, row, Deed.DELETED, now)


def restore_card(session: Session, actor: Actor, change_id: int, *, now: datetime) -> None:
    """Take the card out of the trash, with its schedule; it waits for a decision again."""
    row = allowed(change_rows.get(session, change_id), actor, Action.EDIT, thing="change")
    if row.note.deck.deleted_at is not None:
        raise Conflict("This card's deck “%(name)s” is in the trash. Restore the deck first.", name=row.note.deck.name)
    revive(session, row.note)
    _note(session, actor, row, Deed.RESTORED, now)


def _open(session: Session, actor: Actor, change_id: int) -> DocumentChangeRow:
    """Return a change whose card and document are alive."""
    row = change_rows.get(session, change_id)
    if row and (row.note.deleted_at or row.note.deck.deleted_at or row.note.document is None):
        row = None
    if row and row.note.document and row.note.document.deleted_at:
        row = None
    return allowed(row, actor, Action.EDIT, thing="change")


def _note(session: Session, actor: Actor, row: DocumentChangeRow, deed: Deed, now: datetime) -> None:
    audit.note_of(session, actor, row.note, deed, kind="card", detail=row.note.question, now=now)


def _decide(session: Session, row: DocumentChangeRow, decision: ChangeDecision, *, now: datetime) -> None:
    row.decision, row.decided_at, row.note_version = decision, now, row.note.version
    session.flush()


def _exchange(session: Session, row: DocumentChangeRow, *, by: int, now: datetime) -> None:
    """Let the card and the row change their wordings."""
    before = value(row.note)
    if (wanted := _other(row)) is not None:
        change(session, row.note, wanted, by=by, now=now)
    row.question, row.answer, row.choices = before.question, before.answer, before.choices
    row.explanation = before.explanation


def _other(row: DocumentChangeRow) -> Note | None:
    if row.question is None:
        return None
    return replace(
        value(row.note),
        question=row.question,
        answer=row.answer or "",
        choices=row.choices or (),
        explanation=row.explanation or "",
    )


def _card(row: DocumentChangeRow) -> CardChange:
    return CardChange(
        id=row.id,
        kind=row.kind,
        note_id=row.note_id,
        deck_id=row.note.deck_id,
        deck_name=row.note.deck.name,
        card=value(row.note),
        other=_other(row),
        former_quote=row.former_quote,
        decision=row.decision,
    )


def _comparison(session: Session, row: DocumentRow, number: int) -> Comparison:
    return compare(version_rows.text_of(session, row.id, number), document_rows.text_of(session, row.id))
