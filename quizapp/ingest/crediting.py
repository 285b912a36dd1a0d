"""Single statements that say whose they are: "**Ada Byron (Acme)** – Looms count.", "Looms count. (Byron)".

In lists by person, under quotations, in tables with a column of speakers, and in a list that a
sentence about one person introduces. Start from `credited`.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from quizapp.domain.documents import BlockKind
from quizapp.ingest import names, sections
from quizapp.ingest.pieces import Piece
from quizapp.ingest.sections import CALLED, ENOUGH, Introduced

LISTED = (BlockKind.BULLET, BlockKind.STEP)
STATED = (BlockKind.BULLET, BlockKind.STEP, BlockKind.QUOTE, BlockKind.PARAGRAPH)
TITLE = r"(?:, [^.:;()–—]{2,60}| \([^()]{2,80}\))"
FRONT = re.compile(
    rf"(?P<who>{CALLED}{TITLE}?)(?: +[–—-]{{1,2}}|(?<=\w)\.) +(?=\S)|(?P<titled>{CALLED}, [^.:;()–—]{{2,60}}): +(?=\S)"
)
BEHIND = re.compile(
    rf"(?<=\S)\s+(?:[–—]|--?) ?(?P<who>{CALLED}{TITLE}?|[A-Z][\w’'-]+)\.?$|(?<=\S)\s+[(\[](?P<within>{CALLED}{TITLE}?|[A-Z][\w’'-]+)[)\]]\.?$"
)
ALONE = re.compile(rf"(?:[–—]|--?) ?(?P<who>{CALLED}{TITLE}?)")
SPEAKER_COLUMN = re.compile(r"(?:speaker|presenter|lecturer|panel+ist|said by)s?", re.IGNORECASE)
PERSON_COLUMN = re.compile(r"who|name|person|guest|by", re.IGNORECASE)
SAID_COLUMN = re.compile(
    r".*\b(?:said|says|points?|takeaways?|views?|claims?|positions?|messages?|arguments?|quotes?|answers?|replies)\b.*",
    re.IGNORECASE,
)
SPOKE = re.compile(
    rf"\b(?:{names.PERSON_VERB}|began|took over|went (?:on|first|next)|followed|(?:talk|keynote|lecture|presentation) by)\b|"
    r"\b(?:points?|takeaways?|findings|arguments?|advice|messages?|claims?)\b[^.]*:$",
    re.IGNORECASE,
)
LONGEST_INTRODUCTION = 30  # words
LONGEST_PARENT = 14


@dataclass(frozen=True)
class _Credit:
    """Whose the pieces at some places are, and what of the piece that says so is only the name."""

    at: int
    people: tuple[Introduced, ...]
    whose: tuple[int, ...]
    name: tuple[int, int]  # where the name stands in the text of the piece
    way: str  # in which it is told


def credited(pieces: Sequence[Piece]) -> list[Piece]:
    """Return the pieces with their owners, and the names of those set apart as labels."""
    found = {one.at: one for one in _credits(pieces)}
    believed = [one for one in found.values() if _believed(one, list(found.values()), pieces)]
    owners = {at: tuple((who.name, who.title) for who in one.people) for one in believed for at in one.whose}
    cuts = {one.at: one.name for one in believed}
    return [part for at, piece in enumerate(pieces) for part in _parts(piece, cuts.get(at), owners.get(at, ()))]


def _parts(piece: Piece, cut: tuple[int, int] | None, owners: tuple[tuple[str, str | None], ...]) -> Iterator[Piece]:
    """Yield a piece with its owners, and before or after it the label that names them."""
    if cut is None or cut == (0, 0):
        yield replace(piece, owners=owners) if owners else piece
        return
    start, stop = cut
    label = replace(piece, kind=BlockKind.LABEL, text=piece.text[start:stop].strip(), lead="", marked=False, voice=None)
    if start > 0:
        yield replace(piece, text=piece.text[:start].rstrip(), owners=owners)
    yield label
    if start == 0 and piece.text[stop:].strip():
        yield replace(piece, text=piece.text[stop:].strip(), lead="", owners=owners)


def _credits(pieces: Sequence[Piece]) -> Iterator[_Credit]:
    """Yield what could be a statement's credit, at each place the most telling last."""
    known = sections.known(pieces)
    for at, piece in enumerate(pieces):
        if piece.kind is BlockKind.ROW:
            yield from _row(piece, at)
        elif piece.kind in STATED:
            yield from _behind(pieces, at, known)
            yield from _front(pieces, at)
            yield from _parent(pieces, at)
            yield from _spoke(pieces, at, known)


def _row(piece: Piece, at: int) -> Iterator[_Credit]:
    cells = piece.text.split(" | ")
    said = any(SAID_COLUMN.fullmatch(column) for column in piece.columns)
    for column, cell in zip(piece.columns, cells, strict=False):
        speaks = SPEAKER_COLUMN.fullmatch(column) or (said and PERSON_COLUMN.fullmatch(column))
        if speaks and (people := sections.introduced(cell)):
            yield _Credit(at, tuple(replace(who, points=ENOUGH) for who in people), (at,), (0, 0), "row")


def _front(pieces: Sequence[Piece], at: int) -> Iterator[_Credit]:
    piece = pieces[at]
    found = FRONT.match(piece.text)
    stop = found.end() if found else 0
    if found and found[0].rstrip().endswith(".") and found["who"] != piece.lead.rstrip(" ."):
        return
    people = sections.introduced(found["who"] or found["titled"]) if found else ()
    if people and not piece.text[stop:].lstrip()[:1].islower():  # "Ada Byron (engineer): looms and nightly repairs"
        yield _Credit(at, _surer(people, int(bool(piece.lead))), (at, *_below(pieces, at)), (0, stop), "front")


def _parent(pieces: Sequence[Piece], at: int) -> Iterator[_Credit]:
    piece, below = pieces[at], _below(pieces, at)
    if (
        piece.kind in LISTED
        and below
        and len(piece.text.split()) <= LONGEST_PARENT
        and (people := sections.introduced(piece.text))
    ):
        yield _Credit(at, _surer(people, 1), below, (0, len(piece.text)), "parent")
    quoted = tuple(_quoted(pieces, at)) if piece.kind is BlockKind.QUOTE else ()
    if quoted and (people := sections.introduced(piece.text)):
        yield _Credit(at, _surer(people, 1), quoted, (0, len(piece.text)), "quote")


def _behind(pieces: Sequence[Piece], at: int, known: dict[str, Introduced]) -> Iterator[_Credit]:
    piece = pieces[at]
    alone = ALONE.fullmatch(piece.text)
    if (
        alone
        and at
        and pieces[at - 1].kind in (BlockKind.QUOTE, BlockKind.PARAGRAPH)
        and (people := sections.introduced(alone["who"]))
    ):
        yield _Credit(at, _surer(people, 1), (at - 1,), (0, len(piece.text)), "behind")
        return
    found = BEHIND.search(piece.text)
    if found is None or len(piece.text[: found.start()].split()) < 3:
        return
    who = found["who"] or found["within"]
    people = (known[who],) if who in known else sections.introduced(who)
    people = tuple(
        known.get(one.name.split()[-1], one) if one == replace(known.get(one.name.split()[-1], one), points=0) else one
        for one in people
    )
    quoted = piece.kind is BlockKind.QUOTE or piece.text[found.start() - 1] in '"”»'
    if people and (" " in who or who in known):
        yield _Credit(at, _surer(people, int(quoted)), (at,), (found.start(), len(piece.text)), "behind")


def _spoke(pieces: Sequence[Piece], at: int, known: dict[str, Introduced]) -> Iterator[_Credit]:
    """Yield the list below a paragraph that says of one person that they spoke, or that these are their points."""
    piece, whose = pieces[at], tuple(_while(pieces, at, 1))
    if not whose or piece.kind is not BlockKind.PARAGRAPH or len(piece.text.split()) > LONGEST_INTRODUCTION:
        return
    plain = piece.text.endswith(":") or re.fullmatch(rf"(?:.{{0,30}}\bby )?{CALLED}\b[^.?!]*\.", piece.text)
    if not plain or not SPOKE.search(piece.text) or sections.own(piece.text):
        return
    there = {who.name: who for part, who in known.items() if re.search(rf"\b{re.escape(part)}\b", piece.text)}
    if len(there) == 1:
        yield _Credit(at, _surer(_titled(piece, there), 1), whose, (0, 0), "spoke")


def _titled(piece: Piece, there: dict[str, Introduced]) -> tuple[Introduced, ...]:
    """Return the one person of a paragraph, with the title that it gives them."""
    (name,) = there
    found = re.search(rf"{re.escape(name)}(?:{TITLE})?", piece.text)
    told = sections.introduced(found[0]) if found else ()
    return (replace(there[name], title=told[0].title if told else None),)


def _below(pieces: Sequence[Piece], at: int) -> tuple[int, ...]:
    """Return the places of the bullets nested under one."""
    if pieces[at].kind not in LISTED:
        return ()
    return tuple(_while(pieces, at, pieces[at].level + 1))


def _quoted(pieces: Sequence[Piece], at: int) -> Iterator[int]:
    """Yield the places of what a quotation goes on with, up to the next name."""
    for place in range(at + 1, len(pieces)):
        if pieces[place].kind is not BlockKind.QUOTE or sections.introduced(pieces[place].text):
            return
        yield place


def _while(pieces: Sequence[Piece], at: int, level: int) -> Iterator[int]:
    for place in range(at + 1, len(pieces)):
        if pieces[place].kind not in LISTED or pieces[place].level < level:
            return
        yield place


def _surer(people: Sequence[Introduced], points: int) -> tuple[Introduced, ...]:
    return tuple(replace(who, points=who.points + points) for who in people)


def _believed(credit: _Credit, every: Sequence[_Credit], pieces: Sequence[Piece]) -> bool:
    """Say whether there is enough evidence that a statement is somebody's."""
    alike = {who.name for one in every if one.way == credit.way for who in one.people}
    extra = int(len(alike) > len(credit.people))
    points = {
        who.name: max(other.points for one in every for other in one.people if other.name == who.name)
        for who in credit.people
    }
    return all(points[who.name] + extra >= ENOUGH and sections.no_words(who.name, pieces) for who in credit.people)
