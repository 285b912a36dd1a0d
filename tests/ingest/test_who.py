"""Who says what, in short documents of many layouts by writers who do not know the code.

`who/*.json` holds the documents and, for some of their sentences, who says them; nobody, where a
reader would not know either.
"""

import json
import re
from collections import Counter
from pathlib import Path

import pytest

from quizapp.generate.claims import claims
from quizapp.ingest import read

FAMILIES = {
    path.stem: json.loads(path.read_text("utf-8")) for path in sorted((Path(__file__).parent / "who").iterdir())
}
# Sentences whose speaker is found, at least; with another speaker, or with one where there is none, at most.
KEPT = {
    "interviews": (75, 0),
    "nobody": (0, 4),
    "panels": (78, 0),
    "prose": (36, 0),
    "takeaways": (109, 1),
    "voices": (47, 3),
}


def words(text: str) -> str:
    return " ".join(re.findall(r"[^\W_]+", text.lower()))


def heard(document, quote: str) -> str | None:
    """Return who says a sentence of a document, by its claim or else by its block."""
    wanted = words(quote)
    for claim in claims(document):
        said = words(claim.text)
        if wanted in said or (said in wanted and len(said.split()) > 3):
            return claim.speaker.name if claim.speaker else None
    opening = " ".join(wanted.split()[:6])
    whose = (one.speaker for one in document.blocks if opening in words(one.span.of(document.text)))
    speaker = next(whose, None)
    return speaker.name if speaker else None


@pytest.mark.slow
@pytest.mark.parametrize("family", FAMILIES)
def test_the_speakers_of_many_layouts_are_found_and_none_is_invented(family):
    told = Counter()
    for one in FAMILIES[family]:
        document = read(one["text"].encode(), f"a.{one['suffix']}")
        for expected in one["expect"]:
            wanted, found = expected["speaker"], heard(document, expected["quote"])
            right = found is not None and wanted is not None and set(words(wanted).split()) <= set(words(found).split())
            told["right" if right else "nobody" if found is None else "wrong"] += 1

    least, most = KEPT[family]
    assert told["right"] >= least, told
    assert told["wrong"] <= most, told
