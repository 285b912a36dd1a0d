import pytest

from quizapp.domain.permissions import ALLOWED, Action, Actor, LearnerId, Role, may, require, role_of
from quizapp.errors import NotFound

ME = Actor(LearnerId(1))
TEAM = 7  # the library of a team
BY_ROLE = {
    Role.TRAINER: set(Action) - {Action.MANAGE},
    Role.MEMBER: {Action.SEE, Action.STUDY, Action.EXPORT, Action.SUGGEST, Action.ANSWER},
    Role.GUEST: {Action.ANSWER},
    Role.STRANGER: set(),
}


def in_team(role: Role, *, opened: bool) -> Actor:
    return Actor(LearnerId(TEAM), LearnerId(1), {TEAM: role}) if opened else Actor(LearnerId(1), roles={TEAM: role})


@pytest.mark.parametrize("action", Action)
def test_an_owner_may_do_everything_with_what_is_theirs(action):
    require(ME, action, 1, thing="deck")


@pytest.mark.parametrize("action", Action)
def test_what_belongs_to_another_is_not_there(action):
    with pytest.raises(NotFound, match="no such deck"):
        require(ME, action, 2, thing="deck")


def test_every_role_has_its_row_in_the_table():
    assert set(ALLOWED) == set(Role)
    assert role_of(ME, 1) is Role.OWNER


@pytest.mark.parametrize(("role", "actions"), BY_ROLE.items())
def test_a_role_in_a_team_allows_what_the_table_says_and_nothing_else(role, actions):
    assert {action for action in Action if may(in_team(role, opened=True), action, TEAM)} == actions


@pytest.mark.parametrize("role", [Role.OWNER, Role.TRAINER])
def test_what_a_team_has_is_edited_only_in_its_own_library(role):
    assert may(in_team(role, opened=True), Action.EDIT, TEAM)
    assert not may(in_team(role, opened=False), Action.EDIT, TEAM)
    assert may(in_team(role, opened=False), Action.ASSIGN, TEAM)


def test_a_role_in_one_team_says_nothing_of_another():
    assert role_of(in_team(Role.OWNER, opened=True), 8) is Role.STRANGER


def test_what_is_ones_own_is_edited_in_ones_own_library():
    assert role_of(in_team(Role.MEMBER, opened=True), 1) is Role.OWNER
    assert not may(in_team(Role.OWNER, opened=True), Action.EDIT, 1)
