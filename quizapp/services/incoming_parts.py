"""What a file brings, in parts that are stored one by one: `write` them in a child of its own, then `load` each.

Nothing here knows the database, which a child would take longer to import than to read a small file.
"""

import gc
import pickle
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from uuid import uuid4

from quizapp.domain.incoming import Brought, Incoming, Keep, Trouble
from quizapp.domain.options import Options
from quizapp.domain.past import Presets, ahead
from quizapp.domain.queues import Days
from quizapp.domain.scheduling import Preset
from quizapp.sandbox import Progress

PART = 8_000  # grades of a part, each note counted as `NOTE`: what is stored in about a quarter of a second
NOTE = 10
Reader = Callable[[Path, Path, Days, datetime, Progress, Keep], Brought]  # a file, a folder for its pictures


def write(
    read: Reader, file: Path, folder: Path, presets: Presets, now: datetime, report: Progress
) -> tuple[Brought, int]:
    """Read a file into a folder, and return what it brings besides notes, and how many parts those are."""
    gc.disable()  # millions of values and no circles among them: looking for some takes longer than reading
    writing = _Writing(folder, presets)
    brought = read(file, folder, presets.days, now, report, writing.keep)
    writing.flush()
    return brought, writing.parts


def load(folder: Path, number: int) -> Sequence[Incoming | Trouble]:
    """Return a part that was written into the folder."""
    found: Sequence[Incoming | Trouble] = pickle.loads(_part(folder, number).read_bytes())  # noqa: S301 - of our child
    return found


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
