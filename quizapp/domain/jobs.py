"""Long work that is asked for now and done when a worker comes to it: what it is, where it stands, when to try again."""

from datetime import timedelta
from enum import Enum

MOST_ATTEMPTS = 5
FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=2), timedelta(minutes=5)


class JobKind(Enum):
    """What a job does."""

    READ = "read"  # a document, and propose cards
    EXPORT = "export"  # a deck to Anki
    IMPORT = "import"  # a file of another program
    FIT = "fit"  # parameters to a learner's reviews
    KNOW = "know"  # what a team knows, from the memories of its people
    TAKE_OUT = "take_out"  # everything of one person, as a file


class JobStatus(Enum):
    """Where a job stands."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def is_over(self) -> bool:
        return self not in {JobStatus.QUEUED, JobStatus.RUNNING}


def pause_after(attempts: int) -> timedelta:
    """Return how long to wait after so many attempts that did not work: four times as long after each."""
    growth: int = 4 ** min(attempts - 1, 10)
    return min(FIRST_PAUSE * growth, LONGEST_PAUSE)
