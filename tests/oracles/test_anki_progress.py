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
from quizapp.domain.card_progress import CardProgress, Logged, moment
from quizapp.domain.cards import CardKind, Note
from quizapp.domain.options import NewOrder, Options, ReviewOrder
from quizapp.domain.queues import Days, Limits, NewPlace
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
        reviewed = memory is not None and memory.phase is Phase.REVIEW
        interval = after.interval // timedelta(seconds=1) if event.grade else 0
        log.append(Logged(moment(event.at), int(event.grade or 0), reviewed, interval, 3_000, event.override))
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


def seen(days, by, *, at, grades=(Grade.GOOD, Grade.GOOD), **aside):
    """Return a card that was given these grades in a row, a minute apart, and is in review if they are enough."""
    events = [ReviewEvent(UUID(int=n), at + n * MINUTE, grade) for n, grade in enumerate(grades)]
    return lived(events, days, by, **aside)


def taken(anki, of, *cards, now=None, **aside):
    """Let Anki import the cards, and return them as they are there."""
    anki.take(package(cards, of, now or datetime.now(UTC)), **WITH_PROGRESS)
    return [card_of(anki, f"{number}") for number in range(len(cards))]


def test_flags_suspended_and_buried_cards_stay_so(anki, days):
    of, now = study(days), datetime.now(UTC)
    by, ago, tomorrow = preset(of), now - 2 * DAY, days.end_of_today(now)
    asides = [{"flag": 4}, {"suspended": True}, {"buried_until": tomorrow}]
    cards = [CardProgress(**aside) for aside in asides] + [seen(days, by, at=ago, **aside) for aside in asides]
    cards.append(seen(days, by, at=now - HOUR, grades=[Grade.AGAIN], suspended=True))

    held = taken(anki, of, *cards, now=now)

    assert [card.flags for card in held] == [4, 0, 0, 4, 0, 0, 0]
    assert [card.queue for card in held] == [0, SUSPENDED, BURIED, 2, SUSPENDED, BURIED, SUSPENDED]
    anki.collection.sched.unsuspend_cards([card.id for card in held])
    anki.collection.sched.unbury_cards([card.id for card in held])
    assert [anki.collection.get_card(card.id).queue for card in held] == [0, 0, 0, 2, 2, 2, 1]
    due = days.between(now, cards[3].memory.due)
    assert [due_in(anki, anki.collection.get_card(card.id)) for card in held[3:6]] == [due] * 3


def test_a_card_that_waits_for_its_turn_in_catching_up_comes_on_the_day_of_its_turn(anki, days):
    of, now = study(days), datetime.now(UTC)
    turn = days.start(days.day_of(now) + 4 * DAY) + timedelta(seconds=1)

    (held,) = taken(anki, of, seen(days, preset(of), at=now - 90 * DAY, buried_until=turn), now=now)

    assert (held.queue, due_in(anki, held)) == (2, 4)


def test_a_card_that_a_quiz_showed_forgotten_is_due_today(anki, days):
    of, now = study(days), datetime.now(UTC)

    (held,) = taken(anki, of, seen(days, preset(of), at=now - DAY, grades=[Grade.EASY], called=now), now=now)

    assert (held.queue, due_in(anki, held)) == (2, 0)
    assert held.ivl > 3


def test_a_card_that_its_learner_knows_is_kept_for_half_a_year_by_ankis_own_sums_too(anki, days):
    of, now = study(days), datetime.now(UTC)
    known = ReviewEvent(UUID(int=1), now - 3 * DAY, None, override=Override.KNOWN)
    after = ReviewEvent(UUID(int=2), now - DAY, Grade.GOOD)
    cards = [lived(events, days, preset(of)) for events in ([known], [known, after])]

    held = taken(anki, of, *cards, now=now)

    for card, told in zip(cards, held, strict=True):
        assert due_in(anki, told) == days.between(now, card.memory.due)
        recomputed = anki.collection.compute_memory_state(told.id)
        assert recomputed.stability == pytest.approx(card.memory.stability, rel=0.01)
        assert recomputed.stability >= 178


def test_answers_of_the_same_moment_are_all_in_the_log(anki, days):
    of, now = study(days), datetime.now(UTC)
    at_once = [seen(days, preset(of), at=now - DAY) for _ in range(3)]

    held = taken(anki, of, *at_once, now=now)

    assert [len(logged(anki, card)) for card in held] == [2, 2, 2]


def test_an_answer_from_a_clock_that_was_days_ahead_does_not_keep_the_others_out(anki, days):
    of, now = study(days), datetime.now(UTC)

    ahead, held = taken(anki, of, *(seen(days, preset(of), at=now + days_off) for days_off in (3 * DAY, -DAY)), now=now)

    assert [len(logged(anki, card)) for card in (ahead, held)] == [2, 2]


def test_the_log_says_what_was_answered_when_and_what_it_gave(anki, days):
    of, now = study(days), datetime.now(UTC)
    at = now - 9 * DAY
    answers = [(timedelta(0), Grade.GOOD), (DAY, Grade.GOOD), (5 * DAY, Grade.AGAIN), (5 * DAY + MINUTE, Grade.GOOD)]
    card = lived(
        [ReviewEvent(UUID(int=n), at + wait, grade) for n, (wait, grade) in enumerate(answers)], days, preset(of)
    )

    (held,) = taken(anki, of, card, now=now)

    rows = logged(anki, held)
    assert [row[0] for row in rows] == [moment(at + wait) for wait, _ in answers]
    assert [(row[1], row[6], row[5]) for row in rows] == [(3, 0, 3000), (3, 0, 3000), (1, 1, 3000), (3, 2, 3000)]
    given = [one.interval for one in card.log]
    assert [row[2] for row in rows] == [-25 * 60, given[1] // 86_400, -15 * 60, given[3] // 86_400]
    assert [row[3] for row in rows] == [0, *(row[2] for row in rows[:-1])]
    assert [100 <= row[4] <= 1100 for row in rows] == [True] * 4


def test_decks_come_with_their_options_and_the_learners_parameters(anki, days):
    ways = {
        "A": Way(Options(new_order=NewOrder.RANDOM), Options().preset(Preset(OWN_WEIGHTS))),
        "A::B": Way(OPTIONS, OPTIONS.preset(Preset(OWN_WEIGHTS)), "A::B"),
        "A::C": Way(OPTIONS, OPTIONS.preset(Preset(OWN_WEIGHTS)), "A::B"),
    }
    of = Study(days, ways, week=(100, 100, 100, 100, 100, 50, 0))
    now = datetime.now(UTC)
    notes = [AnkiNote(deck, Note(CardKind.BASIC, "Q?", "A"), deck, now - DAY, None) for deck in ("A::B", "A::C")]

    anki.take(write(AnkiDeck("A", notes, 2, study=of), now=now), **WITH_PROGRESS)

    configs = {name: anki.collection.decks.config_dict_for_deck_id(anki.collection.decks.id(name)) for name in ways}
    assert configs["A::B"]["id"] == configs["A::C"]["id"] != configs["A"]["id"]
    own = configs["A::B"]
    assert own["fsrsParams6"] == pytest.approx(OWN_WEIGHTS)
    assert own["desiredRetention"] == pytest.approx(0.87)
    assert (own["new"]["perDay"], own["rev"]["perDay"], own["rev"]["maxIvl"]) == (7, 90, 900)
    assert (own["new"]["delays"], own["lapse"]["delays"]) == ([2, 25], [15])
    assert (own["lapse"]["leechFails"], own["lapse"]["leechAction"]) == (5, 0)
    assert (own["newMix"], own["reviewOrder"]) == (2, 7)
    assert own["new"]["bury"] is own["rev"]["bury"] is own["buryInterdayLearning"] is True
    assert own["easyDaysPercentages"] == [1, 1, 1, 1, 1, 0.5, 0]
    assert (own["newGatherPriority"], own["newSortOrder"]) == (1, 1)
    assert (configs["A"]["newGatherPriority"], configs["A"]["newSortOrder"]) == (4, 4)
    assert own["name"].startswith("Recto A::B ")


def test_new_cards_come_in_the_order_of_the_package(anki, days):
    of, now = study(days), datetime.now(UTC)
    cards = [CardProgress() if n % 3 else seen(days, preset(of), at=now - DAY) for n in range(9)]

    held = taken(anki, of, *cards, now=now)

    new = [card.id for card in held if card.type == 0]
    assert len(new) == 6
    assert sorted(new, key=lambda card_id: anki.collection.get_card(card_id).due) == new
    anki.collection.decks.select(held[0].did)
    queued = anki.collection.sched.get_queued_cards(fetch_limit=20).cards
    assert [one.card.id for one in queued if one.queue == 0] == new


def test_importing_again_with_other_progress_changes_nothing_but_the_preset(anki, days):
    of, now = study(days), datetime.now(UTC)
    taken(anki, of, seen(days, preset(of), at=now - DAY), now=now)
    before = anki.everything()

    taken(anki, of, seen(days, preset(of), at=now - DAY, grades=[Grade.AGAIN], flag=3), now=now)

    assert anki.everything() == before
    assert len(anki.collection.decks.all_config()) == 2


def test_without_ankis_ticks_cards_arrive_as_new(anki, days):
    of, now = study(days), datetime.now(UTC)

    anki.take(package([seen(days, preset(of), at=now - DAY, flag=2, suspended=True)], of, now))

    held = card_of(anki, "0")
    assert (held.type, held.queue, held.flags, logged(anki, held)) == (0, 0, 0, [])


def test_anki_finds_nothing_to_repair_after_progress(shared_anki):
    assert shared_anki.collection.fix_integrity()[1]
