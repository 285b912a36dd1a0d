"""The language in which cards are searched for: Anki's words, and ours. Start from `parse`.

Words side by side must all be found; `or`, `-` and brackets do what they do in Anki. A word with a colon
asks for a property of the card; `KEYS` has them all.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import partial
from typing import TypeVar

from quizapp.domain.cards import CardKind
from quizapp.domain.expressions import (
    ANY,
    NO_TAG,
    ONE,
    SPECIAL,
    WHOLE,
    Comparison,
    Event,
    Everything,
    Expression,
    Face,
    Field,
    Flagged,
    Ids,
    InSource,
    Is,
    Measure,
    Measured,
    Named,
    OfKind,
    OneOf,
    Rated,
    Since,
    State,
    Untagged,
    Wild,
    both,
    either,
    globbed,
    negated,
)
from quizapp.domain.scheduling import Grade
from quizapp.domain.searching import MARKS, WORD, Term, folded
from quizapp.errors import InvalidInput
from quizapp.translations import _, figure, marked

Chosen = TypeVar("Chosen")
LIMIT_CHARS = 1_000
PARTS, DEPTH = 50, 20
TEXT_CHARS = 200  # of one part, folded
LONGEST_AGO = MOST = 36_500  # days, and any other figure
FLAGS = 7
KIND_NAMES = {"question": CardKind.BASIC, "gap": CardKind.CLOZE, "true": CardKind.TRUE_FALSE}
PIECE = rf"(?:\\.|\\$|[^\s(){MARKS}\\])"
TOKEN = re.compile(
    rf"""\s*(?:(?P<bracket>[()])|(?P<minus>-(?=\S))
    |(?:(?P<key>[^\s(){MARKS}:\\]+):)?(?P<open>[{MARKS}])?(?P<text>(?(open)(?:\\.|[^{MARKS}\\])*|{PIECE}*))(?P<shut>(?(open)[{MARKS}]?)))""",
    re.DOTALL | re.VERBOSE,
)
KEYED = re.compile(r"(\w+):(?=\S)(.*)", re.DOTALL)
_COMPARED = re.compile(r"([a-z]+)(<=|>=|!=|=|<|>)(.*)")
_JOKERS = {ANY: "\ue000", ONE: "\ue001"}
_LIKE_WORDS = re.compile(f"(?:{WORD.pattern}|[\ue000\ue001])")


class Misread(InvalidInput):
    """A search that cannot be understood, and the column (from 1) at which that shows."""

    def __init__(self, sentence: str, column: int, **values: object) -> None:
        super().__init__("At character %(column)s: %(what)s", column=column, what=_(sentence, **values))
        self.column = column


@dataclass(frozen=True)
class _Token:
    """A bracket, a minus, or a word with its key; `signs` says of each sign whether it was written with a backslash."""

    column: int
    mark: str = ""  # ( ) - or the word "or"
    key: str | None = None
    signs: tuple[tuple[str, bool], ...] = ()  # True for those that may stand for others
    is_quoted: bool = False

    @property
    def text(self) -> str:
        return "".join(sign for sign, _ in self.signs)

    @property
    def value_column(self) -> int:
        return self.column + (len(self.key) + 1 if self.key else 0)


def parse(asked: str) -> Expression:
    """Turn what was typed into an expression; nothing typed finds every card.

    Raises Misread, which says what is wrong and where.
    """
    if len(asked) > LIMIT_CHARS:
        raise Misread("a search can have %(limit)s characters. Shorten it.", LIMIT_CHARS + 1, limit=figure(LIMIT_CHARS))
    reader = _Reader(list(_tokens(asked)))
    found = reader.either(depth=0)
    if reader.left:
        raise Misread("this bracket closes nothing. Take it out, or open one before it.", reader.left[0].column)
    if found is None and asked.strip():
        raise Misread("there is no letter or digit to search for. Type a word.", 1 + len(asked) - len(asked.lstrip()))
    return Everything() if found is None else found


def suggested(key: str) -> str | None:
    """Return the key that somebody who typed this may have meant."""
    return next(iter(get_close_matches(key.casefold(), KEYS, n=1)), None)


class _Reader:
    """What is left to read."""

    def __init__(self, tokens: Sequence[_Token]) -> None:
        self.left = list(tokens)
        self.parts = 0

    def either(self, *, depth: int) -> Expression | None:
        """Read up to a closing bracket or the end; None when there was nothing to search for."""
        found = [self._all(depth)]
        while self.left and self.left[0].mark == "or":
            column = self.left.pop(0).column
            found.append(self._all(depth))
            if None in found:
                raise Misread("“or” needs something on both sides. Quote it to search for the word.", column)
        return either(*(part for part in found if part is not None)) if found[0] is not None else None

    def _all(self, depth: int) -> Expression | None:
        found = []
        while self.left and self.left[0].mark not in {")", "or"}:
            found.append(self._part(depth))
        said = [part for part in found if part is not None]
        return both(*said) if said else None

    def _part(self, depth: int) -> Expression | None:
        token = self.left.pop(0)
        if token.mark == "-":
            return self._negated(token, depth)
        if token.mark == "(":
            return self._bracket(token, depth)
        self.parts += 1
        if self.parts > PARTS:
            raise Misread("a search can have %(parts)s parts. Take some out.", token.column, parts=PARTS)
        return _meant(token)

    def _negated(self, minus: _Token, depth: int) -> Expression | None:
        if not self.left or self.left[0].mark in {")", "or", "-"}:
            raise Misread("a minus needs something behind it, with no blank between.", minus.column)
        part = self._part(depth)
        return None if part is None else negated(part)

    def _bracket(self, opening: _Token, depth: int) -> Expression:
        if depth == DEPTH:
            raise Misread("brackets can be %(depth)s deep. Take some out.", opening.column, depth=DEPTH)
        part = self.either(depth=depth + 1)
        if not self.left:
            raise Misread("this bracket is never closed. Add a ) where it ends.", opening.column)
        self.left.pop(0)
        if part is None:
            raise Misread("there is nothing to search for in these brackets.", opening.column)
        return part


def _tokens(asked: str) -> Iterator[_Token]:
    text = asked.replace("\0", " ")
    at, end = 0, len(text.rstrip())
    while at < end and (found := TOKEN.match(text, at)):  # it always does: the last of its alternatives can be empty
        at = max(found.end(), at + 1)
        start = at - len(found[0].lstrip())
        if mark := found["bracket"] or found["minus"]:
            yield _Token(start + 1, mark)
        elif found["open"] and not found["shut"]:
            raise Misread('this quotation mark is never closed. Add a " where it ends.', found.start("open") + 1)
        elif (word := found["text"]) and not found["key"] and not found["open"] and word.casefold() in {"and", "or"}:
            if word.casefold() == "or":
                yield _Token(start + 1, "or")
        else:
            yield _word(_Token(start + 1, key=found["key"], signs=_signs(word), is_quoted=bool(found["open"])))


def _signs(text: str) -> tuple[tuple[str, bool], ...]:
    pairs = re.findall(r"\\(.)|(.|\\$)", text, re.DOTALL)
    return tuple((plain or escaped, bool(plain)) for escaped, plain in pairs)


def _word(token: _Token) -> _Token:
    """Know a key within quotation marks, as Anki writes it, and none in a time of day or before a blank."""
    if token.key is None and token.is_quoted and (found := KEYED.fullmatch(token.text)):
        length = len(found[1]) + 1
        if found[1].casefold() in KEYS and token.signs[length - 1][1]:
            return _Token(token.column + 1, key=found[1].casefold(), signs=token.signs[length:], is_quoted=True)
    elif token.key is not None and token.key.casefold() not in KEYS:
        if token.key.isdigit() or not (token.signs or token.is_quoted):
            return _Token(token.column, signs=(*_signs(token.key), (":", False), *token.signs))
        meant = suggested(token.key)
        instead = _("Did you mean “%(meant)s:”?", meant=meant) if meant else _("Look at what can be typed.")
        raise Misread(
            "there is no “%(key)s:” to search by. %(instead)s To search for the text, put it in quotation marks.",
            token.column,
            key=token.key,
            instead=instead,
        )
    return token


def _meant(token: _Token) -> Expression | None:
    if token.key is None:
        return _text(token)
    if not token.signs:
        raise Misread("“%(key)s:” needs something right behind the colon.", token.column, key=token.key)
    return KEYS[token.key.casefold()](token)


def _text(token: _Token) -> Expression | None:
    """Return the words of a token, or None if it has none."""
    shaped = "".join(_JOKERS[sign] if is_special and sign in _JOKERS else sign for sign, is_special in token.signs)
    pattern = ""
    end = 0
    written = folded(shaped)[:TEXT_CHARS]
    for found in _LIKE_WORDS.finditer(written):
        touches = found.start() == end and (found[0] in _JOKERS.values() or pattern[-1:] in _JOKERS)
        pattern += ("" if touches or not pattern else " ") + found[0]
        end = found.end()
        for sign, joker in _JOKERS.items():
            pattern = pattern.replace(joker, sign)
    pattern = re.sub(r"\*{2,}", ANY, pattern)
    if not WORD.search(pattern):
        return Everything() if pattern == ANY else None
    words = pattern.removesuffix(ANY)
    if words.endswith(" ") or any(sign in SPECIAL for sign in words):
        return Wild(pattern)
    return Term(tuple(words.split()), is_open=pattern.endswith(ANY) or not token.is_quoted)


def _whole_words(token: _Token) -> Expression | None:
    text = _text(token)
    return Term(text.words, is_open=False) if isinstance(text, Term) else text


def _in_source(token: _Token) -> Expression:
    text = _text(token)
    if isinstance(text, Term | Wild):
        return InSource(text)
    if text == Everything():
        return InSource(Wild(ANY))
    raise Misread("“source:” needs a word of the quote, or * for any quote.", token.value_column)


def _named(field: Field, token: _Token) -> Expression:
    if field is Field.TAG and token.text.casefold() == NO_TAG and all(is_special for _, is_special in token.signs):
        return Untagged()
    return Named(field, globbed(token.signs))


def _kind(token: _Token) -> Expression:
    kinds = {kind.value: kind for kind in CardKind} | KIND_NAMES
    return OfKind(_chosen(token, token.text, kinds, marked("kind of card")))


def _state(token: _Token) -> Expression:
    return Is(_chosen(token, token.text, {state.value: state for state in State}, marked("state")))


def _rated(token: _Token) -> Expression:
    days, _, grade = token.text.partition(":")
    grades = {str(one.value): one for one in Grade} | {one.name.casefold(): one for one in Grade}
    return Rated(_days(token, days), _chosen(token, grade, grades, marked("grade")) if grade else None)


def _since(event: Event, token: _Token) -> Expression:
    return Since(event, _days(token, token.text))


def _measured(token: _Token) -> Expression:
    found = _COMPARED.fullmatch(token.text.casefold())
    if not found:
        raise Misread("“prop:” needs a figure, a sign and a number, as in prop:ivl>=10.", token.value_column)
    measure = _chosen(token, found[1], {one.value: one for one in Measure}, marked("figure"))
    share = found[3].endswith("%") and measure in {Measure.DIFFICULTY, Measure.RETRIEVABILITY}
    try:
        number = float(found[3].removesuffix("%") if share else found[3]) / (100 if share else 1)
    except ValueError:
        number = float("nan")
    if not abs(number) <= MOST:
        raise Misread("“%(found)s” is not a number that a card can have.", token.value_column, found=found[3])
    if measure in WHOLE and not number.is_integer():
        raise Misread("“prop:%(value)s” is counted in whole numbers.", token.value_column, value=measure.value)
    return Measured(measure, Comparison(found[2]), number + 0.0)  # no minus before a zero


def _flag(token: _Token) -> Expression:
    return Flagged(_number(token, token.text, 0, FLAGS, marked("A flag")))


def _face(token: _Token) -> Expression:
    return Face(_number(token, token.text, 1, 500, marked("The number of a card")))


def _one_of(whose: Ids, token: _Token) -> Expression:
    return OneOf(whose, tuple(_number(token, part, 1, 2**31 - 1, marked("Each id")) for part in token.text.split(",")))


def _unknown_to_us(token: _Token) -> Expression:
    raise Misread("Recto does not search by patterns like “re:”. Use * for any characters, _ for one.", token.column)


def _days(token: _Token, typed: str) -> int:
    return _number(token, typed, 1, LONGEST_AGO, marked("The number of days"))


def _number(token: _Token, typed: str, lowest: int, highest: int, what: str) -> int:
    if re.fullmatch(r"[0-9]{1,10}", typed) and lowest <= int(typed) <= highest:
        return int(typed)
    raise Misread(
        "%(what)s is a whole number from %(lowest)s to %(highest)s, not “%(typed)s”.",
        token.value_column,
        what=_(what),
        lowest=lowest,
        highest=highest,
        typed=typed,
    )


def _chosen(token: _Token, typed: str, known: Mapping[str, Chosen], what: str) -> Chosen:
    name = typed.casefold()
    if name in known:
        return known[name]
    names = ", ".join(known)
    raise Misread(
        "there is no %(what)s “%(typed)s”. Choose one of %(names)s.",
        token.value_column,
        what=_(what),
        typed=typed,
        names=names,
    )


KEYS: Mapping[str, Callable[[_Token], Expression | None]] = {
    **{field.value: partial(_named, field) for field in Field},
    **{event.value: partial(_since, event) for event in Event},
    **{whose.value: partial(_one_of, whose) for whose in Ids},
    "source": _in_source,
    "kind": _kind,
    "note": _kind,  # Anki's name for it
    "is": _state,
    "rated": _rated,
    "prop": _measured,
    "flag": _flag,
    "card": _face,
    "w": _whole_words,
    "re": _unknown_to_us,
}
