"""Which fact a card asks for. Start from `found`.

A card finds a fact when its quote and the fact's share most of their words, its answer
is short and one of those expected, question and answer name what they must, the question
is about the fact, and the card names the same speaker, if the fact has one. A card finds
one fact at most. One that would find it but for the speaker is misattributed.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from evaluation.documents import Fact
from quizapp.domain.cards import CardKind, Draft

SHARED = 0.6  # of the shorter quote's words
ANSWER_WORDS, LIST_WORDS = 25, 45
_ASKING_TEXT = "which what who when where why how does did that this according the is"
ASKING = frozenset(_ASKING_TEXT.split())


@dataclass(frozen=True)
class Found:
    """What cards find of a document's facts."""

    by_card: Mapping[str, str]  # card id -> fact id
    misattributed: Mapping[str, str]  # fact id -> the question under the wrong name


def found(facts: Sequence[Fact], drafts: Sequence[Draft]) -> Found:
    """Give as many facts as possible a card of their own."""
    wanted: dict[str, list[str]] = {}
    wrong: dict[str, str] = {}
    for fact in facts:
        asking = [draft for draft in drafts if _asks_for(fact, draft)]
        wanted[fact.id] = [draft.id for draft in asking if _attribution(fact, draft) is True]
        if stranger := next((draft for draft in asking if _attribution(fact, draft) is False), None):
            wrong[fact.id] = stranger.question
    return Found(_assigned(wanted), wrong)


def _assigned(wanted: Mapping[str, Sequence[str]]) -> Mapping[str, str]:
    """Return card to fact, as many as can be, by augmenting paths."""
    owner: dict[str, str] = {}

    def placed(fact: str, tried: set[str]) -> bool:
        for card in wanted[fact]:
            if card not in tried:
                tried.add(card)
                if card not in owner or placed(owner[card], tried):
                    owner[card] = fact
                    return True
        return False

    for fact in wanted:
        placed(fact, set())
    return owner


def _asks_for(fact: Fact, draft: Draft) -> bool:
    quote, answer = _words(draft.source.quote), _words(draft.answer)
    if _share(_words(fact.quote), quote) < SHARED or len(quote) < min(4, len(_words(fact.quote))):
        return False
    longest = LIST_WORDS if draft.kind in (CardKind.LIST, CardKind.ORDER) else ANSWER_WORDS
    if len(answer) > longest or (len(quote) > 12 and len(answer) > 0.8 * len(quote)):
        return False
    about = _meaning(fact.question)
    shared = _meaning(draft.question) & (about | _meaning(fact.quote))
    both = f"{draft.question} {draft.answer}"
    return (
        len(shared) >= min(2, len(about))
        and any(re.search(pattern, draft.answer, re.IGNORECASE) for pattern in fact.answer_any)
        and all(re.search(pattern, both, re.IGNORECASE) for pattern in fact.must_all)
    )


def _attribution(fact: Fact, draft: Draft) -> bool | None:
    """Say whether the card names the fact's speaker; None when it names nobody."""
    if fact.speaker is None:
        return True
    name = _words(re.split(r"[(,]", fact.speaker)[0])
    if draft.source.speaker:
        return _share(name, _words(draft.source.speaker)) > 0.99
    return True if name and set(name) <= set(_words(f"{draft.question} {draft.answer}")) else None


def _words(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", text).lower())


def _share(one: Sequence[str], other: Sequence[str]) -> float:
    """Return how much of the shorter text's words the longer one holds."""
    short, long = sorted((one, other), key=len)
    return sum(word in set(long) for word in short) / len(short) if short else 0.0


def _meaning(text: str) -> set[str]:
    """Return rough stems of the words that carry meaning: long, capitalised or numeric."""
    kept = [
        word.lower() for word in re.findall(r"[^\W_]+", text) if len(word) > 3 or word[0].isupper() or word.isdigit()
    ]
    return {re.sub(r"(es|s|ed|ing)$", "", word)[:7] for word in kept if word not in ASKING}
