"""Pictures of documents, and the pictures and sounds of cards. Start from `picture` and `medium`.

Guests have the two that follow them, of what is assigned and nothing else.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from quizapp.db import assignments, card_media, pictures, quizzes
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


def medium(session: Session, actor: Actor, name: str) -> PictureFile:
    """Return the picture or sound that card text which the actor may see calls "media/" and that name."""
    row = _medium(session, _libraries(actor), name)
    return _file(session, allowed(row, actor, Action.SEE, thing="picture"))


def medium_of_link(session: Session, actor: Actor, token: str, name: str) -> PictureFile:
    """Return the picture or sound of that name which a question shows that guests have by the link."""
    assigned, row = assignments.by_token(session, token), None
    if assigned and assigned.quiz_id and quizzes.shows(session, assigned.quiz_id, f"media/{name}"):
        row = _medium(session, [assigned.owner_id], name)
    return _file(session, allowed(row, actor, Action.ANSWER, thing="picture"))


def _file(session: Session, row: PictureRow | CardMediumRow) -> PictureFile:
    return PictureFile(media_of(session).get(row.hash), row.media_type)


def _medium(session: Session, owner_ids: Sequence[int], name: str) -> CardMediumRow | None:
    row = card_media.get(session, owner_ids, name.partition(".")[0])
    return row if row and f"media/{name}" == address(row.hash, row.media_type) else None


def _libraries(actor: Actor) -> Sequence[int]:
    """Return the libraries whose material the actor sees."""
    return [actor.person_id, *(one for one in actor.roles if may(actor, Action.SEE, one))]
