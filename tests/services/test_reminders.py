from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from quizapp.cli import daily
from quizapp.db import teams
from quizapp.db.letters import LetterRow
from quizapp.domain.assignments import Goal
from quizapp.domain.permissions import Actor, LearnerId, Role
from quizapp.domain.recurrence import Recurrence, Unit, Window
from quizapp.domain.reminders import Reminders
from quizapp.errors import NotFound
from quizapp.services import accounts, invitations, notices
from quizapp.services.reminders import Home
from tests import make
from tests.make import NOW
from tests.services import assigning, people
from tests.services.assigning import DAY, HOUR, assign, take
from tests.services.quizzing import BERTH, QUAY

HOME = Home("https://recto.example", "a secret for tests only")
# The person lives in Tokyo, nine hours ahead of UTC: their morning is the night before.
MONDAY = datetime(2026, 11, 23, 23, 0, tzinfo=UTC)  # 08:00 there on Tuesday 24 November


@pytest.fixture
def world(database):
    """A team with a deck, and Mina of it, who can be written to."""
    return World(database)


class World:
    def __init__(self, database):
        self.database = database
        with database.writing() as session:
            ines = people.first(session, now=MONDAY - 9 * DAY)
            self.team = assigning.a_team(session, BERTH, QUAY)
            token = invitations.invite(session, ines, now=MONDAY - 9 * DAY)
            mina = invitations.join(
                session,
                token,
                name="Mina",
                email="mina@example.org",
                password_hash=people.kept(),
                time_zone="Asia/Tokyo",
                is_vouched=True,
                now=MONDAY - 9 * DAY,
            )
            teams.put(session, team_id=self.team.id, learner_id=mina, role=Role.MEMBER, now=NOW)
            roles = {int(self.team.library.learner_id): Role.MEMBER}
            self.mina = Actor(LearnerId(mina), roles=roles)
            notices.choose(session, ines.person_id, Reminders.OFF)

    def assign(self, opens, due, cutoff=None, *, at=MONDAY - 8 * DAY, title="Berths", **rules):
        with self.database.writing() as session:
            window = Window(opens, due, cutoff)
            return assign(session, self.team, at=at, title=title, zone="Asia/Tokyo", window=window, **rules)

    def choose(self, wanted):
        with self.database.writing() as session:
            notices.choose(session, self.mina.person_id, wanted)

    def morning(self, days=0, hours=0):
        """Look at 08:00 of the person's day, so many days and hours later; what is written then."""
        before = len(self.letters())
        daily.remind(self.database, HOME, now=MONDAY + timedelta(days=days, hours=hours))
        return self.letters()[before:]

    def letters(self):
        with self.database.reading() as session:
            rows = session.scalars(select(LetterRow).order_by(LetterRow.created)).all()
            return [(row.subject, row.text, row.unsubscribe, row.address) for row in rows]

    def subjects(self, *mornings):
        return [[letter[0] for letter in self.morning(day)] for day in mornings]


def test_it_is_told_that_something_opens_that_it_is_due_soon_and_that_it_was_missed(world):
    world.assign(MONDAY + HOUR, MONDAY + 4 * DAY, MONDAY + 4 * DAY + HOUR)

    assert world.subjects(0, 1, 2, 3, 4, 5, 6) == [
        ["Berths: opens Tuesday 24 November, 09:00, due Saturday 28 November, 08:00"],
        [],
        ["Berths: due Saturday 28 November, 08:00"],
        ["Berths: due Saturday 28 November, 08:00"],
        ["Berths: was due Saturday 28 November, 08:00, and can still be handed in until Saturday 28 November, 09:00"],
        ["Berths: missed, it ended Saturday 28 November, 09:00"],
        [],
    ]


def test_who_has_handed_in_hears_no_more_of_it(world):
    assignment = world.assign(MONDAY - HOUR, MONDAY + 2 * DAY)
    with world.database.writing() as session:
        take(session, world.mina, assignment, True, True, at=MONDAY)

    assert world.subjects(0, 1, 2, 3) == [[], [], [], []]


def test_something_made_after_the_look_is_new_on_the_next_morning(world):
    world.morning(0)
    world.assign(MONDAY + HOUR, MONDAY + 9 * DAY, at=MONDAY + HOUR)

    assert world.subjects(1, 2) == [["Berths: new, due Thursday 3 December, 08:00"], []]


def test_of_what_comes_again_each_time_is_told(world):
    weekly = Recurrence(1, Unit.WEEK, 3)
    world.assign(MONDAY + HOUR, MONDAY + 25 * HOUR, MONDAY + 25 * HOUR, recurrence=weekly)

    told = world.subjects(*range(10))

    assert [day for day, subjects in enumerate(told) if subjects] == [0, 1, 2, 7, 8, 9]
    assert told[7] == ["Berths: opens Tuesday 1 December, 09:00, due Wednesday 2 December, 09:00"]
    assert told[9] == ["Berths: missed, it ended Wednesday 2 December, 09:00"]


def test_there_is_one_letter_a_day_whoever_looks_how_often(world):
    world.assign(MONDAY - HOUR, MONDAY + 2 * DAY)

    counts = [len(world.morning(0, hours)) for hours in (-1, 0, 0.2, 1, 9)]
    world.assign(MONDAY + HOUR, MONDAY + DAY, at=MONDAY + HOUR, title="Moles")

    assert counts == [0, 1, 0, 0, 0]
    assert world.morning(0, 10) == []
    assert len(world.morning(1)) == 1


def test_a_server_that_was_off_in_the_morning_writes_in_the_day_and_not_at_night(world):
    world.assign(MONDAY - HOUR, MONDAY + 2 * DAY)

    assert world.morning(0, 13) == []
    assert len(world.morning(1, 5)) == 1


def test_of_two_processes_one_writes(world):
    world.assign(MONDAY - HOUR, MONDAY + 2 * DAY)

    with ThreadPoolExecutor(4) as threads:
        looks = [threads.submit(daily.remind, world.database, HOME, now=MONDAY) for _ in range(4)]

    assert sum(look.result() for look in looks) == 1
    assert len(world.letters()) == 1


def test_several_things_are_one_letter(world):
    world.assign(MONDAY - HOUR, MONDAY + 2 * DAY, title="Moles")
    world.assign(MONDAY - 3 * DAY, MONDAY - 2 * HOUR, MONDAY - HOUR, title="Berths")
    world.choose(Reminders.CARDS)

    ((subject, text, way_out, address),) = world.morning(0)

    assert subject == "Berths: missed, it ended Tuesday 24 November, 07:00, and 1 more"
    assert text.startswith("Hello Mina,\n\nBerths: missed")
    assert "For the team Platform team\nhttps://recto.example/assignments/1" in text
    assert way_out in text
    assert address == "mina@example.org"


def test_cards_are_told_to_who_wants_that_and_only_when_some_are_due(world, database):
    assert world.morning(0) == []
    world.choose(Reminders.CARDS)
    assert world.morning(1) == []
    with database.writing() as session:
        make.added(session, Actor(LearnerId(world.mina.person_id)), keep_ready=True)

    ((subject, text, _, _),) = world.morning(2)

    assert subject == "2 cards are due today"
    assert "2 cards are due today\nhttps://recto.example/\n" in text


def test_nobody_is_written_to_who_does_not_want_it_or_cannot_sign_in(world, database):
    world.assign(MONDAY - HOUR, MONDAY + 9 * DAY, at=MONDAY - HOUR)
    world.choose(Reminders.OFF)
    off = world.morning(0)
    world.choose(Reminders.ASSIGNMENTS)
    with database.writing() as session:
        ines = next(one.id for one in accounts.everybody(session) if one.name == "Ines")
        accounts.close(session, Actor(LearnerId(ines)), world.mina.person_id, now=MONDAY)

    assert off == world.morning(1) == []


def test_on_the_day_on_which_somebody_came_nothing_is_written(world):
    window = (MONDAY - 20 * DAY, MONDAY - 7 * DAY)
    world.assign(*window, at=MONDAY - 20 * DAY)

    assert world.morning(-9, 1) == []
    assert len(world.morning(-8)) == 1


def test_a_letter_speaks_the_language_of_its_reader(world, database):
    world.assign(MONDAY - HOUR, MONDAY + 2 * DAY)
    with database.writing() as session:
        notices.speak(session, world.mina.person_id, "de")

    ((subject, text, _, _),) = world.morning(0)

    assert subject == "Berths: fällig Donnerstag, 26. November, 08:00"
    assert text.startswith("Hallo Mina,")


def test_a_deck_to_be_known_is_due_and_missed(world, database):
    with database.writing() as session:
        rules = {"goal": Goal.RECALL, "window": Window(MONDAY - DAY, MONDAY + DAY)}
        assign(session, world.team, at=MONDAY - DAY, title="Moles", **rules)

    assert world.subjects(0, 2) == [
        ["Moles: due Wednesday 25 November, 08:00"],
        ["Moles: missed, it ended Wednesday 25 November, 08:00"],
    ]


def test_a_token_to_end_letters_is_good_for_one_person_and_nothing_else(world, database):
    token = notices.token_to_end("secret", world.mina.person_id)

    with database.reading() as session:
        assert notices.person_of(session, "secret", token) == world.mina.person_id
        for wrong in (token[:-1], token + "0", f"1{token}", f"999-{token.partition('-')[2]}", "", "x", "1-" + "0" * 64):
            with pytest.raises(NotFound):
                notices.person_of(session, "secret", wrong)
        with pytest.raises(NotFound):
            notices.person_of(session, "another secret", token)
