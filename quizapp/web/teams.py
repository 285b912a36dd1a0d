"""Teams: which one belongs to, who else does, what each may do, and whose library is open."""

import csv
import io
from datetime import timedelta

from flask import Blueprint, current_app, request, url_for
from flask import session as cookie
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from quizapp.clock import utcnow
from quizapp.domain.permissions import Action
from quizapp.domain.queues import EPOCH
from quizapp.errors import InvalidInput, NotFound
from quizapp.services import audit, suggestions, teams
from quizapp.translations import _
from quizapp.web.acting import OPEN_TEAM, current_actor, is_team, reading, writing
from quizapp.web.forms import small, text
from quizapp.web.replies import go, offer_undo, page, say
from quizapp.web.team_words import ROLES, deed, role, thing

ROLE_NAMES = {role.value: role for role in teams.GIVEN}

blueprint = Blueprint("teams", __name__, url_prefix="/teams")
blueprint.add_app_template_filter(deed)
blueprint.add_app_template_filter(thing)
blueprint.add_app_template_filter(role)


@blueprint.get("")
def index() -> Response:
    """List the teams of the person."""
    with reading() as session:
        found = teams.teams(session, current_actor())
        deleted = teams.deleted(session, current_actor(), now=utcnow())
    is_local = not is_team()
    return page("teams/index.html", block="content", teams=found, deleted=deleted, is_local=is_local)


@blueprint.post("")
def create() -> ResponseReturnValue:
    """Make a team and open its page."""
    with writing() as session:
        team_id = teams.create(session, current_actor(), text("name"), now=utcnow())
    return go(url_for("teams.show", team_id=team_id))


@blueprint.get("/<int:team_id>")
def show(team_id: int) -> Response:
    """Show a team: who belongs to it, a page at a time or by a part of the name, and what there is for them."""
    name = request.args.get("q", "").strip()
    with reading() as session:
        view = teams.team(session, current_actor(), team_id, name=name, page=request.args.get("page", 1, type=small))
        waiting = suggestions.waiting(session, current_actor(), view.team.library_id).both
    return page(
        "teams/team.html",
        block="content",
        view=view,
        team=view.team,
        people=view.people,
        name=name,
        roles=ROLE_NAMES,
        waiting=waiting,
    )


@blueprint.post("/<int:team_id>/open")
def open_library(team_id: int) -> ResponseReturnValue:
    """Open the library of a team: lists show it and what is made lands in it until it is closed."""
    with reading() as session:
        teams.open_library(session, current_actor(), team_id)
    cookie[OPEN_TEAM] = team_id
    return go(url_for("library.index"))


@blueprint.post("/close")
def close_library() -> ResponseReturnValue:
    """Go back to one's own library."""
    cookie.pop(OPEN_TEAM, None)
    say(_("You are back in your own library."))
    return go(url_for("library.index"))


@blueprint.post("/<int:team_id>/rename")
def rename(team_id: int) -> ResponseReturnValue:
    """Give a team another name, or the one in the address, and offer to take it back."""
    name = request.form.get("name", request.args.get("name", ""))
    with writing() as session:
        before = teams.rename(session, current_actor(), team_id, name, now=utcnow())
    offer_undo(_("Renamed."), url=url_for("teams.rename", team_id=team_id, name=before))
    return go(url_for("teams.show", team_id=team_id))


@blueprint.post("/<int:team_id>/delete")
def delete(team_id: int) -> ResponseReturnValue:
    """Move a team with its library to the trash and offer to take it back."""
    with writing() as session:
        name = teams.delete(session, current_actor(), team_id, now=utcnow())
    sentence = _("%(name)s is in the trash for 30 days.", name=name)
    offer_undo(sentence, url=url_for("teams.restore", team_id=team_id))
    return go(url_for("teams.index"))


@blueprint.post("/<int:team_id>/restore")
def restore(team_id: int) -> ResponseReturnValue:
    """Take a team out of the trash."""
    with writing() as session:
        name = teams.restore(session, current_actor(), team_id, now=utcnow())
    say(_("%(name)s is back, with everybody in it.", name=name))
    return go(url_for("teams.show", team_id=team_id))


@blueprint.post("/<int:team_id>/people/<int:person_id>/role")
def change_role(team_id: int, person_id: int) -> ResponseReturnValue:
    """Give a person another role, or the one in the address, and offer to take it back."""
    wanted = request.form.get("role", request.args.get("role", ""))
    if wanted not in ROLE_NAMES:
        raise InvalidInput("Choose one of the roles that are listed.")
    role = ROLE_NAMES[wanted]
    with writing() as session:
        name, before = teams.change_role(session, current_actor(), team_id, person_id, role, now=utcnow())
    if before is not role:
        undo = url_for("teams.change_role", team_id=team_id, person_id=person_id, role=before.value)
        offer_undo(_("%(name)s is now: %(role)s.", name=name, role=_(ROLES[role])), url=undo)
    return go(url_for("teams.show", team_id=team_id))


@blueprint.post("/<int:team_id>/people/<int:person_id>/remove")
def remove(team_id: int, person_id: int) -> ResponseReturnValue:
    """Let a person belong to the team no more and offer to take it back."""
    with writing() as session:
        name = teams.remove(session, current_actor(), team_id, person_id, now=utcnow())
    undo = url_for("teams.put_back", team_id=team_id, person_id=person_id)
    offer_undo(_("%(name)s does not belong to the team any more.", name=name), url=undo)
    return go(url_for("teams.show", team_id=team_id))


@blueprint.post("/<int:team_id>/people/<int:person_id>/put-back")
def put_back(team_id: int, person_id: int) -> ResponseReturnValue:
    """Let a person who was removed belong to the team again."""
    with writing() as session:
        name = teams.put_back(session, current_actor(), team_id, person_id, now=utcnow())
    say(_("%(name)s belongs to the team again.", name=name))
    return go(url_for("teams.show", team_id=team_id))


@blueprint.post("/<int:team_id>/leave")
def leave(team_id: int) -> ResponseReturnValue:
    """Leave a team and offer to take it back."""
    now = utcnow()
    with writing() as session:
        name = teams.leave(session, current_actor(), team_id, now=now)
    undo = url_for("teams.come_back", team_id=team_id, left=(now - EPOCH) // timedelta(microseconds=1))
    offer_undo(_("You left %(name)s. What you learned stays yours.", name=name), url=undo)
    return go(url_for("teams.index"))


@blueprint.post("/<int:team_id>/come-back")
def come_back(team_id: int) -> ResponseReturnValue:
    """Take back that one left."""
    left = request.args.get("left", type=small)
    try:
        left_at = EPOCH + timedelta(microseconds=left or 0)
    except OverflowError:
        raise NotFound("You cannot come back to this team by yourself any more. Ask one of its owners.") from None
    with writing() as session:
        name = teams.come_back(session, current_actor(), team_id, left_at=left_at, now=utcnow())
    say(_("You belong to %(name)s again.", name=name))
    return go(url_for("teams.show", team_id=team_id))


@blueprint.post("/<int:team_id>/seen")
def choose_what_is_seen(team_id: int) -> ResponseReturnValue:
    """Store what others of the team see of the person."""
    shows, leads = "shows_recall" in request.form, "on_leaderboards" in request.form
    with writing() as session:
        teams.choose_what_is_seen(session, current_actor(), team_id, shows_recall=shows, on_leaderboards=leads)
    say(_("Saved."))
    return go(url_for("teams.show", team_id=team_id, _anchor="seen"))


@blueprint.get("/<int:team_id>/log")
def log(team_id: int) -> Response:
    """Show what was done in the team, for its owners."""
    number = max(1, min(request.args.get("page", 1, type=small), audit.MOST_PAGES))
    with reading() as session:
        name = teams.living(session, current_actor(), team_id, Action.SEE).name
        lines = audit.log(session, current_actor(), team_id, page=number)
    shown, has_more = lines[: audit.PAGE_LINES], len(lines) > audit.PAGE_LINES
    return page(
        "teams/log.html", block="content", team_id=team_id, team=name, lines=shown, number=number, has_more=has_more
    )


@blueprint.get("/<int:team_id>/log.csv")
def log_file(team_id: int) -> Response:
    """Return the whole log for a spreadsheet."""
    with writing() as session:
        lines = audit.take_out(session, current_actor(), team_id, now=utcnow())
    written = io.StringIO()
    rows = csv.writer(written)
    rows.writerow(("at", "person", "action", "kind", "id", "detail"))
    for line in lines:
        thing = "" if line.thing_id is None else line.thing_id
        told = (line.person or "", line.action, line.kind, thing, line.detail)
        rows.writerow((line.at.isoformat(), *(_harmless(str(one)) for one in told)))
    response = current_app.response_class("\ufeff" + written.getvalue(), mimetype="text/csv")
    response.headers["Content-Disposition"] = f'attachment; filename="team-{team_id}-log.csv"'
    response.headers["Cache-Control"] = "private, no-cache"
    return response


def _harmless(value: str) -> str:
    """Keep a spreadsheet from taking a text for a formula."""
    return f"'{value}" if value[:1] in {"=", "+", "-", "@", "\t"} else value
