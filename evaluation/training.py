"""What people keep, learnt from their ratings: the weights of `quizapp.generate.worth`. Start from `learnt`.

A logistic regression whose weights are kept small (L2), fitted by Newton's method. Features are measured
in spreads, so that one penalty suits all; what a rule or a finding adds beyond them is kept small on its own,
so that one with few ratings stays near what its features say. What a rule claims of itself (its `sure`) counts as a
few ratings: enough where there are none, nothing against many. Only ratings whose candidate is still generated teach,
and none of a document that is held out.
"""

import json
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from evaluation.documents import HELD_OUT, Example, Made
from evaluation.ratings import Rating
from quizapp.generate import ranking
from quizapp.generate.features import FEATURES
from quizapp.generate.worth import FARTHEST, Weight, Weights

Numbers = NDArray[np.float64]

CUTS = (0.5, 0.6, ranking.READY_AT, 0.8)
FILE = Path(str(resources.files("quizapp.generate") / "weights.json"))
SMALL = 20.0  # penalty on what a feature weighs
SMALL_OWN = 1.0  # penalty on what a rule or a finding adds
LEAST_SPREAD = 0.25  # what nearly no candidate has tells little
CLAIMS = 4.0  # ratings that what a rule claims of itself is worth
STEPS = 50


@dataclass(frozen=True)
class Rated:
    """A candidate, and the share of raters who would keep it; None when nobody has rated it."""

    document: str
    example: Example
    share: float | None


def rated(made: Iterable[Made], known: Mapping[str, Rating]) -> list[Rated]:
    """Return the candidates of documents with what raters said, each text once."""
    out: dict[str, Rated] = {}
    for one in made:
        for example in one.weighed:
            key = next((key for key in example.keys if key in known), None)
            share = known[key].share if key else None
            out.setdefault(key or example.keys[0], Rated(one.name, example, share))
    return list(out.values())


def taught(examples: Iterable[Rated]) -> list[Rated]:
    """Return the examples that may be learnt from."""
    return [one for one in examples if one.document not in HELD_OUT]


def learnt(examples: Sequence[Rated]) -> Weights:
    """Return the weights that explain the ratings, and what rules claim of themselves, best."""
    names = [feature.name for feature in FEATURES]
    rules = sorted({one.example.rule for one in examples})
    findings = sorted({fault for one in examples for fault in one.example.faults})
    measured = np.array([[one.example.traits[name] for name in names] for one in examples])
    usual, spread = measured.mean(axis=0), np.maximum(measured.std(axis=0), LEAST_SPREAD)
    known = np.clip((measured - usual) / spread, -FARTHEST, FARTHEST)
    own = np.array([[*_marks([one.example.rule], rules), *_marks(one.example.faults, findings)] for one in examples])
    penalty = [SMALL] * len(names) + [SMALL_OWN] * (len(rules) + len(findings))
    base, *found = _fitted(np.hstack([known, own]), *_said(examples), np.array(penalty))
    rows = zip(names, found, usual, spread, strict=False)
    features = {name: Weight(*(round(float(number), 4) for number in row)) for name, *row in rows}
    of_rules, of_findings = found[len(names) :][: len(rules)], found[len(names) + len(rules) :]
    return Weights(round(base, 4), features, _rounded(rules, of_rules), _rounded(findings, of_findings))


def _said(examples: Sequence[Rated]) -> tuple[Numbers, Numbers]:
    """Return how good each example is, and how much that counts: a rating as one, each rule's claims as `CLAIMS` together."""
    of_rule = Counter(one.example.rule for one in examples)
    goodness, weight = [], []
    for one in examples:
        claim = CLAIMS / of_rule[one.example.rule]
        counts = claim + (one.share is not None)
        goodness.append((claim * one.example.sure + (one.share or 0.0)) / counts)
        weight.append(counts)
    return np.array(goodness), np.array(weight)


def _marks(there: Collection[str], names: Sequence[str]) -> list[float]:
    return [float(name in there) for name in names]


def _rounded(names: Sequence[str], numbers: Sequence[float]) -> dict[str, float]:
    return {name: round(number, 4) for name, number in zip(names, numbers, strict=True)}


def _fitted(inputs: Numbers, goodness: Numbers, counts: Numbers, penalty: Numbers) -> list[float]:
    """Return the base and the weights of a penalised logistic regression."""
    full = np.hstack([np.ones((len(inputs), 1)), inputs])
    ridge = np.diag(np.concatenate([[0.0], penalty]))
    weights = np.zeros(full.shape[1])
    for _ in range(STEPS):
        chances = 1 / (1 + np.exp(-full @ weights))
        slope = full.T @ (counts * (goodness - chances)) - ridge @ weights
        bend = (full.T * (counts * chances * (1 - chances))) @ full + ridge
        step = np.linalg.solve(bend, slope)
        weights += step
        if np.abs(step).max() < 1e-9:
            break
    return [float(number) for number in weights]


def left_out(examples: Sequence[Rated]) -> list[float]:
    """Return each example's chance by weights that never saw its document."""
    chances = dict[int, float]()
    for document in sorted({one.document for one in examples}):
        weights = learnt([one for one in examples if one.document != document])
        chances |= {at: chance(weights, one) for at, one in enumerate(examples) if one.document == document}
    return [chances[at] for at in range(len(examples))]


def tables(examples: Sequence[Rated]) -> list[str]:
    """Return, as Markdown, how well chances foretell ratings: of documents left out in turn, and of those held out."""
    teaching = taught(examples)
    held_out = [one for one in examples if one.document in HELD_OUT and one.share is not None]
    if not held_out:
        return []
    weights = learnt(teaching)
    pairs = [pair for pair in zip(teaching, left_out(teaching), strict=True) if pair[0].share is not None]
    dev, chances = [one for one, _ in pairs], [number for _, number in pairs]
    lines = [
        f"Chances of {len(dev)} rated candidates, each by weights that never saw its document: "
        f"AUC {auc(dev, chances):.2f}. Held out: {len(held_out)}.",
        "",
        "| chance from | candidates | good | of all good ones | held out | good |",
        "|:--|--:|--:|--:|--:|--:|",
    ]
    check = [chance(weights, one) for one in held_out]
    for cut in CUTS:
        above, beyond = _above(dev, chances, cut), _above(held_out, check, cut)
        found = sum(above) / sum(_above(dev, chances, 0.0))
        lines.append(
            f"| {cut} | {len(above)} | {_mean(above):.0%} | {found:.0%} | {len(beyond)} | {_mean(beyond):.0%} |"
        )
    return [*lines, "", "| foretold | candidates | mean | good |", "|:--|--:|--:|--:|", *_calibration(dev, chances)]


def auc(examples: Sequence[Rated], chances: Sequence[float]) -> float:
    """Return how often a candidate that both raters would keep has a better chance than one that neither would."""
    good = np.array([chances[at] for at, one in enumerate(examples) if one.share == 1])[:, None]
    bad = np.array([chances[at] for at, one in enumerate(examples) if one.share == 0])[None, :]
    return float(((good > bad) + (good == bad) / 2).mean())


def _calibration(examples: Sequence[Rated], chances: Sequence[float]) -> list[str]:
    lines = []
    for low in (0.0, 0.2, 0.4, 0.6, 0.8):
        there = [at for at, number in enumerate(chances) if low <= number < low + 0.2]
        mean, good = _mean([chances[at] for at in there]), _mean([examples[at].share or 0.0 for at in there])
        lines.append(f"| {low:.1f} to {low + 0.2:.1f} | {len(there)} | {mean:.0%} | {good:.0%} |")
    return lines


def _above(examples: Sequence[Rated], chances: Sequence[float], cut: float) -> list[float]:
    return [one.share or 0.0 for one, number in zip(examples, chances, strict=True) if number >= cut]


def _mean(numbers: Sequence[float]) -> float:
    return sum(numbers) / len(numbers) if numbers else 0.0


def chance(weights: Weights, one: Rated) -> float:
    """Return the chance that some weights give an example."""
    return weights.chance(one.example.rule, one.example.traits, one.example.faults)


def keep(weights: Weights) -> None:
    """Write the weights where generation reads them, a line a feature."""
    features = {
        name: {"weight": one.weight, "usual": one.usual, "spread": one.spread} for name, one in weights.features.items()
    }
    parts = [
        f'"{title}": {{\n'
        + ",\n".join(f"  {json.dumps(k, ensure_ascii=False)}: {json.dumps(v)}" for k, v in rows.items())
        + "\n }"
        for title, rows in (("features", features), ("rules", weights.rules), ("findings", weights.findings))
    ]
    FILE.write_text("{\n " + ",\n ".join([f'"base": {weights.base}', *parts]) + "\n}\n", encoding="utf-8")
