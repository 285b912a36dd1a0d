"""What a learner has done, how well they remember, and what comes. Start from `progress`."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum

from quizapp.db import follows, histories, reviews, study_queues
from quizapp.db import progress as rows
from quizapp.db.engine import Session, media_of, reads
from quizapp.db.histories import Mark
from quizapp.db.progress import Asked, Held, Learnt, Of, Tests
from quizapp.domain import deck_names, queues
from quizapp.domain.calibration import Bin, Foretold, calibration, foretold, foretold_of_grades
from quizapp.domain.permissions import Actor
from quizapp.domain.progress import (
    DIFFICULTY_EDGES,
    STABILITY_EDGES,
    Constancy,
    Hour,
    Period,
    Recall,
    Stage,
    Totals,
    WeekOfRecall,
    by_day,
    by_hour,
    by_week,
    constancy,
)
from quizapp.domain.progress import recall as recall_of
from quizapp.domain.progress import totals as totals_of
from quizapp.domain.queues import ONE_DAY
from quizapp.domain.scheduling import mean_retrievability
from quizapp.errors import InvalidInput
from quizapp.services import decks
from quizapp.services.settings import StudyPlan, study_plan

CALENDAR_DAYS = 53 * 7
FORECAST_DAYS = 30
GROUPS_SHOWN = 50
SAMPLE, GROUP_SAMPLE = 1_000, 100  # memories; more would change a mean by a percent or so
LEARNERS_KEPT = 200  # in the process, with some 50 kB each
LOOKS_KEPT = 64  # with some 150 kB each
CARDS_FORETOLD, REVIEWS_REPLAYED = 300, 3_000  # at most, for a review takes some 70 microseconds


class Span(Enum):
    """How far back to look."""

    WEEK = "7"
    MONTH = "30"
    QUARTER = "90"
    YEAR = "365"
    ALL = "all"


@dataclass(frozen=True)
class Between:
    """Days to look at, as they were asked for; one that is left open is the first or the last there is."""

    first: date | None
    last: date | None


@dataclass(frozen=True)
class Group:
    """How well the cards of one deck or document are remembered, or those with one tag or speaker."""

    id: int | None  # None for a tag or a speaker
    name: str
    recall: Recall
    known_percent: int | None = None  # mean chance of knowing one of its seen cards now; None when none is seen


@dataclass(frozen=True)
class Memories:
    """What is remembered of the seen cards, and whether that is what tests have shown."""

    stability: Sequence[int]  # cards in each class, see `STABILITY_EDGES`
    difficulty: Sequence[int]
    calibration: Sequence[Bin]  # of tests in the period
    cards_foretold: int  # that calibration rests on


@dataclass(frozen=True)
class Answered:
    """What follows from a learner's answers, whatever the cards count under."""

    totals: Totals
    recall: Recall
    new: Recall  # first answers to cards never seen; they are not among `recall`
    young: Recall
    mature: Recall
    weeks: Sequence[WeekOfRecall]
    days: Sequence[tuple[date, int, Recall]]  # those with reviews, oldest first: how many, and their tests
    hours: Sequence[Hour]
    known: int  # of the cards that are studied and were seen, what the learner would know today
    activity: Sequence[tuple[date, int]]  # reviews on each of the last 53 weeks' days, oldest first
    constancy: Constancy
    memories: Memories


@dataclass(frozen=True)
class Progress(Answered):
    """What the page shows."""

    period: Period
    today: date
    goal: float  # the retention that the learner wishes for, 0 to 1
    seen: int  # cards that are studied and were seen
    forecast: Sequence[tuple[date, int]]  # cards due on each of the next 30 days, overdue ones today
    decks: Sequence[Group]  # each with its subdecks, the least remembered first, at most 50
    documents: Sequence[Group]
    tags: Sequence[Group]
    speakers: Sequence[Group]


_kept: dict[tuple[object, ...], dict[int, tuple[Mark, Sequence[Foretold]]]] = {}  # by all that a replay depends on
_looks: dict[tuple[object, ...], tuple[Sequence[object], Learnt, Answered]] = {}  # by all but a mark


def progress(session: Session, actor: Actor, wanted: Span | Between, *, now: datetime) -> Progress | None:
    """Return everything for the page, or None before the first review."""
    how = study_plan(session, actor)
    today = how.days.day_of(now)
    begun = rows.first_day(session, actor.learner_id)
    if begun is None:
        return None
    # What a wrong clock dated ahead is counted when its day comes.
    begun = min(begun, today)
    period = _period(wanted, begun=begun, today=today)
    cards = rows.cards(session, actor.learner_id, period, few=SAMPLE)
    answered = _answered(session, actor, how, cards, period, now=now)
    return Progress(
        **vars(answered),
        period=period,
        today=today,
        goal=how.preset.retention,
        seen=cards.seen,
        forecast=_forecast(session, actor, how, now),
        decks=_decks(session, actor, how, cards.tests, now=now),
        documents=_documents(how, cards, now=now),
        tags=_named(cards.tests.groups[Of.TAG]),
        speakers=_named(cards.tests.groups[Of.SPEAKER]),
    )


def _answered(
    session: Session, actor: Actor, how: StudyPlan, cards: Asked, period: Period, *, now: datetime
) -> Answered:
    """Work out what follows from answers alone, unless it was before and nothing was answered since.

    What a session finds that may be taken back is not kept.
    """
    if not isinstance(cards, Held) or not reads(session):
        return _work_out(session, actor, how, cards, period, now=now)
    key = media_of(session), actor.learner_id, how, period, how.days.day_of(now)
    if (kept := _looks.get(key)) and kept[0] == cards.mark:
        cards.learnt = kept[1]
        return kept[2]
    found = _work_out(session, actor, how, cards, period, now=now)
    if len(_looks) >= LOOKS_KEPT:
        _looks.clear()
    _looks[key] = cards.mark, cards.learnt, found
    return found


def _work_out(
    session: Session, actor: Actor, how: StudyPlan, cards: Asked, period: Period, *, now: datetime
) -> Answered:
    today = how.days.day_of(now)
    piles = rows.piles(session, actor.learner_id, period)
    active = reviews.activity(session, actor.learner_id, since=today - ONE_DAY * (CALENDAR_DAYS - 1))
    return Answered(
        totals=totals_of(piles),
        recall=recall_of(piles),
        new=recall_of(piles, Stage.NEW),
        young=recall_of(piles, Stage.YOUNG),
        mature=recall_of(piles, Stage.MATURE),
        weeks=by_week(piles, period),
        days=by_day(piles),
        hours=by_hour(piles, how.days),
        known=_known(how, cards, now),
        activity=[(day, active.get(day, 0)) for day in _year(today)],
        constancy=constancy(active, today),
        memories=_memories(session, actor, how, period, cards),
    )


def _year(today: date) -> Iterable[date]:
    """Return the days of the calendar, the oldest first."""
    return (today - ONE_DAY * back for back in reversed(range(CALENDAR_DAYS)))


def _period(wanted: Span | Between, *, begun: date, today: date) -> Period:
    """Return the days that are asked for, none of them before the first review or after today."""
    if isinstance(wanted, Span):
        first = begun if wanted is Span.ALL else max(begun, today - ONE_DAY * (int(wanted.value) - 1))
        return Period(first, today)
    if wanted.first and wanted.last and wanted.first > wanted.last:
        raise InvalidInput("The last day comes before the first. Swap them.")
    last = min(max(wanted.last or today, begun), today)
    return Period(min(max(wanted.first or begun, begun), last), last)


def _memories(session: Session, actor: Actor, how: StudyPlan, period: Period, cards: Asked) -> Memories:
    stability, difficulty = [0] * (len(STABILITY_EDGES) + 1), [0] * (len(DIFFICULTY_EDGES) + 1)
    classes = cards.classes()
    for one in classes:
        stability[one.stability] += one.cards
        difficulty[one.difficulty] += one.cards
    replayed = sum(one.reviews for one in classes) / max(1, sum(one.cards for one in classes))
    most = min(CARDS_FORETOLD, round(REVIEWS_REPLAYED / max(1, replayed)))
    chosen = cards.tested(share=_share(most, cards.tests.cards), limit=CARDS_FORETOLD)
    first, last = period.first, period.last
    tests = (one for each in _foretold(session, actor, how, chosen) for one in each if first <= one.day <= last)
    return Memories(stability, difficulty, calibration(tests), len(chosen))


def _foretold(session: Session, actor: Actor, how: StudyPlan, card_ids: Sequence[int]) -> Iterable[Sequence[Foretold]]:
    """Replay each of these cards, but those that were replayed before and to which nothing happened since."""
    known = _replays(session, actor, how)
    marks = histories.marks(session, actor.learner_id, card_ids)
    fresh = [one for one in card_ids if one not in known or known[one][0] != marks[one]]
    plain = [one for one in fresh if not marks[one].overrides]
    found = {
        card_id: tuple(foretold_of_grades(answers, how.preset))
        for card_id, answers in histories.graded(session, actor.learner_id, plain).items()
    }
    overridden = [one for one in fresh if marks[one].overrides]
    for card_id, events in histories.events(session, actor.learner_id, overridden).items():
        found[card_id] = tuple(foretold(events, how.days, how.preset))
    known.update((card_id, (marks[card_id], tests)) for card_id, tests in found.items())
    return [known[one][1] for one in card_ids]


def _replays(session: Session, actor: Actor, how: StudyPlan) -> dict[int, tuple[Mark, Sequence[Foretold]]]:
    """Return what is kept of the learner's cards; what a session finds that may be taken back is not kept."""
    if not reads(session):
        return {}
    key = media_of(session), actor.learner_id, how.days, how.preset
    if key not in _kept and len(_kept) >= LEARNERS_KEPT:
        _kept.clear()
    return _kept.setdefault(key, {})


def _known(how: StudyPlan, cards: Asked, now: datetime) -> int:
    """Return how many of the cards that were seen the learner would know now."""
    traces = cards.traces(share=_share(SAMPLE, cards.seen))
    return round(cards.seen * mean_retrievability(traces, now, how.days, how.preset))


def _forecast(session: Session, actor: Actor, how: StudyPlan, now: datetime) -> Sequence[tuple[date, int]]:
    coming = queues.coming_days(now, how.days, count=FORECAST_DAYS)
    counts = study_queues.due_between(session, actor.learner_id, [end for _, end in coming])
    return [(day, count) for (day, _), count in zip(coming, counts, strict=True)]


def _decks(session: Session, actor: Actor, how: StudyPlan, tests: Tests, *, now: datetime) -> Sequence[Group]:
    """Add up each living deck with its subdecks."""
    found = tests.groups[Of.DECK]
    studied = follows.studied(session, actor.learner_id)
    within: dict[tuple[int, str], Recall] = {}
    for deck in studied:
        for name in deck_names.lineage(deck.name_key):
            key = deck.owner_id, name
            within[key] = within.get(key, Recall()) + found.get(str(deck.id), Recall())
    known = decks.known_percents(session, actor, studied, how, now=now)
    return _shown(Group(one.id, one.name, within[one.owner_id, one.name_key], known[one.id]) for one in studied)


def _documents(how: StudyPlan, cards: Asked, *, now: datetime) -> Sequence[Group]:
    found = {int(document_id): recall for document_id, recall in cards.tests.groups[Of.DOCUMENT].items()}
    groups = []
    known = cards.seen_by_document()
    for document_id in sorted(known, key=lambda one: (-found.get(one, Recall()).tests, one))[:GROUPS_SHOWN]:
        title, seen = known[document_id]
        traces = cards.traces_of_document(document_id, share=_share(GROUP_SAMPLE, seen))
        percent = round(100 * mean_retrievability(traces, now, how.days, how.preset)) if traces else None
        groups.append(Group(document_id, title, found.get(document_id, Recall()), percent))
    return _shown(groups)


def _named(found: Mapping[str, Recall]) -> Sequence[Group]:
    return _shown(Group(None, name, recall) for name, recall in found.items())


def _shown(groups: Iterable[Group]) -> Sequence[Group]:
    """Leave out what was never studied, and put first what is remembered least."""
    studied = [one for one in groups if one.recall.tests or one.known_percent is not None]
    studied.sort(key=lambda one: (-one.recall.tests, one.name))
    return sorted(studied[:GROUPS_SHOWN], key=lambda one: (one.recall.percent is None, one.recall.percent or 0))


def _share(sample: int, seen: int) -> float:
    return min(1.0, sample / max(1, seen))
