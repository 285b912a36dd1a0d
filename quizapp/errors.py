"""The six ways a request can fail; each message is a sentence for the person.

Raise these in the domain and in services, with the sentence as it is and its values beside
it: `NotFound("You have no deck “%(name)s”.", name=name)`. Every way in (pages, command
line) translates them once: to a status code and a page, or to exit status 1 and a line.
"""

import math
from datetime import timedelta

from quizapp.translations import _


class QuizappError(Exception):
    """Something the person can act on; its message says what happened and what to do."""

    def __init__(self, sentence: str = "", /, **values: object) -> None:
        """Take the English sentence, and the values that stand in it as `%(name)s`; without values it is taken as it stands."""
        super().__init__(sentence)
        self.values = values

    @property
    def message(self) -> str:
        """Return the sentence to show, in the language that is spoken."""
        return _(self.args[0], **self.values)

    def __str__(self) -> str:
        """Return the sentence to show."""
        return self.message


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


class TooMany(QuizappError):
    """It was tried too often; after a while it can be tried again."""

    def __init__(self, sentence: str, /, *, wait: timedelta) -> None:
        """Take the sentence, which says `%(seconds)s`, and how long to wait."""
        self.seconds = max(1, math.ceil(wait.total_seconds()))
        super().__init__(sentence, seconds=self.seconds)
