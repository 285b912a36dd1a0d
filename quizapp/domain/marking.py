"""Marking: a typed answer is right, close or wrong, and the difference can be shown.

Start from `mark_typed`; `mark_choice` and `each_gap` mark other ways to ask with it, and
`list_marking` those of several items. All take plain text, and none ever raises:
what is longer than the limits here is cut. docs/marking.md says what counts.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from functools import lru_cache
from itertools import groupby

from rapidfuzz import process
from rapidfuzz.distance import OSA, Levenshtein

from quizapp.domain import spelling
from quizapp.domain.amounts import Amount, Token, Word, contrary, in_smallest, read, readings, unit_names

LIMIT_CHARS = 500  # of an answer
ALL_LIMIT_CHARS = 2000  # of all that is accepted, and of all that is typed into a list
MOST_ACCEPTED = 20
MOST_ITEMS = 30


class Kind(Enum):
    """Our judgement of an answer."""

    RIGHT = "right"
    CLOSE = "close"
    WRONG = "wrong"


class Reason(Enum):
    """Why an answer is close and not right."""

    SPELLING = "spelling"
    PLURAL = "plural"  # one instead of many, or the reverse
    HEDGE = "hedge"  # "about" or "more than" left out, put in or changed
    UNIT = "unit"  # left out, or the same amount in another
    ORDER = "order"  # the right words in another order
    WORDS = "words"  # few words are missing, or too many


@dataclass(frozen=True)
class Same:
    """What was typed as it should be, give or take case and accents; shown as it should be."""

    text: str


@dataclass(frozen=True)
class Missing:
    """What should have been typed."""

    text: str


@dataclass(frozen=True)
class Extra:
    """What was typed and should not have been."""

    text: str


Piece = Same | Missing | Extra
Accepted = Sequence[Sequence[str]]  # for each gap the wordings that are right, too; none for those that follow


@dataclass(frozen=True)
class Mark:
    """What an answer is worth, beside the accepted wording that it comes nearest to.

    The pieces of `diff` give `expected` without the extra ones, and what was
    typed without the missing ones. They may differ in a right answer, too.
    """

    kind: Kind
    typed: str
    expected: str
    reasons: tuple[Reason, ...] = ()

    @property
    def diff(self) -> tuple[Piece, ...]:
        """Return how the two differ, which is asked of what is close alone."""
        return difference(self.typed, self.expected)

    @property
    def share(self) -> float:
        """Return the part of a point that the answer earns; close earns half."""
        return _SHARES[self.kind]


_SHARES = {Kind.RIGHT: 1.0, Kind.CLOSE: 0.5, Kind.WRONG: 0.0}


def mark_typed(typed: str, *, expected: str, accepted: Sequence[str] = ()) -> Mark:
    """Compare a typed answer with the expected one and with others that are accepted; the best counts."""
    answer = _read(squeezed(typed, LIMIT_CHARS))
    wordings = [wording for text in _within_limits((expected, *accepted)) for wording in _wordings(text)]
    if not answer.text:
        shown = wordings[0].read.text
        return Mark(Kind.WRONG, "", shown)
    judged = [(_judged(answer, wording), wording.read.text) for wording in wordings]
    best, nearest = max(judged, key=lambda pair: (_SHARES[pair[0].kind], pair[0].likeness))
    return Mark(best.kind, answer.text, nearest, best.reasons)


def mark_choice(typed: str, *, expected: str, choices: Sequence[str]) -> Mark:
    """Mark the text of a choice: it must be nearer to the expected one than to any other."""
    mark = mark_typed(typed, expected=expected)
    others = [mark_typed(typed, expected=choice) for choice in choices[:MOST_ITEMS] if choice != expected]
    if mark.kind is not Kind.RIGHT and any(other.share >= mark.share for other in others):
        return Mark(Kind.WRONG, mark.typed, mark.expected)
    return mark


def each_gap(typed: Sequence[str], *, gaps: Sequence[str], accepted: Accepted = ()) -> Sequence[Mark]:
    """Mark as many gaps as answers, each with the other wordings that are accepted in its place."""
    others = [*accepted, *[()] * (len(gaps) - len(accepted))]
    return [
        mark_typed(answer, expected=gap, accepted=also)
        for answer, gap, also in zip(typed, gaps, others[: len(gaps)], strict=True)
    ]


def difference(typed: str, expected: str) -> tuple[Piece, ...]:
    """Return what is the same, missing and extra, word by word and inside similar words by character."""
    before, after = (_PART.findall(squeezed(text, LIMIT_CHARS)) for text in (typed, expected))
    pieces: list[Piece] = []
    for same, typed_parts, expected_parts in _aligned(before, after):
        if same:
            for one, other in zip(typed_parts, expected_parts, strict=True):
                pieces += _same_but_spaces(one, other)
        else:
            pieces += _difference_inside("".join(typed_parts), "".join(expected_parts))
    return tuple(_merged(pieces))


@lru_cache(maxsize=4096)
def earned(typed: str, expected: str) -> float:
    """Return the part of a point that a text earns, which may not be over the limits; as `mark_typed`, without the rest."""
    return max(_SHARES[_judged(_read(typed), wording).kind] for wording in _wordings(expected))


def squeezed(text: str, limit: int) -> str:
    """Return so much of the text, with single spaces."""
    return " ".join(text[:limit].split())


# The difference

_PART = re.compile(r"(?:\w+|[^\w\s]+) ?")
_SIMILAR = 0.5  # under this the letters that two words share are chance


def _same_but_spaces(typed: str, expected: str) -> list[Piece]:
    """Return two parts that are the same, with the space that may follow one of them."""
    if typed.endswith(" ") == expected.endswith(" "):
        return [Same(expected)]
    return [Same(expected.rstrip()), Extra(" ") if typed.endswith(" ") else Missing(" ")]


def _aligned(typed: list[str], expected: list[str]) -> Iterator[tuple[bool, list[str], list[str]]]:
    """Yield runs of parts that are the same, and runs that differ, of both sides."""
    before, after = ([spelling.folded(part.strip()) or " " for part in side] for side in (typed, expected))
    codes = Levenshtein.opcodes(before, after)
    for same, run in groupby(codes, key=lambda code: code.tag == "equal"):
        steps = list(run)
        first, last = steps[0], steps[-1]
        yield same, typed[first.src_start : last.src_end], expected[first.dest_start : last.dest_end]


def _difference_inside(typed: str, expected: str) -> list[Piece]:
    """Return the difference by character, or the whole where little is alike or a digit is at stake."""
    before, after = spelling.clusters(typed), spelling.clusters(expected)
    folded = [spelling.folded(one) for one in before], [spelling.folded(one) for one in after]
    digits = any(character.isdigit() for character in typed + expected)
    if digits or Levenshtein.normalized_similarity(*folded) < _SIMILAR:
        return [piece for piece in (Missing(expected), Extra(typed)) if piece.text]
    pieces: list[Piece] = []
    for same, typed_part, expected_part in _aligned(before, after):
        changed: list[Piece] = [Missing("".join(expected_part)), Extra("".join(typed_part))]
        pieces += [Same("".join(expected_part))] if same else [piece for piece in changed if piece.text]
    return pieces


def _merged(pieces: list[Piece]) -> Iterator[Piece]:
    """Yield neighbours of one kind as one piece; between the same ones, first what is missing."""
    for _, run in groupby(pieces, key=lambda piece: isinstance(piece, Same)):
        among = list(run)
        for kind in (Same, Missing, Extra):
            if text := "".join(piece.text for piece in among if isinstance(piece, kind)):
                yield kind(text)


# One answer


@dataclass(frozen=True)
class _Read:
    """A text as it is compared: all ways to read it, and the words and amounts of the plain one."""

    text: str
    folded: str
    readings: tuple[tuple[Token, ...], ...]
    words: tuple[Word, ...]
    amounts: tuple[Amount, ...]


@dataclass(frozen=True)
class _Wording:
    """One accepted way to answer; `aside` is what stands in brackets beside it.

    `to_the_word`: nothing is close to it, since without its name a long role would be.
    """

    read: _Read
    aside: frozenset[Token] = frozenset()
    to_the_word: bool = False


@dataclass(frozen=True)
class _Judgement:
    kind: Kind
    likeness: float  # 0 to 1, to find the nearest wording
    reasons: tuple[Reason, ...] = ()


_GLUED = re.compile(r"\w[(（\[]\w")
_BRACKETS = re.compile(r"[(（\[]([^()（）\[\]]*)[)）\]]")
_TRUTH = dict.fromkeys(("true", "t", "yes", "y", "correct", "right"), True)
_TRUTH |= dict.fromkeys(("false", "f", "no", "n", "incorrect", "wrong"), False)
_TRUTH_ASKED = {"true", "false", "yes", "no"}  # the others may mean something else: "right" and left, "T" cells


def _within_limits(texts: Sequence[str]) -> Iterator[str]:
    """Yield the first text and those after it that the limits leave room for."""
    room = ALL_LIMIT_CHARS
    for number, text in enumerate(texts[: MOST_ACCEPTED + 1]):
        room -= min(len(text), LIMIT_CHARS)
        if number == 0 or room >= 0:
            yield text[:LIMIT_CHARS]


@lru_cache(maxsize=256)
def _wordings(text: str) -> tuple[_Wording, ...]:
    """Return the ways to write an accepted answer: without what is in brackets, and with it."""
    whole = squeezed(text, LIMIT_CHARS)
    core = squeezed(_BRACKETS.sub("", whole), LIMIT_CHARS)
    opened = squeezed(_BRACKETS.sub(r"\1", whole), LIMIT_CHARS)  # colo(u)r
    if core == whole or not read(core):
        return (_Wording(_read(whole)),)
    aside = frozenset(token for part in _BRACKETS.findall(whole) for token in read(part))
    beside = not _GLUED.search(whole)
    return _Wording(_read(core), aside), _Wording(replace(_read(opened), text=whole), to_the_word=beside)


@lru_cache(maxsize=256)
def _read(text: str) -> _Read:
    ways = readings(text)
    words = tuple(token for token in ways[0] if isinstance(token, Word))
    amounts = tuple(token for token in ways[0] if isinstance(token, Amount))
    return _Read(text, spelling.folded(text), ways, words, amounts)


def _judged(typed: _Read, wording: _Wording) -> _Judgement:
    """Return the judgement of an answer against one wording."""
    expected = wording.read
    likeness = Levenshtein.normalized_similarity(typed.folded, expected.folded)
    told, wanted = typed.readings[0], expected.readings[0]
    if not told or not wanted:  # signs alone, such as "=="
        return _Judgement(Kind.RIGHT if typed.folded == expected.folded else Kind.WRONG, likeness)
    if any(way in expected.readings for way in typed.readings):
        return _Judgement(Kind.RIGHT, likeness)
    if wording.aside and told[: len(wanted)] == wanted:
        return _judged_beside(told[len(wanted) :], wording, likeness)
    if _single(wanted) in _TRUTH_ASKED:
        agrees = _TRUTH.get(_single(told)) is _TRUTH[_single(wanted)]
        return _Judgement(Kind.RIGHT if agrees else Kind.WRONG, likeness)
    if wording.aside:
        typed = _without_aside(typed, wording)
    reasons = None if wording.to_the_word else _differences(typed, expected)
    if reasons is None:
        return _Judgement(Kind.WRONG, likeness)
    return _Judgement(Kind.CLOSE, likeness, tuple(sorted(reasons, key=list(Reason).index)))


def _single(tokens: tuple[Token, ...]) -> str:
    return tokens[0].text if len(tokens) == 1 and isinstance(tokens[0], Word) else ""


def _without_aside(typed: _Read, wording: _Wording) -> _Read:
    """Return what was typed but for the words that stand in the brackets alone."""
    aside = wording.aside - set(wording.read.readings[0])
    words = tuple(word for word in typed.words if word not in aside)
    return replace(typed, words=words, amounts=tuple(amount for amount in typed.amounts if amount not in aside))


def _judged_beside(more: tuple[Token, ...], wording: _Wording, likeness: float) -> _Judgement:
    """Judge an answer that is the wording and then more: right if that much stood in the brackets."""
    if set(more) <= wording.aside:
        return _Judgement(Kind.RIGHT, likeness)
    words = [token for token in more if isinstance(token, Word)]
    if _turned(words, ()) or len(words) < len(more):  # another number
        return _Judgement(Kind.WRONG, likeness)
    return _Judgement(Kind.CLOSE, likeness, (Reason.WORDS,))


def _differences(typed: _Read, expected: _Read) -> set[Reason] | None:
    """Return why an answer is close, or None if it is wrong."""
    by_amounts = _amounts_apart(typed.amounts, expected.amounts)
    if by_amounts is None or _turned(typed.words, expected.words):
        return None
    by_words = _words_apart(typed, expected)
    # The same words and amounts, only not in the same places, have no difference of their own.
    return None if by_words is None else by_amounts | by_words or {Reason.ORDER}


def _amounts_apart(told: Sequence[Amount], wanted: Sequence[Amount]) -> set[Reason] | None:
    """Return how amounts of the same values differ, or None: another number is never close."""
    reasons: set[Reason] = set()
    if len(told) != len(wanted):
        return None
    for one, other in zip(told, wanted, strict=True):
        same_number = one.value == other.value and not (one.unit and other.unit and one.unit != other.unit)
        if not (same_number or in_smallest(one) == in_smallest(other)) or contrary(one.hedge, other.hedge):
            return None
        reasons |= {Reason.UNIT} if one.unit != other.unit else set()
        reasons |= {Reason.HEDGE} if one.hedge != other.hedge else set()
        reasons |= {Reason.WORDS} if (one.ordinal, one.digits) != (other.ordinal, other.digits) else set()
    return reasons


# The words of one answer

_LIGHT_TEXT = """
    a an the of and to in on at for by as with is are was were be been being am that which who whom it its this these
    those there their his her our your my we you they he she i do does did has have had will would can could so then also
    only just very
"""
_LIGHT = frozenset(_LIGHT_TEXT.split())
_TURNING = {"not", "no", "never", "none", "nor", "neither", "without", "nobody", "nothing", "or"}
_SHORT = 4  # letters: "cat" and "car" are two words, not one and a slip
_LONG = 9
_SHORTEST_NAME = 3
_LETTERS_PER_SLIP = 4
_STABLE_START = 6  # few mistype the first of few letters, and "house" is not "mouse"
_MOST_LABELS = 2
_ENOUGH, _ENOUGH_IF_SWAPPED = 0.75, 0.85


def _turned(typed: Sequence[Word], expected: Sequence[Word]) -> bool:
    """Say whether a negation or an alternative ("Paris or London") makes it another answer."""
    told, wanted = Counter(word.text for word in typed), Counter(word.text for word in expected)
    return any(told[word] != wanted[word] for word in _TURNING)


def _words_apart(typed: _Read, expected: _Read) -> set[Reason] | None:
    """Return how words differ, empty if they do not, or None if they are too far apart."""
    told, wanted = [word.text for word in typed.words], [word.text for word in expected.words]
    if told == wanted:
        return set()
    if "".join(told) == "".join(wanted):
        return {Reason.SPELLING}
    missing, extra = _without(expected.words, told), _without(typed.words, wanted)
    if not missing and not extra:
        return {Reason.ORDER}
    units = _unnamed_units(typed, expected)
    missing += units
    reasons = _pair_plurals(missing, extra) | _pair_slips(missing, extra, expected.words)
    missing = [word for word in missing if word not in units]
    if not missing and not extra:
        return reasons
    return reasons | {Reason.WORDS} if _near_enough(typed, expected, missing, extra) else None


def _without(words: Sequence[Word], texts: Sequence[str]) -> list[Word]:
    """Return the words that are not among the texts, each as often as it is missing there."""
    there, left = Counter(texts), []
    for word in words:
        if there[word.text]:
            there[word.text] -= 1
        else:
            left.append(word)
    return left


def _unnamed_units(typed: _Read, expected: _Read) -> list[Word]:
    """Return the units that the typed amounts lack, as words: they may be there, misspelt."""
    pairs = zip(typed.amounts, expected.amounts, strict=True)
    return [Word(max(unit_names(other.unit), key=len)) for one, other in pairs if other.unit and not one.unit]


def _pair_plurals(missing: list[Word], extra: list[Word]) -> set[Reason]:
    """Take pairs of one and many out of both lists."""
    by_form = {form: word for word in reversed(extra) for form in spelling.singulars(word.text)}
    reasons = set()
    for word in tuple(missing):
        other = next((by_form[form] for form in spelling.singulars(word.text) if form in by_form), None)
        if other and other in extra:
            missing.remove(word)
            extra.remove(other)
            reasons.add(Reason.PLURAL)
    return reasons


def _pair_slips(missing: list[Word], extra: list[Word], expected: Sequence[Word]) -> set[Reason]:
    """Take pairs that differ by a slip of the fingers out of both lists, as many as a text of this length may have."""
    letters = sum(len(word.text) for word in {*expected, *missing})
    names = _names(expected)
    budget = letters // _LETTERS_PER_SLIP if letters > _SHORT else 0
    reasons = set()
    for word in tuple(missing):
        is_name = word in names
        most = min(budget, _most_slips(word, is_name=is_name)) if extra else 0
        found = _nearest(word, extra, most) if most else None
        if found and _is_slip(word.text, extra[found[1]].text, is_name=is_name):
            missing.remove(word)
            del extra[found[1]]
            budget -= found[0]
            reasons.add(Reason.SPELLING)
    return reasons


def _nearest(word: Word, others: Sequence[Word], most: int) -> tuple[int, int] | None:
    """Return the distance and the place of the nearest word, as compared or as spelt; None if all are further off."""
    texts, spelt = [other.text for other in others], [other.spelt for other in others]
    ways = ((word.text, texts), (word.spelt, spelt)) if word.spelt else ((word.text, texts),)
    found = [process.extractOne(one, among, scorer=OSA.distance, score_cutoff=most) for one, among in ways]
    return min(((int(near[1]), near[2]) for near in found if near), default=None)


def _names(words: Sequence[Word]) -> set[Word]:
    """Return the words that are written with a capital, the first only if all are."""
    heavy = [word for word in words if word.text not in _LIGHT]
    all_names = len(heavy) > 1 and all(word.capital for word in heavy)
    return {word for place, word in enumerate(words) if word.capital and (place or all_names)}


def _most_slips(word: Word, *, is_name: bool) -> int:
    """Return how many letters may be wrong: none in what is short, an acronym or no plain word."""
    length = len(word.text)
    most = int(length >= _SHORTEST_NAME) if is_name else (length > _SHORT) + (length >= _LONG)
    plain = most and not word.acronym and all(letter.isalpha() and not spelling.is_cjk(letter) for letter in word.text)
    return most if plain else 0


def _is_slip(word: str, typed: str, *, is_name: bool) -> bool:
    other_start = len(word) <= _STABLE_START and word[0] != typed[0] and word[1:] == typed[1:]
    return not spelling.opposed(word, typed) and (is_name or not other_start)


def _near_enough(typed: _Read, expected: _Read, missing: list[Word], extra: list[Word]) -> bool:
    """Say whether words left out or put in leave the answer recognisable."""
    if any(spelling.is_cjk(word.text[0]) for word in (*missing, *extra)):
        return False
    wanted = _heavy(expected.words, of=expected)
    lost, added = _heavy(missing, of=expected), _heavy(extra, of=expected)
    amounts = len(expected.amounts)
    hits = len(wanted) - len(lost) + amounts
    likeness = 2 * hits / (2 * hits + len(lost) + len(added) or 1)
    if likeness >= (_ENOUGH_IF_SWAPPED if lost and added else _ENOUGH):
        return True
    if not amounts or hits > amounts or len(lost) + len(added) > _MOST_LABELS:
        return False
    # "1,000" for "1,000 people", and "38 operators" for "38"; but not "4" for "Claude 4", nor "72 days" for "72 hours".
    put_in = any(one.unit and not other.unit for one, other in zip(typed.amounts, expected.amounts, strict=True))
    dropped = not added and not put_in and not any(word.capital for word in lost)
    return dropped or (not wanted and not any(amount.unit for amount in expected.amounts))


def _heavy(words: Sequence[Word], *, of: _Read) -> list[Word]:
    """Return the words that carry the meaning; where all are light ("in", "to be"), they all do."""
    if all(word.text in _LIGHT for word in of.words) and not of.amounts:
        return list(words)
    return [word for word in words if word.text not in _LIGHT or (word.capital and len(word.text) == 1)]  # vitamin A
