from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest
from playwright.sync_api import Page
from sqlalchemy import text

from quizapp.clock import utcnow
from quizapp.services import accounts, decks, jobs, library, sittings, teams
from quizapp.services import drafts as bench
from quizapp.services.jobs import Result
from quizapp.services.tasks import ToExport, ToRead
from tests.browser.conftest import AXE, arrive, press
from tests.services import handbook, illustrated, quizzing
from tests.web import harbour

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("in_use", "under_way")]

WIDE, NARROW = {"width": 1280, "height": 800}, {"width": 390, "height": 844}
EITHER = pytest.mark.parametrize(("viewport", "scheme"), [(WIDE, "light"), (NARROW, "dark")], ids=["wide", "narrow"])
PARTS = 3  # in which all pages are looked at, so that no process is left with them alone
# The rules that a scheme can break; what else there is does not change with the colours.
COLOURS = {"runOnly": ["color-contrast", "link-in-text-block"]}
PAGES = {
    "today": "/",
    "library": "/library",
    "a search in documents": "/library?q=berth",
    "a search that finds nothing": "/library?q=volcano",
    "create": "/library/new",
    "create with what was shared": "/library/shared?title=Tides&text=See+www.example.org/tides",
    "a document": "/library/2",
    "what of a document has no cards": "/library/1?without=cards",
    "how well a document is remembered": "/library/1?look=remembered",
    "the versions of a document": "/library/1/versions",
    "the bench": "/drafts/2",
    "a draft being edited": "/drafts/2?edit=1",
    "a bench without open drafts": "/drafts/1",
    "a document to make cards from": "/library/2?write=cards",
    "a card being written": "/write?document=2&passage=3&kind=cloze",
    "a job that waits to be tried again": "/jobs/1",
    "a job that failed": "/jobs/2",
    "a job that was cancelled": "/jobs/3",
    "a file that was made": "/jobs/4",
    "decks": "/decks",
    "cards": "/cards",
    "a card among others": "/cards?q=cid:1&open=1",
    "a search of cards that cannot be understood": "/cards?q=(berth",
    "a deck": "/decks/1",
    "options of a deck": "/decks/1/options",
    "a deck on its way to Anki": "/decks/1/export",
    "a file on its way in": "/decks/import",
    "no hard cards": "/hard-cards",
    "catching up": "/catch-up",
    "an empty trash": "/trash",
    "a card in a deck being edited": "/decks/1?edit=1",
    "a card to be split": "/decks/1/notes/1/split",
    "a question": "/study",
    "an answer": "/study?card=1&show=1",
    "a card to be typed": "/study?card=1&type=1",
    "a typed answer": "/study?card=1&show=1&typed=three+long+blast",
    "a card being edited": "/study?card=1&panel=edit",
    "a report": "/study?card=1&panel=report",
    "a card's history while it is studied": "/study?card=1&panel=info",
    "a card": "/cards/1",
    "keys": "/keys",
    "teams": "/teams",
    "a team": "/teams/1",
    "the log of a team": "/teams/1/log",
    "a leaderboard": "/teams/1/leaderboard",
    "suggestions": "/teams/1/suggestions",
    "what a card said before": "/decks/1/notes/1/history",
    "no progress yet": "/progress",
    "settings": "/settings",
    "parameters": "/settings/parameters",
    "tokens of programs": "/settings/tokens",
    "one's own data": "/settings/data",
    "privacy": "/privacy",
    "nothing": "/nowhere",
}


@pytest.fixture
def under_way(database, in_use):
    """A job in each state in which one stays."""
    now = utcnow()
    told = {"notes": 5_000, "problems": ["Note 7 is not in the file."], "filename": "a.apkg"}
    read, pack = ToRead("harbour.md").task(b"text"), ToExport(1).task("Harbour at night")
    with database.writing() as session:
        actor = accounts.local_owner(session, time_zone="UTC", now=now)
        teams.create(session, actor, "Harbour crew", now=now)
        held = [jobs.begin(session, actor, task, data=b"text", now=now) for task in (read, read, read, pack)]
        jobs.try_later(session, replace(held[0], attempts=4), "The system ended the work.", now=now)
        jobs.fail(session, held[1], "This document is empty. Choose one with text in it.", now=now)
        jobs.stop(session, held[2], now=now)
        jobs.finish(session, held[3], lambda *_: Result(told, "a" * 64), now=now)


@pytest.mark.parametrize("part", range(PARTS))
def test_no_page_has_a_violation_or_scrolls_sideways(open_page, address, part):
    page, found = open_page("/"), {}

    for name, path in list(PAGES.items())[part::PARTS]:
        page.set_viewport_size(WIDE)
        page.goto(address + path)
        for width, viewport in (("wide", WIDE), ("narrow", NARROW)):
            page.set_viewport_size(viewport)
            page.emulate_media(color_scheme="light")
            found[f"{name}, {width}"] = problems(page)
            page.emulate_media(color_scheme="dark")
            found[f"{name}, {width} and dark"] = problems(page, of=COLOURS)

    assert {name: violations for name, violations in found.items() if violations} == {}


def test_the_colours_of_both_schemes_are_judged(open_page):
    page = open_page("/", color_scheme="light")
    page.evaluate(
        "document.querySelector('main').insertAdjacentHTML('beforeend', '<p id=faint>Faint</p>');"
        "const sheet = new CSSStyleSheet();"
        "sheet.replaceSync('@media (prefers-color-scheme: dark) { #faint { color: #333; background: #222 } }');"
        "document.adoptedStyleSheets = [sheet];"
    )
    light = problems(page)

    page.emulate_media(color_scheme="dark")

    assert (light, problems(page, of=COLOURS)) == ([], ['color-contrast: <p id="faint">Faint</p>'])


@EITHER
def test_what_changed_has_no_violation_and_is_decided_by_keyboard(open_page, database, viewport, scheme):
    now = utcnow() - timedelta(minutes=1)
    with database.writing() as session:
        actor = accounts.local_owner(session, time_zone="UTC", now=now)
        added = handbook.add(session, actor, handbook.SECTIONS, keep_ready=True, now=now)
        handbook.add(session, actor, handbook.changed(), now=now)
    page = open_page(f"/library/{added.document_id}/changes", viewport=viewport, color_scheme=scheme)
    assert problems(page) == []

    page.get_by_role("button", name="Take it over").focus()
    press(page, "Enter")
    page.get_by_text("Your card now").wait_for()

    assert problems(page) == []
    assert "handbook" in page.evaluate("document.activeElement.textContent").lower()


@EITHER
def test_the_trash_has_no_violation_and_gives_things_back_by_keyboard(open_page, database, viewport, scheme):
    now = utcnow()
    with database.writing() as session:
        actor = accounts.local_owner(session, time_zone="UTC", now=now)
        library.delete(session, actor, 2, now=now)
        decks.delete_note(session, actor, 1, now=now)
        decks.delete(session, actor, 1, now=now)
    page = open_page("/trash", viewport=viewport, color_scheme=scheme)
    found = problems(page)

    page.get_by_role("button", name="Restore the document: Harbour handbook").press("Enter")
    page.get_by_text("Harbour handbook is back.").wait_for()

    assert found + problems(page) == []
    assert page.evaluate("document.activeElement.id") == "trash"
    assert page.get_by_role("button", name="Restore").count() == 1


@pytest.fixture
def illustrated_pages(database, in_use):
    """The addresses of all pages that show pictures and quoted rows of tables."""
    now, page_of = utcnow() - timedelta(minutes=1), partial(illustrated.page, rows=illustrated.ROWS)
    with database.writing() as session:
        actor = accounts.local_owner(session, time_zone="UTC", now=now)
        kept = illustrated.add(session, actor, page_of(), keep_ready=True, now=now)
        waiting = illustrated.add(session, actor, page_of(title="Pike"), as_new=True, now=now)
        notes = {note.question: note.id for note in decks.deck(session, actor, kept.deck_id, now=now).notes}
        drafts = bench.bench(session, actor, waiting.document_id).drafts
        quiz = quizzing.quiz(session, actor, kept.deck_id)
        result = sittings.start(session, actor, quiz, seed=1, now=now)
        sittings.finish(session, actor, result, now=now)
        sitting = sittings.start(session, actor, quiz, seed=1, now=now)
        asked = [one.question.prompt for one in sittings.sitting(session, actor, sitting, now=now).places.shown]
        cards = dict(session.execute(text("select note_id, id from card")).all())
    of_a_picture, of_a_row = notes[illustrated.OF_A_PICTURE], notes[illustrated.OF_A_ROW]
    at = 1 + asked.index(illustrated.OF_A_PICTURE)
    return {
        "the document": f"/library/{kept.document_id}",
        "the bench": f"/drafts/{waiting.document_id}",
        "the bench at a row": f"/drafts/{waiting.document_id}?at={drafts[-1].id}",
        "a draft being edited": f"/drafts/{waiting.document_id}?edit=1",
        "the deck": f"/decks/{kept.deck_id}",
        "a card in the deck being edited": f"/decks/{kept.deck_id}?edit={of_a_picture}",
        "a question about a picture": f"/study?card={cards[of_a_picture]}",
        "an answer with a picture": f"/study?card={cards[min(notes.values())]}&show=1",
        "an answer with a row": f"/study?card={cards[of_a_row]}&show=1",
        "a question of a quiz": f"/sittings/{sitting}?at={at}",
        "the result of a quiz": f"/sittings/{result}",
        "the sheet of a quiz": f"/quizzes/{quiz}/sheet",
    }


@EITHER
def test_no_page_with_pictures_or_rows_has_a_violation(open_page, address, illustrated_pages, viewport, scheme):
    page = open_page("/", viewport=viewport, color_scheme=scheme)

    found = {}
    for name, path in illustrated_pages.items():
        page.goto(address + path)
        without_words = page.locator("img.illustration:not([alt]), img.illustration[alt='']").count()
        shown = page.locator("img.illustration, .quote table, .answers table").count()
        found[name] = problems(page), without_words, shown > 0

    assert found == dict.fromkeys(illustrated_pages, ([], 0, True))


@EITHER
def test_nothing_moves_when_pictures_arrive(open_page, address, illustrated_pages, viewport, scheme):
    page = open_page("/", viewport=viewport, color_scheme=scheme)
    held = []
    page.route("**/library/pictures/*", lambda route: held.append(route))

    moved = {}
    for name, path in illustrated_pages.items():
        page.goto(address + path, wait_until="domcontentloaded")
        arrive(page)
        before = sizes(page)
        while held:
            held.pop().continue_()
        page.evaluate("document.images.length && Promise.race([...document.images].map((one) => one.decode()))")
        pairs = zip(before, sizes(page), strict=True)
        moved[name] = [
            (one, other) for one, other in pairs if any(abs(a - b) >= 1 for a, b in zip(one, other, strict=True))
        ]

    assert {name: pairs for name, pairs in moved.items() if pairs} == {}


@EITHER
def test_the_menu_of_a_card_and_a_session_have_no_violation(open_page, viewport, scheme):
    page = open_page("/study?card=1", viewport=viewport, color_scheme=scheme)
    press(page, "m")
    page.get_by_role("group", name="More for this card").wait_for()
    found = problems(page)

    press(page, "Control+1")
    page.get_by_text("Red flag.").wait_for()
    page.goto(page.url.partition("/study")[0])
    page.get_by_text("More ways").click()
    found += problems(page)
    page.get_by_role("button", name="Practise").click()
    page.locator(".prompt").wait_for()
    page.goto(f"{page.url}?show=99")
    found += problems(page)
    page.get_by_role("button", name="Again").click()
    page.get_by_role("button", name="Again").wait_for(state="detached")  # or the link would be that of the card before
    page.get_by_role("link", name="End session").click()
    page.get_by_role("heading", name="What you missed").wait_for()

    assert found + problems(page) == []


@pytest.mark.parametrize("kind", [1, 2, 3, 4, 5, 6])
def test_no_kind_of_card_has_a_violation_before_and_after_its_answer(open_page, address, kind):
    page = open_page(f"/study?card={kind}", viewport=NARROW)

    asked = problems(page)
    page.goto(f"{address}/study?card={kind}&show=9&choice=0")
    answered = problems(page)

    assert (asked, answered) == ([], [])


@pytest.mark.usefixtures("studied")
@EITHER
def test_progress_has_no_violation_with_its_tables_open_and_closed(open_page, viewport, scheme):
    page = open_page("/progress?span=all", viewport=viewport, color_scheme=scheme)

    closed = problems(page)
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    opened = problems(page)

    assert (closed, opened) == ([], [])
    assert page.locator("svg.chart:visible .stroke").count() == 1


@pytest.mark.usefixtures("studied")
@EITHER
def test_settings_that_are_tried_have_no_violation(open_page, viewport, scheme):
    page = open_page("/settings", viewport=viewport, color_scheme=scheme)

    page.get_by_label("move to the date").check()
    page.get_by_role("button", name="What would it do?").click()
    page.locator("#tried").wait_for()

    assert problems(page) == []


@pytest.mark.parametrize("width", [320, 390, 720, 768, 900, 1024, 1180])
def test_the_bar_fits_at_every_width(open_page, width):
    page = open_page("/settings", viewport={"width": width, "height": 800})

    spilled = page.evaluate(
        "[...document.querySelectorAll('.topbar a, .topbar button')].filter((one) => one.checkVisibility())"
        ".filter((one) => one.scrollWidth > one.clientWidth + 1 || one.getBoundingClientRect().right > innerWidth)"
        ".map((one) => one.textContent.trim() || one.ariaLabel)"
    )

    assert spilled == []
    assert page.locator(".topbar").bounding_box()["height"] <= 64


@pytest.mark.parametrize("width", [320, 1280])
def test_words_of_any_length_and_script_stay_on_the_page(open_page, address, database, width):
    long = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft" * 2
    texts = [long, "هذا نص عربي طويل بعض الشيء " * 8, "船が停泊する場所をバースという。" * 12, "🚢" * 90, "a_b" * 150]
    drafts = [harbour.draft(f"{text}?", text, harbour.PILOT) for text in texts]
    now = utcnow() - timedelta(minutes=1)
    with database.writing() as session:
        actor = accounts.local_owner(session, time_zone="UTC", now=now)
        added = library.add_document(
            session,
            actor,
            reading=harbour.reading(*drafts, title=long),
            filename=f"{long}.md",
            data=b"",
            deck_name=f"{long[:90]}::{long[:90]}",
            keep_ready=True,
            now=now,
        )
    page = open_page("/", viewport={"width": width, "height": 800})

    found = {}
    paths = ["/", "/library", "/library/new", f"/library/{added.document_id}", f"/drafts/{added.document_id}", "/decks",
             f"/decks/{added.deck_id}", *(f"/study?card={card}&show=1" for card in range(7, 12))]  # fmt: skip
    for path in paths:
        page.goto(address + path)
        found[path] = page.evaluate("document.documentElement.scrollWidth")

    assert {path: pixels for path, pixels in found.items() if pixels > width} == {}


def sizes(page: Page) -> list[list[float]]:
    """Return how wide and high each element of the page is, once its letters are there."""
    return page.evaluate(
        "document.fonts.ready.then(() => [...document.querySelectorAll('main *')]"
        ".map((one) => one.getBoundingClientRect()).map((box) => [box.width, box.height]))"
    )


def problems(page: Page, *, of: dict[str, object] | None = None) -> list[str]:
    """Return what axe finds, with all its rules or those told, and what is wider than the screen."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)
    # Text fades in and out in toasts; a still picture is judged.
    page.emulate_media(reduced_motion="reduce")
    violations = page.evaluate(
        "of => axe.run({...of, resultTypes: ['violations']}).then(found => found.violations)", of
    )
    told = [f"{rule['id']}: {node['html'][:200]}" for rule in violations for node in rule["nodes"]]
    width = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
    return told if width[0] <= width[1] else [*told, f"{width[0]} pixels wide"]
