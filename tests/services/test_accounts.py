import pytest

from quizapp.errors import InvalidInput
from quizapp.services import accounts, settings
from tests.make import NOW


def test_a_new_library_gets_its_one_owner_on_first_use(database):
    with database.writing() as session:
        first = accounts.local_owner(session, time_zone="Europe/Berlin", now=NOW)
        again = accounts.local_owner(session, time_zone="Europe/Berlin", now=NOW)

        zone = settings.chosen(session, first).time_zone

    assert first == again
    assert zone == "Europe/Berlin"


def test_the_owner_keeps_their_time_zone_when_the_machine_is_elsewhere(database, owner):
    with database.reading() as session:
        there = accounts.local_owner(session, time_zone="Asia/Tokyo", now=NOW)
        zone = settings.chosen(session, there).time_zone

    assert (there, zone) == (owner, "Europe/Berlin")


@pytest.mark.parametrize("zone", ["Mars/Olympus", "", "../etc/passwd"])
def test_a_time_zone_that_does_not_exist_is_refused(database, zone):
    with database.writing() as session, pytest.raises(InvalidInput, match="time zone"):
        accounts.local_owner(session, time_zone=zone, now=NOW)
