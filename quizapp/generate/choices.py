"""Which cards offer options: those whose answer is one of a few things that the document itself gives.

"Who said that?" asks to guess among the speakers, "What is its type?" among the types of a column; such
a card shows them. What can be recalled without a guess stays a question alone. Start from `offered`.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from quizapp.domain.cards import CardId, CardKind, content_id
from quizapp.domain.documents import Speaker
from quizapp.domain.near_misses import Askable, is_apart, is_as_long
from quizapp.generate import context
from quizapp.generate.candidates import Candidate, Reading
from quizapp.generate.seen import telling

WRONG_AT_MOST, WRONG_AT_LEAST = 3, 2
MORE_WORDS = 2  # by which an option may be longer or shorter than the answer
SAID = 0.6  # share of a question's words from which a sentence may answer it
NO_CARD = CardId(0)
SAYING = frozenset({"saying", "quotation"})  # rules whose answers are persons, introduced or not


def offered(candidates: Sequence[Candidate], reading: Reading) -> list[Candidate]:
    """Return the candidates, as a choice where their answer is one of a few that are surely wrong or right."""
    pool = tuple(_persons(candidates, reading))
    return [_offered(one, one.others or _other_persons(one, pool), reading) for one in candidates]


def _persons(candidates: Iterable[Candidate], reading: Reading) -> Iterator[Speaker]:
    """Yield whom the document lets speak, introduces or quotes, each once."""
    quoted = (Speaker(one.answer) for one in candidates if one.rule in SAYING and "(" not in one.answer)
    everybody = (*reading.speakers, *reading.document.people, *quoted)
    yield from {who.name: who for who in reversed(everybody)}.values()


def _other_persons(one: Candidate, pool: Sequence[Speaker]) -> tuple[str, ...]:
    """Return the other persons, written as the answer is, in an order that depends on the question; none if it is nobody."""
    names, fulls = [who.name for who in pool], [who.full for who in pool]
    written = names if one.answer in names else fulls if one.answer in fulls else []
    return tuple(_mixed(one.question, (name for name in written if name != one.answer)))


def _mixed(question: str, options: Iterable[str]) -> list[str]:
    """Return options in an order that tells nothing and is the same each time."""
    return sorted(options, key=lambda option: content_id(CardKind.CHOICE, question, option))


def _offered(one: Candidate, others: Sequence[str], reading: Reading) -> Candidate:
    if one.kind is not CardKind.BASIC or not others:
        return one
    asked = context.shown(one)
    if set(telling(asked)) & set(telling(one.answer)):
        return one  # "Who spoke of safety?" among three roles has its answer in it
    card, wrong = _askable(asked, one.answer), list[str]()
    for other in dict.fromkeys(others):
        if len(wrong) == WRONG_AT_MOST:
            break
        if _alike(card, other) and is_apart(other, card, wrong) and not _may_be_right(other, one, reading):
            wrong.append(other)
    if len(wrong) < WRONG_AT_LEAST:
        return one
    return replace(one, kind=CardKind.CHOICE, choices=tuple(_mixed(asked, (one.answer, *wrong))))


def _askable(question: str, answer: str) -> Askable:
    return Askable(NO_CARD, CardKind.BASIC, question, (answer,), (answer,))


def _alike(card: Askable, other: str) -> bool:
    """Say whether an option looks as the answer does, so that neither stands out."""
    right, twin = card.right[0], _askable(card.question, other)
    unit, other_unit = (one.figure.unit if one.figure else None for one in (card, twin))
    return (
        twin.form == card.form
        and unit == other_unit
        and right.isupper() == other.isupper()
        and is_as_long(right, other)
        and abs(len(right.split()) - len(other.split())) <= MORE_WORDS
    )


def _may_be_right(other: str, one: Candidate, reading: Reading) -> bool:
    """Say whether the passage names an option, or the document says of it most of what is asked."""
    name = other.partition(" (")[0]
    named = name.lower() in one.span.of(reading.document.text).lower()
    return named or is_said(name, one.question, reading)


def is_said(name: str, words: str, reading: Reading) -> bool:
    """Say whether a sentence that names something, or somebody of that name, has most of the telling words."""
    asked = set(telling(words)) - set(telling(name))
    return any(
        len(asked & set(telling(claim.text))) >= SAID * len(asked)
        for claim in reading.claims
        if name in claim.text or (claim.speaker is not None and claim.speaker.name == name)
    )
