"""Notes that come back from a format that could not say all of them. Start from `restored`."""

from collections.abc import Iterator
from dataclasses import replace

from quizapp import markup
from quizapp.domain.cards import CardKind, Note, items

LISTED = frozenset({CardKind.LIST, CardKind.ORDER})


def restored(note: Note, known: Note, *, is_named: bool) -> Note | None:
    """Return the note that is there, with what a file explains, where the file says it with less; else None.

    A choice that left as a plain question stays a choice, with all its choices. Formats in which notes have names hold
    explanations and all choices, so what is missing there was taken away.
    """
    if not (_is_plain_form(note, known) or (not is_named and _is_shortened(note, known))):
        return None
    said = _words(note.explanation)
    explanation = note.explanation if said and said != _words(known.explanation) else known.explanation
    return replace(known, explanation=explanation, tags=note.tags)


def bare(question: str) -> str:
    """Return a question without the choices that a format of two columns puts behind it."""
    return question.rpartition(" (")[0] if " / " in question and question.endswith(")") else question


def _is_plain_form(note: Note, known: Note) -> bool:
    if note.kind not in {CardKind.BASIC, CardKind.TRUE_FALSE} or known.kind in {CardKind.BASIC, CardKind.CLOZE}:
        return False
    if note.kind is known.kind and note.question == known.question:
        return False
    return _words(note.question) in _questions(known) and _words(note.answer) in _answers(known)


def _is_shortened(note: Note, known: Note) -> bool:
    """Say whether a choice has lost nothing but wrong answers, or any card of the kind what explains it, and looks."""
    chooses = known.kind in {CardKind.CHOICE, CardKind.TRUE_FALSE}
    if not chooses or note.kind is not known.kind or note.explanation or not (known.explanation or known.choices):
        return False
    if len(note.choices) == len(known.choices) and not known.explanation:
        return False
    kept = set(map(_words, note.choices)) <= set(map(_words, known.choices))
    return kept and _words(note.question) == _words(known.question) and _words(note.answer) == _words(known.answer)


def _questions(known: Note) -> Iterator[str]:
    """Give what the question of a plain card says of a note: alone, or with its choices behind it."""
    question = _words(known.question)
    choices = ["True", "False"] if known.kind is CardKind.TRUE_FALSE else [*map(_words, known.choices)]
    yield question
    if choices:
        yield f"{question} {' '.join(choices)}"
        yield f"{question} ({' / '.join(choices)})"


def _answers(known: Note) -> Iterator[str]:
    """Give what the answer says: items after or beside each other, the explanation behind it or not."""
    lines = [*map(_words, items(known.answer))] if known.kind in LISTED else [_words(known.answer)]
    more = _words(known.explanation)
    for answer in (" ".join(lines), "; ".join(lines)):
        yield answer
        if more:
            yield f"{answer} {more}"


def _words(text: str) -> str:
    return " ".join(markup.plain(text).split())
