"""Assignments: a team's list, a new one with its preview, one with who did what, and what single people have besides."""

import secrets
from collections.abc import Mapping
from itertools import groupby
from urllib.parse import urlencode

from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from quizapp.clock import utcnow
from quizapp.domain.assignments import Goal, Grading, Late, Progress, Told
from quizapp.domain.permissions import Action, may
from quizapp.domain.questions import Mode
from quizapp.domain.recurrence import Unit
from quizapp.errors import InvalidInput
from quizapp.services import assignments, attempting, teams
from quizapp.services.assignments import Choices, Look, Preview, Sort
from quizapp.translations import _
from quizapp.web import assignment_forms as forms
from quizapp.web import looks
from quizapp.web.acting import current_actor, reading, writing
from quizapp.web.assignment_forms import Sheet
from quizapp.web.forms import small
from quizapp.web.quizzes import fresh_seed
from quizapp.web.replies import go, offer_undo, page, part, say, wants_block

TOKEN_BYTES = 18
LONGEST_NAME = 80  # that is looked for

blueprint = Blueprint("assignments", __name__)


@blueprint.get("/teams/<int:team_id>/assignments")
def index(team_id: int) -> Response:
    """List what is assigned to a team, for trainers with how far it is; for others what is theirs."""
    actor, now = current_actor(), utcnow()
    with reading() as session:
        team = teams.living(session, actor, team_id, Action.SEE)
        watches = may(actor, Action.WATCH, team.library_id)
        listed = assignments.listed(session, actor, team_id, now=now) if watches else ()
        mine = [one for one in attempting.mine(session, actor, now=now) if one.team_id == team_id]
        name = team.name
    return page(
        "assignments/index.html",
        block="content",
        team_id=team_id,
        team=name,
        listed=listed,
        mine=mine,
        watches=watches,
        now=now,
    )


@blueprint.get("/teams/<int:team_id>/assignments/new")
def new(team_id: int) -> Response:
    """Show the form of a new assignment, something perhaps chosen already."""
    with reading() as session:
        found = assignments.choices(session, current_actor(), team_id)
    sheet = forms.fresh(utcnow(), found.zone, of=request.args.get("of", ""))
    return _form(found, sheet)


@blueprint.post("/teams/<int:team_id>/assignments")
def make(team_id: int) -> ResponseReturnValue:
    """Assign what the form says, and show it."""
    wanted, material = forms.wanted(request.form), forms.material(request.form)
    actor, now = current_actor(), utcnow()
    with reading() as session:
        ready = assignments.prepare(session, actor, team_id, wanted, material, seed=fresh_seed(), now=now)
    with writing() as session:
        made = assignments.make(session, actor, ready, now=now)
    say(_("Assigned. Everybody who is to do it sees it on Today."))
    return go(url_for("assignments.show", assignment_id=made))


@blueprint.post("/teams/<int:team_id>/assignments/preview")
def preview(team_id: int) -> ResponseReturnValue:
    """Show what a member would see: the form again with it, or for htmx it alone."""
    actor, now = current_actor(), utcnow()
    with reading() as session:
        found = assignments.choices(session, actor, team_id)
        try:
            wanted, material = forms.wanted(request.form), forms.material(request.form)
        except InvalidInput as problem:
            seen = Preview(None, (), 0, 0, problem.message)
        else:
            seen = assignments.preview(session, actor, team_id, wanted, material, seed=0, now=now)
    if wants_block():
        return part("assignments/new.html", block="preview", preview=seen, team=found.team)
    return _form(found, forms.sent(request.form), seen=seen)


@blueprint.get("/assignments/<int:assignment_id>")
def show(assignment_id: int) -> Response:
    """Show an assignment: to one who is to do it how they stand, to one who watches who did what."""
    actor, now, look = current_actor(), utcnow(), _look(request.args)
    with reading() as session:
        mine, view, done = assignments.shown(session, actor, assignment_id, look, now=now)
        seen = assignments.look(session, actor, assignment_id, now=now) if view else None
    looks.note(seen)
    return page(
        "assignments/assignment.html",
        block="content",
        mine=mine,
        view=view,
        done=done,
        look=look,
        asked=_address(look),
        sorts=list(Sort),
        now=now,
    )


@blueprint.post("/assignments/<int:assignment_id>/begin")
def begin(assignment_id: int) -> ResponseReturnValue:
    """Begin the next attempt, or go on with the one that is under way."""
    with writing() as session:
        sitting = attempting.begin(session, current_actor(), assignment_id, seed=fresh_seed(), now=utcnow())
    return go(url_for("sittings.show", sitting_id=sitting))


@blueprint.post("/assignments/<int:assignment_id>/study")
def take_on(assignment_id: int) -> ResponseReturnValue:
    """Study an assigned deck towards its day."""
    with writing() as session:
        deck_id = attempting.take_on(session, current_actor(), assignment_id, now=utcnow())
    say(_("The deck has its day. Your new cards a day are chosen so that you reach it."))
    return go(url_for("decks.show", deck_id=deck_id))


@blueprint.get("/assignments/<int:assignment_id>/edit")
def edit(assignment_id: int) -> Response:
    """Show the form of an assignment that is there."""
    with reading() as session:
        actor = current_actor()
        view = assignments.view(session, actor, assignment_id, now=utcnow())
        found = assignments.choices_left(session, actor, view.team_id)
        chosen = assignments.chosen(session, actor, assignment_id)
        has_begun = assignments.has_begun(session, actor, assignment_id)
    sheet = forms.of_rules(view.title, view.note, view.rules, view.zone, chosen, for_all=view.for_all)
    return _form(found, sheet, view=view, has_begun=has_begun)


@blueprint.post("/assignments/<int:assignment_id>/edit")
def save(assignment_id: int) -> ResponseReturnValue:
    """Change an assignment."""
    with writing() as session:
        actor = current_actor()
        goal = assignments.view(session, actor, assignment_id, now=utcnow()).rules.goal
        assignments.change(session, actor, assignment_id, forms.wanted(request.form, goal), now=utcnow())
    say(_("Saved."))
    return go(url_for("assignments.show", assignment_id=assignment_id))


@blueprint.post("/assignments/<int:assignment_id>/people/<int:learner_id>")
def allow(assignment_id: int, learner_id: int) -> ResponseReturnValue:
    """Give one person more than the rules do, and offer to take it back; one comes back to where they stand."""
    zone, asked = request.form.get("zone", "UTC"), _address(_look(request.form))
    with writing() as session:
        given = forms.allowance(request.form)
        before = assignments.allow(session, current_actor(), assignment_id, learner_id, given, now=utcnow())
    undo = url_for("assignments.undo", assignment_id=assignment_id, learner_id=learner_id)
    fields = {**forms.allowance_fields(before, zone), **asked}
    offer_undo(_("Saved for this person."), url=f"{undo}?{urlencode(fields)}")
    return go(_place_of(assignment_id, learner_id, asked))


@blueprint.post("/assignments/<int:assignment_id>/people/<int:learner_id>/undo")
def undo(assignment_id: int, learner_id: int) -> ResponseReturnValue:
    """Give one person back what they had, as the address says it."""
    with writing() as session:
        given = forms.allowance(request.args)
        assignments.allow(session, current_actor(), assignment_id, learner_id, given, now=utcnow())
    say(_("It is as it was before."))
    return go(_place_of(assignment_id, learner_id, _address(_look(request.args))))


@blueprint.post("/assignments/<int:assignment_id>/link")
def link(assignment_id: int) -> ResponseReturnValue:
    """Open a link for guests, or close it; a link that was closed never opens again."""
    token = secrets.token_urlsafe(TOKEN_BYTES) if request.form.get("do") == "open" else None
    with writing() as session:
        assignments.put_link(session, current_actor(), assignment_id, token, now=utcnow())
    say(_("Whoever has the link can answer.") if token else _("The link is closed. What guests answered stays."))
    return go(url_for("assignments.show", assignment_id=assignment_id, _anchor="guests"))


@blueprint.post("/assignments/<int:assignment_id>/delete")
def delete(assignment_id: int) -> ResponseReturnValue:
    """Move an assignment to the trash and offer to take it back."""
    with writing() as session:
        actor = current_actor()
        team_id = assignments.view(session, actor, assignment_id, now=utcnow()).team_id
        title = assignments.delete(session, actor, assignment_id, now=utcnow())
    said = _("%(title)s is in the trash for 30 days, with every result.", title=title)
    offer_undo(said, url=url_for("assignments.restore", assignment_id=assignment_id))
    return go(url_for("assignments.index", team_id=team_id))


@blueprint.post("/assignments/<int:assignment_id>/restore")
def restore(assignment_id: int) -> ResponseReturnValue:
    """Take an assignment out of the trash."""
    with writing() as session:
        title = assignments.restore(session, current_actor(), assignment_id, now=utcnow())
    say(_("%(title)s is back, with every result.", title=title))
    return go(url_for("assignments.show", assignment_id=assignment_id))


def _form(
    found: Choices,
    sheet: Sheet,
    *,
    seen: Preview | None = None,
    view: assignments.View | None = None,
    has_begun: bool = False,
) -> Response:
    materials = [(origin, list(some)) for origin, some in groupby(found.materials, key=lambda one: one.made_from)]
    return page(
        "assignments/new.html",
        block="content",
        choices=found,
        team=found.team,
        materials=materials,
        sheet=sheet,
        preview=seen,
        view=view,
        has_begun=has_begun,
        now=utcnow(),
        modes=list(Mode),
        goals=list(Goal),
        gradings=list(Grading),
        tellings=list(Told),
        lates=list(Late),
        units=list(Unit),
    )


def _look(fields: MultiDict[str, str]) -> Look:
    """Read which people are looked at; occurrences count from 1 for people, and what cannot be read asks for nothing."""
    time = fields.get("time", type=small)
    return Look(
        occurrence=None if time is None else time - 1,
        only=fields.get("state", type=Progress),
        name=" ".join(fields.get("q", "").split())[:LONGEST_NAME],
        sort=fields.get("sort", Sort.NAME, type=Sort),
        page=fields.get("page", 1, type=small),
        guests=fields.get("guests", 1, type=small),
        opened=fields.get("person", type=small),
    )


def _address(look: Look) -> Mapping[str, str]:
    """Return what names the same people in an address, without whose exception is open."""
    said = {
        "time": None if look.occurrence is None else str(look.occurrence + 1),
        "state": look.only and look.only.value,
        "q": look.name,
        "sort": look.sort.value if look.sort is not Sort.NAME else None,
        "page": str(look.page) if look.page > 1 else None,
        "guests": str(look.guests) if look.guests > 1 else None,
    }
    return {name: value for name, value in said.items() if value}


def _place_of(assignment_id: int, learner_id: int, asked: Mapping[str, str]) -> str:
    there = url_for("assignments.show", assignment_id=assignment_id)
    return f"{there}{'?' if asked else ''}{urlencode(asked)}#person-{learner_id}"
