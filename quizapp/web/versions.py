"""The versions of a document, the way back to an earlier one, and documents that are kept apart."""

from flask import Blueprint, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from quizapp.clock import utcnow
from quizapp.services import parting, versions
from quizapp.translations import _, many
from quizapp.web import source
from quizapp.web.acting import current_actor, reading, writing
from quizapp.web.changes import updated
from quizapp.web.replies import go, offer_undo, page, say

blueprint = Blueprint("versions", __name__, url_prefix="/library/<int:document_id>")


@blueprint.get("/versions")
def index(document_id: int) -> Response:
    """List the versions of a document, the latest first."""
    with reading() as session:
        history = versions.history(session, current_actor(), document_id)
    return page("library/versions.html", block="content", history=history)


@blueprint.get("/versions/<int:number>")
def show(document_id: int, number: int) -> Response:
    """Show what a document was; of the version that it is now, the document itself."""
    with reading() as session:
        history = versions.history(session, current_actor(), document_id)
        if number == history.number:
            return go(url_for("library.show", document_id=document_id))
        earlier = versions.earlier(session, current_actor(), document_id, number)
    parts = source.lay_out(earlier.text, earlier.blocks, ())
    # The page has its title above already.
    parts = [part for part in parts if part.kind != "title" or not part.only_says(earlier.version.title)]
    return page("library/version.html", block="content", earlier=earlier, parts=parts)


@blueprint.post("/versions/<int:number>/current")
def make_current(document_id: int, number: int) -> ResponseReturnValue:
    """Let a document have an earlier text again, and offer to take that back."""
    with writing() as session:
        made = versions.make_current(session, current_actor(), document_id, number, now=utcnow())
    undo = url_for("versions.undo", document_id=document_id, number=made)
    done = _(
        "Version %(number)s is current again, as version %(made)s. Cards keep their schedules.",
        number=number,
        made=made,
    )
    offer_undo(done, url=undo)
    return go(url_for("versions.index", document_id=document_id))


@blueprint.post("/versions/<int:number>/undo")
def undo(document_id: int, number: int) -> ResponseReturnValue:
    """Take the latest version back."""
    with writing() as session:
        back = versions.undo(session, current_actor(), document_id, number=number, now=utcnow())
    say(_("Undone. Version %(number)s is current, and everything is as it was.", number=back))
    return go(url_for("versions.index", document_id=document_id))


@blueprint.post("/versions/<int:number>/keep-both")
def keep_both(document_id: int, number: int) -> ResponseReturnValue:
    """Make the latest version a document of its own, and offer to take that back."""
    with writing() as session:
        parted = parting.keep_both(session, current_actor(), document_id, number=number, now=utcnow())
    offer_undo(told(parted), url=url_for("versions.rejoin", document_id=parted.document_id))
    return go(url_for("library.show", document_id=parted.document_id))


@blueprint.post("/rejoin")
def rejoin(document_id: int) -> ResponseReturnValue:
    """Make a document the latest version of the one that it was kept apart from."""
    with writing() as session:
        former = parting.undo_keep_both(session, current_actor(), document_id, now=utcnow())
    say(_("Undone. The two are versions of one document again."))
    return go(url_for("changes.show", document_id=former))


@blueprint.post("/take-as-version")
def take_as_version(document_id: int) -> ResponseReturnValue:
    """Take a document for the next version of the one that it is like, and offer to take that back."""
    with writing() as session:
        taken = parting.take_as_version(session, current_actor(), document_id, now=utcnow())
    number = taken.update.number + 1
    undo = url_for("versions.keep_both", document_id=taken.document_id, number=number)
    offer_undo(updated(**vars(taken.update)), url=undo)
    return go(url_for("changes.show", document_id=taken.document_id))


@blueprint.post("/settle")
def settle(document_id: int) -> ResponseReturnValue:
    """Keep a document and the one that it is like, and offer to ask again."""
    with writing() as session:
        parting.settle(session, current_actor(), document_id, now=utcnow())
    offer_undo(_("Both are kept."), url=url_for("versions.unsettle", document_id=document_id))
    return go(url_for("library.show", document_id=document_id))


@blueprint.post("/unsettle")
def unsettle(document_id: int) -> ResponseReturnValue:
    """Ask again whether a document is a new version of another."""
    with writing() as session:
        parting.unsettle(session, current_actor(), document_id)
    say(_("Undone. You can say later what it is."))
    return go(url_for("library.show", document_id=document_id))


def told(parted: parting.Parted) -> str:
    """Say what has become of a document and its latest version."""
    kept = many(
        "Both are kept. “%(title)s” is a document of its own, with %(num)s draft to decide on.",
        "Both are kept. “%(title)s” is a document of its own, with %(num)s drafts to decide on.",
        parted.drafts,
        title=parted.title,
    )
    former = _(
        "“%(title)s” is at version %(number)s again, its cards as they were.",
        title=parted.former_title,
        number=parted.number,
    )
    if not parted.cards:
        return f"{kept} {former}"
    return f"{kept} {many('%(num)s card went with it.', '%(num)s cards went with it.', parted.cards)} {former}"
