"""What the real Anki makes of a learner's progress: as much recalled, due on the same day, the same after its own sums."""

import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from quizapp.anki.export import AnkiDeck, AnkiNote, write
from quizapp.anki.progress import Study, Way
from quizapp.domain.card_progress import CardProgress, Logged
from quizapp.domain.cards import CardKind, Note
from quizapp.domain.options import Options, ReviewOrder
from quizapp.domain.queues import Days, Kind, Limits, NewPlace
from quizapp.domain.scheduling import (
    DEFAULT_WEIGHTS,
    Grade,
    Override,
    Phase,
    Preset,
    ReviewEvent,
    Steps,
    outcomes,
    recall_after,
    retrace,
)
from tests.oracles.anki_states import plain
from tests.oracles.learner import Anki

pytestmark = pytest.mark.slow

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
WITH_PROGRESS = {"with_scheduling": True, "with_deck_configs": True}
SUSPENDED, BURIED = -1, -3
OWN_WEIGHTS = (0.3, 1.5, 2.9, 9.1, *DEFAULT_WEIGHTS[4:17], 0.6, 0.1, 0.07, 0.2)
OPTIONS = Options(
    retention=0.87,
    limits=Limits(new=7, reviews=90),
    steps=Steps((2 * MINUTE, 25 * MINUTE), (15 * MINUTE,)),
    maximum_interval=timedelta(days=900),
    new_place=NewPlace.BEFORE,
    review_order=ReviewOrder.AT_RISK,
    apart=True,
    leech_after=5,
    leech_suspends=True,
)


def local_zone():
    """Return the time zone that Anki takes this process to be in."""
    hours = datetime.now().astimezone().utcoffset() // HOUR
    return ZoneInfo(os.environ.get("TZ") or f"Etc/GMT{-hours:+d}")


@pytest.fixture(scope="module")
def days():
    # Turns far from the present, so that no day turns while the tests run.
    zone = local_zone()
    return Days(zone, (datetime.now(zone).hour + 12) % 24)


@pytest.fixture
def anki(tmp_path, days):
    yield from learner(tmp_path, days)


@pytest.fixture(scope="module")
def shared_anki(tmp_path_factory, days):
    yield from learner(tmp_path_factory.mktemp("anki"), days)


def learner(folder, days):
    one = Anki(folder)
    one.collection.set_config("fsrs", val=True)
    one.collection.set_config("rollover", days.turn_hour)
    yield one
    one.collection.close()


def study(days, options=OPTIONS, weights=OWN_WEIGHTS, deck="Any", **more):
    return Study(days, {deck: Way(options, options.preset(Preset(weights)))}, **more)


def preset(of):
    (way,) = of.ways.values()
    return way.preset


def lived(events, days, by, **aside):
    """Return how far a learner is with a card to which that happened."""
    log, memory = [], None
    for event, after in retrace(events, days, by):
        was = Kind.NEW if memory is None else Kind.REVIEW if memory.phase is Phase.REVIEW else Kind.LEARNING
        interval = after.interval if event.grade else None
        log.append(Logged(event.at, event.grade, event.override, was, interval, 3 * timedelta(seconds=1)))
        memory = after
    return CardProgress(memory, log, **aside)


def package(cards, of, now, batch=""):
    (deck,) = of.ways
    notes = [
        AnkiNote(f"{batch}{n}", Note(CardKind.BASIC, f"Question {n}?", "A"), deck, now - DAY, None, cards={0: card})
        for n, card in enumerate(cards)
    ]
    return write(AnkiDeck(deck, notes, len(notes), study=of), now=now)


def card_of(anki, guid):
    (card,) = anki.note(guid).cards()
    return card


def due_in(anki, card):
    """Return in how many days a card in review is due."""
    return card.due - anki.collection.sched.today


def logged(anki, card):
    columns = "id, ease, ivl, lastIvl, factor, time, type"
    return anki.collection.db.all(f"select {columns} from revlog where cid = ? order by id", card.id)


waits = st.sampled_from([timedelta(0), MINUTE, 11 * MINUTE, 5 * HOUR, DAY, 2 * DAY, 9 * DAY, 40 * DAY, 300 * DAY])
deeds = st.sampled_from([*Grade, *Grade, *Grade, Override.RESET])
lives = st.tuples(
    st.lists(st.tuples(waits, deeds), max_size=12),
    st.sets(st.integers(0, 11), max_size=3),  # of those: undone
    waits,
)


def events_of(life, now):
    happened, undone, since = life
    at, events = now - since - sum((wait for wait, _ in happened), timedelta(0)), []
    for number, (wait, deed) in enumerate(happened):
        at += wait
        grade, override = (deed, None) if isinstance(deed, Grade) else (None, deed)
        events.append(ReviewEvent(UUID(int=number), at, grade, override=override))
    events += [ReviewEvent(UUID(int=99 + n), now, None, undoes=UUID(int=n)) for n in undone if n < len(happened)]
    return events


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(lives, min_size=1, max_size=12))
def test_whatever_a_card_went_through_anki_remembers_it_as_well_and_has_it_due_on_the_same_day(
    shared_anki, days, histories
):
    now, of = datetime.now(UTC), study(days)
    cards = [lived(events_of(life, now), days, preset(of)) for life in histories]
    batch = f"{shared_anki.collection.note_count()} "

    shared_anki.take(package(cards, of, now, batch), **WITH_PROGRESS)

    for number, card in enumerate(cards):
        held = card_of(shared_anki, f"{batch}{number}")
        assert len(logged(shared_anki, held)) == len(card.log)
        if card.memory is None:
            assert (held.type, held.queue) == (0, 0)
            continue
        check_memory(shared_anki, held, card.memory, days, now, preset(of))
        check_due(shared_anki, held, card.memory, days, now)


def check_memory(anki, held, memory, days, now, by):
    assert (held.reps, held.lapses) == (memory.reviews, memory.lapses)
    # What Anki shows counts seconds, what it schedules by counts days, as ours does.
    shown = anki.collection.card_stats_data(held.id).fsrs_retrievability
    assert shown == pytest.approx(recall_after((now - memory.last_review) / DAY, memory.stability, by), abs=1e-3)
    states = anki.collection._backend.get_scheduling_states(held.id)  # noqa: SLF001 - nothing public gives all four
    for grade, outcome in outcomes(memory, now, days, by).items():
        stability = plain(getattr(states, grade.name.lower()).normal)["stability"]
        assert stability == pytest.approx(outcome.stability, rel=1e-3, abs=2e-3)
    recomputed = anki.collection.compute_memory_state(held.id)
    assert recomputed.stability == pytest.approx(memory.stability, rel=0.01)
    assert recomputed.difficulty == pytest.approx(memory.difficulty, rel=0.01)


def check_due(anki, held, memory, days, now):
    ahead = days.between(now, memory.due)
    if memory.phase is Phase.REVIEW:
        assert (held.type, held.queue, due_in(anki, held), held.ivl) == (2, 2, ahead, memory.interval.days)
    else:
        assert held.type == (1 if memory.phase is Phase.LEARNING else 3)
        assert held.queue == (3 if ahead > 0 else 1)
        assert due_in(anki, held) == ahead if ahead > 0 else held.due == int(memory.due.timestamp())


@pytest.mark.parametrize("zone", ["Asia/Kolkata", "America/New_York"])
def test_anki_counts_the_same_days_in_other_time_zones(zone):
    # Anki asks for the time zone once in the life of a process.
    name = test_whatever_a_card_went_through_anki_remembers_it_as_well_and_has_it_due_on_the_same_day.__name__
    command = [sys.executable, "-m", "pytest", "-m", "", "-p", "no:cacheprovider", f"{__file__}::{name}"]

    done = subprocess.run(command, env={**os.environ, "TZ": zone}, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout
