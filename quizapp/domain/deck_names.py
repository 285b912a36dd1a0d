"""Names of decks; they nest as in Anki: "A::B" is the deck B inside A."""

import unicodedata
from collections.abc import Sequence

from quizapp.errors import InvalidInput

SEPARATOR = "::"
LIMIT_CHARS = 200
JOINERS = frozenset("\u200c\u200d")  # invisible, and part of words in Persian and of emoji


def clean(name: str) -> str:
    """Return the name tidied up, or refuse one that could not be shown or found again."""
    shown = "".join(c for c in unicodedata.normalize("NFC", name) if unicodedata.category(c) != "Cf" or c in JOINERS)
    parts = [" ".join(part.split()) for part in shown.split(SEPARATOR)]
    if not all(part.strip("".join(JOINERS)) for part in parts):
        raise InvalidInput(
            "A deck needs a name, and so does each part between “::”. Write one, such as Biology::Cells."
        )
    if any(unicodedata.category(character) in {"Cc", "Cs"} for part in parts for character in part):
        raise InvalidInput("A deck's name cannot hold control characters. Type it anew.")
    tidy = SEPARATOR.join(parts)
    if len(tidy) > LIMIT_CHARS:
        raise InvalidInput(
            "A deck's name can have %(limit)s characters, not %(count)s. Choose a shorter one.",
            limit=LIMIT_CHARS,
            count=len(tidy),
        )
    return tidy


def from_title(title: str) -> str:
    """Return a name for the deck of a document: one level, never too long."""
    printable = "".join(" " if unicodedata.category(c) in {"Cc", "Cs"} else c for c in title)
    name = " ".join(unicodedata.normalize("NFC", printable).replace(SEPARATOR, ": ").split())
    return name[:LIMIT_CHARS].rstrip() or "Untitled"


def key(name: str) -> str:
    """Return the form in which names are compared: "biology" is the deck "Biology"."""
    return name.casefold()


def moved(name: str, old: str, new: str) -> str:
    """Return what a deck or subdeck of `old` is called once that is called `new`."""
    depth = old.count(SEPARATOR) + 1
    return SEPARATOR.join((new, *name.split(SEPARATOR)[depth:]))


def inside(name: str, above: str | None) -> str:
    """Return what a deck is called once it stands in the one above, or in none."""
    own = name.rsplit(SEPARATOR, 1)[-1]
    return own if above is None else above + SEPARATOR + own


def lineage(name: str) -> Sequence[str]:
    """Return the names of the deck and of those it is in, the outermost first."""
    parts = name.split(SEPARATOR)
    return [SEPARATOR.join(parts[:depth]) for depth in range(1, len(parts) + 1)]
