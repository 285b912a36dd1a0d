"""What of a note decides what files do not carry of it. Start from `traits`; most notes of a deck are alike."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from enum import Enum, auto
from functools import lru_cache
from typing import NamedTuple

from quizapp import markup
from quizapp.domain import card_media, cloze, occlusion
from quizapp.domain.cards import CardKind, Note
from quizapp.translations import _, many

NOTES_KEPT = 8_192  # whose texts were looked at
TYPED_CHARS = 60  # of an answer that somebody can be asked to type
QUESTION_CHARS, ANSWER_CHARS, MOST_ANSWERS = 120, 75, 4  # of a Kahoot


class Misfit(Enum):
    """Why a Kahoot cannot ask a note."""

    KIND = auto()
    QUESTION = auto()  # too long
    ANSWER = auto()  # one too long


class Texts(NamedTuple):
    """What its texts decide."""

    kind: CardKind
    is_explained: bool
    shows: bool  # a picture or a sound
    covers: bool  # parts of a picture
    is_essay: bool  # a question whose answer is too long to type, or more than a line of words
    loses_in_gaps: bool  # gaps asked one by one would be numbered otherwise, or say less
    has_many_choices: bool  # more than a Kahoot has room for
    misfit: Misfit | None


class Traits(NamedTuple):
    """All that decides what is lost of a note."""

    texts: Texts
    deck: str | int  # its name or its id
    is_tagged: bool
    is_quoted: bool
    shows: bool  # a picture or a sound, beside its texts or in them


Said = tuple[CardKind, str, str, tuple[str, ...], str]  # question, answer, choices and explanation
Alike = Mapping[Traits, int]  # how many notes there are of each, in the order of the first ones


def traits(said: Said, deck: str | int, *, is_quoted: bool, is_pictured: bool, is_tagged: bool) -> Traits:
    """Return what decides how much files lose of a note."""
    texts = _texts(*said)
    return Traits(texts, deck, is_tagged, is_quoted, is_pictured or texts.shows)


def tidied(note: Note) -> Note:
    """Return the note as it leaves: its answer is one of its choices to the letter, and no blanks are around texts."""
    choices = tuple(choice.strip() for choice in note.choices) if note.kind is CardKind.CHOICE else ()
    texts = {name: getattr(note, name).replace("\r\n", "\n").strip() for name in ("question", "answer", "explanation")}
    return replace(note, choices=choices, **texts)


def shown_in_kahoot(note: Note) -> tuple[str, Sequence[str], Sequence[str]]:
    """Return the question as a Kahoot shows it, as many choices as there is room for, and those as it shows them."""
    choices = ["True", "False"] if note.kind is CardKind.TRUE_FALSE else _with_room(note)
    return _on_a_line(note.question), choices, [_on_a_line(choice) for choice in choices]


def misfit(note: Note) -> Misfit | None:
    """Return why a Kahoot cannot ask the note, or None if it can."""
    if note.kind not in {CardKind.CHOICE, CardKind.TRUE_FALSE}:
        return Misfit.KIND
    question, _, shown = shown_in_kahoot(note)
    if len(question) > QUESTION_CHARS:
        return Misfit.QUESTION
    return Misfit.ANSWER if any(len(one) > ANSWER_CHARS for one in shown) else None


def can_be_typed(answer: str) -> bool:
    """Say whether somebody can be asked to type the answer."""
    return markup.is_prose(answer) and len(answer) <= TYPED_CHARS and "->" not in answer


def losses_common(notes: Alike, *, without: Iterable[str] = ()) -> list[str]:
    """Return what a file without these parts loses, of those that the notes have: "ids", "sources", "tags", ..."""
    has = {
        "explanations": any(one.texts.is_explained for one in notes),
        "tags": any(one.is_tagged for one in notes),
        "sources": any(one.is_quoted for one in notes),
        "pictures": any(one.shows for one in notes),
        "subdecks": len({one.deck for one in notes}) > 1,
    }
    told = {
        "explanations": _("Explanations stay here."),
        "tags": _("Tags stay here."),
        "sources": _("The quotes that the cards come from stay here, with their speakers and pages."),
        "pictures": _("Pictures stay here."),
        "subdecks": _("All cards go into one deck; the names of subdecks stay here."),
        "ids": _("Cards have no id in this file: brought in here again, they are known by what they ask."),
    }
    return [told[part] for part in told if part in set(without) and has.get(part, bool(notes))]


def count(notes: Alike, holds: Callable[[Texts], bool]) -> int:
    """Return of how many notes the texts are so."""
    return sum(number for one, number in notes.items() if holds(one.texts))


def counted_kinds(notes: Alike, kind: CardKind) -> str:
    """Return "1 cloze card", "12 cloze cards"; nothing where there is none."""
    number = count(notes, lambda texts: texts.kind is kind)
    if not number:
        return ""
    match kind:
        case CardKind.BASIC:
            return many("%(num)s question with an answer", "%(num)s questions with an answer", number)
        case CardKind.CLOZE:
            return many("%(num)s cloze card", "%(num)s cloze cards", number)
        case CardKind.CHOICE:
            return many("%(num)s choice card", "%(num)s choice cards", number)
        case CardKind.TRUE_FALSE:
            return many("%(num)s true-or-false card", "%(num)s true-or-false cards", number)
        case CardKind.LIST:
            return many("%(num)s list", "%(num)s lists", number)
        case CardKind.ORDER:
            return many("%(num)s order to be put in", "%(num)s orders to be put in", number)


@lru_cache(maxsize=NOTES_KEPT)
def _texts(kind: CardKind, question: str, answer: str, choices: tuple[str, ...], explanation: str) -> Texts:
    note = tidied(Note(kind, question, answer, choices, explanation))
    return Texts(
        kind,
        is_explained=bool(note.explanation),
        shows=any(map(card_media.shows, note.texts)),
        covers=kind is CardKind.CLOZE and occlusion.is_in(question),
        is_essay=kind is CardKind.BASIC and not can_be_typed(note.answer),
        loses_in_gaps=_loses_in_gaps(note),
        has_many_choices=len(note.choices) > MOST_ANSWERS,
        misfit=misfit(note),
    )


def _loses_in_gaps(note: Note) -> bool:
    marks = cloze.MARK.findall(note.question) if note.kind is CardKind.CLOZE else []
    return [int(number) for number, _, _ in marks] != [*range(1, len(marks) + 1)] or any(
        hint or not markup.is_prose(told) for _, told, hint in marks
    )


def _with_room(note: Note) -> list[str]:
    """Return as many choices as there is room for, the answer among them."""
    wrong = [choice for choice in note.choices if choice != note.answer]
    kept = {note.answer, *wrong[: MOST_ANSWERS - 1]}
    return [choice for choice in note.choices if choice in kept]


def _on_a_line(text: str) -> str:
    return markup.plain(text).replace("\n", " ")
