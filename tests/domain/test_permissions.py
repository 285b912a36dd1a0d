import pytest

from quizapp.domain.permissions import ALLOWED, Action, Actor, LearnerId, Role, require, role_of
from quizapp.errors import NotFound

ME = Actor(LearnerId(1))


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
