"""GIFT, the text format that Moodle and others take quizzes in: `read` and `write`."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from quizapp import hypertext, markup
from quizapp.domain import tags
from quizapp.domain.cards import CardKind
from quizapp.exchange import columns, questions
from quizapp.exchange.cargo import Basket, Found, Outgoing, Written
from quizapp.exchange.layout import Wishes, Writing
from quizapp.exchange.questions import FULL, Asked, Asker, Option
from quizapp.exchange.traits import Alike, counted_kinds, losses_common
from quizapp.ingest.text import encoding_of
from quizapp.translations import _

# What stands behind a backslash stands for itself. While a question is taken apart, characters that no text may
# hold stand for it.
ESCAPED = "~=#{}:\\n"
HIDDEN = {sign: chr(0xFDD0 + at) for at, sign in enumerate(ESCAPED)}
SHOWN = {ord(hidden): "\n" if sign == "n" else sign for sign, hidden in HIDDEN.items()}
ESCAPE = re.compile(r"\\([~=#{}:\\n])")
CATEGORY = re.compile(r"\$CATEGORY:\s*(?P<path>.*)", re.IGNORECASE)
MARKED = re.compile(r"\[(?P<name>id|tag):(?P<value>(?:\\\]|[^\]])*)\]")
NAME = re.compile(r"::.*?::\s*", re.DOTALL)
FORMAT = re.compile(r"\s*\[(?P<format>html|markdown|plain|moodle)\]", re.IGNORECASE)
OPTION = re.compile(r"([=~])([^=~]*)")
PERCENT = re.compile(r"\s*%(?P<percent>-?\d{1,3}(?:\.\d+)?)%")
TRUTH = re.compile(r"\s*(?:(?P<true>TRUE|T)|FALSE|F)\s*(?:#.*)?", re.DOTALL)
NUMBER = r"[-+]?\d+(?:[.,]\d+)?(?:[eE][-+]?\d+)?"
NUMERICAL = re.compile(
    rf"(?P<low>{NUMBER})\s*\.\.\s*(?P<high>{NUMBER})|(?P<value>{NUMBER})(?:\s*:\s*(?P<by>{NUMBER}))?"
)
PLACES = {"", "$course$", "$module$", "$system$", "$coursecat$", "top", "$cat1$"}
MOST_CHUNKS = 40  # between which a brace may stay open


@dataclass
class _Chunk:
    """The lines of a question, and what stands above it."""

    line: int
    deck: str
    comments: list[str] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)

    @cached_property
    def text(self) -> str:
        """Return the question with what is escaped hidden."""
        return ESCAPE.sub(lambda found: HIDDEN[found[1]], "\n".join(self.lines)).strip()

    @property
    def is_open(self) -> bool:
        """Say whether a brace is open at its end."""
        text = self.text
        return text.rfind("{") > text.rfind("}")


def read(data: bytes, wishes: Wishes) -> Found:
    """Return the questions of a GIFT file as notes."""
    text = data.decode(wishes.encoding or encoding_of(data), "replace").removeprefix("\ufeff")
    basket = Basket()
    for chunk in _joined(list(_chunks(text.replace("\r\n", "\n").replace("\r", "\n").split("\n")))):
        _take(chunk, basket)
    return basket.found()


def _chunks(lines: Sequence[str]) -> Iterator[_Chunk]:
    """Yield what stands between blank lines."""
    deck = ""
    chunk = _Chunk(0, deck)
    for number, line in enumerate([*lines, ""], 1):
        if found := CATEGORY.match(line.strip()):
            deck = deck_of(found["path"])
            chunk.deck = deck
        elif line.lstrip().startswith("//"):
            chunk.comments.append(line)
        elif line.strip():
            chunk.line = chunk.line or number
            chunk.lines.append(line)
        elif chunk.lines:
            yield chunk
            chunk = _Chunk(0, deck)


def _joined(chunks: Sequence[_Chunk]) -> Iterator[_Chunk]:
    """Yield the questions: blank lines within braces part none."""
    at = 0
    while at < len(chunks):
        chunk, count = chunks[at], 1
        if chunk.is_open:
            closing = range(at + 1, min(at + MOST_CHUNKS, len(chunks)))
            last = next((other for other in closing if "}" in chunks[other].text), None)
            if last is not None and not any(
                "{" in chunks[one].text.partition("}")[0] for one in range(at + 1, last + 1)
            ):
                count = last - at + 1
                lines = [line for one in chunks[at : last + 1] for line in (*one.lines, "")]
                chunk = _Chunk(chunk.line, chunk.deck, chunk.comments, lines)
        yield chunk
        at += count


def deck_of(path: str) -> str:
    """Return the deck that a category of Moodle is: "$course$/top/A/B" is "A::B"; a slash in a name is doubled."""
    parts = [part.replace("//", "/").strip() for part in re.split(r"(?<!/)/(?!/)", path)]
    return "::".join(part for part in parts if part not in PLACES)


def category(deck: str) -> str:
    """Return the category that a deck is in Moodle."""
    return deck.replace("/", "//").replace("::", "/")


def _take(chunk: _Chunk, basket: Basket) -> None:
    text = chunk.text
    if name := NAME.match(text):
        text = text[name.end() :]
    if chunk.is_open:
        basket.tell(_("A { in this question is never closed by a }."), chunk.line)
        return
    asks = FORMAT.match(text)
    text = text[asks.end() :] if asks else text
    before, opens, rest = text.partition("{")
    body, _closes, after = rest.rpartition("}")
    if not opens:
        basket.tell(_("This is a text without a question: no answer stands in braces."), chunk.line)
        return
    writing = asks["format"].lower() if asks else ""
    answers, general = _parted(body)
    if after.strip() and answers.strip():
        before = f"{before}[…]{after}"
    comments, closes, _behind = "".join(chunk.comments).rpartition("]")
    marks = [(found["name"], found["value"].replace("\\]", "]")) for found in MARKED.finditer(comments + closes)]
    asker = Asker(
        basket,
        _text(before, writing),
        _text(general, writing),
        chunk.deck,
        next((value for name, value in marks if name == "id"), ""),
        tuple(one for name, value in marks if name == "tag" for one in tags.clean(value)),
        chunk.line,
    )
    _tell_left_out(chunk, basket)
    _ask(asker, answers, writing)


def _tell_left_out(chunk: _Chunk, basket: Basket) -> None:
    if hypertext.pictures(_shown(chunk.text)):
        basket.adapt(_("The pictures of this question were left out."), chunk.line)


def _parted(body: str) -> tuple[str, str]:
    """Return the answers, and what is told after all of them."""
    answers, _, general = body.partition("####")
    return answers, general


def _ask(asker: Asker, answers: str, writing: str) -> None:
    """Take a question by what stands in its braces."""
    if not answers.strip():
        asker.essay()
    elif truth := TRUTH.fullmatch(answers):
        asker.true_false(is_true=truth["true"] is not None)
    elif answers.lstrip().startswith("#"):
        _ask_number(asker, answers.lstrip()[1:])
    elif "~" in answers:
        asker.choice(_options(answers, writing))
    elif "->" in answers:
        pairs = (one.partition("#")[0].partition("->") for _, one in OPTION.findall(answers))
        asker.matching([(_text(one, writing), _text(other, writing)) for one, _, other in pairs])
    elif "=" in answers:
        asker.short(_options(answers, writing))
    else:
        asker.skip(_("What stands in the braces of this question is no answer that is known here."))


def _options(answers: str, writing: str) -> list[Option]:
    out = []
    for sign, told in OPTION.findall(answers):
        if not told.strip():
            continue
        weight = PERCENT.match(told)
        words = (told[weight.end() :] if weight else told).partition("#")[0]
        percent = float(weight["percent"]) if weight else FULL * (sign == "=")
        out.append(Option(_text(words, writing), percent))
    return [one for one in out if one.text]


def _ask_number(asker: Asker, answers: str) -> None:
    """Take a question for a number: the first of the answers that earns all points."""
    told = [one for _sign, one in OPTION.findall(answers)] or [answers]
    full = [one for one in told if not PERCENT.match(one)] or told
    number = _shown(full[0].partition("#")[0])
    weight = PERCENT.match(number)
    found = NUMERICAL.fullmatch((number[weight.end() :] if weight else number).strip())
    if found is None:
        asker.skip(_("The number that answers this question could not be read."))
    elif found["low"]:
        low, high = found["low"], found["high"]
        asker.numerical(_("%(low)s to %(high)s", low=low, high=high) if low != high else low, low, low)
    else:
        value, by = (float((found[name] or "0").replace(",", ".")) for name in ("value", "by"))
        asker.numerical(found["value"], f"{value - by:.10g}", f"{value + by:.10g}")


def _text(text: str, writing: str) -> str:
    """Return a text of the file as card Markdown."""
    if own := FORMAT.match(text):
        text, writing = text[own.end() :], own["format"].lower()
    text = _shown(text).strip()
    match writing:
        case "markdown":
            return text
        case "plain":
            return columns.plain(text)
        case _:
            return columns.reader(Writing.HTML if hypertext.is_html(text) or writing == "html" else Writing.PLAIN)(text)


def _shown(text: str) -> str:
    return text.translate(SHOWN)


def write(notes: Sequence[Outgoing]) -> Written:
    """Return a deck as questions in GIFT; decks are categories."""
    out = ["// From Recto. Import it as “GIFT format”.\n"]
    deck = ""
    for one in notes:
        for question in questions.asked(one):
            if question.deck and question.deck != deck:
                deck = question.deck
                out.append(f"$CATEGORY: {category(deck)}\n")
            out.append(_question(question))
    return Written("\n".join(out).encode("utf-8", "replace"), len(notes))


def _question(one: Asked) -> str:
    if one.kind in {CardKind.LIST, CardKind.ORDER}:
        one = questions.at_length(one)
    texts = (one.question, *one.choices, one.explanation)
    plain = all((markup.is_prose(text) and not text.startswith("%")) or not text for text in texts)
    marks = [("id", one.guid), *(("tag", tag) for tag in one.tags)]
    head = " ".join(f"[{name}:{value.replace(']', chr(92) + ']')}]" for name, value in marks if value)
    lines = [f"// {head}"] if head else []
    lines.append(f"[{'plain' if plain else 'html'}]{_kept(one.question, plain=plain)} {{")
    lines += _answers(one, plain=plain)
    if one.explanation:
        lines.append(f"####{_kept(one.explanation, plain=plain)}")
    return "\n".join([*lines, "}\n"])


def _answers(one: Asked, *, plain: bool) -> list[str]:
    match one.kind:
        case CardKind.CHOICE:
            marks = ("=" if choice == one.answer else "~" for choice in one.choices)
            return [
                f"{mark}{_escaped(choice if plain else hypertext.phrase(choice))}"
                for mark, choice in zip(marks, one.choices, strict=True)
            ]
        case CardKind.TRUE_FALSE:
            return ["TRUE" if one.answer == "True" else "FALSE"]
        case CardKind.BASIC | CardKind.CLOZE:
            return [f"={_escaped(markup.plain(one.answer))}"]
        case CardKind.LIST | CardKind.ORDER:
            return []


def _kept(text: str, *, plain: bool) -> str:
    return _escaped(text if plain else hypertext.html(text))


def _escaped(text: str) -> str:
    return re.sub(r"[~=#{}:\\]", r"\\\g<0>", text).replace("\n", r"\n")


def losses(notes: Alike) -> list[str]:
    """Return what GIFT does not carry."""
    told = questions.losses(notes, orders=False)
    if several := counted_kinds(notes, CardKind.CLOZE):
        told.append(_("Asked gap by gap, a question each, without hints: %(cards)s.", cards=several))
    return told + losses_common(notes, without=("sources", "pictures"))
