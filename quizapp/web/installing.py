"""The manifest: what a browser needs to install Recto as an app, and what other apps may share with it."""

import json
from typing import Any

from flask import Blueprint, Flask, current_app, url_for
from werkzeug.wrappers import Response

from quizapp.ingest import bundles, formats
from quizapp.translations import _, spoken
from quizapp.web import assets

ADDRESS = "/manifest.webmanifest"
ONE_HOUR = 3_600
# The colour of the bar at the top and of the page below it, as recto.css has them.
BAR_COLOURS = {"light": "#ffffff", "dark": "#1a2133"}
CANVAS = "#e9edf4"
SIZES = (192, 512)
# Share sheets go by these; what several endings share is named once.
MEDIA_TYPES = {
    ".txt": "text/plain",
    ".md": "text/markdown",
    ".html": "text/html",
    ".xhtml": "application/xhtml+xml",
    ".epub": "application/epub+zip",
    ".pdf": "application/pdf",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    ".odt": "application/vnd.oasis.opendocument.text",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".csv": "text/csv",
    ".tsv": "text/tab-separated-values",
    ".srt": "application/x-subrip",
    ".vtt": "text/vtt",
    bundles.SUFFIX: "application/zip",
}

blueprint = Blueprint("installing", __name__)


def init_app(app: Flask) -> None:
    """Give pages the colours for the bar that the system draws around them."""
    app.jinja_env.globals["bar_colours"] = BAR_COLOURS


@blueprint.get(ADDRESS)
def manifest() -> Response:
    """Describe Recto to the browser that installs it."""
    response = current_app.response_class(json.dumps(_manifest()), content_type="application/manifest+json")
    response.cache_control.max_age = ONE_HOUR
    return response


def _manifest() -> dict[str, Any]:
    today = url_for("today.show")
    return {
        "id": today,
        "name": "Recto",
        "short_name": "Recto",
        "description": _("Turns documents into cards that know their page, and brings each back before you forget it."),
        "lang": spoken(),
        "categories": ["education", "productivity"],
        "start_url": today,
        "scope": today,
        "display": "standalone",
        "theme_color": BAR_COLOURS["light"],
        "background_color": CANVAS,
        "icons": [*_icons("any"), *_icons("maskable"), _drawing()],
        "shortcuts": [
            _shortcut(_("Study"), url_for("study.show"), "study"),
            _shortcut(_("Create"), url_for("library.new"), "create"),
        ],
        "share_target": _share_target(),
    }


def _icons(purpose: str) -> list[dict[str, str]]:
    return [
        {
            "src": assets.url_of(f"icons/{purpose}-{size}.png"),
            "sizes": f"{size}x{size}",
            "type": "image/png",
            "purpose": purpose,
        }
        for size in SIZES
    ]


def _drawing() -> dict[str, str]:
    return {"src": assets.url_of("icon.svg"), "sizes": "any", "type": "image/svg+xml", "purpose": "any"}


def _shortcut(name: str, url: str, icon: str) -> dict[str, Any]:
    drawn = {"src": assets.url_of(f"icons/{icon}-96.png"), "sizes": "96x96", "type": "image/png"}
    return {"name": name, "url": url, "icons": [drawn]}


def _share_target() -> dict[str, Any]:
    """Say what can be shared: an address, a text, and the files that can be read (`web/sharing.py` takes them)."""
    accepted = [*MEDIA_TYPES.values(), *formats.suffixes(), bundles.SUFFIX]
    return {
        "action": url_for("sharing.take"),
        "method": "POST",
        "enctype": "multipart/form-data",
        "params": {
            "title": "title",
            "text": "text",
            "url": "url",
            "files": [{"name": "file", "accept": accepted}],
        },
    }
