"""Notes of every kind, and arbitrary ones, as they leave."""

from hypothesis import strategies as st

from quizapp.domain.cards import CardKind, Note, Source
from quizapp.exchange.cargo import Outgoing

LETTERS = st.characters(exclude_categories=["C", "Z"], exclude_characters="\u2028\u2029")
MARKS = ["Q:", "A: x", "# x", "- [x] y", "- one", "> z", "---", "```", "::", "{", "}", "=", "~", "#", "\\", "=1", "'=1", "//", "$x$", "\t",
         "a, b", '"', "|", ";", "<b>x</b>", "<", "&amp;", "1. x", "*x*", "[…]", "->", "Kind: list", "True", "{1:SA:=x}", "_"]  # fmt: skip
WORDS = st.one_of(st.text(LETTERS, min_size=1, max_size=8), st.sampled_from(MARKS))
LINES = st.lists(WORDS, min_size=1, max_size=5).map(" ".join).map(str.strip).filter(bool)
TEXTS = st.lists(LINES, min_size=1, max_size=4).map("\n".join)
TAGS = st.lists(st.text("abc-äöü", min_size=1, max_size=6), max_size=3, unique=True).map(tuple)
DECKS = st.sampled_from(["", "Lights", "Lights::North", "A b::C"])
SOURCES = st.none() | st.builds(
    Source, TEXTS, st.integers(0, 9), st.integers(10, 99), st.none() | LINES, st.none() | LINES, st.none() | st.integers(1, 900)
)  # fmt: skip


@st.composite
def notes(draw, texts=TEXTS, lines=LINES):
    """A note that can be asked."""
    kind = draw(st.sampled_from(CardKind))
    question, answer, choices = draw(texts), draw(texts), ()
    match kind:
        case CardKind.CLOZE:
            hidden = draw(st.text("abc äé", min_size=1, max_size=9).filter(str.strip))
            question, answer = f"{draw(lines)} {{{{c1::{hidden}}}}} {draw(lines)}", ""
        case CardKind.CHOICE:
            choices = tuple(draw(st.lists(lines, min_size=2, max_size=5, unique=True)))
            answer = draw(st.sampled_from(choices))
        case CardKind.TRUE_FALSE:
            answer = draw(st.sampled_from(["True", "False"]))
        case CardKind.LIST | CardKind.ORDER:
            answer = "\n".join(draw(st.lists(lines, min_size=2, max_size=4)))
        case CardKind.BASIC:
            pass
    return Note(kind, question, answer, choices, draw(st.just("") | texts), draw(SOURCES), draw(TAGS))


@st.composite
def outgoing(draw):
    """Notes with ids and decks, all in decks or none."""
    found = draw(st.lists(notes(), max_size=4))
    return [Outgoing(note, draw(DECKS.filter(bool)), f"id{at}") for at, note in enumerate(found)]


def source(quote: str = "Skarn flashes twice.", **given: object) -> Source:
    return Source(quote, 0, len(quote), **given)


EVERY_KIND = (
    Note(CardKind.BASIC, "What is Skarn?", "A light", explanation="It stands on *Skarn*.", tags=("lights",)),
    Note(CardKind.CLOZE, "{{c1::Skarn}} flashes {{c2::twice::how often}}.", source=source(speaker="Lin Wei", page=3)),
    Note(CardKind.CHOICE, "Which is the tallest?", "Ulver", ("Skarn", "Ulver", "Holm")),
    Note(CardKind.TRUE_FALSE, "Skarn is a light.", "True"),
    Note(CardKind.LIST, "Which lights are there?", "Skarn\nUlver"),
    Note(CardKind.ORDER, "From south to north?", "Skarn\nUlver\nHolm"),
)


def leaving(*notes: Note, deck: str = "Lights") -> list[Outgoing]:
    return [Outgoing(note, deck, f"id{at}") for at, note in enumerate(notes)]
