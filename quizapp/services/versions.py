"""The versions of a document: what it was before, and the way back. Start from `history` and `make_current`."""

from dataclasses import dataclass
from datetime import datetime

from quizapp.db import documents as document_rows
from quizapp.db import drafts, notes, searching
from quizapp.db import versions as version_rows
from quizapp.db.documents import DocumentRow
from quizapp.db.engine import Session
from quizapp.db.versions import DocumentVersionRow, Edition, Stored
from quizapp.domain.audit import Deed
from quizapp.domain.documents import Block
from quizapp.domain.permissions import Action, Actor
from quizapp.errors import Conflict, NotFound
from quizapp.generate.anchors import Revision, Text
from quizapp.services import audit, revisions, snapshots
from quizapp.services.access import allowed
from quizapp.services.illustrating import illustrate
from quizapp.services.revisions import Move
from quizapp.translations import _


@dataclass(frozen=True)
class Leaving:
    """Drafts and notes that go with a text to another document."""

    draft_ids: frozenset[int] = frozenset()
    note_ids: frozenset[int] = frozenset()


NOBODY = Leaving()


@dataclass(frozen=True)
class Version:
    """A text that a document has or had."""

    number: int
    title: str
    filename: str
    added: datetime
    words: int
    is_current: bool
    has_current_text: bool
    same_as: int | None  # the first version with the very same text, when it is another one


@dataclass(frozen=True)
class History:
    """All versions of a document."""

    document_id: int
    title: str
    language: str
    versions: tuple[Version, ...]  # the latest first
    can_part: bool  # the latest can be made a document of its own

    @property
    def number(self) -> int:
        """Return which one is current."""
        return self.versions[0].number


@dataclass(frozen=True)
class EarlierText:
    """An earlier version, to be read."""

    document_id: int
    document_title: str
    version: Version
    current: int  # the number of the document's own text
    language: str
    text: str
    blocks: tuple[Block, ...]


def history(session: Session, actor: Actor, document_id: int) -> History:
    """Return the versions of a document, one when it has not changed."""
    row = allowed(document_rows.living(session, document_id), actor, Action.SEE, thing="document")
    found = _versions(session, row)
    return History(row.id, row.title, row.language, found, version_rows.can_part(session, row.id, found[0].number - 1))


def earlier(session: Session, actor: Actor, document_id: int, number: int) -> EarlierText:
    """Return what a document was."""
    document = allowed(document_rows.living(session, document_id), actor, Action.SEE, thing="document")
    row = _version(session, document, number)
    text = version_rows.edition(session, row)
    versions = _versions(session, document)
    version = next(one for one in versions if one.number == number)
    return EarlierText(document.id, document.title, version, versions[0].number, text.language, text.text, text.blocks)


def make_current(session: Session, actor: Actor, document_id: int, number: int, *, now: datetime) -> int:
    """Let a document have an earlier text again, as its next version, whose number is returned.

    Cards that it had then know their passages as they did then, later ones look for theirs.
    """
    document = allowed(document_rows.living(session, document_id), actor, Action.EDIT, thing="document")
    row = _version(session, document, number)
    if row.text_hash == document.text_hash:
        raise Conflict("This document has the text of version %(number)s already.", number=number)
    wanted = version_rows.edition(session, row)
    attached, _ = version_rows.attached(session, row)
    before = version_rows.current(session, document)
    refuse_twin(session, document, wanted)
    left = version_rows.keep(
        session,
        document,
        attached=snapshots.taken(session, document),
        successor=None,
    )
    turn_to(session, document, before, wanted, attached, since=number, replaced=left, leaving=NOBODY, now=now)
    document.added = now
    session.flush()
    audit.note_of(session, actor, document, Deed.CHANGED, kind="document", detail=document.title, now=now)
    return left + 1


def undo(session: Session, actor: Actor, document_id: int, *, number: int, now: datetime) -> int:
    """Take the version of that number back, the document's latest, and return the number of the one before it."""
    document = allowed(document_rows.living(session, document_id), actor, Action.EDIT, thing="document")
    row = latest(session, document, number)
    step_back(session, document, row, now=now)
    audit.note_of(session, actor, document, Deed.CHANGED, kind="document", detail=document.title, now=now)
    return row.number


def latest(session: Session, document: DocumentRow, number: int) -> DocumentVersionRow:
    """Return the version before the one of that number, which the document must have now."""
    before = version_rows.before(session, document.id)
    if not before or before[0].number + 1 != number:
        raise Conflict("This document has changed meanwhile. Look at its versions again.")
    return before[0]


def step_back(
    session: Session, document: DocumentRow, row: DocumentVersionRow, *, leaving: Leaving = NOBODY, now: datetime
) -> None:
    """Let a document be its last earlier version again, as if it had never been replaced; those who leave stay behind."""
    before, wanted = version_rows.current(session, document), version_rows.edition(session, row)
    attached, _ = version_rows.attached(session, row)
    refuse_twin(session, document, wanted)
    version_rows.remove(session, row)
    turn_to(
        session, document, before, wanted, attached, since=row.number, replaced=row.number, leaving=leaving, now=now
    )
    if attached:
        document.batch = attached["batch"]
        if document.deck_name != attached["deck_name"]:  # it was given another deck with its next text
            document.deck_name, document.deck_id = attached["deck_name"], attached["deck_id"]
    session.flush()


def turn_to(  # noqa: PLR0913 - two texts and what hangs on them
    session: Session,
    document: DocumentRow,
    before: Edition,
    wanted: Edition,
    attached: Stored | None,
    *,
    since: int,
    replaced: int,
    leaving: Leaving,
    now: datetime,
) -> None:
    """Give a document another of its texts, with all that hung on it; what came later looks for its passages there."""
    move = Move(Revision(Text(before.text, before.blocks), Text(wanted.text, wanted.blocks)))
    title = wanted.title if revisions.is_own_title(document.title, move.revision.old) else document.title
    version_rows.become(session, document, wanted)
    document.title = title
    searching.put(session, document, wanted.text, wanted.blocks)
    known_drafts = snapshots.contents(attached) if attached else frozenset()
    known_notes = leaving.note_ids | (snapshots.note_ids(attached) if attached else frozenset())
    bench = [row for row in drafts.of_document(session, document.id) if row.id not in leaving.draft_ids]
    later_drafts = [row for row in bench if row.content_id not in known_drafts]
    later_notes = [row for row in notes.all_of_document(session, document.id) if row.id not in known_notes]
    revisions.carry_along(session, document, later_drafts, later_notes, move, replaced, now=now)
    if attached:
        snapshots.put_back(session, document, attached)
        snapshots.ask_what_was_taken_over(session, document, attached, since=since)
    illustrate(session, document)


def refuse_twin(session: Session, document: DocumentRow, wanted: Edition) -> None:
    """Refuse a text that another document has: a text is there once."""
    other = document_rows.with_text(session, document.owner_id, wanted.text_hash)
    if other and other.id != document.id:
        where = _(", which is in the trash") if other.deleted_at else ""
        raise Conflict(
            "Another document, “%(title)s”%(where)s, has that very text. A text is in the library once.",
            title=other.title,
            where=where,
        )


def _version(session: Session, document: DocumentRow, number: int) -> DocumentVersionRow:
    row = version_rows.get(session, document.id, number)
    if row is None:
        raise NotFound("This document has no such version. Look at its versions again.")
    return row


def _versions(session: Session, document: DocumentRow) -> tuple[Version, ...]:
    before = version_rows.before(session, document.id)
    rows: list[tuple[int, DocumentRow | DocumentVersionRow]] = [(row.number, row) for row in before]
    rows.insert(0, (len(before) + 1, document))
    first = {row.text_hash: number for number, row in rows}  # the oldest comes last
    return tuple(
        Version(
            number,
            row.title,
            row.filename,
            row.added,
            row.words,
            is_current=row is document,
            has_current_text=row.text_hash == document.text_hash,
            same_as=first[row.text_hash] if first[row.text_hash] != number else None,
        )
        for number, row in rows
    )
