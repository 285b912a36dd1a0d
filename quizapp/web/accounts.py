"""One's own account, the browsers that one is signed in with, and the people on this server."""

from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from quizapp.clock import utcnow
from quizapp.domain.accounts import check_email, check_password
from quizapp.errors import InvalidInput
from quizapp.services import accounts, addresses, departures, identities, invitations, passwords, sign_ins
from quizapp.translations import _, many
from quizapp.web import outside, provider
from quizapp.web.acting import current_actor, reading, signed_in, wake_worker, writing
from quizapp.web.forms import small, text
from quizapp.web.links import address
from quizapp.web.proving import allow_invitation, allow_letter, is_proved, prove_again
from quizapp.web.replies import go, offer_undo, page, reply, say

blueprint = Blueprint("accounts", __name__, url_prefix="/settings")


@blueprint.before_request
def _only_where_people_sign_in() -> None:
    signed_in()


@blueprint.get("/account")
def show() -> Response:
    """Show one's own account."""
    with reading() as session:
        profile = accounts.profile(session, current_actor())
        there = provider.known()
        known = addresses.address(session, current_actor(), now=utcnow())
        tied = identities.tied(session, current_actor(), there.issuer) if there else None
    return page(
        "accounts/account.html", block="content", account=profile, known=known, tied=tied, is_proved=is_proved()
    )


@blueprint.post("/account/name")
def rename() -> ResponseReturnValue:
    """Take another name."""
    with writing() as session:
        accounts.rename(session, current_actor(), text("name"))
    say(_("Saved."))
    return go(url_for("accounts.show"))


@blueprint.post("/account/email")
def change_email() -> ResponseReturnValue:
    """Take another e-mail; whoever only sits at the browser does not know the password."""
    wanted = check_email(text("email"))
    prove_again()
    if outside.sends():
        return _confirmation(wanted)
    with writing() as session:
        accounts.change_email(session, current_actor(), wanted, now=utcnow())
    say(_("Saved. Sign in with the new address from now on."))
    return go(url_for("accounts.show"))


@blueprint.post("/account/email/send")
def send_confirmation() -> ResponseReturnValue:
    """Send a link once more to the e-mail that is not confirmed yet."""
    if not outside.sends():
        raise InvalidInput("Recto sends no letters here, so it cannot confirm an address.")
    with reading() as session:
        known = addresses.address(session, current_actor(), now=utcnow())
    return _confirmation(known.pending or known.email)


@blueprint.post("/account/email/keep")
def keep_email() -> ResponseReturnValue:
    """Stay with the e-mail that one has, though a link to another is on its way."""
    with writing() as session:
        addresses.keep(session, current_actor(), now=utcnow())
    say(_("Your e-mail stays as it is."))
    return go(url_for("accounts.show"))


def _confirmation(email: str) -> ResponseReturnValue:
    """Write a link to an e-mail, and say where it went."""
    allow_letter(email)
    with writing() as session:
        addresses.ask(session, current_actor(), email, confirm_link, now=utcnow())
    wake_worker()
    say(_("A letter is on its way to %(email)s. Open the link in it to confirm the address.", email=email))
    return go(url_for("accounts.show"))


def confirm_link(token: str) -> str:
    """Return the address under which an e-mail is confirmed."""
    return outside.link(url_for("signing_in.ask_to_confirm", token=token))


@blueprint.post("/account/password")
def change_password() -> ResponseReturnValue:
    """Take another password, and be signed out everywhere else."""
    person = signed_in()
    wanted = check_password(request.form.get("new", ""), email=person.email, name=person.name)
    prove_again()
    kept = passwords.digest(wanted)
    with writing() as session:
        accounts.change_password(session, person.actor.person_id, kept, but=person.id, now=utcnow())
    say(_("Saved. You are signed out everywhere else."))
    return go(url_for("accounts.show"))


@blueprint.get("/devices")
def devices() -> Response:
    """Show in which browsers one is signed in."""
    with reading() as session:
        found = sign_ins.devices(session, current_actor(), this=signed_in().id, now=utcnow())
    return page("accounts/devices.html", block="devices", devices=found, changed=request.method == "POST")


@blueprint.post("/devices/<int:device_id>/sign-out")
def sign_out(device_id: int) -> ResponseReturnValue:
    """Sign out in another browser."""
    with writing() as session:
        sign_ins.revoke(session, current_actor(), device_id, now=utcnow())
    say(_("Signed out there."))
    return reply(url_for("accounts.devices"), devices)


@blueprint.post("/devices/others")
def sign_out_others() -> ResponseReturnValue:
    """Sign out everywhere but here."""
    with writing() as session:
        count = sign_ins.revoke_others(session, current_actor(), this=signed_in().id, now=utcnow())
    say(many("Signed out in %(num)s other browser.", "Signed out in %(num)s other browsers.", count))
    return reply(url_for("accounts.devices"), devices)


@blueprint.get("/people")
def people() -> Response:
    """Show who has an account, a page at a time or by a part of name or e-mail, and who is invited; only those who administer find it."""
    return _people_page()


@blueprint.post("/people/invite")
def invite() -> ResponseReturnValue:
    """Make an invitation, show its link, here, once, and send it where it is for one e-mail."""
    email = text("email")
    with writing() as session:
        token = invitations.invite(session, current_actor(), email=email, now=utcnow())
        if email and outside.sends():
            allow_invitation(email)
            invitations.write_to(session, token, join_link, now=utcnow())
    wake_worker()
    response = _people_page(join_link(token), email)
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.post("/people/invitations/<int:link_id>/withdraw")
def withdraw(link_id: int) -> ResponseReturnValue:
    """Let an invitation work no more."""
    with writing() as session:
        invitations.withdraw(session, current_actor(), link_id, now=utcnow())
    offer_undo(_("The invitation works no more."), url=url_for("accounts.put_back", link_id=link_id))
    return reply(url_for("accounts.people"), people)


@blueprint.post("/people/invitations/<int:link_id>/put-back")
def put_back(link_id: int) -> ResponseReturnValue:
    """Let an invitation that was withdrawn work again."""
    with writing() as session:
        invitations.put_back(session, current_actor(), link_id, now=utcnow())
    say(_("The invitation works again."))
    return go(url_for("accounts.people"))


@blueprint.post("/people/<int:person_id>/close")
def close(person_id: int) -> ResponseReturnValue:
    """Let a person sign in no more."""
    with writing() as session:
        name = accounts.close(session, current_actor(), person_id, now=utcnow())
    offer_undo(
        _("%(name)s cannot sign in any more. Nothing of theirs was deleted.", name=name),
        url=address("accounts.reopen", person_id=person_id, **_asked()),
    )
    return reply(address("accounts.people", **_asked()), people)


@blueprint.post("/people/<int:person_id>/reopen")
def reopen(person_id: int) -> ResponseReturnValue:
    """Let a person sign in again."""
    with writing() as session:
        name = accounts.reopen(session, current_actor(), person_id)
    say(_("%(name)s can sign in again.", name=name))
    return reply(address("accounts.people", **_asked()), people)


@blueprint.post("/people/<int:person_id>/administer")
def administer(person_id: int) -> ResponseReturnValue:
    """Let a person administer, or no more."""
    is_to = request.form.get("do") != "end"
    with writing() as session:
        change = accounts.let_administer if is_to else accounts.administer_no_more
        name = change(session, current_actor(), person_id)
    if is_to:
        say(_("%(name)s administers this Recto now.", name=name))
    else:
        say(_("%(name)s administers this Recto no more.", name=name))
    if person_id == current_actor().person_id and not is_to:
        return go(url_for("settings.show"))
    return go(address("accounts.people", **_asked()))


def join_link(token: str) -> str:
    """Return the address that an invitation is used under."""
    return outside.link(url_for("signing_in.look_at_link", token=token))


def _asked() -> dict[str, str]:
    """Return which people the address asks for, so that one comes back to them."""
    return {name: request.args[name] for name in ("q", "page") if request.args.get(name)}


def _people_page(link: str = "", invited: str = "") -> Response:
    now, actor, sought = utcnow(), current_actor(), request.args.get("q", "").strip()
    with reading() as session:
        found = accounts.people(session, actor, sought=sought, page=request.args.get("page", 1, type=small))
        waiting = invitations.waiting(session, actor, now=now)
    return page(
        "accounts/people.html",
        block="people",
        people=found,
        sought=sought,
        asked=_asked(),
        waiting=waiting,
        link=link,
        invited=invited,
        me=actor.person_id,
        kept=departures.KEPT,
        changed=request.method == "POST",
    )
