from dataclasses import replace
from datetime import timedelta

import pytest

from quizapp.db.api_tokens import ApiTokenRow
from quizapp.domain.permissions import Role
from quizapp.errors import InvalidInput, NotFound
from quizapp.services import api_tokens
from tests.make import NOW
from tests.services import people


def made(session, actor, **wishes):
    return api_tokens.make(session, actor, **{"name": "script", "writes": False, "days": 30, "now": NOW, **wishes})


def test_a_program_acts_for_the_person_in_their_own_library(session):
    ines = people.first(session)
    _, crew = people.team(session, (ines, Role.TRAINER))
    inside = replace(ines, learner_id=crew, member_id=ines.learner_id)

    program = api_tokens.recognise(session, made(session, inside, writes=True), now=NOW)

    assert (program.actor, program.writes) == (replace(ines, roles={crew: Role.TRAINER}), True)


def test_a_token_works_until_its_day(session, owner):
    token = made(session, owner, days=90)

    assert api_tokens.recognise(session, token, now=NOW + timedelta(days=90, seconds=-1))
    assert api_tokens.recognise(session, token, now=NOW + timedelta(days=90)) is None


@pytest.mark.parametrize("token", ["", "recto_", "recto_" + "x" * 43, "x" * 100_000])
def test_what_is_no_token_is_nobody(session, owner, token):
    made(session, owner)

    assert api_tokens.recognise(session, token, now=NOW) is None


def test_use_is_noted_every_few_minutes(session, owner):
    token = made(session, owner)
    first = api_tokens.recognise(session, token, now=NOW)

    api_tokens.note_used(session, first, now=NOW)

    later = api_tokens.recognise(session, token, now=NOW)
    assert first.is_to_be_noted(NOW)
    assert [later.is_to_be_noted(NOW + timedelta(minutes=minutes)) for minutes in (4, 5)] == [False, True]


def test_a_token_is_listed_revoked_and_put_back_by_its_person_alone(session):
    ines = people.first(session)
    ben = people.another(session, ines)
    token = made(session, ines, name=" Backup \n script ")
    (listed,) = api_tokens.living(session, ines, now=NOW)

    for act in (
        lambda: api_tokens.revoke(session, ben, listed.id, now=NOW),
        lambda: api_tokens.put_back(session, ben, listed.id),
    ):
        with pytest.raises(NotFound):
            act()
    api_tokens.revoke(session, ines, listed.id, now=NOW)
    revoked = api_tokens.recognise(session, token, now=NOW), api_tokens.living(session, ines, now=NOW)
    api_tokens.put_back(session, ines, listed.id)

    assert listed.name == "Backup script"
    assert revoked == (None, [])
    assert api_tokens.recognise(session, token, now=NOW)


def test_nobody_has_more_than_fifty(session, owner):
    for _ in range(api_tokens.MOST):
        made(session, owner)

    with pytest.raises(InvalidInput, match="50 tokens"):
        made(session, owner)


def test_what_ended_a_month_ago_is_forgotten(session, owner):
    made(session, owner)
    made(session, owner, days=90)

    api_tokens.forget_old(session, now=NOW + timedelta(days=61))

    assert session.query(ApiTokenRow).count() == 1
