"""What pages repeat: addresses and icons, each made once and given out again.

A page of a deck names over two hundred addresses, and most of them were on the page before it.
"""

from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any, cast
from uuid import UUID

from flask import Flask, current_app, g, request
from markupsafe import Markup

ADDRESSES_KEPT = 8_192
# While a guest answers, pages lead to those that need no account.
OF_GUESTS = {
    "sittings.show": "guests.sitting",
    "sittings.answer": "guests.answer",
    "sittings.finish": "guests.finish",
    "library.picture": "guests.picture",
    "media.show": "guests.medium",
}
ICONS = Path(__file__).parent / "templates" / "icons"


def init_app(app: Flask) -> None:
    """Give templates `url_for` with a memory, and icons by name."""

    # By type too: 1 and True are equal, and not the same in an address.
    @lru_cache(maxsize=ADDRESSES_KEPT, typed=True)
    def made(_root: str, _study_session: UUID | None, endpoint: str, /, **values: Any) -> str:
        return app.url_for(endpoint, **values)

    def url_for(endpoint: str, /, **values: object) -> str:
        if endpoint in OF_GUESTS and (token := g.get("guest_token")):
            return made(request.root_path, None, OF_GUESTS[endpoint], token=token, **values)
        # While a session is studied, its addresses lead on within it.
        within = g.get("study_session") if endpoint.startswith("study.") else None
        return made(request.root_path, within, endpoint, **values)

    app.jinja_env.globals["url_for"] = url_for
    app.context_processor(lambda: {"guest_token": g.get("guest_token", "")})
    icons = {
        path.stem: Markup(path.read_text("utf-8").strip())  # noqa: S704 - our own drawings
        for path in ICONS.glob("*.svg")
    }
    # One whose name stands in a template is drawn when that is compiled.
    app.jinja_env.filters["icon"] = icons.__getitem__


def address(endpoint: str, /, **values: object) -> str:
    """Return an address as a template does, for a view that sends people on."""
    made = cast(Callable[..., str], current_app.jinja_env.globals["url_for"])
    return made(endpoint, **values)
