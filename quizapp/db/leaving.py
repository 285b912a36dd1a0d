"""Notes with all that another program is told of them, and how far a learner is with each of their cards."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import groupby
from operator import attrgetter, itemgetter
from typing import Any, NamedTuple, cast

from sqlalchemy import BigInteger, Table, and_, bindparam, case, func, null, select, type_coerce
from sqlalchemy.orm import Session

from quizapp.db import card_actions, prepared, reviews
from quizapp.db.base import milliseconds
from quizapp.db.decks import DeckRow
from quizapp.db.documents import DocumentRow
from quizapp.db.notes import CardRow, NoteRow, NoteTagRow, tags_of
from quizapp.db.pictures import PictureRow
from quizapp.db.plans import PlanRow
from quizapp.db.reviews import MemoryRow, ReviewRow
from quizapp.domain.card_progress import CardProgress, Logged, moment
from quizapp.domain.cards import CardKind, Illustration, Note, Source
from quizapp.domain.incoming import PastEvent
from quizapp.domain.options import NewOrder
from quizapp.domain.queues import Kind
from quizapp.domain.scheduling import Grade, Memory

BATCH_NOTES = 1_000
PICTURE = len(Illustration.__dataclass_fields__)  # columns, ahead of those of the note


class Leaving(NamedTuple):
    """A note with all that another program is told of it."""

    guid: str
    note: Note
    deck_name: str
    created: datetime
    modified: datetime
    typed: bool  # whether its answers are typed
    document_title: str | None
    document_address: str | None  # where the document was fetched
    language: str | None  # of the document
    illustration: Illustration | None
    cards: Mapping[int, CardProgress]  # by ordinal; empty unless a learner was named


class Told(NamedTuple):
    """What a note says, and what else decides how much of it a format loses."""

    kind: CardKind
    question: str
    answer: str
    choices: tuple[str, ...]
    explanation: str
    deck_id: int
    is_quoted: bool
    is_pictured: bool
    is_tagged: bool


_NOTES = (
    *(PictureRow.id, PictureRow.hash, PictureRow.alt, PictureRow.width, PictureRow.height, PictureRow.media_type),
    PictureRow.start,
    *(NoteRow.id, NoteRow.guid, DeckRow.name, NoteRow.created, NoteRow.modified, NoteRow.typed, DeckRow.typed),
    *(DocumentRow.title, DocumentRow.url, DocumentRow.language),
    *(NoteRow.kind, NoteRow.question, NoteRow.answer, NoteRow.choices, NoteRow.explanation),
    *(NoteRow.quote, NoteRow.start, NoteRow.end, NoteRow.speaker, NoteRow.heading, NoteRow.page, NoteRow.columns),
)
_TOLD = (
    select(NoteRow.kind, NoteRow.question, NoteRow.answer, NoteRow.choices, NoteRow.explanation)
    .add_columns(NoteRow.deck_id, NoteRow.quote.is_not(None).label("is_quoted"))
    .add_columns(NoteRow.picture_id.is_not(None).label("is_pictured"))
    .add_columns(select(NoteTagRow.tag_id).where(NoteTagRow.note_id == NoteRow.id).exists().label("is_tagged"))
    .where(NoteRow.deck_id.in_(bindparam("decks", expanding=True)), NoteRow.deleted_at.is_(None))
    .order_by(NoteRow.id)
    .limit(bindparam("limit"))
)
_CARDS, _PLANS, _MEMORIES, _REVIEWS = (cast(Table, row.__table__) for row in (CardRow, PlanRow, MemoryRow, ReviewRow))
_CARD, _PLAN, _MEMORY, _REVIEW, _UNDO = _CARDS.c, _PLANS.c, _MEMORIES.c, _REVIEWS.c, _REVIEWS.alias("undo").c
_STANDING = (
    select(_CARD.note_id, _CARD.ordinal, _CARD.id, _PLAN.called, _PLAN.buried_until, _PLAN.suspended, _PLAN.flag)
    .add_columns(*(_MEMORY[name] for name in Memory.__dataclass_fields__))
    .join_from(_CARDS, _PLANS, and_(_PLAN.card_id == _CARD.id, _PLAN.learner_id == bindparam("learner")))
    .outerjoin(_MEMORIES, and_(_MEMORY.card_id == _CARD.id, _MEMORY.learner_id == bindparam("learner")))
    .where(_CARD.note_id.in_(bindparam("notes", expanding=True)), _CARD.removed_at.is_(None))
)
_A_SECOND, _A_MILLISECOND = 1_000_000, 1_000  # in microseconds, which durations are kept in
_ANSWERS = (  # as `Logged` has them
    select(_REVIEW.card_id, milliseconds(_REVIEW.at))
    .add_columns(case(*((_REVIEW.grade == grade, int(grade)) for grade in reversed(Grade))))
    .add_columns(case((_REVIEW.was == Kind.REVIEW, 1), else_=0))
    .add_columns(func.coalesce(type_coerce(_REVIEW.interval, BigInteger) // _A_SECOND, 0))
    .add_columns(func.coalesce(type_coerce(_REVIEW.duration, BigInteger) // _A_MILLISECOND, 0))
    .add_columns(null())
    .where(
        _REVIEW.card_id.in_(bindparam("cards", expanding=True)),
        _REVIEW.learner_id == bindparam("learner"),
        _REVIEW.grade.is_not(None),
    )
    .where(~select(_UNDO.id).where(_UNDO.undoes == _REVIEW.id).exists())
    .order_by(_REVIEW.card_id, _REVIEW.at, _REVIEW.id)
)

Histories = Callable[[Session, Sequence[int], int], Mapping[int, Sequence[PastEvent]]]
_EVENTS = _ANSWERS.with_only_columns(
    *(_REVIEW.card_id, _REVIEW.was, _REVIEW.interval, _REVIEW.duration),
    *(_REVIEW.id, _REVIEW.at, _REVIEW.grade, _REVIEW.undoes, _REVIEW.steps, _REVIEW.spread),
)


def told(session: Session, deck_ids: Sequence[int], *, limit: int) -> Sequence[Told]:
    """Return what decides how much of so many living notes of the decks other formats lose, the oldest first."""
    return [Told(*row) for row in prepared.rows(session, _TOLD, {"decks": list(deck_ids), "limit": limit})]


def notes(
    session: Session,
    deck_ids: Sequence[int],
    *,
    learner_id: int | None = None,
    order: NewOrder = NewOrder.ADDED,
    histories: Histories | None = None,
) -> Iterator[Leaving]:
    """Give the living notes of the decks, in the order in which new ones are studied; read in batches, so use them at once.

    With how far the learner is, if one is named: by the logs, or by other histories of their cards.
    """
    query = select(*_NOTES).join(NoteRow.deck).outerjoin(NoteRow.document).outerjoin(NoteRow.picture)
    query = query.where(NoteRow.deck_id.in_(deck_ids), NoteRow.deleted_at.is_(None))
    if order is NewOrder.POSITION:
        query = query.order_by(NoteRow.document_id.nulls_last(), NoteRow.start)
    query = query.order_by(NoteRow.id).execution_options(yield_per=BATCH_NOTES)
    for batch in session.execute(query).partitions():
        ids = [int(row[PICTURE]) for row in batch]
        tags = tags_of(session, ids)
        cards = {} if learner_id is None else _cards(session, ids, learner_id, histories)
        for row in batch:
            yield _leaving(row, tags, cards)


def _leaving(
    row: Sequence[Any], tags: Mapping[int, tuple[str, ...]], cards: Mapping[int, Mapping[int, CardProgress]]
) -> Leaving:
    note_id, guid, deck, created, modified, typed, typed_deck, title, url, language, *said = row[PICTURE:]
    kind, question, answer, choices, explanation, quote, start, end, speaker, heading, page, columns = said
    source = None if quote is None else Source(quote, start, end, speaker, heading, page, tuple(columns or ()))
    return Leaving(
        guid=guid,
        note=Note(kind, question, answer, choices, explanation, source, tags.get(note_id, ())),
        deck_name=deck,
        created=created,
        modified=modified,
        typed=bool(typed_deck if typed is None else typed),
        document_title=title,
        document_address=url,
        language=language,
        illustration=None if row[0] is None else Illustration(*row[:PICTURE]),
        cards=cards.get(note_id, {}),
    )


def _cards(
    session: Session, note_ids: Sequence[int], learner_id: int, histories: Histories | None
) -> Mapping[int, Mapping[int, CardProgress]]:
    """Return how far the learner is with every card of the notes, by note and ordinal."""
    rows = session.execute(_STANDING, {"notes": note_ids, "learner": learner_id}).all()
    ids = [row[2] for row in rows]
    logs = {} if histories else _logs(session, ids, learner_id)
    events = histories(session, ids, learner_id) if histories else {}
    found: defaultdict[int, dict[int, CardProgress]] = defaultdict(dict)
    for note_id, ordinal, card_id, called, buried_until, suspended, flag, *remembered in rows:
        memory = None if remembered[0] is None else Memory(*remembered)
        found[note_id][ordinal] = CardProgress(
            memory,
            logs.get(card_id, ()),
            called,
            buried_until,
            suspended=suspended,
            flag=flag,
            events=events.get(card_id, ()),
        )
    return found


def _logs(session: Session, card_ids: Sequence[int], learner_id: int) -> Mapping[int, Sequence[Logged]]:
    """Return what counts in the history of each card, the oldest first."""
    answers = session.execute(_ANSWERS, {"cards": card_ids, "learner": learner_id})
    # The driver's own rows: to make SQLAlchemy's takes as long as to find the answers.
    found = answers.cursor.fetchall()  # type: ignore[attr-defined]  # that of SQLAlchemy has none
    logs = {card_id: [Logged(*row[1:]) for row in rows] for card_id, rows in groupby(found, itemgetter(0))}
    said = [
        (row.card_id, card_actions.as_event(row)) for row in card_actions.overrides_of(session, card_ids, learner_id)
    ]
    undone = {event.undoes for _, event in said}
    for card_id, event in said:
        if event.override and event.id not in undone:
            log = logs.setdefault(card_id, [])
            log.append(Logged(moment(event.at), override=event.override))
            log.sort(key=attrgetter("at"))
    return logs


def events(session: Session, card_ids: Sequence[int], learner_id: int) -> Mapping[int, Sequence[PastEvent]]:
    """Return what counts in the history of each card as it is stored, the oldest first."""
    found: defaultdict[int, list[PastEvent]] = defaultdict(list)
    for card_id, was, interval, duration, *values in session.execute(
        _EVENTS, {"cards": card_ids, "learner": learner_id}
    ):
        found[card_id].append(PastEvent(reviews.event(*values), was, interval, duration))
    said = [
        (row.card_id, card_actions.as_event(row)) for row in card_actions.overrides_of(session, card_ids, learner_id)
    ]
    undone = {event.undoes for _, event in said}
    for card_id, event in said:
        if event.override and event.id not in undone:
            found[card_id].append(PastEvent(event))
            found[card_id].sort(key=attrgetter("at"))
    return found
