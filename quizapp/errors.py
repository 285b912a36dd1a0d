"""The five ways a request can fail; each message is a sentence for the person.

Raise these in the domain and in services. Every way in (pages, command line)
translates them once: to a status code and a page, or to exit status 1 and a line.
"""


class QuizappError(Exception):
    """Something the person can act on; `str(error)` says what happened and what to do."""

    @property
    def message(self) -> str:
        """Return the sentence to show."""
        return str(self.args[0]) if self.args else ""


class NotFound(QuizappError):
    """The thing is not there, or is somebody else's (which looks the same on purpose)."""


class Forbidden(QuizappError):
    """The person may see the thing but not do this to it."""


class InvalidInput(QuizappError):
    """What was given cannot be used."""


class Conflict(QuizappError):
    """The thing changed meanwhile, or the request contradicts what is stored."""


class Unavailable(QuizappError):
    """A part that is needed does not work now (locked database, full disk, ...)."""
