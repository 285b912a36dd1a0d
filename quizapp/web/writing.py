"""Cards written by hand, for a deck or from a passage of a document, with a look at them before they are stored."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from quizapp import markup
from quizapp.clock import utcnow
from quizapp.db.engine import Session
from quizapp.domain import tags
from quizapp.domain.cards import CardKind, Note, faces
from quizapp.domain.documents import Span
from quizapp.errors import InvalidInput
from quizapp.services import writing
from quizapp.services.writing import Passage
from quizapp.translations import _
from quizapp.web.acting import current_actor, reading
from quizapp.web.acting import writing as storing
from quizapp.web.forms import CardText, number, small, text
from quizapp.web.replies import go, offer_undo, page, reply, say

SHOWN = {kind.value: kind for kind in CardKind}
HERE = ("kind", "into", "tags", "document", "start", "end")
EMPTY = CardText("", "", (), "")

blueprint = Blueprint("writing", __name__, url_prefix="/write")


@dataclass(frozen=True)
class Sheet:
    """The form as it stands."""

    kind: CardKind
    typed: CardText
    tags: str = ""
    deck_name: str = ""

    @classmethod
    def from_form(cls, kind: str) -> "Sheet":
        """Read the form."""
        return cls(_kind(kind), CardText.from_form(), text("tags"), text("deck_name"))

    @property
    def note(self) -> Note:
        """Return the card that is written here, without where it comes from."""
        typed = self.typed
        answer = "" if self.kind is CardKind.CLOZE else typed.answer
        choices = typed.choices if self.kind is CardKind.CHOICE else ()
        if choices and answer and answer not in choices:
            choices = (*choices, answer)
        return Note(self.kind, typed.question, answer, choices, typed.explanation, tags=tuple(tags.clean(self.tags)))

    @property
    def is_blank(self) -> bool:
        """Say whether nothing was written yet."""
        return not (self.typed.question or self.typed.answer)


@blueprint.get("")
def show() -> Response:
    """Show the form, for a deck, or for a passage of a document with the words that were selected there."""
    args = request.args
    kind = _kind(args.get("kind", CardKind.BASIC.value))
    with reading() as session:
        found = _asked_passage(session)
    question = markup.from_text(found.source.quote) if found and kind is CardKind.CLOZE else ""
    sheet = Sheet(kind, replace(EMPTY, question=question), args.get("tags", ""), args.get("into", ""))
    return _page(sheet, found, deck_id=args.get("deck", type=small))


@blueprint.post("/look")
def look() -> Response:
    """Show what the card looks like, and store nothing; with `to`, as a card of another kind."""
    sheet = Sheet.from_form(request.form.get("to") or request.form.get("kind", ""))
    with reading() as session:
        found = _sent_passage(session)
    if found and sheet.kind is CardKind.CLOZE and sheet.is_blank:
        sheet = replace(sheet, typed=replace(sheet.typed, question=markup.from_text(found.source.quote)))
    return _page(sheet, found, block="sheet" if "to" in request.form else "look")


@blueprint.post("")
def add() -> ResponseReturnValue:
    """Store the card, offer to take it back, and clear the form for the next one."""
    sheet = Sheet.from_form(request.form.get("kind", ""))
    with storing() as session:
        found = _sent_passage(session)
        note_id = writing.write(
            session, current_actor(), sheet.note, deck_name=sheet.deck_name, passage=found, now=utcnow()
        )
    undo = url_for("writing.undo", note_id=note_id, **_address(sheet, found))
    offer_undo(_("Added to %(deck)s.", deck=sheet.deck_name), url=undo)
    after = replace(sheet, typed=EMPTY)
    return reply(url_for("writing.show", **_address(sheet, found)), lambda: _page(after, found, block="sheet"))


@blueprint.post("/<int:note_id>/undo")
def undo(note_id: int) -> ResponseReturnValue:
    """Move a card that was just written to the trash."""
    with storing() as session:
        writing.unwrite(session, current_actor(), note_id, now=utcnow())
    say(_("The card is in the trash."))
    here: dict[str, Any] = {name: request.args[name] for name in HERE if name in request.args}
    return go(url_for("writing.show", **here))


def _page(sheet: Sheet, found: Passage | None, *, deck_id: int | None = None, block: str = "content") -> Response:
    with reading() as session:
        desk = writing.desk(session, current_actor(), deck_id=deck_id, passage=found)
        looked = writing.look(session, current_actor(), sheet.note)
    return page(
        "writing/write.html",
        block=block,
        sheet=replace(sheet, deck_name=sheet.deck_name or desk.deck_name),
        desk=desk,
        passage=found,
        kinds=list(CardKind),
        looked=looked,
        faces=() if looked.problem else faces(sheet.note),
    )


def _address(sheet: Sheet, found: Passage | None) -> Mapping[str, Any]:
    """Return what an address says to write another card in the same place."""
    at = {"document": found.document_id, "start": found.source.start, "end": found.source.end} if found else {}
    return {"kind": sheet.kind.value, "into": sheet.deck_name, "tags": sheet.tags or None, **at}


def _asked_passage(session: Session) -> Passage | None:
    args = request.args
    document_id, at, start, end = (args.get(name, type=small) for name in ("document", "passage", "start", "end"))
    if document_id is None:
        return None
    if at is not None:
        return writing.passage_numbered(session, current_actor(), document_id, at, said=args.get("quote", ""))
    return writing.passage(session, current_actor(), document_id, Span(start or 0, end or 0))


def _sent_passage(session: Session) -> Passage | None:
    if "document" not in request.form:
        return None
    quote = request.form.get("quote", "").replace("\r\n", "\n")
    span = Span(number("start"), number("end"))
    return writing.passage(session, current_actor(), number("document"), span, quote=quote)


def _kind(name: str) -> CardKind:
    if name not in SHOWN:
        raise InvalidInput("Choose what kind of card it is.")
    return SHOWN[name]
