"""Letters go out one after another. Start from `deliver`."""

import logging

from quizapp.clock import utcnow
from quizapp.db.engine import Database
from quizapp.errors import QuizappError
from quizapp.services import mailing
from quizapp.services.mailing import Held, Send

log = logging.getLogger(__name__)


def deliver(database: Database, send: Send) -> None:
    """Send the letters that are there to be sent."""
    while held := _next(database):
        problem = None
        try:
            send(held.letter)
        except QuizappError as refusal:
            problem = refusal
            log.warning("A letter did not go out. %s", refusal.message)
        with database.writing() as session:
            mailing.note(session, held, problem, now=utcnow())


def _next(database: Database) -> Held | None:
    with database.reading() as session:  # nobody waits for a turn that is not needed
        if not mailing.is_any_available(session, now=utcnow()):
            return None
    with database.writing() as session:
        return mailing.claim(session, now=utcnow())
