"""Searches for cards, against Anki's own backend on as many cards with the same texts, decks and schedules.

Ours and the peer both return the ids of all cards that are found. What a page of the browser takes besides
(count, one page sorted by its question) is measured beside the peer's search for the same.
"""

import json
import time
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from anki.collection import AddNoteRequest, Collection
from anki.decks import DeckId
from sqlalchemy import select

from benchmarks.harness import Row, in_turns, middle
from benchmarks.libraries import CARDS, MEMORIES, NOTES, NOW, Library, made
from quizapp.db.browsing import SortedBy
from quizapp.services import browsing

COUNT, FULL_COUNT, ROUNDS = 10_000, 100_000, 5
SEARCHES = {
    "a word": "incident",
    "two words without a third": "incident review -owner",
    "a deck and a word": 'deck:"Deck 3" the',
    "stability": "prop:s>30",
    "new or of a deck": '(is:new or deck:"Deck 5")',
}


def rows(folder: Path, *, full: bool) -> Sequence[Row]:
    """Measure each search, then a page of the browser."""
    cards = FULL_COUNT if full else COUNT
    there = made(folder, cards=cards)
    collection = anki(there, folder)
    found = []
    for name, asked in SEARCHES.items():
        ours, theirs = in_turns(partial(search, there, asked), partial(collection.find_cards, asked), rounds=ROUNDS)
        what = f"Search of {cards:,} cards: {name}"
        found.append(Row(what, middle(ours) * 1e3, "ms", middle(theirs) * 1e3, "Anki's backend", 2.0))
    by_question = partial(collection.find_cards, "incident", order="n.sfld asc")
    ours, theirs = in_turns(partial(page, there), by_question, rounds=ROUNDS)
    what = f"A page of {cards:,} cards, sorted"
    return [*found, Row(what, middle(ours) * 1e3, "ms", middle(theirs) * 1e3, "Anki's backend, ids alone", 3.0)]


def search(there: Library, asked: str) -> None:
    """Find the ids of the cards."""
    with there.database.reading() as session:
        browsing.matching(session, there.actor, asked, now=NOW)


def page(there: Library) -> None:
    """Get what the browser shows of a search."""
    with there.database.reading() as session:
        browsing.browse(session, there.actor, "incident", order=SortedBy.QUESTION, is_reversed=False, now=NOW)


def anki(there: Library, folder: Path) -> Collection:
    """Return a collection with the cards of the library."""
    collection = Collection(str(folder / "collection.anki2"))
    collection.set_config("fsrs", val=True)
    kind = collection.models.by_name("Basic")
    columns = (NOTES.c.question, NOTES.c.answer, NOTES.c.deck_id, MEMORIES.c.stability)
    joined = CARDS.join(NOTES, NOTES.c.id == CARDS.c.note_id).outerjoin(MEMORIES, MEMORIES.c.card_id == CARDS.c.id)
    with there.database.reading() as session:
        ours = session.execute(select(*columns).select_from(joined).order_by(CARDS.c.id)).all()
        names = dict(browsing.names(session, there.actor).decks)
    decks = {deck_id: DeckId(collection.decks.id(name)) for deck_id, name in names.items()}
    requests = []
    for question, answer, deck_id, _ in ours:
        note = collection.new_note(kind)
        note.fields = [question, answer]
        requests.append(AddNoteRequest(note, decks[deck_id]))
    collection.add_notes(requests)
    _remember(collection, [stability for *_, stability in ours])
    return collection


def _remember(collection: Collection, stabilities: Sequence[float | None]) -> None:
    reviewed = int(time.time()) - 20 * 86_400
    cards = collection.db.list("select id from cards order by id")
    seen = [
        (
            collection.sched.today + 1,
            json.dumps({"s": stability, "d": 5.0, "dr": 0.9, "decay": 0.1542, "lrt": reviewed}),
            card,
        )
        for card, stability in zip(cards, stabilities, strict=True)
        if stability is not None
    ]
    collection.db.executemany(
        "update cards set type = 2, queue = 2, reps = 4, ivl = 20, due = ?, data = ? where id = ?", seen
    )
