"""A file of another program on its way in, and a deck on its way out, as a person sees them."""

import pytest
from playwright.sync_api import expect

from tests.browser.test_accessibility import EITHER, problems

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("in_use")]

TABLE = 'Term;Meaning;Remark\nSkarn;a light with two flashes;north\nUlver;28 m;\nHolm;;never lit\nVard;"open\n'


@EITHER
def test_a_table_is_looked_at_its_columns_chosen_and_what_came_in_told(open_page, viewport, scheme):
    page = open_page("/decks/import", viewport=viewport, color_scheme=scheme)
    found = problems(page)
    page.get_by_label("Choose a file").set_input_files(
        {"name": "lights.csv", "mimeType": "text/csv", "buffer": TABLE.encode()}
    )
    page.get_by_role("button", name="Import").click()
    expect(page.get_by_text("Line 5, column 2:")).to_be_visible()
    found += problems(page)

    page.get_by_role("combobox", name="Remark").select_option("tags")
    page.get_by_role("button", name="Look again").click()
    expect(page.get_by_role("article").get_by_text("north", exact=True)).to_be_visible()
    found += problems(page)
    page.get_by_role("button", name="Import 3 cards").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("lights.csv")

    assert found + problems(page) == []


@EITHER
def test_what_a_deck_would_lose_is_said_before_it_leaves(open_page, viewport, scheme):
    page = open_page("/decks/1/export", viewport=viewport, color_scheme=scheme)

    pairs = page.get_by_role("listitem").filter(has=page.get_by_role("heading", name="Two columns (TSV)"))
    pairs.get_by_text("What this deck would lose").click()
    expect(pairs.get_by_text("Texts go without emphasis")).to_be_visible()
    with page.expect_download() as coming:
        page.get_by_role("link", name="with my progress").click()

    assert coming.value.suggested_filename.endswith(".json")
    assert '"decks"' in coming.value.path().read_text()
    assert problems(page) == []
