"""Pictures of documents, to be looked at. Start from `picture`."""

from dataclasses import dataclass

from quizapp.db import pictures, quizzes
from quizapp.db.engine import Session, media_of
from quizapp.db.pictures import PictureRow
from quizapp.domain.permissions import Action, Actor
from quizapp.services.access import allowed


@dataclass(frozen=True)
class PictureFile:
    """The file of a picture, as its document held it."""

    data: bytes
    media_type: str


def picture(session: Session, actor: Actor, name: str) -> PictureFile:
    """Return the picture whose file has that name, of a library that the actor may look into."""
    owners = dict.fromkeys((actor.learner_id, actor.person_id, *actor.roles))
    rows = (pictures.with_name(session, owner, name) for owner in owners)
    return _file(session, allowed(next(filter(None, rows), None), actor, Action.SEE, thing="picture"))


def asked_about(session: Session, actor: Actor, name: str) -> PictureFile:
    """Return a picture of a question that is assigned, for one who sees nothing else of its library."""
    rows = (quizzes.assigned_picture(session, owner, name) for owner in actor.roles)
    return _file(session, allowed(next(filter(None, rows), None), actor, Action.ANSWER, thing="picture"))


def _file(session: Session, row: PictureRow) -> PictureFile:
    return PictureFile(media_of(session).get(row.hash), row.media_type)
