"""The people who learn, and how each of them wants to study."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, cast

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Row,
    Table,
    and_,
    bindparam,
    false,
    select,
    update,
)
from sqlalchemy.orm import Mapped, Session, mapped_column

from quizapp.db import option_columns, parameters, prepared
from quizapp.db.base import Base, PrimaryKey
from quizapp.db.option_columns import OptionColumns
from quizapp.domain.options import Options
from quizapp.domain.parameters import DEFAULTS, Parameters
from quizapp.domain.spreading import USUAL_WEEK


class LearnerRow(Base):
    """A person; whatever is stored belongs to one."""

    __tablename__ = "learner"
    id: Mapped[PrimaryKey]
    name: Mapped[str]
    created: Mapped[datetime]


class SettingRow(OptionColumns, Base):
    """How one learner wants to study."""

    __tablename__ = "setting"
    __table_args__ = (
        CheckConstraint("turn_hour between 0 and 23", name="turn_hour"),
        *option_columns.checks(),
    )
    owner_id: Mapped[int] = mapped_column(ForeignKey("learner.id", ondelete="CASCADE"), primary_key=True)
    time_zone: Mapped[str]
    turn_hour: Mapped[int] = mapped_column(default=4)
    week: Mapped[tuple[int, ...]] = mapped_column(default=USUAL_WEEK)
    two_buttons: Mapped[bool] = mapped_column(default=False, server_default=false())


@dataclass(frozen=True)
class StudySettings:
    """How a learner wants to study, as it is stored."""

    time_zone: str  # IANA name, "Europe/Berlin"
    turn_hour: int
    options: Options = field(default_factory=Options)  # of every deck that has none of its own
    week: tuple[int, ...] = USUAL_WEEK  # percent of a usual day that is studied on each, from Monday on
    two_buttons: bool = False  # Again and Good alone
    parameters: Parameters = DEFAULTS


_SETTINGS = cast(Table, SettingRow.__table__)
_FITTED = parameters.TABLE
_ALONE = ("time_zone", "turn_hour", "week", "two_buttons")  # columns that are fields as they are
_ALL_SETTINGS = select(
    *(_SETTINGS.c[name] for name in (*_ALONE, *option_columns.NAMES)), _FITTED.c.version, _FITTED.c.weights
).outerjoin_from(_SETTINGS, _FITTED, and_(_FITTED.c.owner_id == _SETTINGS.c.owner_id, _FITTED.c.in_use))
_STUDY_SETTINGS = _ALL_SETTINGS.where(_SETTINGS.c.owner_id == bindparam("learner"))
_MANY_SETTINGS = _ALL_SETTINGS.add_columns(_SETTINGS.c.owner_id).where(
    _SETTINGS.c.owner_id.in_(bindparam("learners", expanding=True))
)
_NAMES = (
    select(LearnerRow.id, LearnerRow.name)
    .where(LearnerRow.id.in_(bindparam("learners", expanding=True)))
    .order_by(LearnerRow.name)
)
_PUT = update(_SETTINGS).where(_SETTINGS.c.owner_id == bindparam("learner"))


def study_settings(session: Session, learner_id: int) -> StudySettings:
    """Return how the learner wants to study."""
    return _read(prepared.rows(session, _STUDY_SETTINGS, {"learner": learner_id})[0])


def many_settings(session: Session, learner_ids: Sequence[int]) -> Mapping[int, StudySettings]:
    """Return how each of these learners wants to study; those who want the same have the very same settings."""
    alike: dict[tuple[Any, ...], StudySettings] = {}
    found: dict[int, StudySettings] = {}
    for row in prepared.rows(session, _MANY_SETTINGS, {"learners": list(learner_ids)}):
        *wanted, learner_id = row
        found[learner_id] = alike.get(tuple(wanted)) or alike.setdefault(tuple(wanted), _read(row))
    return found


def put_study_settings(session: Session, learner_id: int, chosen: StudySettings) -> None:
    """Store how the learner wants to study."""
    alone = {name: getattr(chosen, name) for name in _ALONE}
    session.execute(_PUT, {"learner": learner_id, **alone, **option_columns.write(chosen.options)})
    parameters.use(session, learner_id, chosen.parameters.version)


def first(session: Session) -> int | None:
    """Return the id of the first learner, or None in an empty library."""
    return session.scalars(select(LearnerRow.id).order_by(LearnerRow.id).limit(1)).one_or_none()


def with_settings(session: Session) -> Sequence[int]:
    """Return the ids of all learners who have settings."""
    return session.scalars(select(SettingRow.owner_id)).all()


def rename(session: Session, learner_id: int, name: str) -> None:
    """Give a learner another name."""
    session.execute(update(LearnerRow).where(LearnerRow.id == learner_id).values(name=name))


def live_in(session: Session, learner_id: int, time_zone: str) -> None:
    """Let a learner's days be those of another time zone."""
    session.execute(update(SettingRow).where(SettingRow.owner_id == learner_id).values(time_zone=time_zone))


def name_of(session: Session, learner_id: int) -> str:
    """Return a learner's name."""
    return session.scalars(select(LearnerRow.name).where(LearnerRow.id == learner_id)).one()


def names(session: Session, learner_ids: Sequence[int]) -> Mapping[int, str]:
    """Return what people are called, by id and in the order of their names."""
    return dict(prepared.rows(session, _NAMES, {"learners": list(learner_ids)})) if learner_ids else {}


def add(session: Session, *, name: str, time_zone: str, now: datetime) -> int:
    """Store a learner with the settings everybody starts with and return the id."""
    learner = LearnerRow(name=name, created=now)
    session.add(learner)
    session.flush()
    session.add(SettingRow(owner_id=learner.id, time_zone=time_zone, **option_columns.write(Options())))
    session.flush()
    return learner.id


def _read(row: Row[Any]) -> StudySettings:
    fitted = DEFAULTS if row.version is None else Parameters(row.version, row.weights)
    return StudySettings(
        row.time_zone, row.turn_hour, option_columns.read(row), row.week, row.two_buttons, parameters=fitted
    )
