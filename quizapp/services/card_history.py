"""One card with all that happened to it: what was done when, what that gave, and what comes. Start from `history`."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from quizapp.db import asides, card_actions, reviews, study_cards
from quizapp.db.card_actions import CardActionRow
from quizapp.db.engine import Session
from quizapp.db.plans import Queue
from quizapp.db.reviews import ReviewRow
from quizapp.db.study_cards import CardToStudy
from quizapp.domain.card_actions import CardAction
from quizapp.domain.cards import faces
from quizapp.domain.forgetting import Fall, curve
from quizapp.domain.permissions import Action, Actor
from quizapp.domain.scheduling import Grade, Memory, ReviewEvent, retrace, retrievability
from quizapp.services.access import allowed
from quizapp.services.options import study_plan_of
from quizapp.services.settings import StudyPlan

ENTRIES_SHOWN = 500


@dataclass(frozen=True)
class Entry:
    """One thing that was done to a card."""

    at: datetime
    grade: Grade | None  # of a review, or of practice
    action: CardAction | None  # None for a review
    flag: int | None  # that was put on; 0 for none
    duration: timedelta | None
    recall: float | None  # the chance of recall at that time; None when there was nothing to recall
    after: Memory | None  # None too for what changes no memory, and for what was undone
    undone_at: datetime | None


@dataclass(frozen=True)
class CardHistory:
    """A card with where it stands and how it came there."""

    card_id: int
    card: CardToStudy
    question: str
    answer: str
    queue: Queue
    flag: int
    suspended: bool
    buried_until: datetime | None  # None when that has passed
    recall: float | None  # the chance of recall now
    entries: Sequence[Entry]  # the newest first
    falls: Sequence[Fall]
    reviewed: Sequence[tuple[datetime, Grade | None, float]]  # what the curve is made of, with the chance at the time


def history(session: Session, actor: Actor, card_id: int, *, now: datetime) -> CardHistory:
    """Return everything about one card."""
    row = study_cards.to_study(session, card_id=card_id, learner_id=actor.learner_id)
    row = allowed(None if row and row.queue is Queue.GONE else row, actor, Action.STUDY, thing="card")
    face = next(face for face in faces(row.note) if face.ordinal == row.ordinal)
    how = study_plan_of(session, actor, row.deck_id)
    rows = reviews.of_card(session, card_id=card_id, learner_id=actor.learner_id)
    acts = card_actions.of_card(session, card_id=card_id, learner_id=actor.learner_id)
    traced = list(retrace(_events(rows, acts), how.days, how.preset))
    recalled = _recalled(traced, how)
    aside = asides.of_cards(session, actor.learner_id, [card_id])[card_id]
    return CardHistory(
        card_id=card_id,
        card=row,
        question=face.question,
        answer=face.answer,
        queue=aside.queue,
        flag=aside.flag,
        suspended=aside.suspended,
        buried_until=aside.buried_until if aside.buried_until and aside.buried_until > now else None,
        recall=retrievability(row.memory, now, how.days, how.preset) if row.memory else None,
        entries=sorted(_entries(rows, acts, traced, recalled), key=lambda one: one.at, reverse=True)[:ENTRIES_SHOWN],
        falls=curve(traced, now, how.days, how.preset),
        reviewed=[(event.at, event.grade, recalled.get(event.id, 1.0)) for event, after in traced if after],
    )


def _events(rows: Sequence[ReviewRow], acts: Sequence[CardActionRow]) -> Iterator[ReviewEvent]:
    for row in rows:
        yield ReviewEvent(row.id, row.at, row.grade, row.undoes)
    of_memory = {act.id for act in acts if act.kind in card_actions.OVERRIDES}
    yield from (card_actions.as_event(act) for act in acts if {act.id, act.undoes} & of_memory)


def _recalled(traced: Sequence[tuple[ReviewEvent, Memory | None]], how: StudyPlan) -> Mapping[UUID, float]:
    """Return the chance of recall at the time of each event that found a memory."""
    befores = [None, *(after for _, after in traced)]
    return {
        event.id: retrievability(before, max(event.at, before.last_review), how.days, how.preset)
        for (event, _), before in zip(traced, befores, strict=False)
        if before is not None
    }


def _entries(
    rows: Sequence[ReviewRow],
    acts: Sequence[CardActionRow],
    traced: Sequence[tuple[ReviewEvent, Memory | None]],
    recalled: Mapping[UUID, float],
) -> Iterator[Entry]:
    after = {event.id: memory for event, memory in traced}
    undone = {row.undoes: row.at for row in rows} | {act.undoes: act.at for act in acts}
    for row in rows:
        if row.grade is not None:
            chance, memory, taken_back = recalled.get(row.id), after.get(row.id), undone.get(row.id)
            yield Entry(row.at, row.grade, None, None, row.duration, chance, memory, taken_back)
    for act in acts:
        if act.kind is not None:
            flag = act.details["flag"] if act.kind is CardAction.FLAG else None
            chance, memory, taken_back = recalled.get(act.id), after.get(act.id), undone.get(act.id)
            yield Entry(act.at, act.grade, act.kind, flag, act.duration, chance, memory, taken_back)
