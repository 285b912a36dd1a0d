"""Run the benchmarks and print one table: `python -m benchmarks [--full] [--keep] [name ...]`.

Every benchmark runs in a process of its own, so that none finds the caches of another.
"""

import argparse
import multiprocessing
import tempfile
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter

from benchmarks import libraries
from benchmarks.harness import Row, machine, measured, table

BENCHMARKS = (
    *("scheduling", "studying", "browsing", "progress", "pages", "teams"),
    *("exporting", "importing", "generation", "starting"),
)
KEPT = Path(__file__).parents[1] / "docs" / "benchmarks.md"
PAGE = """# Benchmarks

Written by `make bench ARGS="--full --keep"` on {date}. `make bench` alone takes some minutes and leaves out the long ones;
`make bench ARGS=pages` runs one module of `benchmarks/`, whose head says what its rows do and what exactly the peer is.

Measured on: {machine}

{table}

Ours and the peer's took turns in one run. Trust the ratios rather than the amounts; a load above 0 at the start means that other
work ran on the machine, and then a small difference says nothing. Tests never assert on time.
"""


def main() -> None:
    """Measure, print, and keep the table if asked to."""
    asked = _arguments()
    where, begun, rows = machine(), perf_counter(), []
    with tempfile.TemporaryDirectory(prefix="recto-bench-") as folder:
        libraries.readings(Path(folder))
        for name in asked.names or BENCHMARKS:
            print(f"{name}...", flush=True)
            rows += _apart(name, Path(folder), full=asked.full)
    print(f"\n{where}\n\n{table(rows)}\n\nTook {perf_counter() - begun:.0f} seconds.")
    if asked.keep:
        date = datetime.now(UTC).date()
        KEPT.write_text(PAGE.format(date=date, machine=where, table=table(rows)))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="Measure, and compare with the peers.")
    parser.add_argument("names", nargs="*", metavar="name", help=f"only these: {', '.join(BENCHMARKS)}")
    parser.add_argument("--full", action="store_true", help="the long ones, too")
    parser.add_argument("--keep", action="store_true", help=f"write the table to docs/{KEPT.name}")
    asked = parser.parse_args()
    if unknown := set(asked.names) - set(BENCHMARKS):
        parser.error(f"there is no benchmark {', '.join(sorted(unknown))}")
    return asked


def _apart(name: str, run: Path, *, full: bool) -> Sequence[Row]:
    folder = run / name
    folder.mkdir()
    with ProcessPoolExecutor(max_workers=1, mp_context=multiprocessing.get_context("spawn")) as pool:
        return pool.submit(measured, name, folder, full=full).result()


if __name__ == "__main__":
    main()
