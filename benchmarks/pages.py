"""What a page takes on the server with 10,000 cards, against a Flask "hello" in the same process; and its bytes.

Both are asked with Flask's own test client, which adds the same to both, as a browser that takes
compressed answers would ask. The first load is Today with everything that it names, as sent.
"""

import re
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient

from benchmarks.harness import Row, in_turns, p95
from benchmarks.libraries import BENCH_DRAFTS, NOW, Library, made
from quizapp.config import Settings
from quizapp.services import decks
from quizapp.web import create_app
from quizapp.wsgi import settle

CARDS, ROUNDS, TIMES = 10_000, 60, 20.0
FIRST_LOAD_KB = 150.0
HEADERS = {"Accept-Encoding": "gzip"}
NAMED = re.compile(r'(?:src|href)="(/static/[^"]+)"')


def rows(folder: Path, *, full: bool) -> Sequence[Row]:
    """Measure the pages in turns with the hello, then the bytes of the first load."""
    there = made(folder, cards=CARDS)
    settings = Settings.in_folder(folder, database_url=f"sqlite:///{there.database.path}")
    client = create_app(settings, there.database, time_zone="Europe/Berlin").test_client()
    settle()
    shown = {
        "Today": "/",
        "Study": "/study",
        "A deck": f"/decks/{_fullest_deck(there)}",
        f"A bench with {BENCH_DRAFTS} drafts": f"/drafts/{there.bench_document_id}",
    }
    rounds = 5 * ROUNDS if full else ROUNDS
    measured = [_row(name, client, path, rounds) for name, path in shown.items()]
    return [*measured, Row("First load of the site, compressed", first_load(client) / 1e3, "KB", most=FIRST_LOAD_KB)]


def get(client: FlaskClient, path: str) -> bytes:
    """Return a page as it is sent."""
    answer = client.get(path, headers=HEADERS)
    assert answer.status_code == 200, f"{path}: {answer.status}"
    return answer.data


def first_load(client: FlaskClient) -> int:
    """Return the bytes of Today and of what it names; fonts that it does not preload come later, or never."""
    page = client.get("/").text
    return sum(len(get(client, path.replace("&amp;", "&"))) for path in {"/", *NAMED.findall(page)})


def _row(name: str, client: FlaskClient, path: str, rounds: int) -> Row:
    acts = partial(get, client, path), partial(get, hello(), "/")
    in_turns(*acts, rounds=3)  # templates are compiled once
    ours, theirs = in_turns(*acts, rounds=rounds)
    return Row(f"{name}: p95", p95(ours) * 1e3, "ms", p95(theirs) * 1e3, "a Flask hello", TIMES)


def hello() -> FlaskClient:
    """Return the client of an app that says hello and nothing else."""
    app = Flask("hello")
    app.add_url_rule("/", view_func=lambda: "Hello!")
    return app.test_client()


def _fullest_deck(there: Library) -> int:
    with there.database.reading() as session:
        return max(decks.decks(session, there.actor, now=NOW), key=lambda deck: deck.cards).id
