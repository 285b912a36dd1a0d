from dataclasses import replace
from datetime import timedelta

import pytest

from quizapp.db import sign_ins as rows
from quizapp.db import teams
from quizapp.domain.permissions import Role
from quizapp.domain.tokens import hashed
from quizapp.errors import Forbidden, NotFound
from quizapp.services import accounts, sign_ins
from tests.make import NOW
from tests.services import people


def later(**time):
    return NOW + timedelta(**time)


def test_who_signed_in_is_recognised_by_the_token_alone(session):
    ines = people.first(session)

    token = sign_ins.sign_in(session, ines.learner_id, agent="Firefox, Linux", now=NOW)

    known = sign_ins.recognise(session, token, now=NOW)
    assert (known.actor, known.name, known.email, known.administers) == (ines, "Ines", "ines@example.org", True)
    assert sign_ins.recognise(session, token + "x", now=NOW) is None
    assert sign_ins.recognise(session, hashed(token), now=NOW) is None
    assert sign_ins.recognise(session, "", now=NOW) is None


def test_a_browser_stays_signed_in_for_30_days_after_it_was_used(session):
    ines = people.first(session)
    token = sign_ins.sign_in(session, ines.learner_id, now=NOW)
    known = sign_ins.recognise(session, token, now=later(days=29))

    sign_ins.note_seen(session, known.id, now=later(days=29))

    assert sign_ins.recognise(session, token, now=later(days=58))
    assert sign_ins.recognise(session, token, now=later(days=59)) is None


def test_that_a_browser_is_used_is_noted_every_few_minutes(session):
    ines = people.first(session)
    known = sign_ins.recognise(session, sign_ins.sign_in(session, ines.learner_id, now=NOW), now=NOW)

    assert not known.is_to_be_noted(later(minutes=4))
    assert known.is_to_be_noted(later(minutes=5))


def test_signing_out_ends_it_here_and_nowhere_else(session):
    ines = people.first(session)
    here, there = (sign_ins.sign_in(session, ines.learner_id, now=NOW) for _ in range(2))

    sign_ins.sign_out(session, sign_ins.recognise(session, here, now=NOW), now=NOW)

    assert sign_ins.recognise(session, here, now=NOW) is None
    assert sign_ins.recognise(session, there, now=NOW)


def test_devices_are_listed_and_ended_one_by_one_or_all_but_this(session):
    ines = people.first(session)
    tokens = [
        sign_ins.sign_in(session, ines.learner_id, agent=agent, now=later(minutes=minute))
        for minute, agent in enumerate(["Firefox, Linux", "Safari, iPhone", "Edge, Windows"])
    ]
    ids = [sign_ins.recognise(session, token, now=NOW).id for token in tokens]

    listed = sign_ins.devices(session, ines, this=ids[0], now=NOW)
    sign_ins.revoke(session, ines, ids[1], now=NOW)
    others = sign_ins.revoke_others(session, ines, this=ids[0], now=NOW)

    assert [(one.agent, one.is_this) for one in listed] == [
        ("Firefox, Linux", True), ("Edge, Windows", False), ("Safari, iPhone", False)
    ]  # fmt: skip
    assert others == 1
    assert [one.id for one in sign_ins.devices(session, ines, this=ids[0], now=NOW)] == ids[:1]


def test_nobody_signs_another_out(session):
    ines = people.first(session)
    ben = people.another(session, ines)
    token = sign_ins.sign_in(session, ines.learner_id, now=NOW)

    with pytest.raises(NotFound):
        sign_ins.revoke(session, ben, sign_ins.recognise(session, token, now=NOW).id, now=NOW)

    assert sign_ins.recognise(session, token, now=NOW)


def test_a_closed_account_is_out_at_once_and_cannot_come_back(session):
    ines = people.first(session)
    ben = people.another(session, ines)
    token = sign_ins.sign_in(session, ben.learner_id, now=NOW)

    accounts.close(session, ines, ben.learner_id, now=NOW)

    assert sign_ins.recognise(session, token, now=NOW) is None
    with pytest.raises(Forbidden, match="closed"):
        sign_ins.sign_in(session, ben.learner_id, now=NOW)


def test_roles_in_living_teams_come_along(session):
    ines = people.first(session)
    _, crew = people.team(session, (ines, Role.TRAINER))
    gone, _ = people.team(session, (ines, Role.OWNER), name="Gone")
    left, _ = people.team(session, (ines, Role.OWNER), name="Left")
    teams.get(session, gone).deleted_at = NOW
    teams.membership(session, left, ines.learner_id).left_at = NOW
    session.flush()

    known = sign_ins.recognise(session, sign_ins.sign_in(session, ines.learner_id, now=NOW), now=NOW)

    assert known.actor == replace(ines, roles={crew: Role.TRAINER})
    assert known.actor.roles == {crew: Role.TRAINER}


def test_what_ended_a_month_ago_is_forgotten(session):
    ines = people.first(session)
    sign_ins.sign_in(session, ines.learner_id, now=NOW)
    sign_ins.sign_in(session, ines.learner_id, now=later(days=20))

    sign_ins.forget_old(session, now=later(days=61))

    assert session.query(rows.SignInRow).count() == 1
