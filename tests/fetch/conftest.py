"""A web of one server: every name leads to it, through the same checks as in the real one.

Names are given public addresses and the connection to such an address is made to a port of this
machine. So no check is loosened for tests: a name that is given a private address is refused.
"""

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from quizapp.fetch import Network

CERTIFICATE = Path(__file__).parent / "pages.example.pem"
PUBLIC = "93.184.215.14"

Answer = bytes | Callable[[socket.socket], None]


def page(body: bytes = b"A berth is a place.", *headers: str, status: str = "200 OK") -> bytes:
    """An answer as a well-kept server writes it."""
    named = {header.partition(":")[0].lower() for header in headers}
    wanted = [] if "content-length" in named or "transfer-encoding" in named else [f"Content-Length: {len(body)}"]
    wanted += [] if "content-type" in named else ["Content-Type: text/html; charset=utf-8"]
    return "\r\n".join([f"HTTP/1.1 {status}", *headers, *wanted, "", ""]).encode("utf-8") + body


def moved(to: str, status: str = "302 Found") -> bytes:
    return page(b"", f"Location: {to}", status=status)


@dataclass
class Web:
    """What stands where, who was asked, and how names are looked up."""

    pages: dict[str, Answer] = field(default_factory=dict)  # by host and path
    names: dict[str, list[str]] = field(default_factory=dict)  # else everything is at PUBLIC
    asked: list[str] = field(default_factory=list, repr=False)  # the heads of all requests
    dialled: list[tuple[str, int]] = field(default_factory=list, repr=False)
    clock: Callable[[], float] | None = None
    port: int = 0

    @property
    def network(self) -> Network:
        given = {"clock": self.clock} if self.clock else {}
        return Network(resolve=self._resolve, dial=self._dial, trust=trust, **given)

    def paths(self) -> list[str]:
        return [head.split()[1] for head in self.asked]

    def _resolve(self, name: str, _seconds: float) -> list[str]:
        return self.names.get(name, [PUBLIC])

    def _dial(self, address: str, port: int, seconds: float) -> socket.socket:
        self.dialled.append((address, port))
        line = socket.create_connection(("127.0.0.1", self.port), seconds)
        line.sendall(b"S" if port == 443 else b"P")  # which tells the one server to speak TLS, or not
        return line

    def answer(self, line: socket.socket) -> None:
        with suppress(OSError), line:
            if line.recv(1) == b"S":
                context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
                context.load_cert_chain(CERTIFICATE)
                line = context.wrap_socket(line, server_side=True)
            head = b""
            while b"\r\n\r\n" not in head:
                if not (piece := line.recv(4096)):
                    return
                head += piece
            text = head.decode("ascii")
            self.asked.append(text)
            host = text.partition("Host: ")[2].partition("\r\n")[0]
            found = self.pages.get(host + text.split()[1], page(b"", status="404 Not Found"))
            if callable(found):
                found(line)
            else:
                line.sendall(found)
            line.close()


def trust() -> ssl.SSLContext:
    return ssl.create_default_context(cafile=str(CERTIFICATE))


@pytest.fixture
def web() -> Iterator[Web]:
    found = Web()
    server = socket.create_server(("127.0.0.1", 0))
    found.port = server.getsockname()[1]
    thread = threading.Thread(target=_serve, args=(server, found), daemon=True)
    thread.start()
    yield found
    server.shutdown(socket.SHUT_RDWR)
    server.close()
    thread.join(5)


def _serve(server: socket.socket, web: Web) -> None:
    with suppress(OSError):
        while True:
            line, _ = server.accept()
            threading.Thread(target=web.answer, args=(line,), daemon=True).start()
