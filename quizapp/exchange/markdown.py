"""Markdown with cards in it: `read` and `write`; docs/exchange.md shows how they are written.

A card begins with "Q:"; "front :: back" is one on a line, a paragraph with gaps one by itself. Headings name decks.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from quizapp.domain import deck_names, tags
from quizapp.domain.cards import CardKind, Note, Source
from quizapp.domain.incoming import Incoming
from quizapp.exchange import columns
from quizapp.exchange.cargo import Basket, Found, Outgoing, Written
from quizapp.exchange.layout import Wishes
from quizapp.exchange.traits import Alike, losses_common
from quizapp.ingest.text import encoding_of
from quizapp.translations import _, many

FIELDS = {
    "q": "question",
    "question": "question",
    "a": "answer",
    "answer": "answer",
    "extra": "explanation",
    "explanation": "explanation",
    "kind": "kind",
    "tags": "tags",
    "id": "id",
}
FIELD = re.compile(rf"\*{{0,2}}(?P<name>{'|'.join(FIELDS)})\*{{0,2}}:\*{{0,2}}(?:[ \t]+|$)(?P<rest>.*)", re.IGNORECASE)
HEADING = re.compile(r"(?P<level>#{1,6}) +(?P<name>.+?)(?: +#+)?")
TASK = re.compile(r"[-*] \[(?P<mark>[ xX])\] (?P<text>.+)")
PAIR = re.compile(r"(?:[-*+] |\d+[.)] )?(?P<front>\S(?:.*\S)?) (?P<sign>:::?|>>) (?P<back>\S.*)")
GAP = re.compile(r"\{\{c\d{1,3}::.+?\}\}", re.ASCII)
MARK = re.compile(r"==(?P<told>[^=\s](?:[^=\n]*[^=\s])?)==")
FENCE = re.compile(r"\s{0,3}(?P<fence>```+|~~~+)")
RULE = re.compile(r"(?:---+|\*\*\*+|___+)\s*")
MEANING = re.compile(
    rf"\\*(?:{FIELD.pattern}|{RULE.pattern}|#{{1,6}} .*|[-*] \[[ xX]\] .*|> .*|>|\s{{0,3}}(?:```|~~~).*)", re.IGNORECASE
)
FRONT_MATTER = "---"


@dataclass
class _Card:
    """A card that is being read."""

    line: int
    deck: str
    parts: dict[str, list[str]] = field(default_factory=dict)
    choices: list[tuple[str, bool]] = field(default_factory=list)
    quote: list[str] = field(default_factory=list)
    at: str = "question"

    def add(self, line: str) -> None:
        """Add a line to the part that is being read."""
        self.parts.setdefault(self.at, []).append(line)

    def part(self, name: str) -> str:
        """Return a part as it was written."""
        return "\n".join(self.parts.get(name, [])).strip("\n").strip()


@dataclass
class _Reader:
    """Reads lines one after the other."""

    basket: Basket = field(default_factory=Basket)
    decks: list[tuple[int, str]] = field(default_factory=list)  # levels and names of the headings around
    card: _Card | None = None
    paragraph: list[tuple[int, str]] = field(default_factory=list)
    fence: str = ""  # of the block of code that is being read
    fenced_from: int = 0
    unread: list[int] = field(default_factory=list)  # lines of paragraphs that are no card

    @property
    def deck(self) -> str:
        """Return the name of the deck that the headings around say."""
        return deck_names.SEPARATOR.join(name for _, name in self.decks)

    def line(self, number: int, line: str) -> None:
        """Read a line."""
        fence = FENCE.match(line)
        if self.fence or fence:
            self._fenced(number, line, fence["fence"] if fence else "")
        elif found := FIELD.fullmatch(line):
            self._field(number, FIELDS[found["name"].lower()], found["rest"])
        elif heading := HEADING.fullmatch(line):
            self.end()
            level = len(heading["level"])
            self.decks = [one for one in self.decks if one[0] < level] + [(level, heading["name"])]
        elif RULE.fullmatch(line):
            self.end()
        elif self.card:
            self._inside(self.card, line)
        elif line.strip():
            self.paragraph.append((number, line))
        else:
            self._end_paragraph()

    def _fenced(self, number: int, line: str, fence: str) -> None:
        if not self.fence:
            self.fence, self.fenced_from = fence, number
        elif fence.startswith(self.fence):
            self.fence = ""
        if self.card:
            self.card.add(line)
        else:
            self.paragraph.append((number, line))

    def _field(self, number: int, name: str, rest: str) -> None:
        if name == "question":
            self.end()
            self.card = _Card(number, self.deck)
        if self.card is None:
            self.basket.tell(_("There is no question above this. Begin it with “Q: ”."), number)
            return
        self.card.at = name
        self.card.add(_freed(rest))

    def _inside(self, card: _Card, line: str) -> None:
        if (task := TASK.fullmatch(line)) and card.at == "question":
            card.choices.append((_freed(task["text"]), task["mark"] != " "))
        elif line.startswith("> ") or line == ">":
            card.quote.append(line[2:])
        else:
            card.add(_freed(line))

    def end(self) -> None:
        """End the card or paragraph that is being read."""
        self._end_paragraph()
        if self.card:
            _take(self.card, self.basket)
        self.card = None

    def _end_paragraph(self) -> None:
        lines, self.paragraph = self.paragraph, []
        pairs = [(number, found) for number, line in lines if (found := PAIR.fullmatch(line)) and not GAP.search(line)]
        text = "\n".join(line for _, line in lines)
        if pairs:
            for number, found in pairs:
                self._pair(number, found)
            self.unread += [number for number, line in lines if number not in {one for one, _ in pairs}][:1]
        elif gapped := _gapped(text):
            self.basket.take(Incoming(Note(CardKind.CLOZE, gapped), deck=self.deck, line=lines[0][0]))
        elif text.strip():
            self.unread.append(lines[0][0])

    def _pair(self, number: int, found: re.Match[str]) -> None:
        note = columns.shaped(Note(CardKind.BASIC, found["front"], found["back"]), is_known=False)
        self.basket.take(Incoming(note, deck=self.deck, line=number))
        if found["sign"] == ":::":
            other = replace(note, question=note.answer, answer=note.question)
            self.basket.take(Incoming(other, deck=self.deck, line=number))


def read(data: bytes, wishes: Wishes) -> Found:
    """Return the cards of a Markdown file."""
    text = data.decode(wishes.encoding or encoding_of(data), "replace").removeprefix("\ufeff")
    reader = _Reader()
    for number, line in _body(text.replace("\r\n", "\n").replace("\r", "\n").split("\n")):
        reader.line(number, line)
    reader.end()
    if reader.fence:
        reader.basket.tell(
            _("The block of code that begins here is never closed, so what follows is in it."), reader.fenced_from
        )
    if reader.unread:
        others = len(reader.unread) - 1
        told = many(
            "This paragraph has no card, and so have %(num)s others.",
            "This paragraph has no card, and so have %(num)s others.",
            others,
        )
        reader.basket.tell(told if others else _("This paragraph has no card."), reader.unread[0])
    return reader.basket.found()


def _body(lines: Sequence[str]) -> Iterator[tuple[int, str]]:
    """Yield the lines with their numbers, without what stands in front of the text between lines of dashes."""
    start = 0
    if lines and lines[0].strip() == FRONT_MATTER:
        start = next((at + 1 for at, line in enumerate(lines[1:200], 1) if line.strip() == FRONT_MATTER), 0)
    yield from ((number, line) for number, line in enumerate(lines[start:], start + 1))


def _freed(line: str) -> str:
    """Return a line without the backslash that keeps it from meaning something here."""
    return line[1:] if line.startswith("\\") and MEANING.fullmatch(line) else line


def _gapped(text: str) -> str:
    """Return a paragraph with gaps as a cloze text; nothing where it has none."""
    if GAP.search(text):
        return text
    if not MARK.search(text):
        return ""
    numbers = iter(range(1, len(text)))
    return MARK.sub(lambda found: f"{{{{c{next(numbers)}::{found['told']}}}}}", text)


def _take(card: _Card, basket: Basket) -> None:
    question, answer = card.part("question"), card.part("answer")
    right = [text for text, is_right in card.choices if is_right]
    if len(right) > 1:
        basket.adapt(_("Several choices are right; the first of them was taken."), card.line)
    quote = "\n".join(card.quote)
    note = Note(
        columns.KINDS.get(card.part("kind").casefold(), CardKind.BASIC),
        question,
        right[0] if right and not answer else answer,
        tuple(text for text, _ in card.choices),
        card.part("explanation"),
        Source(quote, 0, len(quote)) if quote.strip() else None,
        tuple(tags.clean(card.part("tags"))),
    )
    shaped = columns.shaped(note, is_known=card.part("kind").casefold() in columns.KINDS)
    basket.take(Incoming(shaped, deck=card.deck, guid=card.part("id"), line=card.line))


def write(notes: Sequence[Outgoing]) -> Written:
    """Return a deck as Markdown that people and `read` understand."""
    out: list[str] = []
    deck = ""
    for one in notes:
        if one.deck and one.deck != deck:
            deck = one.deck
            out.append(f"# {deck}\n")
        out.append("\n".join(_lines(one)) + "\n")
    return Written("\n".join(out).encode("utf-8", "replace"), len(notes))


def _lines(one: Outgoing) -> Iterator[str]:
    note = one.note
    yield f"Q: {_kept(note.question)}"
    yield from (f"- [{'x' if choice == note.answer else ' '}] {_kept(choice)}" for choice in note.choices)
    if note.answer and note.kind is not CardKind.CHOICE:
        yield f"A: {_kept(note.answer)}"
    if note.explanation:
        yield f"Extra: {_kept(note.explanation)}"
    if note.tags:
        yield f"Tags: {', '.join(note.tags)}"
    if columns.shaped(replace(note, kind=CardKind.BASIC), is_known=False).kind is not note.kind:
        yield f"Kind: {note.kind.value}"
    if one.guid:
        yield f"Id: {one.guid}"
    if note.source:
        yield from (f"> {line}" for line in note.source.quote.split("\n"))


def _kept(text: str) -> str:
    """Return a text none of whose lines means something here; code that is fenced off needs nothing, below its first line."""
    lines = text.strip().split("\n")
    fence = ""
    out = []
    for at, line in enumerate(lines):
        found = FENCE.match(line)
        if fence:
            fence = "" if _closes(line, fence) else fence
        elif at and found and any(_closes(one, found["fence"]) for one in lines[at + 1 :]):
            fence = found["fence"]
        elif found or MEANING.fullmatch(line):
            line = f"\\{line}"
        out.append(line)
    return "\n".join(out)


def _closes(line: str, fence: str) -> bool:
    found = FENCE.match(line)
    return found is not None and found["fence"].startswith(fence)


def losses(notes: Alike) -> list[str]:
    """Return what Markdown does not carry."""
    told = []
    if any(one.is_quoted for one in notes):
        told.append(_("The quotes that the cards come from go along, without speakers and pages."))
    return told + losses_common(notes, without=("pictures",))
