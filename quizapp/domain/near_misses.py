"""Wrong answers that could be right: of the same form as the right one, and surely not right themselves.

Start from `near_misses`. A number gets other numbers in its own wording; anything
else gets the answers of other cards that are asked in the same way.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol, TypeVar

from quizapp.domain import marking, spelling
from quizapp.domain.cards import CardId, CardKind, Illustration, Source

ONE_OF = TypeVar("ONE_OF")
COMPARED = 60  # candidates, the likeliest first, that are compared with the right answer in full


class Dice(Protocol):
    """Chance, as `random.Random` gives it: the same seed always gives the same."""

    def random(self) -> float: ...
    def choice(self, seq: Sequence[ONE_OF], /) -> ONE_OF: ...
    def shuffle(self, x: list[ONE_OF], /) -> None: ...


@dataclass(frozen=True)
class Askable:
    """A card as a quiz asks it. Texts are Markdown, but for `right`: that is what a reader sees of the answer.

    `answers` and `right` hold the gaps of a cloze or the items of a list, else the one answer.
    """

    card_id: CardId
    kind: CardKind
    question: str
    answers: tuple[str, ...]
    right: tuple[str, ...]
    choices: tuple[str, ...] = ()
    explanation: str = ""
    source: Source | None = None
    illustration: Illustration | None = None
    document_id: int | None = None
    document_title: str | None = None
    language: str | None = None  # of the document

    # Worked out once: a card is compared with many others.
    @cached_property
    def form(self) -> "Form":
        """Return what a wrong answer must share with the right one not to stand out."""
        right, is_gap = self.right[0], self.kind is CardKind.CLOZE
        aside, digits = bool(_ASIDE.search(right)), any(one.isdigit() for one in right)
        return Form(_asks(self), _is_name(right), aside, digits, right[:1].isupper() if is_gap else None)

    @cached_property
    def words(self) -> str:
        """Return the question as it is compared."""
        return normalised(self.question)

    @cached_property
    def asked(self) -> str:
        """Return the question without what it is about: "Locks: Who opens them?", "Ada: “The lock is shut.” Why?"."""
        about = _ABOUT.match(self.question)
        return self.question[about.end() :] if about else self.question

    @cached_property
    def beginning(self) -> str:
        """Return the first two words of what is asked."""
        return " ".join(_WORD.findall(self.asked.casefold())[:2])

    @cached_property
    def figure(self) -> "Figure | None":
        """Return the answer as a number in its words, where it is one."""
        return _figure(self.right[0]) if len(self.right) == 1 else None


@dataclass(frozen=True)
class NearMiss:
    """A wrong answer; `belongs_to` is the question that it does answer, where there is one."""

    text: str
    belongs_to: str = ""


def near_misses(card: Askable, others: Sequence[Askable], dice: Dice, *, count: int) -> Sequence[NearMiss]:
    """Return up to that many wrong answers, the card's own choices first.

    None of them is also right, none is within another, and none stands out by its form.
    """
    if len(card.right) != 1 or card.kind in {CardKind.TRUE_FALSE, CardKind.LIST, CardKind.ORDER}:
        return ()
    taken = _own_choices(card, dice)[:count]
    for miss in _candidates(card, others, dice):
        if len(taken) >= count:
            break
        if is_apart(miss.text, card, [one.text for one in taken]):
            taken.append(miss)
    return taken


def normalised(text: str) -> str:
    """Return the words of a text as they are compared, with a blank around each."""
    return f" {' '.join(_WORD.findall(spelling.folded(text)))} "


_WORD = re.compile(r"\w+")
_ABOUT = re.compile(r"[^?]*(?:: |[”\"] )(?=[^\W\d_][^:”\"]*\?$)")  # what is asked begins with a letter
_ASIDE = re.compile(r"\s*[(\[][^()\[\]]*[)\]]")


def _own_choices(card: Askable, dice: Dice) -> list[NearMiss]:
    right = normalised(card.right[0])
    wrong = [NearMiss(choice) for choice in card.choices if normalised(choice) != right]
    dice.shuffle(wrong)
    return wrong


def _candidates(card: Askable, others: Sequence[Askable], dice: Dice) -> Iterator[NearMiss]:
    if card.figure:
        yield from (NearMiss(text) for text in _other_figures(card.figure, others, dice))
    else:
        yield from _other_answers(card, others, dice)


def is_apart(text: str, card: Askable, taken: Sequence[str]) -> bool:
    """Say whether a text is surely wrong, and not nearly what is taken already."""
    right, words = card.right[0], normalised(text)
    if any(_within(words, normalised(other)) for other in (right, *taken)) or not words.strip():
        return False
    if words in card.words and not _figure(text):
        return False  # the question names it, so nobody takes it
    return all(
        marking.mark_typed(one, expected=other).kind is marking.Kind.WRONG
        for one, other in ((text, right), (right, text))
    )


def _within(one: str, other: str) -> bool:
    return one in other or other in one


# Answers of other cards


@dataclass(frozen=True)
class Form:
    """How an answer looks, and what asks for it."""

    asks: str  # how the question begins: "who", "define", "gap"...
    is_name: bool
    has_aside: bool
    has_digits: bool
    is_capital: bool | None  # of a gap: whether it begins so


_DEFINES = re.compile(
    r"(?:what|which) (?:is|are)\b|what (?:does|do) .{1,80} (?:mean|describe|stand for)\b", re.IGNORECASE
)
_WHO = re.compile(r"(?:who|whom|whose|which (?:speaker|person|author|guest))\b", re.IGNORECASE)
_DOES = re.compile(r"what (?:does|do|did|can) .{1,120}\bdo\b", re.IGNORECASE)
_ROLE = re.compile(r"what is .{1,120}’s role|what is .{1,120}'s role", re.IGNORECASE)
_SHORTEST_WORD_OF_NAME = 4
_MOST_WORDS_OF_NAME = 5
_SAME_LENGTH, _CLOSE_IN_CHARS = 0.35, 12


def _asks(card: Askable) -> str:
    if card.kind is CardKind.CLOZE:
        return "gap"
    for name, pattern in (("role", _ROLE), ("who", _WHO), ("do", _DOES), ("define", _DEFINES)):
        if pattern.match(card.asked):
            return name
    return card.beginning


def _is_name(answer: str) -> bool:
    """Say whether the words outside brackets are few and written with capitals."""
    words = _WORD.findall(_ASIDE.sub("", answer))
    long = [word for word in words if len(word) >= _SHORTEST_WORD_OF_NAME] or words
    return 1 < len(words) <= _MOST_WORDS_OF_NAME and all(word[0].isupper() for word in long)


def _other_answers(card: Askable, others: Sequence[Askable], dice: Dice) -> Iterator[NearMiss]:
    """Yield the answers of cards of the same form, the likeliest first."""
    scored = [
        (_likeness(card, other) + dice.random() / 2, other)
        for other in others
        if other.card_id != card.card_id
        and len(other.right) == 1
        and other.kind not in {CardKind.TRUE_FALSE, CardKind.LIST, CardKind.ORDER}
        and other.form == card.form
        and other.figure is None
        and is_as_long(card.right[0], other.right[0])
        and other.words != card.words  # another right answer to the same question
    ]
    scored.sort(key=lambda pair: -pair[0])
    for _, other in scored[:COMPARED]:
        yield NearMiss(other.answers[0], "" if other.kind is CardKind.CLOZE else other.question)


def _likeness(card: Askable, other: Askable) -> float:
    one, two = len(card.right[0]), len(other.right[0])
    near = card.document_id is not None and card.document_id == other.document_id
    heading = near and card.source and other.source and card.source.heading == other.source.heading
    start = card.beginning == other.beginning
    return min(one, two) / max(one, two, 1) + near / 2 + bool(heading) / 2 + start / 2


def is_as_long(one: str, other: str) -> bool:
    """Say whether two texts are long or short alike."""
    shorter, longer = sorted((len(one), len(other)))
    return longer - shorter <= _CLOSE_IN_CHARS or shorter / longer >= _SAME_LENGTH


# Numbers

_NUMBER_WORDS = {"two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10}
_NUMBER_WORDS |= {"eleven": 11, "twelve": 12, "fifteen": 15, "twenty": 20, "thirty": 30, "forty": 40, "sixty": 60}
_FIGURE = re.compile(
    rf"(?<![\w.,])(?:\d{{1,3}}(?:,\d{{3}})+(?:\.\d+)?|\d+(?:\.\d+)?)(?![\w,]*\d)|\b(?:{'|'.join(_NUMBER_WORDS)})\b",
    re.IGNORECASE,
)
_MOST_WORDS, _MOST_WORDS_IF_SPELT = 6, 4  # in a longer text a number is by the way
_FIRST_YEAR, _LAST_YEAR = 1500, 2100
_TIMES = (0.25, 0.5, 0.75, 1.25, 1.5, 2.0, 3.0, 4.0)
_MOST_TIMES = 10
_APART = (-30, -20, -10, 10, 20, 30)  # percent
_YEARS_APART = (-10, -5, -3, -2, -1, 1, 2, 3, 5)
_SMALL = 12  # up to here a count may be one more or less


@dataclass(frozen=True)
class Figure:
    """A short text with one number in it, taken apart."""

    before: str
    written: str
    after: str

    @property
    def value(self) -> float:
        return float(_NUMBER_WORDS.get(self.written.casefold()) or self.written.replace(",", ""))

    @property
    def unit(self) -> str:
        words = re.findall(r"[%‰°]|\w+", self.after.casefold())
        return "%" if words[:1] in (["percent"], ["per"]) else words[0].removesuffix("s") if words else ""

    def saying(self, value: float) -> str:
        """Return the text with another number, written in the same manner."""
        word = next((word for word, number in _NUMBER_WORDS.items() if number == value), None)
        if self.written.isalpha() and word:
            written = word.capitalize() if self.written[0].isupper() else word
        else:
            decimals = len(self.written.partition(".")[2]) if value % 1 else 0
            grouped = "," in self.written or value >= 1_000 > self.value
            written = f"{value:,.{decimals}f}" if grouped else f"{value:.{decimals}f}"
        return f"{self.before}{written}{self.after}"


def _figure(text: str) -> Figure | None:
    """Return the text taken apart, or None when it is long or has not exactly one number."""
    found = list(_FIGURE.finditer(text))
    if len(found) != 1 or re.search(r"\d", _FIGURE.sub("", text)):
        return None
    if len(text.split()) > (_MOST_WORDS_IF_SPELT if found[0][0].isalpha() else _MOST_WORDS):
        return None
    start, end = found[0].span()
    return Figure(text[:start], found[0][0], text[end:])


def _other_figures(figure: Figure, others: Sequence[Askable], dice: Dice) -> Iterator[str]:
    """Yield the text with other numbers: first those of other cards with the same unit, then nearby ones."""
    told = (other.figure for other in others)
    known = sorted({one.value for one in told if one and _is_of_a_kind(one, figure)} - {figure.value})
    nearby = _nearby(figure)
    for values in (known, nearby):
        dice.shuffle(values)
    for value in dict.fromkeys([*known[:2], *nearby, *known[2:]]):
        if value > 0:
            yield figure.saying(value)


def _is_of_a_kind(one: Figure, other: Figure) -> bool:
    """Say whether two numbers have the same unit and, near enough, the same size."""
    smaller, larger = sorted((one.value, other.value))
    return one.unit == other.unit != "" and larger <= smaller * _MOST_TIMES


def _nearby(figure: Figure) -> list[float]:
    """Return values that somebody could take for this one, rounded as it is."""
    value = figure.value
    if figure.unit == "%":
        return [value + step for step in _APART if 0 < value + step < 100]
    if not figure.unit and value.is_integer() and "," not in figure.written and _FIRST_YEAR <= value <= _LAST_YEAR:
        return [value + step for step in _YEARS_APART]
    if value.is_integer() and value <= _SMALL:
        return [one for step in (-2, -1, 1, 2, 3) if (one := value + step) > 1]
    decimals = len(figure.written.partition(".")[2])
    if decimals:
        return [round(value * times, decimals) for times in (0.8, 0.9, 1.1, 1.2, 1.5)]
    digits = len(str(int(value)).rstrip("0"))
    size = len(str(int(value)))
    return [float(round(value * times, min(0, digits - size))) for times in _TIMES]
