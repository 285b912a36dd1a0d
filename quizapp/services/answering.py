"""Answers given while studying, typed or put in order: what they are worth, and what the learner wishes.

Start from `question`, then `answered`. Nothing here touches what is remembered: the learner grades.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from random import Random

from quizapp import markup
from quizapp.db import accepted as accepted_rows
from quizapp.db import decks as deck_rows
from quizapp.db import notes, plans
from quizapp.db.engine import Session
from quizapp.domain import marking, questions
from quizapp.domain.answering import SUGGESTED
from quizapp.domain.audit import Deed
from quizapp.domain.cards import CardId, CardKind
from quizapp.domain.marking import MOST_ACCEPTED, Accepted, Kind, Mark
from quizapp.domain.near_misses import Askable
from quizapp.domain.permissions import Action, Actor
from quizapp.domain.questions import Judgement, Question, Response, Typed, Way
from quizapp.domain.scheduling import Grade
from quizapp.errors import InvalidInput
from quizapp.services import audit, study
from quizapp.services.access import allowed
from quizapp.services.study import StudyCard


@dataclass(frozen=True)
class Answer:
    """What was answered to a card and what it is worth; `marks` are those of its gaps, or of its one answer."""

    question: Question
    text: str  # a gap or an item a line
    judgement: Judgement
    marks: Sequence[Mark]

    @property
    def kind(self) -> Kind:
        return self.judgement.kind

    @property
    def typed(self) -> Sequence[str]:
        """Return what was typed, by gap."""
        return self.text.split("\n") if len(self.question.right) > 1 else [self.text]

    @property
    def suggested(self) -> Grade:
        """Return the grade that fits the answer; the learner decides."""
        return SUGGESTED[self.kind]

    @property
    def can_be_taught(self) -> bool:
        """Say whether something was typed into a gap that is not right: the learner may know better."""
        return any(
            text.strip() and mark.kind is not Kind.RIGHT for text, mark in zip(self.typed, self.marks, strict=False)
        )


def question(card: StudyCard) -> Question | None:
    """Return the question that asks a card to be typed or put in order, None where there is no such way.

    Items are mixed anew each time that the card is asked, but not while it is.
    """
    askable = _askable(card)
    if card.kind is CardKind.ORDER:
        return questions.ask(askable, (), {Way.ORDER}, Random(f"{card.card_id} {card.reviews}"))  # noqa: S311 - an order
    return questions.typed(askable)


def answered(session: Session, actor: Actor, card: StudyCard, asked: Question, response: Response) -> Answer:
    """Judge an answer to a card; wordings that the learner taught count as right."""
    text = questions.given(asked, response)
    also = _accepted(session, actor, card.card_id, gaps=len(asked.right))
    marks: Sequence[Mark] = ()
    if asked.way in {Way.TYPED, Way.CLOZE}:
        lines = text.split("\n") if len(asked.right) > 1 else [text]
        lines = [*lines[: len(asked.right)], *[""] * (len(asked.right) - len(lines))]
        text, marks = "\n".join(lines), marking.each_gap(lines, gaps=asked.right, accepted=also)
    return Answer(asked, text, questions.judge(asked, text, accepted=also), marks)


def accept(session: Session, actor: Actor, card_id: int, text: str, *, now: datetime) -> Sequence[int]:
    """Take what was typed for right from now on, wherever it is not; return the ids to take that back with."""
    allowed(plans.place(session, card_id=card_id, learner_id=actor.learner_id), actor, Action.STUDY, thing="card")
    card = study.card(session, actor, card_id, now=now)
    asked = questions.typed(_askable(card))
    if asked is None or asked.way not in {Way.TYPED, Way.CLOZE}:
        raise InvalidInput("Only typed answers can be taught. Edit the card to change what is right.")
    answer = answered(session, actor, card, asked, Typed(text))
    taught = [
        (gap, " ".join(told.split()))
        for gap, (told, mark) in enumerate(zip(answer.typed, answer.marks, strict=True))
        if told.strip() and mark.kind is not Kind.RIGHT
    ]
    known = _accepted(session, actor, card_id, gaps=len(asked.right))
    if any(len(known[gap]) >= MOST_ACCEPTED for gap, _ in taught):
        raise InvalidInput(
            "%(most_accepted)s other wordings are accepted here already. Edit the card's answer instead.",
            most_accepted=MOST_ACCEPTED,
        )
    return [
        accepted_rows.add(session, actor.learner_id, card_id=card_id, gap=gap, text=told, now=now)
        for gap, told in taught
    ]


def forget(session: Session, actor: Actor, card_id: int, ids: Collection[int]) -> None:
    """Accept no more what was taught to a card."""
    allowed(plans.place(session, card_id=card_id, learner_id=actor.learner_id), actor, Action.STUDY, thing="card")
    accepted_rows.remove(session, actor.learner_id, card_id=card_id, ids=ids)


def type_card(session: Session, actor: Actor, note_id: int, *, typed: bool | None, now: datetime) -> bool | None:
    """Say whether answers to a note's cards are typed, None for as its deck has it; return what was wished before."""
    row = allowed(notes.get_living(session, note_id), actor, Action.EDIT, thing="card")
    before, row.typed = row.typed, typed
    audit.note_of(session, actor, row, Deed.CHANGED, kind="card", detail=row.question, now=now)
    return before


def type_deck(session: Session, actor: Actor, deck_id: int, *, typed: bool, now: datetime) -> bool:
    """Say whether answers to the cards of a deck are typed, but where a card has its own wish; return what was before."""
    row = allowed(deck_rows.living(session, deck_id), actor, Action.EDIT, thing="deck")
    before, row.typed = bool(row.typed), typed
    audit.note_of(session, actor, row, Deed.CHANGED, kind="deck", detail=row.name, now=now)
    return before


def _accepted(session: Session, actor: Actor, card_id: int, *, gaps: int) -> Accepted:
    return accepted_rows.by_gap(
        accepted_rows.of_cards(session, actor.learner_id, [card_id]).get(card_id, ()), gaps=gaps
    )


def _askable(card: StudyCard) -> Askable:
    return Askable(
        card_id=CardId(card.card_id),
        kind=card.kind,
        question=card.question,
        answers=card.answers,
        right=tuple(markup.unillustrated(answer) for answer in card.answers),
        explanation=card.explanation,
        source=card.source,
        document_id=card.document_id,
        document_title=card.document_title,
        language=card.language,
    )
