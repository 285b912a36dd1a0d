"""Generation against the bare spaCy pipeline on the same sentences, both after loading.

The peer is what a program would use that does no more than parse: the small English model as it comes.
"""

from collections.abc import Sequence
from functools import partial
from pathlib import Path

import spacy

from benchmarks.harness import Row, best, in_turns
from benchmarks.libraries import SEEDS
from quizapp.generate import language
from quizapp.generate.claims import claims
from quizapp.generate.pipeline import generate
from quizapp.ingest import read

ROUNDS = 5


def rows(folder: Path, *, full: bool) -> Sequence[Row]:
    """Measure each sample document."""
    peer = spacy.load(next(name for name in language.MODELS if spacy.util.is_package(name)))
    language.parser()
    return [_row(path, peer) for path in sorted(SEEDS.iterdir())]


def _row(path: Path, peer: spacy.Language) -> Row:
    document = read(path.read_bytes(), path.name)
    sentences = [claim.said for claim in claims(document)]
    ours, theirs = in_turns(partial(generate, document), lambda: list(peer.pipe(sentences)), rounds=ROUNDS)
    words = len(document.text.split())
    what = f"Cards from {path.stem}, {words:,} words"
    return Row(what, best(ours) * 1e3, "ms", best(theirs) * 1e3, "spaCy's own pipeline", 1.5)
