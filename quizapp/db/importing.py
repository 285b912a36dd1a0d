"""What files of other programs brought: each file is a run, with a step for each note that it touched.

`ImportedRow` says what a file last said of a note, which tells a learner's own edit from a change in the file.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar, cast

from sqlalchemy import JSON, ForeignKey, Index, String, Table, bindparam, delete, insert, select, update
from sqlalchemy.orm import Mapped, Session, contains_eager, mapped_column

from quizapp.db import note_words, notes, prepared
from quizapp.db.base import Base, OwnerKey, PrimaryKey
from quizapp.db.decks import DeckRow
from quizapp.db.note_words import NoteWordsRow
from quizapp.db.notes import CardRow, NoteRow, NoteTagRow, TagRow
from quizapp.db.plans import PlanRow, Queue
from quizapp.db.searching import is_in_a_file
from quizapp.domain.cards import Note

AT_ONCE = 500
ROOM_KILOBYTES = 96 * 1024
Value = TypeVar("Value")


class ImportRunRow(Base):
    """One file that came in, or was read again."""

    __tablename__ = "import_run"
    __table_args__ = (Index("ix_import_run_owner_id", "owner_id", "id"),)
    id: Mapped[PrimaryKey]
    owner_id: Mapped[OwnerKey]
    source: Mapped[str]  # what it came from, for people
    at: Mapped[datetime]
    undone_at: Mapped[datetime | None]
    report: Mapped[dict[str, Any]] = mapped_column(JSON)
    decks: Mapped[tuple[int, ...]]  # that it made
    job_id: Mapped[int | None] = mapped_column(ForeignKey("job.id", ondelete="SET NULL"))  # that is at it, while it is
    parts: Mapped[int | None]  # of it that are in; None once all are


class ImportStepRow(Base):
    """A note that a run made, or changed."""

    __tablename__ = "import_step"
    run_id: Mapped[int] = mapped_column(ForeignKey("import_run.id", ondelete="CASCADE"), primary_key=True)
    note_id: Mapped[int] = mapped_column(ForeignKey("note.id", ondelete="CASCADE"), primary_key=True, index=True)
    owner_id: Mapped[OwnerKey]
    was: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))  # before; None: it was not there


class ImportedRow(Base):
    """What a file last said of a note."""

    __tablename__ = "imported"
    __table_args__ = (Index("ix_imported_owner_id", "owner_id", "asks"),)
    note_id: Mapped[int] = mapped_column(
        ForeignKey("note.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    owner_id: Mapped[OwnerKey]
    named: Mapped[bool]  # whether the file has a name of its own for it; else it is known by what it asks
    asks: Mapped[str] = mapped_column(String(32))  # its question, digested
    says: Mapped[str] = mapped_column(String(32))  # all of it, digested
    tags: Mapped[tuple[str, ...]]


@dataclass(frozen=True)
class Known:
    """A note that is there, with what a file last said of it."""

    row: NoteRow
    said: ImportedRow | None


@dataclass(frozen=True)
class Fresh:
    """A note to be made."""

    guid: str
    deck_id: int
    note: Note
    ordinals: Sequence[int]  # of its cards
    said: Mapping[str, object]  # `named`, `asks` and `says` of `ImportedRow`
    picture_id: int | None = None
    typed: bool | None = None


_NOTES, _CARDS = cast(Table, NoteRow.__table__), cast(Table, CardRow.__table__)
_PLANS, _WORDS = cast(Table, PlanRow.__table__), cast(Table, NoteWordsRow.__table__)
_NOTE_TAGS, _TAGS = cast(Table, NoteTagRow.__table__), cast(Table, TagRow.__table__)
_IMPORTED, _STEPS = cast(Table, ImportedRow.__table__), cast(Table, ImportStepRow.__table__)
_ADD = {table: insert(table) for table in (_NOTES, _WORDS, _IMPORTED, _NOTE_TAGS, _CARDS, _PLANS, _STEPS)}


@contextmanager
def room(session: Session) -> Iterator[None]:
    """Let a file keep more of itself in memory: ids of reviews are random, and pages that lie apart are read again and again."""
    connection = session.connection() if is_in_a_file(session) else None
    if connection is None:
        yield
        return
    (usual,) = connection.exec_driver_sql("PRAGMA cache_size").one()
    connection.exec_driver_sql(f"PRAGMA cache_size={-ROOM_KILOBYTES}")
    try:
        yield
    finally:
        connection.exec_driver_sql(f"PRAGMA cache_size={usual}")


def add(session: Session, row: ImportRunRow) -> None:
    """Begin a run."""
    session.add(row)
    session.flush()


def get(session: Session, run_id: int) -> ImportRunRow | None:
    """Return a run, or None."""
    return session.get(ImportRunRow, run_id)


def of_job(session: Session, job_id: int) -> ImportRunRow | None:
    """Return the run that a job has begun and that is not done, or None."""
    query = select(ImportRunRow).where(ImportRunRow.job_id == job_id, ImportRunRow.parts.is_not(None))
    return session.scalars(query).one_or_none()


def runs(session: Session, owner_id: int, *, limit: int) -> Sequence[ImportRunRow]:
    """Return the owner's runs, the newest first."""
    query = select(ImportRunRow).where(ImportRunRow.owner_id == owner_id)
    return session.scalars(query.order_by(ImportRunRow.id.desc()).limit(limit)).all()


def later(session: Session, run: ImportRunRow) -> Sequence[ImportRunRow]:
    """Return the runs after this one that count and touched a note that it touched, the newest first."""
    touched = select(_STEPS.c.note_id).where(_STEPS.c.run_id == run.id)
    since = select(_STEPS.c.run_id).where(_STEPS.c.run_id > run.id, _STEPS.c.note_id.in_(touched))
    query = select(ImportRunRow).where(ImportRunRow.id.in_(since), ImportRunRow.undone_at.is_(None))
    return session.scalars(query.order_by(ImportRunRow.id.desc())).all()


def remove(session: Session, *, before: datetime) -> None:
    """Remove the runs before that time; what they brought stays, and is known again."""
    gone = delete(ImportRunRow).where(ImportRunRow.at < before)
    session.execute(gone, execution_options={"synchronize_session": False})


def put_steps(session: Session, run: ImportRunRow, was: Mapping[int, dict[str, Any] | None]) -> None:
    """Store what a run did to notes: how each had been, or None for those that it made."""
    this = {"run_id": run.id, "owner_id": run.owner_id}
    rows = [{**this, "note_id": note_id, "was": before} for note_id, before in was.items()]
    prepared.do_all(session, _ADD[_STEPS], rows)


def changed_by(session: Session, run_id: int) -> Sequence[ImportStepRow]:
    """Return what a run did to notes that were there, in their order."""
    query = select(ImportStepRow).where(ImportStepRow.run_id == run_id, ImportStepRow.was.is_not(None))
    return session.scalars(query.order_by(ImportStepRow.note_id)).all()


def made_by(session: Session, run_id: int) -> Sequence[int]:
    """Return the notes that a run made."""
    query = select(_STEPS.c.note_id).where(_STEPS.c.run_id == run_id, _STEPS.c.was.is_(None))
    return session.scalars(query.order_by(_STEPS.c.note_id)).all()


def undone_with(session: Session, note_ids: Collection[int]) -> Collection[int]:
    """Return those of the notes that are in the trash because the run that made them was undone."""
    query = select(_STEPS.c.note_id).join(ImportRunRow, ImportRunRow.id == _STEPS.c.run_id)
    query = query.join(_NOTES, _NOTES.c.id == _STEPS.c.note_id).where(
        _STEPS.c.note_id.in_(note_ids), _STEPS.c.was.is_(None), ImportRunRow.undone_at == _NOTES.c.deleted_at
    )
    return set(session.scalars(query).all())


def by_guid(session: Session, owner_id: int, guids: Collection[str]) -> Mapping[str, Known]:
    """Return the owner's notes of these names, in the trash or not."""
    return {one.row.guid: one for one in _known(session, owner_id, NoteRow.guid.in_(guids))}


def by_question(session: Session, owner_id: int, asked: Collection[str]) -> Mapping[str, Sequence[Known]]:
    """Return the notes that came without a name, by the digest of what they ask, those of one question by age."""
    found: dict[str, list[Known]] = {}
    for one in _known(session, owner_id, ImportedRow.asks.in_(asked), ImportedRow.named.is_(False)):
        if one.said:
            found.setdefault(one.said.asks, []).append(one)
    return found


def alike(session: Session, owner_id: int, questions: Collection[str]) -> Mapping[str, Sequence[Known]]:
    """Return the owner's living notes that ask these very questions, by question."""
    found: dict[str, list[Known]] = {}
    for one in _known(session, owner_id, NoteRow.question.in_(questions), NoteRow.deleted_at.is_(None)):
        if one.row.deck.deleted_at is None:
            found.setdefault(one.row.question, []).append(one)
    return found


def _known(session: Session, owner_id: int, *these: Any) -> Iterator[Known]:
    query = select(NoteRow, ImportedRow).join(NoteRow.deck).outerjoin(ImportedRow, ImportedRow.note_id == NoteRow.id)
    query = query.options(contains_eager(NoteRow.deck)).where(NoteRow.owner_id == owner_id, *these)
    for row, said in session.execute(query.order_by(NoteRow.id)):
        yield Known(row, said)


def say(session: Session, note_id: int, owner_id: int, tags: Sequence[str], said: Mapping[str, object]) -> None:
    """Store what a file now says of a note."""
    row = session.get(ImportedRow, note_id) or ImportedRow(note_id=note_id, owner_id=owner_id)
    row.tags = tuple(tags)
    for name, value in said.items():
        setattr(row, name, value)
    session.add(row)


def make(session: Session, owner_id: int, fresh: Sequence[Fresh], *, now: datetime) -> Mapping[str, int]:
    """Store notes whose names are free, with cards that no queue holds yet, and return their ids by name.

    `plans.settle_notes` puts the cards where they belong.
    """
    ids: dict[str, int] = {}
    for part in parts(fresh):
        prepared.do_all(session, _ADD[_NOTES], [_columns(owner_id, one, now) for one in part])
        query = select(_NOTES.c.guid, _NOTES.c.id).where(_NOTES.c.owner_id == owner_id)
        ids |= dict(session.execute(query.where(_NOTES.c.guid.in_([one.guid for one in part]))).all())
    each = [(ids[one.guid], one) for one in fresh]
    prepared.do_all(session, _ADD[_WORDS], [_words(note_id, owner_id, one.note) for note_id, one in each])
    prepared.do_all(session, _ADD[_IMPORTED], [_said(note_id, owner_id, one) for note_id, one in each])
    prepared.do_all(session, _ADD[_NOTE_TAGS], list(_tags(session, owner_id, each)))
    cards = [{"owner_id": owner_id, "note_id": i, "ordinal": n} for i, one in each for n in one.ordinals]
    prepared.do_all(session, _ADD[_CARDS], cards)
    decks = {note_id: one.deck_id for note_id, one in each}
    plan = {"learner_id": owner_id, "queue": Queue.GONE, "suspended": False, "flag": 0}
    planned = cards_of(session, list(decks))
    each_plan = [{**plan, "card_id": i, "deck_id": decks[note]} for (note, _), i in planned.items()]
    prepared.do_all(session, _ADD[_PLANS], each_plan)
    return ids


def cards_of(session: Session, note_ids: Sequence[int]) -> Mapping[tuple[int, int], int]:
    """Return the cards of the notes, by note and ordinal."""
    query = select(_CARDS.c.note_id, _CARDS.c.ordinal, _CARDS.c.id).order_by(_CARDS.c.note_id, _CARDS.c.ordinal)
    return {
        (note, ordinal): card
        for part in parts(note_ids)
        for note, ordinal, card in session.execute(query.where(_CARDS.c.note_id.in_(part)))
    }


def place(session: Session, learner_id: int, said: Mapping[int, tuple[bool, int]]) -> None:
    """Set cards aside and put flags on them; `plans.settle_notes` puts them where they belong."""
    these = (_PLANS.c.card_id == bindparam("card"), _PLANS.c.learner_id == bindparam("learner"))
    values: dict[str, Any] = {"suspended": bindparam("aside"), "flag": bindparam("number")}
    each = [{"card": i, "learner": learner_id, "aside": aside, "number": flag} for i, (aside, flag) in said.items()]
    if each:
        session.execute(update(_PLANS).where(*these).values(values), each)


def parts(values: Sequence[Value]) -> Iterator[Sequence[Value]]:
    """Give the values in pieces that every database takes."""
    yield from (values[start : start + AT_ONCE] for start in range(0, len(values), AT_ONCE))


def only_of(session: Session, run: ImportRunRow) -> Sequence[DeckRow]:
    """Return the decks that the run made and that hold no living note but its own."""
    own = select(_STEPS.c.note_id).where(_STEPS.c.run_id == run.id, _STEPS.c.was.is_(None))
    foreign = select(NoteRow.deck_id).where(NoteRow.deleted_at.is_(None), NoteRow.id.not_in(own))
    query = select(DeckRow).where(DeckRow.id.in_(run.decks), DeckRow.deleted_at.is_(None))
    return session.scalars(query.where(DeckRow.id.not_in(foreign)).order_by(DeckRow.name_key)).all()


def made_outside(session: Session, run: ImportRunRow, deck_ids: Collection[int]) -> Sequence[int]:
    """Return the living notes that the run made and that are not in these decks."""
    query = select(NoteRow.id).join(ImportStepRow, ImportStepRow.note_id == NoteRow.id)
    query = query.where(ImportStepRow.run_id == run.id, ImportStepRow.was.is_(None), NoteRow.deleted_at.is_(None))
    return session.scalars(query.where(NoteRow.deck_id.not_in(deck_ids)).order_by(NoteRow.id)).all()


def decks(session: Session, deck_ids: Sequence[int]) -> Sequence[DeckRow]:
    """Return the decks that are still there, in the trash or not."""
    return session.scalars(select(DeckRow).where(DeckRow.id.in_(deck_ids)).order_by(DeckRow.name_key)).all()


def _columns(owner_id: int, one: Fresh, now: datetime) -> dict[str, object]:
    note, source = one.note, one.note.source
    return {
        "owner_id": owner_id,
        "deck_id": one.deck_id,
        "guid": one.guid,
        "kind": note.kind,
        "question": note.question,
        "answer": note.answer,
        "choices": note.choices,
        "explanation": note.explanation,
        "version": 1,
        "created": now,
        "modified": now,
        "quote": source.quote if source else None,
        "start": source.start if source else None,
        "end": source.end if source else None,
        "speaker": source.speaker if source else None,
        "heading": source.heading if source else None,
        "page": source.page if source else None,
        "columns": source.columns or None if source else None,
        "picture_id": one.picture_id,
        "typed": one.typed,
    }


def _words(note_id: int, owner_id: int, note: Note) -> dict[str, object]:
    quote, heading = (note.source.quote, note.source.heading) if note.source else (None, None)
    words = note_words.words(note.question, note.answer, note.choices, note.explanation)
    source = note_words.source_words(quote, heading)
    return {"note_id": note_id, "owner_id": owner_id, "words": words, "source": source}


def _said(note_id: int, owner_id: int, one: Fresh) -> dict[str, object]:
    return {"note_id": note_id, "owner_id": owner_id, "tags": one.note.tags, **one.said}


def _tags(session: Session, owner_id: int, each: Sequence[tuple[int, Fresh]]) -> Iterator[dict[str, object]]:
    names = sorted({name for _, one in each for name in one.note.tags})
    ids: dict[str, int] = {}
    for part in parts(names):
        notes.tag_ids(session, owner_id, part)
        query = select(_TAGS.c.name, _TAGS.c.id).where(_TAGS.c.owner_id == owner_id, _TAGS.c.name.in_(part))
        ids |= dict(session.execute(query).all())
    for note_id, one in each:
        for name in dict.fromkeys(one.note.tags):
            yield {"note_id": note_id, "tag_id": ids[name], "owner_id": owner_id}
