"""A passage that a person points at, found in the text of its document."""

from collections.abc import Sequence

from quizapp.domain.cards import Source
from quizapp.domain.documents import Block, Span

LIMIT_CHARS = 2_000  # of a quote
_WINDOW = 20_000  # characters from a passage on, in which a quote that begins there surely ends
_BETWEEN = frozenset("|")  # what stands between the cells of a row, which pages draw as lines


def located(text: str, said: str, *, near: int = 0) -> Span | None:
    """Find what somebody copied from a page, whatever blanks the page shows otherwise; first where it should begin."""
    sought = "".join(filter(_counts, said))
    if not sought:
        return None
    return _found(text, sought, near, near + _WINDOW) or _found(text, sought, 0, len(text))


def _found(text: str, sought: str, start: int, end: int) -> Span | None:
    places = [place for place in range(max(start, 0), min(end, len(text))) if _counts(text[place])]
    at = "".join(text[place] for place in places).find(sought)
    return None if at < 0 else Span(places[at], places[at + len(sought) - 1] + 1)


def source(text: str, blocks: Sequence[Block], span: Span) -> Source:
    """Return the passage as the source of a card, with the heading, the speaker and the page of where it begins."""
    block = next((block for block in blocks if block.span.start <= span.start < block.span.end), None)
    return Source(
        quote=span.of(text),
        start=span.start,
        end=span.end,
        speaker=block.speaker.name if block and block.speaker else None,
        heading=block.path[-1] if block and block.path else None,
        page=block.page if block else None,
    )


def _counts(character: str) -> bool:
    return not character.isspace() and character not in _BETWEEN
