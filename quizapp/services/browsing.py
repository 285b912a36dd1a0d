"""Cards looked for: what a search finds, one card in full, and what can be searched for. Start from `browse`.

`matching` gives the ids alone, for whatever is done to all that is found.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from quizapp.db import browsing as rows
from quizapp.db import follows, notes, saved_searches
from quizapp.db.browsing import BrowsedCard, SortedBy
from quizapp.db.card_conditions import Reckoning
from quizapp.db.engine import Session
from quizapp.db.plans import Queue
from quizapp.domain import scheduling
from quizapp.domain.cards import CardId, CardKind, faces
from quizapp.domain.expressions import All, Expression, Ids, Is, Not, OneOf, State, both
from quizapp.domain.permissions import Action, Actor, may
from quizapp.domain.search_language import parse
from quizapp.domain.searching import folded
from quizapp.domain.sessions import Mode
from quizapp.errors import InvalidInput
from quizapp.services import decks
from quizapp.services.access import allowed
from quizapp.services.decks import NoteView
from quizapp.services.settings import StudyPlan, study_plan

_AT_HAND = both(Not(Is(State.SUSPENDED)), Not(Is(State.BURIED)))
_STUDIED = {Mode.DUE: both(Is(State.DUE), _AT_HAND), Mode.AHEAD: _AT_HAND, Mode.PRACTICE: _AT_HAND}
PAGE_CARDS = 25
ALL_AT_ONCE = 1_000
PAGES = 800  # that can be turned to; who looks for more narrows the search
NAMES = 200  # of each sort to choose from
NAME_CHARS = 60


@dataclass(frozen=True)
class CardLine:
    """A card as one line of the browser."""

    card_id: int
    note_id: int
    kind: CardKind
    question: str  # of the face: a cloze shows its gap
    answer: str
    deck_id: int
    deck_name: str
    queue: Queue
    due: datetime | None
    is_due: bool
    is_buried: bool
    stability: float | None  # days; None before the first answer
    difficulty: float | None  # 0 to 1, as Anki says it
    recall: float | None  # the chance of knowing it today, 0 to 1
    reviews: int
    lapses: int
    flag: int
    tags: tuple[str, ...]


@dataclass(frozen=True)
class Browsed:
    """A page of what was found."""

    cards: Sequence[CardLine]
    total: int
    due: int  # of all that was found, how many can be studied now; 0 where nothing is asked for
    page: int  # 1 is the first
    pages: int
    expression: Expression


@dataclass(frozen=True)
class OpenedCard:
    """One card in full."""

    line: CardLine
    note: NoteView
    can_edit: bool


@dataclass(frozen=True)
class Names:
    """What can be searched for by its name."""

    decks: Sequence[tuple[int, str]]
    tags: Sequence[str]
    speakers: Sequence[str]
    documents: Sequence[str]
    followed: Sequence[str] = ()  # decks of teams


@dataclass(frozen=True)
class SavedSearch:
    """A search that is kept under a name."""

    id: int
    name: str
    query: str


def browse(
    session: Session,
    actor: Actor,
    asked: str,
    *,
    order: SortedBy = SortedBy.ADDED,
    is_reversed: bool = True,
    page: int = 1,
    now: datetime,
) -> Browsed:
    """Return a page of the actor's cards that a search finds; one that cannot be understood is refused (Misread)."""
    by, expression = _reckoning(session, actor, now), parse(asked)
    total, due = rows.counts(session, by, expression, _STUDIED[Mode.DUE])
    pages = min(max(1, -(-total // PAGE_CARDS)), PAGES)
    page = min(max(page, 1), pages)
    offset = PAGE_CARDS * (page - 1)
    shown = rows.rows(session, by, expression, order=order, is_reversed=is_reversed, offset=offset, limit=PAGE_CARDS)
    return Browsed(_lines(session, by, shown), total, due, page, pages, expression)


def all_found(session: Session, actor: Actor, asked: str, *, now: datetime) -> Sequence[CardLine]:
    """Return all the actor's cards that a search finds, the newest last."""
    by = _reckoning(session, actor, now)
    found = rows.ids(session, by, parse(asked))
    parts = (found[start : start + ALL_AT_ONCE] for start in range(0, len(found), ALL_AT_ONCE))
    lines = [line for part in parts for line in _lines(session, by, rows.of_cards(session, actor.learner_id, part))]
    return sorted(lines, key=lambda line: line.card_id)


def matching(session: Session, actor: Actor, asked: str, *, now: datetime) -> Sequence[CardId]:
    """Return the actor's cards that a search finds, in the order in which they were made.

    Those that are suspended or buried are among them, those in the trash are not.
    """
    return [CardId(card_id) for card_id in rows.ids(session, _reckoning(session, actor, now), parse(asked))]


def to_study(session: Session, actor: Actor, asked: str, mode: Mode, *, limit: int, now: datetime) -> Sequence[CardId]:
    """Return so many of the actor's cards that a search finds and that such a session asks, the weakest first.

    Suspended and buried ones are not among them; where what is due is studied, only that is.
    """
    by, expression = _reckoning(session, actor, now), both(parse(asked), _STUDIED[mode])
    return [CardId(card_id) for card_id in rows.weakest(session, by, expression, limit=limit)]


def living(session: Session, actor: Actor, card_ids: Sequence[int], *, now: datetime) -> Sequence[CardId]:
    """Return those of the cards that the actor has and that are not in the trash."""
    these = OneOf(Ids.CARD, tuple(card_ids))
    return [CardId(card_id) for card_id in rows.ids(session, _reckoning(session, actor, now), these)]


def card(session: Session, actor: Actor, card_id: int, *, now: datetime) -> OpenedCard:
    """Return one card in full."""
    found = rows.of_cards(session, actor.learner_id, [card_id])
    row = allowed(found[0] if found else None, actor, Action.SEE, thing="card")
    note = decks.note(session, actor, row.note_id)
    line = _lines(session, _reckoning(session, actor, now), [row])[0]
    return OpenedCard(line, note, may(actor, Action.EDIT, row.owner_id))


def names(session: Session, actor: Actor) -> Names:
    """Return what the actor can search for by name, at most 200 of each sort, in alphabetical order."""
    studied = follows.studied(session, actor.learner_id)
    named = notes.names(session, actor.learner_id, limit=NAMES)
    owned = [(deck.id, deck.name) for deck in studied if deck.owner_id == actor.learner_id]
    followed = [deck.name for deck in studied if deck.owner_id != actor.learner_id]
    tags, speakers, documents = (sorted(one, key=folded) for one in named)
    return Names(owned[:NAMES], tags, speakers, documents, followed[:NAMES])


def has_part(expression: Expression, part: Expression) -> bool:
    """Say whether an expression asks for the part, among others or alone."""
    return expression == part or (isinstance(expression, All) and part in expression.parts)


def saved(session: Session, actor: Actor) -> Sequence[SavedSearch]:
    """Return the actor's saved searches by name."""
    return [SavedSearch(row.id, row.name, row.query) for row in saved_searches.listed(session, actor.learner_id)]


def save(session: Session, actor: Actor, name: str, asked: str, *, now: datetime) -> str:
    """Keep a search under a name, in the place of one of the same name, and return the name."""
    tidy = " ".join(name.replace("\0", "").split())[:NAME_CHARS]
    if not tidy:
        raise InvalidInput("A saved search needs a name. Write one, such as Hard ones.")
    parse(asked)
    for row in saved_searches.by_name(session, actor.learner_id):
        if folded(row.name) == folded(tidy):
            row.deleted_at = now
    saved_searches.add(session, actor.learner_id, tidy, asked.strip(), now=now)
    return tidy


def forget(session: Session, actor: Actor, search_id: int, *, now: datetime) -> str:
    """Take a saved search off the list, and return its name."""
    row = allowed(saved_searches.get(session, search_id), actor, Action.EDIT, thing="saved search")
    row.deleted_at = row.deleted_at or now
    return row.name


def remember(session: Session, actor: Actor, search_id: int) -> str:
    """Put a saved search back on the list, and return its name."""
    row = allowed(saved_searches.get(session, search_id), actor, Action.EDIT, thing="saved search")
    row.deleted_at = None
    return row.name


def _reckoning(session: Session, actor: Actor, now: datetime) -> Reckoning:
    how: StudyPlan = study_plan(session, actor)
    libraries = () if actor.member_id else tuple(follows.libraries(session, actor.learner_id))
    return Reckoning(actor.learner_id, now, how.days, how.preset, libraries)


def _lines(session: Session, by: Reckoning, found: Sequence[BrowsedCard]) -> Sequence[CardLine]:
    tags = notes.tags_of(session, list({row.note_id for row in found}))
    return [_line(row, by, tags.get(row.note_id, ())) for row in found]


def _line(row: BrowsedCard, by: Reckoning, tags: tuple[str, ...]) -> CardLine:
    face = next(face for face in faces(row.note) if face.ordinal == row.ordinal)
    memory = row.memory
    until = by.start(1) if row.queue is Queue.LEARNING else by.now
    return CardLine(
        card_id=row.card_id,
        note_id=row.note_id,
        kind=row.note.kind,
        question=face.question,
        answer=face.answer,
        deck_id=row.deck_id,
        deck_name=row.deck_name,
        queue=row.queue,
        due=row.due,
        is_due=row.due is not None and row.due <= until and row.queue in {Queue.LEARNING, Queue.REVIEW},
        is_buried=row.buried_until is not None and row.buried_until > by.now,
        stability=memory.stability if memory else None,
        difficulty=scheduling.difficulty_share(memory) if memory else None,
        recall=scheduling.retrievability(memory, by.now, by.days, by.preset) if memory else None,
        reviews=memory.reviews if memory else 0,
        lapses=memory.lapses if memory else 0,
        flag=row.flag,
        tags=tags,
    )
