"""The library: documents, adding one, reading one."""

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import PurePath
from textwrap import shorten

from flask import Blueprint, current_app, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response

from quizapp import markup
from quizapp.clock import utcnow
from quizapp.errors import InvalidInput
from quizapp.fetch import places
from quizapp.ingest import bundles, formats
from quizapp.services import decks, drafts, fetching, jobs, library, pictures
from quizapp.services.jobs import Task
from quizapp.services.tasks import ToRead
from quizapp.web import acting, source
from quizapp.web.acting import current_actor, wake_worker, writing
from quizapp.web.drafts import quotes
from quizapp.web.forms import small, text
from quizapp.web.jobs import show as show_job
from quizapp.web.replies import go, offer_undo, page, part, reply, say, wants_block
from quizapp.web.trash import back_in_library
from quizapp.web.words import amount

PICTURE_POLICY = "default-src 'none'; sandbox; frame-ancestors 'none'"
FOR_GOOD = f"private, max-age={365 * 24 * 60 * 60}, immutable"
NAME_CHARS = 60
TITLE_CHARS = 200
MOST_FILES = bundles.MOST_DOCUMENTS
MARKDOWN = re.compile(r"\A---\n|^#{1,6} \S|^\*\*\S|\]\(\S+\)", re.MULTILINE)

blueprint = Blueprint("library", __name__, url_prefix="/library")


@blueprint.get("")
def index() -> Response:
    """List the documents, and what is being done for them; `jobs` says how many jobs the page waits for."""
    with acting.reading() as session:
        under_way = jobs.in_sight(session, current_actor())
        waiting = sum(not job.status.is_over for job in under_way)
        if wants_block() and request.args.get("jobs", type=small) == waiting:
            return part("library/index.html", block="jobs", jobs=under_way, waiting=waiting)
        documents = library.documents(session, current_actor())
    if not wants_block():
        return page("library/index.html", block="content", documents=documents, jobs=under_way, waiting=waiting)
    # Something is done: the page that asked gets all of its content anew.
    response = part("library/index.html", block="content", documents=documents, jobs=under_way, waiting=waiting)
    response.headers.update({"HX-Retarget": "#main", "HX-Reswap": "innerMorph"})
    return response


@blueprint.get("/new")
def new() -> Response:
    """Show the form that takes files, an address or a pasted text; `url` and `title` fill it in, and fetch nothing."""
    with acting.reading() as session:
        names = [deck.name for deck in decks.decks(session, current_actor(), now=utcnow())]
    return page(
        "library/new.html",
        block="content",
        deck_names=names,
        suffixes=(*formats.suffixes(), bundles.SUFFIX),
        may_fetch=current_app.config["MAY_FETCH"],
        url=request.args.get("url", "")[: places.MOST_CHARACTERS],
        title=request.args.get("title", "")[:TITLE_CHARS],
    )


@blueprint.post("")
def add() -> ResponseReturnValue:
    """Take what was given, to be read by a worker, and show how far that is."""
    asked = _asked()
    with writing() as session:
        ids = [jobs.ask(session, current_actor(), task, data=data, now=utcnow()) for task, data in asked]
    wake_worker()
    if len(ids) > 1:
        say(f"{amount(len(ids), 'document')} are being read.")
        return go(url_for("library.index"))
    return reply(url_for("jobs.show", job_id=ids[0]), lambda: show_job(ids[0]))


@blueprint.get("/<int:document_id>")
def show(document_id: int) -> Response:
    """Show a document to read, with the passages that cards come from."""
    with acting.reading() as session:
        bench = drafts.bench(session, current_actor(), document_id)
    document = bench.document
    parts = source.lay_out(document.text, document.blocks, quotes(bench), document.illustrations)
    # The page has its title above already.
    parts = [part for part in parts if part.kind != "title" or not part.only_says(document.title)]
    return page("library/document.html", block="content", bench=bench, document=document, parts=parts)


@blueprint.get("/pictures/<name>")
def picture(name: str) -> Response:
    """Hand out a picture of a document, named by its content; opened by itself it may do nothing at all."""
    with acting.reading() as session:
        found = pictures.picture(session, current_actor(), name)
    response = Response(found.data, mimetype=found.media_type)
    response.headers.update({"Content-Security-Policy": PICTURE_POLICY, "Cache-Control": FOR_GOOD})
    return response


@blueprint.post("/<int:document_id>/delete")
def delete(document_id: int) -> ResponseReturnValue:
    """Move a document to the trash, if asked with its cards, and offer to take it back."""
    remove = library.delete_with_cards if text("cards") == "too" else library.delete
    with writing() as session:
        moved = remove(session, current_actor(), document_id, now=utcnow())
    offer_undo(_in_trash(moved), url=url_for("library.restore", document_id=document_id))
    return go(url_for("library.index"))


@blueprint.post("/<int:document_id>/restore")
def restore(document_id: int) -> ResponseReturnValue:
    """Take a document out of the trash."""
    with writing() as session:
        moved = library.restore(session, current_actor(), document_id)
    say(back_in_library(moved))
    return go(url_for("library.show", document_id=document_id))


def _in_trash(moved: library.Moved) -> str:
    """Say where a document has gone, and what became of its cards."""
    along = f" and {amount(moved.cards, 'card')} are" if moved.cards else " is"
    match moved.left:
        case 0:
            left = ""
        case 1:
            left = " Its card stays in its deck, with its quote."
        case _:
            left = f" Its {moved.left:,} cards stay in their decks, with their quotes."
    return f"{moved.title}{along} in the trash for 30 days.{left}"


def _asked() -> Sequence[tuple[Task, bytes | None]]:
    """Take the files, or else the pasted text, or else the address of what is to be fetched."""
    wanted = ToRead(title=text("title"), deck_name=text("deck"))
    if files := [file for file in request.files.getlist("file") if file.filename]:
        return _handed_in(wanted, files)
    if pasted := text("text"):
        return [_pasted(wanted, pasted)]
    if url := text("url"):
        if not current_app.config["MAY_FETCH"]:
            raise InvalidInput(fetching.OFF)
        return [(replace(wanted, url=url).task_of_fetching(), None)]
    raise InvalidInput("Choose a file or paste a text first.")


def _pasted(wanted: ToRead, pasted: str) -> tuple[Task, bytes]:
    """Take a pasted text; as the page or letter that it was copied from, where the browser handed that over too."""
    rich = text("rich")
    name = pasted_name(pasted, title=wanted.title)
    data = (rich or pasted).encode("utf-8", "replace")
    return replace(wanted, filename=f"{PurePath(name).stem}.html" if rich else name).task(data), data


def _handed_in(wanted: ToRead, files: Sequence[FileStorage]) -> Sequence[tuple[Task, bytes]]:
    """Take files; several keep their own titles, and one that is refused at sight is named."""
    if len(files) == 1:
        data = files[0].read()
        return [(replace(wanted, filename=files[0].filename or "").task(data), data)]
    if len(files) > MOST_FILES:
        raise InvalidInput(f"These are more than {MOST_FILES} files. Choose fewer at once.")
    asked = []
    for file in files:
        data, name = file.read(), file.filename or ""
        try:
            asked.append((replace(wanted, filename=name, title="").task(data), data))
        except InvalidInput as refusal:
            raise InvalidInput(f"“{name}”: {refusal.message}") from None
    return asked


def pasted_name(pasted: str, *, title: str) -> str:
    """Return a name for a text that has none; a document without a heading takes its title from it."""
    first_line = markup.plain(pasted.partition("\n")[0][:500]).rstrip(".")
    name = title or shorten(first_line, NAME_CHARS, placeholder="…") or "Pasted text"
    return f"{name}.md" if MARKDOWN.search(pasted) else f"{name}.txt"
