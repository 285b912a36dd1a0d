"""People of a team on the site, in few words."""

from contextlib import contextmanager

from flask import Flask

from quizapp.db.engine import Database
from quizapp.domain.permissions import Actor, Role
from quizapp.services import accounts, teams
from tests.make import NOW
from tests.services.teaming import person
from tests.web.browsing import Browser


class Crew:
    """A team on a site, and the people in it; `as_one` says who sends the next requests."""

    def __init__(self, site: Flask, database: Database) -> None:
        self.site, self.database = site, database
        site.config["TEAMS"] = True
        with database.writing() as session:
            self.people: dict[str, Actor] = {"Mara": accounts.local_owner(session, time_zone="UTC", now=NOW)}
            self.team_id = teams.create(session, self.people["Mara"], "Harbour crew", now=NOW)
        self.browsers: dict[str, Browser] = {"Mara": Browser(site.test_client())}

    def add(self, name: str, role: Role | None = Role.MEMBER) -> "Crew":
        """Let somebody join in that role; with None they are a stranger."""
        with self.database.writing() as session:
            self.people[name] = person(session, name)
            if role is not None:
                teams.join(session, self.team_id, self.people[name].person_id, role, now=NOW)
        self.browsers[name] = Browser(self.site.test_client())
        return self

    @contextmanager
    def as_one(self, name: str):
        """Give the browser of a person, who is recognised while the block lasts."""
        before = self.site.extensions.get("owner")
        self.site.extensions["owner"] = self.people[name]
        try:
            yield self.browsers[name]
        finally:
            self.site.extensions["owner"] = before
