"""What was learned in another program, as events of our own. Start from `tell`, or from `retold` for single grades.

A memory is the replay of events. Where that does not come to what the other program remembers (its parameters were
others, or its log is not whole), one more event brings that memory, see `Override.GIVEN`.
"""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from hashlib import sha1
from struct import Struct
from uuid import UUID, uuid5

from quizapp.domain import deck_names
from quizapp.domain.incoming import Incoming, PastCard, PastEvent, PastReview
from quizapp.domain.options import Options
from quizapp.domain.queues import EPOCH, ONE_DAY, Days, Kind
from quizapp.domain.scheduling import (
    DIFFICULTY_MAX,
    DIFFICULTY_MIN,
    STABILITY_MIN,
    Grade,
    Memory,
    Override,
    Phase,
    Preset,
    ReviewEvent,
    nearby_days,
    retrace,
    review,
    spread_out,
)

NAMES = UUID("6f1a3f5e-6d0b-4c9e-9b46-0b7b5f3f3c51")  # of what comes from other programs; drawn once
A_MOMENT = timedelta(microseconds=1)
LITTLE = 1e-3  # by which other programs round
NEAR = timedelta(minutes=5, seconds=2)  # by which Anki lengthens steps at random
LONGEST_ANSWER = timedelta(seconds=60)  # as in Anki: whoever takes longer was away
KINDS = tuple(Kind)
GRADES = {grade.value: grade for grade in Grade}


@dataclass(frozen=True)
class Retold:
    """A grade as an event, with the queue that the card was taken from, and the memory that it leads to."""

    event: ReviewEvent
    was: Kind | None  # None when the card was made new again
    given: PastReview | PastEvent
    after: Memory | None


Named = tuple[bytes, PastReview]  # the bytes of its id
# A grade as an event, in plain values: an object for each of a million takes longer than all else. They are the bytes
# of its id, the time in microseconds since `EPOCH`, the ordinal of the day, the grade, the place among `KINDS` of
# where the card was taken from, how long it took (or -1) and the interval that it gave, both in microseconds, and the
# spread, which is no number when there is none. An interval below 0 was given here, since none is known from there.
Entry = tuple[bytes, int, int, int, int, int, int, float]
_ENTRY = Struct("<16sqiBBqqd")
Log = bytes  # entries, packed: `entries` gives them
NO_SPREAD = math.nan


@dataclass(frozen=True)
class Told:
    """A history worked out under a preset: what is stored of it when nothing is known of the card yet."""

    days: Days
    preset: Preset
    log: Log
    others: tuple[ReviewEvent, ...]  # where the card was made new again, and the memory that was taken over
    memory: Memory | None


@dataclass(frozen=True)
class Presets:
    """How the cards of each deck are scheduled, as far as that can be known before they are there."""

    days: Days
    usual: Preset
    by_deck: Mapping[str, Preset] = field(default_factory=dict)  # by the key of its name
    whose: str = ""  # before the names of notes, where others may bring the same file

    def of(self, deck: str, brought: Mapping[str, Options]) -> Preset:
        """Return the preset of a deck as a file names it, which may bring its options."""
        if found := self.by_deck.get(deck_names.key(deck_names.from_other(deck))):
            return found
        options = brought.get(deck)
        return options.preset(self.usual) if options else self.usual


def ahead(one: Incoming, preset: Preset, presets: Presets, name: Callable[[], UUID]) -> Incoming:
    """Return the note with the histories of its cards worked out under a preset."""
    if not one.cards:
        return one
    guid, days = presets.whose + one.guid, presets.days
    cards = (replace(card, reviews=(), told=tell(guid, card, days, preset, name)) for card in one.cards)
    return replace(one, cards=tuple(cards))


def entries(log: Log) -> Iterator[Entry]:
    """Give the grades of a log."""
    return _ENTRY.iter_unpack(log)


def length(log: Log) -> int:
    """Return how many grades a log holds."""
    return len(log) // _ENTRY.size


def named(guid: str, past: PastCard) -> Sequence[Named]:
    """Return the grades of a card with their names, the same however often they come, the oldest first."""
    if past.told is None:
        return [(_name(guid, past.ordinal, one), one) for one in past.reviews]
    resets = [(one.id.bytes, PastReview("", one.at, 0)) for one in past.told.others if one.override is Override.RESET]
    return sorted([*map(_given, entries(past.told.log)), *resets], key=lambda this: this[1].at)


def tell(guid: str, past: PastCard, days: Days, preset: Preset, name: Callable[[], UUID]) -> Told:
    """Work out what a card's history comes to under a preset, for a card of which nothing is known yet.

    `name` gives the id of a memory that is taken over.
    """
    log, others, memory, last = list[bytes](), list[ReviewEvent](), None, None
    for known, one in named(guid, past):
        last = one.at
        if not one.grade:
            others.append(ReviewEvent(UUID(bytes=known), one.at, None, override=Override.RESET))
            memory = None
            continue
        spread, after = _graded(memory, one, days, preset)
        log.append(_entry(known, one, memory, after, spread, days))
        memory = after
    if given := correction(name, memory, past, last, preset):
        others.append(given)
        memory = given.given
    return Told(days, preset, b"".join(log), tuple(others), memory)


def _entry(
    name: bytes, one: PastReview, before: Memory | None, after: Memory, spread: float | None, days: Days
) -> bytes:
    return _ENTRY.pack(
        name,
        (one.at - EPOCH) // A_MOMENT,
        days.day_of(one.at).toordinal(),
        one.grade,
        KINDS.index(_kind(before)),
        -1 if one.duration is None else min(one.duration, LONGEST_ANSWER) // A_MOMENT,
        one.interval // A_MOMENT if one.interval else -(after.interval // A_MOMENT),
        NO_SPREAD if spread is None else spread,
    )


def _given(entry: Entry) -> Named:
    """Return a grade as it came."""
    name, at, _, grade, _, duration, interval, _ = entry
    gave = A_MOMENT * interval if interval > 0 else None
    return name, PastReview("", EPOCH + A_MOMENT * at, grade, gave, A_MOMENT * duration if duration >= 0 else None)


def _name(guid: str, ordinal: int, review: PastReview) -> bytes:
    """Return the bytes of `uuid5(NAMES, ...)`, which takes most of its time to make an object of them."""
    text = f"{guid}\x1f{ordinal}\x1f{review.id}".encode()
    digest = bytearray(sha1(NAMES.bytes + text, usedforsecurity=False).digest()[:16])
    digest[6], digest[8] = digest[6] & 0x0F | 0x50, digest[8] & 0x3F | 0x80
    return bytes(digest)


def again(known: UUID) -> UUID:
    """Return the id under which a grade counts once more after it was undone."""
    return uuid5(known, "again")


def has_history(past: PastCard) -> bool:
    """Say whether anything happened to a card."""
    return bool(past.reviews or past.events or (past.told and (past.told.log or past.told.others)))


def retold(reviews: Sequence[tuple[UUID, PastReview]], days: Days, preset: Preset) -> Iterator[Retold]:
    """Give grades, the oldest first, as events with the intervals that they were given."""
    memory: Memory | None = None
    for name, past in reviews:
        if not past.grade:
            yield Retold(ReviewEvent(name, past.at, None, override=Override.RESET), None, past, None)
            memory = None
            continue
        before = memory
        spread, memory = _graded(before, past, days, preset)
        event = ReviewEvent(name, past.at, Grade(past.grade), steps=preset.steps, spread=spread)
        yield Retold(event, _kind(before), past, memory)


def kept(events: Sequence[tuple[UUID, PastEvent]], days: Days, preset: Preset) -> Iterator[Retold]:
    """Give what happened in another library of Recto as it was there, under these ids."""
    named = dict(events)
    told = (replace(past.event, id=name) for name, past in named.items())
    for event, memory in retrace(told, days, preset):
        yield Retold(event, named[event.id].was, named[event.id], memory)


def _graded(memory: Memory | None, past: PastReview, days: Days, preset: Preset) -> tuple[float | None, Memory]:
    """Return where the interval of a grade falls among the nearby days, and the memory that it leads to."""
    exact = review(memory, GRADES[past.grade], past.at, days, preset)
    spread = _spread(memory, exact, past.interval, preset)
    return spread, spread_out(memory, exact, spread, days, preset)


def correction(
    name: Callable[[], UUID], memory: Memory | None, past: PastCard, last: datetime | None, preset: Preset
) -> ReviewEvent | None:
    """Return what makes a memory, whose last event was then, that of the other program; None when it is that."""
    if past.memory is None:
        return None
    wanted = _filled(past.memory, past.ease, memory, preset)
    if memory is not None and _agree(memory, wanted):
        return None
    at = max(wanted.last_review, last + A_MOMENT) if last else wanted.last_review
    return ReviewEvent(name(), at, None, override=Override.GIVEN, given=replace(wanted, last_review=at))


def difficulty_of_ease(ease: float, stability: float, preset: Preset) -> float:
    """Return the difficulty of a card that SM-2 gave that ease (2.5 for 250 %).

    D = 11 - (ease - 1) / (e^w8 * S^-w9 * (e^(w10 * (1 - r)) - 1)) with r = 0.9: `memory_state_from_sm2` of fsrs-rs.
    """
    w = preset.weights
    growth = math.exp(w[8]) * stability ** -w[9] * math.expm1(w[10] * 0.1)
    return float(min(max(11 - (ease - 1) / growth, DIFFICULTY_MIN), DIFFICULTY_MAX))


def _filled(wanted: Memory, ease: float | None, memory: Memory | None, preset: Preset) -> Memory:
    """Return a memory with the stability and difficulty that the other program, without FSRS, does not know."""
    if wanted.stability:
        return wanted
    if memory is not None:
        return replace(wanted, stability=memory.stability, difficulty=memory.difficulty)
    stability = max(wanted.interval / ONE_DAY, STABILITY_MIN)
    difficulty = difficulty_of_ease(ease or 2.5, stability, preset)
    return replace(wanted, stability=stability, difficulty=difficulty)


def _agree(ours: Memory, theirs: Memory) -> bool:
    return (
        ours.phase is theirs.phase
        and math.isclose(ours.stability, theirs.stability, rel_tol=LITTLE)
        and math.isclose(ours.difficulty, theirs.difficulty, rel_tol=LITTLE)
        and abs(ours.due - theirs.due) <= (timedelta(0) if ours.phase is Phase.REVIEW else NEAR)
    )


def _spread(before: Memory | None, exact: Memory, given: timedelta | None, preset: Preset) -> float | None:
    """Return where an interval falls among the nearby days; None for the exact one, and for one that is none of them."""
    if given is None or exact.phase is not Phase.REVIEW or given == exact.interval:
        return None
    near = nearby_days(before, exact, preset)
    return (near.index(given.days) + 0.5) / len(near) if given.days in near else None


def _kind(memory: Memory | None) -> Kind:
    if memory is None:
        return Kind.NEW
    return Kind.REVIEW if memory.phase is Phase.REVIEW else Kind.LEARNING
