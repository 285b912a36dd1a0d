"""Permission, asked in one way: what is missing and what is somebody else's look the same."""

from typing import Protocol, TypeVar, cast

from quizapp.domain.permissions import Action, Actor, require


class Owned(Protocol):
    """Anything that belongs to a learner."""

    @property
    def owner_id(self) -> int: ...


Thing = TypeVar("Thing", bound=Owned)
NOBODY = 0


def allowed(row: Thing | None, actor: Actor, action: Action, *, thing: str) -> Thing:
    """Return the row if it is there and the actor may; else it is not found."""
    require(actor, action, row.owner_id if row else NOBODY, thing=thing)
    return cast(Thing, row)  # nobody owns what is missing, so it is refused above
