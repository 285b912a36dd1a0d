"""How the learner studies, how pages look to this browser, and the keys that they listen to."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Flask, redirect, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from quizapp.clock import utcnow
from quizapp.db.engine import Session
from quizapp.db.learners import StudySettings
from quizapp.domain.options import Options
from quizapp.domain.parameters import DEFAULTS
from quizapp.domain.rescheduling import Dates
from quizapp.domain.scheduling import Preset, ideal_days
from quizapp.domain.spreading import USUAL_WEEK, WHOLE
from quizapp.errors import InvalidInput
from quizapp.services import options, settings
from quizapp.services.settings import KEPT, Change, Own
from quizapp.translations import _, many, marked
from quizapp.web import options as options_form
from quizapp.web.acting import current_actor, reading, writing
from quizapp.web.forms import whole
from quizapp.web.replies import back, go, offer_undo, page, remember, render_block, say, wants_block

THEMES = frozenset({"light", "dark"})
SHARES = ((WHOLE, marked("as usual")), (50, marked("fewer")), (0, marked("none")))  # percent of a usual day's cards
EXAMPLE_GOALS = (70, 80, 85, 90, 95, 97)  # percent
EXAMPLE_DAYS = 10.0  # a card that is known with 90 % after so many days

blueprint = Blueprint("settings", __name__)


@dataclass(frozen=True)
class Typed:
    """The form as a person filled it in."""

    wanted: StudySettings
    dates: Dates
    own: Own  # what becomes of the options that decks have of their own

    @classmethod
    def read(cls, fields: MultiDict[str, str]) -> "Typed":
        """Read the form, or the address that an undo posts to."""
        wanted = StudySettings(
            time_zone=fields.get("zone", "").strip(),
            turn_hour=whole(fields, "turn", "Choose the hour at which your day turns."),
            options=options_form.read(fields),
            two_buttons=fields.get("buttons") == "2",
            week=_week(fields),
        )
        try:
            return cls(wanted, Dates(fields.get("dates", Dates.KEEP.value)), options_form.read_own(fields))
        except ValueError:
            raise InvalidInput("Choose what happens to cards that are scheduled already.") from None


def init_app(app: Flask) -> None:
    """Give every page the theme that this browser asked for; without one, the system decides."""
    app.context_processor(lambda: {"theme": _theme(request.cookies.get("theme", ""))})


@blueprint.get("/settings")
def show() -> Response:
    """Show what is chosen."""
    return _page(None)


@blueprint.post("/settings")
def save() -> ResponseReturnValue:
    """Store the settings with an undo, or only say what they would do."""
    do = request.form.get("do")
    typed = _chosen(Options(), KEPT) if do == "begin" else Typed.read(request.form)
    if do == "try":
        return _page(typed)
    change = _change(typed)
    offer_undo(_said(change), url=_undo_url(change))
    return go(url_for("settings.show"))


@blueprint.post("/settings/options")
def choose_for_all() -> ResponseReturnValue:
    """Study every deck by the options in the form of one deck."""
    change = _change(_chosen(options_form.read(request.form), Own(aside_at=utcnow())))
    offer_undo(_said(change), url=_undo_url(change))
    return go(back(url_for("settings.show")))


@blueprint.post("/settings/undo")
def undo() -> ResponseReturnValue:
    """Go back to the settings that the address carries."""
    _change(Typed.read(request.args))
    say(_("Your settings are as they were before."))
    return go(back(url_for("settings.show")))


@blueprint.get("/keys")
def keys() -> Response:
    """List all keys."""
    if wants_block():
        # A dialog beside the page: what the page has just been told stays there.
        return Response(render_block("settings/keys.html", "keys"), mimetype="text/html")
    return page("settings/keys.html", block="keys")


@blueprint.post("/theme")
def change_theme() -> ResponseReturnValue:
    """Remember a theme in this browser, or "system" to follow the system again."""
    wanted = request.form.get("theme", "")
    if wanted not in THEMES | {"system"}:
        raise InvalidInput("Choose light, dark or system.")
    response = redirect(back(url_for("today.show")), 303)
    # A script may change it, too, so that the switch is instant.
    return remember(response, "theme", _theme(wanted))


def _chosen(wanted: Options, own: Own) -> Typed:
    """Return the settings as they are, but with these options; dates stay."""
    with reading() as session:
        return Typed(replace(settings.chosen(session, current_actor()), options=wanted), Dates.KEEP, own)


def _change(typed: Typed) -> Change:
    """Work the change out while others write, then store it in a turn of its own."""
    with reading() as session:
        prepared = _prepared(session, typed)
    with writing() as session:
        settings.change(session, current_actor(), prepared)
    return prepared


def _prepared(session: Session, typed: Typed) -> Change:
    return settings.prepare(session, current_actor(), typed.wanted, dates=typed.dates, own=typed.own, now=utcnow())


def _page(typed: Typed | None) -> Response:
    """Show the settings that are chosen, or those that were typed with what they would do."""
    now = utcnow()
    with reading() as session:
        tried = _prepared(session, typed) if typed else None
        found = tried.after if tried else settings.chosen(session, current_actor())
        forecast = options.forecast_of_followers(session, current_actor(), found.options, now=now)
        with_own = options.with_own(session, current_actor())
    shown = options_form.values(found.options, forecast)
    of_decks = {**shown, "deck": None, "tried": tried is not None}
    zone = settings.time_zone_named(found.time_zone)
    return page(
        "settings/index.html",
        block="study",
        found=found,
        **shown,
        more=_part(of_decks, "more"),
        cost=_part(of_decks, "cost"),
        with_own=with_own,
        is_usual=found.options == Options(),
        follow=typed is not None and typed.own.aside_at is not None,
        dates=(typed.dates if typed else Dates.KEEP).value,
        tried=tried,
        here=now.astimezone(zone),
        turns_in=_until(found.turn_hour, now.astimezone(zone)),
        zones=_zones(),
        shares=SHARES,
        defaults=DEFAULTS,
        examples=[
            (goal, timedelta(days=round(ideal_days(EXAMPLE_DAYS, Preset(found.parameters.weights, goal / 100)), 1)))
            for goal in EXAMPLE_GOALS
        ],
    )


def _part(values: Mapping[str, Any], block: str) -> Markup:
    """Return a block of the page of a deck's options, for all decks."""
    return Markup(render_block("decks/options.html", block, **values))  # noqa: S704 - escaped in the template


@cache
def _zones() -> Markup:
    """Return the time zones to choose from, some six hundred that stay the same."""
    return Markup("").join(Markup('<option value="{}">').format(zone) for zone in settings.time_zones())


def _week(fields: MultiDict[str, str]) -> tuple[int, ...]:
    """Return what share of a usual day each weekday gets; a form without it has a usual week."""
    return tuple(fields.get(f"day{number}", WHOLE, type=int) for number in range(len(USUAL_WEEK)))


def _until(turn_hour: int, here: datetime) -> timedelta:
    """Return how long it is by the clock on the wall until the day turns."""
    turn = here.replace(hour=turn_hour, minute=0, second=0, microsecond=0)
    return (turn if turn > here else turn + timedelta(days=1)) - here


def _said(change: Change) -> str:
    if change.own.aside_at and not change.moved:
        return _("Saved. All decks follow these options.")
    if not change.moved:
        return _("Saved.")
    return many("Saved. %(num)s card got another date.", "Saved. %(num)s cards got another date.", change.moved)


def _undo_url(change: Change) -> str:
    was = change.before
    fields = {
        "zone": was.time_zone,
        "turn": was.turn_hour,
        **options_form.written(was.options),
        **options_form.way_back(change.own),
        "buttons": 2 if was.two_buttons else 4,
        **{f"day{number}": share for number, share in enumerate(was.week)},
        "dates": change.undo_dates.value,
    }
    return f"{url_for('settings.undo')}?{urlencode(fields)}"


def _theme(wanted: str) -> str:
    return wanted if wanted in THEMES else ""
