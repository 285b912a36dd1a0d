"""What a learner has done, how well they remember, and what comes. Start from `progress`."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import Enum

from quizapp.db import decks as deck_rows
from quizapp.db import plans, reviews
from quizapp.db import progress as rows
from quizapp.db.engine import Session
from quizapp.domain import deck_names, queues
from quizapp.domain.permissions import Actor
from quizapp.domain.progress import Pile, Recall, Totals, WeekOfRecall, by_deck, by_document, by_week
from quizapp.domain.progress import recall as recall_of
from quizapp.domain.progress import totals as totals_of
from quizapp.domain.queues import ONE_DAY
from quizapp.domain.scheduling import mean_retrievability
from quizapp.services import decks
from quizapp.services.settings import StudyPlan, study_plan

CALENDAR_DAYS = 53 * 7
FORECAST_DAYS = 30
GROUPS_SHOWN = 50
SAMPLE, GROUP_SAMPLE = 1_000, 100  # memories; more would change a mean by a percent or so


class Span(Enum):
    """How far back to look."""

    MONTH = "30"
    QUARTER = "90"
    YEAR = "365"
    ALL = "all"


@dataclass(frozen=True)
class Group:
    """How well the cards of one deck or document are remembered."""

    id: int
    name: str
    recall: Recall
    known_percent: int | None  # mean chance of knowing one of its seen cards now; None when none is seen


@dataclass(frozen=True)
class Progress:
    """What the page shows."""

    first: date  # of the span
    today: date
    totals: Totals
    recall: Recall
    young: Recall
    mature: Recall
    goal: float  # the retention that the learner wishes for, 0 to 1
    weeks: Sequence[WeekOfRecall]
    seen: int  # cards that are studied and were seen
    known: int  # of them, what the learner would know today
    activity: Sequence[tuple[date, int]]  # reviews on each of the last 53 weeks' days, oldest first
    active_days: int  # of the last 365
    forecast: Sequence[tuple[date, int]]  # cards due on each of the next 30 days, overdue ones today
    decks: Sequence[Group]  # each with its subdecks, the least remembered first, at most 50
    documents: Sequence[Group]


def progress(session: Session, actor: Actor, span: Span, *, now: datetime) -> Progress | None:
    """Return everything for the page, or None before the first review."""
    how = study_plan(session, actor)
    today = how.days.day_of(now)
    begun = rows.first_day(session, actor.learner_id)
    if begun is None:
        return None
    first = begun if span is Span.ALL else max(begun, today - ONE_DAY * (int(span.value) - 1))
    first = min(first, today)
    # What a wrong clock dated ahead is counted when its day comes.
    piles = [pile for pile in rows.piles(session, actor.learner_id, since=first) if pile.day <= today]
    active = reviews.activity(session, actor.learner_id, since=today - ONE_DAY * (CALENDAR_DAYS - 1))
    seen, known = _known(session, actor, how, now)
    return Progress(
        first=first,
        today=today,
        totals=totals_of(piles),
        recall=recall_of(piles),
        young=recall_of(pile for pile in piles if not pile.mature),
        mature=recall_of(pile for pile in piles if pile.mature),
        goal=how.preset.retention,
        weeks=by_week(piles, first=first, last=today),
        seen=seen,
        known=known,
        activity=[(day, active.get(day, 0)) for day in _back(today, CALENDAR_DAYS)],
        active_days=sum(day in active for day in _back(today, 365)),
        forecast=_forecast(session, actor, how, now),
        decks=_decks(session, actor, by_deck(piles), now=now),
        documents=_documents(session, actor, how, piles, now=now),
    )


def _back(today: date, count: int) -> Iterable[date]:
    """Return that many days up to today, the oldest first."""
    return (today - timedelta(days=back) for back in reversed(range(count)))


def _known(session: Session, actor: Actor, how: StudyPlan, now: datetime) -> tuple[int, int]:
    """Return how many cards were seen, and how many of them the learner would know now."""
    seen = rows.seen(session, actor.learner_id)
    traces = rows.traces(session, actor.learner_id, share=_share(SAMPLE, seen))
    return seen, round(seen * mean_retrievability(traces, now, how.days, how.preset))


def _forecast(session: Session, actor: Actor, how: StudyPlan, now: datetime) -> Sequence[tuple[date, int]]:
    coming = queues.coming_days(now, how.days, count=FORECAST_DAYS)
    counts = plans.due_between(session, actor.learner_id, [end for _, end in coming])
    return [(day, count) for (day, _), count in zip(coming, counts, strict=True)]


def _decks(session: Session, actor: Actor, found: Mapping[int, Recall], *, now: datetime) -> Sequence[Group]:
    """Add up each living deck with its subdecks."""
    keys = {row.id: row.name_key for row in deck_rows.by_name(session, actor.learner_id)}
    within: dict[str, Recall] = {}
    for deck_id in keys.keys() & found.keys():
        for name in deck_names.lineage(keys[deck_id]):
            within[name] = _sum(within.get(name, Recall()), found[deck_id])
    summaries = decks.decks(session, actor, now=now)
    groups = [Group(one.id, one.name, within.get(keys[one.id], Recall()), one.recall_percent) for one in summaries]
    return _shown(groups)


def _documents(
    session: Session, actor: Actor, how: StudyPlan, piles: Sequence[Pile], *, now: datetime
) -> Sequence[Group]:
    found = by_document(piles)
    groups = []
    known = rows.seen_by_document(session, actor.learner_id)
    for document_id in sorted(known, key=lambda one: (-found.get(one, Recall()).tests, one))[:GROUPS_SHOWN]:
        title, seen = known[document_id]
        traces = rows.traces_of_document(session, actor.learner_id, document_id, share=_share(GROUP_SAMPLE, seen))
        percent = round(100 * mean_retrievability(traces, now, how.days, how.preset)) if traces else None
        groups.append(Group(document_id, title, found.get(document_id, Recall()), percent))
    return _shown(groups)


def _shown(groups: Iterable[Group]) -> Sequence[Group]:
    """Leave out what was never studied, and put first what is remembered least."""
    studied = [one for one in groups if one.recall.tests or one.known_percent is not None]
    studied.sort(key=lambda one: (-one.recall.tests, one.name))
    return sorted(studied[:GROUPS_SHOWN], key=lambda one: (one.recall.percent is None, one.recall.percent or 0))


def _sum(one: Recall, other: Recall) -> Recall:
    return Recall(one.tests + other.tests, one.passed + other.passed)


def _share(sample: int, seen: int) -> float:
    return min(1.0, sample / max(1, seen))
