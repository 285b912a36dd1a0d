"""Studying: one card at a time, asked, shown, graded; with undo, editing and reporting in place."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from random import Random
from typing import Any, TypeVar
from uuid import uuid4

from flask import Blueprint, current_app, g, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from quizapp.clock import utcnow
from quizapp.db.engine import Session
from quizapp.domain.cards import CardKind, items
from quizapp.domain.flags import FLAGS
from quizapp.domain.questions import FALSE, TRUE
from quizapp.domain.scheduling import Grade
from quizapp.domain.sessions import Mode
from quizapp.errors import InvalidInput
from quizapp.services import card_actions as actions
from quizapp.services import decks, sessions, study
from quizapp.services.sessions import Summary, Wanted
from quizapp.services.study import Answered, StudyCard
from quizapp.translations import _
from quizapp.web import card_actions, card_history
from quizapp.web.acting import current_actor, reading, writing
from quizapp.web.asking import NOTHING, Asking, Given, asking
from quizapp.web.forms import CardText, identifier, number, small, text
from quizapp.web.replies import go, page, reply, say, tell
from quizapp.web.words import GRADES, REASONS, span

# As in Anki: who is away for longer than this did not think about the card all that time.
LONGEST = timedelta(seconds=60)
ALL = 99  # more than any list has items
View = TypeVar("View", bound=Callable[..., ResponseReturnValue])
blueprint = Blueprint("study", __name__, url_prefix="/study")


@dataclass(frozen=True)
class Asked:
    """How far a card has been turned: what the address of the page says about it."""

    card_id: int | None = None
    reviews: int | None = None  # how often the card had been graded when it was asked
    since: int = 0  # when it was asked, in milliseconds
    shown: int = 0  # of a list, how many items; of any other card 1 when the answer is shown
    choice: int | None = None
    panel: str = ""  # "edit", "report" or "info"
    given: Given = NOTHING

    @classmethod
    def read(cls, fields: MultiDict[str, str]) -> "Asked":
        """Read the address, or a form that carries the same."""
        return cls(
            card_id=fields.get("card", type=small),
            reviews=fields.get("reviews", type=small),
            since=fields.get("since", 0, type=small),
            shown=fields.get("show", 0, type=small),
            choice=fields.get("choice", type=small),
            panel=fields.get("panel", ""),
            given=Given.read(fields),
        )

    def address(self) -> Mapping[str, Any]:
        """Return what the address says to come back here, but for open forms."""
        return {
            "card": self.card_id,
            "reviews": self.reviews,
            "since": self.since or None,
            "show": self.shown or None,
            "choice": self.choice,
            **self.given.address(),
        }


@dataclass(frozen=True)
class Option:
    """One answer of a choice card."""

    key: str
    text: str
    is_right: bool
    is_chosen: bool


def served(path: str, method: str, blueprint: Blueprint = blueprint) -> Callable[[View], View]:
    """Serve a view under all decks, under one, and under a session."""

    def register(view: View) -> View:
        for prefix in ("", "/<int:deck_id>", "/sessions/<uuid:session_id>"):
            defaults = {} if "deck_id" in prefix else {"deck_id": None}
            blueprint.add_url_rule(prefix + path, view_func=view, methods=[method], defaults=defaults)
        return view

    return register


@blueprint.url_value_preprocessor
def enter_session(_endpoint: str | None, values: dict[str, Any] | None) -> None:
    """Know for the whole request which session it belongs to, if any."""
    g.study_session = values.pop("session_id", None) if values else None


@blueprint.url_defaults
def stay_in_session(endpoint: str, values: dict[str, Any]) -> None:
    """Let addresses of study made within a session lead on within it."""
    if (inside := g.get("study_session")) and current_app.url_map.is_endpoint_expecting(endpoint, "session_id"):
        values.setdefault("session_id", inside)


@served("", "GET")
def show(deck_id: int | None) -> Response:
    """Ask the next card, or show as much of the card as the address says."""
    return _show(deck_id, Asked.read(request.args))


@served("/answer", "POST")
def answer(deck_id: int | None) -> ResponseReturnValue:
    """Store a grade and ask the next card."""
    with writing() as session:
        answered = sessions.answer(
            session,
            current_actor(),
            session_id=g.study_session,
            review_id=identifier("review"),
            card_id=number("card"),
            grade=_grade(),
            duration=_duration(),
            expected_reviews=number("reviews"),
            now=utcnow(),
        )
    say(_said(answered))
    return reply(url_for("study.show", deck_id=deck_id), lambda: _show(deck_id, Asked()))


@served("/undo", "POST")
def undo(deck_id: int | None) -> ResponseReturnValue:
    """Take back what was done last and ask its card again."""
    with writing() as session:
        undone = study.undo(
            session, current_actor(), undo_id=identifier("undo"), session_id=g.study_session, now=utcnow()
        )
    tell(card_actions.said_of_undo(undone))
    if undone is None:
        return ask_again(deck_id, Asked())
    return ask_again(deck_id, Asked(undone.card_id, shown=ALL if undone.shown is None else undone.shown))


@served("/cards/<int:card_id>/act", "POST")
def act(deck_id: int | None, card_id: int) -> ResponseReturnValue:
    """Bury, suspend, flag or reset a card, or mark it as known; then go on."""
    with writing() as session:
        said, is_done = card_actions.do(session, current_actor(), card_id, g.study_session, utcnow())
    tell(said)
    return ask_again(deck_id, Asked() if is_done else replace(Asked.read(request.form), card_id=card_id))


@served("/cards/<int:card_id>/edit", "POST")
def edit(deck_id: int | None, card_id: int) -> ResponseReturnValue:
    """Store an edited card and show it as it was before."""
    typed, note_id, version = CardText.from_form(), number("note"), number("version")
    pressed = card_actions.press(card_id, g.study_session)
    with writing() as session:
        actions.edit(
            session,
            current_actor(),
            pressed,
            note_id,
            typed.fields(),
            expected_version=version,
            now=utcnow(),
        )
    say(_("Saved. The card keeps its schedule."))
    return ask_again(deck_id, replace(Asked.read(request.form), card_id=card_id))


@served("/cards/<int:card_id>/report", "POST")
def report(deck_id: int | None, card_id: int) -> ResponseReturnValue:
    """Note what is wrong with a card and show it as it was before."""
    reason = request.form.get("reason", "")
    if reason not in REASONS:
        raise InvalidInput("Choose what is wrong with the card.")
    pressed = card_actions.press(card_id, g.study_session)
    with writing() as session:
        actions.report(session, current_actor(), pressed, reason=reason, text=text("text"), now=utcnow())
        is_own = study.is_own(session, current_actor(), card_id)
    say(_("Reported. It waits for you on Today.") if is_own else _("Reported. The team’s owners and trainers see it."))
    return ask_again(deck_id, replace(Asked.read(request.form), card_id=card_id))


@blueprint.post("/sessions")
def start() -> ResponseReturnValue:
    """Begin a session of what the form chooses, and study it."""
    wanted = _wanted()
    with writing() as session:
        session_id = sessions.start(session, current_actor(), identifier("session"), wanted, now=utcnow())
    return go(url_for("study.show", deck_id=None, session_id=session_id))


@blueprint.get("/sessions/<uuid:session_id>/end")
def end() -> Response:
    """Show what a session came to so far; it can go on."""
    with reading() as session:
        summary = _summary(session, None, utcnow())
    return _rest(None, summary)


@blueprint.post("/reports/<int:report_id>/resolve")
def resolve(report_id: int) -> ResponseReturnValue:
    """Mark a report as dealt with."""
    with writing() as session:
        study.resolve_report(session, current_actor(), report_id, now=utcnow())
    say(_("Done."))
    return go(url_for("today.show"))


def options_of(card: StudyCard, *, choice: int | None) -> Sequence[Option]:
    """Return the answers to choose from, mixed anew each time that the card is asked, but not while it is."""
    texts = {CardKind.CHOICE: list(card.choices), CardKind.TRUE_FALSE: [TRUE, FALSE]}.get(card.kind, [])
    if card.kind is CardKind.CHOICE:
        Random(f"{card.card_id} {card.reviews}").shuffle(texts)  # noqa: S311 - an order, not a secret
    right = card.answer.strip().casefold()
    return [
        Option("ABCDEFGHIJKLMNOPQRSTUVWXYZ"[index % 26], text, text.strip().casefold() == right, index == choice)
        for index, text in enumerate(texts)
    ]


def items_of(card: StudyCard) -> Sequence[str]:
    """Return the items of a list card, to be shown one by one."""
    return items(card.answer) if card.kind is CardKind.LIST else ()


def ask_again(deck_id: int | None, asked: Asked) -> ResponseReturnValue:
    """Answer a form by asking the card as far as it was turned."""
    return reply(url_for("study.show", deck_id=deck_id, **asked.address()), lambda: _show(deck_id, asked))


def _said(answered: Answered) -> str:
    grade = _(GRADES[answered.grade])
    if answered.interval is not None:
        return _("%(grade)s: next in %(time)s.", grade=grade, time=span(answered.interval))
    if answered.grade is Grade.AGAIN:
        return _("%(grade)s: it comes back.", grade=grade)
    return _("%(grade)s: done with for this session.", grade=grade)


def _show(deck_id: int | None, asked: Asked) -> Response:
    now, actor = utcnow(), current_actor()
    with reading() as session:
        card = _card(session, deck_id, asked, now)
        note = decks.note(session, actor, card.note_id) if card and card.is_own and asked.panel == "edit" else None
        parts = items_of(card) if card else ()
        is_open = asked.shown >= max(1, len(parts))
        how = asking(session, actor, card, asked.given, is_open=is_open) if card else None
        course = sessions.course(session, actor, g.study_session) if g.study_session else None
        summary = None if card else _summary(session, deck_id, now)
    info = card_history.values(card.card_id) if card and asked.panel == "info" else None
    if card is None:
        return _rest(deck_id, summary)
    options = options_of(card, choice=asked.choice)
    return page(
        "study/card.html",
        block="study",
        deck_id=deck_id,
        card=card,
        note=note,
        info=info,
        asked=asked,
        reviews=card.reviews if asked.reviews is None else asked.reviews,
        since=asked.since or round(now.timestamp() * 1000),
        items=parts,
        is_open=is_open,
        options=options,
        how=how,
        suggested=_suggested(card, options, how),
        left=card.left.review + card.left.learning + card.left.new,
        course=course,
        reasons=REASONS,
        flags=FLAGS,
        review_id=uuid4(),
        action_id=uuid4(),
        undo_id=uuid4(),
    )


def _suggested(card: StudyCard, options: Sequence[Option], how: Asking | None) -> Grade | None:
    """Return the grade that fits what was answered, as near as it is offered; None where nothing was answered."""
    if how and how.answer:
        fitting = how.answer.suggested
        return fitting if any(option.grade is fitting for option in card.options) else Grade.GOOD
    chosen = next((option for option in options if option.is_chosen), None)
    return None if chosen is None else Grade.GOOD if chosen.is_right else Grade.AGAIN


def _rest(deck_id: int | None, summary: Summary | None) -> Response:
    return page(
        "study/rest.html",
        block="study",
        deck_id=deck_id,
        summary=summary,
        is_session=g.study_session is not None,
        is_left=request.endpoint == "study.end",
        undo_id=uuid4(),
    )


def _summary(session: Session, deck_id: int | None, now: datetime) -> Summary:
    if g.study_session:
        return sessions.summary(session, current_actor(), g.study_session, now=now)
    return sessions.summary_of_today(session, current_actor(), deck_id=deck_id, now=now)


def _card(session: Session, deck_id: int | None, asked: Asked, now: datetime) -> StudyCard | None:
    actor = current_actor()
    if g.study_session and asked.card_id:
        return sessions.card(session, actor, g.study_session, asked.card_id, now=now)
    if g.study_session:
        return sessions.next_card(session, actor, g.study_session, now=now)
    if asked.card_id:
        return study.card(session, actor, asked.card_id, deck_id=deck_id, now=now)
    return study.next_card(session, actor, deck_id=deck_id, now=now)


def _wanted() -> Wanted:
    """Read what a session is to be; of several lengths and reaches the button that was pressed says one."""
    fields = request.form
    try:
        mode = Mode(fields.get("mode", Mode.DUE.value))
        cards = tuple(small(one) for one in fields["card_ids"].split(",")) if fields.get("card_ids") else None
    except ValueError:
        raise InvalidInput("Choose what to study.") from None
    return Wanted(
        mode,
        deck_id=fields.get("deck", type=small),
        card_ids=cards,
        search=fields["q"].replace("\0", " ").strip() if "q" in fields else None,
        most_cards=fields.get("cards", type=small),
        minutes=fields.get("minutes", type=small),
        days=fields.get("days", type=small),
    )


def _grade() -> Grade:
    try:
        return Grade(number("grade"))
    except ValueError:
        raise InvalidInput("Grade the card with Again, Hard, Good or Easy.") from None


def _duration() -> timedelta:
    """Return how long the person took, as far as that can be known from when the card was asked."""
    taken = utcnow().timestamp() - number("since") / 1000
    return timedelta(seconds=min(max(taken, 0.0), LONGEST.total_seconds()))
