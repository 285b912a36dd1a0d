"""How likely a person keeps a candidate, and what speaks against it most.

The weights are data: `python -m evaluation --train` learns them from people's ratings and
writes `weights.json`. A candidate of a rule that was not there to be rated is judged half by its
features and half by what the rule claims of itself.
"""

import json
import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

from quizapp.generate.features import CLAIM, FEATURES

FARTHEST = 4.0  # spreads from the usual: beyond that nothing was learnt
UNKNOWN = -1.0  # a finding that nobody has rated is believed
OF_ITS_KIND = "Questions of this kind are often not worth keeping."

Traits = Mapping[str, float]  # values of features by name


@dataclass(frozen=True)
class Weight:
    """What a feature weighs for each spread that it lies above what is usual."""

    weight: float
    usual: float
    spread: float

    def of(self, value: float) -> float:
        """Return what a value adds, positive when it speaks for the card."""
        return self.weight * max(-FARTHEST, min(FARTHEST, (value - self.usual) / self.spread))


@dataclass(frozen=True)
class Weights:
    """A logistic model: the sum of what features, rule and findings add is the logit of the chance."""

    base: float
    features: Mapping[str, Weight]
    rules: Mapping[str, float]
    findings: Mapping[str, float]

    def chance(self, rule: str, traits: Traits, faults: Collection[str]) -> float:
        """Return the probability that a person keeps such a candidate as it is."""
        total = self.base + sum(self._added(traits).values()) + sum(self.findings.get(fault, 0.0) for fault in faults)
        logit = total + self.rules[rule] if rule in self.rules else (total + traits[CLAIM]) / 2
        return 1 / (1 + math.exp(-logit))

    def against(self, traits: Traits, faults: Collection[str]) -> tuple[str, ...]:
        """Return why a person may not want such a candidate: findings that count, else the strongest feature."""
        counting = tuple(fault for fault in faults if self.findings.get(fault, UNKNOWN) < 0)
        added = self._added(traits)
        sentences = (
            feature.much if traits[feature.name] > self.features[feature.name].usual else feature.little
            for feature in sorted(FEATURES, key=lambda feature: added.get(feature.name, 0.0))
            if added.get(feature.name, 0.0) < 0
        )
        return counting or (next(filter(None, sentences), OF_ITS_KIND),)

    def _added(self, traits: Traits) -> dict[str, float]:
        return {name: self.features[name].of(value) for name, value in traits.items() if name in self.features}


@cache
def weights() -> Weights:
    """Return the weights that come with Recto."""
    return parsed((resources.files("quizapp.generate") / "weights.json").read_text("utf-8"))


def parsed(text: str) -> Weights:
    """Return weights from their file's text."""
    given = json.loads(text)
    features = {name: Weight(row["weight"], row["usual"], row["spread"]) for name, row in given["features"].items()}
    return Weights(given["base"], features, given["rules"], given["findings"])
