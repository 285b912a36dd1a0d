"""Pictures of documents, and the pictures and sounds of cards. Start from `picture` and `medium`."""

from collections.abc import Sequence
from dataclasses import dataclass

from quizapp.db import card_media, pictures, quizzes
from quizapp.db.card_media import CardMediumRow
from quizapp.db.engine import Session, media_of
from quizapp.db.pictures import PictureRow
from quizapp.domain.card_media import address
from quizapp.domain.permissions import Action, Actor, may
from quizapp.services.access import allowed


@dataclass(frozen=True)
class PictureFile:
    """The file of a picture or a sound, as it came."""

    data: bytes
    media_type: str


def picture(session: Session, actor: Actor, name: str) -> PictureFile:
    """Return a picture that the actor may see, whose file has that name."""
    row = pictures.with_name(session, _libraries(actor), name)
    return _file(session, allowed(row, actor, Action.SEE, thing="picture"))


def asked_about(session: Session, actor: Actor, name: str) -> PictureFile:
    """Return a picture of a question that is assigned, for one who sees nothing else of its library."""
    rows = (quizzes.assigned_picture(session, owner, name) for owner in actor.roles)
    return _file(session, allowed(next(filter(None, rows), None), actor, Action.ANSWER, thing="picture"))


def _file(session: Session, row: PictureRow | CardMediumRow) -> PictureFile:
    return PictureFile(media_of(session).get(row.hash), row.media_type)


def medium(session: Session, actor: Actor, name: str) -> PictureFile:
    """Return the picture or sound that card text which the actor may see calls "media/" and that name."""
    row = card_media.get(session, _libraries(actor), name.partition(".")[0])
    if row is not None and f"media/{name}" != address(row.hash, row.media_type):
        row = None
    return _file(session, allowed(row, actor, Action.SEE, thing="picture"))


def _libraries(actor: Actor) -> Sequence[int]:
    """Return the libraries whose material the actor sees."""
    return [actor.person_id, *(one for one in actor.roles if may(actor, Action.SEE, one))]
