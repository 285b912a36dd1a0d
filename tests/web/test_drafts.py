import re

import pytest

from quizapp.domain.cards import DraftStatus
from tests.web import harbour


def many(count):
    """Return drafts on one quote, so many that they take several pages."""
    return [harbour.draft(f"Question number {number}?", f"answer {number}", harbour.PILOT) for number in range(count)]


def opened(page):
    """Return the number of the draft that stands open."""
    return int(re.search(r'class="idx on">(\d+)<', page.html)[1])


def test_the_bench_shows_the_source_beside_the_drafts(visitor, add):
    add()

    page = visitor.visit("/drafts/1")

    assert "7 proposed cards" in page.text
    assert "0 of 7 decided" in page.text
    assert opened(page) == 1
    assert re.search(r'<mark data-drafts="\d+" class="on">A berth is the place where a ship lies\.</mark>', page.html)


def test_the_tray_says_why(visitor, add):
    added = add(harbour.UNSURE)

    page = visitor.visit(f"/drafts/{added.document_id}")

    assert "Recto is not sure of these." in page.text
    assert harbour.REASON in page.text


def test_keeping_opens_the_next_that_waits_and_the_tray_comes_last(visitor, add):
    add()
    visitor.visit("/drafts/1")

    seen = [opened(visitor.page)]
    while "All decided" not in visitor.page.text:
        visitor.press("Keep A")
        if "All decided" not in visitor.page.text:
            seen.append(opened(visitor.page))

    assert sorted(seen) == [1, 2, 3, 4, 5, 6, 7]
    assert "What has a number?" in visitor.page.text
    assert seen[-1] == next(n for n, d in enumerate(in_order(), 1) if d.status is DraftStatus.REVIEW)
    assert "/decks/1" in {link.href for link in visitor.page.links}


def test_deciding_in_the_middle_goes_on_from_there(visitor, add):
    add()
    page = visitor.visit("/drafts/1")
    visitor.visit(next(link.href for link in page.links if "Who explains" in link.text))
    middle = opened(visitor.page)

    visitor.press("Reject X")

    assert opened(visitor.page) > middle


def test_undo_opens_the_draft_that_came_back(visitor, add):
    add()
    visitor.visit("/drafts/1")
    visitor.press("Keep A")
    visitor.press("Reject X")

    visitor.press("Undo")

    assert opened(visitor.page) == 2
    assert "1 of 7 decided" in visitor.page.text
    visitor.press("Undo")
    assert opened(visitor.page) == 1
    assert "Undo" not in [button.text for form in visitor.page.forms for button in form.buttons]


def test_a_kept_draft_can_be_opened_and_rejected_after_all(visitor, add):
    add(harbour.BERTH)
    visitor.visit("/drafts/1")
    visitor.press("Keep A")
    draft = next(link for link in visitor.page.links if "What is a berth?" in link.text)

    visitor.visit(draft.href)
    assert "Keep A" not in [button.text for form in visitor.page.forms for button in form.buttons]
    visitor.press("Reject X")

    assert "0 kept, 1 rejected" in visitor.page.text


def test_editing_shows_the_words_as_they_stand_and_marks_the_card(visitor, add):
    add(harbour.BERTH)
    visitor.visit("/drafts/1")

    form, _ = visitor.follow("Edit").form_with("Save")
    assert form.fields["question"] == "What is a berth?"
    assert form.fields["answer"] == "the place where a ship lies"
    page = visitor.press("Save", question="What is a *berth*?", answer="its place\r\non the quay")

    assert "Edited" in page.text
    assert "What is a <em>berth</em>?" in page.html


def test_an_edit_that_leaves_nothing_to_ask_is_refused(visitor, add):
    add(harbour.BERTH)
    visitor.visit("/drafts/1")
    visitor.follow("Edit")

    page = visitor.press("Save", question="  ")

    assert page.status == 422
    assert "What is a berth?" in visitor.visit("/drafts/1").text


def test_a_document_without_cards_says_so(visitor, add, database):
    add(harbour.BERTH)
    with database.writing() as session:
        session.connection().exec_driver_sql("delete from draft")

    page = visitor.visit("/drafts/1")

    assert "No facts found" in page.text


@pytest.mark.parametrize(("at", "shown", "hidden"), [(None, 0, 30), (29, 29, 30), (30, 30, 29), (59, 59, 0)])
def test_many_drafts_come_a_page_at_a_time(visitor, add, at, shown, hidden):
    add(*many(60))
    links = visitor.visit("/drafts/1").html
    first = min(map(int, re.findall(r"at=(\d+)", links)))

    page = visitor.visit("/drafts/1" if at is None else f"/drafts/1?at={first + at}")

    assert f"Question number {shown}?" in page.text
    assert f"Question number {hidden}?" not in page.text
    assert ("Later cards" in page.text) == (shown < 30)
    assert ("Earlier cards" in page.text) == (shown >= 30)


def test_htmx_gets_the_drafts_without_the_source(visitor, add):
    add()
    keep = visitor.visit("/drafts/1").form_with("Keep A")[0].action

    html = visitor.send_with_htmx(keep).get_data(as_text=True)

    assert html.lstrip().startswith('<section class="stack tight" id="proposals"')
    assert "Source text" not in html
    assert "1 of 7 decided" in html


def test_keeping_twice_keeps_once(visitor, add):
    add()
    keep = visitor.visit("/drafts/1").form_with("Keep A")[0].action

    for _ in range(2):
        visitor.send(keep)

    assert "1 of 7 decided" in visitor.visit("/drafts/1").text
    assert "1 card" in visitor.visit("/decks").text


def in_order():
    return sorted(harbour.ALL, key=lambda draft: (draft.source.start, draft.source.end))
