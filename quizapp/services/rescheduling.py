"""Memories and dates under other settings: worked out while others write, put in place in one short turn.

Start from `work_out`; `put` stores what it gave.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import NamedTuple

from quizapp.db import histories, plans, reviews, study_days
from quizapp.db.engine import Session
from quizapp.db.histories import History
from quizapp.domain.options import Options
from quizapp.domain.queues import ONE_DAY, Days
from quizapp.domain.rescheduling import Dates, Rules, rescheduled
from quizapp.domain.scheduling import Memory, replay

FURTHEST = 3  # days that a moment's learner day can move by: 26 hours of time zones and 23 of turns


class OfDecks(NamedTuple):
    """By card: the options of its deck that count in the place of the learner's."""

    before: Mapping[int, Options]
    after: Mapping[int, Options]


@dataclass(frozen=True)
class Reworked:
    """What a change of the rules makes of one learner's memories."""

    before: Rules
    after: Rules
    dates: Dates
    lengths: Mapping[int, int]  # how many events of each card were looked at
    changed: Mapping[int, Memory]  # by card: what differs from what is stored
    decks: OfDecks
    all_followed: bool  # every date was where the rules before put it, so following them again restores it


def work_out(
    session: Session, learner_id: int, *, before: Rules, after: Rules, dates: Dates, decks: OfDecks
) -> Reworked:
    """Replay every card of the learner under the new rules; takes no turn to write, however long it takes."""
    lengths: dict[int, int] = {}
    changed: dict[int, Memory] = {}
    all_followed = True
    for history in histories.of_learner(session, learner_id):
        lengths[history.card_id] = len(history.events)
        old = _of_card(before, decks.before, history.card_id)
        new = _of_card(after, decks.after, history.card_id)
        if (memory := _rescheduled(history, old, new, dates)) and memory != history.memory:
            changed[history.card_id] = memory
            if all_followed and dates is not Dates.KEEP:
                all_followed = history.memory == replay(history.events, old.days, old.preset)
    return Reworked(before, after, dates, lengths, changed, decks, all_followed)


def put(session: Session, learner_id: int, reworked: Reworked) -> None:
    """Store what was worked out; cards that were answered meanwhile are worked out again."""
    changed = dict(reworked.changed)
    lengths = histories.lengths(session, learner_id)
    for card_id, length in lengths.items():
        if reworked.lengths.get(card_id) != length:
            changed |= _again(session, learner_id, card_id, reworked)
    here = {card_id: memory for card_id, memory in changed.items() if card_id in lengths}
    if reworked.before.days != reworked.after.days:
        _move_days(session, learner_id, reworked.after.days)
    reviews.put_memories(session, learner_id, here)
    plans.put_dues(session, learner_id, here)


def _again(session: Session, learner_id: int, card_id: int, reworked: Reworked) -> Mapping[int, Memory]:
    found = (one for one in histories.of_cards(session, [card_id]) if one.learner_id == learner_id)
    before = _of_card(reworked.before, reworked.decks.before, card_id)
    after = _of_card(reworked.after, reworked.decks.after, card_id)
    pairs = ((one.card_id, _rescheduled(one, before, after, reworked.dates)) for one in found)
    return {card: memory for card, memory in pairs if memory}


def _of_card(rules: Rules, of_decks: Mapping[int, Options], card_id: int) -> Rules:
    """Return the rules for a card, which are those of its deck where it has options of its own."""
    own = of_decks.get(card_id)
    return rules if own is None else replace(rules, preset=own.preset(rules.preset))


def _rescheduled(history: History, before: Rules, after: Rules, dates: Dates) -> Memory | None:
    return rescheduled(history.memory, history.events, history.given, before=before, after=after, dates=dates)


def _move_days(session: Session, learner_id: int, days: Days) -> None:
    """Put every event on the day that the new calendar has for it."""
    known = reviews.days(session, learner_id)
    near: set[date] = {day + ONE_DAY * by for day in known for by in range(-FURTHEST, FURTHEST + 1)}
    spans = [(day, days.start(day), days.start(day + ONE_DAY)) for day in sorted(near)]
    reviews.put_days(session, learner_id, spans, within=ONE_DAY * FURTHEST)
    study_days.count_anew(session, learner_id)
