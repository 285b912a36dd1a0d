"""The people who learn, and how each of them wants to study."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from sqlalchemy import CheckConstraint, ForeignKey, Table, bindparam, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from quizapp.db import prepared
from quizapp.db.base import Base, PrimaryKey


class LearnerRow(Base):
    """A person; whatever is stored belongs to one."""

    __tablename__ = "learner"
    id: Mapped[PrimaryKey]
    name: Mapped[str]
    created: Mapped[datetime]


class SettingRow(Base):
    """How one learner wants to study."""

    __tablename__ = "setting"
    __table_args__ = (
        CheckConstraint("turn_hour between 0 and 23", name="turn_hour"),
        CheckConstraint("retention between 0.5 and 0.99", name="retention"),
        CheckConstraint("new_per_day >= 0", name="new_per_day"),
        CheckConstraint("reviews_per_day >= 0", name="reviews_per_day"),
    )
    owner_id: Mapped[int] = mapped_column(ForeignKey("learner.id", ondelete="CASCADE"), primary_key=True)
    time_zone: Mapped[str]
    turn_hour: Mapped[int] = mapped_column(default=4)
    retention: Mapped[float] = mapped_column(default=0.9)
    new_per_day: Mapped[int] = mapped_column(default=20)
    reviews_per_day: Mapped[int] = mapped_column(default=200)


@dataclass(frozen=True)
class StudySettings:
    """The numbers that studying needs at every card."""

    turn_hour: int
    retention: float
    new_per_day: int
    reviews_per_day: int


_SETTING = cast(Table, SettingRow.__table__).c
_STUDY_SETTINGS = select(_SETTING.turn_hour, _SETTING.retention, _SETTING.new_per_day, _SETTING.reviews_per_day).where(
    _SETTING.owner_id == bindparam("learner")
)


def study_settings(session: Session, learner_id: int) -> StudySettings:
    """Return how the learner wants to study."""
    return StudySettings(*prepared.rows(session, _STUDY_SETTINGS, {"learner": learner_id})[0])


def first(session: Session) -> tuple[int, str] | None:
    """Return the id and time zone of the first learner, or None in an empty library."""
    query = select(LearnerRow.id, SettingRow.time_zone).join(SettingRow, SettingRow.owner_id == LearnerRow.id)
    row = session.execute(query.order_by(LearnerRow.id).limit(1)).one_or_none()
    return None if row is None else (row.id, row.time_zone)


def time_zone(session: Session, learner_id: int) -> str:
    """Return the learner's time zone."""
    return session.scalars(select(SettingRow.time_zone).where(SettingRow.owner_id == learner_id)).one()


def time_zones(session: Session) -> Mapping[int, str]:
    """Return every learner's time zone by id."""
    return dict(session.execute(select(SettingRow.owner_id, SettingRow.time_zone)).all())


def add(session: Session, *, name: str, time_zone: str, now: datetime) -> int:
    """Store a learner with the settings everybody starts with and return the id."""
    learner = LearnerRow(name=name, created=now)
    session.add(learner)
    session.flush()
    session.add(SettingRow(owner_id=learner.id, time_zone=time_zone))
    session.flush()
    return learner.id
