"""How well schedulers foretell what one learner recalled: `python -m evaluation.forgetting REVIEWS.csv`.

The file has the columns card_id, review_rating (1 to 4) and review_time. Everything is fitted to the first part of the
time and measured on tests of the last fifth: log loss, RMSE in bins (as in the srs-benchmark) and AUC.
"""

import csv
import sys
import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np

from quizapp.domain.fitting import Flags, Floats, Histories, fit, foretold, log_loss, rmse_in_bins
from quizapp.domain.queues import Days
from quizapp.domain.review_logs import Log
from quizapp.domain.scheduling import DEFAULT_WEIGHTS

DAYS = Days(ZoneInfo("UTC"))


@dataclass(frozen=True)
class Figures:
    """How well the chances foretold the tests."""

    log_loss: float
    rmse: float  # between chance and share recalled, in bins of like tests
    auc: float  # the chance that a recalled card was given a higher chance than a forgotten one


def read(path: Path) -> Log:
    """Read a review log."""
    cards: dict[str, list[tuple[datetime, int]]] = defaultdict(list)
    with path.open(newline="") as file:
        for row in csv.DictReader(file):
            at = datetime.fromisoformat(row["review_time"]).astimezone(UTC)
            cards[row["card_id"]].append((at, int(row["review_rating"])))
    return Log.of([sorted(reviews) for reviews in cards.values()], DAYS)


def judge(log: Log, tests: Flags, chances: Floats) -> Figures:
    """Compare chances with what happened."""
    recalled, given = log.histories.grades[tests] > 1, chances[tests]
    return Figures(log_loss(recalled, given), rmse_in_bins(log.histories, tests, given), _auc(recalled, given))


def sm2(histories: Histories) -> Floats:
    """Return the chances of SM-2, whose interval is taken as that with 9 in 10."""
    chances = np.ones_like(histories.elapsed)
    for card in range(histories.grades.shape[1]):
        ease, interval, passed = 2.5, 1.0, 0
        for row, grade in enumerate(histories.grades[:, card]):
            if not grade:
                break
            chances[row, card] = 0.9 ** (histories.elapsed[row, card] / interval)
            quality = grade + 1
            passed = passed + 1 if grade > 1 else 0
            interval = {0: 1.0, 1: 1.0, 2: 6.0}.get(passed, interval * ease)
            ease = max(1.3, ease + 0.1 - (5 - quality) * (0.08 + (5 - quality) * 0.02))
    return chances


def _auc(recalled: Flags, given: Floats) -> float:
    """Mann and Whitney's U over all pairs; equal chances count half."""
    _, places, sizes = np.unique(given, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(sizes) - (sizes - 1) / 2)[places]
    good, bad = recalled.sum(), (~recalled).sum()
    return float((ranks[recalled].sum() - good * (good + 1) / 2) / (good * bad))


def main(arguments: Sequence[str]) -> None:
    """Print a table."""
    log = read(Path(arguments[0]))
    tests = log.histories.tests
    is_earlier = log.earlier()
    earlier, later = tests & is_earlier, tests & ~is_earlier
    share = float((log.histories.grades[earlier] > 1).mean())
    began = time.perf_counter()
    weights = fit(log.histories, earlier)
    took = time.perf_counter() - began
    named = {
        "SM-2": sm2(log.histories),
        f"a constant ({share:.3f}, the share recalled before)": np.full_like(log.histories.elapsed, share),
        "FSRS-6, default parameters": foretold(log.histories, DEFAULT_WEIGHTS),
        "FSRS-6, own parameters": foretold(log.histories, weights),
    }
    print(
        f"{tests.sum():,} tests; fitted to {earlier.sum():,} in {took:.1f} s, measured on the {later.sum():,} after them"
    )
    for name, chances in named.items():
        figures = judge(log, later, chances)
        print(f"{name:55} log loss {figures.log_loss:.4f}  RMSE {figures.rmse:.4f}  AUC {figures.auc:.3f}")
    print("parameters:", ", ".join(f"{weight:.4f}" for weight in weights))


if __name__ == "__main__":
    main(sys.argv[1:])
