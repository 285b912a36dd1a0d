"""Each request under an id of its own: in a line of the log, in a header, on the page of a failure.

A line tells the method, the pattern of the address, the status, the time taken and the bytes of the
answer. What stands in addresses, forms, cookies and pages is not in it.
"""

import secrets
from itertools import count
from time import perf_counter
from types import TracebackType

from flask import Flask, g, request
from werkzeug.wrappers import Response

from quizapp.errors import Unavailable
from quizapp.log import LOGGER, kinds

METHODS = frozenset({"GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"})
_NUMBERS = count(secrets.randbelow(2**24))  # six digits that no other request had for a long time


class Site(Flask):
    """Flask, but for faults: they are logged under the id of their request, without what was asked for."""

    def log_exception(
        self, exc_info: tuple[type, BaseException, TracebackType] | tuple[None, None, None] | BaseException | None
    ) -> None:
        """Note a fault that nobody expected, with where it was."""
        LOGGER.error("%s fault in %s", g.request_id, _pattern(), exc_info=exc_info)


def init_app(app: Flask) -> None:
    """Keep the journal; what else looks at requests and answers must be told later, so that it is covered."""
    app.before_request(_begin)
    app.after_request(_end)


def note_unavailable(error: Unavailable) -> None:
    """Note why something could not be done; the sentence for the person stays with the person."""
    LOGGER.warning("%s %s in %s", g.request_id, kinds(error), _pattern())


def _begin() -> None:
    g.request_id, g.began = f"{next(_NUMBERS) & 0xFFFFFF:06x}", perf_counter()


def _end(response: Response) -> Response:
    response.headers["X-Request-Id"] = g.request_id
    LOGGER.info(
        "%s %s %s %d %.1fms %sB",
        g.request_id,
        request.method if request.method in METHODS else "?",
        _pattern(),
        response.status_code,
        (perf_counter() - g.began) * 1000,
        response.calculate_content_length() if response.is_sequence else response.headers.get("Content-Length", "-"),
    )
    return response


def _pattern() -> str:
    return request.url_rule.rule if request.url_rule else "-"
