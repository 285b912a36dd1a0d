"""What a team knows: worked out by a worker from everybody's memories, told within the rules of privacy.

Start from `known`; `refresh` works out anew what has become old.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import Enum

from quizapp.db import decks as deck_rows
from quizapp.db import histories
from quizapp.db import knowledge as rows
from quizapp.db import teams as team_rows
from quizapp.db.engine import Session
from quizapp.db.knowledge import Part, State
from quizapp.db.teams import Member, TeamRow
from quizapp.domain import deck_names
from quizapp.domain.audit import Deed
from quizapp.domain.calibration import EDGES, Bin, calibration, foretold, overall
from quizapp.domain.knowledge import Held, Person, Topic, by_person, curve, knowledge_map, may_tell, read_off, trusted
from quizapp.domain.permissions import Action, Actor, LearnerId, own
from quizapp.domain.queues import ONE_DAY
from quizapp.services import audit, jobs, teams
from quizapp.services.settings import StudyPlan, study_plan
from quizapp.services.tasks import ToKnow

RECENT = timedelta(days=90)  # reviews that calibration rests on
CARDS_FORETOLD = 200  # of a person, so that one who studies much is not waited for
TREND_DAYS = 182


class By(Enum):
    """What a topic is."""

    HEADING = "heading"  # of the source; a card without one counts under its deck
    SPEAKER = "speaker"
    DECK = "deck"


@dataclass(frozen=True)
class Known:
    """What a team knows, as far as it may be told."""

    topics: Sequence[Topic]  # the least recalled first
    people: Sequence[tuple[Member, Person]]  # those who let it be seen, by need
    studying: int  # who study any deck of the team
    hidden: int  # of them, who are told of as part of the team alone
    recall: float | None  # the mean over all people; None while it may not be told
    trend: Sequence[tuple[date, float]]  # the same on days before
    off_by: float | None  # how far foretold recall was from first tries, 0 to 1
    tries: int  # that `off_by` rests on
    at: datetime | None  # when the oldest part of it was worked out; None before the first time
    old: int  # people who have studied since; what is told of them is of `at`
    on: date | None  # the day that `later` of each topic is of


@dataclass(frozen=True)
class Drawn:
    """What one person knows, worked out and not stored yet."""

    learner_id: int
    state: State
    parts: Sequence[Part]


def known(session: Session, actor: Actor, team_id: int, *, by: By, on: date | None, now: datetime) -> Known:
    """Return what a team knows, for who may watch it; `on` is a day to come, if nobody studies until then."""
    team = teams.living(session, actor, team_id, Action.WATCH)
    people = _people(session, team)
    members, states, shown = people.members, people.states, people.shown
    held = list(_held(session, team.library_id, states, by=by, on=on, now=now))
    tested = {one: state.bins for one, state in states.items() if any(state.bins)}
    calibrated = _added(tested.values()) if may_tell(tested, shown=shown) else []
    return Known(
        topics=knowledge_map(held, shown=shown),
        people=[(members[one.person_id], one) for one in by_person(held, shown=shown)],
        studying=len(states),
        hidden=len(states.keys() - shown),
        recall=_recall(held, shown),
        trend=[(day, recall) for day, _, recall in rows.recalls(session, team.library_id, since=_since(now))],
        off_by=trusted(calibrated),
        tries=overall(calibrated).tests,
        at=min((state.at for state in states.values()), default=None),
        old=len(_old(session, team.library_id)),
        on=on,
    )


def ask(session: Session, actor: Actor, team_id: int, *, now: datetime) -> int | None:
    """Ask a worker to bring what is known of a team up to date; None if it is."""
    team = teams.living(session, actor, team_id, Action.WATCH)
    if not _old(session, team.library_id):
        return None
    return jobs.ask(session, own(actor), ToKnow(team.id).task(team.name), now=now)


def to_refresh(session: Session, team_id: int) -> tuple[int, Sequence[int]]:
    """Return the team's library, and the people whose part is old."""
    team = team_rows.get(session, team_id)
    return (team.library_id, _old(session, team.library_id)) if team else (0, [])


def drawn(session: Session, library_id: int, learner_id: int, *, now: datetime) -> Drawn:
    """Work out what a person knows of a team's material; it needs no turn to write."""
    how = study_plan(session, Actor(LearnerId(learner_id)))
    changes = rows.changes(session, library_id).get(learner_id, 0)
    grouped: dict[tuple[int, str, str], list[tuple[datetime, float] | None]] = defaultdict(list)
    for deck_id, heading, speaker, last_review, stability in rows.traces(session, library_id, learner_id):
        grouped[deck_id, heading, speaker].append((last_review, stability) if last_review else None)
    parts = []
    for (deck_id, heading, speaker), cards in grouped.items():
        traces = [card for card in cards if card]
        told = curve(traces, now, how.days, how.preset)
        parts.append(Part(learner_id, deck_id, heading, speaker, len(cards), len(traces), told))
    bins = _bins(session, library_id, learner_id, how, now=now)
    return Drawn(learner_id, State(now, how.days.day_of(now), changes, bins), parts)


def store(session: Session, library_id: int, found: Iterable[Drawn]) -> None:
    """Store what people know."""
    for one in found:
        rows.put(session, library_id, one.learner_id, one.state, one.parts)


def note_day(session: Session, team_id: int, *, now: datetime) -> None:
    """Store what the team knows today, if that may be told, and forget who studies nothing there any more."""
    team = team_rows.get(session, team_id)
    if team is None:
        return
    gone = rows.states(session, team.library_id).keys() - rows.changes(session, team.library_id).keys()
    rows.drop(session, team.library_id, gone)
    people = _people(session, team)
    held = list(_held(session, team.library_id, people.states, by=By.DECK, on=None, now=now))
    recall = _recall(held, people.shown)
    if recall is not None:
        today, count = _today(session, team.library_id, now), len({one.person_id for one in held if one.answered})
        rows.put_recall(session, team.library_id, today, people=count, recall=recall)


def note_looked(session: Session, actor: Actor, team_id: int, deed: Deed, *, detail: str = "", now: datetime) -> None:
    """Note in the team's log that somebody looked at what it knows, or took it out of Recto."""
    team = teams.living(session, actor, team_id, Action.WATCH)
    audit.note(session, actor, team.library_id, deed, kind="team", thing_id=team.id, detail=detail, now=now)


@dataclass(frozen=True)
class _People:
    """Who belongs to a team, what is known of them, and who lets it be seen."""

    members: Mapping[int, Member]
    states: Mapping[int, State]

    @property
    def shown(self) -> frozenset[int]:
        return frozenset(one for one, member in self.members.items() if member.shows_recall)


def _people(session: Session, team: TeamRow) -> _People:
    members = {one.learner_id: one for one in team_rows.members(session, team.id)}
    found = rows.states(session, team.library_id)
    return _People(members, {one: state for one, state in found.items() if one in members})


def _held(
    session: Session, library_id: int, states: Mapping[int, State], *, by: By, on: date | None, now: datetime
) -> Iterator[Held]:
    """Add up what each person knows of each topic, today and on the other day."""
    names = {row.id: deck_names.lineage(row.name)[-1] for row in deck_rows.by_name(session, library_id)}
    sums: dict[tuple[int, str], list[float]] = defaultdict(lambda: [0, 0, 0.0, 0.0])
    today = _today(session, library_id, now)
    for part in rows.parts(session, library_id):
        state, topic = states.get(part.learner_id), _topic(part, by, names)
        if state is None or topic is None:
            continue
        one = sums[part.learner_id, topic]
        one[0] += part.cards
        one[1] += part.answered
        one[2] += read_off(part.curve, (today - state.day).days)
        one[3] += read_off(part.curve, ((on or today) - state.day).days)
    for (learner_id, topic), (cards, answered, chances, later) in sums.items():
        yield Held(learner_id, topic, int(cards), int(answered), chances, later)


def _topic(part: Part, by: By, names: Mapping[int, str]) -> str | None:
    """Return what a card counts under; None for one of a deck in the trash, or one that nobody says."""
    deck = names.get(part.deck_id)
    if deck is None:
        return None
    if by is By.SPEAKER:
        return part.speaker or None
    return (part.heading or deck) if by is By.HEADING else deck


def _recall(held: Iterable[Held], shown: frozenset[int]) -> float | None:
    """Return the mean over people of what each recalls of all topics, if it may be told."""
    sums: dict[int, list[float]] = defaultdict(lambda: [0.0, 0])
    for one in held:
        if one.answered:
            sums[one.person_id][0] += one.chances
            sums[one.person_id][1] += one.answered
    if not may_tell(sums, shown=shown):
        return None
    return sum(chances / answered for chances, answered in sums.values()) / len(sums)


def _old(session: Session, library_id: int) -> Sequence[int]:
    """Return the people of whom something else is true than what was worked out last."""
    states = rows.states(session, library_id)
    return [
        learner_id
        for learner_id, changes in rows.changes(session, library_id).items()
        if learner_id not in states or states[learner_id].changes != changes
    ]


def _bins(session: Session, library_id: int, learner_id: int, how: StudyPlan, *, now: datetime) -> tuple[float, ...]:
    """Return how what was foretold of a person's first tries came true: tests, passed and chances of each bin."""
    since = how.days.day_of(now) - RECENT
    cards = rows.tested(session, library_id, learner_id, since=since, limit=CARDS_FORETOLD)
    tests = [
        one
        for events in histories.events(session, learner_id, cards).values()
        for one in foretold(events, how.days, how.preset)
        if one.day >= since
    ]
    return tuple(float(figure) for one in calibration(tests) for figure in (one.tests, one.passed, one.chances))


def _added(bins: Iterable[Sequence[float]]) -> Sequence[Bin]:
    """Return the bins of several people as those of all."""
    sums = [sum(figures) for figures in zip(*bins, strict=True)]
    return [
        Bin(low, high, int(sums[at]), int(sums[at + 1]), sums[at + 2])
        for low, high, at in zip(EDGES, EDGES[1:], range(0, len(sums), 3), strict=False)
    ]


def _today(session: Session, library_id: int, now: datetime) -> date:
    return study_plan(session, Actor(LearnerId(library_id))).days.day_of(now)


def _since(now: datetime) -> date:
    return now.date() - ONE_DAY * TREND_DAYS
