"""Which candidates are ready, which wait in the tray: few and right beats many."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from rapidfuzz import fuzz

from quizapp.domain.cards import CardKind
from quizapp.generate import stated
from quizapp.generate.candidates import Candidate

READY_AT = 0.7  # chance that a person keeps it
TRAY_AT = 0.3  # below it nobody should be bothered
READY_PER_1000_WORDS = 29
READY_AT_LEAST = 14
SAME = 88  # rapidfuzz ratio from which two cards ask the same
ANOTHER_ONE = 0.03
MORE_OF_THE_SAME = 0.1  # what each better card like it takes from a card's worth
_EXPLAINING_TEXT = """
    glossary definition definition_is definition_gloss label label_law label_formula label_opinion called reason reason_stop ban_reason stated_reason stated_ban stated_so_do stated_reason_after stated_reason_below
    decision_reason asked_and_answered differs while difference shared rather asks_contrast enumeration only release_change release_around
    table_remarkable table_never decision replied_term saying noted_reason noted_term noted_list noted_entry arrow
"""
EXPLAINING = frozenset(
    _EXPLAINING_TEXT.split()
)  # what a term means, why, how two things differ: what people want to know first
_PARTS_TEXT = "asks_subject asks_who asks_agent asks_preposition asks_where table_cell term"
PARTS = frozenset(_PARTS_TEXT.split())  # a part of a sentence or of a table
_TERMS_TEXT = "glossary definition definition_is definition_gloss label label_law label_formula noted_term noted_entry noted_value"
TERMS = frozenset(_TERMS_TEXT.split())
APART = TERMS | {"theme_speaker"}  # each is about something or somebody else, though they are many
WANTED = 0.08  # what the one adds to a card's worth and the other takes
CONDITIONS = ("asks_condition", "view_provided", "exception")
COMPARED_CHARACTERS = 500
PER_SENTENCE = 2
ENOUGH = "There are enough better cards for a text of this length."
ANSWERED_TWICE = "Another card asks this and has a different answer."
OF_DEGREE = re.compile(
    r"\b(?:an?|the|very|really|quite|highly|mainly|mostly|largely)\b|[^\w%£€$]+"
)  # tells no two questions apart
BEYOND = re.compile(r"(?:^|[:,;–] )(why|what happens|with which exception)\b", re.IGNORECASE)
SAME_FACT = 0.8  # share of words from which two cards on one sentence ask for the same fact
_NOISE_TEXT = """
    the a an of in on to is are what which who when does do according speaker by and or that for with
"""
NOISE = frozenset(_NOISE_TEXT.split())


def budget(words: int) -> int:
    """Return how many ready cards a text of that many words may get."""
    return max(READY_AT_LEAST, round(words * READY_PER_1000_WORDS / 1000))


def without_duplicates(candidates: Iterable[Candidate]) -> tuple[list[Candidate], list[Candidate]]:
    """Return the candidates that ask something of their own, best first, and the rest."""
    kept: list[Candidate] = []
    doubles: list[Candidate] = []
    by_place: dict[int, list[Candidate]] = {}
    for candidate in sorted(candidates, key=lambda one: (_is_truth(one), -_preferred(one), one.span.start, one.rule)):
        near = [other for place in _places(candidate) for other in by_place.get(place, ())]
        if any(_same(candidate, other) for other in near):
            doubles.append(candidate)
            continue
        kept.append(candidate)
        for place in _places(candidate):
            by_place.setdefault(place, []).append(candidate)
    return kept, doubles


def _preferred(one: Candidate) -> float:
    """Return how wanted a candidate is among those that ask the same: a full question that is ready beats a quoted statement."""
    return min(_wanted(one), READY_AT + WANTED) if one.tail else _wanted(one)


def _places(candidate: Candidate) -> tuple[int, ...]:
    """Return keys that two candidates asking the same share: their sentence, or their answer."""
    end = candidate.claim.span.start if candidate.claim else candidate.span.start
    return (end, hash(_folded(candidate.answer)))


def _is_truth(one: Candidate) -> bool:
    return one.kind is CardKind.TRUE_FALSE


def _same(one: Candidate, other: Candidate) -> bool:
    if _is_truth(one) != _is_truth(other):
        return _on_one_sentence(one, other) and other.chance >= READY_AT
    if _asks_beyond(one) != _asks_beyond(other) and not _ask_a_condition(one, other):
        return False
    if _on_one_sentence(one, other):
        first, second = (set(_folded(f"{card.question} {card.answer}").split()) - NOISE for card in (one, other))
        shorter, longer = sorted((first, second), key=len)
        if len(shorter & longer) >= SAME_FACT * len(shorter) and not _different_parts(one, other):
            return True
    a, b = (_folded(f"{card.frame} {card.question}")[:COMPARED_CHARACTERS] for card in (one, other))
    return fuzz.ratio(a, b) > SAME and fuzz.ratio(_folded(one.answer), _folded(other.answer)) > SAME


def _on_one_sentence(one: Candidate, other: Candidate) -> bool:
    return bool(one.claim and other.claim and one.claim.span == other.claim.span)


def _asks_beyond(card: Candidate) -> str:
    """Return how a card asks for a reason, an outcome or an exception: one that asks for the fact itself is no double."""
    if card.tail:
        return "why" if card.tail in stated.REASONS else "when"
    return found[1].lower() if (found := BEYOND.search(card.question)) else ""


def _ask_a_condition(one: Candidate, other: Candidate) -> bool:
    """Say whether a quoted statement and a full question both ask for a condition."""
    return bool(one.tail) != bool(other.tail) and all(
        card.tail not in {"", *stated.REASONS} or card.rule in CONDITIONS for card in (one, other)
    )


def _different_parts(one: Candidate, other: Candidate) -> bool:
    """Say whether two gaps, or two questions, on one sentence want different parts of it; not one turned round."""
    a, b = _folded(one.answer), _folded(other.answer)
    if a in b or b in a:
        return False
    if one.kind is other.kind is CardKind.CLOZE:
        return True
    if b in _folded(one.question) and a in _folded(other.question):
        return False
    first, second = (set(text.split()) - NOISE for text in (a, b))
    return len(first & second) < 0.5 * min(len(first), len(second))


def answered_twice(ready: Iterable[Candidate]) -> list[Candidate]:
    """Return the candidates that ask in the same words and have different answers; what defines a term stays."""
    asking: dict[str, list[Candidate]] = {}
    for one in ready:
        asking.setdefault(" ".join(OF_DEGREE.sub(" ", one.shown.lower()).split()), []).append(one)
    return [
        one
        for alike in asking.values()
        if len({_folded(other.answer) for other in alike}) > 1
        for one in alike
        if one.rule not in TERMS
    ]


def _folded(text: str) -> str:
    return re.sub(r"[\W_]+", " ", text.lower()).strip()


def crowded(ready: Sequence[Candidate], limit: int) -> dict[int, str]:
    """Return the positions that do not fit, each with the reason: beyond the budget, or a third card on a sentence."""
    out: dict[int, str] = {}
    used: Counter[int] = Counter()
    for at in _by_worth(ready):
        place = _sentence(ready[at], at)
        if used[place] == PER_SENTENCE:
            out[at] = "There are better cards on this sentence."
        elif used.total() == limit:
            out[at] = ENOUGH
        else:
            used[place] += 1
    return out


def _by_worth(ready: Sequence[Candidate]) -> list[int]:
    """Return the positions of the candidates, the best first, where more of the same is worth less each time.

    The same are cards of one rule under one heading, and cards on one sentence. What explains
    comes before a part of a sentence that is as sure.
    """
    better: Counter[tuple[object, ...]] = Counter()
    worth = {}
    for at in sorted(range(len(ready)), key=lambda at: (-_wanted(ready[at]), ready[at].span.start)):
        alike = _alike(ready[at], at)
        each = ANOTHER_ONE if ready[at].rule in APART else MORE_OF_THE_SAME
        worth[at] = _wanted(ready[at]) - each * sum(better[key] for key in alike)
        better.update(alike)
    return sorted(worth, key=lambda at: (-worth[at], ready[at].span.start))


def _wanted(one: Candidate) -> float:
    """Return the chance of a candidate, more where it explains and less where it asks for a part."""
    return one.chance + WANTED * ((one.rule in EXPLAINING) - (one.rule in PARTS))


def _alike(one: Candidate, at: int) -> tuple[tuple[object, ...], ...]:
    """Return what the candidate shares with others that are more of the same."""
    return ((one.rule, one.claim.heading if one.claim else None), (_sentence(one, at),))


def _sentence(one: Candidate, at: int) -> int:
    """Return where the candidate's sentence starts; one without a sentence has a place of its own."""
    return one.claim.span.start if one.claim else -1 - at
