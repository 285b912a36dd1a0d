"""Pictures of documents, to be looked at. Start from `picture`."""

from dataclasses import dataclass

from quizapp.db import pictures
from quizapp.db.engine import Session, media_of
from quizapp.domain.permissions import Action, Actor
from quizapp.services.access import allowed


@dataclass(frozen=True)
class PictureFile:
    """The file of a picture, as its document held it."""

    data: bytes
    media_type: str


def picture(session: Session, actor: Actor, name: str) -> PictureFile:
    """Return the actor's picture whose file has that name."""
    row = allowed(pictures.with_name(session, actor.learner_id, name), actor, Action.SEE, thing="picture")
    return PictureFile(media_of(session).get(row.hash), row.media_type)
