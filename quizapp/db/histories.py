"""Every card's whole history with the memory that is stored of it, for what looks at all of them."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import NamedTuple, cast
from uuid import UUID

from sqlalchemy import Table, bindparam, func, select

from quizapp.db import card_actions, prepared, reviews
from quizapp.db.engine import Session
from quizapp.db.notes import CardRow
from quizapp.db.reviews import MemoryRow, ReviewRow
from quizapp.domain.calibration import Graded
from quizapp.domain.progress import Answer, Stage
from quizapp.domain.scheduling import Memory, ReviewEvent

AT_ONCE = 1_000

_REVIEW, _MEMORY = cast(Table, ReviewRow.__table__).c, cast(Table, MemoryRow.__table__).c
_EVENTS_OF = (
    select(_REVIEW.card_id, _REVIEW.id, _REVIEW.at, _REVIEW.grade, _REVIEW.undoes, _REVIEW.steps, _REVIEW.spread)
    .where(_REVIEW.card_id.in_(bindparam("cards", expanding=True)))
    .where(_REVIEW.learner_id == bindparam("learner"))
)
_GRADED = (
    select(_REVIEW.card_id, _REVIEW.day, _REVIEW.grade, _REVIEW.steps)
    .where(_REVIEW.card_id.in_(bindparam("cards", expanding=True)))
    .where(_REVIEW.learner_id == bindparam("learner"), _REVIEW.stage.is_not(None))
    .order_by(_REVIEW.at, _REVIEW.id)
)
_MARKS = (
    select(_REVIEW.card_id, func.count(), func.max(_REVIEW.at))
    .where(_REVIEW.card_id.in_(bindparam("cards", expanding=True)))
    .where(_REVIEW.learner_id == bindparam("learner"))
    .group_by(_REVIEW.card_id)
)


class Mark(NamedTuple):
    """How much happened to a learner's memory of a card; whatever else happens makes another of it."""

    reviews: int  # and undos, which are only ever added, and removed together with their card
    last: object  # when the latest of them was given, since another card may get the number of one that is gone
    overrides: int  # and undos of them


@dataclass
class History:
    """What happened to one learner's card, and the memory that is stored of it."""

    card_id: int
    learner_id: int
    events: list[ReviewEvent] = field(default_factory=list)
    dated: list[tuple[datetime, date]] = field(default_factory=list)  # of each review, and the day it counts on
    asked: list[tuple[UUID, datetime, Answer | None, Stage | None]] = field(
        default_factory=list
    )  # of each, None for undos
    given: dict[UUID, timedelta] = field(default_factory=dict)  # the interval, by the review that gave it
    memory: Memory | None = None


def cards(session: Session) -> Sequence[int]:
    """Return the ids of all cards, in order."""
    return session.scalars(select(CardRow.id).order_by(CardRow.id)).all()


def of_cards(session: Session, card_ids: Sequence[int]) -> Iterator[History]:
    """Give every history that has events or a memory; the ids are in order, with all that lie between them."""
    found: dict[tuple[int, int], History] = {}
    first, last = card_ids[0], card_ids[-1]
    columns = [_REVIEW[name] for name in ("card_id", "learner_id", "day", "interval", "was", "stage", "id", "at")]
    query = select(*columns, _REVIEW.grade, _REVIEW.undoes, _REVIEW.steps, _REVIEW.spread).where(
        _REVIEW.card_id.between(first, last)
    )
    for card_id, learner_id, day, interval, was, stage, *values in session.execute(query).all():
        history = found.setdefault((card_id, learner_id), History(card_id, learner_id))
        event = reviews.event(*values)
        history.events.append(event)
        history.dated.append((event.at, day))
        history.asked.append((event.id, event.at, Answer(day, was, interval) if was else None, stage))
        if interval is not None:
            history.given[event.id] = interval
    for action in card_actions.overrides_between(session, first, last):
        key = action.card_id, action.learner_id
        found.setdefault(key, History(*key)).events.append(card_actions.as_event(action))
    fields = (_MEMORY[name] for name in Memory.__dataclass_fields__)
    memories = select(_MEMORY.card_id, _MEMORY.learner_id, *fields).where(_MEMORY.card_id.between(first, last))
    for card_id, learner_id, *values in session.execute(memories).all():
        found.setdefault((card_id, learner_id), History(card_id, learner_id)).memory = Memory(*values)
    yield from found.values()


def events(session: Session, learner_id: int, card_ids: Sequence[int]) -> Mapping[int, Sequence[ReviewEvent]]:
    """Return what happened to the learner's memory of each of these cards, in no order, ready to be replayed."""
    found: dict[int, list[ReviewEvent]] = {card_id: [] for card_id in card_ids}
    if not found:
        return found
    for card_id, *values in prepared.rows(session, _EVENTS_OF, {"learner": learner_id, "cards": list(card_ids)}):
        found[card_id].append(reviews.event(*values))
    for action in card_actions.overrides_of(session, card_ids, learner_id):
        found[action.card_id].append(card_actions.as_event(action))
    return found


def marks(session: Session, learner_id: int, card_ids: Sequence[int]) -> Mapping[int, Mark]:
    """Return, by card that was ever answered, what is another once anything else happened to the learner's memory of it."""
    asked = {"learner": learner_id, "cards": list(card_ids)}
    said = card_actions.counts_of(session, card_ids, learner_id)
    return {card: Mark(count, last, said.get(card, 0)) for card, count, last in prepared.raw(session, _MARKS, asked)}


def graded(session: Session, learner_id: int, card_ids: Sequence[int]) -> Mapping[int, Sequence[Graded]]:
    """Return the learner's answers that count to each of these cards, in order, with nothing that was said of it besides."""
    found: dict[int, list[Graded]] = {card_id: [] for card_id in card_ids}
    if not found:
        return found
    for card_id, day, grade, steps in prepared.plain(
        session, _GRADED, {"learner": learner_id, "cards": list(card_ids)}
    ):
        found[card_id].append(Graded(day, grade, reviews.steps_of(steps)))
    return found


def of_learner(session: Session, learner_id: int) -> Iterator[History]:
    """Give every history of the learner that has events or a memory."""
    ids = cards(session)
    for start in range(0, len(ids), AT_ONCE):
        yield from (one for one in of_cards(session, ids[start : start + AT_ONCE]) if one.learner_id == learner_id)


def lengths(session: Session, learner_id: int) -> Mapping[int, int]:
    """Return how many events each card of the learner has; an unchanged length is an unchanged history.

    Events are only ever added, and removed together with their card.
    """
    query = select(_REVIEW.card_id, func.count()).where(_REVIEW.learner_id == learner_id).group_by(_REVIEW.card_id)
    counts: Counter[int] = Counter(dict(session.execute(query).all()))
    counts.update(card_actions.count_overrides(session, learner_id))
    return counts
