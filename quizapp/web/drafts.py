"""The bench: a document beside the cards that were proposed from it, to keep, edit or reject."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from quizapp.clock import utcnow
from quizapp.domain.cards import DraftStatus
from quizapp.services import drafts
from quizapp.services.drafts import Bench, DraftView
from quizapp.translations import _, many
from quizapp.web import source
from quizapp.web.acting import current_actor, reading, writing
from quizapp.web.forms import CardText, small
from quizapp.web.replies import page, reply, say, wants_block

ON_A_PAGE = 30

blueprint = Blueprint("drafts", __name__, url_prefix="/drafts/<int:document_id>")


@dataclass(frozen=True)
class Rows:
    """The drafts around the open one, in the order in which they are worked through: ready, then the tray."""

    ready: Sequence[DraftView]
    tray: Sequence[DraftView]
    open: DraftView | None
    previous: DraftView | None
    next: DraftView | None
    before: DraftView | None  # the last one before those that are shown
    beyond: DraftView | None  # the first one after them
    waiting_ready: int
    waiting: int


@blueprint.get("")
def bench(document_id: int) -> Response:
    """Show the bench with one draft open: the one asked for, else the first that waits."""
    args = request.args
    return _show(
        document_id, at=args.get("at", type=small), after=args.get("after", type=small), is_editing="edit" in args
    )


@blueprint.post("/<int:draft_id>/keep")
def keep(document_id: int, draft_id: int) -> ResponseReturnValue:
    """Keep a draft and open the next one."""
    with writing() as session:
        drafts.keep(session, current_actor(), draft_id, now=utcnow())
    say(_("Kept."))
    return _reply(document_id, after=draft_id)


@blueprint.post("/<int:draft_id>/reject")
def reject(document_id: int, draft_id: int) -> ResponseReturnValue:
    """Reject a draft and open the next one."""
    with writing() as session:
        drafts.reject(session, current_actor(), draft_id, now=utcnow())
    say(_("Rejected."))
    return _reply(document_id, after=draft_id)


@blueprint.post("/<int:draft_id>/edit")
def edit(document_id: int, draft_id: int) -> ResponseReturnValue:
    """Store what was typed and leave the draft open."""
    text = CardText.from_form()
    with writing() as session:
        drafts.edit(session, current_actor(), draft_id, **text.fields(), now=utcnow())
    say(_("Saved."))
    return _reply(document_id, at=draft_id)


@blueprint.post("/keep-all")
def keep_all(document_id: int) -> ResponseReturnValue:
    """Keep every ready draft that nobody has decided on."""
    with writing() as session:
        kept = drafts.keep_all_ready(session, current_actor(), document_id, now=utcnow())
    say(many("%(num)s card kept.", "%(num)s cards kept.", kept))
    return _reply(document_id)


@blueprint.post("/undo")
def undo(document_id: int) -> ResponseReturnValue:
    """Take back the last step and open the draft that it was on."""
    with writing() as session:
        undone = drafts.undo(session, current_actor(), document_id, now=utcnow())
    say(undone.sentence if undone else _("There is nothing to undo here."))
    return _reply(document_id, at=undone.draft_id if undone else request.form.get("at", type=small))


def rows(found: Bench, *, at: int | None = None, after: int | None = None) -> Rows:
    """Choose which drafts to show and which of them stands open.

    That is the draft `at`, else the first that waits for a decision, those that
    come `after` another before those that come before it.
    """
    ready = [draft for draft in found.drafts if draft.row.status is DraftStatus.READY]
    order = [*ready, *(draft for draft in found.drafts if draft.row.status is DraftStatus.REVIEW)]
    ids = [draft.id for draft in order]
    turn = ids.index(after) + 1 if after in ids else 0
    waiting = [draft for draft in [*order[turn:], *order[:turn]] if draft.decision is None]
    opened = next((draft for draft in order if draft.id == at), None) or next(iter(waiting), None)
    place = ids.index(opened.id) if opened else 0
    first = place // ON_A_PAGE * ON_A_PAGE
    shown = order[first : first + ON_A_PAGE]
    return Rows(
        ready=[draft for draft in shown if draft.row.status is DraftStatus.READY],
        tray=[draft for draft in shown if draft.row.status is DraftStatus.REVIEW],
        open=opened,
        previous=order[place - 1] if opened and place else None,
        next=order[place + 1] if opened and place + 1 < len(order) else None,
        before=order[first - 1] if first else None,
        beyond=order[first + ON_A_PAGE] if len(order) > first + ON_A_PAGE else None,
        waiting_ready=sum(draft.decision is None for draft in ready),
        waiting=len(waiting),
    )


def _reply(document_id: int, *, at: int | None = None, after: int | None = None) -> ResponseReturnValue:
    return reply(
        url_for("drafts.bench", document_id=document_id, at=at, after=after),
        lambda: _show(document_id, at=at, after=after),
    )


def _show(document_id: int, *, at: int | None, after: int | None, is_editing: bool = False) -> Response:
    with reading() as session:
        found = drafts.bench(session, current_actor(), document_id)
    document = found.document
    return page(
        "drafts/bench.html",
        block="proposals",
        bench=found,
        document=document,
        rows=rows(found, at=at, after=after),
        is_editing=is_editing,
        # A block goes beside the source that is there already.
        parts=[]
        if wants_block()
        else source.lay_out(document.text, document.blocks, source.quotes(found.places), document.illustrations),
    )
