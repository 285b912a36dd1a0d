"""While a job is worked on: its progress goes to the library, and from there comes whether to go on."""

import threading
import time

from quizapp.clock import utcnow
from quizapp.db.engine import Database
from quizapp.errors import Unavailable
from quizapp.sandbox import Progress
from quizapp.services import jobs
from quizapp.services.jobs import Claim, Standing

LOOK_SECONDS = 0.4  # between two questions whether to go on
TELL_SECONDS = 0.6  # between two reports of progress
BEAT_SECONDS = 2.0  # the longest time without a report, a fifth of a lease


class Stopped(Exception):  # noqa: N818 - nothing went wrong
    """The job is not to be worked on any longer."""


class Dropped(Stopped):
    """It was cancelled, or another worker has it."""

    def __init__(self, standing: Standing) -> None:
        super().__init__(standing)
        self.standing = standing


class Released(Stopped):
    """This worker is to end, and others shall go on with it."""


class Watch:
    """Reports on one job, not too often, and raises `Stopped` where it is not to go on."""

    def __init__(self, database: Database, held: Claim, *, ending: threading.Event, tell: Progress | None) -> None:
        self._database, self._held, self._ending, self._tell = database, held, ending, tell
        self._latest: tuple[float, str] = (0.0, "")
        self._told = self._latest
        self._looked_at = self._told_at = time.monotonic()

    def note(self, share: float, doing: str) -> None:
        """Take in how far the job is."""
        self._latest = (share, doing)
        if self._tell:
            self._tell(share, doing)

    def look_up(self) -> None:
        """Go on, or raise; called several times a second."""
        if self._ending.is_set():
            raise Released
        now = time.monotonic()
        waited = now - self._told_at
        if waited >= BEAT_SECONDS or (waited >= TELL_SECONDS and self._latest != self._told):
            self._report()
        elif now - self._looked_at >= LOOK_SECONDS:
            self._looked_at = now
            with self._database.reading() as session:
                standing = jobs.standing(session, self._held)
            self._go_on_if(standing)

    def _report(self) -> None:
        share, doing = self._latest
        try:
            with self._database.writing() as session:
                standing = jobs.report(session, self._held, share=share, doing=doing, now=utcnow())
        except Unavailable:  # a busy library or a full disk: the work goes on, and the end decides
            standing = Standing.MINE
        self._told, self._told_at = (share, doing), time.monotonic()
        self._looked_at = self._told_at
        self._go_on_if(standing)

    def _go_on_if(self, standing: Standing) -> None:
        if standing is not Standing.MINE:
            raise Dropped(standing)
