"""Which mark shows a change of voice in this document, and whom each mark names.

A mark is believed when it recurs: "X: ...", "[0:04] X: ...", "<x> ...", "(a) X. ...", "X 0:22" on a
line of its own. Marks of the same shape that name nobody whom the document knows are somebody else's:
what follows is nobody's. Start from `marked`.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain

from quizapp.domain.documents import BlockKind
from quizapp.ingest import cast, names
from quizapp.ingest.pieces import Piece

STAMP = r"[\[(]?\d{1,2}:\d{2}(?::\d{2})?(?:[.,]\d+)?[\])]?"
BEFORE = rf"(?:{STAMP}\s*[-–—|]?\s*)?(?:Q\s?\d+[.:)]?\s+)?"
SHAPES = {
    "colon": re.compile(rf"{BEFORE}(?P<who>[^\W\d][^:?!;\"“”<>]{{0,60}}?)(?:\s\([^()]*\))?(?:\s*{STAMP})?\s?:(?:\s+|$)"),
    "angle": re.compile(rf"{BEFORE}<[@+~ ]?(?P<who>[^<>]{{1,40}})>:?\s+"),
    "item": re.compile(r"\(?(?:[a-z]|[ivx]{1,4}|\d{1,2})[.)]\s+(?P<who>[^\W\d_a-z][^.:?!]{1,40})\.\s+"),
    "points": re.compile(r"(?P<who>@?(?:u/)?[\w.\[\]-]{2,30})(?: \[OP\])? · [\w.]+ (?:points?|upvotes?|likes?)(?:\s+|$)"),
    "timed": re.compile(rf"(?:{STAMP}\s*[-–—|]?\s*(?P<who>[^\d\W][^:.?!]{{1,40}})|(?P<whom>[^\d\W][^:.?!]{{1,40}}?)\s+[-–—|]?\s*{STAMP})$"),
}
SPOKEN = (BlockKind.PARAGRAPH, BlockKind.LABEL, BlockKind.BULLET, BlockKind.QUOTE, BlockKind.HEADING, BlockKind.STEP)
ASIDE = re.compile(rf"(?:{STAMP}\s*)?(?:\[[^\[\]]*\]|\*\*\*.*|\* .*|\(?(?:END|ENDS)\b.*)$", re.IGNORECASE)
NO_PERSON = re.compile(
    r"(?i:transcri\w+|recorded|date|place|time|where|when|topic|keywords?|edit|note|ps|agenda|present|apologies|attendees)|Q|A"
)
TURNS = 3  # of one shape make a conversation


@dataclass(frozen=True)
class _Mark:
    shape: str
    who: str
    end: int
    name: str | None  # whom it means, of those whom the document names


def marked(pieces: Sequence[Piece]) -> list[Piece]:
    """Return the pieces with each change of voice as a label that says whose it is."""
    found = [_marks(piece) for piece in pieces]
    first = _first(found)
    people = _people(pieces, found, first)
    told = [[replace(mark, name=people.find(mark.who)) for mark in marks] for marks in found]
    shape = _shape(told)
    if shape is None:
        return list(pieces)
    strangers = _strangers(told, shape)
    return list(chain.from_iterable(_split(piece, marks, shape, strangers) for piece, marks in zip(pieces, told, strict=True)))


def _marks(piece: Piece) -> list[_Mark]:
    if piece.kind not in SPOKEN:
        return []
    return [
        _Mark(shape, (found["who"] or found["whom"] if shape == "timed" else found["who"]).strip(), found.end(), None)
        for shape, pattern in SHAPES.items()
        if (found := pattern.match(piece.text)) and len(found[0].split()) <= 10
    ]


def _first(found: Sequence[Sequence[_Mark]]) -> int:
    """Return the place of the first label that recurs."""
    times = Counter((mark.shape, mark.who) for marks in found for mark in marks)
    return next((at for at, marks in enumerate(found) if any(times[mark.shape, mark.who] > 1 for mark in marks)), len(found))


def _people(pieces: Sequence[Piece], found: Sequence[Sequence[_Mark]], first: int) -> cast.Cast:
    people = cast.Cast.of([piece.text for piece in pieces[:first]])
    for mark in chain.from_iterable(found):
        name = mark.who.title() if mark.who.isupper() else mark.who
        name = names.bare(name)
        if names.like_name(name) and not people.find(mark.who) and not cast.ROLE_LABEL.fullmatch(mark.who):
            people.add(name)
    return people


def _shape(told: Sequence[Sequence[_Mark]]) -> str | None:
    """Return the shape of label that names people most often, if it recurs."""
    named = Counter(mark.shape for marks in told for mark in marks if mark.name)
    for shape, times in named.most_common():
        labels = Counter(mark.who for marks in told for mark in marks if mark.shape == shape and mark.name)
        if times >= TURNS and (len(labels) > 1 or max(labels.values()) > 1):
            return shape
    return None


def _strangers(told: Sequence[Sequence[_Mark]], shape: str) -> set[str]:
    """Return the labels of that shape which name somebody whom the document does not know."""
    labels = Counter(mark.who for marks in told for mark in marks if mark.shape == shape and not mark.name)
    return {who for who, times in labels.items() if shape != "colon" or _like_label(who, times)}


def _like_label(who: str, times: int) -> bool:
    if NO_PERSON.fullmatch(who):
        return who in "QA"
    words = who.split()
    shouted = who.isupper() and len(words) <= 4
    return shouted or names.like_name(who) or bool(cast.ROLE_LABEL.fullmatch(who)) or (times > 1 and len(words) <= 3)


def _split(piece: Piece, marks: Sequence[_Mark], shape: str, strangers: set[str]) -> Iterator[Piece]:
    mark = next((one for one in marks if one.shape == shape and (one.name or one.who in strangers)), None)
    if mark is None:
        aside = piece.kind in SPOKEN and ASIDE.fullmatch(piece.text)
        yield replace(piece, kind=BlockKind.LABEL, voice="") if aside else piece
        return
    yield replace(piece, kind=BlockKind.LABEL, text=piece.text[: mark.end].rstrip(), lead="", voice=mark.name or "")
    rest = piece.text[mark.end :]
    if rest:
        yield replace(piece, kind=BlockKind.PARAGRAPH if piece.kind is BlockKind.HEADING else piece.kind, text=rest, lead="")
