import pytest

from quizapp.errors import InvalidInput, NotFound
from quizapp.services import accounts, settings
from tests.make import NOW
from tests.services import people


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


def test_of_two_who_close_each_other_at_once_one_goes_on_administering(database):
    with database.writing() as session:
        ines = people.first(session)
        ben = people.another(session, ines)
        accounts.let_administer(session, ines, ben.person_id)
        accounts.close(session, ines, ben.person_id, now=NOW)

    with database.writing() as session, pytest.raises(NotFound):  # it was on its way when the account was closed
        accounts.close(session, ben, ines.person_id, now=NOW)
