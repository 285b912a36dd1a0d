"""Programs that begin to send something and never end it."""

import socket
from urllib.parse import urlsplit

import pytest

from tests.faults.visiting import Visitor
from tests.serving import PATIENCE_SECONDS

pytestmark = pytest.mark.slow

MORE_THAN_THREADS = 420


def begin(url: str, host: str) -> socket.socket:
    """Send the head of a form and a little of its body."""
    place = urlsplit(url)
    connection = socket.create_connection((place.hostname, place.port), timeout=PATIENCE_SECONDS)
    head = f"POST /study/answer HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/x-www-form-urlencoded\r\n"
    connection.sendall(f"{head}Content-Length: 1000\r\n\r\nreview=".encode())
    return connection


@pytest.mark.parametrize("host", [None, "evil.example"], ids=["under our name", "under another"])
def test_more_half_sent_forms_than_there_are_threads_stop_no_page(serve, library, host):
    with serve(library.folder) as site:
        half_sent = [begin(site.url, host or urlsplit(site.url).netloc) for _ in range(MORE_THAN_THREADS)]

        assert all("Recto" in site.get("/keys") for _ in range(20))

        for connection in half_sent:
            connection.close()
        assert Visitor(site.url).answer(1).status == 303


@pytest.mark.parametrize("megabytes", [5, 30])
def test_whoever_sends_too_much_or_to_the_wrong_name_is_told_so(serve, library, megabytes):
    with serve(library.folder) as site:
        place = urlsplit(site.url)
        for host, status in (("evil.example", b"400"), (place.netloc, b"413" if megabytes > 20 else b"403")):
            with socket.create_connection((place.hostname, place.port), timeout=PATIENCE_SECONDS) as connection:
                size = megabytes * 1024 * 1024
                head = f"POST /library HTTP/1.1\r\nHost: {host}\r\nContent-Type: text/plain\r\nContent-Length: {size}"
                connection.sendall(head.encode() + b"\r\nConnection: close\r\n\r\n" + b"x" * size)
                assert connection.makefile("rb").readline().split()[1] == status
