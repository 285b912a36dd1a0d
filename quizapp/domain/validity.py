"""What a note must be to be asked. Start from `check`."""

import re

from quizapp.domain.cards import CardKind, Note, faces, items
from quizapp.errors import InvalidInput

LONE_SURROGATE = re.compile("[\ud800-\udfff]")
TEXT_LIMIT_CHARS = 20_000
CHOICE_LIMIT_CHARS = 1_000
MAX_CHOICES = 20
MAX_FACES = 50


def check(note: Note) -> None:
    """Pass a note that can be asked; refuse another with the sentence that says what it lacks."""
    _check_texts(note)
    if not note.question.strip():
        raise InvalidInput("The question is empty. Write what the card asks.")
    match note.kind:
        case CardKind.CLOZE:
            _check_gaps(note)
        case CardKind.CHOICE:
            _check_answer(note)
            _check_choices(note)
        case CardKind.LIST | CardKind.ORDER:
            _check_answer(note)
            _check_items(note)
        case CardKind.BASIC | CardKind.TRUE_FALSE:
            _check_answer(note)


def _check_texts(note: Note) -> None:
    texts = {"question": note.question, "answer": note.answer, "explanation": note.explanation}
    texts |= {f"choice {number}": choice for number, choice in enumerate(note.choices, 1)}
    for name, text in texts.items():
        if LONE_SURROGATE.search(text):
            raise InvalidInput(f"The {name} holds half a character that cannot be stored. Type that place anew.")
        if len(text) > TEXT_LIMIT_CHARS:
            raise InvalidInput(
                f"The {name} has {len(text):,} characters; {TEXT_LIMIT_CHARS:,} is the most. Shorten it."
            )
    if len(note.choices) > MAX_CHOICES:
        raise InvalidInput(f"A question can have {MAX_CHOICES} choices, not {len(note.choices)}. Leave some out.")
    if any(len(choice) > CHOICE_LIMIT_CHARS for choice in note.choices):
        raise InvalidInput(f"A choice can have {CHOICE_LIMIT_CHARS:,} characters. Shorten the longest.")


def _check_answer(note: Note) -> None:
    if not note.answer.strip():
        raise InvalidInput("The answer is empty. Write what the learner should know.")


def _check_gaps(note: Note) -> None:
    gaps = len(faces(note))
    if not gaps:
        raise InvalidInput("This text has no gap. Mark what to hide as {{c1::hidden words}}.")
    if gaps > MAX_FACES:
        raise InvalidInput(f"A text can have {MAX_FACES} gaps, not {gaps}. Split it into several cards.")


def _check_choices(note: Note) -> None:
    choices = [choice.strip() for choice in note.choices]
    if not all(choices):
        raise InvalidInput("One of the choices is empty. Fill it in or remove it.")
    if len(set(choices)) < len(choices):
        raise InvalidInput("Two of the choices are the same. Change or remove one.")
    if len(choices) < 2:
        raise InvalidInput("A choice question needs at least two choices. Add one.")
    if note.answer.strip() not in choices:
        raise InvalidInput("The answer is not among the choices. Add it, or correct the answer.")


def _check_items(note: Note) -> None:
    if note.kind is CardKind.ORDER and len(items(note.answer)) < 2:
        raise InvalidInput("There is nothing to put in order. Write at least two items, one a line.")
