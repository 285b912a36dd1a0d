"""Take every page in both sizes and themes into `docs/screenshots`, and write the page that shows them all."""

import base64
import logging
import shutil
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

import click
from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright
from werkzeug.serving import make_server

from quizapp.clock import utcnow
from quizapp.config import Settings
from quizapp.db.engine import Database
from quizapp.web import create_app
from screenshots.library import ZONE, studied
from screenshots.pages import PAGES

DOCS = Path(__file__).resolve().parent.parent / "docs"
SIZES: dict[str, ViewportSize] = {"1280": {"width": 1280, "height": 800}, "390": {"width": 390, "height": 844}}
Theme = Literal["light", "dark"]
THEMES: tuple[Theme, ...] = ("light", "dark")
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
        studied(Path(data), now=utcnow()) as database,
        _served(database, Path(data)) as address,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=ARGUMENTS)
        shown = [(size, theme, name) for size in SIZES for theme in THEMES for name in PAGES]
        with click.progressbar(shown, label="Taking pictures", file=sys.stderr) as bar:
            for size, theme, name in bar:
                _take(browser, address + PAGES[name][0], folder / f"{name}-{size}-{theme}.webp", size, theme)
        browser.close()
    (DOCS / "screenshots.md").write_text(_index(), "utf-8")


@contextmanager
def _served(database: Database, folder: Path) -> Iterator[str]:
    logging.getLogger("werkzeug").setLevel(logging.WARNING)
    site = create_app(Settings.in_folder(folder), database, time_zone=ZONE)
    server = make_server("127.0.0.1", 0, site, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _take(browser: Browser, address: str, file: Path, size: str, theme: Theme) -> None:
    context = browser.new_context(viewport=SIZES[size], color_scheme=theme, reduced_motion="reduce", locale="en")
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
        "Made by `make screenshots` from the samples of the demo, studied for eight weeks.",
        "",
    ]
    for name, (path, what) in PAGES.items():
        lines += [f"## {what}", "", f"`{path}`", ""]
        for theme in THEMES:
            pictures = (f"![{what}, {size} pixels, {theme}](screenshots/{name}-{size}-{theme}.webp)" for size in SIZES)
            lines += [*pictures, ""]
    return "\n".join(lines)


if __name__ == "__main__":
    main()
