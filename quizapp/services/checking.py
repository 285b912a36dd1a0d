"""Whether a library is whole: its tables, what follows from its reviews, its files. Start from `check`."""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from quizapp.db import browsing, files, histories, integrity, learners, plans, quizzes, searching, study_days
from quizapp.db.engine import Session, media_of
from quizapp.db.histories import History
from quizapp.db.integrity import MOST
from quizapp.domain.permissions import Actor, LearnerId
from quizapp.domain.progress import stages
from quizapp.domain.queues import ONE_DAY
from quizapp.domain.rescheduling import possible_intervals
from quizapp.domain.scheduling import Memory, replay
from quizapp.sandbox import Progress
from quizapp.services.settings import StudyPlan, study_plan
from quizapp.services.trash import UNNAMED

NEAR_A_DAY = timedelta(days=1, hours=2)  # from the time of an answer to the turn of its day, come summer time or not
LITTLE = 1e-9  # the same sum on another machine


@dataclass(frozen=True)
class Checkup:
    """What was looked at, and what is wrong with it."""

    cards: int
    reviews: int
    files: int
    size: int  # bytes of all files
    unnamed: int  # files that no row names yet, or that an interrupted write left: harmless
    faults: tuple[str, ...]  # a sentence each


def check(session: Session, *, now: datetime, on_progress: Progress | None = None) -> Checkup:
    """Look at everything in the library, and change nothing."""
    report = on_progress or (lambda _share, _what: None)
    report(0.0, "Checking the tables")
    broken = [f"The database: {one}." for one in integrity.broken_pages(session)]
    if broken:  # whatever else is asked of it could be wrong
        return Checkup(0, 0, 0, 0, 0, tuple(broken))
    broken += [f"The database: {one}." for one in integrity.broken_references(session)]
    cards, reviews, wrong = _memories(session, report)
    broken += wrong
    broken += [f"Card {card} stands in the wrong queue." for card in plans.misplaced(session, limit=MOST)]
    broken += [f"The cards of deck {deck} are not as many as is kept of them." for deck in plans.miscounted(session)]
    broken += [
        f"A search misses {count} of the passages of “{title}”." for title, count in searching.unsearchable(session)
    ]
    if missed := browsing.unfindable(session):
        broken.append(f"A search misses what {missed} of the cards say.")
    broken += [f"Sitting {one} keeps other sums than its answers come to." for one in quizzes.missummed(session)]
    broken += [
        f"Days on which learner {one} studied with a team are not counted." for one in study_days.miscounted(session)
    ]
    broken += [
        f"The days of learner {one} come to other sums than are kept of them." for one in study_days.missummed(session)
    ]
    with media_of(session).kept():
        files, size, unnamed, wrong = _files(session, report, now=now)
    return Checkup(cards, reviews, files, size, unnamed, (*broken, *wrong))


def _memories(session: Session, report: Progress) -> tuple[int, int, list[str]]:
    """Replay every history; return the counts of cards and reviews, and the faults."""
    how = {learner: study_plan(session, Actor(LearnerId(learner))) for learner in learners.with_settings(session)}
    cards, reviews = histories.cards(session), 0
    wrong: list[str] = []
    for start in range(0, len(cards), histories.AT_ONCE):
        report(0.1 + 0.6 * start / len(cards), "Replaying the reviews")
        for history in histories.of_cards(session, cards[start : start + histories.AT_ONCE]):
            reviews += len(history.events)
            wrong += _faults(history, how)
    return len(cards), reviews, wrong


def _faults(history: History, how: Mapping[int, StudyPlan]) -> Iterator[str]:
    plan = how.get(history.learner_id)
    if plan is None:
        yield f"Card {history.card_id} has reviews of a learner without settings."
        return
    replayed = replay(history.events, plan.days, plan.preset)
    if not (_same_state(history.memory, replayed) and _possible(history, replayed, plan)):
        events = len(history.events)
        yield f"Card {history.card_id}: what is remembered is not what its {events} reviews lead to."
    if any(day != plan.days.day_of(at) for at, day in history.dated):
        yield f"Card {history.card_id}: a review counts on another day than the one on which it was given."
    if not _asks_what_is_kept(history):
        yield f"Card {history.card_id}: a review counts as another test of memory than it was."


def _asks_what_is_kept(history: History) -> bool:
    """Compare what is kept of each answer with what it asked of memory by those before it."""
    undone = {event.undoes for event in history.events}
    in_order = sorted(history.asked, key=lambda one: (one[1], one[0].int))
    counted = {id_: answer for id_, _at, answer, _stage in in_order if answer and id_ not in undone}
    asked = dict(zip(counted, stages(list(counted.values())), strict=True))
    return all(stage is asked.get(id_) for id_, _at, _answer, stage in in_order)


def _same_state(stored: Memory | None, replayed: Memory | None) -> bool:
    """Compare all but the schedule."""
    if stored is None or replayed is None:
        return stored is replayed
    exact = ("phase", "step", "reviews", "lapses", "last_review")
    return all(getattr(stored, name) == getattr(replayed, name) for name in exact) and all(
        math.isclose(getattr(stored, name), getattr(replayed, name), rel_tol=LITTLE)
        for name in ("stability", "difficulty")
    )


def _possible(history: History, replayed: Memory | None, plan: StudyPlan) -> bool:
    """Say whether the schedule is that of the replay, or could be under another retention or longest interval.

    The learner may have wished for others when the card was answered, and
    intervals that were given then stay.
    """
    stored = history.memory
    if stored is None or replayed is None or (stored.interval, stored.due) == (replayed.interval, replayed.due):
        return True
    if stored.interval not in history.given.values():
        shortest, longest = possible_intervals(history.events, plan.days, plan.preset)
        if not min(ONE_DAY, shortest) <= stored.interval <= longest:
            return False
    return abs(stored.due - stored.last_review - stored.interval) <= NEAR_A_DAY


def _files(session: Session, report: Progress, *, now: datetime) -> tuple[int, int, int, list[str]]:
    """Read every file; return how many there are, their bytes, how many nothing names yet, and the faults."""
    media, named = media_of(session), files.named(session)
    wrong = []
    for number, (name, title) in enumerate(named.items()):
        report(0.7 + 0.3 * number / len(named), "Reading the files")
        if fault := media.fault(name):
            wrong.append(f"The file of “{title}” {fault}: {media.path(name)}.")
    found = list(media.files())
    unnamed = [file for file in found if file.name not in named]
    old = [file for file in unnamed if file.written < now - UNNAMED]
    wrong += [f"No row names the file {file.path}; quizapp serve removes it at its daily run." for file in old]
    return len(found), sum(file.size for file in found), len(unnamed) - len(old), wrong
