"""How a view answers: a whole page, or the one block of it that htmx asked for.

A GET view ends with `page`. A POST view ends with `reply` (stay here: htmx gets
the changed block at once, anyone else a 303 to see it) or `go` (leave for
another page). There is one template and no second copy of its markup.
"""

from collections.abc import Callable
from urllib.parse import urlsplit

from flask import current_app, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

ONE_YEAR = 31_536_000  # seconds


def page(template: str, *, block: str, **values: object) -> Response:
    """Return the whole page, or the named block and the news when htmx asked for a part."""
    if not wants_block():
        return _html(render_template(template, **values))
    return _html(render_block(template, block, **values) + render_block("news.html", "news", swapped=True))


def part(template: str, *, block: str, **values: object) -> Response:
    """Return the named block alone: what the page has been told stays there while it is brought up to date."""
    return _html(render_block(template, block, **values))


def reply(url: str, show: Callable[[], ResponseReturnValue]) -> ResponseReturnValue:
    """Answer a form that changed something on a page: `show` renders it anew, `url` is where it is."""
    return show() if wants_block() else redirect(url, 303)


def go(url: str) -> Response:
    """Answer a form by leaving for another page."""
    if wants_block():
        return current_app.response_class(headers={"HX-Redirect": url})
    return redirect(url, 303)


def wants_block() -> bool:
    """Say whether htmx will put the answer into the page that is open."""
    return request.headers.get("HX-Request") == "true" and request.headers.get("HX-Request-Type") != "full"


def say(sentence: str) -> None:
    """Tell the person quietly, with the next page or block, what was done."""
    flash(sentence, "said")


def tell(sentence: str) -> None:
    """Tell the person, on a small screen too, what nothing else on the page shows."""
    flash(sentence, "told")


def offer_undo(sentence: str, *, url: str) -> None:
    """Tell the person what was done, with a button that posts to `url` to take it back."""
    flash(f"{url}\n{sentence}", "undo")


def remember(response: Response, name: str, value: str) -> Response:
    """Let this browser keep a choice for a year, or forget it when it is empty."""
    response.set_cookie(name, value, max_age=ONE_YEAR if value else 0, samesite="Lax")
    return response


def back(default: str) -> str:
    """Return the path of the page that the request came from, if it is one of ours."""
    try:
        came_from = urlsplit(request.headers.get("HX-Current-URL") or request.referrer or "")
    except ValueError:
        return default
    if came_from.netloc != request.host or not came_from.path.startswith("/") or came_from.path[1:2] in {"/", "\\"}:
        return default
    return f"{came_from.path}?{came_from.query}" if came_from.query else came_from.path


def own_path(wanted: str) -> str:
    """Return where a person wanted to go if it is a page of ours, else the first one."""
    is_ours = wanted.startswith("/") and wanted[1:2] not in {"/", "\\"} and wanted.isprintable()
    return wanted if is_ours and "\\" not in wanted else "/"


def render_block(template: str, block: str, **values: object) -> str:
    """Render one block of a template."""
    current_app.update_template_context(values)
    found = current_app.jinja_env.get_template(template)
    return "".join(found.blocks[block](found.new_context(values)))


def _html(text: str) -> Response:
    response = current_app.response_class(text)
    # The same address serves page and block, and going back must never show a block as a page.
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["Vary"] = "HX-Request, Cookie"
    return response
