"""What was learned in another program is taken over: its grades as reviews, its memory where those do not lead to it.

Start from `begin` for cards that have just been made, or from `go_on` for those that were there.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4, uuid5

from quizapp.db import card_actions, histories, importing, plans, reviews
from quizapp.db import decks as deck_rows
from quizapp.db.card_actions import OVERRIDES, CardActionRow
from quizapp.db.engine import Session
from quizapp.db.reviews import NewReview
from quizapp.domain.incoming import PastCard, PastEvent, PastReview
from quizapp.domain.past import Log, Presets, Retold, Told, again, correction, kept, length, named, retold, tell
from quizapp.domain.permissions import Actor
from quizapp.domain.scheduling import Memory, Override, ReviewEvent, Steps, replay, retrace
from quizapp.services import reviewing
from quizapp.services.options import share_of, shares, within
from quizapp.services.settings import StudyPlan, study_plan

FIRST_LEARNER = 1  # whose grades had names before there were others
SAME_PRESS = timedelta(seconds=1)  # nobody gives one grade to one card twice so soon
UNDONE = "undone"
ACTIONS = {override: action for action, override in OVERRIDES.items()}
Named = Sequence[tuple[UUID, PastReview | PastEvent]]  # with the ids that they are stored under
Was = dict[str, Any]


@dataclass(frozen=True)
class Arrived:
    """A card with what another program knows of it."""

    card_id: int
    deck_id: int
    guid: str
    past: PastCard


class Plans:
    """How the actor studies the cards of each deck."""

    def __init__(self, session: Session, actor: Actor) -> None:
        self._how = study_plan(session, actor)
        self.days, self.preset = self._how.days, self._how.preset
        self._shares = shares(session, actor, self._how)
        self._known: dict[int, StudyPlan] = {}

    def of(self, deck_id: int) -> StudyPlan:
        """Return how the cards of a deck are studied."""
        if deck_id not in self._known:
            self._known[deck_id] = within(self._how, share_of(self._shares, deck_id, self._how))
        return self._known[deck_id]

    def by_steps(self, arrived: Sequence[Arrived]) -> Mapping[Steps, Sequence[int]]:
        """Return the cards by the steps that they are studied in."""
        found: dict[Steps, list[int]] = defaultdict(list)
        for one in arrived:
            found[self.of(one.deck_id).preset.steps].append(one.card_id)
        return found


def presets(session: Session, actor: Actor) -> Presets:
    """Return how the cards of each deck are scheduled now, to work out ahead what histories come to."""
    how = Plans(session, actor)
    by_deck = {row.name_key: how.of(row.id).preset for row in deck_rows.by_name(session, actor.learner_id)}
    return Presets(how.days, how.preset, by_deck, _whose(actor))


def _whose(actor: Actor) -> str:
    """Return what tells the learner's grades from those of others who bring the same file; nothing for the first one."""
    return "" if actor.learner_id == FIRST_LEARNER else f"{actor.learner_id}\x1f"


def begin(session: Session, actor: Actor, arrived: Sequence[Arrived], how: Plans) -> int:
    """Give cards without a history the one that they bring, and return how many grades that was.

    `plans.settle_notes` then puts the cards where they belong.
    """
    logs: dict[int, Log] = {}
    memories: dict[int, Memory] = {}
    ours = [one for one in arrived if one.past.events]
    for one in arrived:
        if one.past.events:
            continue
        told = _told(actor, one, how.of(one.deck_id))
        logs[one.card_id] = told.log
        _say(session, actor, one.card_id, told.others)
        if told.memory:
            memories[one.card_id] = told.memory
    session.flush()
    graded, kept_memories = _begin_as_it_was(session, actor, ours, how)
    memories |= kept_memories
    for steps, these in how.by_steps([one for one in arrived if not one.past.events]).items():
        reviews.add_logs(session, actor.learner_id, {card: logs[card] for card in these}, steps)
    reviews.add_memories(session, actor.learner_id, memories)
    said = {one.card_id: (one.past.suspended, one.past.flag) for one in arrived}
    aside = {card: (suspended, flag) for card, (suspended, flag) in said.items() if suspended or flag}
    importing.place(session, actor.learner_id, aside)
    return graded + sum(map(length, logs.values()))


def _begin_as_it_was(
    session: Session, actor: Actor, arrived: Sequence[Arrived], how: Plans
) -> tuple[int, Mapping[int, Memory]]:
    """Store what happened to cards in another library of Recto; return how many grades that was, and the memories."""
    stored: list[NewReview] = []
    memories: dict[int, Memory] = {}
    taken = _taken(session, [past for one in arrived for past in one.past.events])
    for one in arrived:
        plan = how.of(one.deck_id)
        told = list(kept([(_name(one, past, taken), past) for past in one.past.events], plan.days, plan.preset))
        memory, last = told[-1].after, told[-1].event.at
        others = [this.event for this in told if this.was is None]
        if given := correction(uuid4, memory, one.past, last, plan.preset):
            memory, others = given.given, [*others, given]
        stored += [_review(actor, one.card_id, this, plan) for this in told if this.was is not None]
        _say(session, actor, one.card_id, others)
        if memory:
            memories[one.card_id] = memory
    session.flush()
    reviews.add_all(session, stored)
    return len(stored), memories


def _told(actor: Actor, one: Arrived, plan: StudyPlan) -> Told:
    """Return what a history comes to: as it was worked out ahead, if the card is still studied so."""
    told = one.past.told
    if told is not None and told.preset == plan.preset and told.days == plan.days:
        return told
    return tell(_whose(actor) + one.guid, one.past, plan.days, plan.preset, uuid4)


def with_news(session: Session, actor: Actor, arrived: Sequence[Arrived]) -> Sequence[Arrived]:
    """Return the cards of which something comes that is not stored by its name; most often that is none."""
    stored: set[UUID] = set()
    for part in importing.parts([one.card_id for one in arrived]):
        stored |= reviews.ids_of(session, actor.learner_id, part) | card_actions.ids_of(session, actor.learner_id, part)
    whose = _whose(actor)
    return [
        one
        for one in arrived
        if any(past.event.id not in stored for past in one.past.events)
        or any(UUID(bytes=name) not in stored for name, _ in named(whose + one.guid, one.past))
    ]


def go_on(session: Session, actor: Actor, one: Arrived, how: Plans) -> Was:
    """Add what is new of a card's history, and return the ids of what was added; nothing when all is known."""
    known = histories.events(session, actor.learner_id, [one.card_id])[one.card_id]
    plan, grades = how.of(one.deck_id), _named(session, actor, one, known)
    undone = _taken_back(known)
    counting = [event for event in known if event.id not in undone]
    fresh = {name for name, past in grades if not _is_known(name, past, counting)}
    if not fresh:
        return {}
    told = [this for this in _retold(grades, plan) if this.event.id in fresh]
    events = [*known, *(this.event for this in told)]
    last = max(event.at for event, _ in retrace(events, plan.days, plan.preset))
    given = None
    if last <= grades[-1][1].at:  # nothing happened here since
        memory = replay(events, plan.days, plan.preset)
        given = correction(uuid4, memory, one.past, last, plan.preset)
    graded = [this for this in told if this.was is not None]
    reviews.add_all(session, [_review(actor, one.card_id, this, plan) for this in graded])
    said = [this.event for this in told if this.was is None]
    actions = [*said, given] if given else said
    _say(session, actor, one.card_id, actions)
    session.flush()
    _replay(session, actor, one.card_id, plan)
    return {"reviews": [str(this.event.id) for this in graded], "actions": [str(event.id) for event in actions]}


def take_back(session: Session, actor: Actor, added: Was, how: Plans, *, now: datetime) -> None:
    """Undo what `go_on` added, in whatever order that came."""
    cards: set[int] = set()
    for row in reviews.named(session, [UUID(name) for name in added["reviews"]]):
        if not reviews.is_undone(session, row.id):
            undo = ReviewEvent(uuid5(row.id, UNDONE), max(now, row.at), None, undoes=row.id)
            day = how.days.day_of(undo.at)
            reviews.add(session, NewReview(undo, actor.learner_id, row.card_id, day))
            cards.add(row.card_id)
    for action in card_actions.named(session, [UUID(name) for name in added["actions"]]):
        undone = {"at": max(now, action.at), "undoes": action.id, "shown": 0, "details": {}}
        this = {"id": uuid5(action.id, UNDONE), "learner_id": actor.learner_id, "card_id": action.card_id}
        card_actions.add(session, CardActionRow(**this, **undone))
        cards.add(action.card_id)
    _replay_each(session, actor, cards, how)


def bring_back(session: Session, actor: Actor, added: Was, how: Plans) -> Was:
    """Add once more what `take_back` undid, under other ids, and return these."""
    cards: set[int] = set()
    graded, actions = [], []
    for row in reviews.named(session, [UUID(name) for name in added["reviews"]]):
        event = reviews.event(again(row.id), row.at, row.grade, None, row.steps, row.spread)
        graded.append(event.id)
        review = NewReview(event, actor.learner_id, row.card_id, row.day, row.was, row.duration, row.interval)
        reviews.add(session, review)
        cards.add(row.card_id)
    for action in card_actions.named(session, [UUID(name) for name in added["actions"]]):
        this = {"id": again(action.id), "learner_id": actor.learner_id, "card_id": action.card_id}
        what = {"kind": action.kind, "at": action.at, "shown": 0, "details": action.details}
        card_actions.add(session, CardActionRow(**this, **what))
        actions.append(again(action.id))
        cards.add(action.card_id)
    _replay_each(session, actor, cards, how)
    return {"reviews": [str(name) for name in graded], "actions": [str(name) for name in actions]}


def _named(session: Session, actor: Actor, one: Arrived, known: Sequence[ReviewEvent]) -> Named:
    """Return each grade with the id that it has or gets: another one after its import was undone."""
    undone = _taken_back(known)
    taken = _taken(session, one.past.events) - {event.id for event in known}
    ours: Named = [(_name(one, past, taken), past) for past in one.past.events]
    theirs: Named = [(UUID(bytes=id_bytes), past) for id_bytes, past in named(_whose(actor) + one.guid, one.past)]
    found = []
    for name, past in (*ours, *theirs):
        while name in undone:
            name = again(name)
        found.append((name, past))
    return found


def _taken_back(known: Sequence[ReviewEvent]) -> set[UUID]:
    """Return what came with imports that were undone."""
    return {event.undoes for event in known if event.undoes and event.id == uuid5(event.undoes, UNDONE)}


def _taken(session: Session, told: Sequence[PastEvent]) -> set[UUID]:
    """Return the ids of events in a file of ours that are stored, of whatever card and learner."""
    parts = list(importing.parts([past.event.id for past in told]))
    graded = {row.id for part in parts for row in reviews.named(session, part)}
    return graded | {row.id for part in parts for row in card_actions.named(session, part)}


def _name(one: Arrived, past: PastEvent, taken: Collection[UUID]) -> UUID:
    """Return the id of what is told: its own, unless another card has that, as that of somebody who shared the deck."""
    return uuid5(past.event.id, str(one.card_id)) if past.event.id in taken else past.event.id


def _retold(named: Named, plan: StudyPlan) -> Iterator[Retold]:
    yield from kept([(name, past) for name, past in named if isinstance(past, PastEvent)], plan.days, plan.preset)
    yield from retold([(name, past) for name, past in named if isinstance(past, PastReview)], plan.days, plan.preset)


def _is_known(name: UUID, past: PastReview | PastEvent, known: Sequence[ReviewEvent]) -> bool:
    """Say whether a grade is stored: under its name, or because it was given here and went out from here."""
    return any(
        event.id == name
        or (
            event.grade is not None
            and event.grade == past.grade
            and abs(event.at - past.at) < SAME_PRESS
            and (event.id.version != 5 or isinstance(past, PastEvent))
        )
        for event in known
    )


def _review(actor: Actor, card_id: int, this: Retold, plan: StudyPlan) -> NewReview:
    duration = this.given.duration
    return NewReview(
        this.event,
        actor.learner_id,
        card_id,
        plan.days.day_of(this.event.at),
        was=this.was,
        duration=None if duration is None else reviewing.counted(duration),
        interval=this.given.interval or (this.after.interval if this.after else None),
    )


def _say(session: Session, actor: Actor, card_id: int, events: Sequence[ReviewEvent]) -> None:
    """Store what is no grade: that the card was made new again, and the memory that was taken over."""
    for event in events:
        kind = ACTIONS[event.override or Override.RESET]
        details = card_actions.given_details(event.given) if event.given else {}
        this = {"id": event.id, "learner_id": actor.learner_id, "card_id": card_id, "at": event.at}
        session.add(CardActionRow(**this, kind=kind, shown=0, details=details))


def _replay_each(session: Session, actor: Actor, cards: Collection[int], how: Plans) -> None:
    for card_id in sorted(cards):
        place = plans.place(session, card_id=card_id, learner_id=actor.learner_id)
        if place is not None:
            reviewing.replay_all(session, how.of(place.deck_id), place)


def _replay(session: Session, actor: Actor, card_id: int, plan: StudyPlan) -> None:
    if (place := plans.place(session, card_id=card_id, learner_id=actor.learner_id)) is not None:
        reviewing.replay_all(session, plan, place)
