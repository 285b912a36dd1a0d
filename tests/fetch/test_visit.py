import gzip
import itertools
import socket
import time
import zlib

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from quizapp.errors import InvalidInput, NotFound, QuizappError, Unavailable
from quizapp.fetch import Network, fetch, network
from tests.fetch.conftest import PUBLIC, moved, page

URL = "http://pages.example/a"
PLACE = "pages.example/a"
LIMIT = 10 << 20
HEADERS = [
    *(b"Transfer-Encoding: chunked", b"Content-Encoding: gzip", b"Content-Encoding: deflate", b"Content-Length: 5"),
    *(b"Content-Type: text/html; charset=utf-16", b"Content-Disposition: attachment; filename*=x''%ff", b"a: \xff"),
    *(b"Content-Length: -1", b"Content-Length: 9" * 40, b"http://[", b"//\xff\xfe", b"200", b"5\r\nabcde\r\n0"),
]


def refusal(web, url=URL):
    with pytest.raises(QuizappError) as refused:
        fetch(url, web.network)
    return refused.value.message


def test_a_page_is_fetched_with_what_it_says_of_itself(web):
    web.pages[PLACE] = page(b"<p>A berth")

    found = fetch(URL, web.network)

    assert found.data.removeprefix(b"\xef\xbb\xbf") == b"<p>A berth"
    assert (found.filename, found.content_type, found.url) == ("a.html", "text/html", URL)


def test_the_request_says_who_asks_and_nothing_else_about_anybody(web):
    web.pages[PLACE] = moved("/b?c=d")
    web.pages["pages.example/b?c=d"] = page(b"x", "Set-Cookie: a=b")

    fetch(URL, web.network)

    names = {line.partition(":")[0] for line in web.asked[-1].split("\r\n")[1:] if line}
    assert names == {"Host", "User-Agent", "Accept", "Accept-Encoding", "Connection"}
    assert "User-Agent: Recto/" in web.asked[-1]


def test_the_checked_address_is_the_one_that_is_connected_to(web):
    web.names["pages.example"] = ["8.8.8.8", "9.9.9.9"]
    web.pages[PLACE] = page()

    fetch(URL, web.network)

    assert set(web.dialled) == {("8.8.8.8", 80)}


@pytest.mark.parametrize("addresses", [["127.0.0.1"], [PUBLIC, "10.0.0.1"], ["169.254.169.254"], ["fd00:ec2::254"]])
def test_a_name_with_any_address_inside_is_refused_before_a_connection(web, addresses):
    web.names["pages.example"] = addresses

    assert "private network" in refusal(web)
    assert web.dialled == []


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1/", "http://[::1]/", "http://[::ffff:7f00:1]/", "http://169.254.169.254/latest/"]
)
def test_a_number_inside_is_refused_before_a_connection(web, url):
    assert "private network" in refusal(web, url)
    assert web.dialled == []


@pytest.mark.parametrize(
    ("leads_to", "says"),
    [
        ("http://127.0.0.1/", "private network"),
        ("http://inside.example/", "private network"),
        ("//inside.example/", "private network"),
        ("http://2130706433/", "no address of a page"),
        ("file:///etc/passwd", "pages from the web only"),
        ("http://pages.example:22/", "not from 22"),
        ("http://ada@pages.example/", "name or password"),
    ],
)
def test_where_a_page_leads_is_checked_as_the_first_address_was(web, leads_to, says):
    web.names["inside.example"] = ["192.168.0.1"]
    web.pages[PLACE] = moved(leads_to)

    assert says in refusal(web)
    assert {address for address, _ in web.dialled} == {PUBLIC}


@pytest.mark.parametrize("status", ["301 Moved", "302 Found", "303 See", "307 Temporary", "308 Permanent"])
def test_a_page_that_has_moved_is_followed(web, status):
    web.pages[PLACE] = moved("b c é", status)
    web.pages["pages.example/b%20c%20%C3%A9"] = page()

    assert fetch(URL, web.network).url == "http://pages.example/b%20c%20%C3%A9"


def test_three_steps_are_followed_and_no_more(web):
    for here, there in itertools.pairwise("abcde"):
        web.pages[f"pages.example/{here}"] = moved(f"/{there}")
    web.pages["pages.example/e"] = page()

    assert fetch("http://pages.example/b", web.network).url.endswith("/e")
    assert "from page to page" in refusal(web)


def test_a_circle_ends(web):
    web.pages[PLACE] = moved("/a")

    assert "from page to page" in refusal(web)


@pytest.mark.parametrize("how", ["gzip", "x-gzip", "deflate", "raw deflate"])
def test_a_packed_page_is_unpacked(web, how):
    raw = zlib.compressobj(wbits=-15)
    packed = {"deflate": zlib.compress(b"A berth"), "raw deflate": raw.compress(b"A berth") + raw.flush()}
    web.pages[PLACE] = page(
        packed.get(how, gzip.compress(b"A berth")), f"Content-Encoding: {how.split()[-1]}", "Content-Type: text/plain"
    )

    assert fetch(URL, web.network).data == b"A berth"


def test_pieces_are_put_together(web):
    web.pages[PLACE] = page(
        b"2\r\nA \r\n5;x=y\r\nberth\r\n0\r\n\r\n", "Transfer-Encoding: chunked", "Content-Type: text/plain"
    )

    assert fetch(URL, web.network).data == b"A berth"


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (page(gzip.compress(bytes(LIMIT * 5)), "Content-Encoding: gzip"), "larger than Recto fetches"),
        (page(zlib.compress(bytes(LIMIT * 5)), "Content-Encoding: deflate"), "larger than Recto fetches"),
        (page(bytes(LIMIT + 1), "Transfer-Encoding: identity"), "larger than Recto fetches"),
        (page(b"", f"Content-Length: {LIMIT + 1}"), "larger than Recto fetches"),
        (b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 20_000 + b"\r\n", "is damaged"),
        (b"HTTP/1.1 200 OK\r\n" + (b"X: " + b"y" * 60_000 + b"\r\n") * 20 + b"\r\n", "larger than Recto fetches"),
        (b"HTTP/1.1 100 Continue\r\n\r\n" * 100_000, "larger than Recto fetches"),
        (page(b"A berth", "Content-Length: 1000"), "is damaged"),
        (page(gzip.compress(b"A berth" * 99)[:-20], "Content-Encoding: gzip"), "is damaged"),
        (page(b"no gzip", "Content-Encoding: gzip"), "is damaged"),
        (page(b"A berth", "Content-Encoding: br"), "packed in a way"),
        (page(b"A berth", "Content-Encoding: gzip, gzip"), "packed in a way"),
        (page(b"zz\r\nA berth", "Transfer-Encoding: chunked"), "is damaged"),
        (page(b"-5\r\nA berth\r\n0\r\n\r\n", "Transfer-Encoding: chunked"), "is damaged"),
        (page(b"ffffffffffff\r\nA berth", "Transfer-Encoding: chunked"), "is damaged"),
        (page((b"1;" + b"x" * 60_000 + b"\r\nA\r\n") * 400, "Transfer-Encoding: chunked"), "larger than Recto fetches"),
        (b"SSH-2.0-OpenSSH_9.2\r\n", "is damaged"),
        (b"", "is damaged"),
        (page(b""), "is empty"),
        (page(b"\x89PNG", "Content-Type: image/png"), "image/png"),
        (page(b"{}", "Content-Type: application/json"), "application/json"),
    ],
    ids=[
        *("gzip bomb", "deflate bomb", "long body", "long by its own word", "header flood", "long headers", "continue"),
        *("short", "packed and short", "not packed", "brotli", "packed twice", "no size", "negative size"),
        *("huge size", "long sizes", "no web", "nothing", "empty", "picture", "data"),
    ],
)
def test_a_bad_answer_is_refused_in_a_sentence(web, answer, says):
    web.pages[PLACE] = answer

    assert says in refusal(web)


@settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    head=st.sampled_from([b"", b"HTTP/1.1 200 OK\r\n", b"HTTP/1.1 302 Found\r\nLocation: ", b"HTTP/1.1 "]),
    more=st.lists(st.sampled_from(HEADERS) | st.binary(max_size=20), max_size=6),
    body=st.binary(max_size=200),
)
def test_whatever_a_server_answers_it_is_a_page_or_a_sentence(web, head, more, body):
    web.pages[PLACE] = head + b"\r\n".join(more) + b"\r\n\r\n" + body

    try:
        told = fetch(URL, web.network).data
    except QuizappError as refused:
        told = refused.message

    assert told


@pytest.mark.parametrize(
    ("status", "kind", "says"),
    [
        ("404 Not Found", NotFound, "no page at this address"),
        ("410 Gone", NotFound, "no page at this address"),
        ("401 Unauthorized", InvalidInput, "only to whom it knows"),
        ("403 Forbidden", InvalidInput, "only to whom it knows"),
        ("429 Too Many", Unavailable, "cannot answer now"),
        ("503 Busy", Unavailable, "cannot answer now"),
        ("204 No Content", InvalidInput, "status 204"),
        ("304 Not Modified", InvalidInput, "status 304"),
        ("302 Found", InvalidInput, "status 302"),
    ],
)
def test_a_page_that_is_not_there_is_told(web, status, kind, says):
    web.pages[PLACE] = page(b"", status=status)

    with pytest.raises(kind, match=says):
        fetch(URL, web.network)


def test_a_byte_now_and_then_does_not_hold_it_up(web):
    ticks = itertools.count()
    web.clock = lambda: next(ticks) * 0.05  # each look at it takes a twentieth of a second

    def drip(line):
        line.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n")
        for _ in range(2_000):
            line.sendall(b"x")
            time.sleep(0.0005)

    web.pages[PLACE] = drip

    assert "took too long" in refusal(web)
    assert next(ticks) < 1_000


def test_who_never_answers_does_not_hold_it_up(web, monkeypatch):
    monkeypatch.setattr("quizapp.fetch.visit.SECONDS", 0.2)
    web.pages[PLACE] = lambda _: time.sleep(2)

    assert "took too long" in refusal(web)


def test_a_name_that_is_never_looked_up_does_not_hold_it_up(monkeypatch):
    monkeypatch.setattr("socket.getaddrinfo", lambda *_, **__: time.sleep(0.3) or [])

    with pytest.raises(TimeoutError):
        network.look_up("pages.example", 0.05)


@pytest.mark.parametrize(
    ("number", "kind", "says"),
    [(socket.EAI_NONAME, NotFound, "no site named"), (socket.EAI_AGAIN, Unavailable, "could not be looked up")],
)
def test_a_name_that_is_not_known_is_told(number, kind, says):
    def unknown(_name, _seconds):
        raise socket.gaierror(number, "unknown")

    with pytest.raises(kind, match=says):
        fetch(URL, Network(resolve=unknown))


def test_another_address_is_tried_when_the_first_does_not_answer(web):
    web.names["pages.example"] = ["8.8.8.8", "9.9.9.9"]
    web.pages[PLACE] = page()
    given = web.network

    def dial(address, port, seconds):
        if address == "8.8.8.8":
            raise ConnectionRefusedError(111, "Connection refused")
        return given.dial(address, port, seconds)

    assert fetch(URL, Network(given.resolve, dial)).url == URL


def test_nobody_there_is_told(web):
    def dial(*_):
        raise ConnectionRefusedError(111, "Connection refused")

    with pytest.raises(Unavailable, match="could not be reached: connection refused"):
        fetch(URL, Network(web.network.resolve, dial))


def test_a_safe_page_is_fetched_under_its_own_name(web):
    web.pages[PLACE] = page(b"A berth")

    found = fetch("https://pages.example/a", web.network)

    assert found.url == "https://pages.example/a"
    assert {port for _, port in web.dialled} == {443}


def test_a_certificate_of_somebody_else_is_refused(web):
    assert "could not prove who it is" in refusal(web, "https://other.example/a")
    assert web.asked == []


def test_a_certificate_that_nobody_vouches_for_is_refused(web):
    given = web.network

    with pytest.raises(InvalidInput, match="could not prove who it is"):
        fetch("https://pages.example/a", Network(given.resolve, given.dial))


def test_a_server_without_tls_behind_https_is_told(web):
    def dial(address, _port, seconds):
        line = web.network.dial(address, 80, seconds)
        line.sendall(b"GET /a HTTP/1.1\r\nHost: pages.example\r\n\r\n")  # what is answered is no TLS
        return line

    with pytest.raises(Unavailable, match="no safe connection"):
        fetch("https://pages.example/a", Network(web.network.resolve, dial))


@pytest.mark.parametrize("name", ["http_proxy", "https_proxy", "ALL_PROXY"])
def test_no_proxy_is_taken_from_the_environment(web, monkeypatch, name):
    monkeypatch.setenv(name, "http://127.0.0.1:9/")
    web.pages[PLACE] = page()

    assert fetch(URL, web.network).url == URL
