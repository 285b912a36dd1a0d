"""Rows that belong to one person, as plain values, whatever table they stand in: for a copy to take along."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import Enum
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, Table, and_, or_, select
from sqlalchemy.orm import Session

from quizapp.db.card_media import CardMediumRow
from quizapp.db.documents import DocumentRow, OriginalRow
from quizapp.db.pictures import PictureRow
from quizapp.db.quizzes import SittingRow
from quizapp.db.schema import METADATA
from quizapp.db.versions import DocumentVersionRow
from quizapp.domain.permissions import Actor

BATCH, BATCH_TEXTS = 1_000, 20
# Keys and their hashes, which open doors; and numbers of other people.
NEVER = frozenset(
    {
        "password_hash",
        "token_hash",
        "calendar_hash",
        "token",
        "unsubscribe",
        "guest_key",
        "maker_id",
        "decided_by",
        "person_id",
    }
    | {"owner_id", "learner_id", "changed_by", "made_by", "library_id"}
)
# What a number stands for, where whoever asks may see it: column, table, the name there, whose it is.
NAMES = (
    ("team_id", "team", "name", "library_id"),
    ("deck_id", "deck", "name", "owner_id"),
    ("document_id", "document", "title", "owner_id"),
    ("quiz_id", "quiz", "title", "owner_id"),
    ("assignment_id", "assignment", "title", "owner_id"),
    ("note_id", "note", "question", "owner_id"),
)


@dataclass(frozen=True)
class Own:
    """Rows of a table that are a person's: the column that names the person, and what is left out besides `NEVER`."""

    table: str
    by: str = "owner_id"
    without: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Stored:
    """A file among the media that is a person's."""

    id: int
    name: str  # as it was handed in, or by number
    hash: str


def rows(session: Session, actor: Actor, own: Own) -> Iterator[Mapping[str, Any]]:
    """Give the person's rows of a table, in its own order; read in batches, so use them at once."""
    table = METADATA.tables[own.table]
    query = _named(table, actor, own).where(table.c[own.by] == actor.person_id)
    yield from _plain(session, query.order_by(*table.primary_key))


def answers(session: Session, actor: Actor) -> Iterator[Mapping[str, Any]]:
    """Give what the person answered in quizzes; what is right in an assignment is told by its own rules, not here."""
    table = METADATA.tables["answer"]
    told = frozenset({"share", "missed", "kind"})
    for assigned in (False, True):
        query = _named(table, actor, Own("answer", without=told if assigned else frozenset()))
        is_assigned = SittingRow.assignment_id.is_not(None) if assigned else SittingRow.assignment_id.is_(None)
        query = query.join(SittingRow, and_(SittingRow.id == table.c.sitting_id, is_assigned))
        yield from _plain(session, query.where(SittingRow.learner_id == actor.person_id).order_by(table.c.at))


def log_lines(session: Session, actor: Actor) -> Iterator[Mapping[str, Any]]:
    """Give the lines of logs that say what the person did, and what was done about them, without anybody else's name."""
    table = METADATA.tables["audit_event"]
    did = table.c.person_id == actor.person_id
    about = and_(table.c.kind == "person", table.c.thing_id == actor.person_id)
    query = _named(table, actor, Own("audit_event")).where(or_(did, about))
    for line in _plain(session, query.add_columns(did.label("by_me")).order_by(table.c.id)):
        is_about_another = line["kind"] == "person" and line["thing_id"] != actor.person_id
        yield {**line, "thing_id": None, "detail": ""} if is_about_another else line


def originals(session: Session, actor: Actor) -> Sequence[Stored]:
    """Return the files that the person's documents were read from."""
    query = select(DocumentRow.id, DocumentRow.filename, OriginalRow.hash).join(
        OriginalRow, OriginalRow.document_id == DocumentRow.id
    )
    found = session.execute(query.where(DocumentRow.owner_id == actor.person_id).order_by(DocumentRow.id))
    version = DocumentVersionRow
    of_past = select(version.document_id, version.number, version.filename, version.file)
    of_past = of_past.where(version.owner_id == actor.person_id, version.file.is_not(None))
    past = session.execute(of_past.order_by(version.document_id, version.number))
    return [
        *(Stored(*row) for row in found),
        *(Stored(row.document_id, f"version-{row.number}-{row.filename}", row.file) for row in past),
    ]


def texts(session: Session, actor: Actor) -> Iterator[tuple[int, str, str]]:
    """Give number, title and text of the person's documents."""
    query = select(DocumentRow.id, DocumentRow.title, DocumentRow.text).where(DocumentRow.owner_id == actor.person_id)
    for row in session.execute(query.order_by(DocumentRow.id).execution_options(yield_per=BATCH_TEXTS)):
        yield row.id, row.title, row.text


def pictures(session: Session, actor: Actor) -> Sequence[Stored]:
    """Return the pictures of the person's documents, each once."""
    query = select(PictureRow.id, PictureRow.media_type, PictureRow.hash).where(PictureRow.owner_id == actor.person_id)
    found = {row.hash: row for row in session.execute(query.order_by(PictureRow.id))}
    return [Stored(row.id, f"{row.id}.{row.media_type.rpartition('/')[2]}", row.hash) for row in found.values()]


def media(session: Session, actor: Actor) -> Sequence[Stored]:
    """Return the pictures and sounds that the person's cards name, called as they were where they came from."""
    query = select(CardMediumRow.id, CardMediumRow.name, CardMediumRow.hash)
    found = session.execute(query.where(CardMediumRow.owner_id == actor.person_id).order_by(CardMediumRow.id))
    return [Stored(*row) for row in found]


def _named(table: Table, actor: Actor, own: Own) -> Select[Any]:
    """Return the columns of a table that may leave, with the names of what they point at."""
    tables = METADATA.tables
    query = select(*(column for column in table.c if column.name not in NEVER | own.without)).select_from(table)
    visible = {int(actor.person_id), *actor.roles}
    if "card_id" in table.c and own.table != "card":
        card, note = tables["card"].alias("asked"), tables["note"].alias("asked_note")
        query = query.outerjoin(card, card.c.id == table.c.card_id)
        query = query.outerjoin(note, and_(note.c.id == card.c.note_id, note.c.owner_id.in_(visible)))
        query = query.add_columns(note.c.question.label("card"))
    for column, other, name, owner in NAMES:
        if column in table.c and other != table.name:
            far = tables[other].alias(f"the_{other}")
            query = query.outerjoin(far, _is_seen(far, table.c[column], owner, visible))
            query = query.add_columns(far.c[name].label(other))
    return query


def _is_seen(far: Any, number: ColumnElement[Any], owner: str, visible: set[int]) -> ColumnElement[bool]:
    return and_(far.c.id == number, far.c[owner].in_(visible))


def _plain(session: Session, query: Select[Any]) -> Iterator[Mapping[str, Any]]:
    for row in session.execute(query.execution_options(yield_per=BATCH)).mappings():
        yield {name: _value(value) for name, value in row.items()}


def _value(value: object) -> object:
    """Return a value as JSON has it: times as ISO 8601 in UTC, stretches of time in seconds."""
    match value:
        case datetime() | date():
            return value.isoformat()
        case timedelta():
            return value.total_seconds()
        case UUID():
            return str(value)
        case Enum():
            return value.value
        case tuple():
            return [_value(one) for one in value]
        case _:
            return value
