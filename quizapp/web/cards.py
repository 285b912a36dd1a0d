"""The card browser: a search, what it finds, one card opened in it, and what is done to many of them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import urlencode
from uuid import UUID, uuid4

from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from quizapp.clock import utcnow
from quizapp.db.browsing import SortedBy
from quizapp.db.bulk_steps import BulkKind
from quizapp.db.engine import Session
from quizapp.db.plans import Queue
from quizapp.domain.expressions import (
    All,
    Either,
    Everything,
    Expression,
    Field,
    Named,
    both,
    exactly,
    printed,
)
from quizapp.domain.flags import FLAGS
from quizapp.domain.search_language import LIMIT_CHARS, Misread
from quizapp.errors import InvalidInput
from quizapp.services import browsing, bulk, decks
from quizapp.services.browsing import Browsed, Names
from quizapp.services.bulk import Step, Wish
from quizapp.services.sessions import MOST_CARDS
from quizapp.translations import _, many, marked
from quizapp.web.acting import current_actor, reading, writing
from quizapp.web.forms import CardText, identifier, number, small, text
from quizapp.web.links import address
from quizapp.web.replies import go, offer_undo, page, reply, say
from quizapp.web.search_help import EXAMPLES, FILTERS
from quizapp.web.words import amount

REVERSED = "-"
UNQUOTED = "!$'()*,/:;?@"  # in what an address asks for, as Flask has it
COLUMNS = {
    SortedBy.QUESTION: marked("Question"),
    SortedBy.DECK: marked("Deck"),
    SortedBy.DUE: marked("Due"),
    SortedBy.STABILITY: marked("Stability"),
    SortedBy.RECALL: marked("Recall"),
    SortedBy.LAPSES: marked("Lapses"),
    SortedBy.TAGS: marked("Tags"),
    SortedBy.FLAG: marked("Flag"),
    SortedBy.STATE: marked("State"),
    SortedBy.ADDED: marked("Added"),
}
LARGEST_FIRST = frozenset({SortedBy.ADDED, SortedBy.LAPSES})  # when they are first sorted by
SAID = {
    BulkKind.MOVE: marked("%(cards)s moved to %(of)s."),
    BulkKind.TAG: marked("%(cards)s tagged %(of)s."),
    BulkKind.UNTAG: marked("%(cards)s without the tag %(of)s."),
    BulkKind.SUSPEND: marked("%(cards)s suspended."),
    BulkKind.RESUME: marked("%(cards)s asked again."),
    BulkKind.FLAG: marked("%(cards)s flagged %(of)s."),
    BulkKind.RESET: marked("%(cards)s new again."),
    BulkKind.DELETE: marked("%(cards)s in the trash for 30 days."),
}
STATES = {
    Queue.NEW: marked("New"),
    Queue.LEARNING: marked("Learning"),
    Queue.REVIEW: marked("Review"),
    Queue.SUSPENDED: marked("Suspended"),
}
blueprint = Blueprint("cards", __name__, url_prefix="/cards")


@dataclass(frozen=True)
class Asked:
    """What the address of the browser asks for."""

    words: str
    order: SortedBy
    is_reversed: bool
    page: int
    open_id: int | None
    is_editing: bool

    @classmethod
    def from_address(cls) -> "Asked":
        """Read the address; an order that is none is the usual one, the newest first."""
        args = request.args
        name = args.get("order", "-added")
        order = next((one for one in SortedBy if one.value == name.removeprefix(REVERSED)), None)
        return cls(
            words=args.get("q", "").replace("\0", " ").strip(),
            order=order or SortedBy.ADDED,
            is_reversed=name.startswith(REVERSED) or order is None,
            page=max(1, args.get("page", 1, type=small)),
            open_id=args.get("open", type=small),
            is_editing=args.get("edit") == "1",
        )

    def address(self, endpoint: str = "cards.index", **changed: object) -> str:
        """Return the address that asks for the same but for what is changed; no card is open in it."""
        return url_for(endpoint, **{**self._asks, **changed})

    def searching(self, query: str) -> str:
        """Return the address of another search in the same order."""
        return self._here(q=query or None, page=None)

    def opening(self, card_id: int) -> str:
        """Return the address that opens a card of the page."""
        return f"{self._opening}{card_id}#c{card_id}"

    @cached_property
    def _opening(self) -> str:
        return self._here(open="")

    def _here(self, **changed: object) -> str:
        """Return the same as `address`, without the way through all routes: a page has a hundred of them."""
        asks = {name: value for name, value in {**self._asks, **changed}.items() if value is not None}
        query = urlencode(asks, safe=UNQUOTED)
        return f"{self._path}?{query}" if query else self._path

    @cached_property
    def _path(self) -> str:
        return address("cards.index")

    @cached_property
    def _asks(self) -> Mapping[str, Any]:
        name = (REVERSED if self.is_reversed else "") + self.order.value
        return {
            "q": self.words or None,
            "order": None if name == "-added" else name,
            "page": self.page if self.page > 1 else None,
        }

    def sorted_by(self, order: SortedBy) -> str:
        """Return the address that sorts by a column, or the other way round if it does already."""
        turned = not self.is_reversed if order is self.order else order in LARGEST_FIRST
        return self._here(order=(REVERSED if turned else "") + order.value, page=None)


@dataclass(frozen=True)
class Filter:
    """Something that can be added to the search, or taken from it, by a link."""

    name: str
    query: str
    is_on: bool


@blueprint.get("")
def index() -> Response:
    """Show what a search finds, a page at a time, one card perhaps open."""
    return _show(Asked.from_address())


@blueprint.post("/bulk")
def change() -> ResponseReturnValue:
    """Do something to the cards that were ticked, or to all that the search finds."""
    asked, now, actor = Asked.from_address(), utcnow(), current_actor()
    wish = _wish()
    with writing() as session:
        if request.form.get("all"):
            chosen = browsing.matching(session, actor, asked.words, now=now)
        else:
            ticked = request.form.getlist("card", type=small)
            chosen = browsing.living(session, actor, ticked, now=now)
        step = bulk.do(session, actor, identifier("step"), wish, chosen, now=now)
    _tell(step, asked)
    return _reply(asked)


@blueprint.post("/steps/<uuid:step_id>/undo")
def undo(step_id: UUID) -> ResponseReturnValue:
    """Take back what was done to many cards."""
    asked = Asked.from_address()
    with writing() as session:
        step = bulk.undo(session, current_actor(), step_id, now=utcnow())
    say(many("%(num)s card as before.", "%(num)s cards as before.", step.cards))
    return _reply(asked)


@blueprint.post("/<int:card_id>/edit")
def edit(card_id: int) -> ResponseReturnValue:
    """Store an edited card; its schedule stays."""
    asked, typed, version = Asked.from_address(), CardText.from_form(), number("version")
    with writing() as session:
        note = browsing.card(session, current_actor(), card_id, now=utcnow()).note
        decks.edit_note(session, current_actor(), note.id, **typed.fields(), expected_version=version, now=utcnow())
    say(_("Saved. The card keeps its schedule."))
    return _reply(asked, open_id=card_id)


@blueprint.post("/saved")
def save() -> ResponseReturnValue:
    """Keep the search under a name."""
    asked = Asked.from_address()
    with writing() as session:
        name = browsing.save(session, current_actor(), text("name"), asked.words, now=utcnow())
    say(_("Saved as %(name)s.", name=name))
    return go(asked.address())


@blueprint.post("/saved/<int:search_id>/delete")
def forget(search_id: int) -> ResponseReturnValue:
    """Take a saved search off the list and offer to put it back."""
    asked = Asked.from_address()
    with writing() as session:
        name = browsing.forget(session, current_actor(), search_id, now=utcnow())
    sentence = _("%(name)s is not kept any more.", name=name)
    offer_undo(sentence, url=asked.address("cards.remember", search_id=search_id))
    return go(asked.address())


@blueprint.post("/saved/<int:search_id>/restore")
def remember(search_id: int) -> ResponseReturnValue:
    """Put a saved search back on the list."""
    asked = Asked.from_address()
    with writing() as session:
        name = browsing.remember(session, current_actor(), search_id)
    say(_("%(name)s is kept again.", name=name))
    return go(asked.address())


def search_address(part: Expression) -> str:
    """Return the address that shows the cards that an expression finds."""
    return url_for("cards.index", q=printed(part))


def deck_address(name: str) -> str:
    """Return the address that shows the cards of a deck and of those inside it."""
    return search_address(Named(Field.DECK, exactly(name)))


def _wish() -> Wish:
    wanted = text("do")
    kind = next((kind for kind in BulkKind if kind.value == wanted), None)
    if kind is None:
        raise InvalidInput("Choose what is to be done with the cards.")
    if kind is BulkKind.MOVE and not text("deck"):
        raise InvalidInput("Choose a deck to move the cards to.")
    deck_id = number("deck") if kind is BulkKind.MOVE else 0
    flag = number("flag") if kind is BulkKind.FLAG else 0
    return Wish(kind, deck_id, text("tags"), flag)


def _tell(step: Step, asked: Asked) -> None:
    if not step.cards:
        say(_("Nothing to change: the cards are so already."))
        return
    done = SAID[step.kind] if step.of or step.kind is not BulkKind.FLAG else marked("%(cards)s without a flag.")
    of = _(step.of) if step.kind is BulkKind.FLAG else step.of
    sentence = _(done, cards=amount(step.cards, "card"), of=of)
    offer_undo(sentence, url=asked.address("cards.undo", step_id=step.id))


def _reply(asked: Asked, *, open_id: int | None = None) -> ResponseReturnValue:
    opened = Asked(asked.words, asked.order, asked.is_reversed, asked.page, open_id, is_editing=False)
    anchor = f"c{open_id}" if open_id else None
    return reply(asked.address(open=open_id, _anchor=anchor), lambda: _show(opened))


def _show(asked: Asked) -> Response:
    now, actor = utcnow(), current_actor()
    with reading() as session:
        found, misread = _found(session, asked)
        opened = browsing.card(session, actor, asked.open_id, now=now) if asked.open_id and found else None
        names, saved = browsing.names(session, actor), browsing.saved(session, actor)
    response = page(
        "cards/index.html",
        block="found",
        asked=asked,
        found=found,
        misread=misread,
        opened=opened,
        names=names,
        saved=saved,
        filters=list(_filters(asked, found, [(_(name), part) for name, part in FILTERS])),
        menus=list(_menus(asked, found, names)),
        examples=[(_(title), [(typed, _(finds)) for typed, finds in lines]) for title, lines in EXAMPLES],
        columns=COLUMNS,
        flags=FLAGS,
        states=STATES,
        step_id=uuid4(),
        is_home=actor.member_id is None,
        limit=LIMIT_CHARS,
        most_studied=MOST_CARDS,
    )
    response.status_code = 422 if misread else 200
    return response


def _found(session: Session, asked: Asked) -> tuple[Browsed | None, Misread | None]:
    """Return what is found, or why the search cannot be understood."""
    try:
        found = browsing.browse(
            session,
            current_actor(),
            asked.words,
            order=asked.order,
            is_reversed=asked.is_reversed,
            page=asked.page,
            now=utcnow(),
        )
    except Misread as misread:
        return None, misread
    return found, None


def _menus(asked: Asked, found: Browsed | None, names: Names) -> Iterator[tuple[str, Sequence[Filter]]]:
    """Give what the search can be narrowed to by name."""
    sorts = (
        (_("Deck"), Field.DECK, [*(name for _id, name in names.decks), *(name for name in names.followed)]),
        (_("Tag"), Field.TAG, names.tags),
        (_("Speaker"), Field.SPEAKER, names.speakers),
        (_("Document"), Field.DOCUMENT, names.documents),
    )
    for title, field, known in sorts:
        parts = [(name, Named(field, exactly(name))) for name in known]
        if parts:
            yield title, list(_filters(asked, found, parts))


def _filters(asked: Asked, found: Browsed | None, parts: Sequence[tuple[str, Expression]]) -> Iterator[Filter]:
    now = found.expression if found else Everything()
    for name, part in parts:
        if browsing.has_part(now, part):
            left = both(*(one for one in (now.parts if isinstance(now, All) else ()) if one != part))
            yield Filter(name, printed(left), is_on=True)
        else:
            words = f"({asked.words})" if isinstance(now, Either) else asked.words if found else ""
            yield Filter(name, f"{words} {printed(part)}".strip(), is_on=False)
