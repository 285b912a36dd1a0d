"""The library: documents, adding one, reading one."""

import re
from dataclasses import dataclass
from textwrap import shorten

from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from quizapp import markup
from quizapp.clock import utcnow
from quizapp.errors import InvalidInput
from quizapp.ingest import formats
from quizapp.services import changes, decks, drafts, jobs, library
from quizapp.services.tasks import ToRead
from quizapp.web import acting, source
from quizapp.web.acting import current_actor, wake_worker, writing
from quizapp.web.drafts import quotes
from quizapp.web.forms import small, text
from quizapp.web.jobs import show as show_job
from quizapp.web.replies import go, offer_undo, page, part, reply, say, wants_block
from quizapp.web.trash import back_in_library
from quizapp.web.words import amount

NAME_CHARS = 60
MARKDOWN = re.compile(r"\A---\n|^#{1,6} \S|^\*\*\S|\]\(\S+\)", re.MULTILINE)

blueprint = Blueprint("library", __name__, url_prefix="/library")


@dataclass(frozen=True)
class Material:
    """What a person gave to make cards from."""

    data: bytes
    filename: str


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
    """Show the form that takes a file or a pasted text."""
    with acting.reading() as session:
        names = [deck.name for deck in decks.decks(session, current_actor(), now=utcnow())]
    return page("library/new.html", block="content", deck_names=names, suffixes=formats.suffixes())


@blueprint.post("")
def add() -> ResponseReturnValue:
    """Take what was given, to be read by a worker, and show how far that is."""
    material = _material()
    wanted = ToRead(material.filename, title=text("title"), deck_name=text("deck"), as_new=text("new") == "yes")
    task = wanted.task(material.data)
    with writing() as session:
        job_id = jobs.ask(session, current_actor(), task, data=material.data, now=utcnow())
    wake_worker()
    return reply(url_for("jobs.show", job_id=job_id), lambda: show_job(job_id))


@blueprint.get("/<int:document_id>")
def show(document_id: int) -> Response:
    """Show a document to read, with the passages that cards come from."""
    with acting.reading() as session:
        bench = drafts.bench(session, current_actor(), document_id)
        changed = changes.changes(session, current_actor(), document_id)
    document = bench.document
    parts = source.lay_out(document.text, document.blocks, quotes(bench))
    # The page has its title above already.
    parts = [part for part in parts if part.kind != "title" or not part.only_says(document.title)]
    return page("library/document.html", block="content", bench=bench, document=document, parts=parts, changed=changed)


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


def _material() -> Material:
    """Take the file, or else the pasted text."""
    file = request.files.get("file")
    if file is not None and file.filename:
        return Material(file.read(), file.filename)
    pasted = text("text")
    if not pasted:
        raise InvalidInput("Choose a file or paste a text first.")
    return Material(pasted.encode("utf-8", "replace"), pasted_name(pasted, title=text("title")))


def pasted_name(pasted: str, *, title: str) -> str:
    """Return a name for a text that has none; a document without a heading takes its title from it."""
    first_line = markup.plain(pasted.partition("\n")[0][:500]).rstrip(".")
    name = title or shorten(first_line, NAME_CHARS, placeholder="…") or "Pasted text"
    return f"{name}.md" if MARKDOWN.search(pasted) else f"{name}.txt"
