"""Take every page in both sizes and themes into `docs/screenshots`, and write the page that shows them all."""

import base64
import logging
import re
import shutil
import sys
import tempfile
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

import click
from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright
from werkzeug.serving import make_server

from quizapp.clock import utcnow
from quizapp.config import Settings
from quizapp.db.engine import Database
from quizapp.web import create_app
from screenshots.crew import gathered
from screenshots.library import ZONE, studied
from screenshots.pages import PAGES, TEAM_PAGES, Pictured

DOCS = Path(__file__).resolve().parent.parent / "docs"
SIZES: dict[str, ViewportSize] = {"1280": {"width": 1280, "height": 800}, "390": {"width": 390, "height": 844}}
Theme = Literal["light", "dark"]
THEMES: tuple[Theme, ...] = ("light", "dark")
TEAM_WEEKS = 4
QUALITY = 60  # percent, of WebP
IN_README = {"today-1280-light": "today.png", "study-answer-1280-light": "study.png", "drafts-1280-light": "drafts.png"}
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--force-color-profile=srgb"]


def main() -> None:
    """Take the pictures, with a bar in the terminal."""
    folder = DOCS / "screenshots"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    with (
        tempfile.TemporaryDirectory() as data,
        studied(Path(data), now=utcnow()) as (database, ids),
        sync_playwright() as playwright,
    ):
        settings = Settings.in_folder(Path(data))
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=ARGUMENTS)
        with _served(database, settings) as address:
            _take_all(browser, address, PAGES, folder, ids, {})
        team = gathered(database, zone=ZONE, weeks=TEAM_WEEKS, now=utcnow())
        with _served(database, replace(settings, team=True)) as address:
            _take_all(browser, address, TEAM_PAGES, folder, team.ids, team.signed_in)
        browser.close()
    (DOCS / "screenshots.md").write_text(_index(), "utf-8")


def _take_all(
    browser: Browser,
    address: str,
    pages: Mapping[str, Pictured],
    folder: Path,
    ids: Mapping[str, str],
    signed_in: Mapping[str, str],
) -> None:
    shown = [(size, theme, name) for size in SIZES for theme in THEMES for name in pages]
    with click.progressbar(shown, label="Taking pictures", file=sys.stderr) as bar:
        for size, theme, name in bar:
            one = pages[name]
            file = folder / f"{name}-{size}-{theme}.webp"
            _take(browser, address + one.path.format_map(ids), file, size, theme, signed_in.get(one.by, ""))


@contextmanager
def _served(database: Database, settings: Settings) -> Iterator[str]:
    logging.getLogger("werkzeug").setLevel(logging.WARNING)
    site = create_app(settings, database, time_zone=ZONE)
    server = make_server("127.0.0.1", 0, site, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _take(browser: Browser, address: str, file: Path, size: str, theme: Theme, token: str) -> None:
    context = browser.new_context(viewport=SIZES[size], color_scheme=theme, reduced_motion="reduce", locale="en")
    if token:
        parts = urlsplit(address)
        context.add_cookies(
            [{"name": f"recto_person_{parts.port}", "value": token, "domain": "127.0.0.1", "path": "/"}]
        )
    page = context.new_page()
    response = page.goto(address, wait_until="networkidle")
    if not response or not response.ok:
        raise SystemExit(f"{address} is not there.")
    file.write_bytes(_picture(page))
    if (readme := IN_README.get(file.stem)) is not None:
        page.screenshot(path=DOCS / "images" / readme)
    context.close()


def _picture(page: Page) -> bytes:
    """Return what the page shows; of the picture formats that Chromium writes, playwright knows the two larger ones."""
    answer = page.context.new_cdp_session(page).send("Page.captureScreenshot", {"format": "webp", "quality": QUALITY})
    return base64.b64decode(answer["data"])


def _index() -> str:
    lines = [
        "# Every page",
        "",
        "Made by `make screenshots` from the samples of the demo, studied for eight weeks, and by a team for four. In addresses 1 stands for any number or token.",
        "",
    ]
    for name, one in {**PAGES, **TEAM_PAGES}.items():
        lines += [f"## {one.what}", "", f"`{re.sub('{.*?}', '1', one.path)}`", ""]
        for theme in THEMES:
            pictures = (
                f"![{one.what}, {size} pixels, {theme}](screenshots/{name}-{size}-{theme}.webp)" for size in SIZES
            )
            lines += [*pictures, ""]
    return "\n".join(lines)


if __name__ == "__main__":
    main()
