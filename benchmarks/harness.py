"""What the benchmarks share: timing in turns with a peer, rows with goals, and the table that they make.

A benchmark is a module with a function `rows(*, full)`; `__main__` runs each in a process of its own.
"""

import os
import platform
import sqlite3
import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from time import perf_counter

HEAD = ("what", "ours", "peer", "ratio", "goal", "reached")
ALIGNED = (":--", "--:", ":--", "--:", ":--", ":--")


@dataclass(frozen=True)
class Row:
    """One figure, the peer's beside it if there is one, and the goal: a ratio or an amount that it may reach."""

    what: str
    ours: float
    unit: str
    peer: float | None = None
    peer_name: str = ""
    most_times: float | None = None  # the peer's figure
    most: float | None = None  # in the unit

    @property
    def ratio(self) -> float | None:
        """Return how many times the peer's figure ours is."""
        return self.ours / self.peer if self.peer else None

    @property
    def goal(self) -> str:
        """Return what was to be reached, in words."""
        if self.most_times is not None:
            return f"at most {self.most_times:.3g} times"
        return "" if self.most is None else f"at most {amount(self.most)} {self.unit}"

    @property
    def reached(self) -> bool | None:
        """Say whether the goal is reached, or None when there is none."""
        if self.most_times is not None and self.ratio is not None:
            return self.ratio <= self.most_times
        return None if self.most is None else self.ours <= self.most

    @property
    def cells(self) -> tuple[str, ...]:
        """Return the row as the table shows it."""
        peer = "" if self.peer is None else f"{amount(self.peer)} {self.unit}, {self.peer_name}"
        ratio = "" if self.ratio is None else f"{self.ratio:.2f}"
        reached = {True: "yes", False: "**no**", None: ""}[self.reached]
        return (self.what, f"{amount(self.ours)} {self.unit}", peer, ratio, self.goal, reached)


def measured(name: str, folder: Path, *, full: bool) -> Sequence[Row]:
    """Run a benchmark in a folder of its own; the long parts too when `full`."""
    rows: Sequence[Row] = import_module(f"benchmarks.{name}").rows(folder, full=full)
    return rows


def seconds(act: Callable[[], object]) -> float:
    """Return how long it takes."""
    start = perf_counter()
    act()
    return perf_counter() - start


def in_turns(*acts: Callable[[], object], rounds: int) -> list[list[float]]:
    """Return the seconds of every round of each act; they take turns, so that all meet the same machine."""
    times: list[list[float]] = [[] for _ in acts]
    for number in range(rounds):
        order = range(len(acts))
        for which in order if number % 2 else reversed(order):
            times[which].append(seconds(acts[which]))
    return times


def best(times: Sequence[float]) -> float:
    """Return the quickest, for what takes long: a busy machine only adds time."""
    return min(times)


def middle(times: Sequence[float]) -> float:
    """Return the median, for what is short and done often."""
    return statistics.median(times)


def p95(times: Sequence[float]) -> float:
    """Return what 95 of 100 stay below."""
    return statistics.quantiles(times, n=20)[-1]


def table(rows: Sequence[Row]) -> str:
    """Return the rows as a Markdown table whose columns line up in a terminal, too."""
    lines = [HEAD, *(row.cells for row in rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(HEAD))]
    ruler = tuple(f"{mark[0]}{'-' * (width - 2)}{mark[-1]}" for mark, width in zip(ALIGNED, widths, strict=True))
    return "\n".join(_line(line, widths) for line in (HEAD, ruler, *lines[1:]))


def machine() -> str:
    """Return what the figures were measured on, in one sentence."""
    load = f"{os.getloadavg()[0]:.1f}"
    return (
        f"{_processor()}, {os.cpu_count()} cores, {platform.system()} {platform.release().partition('-')[0]}, "
        f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}; load {load} at the start."
    )


def amount(number: float) -> str:
    """Return the number with three digits that count."""
    if number >= 100:
        return f"{number:,.0f}"
    return f"{number:.1f}" if number >= 10 else f"{number:.2f}"


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    padded = (
        cell.rjust(width) if mark == "--:" else cell.ljust(width)
        for cell, width, mark in zip(cells, widths, ALIGNED, strict=True)
    )
    return f"| {' | '.join(padded)} |"


def _processor() -> str:
    told = Path("/proc/cpuinfo")
    lines = told.read_text().splitlines() if told.exists() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or platform.machine()
