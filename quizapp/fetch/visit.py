"""One visit to the web, from the address that a person gave to the page that it leads to. Start from `fetch`."""

from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus

from quizapp.errors import InvalidInput, NotFound, Unavailable
from quizapp.fetch import exchange, labels, robots
from quizapp.fetch.exchange import Answer
from quizapp.fetch.network import Deadline, Network
from quizapp.fetch.places import Place, place, place_beyond

SECONDS = 15.0
ROBOTS_SECONDS = 5.0
PAGE_BYTES = 10 << 20
ROBOTS_BYTES = 512 << 10
REDIRECTS = 3
MOVED = frozenset({301, 302, 303, 307, 308})
GONE = frozenset({HTTPStatus.NOT_FOUND, HTTPStatus.GONE})
CLOSED = frozenset({HTTPStatus.UNAUTHORIZED, HTTPStatus.PAYMENT_REQUIRED, HTTPStatus.FORBIDDEN})
LATER = HTTPStatus.TOO_MANY_REQUESTS


@dataclass(frozen=True)
class Fetched:
    """A page or a file as it came."""

    data: bytes  # a text whose encoding was told is in UTF-8
    filename: str
    content_type: str  # nothing if the site did not say
    url: str  # where it was found in the end


def fetch(url: str, network: Network | None = None) -> Fetched:
    """Return what stands at an address, once it may be fetched at all; every failure is a sentence."""
    network = network or Network()
    deadline = Deadline.after(SECONDS, network.clock)
    rules = robots.Rules(lambda wanted: _rules(wanted, network, deadline))

    def ask(wanted: Place) -> Answer:
        rules.require(wanted)
        return exchange.ask(wanted, network, deadline, accept=labels.ACCEPT, limit=PAGE_BYTES)

    found, answer = _followed(place(url), ask)
    if answer.status != HTTPStatus.OK:
        raise _refusal(found, answer.status)
    if not answer.data:
        raise InvalidInput("The page at this address is empty. Open it in your browser, save it and add the file.")
    kind = labels.media_type(answer.headers)
    suffix = labels.suffix_for(kind)
    data = labels.in_utf_8(answer.data, answer.headers)
    return Fetched(data, labels.filename(found, answer.headers, suffix), kind, found.url)


def _rules(wanted: Place, network: Network, deadline: Deadline) -> Answer:
    """Ask for a robots.txt, whose own rules nobody asks for."""
    soon = deadline.within(ROBOTS_SECONDS)
    return _followed(wanted, lambda there: exchange.ask(there, network, soon, accept="text/plain", limit=ROBOTS_BYTES))[
        1
    ]


def _followed(start: Place, ask: Callable[[Place], Answer]) -> tuple[Place, Answer]:
    """Return where an address leads in the end and what is answered there; every step is checked as the first was."""
    found = start
    for _ in range(REDIRECTS + 1):
        answer = ask(found)
        leads_to = answer.headers.get("Location") if answer.status in MOVED else None
        if not leads_to:
            return found, answer
        # A header is bytes; whoever does not keep to ASCII in it means UTF-8.
        written = leads_to.encode("latin-1", "replace").decode("utf-8", "replace").strip().replace(" ", "%20")
        found = place_beyond(found, written)
    raise InvalidInput(
        "This address leads from page to page, more than %(redirects)s times. Give the last one.", redirects=REDIRECTS
    )


def _refusal(found: Place, status: int) -> InvalidInput | NotFound | Unavailable:
    if status in GONE:
        return NotFound(
            "%(host)s has no page at this address. Check it, or open it in your browser first.", host=found.host
        )
    if status in CLOSED:
        return InvalidInput(
            "%(host)s shows this page only to whom it knows. Save it from your browser and add the file.",
            host=found.host,
        )
    if status == LATER or status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return Unavailable(
            "%(host)s cannot answer now (status %(status)s). Try again later.", host=found.host, status=status
        )
    return InvalidInput(
        "%(host)s did not answer with a page (status %(status)s). Open it in your browser first.",
        host=found.host,
        status=status,
    )
