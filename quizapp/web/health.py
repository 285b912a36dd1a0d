"""Whether the site works, for whoever starts it and for monitors: the process, and whether it can serve the library."""

import threading
from concurrent.futures import Future

from flask import Blueprint, Flask, current_app
from flask.typing import ResponseReturnValue

from quizapp.config import beside
from quizapp.db.engine import Database
from quizapp.db.upgrade import revision_gap
from quizapp.errors import QuizappError

PATIENCE_SECONDS = 2.0
FRESH = {"Cache-Control": "no-store"}

blueprint = Blueprint("health", __name__)


class Lookout:
    """Looks at the database in a thread of its own, so that whoever asks never waits for longer than the patience."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._mutex = threading.Lock()
        self._look: Future[str] | None = None

    def trouble(self) -> str:
        """Return what is wrong as a sentence, or nothing when the library can be served."""
        with self._mutex:  # one look at a time, for all who ask meanwhile
            if self._look is None or self._look.done():
                self._look = Future()
                threading.Thread(target=self._have_a_look, args=(self._look,), daemon=True).start()
            look = self._look
        try:
            return look.result(PATIENCE_SECONDS)
        except TimeoutError:
            return f"The database does not answer within {PATIENCE_SECONDS:.0f} seconds. It may be locked."

    def _have_a_look(self, look: Future[str]) -> None:
        try:
            with self._database.reading() as session:
                look.set_result(revision_gap(session, scripts=beside("migrations")))
        except QuizappError as error:
            look.set_result(error.message)
        except Exception as fault:  # noqa: BLE001 - the thread's outermost handler: who asked gets it
            look.set_exception(fault)


def init_app(app: Flask, database: Database) -> None:
    """Keep a lookout for this app."""
    app.extensions["lookout"] = Lookout(database)


@blueprint.get("/healthz")
def alive() -> ResponseReturnValue:
    """Answer, which is all that a living process has to do."""
    return {"status": "ok"}, FRESH


@blueprint.get("/readyz")
def ready() -> ResponseReturnValue:
    """Say whether the database can be read and has the tables that this program uses."""
    lookout: Lookout = current_app.extensions["lookout"]
    if trouble := lookout.trouble():
        return {"status": "unavailable", "sentence": trouble}, 503, FRESH
    return {"status": "ok"}, FRESH
