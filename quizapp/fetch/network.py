"""What a fetch needs of this machine: names looked up, connections, trust, time. Tests give their own."""

import queue
import socket
import ssl
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

Resolve = Callable[[str, float], Sequence[str]]  # a name, seconds -> its addresses
Dial = Callable[[str, int, float], socket.socket]  # an address, a port, seconds


def look_up(name: str, seconds: float) -> Sequence[str]:
    """Return the addresses of a name, best first; the system itself knows no limit of time."""
    found: queue.SimpleQueue[Sequence[str] | OSError] = queue.SimpleQueue()
    threading.Thread(target=_look_up, args=(name, found), daemon=True).start()
    try:
        addresses = found.get(timeout=seconds)
    except queue.Empty:
        raise TimeoutError from None
    if isinstance(addresses, OSError):
        raise addresses
    return addresses


def _look_up(name: str, found: "queue.SimpleQueue[Sequence[str] | OSError]") -> None:
    try:
        told = socket.getaddrinfo(name, None, type=socket.SOCK_STREAM)
        found.put(list(dict.fromkeys(str(address[0]) for *_, address in told)))
    except OSError as error:
        found.put(error)


def dial(address: str, port: int, seconds: float) -> socket.socket:
    """Return a connection to an address, which is a number: nothing is looked up any more."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    line = socket.socket(family, socket.SOCK_STREAM)
    try:
        line.settimeout(seconds)
        line.connect((address, port))
    except BaseException:
        line.close()
        raise
    return line


@dataclass(frozen=True)
class Network:
    """The network as this machine reaches it."""

    resolve: Resolve = look_up
    dial: Dial = dial
    trust: Callable[[], ssl.SSLContext] = ssl.create_default_context
    clock: Callable[[], float] = time.monotonic


class Deadline:
    """The moment when all must be over, whatever it is spent on."""

    def __init__(self, end: float, clock: Callable[[], float]) -> None:
        self._end, self._clock = end, clock

    @classmethod
    def after(cls, seconds: float, clock: Callable[[], float]) -> "Deadline":
        """Return the deadline in so many seconds."""
        return cls(clock() + seconds, clock)

    def within(self, seconds: float) -> "Deadline":
        """Return a deadline in so many seconds, or this one if it is sooner."""
        return Deadline(min(self._end, self._clock() + seconds), self._clock)

    def left(self) -> float:
        """Return the seconds that are left; `TimeoutError` when there are none."""
        left = self._end - self._clock()
        if left <= 0:
            raise TimeoutError
        return left
