"""What other apps hand over: an address, a text or files, which the page Create then shows.

Nothing is added to the library here: whoever shares presses the button on that page, which is why a
request may come from the system's share sheet without a token (`security`). Start from `take`.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from io import BytesIO
from urllib.parse import urlencode

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response

from quizapp.errors import InvalidInput
from quizapp.fetch import places
from quizapp.services import holding
from quizapp.translations import marked
from quizapp.web import held, library
from quizapp.web.acting import writing
from quizapp.web.forms import text

ADDRESS = re.compile(r"(?:https?://(?=[\w\[])|\bwww\.(?=[^\s.]+\.))[^\s<>\"“”„«»]+", re.IGNORECASE)
WRITTEN_AFTER = ".,;:!?'’…*"  # what ends a sentence rather than an address
BRACKETS = {")": "(", "]": "[", "}": "{"}
BLURB_CHARS = 300  # beside an address: a headline, a remark, "Shared from"; more is a text of its own
FIELDS = ("title", "text", "url")  # as share sheets name them
MOST_IN_ADDRESS = 16_000  # of the 64 KB that the server takes; a longer text waits as a file
NOTHING = marked("Nothing that Recto can read came along. Share a page, a text or a document.")

blueprint = Blueprint("sharing", __name__)


@dataclass(frozen=True)
class Shared:
    """What somebody meant to share: an address or a text, not both."""

    title: str = ""
    url: str = ""
    text: str = ""


@blueprint.get("/library/shared")
def bring() -> Response:
    """Show an address or a text on the page Create, as a link may ask for; nothing is stored."""
    return library.form(**asdict(_meant(request.args)))


@blueprint.post("/library/shared")
def take() -> ResponseReturnValue:
    """Take what the system's share sheet hands over, and lead to the page Create; files wait for its button."""
    if files := [file for file in request.files.getlist("file") if file.filename]:
        return redirect(url_for("library.new", held=_kept(files)), 303)
    shared = _meant({name: text(name) for name in FIELDS})
    fields = {name: value for name, value in asdict(shared).items() if value}
    if len(urlencode(fields)) <= MOST_IN_ADDRESS:
        return redirect(url_for("library.new", **fields), 303)
    named = library.pasted_name(shared.text, title=shared.title)
    file = FileStorage(BytesIO(shared.text.encode("utf-8", "replace")), filename=named)
    return redirect(url_for("library.new", held=_kept([file])), 303)


def meant(title: str, text: str, url: str) -> Shared:
    """Tell an address from a text; many apps put the address into the text, after a few words of theirs."""
    title, text = title.strip()[: library.TITLE_CHARS], text.strip()
    found = address_in(url) or address_in(text)
    if not found or len(ADDRESS.sub("", text).strip()) > BLURB_CHARS:
        return Shared(title, text=text or url.strip())
    return Shared("" if address_in(title) else title, url=found)


def address_in(text: str) -> str:
    """Return the first address of a page in a text, without what the sentence around it adds, or nothing."""
    match = ADDRESS.search(text)
    if not match or len(match[0]) > places.MOST_CHARACTERS:
        return ""
    found = _without_end(match[0])
    return found if places.is_url(found) else f"https://{found}"


def _without_end(found: str) -> str:
    """Return an address without the signs after it; a bracket belongs to it if it was opened in it."""
    while found[-1] in WRITTEN_AFTER or found.count(found[-1]) > found.count(BRACKETS.get(found[-1], found[-1])):
        found = found[:-1]
    return found


def _meant(given: Mapping[str, str]) -> Shared:
    shared = meant(**{name: given.get(name, "") for name in FIELDS})
    if not shared.url and not shared.text:
        raise InvalidInput(NOTHING)
    return shared


def _kept(files: Sequence[FileStorage]) -> list[str]:
    """Let files wait, all or none, and return their slips."""
    library.refuse_many(files)
    named = [(file.filename or "", file.read()) for file in files]
    with writing() as session:
        return [held.slip(one) for one in holding.hold(session, named)]
