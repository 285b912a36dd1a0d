from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from threading import Barrier

import pytest

from quizapp.db import decks, teams
from quizapp.domain.permissions import Role
from quizapp.errors import Conflict, InvalidInput, NotFound, QuizappError
from quizapp.services import accounts, audit, invitations, settings
from tests.make import NOW
from tests.services import people


def joined(session, token, *, name="Ben", email="ben@example.org", now=NOW, zone="Asia/Tokyo"):
    return invitations.join(
        session, token, name=name, email=email, password_hash=people.kept(), time_zone=zone, now=now
    )


def test_the_first_link_takes_over_the_library_that_is_there(session, owner):
    token = invitations.first_link(session, now=NOW)
    decks.add(session, owner.learner_id, "Harbour", now=NOW)

    learner_id = joined(session, token, name=" Ines  Moreau ", email="ines@example.org")

    account = accounts.profile(session, owner)
    assert learner_id == owner.learner_id
    assert (account.name, account.email, account.administers) == ("Ines Moreau", "ines@example.org", True)
    assert settings.chosen(session, owner).time_zone == "Europe/Berlin"
    assert invitations.first_link(session, now=NOW) is None


def test_who_takes_over_a_library_that_nobody_has_used_lives_where_their_browser_says(session, owner):
    joined(session, invitations.first_link(session, now=NOW), zone="Asia/Tokyo")

    assert settings.chosen(session, owner).time_zone == "Asia/Tokyo"


def test_the_first_link_is_printed_anew_and_the_one_before_works_no_more(session):
    before = invitations.first_link(session, now=NOW)
    after = invitations.first_link(session, now=NOW)

    with pytest.raises(NotFound):
        joined(session, before)
    assert joined(session, after)


def test_who_is_invited_gets_a_library_of_their_own_where_they_live(session):
    ines = people.first(session)

    ben = joined(session, invitations.invite(session, ines, now=NOW))

    actor = replace(ines, learner_id=ben)
    assert ben != ines.learner_id
    assert not accounts.profile(session, actor).administers
    assert settings.chosen(session, actor).time_zone == "Asia/Tokyo"


def test_an_invitation_is_good_for_one(session):
    ines = people.first(session)
    token = invitations.invite(session, ines, now=NOW)
    joined(session, token)

    with pytest.raises(NotFound, match="used already"):
        joined(session, token, email="eve@example.org")


def test_an_invitation_is_good_for_7_days(session):
    ines = people.first(session)
    token = invitations.invite(session, ines, now=NOW)

    with pytest.raises(NotFound, match="too old"):
        joined(session, token, now=NOW + timedelta(days=7))
    assert joined(session, token, now=NOW + timedelta(days=7, seconds=-1))


def test_an_invitation_for_an_address_is_for_nobody_else(session):
    ines = people.first(session)
    token = invitations.invite(session, ines, email=" Ben@example.org ", now=NOW)

    with pytest.raises(InvalidInput, match=r"for Ben@example\.org alone"):
        joined(session, token, email="eve@example.org")
    assert joined(session, token, email="ben@EXAMPLE.org")


def test_an_address_has_one_account(session):
    ines = people.first(session)
    token = invitations.invite(session, ines, now=NOW)

    with pytest.raises(Conflict, match="already"):
        joined(session, token, email="INES@example.org")


def test_those_who_do_not_administer_invite_nobody_onto_the_server(session):
    ines = people.first(session)
    ben = people.another(session, ines)

    for act in (lambda: invitations.invite(session, ben, now=NOW), lambda: invitations.waiting(session, ben, now=NOW)):
        with pytest.raises(NotFound):
            act()


@pytest.mark.parametrize(
    ("inviter", "role", "is_fine"),
    [
        (Role.OWNER, Role.OWNER, True),
        (Role.OWNER, Role.MEMBER, True),
        (Role.TRAINER, Role.TRAINER, True),
        (Role.TRAINER, Role.OWNER, False),
        (Role.MEMBER, Role.MEMBER, False),
        (Role.GUEST, Role.MEMBER, False),
        (None, Role.MEMBER, False),
    ],
)
def test_a_team_is_joined_by_whom_its_owners_and_trainers_invite(session, inviter, role, is_fine):
    ines = people.first(session)
    ben = people.another(session, ines)
    team, library = people.team(session, *([(ben, inviter)] if inviter else []))
    actor = replace(ben, roles={library: inviter} if inviter else {})

    if not is_fine:
        with pytest.raises(NotFound):
            invitations.invite(session, actor, team_id=team, role=role, now=NOW)
        return
    token = invitations.invite(session, actor, team_id=team, role=role, now=NOW)
    offer = invitations.look(session, token, now=NOW)
    cleo = joined(session, token, name="Cleo", email="cleo@example.org")

    assert (offer.team_name, offer.role, offer.inviter) == ("Crew", role, "Ben")
    assert teams.roles(session, cleo) == {library: role}


def test_the_log_of_a_team_tells_who_invited_whom_and_thought_better_of_it(session):
    ines = people.first(session)
    team, library = people.team(session, (ines, Role.OWNER))
    owner = replace(ines, roles={library: Role.OWNER})

    invitations.invite(session, owner, team_id=team, role=Role.TRAINER, email="ben@example.org", now=NOW)
    (listed,) = invitations.waiting(session, owner, team_id=team, now=NOW)
    invitations.withdraw(session, owner, listed.id, now=NOW)

    told = [(one.person, one.action, one.detail) for one in audit.log(session, owner, team)]
    assert told == [
        ("Ines", "withdrew an invitation", "trainer: ben@example.org"),
        ("Ines", "invited", "trainer: ben@example.org"),
    ]


@pytest.mark.parametrize("role", [None, Role.GUEST, Role.STRANGER])
def test_nobody_is_invited_into_a_team_without_a_role_there(session, role):
    ines = people.first(session)
    team, library = people.team(session, (ines, Role.OWNER))

    with pytest.raises(InvalidInput, match="member, a trainer or an owner"):
        invitations.invite(session, replace(ines, roles={library: Role.OWNER}), team_id=team, role=role, now=NOW)


@pytest.mark.parametrize(
    ("has", "invited_as", "becomes"),
    [
        (None, Role.MEMBER, Role.MEMBER),
        (Role.TRAINER, Role.MEMBER, Role.TRAINER),
        (Role.MEMBER, Role.OWNER, Role.OWNER),
    ],
)
def test_who_has_an_account_accepts_and_loses_no_role(session, has, invited_as, becomes):
    ines = people.first(session)
    ben = people.another(session, ines)
    team, library = people.team(session, (ines, Role.OWNER), *([(ben, has)] if has else []))
    token = invitations.invite(
        session, replace(ines, roles={library: Role.OWNER}), team_id=team, role=invited_as, now=NOW
    )

    assert invitations.accept(session, ben, token, now=NOW) == "Crew"

    assert teams.roles(session, ben.learner_id) == {library: becomes}
    with pytest.raises(NotFound):
        invitations.accept(session, ben, token, now=NOW)


def test_an_invitation_into_a_team_ends_with_the_team(session):
    ines = people.first(session)
    team, library = people.team(session, (ines, Role.OWNER))
    owner = replace(ines, roles={library: Role.OWNER})
    token = invitations.invite(session, owner, team_id=team, role=Role.MEMBER, now=NOW)

    teams.get(session, team).deleted_at = NOW

    with pytest.raises(NotFound):
        joined(session, token)


@pytest.mark.parametrize(
    ("inviter", "becomes", "invited_as", "is_fine"),
    [
        (Role.OWNER, None, Role.OWNER, False),
        (Role.OWNER, Role.TRAINER, Role.OWNER, False),
        (Role.OWNER, Role.TRAINER, Role.MEMBER, True),
        (Role.TRAINER, Role.MEMBER, Role.MEMBER, False),
        (Role.TRAINER, None, Role.TRAINER, False),
    ],
)
def test_nobody_gives_away_a_place_in_a_team_that_they_may_not_give_any_more(
    session, inviter, becomes, invited_as, is_fine
):
    ines = people.first(session)
    ben = people.another(session, ines)
    team, library = people.team(session, (ines, Role.OWNER), (ben, inviter))
    token = invitations.invite(session, replace(ben, roles={library: inviter}), team_id=team, role=invited_as, now=NOW)
    teams.membership(session, team, ben.person_id).role = becomes or inviter
    teams.membership(session, team, ben.person_id).left_at = None if becomes else NOW
    session.flush()

    listed = invitations.waiting(session, replace(ines, roles={library: Role.OWNER}), team_id=team, now=NOW)
    assert bool(listed) == is_fine
    if is_fine:
        assert invitations.accept(session, ben, token, now=NOW) == "Crew"
        return
    with pytest.raises(NotFound, match="may not invite any more"):
        invitations.accept(session, ben, token, now=NOW)
    with pytest.raises(NotFound, match="may not invite any more"):
        joined(session, token, email="cleo@example.org")


def test_who_administers_no_more_invites_nobody_by_a_link_of_before(session):
    ines = people.first(session)
    ben = people.another(session, ines)
    accounts.let_administer(session, ines, ben.learner_id)
    token = invitations.invite(session, ben, now=NOW)

    accounts.administer_no_more(session, ines, ben.learner_id)

    with pytest.raises(NotFound, match="may not invite any more"):
        joined(session, token, email="cleo@example.org")


def test_a_trainer_neither_sees_nor_brings_back_the_invitation_of_an_owner(session):
    ines = people.first(session)
    ben = people.another(session, ines)
    team, library = people.team(session, (ines, Role.OWNER), (ben, Role.TRAINER))
    owner, trainer = replace(ines, roles={library: Role.OWNER}), replace(ben, roles={library: Role.TRAINER})
    invitations.invite(session, owner, team_id=team, role=Role.OWNER, now=NOW)
    (listed,) = invitations.waiting(session, owner, team_id=team, now=NOW)

    assert invitations.waiting(session, trainer, team_id=team, now=NOW) == []
    invitations.withdraw(session, owner, listed.id, now=NOW)
    with pytest.raises(NotFound, match="no such invitation"):
        invitations.put_back(session, trainer, listed.id, now=NOW)


def test_an_invitation_is_listed_withdrawn_and_put_back(session):
    ines = people.first(session)
    token = invitations.invite(session, ines, email="ben@example.org", now=NOW)
    (listed,) = invitations.waiting(session, ines, now=NOW)

    invitations.withdraw(session, ines, listed.id, now=NOW)
    with pytest.raises(NotFound):
        joined(session, token)
    assert invitations.waiting(session, ines, now=NOW) == []
    invitations.put_back(session, ines, listed.id, now=NOW)

    assert (listed.email, listed.inviter, listed.expires) == ("ben@example.org", "Ines", NOW + timedelta(days=7))
    assert joined(session, token)
    with pytest.raises(Conflict, match="used already"):
        invitations.withdraw(session, ines, listed.id, now=NOW)


def test_links_of_a_closed_account_work_no_more(session):
    ines = people.first(session)
    ben = people.another(session, ines)
    accounts.let_administer(session, ines, ben.learner_id)
    token = invitations.invite(session, ben, now=NOW)

    accounts.close(session, ines, ben.learner_id, now=NOW)

    with pytest.raises(NotFound):
        joined(session, token, email="cleo@example.org")


def test_the_console_invites_once_there_is_somebody(session):
    with pytest.raises(Conflict, match="--team"):
        invitations.invite_from_console(session, now=NOW)
    people.first(session)

    assert joined(session, invitations.invite_from_console(session, now=NOW))


def test_of_two_who_use_a_link_at_the_same_time_one_gets_the_account(database, owner):
    with database.writing() as session:
        token = invitations.invite(session, people.first(session), now=NOW)
    together = Barrier(2)

    def use(email):
        with database.reading() as session:
            invitations.look(session, token, now=NOW)
        together.wait(10)
        try:
            with database.writing() as session:
                return joined(session, token, email=email)
        except QuizappError as error:
            return type(error)

    with ThreadPoolExecutor(2) as pool:
        outcomes = list(pool.map(use, ["ben@example.org", "eve@example.org"]))

    with database.reading() as session:
        there = [one.email for one in accounts.everybody(session)]
    assert outcomes.count(NotFound) == 1
    assert len(there) == 2
