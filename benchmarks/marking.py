"""Print how long it takes to mark a typed answer, an ordinary one and the worst that we could think of.

    python benchmarks/marking.py

Hostile answers must stay under 200 ms. Nothing is kept between rounds, as if each text were new. The
figure is the best of several rounds, since a busy machine only adds time.
"""

from collections.abc import Callable
from random import Random
from time import perf_counter

from rapidfuzz.distance import Levenshtein

from quizapp.domain import amounts, list_marking, marking, spelling
from quizapp.domain.list_marking import mark_list, mark_order
from quizapp.domain.marking import mark_typed

GOAL_MS = 200
ROUNDS = 5
DICE = Random(4)


def scattered(letters: str, length: int) -> str:
    """Return letters at random."""
    return "".join(DICE.choices(letters, k=length))


HOSTILE = {
    "a million letters": ("a" * 10**6, "a" * 499 + "b"),
    "short words": (scattered("abc ", 500), scattered("abc ", 500)),
    "long words": (scattered("abcdefgh" * 4 + " ", 500), scattered("abcdefgh" * 4 + " ", 500)),
    "brackets": ("(" * 500, "(a)" * 166),
    "hyphens and umlauts": ("ä-" * 250, "ö-" * 250),
    "fractions": ("1½ " * 160, "1 1/2 " * 80),
    "powers": ("9^99 " * 100, "8^-99 " * 80),
    "number words": ("twenty thousand " * 30, "hundred and " * 40),
    "hedges": ("more than 5 " * 40, "over 5 " * 70),
    "ligatures": ("ﷺ" * 500, "ﷺ" * 499 + "x"),
    "accents on one letter": ("a" + "\u0301" * 499, "a" + "\u0300" * 499),
    "Chinese": ("漢" * 500, "字" * 500),
    "emoji": ("👩‍👩‍👧" * 100, "🙂" * 500),
}


def milliseconds(mark: Callable[[], object]) -> float:
    """Return the time of the best round, with nothing remembered."""
    times = []
    for _ in range(ROUNDS):
        forget()
        begun = perf_counter()
        mark()
        times.append(perf_counter() - begun)
    return min(times) * 1e3


def forget() -> None:
    """Empty every cache of the modules measured."""
    for module in (list_marking, marking, amounts, spelling):
        for kept in vars(module).values():
            if clear := getattr(kept, "cache_clear", None):
                clear()


def main() -> None:
    """Measure and print."""
    typed, expected = "more than 70 percent of firms", "More than 70% of companies"
    ordinary = milliseconds(lambda: mark_typed(typed, expected=expected))
    bare = milliseconds(lambda: Levenshtein.editops(typed, expected))
    print(f"ordinary answer        {ordinary:7.2f} ms   a bare edit distance {bare:.3f} ms")
    worst = 0.0
    for name, (told, wanted) in HOSTILE.items():
        accepted = [f"{wanted[:490]} {number}" for number in range(40)]
        lines, items = scattered("\n" + told[:9] + " ", 5000), [wanted] * 20 + [told[:500]] * 20
        figures = (
            milliseconds(
                lambda told=told, wanted=wanted, accepted=accepted: mark_typed(told, expected=wanted, accepted=accepted)
            ),
            milliseconds(lambda lines=lines, items=items: mark_list(lines, items=items)),
            milliseconds(lambda lines=lines, items=items: mark_order(lines, items=items)),
        )
        worst = max(worst, *figures)
        print(f"{name:22} {figures[0]:7.1f} ms   list {figures[1]:6.1f} ms   order {figures[2]:6.1f} ms")
    print(f"worst {worst:.1f} ms, goal {GOAL_MS} ms: {'met' if worst < GOAL_MS else 'MISSED'}")


if __name__ == "__main__":
    main()
