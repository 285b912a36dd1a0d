"""Who signs a quotation: "“A bell is let go.” — Ada Byron"."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace

from quizapp.domain.documents import BlockKind, Speaker
from quizapp.ingest import names
from quizapp.ingest.pieces import Piece

SIGNED = re.compile(
    r"(?P<words>[\"“„«‘'].{10,}[\"”“»’'])\s*(?P<signature>(?:—|–|--|-)\s*(?P<who>[^\W\d_a-z][^,(]{1,40}?)"
    r"(?:(?:, | \()(?P<title>[^()]{2,90})\)?)?)",
    re.DOTALL,
)


def apart(
    piece: Piece, speaker: Speaker | None, find: Callable[[str], Speaker | None]
) -> Iterator[tuple[Piece, Speaker | None]]:
    """Yield a signed quotation as the words of who signs, and the signature as a label; any other piece as it is."""
    quotes = piece.kind in (BlockKind.QUOTE, BlockKind.PARAGRAPH, BlockKind.BULLET)
    found = SIGNED.fullmatch(piece.text) if quotes else None
    who = _signer(found, find) if found else None
    if found is None or who is None:
        yield piece, speaker
        return
    yield replace(piece, text=found["words"]), who
    yield replace(piece, kind=BlockKind.LABEL, text=found["signature"], lead=""), None


def _signer(found: re.Match[str], find: Callable[[str], Speaker | None]) -> Speaker | None:
    known = find(found["who"])
    if known or not names.like_name(found["who"]):
        return known
    role, organisation = names.split_title(found["title"]) if found["title"] else (None, None)
    return Speaker(names.bare(found["who"]), role, organisation, found["title"])
