"""People of a team on the site, in few words."""

from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask

from quizapp.clock import utcnow
from quizapp.db.engine import Database
from quizapp.domain.permissions import Actor, Role
from quizapp.services import sign_ins, teams
from tests.make import NOW
from tests.recalled import lately
from tests.services import people
from tests.web.browsing import Browser

COOKIE = "recto_person_80"


class Crew:
    """A team on a site, and the people in it, each signed in; `as_one` says who sends the next requests."""

    def __init__(self, site: Flask, database: Database) -> None:
        self.site, self.database = site, database
        self.people: dict[str, Actor] = {}
        self.browsers: dict[str, Browser] = {}
        with database.writing() as session:
            self.people["Mara"] = people.first(session, name="Mara", email="mara@example.org", now=lately())
            self.team_id = teams.create(session, self.people["Mara"], "Harbour crew", now=NOW)
        self._sign_in("Mara")

    def add(self, name: str, role: Role | None = Role.MEMBER) -> "Crew":
        """Let somebody join in that role; with None they are a stranger."""
        with self.database.writing() as session:
            email = f"{name.lower()}@example.org"
            self.people[name] = people.another(session, self.people["Mara"], name=name, email=email, now=lately())
            if role is not None:
                teams.join(session, self.team_id, self.people[name].person_id, role, now=NOW)
        self._sign_in(name)
        return self

    @contextmanager
    def as_one(self, name: str) -> Iterator[Browser]:
        """Give the browser of a person."""
        yield self.browsers[name]

    def _sign_in(self, name: str) -> None:
        with self.database.writing() as session:
            token = sign_ins.sign_in(session, self.people[name].person_id, now=utcnow())
        self.browsers[name] = Browser(self.site.test_client())
        self.browsers[name].client.set_cookie(COOKIE, token)
