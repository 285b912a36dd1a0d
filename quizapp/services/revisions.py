"""A document that is in the library is added again, changed: it becomes its own next version.

Start from `update`. Notes follow their passages and keep every schedule
and edit; what a note says is changed by a person alone (`services.changes`).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from hashlib import sha256

from quizapp.db import changes, drafts, notes, searching, versions
from quizapp.db import documents as document_rows
from quizapp.db.changes import ChangeKind, DocumentChangeRow
from quizapp.db.documents import DocumentRow
from quizapp.db.drafts import DraftRow
from quizapp.db.engine import Session, media_of
from quizapp.db.notes import NoteRow
from quizapp.db.versions import Edition
from quizapp.domain import deck_names, following
from quizapp.domain.cards import Draft, DraftStatus, Note, Source
from quizapp.domain.documents import BlockKind, Document, Span
from quizapp.domain.drafts import Decision, Step, StepKind
from quizapp.domain.following import Kept
from quizapp.domain.kinship import Named
from quizapp.domain.revisions import Comparison, compare
from quizapp.errors import InvalidInput
from quizapp.generate import anchors
from quizapp.generate.anchors import Fate, Found, Quoted, Revision, Text
from quizapp.services import illustrating, recognising, snapshots, steps
from quizapp.services.illustrating import Illustrations, illustrate
from quizapp.services.notes import anchor, check, tie, value
from quizapp.services.proposing import propose
from quizapp.services.reading import Reading
from quizapp.services.recognising import Foreseen, Sought


@dataclass(frozen=True)
class Update:
    """What a new version of a document brought."""

    number: int  # of the version that it replaced
    new: int  # passages
    changed: int
    gone: int
    follow: int  # cards that know their passage in the new text
    asks: int  # cards that wait for their owner's decision
    proposed: int  # drafts that have joined the bench


@dataclass(frozen=True)
class Given:
    """A document as it was given now."""

    reading: Reading
    title: str  # and name, as they can be stored
    filename: str
    url: str | None  # where it was fetched
    data: bytes
    batch: str | None = None  # what it was handed in together with

    @property
    def sought(self) -> Sought:
        """Return what it is looked for by."""
        document = self.reading.document
        named = Named(self.title, self.filename, self.url, document.text)
        return Sought(named, document.blocks, document.words, self.batch)


@dataclass(frozen=True)
class Place:
    """Where a passage is in the new text; None when it is gone."""

    fate: Fate
    source: Source | None


@dataclass(frozen=True)
class Move:
    """A document on its way from one text to the next, and where each passage that is quoted goes."""

    revision: Revision
    proposed: Mapping[str, Draft] = field(default_factory=dict)  # by content id
    found: Mapping[Quoted, Found] = field(default_factory=dict)  # what was found of this before
    places: dict[Source, Place] = field(default_factory=dict)  # by where it was

    def place(self, row: DraftRow | NoteRow) -> Place:
        """Return where the passage of a row goes."""
        former = _source(row)
        if former not in self.places:
            self.places[former] = self._found(row, former)
        return self.places[former]

    def _found(self, row: DraftRow | NoteRow, former: Source) -> Place:
        quoted = recognising.quoted(row, self.revision.old.text)
        found = self.found.get(quoted) or anchors.find(quoted, self.revision)
        # What was gone already comes back word for word or not at all.
        if found.span is None or (row.quote_gone_at and found.fate is Fate.CHANGED):
            return Place(Fate.GONE, None)
        return Place(found.fate, anchors.source_at(found.span, former, self.revision))


def text_hash(document: Document) -> str:
    """Return what tells one text from another."""
    return sha256(document.text.encode("utf-8", "surrogatepass")).hexdigest()


def update(
    session: Session,
    document: DocumentRow,
    given: Given,
    foreseen: Foreseen,
    *,
    deck_name: str | None,
    keep_ready: bool,
    now: datetime,
) -> Update:
    """Give a document its next text; drafts and notes follow, what is new joins the bench, what is in doubt is asked."""
    reading = given.reading
    old = Text(document_rows.text_of(session, document.id), document_rows.blocks(session, document.id))
    new = Text(reading.document.text, reading.document.blocks)
    move = Move(Revision(old, new), {draft.id: draft for draft in reading.drafts}, foreseen.found)
    number = versions.keep(
        session,
        document,
        attached=snapshots.taken(session, document),
        successor=snapshots.given(given.title, given.url, deck_name, reading.drafts),
    )
    if deck_name:
        document.deck_name, document.deck_id = deck_names.clean(deck_name), None
    document.batch = given.batch
    title = given.title if is_own_title(document.title, old) else document.title
    versions.become(session, document, edition_of(session, given, title, given.url or document.url, now=now))
    searching.put(session, document, new.text, new.blocks)
    shown = illustrate(session, document, reading.document)
    fresh = _follow(session, document, move, shown, number, now=now)
    joined = propose(session, document, fresh, shown)
    ready = [row for row in joined if row.status is DraftStatus.READY]
    if keep_ready and ready:
        steps.take(session, document, ready, Step(StepKind.KEEP), now=now)
    return _told(session, document, foreseen.comparison or compare(old.text, new.text), number, len(joined))


def edition_of(session: Session, given: Given, title: str, url: str | None, *, now: datetime) -> Edition:
    """Return a document as it was given, under that title, its file put among the media."""
    document = given.reading.document
    return Edition(
        title=title,
        filename=given.filename,
        url=url,
        language=document.language,
        text=document.text,
        text_hash=text_hash(document),
        blocks=document.blocks,
        words=given.reading.words,
        problems=given.reading.problems,
        file=media_of(session).put(given.data),
        size=len(given.data),
        added=now,
    )


def is_own_title(title: str, text: Text) -> bool:
    """Say whether the title is the text's own, and none that a person or a file gave."""
    return any(block.kind is BlockKind.TITLE and block.span.of(text.text) == title for block in text.blocks)


def _follow(
    session: Session, document: DocumentRow, move: Move, shown: Illustrations, number: int, *, now: datetime
) -> Sequence[Draft]:
    """Take drafts and notes along, ask what is in doubt, and return the proposals that are new."""
    rows, note_rows = drafts.of_document(session, document.id), notes.all_of_document(session, document.id)
    for row in rows:
        if (again := move.proposed.get(row.content_id)) and row.quote == again.source.quote:
            fate = Fate.SAME if row.start == again.source.start else Fate.MOVED
            move.places.setdefault(_source(row), Place(fate, again.source))
    kept = _kept(rows, note_rows, move)
    known = {row.content_id for row in rows}
    pairs = following.matched(kept, [draft for draft in move.proposed.values() if draft.id not in known])
    for one, draft in pairs:
        if one.place is None:
            move.places[_source_of(one.note)] = Place(Fate.CHANGED, draft.source)
    _ask(session, document, note_rows, pairs, move, number)
    _move_drafts(session, document, rows, move, shown, now=now)
    _move_notes(document, note_rows, move, now=now)
    session.flush()
    settled = {draft.id for _, draft in pairs} | known
    asked = {_content(row.question, row.answer) for row in rows if row.decision is not None}
    fresh = [draft for draft in move.proposed.values() if draft.id not in settled]
    return [draft for draft in fresh if _content(draft.question, draft.answer) not in asked]


def carry_along(
    session: Session,
    document: DocumentRow,
    rows: Sequence[DraftRow],
    note_rows: Sequence[NoteRow],
    move: Move,
    number: int,
    *,
    now: datetime,
) -> None:
    """Take some drafts and notes along to another text, for which nothing is proposed, and ask what is in doubt."""
    _ask(session, document, note_rows, (), move, number)
    _move_drafts(session, document, rows, move, illustrating.WITHOUT, now=now)
    _move_notes(document, note_rows, move, now=now)
    session.flush()


def _kept(rows: Sequence[DraftRow], note_rows: Sequence[NoteRow], move: Move) -> Sequence[Kept]:
    """Return what the living notes ask, by the drafts that were kept for them."""
    by_id = {row.id: row for row in note_rows if row.deleted_at is None}
    kept = []
    for row in rows:
        note = by_id.get(row.note_id or 0)
        if note is None or row.decision is not Decision.KEPT:
            continue
        place = move.place(note)
        span = Span(place.source.start, place.source.end) if place.source else None
        is_shaken = place.fate in {Fate.CHANGED, Fate.GONE}
        kept.append(Kept(note.id, steps.generated(row), row.note_number or 1, value(note), span, is_shaken))
    return kept


def _ask(
    session: Session,
    document: DocumentRow,
    note_rows: Sequence[NoteRow],
    pairs: Sequence[tuple[Kept, Draft]],
    move: Move,
    number: int,
) -> None:
    """Store what each note's owner shall decide; what was undecided before is settled or replaced."""
    living = notes.living(session, document.id)
    of_note: dict[int, list[tuple[Kept, Draft]]] = {}
    for one, draft in pairs:
        of_note.setdefault(one.note_id, []).append((one, draft))
    settled, asks = [], []
    for row in note_rows:
        if row.id not in living:
            continue
        asked = _doubt(document, row, of_note.get(row.id, ()), move, number)
        if asked or _is_settled(row, of_note.get(row.id, ()), move):
            settled.append(row.id)
        asks += [asked] if asked else []
    changes.forget_undecided(session, settled)
    session.add_all(asks)
    session.flush()


def _doubt(
    document: DocumentRow, row: NoteRow, pairs: Sequence[tuple[Kept, Draft]], move: Move, number: int
) -> DocumentChangeRow | None:
    """Return what is to be asked about a note; None when nothing is in doubt that was not before."""
    place, note = move.place(row), value(row)
    asked = DocumentChangeRow(
        owner_id=row.owner_id,
        document_id=document.id,
        number=number,
        note_id=row.id,
        kind=ChangeKind.ANSWER,
        former_quote=row.quote or "",
    )
    if place.source is None:
        asked.kind = ChangeKind.GONE
        return None if row.quote_gone_at else asked
    news = [pair for pair in pairs if pair[1].source.quote not in move.revision.old.text]
    if any(not following.says_the_same(*pair) for pair in news):
        _propose_wording(asked, following.reworded(note, pairs))
        return asked
    if pairs or place.fate is not Fate.CHANGED:
        return None
    return asked if following.stands_no_more(note, row.quote or "", place.source.quote) else None


def _is_settled(row: NoteRow, pairs: Sequence[tuple[Kept, Draft]], move: Move) -> bool:
    """Say whether what may have been in doubt about a note is so no more."""
    place = move.place(row)
    if place.source is None:
        return False
    if row.quote_gone_at or (pairs and all(following.says_the_same(*pair) for pair in pairs)):
        return True
    return place.fate is Fate.CHANGED and following.stands_no_more(value(row), place.source.quote, row.quote or "")


def _propose_wording(asked: DocumentChangeRow, wanted: Note | None) -> None:
    if wanted is None:
        return
    try:
        check(wanted)
    except InvalidInput:  # what could not be kept is not proposed
        return
    asked.question, asked.answer = wanted.question, wanted.answer
    asked.choices, asked.explanation = wanted.choices, wanted.explanation


def _move_drafts(
    session: Session,
    document: DocumentRow,
    rows: Iterable[DraftRow],
    move: Move,
    shown: Illustrations,
    *,
    now: datetime,
) -> None:
    """Move drafts to where their passages and pictures are; those that nobody touched leave the bench with their passage."""
    touched = drafts.touched(session, document.id)
    for row in rows:
        place = move.place(row)
        is_left = row.decision is None and row.id not in touched and row.content_id not in move.proposed
        if is_left and place.fate in {Fate.CHANGED, Fate.GONE}:
            session.delete(row)
        elif place.source is None:
            row.quote_gone_at = row.quote_gone_at or now
        else:
            there = place.source
            row.quote, row.start, row.end = there.quote, there.start, there.end
            row.speaker, row.heading, row.page = there.speaker, there.heading, there.page
            row.columns, row.picture_id = there.columns or None, shown.beside(Span(there.start, there.end))
            row.quote_gone_at = None


def _move_notes(document: DocumentRow, rows: Iterable[NoteRow], move: Move, *, now: datetime) -> None:
    for row in rows:
        place = move.place(row)
        if place.source is None:
            row.quote_gone_at = row.quote_gone_at or now
        else:
            tie(row, anchor(document.id, move.revision.new.text, place.source))
            row.quote_gone_at = None


def _told(session: Session, document: DocumentRow, compared: Comparison, number: int, proposed: int) -> Update:
    living = notes.of_document(session, document.id, deleted_at=None)
    return Update(
        number=number,
        new=len(compared.new),
        changed=len(compared.changed),
        gone=len(compared.gone),
        follow=sum(row.quote_gone_at is None for row in living),
        asks=changes.waiting(session, document.id),
        proposed=proposed,
    )


def _source(row: DraftRow | NoteRow) -> Source:
    return Source(row.quote or "", row.start or 0, row.end or 0, row.speaker, row.heading, row.page, row.columns or ())


def _source_of(note: Note) -> Source:
    return replace(note.source) if note.source else Source("", 0, 0)


def _content(question: str, answer: str) -> tuple[str, str]:
    return following.folded(question), following.folded(answer)
