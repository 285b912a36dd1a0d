import pytest

from quizapp.errors import InvalidInput, Unavailable
from quizapp.fetch import fetch
from tests.fetch.conftest import moved, page

URL = "http://pages.example/a"
ROBOTS = "pages.example/robots.txt"
CLOSED = page(b"User-agent: *\nDisallow: /\n")


@pytest.fixture(autouse=True)
def there(web):
    web.pages["pages.example/a"] = page()


@pytest.mark.parametrize(
    "rules",
    [
        CLOSED,
        page(b"User-agent: recto\nDisallow: /a\n\nUser-agent: *\nAllow: /\n"),
        page(b"User-agent: *\nDisallow: /*a$\n"),
        moved("/elsewhere.txt"),
    ],
    ids=["for all", "for us", "by a pattern", "moved"],
)
def test_a_page_that_programs_shall_not_fetch_is_not_asked_for(web, rules):
    web.pages[ROBOTS] = rules
    web.pages["pages.example/elsewhere.txt"] = CLOSED

    with pytest.raises(InvalidInput, match="does not want programs"):
        fetch(URL, web.network)
    assert "/a" not in web.paths()


@pytest.mark.parametrize(
    "rules",
    [
        page(b"User-agent: *\nDisallow: /b\n"),
        page(b"User-agent: other\nDisallow: /\n"),
        page(b"", status="404 Not Found"),
        page(b"", status="403 Forbidden"),
        page(b"\xff\xfe\x00nothing that could be read"),
        b"",
        moved("http://127.0.0.1/robots.txt"),
        moved("/robots.txt"),
    ],
    ids=["another page", "another program", "none", "closed", "no text", "no answer", "inside", "a circle"],
)
def test_without_rules_against_it_a_page_is_fetched(web, rules):
    web.pages[ROBOTS] = rules

    assert fetch(URL, web.network).url == URL
    assert "127.0.0.1" not in {address for address, _ in web.dialled}


def test_a_site_in_trouble_is_left_alone_for_now(web):
    web.pages[ROBOTS] = page(b"", status="503 Busy")

    with pytest.raises(Unavailable, match="Try again later"):
        fetch(URL, web.network)
    assert web.paths() == ["/robots.txt"]


def test_each_site_is_asked_once_and_for_itself(web):
    web.pages["pages.example/a"] = moved("/b")
    web.pages["pages.example/b"] = moved("http://other.example/a")
    web.pages["other.example/robots.txt"] = CLOSED

    with pytest.raises(InvalidInput, match=r"other\.example does not want"):
        fetch(URL, web.network)
    assert web.paths() == ["/robots.txt", "/a", "/b", "/robots.txt"]
