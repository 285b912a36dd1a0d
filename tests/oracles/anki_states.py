"""Ask the real Anki about schedules, in a process of its own: JSON in, JSON out.

A process of its own since `ANKI_TEST_MODE`, which switches Anki's random fuzz off, is read once
per process, and since the time zone has to be known. Anki takes the present from the
clock, so time passes by moving a card's last review and its log into the past.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

REVIEW_QUEUE, DAY_LEARN_QUEUE = 2, 3


@dataclass(frozen=True)
class History:
    """Grades given to one card under one deck configuration; each after waiting so many seconds."""

    config: dict[str, Any]
    grades: list[tuple[int, int]]


@dataclass(frozen=True)
class Queue:
    """Cards waiting in one deck: reviews due and new cards, the daily limits, and what was done today."""

    reviews: int
    new: int
    new_limit: int
    review_limit: int
    new_done: int = 0
    reviews_done: int = 0


@dataclass(frozen=True)
class Log:
    """A finished history as Anki's review log keeps it: (seconds before now, grade, kind of review)."""

    config: dict[str, Any]
    rows: list[tuple[int, int, int]]


def ask(*, histories: Sequence[History] = (), logs: Sequence[Log] = (), queues: Sequence[Queue] = ()) -> dict[str, Any]:
    """Return Anki's four outcomes along the histories, the memories of the logs, the order of the queues."""
    question = {
        "histories": [asdict(history) for history in histories],
        "logs": [asdict(log) for log in logs],
        "queues": [asdict(queue) for queue in queues],
    }
    done = subprocess.run(
        [sys.executable, __file__],
        input=json.dumps(question),
        capture_output=True,
        text=True,
        env={**os.environ, "ANKI_TEST_MODE": "1", "TZ": time_zone()},
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def time_zone() -> str:
    """Return where Anki runs: not where it is 2 or 3 at night, when its test mode lives two hours earlier."""
    return "Etc/GMT-6" if datetime.now(UTC).hour in {1, 2, 3} else "UTC"


def main() -> None:
    question = json.load(sys.stdin)
    with tempfile.TemporaryDirectory() as folder, opened(Path(folder) / "collection.anki2") as collection:
        turn_hour = (
            datetime.now(ZoneInfo(os.environ["TZ"])).hour + 12
        ) % 24  # half a day away, so that it never turns during a run
        collection.set_config("rollover", turn_hour)
        answer = {
            "time_zone": os.environ["TZ"],
            "turn_hour": turn_hour,
            "histories": [play(collection, **history) for history in question["histories"]],
            "logs": [remembered(collection, **log) for log in question["logs"]],
            "queues": [queued(Path(folder) / f"{n}.anki2", **queue) for n, queue in enumerate(question["queues"])],
        }
    json.dump(answer, sys.stdout)


@contextmanager
def opened(path: Path) -> Iterator[Any]:
    from anki.collection import Collection  # noqa: PLC0415 - only in this process

    collection = Collection(str(path))
    collection.set_config("fsrs", True)
    yield collection
    collection.close()


def new_card(collection: Any, config: dict[str, Any]) -> int:
    configure(collection, config)
    note = collection.new_note(collection.models.by_name("Basic"))
    note["Front"] = "question"
    collection.add_note(note, 1)
    return note.cards()[0].id


def configure(collection: Any, config: dict[str, Any]) -> None:
    stored = collection.decks.get_config(1)
    for group, values in config.items():
        if isinstance(values, dict):
            stored[group].update(values)
        else:
            stored[group] = values
    collection.decks.update_config(stored)


def play(collection: Any, config: dict[str, Any], grades: list[tuple[int, int]]) -> list[dict[str, Any]]:
    card = new_card(collection, config)
    points = []
    for wait, grade in grades:
        age(collection, card, wait)
        now = time.time()
        states = collection._backend.get_scheduling_states(card)  # noqa: SLF001 - nothing public gives all four
        answer(collection, card, grade, states, now)
        points.append(
            {
                "now": int(now),
                "current": plain(states.current.normal),
                "outcomes": [plain(getattr(states, name).normal) for name in ("again", "hard", "good", "easy")],
                "due": due(collection, card),
            }
        )
    return points


def age(collection: Any, card: int, seconds: int) -> None:
    """Move the card's last review and its log so far into the past."""
    data = json.loads(collection.db.scalar("select data from cards where id = ?", card) or "{}")
    if "lrt" in data:
        data["lrt"] -= seconds
    collection.db.execute("update cards set data = ? where id = ?", json.dumps(data), card)
    rows = collection.db.list("select id from revlog where cid = ? order by id", card)
    for row in rows if seconds >= 0 else reversed(rows):
        collection.db.execute("update revlog set id = ? where id = ?", row - seconds * 1000, row)


def answer(collection: Any, card: int, grade: int, states: Any, now: float) -> None:
    from anki.scheduler.v3 import CardAnswer  # noqa: PLC0415 - only in this process

    given = (states.again, states.hard, states.good, states.easy)[grade - 1]
    collection.sched.answer_card(
        CardAnswer(
            card_id=card,
            current_state=states.current,
            new_state=given,
            rating=grade - 1,
            answered_at_millis=int(now * 1000),
            milliseconds_taken=1000,
        )
    )


def due(collection: Any, card: int) -> dict[str, int]:
    """Return when the card is due: in how many days, or at which second."""
    queue, when = collection.db.first("select queue, due from cards where id = ?", card)
    if queue in (REVIEW_QUEUE, DAY_LEARN_QUEUE):
        return {"days": when - collection.sched.today}
    return {"at": when}


def plain(state: Any) -> dict[str, Any]:
    kind = state.WhichOneof("kind")
    value = getattr(state, kind)
    steps = value.learning if kind == "relearning" else value
    memory = steps.memory_state if kind != "new" else None
    return {
        "phase": kind,
        "remaining": getattr(steps, "remaining_steps", 0),
        "seconds": getattr(steps, "scheduled_secs", None),
        "days": getattr(value, "scheduled_days", None),
        "stability": memory.stability if memory else None,
        "difficulty": memory.difficulty if memory else None,
        "lapses": getattr(value.review if kind == "relearning" else value, "lapses", 0),
    }


def remembered(collection: Any, config: dict[str, Any], rows: list[tuple[int, int, int]]) -> dict[str, float]:
    """Return the memory state that Anki works out of a review log alone."""
    card = new_card(collection, config)
    now = int(time.time())
    for seconds_ago, grade, kind in rows:
        collection.db.execute(
            "insert into revlog (id, cid, usn, ease, ivl, lastIvl, factor, time, type)"
            " values (?, ?, -1, ?, 1, 1, 2500, 1, ?)",
            *((now - seconds_ago) * 1000 + card % 1000, card, grade, kind),
        )
    collection.db.execute("update cards set type = 2, queue = 2, ivl = 1, due = 1 where id = ?", card)
    state = collection.compute_memory_state(card)
    return {"now": now, "stability": state.stability, "difficulty": state.difficulty}


def queued(
    path: Path, reviews: int, new: int, new_limit: int, review_limit: int, new_done: int, reviews_done: int
) -> dict[str, Any]:
    """Return the order in which Anki shows the cards, R and N, and its counts of both."""
    config = {"new": {"perDay": new_limit}, "rev": {"perDay": review_limit}}
    memory = json.dumps({"s": 1.0, "d": 5.0, "dr": 0.9, "decay": 0.1542, "lrt": int(time.time()) - 86_400})
    with opened(path) as collection:
        cards = [new_card(collection, config) for _ in range(reviews + new)]
        for card in cards[:reviews]:
            collection.db.execute(
                "update cards set type = 2, queue = 2, due = ?, ivl = 1, data = ? where id = ?",
                *(collection.sched.today, memory, card),
            )
        collection.sched.update_stats(1, new_delta=new_done, review_delta=reviews_done)
        queue = collection.sched.get_queued_cards(fetch_limit=1_000)
    return {
        "order": "".join("R" if shown.queue == queue.REVIEW else "N" for shown in queue.cards),
        "review": queue.review_count,
        "new": queue.new_count,
    }


if __name__ == "__main__":
    main()
