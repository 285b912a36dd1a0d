import re
from pathlib import Path

from screenshots.__main__ import DOCS, SIZES, THEMES
from screenshots.pages import PAGES, TEAM_PAGES
from tests.browser.test_accessibility import PAGES as SCANNED

# What is no page of its own, or stands only where something went wrong.
NOT_PICTURED = {"jobs.show", None, "sharing.bring"}


def endpoint(site, path: str) -> str | None:
    """Return the view that answers an address, or None."""
    with site.test_request_context(path) as context:
        return context.request.endpoint


def test_every_page_that_is_scanned_is_pictured(site):
    pictured = {endpoint(site, re.sub("{.*?}", "1", one.path)) for one in (*PAGES.values(), *TEAM_PAGES.values())}

    assert {endpoint(site, path) for path in SCANNED.values()} - pictured - NOT_PICTURED == set()


def test_every_picture_is_there_and_shown():
    wanted = {f"{name}-{size}-{theme}.webp" for name in (*PAGES, *TEAM_PAGES) for size in SIZES for theme in THEMES}
    shown = (DOCS / "screenshots.md").read_text("utf-8")

    assert {path.name for path in Path(DOCS / "screenshots").iterdir()} == wanted
    assert [name for name in wanted if f"screenshots/{name}" not in shown] == []
