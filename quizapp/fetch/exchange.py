"""One question to one host, and its answer, within limits of time and bytes. Start from `ask`."""

import io
import socket
import ssl
import zlib
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from http.client import HTTPException, HTTPMessage, HTTPResponse
from itertools import chain
from typing import TYPE_CHECKING, cast

from quizapp import __version__
from quizapp.errors import InvalidInput, NotFound, Unavailable
from quizapp.fetch.addresses import is_public
from quizapp.fetch.network import Deadline, Network
from quizapp.fetch.places import Place

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

USER_AGENT = f"Recto/{__version__} (fetches single pages for the person who asks for them)"
HEAD_BYTES = 64 << 10  # of everything before the body
PIECE = 64 << 10
FRAMING_BYTES = 1 << 20  # around the body: sizes of chunks and the like
DIAL_SECONDS = 5.0  # for one of several addresses
MOST_ADDRESSES = 4
NO_NAME = {socket.EAI_NONAME, getattr(socket, "EAI_NODATA", socket.EAI_NONAME)}


@dataclass(frozen=True)
class Answer:
    """What a host answered; a body is read for a page that is there, and for nothing else."""

    status: int
    headers: HTTPMessage
    data: bytes = b""


def ask(place: Place, network: Network, deadline: Deadline, *, accept: str, limit: int) -> Answer:
    """Ask for what is at a place; every failure is a sentence."""
    with _told_in_sentences(place.host), closing(_connected(place, network, deadline)) as line:
        line.settimeout(deadline.left())
        line.sendall(_head(place, accept))
        wire = _Wire(line, deadline)
        # It asks its socket for nothing but a file to read from.
        with closing(HTTPResponse(cast("socket.socket", wire), method="GET")) as response:
            response.begin()
            if response.status != HTTPStatus.OK:
                return Answer(response.status, response.headers)
            wire.room = limit + FRAMING_BYTES
            return Answer(response.status, response.headers, _body(response, limit))


class _Wire(io.RawIOBase):
    """What comes over a connection: until the deadline, however slowly, and no more bytes than there is room for."""

    def __init__(self, line: socket.socket, deadline: Deadline) -> None:
        self._line, self._deadline = line, deadline
        self.room = HEAD_BYTES

    def makefile(self, _mode: str) -> io.BufferedReader:
        return io.BufferedReader(self)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "WriteableBuffer") -> int:
        if self.room <= 0:
            raise _too_large()
        self._line.settimeout(self._deadline.left())
        got = self._line.recv_into(memoryview(buffer)[: self.room])
        self.room -= got
        return got


def _connected(place: Place, network: Network, deadline: Deadline) -> socket.socket:
    """Return a connection to an address of the host, all of which are open to the world."""
    addresses = _checked(place, network, deadline)
    fault: OSError | None = None
    for address in addresses[:MOST_ADDRESSES]:
        try:
            line = network.dial(address, place.port, deadline.within(DIAL_SECONDS).left())
            return _secured(line, place, network, deadline) if place.scheme == "https" else line
        except ssl.SSLError:
            raise
        except OSError as error:
            fault = error
    raise fault or OSError("it has no address")


def _checked(place: Place, network: Network, deadline: Deadline) -> Sequence[str]:
    addresses = [place.host] if place.is_number else network.resolve(place.host, deadline.left())
    if not all(is_public(address) for address in addresses):
        raise InvalidInput(
            "%(host)s leads into a private network. Recto fetches only what is open to the whole world.",
            host=place.host,
        )
    return addresses


def _secured(line: socket.socket, place: Place, network: Network, deadline: Deadline) -> ssl.SSLSocket:
    try:
        line.settimeout(deadline.left())
        return network.trust().wrap_socket(line, server_hostname=place.host)
    except BaseException:
        line.close()
        raise


def _head(place: Place, accept: str) -> bytes:
    lines = (
        f"GET {place.target} HTTP/1.1",
        f"Host: {place.authority}",
        f"User-Agent: {USER_AGENT}",
        f"Accept: {accept}",
        "Accept-Encoding: gzip, deflate",
        "Connection: close",
    )
    return ("\r\n".join(lines) + "\r\n\r\n").encode("ascii")


def _body(response: HTTPResponse, limit: int) -> bytes:
    """Return the body, inflated; its bytes are counted as they come."""
    if (response.length or 0) > limit:
        raise _too_large()
    data = bytearray()
    for piece in _inflated(response):
        data += piece
        if len(data) > limit:
            raise _too_large()
    if response.length:
        raise HTTPException("it broke off")
    return bytes(data)


def _inflated(response: HTTPResponse) -> Iterator[bytes]:
    pieces = iter(lambda: response.read(PIECE), b"")
    packed = (response.headers.get("Content-Encoding") or "identity").strip().lower()
    if packed == "identity":
        yield from pieces
    elif packed not in {"gzip", "x-gzip", "deflate"}:
        raise InvalidInput("This page came packed in a way that Recto cannot read. Save it as a file and add that.")
    elif first := next(pieces, b""):
        inflating = zlib.decompressobj(_window(packed, first))
        for piece in chain((first,), pieces):
            rest = piece
            while rest and not inflating.eof:
                yield inflating.decompress(rest, PIECE)
                rest = inflating.unconsumed_tail
        yield inflating.flush()
        if not inflating.eof:
            raise HTTPException("it broke off")


def _window(packed: str, first: bytes) -> int:
    """Return how zlib is to take it: "deflate" comes with a head of its own or, from many servers, without."""
    if packed != "deflate":
        return 16 + zlib.MAX_WBITS
    has_head = first[0] & 0x0F == zlib.DEFLATED and int.from_bytes(first[:2], "big") % 31 == 0
    return zlib.MAX_WBITS if has_head else -zlib.MAX_WBITS


@contextmanager
def _told_in_sentences(host: str) -> Iterator[None]:
    """Say what went wrong on the way, and whether it may go better another time."""
    try:
        yield
    except ssl.SSLCertVerificationError as error:
        raise InvalidInput(
            "%(host)s could not prove who it is (%(verify_message)s). Nothing was fetched; check the address.",
            host=host,
            verify_message=error.verify_message,
        ) from error
    except socket.gaierror as error:
        if error.errno in NO_NAME:
            raise NotFound("There is no site named %(host)s. Check the address.", host=host) from error
        raise Unavailable(
            "%(host)s could not be looked up. Check your connection to the network.", host=host
        ) from error
    except TimeoutError as error:
        raise Unavailable(
            "%(host)s took too long to answer. Try again later, or save the page and add the file.", host=host
        ) from error
    except (HTTPException, ValueError, zlib.error) as error:
        raise InvalidInput(
            "What %(host)s answered is damaged or no web page. Save the page from your browser and add the file.",
            host=host,
        ) from error
    except OSError as error:
        reason = "no safe connection could be made" if isinstance(error, ssl.SSLError) else _reason(error)
        raise Unavailable(
            "%(host)s could not be reached: %(reason)s. Check the address and your network.", host=host, reason=reason
        ) from error


def _reason(error: OSError) -> str:
    return (error.strerror or str(error)).lower()


def _too_large() -> InvalidInput:
    return InvalidInput("What stands at this address is larger than Recto fetches. Save it, and add it as a file.")
