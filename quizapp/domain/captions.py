"""Which passage belongs to a picture: its caption, and what speaks of it by its number. Start from `beside`."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence

from quizapp.domain.documents import Block, Picture, Span

NAMED = re.compile(
    r"(?:figure|fig\.|picture|image|photo|chart|diagram|illustration|plate|abbildung|abb\.|bild|grafik)"
    r"\s*(?P<number>\d+(?:[.–-]\d+)*[a-z]?)\b",
    re.IGNORECASE,
)
MENTIONS_PICTURE = re.compile(r"\b(?:picture|image|figure|photo|diagram|illustration)s?\b", re.IGNORECASE)


def captions(text: str, blocks: Sequence[Block], pictures: Sequence[Picture]) -> Sequence[Span | None]:
    """Return the caption of each picture: the passage below it that opens like "Figure 2", or else the one above it."""
    starts = [block.span.start for block in blocks]
    taken: set[Span] = set()
    found = []
    for picture in pictures:
        at = bisect_right(starts, picture.start - 1)
        near = [blocks[one].span for one in (at, at - 1) if 0 <= one < len(blocks)]
        caption = next((span for span in near if span not in taken and NAMED.match(span.of(text))), None)
        taken.update([caption] if caption else [])
        found.append(caption)
    return found


def beside(span: Span, text: str, blocks: Sequence[Block], captions: Sequence[Span | None]) -> int | None:
    """Return which picture a passage belongs to, if any: it is in the caption, or its paragraph names the number."""
    for number, caption in enumerate(captions):
        if caption and caption.holds(span):
            return number
    block = next((block.span for block in blocks if block.span.holds(span)), span)
    names = {name: number for number, caption in enumerate(captions) if caption for name in _names(caption.of(text))}
    return next((names[name] for name in _mentioned(block.of(text)) if name in names), None)


def asks_of_picture(question: str) -> bool:
    """Say whether a question can only be answered with the picture in sight."""
    return bool(MENTIONS_PICTURE.search(question) or NAMED.search(question))


def _names(caption: str) -> Iterator[str]:
    if found := NAMED.match(caption):
        yield _name(found)


def _mentioned(text: str) -> Iterator[str]:
    for found in NAMED.finditer(text):
        yield _name(found)


def _name(found: re.Match[str]) -> str:
    """Return what a picture is called, however it is written: "Fig. 2" and "figure 2" are one."""
    kind = found[0].lower()[:3]
    return f"{'fig' if kind in ('fig', 'abb') else kind} {found['number'].lower()}"
