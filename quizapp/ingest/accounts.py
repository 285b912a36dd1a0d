"""Accounts in the first person: an introduction presents one person, and what follows are their own words.

"Ada Byron, 70, weaver. As told to Bo Li", and then "I", until a rule or a note about "her". Start from `told`.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from quizapp.domain.documents import BlockKind
from quizapp.ingest import cast, interviews, introductions, names
from quizapp.ingest.lookup import Text
from quizapp.ingest.pieces import Piece

TOP = 8  # pieces in which an account is announced
OWN_VOICE = 0.25  # share of paragraphs that speak of "I"
TOLD = re.compile(
    r"\b(?:as told to|as (?:she|he|they) told it|in (?:his|her|their|[A-Z]\w+['’]s) own words|(?:tells?|told) (?:us )?(?:her|his|their)(?: own)? story|"
    r"(?:her|his|their) (?:own )?(?:story|account) (?:was )?(?:recorded|told|written down))\b|"
    r"\b(?:tells|told|says|said|writes|wrote|remembers|remembered|recalls|recalled|explains|explained|here is what)\b[^.?!“\"]*:$",
    re.IGNORECASE,
)
TELLER = re.compile(rf"(?i:told to|told|story to|recorded by|written down by|edited by) {names.NAME}")
OWN = re.compile(r"\b(?:I|[Mm]y|me|[Ww]e|[Oo]ur|us)\b")


def told(pieces: Sequence[Piece]) -> list[Piece]:
    """Return the pieces of an account with whose words they are; others unchanged."""
    found = [at for at, piece in enumerate(pieces[:TOP]) if TOLD.search(piece.text)]
    start = found[-1] + 1 if found else len(pieces)
    while start < len(pieces) and _presents(pieces[start]):
        start += 1
    who = _presented(pieces[:start], Text(piece.text for piece in pieces)) if found else None
    stop = next((at for at in range(start, len(pieces)) if who and _ends(pieces[at], who)), len(pieces))
    said = [piece for piece in pieces[start:stop] if piece.kind is BlockKind.PARAGRAPH]
    own = sum(bool(interviews.SELF.search(piece.text)) for piece in said)
    if who is None or not said or own < OWN_VOICE * len(said) or any(piece.voice for piece in pieces[start:]):
        return list(pieces)
    return [*pieces[:start], *_voiced(pieces[start:stop], who), *pieces[stop:]]


def _presents(piece: Piece) -> bool:
    """Say whether a piece still belongs to the introduction: in italics, or a line without a verb of its own."""
    return piece.marked or piece.kind is BlockKind.LABEL or piece.text[-1] not in '.?!”"’…'


def _presented(opening: Sequence[Piece], every: Text) -> str | None:
    """Return the one person of the introduction, but for who wrote the account down."""
    bare = [
        replace(piece, text=TELLER.sub("", sentence))
        for piece in opening
        for sentence in cast.SENTENCE.split(piece.text)
    ]
    people = {name for name in interviews.introduced(bare, every) if not cast.OF_HOUSE.search(name)}
    return people.pop() if len(people) == 1 else None


def _ends(piece: Piece, who: str) -> bool:
    """Say whether the account is over: after a rule, or where somebody tells about who gave it."""
    if piece.kind in (BlockKind.TITLE, BlockKind.HEADING):
        return names.like_name(piece.text)
    about = who.split()[-1] in piece.text and introductions.PRONOUN.search(piece.text) and not OWN.search(piece.text)
    return piece.ruled or interviews.closes(piece) or piece.text.startswith(who) or bool(about)


def _voiced(said: Sequence[Piece], who: str) -> Iterator[Piece]:
    for piece in said:
        spoken = piece.kind in (BlockKind.PARAGRAPH, BlockKind.BULLET, BlockKind.STEP) and not piece.marked
        yield replace(piece, voice=who) if spoken else piece
