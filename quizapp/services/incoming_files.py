"""Files of other programs are read, each by its ending. Start from `opened`; what it gives, `importing` stores.

A file may hold more than fits into memory twice, so what it brings lies in a folder, in parts that are stored one by one.
"""

import gc
import pickle
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from uuid import uuid4

from quizapp import sandbox
from quizapp.anki import read as anki
from quizapp.db.pictures import StoredPicture
from quizapp.domain import card_media, deck_names
from quizapp.domain.card_media import Medium
from quizapp.domain.incoming import Brought, Incoming, Keep, PictureFile, Trouble
from quizapp.domain.options import Options
from quizapp.domain.past import Presets, ahead
from quizapp.domain.queues import Days
from quizapp.domain.scheduling import Preset
from quizapp.errors import InvalidInput
from quizapp.exchange import formats
from quizapp.exchange.cargo import Attachment, Found
from quizapp.ingest.media_kinds import media_type
from quizapp.ingest.pictures import WRONG_KIND, Look, header_of
from quizapp.media import Media
from quizapp.sandbox import Limits, Progress, Wait
from quizapp.services.arriving import Besides
from quizapp.translations import _, many

LIMITS = Limits(seconds=1_800, memory_bytes=1 << 30, output_bytes=1 << 30)
PART = 8_000  # grades of a part, each note counted as `NOTE`: what is stored in about a quarter of a second
NOTE = 10
Reader = Callable[[Path, Path, Days, datetime, Progress, Keep], Brought]  # a file, a folder for its pictures

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
            _in_parts,
            *(reader(filename), file.absolute(), folder, presets, now),
            limits=LIMITS,
            on_progress=on_progress,
            on_wait=on_wait,
        )
        pictures = {name: _kept(_data(folder, one), one.alt, media) for name, one in brought.pictures.items()}
        shown_in_text = tuple(one for one in brought.media if _is_kept(folder, one, media))
        found = _besides(brought.adapted, pictures, brought.options, shown_in_text)
        yield Cargo(found, parts, partial(_loaded, folder))


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


def _loaded(folder: Path, number: int) -> Sequence[Incoming | Trouble]:
    found: Sequence[Incoming | Trouble] = pickle.loads(_part(folder, number).read_bytes())  # noqa: S301 - of our child
    return found


def _in_parts(
    read: Reader, file: Path, folder: Path, presets: Presets, now: datetime, report: Progress
) -> tuple[Brought, int]:
    """Do the work of `opened`, in the child: return what a file brings besides notes, and how many parts those are."""
    gc.disable()  # millions of values and no circles among them: looking for some takes longer than reading
    writing = _Writing(folder, presets)
    brought = read(file, folder, presets.days, now, report, writing.keep)
    writing.flush()
    return brought, writing.parts


class _Writing:
    """Puts what a file brings into parts, each about as long in storing."""

    def __init__(self, folder: Path, presets: Presets) -> None:
        self.parts = 0
        self._folder, self._presets = folder, presets
        self._held: list[Incoming | Trouble] = []
        self._weight = 0
        self._by_deck: dict[str, Preset] = {}

    def keep(self, these: Sequence[Incoming | Trouble], brought: Mapping[str, Options]) -> None:
        for one in these:
            self._weight += NOTE
            if isinstance(one, Incoming) and one.cards:
                self._weight += sum(len(card.reviews) for card in one.cards)
                self._held.append(ahead(one, self._preset(one.deck, brought), self._presets, uuid4))
            else:
                self._held.append(one)
        if self._weight >= PART:
            self.flush()

    def flush(self) -> None:
        """Write down what is held."""
        if self._held:
            _part(self._folder, self.parts).write_bytes(pickle.dumps(self._held, pickle.HIGHEST_PROTOCOL))
            self.parts, self._held, self._weight = self.parts + 1, [], 0

    def _preset(self, deck: str, brought: Mapping[str, Options]) -> Preset:
        if deck not in self._by_deck:
            self._by_deck[deck] = self._presets.of(deck, brought)
        return self._by_deck[deck]


def _part(folder: Path, number: int) -> Path:
    return folder / f"part-{number}"


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
