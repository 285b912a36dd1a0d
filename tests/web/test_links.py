"""Addresses come from a memory and are what they would be without it; nothing of one visitor is in another's page."""

import re

import pytest

from quizapp.web import links
from tests.web import harbour
from tests.web.browsing import Browser

UUID = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
FORM_IDS = re.compile(rf'(name="csrf_token" value)="[^"]*"|(?<=value="){UUID}(?=")')  # new with every page
ADDRESSES = [
    ("decks.show", {"deck_id": 1}),
    ("decks.show", {"deck_id": 1, "page": 2}),
    ("decks.show", {"deck_id": 1, "page": None}),
    ("decks.show", {"deck_id": 1, "page": "1"}),
    ("decks.show", {"deck_id": 1, "page": 1}),
    ("decks.show", {"deck_id": 1, "page": True}),
    ("decks.show", {"deck_id": 1, "page": 1.0}),
    ("decks.show", {"page": 2, "deck_id": 1}),
    ("decks.show", {"deck_id": 1, "page": 2, "_anchor": "n7"}),
    ("library.show", {"document_id": 1, "_anchor": "q0"}),
    ("decks.index", {}),
    ("assets.show", {"name": "ä b?&#.css"}),
]


@pytest.mark.parametrize("order", [1, -1], ids=["forwards", "backwards"])
@pytest.mark.parametrize("root", ["", "/recto"])
def test_an_address_is_what_it_would_be_without_a_memory(site, root, order):
    remembered = site.jinja_env.globals["url_for"]

    for endpoint, values in ADDRESSES[::order] * 2:
        with site.test_request_context("/decks", base_url=f"http://localhost{root}"):
            assert remembered(endpoint, **values) == site.url_for(endpoint, **values)


def test_a_site_under_two_roots_gives_each_its_own_addresses(site):
    remembered = site.jinja_env.globals["url_for"]

    found = []
    for root in ("", "/recto", ""):
        with site.test_request_context("/", base_url=f"http://localhost{root}"):
            found.append(remembered("decks.index"))

    assert found == ["/decks", "/recto/decks", "/decks"]


def test_only_so_many_addresses_are_kept(site):
    remembered = site.jinja_env.globals["url_for"]
    (memory,) = (cell.cell_contents for cell in remembered.__closure__ if hasattr(cell.cell_contents, "cache_info"))

    with site.test_request_context("/"):
        for deck in range(links.ADDRESSES_KEPT + 10):
            remembered("decks.show", deck_id=deck)

    assert memory.cache_info().currsize == links.ADDRESSES_KEPT


def test_no_form_of_one_visitor_is_in_the_page_of_another(site, add):
    add(harbour.BERTH, keep_ready=True)
    one, other = Browser(site.test_client()), Browser(site.test_client())

    pages = [visitor.visit(path) for path in ("/decks/1", "/study", "/drafts/1") for visitor in (one, other, one)]

    tokens = [{form.fields["csrf_token"] for form in page.forms if "csrf_token" in form.fields} for page in pages]
    assert [len(found) for found in tokens] == [1] * len(pages)
    assert len(set().union(*tokens)) == len(pages)
    stolen = {"csrf_token": one.token(), "name": "Stolen"}
    assert other.client.post("/decks", data=stolen).status_code == 403
    assert one.client.post("/decks", data=stolen).status_code == 303


def test_two_visitors_see_the_same_page_but_for_what_is_theirs_alone(site, add):
    add(keep_ready=True)
    one, other = Browser(site.test_client()), Browser(site.test_client())
    other.send("/theme", theme="dark")

    pages = {
        path: [FORM_IDS.sub(r"\1", visitor.visit(path).html) for visitor in (one, other, one)]
        for path in ("/decks/1", "/library/1", "/drafts/1")
    }

    for first, dark, again in pages.values():
        assert first == again
        assert first != dark
        assert 'data-theme="dark"' not in first
