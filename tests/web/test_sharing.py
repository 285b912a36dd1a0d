from dataclasses import replace
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.fetch import places
from quizapp.ingest import formats
from quizapp.services import reading as reading_service
from quizapp.web.library import TITLE_CHARS
from quizapp.web.sharing import BLURB_CHARS, Shared, address_in, meant
from tests.web import harbour
from tests.web.browsing import Browser

SHARE_SHEET = {"Sec-Fetch-Site": "none", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}
LONG = "A berth is the place where a ship lies. " * 20
ADDRESS = "https://example.org/tides"


@pytest.fixture
def quick(monkeypatch):
    """Documents are read in no time, each with a text of its own; what was read can be looked at."""
    read = []

    def draft_cards(data, filename, **_):
        read.append((data, filename))
        made = harbour.reading(title=filename)
        return replace(made, document=replace(made.document, text=f"{made.document.text}\n{data.decode()}"))

    monkeypatch.setattr(reading_service, "draft_cards", draft_cards)
    return read


@pytest.fixture
def share(site):
    """Return a function that posts as the share sheet does: without a token, and without a page behind it."""

    def post(headers=SHARE_SHEET, path="/library/shared", **fields):
        client = site.test_client()
        return client.post(path, data=fields, headers=headers, content_type="multipart/form-data")

    return post


@pytest.fixture
def waiting(database):
    """Return a function that says how many files wait beside the database."""
    return lambda: len(list(database.media.files()))


def opened(visitor, response):
    assert response.status_code == 303
    return visitor.visit(response.headers["Location"])


def create(page):
    (form,) = [form for form in page.forms if form.id == "create"]
    return form.fields


@pytest.mark.parametrize(
    ("title", "text", "url", "expected"),
    [
        ("Tides", ADDRESS, "", Shared("Tides", ADDRESS)),
        ("Tides", "", ADDRESS, Shared("Tides", ADDRESS)),
        ("", f"Have a look at this: {ADDRESS}.", "", Shared("", ADDRESS)),
        ("", f"Tides explained\n{ADDRESS}?utm=x\n\nGet the app: https://shop.example/app", "", Shared("", f"{ADDRESS}?utm=x")),
        ("", f"“Tides” ({ADDRESS})", "", Shared("", ADDRESS)),
        ("", "https://en.example.org/wiki/Tide_(sea)", "", Shared("", "https://en.example.org/wiki/Tide_(sea)")),
        ("", f"<{ADDRESS}>", "", Shared("", ADDRESS)),
        ("", "See www.example.org/tides!", "", Shared("", "https://www.example.org/tides")),
        ("", "HTTPS://EXAMPLE.ORG/A", "", Shared("", "HTTPS://EXAMPLE.ORG/A")),
        (ADDRESS, ADDRESS, "", Shared("", ADDRESS)),
        ("Notes", LONG + ADDRESS, "", Shared("Notes", text=LONG + ADDRESS)),
        ("Notes", LONG, ADDRESS, Shared("Notes", text=LONG.strip())),
        ("Notes", "A tide is the rise of the sea.", "", Shared("Notes", text="A tide is the rise of the sea.")),
        ("", "Write to https:// or www. and so on", "", Shared(text="Write to https:// or www. and so on")),
        ("", "", "ftp://example.org/a", Shared(text="ftp://example.org/a")),
        ("", f"{ADDRESS}?{'a' * 2_000}", "", Shared(text=f"{ADDRESS}?{'a' * 2_000}")),
        ("", "", "", Shared()),
    ],
)  # fmt: skip
def test_what_is_shared_is_an_address_or_a_text(title, text, url, expected):
    assert meant(title, text, url) == expected


WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=BLURB_CHARS // 2).filter(
    lambda words: not address_in(words)
)
PATHS = st.text("abcz019-/~%=&?", max_size=40).map(lambda path: f"https://example.org/{path}a")


@given(WORDS, PATHS, WORDS, st.sampled_from([".", "!", ")", ",", "”", ""]))
def test_an_address_is_found_whatever_an_app_writes_around_it(before, address, after, sign):
    assert meant("", f"{before}\n{address}{sign}\n{after}", "") == Shared(url=address)


@given(WORDS, WORDS)
def test_a_text_without_an_address_comes_as_it_is(title, text):
    assert meant(title, text, "") == Shared(title.strip()[:TITLE_CHARS], text=text.strip())


@given(st.text(max_size=200), st.text() | PATHS, st.text() | PATHS)
def test_never_both_and_an_address_is_one(title, text, url):
    shared = meant(title, text, url)

    assert not (shared.url and shared.text)
    assert not shared.url or (places.is_url(shared.url) and not any(sign.isspace() for sign in shared.url))


def test_a_link_leads_to_the_filled_form_and_stores_nothing(visitor, waiting):
    headers = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}

    response = visitor.client.get("/library/shared?title=Tides&text=Look:+https://example.org/tides", headers=headers)

    assert 'value="https://example.org/tides"' in response.get_data(as_text=True)
    assert create(visitor.visit(f"/library/shared?title=Notes&text={LONG}"))["title"] == "Notes"
    assert waiting() == 0
    assert "No documents yet" in visitor.visit("/library").text


def test_an_address_from_the_share_sheet_fills_the_form_in(visitor, share):
    page = opened(visitor, share(title="Tides", text=f"Tides explained {ADDRESS}"))

    assert (create(page)["url"], create(page)["title"], create(page)["text"].strip()) == (ADDRESS, "Tides", "")


def test_a_text_from_the_share_sheet_is_read_when_the_button_is_pressed(visitor, share, quick):
    page = opened(visitor, share(title="Notes", text="A berth is a place.\r\nA mole, too."))
    assert create(page)["text"].strip() == "A berth is a place.\nA mole, too."
    assert quick == []

    page = visitor.press("Make cards")

    assert page.path == "/drafts/1"
    assert quick == [(b"A berth is a place.\nA mole, too.", "Notes.txt")]


def test_a_text_too_long_for_an_address_waits_as_a_file(visitor, share, quick):
    text = "# Berths\n\n" + "船が停泊する場所。" * 1_000

    page = opened(visitor, share(text=text))
    assert "Berths.md" in page.text
    visitor.press("Make cards")

    assert quick == [(text.encode(), "Berths.md")]


def test_shared_files_wait_for_the_button_and_one_can_be_left_out(visitor, share, quick, waiting):
    page = opened(visitor, share(file=[(BytesIO(b"one"), "a.md"), (BytesIO(b"two"), "b.md")]))
    assert {"a.md", "b.md", "3", "Bytes"} <= set(page.text.split())
    assert "No documents yet" in visitor.visit("/library").text
    assert waiting() == 2
    (first, _) = [part.partition('"')[0] for part in page.html.split('name="held" value="')[1:]]

    visitor.visit("/library/new")
    visitor.press("Make cards", held=first, title="Mine")

    assert quick == [(b"one", "a.md")]
    assert "Mine" in visitor.visit("/library").text


def test_a_shared_file_and_one_from_here_become_a_document_each(visitor, share, quick):
    opened(visitor, share(file=(BytesIO(b"one"), "a.md")))

    visitor.press("Make cards", file=(BytesIO(b"two"), "b.md"))

    assert quick == [(b"one", "a.md"), (b"two", "b.md")]


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "none"},
        {**SHARE_SHEET, "Sec-Fetch-Site": "cross-site"},
        {**SHARE_SHEET, "Sec-Fetch-Site": "same-site"},
        {**SHARE_SHEET, "Sec-Fetch-Site": "cross-site", "Origin": "null"},
        {**SHARE_SHEET, "Sec-Fetch-Site": "same-origin", "Origin": "http://localhost"},
        {**SHARE_SHEET, "Sec-Fetch-Mode": "cors"},
        {**SHARE_SHEET, "Sec-Fetch-Mode": "no-cors"},
        {**SHARE_SHEET, "Sec-Fetch-Dest": "iframe"},
        {**SHARE_SHEET, "Origin": "https://evil.example"},
        {**SHARE_SHEET, "Host": "evil.example"},
    ],
    ids=str,
)
def test_nobody_but_the_share_sheet_hands_anything_over(visitor, share, waiting, headers):
    response = share(headers, file=(BytesIO(b"forged"), "a.md"), text="forged")

    assert response.status_code in {400, 403}
    assert waiting() == 0
    assert "No documents yet" in visitor.visit("/library").text


@pytest.mark.parametrize("origin", [None, "null", "http://localhost"])
def test_a_share_sheet_names_no_site_or_ours(share, origin):
    headers = {**SHARE_SHEET, **({"Origin": origin} if origin else {})}

    assert share(headers, text=ADDRESS).status_code == 303


@pytest.mark.parametrize("path", ["/library", "/decks", "/library/1/delete", "/nowhere", "/library/new"])
def test_the_share_sheet_reaches_no_other_form(share, path):
    assert share(path=path, text="forged", name="forged").status_code == 403


def test_of_several_files_the_one_that_is_refused_is_named_and_none_waits(share, waiting):
    response = share(file=[(BytesIO(b"one"), "a.md"), (BytesIO(b"\x89PNG"), "b.png")])

    assert response.status_code == 422
    assert "“b.png”: This is a picture" in response.get_data(as_text=True)
    assert waiting() == 0


def test_more_files_than_a_person_can_look_at_are_refused(share, waiting):
    response = share(file=[(BytesIO(b"one"), f"{number}.md") for number in range(51)])

    assert "more than 50 files" in response.get_data(as_text=True)
    assert waiting() == 0


def test_nothing_is_told(share):
    response = share(title="Tides")

    assert response.status_code == 422
    assert "Nothing that Recto can read came along." in response.get_data(as_text=True)


@pytest.fixture
def slip(visitor, share):
    """The slip of a file that waits."""
    return share(file=(BytesIO(b"one"), "a.md")).headers["Location"].partition("held=")[2]


def test_a_slip_that_was_made_up_opens_nothing(visitor, slip, quick):
    for forged in ("", "x", slip[:-1], slip + "a", "WzEsImEubWQiLDMsImFiYyJd.abc"):
        assert "Share it once more." in visitor.visit_with("/library/new", {"held": forged}).text
        response = visitor.send("/library", held=forged)
        assert response.status_code == 422

    assert quick == []


def test_a_slip_is_good_for_nobody_else(site, visitor, slip, quick):
    site.extensions["owner"] = replace(site.extensions["owner"], learner_id=2)

    assert visitor.send("/library", held=slip).status_code == 422
    assert quick == []


def test_slips_bring_no_more_than_a_form_could(visitor, slip, monkeypatch, quick):
    monkeypatch.setattr(formats, "MAX_BYTES", 5)

    response = visitor.send("/library", held=[slip, slip])

    assert response.status_code == 422
    assert "over 20 MB together" in response.get_data(as_text=True)
    assert quick == []


def test_a_file_that_has_been_put_away_is_told(visitor, slip, database):
    for file in database.media.files():
        file.path.unlink()

    response = visitor.send("/library", held=slip)

    assert response.status_code == 422
    assert "waits here for a day" in response.get_data(as_text=True)


def test_where_fetching_is_switched_off_a_shared_address_says_so(site, visitor):
    site.config["MAY_FETCH"] = False

    assert "switched off here" in visitor.visit(f"/library/shared?text={ADDRESS}").text
    assert "bookmark" not in visitor.visit("/library/new").text


def test_two_ways_at_once_are_refused_instead_of_dropping_one(visitor, quick):
    visitor.visit("/library/new")

    page = visitor.press("Make cards", url=ADDRESS, text="A berth.")

    assert page.status == 422
    assert "You gave an address and a text." in page.text


def test_a_form_that_is_sent_by_hand_needs_its_token(site):
    visitor = Browser(site.test_client())

    assert visitor.send("/library/shared", text=ADDRESS).status_code == 303
