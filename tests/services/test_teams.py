from datetime import timedelta

import pytest

from quizapp.db import teams as rows
from quizapp.domain.permissions import Role
from quizapp.errors import Conflict, InvalidInput, NotFound
from quizapp.services import audit, decks, teams, transfer, trash
from tests.make import NOW
from tests.services.teaming import at_home, join, opened, person


@pytest.fixture
def boss(session):
    return person(session, "Mara")


@pytest.fixture
def team_id(session, boss):
    return teams.create(session, boss, "  Harbour   crew ", now=NOW)


def test_who_makes_a_team_is_its_owner(session, boss, team_id):
    (team,) = teams.teams(session, at_home(session, boss))

    assert (team.name, team.role, team.people, team.can_open) == ("Harbour crew", Role.OWNER, 1, True)


@pytest.mark.parametrize("name", ["", "  ", "x" * 81])
def test_a_team_needs_a_name_that_can_be_shown(session, boss, name):
    with pytest.raises(InvalidInput):
        teams.create(session, boss, name, now=NOW)


def test_what_is_made_while_the_library_of_a_team_is_open_is_the_teams(session, boss, team_id):
    decks.create(session, opened(session, boss, team_id), "Rollback", now=NOW)

    assert [one.name for one in decks.decks(session, opened(session, boss, team_id), now=NOW)] == ["Rollback"]
    assert decks.decks(session, at_home(session, boss), now=NOW) == []


@pytest.mark.parametrize(
    ("role", "opens"), [(Role.OWNER, True), (Role.TRAINER, True), (Role.MEMBER, False), (Role.GUEST, False)]
)
def test_the_library_of_a_team_opens_to_owners_and_trainers(session, team_id, role, opens):
    li = join(session, person(session, "Li"), team_id, role)

    assert (opened(session, li, team_id).member_id is not None) is opens


def test_a_role_that_was_taken_away_closes_the_library_with_the_next_request(session, boss, team_id):
    li = join(session, person(session, "Li"), team_id, Role.TRAINER)
    teams.change_role(session, at_home(session, boss), team_id, li.person_id, Role.MEMBER, now=NOW)

    assert opened(session, li, team_id) == at_home(session, li)


def test_a_team_is_not_there_for_those_outside(session, team_id):
    stranger = at_home(session, person(session, "Jo"))
    guest = join(session, person(session, "Gus"), team_id, Role.GUEST)

    for one in (stranger, guest):
        with pytest.raises(NotFound, match="no such team"):
            teams.team(session, one, team_id)
        assert teams.teams(session, one) == []


def test_only_owners_change_roles_and_names(session, team_id):
    trainer = join(session, person(session, "Li"), team_id, Role.TRAINER)

    with pytest.raises(NotFound):
        teams.rename(session, trainer, team_id, "Mine", now=NOW)
    with pytest.raises(NotFound):
        teams.change_role(session, trainer, team_id, trainer.person_id, Role.OWNER, now=NOW)
    with pytest.raises(NotFound):
        teams.delete(session, trainer, team_id, now=NOW)


def test_a_team_never_loses_its_last_owner(session, boss, team_id):
    mara = at_home(session, boss)

    assert teams.team(session, mara, team_id).is_last_owner
    with pytest.raises(Conflict, match="needs an owner"):
        teams.leave(session, mara, team_id, now=NOW)
    with pytest.raises(Conflict, match="needs an owner"):
        teams.change_role(session, mara, team_id, mara.person_id, Role.MEMBER, now=NOW)
    with pytest.raises(Conflict, match="needs an owner"):
        teams.remove(session, mara, team_id, mara.person_id, now=NOW)


def test_with_a_second_owner_the_first_can_go(session, boss, team_id):
    join(session, person(session, "Li"), team_id, Role.OWNER)

    teams.leave(session, at_home(session, boss), team_id, now=NOW)

    assert teams.teams(session, at_home(session, boss)) == []


def test_a_person_who_was_removed_comes_back_in_their_role(session, boss, team_id):
    mara = at_home(session, boss)
    li = join(session, person(session, "Li"), team_id, Role.TRAINER)

    assert teams.remove(session, mara, team_id, li.person_id, now=NOW) == "Li"
    assert at_home(session, li).roles == {}
    teams.put_back(session, mara, team_id, li.person_id, now=NOW)

    assert set(at_home(session, li).roles.values()) == {Role.TRAINER}


def test_nobody_fetches_back_who_left(session, boss, team_id):
    li = join(session, person(session, "Li"), team_id)
    teams.leave(session, li, team_id, now=NOW)

    with pytest.raises(NotFound, match="Invite them instead"):
        teams.put_back(session, at_home(session, boss), team_id, li.person_id, now=NOW)

    assert at_home(session, li).roles == {}


def test_who_left_can_take_that_back_but_not_what_an_owner_did_later(session, boss, team_id):
    li = join(session, person(session, "Li"), team_id)
    teams.leave(session, li, team_id, now=NOW)
    teams.come_back(session, at_home(session, li), team_id, left_at=NOW, now=NOW)
    teams.remove(session, at_home(session, boss), team_id, li.person_id, now=NOW + timedelta(hours=1))

    with pytest.raises(NotFound, match="Ask one of its owners"):
        teams.come_back(session, at_home(session, li), team_id, left_at=NOW, now=NOW)


def test_who_was_removed_does_not_come_back_by_knowing_when(session, boss, team_id):
    li = join(session, person(session, "Li"), team_id)

    teams.remove(session, at_home(session, boss), team_id, li.person_id, now=NOW)

    with pytest.raises(NotFound, match="Ask one of its owners"):
        teams.come_back(session, at_home(session, li), team_id, left_at=NOW, now=NOW)


def test_who_left_comes_back_by_themselves_for_a_day(session, boss, team_id):
    li = join(session, person(session, "Li"), team_id)
    teams.leave(session, li, team_id, now=NOW)

    with pytest.raises(NotFound, match="Ask one of its owners"):
        teams.come_back(
            session, at_home(session, li), team_id, left_at=NOW, now=NOW + timedelta(days=1, microseconds=1)
        )
    assert teams.come_back(session, at_home(session, li), team_id, left_at=NOW, now=NOW + timedelta(days=1))


def test_what_others_see_of_a_person_is_their_own_choice(session, boss, team_id):
    li = join(session, person(session, "Li"), team_id)

    before = teams.choose_what_is_seen(session, li, team_id, shows_recall=True, on_leaderboards=False)

    assert before == (False, False)
    people = {one.name: one.shows_recall for one in teams.team(session, at_home(session, boss), team_id).people.shown}
    assert people == {"Mara": False, "Li": True}


def test_a_deleted_team_is_gone_for_all_and_comes_back_for_all(session, boss, team_id):
    li = join(session, person(session, "Li"), team_id)
    teams.delete(session, at_home(session, boss), team_id, now=NOW)

    assert teams.teams(session, at_home(session, li)) == []
    assert opened(session, boss, team_id).member_id is None
    assert [one.name for one in teams.deleted(session, at_home(session, boss), now=NOW)] == ["Harbour crew"]
    with pytest.raises(NotFound):
        teams.restore(session, at_home(session, li), team_id, now=NOW)
    teams.restore(session, at_home(session, boss), team_id, now=NOW)

    assert [one.name for one in teams.teams(session, at_home(session, li))] == ["Harbour crew"]


def test_thirty_days_after_it_was_deleted_a_team_goes_with_its_library(session, boss, team_id):
    decks.create(session, opened(session, boss, team_id), "Rollback", now=NOW)
    teams.delete(session, at_home(session, boss), team_id, now=NOW)

    trash.empty(session, now=NOW + timedelta(days=31))

    assert rows.get(session, team_id) is None
    assert teams.deleted(session, at_home(session, boss), now=NOW) == []


def test_what_is_done_to_material_of_a_team_stands_in_its_log_and_what_is_ones_own_in_none(session, boss, team_id):
    inside = opened(session, boss, team_id)
    deck = decks.create(session, inside, "Rollback", now=NOW)
    decks.rename(session, inside, deck, "Rollbacks", now=NOW)
    transfer.ask_export(session, at_home(session, boss), deck, now=NOW)
    decks.delete(session, inside, deck, now=NOW)
    decks.create(session, at_home(session, boss), "Mine", now=NOW)

    lines = [(one.person, one.action, one.detail) for one in audit.log(session, at_home(session, boss), team_id)]
    assert lines == [
        ("Mara", "deleted", "Rollbacks"),
        ("Mara", "exported", "Rollbacks"),
        ("Mara", "changed", "Rollbacks"),
        ("Mara", "made", "Rollback"),
        ("Mara", "made the team", "Harbour crew"),
    ]


def test_people_come_a_page_at_a_time_and_are_found_by_a_part_of_their_name(session, boss):
    team_id = teams.create(session, boss, "Harbour crew", now=NOW)
    for number in range(30):
        join(session, person(session, f"Person {number:02}"), team_id)
    boss = at_home(session, boss)

    last = teams.team(session, boss, team_id, page=2)
    found = teams.team(session, boss, team_id, name=" person 1")

    assert (last.people.pages, last.team.people) == (2, 31)
    assert [one.name for one in last.people.shown] == [f"Person {number}" for number in range(24, 30)]
    assert [one.name for one in found.people.shown] == [f"Person {number}" for number in range(10, 20)]
    assert (found.team.people, found.me.role) == (31, Role.OWNER)
    assert not teams.team(session, boss, team_id, name="nobody").people.shown
