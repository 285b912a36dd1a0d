"""Files that came from another program, and wait until their owner says what to do with them.

They lie among the media, and no row names them: what nobody asks for within a day is removed
with the other unnamed files (`trash.collect`). Start from `hold`.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from quizapp.db.engine import Session, media_of
from quizapp.errors import InvalidInput
from quizapp.ingest import formats
from quizapp.translations import marked

PUT_AWAY = marked("What came from the other app waits here for a day, and has been put away since. Share it once more.")


@dataclass(frozen=True)
class Held:
    """A file that waits."""

    filename: str
    size: int  # bytes
    name: str  # among the media


def hold(session: Session, files: Sequence[tuple[str, bytes]]) -> Sequence[Held]:
    """Keep files, by their names, until tomorrow; if one cannot be read, none is kept."""
    for filename, data in files:
        try:
            formats.refuse_at_sight(data)
        except InvalidInput as refusal:
            raise InvalidInput(
                "“%(filename)s”: %(message)s", filename=formats.shown_name(filename), message=refusal.message
            ) from None
    media = media_of(session)
    return [Held(filename, len(data), media.put(data)) for filename, data in files]


def taken(session: Session, held: Held) -> bytes:
    """Return what is in a file that waits."""
    media = media_of(session)
    if not media.exists(held.name):
        raise InvalidInput(PUT_AWAY)
    return media.get(held.name)
