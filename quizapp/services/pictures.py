"""Pictures of documents, and the pictures and sounds of cards. Start from `picture` and `medium`."""

from dataclasses import dataclass

from quizapp.db import card_media, pictures
from quizapp.db.engine import Session, media_of
from quizapp.domain.card_media import address
from quizapp.domain.permissions import Action, Actor
from quizapp.services.access import allowed


@dataclass(frozen=True)
class PictureFile:
    """The file of a picture or a sound, as it came."""

    data: bytes
    media_type: str


def picture(session: Session, actor: Actor, name: str) -> PictureFile:
    """Return the actor's picture whose file has that name."""
    row = allowed(pictures.with_name(session, actor.learner_id, name), actor, Action.SEE, thing="picture")
    return PictureFile(media_of(session).get(row.hash), row.media_type)


def medium(session: Session, actor: Actor, name: str) -> PictureFile:
    """Return the picture or sound that card text of the actor calls "media/" and that name."""
    row = card_media.get(session, actor.learner_id, name.partition(".")[0])
    if row is not None and f"media/{name}" != address(row.hash, row.media_type):
        row = None
    row = allowed(row, actor, Action.SEE, thing="picture")
    return PictureFile(media_of(session).get(row.hash), row.media_type)
