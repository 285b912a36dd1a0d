"""Pictures of documents, to be looked at. Start from `picture`."""

from collections.abc import Sequence
from dataclasses import dataclass

from quizapp.db import pictures, quizzes
from quizapp.db.engine import Session, media_of
from quizapp.db.pictures import PictureRow
from quizapp.domain.permissions import Action, Actor, may
from quizapp.services.access import allowed


@dataclass(frozen=True)
class PictureFile:
    """The file of a picture, as its document held it."""

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


def _file(session: Session, row: PictureRow) -> PictureFile:
    return PictureFile(media_of(session).get(row.hash), row.media_type)


def _libraries(actor: Actor) -> Sequence[int]:
    """Return the libraries whose material the actor sees."""
    return [actor.person_id, *(one for one in actor.roles if may(actor, Action.SEE, one))]
