"""Time generation against the bare spaCy pipeline on the same sentences, both after loading.

The peer is what a program would use that does no more than parse: the small
English model as it comes. The goal is at most 1.5 times its time.
"""

import time
from pathlib import Path

import spacy

from quizapp.generate import language
from quizapp.generate.claims import claims
from quizapp.generate.pipeline import generate
from quizapp.ingest import read

ROUNDS = 5
SEEDS = Path(__file__).parents[1] / "seeds"


def best(function):
    """Return the seconds of the quickest of several rounds."""
    times = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        function()
        times.append(time.perf_counter() - start)
    return min(times)


def main() -> None:
    """Print one row a sample document."""
    peer = spacy.load(next(name for name in language.MODELS if spacy.util.is_package(name)))
    language.parser()
    print(f"{'document':24} {'words':>6} {'ours ms':>8} {'spaCy ms':>9} {'ratio':>6}")
    for path in sorted(SEEDS.iterdir()):
        document = read(path.read_bytes(), path.name)
        sentences = [claim.said for claim in claims(document)]
        ours = best(lambda document=document: generate(document))
        theirs = best(lambda sentences=sentences: list(peer.pipe(sentences)))
        words = len(document.text.split())
        print(f"{path.stem:24} {words:6} {ours * 1000:8.0f} {theirs * 1000:9.0f} {ours / theirs:6.2f}")


if __name__ == "__main__":
    main()
