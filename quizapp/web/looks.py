"""Looks at what others know or did, as the log of their team tells of them."""

from quizapp.clock import utcnow
from quizapp.services import audit
from quizapp.services.audit import Look
from quizapp.web.acting import current_actor, writing


def note(seen: Look | None) -> None:
    """Note a look in the log; None counts as one with another that is there."""
    if seen is not None:
        with writing() as session:
            audit.note_look(session, current_actor(), seen, now=utcnow())
