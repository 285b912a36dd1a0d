"""A large collection of the real Anki goes to Recto and back: `python -m tests.oracles.round_trip_large [notes] [answers]`.

Prints how long each way takes and every kind of difference, with examples. Ten thousand notes with a hundred thousand
answers take some minutes.
"""

# ruff: noqa: T201 - dice that are thrown alike each time, a query of our own, and a program that prints
import random
import sys
import tempfile
import time
from pathlib import Path

from anki.deck_config_pb2 import UpdateDeckConfigsRequest

from quizapp.clock import utcnow
from quizapp.config import beside, local_time_zone
from quizapp.db.engine import Database
from quizapp.db.upgrade import upgrade
from quizapp.services import accounts
from tests.ingest.building import drawing
from tests.oracles import round_trip
from tests.oracles.learner import Anki
from tests.oracles.test_anki_import import DAY, export, faults, take_in
from tests.oracles.test_anki_round_trip import COVERS, MP3, back_in_anki

WORDS = [
    "Lobster",
    "Größe",
    "数",
    "cell",
    "<b>wall</b>",
    "a&amp;b",
    "5&nbsp;%",
    "*star*",
    "_low_",
    "$5",
    "[x]",
    "i&lt;j",
    "<i>e</i>",
    "H<sub>2</sub>O",
    "–",
    "“q”",
    "#h",
    "1.",
    "-",
    "+",
    "\\(x^2\\)",
]
DECKS = ("Default", "A", "A::B", "A::B::C c", "Ω::“x” (y)", "1. - z", "a,b;c")
NOW = int(time.time() * 1000)
GRADES = (1, 2, 3, 3, 3, 3, 3, 3, 4)


def fill(collection, notes, dice):
    """Add notes of every stock type."""
    pictures = [collection.media.write_data(f"p {n}.png", drawing.png(60 + n, 50, n)) for n in range(40)]
    sounds = [collection.media.write_data(f"s{n}.mp3", MP3 + bytes([n])) for n in range(40)]

    def text():
        said = " ".join(dice.choices(WORDS, k=dice.randint(1, 12)))
        more = dice.random()
        if more < 0.1:
            said += f'<br><img src="{dice.choice(pictures)}">'
        elif more < 0.2:
            said += f" [sound:{dice.choice(sounds)}]"
        elif more < 0.3:
            said = f"<div>{said}</div><ul><li>{dice.choice(WORDS)}</li><li>two</li></ul>"
        return said

    for number in range(notes):
        kind = dice.choice(["Basic"] * 4 + ["Cloze"] * 2 + KINDS)
        note = collection.new_note(collection.models.by_name(kind))
        match kind:
            case "Cloze":
                fields = [
                    f"{number} {text()} {{{{c1::{dice.choice(WORDS)}}}}} and {{{{c2::gap {number}::hint}}}} {text()}",
                    text(),
                ]
            case "Image Occlusion":
                fields = [COVERS, f'<img src="{dice.choice(pictures)}">', f"{number}", text()]
            case "Basic (type in the answer)":
                fields = [f"{number} {text()}", dice.choice(WORDS)]
            case _:
                fields = [f"{number} {text()}", f"{text()} {number}", dice.choice(["", "y"])]
        note.fields = [*fields, *[""] * len(note.fields)][: len(note.fields)]
        note.tags = dice.sample(["a::b", "ü", "leech", "x-y", "1"], k=dice.randint(0, 2))
        collection.add_note(note, collection.decks.id(dice.choice(DECKS)))


KINDS = [
    "Basic (and reversed card)",
    "Basic (optional reversed card)",
    "Basic (type in the answer)",
    "Image Occlusion",
]


def study(collection, answers, dice):
    """Give cards a history in the log, and let Anki work out what is remembered."""
    ids = list(collection.find_cards(""))
    studied = dice.sample(ids, k=len(ids) * 4 // 5)
    rows, cards = [], []
    for number, card_id in enumerate(studied):
        history = list(_history(dice, max(1, round((answers - len(rows)) / (len(studied) - number)) - 2)))
        last, interval = history[-1][0], history[-1][2]
        rows += ((at, card_id, *rest) for at, *rest in history)
        cards.append((max(interval, 1), (last - NOW) // (DAY * 1000) + interval, len(history), card_id))
    rows = sorted(rows)
    unique = [(at + place, *rest) for place, (at, *rest) in enumerate(rows)]
    collection.db.executemany("insert into revlog values (?, ?, -1, ?, ?, ?, ?, ?, ?)", unique)
    today = collection.sched.today
    collection.db.executemany(
        f"update cards set type = 2, queue = 2, factor = 2500, ivl = ?, due = {today} + ?, reps = ? where id = ?", cards
    )
    ask = collection._backend  # noqa: SLF001 - as the window of its options does
    found = ask.get_deck_configs_for_update(1)
    wanted = UpdateDeckConfigsRequest(
        target_deck_id=1,
        configs=[one.config for one in found.all_config],
        limits=found.current_deck.limits,
        fsrs=True,
    )
    ask.update_deck_configs_raw(wanted.SerializeToString())
    collection.sched.suspend_cards(dice.sample(ids, k=len(ids) // 50))
    collection.set_user_flag_for_cards(4, dice.sample(ids, k=len(ids) // 50))


def _history(dice, reviews):
    """Give lines of a log: time, button, interval, the one before, factor, milliseconds, kind."""
    interval, gaps = dice.randint(1, 8), []
    for _ in range(reviews):
        gaps.append((interval + dice.choice([0, 0, 0, 1, 4]), dice.choice(GRADES)))
        interval = max(1, round(interval * dice.uniform(1.1, 2.2))) if gaps[-1][1] > 1 else 1
    at = NOW - (sum(days for days, _ in gaps) + dice.randint(0, 9)) * DAY * 1000 - dice.randint(10**6, 10**7)
    first = gaps[0][0] if gaps else 3
    yield at, 3, -600, 0, 0, 5_000, 0
    yield at + 650_000, 3, first, -600, 0, 4_000, 0
    before = first
    for place, (days, grade) in enumerate(gaps):
        at += days * DAY * 1000
        after = gaps[place + 1][0] if place + 1 < len(gaps) else max(1, days * 2 if grade > 1 else 1)
        yield at, grade, -600 if grade == 1 else after, before, 500, 6_000, 1
        if grade == 1:
            yield at + 700_000, 3, after, -600, 0, 3_000, 2
        before = after


def main(notes=10_000, answers=100_000):
    dice, folder = random.Random(7), Path(tempfile.mkdtemp())
    (folder / "one").mkdir()
    (folder / "two").mkdir()
    anki = Anki(folder / "one")
    lap = _lap()
    fill(anki.collection, notes, dice)
    lap("made by Anki")
    study(anki.collection, answers, dice)
    lap("answered in Anki")
    path = export(anki)
    lap("exported by Anki")
    database = Database(f"sqlite:///{folder / 'recto.db'}")
    upgrade(database, scripts=beside("migrations"), now=utcnow())
    with database.writing() as session:
        owner = accounts.local_owner(session, time_zone=local_time_zone(), now=utcnow())
    report = take_in(database, owner, path)
    lap(f"taken in here: {report.added:,} notes, {report.reviews:,} answers, left out {report.skipped_count}")
    print(*report.adapted, *(one.message for one in report.skipped[:5]), sep="\n")
    print("faults:", faults(database))
    lap("checked")
    other = back_in_anki(database, owner, folder / "two")
    lap("exported here and imported by Anki")
    before, after = round_trip.cards(anki.collection), round_trip.cards(other.collection)
    print(f"{len(before):,} cards, {sum(len(one['log']) for one in before.values()):,} answers")
    different = list(round_trip.differences(before, after))
    print(f"{len(different):,} differences:", dict(round_trip.tally(different)))
    print(*different[:20], sep="\n")


def _lap():
    last = time.perf_counter()

    def lap(what):
        nonlocal last
        now = time.perf_counter()
        print(f"{now - last:8.1f} s  {what}", flush=True)
        last = now

    return lap


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
