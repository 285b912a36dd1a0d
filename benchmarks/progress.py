"""The page of progress, against Anki's own graphs of as many cards and reviews.

Both read a file on disk. Ours is all that the page shows: recall, hours, decks, documents, speakers and tags, and what
replayed cards foretold. The peer's is what its window of statistics shows.
"""

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from anki.collection import AddNoteRequest, Collection
from anki.decks import DeckId
from sqlalchemy import select

from benchmarks.harness import Row, best, in_turns
from benchmarks.libraries import DAY, MEMORIES, NOW, REVIEWS, Library, made, reviewed
from quizapp.domain.scheduling import Grade
from quizapp.services import progress
from quizapp.services.progress import Span

CARDS, FULL_CARDS, EACH, FULL_EACH, ROUNDS = 2_000, 20_000, 20, 50, 3
SPANS = {"90 days": (Span.QUARTER, 90, 300.0), "all": (Span.ALL, 0, 1_500.0)}
EASE = {Grade.AGAIN: 1, Grade.HARD: 2, Grade.GOOD: 3, Grade.EASY: 4}
REVLOG = (
    "insert into revlog (id, cid, usn, ease, ivl, lastIvl, factor, time, type) values (?, ?, -1, ?, ?, 10, 0, ?, 1)"
)


def rows(folder: Path, *, full: bool) -> Sequence[Row]:
    """Measure the page for the last 90 days, then for all."""
    there = made(folder, cards=FULL_CARDS if full else CARDS)
    reviewed(there, each=FULL_EACH if full else EACH)
    collection, reviews = anki(there, folder)
    found = []
    for name, (span, days, most) in SPANS.items():
        graphs = partial(collection._backend.graphs, search="", days=days)  # noqa: SLF001 - nothing public gives them
        ours, theirs = in_turns(partial(look, there, span), graphs, rounds=ROUNDS)
        what = f"Progress, {reviews:,} reviews: {name}"
        found.append(Row(what, best(ours) * 1e3, "ms", best(theirs) * 1e3, "Anki's graphs", most=most))
    return found


def look(there: Library, span: Span) -> None:
    """Get what the page shows."""
    with there.database.reading() as session:
        progress.progress(session, there.actor, span, now=NOW)


def anki(there: Library, folder: Path) -> tuple[Collection, int]:
    """Return a collection with the cards that were seen and their reviews, as many days ago, and how many those are."""
    collection = Collection(str(folder / "collection.anki2"))
    with there.database.reading() as session:
        seen = session.scalars(select(MEMORIES.c.card_id).order_by(MEMORIES.c.card_id)).all()
        columns = (REVIEWS.c.card_id, REVIEWS.c.at, REVIEWS.c.grade, REVIEWS.c.interval, REVIEWS.c.duration)
        given = session.execute(select(*columns).where(REVIEWS.c.grade.is_not(None))).all()
    kind, requests = collection.models.by_name("Basic"), []
    for card_id in seen:
        note = collection.new_note(kind)
        note.fields = [f"What is card {card_id}?", "One of many."]
        requests.append(AddNoteRequest(note, DeckId(1)))
    collection.add_notes(requests)
    cards = dict(zip(seen, collection.db.list("select id from cards order by id"), strict=True))
    now, at = collection.sched.day_cutoff - 86_400, set[int]()
    log = []
    for card_id, when, grade, interval, duration in given:
        moment = int((now + (when - NOW).total_seconds()) * 1000)
        while moment in at:  # a review is known by its millisecond
            moment += 1
        at.add(moment)
        log.append((moment, cards[card_id], EASE[grade], interval // DAY, int(duration.total_seconds() * 1000)))
    collection.db.executemany(REVLOG, log)
    return collection, len(log)
