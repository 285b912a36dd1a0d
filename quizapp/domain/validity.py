"""What a note must be to be asked. Start from `check`."""

import re

from quizapp.domain.cards import CardKind, Note, faces, items
from quizapp.errors import InvalidInput
from quizapp.translations import _, figure

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
    texts = {_("question"): note.question, _("answer"): note.answer, _("explanation"): note.explanation}
    texts |= {_("choice %(number)s", number=number): choice for number, choice in enumerate(note.choices, 1)}
    for name, text in texts.items():
        if LONE_SURROGATE.search(text):
            raise InvalidInput(
                "The %(name)s holds half a character that cannot be stored. Type that place anew.", name=name
            )
        if len(text) > TEXT_LIMIT_CHARS:
            raise InvalidInput(
                "The %(name)s has %(count)s characters; %(text_limit_chars)s is the most. Shorten it.",
                name=name,
                count=figure(len(text)),
                text_limit_chars=figure(TEXT_LIMIT_CHARS),
            )
    if len(note.choices) > MAX_CHOICES:
        raise InvalidInput(
            "A question can have %(max_choices)s choices, not %(count)s. Leave some out.",
            max_choices=MAX_CHOICES,
            count=len(note.choices),
        )
    if any(len(choice) > CHOICE_LIMIT_CHARS for choice in note.choices):
        raise InvalidInput(
            "A choice can have %(choice_limit_chars)s characters. Shorten the longest.",
            choice_limit_chars=figure(CHOICE_LIMIT_CHARS),
        )


def _check_answer(note: Note) -> None:
    if not note.answer.strip():
        raise InvalidInput("The answer is empty. Write what the learner should know.")


def _check_gaps(note: Note) -> None:
    gaps = len(faces(note))
    if not gaps:
        raise InvalidInput("This text has no gap. Mark what to hide as {{c1::hidden words}}.")
    if gaps > MAX_FACES:
        raise InvalidInput(
            "A text can have %(max_faces)s gaps, not %(gaps)s. Split it into several cards.",
            max_faces=MAX_FACES,
            gaps=gaps,
        )


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
