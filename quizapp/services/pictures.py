"""Pictures of documents, to be looked at. Start from `picture`."""

from collections.abc import Sequence
from dataclasses import dataclass

from quizapp.db import pictures
from quizapp.db.engine import Session, media_of
from quizapp.domain.permissions import Action, Actor, may
from quizapp.services.access import allowed


@dataclass(frozen=True)
class PictureFile:
    """The file of a picture, as its document held it."""

    data: bytes
    media_type: str


def picture(session: Session, actor: Actor, name: str) -> PictureFile:
    """Return a picture that the actor may see, whose file has that name."""
    row = allowed(pictures.with_name(session, _libraries(actor), name), actor, Action.SEE, thing="picture")
    return PictureFile(media_of(session).get(row.hash), row.media_type)


def _libraries(actor: Actor) -> Sequence[int]:
    """Return the libraries whose material the actor sees."""
    return [actor.person_id, *(one for one in actor.roles if may(actor, Action.SEE, one))]
