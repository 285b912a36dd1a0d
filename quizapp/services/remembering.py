"""How well a document is remembered, passage by passage. Start from `of_document`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from quizapp.db import remembering as rows
from quizapp.db.engine import Session
from quizapp.domain import remembering
from quizapp.domain.documents import Block
from quizapp.domain.permissions import Actor, own
from quizapp.domain.remembering import Recalled, Remembered
from quizapp.domain.scheduling import mean_retrievability
from quizapp.services.options import share_of, shares, within
from quizapp.services.settings import study_plan


@dataclass(frozen=True)
class Knowledge:
    """How well a document is remembered."""

    whole: Remembered
    passages: Mapping[int, Remembered]  # by their numbers; those alone that a card quotes
    weakest: int | None  # the number of the passage that is remembered worst, of those with a card to study


def of_document(
    session: Session, actor: Actor, document_id: int, blocks: Sequence[Block], *, now: datetime
) -> Knowledge:
    """Return how well the actor remembers a document; each card counts by the options of its deck."""
    base = study_plan(session, actor)
    found, cards = shares(session, own(actor), base), rows.of_document(session, actor.person_id, document_id)
    presets = {deck: within(base, share_of(found, deck, base)).preset for deck in {card.deck_id for card in cards}}
    recalled = [
        Recalled(
            card.card_id,
            card.start,
            card.end,
            mean_retrievability([(card.last_review, card.stability)], now, base.days, presets[card.deck_id])
            if card.last_review and card.stability
            else None,
            card.is_asked,
        )
        for card in cards
    ]
    passages = remembering.by_passage(blocks, recalled)
    return Knowledge(remembering.together(recalled), passages, remembering.weakest(passages))
