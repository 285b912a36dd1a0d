"""What a new version of a document proposes, beside what its cards ask already. Start from `matched`.

A proposal that asks what a card asks never makes a second card. Says it something else,
the card's answer may be out of date, and its owner is asked.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from rapidfuzz import fuzz

from quizapp.domain import cloze, spelling
from quizapp.domain.cards import CardKind, Draft, Note, items
from quizapp.domain.documents import Span

ALIKE_FROM = 90  # of 100: questions about one passage
COMPARED_CHARS = 500
STRETCH_CHARS = 500  # of the text, in which passages are looked for
REMEMBERED = 16_384
WORDS = re.compile(r"\w+")
NUMBERS = re.compile(r"\d+(?:[.,]\d+)*")


@dataclass(frozen=True)
class Kept:
    """A draft that was kept, and what its card says now."""

    note_id: int
    draft: Draft
    number: int  # of its gap
    note: Note
    place: Span | None  # of its passage in the new text; None when that is gone
    is_shaken: bool  # its passage says something else now, or is gone


@lru_cache(maxsize=REMEMBERED)
def folded(text: str) -> str:
    """Return the words of a text as they are compared: without case, accents and punctuation."""
    return " ".join(WORDS.findall(spelling.folded(text)))


def matched(kept: Sequence[Kept], proposed: Iterable[Draft]) -> Sequence[tuple[Kept, Draft]]:
    """Pair kept drafts with proposals that ask the same, the likest first, each once."""
    near = _Nearby(kept)
    found = [
        (-score, number, draft.source.start, draft.id, draft)
        for draft in proposed
        for number in near.to(draft)
        if (score := _likeness(kept[number], draft))
    ]
    pairs: dict[int, Draft] = {}
    taken: set[str] = set()
    for _, number, _, draft_id, draft in sorted(found, key=lambda one: one[:4]):
        if number not in pairs and draft_id not in taken:
            pairs[number] = draft
            taken.add(draft_id)
    return [(kept[number], draft) for number, draft in pairs.items()]


def says_the_same(one: Kept, proposed: Draft) -> bool:
    """Say whether the card already answers as proposed: in its own words, or in those that it was kept in."""
    was, now = one.draft, _asked(one)
    if proposed.kind is CardKind.CLOZE:
        return folded(_filled(proposed)) in {folded(_filled(was)), folded(cloze.whole(one.note.question))}
    same_answer = folded(proposed.answer) in {folded(was.answer), folded(one.note.answer)}
    wanted = sorted(NUMBERS.findall(proposed.question))
    return same_answer and wanted in (sorted(NUMBERS.findall(was.question)), sorted(NUMBERS.findall(now)))


def reworded(note: Note, pairs: Sequence[tuple[Kept, Draft]]) -> Note | None:
    """Return the note in the proposed wording; what its owner edited stays, but for the answer.

    None when a gap of it has no proposal, or the proposals cannot be one note.
    """
    if note.kind is CardKind.CLOZE:
        return _regapped(note, pairs)
    one, draft = pairs[0]
    return replace(
        note,
        question=draft.question if folded(note.question) == folded(one.draft.question) else note.question,
        answer=draft.answer,
        choices=draft.choices,
        explanation=draft.explanation if note.explanation == one.draft.explanation else note.explanation,
    )


def stands_no_more(note: Note, before: str, after: str) -> bool:
    """Say whether what the card answers stood in its passage and stands there no more; of a gap, the whole sentence."""
    return any(_holds(before, one) and not _holds(after, one) for one in _answers(note))


def _answers(note: Note) -> Sequence[str]:
    match note.kind:
        case CardKind.TRUE_FALSE:
            return ()
        case CardKind.CLOZE:
            return (cloze.whole(note.question),)
        case CardKind.LIST | CardKind.ORDER:
            return items(note.answer)
        case CardKind.BASIC | CardKind.CHOICE:
            return (note.answer,)


class _Nearby:
    """Finds the kept drafts that a proposal can match, without a look at each of thousands."""

    def __init__(self, kept: Sequence[Kept]) -> None:
        self._asking: dict[str, set[int]] = {}
        self._standing: dict[int, set[int]] = {}
        for number, one in enumerate(kept):
            for question in (one.draft.question, _asked(one)):
                self._asking.setdefault(folded(question), set()).add(number)
            for stretch in _stretches(one.place):
                self._standing.setdefault(stretch, set()).add(number)

    def to(self, draft: Draft) -> Sequence[int]:
        """Return the numbers of those that ask in the same words, or about a place close by."""
        found = set(self._asking.get(folded(draft.question), ()))
        for stretch in _stretches(Span(draft.source.start, draft.source.end)):
            found |= self._standing.get(stretch, set())
        return sorted(found)


def _stretches(place: Span | None) -> range:
    return range(place.start // STRETCH_CHARS, place.end // STRETCH_CHARS + 1) if place else range(0)


def _holds(passage: str, told: str) -> bool:
    wanted = folded(told)
    return bool(wanted) and f" {wanted} " in f" {folded(passage)} "


def _regapped(note: Note, pairs: Sequence[tuple[Kept, Draft]]) -> Note | None:
    by_number = {one.number: draft for one, draft in pairs}
    if set(cloze.numbers(note.question)) - by_number.keys():
        return None
    text: str | None = None
    for number in cloze.numbers(note.question):
        marked = cloze.mark(by_number[number].question, by_number[number].answer, number)
        text = marked if text is None else cloze.joined(text, marked)
        if text is None:
            return None
    return None if text is None else replace(note, question=text)


def _likeness(one: Kept, draft: Draft) -> float:
    """Return how like what is asked is, 0 when it is another thing."""
    if draft.kind is not one.draft.kind:
        return 0
    here = one.place is not None and one.place.start < draft.source.end and draft.source.start < one.place.end
    questions = {one.draft.question, _asked(one)}
    if folded(draft.question) in {folded(question) for question in questions} and (here or one.is_shaken):
        return 100
    if not here or not any(_same_gap(draft, question) for question in questions):
        return 0
    ratios = (fuzz.ratio(folded(draft.question)[:COMPARED_CHARS], folded(q)[:COMPARED_CHARS]) for q in questions)
    best = max(ratios)
    return best if best >= ALIKE_FROM else 0


def _asked(one: Kept) -> str:
    return cloze.blanked(one.note.question, one.number) if one.note.kind is CardKind.CLOZE else one.note.question


def _same_gap(draft: Draft, question: str) -> bool:
    """Say whether a gap is at the same place of its sentence, by the words on both sides of it."""
    return draft.kind is not CardKind.CLOZE or _beside_gap(draft.question) == _beside_gap(question)


def _beside_gap(question: str) -> tuple[str, str]:
    before, _, after = question.partition(cloze.GAP)
    return folded(before).rpartition(" ")[2], folded(after).partition(" ")[0]


def _filled(draft: Draft) -> str:
    return cloze.whole(cloze.mark(draft.question, draft.answer))
