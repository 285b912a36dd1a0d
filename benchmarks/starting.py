"""How long commands take from the shell, and the memory of the site at rest.

A command's peer is a Python that does nothing, or that only loads the language model; the best
of some rounds. The memory is what the two processes of `serve` share fairly (PSS), after its first pages;
only Linux tells it.
"""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from urllib.request import urlopen

from benchmarks.harness import Row, best, in_turns
from benchmarks.libraries import SEEDS

ROUNDS = 5
QUIZAPP = [sys.executable, "-m", "quizapp"]
NOTHING = [sys.executable, "-c", "pass"]
MODEL = [sys.executable, "-c", "from quizapp.generate import language; language.parser()"]
PATIENCE_SECONDS = 60


def rows(folder: Path, *, full: bool) -> Sequence[Row]:
    """Measure the commands, then a site."""
    environment = {**os.environ, "QUIZAPP_DATA_DIR": str(folder / "data")}
    run = partial(_run, environment)
    seed = str(sorted(SEEDS.iterdir())[0])
    helps, nothing = in_turns(partial(run, [*QUIZAPP, "--help"]), partial(run, NOTHING), rounds=ROUNDS)
    cards, model = in_turns(partial(run, [*QUIZAPP, "cards", seed]), partial(run, MODEL), rounds=3)
    (served,) = in_turns(partial(_until_it_answers, environment), rounds=ROUNDS)
    measured = [
        Row("`quizapp --help`", best(helps), "s", best(nothing), "python -c pass"),
        Row("`quizapp cards` on a sample", best(cards), "s", best(model), "loading the model alone"),
        Row("`quizapp serve` to the first answer", best(served), "s"),
    ]
    if (megabytes := _memory_at_rest(environment)) is not None:
        measured.append(Row("`quizapp serve` at rest: memory", megabytes, "MB"))
    return measured


def _run(environment: dict[str, str], command: Sequence[str]) -> None:
    subprocess.run(command, env=environment, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def _until_it_answers(environment: dict[str, str]) -> None:
    with _site(environment):
        pass


@contextmanager
def _site(environment: dict[str, str]) -> Iterator[tuple[int, str]]:
    """Give the process and the address of a site that answers."""
    site = subprocess.Popen(
        [*QUIZAPP, "serve", "--port", "0"],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert site.stdout is not None
    try:
        told = next((line for line in site.stdout if "is open at" in line), "")
        found = re.search(r"http://\S+", told)
        assert found, "the site did not start"
        yield site.pid, found[0]
    finally:
        site.send_signal(signal.SIGINT)
        site.wait(PATIENCE_SECONDS)


def _memory_at_rest(environment: dict[str, str]) -> float | None:
    """Return the megabytes of a site that has shown its pages once and has nothing to do."""
    with _site(environment) as (process, address):
        for page in ("", "library", "decks", "study"):
            urlopen(address + page, timeout=PATIENCE_SECONDS).read()
        time.sleep(1)
        return _shared_fairly(process)


def _shared_fairly(process: int) -> float | None:
    """Return the proportional set size of a process and its children, in megabytes."""
    family = [process, *_children(process)]
    told = [Path(f"/proc/{member}/smaps_rollup") for member in family]
    if not all(path.exists() for path in told):
        return None
    kilobytes = (re.search(r"^Pss:\s+(\d+) kB", path.read_text(), re.MULTILINE) for path in told)
    return sum(int(found[1]) for found in kilobytes if found) / 1000


def _children(process: int) -> Sequence[int]:
    told = Path(f"/proc/{process}/task/{process}/children")
    return [int(child) for child in told.read_text().split()] if told.exists() else []
