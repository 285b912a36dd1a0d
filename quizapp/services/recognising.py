"""What a text that is given is to the documents of a library, worked out before the turn to write.

Start from `foresee`. It only reads, and takes long for a document with many cards: whoever
stores calls it again with what was foreseen, and looks at no more than has changed since.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from quizapp.db import documents as document_rows
from quizapp.db import drafts, notes
from quizapp.db.documents import DocumentRow
from quizapp.db.drafts import DraftRow
from quizapp.db.engine import Session
from quizapp.db.notes import NoteRow
from quizapp.domain.cards import Source
from quizapp.domain.documents import Block
from quizapp.domain.kinship import Kinship, Likeness, Named, is_called_the_same, likeness
from quizapp.domain.revisions import Comparison, compare
from quizapp.generate import anchors
from quizapp.generate.anchors import Found, Quoted, Revision, Text
from quizapp.sandbox import Progress
from quizapp.services.notes import anchor
from quizapp.translations import _

AMONG = 500  # the newest documents
READ_THROUGH = 20  # of those whose names suggest it, and of those whose lengths do
WORDS_APART = 0.25  # of the longer: texts of other lengths are not nearly the same
NOTHING = Likeness(Kinship.OTHER)


@dataclass(frozen=True)
class Sought:
    """A text that is given, and what is asked about it."""

    named: Named
    blocks: tuple[Block, ...]
    words: int
    batch: str | None  # what it is handed in together with, which is never what it was before


@dataclass(frozen=True)
class Foreseen:
    """What was found out about a text that is given."""

    seen: Mapping[int, str] = field(default_factory=dict)  # the documents that it was compared with, and their texts
    document_id: int | None = None  # what it is most like
    likeness: Likeness = NOTHING
    comparison: Comparison | None = None  # with that
    found: Mapping[Quoted, Found] = field(default_factory=dict)  # where the quotes of that are in it


def foresee(
    session: Session,
    owner_id: int,
    sought: Sought,
    *,
    before: Foreseen | None = None,
    on_progress: Progress | None = None,
) -> Foreseen:
    """Find the living document that a text is most like and, if it may be a new version of it, where its quotes went."""
    rows = document_rows.newest_first(session, owner_id, limit=AMONG)
    hashes = {row.id: row.text_hash for row in rows}
    before = before or Foreseen()
    holds = before.document_id is None or hashes.get(before.document_id) == before.seen[before.document_id]
    if not holds:
        before = Foreseen()
    fresh = [row for row in rows if before.seen.get(row.id) != row.text_hash]
    best, row = before.likeness, None
    for one in _candidates(fresh, sought):
        found = likeness(_named(session, one), sought.named)
        if found.kinship and found > best:
            best, row = found, one
    if row is None:
        return Foreseen(hashes, before.document_id, best, before.comparison, before.found)
    return replace(matched(session, row, sought, on_progress), seen=hashes, likeness=best)


def is_long(session: Session, owner_id: int, sought: Sought) -> bool:
    """Say whether there is something to compare a text with."""
    rows = document_rows.newest_first(session, owner_id, limit=AMONG)
    return any(True for _ in _candidates(rows, sought))


def quoted(row: DraftRow | NoteRow, text: str) -> Quoted:
    """Return the quote of a draft or a note of a document with that text, to be found again."""
    former = Source(row.quote or "", row.start or 0, row.end or 0)
    if isinstance(row, NoteRow):
        before, after = row.before or "", row.after or ""
    else:
        tied = anchor(0, text, former)
        before, after = tied.before, tied.after
    return Quoted(former.quote, former.start, row.heading, before, after)


def matched(session: Session, row: DocumentRow, sought: Sought, on_progress: Progress | None = None) -> Foreseen:
    """Compare a document with its next text, and find every quote of it there."""
    old = Text(document_rows.text_of(session, row.id), document_rows.blocks(session, row.id))
    revision = Revision(old, Text(sought.named.text, sought.blocks))
    rows: list[DraftRow | NoteRow] = [*drafts.of_document(session, row.id), *notes.all_of_document(session, row.id)]
    wanted = {quoted(one, old.text): None for one in rows}
    places = {}
    for number, one in enumerate(wanted):
        places[one] = anchors.find(one, revision)
        if on_progress:
            on_progress(number / len(wanted), _("Finding the passages of your cards"))
    return Foreseen(document_id=row.id, comparison=compare(old.text, sought.named.text), found=places)


def _candidates(rows: Sequence[DocumentRow], sought: Sought) -> Iterator[DocumentRow]:
    """Give the documents that the text may be like: those of its name or address, then those of its length."""
    rows = [row for row in rows if sought.batch is None or row.batch != sought.batch]
    same = [row for row in rows if is_called_the_same(Named(row.title, row.filename, row.url, ""), sought.named)]
    yield from same[:READ_THROUGH]
    near = [
        row for row in rows if row not in same and _apart(row, sought) <= WORDS_APART * max(row.words, sought.words)
    ]
    yield from sorted(near, key=lambda row: _apart(row, sought))[:READ_THROUGH]


def _apart(row: DocumentRow, sought: Sought) -> int:
    return abs(row.words - sought.words)


def _named(session: Session, row: DocumentRow) -> Named:
    return Named(row.title, row.filename, row.url, document_rows.text_of(session, row.id))
