"""How each deck is studied: which options count for it, chosen and changed. Start from `shares` or `of_deck`."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from random import Random

from quizapp.db import decks as deck_rows
from quizapp.db import follows, samples, study_queues
from quizapp.db import options as rows
from quizapp.db.decks import DeckRow
from quizapp.db.engine import Session, media_of, reads
from quizapp.domain.options import Options
from quizapp.domain.permissions import Action, Actor
from quizapp.domain.scheduling import Trace
from quizapp.domain.workload import Cost, Standing, costs, just_learned
from quizapp.services.access import allowed
from quizapp.services.settings import KEPT, Own, StudyPlan, put_own, study_plan

GOALS = (0.7, 0.75, 0.8, 0.85, 0.9, 0.95, 0.97)
FORECAST_DAYS = 90
SAMPLE = 100  # cards; more would change the figures by a few percent
COSTS_KEPT = 4_096
# By all that they depend on: they stay the same until a card is answered or the day turns, and take some twenty milliseconds.
_found_costs: dict[tuple[object, ...], Sequence[Cost]] = {}


@dataclass(frozen=True)
class Share:
    """Decks that have their options in common, and with them the limits of a day."""

    options: Options
    deck_ids: tuple[int, ...] | None  # None for all that the learner has
    chosen_for: int | None = None  # the deck that the options were chosen for; None for the learner's own settings


def shares(session: Session, actor: Actor, how: StudyPlan) -> Sequence[Share]:
    """Return all decks of the actor, each in exactly one share."""
    by_deck = rows.in_force_by_deck(session, actor.learner_id)
    if not by_deck:
        return [Share(how.options, None)]
    members: dict[int | None, list[int]] = defaultdict(list)
    found: dict[int | None, Options] = {}
    for deck_id, (chosen_for, options) in by_deck.items():
        members[chosen_for].append(deck_id)
        found[chosen_for] = options or how.options
    return [Share(found[chosen_for], tuple(ids), chosen_for) for chosen_for, ids in members.items()]


def share_of(found: Sequence[Share], deck_id: int, how: StudyPlan) -> Share:
    """Return the share that the deck is in; a deck in the trash has the learner's own settings."""
    having = (one for one in found if one.deck_ids is None or deck_id in one.deck_ids)
    return next(having, Share(how.options, (deck_id,)))


def study_plan_of(session: Session, actor: Actor, deck_id: int) -> StudyPlan:
    """Return how the actor studies the cards of a deck."""
    how = study_plan(session, actor)
    return within(how, share_of(shares(session, actor, how), deck_id, how))


def within(how: StudyPlan, share: Share) -> StudyPlan:
    """Return how the decks of the share are studied."""
    if share.options == how.options:
        return how
    return replace(how, preset=share.options.preset(how.preset), options=share.options)


@dataclass(frozen=True)
class DeckOptions:
    """What counts for a deck, and why."""

    deck_id: int
    deck_name: str
    options: Options
    chosen_for: tuple[int, str] | None  # the deck that they were chosen for; None for the learner's own settings
    differing: Sequence[str]  # decks inside it that have options of their own

    @property
    def has_own(self) -> bool:
        """Say whether they were chosen for this very deck."""
        return self.chosen_for is not None and self.chosen_for[0] == self.deck_id


@dataclass(frozen=True)
class Forecast:
    """What goals would cost over the next 90 days."""

    seen: int
    cards: int
    costs: Sequence[Cost]  # of a deck without a seen card, as if all were learned today; empty without cards


def of_deck(session: Session, actor: Actor, deck_id: int) -> DeckOptions:
    """Return the options that count for a deck."""
    deck = living(session, actor, deck_id)
    how = study_plan(session, actor)
    share = share_of(shares(session, actor, how), deck_id, how)
    source = None if share.chosen_for is None else deck_rows.get(session, share.chosen_for)
    own = rows.chosen(session, actor.learner_id)
    differing = [row.name for row in deck_rows.family(session, deck) if row.id != deck.id and row.id in own]
    return DeckOptions(deck_id, deck.name, share.options, (source.id, source.name) if source else None, differing)


def with_own(session: Session, actor: Actor) -> Sequence[tuple[int, str]]:
    """Return number and name of the actor's decks that have options of their own, by name."""
    own = rows.chosen(session, actor.learner_id)
    return [(row.id, row.name) for row in follows.studied(session, actor.learner_id) if row.id in own]


def choose(
    session: Session, actor: Actor, deck_id: int, options: Options | None, *, inside: Own = KEPT
) -> Options | None:
    """Give a deck options of its own, or None of them, and return what it had; nothing that is scheduled moves.

    `inside` says what becomes of those that decks inside it have of their own.
    """
    deck = living(session, actor, deck_id)
    before = rows.chosen(session, actor.learner_id).get(deck.id)
    family = [row.id for row in deck_rows.family(session, deck) if row.id != deck.id]
    put_own(session, actor, inside, deck_ids=family)
    rows.put(session, actor.learner_id, deck.id, options)
    return before


def forecast(session: Session, actor: Actor, deck_id: int, options: Options, *, now: datetime) -> Forecast:
    """Say what each goal would cost in a deck with its subdecks, by its cards as they are remembered now."""
    deck = living(session, actor, deck_id)
    return _forecast(session, actor, [row.id for row in deck_rows.family(session, deck)], options, now=now)


def forecast_of_followers(session: Session, actor: Actor, options: Options, *, now: datetime) -> Forecast:
    """Say what each goal would cost in all decks that follow the settings."""
    found = rows.in_force_by_deck(session, actor.learner_id)
    living_decks = follows.studied(session, actor.learner_id)
    ids = [row.id for row in living_decks if row.id not in found or found[row.id][0] is None]
    return _forecast(session, actor, ids, options, now=now)


def _forecast(session: Session, actor: Actor, ids: Sequence[int], options: Options, *, now: datetime) -> Forecast:
    how = study_plan(session, actor)
    counts = study_queues.deck_counts(session, actor.learner_id, ids, now=now, end=now)
    seen, cards = sum(one.seen for one in counts.values()), sum(one.cards for one in counts.values())
    if not cards:
        return Forecast(seen, cards, ())
    preset, goals = options.preset(how.preset), _goals(options.retention)
    state = frozenset((deck_id, one.changes) for deck_id, one in counts.items())
    known = media_of(session), actor.learner_id, state, seen, cards, how.days, how.days.day_of(now), preset, goals
    found = _found_costs.get(known) if reads(session) else None
    if found is None:
        share = min(1.0, SAMPLE / max(1, seen))
        memories = samples.standings(session, actor.learner_id, ids, share=share)
        standing = tuple(Standing(Trace(s, d), max(0, how.days.between(last, now))) for last, s, d in memories)
        if not standing:
            standing = (just_learned(preset),) * min(cards, SAMPLE)
            share = len(standing) / cards
        found = costs(standing, preset, goals, days=FORECAST_DAYS, dice=dice, share=share)
        if reads(session):
            if len(_found_costs) >= COSTS_KEPT:
                _found_costs.clear()
            _found_costs[known] = found
    return Forecast(seen, cards, found)


def dice(card: int) -> Callable[[], float]:
    """Return what throws for a card in a forecast, the same each time."""
    return Random(card).random  # noqa: S311 - a forecast, not a secret


def _goals(own: float) -> tuple[float, ...]:
    """Return goals to compare, the deck's own in the place of the one nearest to it."""
    nearest = min(GOALS, key=lambda goal: abs(goal - own))
    return tuple(own if goal == nearest else goal for goal in GOALS)


def living(session: Session, actor: Actor, deck_id: int) -> DeckRow:
    """Return a deck that the actor may study and that is not in the trash."""
    return allowed(deck_rows.living(session, deck_id), actor, Action.STUDY, thing="deck")
