"""One document, to be built in every format. A builder takes parts and returns the bytes of a file."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from quizapp.domain.documents import BlockKind


@dataclass(frozen=True)
class Part:
    """A paragraph, a list item, a heading... as an author thinks of it."""

    kind: BlockKind
    text: str
    level: int = 0  # of a heading: 2 is below the title; of an item: its depth
    lead: str = ""  # the bold words that the text opens with
    cells: tuple[str, ...] = ()  # of a table row, whose first one is the header


Builder = Callable[[Sequence[Part]], bytes]


def _row(*cells: str) -> Part:
    return Part(BlockKind.ROW, " | ".join(cells), cells=cells)


SAMPLE = (
    Part(BlockKind.TITLE, "Keeping the Lighthouse at Skarn", 1),
    Part(BlockKind.PARAGRAPH, "The lighthouse at Skarn was built in 1871 and stands 43 metres above the sea."),
    Part(BlockKind.HEADING, "The lamp", 2),
    Part(
        BlockKind.PARAGRAPH,
        "A Fresnel lens is a lens made of rings that bends light into one beam. It weighs 1,900 kilograms and can be seen "
        "from 22 miles away, because its rings catch light that a plain lens would lose.",
    ),
    Part(BlockKind.BULLET, "Eclipse: the time between two flashes", 1, lead="Eclipse"),
    Part(BlockKind.BULLET, "Character: the rhythm by which sailors know a light", 1, lead="Character"),
    Part(BlockKind.BULLET, "At Skarn it is two flashes every 15 seconds.", 2),
    Part(BlockKind.HEADING, "Before a storm", 2),
    Part(BlockKind.HEADING, "Steps", 3),
    Part(BlockKind.STEP, "Close the shutters on the seaward side.", 1),
    Part(BlockKind.STEP, "Fill both tanks of the generator.", 1),
    Part(BlockKind.STEP, "Call the coast guard at Helm.", 1),
    Part(BlockKind.QUOTE, "Nobody goes out on the gallery above force nine."),
    Part(BlockKind.HEADING, "The other lights", 2),
    _row("Light", "Height", "Flashes"),
    _row("Skarn", "43 m", "2 every 15 s"),
    _row("Ulver", "28 m", "1 every 10 s"),
    _row("Tange", "35 m", "3 every 20 s"),
)
