"""One call to the provider: to its own hosts alone, within limits of time and bytes. Start from `Calls.ask`."""

import json
import ssl
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import urlsplit

import httpx

from quizapp import __version__
from quizapp.domain.hosts import LOOPBACK
from quizapp.errors import Unavailable
from quizapp.translations import marked

SECONDS = 10.0  # for all of an answer
STEP_SECONDS = 5.0  # for each step on the way: name, connection, next bytes
ANSWER_BYTES = 256 << 10
AT_ONCE = 16  # threads of the site that may wait for the provider
# Providers that answer at hosts of theirs besides that of the issuer.
MORE_HOSTS = {"accounts.google.com": frozenset({"oauth2.googleapis.com", "www.googleapis.com"})}
AWAY = marked("%(name)s cannot be asked at this moment. Try again in a minute.")

WAITING = threading.BoundedSemaphore(AT_ONCE)


class Distrusted(Exception):  # noqa: N818  # told to nobody: whoever calls says it in a sentence
    """An answer that cannot be believed."""


@dataclass(frozen=True)
class Answer:
    """What the provider answered: an object of JSON, as all of its answers to us are."""

    status: int
    values: Mapping[str, object]


@dataclass(frozen=True)
class Calls:
    """The way to one provider."""

    issuer: str
    name: str  # for people

    def require(self, url: object) -> str:
        """Return an address that is the provider's own and that TLS guards, on this machine alone also without; or raise Distrusted."""
        try:
            parts, issuer = urlsplit(str(url)), urlsplit(self.issuer)
            port, known = parts.port, issuer.port
        except ValueError as error:
            raise Distrusted(url) from error
        host, home = parts.hostname or "", issuer.hostname or ""
        is_home = host == home and port == known
        is_kin = host in MORE_HOSTS.get(home, frozenset()) and port is None
        is_safe = parts.scheme == "https" or (parts.scheme == "http" and host in LOOPBACK)
        if not (is_home or is_kin) or not is_safe or parts.username is not None or parts.fragment:
            raise Distrusted(url)
        return str(url)

    def ask(self, url: object, *, form: str | None = None, headers: Mapping[str, str] | None = None) -> Answer:
        """Return what the provider answers; no redirect is followed. Raise Unavailable when it is away, Distrusted."""
        address, told = self.require(url), {**(headers or {}), **_HEADERS}
        if form is not None:
            told["Content-Type"] = "application/x-www-form-urlencoded"
        with self._turn(), self._client() as client, self._told_in_a_sentence():
            with client.stream("GET" if form is None else "POST", address, content=form, headers=told) as response:
                data = _body(response)
            if response.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR:
                raise Unavailable(AWAY, name=self.name)
            return Answer(response.status_code, _values(data))

    def _client(self) -> httpx.Client:
        """Return a client that knows no proxy and no password of the environment, and trusts what this machine trusts."""
        return httpx.Client(verify=ssl.create_default_context(), timeout=STEP_SECONDS, trust_env=False)

    @contextmanager
    def _turn(self) -> Iterator[None]:
        if not WAITING.acquire(blocking=False):
            raise Unavailable(AWAY, name=self.name)
        try:
            yield
        finally:
            WAITING.release()

    @contextmanager
    def _told_in_a_sentence(self) -> Iterator[None]:
        try:
            yield
        except (httpx.HTTPError, httpx.InvalidURL, TimeoutError) as error:
            raise Unavailable(AWAY, name=self.name) from error


_HEADERS = {
    "Accept": "application/json",
    "Accept-Encoding": "identity",  # so that the bytes that come are those that are counted
    "User-Agent": f"Recto/{__version__}",
}


def _body(response: httpx.Response) -> bytes:
    """Return the body, which is counted as it comes."""
    deadline, data = time.monotonic() + SECONDS, bytearray()
    for piece in response.iter_raw():
        data += piece
        if len(data) > ANSWER_BYTES:
            raise Distrusted("too long")
        if time.monotonic() > deadline:
            raise TimeoutError
    return bytes(data)


def _values(data: bytes) -> Mapping[str, object]:
    try:
        values = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise Distrusted("no JSON") from error
    if not isinstance(values, dict):
        raise Distrusted("no object")
    return values
