"""Which questions of a pool an attempt asks. Start from `draw`; the same dice always draw the same."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from quizapp.domain.near_misses import ONE_OF, Dice
from quizapp.errors import InvalidInput


@dataclass(frozen=True)
class Quota:
    """How many questions are drawn: in all, None for every one; and of each topic, None for as they fall."""

    count: int | None = None
    per_topic: int | None = None


EVERY = Quota()


def check(topics: Sequence[str], wanted: Quota) -> None:
    """Refuse what a pool with these topics, one for each question, cannot give."""
    count, each = wanted.count, wanted.per_topic
    if (count is not None and count < 1) or (each is not None and each < 1):
        raise InvalidInput("An attempt asks at least one question. Write how many, or leave it empty.")
    if count is not None and count > len(topics):
        raise InvalidInput(
            "There are %(there)s questions, fewer than the %(wanted)s that an attempt should ask.",
            there=len(topics),
            wanted=count,
        )
    if each is None:
        return
    rich = len(_rich(topics, each))
    if count is None:
        if rich < len(set(topics)):
            raise InvalidInput(
                "Not every topic has %(each)s questions. Take fewer of each topic, or say how many an attempt asks.",
                each=each,
            )
        return
    if count % each:
        raise InvalidInput(
            "%(count)s questions cannot be made up of %(each)s from each topic. Choose a multiple of %(each)s.",
            count=count,
            each=each,
        )
    if rich < count // each:
        raise InvalidInput(
            "%(count)s questions with %(each)s from each topic take %(needed)s topics with that many; there are %(rich)s.",
            count=count,
            each=each,
            needed=count // each,
            rich=rich,
        )


def draw(topics: Sequence[str], wanted: Quota, dice: Dice) -> tuple[int, ...]:
    """Return the numbers, from 1 and in the order of the pool, of exactly the questions wanted; refuse what cannot be had."""
    check(topics, wanted)
    numbers = list(range(1, len(topics) + 1))
    if wanted.per_topic is None:
        return tuple(sorted(_some(numbers, len(numbers) if wanted.count is None else wanted.count, dice)))
    rich = _rich(topics, wanted.per_topic)
    chosen = rich if wanted.count is None else _some(rich, wanted.count // wanted.per_topic, dice)
    return tuple(sorted(_of_each(topics, chosen, wanted.per_topic, dice)))


def _of_each(topics: Sequence[str], chosen: Sequence[str], each: int, dice: Dice) -> Iterator[int]:
    for topic in chosen:
        yield from _some([number for number, one in enumerate(topics, 1) if one == topic], each, dice)


def _rich(topics: Sequence[str], each: int) -> list[str]:
    """Return the topics that have so many questions, in the order in which they first come."""
    return [topic for topic in dict.fromkeys(topics) if topics.count(topic) >= each]


def _some(things: Sequence[ONE_OF], count: int, dice: Dice) -> Sequence[ONE_OF]:
    mixed = list(things)
    dice.shuffle(mixed)
    return mixed[:count]
