"""A learner's own FSRS parameters: fitted by a worker, looked at, taken, left, given up again.

Start from `ask` and `standing`. A fit changes nothing until it is taken; what is taken counts like any other
setting: every memory is replayed, and dates that were given stay.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from quizapp.db import histories, progress
from quizapp.db import parameters as rows
from quizapp.db.engine import Session
from quizapp.db.parameters import ParametersRow
from quizapp.domain.jobs import JobKind
from quizapp.domain.parameters import DEFAULTS, Fitted, Parameters, check_enough
from quizapp.domain.permissions import Action, Actor
from quizapp.domain.rescheduling import Dates
from quizapp.domain.scheduling import Weights
from quizapp.errors import Conflict, InvalidInput
from quizapp.sandbox import Progress
from quizapp.services import jobs, settings
from quizapp.services.access import allowed
from quizapp.services.jobs import JobView
from quizapp.services.settings import Change
from quizapp.services.tasks import to_fit
from quizapp.translations import _

FITS_SHOWN = 20


@dataclass(frozen=True)
class Fit:
    """Parameters that were fitted, and what has become of them."""

    version: int
    made: datetime
    fitted: Fitted
    in_use: bool
    is_set_aside: bool


@dataclass(frozen=True)
class Standing:
    """Where a learner is with parameters of their own."""

    tests: int  # answers that test memory, by now
    job: JobView | None  # that is not over, or has failed
    used: Fit | None  # None for the defaults
    offered: Fit | None  # the newest fit, while it is neither used nor set aside
    others: Sequence[Fit]  # earlier ones, the newest first


def standing(session: Session, actor: Actor) -> Standing:
    """Return what is used, what is offered, and whether a fit is under way."""
    fits = [_fit(row) for row in rows.of_learner(session, actor.learner_id, limit=FITS_SHOWN)]
    offered = next((one for one in fits[:1] if not one.in_use and not one.is_set_aside), None)
    found = [job for job in jobs.in_sight(session, actor) if job.kind is JobKind.FIT]
    return Standing(
        tests=progress.count_tests(session, actor.learner_id),
        job=found[-1] if found else None,
        used=next((one for one in fits if one.in_use), None),
        offered=offered,
        others=[one for one in fits if not one.in_use and one is not offered],
    )


def ask(session: Session, actor: Actor, *, now: datetime) -> int:
    """Ask a worker for a fit to all reviews of the actor, and return the job; too few are refused."""
    check_enough(progress.count_tests(session, actor.learner_id))
    return jobs.ask(session, actor, to_fit(), now=now)


def fit(session: Session, actor: Actor, *, on_progress: Progress) -> Fitted:
    """Fit parameters to the actor's reviews: up to minutes of work, for a process of its own."""
    from quizapp.domain import fitting, review_logs  # noqa: PLC0415 - with numpy, which no page process needs

    days = settings.study_plan(session, actor).days
    on_progress(0.0, _("Reading your reviews"))
    cards = [
        reviews
        for history in histories.of_learner(session, actor.learner_id)
        for reviews in review_logs.answered(history.events, days)
    ]
    log = review_logs.Log.of(cards, days)
    check_enough(int(log.histories.tests.sum()))
    return fitting.fit_and_compare(
        log.histories,
        log.earlier(),
        on_progress=lambda share: on_progress(share, _("Following your memory through every review")),
    )


def store(session: Session, actor: Actor, fitted: Fitted, *, now: datetime) -> int:
    """Keep a fit for the actor to look at, and return its version."""
    return rows.add(session, actor.learner_id, fitted, now=now)


def prepare(session: Session, actor: Actor, version: int, *, now: datetime) -> Change:
    """Work out what it would do to schedule by this version, that of the defaults among them; reads only."""
    before = settings.chosen(session, actor)
    after = replace(before, parameters=Parameters(version, _weights(session, actor, version)))
    return settings.foresee(session, actor, before, after, dates=Dates.KEEP, now=now)


def set_aside(session: Session, actor: Actor, version: int) -> None:
    """Offer these parameters no longer."""
    row = _owned(session, actor, version)
    if row.in_use:
        raise Conflict("These parameters are in use. Go back to the defaults first.")
    row.set_aside = True


def offer_again(session: Session, actor: Actor, version: int) -> None:
    """Offer parameters that were set aside."""
    _owned(session, actor, version).set_aside = False


def _weights(session: Session, actor: Actor, version: int) -> Weights:
    if version == DEFAULTS.version:
        return DEFAULTS.weights
    fitted = _owned(session, actor, version).fitted
    if not fitted.is_better:
        raise InvalidInput(
            "These parameters foretold your later answers no better than the defaults. Keep the defaults."
        )
    return fitted.weights


def _owned(session: Session, actor: Actor, version: int) -> ParametersRow:
    return allowed(rows.get(session, actor.learner_id, version), actor, Action.EDIT, thing="set of parameters")


def _fit(row: ParametersRow) -> Fit:
    return Fit(row.version, row.made, row.fitted, row.in_use, row.set_aside)
