"""Job after job: a thread of the site, or the command `worker`."""

import logging
import threading

from quizapp.clock import utcnow
from quizapp.db.engine import Database
from quizapp.errors import QuizappError
from quizapp.services import fetching, jobs
from quizapp.services.fetching import Fetch
from quizapp.services.mailing import Send
from quizapp.worker.attempt import work_on
from quizapp.worker.post import deliver

PAUSE_SECONDS = 1.0  # between two looks for what other processes have asked for
RECOVERY_SECONDS = 5.0  # after the library could not be used

log = logging.getLogger(__name__)


class Worker:
    """Takes one job after another until it is told to end, and sends the letters if there is a way to."""

    def __init__(self, database: Database, *, fetch: Fetch = fetching.fetched, send: Send | None = None) -> None:
        self._database, self._fetch, self._send = database, fetch, send
        self._asked = threading.Event()
        self._ending = threading.Event()
        self._told = ""

    def start(self) -> threading.Thread:
        """Work in a thread of its own, which does not keep the process alive."""
        thread = threading.Thread(target=self.run, name="worker", daemon=True)
        thread.start()
        return thread

    def wake(self) -> None:
        """Look at once: something was asked for."""
        self._asked.set()

    def end(self) -> None:
        """Stop soon; a job that is being done is given back for others."""
        self._ending.set()
        self._asked.set()

    def run(self) -> None:
        """Work until `end` is called."""
        while not self._ending.is_set():
            try:
                self.work_off()
                if self._send is not None:
                    deliver(self._database, self._send)
                self._told, pause = "", PAUSE_SECONDS
            except QuizappError as problem:
                self._tell_once(problem.message)
                pause = RECOVERY_SECONDS
            except Exception:
                log.exception("the worker goes on after a fault")
                pause = RECOVERY_SECONDS
            self._asked.wait(pause)
            self._asked.clear()

    def work_off(self) -> None:
        """Do the jobs that are there to be taken, one after another, until none is left."""
        while not self._ending.is_set():
            with self._database.reading() as session:  # nobody waits for a turn that is not needed
                if not jobs.is_any_available(session, now=utcnow()):
                    return
            with self._database.writing() as session:
                held = jobs.claim(session, now=utcnow())
            if held is not None:
                work_on(self._database, held, ending=self._ending, fetch=self._fetch)

    def _tell_once(self, sentence: str) -> None:
        if sentence != self._told:
            log.warning("No job can be done now. %s", sentence)
        self._told = sentence
