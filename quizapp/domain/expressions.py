"""What cards are searched for, as a tree of conditions. `search_language.parse` reads one, `printed` writes it.

Names of decks and the like are compared with a **glob**: `*` stands for any characters, `_` for one, and a
backslash takes that from the sign behind it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from typing import TypeAlias

from quizapp.domain.cards import CardKind
from quizapp.domain.scheduling import Grade
from quizapp.domain.searching import MARKS, Term, folded

ANY, ONE, LITERALLY = "*", "_", "\\"
SPECIAL = frozenset((ANY, ONE, LITERALLY))


class Field(Enum):
    """What is looked up by its name."""

    DECK = "deck"  # with its subdecks
    TAG = "tag"  # with the tags below it
    SPEAKER = "speaker"
    DOCUMENT = "document"
    REASON = "reason"  # of a report that nobody has dealt with


class State(Enum):
    """Where a card can stand."""

    DUE = "due"  # today
    NEW = "new"  # never answered
    LEARN = "learn"  # in steps, of learning or relearning
    REVIEW = "review"  # out of its first steps, forgotten again or not
    SUSPENDED = "suspended"
    BURIED = "buried"
    LEECH = "leech"


class Event(Enum):
    """What has happened within the last days."""

    ADDED = "added"
    EDITED = "edited"
    INTRODUCED = "introduced"  # answered for the first time


class Measure(Enum):
    """A figure of a card."""

    STABILITY = "s"  # days
    DIFFICULTY = "d"  # 0 to 1, as Anki says it
    RETRIEVABILITY = "r"  # 0 to 1
    INTERVAL = "ivl"  # days
    DUE = "due"  # days from today on
    LAPSES = "lapses"
    REVIEWS = "reps"


WHOLE = frozenset((Measure.INTERVAL, Measure.DUE, Measure.LAPSES, Measure.REVIEWS))


class Comparison(Enum):
    """How a figure stands to a number."""

    LESS = "<"
    AT_MOST = "<="
    EQUAL = "="
    UNEQUAL = "!="
    AT_LEAST = ">="
    MORE = ">"


class Ids(Enum):
    """Whose numbers are given."""

    CARD = "cid"
    NOTE = "nid"


@dataclass(frozen=True)
class Everything:
    """Every card."""


@dataclass(frozen=True)
class Wild:
    """A word of which only parts are given: `d*g`; with a blank in it, words side by side."""

    pattern: str


@dataclass(frozen=True)
class InSource:
    """The text stands in the quote that the card comes from, or above it; any quote does when it is `*`."""

    text: Term | Wild


@dataclass(frozen=True)
class Named:
    """What the field names is like the glob."""

    field: Field
    glob: str


@dataclass(frozen=True)
class Untagged:
    """There is no tag."""


@dataclass(frozen=True)
class OfKind:
    """The card asks in this way."""

    kind: CardKind


@dataclass(frozen=True)
class Is:
    """The card stands there."""

    state: State


@dataclass(frozen=True)
class Rated:
    """The card was answered within the last days, today being the first; with this grade, if one is given."""

    days: int
    grade: Grade | None = None


@dataclass(frozen=True)
class Since:
    """Something happened within the last days, today being the first."""

    event: Event
    days: int


@dataclass(frozen=True)
class Measured:
    """A figure compared with a number; a card that does not have the figure is not found."""

    measure: Measure
    comparison: Comparison
    number: float


@dataclass(frozen=True)
class Flagged:
    """The card has this flag; 0 for none."""

    flag: int


@dataclass(frozen=True)
class Face:
    """The card is the one of that number among those of its note, from 1."""

    number: int


@dataclass(frozen=True)
class OneOf:
    """The card, or its note, has one of these numbers."""

    whose: Ids
    numbers: tuple[int, ...]


@dataclass(frozen=True)
class Not:
    """What the part does not find."""

    part: "Expression"


@dataclass(frozen=True)
class All:
    """What every part finds; made by `both`."""

    parts: tuple["Expression", ...]


@dataclass(frozen=True)
class Either:
    """What one of the parts finds; made by `either`."""

    parts: tuple["Expression", ...]


Leaf: TypeAlias = (
    Everything
    | Term
    | Wild
    | InSource
    | Named
    | Untagged
    | OfKind
    | Is
    | Rated
    | Since
    | Measured
    | Flagged
    | Face
    | OneOf
)
Expression: TypeAlias = Leaf | Not | All | Either
NO_TAG = "none"


def both(*parts: Expression) -> Expression:
    """Return what all the parts find."""
    flat = [inner for part in parts for inner in (part.parts if isinstance(part, All) else (part,))]
    left = [part for part in flat if part != Everything()]
    return All(tuple(left)) if len(left) > 1 else left[0] if left else Everything()


def either(*parts: Expression) -> Expression:
    """Return what any of the parts finds."""
    flat = tuple(inner for part in parts for inner in (part.parts if isinstance(part, Either) else (part,)))
    return Either(flat) if len(flat) > 1 else flat[0]


def negated(part: Expression) -> Expression:
    """Return what the part does not find."""
    return part.part if isinstance(part, Not) else Not(part)


def exactly(name: str) -> str:
    """Return the glob that is like the name and nothing else."""
    return "".join(LITERALLY + sign if sign in SPECIAL else sign for sign in name)


def is_like(name: str, glob: str) -> bool:
    """Say whether the glob is like the whole name, whatever the case and accents."""
    text, signs = folded(name), _read(glob)
    at = sign = 0
    back_to: tuple[int, int] | None = None  # where to go on when the last `*` stands for one character more
    while at < len(text):
        wanted = signs[sign] if sign < len(signs) else None
        if wanted == (ANY, True):
            back_to, sign = (sign + 1, at), sign + 1
        elif wanted in {(ONE, True), (text[at], False)}:
            at, sign = at + 1, sign + 1
        elif back_to is not None:
            sign, at = back_to[0], back_to[1] + 1
            back_to = (sign, at)
        else:
            return False
    return all(wanted == (ANY, True) for wanted in signs[sign:])


def printed(expression: Expression) -> str:
    """Write an expression so that parsing it gives the same one."""
    match expression:
        case Everything():
            return ""
        case Either(parts):
            return " or ".join(_part(part) for part in parts)
        case All(parts):
            return " ".join(_inside(part) for part in parts)
        case Not(part):
            return f"-({printed(part)})" if isinstance(part, All) else f"-{_inside(part)}"
        case _:
            return _leaf(expression)


def _inside(part: Expression) -> str:
    return f"({printed(part)})" if isinstance(part, Either) else _part(part)


def _part(part: Expression) -> str:
    return ANY if isinstance(part, Everything) else printed(part)


def _leaf(leaf: Leaf) -> str:
    match leaf:
        case Term() | Wild():
            return _text(leaf)
        case InSource(text):
            return f"source:{_text(text)}"
        case Named(Field.TAG, glob) if glob.casefold() == NO_TAG:
            return f"{Field.TAG.value}:{LITERALLY}{glob}"
        case Named(field, glob):
            return f"{field.value}:{_quoted(glob)}"
        case Untagged():
            return f"tag:{NO_TAG}"
        case OfKind(kind):
            return f"kind:{kind.value}"
        case _:
            return _figure(leaf)


def _figure(leaf: Leaf) -> str:
    match leaf:
        case Is(state):
            return f"is:{state.value}"
        case Rated(days, grade):
            return f"rated:{days}" + (f":{grade.value}" if grade else "")
        case Since(event, days):
            return f"{event.value}:{days}"
        case Measured(measure, comparison, number):
            return f"prop:{measure.value}{comparison.value}{number!r}".removesuffix(".0")
        case Flagged(flag):
            return f"flag:{flag}"
        case Face(number):
            return f"card:{number}"
        case OneOf(whose, numbers):
            return f"{whose.value}:{','.join(map(str, numbers))}"
        case _:
            return ""


def _text(text: Term | Wild) -> str:
    """Write words; a hyphen keeps together those that go on, since in quotation marks they would not."""
    if isinstance(text, Wild):
        return f'"{text.pattern}"'
    if not text.is_open:
        return f'"{" ".join(text.words)}"'
    joined = "-".join(text.words)
    return f"{joined}-" if joined in {"or", "and"} else joined


def _quoted(glob: str) -> str:
    if glob and not any(sign.isspace() or sign in "()" for sign in glob):
        return _escaped(glob)
    return f'"{_escaped(glob)}"'


def _escaped(glob: str) -> str:
    return "".join(LITERALLY + sign if sign in MARKS else sign for sign in glob)


@lru_cache(maxsize=256)
def _read(glob: str) -> Sequence[tuple[str, bool]]:
    return list(_signs(folded(glob)))


def _signs(glob: str) -> Iterator[tuple[str, bool]]:
    """Give each sign of a glob, True for one that stands for others."""
    signs = iter(glob)
    for sign in signs:
        if sign == LITERALLY:
            yield next(signs, LITERALLY), False
        else:
            yield sign, sign in SPECIAL


def globbed(signs: Sequence[tuple[str, bool]]) -> str:
    """Return the glob of signs, True for those that stand for others if they can."""
    return "".join(sign if is_special or sign not in SPECIAL else LITERALLY + sign for sign, is_special in signs)
