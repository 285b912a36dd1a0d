"""Which cards are asked in the days to come: a few of each queue, in the order of their index. Start from `cards`."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from quizapp.db.plans import PlanRow, Queue
from quizapp.db.study_queues import Scope


def cards(
    session: Session, scope: Scope, queue: Queue, *, end: datetime, limit: int
) -> Sequence[tuple[int, datetime | None]]:
    """Return cards of a queue that can be asked before the end, with when they are due; None while they are new."""
    query = select(PlanRow.card_id, PlanRow.due).where(PlanRow.learner_id == scope.learner_id, PlanRow.queue == queue)
    if scope.deck_ids is not None:
        query = query.where(PlanRow.deck_id.in_(scope.deck_ids))
    if queue is Queue.NEW:
        query = query.where(PlanRow.due.is_(None), or_(PlanRow.buried_until.is_(None), PlanRow.buried_until <= end))
    else:
        query = query.where(PlanRow.due < end)
    found = session.execute(query.order_by(PlanRow.due, PlanRow.card_id).limit(limit)).all()
    return [(card_id, due) for card_id, due in found]
