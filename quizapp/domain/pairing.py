"""Which line is meant for which item, when each pair has its worth: free in their order, or in order with one another.

Start from `best_pairs`; `worth` holds for each item what each line would earn as it.
"""

from math import inf


def best_pairs(worth: list[list[float]]) -> dict[int, int]:
    """Return the line for each item, so that all together earn most; items that earn nothing are left out.

    This is the Hungarian method: items enter one by one, and each takes the
    cheapest chain of changes to the pairs before it, under prices kept for
    items and lines. Line 0 stands for no line yet.
    """
    named = [item for item, row in enumerate(worth) if any(row)]
    rows = [worth[item] for item in named]
    height = len(rows)
    width = max(height, len(rows[0])) if rows else 0
    prices, discounts, holder = [0.0] * (height + 1), [0.0] * (width + 1), [0] * (width + 1)
    for item in range(1, height + 1):
        holder[0] = item
        came_from = _cheapest_chain(rows, holder, prices, discounts)
        line = came_from.pop()
        while line:
            holder[line], line = holder[came_from[line]], came_from[line]
    pairs = {named[holder[line] - 1]: line - 1 for line in range(1, width + 1) if holder[line]}
    return {item: line for item, line in pairs.items() if line < len(worth[item]) and worth[item][line]}


def _cheapest_chain(
    worth: list[list[float]], holder: list[int], prices: list[float], discounts: list[float]
) -> list[int]:
    """Return for each line the line before it in the chain, and last the free line where it ends."""
    width = len(holder)
    least, came_from, reached = [inf] * width, [0] * width, [False] * width
    line = 0
    while holder[line]:
        reached[line] = True
        row = worth[holder[line] - 1]
        for other in range(1, width):
            earned = row[other - 1] if other <= len(row) else 0.0
            cost = -earned - prices[holder[line]] - discounts[other]
            if not reached[other] and cost < least[other]:
                least[other], came_from[other] = cost, line
        nearest = min((other for other in range(1, width) if not reached[other]), key=least.__getitem__)
        step = least[nearest]
        for other in range(width):
            if reached[other]:
                prices[holder[other]] += step
                discounts[other] -= step
            else:
                least[other] -= step
        line = nearest
    return [*came_from, line]


def longest_run(worth: list[list[float]]) -> dict[int, int]:
    """Return the line for each item of the run that earns most with both in order."""
    height, width = len(worth), len(worth[0]) if worth else 0
    best = [[0.0] * (width + 1) for _ in range(height + 1)]
    for item in reversed(range(height)):
        for line in reversed(range(width)):
            taken = worth[item][line] + best[item + 1][line + 1]
            best[item][line] = max(taken, best[item + 1][line], best[item][line + 1])
    pairs, item, line = {}, 0, 0
    while item < height and line < width:
        if best[item][line] == best[item + 1][line]:
            item += 1
        elif best[item][line] == best[item][line + 1]:
            line += 1
        else:
            pairs[item] = line
            item, line = item + 1, line + 1
    return pairs
