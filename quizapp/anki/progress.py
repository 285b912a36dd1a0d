"""A learner's progress in Anki's words: its days, its queues, its review log, its presets of options.

Start from `surroundings`, which a collection has once, and `stand` and `log`, which each card has.
What follows was tried against the real Anki; `docs/decisions/anki.md` says what was found.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cached_property
from hashlib import sha256
from typing import Any, NamedTuple

from quizapp.domain.card_progress import CardProgress, Logged, moment, time_of
from quizapp.domain.options import NewOrder, Options, ReviewOrder
from quizapp.domain.queues import Days, NewPlace
from quizapp.domain.scheduling import (
    DIFFICULTY_MAX,
    DIFFICULTY_MIN,
    Grade,
    Memory,
    Override,
    Phase,
    Preset,
    ideal_days,
    known,
    next_difficulty,
)
from quizapp.domain.spreading import USUAL_WEEK, WHOLE

EPOCH = date(2010, 1, 1)  # Anki counts days from a collection's first one, which no review may precede
EASE = 2500  # what Anki gives every card; FSRS does without
NEW, LEARNING, REVIEW, RELEARNING = range(4)  # types of cards
BURIED, SUSPENDED, DAY_LEARNING = -3, -1, 3  # queues that are no types
LEARNING_KIND, REVIEW_KIND, RELEARNING_KIND, MANUAL_KIND = (
    0,
    1,
    2,
    4,
)  # of entries in the log; a button made none of the last
SECONDS_A_DAY = 86_400
EASY_BUTTON = int(Grade.EASY)  # SQLite takes long over a number that is an enumeration's
GATHER_LOWEST_POSITION, GATHER_RANDOM_CARDS = 1, 4
SORT_NOT, SORT_RANDOM_CARD = 1, 4
REVIEW_ORDERS = {
    ReviewOrder.DUE: 0,
    ReviewOrder.SHORTEST: 3,
    ReviewOrder.AT_RISK: 7,  # the lowest chance of recall first
    ReviewOrder.RANDOM: 8,
}
NEW_PLACES = {NewPlace.MIXED: 0, NewPlace.AFTER: 1, NewPlace.BEFORE: 2}


class Stand(NamedTuple):
    """The columns of a card that say where it stands."""

    type: int = NEW
    queue: int = NEW
    due: int = 0  # a position while it is new, a day, or the second at which a step is over
    interval: int = 0
    factor: int = 0
    reps: int = 0
    lapses: int = 0
    left: int = 0  # steps
    flags: int = 0
    data: str = ""


# An entry of the review log: milliseconds since 1970, card, button from 1 to 4 or 0 for none, interval in days or in
# seconds below 0, the interval before, difficulty from 100 to 1100, milliseconds that it took, kind.
Entry = tuple[int, int, int, int, int, int, int, int]


@dataclass(frozen=True)
class Way:
    """How a deck is studied: what its learner wishes, and the parameters that it is scheduled by."""

    options: Options
    preset: Preset
    chosen_for: str | None = None  # the deck that the options were chosen for; None for those of all decks


@dataclass(frozen=True)
class Study:
    """How a learner studies the decks of a package."""

    days: Days
    ways: Mapping[str, Way]  # by the names of the decks
    week: tuple[int, ...] = USUAL_WEEK  # how much of a usual day, in percent, from Monday on


@dataclass(frozen=True)
class Surroundings:
    """What a collection says besides its cards."""

    created: int  # seconds since 1970
    settings: Mapping[str, Any]
    presets: Mapping[int, Mapping[str, Any]]  # by id


def surroundings(study: Study, *, now: datetime) -> Surroundings:
    """Return what makes Anki count days as the learner does, and the presets of all decks."""
    created = datetime.combine(EPOCH, time(study.days.turn_hour), tzinfo=study.days.zone)
    west = -(created.utcoffset() or timedelta(0)) // timedelta(minutes=1)
    settings = {
        "schedVer": 2,
        "sched2021": True,
        "rollover": study.days.turn_hour,
        "creationOffset": west,
        "fsrs": True,
    }
    presets = {preset_id(way, study.week): _preset(way, study.week, now) for way in study.ways.values()}
    return Surroundings(int(created.timestamp()), settings, presets)


@dataclass(frozen=True, slots=True)
class _Level:
    """How hard a card has become."""

    difficulty: float  # 0 stands for none yet
    factor: int  # as the log says it: from 100 to 1100
    after: dict[int, "_Level"] = field(default_factory=dict)  # by the button that leads there


@dataclass(frozen=True)
class Scribe:
    """Writes down the cards of one deck on one day."""

    days: Days
    preset: Preset
    now: datetime
    _numbers: dict[datetime, int] = field(default_factory=dict)  # cards are due from the start of a day on: of few days
    _unseen: "_Level" = field(default_factory=lambda: _Level(0.0, 0))
    _levels: dict[float, "_Level"] = field(default_factory=dict)  # by difficulty: many cards go the same way

    @cached_property
    def tomorrow(self) -> datetime:
        """Return when the next day begins."""
        return self.days.end_of_today(self.now)

    @cached_property
    def _latest(self) -> int:
        return moment(self.now)

    @cached_property
    def _tail(self) -> str:
        return f'"dr":{round(self.preset.retention, 4)},"decay":{round(self.preset.weights[20], 6)}'

    def stand(self, card: CardProgress, position: int) -> Stand:
        """Return where a card stands; the position is that among the new cards, where it was once if it is none."""
        buried_until = card.buried_until if card.buried_until and card.buried_until > self.now else None
        memory, due = card.memory, card.due if card.memory else None
        if memory is None or due is None:
            queue = SUSPENDED if card.suspended else BURIED if buried_until else NEW
            return Stand(queue=queue, due=position, flags=card.flag)
        if buried_until and buried_until > self.tomorrow and memory.phase is Phase.REVIEW:
            # Anki buries until tomorrow only. On a day of its own the card comes when it should.
            due, buried_until = max(due, buried_until), None
        kind, queue, number = self._place(memory, due)
        if card.suspended or buried_until:
            queue, number = SUSPENDED if card.suspended else BURIED, self._aside(memory, due)
        return Stand(
            kind,
            queue,
            number,
            self._interval(memory),
            EASE,
            memory.reviews,
            memory.lapses,
            self._left(memory),
            card.flag,
            f'{{"pos":{position},"s":{memory.stability:.4f},"d":{memory.difficulty:.3f},{self._tail},'
            f'"lrt":{int(min(memory.last_review, self.now).timestamp())}}}',
        )

    def _place(self, memory: Memory, due: datetime) -> tuple[int, int, int]:
        if memory.phase is Phase.REVIEW:
            return REVIEW, REVIEW, self._day(due)
        kind = LEARNING if memory.phase is Phase.LEARNING else RELEARNING
        if due >= self.tomorrow:
            return kind, DAY_LEARNING, self._day(due)
        return kind, LEARNING, int(due.timestamp())

    def _aside(self, memory: Memory, due: datetime) -> int:
        """Return what is due of a card outside its queue: Anki moves days along only where a card is in review."""
        return self._day(due) if memory.phase is Phase.REVIEW else int(due.timestamp())

    def _day(self, at: datetime) -> int:
        """Return the number of a day as Anki counts them."""
        if (number := self._numbers.get(at)) is None:
            number = self._numbers[at] = (self.days.day_of(at) - EPOCH).days
        return number

    def _interval(self, memory: Memory) -> int:
        match memory.phase:
            case Phase.REVIEW:
                return max(1, memory.interval.days)
            case Phase.RELEARNING:
                return max(1, round(ideal_days(memory.stability, self.preset)))
            case Phase.LEARNING:
                return 0

    def _left(self, memory: Memory) -> int:
        if memory.phase is Phase.REVIEW:
            return 0
        steps = self.preset.learning_steps if memory.phase is Phase.LEARNING else self.preset.relearning_steps
        return max(0, len(steps) - memory.step)

    def log(self, logged: Sequence[Logged], card_id: int) -> Sequence[Entry]:
        """Return what the review log says of a card.

        Entries of the kind "learning" tell Anki where a history begins: the first has to be one, and none may follow
        once the steps are over. A card that its learner said they know begins as one in review.
        """
        entries: list[Entry] = []
        latest, unseen = self._latest, self._unseen
        last, graduated, level = 0, False, unseen
        for at, button, reviewed, seconds, took, override in logged:
            # Anki refuses a package with anything from over a day ahead; a clock may have been wrong.
            when = at if at < latest else latest
            if override is None:
                given = seconds // SECONDS_A_DAY or -seconds
                if reviewed and level is not unseen:
                    graduated, kind = True, REVIEW_KIND
                else:
                    kind = RELEARNING_KIND if graduated else LEARNING_KIND
            elif override is Override.KNOWN:
                graduated, kind, button, given = True, REVIEW_KIND, EASY_BUTTON, self._known(at)
            else:
                if override is Override.RESET:  # what was taken over is said by the card: the log has no word for it
                    entries.append((when, card_id, 0, 0, last, 0, 0, MANUAL_KIND))
                    last, graduated, level = 0, False, unseen
                continue
            level = level.after.get(button) or self._harder(level, button)
            entries.append((when, card_id, button, given, last, level.factor, took, kind))
            last = given
        return entries

    def _known(self, at: int) -> int:
        """Return for how many days a card stays away whose learner said that they know it."""
        return known(None, time_of(at), self.days, self.preset).interval.days

    def _harder(self, level: "_Level", button: int) -> "_Level":
        """Return the level after one, and note that it comes after that one."""
        difficulty = next_difficulty(level.difficulty or None, Grade(button), self.preset)
        share = (difficulty - DIFFICULTY_MIN) / (DIFFICULTY_MAX - DIFFICULTY_MIN)
        found = self._levels.setdefault(difficulty, _Level(difficulty, round(1000 * (share + 0.1))))
        level.after[button] = found
        return found


def preset_id(way: Way, week: tuple[int, ...]) -> int:
    """Return what Anki knows a preset by: the same for the same options, since it never updates one that it has."""
    told = json.dumps(_content(way, week), sort_keys=True)
    # Below 2**41 it is a time until 2039, and from 2**40 on it is none of a deck.
    return 2**38 + int.from_bytes(sha256(told.encode()).digest()[:8]) % 2**38


def _preset(way: Way, week: tuple[int, ...], now: datetime) -> dict[str, Any]:
    name = " ".join(filter(None, ("Recto", way.chosen_for, f"{now:%Y-%m-%d}")))
    return {"id": preset_id(way, week), "mod": int(now.timestamp()), "usn": -1, "name": name, **_content(way, week)}


def _content(way: Way, week: tuple[int, ...]) -> dict[str, Any]:
    """Return the options of a deck as Anki keeps them."""
    options, preset = way.options, way.preset
    at_random = options.new_order is NewOrder.RANDOM
    return {
        "maxTaken": 60,
        "autoplay": True,
        "timer": 0,
        "replayq": True,
        "dyn": False,
        "new": {
            "bury": options.apart,
            "delays": _minutes(preset.learning_steps),
            "initialFactor": EASE,
            "ints": [1, 4, 0],
            "order": 1,
            "perDay": options.limits.new,
        },
        "rev": {
            "bury": options.apart,
            "ease4": 1.3,
            "ivlFct": 1.0,
            "maxIvl": preset.maximum_interval.days,
            "perDay": options.limits.reviews,
            "hardFactor": 1.2,
        },
        "lapse": {
            "delays": _minutes(preset.relearning_steps),
            "leechAction": 0 if options.leech_suspends else 1,
            "leechFails": options.leech_after,
            "minInt": 1,
            "mult": 0.0,
        },
        "newMix": NEW_PLACES[options.new_place],
        "newGatherPriority": GATHER_RANDOM_CARDS if at_random else GATHER_LOWEST_POSITION,
        "newSortOrder": SORT_RANDOM_CARD if at_random else SORT_NOT,
        "reviewOrder": REVIEW_ORDERS[options.review_order],
        "buryInterdayLearning": options.apart,
        "fsrsParams6": list(preset.weights),
        "desiredRetention": preset.retention,
        "sm2Retention": preset.retention,  # at which the intervals in the log were given
        "easyDaysPercentages": [share / WHOLE for share in week],
    }


def _minutes(steps: Sequence[timedelta]) -> list[float]:
    return [step / timedelta(minutes=1) for step in steps]
