"""Which passage belongs to a picture: its caption, and what speaks of it by its number. Start from `Captions`."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence

from quizapp.domain.documents import Block, Picture, Span

NAMED = re.compile(
    r"(?:figure|fig\.|picture|image|photo|chart|diagram|illustration|plate|abbildung|abb\.|bild|grafik)"
    r"\s*(?P<number>\d+(?:[.–-]\d+)*[a-z]?)\b",
    re.IGNORECASE,
)
MENTIONS_PICTURE = re.compile(r"\b(?:picture|image|figure|photo|diagram|illustration)s?\b", re.IGNORECASE)


class Captions:
    """The captions of a document's pictures: the passage below one that opens like "Figure 2", or else the one above."""

    def __init__(self, text: str, blocks: Sequence[Block], pictures: Sequence[Picture]) -> None:
        self._text = text
        self._blocks = blocks
        self._starts = [block.span.start for block in blocks]
        self._names: dict[str, int] = {}
        self.spans: list[Span | None] = []
        for number, picture in enumerate(pictures):
            caption = self._caption(picture)
            self.spans.append(caption)
            if caption and (found := NAMED.match(caption.of(text))):
                self._names.setdefault(_name(found), number)

    def beside(self, span: Span) -> int | None:
        """Return which picture a passage belongs to, if any: it stands in the caption, or its block names the number."""
        if not self._names:
            return None
        block = self._blocks[max(0, bisect_right(self._starts, span.start) - 1)].span
        captioned = next((number for number, caption in enumerate(self.spans) if caption == block), None)
        if captioned is not None:
            return captioned
        said = (block if block.holds(span) else span).of(self._text)
        return next((self._names[name] for name in _mentioned(said) if name in self._names), None)

    def _caption(self, picture: Picture) -> Span | None:
        at = bisect_left(self._starts, picture.start)
        near = [self._blocks[one].span for one in (at, at - 1) if 0 <= one < len(self._blocks)]
        return next((span for span in near if span not in self.spans and NAMED.match(span.of(self._text))), None)


def asks_of_picture(question: str) -> bool:
    """Say whether a question is about a picture, which must be in sight then."""
    return bool(MENTIONS_PICTURE.search(question) or NAMED.search(question))


def _mentioned(text: str) -> Iterator[str]:
    for found in NAMED.finditer(text):
        yield _name(found)


def _name(found: re.Match[str]) -> str:
    """Return what a picture is called, however it is written: "Fig. 2" and "figure 2" are one."""
    kind = found[0].lower()[:3]
    return f"{'fig' if kind in ('fig', 'abb') else kind} {found['number'].lower()}"
