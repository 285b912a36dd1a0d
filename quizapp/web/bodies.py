"""What requests carry: taken in by a few at a time, and to the end, so that nobody waits for a slow sender.

The server hands a request over when its head is there, and a thread that reads the rest waits for as
long as the sender likes. Pages need threads, too, so most of them never read.
"""

import threading
from contextlib import suppress

from flask import Flask, current_app, request
from werkzeug.exceptions import ClientDisconnected
from werkzeug.wrappers import Response

from quizapp.errors import Unavailable

AT_ONCE = 100  # of the server's 400 threads
PIECE_BYTES = 256 * 1024
LEFT_OVER_BYTES = 100 * 1024 * 1024  # of a refused body that are read away
LARGER_BYTES = {"importing.add": 200 * 1024 * 1024}  # what may come to these addresses instead of the usual
READ_BY_NOBODY = frozenset({"GET", "HEAD", "OPTIONS"})


def init_app(app: Flask) -> None:
    """Keep the places in which bodies are read, and read away what a refusal left."""
    app.extensions["reading_places"] = threading.BoundedSemaphore(AT_ONCE)
    app.after_request(_read_away)


def take_in() -> None:
    """Read the form and the files of this request, unless too many others are being read."""
    if request.method in READ_BY_NOBODY:
        return
    if request.endpoint in LARGER_BYTES:
        request.max_content_length = LARGER_BYTES[request.endpoint]
    places: threading.BoundedSemaphore = current_app.extensions["reading_places"]
    if not places.acquire(blocking=False):
        raise Unavailable("Recto is taking in too much at once. Nothing was changed; try again in a moment.")
    try:
        request.form  # noqa: B018 - read and kept by the request
        if request.mimetype == "application/json":
            request.get_data()
    finally:
        places.release()


def _read_away(response: Response) -> Response:
    """Read what nobody has read of a refused request: a browser that is cut off while it sends never sees why."""
    places: threading.BoundedSemaphore = current_app.extensions["reading_places"]
    unread = response.status_code >= 400 and request.method not in READ_BY_NOBODY
    if unread and places.acquire(blocking=False):
        try:
            with suppress(OSError, ClientDisconnected):  # the sender has gone
                _skip(min(_announced_bytes(), LEFT_OVER_BYTES))
        finally:
            places.release()
    return response


def _announced_bytes() -> int:
    """Return how much may come: a server may wait for ever for what was never announced."""
    is_chunked = "chunked" in request.headers.get("Transfer-Encoding", "")
    return LEFT_OVER_BYTES if is_chunked else request.content_length or 0


def _skip(limit: int) -> None:
    """Read on where the form was left, which ends where the body does, or from the start if nobody has begun."""
    stream = vars(request).get("stream") or request.environ["wsgi.input"]
    while limit > 0 and (piece := stream.read(min(PIECE_BYTES, limit))):
        limit -= len(piece)
