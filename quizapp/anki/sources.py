"""Where the cards of a deck come from, for everybody who gets it: documents, their addresses, who speaks in them."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from html import escape

MOST_DOCUMENTS, MOST_SPEAKERS = 50, 20  # that are named
WITH_QUOTES = "These cards were made with Recto and quote:"
WITHOUT_QUOTES = "These cards were made with Recto, without the quotes, from:"


class Sources:
    """What the cards of each deck come from, as it is gathered note by note."""

    def __init__(self, *, with_quotes: bool) -> None:
        self._head = WITH_QUOTES if with_quotes else WITHOUT_QUOTES
        self._speakers: defaultdict[str, dict[tuple[str, str], dict[str, None]]] = defaultdict(dict)

    def add(self, deck: str, *, title: str | None, address: str, speaker: str | None) -> None:
        """Note that a card of the deck comes from the document of that title and address; nothing without a title."""
        if not title:
            return
        speakers = self._speakers[deck.casefold()].setdefault((title, address), {})
        if speaker:
            speakers[speaker] = None

    def description(self, deck: str) -> str:
        """Return what Anki shows above the deck, as HTML; empty when no card of it has a document."""
        documents = self._speakers.get(deck.casefold(), {})
        if not documents:
            return ""
        lines = [_line(title, address, list(speakers)) for (title, address), speakers in documents.items()]
        told = f"<p>{self._head}</p><ul>{''.join(f'<li>{line}</li>' for line in _most(lines, MOST_DOCUMENTS))}</ul>"
        return told.encode(errors="replace").decode()  # half a character would keep Anki from reading its decks


def _line(title: str, address: str, speakers: Sequence[str]) -> str:
    link = f'<a href="{escape(address)}">{escape(address)}</a>' if address else ""
    told = ", ".join(_most([escape(one) for one in speakers], MOST_SPEAKERS))
    return " · ".join(filter(None, (escape(title), link, told)))


def _most(lines: Sequence[str], limit: int) -> Iterable[str]:
    """Give so many of the lines, and how many more there are."""
    more = len(lines) - limit
    return [*lines[:limit], f"and {more:,} more"] if more > 0 else lines
