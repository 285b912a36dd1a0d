"""What people think of candidates: `ratings.jsonl`, a line a candidate, and the sheets that raters fill in.

Raters see question, answer, quote, speaker and heading, never the rule, the score or
whether the card is ready, and not each other. A candidate is known by what it says, so
that it keeps its ratings for as long as its words stay the same.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from random import Random

from evaluation.documents import HERE, Made
from quizapp.domain.cards import CardKind, Draft, Rejected, content_id

FILE = HERE / "ratings.jsonl"
GOOD = "good"
REASONS = (
    "not grounded",
    "wrong speaker",
    "ambiguous",
    "missing context",
    "two facts",
    "trivial",
    "ungrammatical",
    "answer cut",
    "given away",
)
SHUFFLED = 20261125
REJECTED_A_DOCUMENT = 8  # enough to see whether people agree with the reasons


@dataclass(frozen=True)
class Rating:
    """What each rater said of one candidate: `GOOD`, or one of the reasons why not."""

    document: str
    rule: str
    verdicts: Mapping[str, str]  # by rater

    @property
    def share(self) -> float:
        """Return the share of raters who would keep it."""
        return sum(verdict == GOOD for verdict in self.verdicts.values()) / len(self.verdicts)


def key(candidate: Draft | Rejected) -> str:
    """Return what a candidate is known by."""
    return content_id(CardKind.BASIC, candidate.question, candidate.answer)


def read() -> dict[str, Rating]:
    """Return all ratings by key."""
    if not FILE.exists():
        return {}
    rows = (json.loads(line) for line in FILE.read_text("utf-8").splitlines())
    return {row["key"]: Rating(row["document"], row["rule"], row["verdicts"]) for row in rows}


def agreement(ratings: Iterable[Rating]) -> tuple[float, float]:
    """Return the share of candidates on which two raters agree about keeping, and Cohen's kappa."""
    pairs = [[verdict == GOOD for verdict in one.verdicts.values()] for one in ratings if len(one.verdicts) == 2]
    if not pairs:
        return 0.0, 0.0
    same = sum(a == b for a, b in pairs) / len(pairs)
    first, second = (sum(column) / len(pairs) for column in zip(*pairs, strict=True))
    chance = first * second + (1 - first) * (1 - second)
    return same, (same - chance) / (1 - chance) if chance < 1 else 1.0


def sheet(made: Sequence[Made], *, drafts_only: bool = False) -> list[dict[str, object]]:
    """Return the candidates that nobody has rated, in an order that tells nothing, as a rater sees them."""
    known = read()
    rows: dict[str, dict[str, object]] = {}
    for one in made:
        fallen = (
            [] if drafts_only else Random(SHUFFLED).sample(one.rejected, min(REJECTED_A_DOCUMENT, len(one.rejected)))
        )
        for candidate in (*one.drafts, *fallen):
            if key(candidate) not in known:
                rows[key(candidate)] = _shown(one.name, candidate)
    shuffled = list(rows.values())
    Random(SHUFFLED).shuffle(shuffled)
    return shuffled


def take_in(made: Sequence[Made], filled: Mapping[str, Mapping[str, str]]) -> int:
    """Add what raters said, `{rater: {key: verdict}}`, and return how many candidates are new."""
    told = {key(candidate): (one.name, candidate.rule) for one in made for candidate in (*one.drafts, *one.rejected)}
    lines = FILE.read_text("utf-8").splitlines() if FILE.exists() else []
    known, texts = read(), _texts(made)
    fresh = [name for name in told if name not in known and all(name in said for said in filled.values())]
    for name in fresh:
        document, rule = told[name]
        verdicts = {rater: said[name] for rater, said in filled.items()}
        if unknown := {verdict for verdict in verdicts.values() if verdict not in (GOOD, *REASONS)}:
            raise ValueError(f"{name}: {unknown} is no verdict")
        row = {"key": name, "document": document, "rule": rule, **texts[name], "verdicts": verdicts}
        lines.append(json.dumps(row, ensure_ascii=False))
    FILE.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return len(fresh)


def _texts(made: Sequence[Made]) -> dict[str, dict[str, str]]:
    return {
        key(one): {"question": one.question, "answer": one.answer}
        for document in made
        for one in (*document.drafts, *document.rejected)
    }


def _shown(document: str, candidate: Draft | Rejected) -> dict[str, object]:
    row: dict[str, object] = {
        "key": key(candidate),
        "document": document,
        "question": candidate.question,
        "answer": candidate.answer,
    }
    if isinstance(candidate, Draft):
        source = candidate.source
        row |= {"choices": candidate.choices, "explanation": candidate.explanation}
        row |= {"quote": source.quote, "speaker": source.speaker, "heading": source.heading}
    return row
