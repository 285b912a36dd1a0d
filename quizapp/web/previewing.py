"""A look at a file of another program before it is stored: what it brings, and what its columns are."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import takewhile

from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from quizapp.clock import utcnow
from quizapp.domain import deck_names
from quizapp.domain.cards import Face, Note, faces
from quizapp.errors import InvalidInput
from quizapp.exchange import formats
from quizapp.exchange.layout import MAX_COLUMNS, Role, Wishes, Writing
from quizapp.services import decks, holding, jobs, receiving
from quizapp.services.receiving import Look
from quizapp.services.tasks import ToImport, wished
from quizapp.translations import marked
from quizapp.web import held
from quizapp.web.acting import current_actor, reading, wake_worker, writing
from quizapp.web.replies import go, page

SHOWN_NOTES, SHOWN_TROUBLES = 6, 100
SAMPLE_CHARS = 80
SEPARATORS = {
    marked("tab"): "\t",
    marked("comma"): ",",
    marked("semicolon"): ";",
    marked("bar"): "|",
    marked("colon"): ":",
    marked("space"): " ",
}
ENCODINGS = {
    "utf-8": "UTF-8",
    "utf-16": "UTF-16",
    "cp1252": marked("Western European (Windows)"),
    "cp1250": marked("Central European (Windows)"),
    "cp1251": marked("Cyrillic (Windows)"),
    "mac_roman": marked("Western European (Mac)"),
    "shift_jis": marked("Japanese (Shift JIS)"),
    "gb18030": marked("Chinese (GB 18030)"),
    "big5": marked("Chinese (Big5)"),
    "euc_kr": marked("Korean (EUC-KR)"),
}
ROLES = {
    Role.QUESTION: marked("question, front"),
    Role.ANSWER: marked("answer, back"),
    Role.CHOICE: marked("a choice"),
    Role.EXPLANATION: marked("explanation"),
    Role.TAGS: marked("tags"),
    Role.DECK: marked("deck"),
    Role.KIND: marked("kind of card"),
    Role.QUOTE: marked("quote from the source"),
    Role.SPEAKER: marked("speaker"),
    Role.HEADING: marked("heading of the source"),
    Role.PAGE: marked("page of the source"),
    Role.ID: marked("id"),
    Role.NOTHING: marked("left out"),
}
WRITINGS = {Writing.PLAIN: marked("plain text"), Writing.MARKDOWN: "Markdown", Writing.HTML: "HTML"}

blueprint = Blueprint("previewing", __name__, url_prefix="/decks/import")


@dataclass(frozen=True)
class Shown:
    """A note of the file, as the page shows it."""

    note: Note
    faces: tuple[Face, ...]
    deck: str
    line: int | None


@blueprint.get("/preview")
def show() -> Response:
    """Show what a file that waits would bring, read as the address says."""
    return _page(request.args)


@blueprint.post("/preview")
def store() -> ResponseReturnValue:
    """Store what the file brings, and say what became of it."""
    filename, data = _file(request.form)
    into = request.form.get("deck", "").strip() or deck_names.from_title(filename.rpartition(".")[0] or filename)
    wishes = _wishes(request.form)
    look = receiving.look(data, filename, wishes)
    if not receiving.is_small(look):
        return _by_a_worker(ToImport(filename, into=into, wishes=wished(wishes)), data)
    with writing() as session:
        report = receiving.store(session, current_actor(), look, filename=filename, into=into, now=utcnow())
    return go(url_for("importing.show", run_id=report.run_id))


def _by_a_worker(wanted: ToImport, data: bytes) -> ResponseReturnValue:
    """Let a large file be stored while its person sees how far that is, and can go elsewhere."""
    with writing() as session:
        job_id = jobs.ask(session, current_actor(), wanted.task(), data=data, now=utcnow())
    wake_worker()
    return go(url_for("jobs.show", job_id=job_id))


def address(filename: str, data: bytes, *, deck: str) -> str:
    """Let a file wait, and return where it can be looked at."""
    with writing() as session:
        (waiting,) = holding.hold(session, [(filename, data)])
    return url_for("previewing.show", held=held.slip(waiting), deck=deck or None)


def _page(given: MultiDict[str, str]) -> Response:
    filename, data = _file(given)
    look = receiving.look(data, filename, _wishes(given))
    with reading() as session:
        names = [deck.name for deck in decks.decks(session, current_actor(), now=utcnow())]
    return page(
        "decks/import_preview.html",
        block="preview",
        filename=filename,
        slip=given.get("held", ""),
        deck=given.get("deck", ""),
        deck_names=names,
        look=look,
        notes=_shown(look),
        samples=_samples(look),
        decks=sorted({one.deck for one in look.found.notes if one.deck}, key=deck_names.key),
        troubles=look.found.troubles[:SHOWN_TROUBLES],
        kinds=[one for one in formats.FORMATS if one.is_read and one is not formats.KAHOOT],
        **_choices(look),
    )


def _choices(look: Look) -> Mapping[str, object]:
    """Return what a person may choose of how the file is read."""
    layout = look.found.layout
    encodings = dict(ENCODINGS)
    if layout and layout.encoding:
        found = layout.encoding.replace("utf-8-sig", "utf-8")
        encodings.setdefault(found, found)
    separators = {sign: name for name, sign in SEPARATORS.items()}
    parted = separators.get(layout.separator, layout.separator) if layout else ""
    names = list(dict.fromkeys([*SEPARATORS, *filter(None, [parted])]))
    return {"roles": ROLES, "writings": WRITINGS, "separators": names, "parted": parted, "encodings": encodings}


def _samples(look: Look) -> list[str]:
    """Return for each column what stands in its first cells."""
    layout = look.found.layout
    if layout is None:
        return []
    cells = (
        [row[at] for row in layout.first if at < len(row) and row[at].strip()] for at in range(len(layout.columns))
    )
    return [" · ".join(one[:SAMPLE_CHARS] for one in column[:3]) for column in cells]


def _shown(look: Look) -> list[Shown]:
    first = look.found.notes[:SHOWN_NOTES]
    return [Shown(one.note, tuple(faces(one.note)), one.deck, one.line) for one in first]


def _file(given: MultiDict[str, str]) -> tuple[str, bytes]:
    slip = given.get("held", "")
    if not slip:
        raise InvalidInput("Choose a file first.")
    (file,) = held.files([slip])
    return file.filename or "deck", file.read()


def _wishes(given: MultiDict[str, str]) -> Wishes:
    """Return how the person wants the file read; what nobody could have chosen is found out instead."""
    roles = {role.value: role for role in Role}
    parted, encoding = given.get("separator", ""), given.get("encoding", "")
    separator = SEPARATORS.get(parted, parted)
    chosen = (roles.get(given.get(f"column-{at}", "")) for at in range(MAX_COLUMNS))
    # Parted otherwise, the columns are others, too.
    columns = takewhile(bool, chosen) if parted == given.get("parted", "") else ()
    return Wishes(
        kind=given.get("kind", ""),
        columns=tuple(filter(None, columns)),
        writing=next((one for one in Writing if one.value == given.get("writing")), None),
        headed={"yes": True, "no": False}.get(given.get("headed", "")),
        separator=separator if len(separator) == 1 and separator not in '\r\n"' else "",
        encoding=encoding if _is_known(encoding) else "",
    )


def _is_known(encoding: str) -> bool:
    """Say whether whatever bytes there are can be read in an encoding of that name."""
    try:
        b"\xff".decode(encoding, "replace")
    except (LookupError, ValueError):
        return False
    return bool(encoding)
