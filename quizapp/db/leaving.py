"""Notes with all that another program is told of them, and how far a learner is with each of their cards."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple, cast

from sqlalchemy import Table, and_, bindparam, select
from sqlalchemy.orm import Session

from quizapp.db import card_actions, reviews
from quizapp.db.decks import DeckRow
from quizapp.db.documents import DocumentRow
from quizapp.db.notes import CardRow, NoteRow, tags_of
from quizapp.db.pictures import PictureRow, illustration
from quizapp.db.plans import PlanRow
from quizapp.db.reviews import MemoryRow, ReviewRow
from quizapp.domain.card_progress import CardProgress, Logged
from quizapp.domain.cards import Illustration, Note, Source
from quizapp.domain.options import NewOrder
from quizapp.domain.scheduling import Memory

BATCH_NOTES = 1_000


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


_NOTES = (
    PictureRow,
    *(NoteRow.id, NoteRow.guid, DeckRow.name, NoteRow.created, NoteRow.modified, NoteRow.typed, DeckRow.typed),
    *(DocumentRow.title, DocumentRow.url, DocumentRow.language),
    *(NoteRow.kind, NoteRow.question, NoteRow.answer, NoteRow.choices, NoteRow.explanation),
    *(NoteRow.quote, NoteRow.start, NoteRow.end, NoteRow.speaker, NoteRow.heading, NoteRow.page, NoteRow.columns),
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
_ANSWERS = (
    select(_REVIEW.card_id, _REVIEW.was, _REVIEW.interval, _REVIEW.duration)
    .add_columns(_REVIEW.id, _REVIEW.at, _REVIEW.grade, _REVIEW.undoes, _REVIEW.steps, _REVIEW.spread)
    .where(
        _REVIEW.card_id.in_(bindparam("cards", expanding=True)),
        _REVIEW.learner_id == bindparam("learner"),
        _REVIEW.grade.is_not(None),
    )
    .where(~select(_UNDO.id).where(_UNDO.undoes == _REVIEW.id).exists())
    .order_by(_REVIEW.at, _REVIEW.id)
)


def notes(
    session: Session, deck_ids: Sequence[int], *, learner_id: int | None = None, order: NewOrder = NewOrder.ADDED
) -> Iterator[Leaving]:
    """Give the living notes of the decks, in the order in which new ones are studied; read in batches, so use them at once.

    With how far the learner is, if one is named.
    """
    query = select(*_NOTES).join(NoteRow.deck).outerjoin(NoteRow.document).outerjoin(NoteRow.picture)
    query = query.where(NoteRow.deck_id.in_(deck_ids), NoteRow.deleted_at.is_(None))
    if order is NewOrder.POSITION:
        query = query.order_by(NoteRow.document_id.nulls_last(), NoteRow.start)
    query = query.order_by(NoteRow.id).execution_options(yield_per=BATCH_NOTES)
    for batch in session.execute(query).partitions():
        ids = [note_id for _, note_id, *_ in batch]
        tags = tags_of(session, ids)
        cards = {} if learner_id is None else _cards(session, ids, learner_id)
        for row in batch:
            yield _leaving(row, tags, cards)


def _leaving(
    row: Sequence[Any], tags: Mapping[int, tuple[str, ...]], cards: Mapping[int, Mapping[int, CardProgress]]
) -> Leaving:
    picture, note_id, guid, deck, created, modified, typed, typed_deck, title, url, language, *said = row
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
        illustration=illustration(picture),
        cards=cards.get(note_id, {}),
    )


def _cards(session: Session, note_ids: Sequence[int], learner_id: int) -> Mapping[int, Mapping[int, CardProgress]]:
    """Return how far the learner is with every card of the notes, by note and ordinal."""
    rows = session.execute(_STANDING, {"notes": note_ids, "learner": learner_id}).all()
    logs = _logs(session, [row[2] for row in rows], learner_id)
    found: defaultdict[int, dict[int, CardProgress]] = defaultdict(dict)
    for note_id, ordinal, card_id, called, buried_until, suspended, flag, *remembered in rows:
        memory = None if remembered[0] is None else Memory(*remembered)
        found[note_id][ordinal] = CardProgress(
            memory, logs.get(card_id, ()), called, buried_until, suspended=suspended, flag=flag
        )
    return found


def _logs(session: Session, card_ids: Sequence[int], learner_id: int) -> Mapping[int, Sequence[Logged]]:
    """Return what counts in the history of each card, the oldest first."""
    logs: defaultdict[int, list[Logged]] = defaultdict(list)
    answers = session.execute(_ANSWERS, {"cards": card_ids, "learner": learner_id})
    for card_id, was, interval, duration, *values in answers:
        event = reviews.event(*values)
        logs[card_id].append(Logged(event.at, event.grade, None, was, interval, duration, event))
    said = [
        (row.card_id, card_actions.as_event(row)) for row in card_actions.overrides_of(session, card_ids, learner_id)
    ]
    undone = {event.undoes for _, event in said}
    for card_id, event in said:
        if event.override and event.id not in undone:
            logs[card_id].append(Logged(event.at, override=event.override, event=event))
            logs[card_id].sort(key=lambda one: one.at)
    return logs
