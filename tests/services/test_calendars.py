from datetime import timedelta

import pytest
from icalendar import Calendar

from quizapp.db.accounts import AccountRow
from quizapp.domain.assignments import Allowance
from quizapp.domain.recurrence import Recurrence, Unit, Window
from quizapp.errors import Conflict, NotFound
from quizapp.services import accounts, assignments, calendars, notices
from quizapp.services.reminders import Home
from tests.make import NOW
from tests.services import people
from tests.services.assigning import DAY, HOUR, a_team, assign
from tests.services.quizzing import BERTH, QUAY

HOME = Home("https://recto.example", "a secret for tests only")
WEEKLY = Recurrence(1, Unit.WEEK, 3)


@pytest.fixture
def session(database):
    with database.writing() as opened:
        yield opened


@pytest.fixture
def team(session):
    return a_team(session, BERTH, QUAY)


@pytest.fixture
def token(session, team):
    """Of the calendar of Mina, who can sign in."""
    people.first(session)
    session.add(AccountRow(learner_id=team.mina.person_id, email="m@x.org", email_key="m@x.org", created=NOW))
    return notices.make_calendar(session, team.mina)


def events(session, token, now=NOW):
    calendar = Calendar.from_ical(calendars.feed(session, token, HOME, now=now))
    return calendar.walk("VEVENT")


def test_a_calendar_has_the_moment_at_which_each_thing_is_due(session, team, token):
    first = assign(session, team, title="Berths; “all”, ümlaut", window=Window(NOW, NOW + DAY))

    (event,) = events(session, token)

    assert event["SUMMARY"] == "Due: Berths; “all”, ümlaut"
    assert event["DTSTART"].to_ical() == b"20261124T120000Z"
    assert event["UID"] == f"assignment-{first}-0@recto.example"
    assert event["URL"] == f"https://recto.example/assignments/{first}"
    assert event["DTSTAMP"].dt == NOW
    assert event["DESCRIPTION"] == "Platform team"
    assert event.walk("VALARM") == []


def test_what_comes_again_is_there_each_time_and_what_was_due_long_ago_is_not(session, team, token):
    assign(session, team, window=Window(NOW, NOW + DAY), recurrence=WEEKLY)

    days = [event["DTSTART"].dt - NOW for event in events(session, token)]
    later = events(session, token, now=NOW + timedelta(days=95))

    assert days == [DAY, 8 * DAY, 15 * DAY]
    assert [event["UID"].partition("@")[0][-2:] for event in later] == ["-1", "-2"]


def test_each_person_has_their_own_dates(session, team, token):
    moved = assign(session, team, title="Moved", window=Window(NOW, NOW + DAY))
    excused = assign(session, team, title="Excused", window=Window(NOW, NOW + DAY))
    assign(session, team, title="Not theirs", chosen=frozenset({team.jonas.person_id}))
    give = {"session": session, "actor": team.trainer, "learner_id": team.mina.person_id, "now": NOW}
    assignments.allow(assignment_id=moved, given=Allowance(due=NOW + 2 * DAY), **give)
    assignments.allow(assignment_id=excused, given=Allowance(is_excused=True), **give)

    assert [(one["SUMMARY"], one["DTSTART"].dt) for one in events(session, token)] == [("Due: Moved", NOW + 2 * DAY)]


def test_the_bytes_stay_while_nothing_changes(session, team, token):
    assignment = assign(session, team, title="Berths")
    before = calendars.feed(session, token, HOME, now=NOW)

    assert calendars.feed(session, token, HOME, now=NOW + HOUR) == before
    assignments.delete(session, team.trainer, assignment, now=NOW)
    assert calendars.feed(session, token, HOME, now=NOW) != before


def test_an_address_ends_when_there_is_a_new_one_or_it_is_ended_and_can_come_back(session, team, token):
    new = notices.make_calendar(session, team.mina)
    notices.end_calendar(session, team.mina, now=NOW)
    for gone in (token, new, "", "x" * 300):
        with pytest.raises(NotFound):
            calendars.feed(session, gone, HOME, now=NOW)

    notices.put_back_calendar(session, team.mina)

    assert calendars.feed(session, new, HOME, now=NOW)
    assert not notices.notice(session, team.jonas).has_calendar
    with pytest.raises(Conflict):
        notices.put_back_calendar(session, team.jonas)


def test_who_cannot_sign_in_has_no_calendar(session, team, token):
    ines = next(one.id for one in accounts.everybody(session) if one.name == "Ines")
    accounts.close(session, type(team.mina)(ines), team.mina.person_id, now=NOW)

    with pytest.raises(NotFound):
        calendars.feed(session, token, HOME, now=NOW)


def test_a_calendar_speaks_the_language_of_its_person(session, team, token):
    assign(session, team, title="Berths")
    notices.speak(session, team.mina.person_id, "de")

    assert events(session, token)[0]["SUMMARY"] == "Fällig: Berths"
