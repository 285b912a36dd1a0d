"""Invitations into a team, made by its owners and trainers; the link of one leads to `signing_in`."""

from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from quizapp.clock import utcnow
from quizapp.domain.permissions import Action, Role, may
from quizapp.services import invitations, teams
from quizapp.translations import _
from quizapp.web import outside
from quizapp.web.accounts import join_link
from quizapp.web.acting import current_actor, reading, signed_in, wake_worker, writing
from quizapp.web.forms import text
from quizapp.web.replies import offer_undo, page, reply, say

ROLES = {role.value: role for role in (Role.MEMBER, Role.TRAINER, Role.OWNER)}

blueprint = Blueprint("inviting", __name__, url_prefix="/teams/<int:team_id>/invitations")


@blueprint.before_request
def _only_where_people_sign_in() -> None:
    signed_in()


@blueprint.get("")
def show(team_id: int) -> Response:
    """Show who is invited into a team and has not come yet."""
    return _page(team_id)


@blueprint.post("")
def invite(team_id: int) -> ResponseReturnValue:
    """Make an invitation, show its link, here, once, and send it where it is for one e-mail."""
    role, email = ROLES.get(request.form.get("role", "")), text("email")
    with writing() as session:
        token = invitations.invite(session, current_actor(), team_id=team_id, role=role, email=email, now=utcnow())
        if email and outside.sends():
            invitations.write_to(session, token, join_link, now=utcnow())
    wake_worker()
    response = _page(team_id, join_link(token), email)
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.post("/<int:link_id>/withdraw")
def withdraw(team_id: int, link_id: int) -> ResponseReturnValue:
    """Let an invitation work no more."""
    with writing() as session:
        invitations.withdraw(session, current_actor(), link_id, now=utcnow())
    offer_undo(_("The invitation works no more."), url=url_for("inviting.put_back", team_id=team_id, link_id=link_id))
    return reply(url_for("inviting.show", team_id=team_id), lambda: show(team_id))


@blueprint.post("/<int:link_id>/put-back")
def put_back(team_id: int, link_id: int) -> ResponseReturnValue:
    """Let an invitation that was withdrawn work again."""
    with writing() as session:
        invitations.put_back(session, current_actor(), link_id, now=utcnow())
    say(_("The invitation works again."))
    return reply(url_for("inviting.show", team_id=team_id), lambda: show(team_id))


def _page(team_id: int, link: str = "", invited: str = "") -> Response:
    now, actor = utcnow(), current_actor()
    with reading() as session:
        team = teams.living(session, actor, team_id, Action.SEE)
        name, manages = team.name, may(actor, Action.MANAGE, team.library_id)
        waiting = invitations.waiting(session, actor, team_id=team_id, now=now)
    return page(
        "teams/invitations.html",
        block="invitations",
        team_id=team_id,
        team=name,
        waiting=waiting,
        roles=[role for role in ROLES.values() if role is not Role.OWNER or manages],
        link=link,
        invited=invited,
        changed=request.method == "POST",
    )
