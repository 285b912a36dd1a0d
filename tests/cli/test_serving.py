import socket
import sys
import time
import urllib.request

import pytest

from quizapp.cli.serving import held_address
from quizapp.errors import InvalidInput, Unavailable
from tests.serving import served


def listener(*, shared):
    made = socket.socket()
    if shared:
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    made.bind(("127.0.0.1", 0))
    made.listen()
    return made


def test_port_0_is_a_free_port_that_is_known():
    with held_address("127.0.0.1", 0) as address:
        assert address.port > 0
        assert address.url == f"http://127.0.0.1:{address.port}/"


def test_the_server_can_join_the_port_that_is_held():
    with held_address("127.0.0.1", 0) as address, socket.socket() as server:
        server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        server.bind((address.host, address.port))
        server.listen()

        with socket.create_connection((address.host, address.port), timeout=5):
            pass


@pytest.mark.parametrize("shared", [False, True], ids=["of another program", "of another Recto"])
def test_a_taken_port_is_told_in_a_sentence(shared):
    with listener(shared=shared) as other:
        port = other.getsockname()[1]

        with pytest.raises(Unavailable, match=f"Port {port} is taken"), held_address("127.0.0.1", port):
            pass


def test_the_next_port_is_taken_when_the_first_is_not_free():
    with listener(shared=False) as other:
        taken = other.getsockname()[1]

        with held_address("127.0.0.1", taken, 0) as address:
            assert address.port not in (0, taken)


def test_localhost_is_this_machine():
    with held_address("localhost", 0) as address:
        assert address.host == "127.0.0.1"


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.0.7", "::", "example.org", ""])
def test_an_address_that_others_can_reach_is_refused(host):
    with pytest.raises(InvalidInput, match="serves this machine alone"), held_address(host, 0):
        pass


def answers(url):
    try:
        urllib.request.urlopen(f"{url}healthz", timeout=2).close()
    except OSError:
        return False
    return True


@pytest.mark.slow
@pytest.mark.parametrize(
    ("setting", "place"), [(None, "data/quizapp.log"), ("-", "served.log"), ("own.log", "own.log")]
)
def test_requests_are_logged_where_the_setting_says(environment, tmp_path, setting, place):
    command = [sys.executable, "-m", "quizapp", "serve", "--port", "0"]
    own = environment | ({"QUIZAPP_LOG": setting} if setting else {})

    with served(command, environment=own, folder=tmp_path) as site:
        site.get("/decks?page=Napoleon")

    logs = [path for path in tmp_path.rglob("*.log") if " GET /decks 200 " in path.read_text()]
    assert logs == [tmp_path / place]
    assert "Napoleon" not in logs[0].read_text()


@pytest.mark.slow
def test_a_killed_server_leaves_no_worker_behind(environment, tmp_path):
    command = [sys.executable, "-m", "quizapp", "serve", "--port", "0"]
    with served(command, environment=environment, folder=tmp_path) as site:
        assert answers(site.url)

        site.process.kill()

        deadline = time.monotonic() + 20
        while answers(site.url) and time.monotonic() < deadline:
            time.sleep(0.1)
        assert not answers(site.url)
