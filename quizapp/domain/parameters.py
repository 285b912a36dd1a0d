"""The FSRS parameters that a learner is scheduled with: the defaults, or their own, and whether these are better.

How they are fitted is in `fitting`, which needs numpy; this does not.
"""

from dataclasses import dataclass
from typing import NamedTuple

from quizapp.domain.scheduling import DEFAULT_WEIGHTS, Weights
from quizapp.errors import InvalidInput
from quizapp.translations import figure

# Fewer tests say little: a fifth of them is what parameters are judged by.
FEWEST_TESTS = 400


class Parameters(NamedTuple):
    """Parameters under the number by which reviews remember them; one learner's numbers are given once."""

    version: int
    weights: Weights


DEFAULTS = Parameters(1, DEFAULT_WEIGHTS)


@dataclass(frozen=True)
class Measured:
    """How well parameters foretell tests."""

    tests: int
    log_loss: float  # 0 is perfect, ln 2 a coin
    rmse: float  # between chance and share recalled, in bins of like tests


@dataclass(frozen=True)
class Fitted:
    """Parameters fitted to the earlier reviews, and to all, with what the first foretell of the later ones."""

    weights: Weights  # fitted to all reviews
    tests: int  # that they rest on
    own: Measured  # of the later tests, by parameters fitted to the earlier ones alone
    defaults: Measured  # the same, by the defaults

    @property
    def is_better(self) -> bool:
        """Say whether the learner's own parameters foretold the later reviews better."""
        return self.own.log_loss < self.defaults.log_loss


def check_enough(tests: int) -> None:
    """Pass so many tests of memory, or say how many are missing."""
    if tests < FEWEST_TESTS:
        missing = FEWEST_TESTS - tests
        raise InvalidInput(
            "There are %(tests)s answers to cards that came back on a later day, and it takes %(fewest_tests)s. Study %(missing)s more, then ask again.",
            tests=figure(tests),
            fewest_tests=figure(FEWEST_TESTS),
            missing=figure(missing),
        )
