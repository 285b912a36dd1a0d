"""Files of other programs are read, each by its ending. Start from `opened`; what it gives, `importing` stores.

A file may hold more than fits into memory twice, so what it brings lies in a folder, in parts that are stored one by one.
"""

import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path

from quizapp import sandbox
from quizapp.anki import read as anki
from quizapp.db.pictures import StoredPicture
from quizapp.domain import card_media, deck_names
from quizapp.domain.card_media import Medium
from quizapp.domain.incoming import Incoming, PictureFile, Trouble
from quizapp.domain.options import Options
from quizapp.domain.past import Presets
from quizapp.errors import InvalidInput
from quizapp.exchange import formats
from quizapp.exchange.cargo import Attachment, Found
from quizapp.ingest.media_kinds import media_type
from quizapp.ingest.pictures import WRONG_KIND, Look, header_of
from quizapp.media import Media
from quizapp.sandbox import Limits, Progress, Wait
from quizapp.services import incoming_parts
from quizapp.services.arriving import Besides
from quizapp.services.incoming_parts import Reader
from quizapp.translations import _, many

LIMITS = Limits(seconds=1_800, memory_bytes=1 << 30, output_bytes=1 << 30)
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


@dataclass(frozen=True)
class Cargo:
    """What a file brings, in parts that can be loaded as long as the file is open."""

    besides: Besides
    count: int  # of the parts
    part: Callable[[int], Sequence[Incoming | Trouble]]

    def __len__(self) -> int:
        return self.count


@contextmanager
def opened(
    file: Path,
    filename: str,
    media: Media,
    *,
    presets: Presets,
    now: datetime,
    on_progress: Progress | None = None,
    on_wait: Wait | None = None,
) -> Iterator[Cargo]:
    """Read a file in a child of its own, and put its pictures among the media; takes no turn to write.

    By the presets the child works out ahead what histories come to, so that no turn to write waits for it.
    """
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        brought, parts = sandbox.run(
            incoming_parts.write,
            *(reader(filename), file.absolute(), folder, presets, now),
            limits=LIMITS,
            on_progress=on_progress,
            on_wait=on_wait,
        )
        pictures = {name: _kept(_data(folder, one), one.alt, media) for name, one in brought.pictures.items()}
        shown_in_text = tuple(one for one in brought.media if _is_kept(folder, one, media))
        found = _besides(brought.adapted, pictures, brought.options, shown_in_text)
        yield Cargo(found, parts, partial(incoming_parts.load, folder))


def besides(found: Found, media: Media) -> Besides:
    """Return what a file of cards brings besides them, its pictures and sounds put among the media."""
    pictures = {name: _kept(one.data, one.alt, media) for name, one in found.pictures.items()}
    attached = {address: _attached(address, one, media) for address, one in found.media.items()}
    refused = sum(one is None for one in attached.values())
    adapted = (*found.adapted, _not_what_it_says(refused)) if refused else found.adapted
    return _besides(adapted, pictures, found.options, tuple(filter(None, attached.values())))


def _besides(
    adapted: tuple[str, ...],
    pictures: Mapping[str, StoredPicture | None],
    options: Mapping[str, Options],
    shown_in_text: tuple[Medium, ...] = (),
) -> Besides:
    shown = {name: one for name, one in pictures.items() if one}
    left = len(pictures) - len(shown)
    told = (*adapted, _left_out(left)) if left else adapted
    own = {deck_names.key(deck_names.from_other(name)): one for name, one in options.items()}
    return Besides(told, shown, own, shown_in_text)


def _data(folder: Path, one: PictureFile) -> bytes:
    return (folder / one.file).read_bytes() if one.file else b""


def _is_kept(folder: Path, one: Medium, media: Media) -> bool:
    """Put a picture or sound of card text among the media, and say whether it is what it was told to be."""
    data = (folder / one.hash).read_bytes()
    return media_type(data) == one.media_type and media.put(data) == one.hash


def _attached(address: str, one: Attachment, media: Media) -> Medium | None:
    """Put a picture or sound of card text among the media; None where it is not what its address says."""
    found = card_media.medium(address, one.data, media_type(one.data), one.name)
    if found is not None:
        media.put(one.data)
    return found


def _kept(data: bytes, alt: str, media: Media) -> StoredPicture | None:
    """Put a picture among the media; None for one that is not to be shown."""
    look = Look(b"", len(data), header_of(data))
    if not data or look.fault or look.header is None:
        return None
    kind, width, height = look.header
    return StoredPicture(media.put(data), len(data), kind, alt, width, height, 0)


def _not_what_it_says(count: int) -> str:
    return many(
        "One picture or sound of card text was left out: it is not what its address says, too large, or of another kind.",
        "%(num)s pictures and sounds of card text were left out: "
        "they are not what their addresses say, too large, or of another kind.",
        count,
    )


def _left_out(count: int) -> str:
    return many(
        "One picture was left out: missing in the file, too large, or of another kind. %(kinds)s.",
        "%(num)s pictures were left out: missing in the file, too large, or of another kind. %(kinds)s.",
        count,
        kinds=_(WRONG_KIND),
    )
