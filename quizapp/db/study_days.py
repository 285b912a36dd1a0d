"""On which days people studied a team's material, and how many of its cards they remembered for long.

It follows from `review`: an answer counts as it is given, `recount` looks at the reviews of a day again. What all days come
to is kept as well, so that no leaderboard adds up years.
"""

from collections import Counter
from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import cast

from sqlalchemy import ForeignKey, Index, Table, bindparam, delete, insert, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from quizapp.db import prepared
from quizapp.db.base import Base
from quizapp.db.notes import CardRow
from quizapp.db.reviews import ReviewRow
from quizapp.domain.leaderboards import Span, lasted, since


class StudyDayRow(Base):
    """A day on which a person studied the material of a team's library."""

    __tablename__ = "study_day"
    __table_args__ = (Index("ix_study_day_library_id", "library_id"),)
    learner_id: Mapped[int] = mapped_column(ForeignKey("learner.id", ondelete="CASCADE"), primary_key=True)
    library_id: Mapped[int] = mapped_column(ForeignKey("learner.id", ondelete="CASCADE"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    lasting: Mapped[int]  # cards that were remembered for long


class StudySumRow(Base):
    """What those days of a person come to in a week, in a month, and in all."""

    __tablename__ = "study_sum"
    __table_args__ = (Index("ix_study_sum_learner_id", "learner_id"),)
    library_id: Mapped[int] = mapped_column(ForeignKey("learner.id", ondelete="CASCADE"), primary_key=True)
    span: Mapped[Span] = mapped_column(primary_key=True)
    start: Mapped[date] = mapped_column(primary_key=True)  # its first day
    learner_id: Mapped[int] = mapped_column(ForeignKey("learner.id", ondelete="CASCADE"), primary_key=True)
    days: Mapped[int]
    lasting: Mapped[int]


_DAYS, _SUMS = cast(Table, StudyDayRow.__table__), cast(Table, StudySumRow.__table__)
_REVIEWS = cast(Table, ReviewRow.__table__)
_UNDOS, _DAY, _SUM, _REVIEW = _REVIEWS.alias("undo"), _DAYS.c, _SUMS.c, _REVIEWS.c
_THIS_DAY = (
    _DAY.learner_id == bindparam("learner"),
    _DAY.library_id == bindparam("library"),
    _DAY.day == bindparam("on"),
)
_THIS_SUM = (
    _SUM.library_id == bindparam("library"),
    _SUM.span == bindparam("within"),
    _SUM.start == bindparam("first"),
    _SUM.learner_id == bindparam("learner"),
)
_FIND = select(_DAY.lasting).where(*_THIS_DAY)
_BEGIN = insert(_DAYS)
_MORE = update(_DAYS).values(lasting=_DAY.lasting + bindparam("more")).where(*_THIS_DAY)
_NO_DAY = delete(_DAYS).where(*_THIS_DAY)
_BEGIN_SUM = insert(_SUMS)
_MORE_IN_SUM = (
    update(_SUMS)
    .values(days=_SUM.days + bindparam("more_days"), lasting=_SUM.lasting + bindparam("more"))
    .where(*_THIS_SUM)
)
_DAY_BEFORE = (  # of the review of a card that came before the one at that time
    select(_REVIEW.day)
    .where(_REVIEW.card_id == bindparam("card"), _REVIEW.learner_id == bindparam("learner"))
    .where(_REVIEW.at < bindparam("at"), _REVIEW.grade.is_not(None))
    .where(~select(_UNDOS.c.id).where(_UNDOS.c.undoes == _REVIEW.id).exists())
    .order_by(_REVIEW.at.desc())
    .limit(1)
)


def day_before(session: Session, *, card_id: int, learner_id: int, at: datetime) -> date | None:
    """Return the day on which a learner was asked a card last before that time, None if they never were."""
    return prepared.scalar(session, _DAY_BEFORE, {"card": card_id, "learner": learner_id, "at": at})


def count(session: Session, library_id: int, learner_id: int, day: date, *, lasting: int) -> None:
    """Count a day on which a person studied, with so many more cards that were remembered for long."""
    this = {"learner": learner_id, "library": library_id}
    known = prepared.scalar(session, _FIND, {**this, "on": day})
    if known is None:
        key = {"learner_id": learner_id, "library_id": library_id}
        prepared.do(session, _BEGIN, {**key, "day": day, "lasting": lasting})
        _add(session, library_id, learner_id, day, days=1, lasting=lasting)
    elif lasting:
        prepared.do(session, _MORE, {**this, "on": day, "more": lasting})
        _add(session, library_id, learner_id, day, days=0, lasting=lasting)


def recount(session: Session, library_id: int, learner_id: int, days: Collection[date]) -> None:
    """Count those days again from what was answered on them."""
    for day in days:
        found = _counted(session, library_id, learner_id, day)
        this = {"learner": learner_id, "library": library_id, "on": day}
        known = prepared.scalar(session, _FIND, this)
        if found is None and known is not None:
            prepared.do(session, _NO_DAY, this)
            _add(session, library_id, learner_id, day, days=-1, lasting=-known)
        elif found is not None:
            count(session, library_id, learner_id, day, lasting=found - (known or 0))


def of_card(session: Session, *, card_id: int, learner_id: int, start: date) -> Collection[date]:
    """Return the days from then on to which a card was answered."""
    query = select(_REVIEW.day).where(_REVIEW.card_id == card_id, _REVIEW.learner_id == learner_id)
    return set(session.scalars(query.where(_REVIEW.day >= start, _REVIEW.grade.is_not(None))))


def count_anew(session: Session, learner_id: int) -> None:
    """Count all days of a learner again, since their calendar is another."""
    for table in (_DAYS, _SUMS):
        session.execute(delete(table).where(table.c.learner_id == learner_id))
    found: dict[int, Counter[date]] = {}
    before: tuple[int, date] | None = None
    undone = select(_UNDOS.c.id).where(_UNDOS.c.undoes == _REVIEW.id).exists()
    query = (
        select(CardRow.owner_id, _REVIEW.card_id, _REVIEW.day, _REVIEW.was, _REVIEW.grade)
        .join_from(_REVIEWS, CardRow.__table__, CardRow.id == _REVIEW.card_id)
        .where(_REVIEW.learner_id == learner_id, CardRow.owner_id != learner_id, _REVIEW.grade.is_not(None), ~undone)
        .order_by(_REVIEW.card_id, _REVIEW.at)
    )
    for library_id, card_id, day, was, grade in session.execute(query):
        last = before[1] if before and before[0] == card_id else None
        found.setdefault(library_id, Counter())[day] += lasted(last, day, was, grade)
        before = card_id, day
    for library_id, days in found.items():
        for day, lasting in days.items():
            count(session, library_id, learner_id, day, lasting=lasting)


def missummed(session: Session) -> Sequence[int]:
    """Return people of whom a week, a month or all is kept as other than their days come to; there should be none."""
    summed: dict[tuple[int, int, Span, date], tuple[int, int]] = {}
    for learner_id, library_id, day, lasting in session.execute(select(*_DAYS.columns)):
        for span in Span:
            key = learner_id, library_id, span, since(span, day)
            days, before = summed.get(key, (0, 0))
            summed[key] = days + 1, before + lasting
    kept = {
        (row.learner_id, row.library_id, row.span, row.start): (row.days, row.lasting)
        for row in session.execute(select(*_SUMS.columns))
        if row.days or row.lasting  # of days that were undone nothing is left, and that is kept
    }
    return sorted({key[0] for key, _ in summed.items() ^ kept.items()})


def miscounted(session: Session) -> Sequence[int]:
    """Return people who answered cards of a team on a day that is not counted; there should be none.

    A day of which nothing is there any more is none of them: a card that left the trash for good took its reviews along.
    """
    undone = select(_UNDOS.c.id).where(_UNDOS.c.undoes == _REVIEW.id).exists()
    is_kept = select(_DAY.day).where(
        _DAY.learner_id == _REVIEW.learner_id, _DAY.library_id == CardRow.owner_id, _DAY.day == _REVIEW.day
    )
    query = (
        select(_REVIEW.learner_id)
        .join_from(_REVIEWS, CardRow.__table__, CardRow.id == _REVIEW.card_id)
        .where(CardRow.owner_id != _REVIEW.learner_id, _REVIEW.grade.is_not(None), ~undone, ~is_kept.exists())
    )
    return sorted(session.scalars(query.distinct()))


def _counted(session: Session, library_id: int, learner_id: int, day: date) -> int | None:
    """Return how many cards were remembered for long on a day, from its reviews; None if there are none."""
    query = (
        select(_REVIEW.card_id, _REVIEW.at, _REVIEW.was, _REVIEW.grade)
        .join_from(_REVIEWS, CardRow.__table__, CardRow.id == _REVIEW.card_id)
        .where(_REVIEW.learner_id == learner_id, _REVIEW.day == day, CardRow.owner_id == library_id)
        .where(_REVIEW.grade.is_not(None), ~select(_UNDOS.c.id).where(_UNDOS.c.undoes == _REVIEW.id).exists())
    )
    rows = session.execute(query).all()
    if not rows:
        return None
    return sum(
        lasted(day_before(session, card_id=card_id, learner_id=learner_id, at=at), day, was, grade)
        for card_id, at, was, grade in rows
    )


def _add(session: Session, library_id: int, learner_id: int, day: date, *, days: int, lasting: int) -> None:
    """Add to what a person has in the week and the month of a day, and in all."""
    for span in Span:
        first = since(span, day)
        this = {"library": library_id, "learner": learner_id, "within": span, "first": first}
        if not prepared.do(session, _MORE_IN_SUM, {**this, "more_days": days, "more": lasting}):
            key = {"library_id": library_id, "span": span, "start": first, "learner_id": learner_id}
            prepared.do(session, _BEGIN_SUM, {**key, "days": days, "lasting": lasting})
