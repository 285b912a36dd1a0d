"""Whatever stands in a form or an address, the answer is a page, never a fault of ours.

Which fields a view reads is learned from a request with good ones; then each of them in turn holds what nobody types.
"""

import pytest
from flask import Request
from werkzeug.datastructures import ImmutableMultiDict

from quizapp import api
from quizapp.config import Settings
from quizapp.domain.options import Options
from quizapp.services import assignments
from quizapp.web import create_app
from quizapp.web.options import written
from tests.services.teaming import at_home
from tests.web.test_permissions import MEMBER, NAMED, OF_OPTIONS, OWNER_IN, PLACE, World, allowed, fields, rules

# No text, no letters, no number of a row, no number at all, no share, days at which calendars end, no end of nesting.
BAD = (
    *("\x00", b"\xff\xed\xa0\x80", str(2**63), "9" * 5_000, "1e400"),
    *("0001-01-01", "9999-12-31T23:59", "[" * 3_000),
)
BAD_PLACES = (str(2**63), "a%00b")
PARTIAL = {"HX-Request": "true"}  # whose answers are short
LEAVES = {"signing_in.leave"}  # after which nobody is signed in
PARTS = 4  # that several processes can share


class Noted(ImmutableMultiDict[str, str]):
    """Fields that tell which of them a view asks for."""

    asked: set[str] = set()  # noqa: RUF012 - of the form and the address of a request together

    def get(self, key, *more, **others):
        self.asked.add(key)
        return super().get(key, *more, **others)

    def getlist(self, key, *more, **others):
        self.asked.add(key)
        return super().getlist(key, *more, **others)

    def __getitem__(self, key):
        self.asked.add(key)
        return super().__getitem__(key)

    def __contains__(self, key):
        self.asked.add(key)
        return super().__contains__(key)


class Watched(Request):
    parameter_storage_class = Noted


@pytest.fixture
def site(database, tmp_path):
    """The site for people who sign in, with its API; nobody works on what is asked for."""
    settings = Settings(
        str(database.store.reader.url), tmp_path, "secret", public_url="https://recto.example", team=True
    )
    site = create_app(settings, database)
    site.register_blueprint(api.blueprint)
    site.request_class = Watched
    site.testing = True  # a fault comes through to the test
    return site


@pytest.fixture
def world(site, database):
    world = World(site, database)
    with database.writing() as session:
        trainer = at_home(session, world.crew.people["Li"])
        assignments.put_link(session, trainer, world.things.assignment_id, "token", now=world.now)
    world.things.token = "token"
    return world


class Asker:
    """Sends the same good request again and again, but for one field or one part of the address."""

    def __init__(self, world, client, rule):
        self.world, self.client, self.rule = world, client, rule
        self.is_form, self.faults = "POST" in rule.methods, []
        options = written(Options()) if rule.endpoint in OF_OPTIONS else {}
        self.good = {**fields(world, missing=False), **options, "csrf_token": world.token}

    def address(self, place="", value=""):
        things = self.world.things
        return PLACE.sub(lambda at: value if at[1] == place else str(getattr(things, at[1], 1)), self.rule.rule)

    def send(self, told, address, /, **changed):
        Noted.asked.clear()
        with self.client.session_transaction() as cookie:
            cookie.pop("_flashes", None)
            cookie["open_team"] = self.world.crew.team_id if self.world.is_open else None
        try:
            if self.is_form:
                answer = self.client.post(address, data={**self.good, **changed}, headers=PARTIAL)
            else:
                answer = self.client.get(address, query_string=changed, headers=PARTIAL)
        except Exception as fault:  # noqa: BLE001 - whatever it is
            self.faults.append(f"{self.rule.endpoint}, {told}: {type(fault).__name__}: {str(fault)[:100]}")
        else:
            if answer.status_code >= 500:
                self.faults.append(f"{self.rule.endpoint}, {told}: {answer.status}")
        return set(Noted.asked) - {"csrf_token"}

    def walk(self):
        left, done = self.send("good fields", self.address()), set()
        while left:
            done.add(name := min(left))
            for value in BAD:
                left |= self.send(f"{name} = {value[:20]!r}", self.address(), **{name: value})
            left -= done
        for place in PLACE.findall(self.rule.rule):
            for value in BAD_PLACES:
                self.send(f"<{place}> = {value[:20]}", self.address(place, value))
        return self.faults


def who(rule):
    """Return who gets furthest: a member with what is their own, else the owner with the library open."""
    return MEMBER if rule.endpoint in NAMED and OWNER_IN not in allowed(rule) else OWNER_IN


@pytest.mark.parametrize("part", range(PARTS))
def test_no_bad_input_is_a_fault_of_ours(world, site, part):
    faults = []
    walked = [rule for rule in rules(site) if rule.endpoint not in LEAVES][part::PARTS]
    for person in (OWNER_IN, MEMBER):
        with world.as_one(person) as client:
            for rule in walked:
                if who(rule) == person:
                    faults += Asker(world, client, rule).walk()

    assert "\n".join(faults) == ""
