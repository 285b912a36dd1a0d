"""Deleting one's account: taken back by signing in, done after two weeks, and what stays with teams."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from quizapp.db.schema import METADATA
from quizapp.domain.permissions import Role
from quizapp.errors import Conflict
from quizapp.services import accounts, analysis, assignments, audit, departures, sign_ins, teams
from quizapp.services.departures import KEPT
from tests import make
from tests.make import NOW
from tests.services import assigning, people
from tests.services.assigning import assign, take
from tests.services.people import kept
from tests.services.teaming import at_home

A_MOMENT = timedelta(seconds=1)


@pytest.fixture
def crew(database):
    """Ines, who administers and owns a team; Ben, a member of it."""
    with database.writing() as session:
        ines = people.first(session)
        ben = people.another(session, ines)
        team_id = teams.create(session, ines, "Crew", now=NOW)
        teams.join(session, team_id, ben.person_id, Role.MEMBER, now=NOW)
        return at_home(session, ines), at_home(session, ben), team_id


def names(session, actor, team_id):
    return [one.name for one in teams.team(session, actor, team_id).people.shown]


def test_signing_in_within_two_weeks_brings_everything_back(database, crew):
    ines, ben, team_id = crew
    with database.writing() as session:
        token = sign_ins.sign_in(session, ben.person_id, now=NOW)
        make.added(session, ben, keep_ready=True)
        until = departures.ask(session, ben, now=NOW)
        without = names(session, ines, team_id)
        signed_in = sign_ins.recognise(session, token, now=NOW + A_MOMENT)
        departures.remove_due(session, now=until)

        was = departures.bring_back(session, ben.person_id, now=until)
        removed = departures.remove_due(session, now=until + KEPT)

        assert (until - NOW, without, signed_in) == (KEPT, ["Ines"], None)
        assert (was, removed) == (True, 0)
        assert names(session, ines, team_id) == ["Ines", "Ben"]
        assert not departures.bring_back(session, ben.person_id, now=until)


def test_a_team_that_was_left_before_stays_left(database, crew):
    _ines, ben, team_id = crew
    with database.writing() as session:
        teams.leave(session, ben, team_id, now=NOW)
        departures.ask(session, at_home(session, ben), now=NOW + A_MOMENT)
        departures.bring_back(session, ben.person_id, now=NOW + 2 * A_MOMENT)

        assert at_home(session, ben).roles == {}


def test_after_two_weeks_nothing_points_at_the_person(database, crew):
    ines, ben, _team_id = crew
    with database.writing() as session:
        make.added(session, ben, keep_ready=True)
        until = departures.ask(session, ben, now=NOW)
    with database.writing() as session:
        assert departures.remove_due(session, now=until + A_MOMENT) == 1
    with database.reading() as session:
        left = {
            table.name
            for table in METADATA.tables.values()
            for key in table.foreign_keys
            if key.column.table.name in {"learner", "account"}
            and session.execute(select(key.parent).where(key.parent == ben.person_id)).first()
        }
        everybody = [one.name for one in accounts.people(session, ines).shown]

    assert left == set()
    assert everybody == ["Ines"]


def test_the_log_keeps_the_deed_without_the_name(database, crew):
    ines, ben, team_id = crew
    with database.writing() as session:
        teams.change_role(session, ines, team_id, ben.person_id, Role.TRAINER, now=NOW)
        until = departures.ask(session, at_home(session, ben), now=NOW)
        departures.remove_due(session, now=until + A_MOMENT)
    with database.reading() as session:
        log = audit.log(session, ines, team_id)
        lines = [(one.person, one.action, one.detail) for one in log]

    assert (None, "left", "") in lines
    assert ("Ines", "changed a role", "trainer") in lines
    assert "Ben" not in str(lines)


def account_of(session, actor, name):
    accounts.add(session, actor.person_id, email=f"{name}@example.org", password_hash=kept(), now=NOW)


def test_results_of_the_others_and_of_all_stay_as_they_were(database):
    with database.writing() as session:
        team = assigning.a_team(session)
        assigned = assign(session, team)
        for actor, name, right in ((team.mina, "mina", True), (team.jonas, "jonas", False)):
            account_of(session, actor, name)
            take(session, actor, assigned, right)
        quiz_id = assignments.view(session, team.trainer, assigned, now=NOW).quiz_id
        before = analysis.of_quiz(session, team.trainer, quiz_id)
        until = max(departures.ask(session, one, now=NOW) for one in (team.mina, team.jonas))
        departures.remove_due(session, now=until + A_MOMENT)
    with database.reading() as session:
        after = analysis.of_quiz(session, team.trainer, quiz_id)
        former = assignments.everybody(session, team.trainer, assigned, now=NOW).guests

    assert after == before
    assert before.whole is not None
    assert [one.name for one in former] == ["", ""]
    assert sorted(one.standing.score for one in former) == sorted({one.standing.score for one in former})


def test_the_last_owner_of_a_team_hands_it_over_or_deletes_it_first(database, crew):
    ines, ben, team_id = crew
    with database.writing() as session:
        accounts.let_administer(session, ines, ben.person_id)
        with pytest.raises(Conflict, match="last owner of Crew"):
            departures.ask(session, ines, now=NOW)

        teams.change_role(session, ines, team_id, ben.person_id, Role.OWNER, now=NOW)
        departures.ask(session, ines, now=NOW)
        with pytest.raises(Conflict, match="Nobody else administers"):
            departures.ask(session, at_home(session, ben), now=NOW)


def test_who_alone_administers_cannot_go(database, crew):
    ines, ben, team_id = crew
    with database.writing() as session:
        teams.delete(session, ines, team_id, now=NOW)
        with pytest.raises(Conflict, match="Nobody else administers"):
            departures.ask(session, ines, now=NOW)

        accounts.let_administer(session, ines, ben.person_id)

        assert departures.ask(session, ines, now=NOW) == NOW + KEPT


def test_asking_twice_does_not_begin_the_two_weeks_anew(database, crew):
    _ines, ben, _team_id = crew
    with database.writing() as session:
        first = departures.ask(session, ben, now=NOW)

        assert departures.ask(session, ben, now=NOW + timedelta(days=3)) == first
