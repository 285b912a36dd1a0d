"""Pictures of documents, and the pictures and sounds of cards. Start from `picture` and `medium`.

Guests have the two of a link, `picture_of_link` and `medium_of_link`: of what they were asked and nothing else.
"""

from collections.abc import Sequence, Set
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


def picture_of_link(session: Session, actor: Actor, token: str, name: str) -> PictureFile:
    """Return the picture of that name which a question is about that the guest was asked, by the link."""
    assigned, row = assignments.by_token(session, token), None
    if assigned and assigned.quiz_id:
        asked = _asked(session, actor, assigned.quiz_id)
        found = quizzes.illustrated(session, assigned.quiz_id, name)
        row = next((picture for number, picture in found.items() if number in asked), None)
    return _file(session, allowed(row, actor, Action.ANSWER, thing="picture"))


def medium(session: Session, actor: Actor, name: str) -> PictureFile:
    """Return the picture or sound that card text which the actor may see calls "media/" and that name."""
    row = _medium(session, _libraries(actor), name)
    return _file(session, allowed(row, actor, Action.SEE, thing="picture"))


def medium_of_link(session: Session, actor: Actor, token: str, name: str) -> PictureFile:
    """Return the picture or sound of that name which a question shows that the guest was asked, by the link."""
    assigned, row = assignments.by_token(session, token), None
    if assigned and assigned.quiz_id:
        asked = _asked(session, actor, assigned.quiz_id)
        if not asked.isdisjoint(quizzes.showing(session, assigned.quiz_id, f"media/{name}")):
            row = _medium(session, [assigned.owner_id], name)
    return _file(session, allowed(row, actor, Action.ANSWER, thing="picture"))


def _asked(session: Session, actor: Actor, quiz_id: int) -> Set[int]:
    return quizzes.asked_of_guest(session, quiz_id, actor.guest) if actor.guest else frozenset()


def _file(session: Session, row: PictureRow | CardMediumRow) -> PictureFile:
    return PictureFile(media_of(session).get(row.hash), row.media_type)


def _medium(session: Session, owner_ids: Sequence[int], name: str) -> CardMediumRow | None:
    row = card_media.get(session, owner_ids, name.partition(".")[0])
    return row if row and f"media/{name}" == address(row.hash, row.media_type) else None


def _libraries(actor: Actor) -> Sequence[int]:
    """Return the libraries whose material the actor sees."""
    return [actor.person_id, *(one for one in actor.roles if may(actor, Action.SEE, one))]
