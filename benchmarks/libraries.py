"""Libraries and decks to measure on: the cards of the sample documents, multiplied.

Copies are made by the database itself, so that a million cards take a minute, not an hour.
"""

import pickle
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any, cast
from uuid import UUID

from sqlalchemy import Row, Table, Text, func, insert, literal, select, true, update

from quizapp.anki.export import AnkiDeck, AnkiNote
from quizapp.config import beside
from quizapp.db import plans, reviews
from quizapp.db.engine import Database, Session
from quizapp.db.learners import SettingRow
from quizapp.db.note_words import NoteWordsRow
from quizapp.db.notes import CardRow, NoteRow, NoteTagRow
from quizapp.db.plans import PlanRow
from quizapp.db.reviews import MemoryRow, Origin, ReviewRow
from quizapp.db.upgrade import upgrade
from quizapp.domain.card_progress import CardProgress, Logged, moment
from quizapp.domain.cards import CardKind, Draft, DraftStatus
from quizapp.domain.permissions import Actor
from quizapp.domain.progress import quarter
from quizapp.domain.queues import Kind
from quizapp.domain.scheduling import Grade, Memory, Phase
from quizapp.services import accounts, decks, library
from quizapp.services.reading import Reading, draft_cards

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
DAY = timedelta(days=1)
SEEDS = Path(__file__).parents[1] / "seeds"
DECKS = 20
BENCH_DRAFTS = 200
NEW, OVERDUE = 15, 15  # of 100 cards; the others are due over the next 100 days
DAYS_BETWEEN = 24  # reviews of a card
UNLIMITED = 9_999  # of a day
NOTES, CARDS, PLANS, MEMORIES = (cast(Table, row.__table__) for row in (NoteRow, CardRow, PlanRow, MemoryRow))
REVIEWS = cast(Table, ReviewRow.__table__)
WORDS, NOTE_TAGS = cast(Table, NoteWordsRow.__table__), cast(Table, NoteTagRow.__table__)


@dataclass(frozen=True)
class Library:
    """A library on disk, whose it is, and the document that waits on the bench."""

    database: Database
    actor: Actor
    bench_document_id: int


def readings(run: Path) -> Sequence[Reading]:
    """Read the sample documents, once in a run, which has a folder."""
    kept = run / "readings.pickle"
    if not kept.exists():
        read = [draft_cards(path.read_bytes(), path.name) for path in sorted(SEEDS.iterdir())]
        kept.write_bytes(pickle.dumps(read))
    found: Sequence[Reading] = pickle.loads(kept.read_bytes())
    return found


def ready_drafts(read: Sequence[Reading]) -> Sequence[Draft]:
    """Return the cards that are made of the samples without a person's help."""
    return [draft for reading in read for draft in reading.drafts if draft.status is DraftStatus.READY]


def made(folder: Path, *, cards: int) -> Library:
    """Make a library with that many cards in 20 decks, most of them seen, and a document on the bench."""
    database = Database(f"sqlite:///{folder / f'{cards}.db'}")
    upgrade(database, scripts=beside("migrations"), now=NOW)
    read = readings(folder.parent)
    with database.writing() as session:
        actor = accounts.local_owner(session, time_zone="Europe/Berlin", now=NOW)
        for reading in read:
            add(session, actor, reading, keep_ready=True)
        waiting = add(session, actor, _long(read), keep_ready=False)
        session.execute(update(SettingRow).values(new_per_day=UNLIMITED, reviews_per_day=UNLIMITED))
        multiply(session, cards)
        _spread(session, [decks.create(session, actor, f"Deck {number}", now=NOW) for number in range(DECKS)])
        _study(session, actor)
    return Library(database, actor, waiting)


def grown(small: Library, folder: Path, *, times: int) -> Library:
    """Return a copy of a library with so many times its cards, each with its plan and memory."""
    path = folder / f"{times}-times.db"
    with closing(sqlite3.connect(small.database.path)) as source, closing(sqlite3.connect(path)) as copy:
        source.backup(copy)
    database = Database(f"sqlite:///{path}")
    with database.writing() as session:
        multiply(session, times * _count(session, CARDS))
    return replace(small, database=database)


def reviewed(there: Library, *, each: int) -> None:
    """Give every card that was seen so many reviews, evenly over the years before, one in a hundred of them taken back."""
    dice = Random(0)
    with there.database.writing() as session:
        cards = session.scalars(select(MEMORIES.c.card_id).order_by(MEMORIES.c.card_id)).all()
        for number in range(each):
            session.execute(insert(REVIEWS), [_review(there.actor, card_id, number, each, dice) for card_id in cards])
        some = select(REVIEWS).where(REVIEWS.c.was == Kind.REVIEW, REVIEWS.c.card_id % 100 == 0)
        undone = [row for row in session.execute(some) if row.at.day % 2]
        session.execute(insert(REVIEWS), [_undo(row, dice) for row in undone])
        session.execute(update(MEMORIES).values(reviews=each))
        reviews.put_stages(session, there.actor.learner_id, cards)


def deck_of(drafts: Sequence[Draft], count: int) -> AnkiDeck:
    """Return a deck of that many notes, no two the same: questions, answers and quotes carry a number."""
    notes = [_numbered(drafts[number % len(drafts)], number) for number in range(count)]
    return AnkiDeck("Benchmark", notes, count)


def studied(notes: Iterable[AnkiNote]) -> Iterator[AnkiNote]:
    """Give the notes with what a learner has done with them: most were seen, and answered six times each."""
    for number, note in enumerate(notes):
        ordinal = 1 if note.note.kind is CardKind.CLOZE else 0
        yield replace(note, cards={ordinal: _progress(number)} if number % 100 >= NEW else {})


def _progress(number: int) -> CardProgress:
    """Return a card that was answered six times over the last months, each time at a moment of its own."""
    begun = NOW - (100 + number % 50) * DAY - number * timedelta(seconds=37)
    intervals = (timedelta(minutes=10), *(days * DAY for days in (2, 6, 17, 45, 110)))
    log, at, last = [], begun, begun
    for which, interval in enumerate(intervals):
        given = interval // timedelta(seconds=1)
        log.append(Logged(moment(at), int(Grade.GOOD), which > 1, given, (4 + number % 9) * 1000))
        last, at = at, at + interval
    due = (last + intervals[-1]).replace(hour=3, minute=0, second=0, microsecond=0)
    memory = Memory(
        phase=Phase.REVIEW,
        step=0,
        stability=80.0 + number % 50,
        difficulty=3.0 + number % 7,
        due=due,
        last_review=last,
        interval=intervals[-1],
        reviews=len(log),
        lapses=0,
    )
    return CardProgress(memory, log)


def _numbered(draft: Draft, number: int) -> AnkiNote:
    answer = f"{draft.answer} {number}" if draft.kind in {CardKind.BASIC, CardKind.CLOZE} else draft.answer
    draft = replace(
        draft,
        question=f"{draft.question} ({number})",
        answer=answer,
        # Where the quote says the answer, it still does.
        source=replace(draft.source, quote=f"{draft.source.quote.replace(draft.answer, answer)} {number}"),
    )
    return AnkiNote(f"guid-{number}", draft.as_note(), "Benchmark", NOW - DAY, "A document")


def _long(read: Sequence[Reading]) -> Reading:
    """Return a reading with as many drafts as a long document gives."""
    drafts = [
        replace(draft, question=f"{draft.question} ({n})") for n in range(BENCH_DRAFTS) for draft in read[0].drafts
    ]
    document = replace(read[0].document, title="Long", text=read[0].document.text + "\n")
    return replace(read[0], document=document, drafts=tuple(drafts[:BENCH_DRAFTS]))


def add(session: Session, actor: Actor, reading: Reading, *, keep_ready: bool) -> int:
    """Add a document to the library, and return its id."""
    added = library.add_document(
        session,
        actor,
        reading=reading,
        filename="sample.md",
        data=reading.document.text.encode(),
        deck_name=None,
        keep_ready=keep_ready,
        as_new=True,
        now=NOW,
    )
    return added.document_id


def multiply(session: Session, cards: int) -> None:
    """Copy notes, cards, plans and memories under ids of their own until there are so many cards."""
    copies = -(-cards // _count(session, CARDS)) - 1
    stride = max(session.execute(select(func.max(one.c.id))).scalar_one() for one in (NOTES, CARDS))
    first = select(literal(1).label("n")).cte("numbers", recursive=True)
    numbers = first.union_all(select(first.c.n + 1).where(first.c.n < copies))
    for table in (NOTES, WORDS, NOTE_TAGS, CARDS, PLANS, MEMORIES):
        values = {column.name: column for column in table.columns}
        for name in values.keys() & {"id", "note_id", "card_id"}:
            values[name] = values[name] + numbers.c.n * stride
        if table is NOTES:
            values["guid"] = values["guid"] + "-" + func.cast(numbers.c.n * stride, Text)
        copied = select(*values.values()).join_from(table, numbers, true())
        session.execute(insert(table).from_select(list(values), copied))
    plans.count_anew(session)


def _spread(session: Session, deck_ids: Sequence[int]) -> None:
    """Put the notes into the decks, in turn."""
    for number, deck_id in enumerate(deck_ids):
        session.execute(update(NOTES).where(NOTES.c.id % len(deck_ids) == number).values(deck_id=deck_id))
    plans.settle_decks(session, deck_ids)


def _study(session: Session, actor: Actor) -> None:
    """Let the learner remember most of the cards."""
    placed = session.execute(select(CARDS.c.id, NOTES.c.deck_id).join(NOTES, NOTES.c.id == CARDS.c.note_id)).all()
    spots = [(card_id, number // DECKS % 100) for number, (card_id, _) in enumerate(placed)]
    seen = [_memory(card_id, spot, actor) for card_id, spot in spots if spot >= NEW]
    session.execute(insert(MEMORIES), seen)
    plans.settle_decks(session, sorted({deck_id for _, deck_id in placed}))


def _memory(card_id: int, spot: int, actor: Actor) -> dict[str, object]:
    """Return a memory that is due in the last 30 days or the next 100, at the turn of a day."""
    days = -(card_id % 30) if spot < NEW + OVERDUE else spot + 1
    turn = NOW.replace(hour=3)
    due = turn + days * DAY
    last_review = min(due, turn) - (1 + card_id % 40) * DAY
    return {
        "card_id": card_id,
        "learner_id": actor.learner_id,
        "phase": Phase.REVIEW,
        "step": 0,
        "stability": 8.0 + card_id % 50,
        "difficulty": 3.0 + card_id % 5,
        "due": due,
        "last_review": last_review,
        "interval": due - last_review,
        "reviews": 4,
        "lapses": 0,
    }


def _review(actor: Actor, card_id: int, number: int, each: int, dice: Random) -> dict[str, object]:
    """Return the review of that number, the first of a new card and the last of this month."""
    at = NOW - (each - number - card_id % DAYS_BETWEEN / DAYS_BETWEEN) * DAYS_BETWEEN * DAY + dice.random() * DAY / 3
    return {
        "id": UUID(int=dice.getrandbits(128)),
        "learner_id": actor.learner_id,
        "card_id": card_id,
        "at": at,
        "day": at.date(),
        "grade": Grade.GOOD if dice.random() < 0.9 else Grade.AGAIN,
        "undoes": None,
        "was": Kind.REVIEW if number else Kind.NEW,
        "duration": timedelta(seconds=dice.randrange(2, 20)),
        "quarter": quarter(at),
        "interval": DAYS_BETWEEN * DAY if number > each // 3 else DAYS_BETWEEN * DAY / 2,
        "preset_version": 1,
        "origin": Origin.STUDY,
    }


def _undo(row: Row[Any], dice: Random) -> dict[str, object]:
    kept = {"learner_id": row.learner_id, "card_id": row.card_id, "at": row.at, "day": row.day, "origin": row.origin}
    kept["quarter"] = row.quarter
    return {**kept, "id": UUID(int=dice.getrandbits(128)), "undoes": row.id}


def _count(session: Session, table: Table) -> int:
    return session.execute(select(func.count()).select_from(table)).scalar_one()
