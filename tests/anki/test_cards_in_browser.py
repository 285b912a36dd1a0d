"""How our cards look and behave in a web view such as Anki's: real Anki fills them, Chromium shows them."""

import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from quizapp.anki.export import AnkiDeck, AnkiNote, write
from quizapp.domain.cards import CardKind, Note, Source
from tests.oracles.learner import Anki

pytestmark = pytest.mark.browser

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
AXE = Path(__file__).parents[1] / "browser/vendor/axe/axe.min.js"
QUOTE = "Lobster is like the iPhone 4: it took agents from experts and gave them to everybody."
SOURCE = Source(QUOTE, 0, len(QUOTE), "Deng Yafeng", "Agents at work", 4)
CHOICES = ("Crab", "Lobster", "Shrimp", "A squid with `arms` that need a second line on every phone there is")
NOTES = {
    "basic": Note(CardKind.BASIC, "Which one is like the *iPhone 4*?", "Lobster", (), "Said in 2026.", SOURCE),
    "cloze": Note(CardKind.CLOZE, "{{c1::Lobster}} is like {{c2::the iPhone 4::what?}}.", source=SOURCE),
    "choice": Note(CardKind.CHOICE, "Which one is it?", "Lobster", CHOICES, source=SOURCE),
    "true or false": Note(CardKind.TRUE_FALSE, "Lobster is for experts.", "False", source=SOURCE),
    "list": Note(CardKind.LIST, "Which layers are there?", "- Chips\n- Models", source=SOURCE),
    "order": Note(CardKind.ORDER, "What comes first?", "Page\nOpen\nWrite", source=SOURCE),
    "long": Note(
        CardKind.BASIC, "```\n" + "a long line " * 30 + "\n```\n\n|a|b|\n|-|-|\n|1|2|", "x" * 300, source=SOURCE
    ),
}


@pytest.fixture(scope="module")
def sides(tmp_path_factory):
    """Return front and back of each note's first card, and the style of all."""
    learner = Anki(tmp_path_factory.mktemp("anki"))
    notes = tuple(AnkiNote(guid, note, "AI", NOW, "Summit") for guid, note in NOTES.items())
    learner.take(write(AnkiDeck("AI", notes, len(notes)), now=NOW))
    shown = {name: learner.note(name).cards()[0].render_output() for name in NOTES}
    learner.collection.close()
    return {name: (card.question_text, card.answer_text, card.css) for name, card in shown.items()}


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    return {
        **browser_type_launch_args,
        "executable_path": shutil.which("chromium"),
        "args": ["--no-sandbox", "--disable-gpu"],
    }


@pytest.fixture
def page(browser: Browser):
    page = browser.new_page(viewport={"width": 390, "height": 700})
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    yield page
    page.close()
    assert asked == []


def show(page: Page, side: str, style: str, *, night: bool = False) -> None:
    look = "card card1 nightMode night_mode" if night else "card card1"
    page.set_content(
        f'<!doctype html><html lang="en"><head><title>Card</title><style>{style}</style></head>'
        f'<body class="{look}"><main id="qa">{side}</main></body></html>'
    )


def choices(page: Page) -> list[str]:
    return page.locator(".choices > li").all_inner_texts()


def test_choices_stand_in_the_same_order_on_both_sides_and_in_another_on_other_days(page, sides):
    front, back, style = sides["choice"]
    orders = set()
    for day in range(1, 9):
        page.clock.set_fixed_time(datetime(2026, 11, day, 12, tzinfo=UTC))
        show(page, front, style)
        asked = choices(page)
        show(page, back, style)

        assert choices(page) == asked
        assert sorted(asked) == sorted(choice.replace("`", "") for choice in CHOICES)
        orders.add(tuple(asked))

    assert len(orders) > 3


def test_true_comes_before_false_every_day(page, sides):
    front, _, style = sides["true or false"]
    for day in range(1, 9):
        page.clock.set_fixed_time(datetime(2026, 11, day, 12, tzinfo=UTC))
        show(page, front, style)

        assert choices(page) == ["True", "False"]


def test_the_right_choice_is_told_without_scripts(browser, sides):
    _, back, style = sides["choice"]
    page = browser.new_page(java_script_enabled=False)
    show(page, back, style)

    assert choices(page)[:3] == ["Crab", "Lobster", "Shrimp"]
    assert page.locator(".told .choices > li.right").inner_text() == "Lobster"
    page.close()


@pytest.mark.parametrize("night", [False, True], ids=["day", "night"])
@pytest.mark.parametrize("name", NOTES)
def test_a_card_fits_a_phone_and_can_be_read_by_day_and_night(page, sides, name, night):
    *both, style = sides[name]
    for side in both:
        show(page, side, style, night=night)
        page.evaluate(AXE.read_text())
        found = page.evaluate("axe.run({runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa']})")

        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        assert [(rule["id"], [node["html"] for node in rule["nodes"]]) for rule in found["violations"]] == []
