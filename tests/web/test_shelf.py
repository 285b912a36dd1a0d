import pytest

from tests.web import harbour


def test_documents_are_listed_with_the_share_that_has_cards(visitor, add):
    add(harbour.BERTH, harbour.LOCK, keep_ready=True)

    page = visitor.visit("/library")

    assert "22% of its passages have cards" in page.text
    assert page.html.count('<svg class="strip"') == 1
    assert "Markdown · 60 words · added today" in page.text


def test_the_list_is_sorted_and_filtered_by_links(visitor, add):
    add()
    add(title="A harbour", keep_ready=True)
    visitor.send("/library/1/tags", tags="boats & <b>")
    visitor.visit("/library")

    visitor.follow("Title")
    assert visitor.page.text.index("A harbour") < visitor.page.text.index("Harbour handbook")
    visitor.follow("Least covered")
    assert visitor.page.text.index("Harbour handbook") < visitor.page.text.index("A harbour")
    visitor.follow("boats & <b>")

    assert "order=least_covered" in visitor.page.path
    assert "A harbour" not in visitor.page.text


@pytest.mark.parametrize("address", ["/library?order=odd", "/library?tag=none", "/library?q=%22", "/library?q=%00*"])
def test_an_odd_address_is_no_failure(visitor, add, address):
    add()

    assert visitor.visit(address).status == 200


def test_a_search_leads_to_the_passage_and_back(visitor, add):
    add()
    visitor.visit("/library")

    page = visitor.press("Search", q="LOCK blasts")

    assert "1 passage with “LOCK blasts”" in page.text
    assert "<mark>blasts</mark>" in page.html
    passage = next(link.href for link in page.links if "Three long" in link.text)
    assert passage.partition("#")[2] in visitor.visit(passage).ids
    visitor.visit("/library?q=lock")
    assert "Newest" in visitor.follow("All documents").text


def test_a_search_that_finds_nothing_says_what_to_try(visitor, add):
    add()

    page = visitor.visit("/library?q=<i>volcano")

    assert "Nothing with “<i>volcano”" in page.text
    assert "Try fewer words" in page.text


def test_passages_without_cards_are_shown_on_demand(visitor, add):
    add(harbour.BERTH, keep_ready=True)
    visitor.visit("/library/1")
    assert "data-bare" not in visitor.page.attributes

    visitor.follow("Passages without cards: 8")

    assert visitor.page.text.count("No card:") == 8
    assert "No card: The pilot comes" in visitor.page.text
    visitor.follow("Passages without cards: 8")
    assert "data-bare" not in visitor.page.attributes


def test_the_parts_of_a_document_can_be_jumped_to(visitor, add):
    add(harbour.BERTH, keep_ready=True)

    page = visitor.visit("/library/1")

    parts = [link for link in page.links if link.text.startswith("Passage ")]
    assert len(parts) == 9
    assert parts[0].text == "Passage 1: 1 with cards"
    assert {part.href.removeprefix("#") for part in parts} <= set(page.ids)


def test_a_document_is_renamed_and_named_back(visitor, add):
    add(keep_ready=True)
    visitor.visit("/library/1")

    visitor.press("Rename", title="The harbour & <b>")
    assert "The harbour & <b>" in visitor.page.text
    visitor.press("Undo")

    assert "The harbour" not in visitor.visit("/library").text
    assert "Harbour handbook" in visitor.page.text


def test_a_document_without_a_title_is_refused(visitor, add):
    add()

    assert visitor.send("/library/1/rename", title=" ").status_code == 422


def test_a_tag_is_added_taken_off_and_put_back(visitor, add):
    add()
    visitor.visit("/library/1")

    visitor.press("Add", tags="boats, reading list")
    assert "Tagged boats, reading list." in visitor.page.text
    visitor.send("/library/1/tags/remove", tag="boats")
    visitor.visit("/library/1")
    assert "Took off boats." in visitor.page.text
    visitor.press("Undo")

    assert {"boats", "reading list"} <= {link.text for link in visitor.page.links}


def test_the_file_is_handed_out_to_be_saved_and_never_shown(visitor, add):
    add()

    answer = visitor.client.get("/library/1/original")

    assert answer.data == harbour.TEXT.encode()
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert answer.headers["Content-Disposition"] == "attachment; filename=harbour.md"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("path", ["", "/original"])
def test_what_is_in_the_trash_has_no_page_and_no_file(visitor, add, path):
    add()
    visitor.send("/library/1/delete")

    assert visitor.client.get(f"/library/1{path}").status_code == 404
