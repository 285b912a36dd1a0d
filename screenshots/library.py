"""A library that has been studied for some weeks, and a team that has: the samples of the demo."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

from quizapp.cli.demo import put, samples
from quizapp.config import Settings, beside
from quizapp.db.engine import Database
from quizapp.db.quizzes import MadeFrom
from quizapp.db.upgrade import upgrade
from quizapp.services import accounts, decks, quizzes, sittings
from quizapp.services.quizzes import Wish
from quizapp.services.reading import draft_cards_of_all
from screenshots import crew
from screenshots.studying import Habits, study_for

WEEKS = 8
ZONE = "Europe/Berlin"


@contextmanager
def studied(folder: Path, *, now: datetime) -> Iterator[tuple[Database, Mapping[str, str]]]:
    """Give a library in the folder whose learner began some weeks ago, and what stands for ids in addresses."""
    settings = Settings.in_folder(folder)
    database = Database(settings.database_url, settings.data_dir)
    documents = samples()
    readings = draft_cards_of_all([(path.read_bytes(), path.name) for path in documents])
    then, dice = now - timedelta(weeks=WEEKS), Random(5)
    try:
        upgrade(database, scripts=beside("migrations"), now=now)
        with database.writing() as session:
            actor = accounts.local_owner(session, time_zone=ZONE, now=then)
            put(session, actor, documents, readings, now=then)
            study_for(session, actor, Habits(), dice, weeks=WEEKS, now=now)
            decks.delete(session, actor, decks.create(session, actor, "Conferences", now=now), now=now)
            wish = Wish(MadeFrom.DECK, decks.decks(session, actor, now=now)[0].id)
            quiz = quizzes.make(session, actor, quizzes.prepare(session, actor, wish, seed=2, now=now), now=now)
            sat = sittings.start(session, actor, quiz, seed=2, now=now)
            crew.answer(session, actor, sat, dice, 0.8, now=now)
            sittings.finish(session, actor, sat, now=now)
            begun = sittings.start(session, actor, quiz, seed=3, now=now)
        yield database, {"quiz": str(quiz), "sat": str(sat), "begun": str(begun)}
    finally:
        database.close()
