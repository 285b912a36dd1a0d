"""What a team knows: worked out by a worker from everybody's memories, told within the rules of privacy.

Start from `known`; `refresh` works out anew what has become old. What the team knows is told from sums over its people,
which `store` changes with each person's part; where they are over decks that are called otherwise by now, they are added
up anew.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from hashlib import blake2b
from itertools import groupby

from quizapp.db import decks as deck_rows
from quizapp.db import histories, learners
from quizapp.db import knowledge as rows
from quizapp.db import teams as team_rows
from quizapp.db.engine import Session, reads
from quizapp.db.knowledge import Part, State
from quizapp.domain.audit import Deed
from quizapp.domain.calibration import calibration, foretold, overall
from quizapp.domain.knowledge import By, Grasp, Sums, Told, Topic, between, curve, grasped, tell, trusted
from quizapp.domain.permissions import Action, Actor, LearnerId, own
from quizapp.domain.queues import ONE_DAY
from quizapp.services import audit, jobs, teams
from quizapp.services.audit import Look
from quizapp.services.parts import part
from quizapp.services.settings import StudyPlan, study_plan
from quizapp.services.tasks import ToKnow

RECENT = timedelta(days=90)  # reviews that calibration rests on
CARDS_FORETOLD = 200  # of a person, so that one who studies much is not waited for
TREND_DAYS = 182
PEOPLE_SHOWN, TOPICS_SHOWN = 25, 6  # of a page

PAGES_KEPT = 256

Groups = Mapping[date, Sums]  # by the day on which curves begin
Recall = Mapping[str, float | None]  # by topic; None before the first answer
_recalls: dict[tuple[object, ...], Sequence[Recall]] = {}  # of a page of people, by all that it depends on


@dataclass(frozen=True)
class Person:
    """What one person lets be seen: recall by topic."""

    person_id: int
    name: str
    recall: Recall


@dataclass(frozen=True)
class Fresh:
    """Sums that were added up anew and are not stored yet."""

    library_id: int
    decks: str  # a hash of the decks that they are over
    mark: object  # of the parts that they are over
    sums: Mapping[By, Groups]


@dataclass(frozen=True)
class Known:
    """What a team knows, as far as it may be told."""

    topics: Sequence[Topic]  # the least recalled first
    columns: Sequence[str]  # topics that are told of people: on a page those least recalled, else all
    people: Sequence[Person]  # a page of those who let it be seen, by need
    page: int  # counted from 1
    pages: int
    members: int  # of the team
    studying: int  # who study any deck of the team
    hidden: int  # of them, who are told of as part of the team alone
    recall: float | None  # the mean over all people; None while it may not be told
    trend: Sequence[tuple[date, float]]  # the same on days before
    off_by: float | None  # how far foretold recall was from first tries, 0 to 1
    tries: int  # that `off_by` rests on
    at: datetime | None  # when the oldest part of it was worked out; None before the first time
    old: int  # people who have studied since; what is told of them is of `at`
    on: date | None  # the day that `later` of each topic is of
    fresh: Fresh | None = None  # to be stored by `keep`, so that the next look is quick


@dataclass(frozen=True)
class Drawn:
    """What one person knows, worked out and not stored yet."""

    learner_id: int
    state: State
    parts: Sequence[Part]
    seen: Mapping[int, int]  # changes by deck that it is after


def known(
    session: Session, actor: Actor, team_id: int, *, by: By, on: date | None, page: int | None = 1, now: datetime
) -> Known:
    """Return what a team knows, for who may watch it; `on` is a day to come, if nobody studies until then.

    `page` is of the people; None is all of them.
    """
    team = teams.living(session, actor, team_id, Action.WATCH)
    library, today = team.library_id, _today(session, team.library_id, now)
    shown, hidden = team_rows.who_shows(session, team.id)
    names = deck_rows.names(session, library)
    groups, fresh = _groups(session, library, by, shown | hidden, names)
    told = _told(tuple(groups), tuple(groups.values()), today, on or today, shown)
    shown_here = part(told.by_need, page or 1, size=PEOPLE_SHOWN)
    listed = told.by_need if page is None else shown_here.shown
    columns = [topic.name for topic in told.topics if page is None or topic.recall is not None]
    columns = columns if page is None else columns[:TOPICS_SHOWN]
    return Known(
        topics=told.topics,
        columns=columns,
        people=_people(session, library, listed, by, columns, names, groups, today),
        page=shown_here.number,
        pages=shown_here.pages,
        members=len(shown) + len(hidden),
        studying=told.people,
        hidden=told.people - len(told.by_need),
        recall=told.whole.recall,
        trend=[(day, recall) for day, _, recall in rows.recalls(session, library, since=_since(now))],
        off_by=trusted(told.bins),
        tries=overall(told.bins).tests,
        at=rows.oldest(session, library, team.id),
        old=rows.count_old(session, library, team.id),
        on=on,
        fresh=fresh,
    )


def ask(session: Session, actor: Actor, team_id: int, *, now: datetime) -> int | None:
    """Ask a worker to bring what is known of a team up to date; None if it is."""
    team = teams.living(session, actor, team_id, Action.WATCH)
    if not rows.count_old(session, team.library_id, team.id):
        return None
    return jobs.ask(session, own(actor), ToKnow(team.id).task(team.name), now=now)


def to_refresh(session: Session, team_id: int) -> tuple[int, Sequence[int]]:
    """Return the team's library, and the people whose part is old."""
    team = team_rows.get(session, team_id)
    return (team.library_id, rows.old(session, team.library_id, team.id)) if team else (0, [])


def drawn(session: Session, library_id: int, learner_id: int, *, now: datetime) -> Drawn:
    """Work out what a person knows of a team's material; it needs no turn to write."""
    how = study_plan(session, Actor(LearnerId(learner_id)))
    seen = rows.changes(session, library_id, learner_id)
    grouped: dict[tuple[int, str, str], list[tuple[datetime, float] | None]] = defaultdict(list)
    for deck_id, heading, speaker, last_review, stability in rows.traces(session, library_id, learner_id):
        grouped[deck_id, heading, speaker].append((last_review, stability) if last_review else None)
    parts = []
    for (deck_id, heading, speaker), cards in grouped.items():
        traces = [card for card in cards if card]
        told = curve(traces, now, how.days, how.preset)
        parts.append(Part(learner_id, deck_id, heading, speaker, len(cards), len(traces), told))
    bins = _bins(session, library_id, learner_id, how, now=now)
    return Drawn(learner_id, State(now, how.days.day_of(now), bins), parts, seen)


def store(session: Session, library_id: int, found: Sequence[Drawn]) -> None:
    """Store what people know, and the sums with it."""
    with_sums = _summing(session, library_id, [one.learner_id for one in found])
    for one in found:
        rows.put(session, library_id, one.learner_id, one.state, one.parts, one.seen)
    with_sums.add(session, [one.learner_id for one in found])


def to_sum(session: Session, team_id: int) -> Fresh | None:
    """Return the sums of a team where those that are stored are not right any more; it needs no turn to write."""
    team = team_rows.get(session, team_id)
    if team is None:
        return None
    names = deck_rows.names(session, team.library_id)
    is_right = rows.summed(session, team.library_id) == _hash(names)
    return None if is_right else _added_up(session, team.library_id, names)


def note_day(session: Session, team_id: int, *, fresh: Fresh | None = None, now: datetime) -> None:
    """Store what the team knows today, if that may be told, and forget who studies nothing there any more."""
    team = team_rows.get(session, team_id)
    if team is None:
        return
    library = team.library_id
    if fresh is not None:
        keep(session, fresh)
    if gone := rows.strangers(session, library, team.id):
        with_sums = _summing(session, library, gone)
        rows.drop(session, library, gone)
        with_sums.add(session, [])
    (shown, hidden), today = team_rows.who_shows(session, team.id), _today(session, library, now)
    groups, _ = _groups(session, library, By.DECK, shown | hidden, deck_rows.names(session, library))
    whole = tell(groups, today, today, shown=shown).whole
    if whole.recall is not None:
        rows.put_recall(session, library, today, people=whole.people, recall=whole.recall)


def look(session: Session, actor: Actor, team_id: int, *, now: datetime) -> Look | None:
    """Return the look of somebody at what a team knows, as far as its log is to tell of it."""
    team = teams.living(session, actor, team_id, Action.WATCH)
    return audit.look(session, actor, team.library_id, Deed.SAW_BOARD, kind="team", thing_id=team.id, now=now)


def note_taken_out(session: Session, actor: Actor, team_id: int, table: str, *, now: datetime) -> None:
    """Note in the team's log that somebody took a table of what it knows out of Recto."""
    team = teams.living(session, actor, team_id, Action.WATCH)
    audit.note(session, actor, team.library_id, Deed.EXPORTED, kind="team", thing_id=team.id, detail=table, now=now)


def keep(session: Session, fresh: Fresh) -> None:
    """Store sums that were added up anew, unless what they are over has changed meanwhile."""
    if rows.mark(session, fresh.library_id) == fresh.mark:
        rows.put_sums(session, fresh.library_id, fresh.sums, fresh.decks)


@dataclass(frozen=True)
class _Summing:
    """The sums of a library without some people, who are added again once their parts are stored."""

    library_id: int
    names: Mapping[int, str]
    sums: Mapping[By, dict[date, Sums]] | None  # None: they are not right, and will be added up anew

    def add(self, session: Session, learner_ids: Collection[int]) -> None:
        """Add people as they are stored by now, and store the sums."""
        if self.sums is None:
            rows.drop_sums(session, self.library_id)  # they would seem right again once decks are called as before
            return
        for person in _stored(session, self.library_id, learner_ids):
            for by, groups in self.sums.items():
                person.put_into(groups, by, self.names)
        rows.put_sums(session, self.library_id, self.sums, _hash(self.names))


@dataclass(frozen=True)
class _Stored:
    """What is stored of one person."""

    person_id: int
    state: State
    parts: Sequence[Part]

    def grasps(self, by: By, names: Mapping[int, str]) -> Mapping[str, Grasp]:
        """Return what they know of each topic."""
        topics = ((_topic(one.deck_id, one.heading, one.speaker, by, names), one) for one in self.parts)
        return grasped((name, Grasp(one.cards, one.answered, one.curve)) for name, one in topics if name)

    def put_into(self, groups: dict[date, Sums], by: By, names: Mapping[int, str]) -> None:
        """Add them to those whose curves begin on the same day."""
        groups.setdefault(self.state.day, Sums()).add(self.person_id, self.grasps(by, names), self.state.bins)

    def take_out_of(self, groups: Groups, by: By, names: Mapping[int, str]) -> None:
        """Take them out as they were added."""
        groups[self.state.day].take_out(self.person_id, self.grasps(by, names), self.state.bins)


def _stored(session: Session, library_id: int, learner_ids: Collection[int] | None = None) -> Iterator[_Stored]:
    """Give what is stored of everybody, or of these."""
    states = rows.states(session, library_id, learner_ids)
    parts = groupby(rows.parts(session, library_id, learner_ids), key=lambda part: part.learner_id)
    found = {learner_id: list(each) for learner_id, each in parts}
    for learner_id, state in states.items():
        yield _Stored(learner_id, state, found.get(learner_id, ()))


def _summing(session: Session, library_id: int, learner_ids: Collection[int]) -> _Summing:
    """Return the sums without these people, whose parts are about to change."""
    names, summed = deck_rows.names(session, library_id), rows.summed(session, library_id)
    is_right = summed == _hash(names) or (summed is None and rows.mark(session, library_id) == rows.EMPTY)
    if not is_right:
        return _Summing(library_id, names, None)
    sums = {by: {day: one.copy() for day, one in rows.sums(session, library_id, by).items()} for by in By}
    for person in _stored(session, library_id, learner_ids):
        for by, groups in sums.items():
            person.take_out_of(groups, by, names)
    return _Summing(library_id, names, sums)


def _groups(
    session: Session, library_id: int, by: By, members: frozenset[int], names: Mapping[int, str]
) -> tuple[Groups, Fresh | None]:
    """Return the sums over the people who belong to the team, added up anew where those that are stored are not right."""
    fresh = None
    groups = rows.sums(session, library_id, by) if rows.summed(session, library_id) == _hash(names) else None
    gone = _gone(groups, members) if groups else set()
    left = {one.person_id: one for one in _stored(session, library_id, gone)} if gone else {}
    if groups is None or left.keys() != gone:
        fresh = _added_up(session, library_id, names)
        groups = fresh.sums[by]
        left = {one.person_id: one for one in _stored(session, library_id, _gone(groups, members))}
    if left:
        groups = {day: sums.copy() for day, sums in groups.items()}
    for one in left.values():
        one.take_out_of(groups, by, names)
    return groups, fresh


@lru_cache(maxsize=32)  # sums stay the same ones until somebody's part is worked out anew
def _told(days: tuple[date, ...], sums: tuple[Sums, ...], today: date, on: date, shown: frozenset[int]) -> Told:
    """Return what may be told of sums that nobody changes any more, by the day on which their curves begin."""
    return tell(dict(zip(days, sums, strict=True)), today, on, shown=shown)


def _gone(groups: Groups, members: frozenset[int]) -> set[int]:
    """Return who is in the sums and does not belong to the team any more."""
    return {one for sums in groups.values() for one in sums.people} - members


def _added_up(session: Session, library_id: int, names: Mapping[int, str]) -> Fresh:
    sums: dict[By, dict[date, Sums]] = {by: {} for by in By}
    for person in _stored(session, library_id):
        for by, groups in sums.items():
            person.put_into(groups, by, names)
    return Fresh(library_id, _hash(names), rows.mark(session, library_id), sums)


def _people(
    session: Session,
    library_id: int,
    learner_ids: Sequence[int],
    by: By,
    topics: Sequence[str],
    names: Mapping[int, str],
    groups: Groups,
    today: date,
) -> Sequence[Person]:
    """Return what these people recall of these topics today, in their order.

    A page of them stays as it is until anybody's part is worked out anew, decks are called otherwise or the day turns.
    """
    called = learners.names(session, learner_ids)
    mark = rows.mark_of_sums(session, library_id) if reads(session) else None
    key = (mark, _hash(names), by, tuple(topics), today, tuple(learner_ids))
    found = _recalls.get(key) if mark is not None else None
    if found is None:
        found = _recalled(session, library_id, learner_ids, by, topics, names, groups, today)
        if mark is not None:
            if len(_recalls) >= PAGES_KEPT:
                _recalls.clear()
            _recalls[key] = found
    return [Person(one, called.get(one, ""), recall) for one, recall in zip(learner_ids, found, strict=True)]


def _recalled(
    session: Session,
    library_id: int,
    learner_ids: Sequence[int],
    by: By,
    topics: Sequence[str],
    names: Mapping[int, str],
    groups: Groups,
    today: date,
) -> Sequence[Recall]:
    """Work out what these people recall of these topics, in their order."""
    some = frozenset(learner_ids)
    answered: dict[tuple[int, str], int] = defaultdict(int)
    chances: dict[tuple[int, str], float] = defaultdict(float)
    for day, sums in groups.items():
        before, after, part = between((today - day).days)
        if not (those := sorted(some.intersection(sums.people))):
            continue
        for one, deck_id, heading, speaker, count, high, low in rows.sums_of(
            session, library_id, those, by, topics, (before, after)
        ):
            if topic := _topic(deck_id, heading, speaker, by, names):
                answered[one, topic] += count
                chances[one, topic] += high + (low - high) * part
    recall: dict[int, dict[str, float | None]] = {one: {} for one in learner_ids}
    for (one, topic), cards in answered.items():
        recall[one][topic] = chances[one, topic] / cards if cards else None
    return list(recall.values())


def _hash(names: Mapping[int, str]) -> str:
    return blake2b(repr(sorted(names.items())).encode(), digest_size=16).hexdigest()


def _topic(deck_id: int, heading: str, speaker: str, by: By, names: Mapping[int, str]) -> str | None:
    """Return what a card counts under; None for one of a deck in the trash, or one that nobody says."""
    deck = names.get(deck_id)
    if deck is None:
        return None
    if by is By.SPEAKER:
        return speaker or None
    return (heading or deck) if by is By.HEADING else deck


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


def _today(session: Session, library_id: int, now: datetime) -> date:
    return study_plan(session, Actor(LearnerId(library_id))).days.day_of(now)


def _since(now: datetime) -> date:
    return now.date() - ONE_DAY * TREND_DAYS
