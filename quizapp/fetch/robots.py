"""What sites ask of programs in their robots.txt, as RFC 9309 has it. Start from `Rules`."""

from collections.abc import Callable
from http import HTTPStatus

from protego import Protego

from quizapp.errors import InvalidInput, QuizappError, Unavailable
from quizapp.fetch.exchange import Answer
from quizapp.fetch.places import Place, place

NAME = "Recto"
EVERYTHING_ALLOWED = ""

Ask = Callable[[Place], Answer]  # asks for a robots.txt, wherever it has moved


class Rules:
    """The rules of the sites that one fetch comes by, each asked for once."""

    def __init__(self, ask: Ask) -> None:
        self._ask = ask
        self._known: dict[str, Protego] = {}

    def require(self, wanted: Place) -> None:
        """Pass, unless the site does not want programs to fetch this."""
        if wanted.origin not in self._known:
            self._known[wanted.origin] = Protego.parse(self._told_by(wanted))
        if not self._known[wanted.origin].can_fetch(wanted.url, NAME):
            raise InvalidInput(
                "%(host)s does not want programs to fetch this page. Save it from your browser and add the file.",
                host=wanted.host,
            )

    def _told_by(self, wanted: Place) -> str:
        try:
            answer = self._ask(place(f"{wanted.origin}/robots.txt"))
        except QuizappError:  # a site that tells no rules has none
            return EVERYTHING_ALLOWED
        if answer.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            raise Unavailable(
                "%(host)s is in trouble and cannot say what may be fetched. Try again later.", host=wanted.host
            )
        return answer.data.decode("utf-8", "replace") if answer.status == HTTPStatus.OK else EVERYTHING_ALLOWED
