"""A library that a fault may have hurt: what is in it, and whether all of it agrees."""

import sqlite3
from collections import defaultdict
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from quizapp.db import card_actions, plans, reviews
from quizapp.db.engine import Database
from quizapp.domain.scheduling import replay
from quizapp.services import accounts
from quizapp.services.settings import study_plan
from tests.make import NOW


@dataclass(frozen=True)
class Library:
    """A data folder with a library, looked at from outside the program that serves it."""

    folder: Path

    @property
    def path(self) -> Path:
        return self.folder / "recto.db"

    def column(self, query: str) -> list:
        with closing(sqlite3.connect(self.path, timeout=30)) as connection:
            return [value for (value,) in connection.execute(query)]

    def alter(self, statement: str) -> None:
        with closing(sqlite3.connect(self.path, timeout=30)) as connection, connection:
            connection.execute(statement)

    def cards(self) -> list[int]:
        return self.column("select id from card order by id")

    def reviews(self) -> list[UUID]:
        """Return the ids of all grades, as often as they are there, in order."""
        return sorted(UUID(found) for found in self.column("select id from review where grade is not null"))

    def is_reading(self) -> bool:
        """Say whether a worker has begun to read a document."""
        return self.column("select count(*) from job where status = 'RUNNING' and doing != ''") == [1]

    def is_idle(self) -> bool:
        """Say whether every job is over."""
        return self.column("select count(*) from job where available is not null") == [0]

    def titled(self, title: str) -> int:
        """Return how many documents have that title."""
        return self.column("select title from document").count(title)

    def dump(self) -> list[str]:
        with closing(sqlite3.connect(self.path)) as connection:
            return list(connection.iterdump())

    def problems(self) -> list[str]:
        """Return what is wrong: with the file, with a reference, or with a memory that is no replay of its reviews."""
        found = [line for line in self.column("pragma integrity_check") if line != "ok"]
        found += [
            f"broken reference in {table}" for table in self.column('select "table" from pragma_foreign_key_check')
        ]
        database = Database(f"sqlite:///{self.path}")
        try:
            with database.reading() as session:
                owner = accounts.local_owner(session, time_zone="UTC", now=NOW)
                how = study_plan(session, owner)
                cards, said = self.cards(), defaultdict(list)
                for row in card_actions.overrides_between(session, min(cards), max(cards)) if cards else ():
                    if row.learner_id == owner.learner_id:
                        said[row.card_id].append(card_actions.as_event(row))
                for card_id in cards:
                    place = plans.place(session, card_id=card_id, learner_id=owner.learner_id)
                    answers = reviews.events(session, card_id=card_id, learner_id=owner.learner_id)
                    memory = replay([*answers, *said[card_id]], how.days, how.preset)
                    if place.memory != memory:
                        found.append(f"card {card_id}: {place.memory} is not the replay {memory}")
                    if place.queue is not plans.queue_of(memory):
                        found.append(f"card {card_id} waits in {place.queue}")
        finally:
            database.close()
        late = "select card_id from plan left join memory using (card_id, learner_id) where plan.due is not memory.due"
        return found + [f"card {card_id} is planned for another time" for card_id in self.column(late)]
