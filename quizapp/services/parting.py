"""Documents that are much alike: kept apart, or one taken for a new version of the other.

A document that became a version of another is made one of its own by `keep_both`, and
`undo_keep_both` makes it that version again. A document that only may be a new version
stands in the library for itself until somebody says so: `take_as_version` or `settle`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from quizapp.db import documents as document_rows
from quizapp.db import drafts, kin, notes, pictures, versions
from quizapp.db.documents import DocumentRow
from quizapp.db.drafts import DraftRow
from quizapp.db.engine import Session
from quizapp.db.kin import DocumentKinRow
from quizapp.db.versions import Stored
from quizapp.domain import deck_names
from quizapp.domain.audit import Deed
from quizapp.domain.documents import Document
from quizapp.domain.permissions import Action, Actor
from quizapp.errors import Conflict
from quizapp.services import audit, recognising, revisions, shelving, snapshots, steps
from quizapp.services.access import allowed
from quizapp.services.illustrating import illustrate
from quizapp.services.proposing import propose
from quizapp.services.reading import Reading
from quizapp.services.revisions import Given, Update
from quizapp.services.versions import Leaving, latest, step_back, turn_to


@dataclass(frozen=True)
class Parted:
    """Two documents that were one."""

    former_id: int
    former_title: str
    number: int  # of the version that the former one is again
    document_id: int  # of the new one
    title: str
    cards: int  # that went with it
    drafts: int  # of it that wait for a decision


@dataclass(frozen=True)
class Taken:
    """A document that has become the next version of another."""

    document_id: int  # of that one
    title: str
    update: Update


@dataclass(frozen=True)
class Joined:
    """A document whose latest version was one of its own."""

    document_id: int
    title: str
    number: int


@dataclass(frozen=True)
class Kin:
    """A document that another one is like."""

    document_id: int
    title: str


@dataclass(frozen=True)
class Family:
    """What is to be said about a document and those that are like it."""

    may_replace: Kin | None  # of which it may be a new version
    replaced_by: tuple[Kin, ...]  # which may be new versions of it


def family(session: Session, actor: Actor, document_id: int) -> Family:
    """Return the documents of which somebody is to say whether they are versions of each other."""
    row = allowed(document_rows.living(session, document_id), actor, Action.SEE, thing="document")
    former, later = ([Kin(*one) for one in found] for found in kin.alike(session, row.id))
    return Family(next(iter(former), None), tuple(later))


def keep_both(session: Session, actor: Actor, document_id: int, *, number: int, now: datetime) -> Parted:
    """Make the latest version of a document, which has that number, a document of its own.

    The version before comes back with its passages as they were; cards that were kept
    from the newer text since go with it. Schedules and wordings stay.
    """
    former = allowed(document_rows.living(session, document_id), actor, Action.EDIT, thing="document")
    row = latest(session, former, number)
    attached, successor = versions.attached(session, row)
    if attached is None or successor is None:
        raise Conflict("This version was not added as a new text. Make the one before it current instead.")
    own = replace(versions.current(session, former), title=successor["title"], url=successor["url"])
    going = _going(session, former, attached)
    left = _as_it_is(session, former, successor, going)
    step_back(session, former, row, leaving=going, now=now)
    deck_name = successor["deck_name"] or deck_names.from_title(own.title)
    other = shelving.store(session, former.owner_id, own, deck_name=deck_name, batch=left["attached"]["batch"])
    _hand_over(session, going, former, other)
    there = {one.content_id for one in drafts.of_document(session, other.id)}
    fresh = [draft for draft in snapshots.proposed(successor) if draft.id not in there]
    propose(session, other, fresh, illustrate(session, other))
    kin.part(session, other, former, parted=left, now=now)
    audit.note_of(session, actor, other, Deed.MADE, kind="document", detail=other.title, now=now)
    waiting = drafts.counts(session, other.owner_id, other.id).get(other.id, drafts.DraftCounts()).undecided
    cards = len(notes.living(session, other.id))
    return Parted(former.id, former.title, row.number, other.id, other.title, cards, waiting)


def undo_keep_both(session: Session, actor: Actor, document_id: int, *, now: datetime) -> int:
    """Make a document that was kept apart the latest version of the other again, and return that one's id."""
    other, row = _kin(session, actor, document_id)
    parted = kin.parted(session, row)
    former = document_rows.living(session, row.former_id)
    if parted is None or former is None:
        raise Conflict("These two have been documents of their own from the beginning.")
    _refuse_if_touched(session, former, other, parted)
    attached, successor = parted["attached"], parted["successor"]
    before, own = versions.current(session, former), versions.current(session, other)
    back = replace(own, title=parted["title"], url=parted["url"])
    number = versions.keep(session, former, attached=snapshots.taken(session, former), successor=successor)
    going = Leaving(
        frozenset(parted["drafts"]),
        frozenset(one.id for one in notes.all_of_document(session, other.id)),
    )
    tags = notes.tags_of_documents(session, [other.id, former.id])
    _hand_over(session, going, other, former)
    kin.hand_over(session, other.id, former.id)
    document_rows.remove(session, other)
    notes.tag_document(session, former, set(tags.get(document_id, ())) - set(tags.get(former.id, ())))
    turn_to(session, former, before, back, attached, since=number + 1, replaced=number, leaving=Leaving(), now=now)
    former.batch = attached["batch"]
    former.deck_name, former.deck_id = attached["deck_name"], attached["deck_id"]
    session.flush()
    audit.note_of(session, actor, former, Deed.CHANGED, kind="document", detail=former.title, now=now)
    return former.id


def take_as_version(session: Session, actor: Actor, document_id: int, *, now: datetime) -> Taken:
    """Take a document for the next version of the one that it is like; what was decided on its bench would be lost."""
    other, row = _kin(session, actor, document_id)
    former = document_rows.living(session, row.former_id)
    if former is None or row.settled_at is not None:
        raise Conflict("This is settled already: both are kept. Look at the library again.")
    if versions.before(session, other.id) or drafts.touched(session, other.id):
        raise Conflict(
            "You have decided on cards of “%(title)s” already, so it stays a document of its own. Keep both.",
            title=other.title,
        )
    given = _given(session, other)
    sought, former_id = given.sought, former.id
    tags = notes.tags_of_documents(session, [other.id, former.id])
    deck_name = other.deck_name if other.deck_name != deck_names.from_title(other.title) else None
    kin.hand_over(session, other.id, former_id)
    document_rows.remove(session, other)
    former = session.get_one(DocumentRow, former_id)
    notes.tag_document(session, former, set(tags.get(document_id, ())) - set(tags.get(former_id, ())))
    found = recognising.matched(session, former, sought)
    update = revisions.update(session, former, given, found, deck_name=deck_name, keep_ready=False, now=now)
    audit.note_of(session, actor, former, Deed.CHANGED, kind="document", detail=former.title, now=now)
    return Taken(former.id, former.title, update)


def join(session: Session, actor: Actor, document_id: int, *, now: datetime) -> Joined:
    """Make a document the next version of the one that it was a version of, or is like."""
    _, row = _kin(session, actor, document_id)
    if row.settled_at is None:
        taken = take_as_version(session, actor, document_id, now=now)
        return Joined(taken.document_id, taken.title, taken.update.number + 1)
    former_id = undo_keep_both(session, actor, document_id, now=now)
    former = session.get_one(DocumentRow, former_id)
    return Joined(former.id, former.title, 1 + len(versions.before(session, former.id)))


def settle(session: Session, actor: Actor, document_id: int, *, now: datetime) -> None:
    """Keep a document and the one that it is like: nobody is asked again."""
    _, row = _kin(session, actor, document_id)
    row.settled_at = row.settled_at or now
    session.flush()


def unsettle(session: Session, actor: Actor, document_id: int) -> None:
    """Ask again whether a document is a new version of the one that it is like."""
    _, row = _kin(session, actor, document_id)
    row.settled_at = None
    session.flush()


def _kin(session: Session, actor: Actor, document_id: int) -> tuple[DocumentRow, DocumentKinRow]:
    other = allowed(document_rows.living(session, document_id), actor, Action.EDIT, thing="document")
    row = kin.of(session, other.id)
    if row is None:
        raise Conflict("“%(title)s” is not like any other document. Look at the library again.", title=other.title)
    return other, row


def _as_it_is(session: Session, document: DocumentRow, successor: Stored, going: Leaving) -> Stored:
    """Return all that makes a document what it is once its latest version is one of its own."""
    return {
        "title": document.title,
        "url": document.url,
        "number": versions.before(session, document.id)[0].number,
        "successor": successor,
        "drafts": sorted(going.draft_ids),
        "attached": snapshots.taken(session, document),
    }


def _going(session: Session, former: DocumentRow, attached: Stored) -> Leaving:
    """Choose what came with the newer text: drafts that were not there before, and the notes that only they ask."""
    known_drafts, known_notes = snapshots.contents(attached), snapshots.note_ids(attached)
    rows = [
        row
        for row in drafts.of_document(session, former.id)
        if row.content_id not in known_drafts and row.note_id not in known_notes
    ]
    note_ids = {row.note_id for row in rows if row.note_id is not None}
    return Leaving(frozenset(row.id for row in rows), frozenset(note_ids))


def _hand_over(session: Session, going: Leaving, source: DocumentRow, target: DocumentRow) -> None:
    rows = [row for row in drafts.of_document(session, source.id) if row.id in going.draft_ids]
    drafts.hand_over(session, rows, target.id)
    for note in notes.all_of_document(session, source.id):
        if note.id in going.note_ids:
            note.document_id = target.id
    session.flush()


def _refuse_if_touched(session: Session, former: DocumentRow, other: DocumentRow, parted: Mapping[str, Any]) -> None:
    """Refuse to take a parting back when something was done since that would be lost."""
    before = versions.before(session, former.id)
    number = before[0].number + 1 if before else 1
    if versions.before(session, other.id) or number != parted["number"]:
        raise Conflict("One of the two has changed since. Both stay, so that nothing is lost.")
    fresh = set(drafts.touched(session, other.id)) - set(parted["drafts"])
    if fresh:
        raise Conflict(
            "You have decided on cards of “%(title)s” since. Both stay, so that nothing is lost.", title=other.title
        )


def _given(session: Session, other: DocumentRow) -> Given:
    """Return a document of the library as it was given."""
    now = versions.current(session, other)
    shown = tuple(pictures.read(session, one) for one in now.pictures)
    document = Document(now.title, now.text, now.language, now.blocks, pictures=shown)
    rows: Sequence[DraftRow] = drafts.of_document(session, other.id)
    reading = Reading(document, tuple(steps.generated(row) for row in rows), (), now.problems, 0.0, now.words)
    data = document_rows.original(session, other.id)
    return Given(reading, now.title, now.filename, now.url, data, other.batch)
