"""Files of other programs are read, each by its ending. Start from `read`; what it gives, `importing.store` stores."""

import tempfile
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path

from quizapp import sandbox
from quizapp.anki import read as anki
from quizapp.db.pictures import StoredPicture
from quizapp.domain import deck_names
from quizapp.domain.card_media import Medium
from quizapp.domain.incoming import Brought, PictureFile
from quizapp.domain.queues import Days
from quizapp.errors import InvalidInput
from quizapp.exchange import formats
from quizapp.ingest.media_kinds import media_type
from quizapp.ingest.pictures import WRONG_KIND, Look, header_of
from quizapp.media import Media
from quizapp.sandbox import Limits, Progress, Wait
from quizapp.services.arriving import Besides
from quizapp.translations import _, many

LIMITS = Limits(seconds=600, memory_bytes=1 << 30, output_bytes=1 << 30)
Reader = Callable[[Path, Path, Days, datetime, Progress], Brought]  # a file, a folder for its pictures

READERS: Mapping[str, Reader] = {
    ".apkg": anki.read,
    ".colpkg": anki.read,
}


def is_of_anki(filename: str) -> bool:
    """Say whether a file with that name is a package of Anki's."""
    return READERS.get(Path(filename).suffix.lower()) is anki.read


def holds_cards_alone(filename: str) -> bool:
    """Say whether a file with that name is one of those that `receiving` looks at first; one of no kind is refused."""
    if formats.for_file(filename) is not None:
        return True
    reader(filename)
    return False


def suffixes() -> tuple[str, ...]:
    """Return the endings of all that can be imported."""
    return (*READERS, *formats.suffixes())


def reader(filename: str) -> Reader:
    """Return what reads a file of that name; another is refused."""
    found = READERS.get(Path(filename).suffix.lower())
    if found is None:
        raise InvalidInput(
            "“%(filename)s” is of no kind that can be imported. Choose one of %(suffixes)s.",
            filename=filename,
            suffixes=", ".join(suffixes()),
        )
    return found


def read(
    file: Path,
    filename: str,
    media: Media,
    *,
    days: Days,
    now: datetime,
    on_progress: Progress | None = None,
    on_wait: Wait | None = None,
) -> tuple[Brought, Besides]:
    """Read a file in a child of its own, and put its pictures among the media; takes no turn to write."""
    with tempfile.TemporaryDirectory() as folder:
        brought = sandbox.run(
            reader(filename),
            *(file.absolute(), Path(folder), days, now),
            limits=LIMITS,
            on_progress=on_progress,
            on_wait=on_wait,
        )
        shown_in_text = tuple(one for one in brought.media if _is_kept(Path(folder), one, media))
        pictures = {name: _kept(Path(folder), one, media) for name, one in brought.pictures.items()}
    options = {deck_names.key(deck_names.from_other(name)): one for name, one in brought.options.items()}
    shown = {name: one for name, one in pictures.items() if one}
    left = len(pictures) - len(shown)
    told = (*brought.adapted, _left_out(left)) if left else brought.adapted
    return brought, Besides(told, shown, options, shown_in_text)


def _is_kept(folder: Path, one: Medium, media: Media) -> bool:
    """Put a picture or sound of card text among the media, and say whether it is what it was told to be."""
    data = (folder / one.hash).read_bytes()
    return media_type(data) == one.media_type and media.put(data) == one.hash


def _kept(folder: Path, one: PictureFile, media: Media) -> StoredPicture | None:
    """Put a picture among the media; None for one that is not to be shown."""
    data = (folder / one.file).read_bytes() if one.file else b""
    look = Look(b"", len(data), header_of(data))
    if not data or look.fault or look.header is None:
        return None
    kind, width, height = look.header
    return StoredPicture(media.put(data), len(data), kind, one.alt, width, height, 0)


def _left_out(count: int) -> str:
    return many(
        "One picture was left out: missing in the file, too large, or of another kind. %(kinds)s.",
        "%(num)s pictures were left out: missing in the file, too large, or of another kind. %(kinds)s.",
        count,
        kinds=_(WRONG_KIND),
    )
