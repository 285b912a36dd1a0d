"""Parameters that were fitted to learners' reviews: what they were worth, and which of them are in use."""

from collections.abc import Sequence
from datetime import datetime
from typing import cast

from sqlalchemy import CheckConstraint, ForeignKey, Index, Table, false, func, select, text, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from quizapp.db.base import Base
from quizapp.domain.parameters import DEFAULTS, Fitted, Measured

_IN_USE = text("in_use")


class ParametersRow(Base):
    """One fit to one learner's reviews; kept, since reviews say by which version they were scheduled."""

    __tablename__ = "fsrs_parameters"
    __table_args__ = (
        CheckConstraint(f"version > {DEFAULTS.version}", name="version"),
        CheckConstraint("NOT (in_use AND set_aside)", name="in_use"),
        Index("ix_fsrs_parameters_in_use", "owner_id", unique=True, sqlite_where=_IN_USE, postgresql_where=_IN_USE),
    )
    owner_id: Mapped[int] = mapped_column(ForeignKey("learner.id", ondelete="CASCADE"), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    weights: Mapped[tuple[float, ...]]
    made: Mapped[datetime]
    tests: Mapped[int]  # that they rest on
    later_tests: Mapped[int]  # that they were judged by; what follows is of these
    own_log_loss: Mapped[float]
    own_rmse: Mapped[float]
    default_log_loss: Mapped[float]
    default_rmse: Mapped[float]
    in_use: Mapped[bool] = mapped_column(default=False, server_default=false())
    set_aside: Mapped[bool] = mapped_column(default=False, server_default=false())  # the learner does not want them

    @property
    def fitted(self) -> Fitted:
        """Return what the fit gave."""
        own = Measured(self.later_tests, self.own_log_loss, self.own_rmse)
        defaults = Measured(self.later_tests, self.default_log_loss, self.default_rmse)
        return Fitted(self.weights, self.tests, own, defaults)


TABLE = cast(Table, ParametersRow.__table__)
_OF = TABLE.c


def get(session: Session, learner_id: int, version: int) -> ParametersRow | None:
    """Return the learner's parameters of that version, or None; the defaults have no row."""
    return session.get(ParametersRow, (learner_id, version))


def of_learner(session: Session, learner_id: int, *, limit: int) -> Sequence[ParametersRow]:
    """Return the learner's fits, the newest first."""
    query = select(ParametersRow).where(ParametersRow.owner_id == learner_id)
    return session.scalars(query.order_by(ParametersRow.version.desc()).limit(limit)).all()


def add(session: Session, learner_id: int, fitted: Fitted, *, now: datetime) -> int:
    """Store a fit, not in use yet, and return its version."""
    query = select(func.max(_OF.version)).where(_OF.owner_id == learner_id)
    version = (session.scalars(query).one() or DEFAULTS.version) + 1
    row = ParametersRow(
        owner_id=learner_id,
        version=version,
        weights=fitted.weights,
        made=now,
        tests=fitted.tests,
        later_tests=fitted.own.tests,
        own_log_loss=fitted.own.log_loss,
        own_rmse=fitted.own.rmse,
        default_log_loss=fitted.defaults.log_loss,
        default_rmse=fitted.defaults.rmse,
    )
    session.add(row)
    session.flush()
    return version


def use(session: Session, learner_id: int, version: int) -> None:
    """Put these parameters in use, and no others; with the version of the defaults, none."""
    these = update(ParametersRow).where(ParametersRow.owner_id == learner_id)
    session.execute(these.where(ParametersRow.in_use, ParametersRow.version != version).values(in_use=False))
    session.execute(these.where(ParametersRow.version == version).values(in_use=True, set_aside=False))
