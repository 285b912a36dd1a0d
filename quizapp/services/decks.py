"""Decks and the notes in them: list, look, create, rename, edit, trash and restore."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypedDict

from quizapp.db import decks as deck_rows
from quizapp.db import follows, notes, pictures, plans, samples, study_queues
from quizapp.db.decks import DeckRow, Named
from quizapp.db.engine import Session, media_of
from quizapp.db.notes import NoteRow, ShownNote
from quizapp.db.study_queues import COUNT_LIMIT, DeckCounts
from quizapp.domain import deck_names
from quizapp.domain.audit import Deed
from quizapp.domain.cards import CardKind, DeckId, Illustration, Note, Source
from quizapp.domain.permissions import Action, Actor, may, require
from quizapp.domain.scheduling import mean_retrievability
from quizapp.errors import Conflict, InvalidInput
from quizapp.services import audit
from quizapp.services.access import allowed
from quizapp.services.notes import change, revive, show, source, throw_away
from quizapp.services.settings import StudyPlan, study_plan

PAGE_NOTES = 25
RECALL_SAMPLE = 100  # cards of one deck; more would change the mean by a percent or so
RECALLS_KEPT = 4_096
_recalls: dict[tuple[object, ...], float] = {}  # by all that they depend on


class CardFields(TypedDict):
    """What a card says, as a form has it."""

    question: str
    answer: str
    choices: tuple[str, ...]
    explanation: str


@dataclass(frozen=True)
class DeckSummary:
    """A deck with its subdecks, counted."""

    id: int
    name: str  # "A::B" is the deck B inside A
    cards: int
    due: int  # reviews and learning steps due today, at most 1,000
    new: int  # cards never seen, whatever today's limit
    learned_percent: int  # share of the cards that are in review, out of learning
    recall_percent: int | None  # mean chance of knowing a seen card now; None when none is seen
    documents: tuple[str, ...]  # titles of the documents that the cards come from
    owner_id: int = 0
    team: str | None = None  # whose deck it is; None: one's own
    is_studied: bool = True  # one's own, or followed

    def told(self) -> Mapping[str, object]:
        """Return what other programs are told of it."""
        named = ("id", "name", "cards", "due", "new", "learned_percent", "recall_percent", "documents", "team")
        return {name: getattr(self, name) for name in named}


@dataclass(frozen=True)
class NoteView:
    """A note as a person reads and edits it."""

    id: int
    kind: CardKind
    question: str  # of a cloze: the whole text with its {{c1::...}} marks
    answer: str
    choices: tuple[str, ...]
    explanation: str
    source: Source | None
    illustration: Illustration | None
    quote_is_gone: bool  # the document does not say it any more
    document_id: int | None  # None when there is none to open: by hand, in the trash, or gone
    document_title: str | None
    language: str | None  # of the document
    tags: tuple[str, ...]
    due: datetime | None  # the earliest of its cards; None when all are new
    suspended: bool
    deck_id: int
    deck_name: str
    version: int  # send it back as `expected_version`


@dataclass(frozen=True)
class DeckView:
    """One page of a deck."""

    summary: DeckSummary
    notes: Sequence[NoteView]
    pages: int
    page: int  # 1 is the first
    branches: Sequence["Branch"]  # the decks inside it
    can_edit: bool


@dataclass(frozen=True)
class Branch:
    """A deck among those that it is in, with the decks inside it."""

    deck: DeckSummary
    name: str  # within the deck above, where that is there
    branches: Sequence["Branch"]


def decks(session: Session, actor: Actor, *, now: datetime) -> Sequence[DeckSummary]:
    """Return the decks of the library that is open, by name."""
    rows = deck_rows.by_name(session, actor.learner_id)
    return _summaries(session, actor, rows, now=now)


def studied(session: Session, actor: Actor, *, now: datetime) -> Sequence[DeckSummary]:
    """Return the decks that the actor studies: their own by name, then those of their teams."""
    return _summaries(session, actor, follows.studied(session, actor.person_id), now=now)


def of_library(session: Session, actor: Actor, library_id: int, *, now: datetime) -> Sequence[DeckSummary]:
    """Return the decks of a library that the actor may study, by name."""
    require(actor, Action.STUDY, library_id, thing="library")
    return _summaries(session, actor, deck_rows.by_name(session, library_id), now=now)


def deck(session: Session, actor: Actor, deck_id: int, *, now: datetime, page: int = 1) -> DeckView:
    """Return one page of a deck's notes, those of its subdecks among them, in the order they were made."""
    row = allowed(deck_rows.shown(session, deck_id), actor, Action.SEE, thing="deck")
    family = deck_rows.shown_family(session, row)
    ids = [member.id for member in family]
    pages = max(1, -(-notes.count_in_decks(session, ids) // PAGE_NOTES))
    page = min(max(page, 1), pages)
    shown = notes.in_decks(session, ids, offset=PAGE_NOTES * (page - 1), limit=PAGE_NOTES)
    summaries = _summaries(session, actor, family, now=now)
    summary = next(one for one in summaries if one.id == row.id)
    (whole,) = nested(summaries)
    can_edit = may(actor, Action.EDIT, row.owner_id)
    return DeckView(summary, _views(session, actor, shown), pages, page, whole.branches, can_edit)


def nested(summaries: Sequence[DeckSummary]) -> Sequence[Branch]:
    """Arrange decks as they lie in one another; one whose deck above is not there stands where that would."""
    known = {deck_names.key(one.name) for one in summaries}
    below: dict[str | None, list[DeckSummary]] = {}
    for one in summaries:
        *above, _ = deck_names.lineage(deck_names.key(one.name))
        below.setdefault(next((name for name in reversed(above) if name in known), None), []).append(one)

    def branches(above: DeckSummary | None) -> Sequence[Branch]:
        own = len(above.name + deck_names.SEPARATOR) if above else 0
        found = below.get(deck_names.key(above.name) if above else None, ())
        return tuple(Branch(one, one.name[own:], branches(one)) for one in found)

    return branches(None)


def places(session: Session, actor: Actor, deck_id: int) -> Sequence[tuple[int, str]]:
    """Return id and name of the decks that a deck can be moved into: neither itself nor one inside it."""
    row = allowed(deck_rows.shown(session, deck_id), actor, Action.EDIT, thing="deck")
    family = {member.id for member in deck_rows.shown_family(session, row)}
    return [(one.id, one.name) for one in deck_rows.by_name(session, actor.learner_id) if one.id not in family]


def create(session: Session, actor: Actor, name: str, *, now: datetime) -> DeckId:
    """Create an empty deck; a name that exists is a conflict."""
    name = deck_names.clean(name)
    _refuse_taken(session, actor, name)
    row = deck_rows.add(session, actor.learner_id, name, now=now)
    audit.note_of(session, actor, row, Deed.MADE, kind="deck", detail=row.name, now=now)
    return DeckId(row.id)


def move(session: Session, actor: Actor, deck_id: int, *, into: int | None, now: datetime) -> str:
    """Move a deck with its subdecks into another, or out of all, and return the name that it had."""
    row = _living(session, actor, deck_id, Action.EDIT)
    above = None if into is None else _living(session, actor, into, Action.EDIT)
    if above and above.id in {member.id for member in deck_rows.family(session, row)}:
        raise InvalidInput("A deck cannot be moved into itself or into a deck inside it. Choose another one.")
    return rename(session, actor, deck_id, deck_names.inside(row.name, above.name if above else None), now=now)


def rename(session: Session, actor: Actor, deck_id: int, name: str, *, now: datetime) -> str:
    """Rename a deck together with its subdecks, and return the name that it had."""
    row = _living(session, actor, deck_id, Action.EDIT)
    old, new = row.name, deck_names.clean(name)
    family = deck_rows.family(session, row)
    ours = {member.id for member in family}
    renamed = {member.id: deck_names.clean(deck_names.moved(member.name, old, new)) for member in family}
    for wanted in renamed.values():
        taken = deck_rows.named(session, actor.learner_id, wanted)
        if taken is not None and taken.id not in ours:
            raise Conflict("There is a deck named “%(name)s” already. Choose another name.", name=taken.name)
    for member in family:
        member.name_key = f"::{member.id}"  # no deck's key: "A" may take over the name of its own "A::A"
    session.flush()
    for member in family:
        member.name = renamed[member.id]
        member.name_key = deck_names.key(member.name)
    session.flush()
    came_along = [follows.inherit(session.connection(), member) for member in family]
    if any(came_along):
        plans.settle_decks(session, list(ours))
    audit.note_of(session, actor, row, Deed.CHANGED, kind="deck", detail=row.name, now=now)
    return old


def delete(session: Session, actor: Actor, deck_id: int, *, now: datetime) -> str:
    """Move a deck and its subdecks to the trash, cards, schedules and all, and return its name."""
    row = _living(session, actor, deck_id, Action.EDIT)
    family = deck_rows.family(session, row)
    for member in family:
        member.deleted_at = now
    session.flush()
    plans.settle_decks(session, [member.id for member in family])
    audit.note_of(session, actor, row, Deed.DELETED, kind="deck", detail=row.name, now=now)
    return row.name


def restore(session: Session, actor: Actor, deck_id: int, *, now: datetime) -> str:
    """Take a deck and what was deleted with it out of the trash, and return its name."""
    row = allowed(deck_rows.get(session, deck_id), actor, Action.EDIT, thing="deck")
    if row.deleted_at is None:
        return row.name
    family = deck_rows.family(session, row)
    for member in family:
        if taken := deck_rows.named(session, actor.learner_id, member.name):
            raise Conflict(
                "There is another deck named “%(name)s” now. Rename that one, then restore this.", name=taken.name
            )
    for member in family:
        member.deleted_at = None
    session.flush()
    plans.settle_decks(session, [member.id for member in family])
    audit.note_of(session, actor, row, Deed.RESTORED, kind="deck", detail=row.name, now=now)
    return row.name


def note(session: Session, actor: Actor, note_id: int) -> NoteView:
    """Return one note."""
    row = allowed(notes.shown(session, note_id), actor, Action.SEE, thing="card")
    return _views(session, actor, [row])[0]


def edit_note(  # noqa: PLR0913 - the fields of a note
    session: Session,
    actor: Actor,
    note_id: int,
    *,
    question: str,
    answer: str,
    choices: Sequence[str] = (),
    explanation: str = "",
    expected_version: int | None = None,
    now: datetime,
) -> None:
    """Change what a note says; its cards keep their schedules.

    Cards for new cloze numbers are added, those of numbers that are gone are set
    aside with their reviews. With another version stored than expected, somebody
    changed the note meanwhile: a conflict.
    """
    row = _living_note(session, actor, note_id, Action.EDIT)
    if expected_version is not None and row.version != expected_version:
        raise Conflict("This card was changed elsewhere meanwhile. Load it again, then make your change.")
    tidy = tuple(choice.strip() for choice in choices)
    wanted = Note(row.kind, question.strip(), answer.strip(), tidy, explanation.strip())
    change(session, row, wanted, by=actor.person_id, now=now)
    audit.note_of(session, actor, row, Deed.CHANGED, kind="card", detail=row.question, now=now)


def move_note(session: Session, actor: Actor, note_id: int, *, into: str, now: datetime) -> str:
    """Move a note with its schedules to the deck of that name, which must be there; return that of the one it was in."""
    row = _living_note(session, actor, note_id, Action.EDIT)
    deck = deck_rows.named(session, actor.learner_id, deck_names.clean(into))
    if deck is None:
        raise InvalidInput("There is no deck named “%(into)s”. Make it first, or choose one that is there.", into=into)
    before = row.deck.name
    if deck.name == before:
        return before
    row.deck = deck
    session.flush()
    plans.settle_notes(session, [row.id])
    audit.note_of(session, actor, row, Deed.CHANGED, kind="card", detail=row.question, now=now)
    return before


def illustrations(session: Session, actor: Actor, note_id: int) -> Sequence[Illustration]:
    """Return the pictures that a note can show: those of its document, and the one that it has."""
    row = _living_note(session, actor, note_id, Action.SEE)
    found = [] if row.document_id is None else list(pictures.of_document(session, row.document_id))
    own = pictures.illustration(row.picture)
    return found if own is None or own in found else [own, *found]


def choose_illustration(session: Session, actor: Actor, note_id: int, picture_id: int | None, *, now: datetime) -> None:
    """Let a note show one of the pictures of its document, or none."""
    row = _living_note(session, actor, note_id, Action.EDIT)
    if picture_id == row.picture_id:
        return
    if picture_id is not None:
        picture = allowed(pictures.get(session, picture_id), actor, Action.SEE, thing="picture")
        if picture.document_id is None or picture.document_id != row.document_id:
            raise InvalidInput("This picture is of another document. Choose one of the card's own.")
    show(session, row, picture_id, now=now)
    audit.note_of(session, actor, row, Deed.CHANGED, kind="card", detail=row.question, now=now)


def delete_note(session: Session, actor: Actor, note_id: int, *, now: datetime) -> None:
    """Move a note to the trash."""
    row = _living_note(session, actor, note_id, Action.EDIT)
    throw_away(session, row, now=now)
    audit.note_of(session, actor, row, Deed.DELETED, kind="card", detail=row.question, now=now)


def restore_note(session: Session, actor: Actor, note_id: int, *, now: datetime) -> None:
    """Take a note out of the trash; its schedule is where it was."""
    row = allowed(notes.get(session, note_id), actor, Action.EDIT, thing="card")
    if row.deck.deleted_at is not None:
        raise Conflict("This card's deck “%(name)s” is in the trash. Restore the deck first.", name=row.deck.name)
    revive(session, row)
    audit.note_of(session, actor, row, Deed.RESTORED, kind="card", detail=row.question, now=now)


def suspend_note(session: Session, actor: Actor, note_id: int) -> None:
    """Set a note aside for the actor: its cards are not asked until it is taken back."""
    row = _living_note(session, actor, note_id, Action.STUDY)
    plans.suspend(session, row.id, learner_id=actor.person_id, suspended=True)


def _living(session: Session, actor: Actor, deck_id: int, action: Action) -> DeckRow:
    return allowed(deck_rows.living(session, deck_id), actor, action, thing="deck")


def _living_note(session: Session, actor: Actor, note_id: int, action: Action) -> NoteRow:
    return allowed(notes.get_living(session, note_id), actor, action, thing="card")


def _refuse_taken(session: Session, actor: Actor, name: str) -> None:
    if taken := deck_rows.named(session, actor.learner_id, name):
        raise Conflict("There is a deck named “%(name)s” already. Choose another name.", name=taken.name)


def _views(session: Session, actor: Actor, rows: Sequence[ShownNote]) -> Sequence[NoteView]:
    ids = [row.id for row in rows]
    tags, places = notes.tags_of(session, ids), plans.by_note(session, actor.person_id, ids)
    return [_view(row, tags.get(row.id, ()), places.get(row.id, (None, False))) for row in rows]


def _view(row: ShownNote, tags: tuple[str, ...], place: tuple[datetime | None, bool]) -> NoteView:
    due, suspended = place
    return NoteView(
        id=row.id,
        kind=row.kind,
        question=row.question,
        answer=row.answer,
        choices=row.choices,
        explanation=row.explanation,
        source=source(row),
        illustration=row.illustration,
        quote_is_gone=row.quote_gone_at is not None,
        document_id=row.document_id if row.document_deleted_at is None else None,
        document_title=row.document_title,
        language=row.document_language,
        tags=tags,
        due=due,
        suspended=suspended,
        deck_id=row.deck_id,
        deck_name=row.deck_name,
        version=row.version,
    )


def _summaries(
    session: Session, actor: Actor, rows: Sequence[DeckRow | Named], *, now: datetime
) -> Sequence[DeckSummary]:
    """Count the decks, each with those of its subdecks that are among the rows."""
    how = study_plan(session, actor)
    ids = [row.id for row in rows]
    counts = study_queues.deck_counts(session, actor.person_id, ids, now=now, end=how.days.end_of_today(now))
    shared = _shared(session, actor, rows, counts, now)
    titles = notes.document_titles(session, ids)
    recall, within = _recalls_of(session, actor, counts, how, now), _within(rows)
    found = [_summary(row, within[row.owner_id, row.name_key], shared.counts, recall, titles) for row in rows]
    return [shared.told(one) for one in found]


def known_percents(
    session: Session, actor: Actor, rows: Sequence[DeckRow | Named], how: StudyPlan, *, now: datetime
) -> Mapping[int, int | None]:
    """Return what summaries of these decks have as `recall_percent`, by deck."""
    ids, end = [row.id for row in rows], how.days.end_of_today(now)
    counts = study_queues.deck_counts(session, actor.person_id, ids, now=now, end=end)
    recall, within = _recalls_of(session, actor, counts, how, now), _within(rows)
    return {row.id: _recall_percent(within[row.owner_id, row.name_key], counts, recall) for row in rows}


def _within(rows: Sequence[DeckRow | Named]) -> Mapping[tuple[int, str], Sequence[int]]:
    """Return by owner and name the decks of that name and those inside it."""
    within: dict[tuple[int, str], list[int]] = {}
    for row in rows:
        for name in deck_names.lineage(row.name_key):
            within.setdefault((row.owner_id, name), []).append(row.id)
    return within


def _recalls_of(
    session: Session, actor: Actor, counts: Mapping[int, DeckCounts], how: StudyPlan, now: datetime
) -> Mapping[int, float]:
    seen = {deck_id: count for deck_id, count in counts.items() if count.seen}
    return {deck_id: _recall(session, actor, deck_id, count, how, now) for deck_id, count in seen.items()}


def _recall_percent(ids: Sequence[int], counts: Mapping[int, DeckCounts], recall: Mapping[int, float]) -> int | None:
    """Return the mean chance of knowing a seen card of these decks; None when none is seen."""
    seen = sum(counts[i].seen for i in ids if i in counts)
    return round(100 * sum(recall[i] * counts[i].seen for i in ids if i in recall) / seen) if seen else None


@dataclass(frozen=True)
class _Shared:
    """What is known of decks that may be a team's."""

    counts: Mapping[int, DeckCounts]  # of the person, but that every card of the deck is counted
    teams: Mapping[int, str]  # by their libraries
    followed: Collection[int]

    def told(self, deck: DeckSummary) -> DeckSummary:
        """Say of a deck whose it is."""
        if deck.owner_id not in self.teams:
            return deck
        return replace(deck, team=self.teams[deck.owner_id], is_studied=deck.id in self.followed)


def _shared(
    session: Session, actor: Actor, rows: Sequence[DeckRow | Named], counts: Mapping[int, DeckCounts], now: datetime
) -> _Shared:
    by_owner: dict[int, list[int]] = {}
    for row in rows:
        if row.owner_id != actor.person_id:
            by_owner.setdefault(row.owner_id, []).append(row.id)
    if not by_owner:
        return _Shared(counts, {}, ())
    whole = dict(counts)
    for owner_id, ids in by_owner.items():
        for deck_id, found in study_queues.deck_counts(session, owner_id, ids, now=now, end=now).items():
            whole[deck_id] = replace(counts.get(deck_id, DeckCounts()), cards=found.cards)
    return _Shared(whole, follows.libraries(session, actor.person_id), follows.followed(session, actor.person_id))


def _recall(session: Session, actor: Actor, deck_id: int, counts: DeckCounts, how: StudyPlan, now: datetime) -> float:
    """Estimate the mean chance that the learner knows a seen card of the deck now.

    It stays the same until the day turns or the deck changes, which is counted; only sessions that read ask for it.
    """
    known = media_of(session), actor.person_id, deck_id, counts.changes, how, how.days.day_of(now)
    if known not in _recalls:
        traces = samples.traces(session, actor.person_id, deck_id, share=min(1.0, RECALL_SAMPLE / counts.seen))
        if len(_recalls) >= RECALLS_KEPT:
            _recalls.clear()
        _recalls[known] = mean_retrievability(traces, now, how.days, how.preset)
    return _recalls[known]


def _summary(
    row: DeckRow | Named,
    ids: Sequence[int],
    counts: Mapping[int, DeckCounts],
    recall: Mapping[int, float],
    titles: Mapping[int, Sequence[str]],
) -> DeckSummary:
    each = [counts[i] for i in ids if i in counts]
    cards = sum(one.cards for one in each)
    return DeckSummary(
        id=row.id,
        name=row.name,
        cards=cards,
        due=min(sum(one.due for one in each), COUNT_LIMIT),
        new=sum(one.new for one in each),
        learned_percent=100 * sum(one.learned for one in each) // max(1, cards),
        recall_percent=_recall_percent(ids, counts, recall),
        documents=tuple(dict.fromkeys(title for i in ids for title in titles.get(i, ()))),
        owner_id=row.owner_id,
    )
