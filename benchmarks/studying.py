"""Answering a card and getting the next one, against Anki's own backend, then with a hundred times the cards.

Both have 10,000 cards in a file on disk, the same share of them due. Ours answers in one session
and reads in another, as a page does; what is read holds all that the page shows. The peer takes the
next card and its four outcomes from its queue, which it keeps in memory, reads the note, and answers.
"""

import json
import time
from collections.abc import Callable, Sequence
from datetime import timedelta
from functools import partial
from pathlib import Path
from uuid import uuid4

from anki.collection import AddNoteRequest, Collection
from anki.decks import DeckId
from anki.scheduler.v3 import CardAnswer

from benchmarks.harness import Row, best, in_turns, middle
from benchmarks.libraries import DAY, NEW, NOW, OVERDUE, UNLIMITED, Library, grown, made
from quizapp.db import orders, study_queues
from quizapp.db.orders import Among
from quizapp.db.study_queues import Scope
from quizapp.domain.options import ReviewOrder
from quizapp.domain.scheduling import Grade
from quizapp.services import decks, study

CARDS, TIMES = 10_000, 100
ANSWERS = 300


def rows(folder: Path, *, full: bool) -> Sequence[Row]:
    """Measure answers against Anki, then everything that could grow with the library against a hundredth of it."""
    answers = 5 * ANSWERS if full else ANSWERS
    small = made(folder, cards=CARDS)
    large = grown(small, folder, times=TIMES)  # before any answer: a copied one would be a hundred on one day
    ours, theirs = in_turns(partial(answer_and_next, small), partial(anki_step, anki(folder)), rounds=answers)
    against_anki = Row(
        "Answer and next card, 10,000 cards", middle(ours) * 1e3, "ms", middle(theirs) * 1e3, "Anki's backend", 1.0
    )
    return [
        against_anki,
        _growth("Answer and next card, 1 million cards", answer_and_next, large, small, rounds=answers, most_times=1.5),
        _growth("First card that is due, 1 million cards", first_due, large, small, rounds=answers),
        _growth("Counts of what is due, 1 million cards", counts, large, small, rounds=answers),
        _growth("Today page, 1 million cards", today, large, small, rounds=10),
        _growth("List of decks, 1 million cards", list_decks, large, small, rounds=10),
    ]


def answer_and_next(there: Library) -> None:
    """Grade the next card and get the one after it."""
    card_id, reviews = _NEXT.get(there.database.path) or _next(there)
    with there.database.writing() as session:
        study.answer(
            session,
            there.actor,
            review_id=uuid4(),
            card_id=card_id,
            grade=Grade.GOOD,
            duration=timedelta(seconds=5),
            expected_reviews=reviews,
            now=NOW,
        )
    _NEXT[there.database.path] = _next(there)


def first_due(there: Library) -> None:
    """Find the first review."""
    with there.database.reading() as session:
        scope = Scope(there.actor.learner_id)
        orders.first_review(session, Among(scope, scope, NOW, NOW.date(), NOW - DAY / 2), ReviewOrder.DUE)


def counts(there: Library) -> None:
    """Count what waits."""
    with there.database.reading() as session:
        study_queues.waiting(session, Scope(there.actor.learner_id), NOW)


def today(there: Library) -> None:
    """Get everything for the first page."""
    with there.database.reading() as session:
        study.today(session, there.actor, now=NOW)


def list_decks(there: Library) -> None:
    """Get the decks with their counts."""
    with there.database.reading() as session:
        decks.decks(session, there.actor, now=NOW)


def anki(folder: Path) -> Collection:
    """Return a collection with as many cards, seen and due as ours are."""
    collection = Collection(str(folder / "collection.anki2"))
    collection.set_config("fsrs", val=True)
    config = collection.decks.get_config(1)
    config["new"]["perDay"] = config["rev"]["perDay"] = UNLIMITED
    collection.decks.update_config(config)
    kind = collection.models.by_name("Basic")
    requests = []
    for number in range(CARDS):
        note = collection.new_note(kind)
        note.fields = [f"What is said in passage {number}?", f"That a cell is like a town, for the {number}th time."]
        requests.append(AddNoteRequest(note, DeckId(1)))
    collection.add_notes(requests)
    remembered = json.dumps({"s": 20.0, "d": 5.0, "dr": 0.9, "decay": 0.1542, "lrt": int(time.time()) - 20 * 86_400})
    for number, card in enumerate(collection.db.list("select id from cards order by id")):
        if number % 100 >= NEW:
            days = -(number % 30) if number % 100 < NEW + OVERDUE else number % 100 + 1
            collection.db.execute(
                "update cards set type = 2, queue = 2, reps = 4, ivl = 20, due = ?, data = ? where id = ?",
                *(collection.sched.today + days, remembered, card),
            )
    return collection


def anki_step(collection: Collection) -> None:
    """Take the next card with its note and grade it."""
    shown = collection.sched.get_queued_cards(fetch_limit=1).cards[0]
    collection.get_note(shown.card.note_id)
    collection.sched.answer_card(
        CardAnswer(
            card_id=shown.card.id,
            current_state=shown.states.current,
            new_state=shown.states.good,
            rating=CardAnswer.GOOD,
            answered_at_millis=int(time.time() * 1000),
            milliseconds_taken=5_000,
        )
    )


_NEXT: dict[Path, tuple[int, int]] = {}


def _next(there: Library) -> tuple[int, int]:
    with there.database.reading() as session:
        card = study.next_card(session, there.actor, deck_id=None, now=NOW)
    assert card is not None, "the library has too few cards for so many rounds"
    return card.card_id, card.reviews


def _growth(
    what: str,
    act: Callable[[Library], None],
    large: Library,
    small: Library,
    *,
    rounds: int,
    most_times: float | None = None,
) -> Row:
    """Compare doing something in both libraries."""
    much, little = in_turns(partial(act, large), partial(act, small), rounds=rounds)
    typical = middle if rounds >= ANSWERS else best
    return Row(what, typical(much) * 1e3, "ms", typical(little) * 1e3, "the same with 10,000", most_times)
