import re

import pytest

from quizapp.config import Settings
from quizapp.web import create_app
from quizapp.web.security import POLICY
from tests.web import harbour
from tests.web.browsing import Browser

EXACT_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; media-src 'self'; font-src 'self'; "
    "connect-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; "
    "object-src 'none'"
)
PAGES = [
    "/",
    "/library",
    "/library/new",
    "/library/1",
    "/drafts/1",
    "/decks",
    "/decks/1",
    "/study",
    "/study/1",
    "/keys",
]
OTHERS = ["/healthz", "/static/recto.css", "/static/nothing.css", "/decks/1/export.apkg", "/nowhere", "/decks/99"]


@pytest.fixture(autouse=True)
def a_library_in_use(add):
    add(keep_ready=True)


@pytest.mark.parametrize("path", PAGES + OTHERS)
def test_every_answer_carries_exactly_the_policy(visitor, path):
    response = visitor.client.get(path)

    assert response.headers.getlist("Content-Security-Policy") == [EXACT_POLICY]
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["X-Frame-Options"] == "DENY"
    assert response.headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert POLICY == EXACT_POLICY


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("POST", "/decks", 403), ("PUT", "/", 403), ("OPTIONS", "/", 200), ("POST", "/nowhere", 403), ("HEAD", "/", 200)],
)
def test_refusals_carry_the_policy_too(visitor, method, path, status):
    response = visitor.client.open(path, method=method)

    assert response.status_code == status
    assert response.headers["Content-Security-Policy"] == EXACT_POLICY


def test_a_fault_of_ours_carries_the_policy_and_no_traceback(site, visitor, monkeypatch):
    site.testing = False
    monkeypatch.setitem(site.view_functions, "today.show", lambda: 1 / 0)

    response = visitor.client.get("/")

    assert response.status_code == 500
    assert response.headers["Content-Security-Policy"] == EXACT_POLICY
    assert b"The fault is ours" in response.data
    assert b"ZeroDivisionError" not in response.data


@pytest.mark.parametrize("path", PAGES + OTHERS)
def test_no_page_holds_what_the_policy_forbids(visitor, path):
    html = visitor.client.get(path).get_data(as_text=True) if "apkg" not in path else ""

    assert not re.search(r"\sstyle=|\son[a-z]+=|<style|javascript:|hx-on|https?://", html)
    assert not re.search(r"<script(?![^>]*\ssrc=)", html)


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:8000", "127.0.0.1", "127.0.0.1:5000", "[::1]:8000"])
def test_the_names_of_this_machine_are_ours(visitor, host):
    assert visitor.client.get("/", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    "host",
    ["evil.example", "evil.example:8000", "localhost.evil.example", "127.0.0.1.evil.example", "10.0.0.5", "[::2]", "",
     "localhost:99999999", "localhost@evil.example", "localhost/..", "evil.example#localhost", "\u200blocalhost"],
)  # fmt: skip
@pytest.mark.parametrize("path", ["/", "/healthz", "/static/recto.css", "/nowhere"])
def test_a_foreign_host_is_refused_everywhere(visitor, host, path):
    response = visitor.client.get(path, environ_overrides={"HTTP_HOST": host.encode().decode("latin-1")})

    assert response.status_code == 400
    assert response.headers["Content-Security-Policy"] == EXACT_POLICY
    assert "evil" not in response.get_data(as_text=True)


def test_a_host_that_was_named_at_the_start_is_ours(database, tmp_path):
    site = create_app(Settings("", tmp_path, "secret"), database, hosts={"recto.example"})

    assert site.test_client().get("/", headers={"Host": "recto.example"}).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://localhost:9999"},
        {"Origin": "https://localhost"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "cross-site", "Origin": "http://localhost"},
        {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"},
    ],
    ids=str,
)
def test_a_form_from_another_site_is_refused_even_with_a_good_token(visitor, headers):
    response = visitor.send("/decks", name="Stolen", headers=headers)

    assert response.status_code == 403
    assert "Stolen" not in visitor.visit("/decks").text


def test_our_own_form_is_taken(visitor):
    headers = {"Origin": "http://localhost", "Sec-Fetch-Site": "same-origin", "Sec-Fetch-Mode": "navigate"}

    response = visitor.send("/decks", name="Ours", headers=headers)

    assert response.status_code == 303
    assert "Ours" in visitor.visit("/decks").text


@pytest.mark.parametrize("token", ["", "x", "AAAA", "é", "A" * 64, "=" * 64])
def test_a_form_without_a_good_token_is_refused_with_advice(visitor, token):
    visitor.visit("/decks")

    response = visitor.client.post("/decks", data={"csrf_token": token, "name": "Forged"})

    assert response.status_code == 403
    assert "load the page again" in response.get_data(as_text=True)
    assert "Forged" not in visitor.visit("/decks").text


def test_a_token_of_another_visitor_is_refused(site, visitor):
    other = Browser(site.test_client()).token()
    visitor.visit("/")

    assert visitor.client.post("/decks", data={"csrf_token": other, "name": "Forged"}).status_code == 403


def test_a_token_looks_different_on_each_page(visitor):
    assert visitor.token() != visitor.token()


@pytest.mark.parametrize("path", ["/", "/static/recto.css", "/decks/1/export.apkg"])
def test_another_site_cannot_embed_us(visitor, path):
    headers = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors", "Sec-Fetch-Dest": "image"}

    assert visitor.client.get(path, headers=headers).status_code == 403


def test_a_link_from_another_site_is_followed(visitor):
    headers = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}

    assert visitor.client.get("/", headers=headers).status_code == 200


def test_the_cookie_stays_with_us_and_away_from_scripts(visitor):
    cookie = visitor.client.get("/", headers={"Host": "localhost:8123"}).headers["Set-Cookie"]

    assert cookie.startswith("recto_8123=")
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


def test_going_back_leads_to_our_own_pages_only(visitor):
    token = visitor.token()

    for referrer in ["http://evil.example/x", "http://localhost//evil.example", "javascript:alert(1)"]:
        response = visitor.client.post(
            "/theme", data={"csrf_token": token, "theme": "dark"}, headers={"Referer": referrer}
        )
        assert response.headers["Location"] == "/"


def test_what_a_card_says_is_never_markup_of_ours(visitor, add):
    attack = '<script>alert(1)</script><img src=x onerror=alert(2)><b onclick="x()">bold</b>'
    added = add(harbour.draft(f"Q {attack}", f"A {attack}", harbour.PILOT), title="<i>T</i>", keep_ready=True)

    for path in [f"/drafts/{added.document_id}", f"/decks/{added.deck_id}", f"/study/{added.deck_id}", "/", "/library"]:
        page = visitor.visit_with(path, {"show": 1})
        assert page.status == 200
        assert not {"onerror", "onclick"} & page.attributes
        assert "<script>alert" not in page.html
        assert "<i>T</i>" not in page.html
