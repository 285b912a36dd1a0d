"""Who may do what: one table of roles and actions, asked by services alone."""

from dataclasses import dataclass
from enum import Enum
from typing import NewType

from quizapp.errors import NotFound
from quizapp.translations import _

LearnerId = NewType("LearnerId", int)


class Role(Enum):
    """What a person is to a thing."""

    OWNER = "owner"
    STRANGER = "stranger"


class Action(Enum):
    """What a person can do to a thing."""

    SEE = "see"
    EDIT = "edit"
    STUDY = "study"
    EXPORT = "export"


ALLOWED: dict[Role, frozenset[Action]] = {
    Role.OWNER: frozenset(Action),
    Role.STRANGER: frozenset(),
}


@dataclass(frozen=True)
class Actor:
    """The person on whose behalf a service acts."""

    learner_id: LearnerId


def role_of(actor: Actor, owner_id: int) -> Role:
    """Return what the actor is to a thing with that owner."""
    return Role.OWNER if owner_id == actor.learner_id else Role.STRANGER


def require(actor: Actor, action: Action, owner_id: int, *, thing: str) -> None:
    """Pass if the actor may; else the thing is not found, as if it did not exist."""
    if action not in ALLOWED[role_of(actor, owner_id)]:
        raise NotFound(
            "There is no such %(thing)s here. It may have been deleted; go back and look at the list.", thing=_(thing)
        )
