"""What waits in each share of the decks, and what its limits leave of that today. Start from `stacks`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from quizapp.db import study_queues
from quizapp.db.engine import Session
from quizapp.db.study_queues import Scope
from quizapp.domain import queues
from quizapp.domain.permissions import Actor
from quizapp.domain.queues import Counts, DoneToday, Kind, Waiting
from quizapp.services.options import Share
from quizapp.services.settings import StudyPlan


@dataclass(frozen=True)
class Stack:
    """What waits in the decks of a share, as far as they are looked at, and what was done today in all of them."""

    share: Share
    scope: Scope
    waiting: Waiting
    done: DoneToday

    @property
    def left(self) -> Counts:
        """Return what the limits leave."""
        return queues.left(self.waiting, self.done, self.share.options.limits)


def stacks(
    session: Session,
    actor: Actor,
    how: StudyPlan,
    found: Sequence[Share],
    *,
    answered: Mapping[Kind, int],
    within: Sequence[int] | None = None,
    now: datetime,
) -> Sequence[Stack]:
    """Return what waits within some decks, or in all; shares without any of them are left out.

    `answered` is what the learner did today in all decks, by queue.
    """
    day = how.days.day_of(now)
    there = []
    for share, done in _done(session, actor, found, answered, day):
        scope = Scope(actor.learner_id, _both(share.deck_ids, within))
        if scope.deck_ids != ():
            apart_since = how.days.start(day) if share.options.apart else None
            waiting = study_queues.waiting(session, scope, now, apart_since=apart_since)
            there.append(Stack(share, scope, waiting, done))
    return there


def together(found: Sequence[Stack]) -> Scope:
    """Return the decks of some stacks, not all of which are all decks, as one scope."""
    deck_ids = (deck_id for stack in found for deck_id in stack.scope.deck_ids or ())
    return Scope(found[0].scope.learner_id, tuple(sorted(deck_ids)))


def _both(share: Sequence[int] | None, within: Sequence[int] | None) -> tuple[int, ...] | None:
    if share is None or within is None:
        chosen = within if share is None else share
        return None if chosen is None else tuple(chosen)
    return tuple(deck_id for deck_id in within if deck_id in share)


def _done(
    session: Session, actor: Actor, found: Sequence[Share], answered: Mapping[Kind, int], day: date
) -> Sequence[tuple[Share, DoneToday]]:
    """Pair each share with what was done in all of its decks today."""
    if len(found) == 1:
        return [(found[0], DoneToday(new=answered.get(Kind.NEW, 0), reviews=answered.get(Kind.REVIEW, 0)))]
    by_deck = study_queues.answered_by_deck(session, learner_id=actor.learner_id, day=day) if answered else {}

    def count(share: Share, kind: Kind) -> int:
        return sum(by_deck.get((deck_id, kind), 0) for deck_id in share.deck_ids or ())

    return [(share, DoneToday(new=count(share, Kind.NEW), reviews=count(share, Kind.REVIEW))) for share in found]
