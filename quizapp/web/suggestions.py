"""Changes that people of a team suggest, what they report, and what a card said before."""

from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from quizapp.clock import utcnow
from quizapp.domain.cards import CardKind, Note
from quizapp.services import suggestions
from quizapp.translations import _
from quizapp.web.acting import current_actor, reading, writing
from quizapp.web.forms import CardText, number, text
from quizapp.web.replies import go, offer_undo, page, say

blueprint = Blueprint("suggestions", __name__)


@blueprint.get("/decks/<int:deck_id>/notes/<int:note_id>/suggest")
def write(deck_id: int, note_id: int) -> Response:
    """Show a card of a team as a form, to suggest other words."""
    with reading() as session:
        card = suggestions.about(session, current_actor(), note_id)
    return page("teams/suggest.html", block="content", card=card, deck_id=deck_id)


@blueprint.post("/decks/<int:deck_id>/notes/<int:note_id>/suggest")
def hand_in(deck_id: int, note_id: int) -> ResponseReturnValue:
    """Hand in other words for a card of a team."""
    typed, reason = CardText.from_form(), text("reason")
    with writing() as session:
        kind = suggestions.about(session, current_actor(), note_id).card.kind
        suggestions.suggest(session, current_actor(), note_id, _note(kind, typed), reason=reason, now=utcnow())
    say(_("Handed in. The owners and trainers of the team decide on it."))
    return go(url_for("decks.show", deck_id=deck_id, _anchor=f"n{note_id}"))


@blueprint.get("/decks/<int:deck_id>/notes/<int:note_id>/history")
def history(deck_id: int, note_id: int) -> Response:
    """Show what a card said before, who changed it and when."""
    with reading() as session:
        card = suggestions.history(session, current_actor(), note_id)
    return page("teams/history.html", block="content", card=card, deck_id=deck_id)


@blueprint.post("/decks/<int:deck_id>/notes/<int:note_id>/history/<int:wording_id>/restore")
def bring_back(deck_id: int, note_id: int, wording_id: int) -> ResponseReturnValue:
    """Let a card say again what it said before."""
    version = number("version")
    with writing() as session:
        suggestions.bring_back(session, current_actor(), wording_id, expected_version=version, now=utcnow())
    say(_("The card says that again, and keeps its schedule."))
    return go(url_for("suggestions.history", deck_id=deck_id, note_id=note_id))


@blueprint.get("/teams/<int:team_id>/suggestions")
def inbox(team_id: int) -> Response:
    """Show what waits in a team for a decision, and what became of what one handed in."""
    with reading() as session:
        found = suggestions.inbox(session, current_actor(), team_id)
    return page("teams/inbox.html", block="content", inbox=found)


@blueprint.post("/teams/<int:team_id>/suggestions/<int:suggestion_id>/accept")
def accept(team_id: int, suggestion_id: int) -> ResponseReturnValue:
    """Give the card what was suggested, or what the form made of it."""
    version, word, now = number("version"), text("word"), utcnow()
    wanted = _note(CardKind(request.form["kind"]), CardText.from_form()) if _is_changed() else None
    with writing() as session:
        suggestions.accept(
            session,
            current_actor(),
            team_id,
            suggestion_id,
            wanted=wanted,
            expected_version=version,
            word=word,
            now=now,
        )
    return _decided(team_id, suggestion_id, _("The card says that now. Everybody’s schedule stays."))


@blueprint.post("/teams/<int:team_id>/suggestions/<int:suggestion_id>/decline")
def decline(team_id: int, suggestion_id: int) -> ResponseReturnValue:
    """Leave the card as it is."""
    with writing() as session:
        suggestions.decline(session, current_actor(), team_id, suggestion_id, word=text("word"), now=utcnow())
    return _decided(team_id, suggestion_id, _("Declined. The card stays as it is."))


@blueprint.post("/teams/<int:team_id>/suggestions/<int:suggestion_id>/reopen")
def reopen(team_id: int, suggestion_id: int) -> ResponseReturnValue:
    """Take a decision back."""
    with writing() as session:
        suggestions.reopen(session, current_actor(), team_id, suggestion_id, now=utcnow())
    say(_("It waits for a decision again."))
    return _back(team_id)


@blueprint.post("/teams/<int:team_id>/suggestions/<int:suggestion_id>/withdraw")
def withdraw(team_id: int, suggestion_id: int) -> ResponseReturnValue:
    """Take back what one suggested."""
    with writing() as session:
        suggestions.withdraw(session, current_actor(), team_id, suggestion_id, now=utcnow())
    say(_("Withdrawn."))
    return _back(team_id)


@blueprint.post("/teams/<int:team_id>/reports/<int:report_id>/resolve")
def resolve(team_id: int, report_id: int) -> ResponseReturnValue:
    """Mark a report about a card of the team as dealt with."""
    with writing() as session:
        suggestions.resolve(session, current_actor(), team_id, report_id, word=text("word"), now=utcnow())
    undo = url_for("suggestions.reopen_report", team_id=team_id, report_id=report_id)
    offer_undo(_("Done."), url=undo)
    return _back(team_id)


@blueprint.post("/teams/<int:team_id>/reports/<int:report_id>/reopen")
def reopen_report(team_id: int, report_id: int) -> ResponseReturnValue:
    """Let a report wait again."""
    with writing() as session:
        suggestions.reopen_report(session, current_actor(), team_id, report_id)
    say(_("It waits for a decision again."))
    return _back(team_id)


def _decided(team_id: int, suggestion_id: int, said: str) -> ResponseReturnValue:
    """Say what was decided, and offer to take it back."""
    offer_undo(said, url=url_for("suggestions.reopen", team_id=team_id, suggestion_id=suggestion_id))
    return _back(team_id)


def _back(team_id: int) -> ResponseReturnValue:
    return go(url_for("suggestions.inbox", team_id=team_id))


def _is_changed() -> bool:
    """Say whether the form has the words of the card in it."""
    return request.form.get("kind", "") in {kind.value for kind in CardKind} and "question" in request.form


def _note(kind: CardKind, typed: CardText) -> Note:
    return Note(kind, typed.question, typed.answer, typed.choices, typed.explanation)
