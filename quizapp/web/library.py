"""The library: documents, searching them, adding one, reading one."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import PurePath
from textwrap import shorten
from typing import Any

from flask import Blueprint, current_app, request, send_file, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response

from quizapp import markup
from quizapp.clock import utcnow
from quizapp.db.engine import Session
from quizapp.domain import coverage
from quizapp.errors import InvalidInput
from quizapp.fetch import places
from quizapp.ingest import bundles, formats
from quizapp.services import (
    changes,
    decks,
    drafts,
    fetching,
    holding,
    jobs,
    library,
    parting,
    pictures,
    remembering,
    searching,
    shelf,
)
from quizapp.services.jobs import Task
from quizapp.services.remembering import Knowledge
from quizapp.services.shelf import Order
from quizapp.services.tasks import ToRead, batch_of
from quizapp.translations import _, many
from quizapp.web import acting, charts, held, source
from quizapp.web.acting import current_actor, wake_worker, writing
from quizapp.web.forms import small, text
from quizapp.web.jobs import show as show_job
from quizapp.web.media import handed_out
from quizapp.web.replies import go, offer_undo, page, part, reply, say, wants_block
from quizapp.web.trash import back_in_library

NAME_CHARS = 60
TITLE_CHARS = 200
MOST_FILES = bundles.MOST_DOCUMENTS
ASKED_CHARS = 300
STRIP = 240  # the width of the picture of a document, in its own units
STRETCHES = 24  # of a document, to jump to
NOTHING: dict[str, object] = {"documents": (), "tags": (), "found": None}
ANY_FILE = "application/octet-stream"
MARKDOWN = re.compile(r"\A---\n|^#{1,6} \S|^\*\*\S|\]\(\S+\)", re.MULTILINE)

blueprint = Blueprint("library", __name__, url_prefix="/library")


@dataclass(frozen=True)
class Asked:
    """What the address of the library asks for."""

    words: str
    order: Order
    tag: str

    @classmethod
    def from_address(cls) -> "Asked":
        """Read the address; an order that is none is the usual one."""
        name = request.args.get("order", "")
        order = next((order for order in Order if order.value == name), Order.NEWEST)
        return cls(request.args.get("q", "").strip()[:ASKED_CHARS], order, request.args.get("tag", ""))

    def address(self, **changed: object) -> str:
        """Return the address that asks for the same but for what is changed."""
        order = None if self.order is Order.NEWEST else self.order.value
        values: dict[str, Any] = {"q": self.words or None, "order": order, "tag": self.tag or None}
        return url_for("library.index", **{**values, **changed})


@blueprint.get("")
def index() -> Response:
    """List the documents, or what a search finds in them, and what is being done for them.

    `jobs` says how many jobs the page waits for.
    """
    asked = Asked.from_address()
    with acting.reading() as session:
        under_way = jobs.in_sight(session, current_actor())
        waiting = sum(not job.status.is_over for job in under_way)
        if wants_block() and request.args.get("jobs", type=small) == waiting:
            return part("library/index.html", block="jobs", jobs=under_way, waiting=waiting, asked=asked)
        shown = _found(session, asked) if asked.words else _listed(session, asked)
    values = {"asked": asked, "jobs": under_way, "waiting": waiting, **NOTHING, **shown}
    if not wants_block():
        return page("library/index.html", block="content", **values)
    # Something is done: the page that asked gets all of its content anew.
    response = part("library/index.html", block="content", **values)
    response.headers.update({"HX-Retarget": "#main", "HX-Reswap": "innerMorph"})
    return response


@blueprint.get("/new")
def new() -> Response:
    """Show the form that takes files, an address or a pasted text; the address of this page fills it in."""
    given = {name: request.args.get(name, "") for name in ("title", "url", "text")}
    return form(**given, slips=request.args.getlist("held"), as_new=request.args.get("new") == "yes")


def form(*, title: str, url: str, text: str, slips: Sequence[str] = (), as_new: bool = False) -> Response:
    """Show the page Create, filled in; nothing is fetched or stored before its button is pressed."""
    waiting, may_fetch = held.shown(slips), current_app.config["MAY_FETCH"]
    told = fetching.OFF if url and not may_fetch else holding.PUT_AWAY if len(waiting) < len(slips) else ""
    with acting.reading() as session:
        names = [deck.name for deck in decks.decks(session, current_actor(), now=utcnow())]
    return page(
        "library/new.html",
        block="content",
        deck_names=names,
        readable=formats.names(),
        suffixes=(*formats.suffixes(), bundles.SUFFIX),
        may_fetch=may_fetch,
        url=url if may_fetch else "",
        title=title[:TITLE_CHARS],
        text=text,
        held=waiting,
        told=_(told),
        as_new=as_new,
    )


@blueprint.post("")
def add() -> ResponseReturnValue:
    """Take what was given, to be read by a worker, and show how far that is."""
    asked = _asked()
    with writing() as session:
        ids = [jobs.ask(session, current_actor(), task, data=data, now=utcnow()) for task, data in asked]
    wake_worker()
    if len(ids) > 1:
        say(many("%(num)s document is being read.", "%(num)s documents are being read.", len(ids)))
        return go(url_for("library.index"))
    return reply(url_for("jobs.show", job_id=ids[0]), lambda: show_job(ids[0]))


@blueprint.get("/<int:document_id>")
def show(document_id: int) -> Response:
    """Show a document to read, with the passages that cards come from."""
    with acting.reading() as session:
        document = library.document(session, current_actor(), document_id)
        found = drafts.places(session, current_actor(), document_id)
        changed = changes.outlook(session, current_actor(), document_id)
        around = shelf.surroundings(session, current_actor(), document_id)
        family = parting.family(session, current_actor(), document_id)
        known = _known(session, document) if request.args.get("look") == "remembered" else None
    saying = coverage.saying(document.blocks)
    parts = source.lay_out(document.text, document.blocks, source.quotes(found), document.illustrations)
    bare = coverage.bare(document.blocks, around.coverage)
    return page(
        "library/document.html",
        block="content",
        proposed=len(found),
        document=document,
        around=around,
        changed=changed,
        family=family,
        # The page has its title above already.
        parts=[part for part in parts if part.kind != "title" or not part.only_says(document.title)],
        bare=bare,
        for_cards=request.args.get("write") == "cards",
        shows_bare=request.args.get("without") == "cards",
        stretches=charts.stretches(saying, around.coverage, most=STRETCHES),
        knowledge=known,
        levels=charts.levels(saying, known.passages, most=STRETCHES) if known else (),
    )


@blueprint.get("/<int:document_id>/original")
def original(document_id: int) -> Response:
    """Hand out the file that a document was read from, to be saved and never shown as a page of ours."""
    with acting.reading() as session:
        file = shelf.original(session, current_actor(), document_id)
    if file.is_noted:
        with writing() as session:
            shelf.note_taken(session, current_actor(), document_id, now=utcnow())
    return send_file(BytesIO(file.data), ANY_FILE, as_attachment=True, download_name=file.filename)


@blueprint.post("/<int:document_id>/rename")
def rename(document_id: int) -> ResponseReturnValue:
    """Give a document another title, or the one in the address, and offer to take it back."""
    title = request.form.get("title", request.args.get("title", ""))
    with writing() as session:
        before = shelf.rename(session, current_actor(), document_id, title, now=utcnow())
    offer_undo(_("Renamed."), url=url_for("library.rename", document_id=document_id, title=before))
    return go(url_for("library.show", document_id=document_id))


@blueprint.post("/<int:document_id>/tags")
def tag(document_id: int) -> ResponseReturnValue:
    """Put tags on a document, those that were typed or the one in the address."""
    names = request.form.get("tags", request.args.get("tags", ""))
    with writing() as session:
        added = shelf.tag(session, current_actor(), document_id, names, now=utcnow())
    say(_("Tagged %(tags)s. Cards that you keep from now on get it, too.", tags=", ".join(added)))
    return go(url_for("library.show", document_id=document_id))


@blueprint.post("/<int:document_id>/tags/remove")
def untag(document_id: int) -> ResponseReturnValue:
    """Take a tag off a document and offer to put it back."""
    with writing() as session:
        shelf.untag(session, current_actor(), document_id, text("tag"), now=utcnow())
    undo = url_for("library.tag", document_id=document_id, tags=text("tag"))
    offer_undo(_("Took off %(tag)s.", tag=text("tag")), url=undo)
    return go(url_for("library.show", document_id=document_id))


@blueprint.get("/pictures/<name>")
def picture(name: str) -> Response:
    """Hand out a picture of a document, named by its content; opened by itself it may do nothing at all."""
    with acting.reading() as session:
        return handed_out(pictures.picture(session, current_actor(), name))


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
        moved = library.restore(session, current_actor(), document_id, now=utcnow())
    say(back_in_library(moved))
    return go(url_for("library.show", document_id=document_id))


def _known(session: Session, document: library.DocumentView) -> Knowledge:
    return remembering.of_document(session, current_actor(), document.id, document.blocks, now=utcnow())


def _listed(session: Session, asked: Asked) -> dict[str, object]:
    """Return what the page shows of the documents."""
    found = shelf.shelf(session, current_actor(), order=asked.order, tag=asked.tag)
    strips = {one.id: charts.strip(one.coverage, width=STRIP) for one in found.documents}
    return {"documents": found.documents, "tags": found.tags, "orders": Order, "strips": strips}


def _found(session: Session, asked: Asked) -> dict[str, object]:
    """Return what the page shows instead, when words are searched for."""
    return {"found": searching.search(session, current_actor(), asked.words)}


def _in_trash(moved: library.Moved) -> str:
    """Say where a document has gone, and what became of its cards."""
    gone = (
        many(
            "%(title)s and %(num)s card are in the trash for 30 days.",
            "%(title)s and %(num)s cards are in the trash for 30 days.",
            moved.cards,
            title=moved.title,
        )
        if moved.cards
        else _("%(title)s is in the trash for 30 days.", title=moved.title)
    )
    if not moved.left:
        return gone
    left = many(
        "Its card stays in its deck, with its quote.",
        "Its %(num)s cards stay in their decks, with their quotes.",
        moved.left,
    )
    return f"{gone} {left}"


def _asked() -> Sequence[tuple[Task, bytes | None]]:
    """Take the files, the pasted text, or the address of what is to be fetched."""
    wanted = ToRead(title=text("title"), deck_name=text("deck"), as_new=text("new") == "yes")
    files = [file for file in request.files.getlist("file") if file.filename]
    files = [*held.files(request.form.getlist("held")), *files]
    pasted, url = text("text"), text("url")
    if places.is_url(pasted) and len(pasted.split()) == 1:  # an address is one wherever it was pasted
        pasted, url = "", url or pasted
    _refuse_several_ways({_("files"): bool(files), _("an address"): bool(url), _("a text"): bool(pasted)})
    if files:
        return _handed_in(wanted, files)
    if pasted:
        return [_pasted(wanted, pasted)]
    if url:
        if not current_app.config["MAY_FETCH"]:
            raise InvalidInput(fetching.OFF)
        return [(replace(wanted, url=url).task_of_fetching(), None)]
    raise InvalidInput("Choose a file or paste a text first.")


def _refuse_several_ways(given: Mapping[str, bool]) -> None:
    """Refuse a form of which only a part would be read."""
    if len(ways := [way for way, is_given in given.items() if is_given]) > 1:
        raise InvalidInput("You gave %(ways)s. Recto takes one at a time: empty the other.", ways=_(" and ").join(ways))


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
    refuse_many(files)
    handed_in = [(file.filename or "", file.read()) for file in files]
    wanted = replace(wanted, title="", batch=batch_of(data for _name, data in handed_in))
    asked = []
    for name, data in handed_in:
        try:
            asked.append((replace(wanted, filename=name).task(data), data))
        except InvalidInput as refusal:
            raise InvalidInput("“%(name)s”: %(message)s", name=name, message=refusal.message) from None
    return asked


def refuse_many(files: Sequence[FileStorage]) -> None:
    """Refuse more files than a person can look at."""
    if len(files) > MOST_FILES:
        raise InvalidInput("These are more than %(most_files)s files. Choose fewer at once.", most_files=MOST_FILES)


def pasted_name(pasted: str, *, title: str) -> str:
    """Return a name for a text that has none; a document without a heading takes its title from it."""
    first_line = markup.plain(pasted.partition("\n")[0][:500]).rstrip(".")
    name = title or shorten(first_line, NAME_CHARS, placeholder="…") or _("Pasted text")
    return f"{name}.md" if MARKDOWN.search(pasted) else f"{name}.txt"
