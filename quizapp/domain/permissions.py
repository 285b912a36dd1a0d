"""Who may do what: one table of roles and actions, asked by services alone."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import NewType
from uuid import UUID

from quizapp.errors import NotFound
from quizapp.translations import _

LearnerId = NewType("LearnerId", int)


class Role(Enum):
    """What a person is to a library: their own, or that of a team."""

    OWNER = "owner"
    TRAINER = "trainer"
    MEMBER = "member"
    GUEST = "guest"  # answers what is set for them, and sees nothing else
    STRANGER = "stranger"


class Action(Enum):
    """What a person can do to a thing, or to the team that it belongs to."""

    SEE = "see"
    EDIT = "edit"
    STUDY = "study"
    EXPORT = "export"
    SUGGEST = "suggest"
    ANSWER = "answer"  # a quiz that is assigned
    ASSIGN = "assign"
    WATCH = "watch"  # what people of the team know, within the rules of privacy
    INVITE = "invite"
    MANAGE = "manage"  # roles, the team's name, its end


ALLOWED: dict[Role, frozenset[Action]] = {
    Role.OWNER: frozenset(Action),
    Role.TRAINER: frozenset(Action) - {Action.MANAGE},
    Role.MEMBER: frozenset({Action.SEE, Action.STUDY, Action.EXPORT, Action.SUGGEST, Action.ANSWER}),
    Role.GUEST: frozenset({Action.ANSWER}),
    Role.STRANGER: frozenset(),
}
# Done only in the library that is open, so that what is made lands where the person is looking.
WITHIN = frozenset({Action.EDIT})


@dataclass(frozen=True)
class Actor:
    """The person on whose behalf a service acts, and the library that they have open."""

    learner_id: LearnerId  # whose library: the person's own, or the one that a team's material belongs to
    member_id: LearnerId | None = None  # the person, while a team's library is open
    roles: Mapping[int, Role] = field(default_factory=dict, hash=False)  # the person's, by the id of a team's library
    guest: UUID | None = None  # the key of one who has no account, whose `learner_id` is nobody's

    @property
    def person_id(self) -> LearnerId:
        """The person, whichever library is open."""
        return self.member_id or self.learner_id


def own(actor: Actor) -> Actor:
    """Return the same person in their own library."""
    return actor if actor.member_id is None else Actor(actor.member_id, roles=actor.roles)


def role_of(actor: Actor, owner_id: int) -> Role:
    """Return what the actor is to a thing with that owner."""
    return Role.OWNER if owner_id == actor.person_id else actor.roles.get(owner_id, Role.STRANGER)


def may(actor: Actor, action: Action, owner_id: int) -> bool:
    """Say whether the actor may do that to a thing with that owner."""
    return action in ALLOWED[role_of(actor, owner_id)] and (action not in WITHIN or owner_id == actor.learner_id)


def require(actor: Actor, action: Action, owner_id: int, *, thing: str) -> None:
    """Pass if the actor may; else the thing is not found, as if it did not exist."""
    if not may(actor, action, owner_id):
        raise NotFound(
            "There is no such %(thing)s here. It may have been deleted; go back and look at the list.", thing=_(thing)
        )
