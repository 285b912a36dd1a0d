"""A library that has been studied for some weeks: the samples of the demo, and a learner who skips days and forgets."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from uuid import UUID

from quizapp.cli.demo import put, samples
from quizapp.config import Settings, beside
from quizapp.db import learners
from quizapp.db.engine import Database, Session
from quizapp.db.upgrade import upgrade
from quizapp.domain.permissions import Actor, Role
from quizapp.domain.scheduling import Grade
from quizapp.services import accounts, decks, study, teams
from quizapp.services.reading import draft_cards_of_all

WEEKS = 8
CARDS_A_DAY = 25
SKIPPED = 0.15  # of the days
KNOWN = 0.88  # of the answers
ZONE = "Europe/Berlin"
CREW = {"Li Wen": Role.TRAINER, "Amina Diallo": Role.MEMBER, "Jonas Weber": Role.MEMBER}


@contextmanager
def studied(folder: Path, *, now: datetime) -> Iterator[Database]:
    """Give a library in the folder whose learner began some weeks ago."""
    settings = Settings.in_folder(folder)
    database = Database(settings.database_url, settings.data_dir)
    try:
        upgrade(database, scripts=beside("migrations"), now=now)
        _fill(database, now - timedelta(weeks=WEEKS))
        _study(database, now)
        yield database
    finally:
        database.close()


def _fill(database: Database, then: datetime) -> None:
    documents = samples()
    readings = draft_cards_of_all([(path.read_bytes(), path.name) for path in documents])
    with database.writing() as session:
        actor = accounts.local_owner(session, time_zone=ZONE, now=then)
        put(session, actor, documents, readings, now=then)
        team_id = teams.create(session, actor, "Platform team", now=then)
        for name, role in CREW.items():
            person = learners.add(session, name=name, time_zone=ZONE, now=then)
            teams.join(session, team_id, person, role, now=then)


def _study(database: Database, now: datetime) -> None:
    dice = Random(5)
    for days in range(7 * WEEKS, 0, -1):
        if dice.random() > SKIPPED:
            with database.writing() as session:
                actor = accounts.local_owner(session, time_zone=ZONE, now=now)
                _study_once(
                    session, actor, dice, now - timedelta(days=days) + timedelta(minutes=dice.randint(-200, 200))
                )
    with database.writing() as session:
        actor = accounts.local_owner(session, time_zone=ZONE, now=now)
        deck = decks.create(session, actor, "Conferences", now=now)
        decks.delete(session, actor, deck, now=now)


def _study_once(session: Session, actor: Actor, dice: Random, at: datetime) -> None:
    for _ in range(CARDS_A_DAY):
        if (card := study.next_card(session, actor, deck_id=None, now=at)) is None:
            return
        grades = (Grade.GOOD,) * 8 + (Grade.HARD, Grade.EASY)
        grade = dice.choice(grades) if dice.random() < KNOWN else Grade.AGAIN
        seconds = timedelta(seconds=dice.randint(3, 15))
        review = UUID(int=dice.getrandbits(128), version=4)
        study.answer(session, actor, review_id=review, card_id=card.card_id, grade=grade, duration=seconds, now=at)
        at += 2 * seconds
