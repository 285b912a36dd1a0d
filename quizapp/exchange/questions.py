"""The questions of quiz programs, and notes: what `gift`, `moodle` and `kahoot` have in common.

`Asker` makes notes of questions; `asked` makes questions of a note.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from quizapp import markup
from quizapp.domain import cloze
from quizapp.domain.cards import CardKind, Note, faces, items
from quizapp.domain.incoming import Incoming
from quizapp.exchange import columns
from quizapp.exchange.cargo import Basket, Outgoing
from quizapp.exchange.traits import Alike, can_be_typed, count, counted_kinds
from quizapp.translations import NAMES, _, figure, many, marked, speaking, spoken

FULL = 100.0  # percent


@dataclass(frozen=True)
class Option:
    """An answer that a quiz program offers or accepts; card Markdown."""

    text: str
    percent: float  # of the points that it is worth


@dataclass(frozen=True)
class Asker:
    """Makes notes of one question of a quiz program, or tells what became of it."""

    basket: Basket
    question: str
    explanation: str = ""
    deck: str = ""
    guid: str = ""
    tags: tuple[str, ...] = ()
    line: int | None = None

    def choice(self, options: Sequence[Option]) -> None:
        """Take a choice; one with several right answers becomes a list of them."""
        best = max((one.percent for one in options), default=0.0)
        right = [one.text for one in options if one.percent > 0]
        if best >= FULL:
            right = [one.text for one in options if one.percent >= FULL]
        if len(right) > 1:
            wrong = [markup.plain(one.text) for one in options if one.percent <= 0]
            self._adapt(_("Several answers of this choice are right, so it asks for a list of them."))
            note = Note(CardKind.LIST, self.question, "\n".join(right), explanation=self.explanation)
            told = {"wrong": markup.from_text("; ".join(wrong))} if wrong else {}
            self._take(note, beside=marked("Not among them: %(wrong)s."), told=told)
        elif not right:
            self.basket.tell(_("None of the answers of this choice is right."), self.line)
        else:
            choices = tuple(dict.fromkeys(one.text for one in options))
            self._take(Note(CardKind.CHOICE, self.question, right[0], choices, self.explanation))

    def true_false(self, *, is_true: bool) -> None:
        """Take a statement that is true or false."""
        self._take(Note(CardKind.TRUE_FALSE, self.question, str(is_true), explanation=self.explanation))

    def short(self, accepted: Sequence[Option]) -> None:
        """Take a question with an answer to type; a gap in it makes it a cloze."""
        answers = [one.text for one in sorted(accepted, key=lambda one: -one.percent) if one.percent > 0]
        if not answers:
            self.basket.tell(_("This question has no answer that is right."), self.line)
            return
        told: dict[str, str] = {}
        if answers[1:]:
            self._adapt(_("Several answers are accepted; the first became the answer, the others stand below it."))
            told = {"answers": "; ".join(answers[1:])}
        kind = CardKind.CLOZE if cloze.GAP in self.question else CardKind.BASIC
        note = Note(kind, self.question, answers[0], explanation=self.explanation)
        self._take(columns.shaped(note, is_known=True), beside=marked("Also right: %(answers)s"), told=told)

    def numerical(self, value: str, low: str, high: str) -> None:
        """Take a question for a number, which may lie between two others."""
        told = {} if low == high else {"low": low, "high": high}
        if told:
            self._adapt(_("The range in which the number is right stands below the answer."))
        note = Note(CardKind.BASIC, self.question, value, explanation=self.explanation)
        self._take(note, beside=marked("Right from %(low)s to %(high)s."), told=told)

    def matching(self, pairs: Sequence[tuple[str, str]]) -> None:
        """Take a matching question: each of its pairs becomes a card."""
        told = [(one, other) for one, other in pairs if one.strip() and other.strip()]
        if not told:
            self.basket.tell(_("This matching question has no pairs."), self.line)
            return
        self._adapt(
            many(
                "This matching question became %(num)s cards, one a pair.",
                "This matching question became %(num)s cards, one a pair.",
                len(told),
            )
        )
        for number, (one, other) in enumerate(told, 1):
            note = Note(CardKind.BASIC, _paragraphs(self.question, one), other, explanation=self.explanation)
            self._take(note, suffix=f"-{number}")

    def order(self, answers: Sequence[str]) -> None:
        """Take what is to be put in order."""
        lines = "\n".join(" ".join(answer.split()) for answer in answers)
        self._take(Note(CardKind.ORDER, self.question, lines, explanation=self.explanation))

    def essay(self) -> None:
        """Take a question that is answered at length; what is told afterwards is its answer."""
        if self.explanation:
            self._take(Note(CardKind.BASIC, self.question, self.explanation))
        else:
            self.basket.tell(_("This question is answered at length, and the file holds no answer."), self.line)

    def cloze(self, text: str) -> None:
        """Take a text with gaps in our notation."""
        self._take(Note(CardKind.CLOZE, text, explanation=self.explanation))

    def skip(self, why: str) -> None:
        """Leave the question out."""
        self.basket.tell(why, self.line)

    def _take(self, note: Note, *, suffix: str = "", beside: str = "", told: Mapping[str, str] | None = None) -> None:
        """Take a note; what is told beside it goes before its explanation, in the language of the person."""
        guid = f"{self.guid}{suffix}" if self.guid else ""
        note, reworded = replace(note, tags=self.tags), {}
        if told:
            reworded = {code: _paragraphs(_in(code, beside, told), note.explanation) for code in NAMES}
            note = replace(note, explanation=reworded.pop(spoken()))
        others = tuple(reworded.values())
        self.basket.take(Incoming(note, deck=self.deck, guid=guid, line=self.line, reworded=others))

    def _adapt(self, message: str) -> None:
        self.basket.adapt(message, self.line)


def _in(language: str, sentence: str, told: Mapping[str, str]) -> str:
    with speaking(language):
        return _(sentence, **told)


@dataclass(frozen=True)
class Asked:
    """A question as it goes to a quiz program; texts are card Markdown."""

    kind: CardKind  # BASIC is typed; LIST is answered at length
    question: str
    answer: str
    choices: tuple[str, ...] = ()
    explanation: str = ""
    tags: tuple[str, ...] = ()
    deck: str = ""
    guid: str = ""


def asked(one: Outgoing) -> Iterator[Asked]:
    """Yield the questions that a note asks of somebody who types or chooses."""
    note = replace(one.note, question=cloze.MARK.sub(r"{{c\1::\2}}", one.note.question))  # without hints
    for number, face in enumerate(faces(note)):
        guid = f"{one.guid}-{number + 1}" if one.guid and number else one.guid
        question = Asked(
            note.kind, face.question, face.answer, note.choices, note.explanation, note.tags, one.deck, guid
        )
        match note.kind:
            case CardKind.BASIC | CardKind.CLOZE:
                yield replace(question, kind=CardKind.BASIC if can_be_typed(face.answer) else CardKind.LIST)
            case CardKind.LIST:
                yield replace(question, answer="\n".join(f"- {item}" for item in items(face.answer)))
            case CardKind.ORDER | CardKind.CHOICE | CardKind.TRUE_FALSE:
                yield question


def at_length(question: Asked) -> Asked:
    """Return a question whose answer is told after it, with what explains it."""
    steps = enumerate(items(question.answer), 1)
    answer = "\n".join(f"{at}. {step}" for at, step in steps) if question.kind is CardKind.ORDER else question.answer
    return replace(
        question, kind=CardKind.LIST, answer="", explanation=_paragraphs(answer, question.explanation), choices=()
    )


def losses(notes: Alike, *, orders: bool) -> list[str]:
    """Return what a quiz program takes otherwise; `orders` says whether it asks for an order."""
    long = count(notes, lambda texts: texts.is_essay)
    told = (
        [
            _(
                "Asked as essays, since the answer is too long to type: %(number)s. It is the general feedback.",
                number=figure(long),
            )
        ]
        if long
        else []
    )
    kinds = (CardKind.LIST, *(() if orders else (CardKind.ORDER,)))
    counted = (counted_kinds(notes, kind) for kind in kinds)
    return told + [
        _("Asked as essays, with the answer as general feedback: %(cards)s.", cards=one) for one in counted if one
    ]


def _paragraphs(*texts: str) -> str:
    return "\n\n".join(filter(None, texts))
