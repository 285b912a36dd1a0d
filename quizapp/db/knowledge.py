"""What people know of a team's material, as it was last worked out from their memories.

It follows from `memory` and `plan`, as a tally does: whoever studies makes their part of it old, which `tally.seen`
shows, and `services.knowledge` works that part out anew. The sums over all people change with each part, in one turn.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache, lru_cache
from json import loads
from typing import Any, cast
from uuid import uuid4

from sqlalchemy import (
    JSON,
    BindParameter,
    ForeignKey,
    Index,
    Select,
    Table,
    Text,
    and_,
    bindparam,
    delete,
    exists,
    func,
    insert,
    literal,
    select,
    type_coerce,
    update,
)
from sqlalchemy import cast as cast_to
from sqlalchemy.orm import Mapped, Session, mapped_column

from quizapp.db import prepared
from quizapp.db.base import Base, PrimaryKey
from quizapp.db.decks import DeckRow
from quizapp.db.notes import CardRow, NoteRow
from quizapp.db.plans import PlanRow, Queue
from quizapp.db.reviews import MemoryRow, ReviewRow
from quizapp.db.tallies import TallyRow
from quizapp.db.teams import MembershipRow
from quizapp.domain.knowledge import OFFSETS, By, Sums


class KnowledgeRow(Base):
    """What a person knew of the cards of one deck under one heading, said by one speaker."""

    __tablename__ = "knowledge"
    __table_args__ = (Index("ix_knowledge_library_id", "library_id", "learner_id"),)
    id: Mapped[PrimaryKey]
    library_id: Mapped[int] = mapped_column(ForeignKey("learner.id", ondelete="CASCADE"))
    learner_id: Mapped[int] = mapped_column(ForeignKey("learner.id", ondelete="CASCADE"))
    deck_id: Mapped[int] = mapped_column(ForeignKey("deck.id", ondelete="CASCADE"))
    heading: Mapped[str]  # of the source; empty without one
    speaker: Mapped[str]
    cards: Mapped[int]
    answered: Mapped[int]
    curve: Mapped[tuple[float, ...]]  # as `domain.knowledge.curve` draws it


class KnowledgeStateRow(Base):
    """When what a person knows of a library was worked out, and on which day its curves begin."""

    __tablename__ = "knowledge_state"
    __table_args__ = (Index("ix_knowledge_state_at", "library_id", "at"),)
    library_id: Mapped[int] = mapped_column(ForeignKey("learner.id", ondelete="CASCADE"), primary_key=True)
    learner_id: Mapped[int] = mapped_column(ForeignKey("learner.id", ondelete="CASCADE"), primary_key=True)
    at: Mapped[datetime]
    day: Mapped[date]
    bins: Mapped[tuple[float, ...]]  # of `domain.calibration`: tests, passed and the sum of chances of each


class KnowledgeSumRow(Base):
    """What those know whose curves begin on one day, added up: a `domain.knowledge.Sums`."""

    __tablename__ = "knowledge_sum"
    library_id: Mapped[int] = mapped_column(ForeignKey("learner.id", ondelete="CASCADE"), primary_key=True)
    by: Mapped[By] = mapped_column(primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    people: Mapped[tuple[int, ...]]
    tested: Mapped[str]  # a set of people, as a hexadecimal number
    bins: Mapped[tuple[int, ...]]
    needs: Mapped[tuple[int, ...]]  # all people at the first offset, then at the next
    topics: Mapped[tuple[str, ...]]
    there: Mapped[tuple[str, ...]]  # sets of people
    answered: Mapped[tuple[str, ...]]
    coverage: Mapped[tuple[int, ...]]
    curves: Mapped[tuple[int, ...]]  # all topics at the first offset, then at the next


class KnowledgeSummedRow(Base):
    """Which decks, by which names, the sums of a library are over; without a row there are none."""

    __tablename__ = "knowledge_summed"
    library_id: Mapped[int] = mapped_column(ForeignKey("learner.id", ondelete="CASCADE"), primary_key=True)
    decks: Mapped[str]  # a hash of them
    mark: Mapped[str | None]  # another each time; None of those that were stored before there were any


class TeamRecallRow(Base):
    """What a team knew on a day, so that it can be seen over time."""

    __tablename__ = "team_recall"
    library_id: Mapped[int] = mapped_column(ForeignKey("learner.id", ondelete="CASCADE"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    people: Mapped[int]
    recall: Mapped[float]


@dataclass(frozen=True)
class State:
    """How old what is known of a person is."""

    at: datetime
    day: date
    bins: tuple[float, ...]


@dataclass(frozen=True)
class Part:
    """What a person knew of the cards of one deck under one heading, said by one speaker."""

    learner_id: int
    deck_id: int
    heading: str
    speaker: str
    cards: int
    answered: int
    curve: tuple[float, ...]


EMPTY = (0, None)  # the mark of a library of which nothing is known
_KNOWLEDGE = cast(Table, KnowledgeRow.__table__)
_STATES, _RECALLS = cast(Table, KnowledgeStateRow.__table__), cast(Table, TeamRecallRow.__table__)
_SUMS, _SUMMED = cast(Table, KnowledgeSumRow.__table__), cast(Table, KnowledgeSummedRow.__table__)
_TALLIES, _DECKS = cast(Table, TallyRow.__table__), cast(Table, DeckRow.__table__)
_MEMBERS = cast(Table, MembershipRow.__table__)
_PART = tuple(_KNOWLEDGE.c[name] for name in Part.__dataclass_fields__)
_STATE = tuple(_STATES.c[name] for name in State.__dataclass_fields__)
_IN_TEAM = (_MEMBERS.c.team_id == bindparam("team"), _MEMBERS.c.left_at.is_(None))
_OF_LIBRARY: BindParameter[int] = bindparam("library")
_NOT_SEEN = exists().where(
    _TALLIES.c.learner_id == _MEMBERS.c.learner_id,
    _TALLIES.c.changes != _TALLIES.c.seen,
    _DECKS.c.id == _TALLIES.c.deck_id,
    _DECKS.c.owner_id == _OF_LIBRARY,
)
_OLD = select(_MEMBERS.c.learner_id).where(*_IN_TEAM, _NOT_SEEN)
_COUNT_OLD = select(func.count()).select_from(_MEMBERS).where(*_IN_TEAM, _NOT_SEEN)
_OLDEST = (
    select(_STATES.c.at)
    .join(_MEMBERS, _MEMBERS.c.learner_id == _STATES.c.learner_id)
    .where(_STATES.c.library_id == _OF_LIBRARY, *_IN_TEAM)
    .order_by(_STATES.c.at)
    .limit(1)
)
_SUMMED_UP = ("tested", "people", "bins", "needs", "topics", "there", "answered", "coverage", "curves")
# As they are written, so that what was read before need not be read again; a set of people is a text already.
_SUMS_OF = select(_SUMS.c.day, *(cast_to(_SUMS.c[name], Text).label(name) for name in _SUMMED_UP)).where(
    _SUMS.c.library_id == _OF_LIBRARY, _SUMS.c.by == bindparam("by")
)
_SUMMED_OF = select(_SUMMED.c.decks, _SUMMED.c.mark).where(_SUMMED.c.library_id == _OF_LIBRARY)
_RECALLS_SINCE = (
    select(_RECALLS.c.day, _RECALLS.c.people, _RECALLS.c.recall)
    .where(_RECALLS.c.library_id == _OF_LIBRARY, _RECALLS.c.day >= bindparam("since"))
    .order_by(_RECALLS.c.day)
)


def changes(session: Session, library_id: int, learner_id: int) -> Mapping[int, int]:
    """Return by deck a number that grows whenever the person studies it, or its cards change for them."""
    query = select(TallyRow.deck_id, TallyRow.changes).join(DeckRow, DeckRow.id == TallyRow.deck_id)
    query = query.where(DeckRow.owner_id == library_id, TallyRow.learner_id == learner_id)
    return dict(session.execute(query).all())


def old(session: Session, library_id: int, team_id: int) -> Sequence[int]:
    """Return who of the team has studied, or whose cards have changed, since that was seen last."""
    found = session.scalars(_OLD.order_by(_MEMBERS.c.learner_id), {"library": library_id, "team": team_id})
    return found.all()


def count_old(session: Session, library_id: int, team_id: int) -> int:
    """Return how many those are."""
    return prepared.scalar(session, _COUNT_OLD, {"library": library_id, "team": team_id}) or 0


def oldest(session: Session, library_id: int, team_id: int) -> datetime | None:
    """Return when the oldest part of what is known of people of the team was worked out; None of nobody."""
    return prepared.scalar(session, _OLDEST, {"library": library_id, "team": team_id})


def strangers(session: Session, library_id: int, team_id: int) -> Sequence[int]:
    """Return of whom something is known who do not belong to the team any more, or have no card of it."""
    belongs = exists().where(_MEMBERS.c.learner_id == _STATES.c.learner_id, *_IN_TEAM)
    studies = exists().where(_TALLIES.c.learner_id == _STATES.c.learner_id, _DECKS.c.id == _TALLIES.c.deck_id)
    studies = studies.where(_DECKS.c.owner_id == _OF_LIBRARY, _DECKS.c.deleted_at.is_(None))
    query = select(_STATES.c.learner_id).where(_STATES.c.library_id == _OF_LIBRARY, ~and_(belongs, studies))
    return session.scalars(query, {"library": library_id, "team": team_id}).all()


def states(session: Session, library_id: int, learner_ids: Collection[int] | None = None) -> Mapping[int, State]:
    """Return how old what is known is, by person: of everybody, or of these."""
    query = _of(select(_STATES.c.learner_id, *_STATE), _STATES, library_id, learner_ids)
    return {learner_id: State(*values) for learner_id, *values in session.execute(query).all()}


def parts(session: Session, library_id: int, learner_ids: Collection[int] | None = None) -> Iterator[Part]:
    """Give what was worked out, by person: of everybody, or of these."""
    query = _of(select(*_PART), _KNOWLEDGE, library_id, learner_ids)
    for row in session.execute(query.order_by(_KNOWLEDGE.c.learner_id, _KNOWLEDGE.c.id)):
        yield Part(*row)


def sums_of(
    session: Session,
    library_id: int,
    learner_ids: Sequence[int],
    by: By,
    topics: Sequence[str],
    places: tuple[int, int],
) -> Iterator[tuple[int, int, str, str, int, float, float]]:
    """Give what these people know of what is one of these topics, or another deck: deck, heading, speaker, cards answered, chances of recall.

    The person first, in one row or several; the chances are those at two places of their curves. What `by` does not tell apart is empty.
    """
    asked: dict[str, object] = {"library": library_id, "learners": list(learner_ids)}
    if by is not By.DECK:  # a card without a heading counts under its deck
        asked["topics"] = [*topics, ""] if by is By.HEADING else list(topics)
    for row in prepared.raw(session, _sums_over(by, places), asked):
        yield (*row, row[-1]) if places[0] == places[1] else row


@cache
def _sums_over(by: By, places: tuple[int, int]) -> Select[Any]:
    """Return the query for what people know at two places of their curves."""
    apart = {By.HEADING: ("deck_id", "heading"), By.SPEAKER: ("deck_id", "speaker"), By.DECK: ("deck_id",)}[by]
    keys = [_KNOWLEDGE.c[name] if name in apart else literal("") for name in ("deck_id", "heading", "speaker")]
    drawn = type_coerce(_KNOWLEDGE.c.curve, JSON)
    figures = (_KNOWLEDGE.c.answered, *(drawn[place].as_float() for place in dict.fromkeys(places)))
    is_one = (
        _KNOWLEDGE.c.library_id == _OF_LIBRARY,
        _KNOWLEDGE.c.learner_id.in_(bindparam("learners", expanding=True)),
    )
    if by is By.DECK:  # many rows for few figures
        query = select(_KNOWLEDGE.c.learner_id, *keys, *map(func.sum, figures)).where(*is_one)
        return query.group_by(_KNOWLEDGE.c.learner_id, *(_KNOWLEDGE.c[name] for name in apart))
    named = bindparam("topics", type_=Text, expanding=True)
    return select(_KNOWLEDGE.c.learner_id, *keys, *figures).where(*is_one, _KNOWLEDGE.c[by.value].in_(named))


def mark(session: Session, library_id: int) -> tuple[int, datetime | None]:
    """Return what is another once anybody's part was worked out anew, or removed."""
    query = select(func.count(), func.max(_STATES.c.at)).where(_STATES.c.library_id == library_id)
    count, latest = session.execute(query).one()
    return count, latest


def summed(session: Session, library_id: int) -> str | None:
    """Return which decks the sums are over, as `put_sums` was told; None without sums."""
    return prepared.scalar(session, _SUMMED_OF, {"library": library_id})


def mark_of_sums(session: Session, library_id: int) -> str | None:
    """Return what is another once sums were stored again, as they are whenever anybody's part is; None if that is not known."""
    found = prepared.first(session, _SUMMED_OF, {"library": library_id})
    return found.mark if found else None


def sums(session: Session, library_id: int, by: By) -> Mapping[date, Sums]:
    """Return what people know, added up, by the day on which their curves begin; whoever changes it takes a copy."""
    found = prepared.rows(session, _SUMS_OF, {"library": library_id, "by": by})
    return {day: _sums(*texts) for day, *texts in found}


def put_sums(session: Session, library_id: int, found: Mapping[By, Mapping[date, Sums]], decks: str) -> None:
    """Store what people know, added up, in the place of what was stored before."""
    drop_sums(session, library_id)
    session.execute(insert(_SUMMED), {"library_id": library_id, "decks": decks, "mark": uuid4().hex})
    rows = [
        {"library_id": library_id, "by": by, "day": day, **_columns(one)}
        for by, groups in found.items()
        for day, one in groups.items()
        if one.people
    ]
    if rows:
        session.execute(insert(_SUMS), rows)


def drop_sums(session: Session, library_id: int) -> None:
    """Remove the sums of a library, which will be added up anew."""
    for table in (_SUMS, _SUMMED):
        session.execute(delete(table).where(table.c.library_id == library_id))


def traces(session: Session, library_id: int, learner_id: int) -> Sequence[tuple[int, str, str, Any, Any]]:
    """Return each card of the library that the person studies: deck, heading, speaker, last review and stability.

    The last two are None before the first answer.
    """
    memory = and_(MemoryRow.card_id == PlanRow.card_id, MemoryRow.learner_id == PlanRow.learner_id)
    query = (
        select(PlanRow.deck_id, NoteRow.heading, NoteRow.speaker, MemoryRow.last_review, MemoryRow.stability)
        .select_from(PlanRow)
        .join(DeckRow, DeckRow.id == PlanRow.deck_id)
        .join(CardRow, CardRow.id == PlanRow.card_id)
        .join(NoteRow, NoteRow.id == CardRow.note_id)
        .outerjoin(MemoryRow, memory)
        .where(PlanRow.learner_id == learner_id, PlanRow.queue != Queue.GONE, DeckRow.owner_id == library_id)
    )
    return [
        (deck_id, heading or "", speaker or "", last_review, stability)
        for deck_id, heading, speaker, last_review, stability in session.execute(query).all()
    ]


def tested(session: Session, library_id: int, learner_id: int, *, since: date, limit: int) -> Sequence[int]:
    """Return the cards of the library that the person has reviewed since that day, the latest first."""
    query = (
        select(ReviewRow.card_id)
        .join(CardRow, CardRow.id == ReviewRow.card_id)
        .where(ReviewRow.learner_id == learner_id, ReviewRow.day >= since, CardRow.owner_id == library_id)
        .group_by(ReviewRow.card_id)
        .order_by(func.max(ReviewRow.at).desc())
        .limit(limit)
    )
    return session.scalars(query).all()


def remove_sums_over(session: Session, learner_id: int) -> None:
    """Remove all sums that a person is in, which will be added up anew without them."""
    libraries = session.scalars(select(_STATES.c.library_id).where(_STATES.c.learner_id == learner_id)).all()
    for table in (_SUMS, _SUMMED):
        session.execute(delete(table).where(table.c.library_id.in_(libraries)))


def put(
    session: Session,
    library_id: int,
    learner_id: int,
    state: State,
    found: Sequence[Part],
    seen: Mapping[int, int],
) -> None:
    """Store what a person knows in the place of what was stored before; `seen` are the changes that it is after."""
    _remove(session, library_id, [learner_id])
    key = {"library_id": library_id, "learner_id": learner_id}
    session.execute(insert(_STATES), {**key, **vars(state)})
    if found:
        session.execute(insert(_KNOWLEDGE), [{**vars(part), **key} for part in found])
    this = (_TALLIES.c.deck_id == bindparam("deck"), _TALLIES.c.learner_id == bindparam("learner"))
    note = update(_TALLIES).where(*this).values(seen=bindparam("count"))
    each = [{"deck": deck_id, "learner": learner_id, "count": count} for deck_id, count in seen.items()]
    prepared.do_all(session, note, each)


def drop(session: Session, library_id: int, learner_ids: Sequence[int]) -> None:
    """Remove what was known of people, and see none of their studying; who comes back is worked out anew."""
    _remove(session, library_id, learner_ids)
    decks = select(_DECKS.c.id).where(_DECKS.c.owner_id == library_id)
    its = (_TALLIES.c.deck_id.in_(decks), _TALLIES.c.learner_id.in_(learner_ids))
    session.execute(update(_TALLIES).where(*its).values(seen=0))


def put_recall(session: Session, library_id: int, day: date, *, people: int, recall: float) -> None:
    """Store what the team knows on a day, in the place of what was stored for it before."""
    session.execute(delete(_RECALLS).where(_RECALLS.c.library_id == library_id, _RECALLS.c.day == day))
    session.execute(insert(_RECALLS), {"library_id": library_id, "day": day, "people": people, "recall": recall})


def recalls(session: Session, library_id: int, *, since: date) -> Sequence[tuple[date, int, float]]:
    """Return what the team knew on each day since then, the oldest first: the day, people, recall."""
    found = prepared.rows(session, _RECALLS_SINCE, {"library": library_id, "since": since})
    return [(day, people, recall) for day, people, recall in found]


def _remove(session: Session, library_id: int, learner_ids: Sequence[int]) -> None:
    for table in (_KNOWLEDGE, _STATES):
        session.execute(delete(table).where(table.c.library_id == library_id, table.c.learner_id.in_(learner_ids)))


def _of(
    query: Select[tuple[Any, ...]], table: Table, library_id: int, learner_ids: Collection[int] | None
) -> Select[tuple[Any, ...]]:
    found = query.where(table.c.library_id == library_id)
    return found if learner_ids is None else found.where(table.c.learner_id.in_(learner_ids))


@lru_cache(maxsize=32)  # a thousand people are a hundred kilobytes, the same until somebody's part is worked out anew
def _sums(tested: str, *texts: str) -> Sums:
    """Return sums as they are written."""
    people, bins, needs, topics, there, answered, coverage, curves = map(loads, texts)
    return Sums(
        people=people,
        tested=int(tested, 16),
        bins=bins,
        needs=_columns_of(needs, len(people)),
        topics=topics,
        there=[int(one, 16) for one in there],
        answered=[int(one, 16) for one in answered],
        coverage=coverage,
        curves=_columns_of(curves, len(topics)),
    )


def _columns(found: Sums) -> Mapping[str, object]:
    return {
        "people": found.people,
        "tested": f"{found.tested:x}",
        "bins": found.bins,
        "needs": [one for column in found.needs for one in column],
        "topics": found.topics,
        "there": [f"{one:x}" for one in found.there],
        "answered": [f"{one:x}" for one in found.answered],
        "coverage": found.coverage,
        "curves": [one for column in found.curves for one in column],
    }


def _columns_of(figures: Sequence[int], count: int) -> list[list[int]]:
    """Return figures by offset that were stored one behind the other."""
    return [list(figures[at * count : (at + 1) * count]) for at in range(len(OFFSETS))]
