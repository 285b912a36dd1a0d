import json
from pathlib import Path

import pytest

from quizapp.config import beside
from quizapp.db.engine import Database
from quizapp.db.upgrade import upgrade
from quizapp.services import accounts
from tests import make
from tests.make import NOW


@pytest.fixture
def library(environment):
    """A library with a card about energy and one about proteins."""
    folder = Path(environment["QUIZAPP_DATA_DIR"])
    folder.mkdir()
    database = Database(f"sqlite:///{folder / 'recto.db'}")
    upgrade(database, scripts=beside("migrations"), now=NOW)
    with database.writing() as session:
        owner = accounts.local_owner(session, time_zone="UTC", now=NOW)
        for number, question in enumerate(("What makes *energy*?", "What builds proteins?")):
            make.note_in(session, owner, make.draft(number, question=question))
    database.close()


def test_search_lists_the_cards_that_are_found(library, run):
    listed = run("search", "deck:cells energy")
    (card,) = json.loads(run("search", "is:new energy", "--json").stdout)

    assert listed.stdout.decode() == "     1  Cells  What makes energy?\n"
    assert (card["id"], card["state"], card["recall"], card["tags"]) == (1, "new", None, ["cells"])


def test_a_search_that_cannot_be_understood_is_one_line(library, run):
    refused = run("search", "is:bored")

    assert (refused.returncode, refused.stdout) == (1, b"")
    assert refused.stderr.decode().startswith("quizapp: At character 4: there is no state “bored”.")
