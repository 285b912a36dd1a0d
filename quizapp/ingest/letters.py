"""Answers by letter: "Ada Byron wrote:", her questions as quoted lines, and below each what the sender replies.

Start from `answered`.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from quizapp.domain.documents import BlockKind
from quizapp.ingest import cast, names
from quizapp.ingest.pieces import Piece

TOP = 6  # pieces with the headers of a letter
SENDER = re.compile(
    rf"(?i:from|sender|reply from|answers? (?:from|by))\s?: *(?P<who>(?:{cast.ADDRESS} )*{names.NAME})(?=[ <(,]|$)"
)
ASKER = re.compile(rf"(?:On )?(?:.*?[ ,>])??(?P<who>{names.NAME})(?: <[^<>]*>)? (?:wrote|writes|asked)\b[^.?!]*:")
DATED = re.compile(
    r"\b(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun|Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\.?(?=,? ?\d)|\b(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day,?|\d[\d:./]*,?(?: [AP]M,?)?|(?<=\d )[A-Z][a-z]{2,8}(?= )"
)
HEADER = re.compile(r"(?:from|to|cc|bcc|date|sent|subject|re|reply-to|sender)\s?:", re.IGNORECASE)
GREETS = re.compile(r"(?:Dear|Hi|Hello|Hey|Good (?:morning|evening)) [^.?!]{2,40}[,!:]?")
SIGNS_OFF = re.compile(
    r"(?:--|—|(?:with |all )?(?:best|kind|warm)(?:est)?(?: wishes| regards)?[,.]?(?:\s|$)|regards|yours|sincerely|cheers,|love,|all the best)",
    re.IGNORECASE,
)
QUOTED = (BlockKind.QUOTE, BlockKind.STEP)
EXCHANGES = 2  # quoted lines with an answer below that make an interview


def answered(pieces: Sequence[Piece]) -> list[Piece] | None:
    """Return a letter with whose words each piece is; None where it does not answer quoted questions."""
    sent = next((found for piece in pieces[:TOP] if (found := SENDER.match(piece.text))), None)
    askers = [found for piece in pieces if (found := _asker(piece))]
    replies = [at for at, (above, below) in enumerate(pairwise(pieces)) if _replies(above, below)]
    if sent is None or len(askers) > 1 or len(replies) < EXCHANGES:
        return None
    start = max(at for at, piece in enumerate(pieces[:TOP]) if HEADER.match(piece.text)) + 1
    stop = next((at for at in range(replies[-1], len(pieces)) if SIGNS_OFF.match(pieces[at].text)), len(pieces))
    asker = cast.whole(askers[0]["who"]) if askers else ""
    sender = cast.whole(sent["who"])
    out = [*pieces[:start], *(_told(piece, sender, asker) for piece in pieces[start:stop]), *pieces[stop:]]
    return [replace(piece, voice="") if stop <= at else piece for at, piece in enumerate(out)]


def _asker(piece: Piece) -> re.Match[str] | None:
    """Return who is said to have written what is quoted: "On 3 May Ada Byron wrote:"."""
    return ASKER.fullmatch(DATED.sub(",", piece.text))


def _replies(above: Piece, below: Piece) -> bool:
    return above.kind in QUOTED and below.kind is BlockKind.PARAGRAPH


def _told(piece: Piece, sender: str, asker: str) -> Piece:
    if GREETS.fullmatch(piece.text) or _asker(piece):
        return replace(piece, kind=BlockKind.LABEL, voice="")
    if piece.kind in QUOTED:
        return replace(piece, voice=asker)
    return replace(piece, voice=sender) if piece.kind is BlockKind.PARAGRAPH else piece
