"""What a learner does to a card while studying, besides grading it: each is stored, and can be undone.

Start from `ACTIONS`, or from `take_back`.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from quizapp.db import asides, notes, plans, reports, reviews, study_sessions
from quizapp.db import card_actions as rows
from quizapp.db.card_actions import CardActionRow
from quizapp.db.engine import Session
from quizapp.db.plans import Place
from quizapp.domain.card_actions import CardAction
from quizapp.domain.flags import FLAGS, NO_FLAG
from quizapp.domain.permissions import Action, Actor
from quizapp.domain.scheduling import Grade, Memory
from quizapp.errors import Conflict, InvalidInput
from quizapp.services import decks, reviewing
from quizapp.services.access import allowed
from quizapp.services.decks import CardFields
from quizapp.services.notes import change, value
from quizapp.services.options import study_plan_of
from quizapp.services.settings import study_plan
from quizapp.translations import figure

REPORT_LIMIT_CHARS = 2_000


@dataclass(frozen=True)
class Press:
    """One press of a button while a card was on the screen."""

    id: UUID  # made by the page, so that a retry counts once
    card_id: int
    session_id: UUID | None = None
    shown: int = 0  # how much of the card could be seen
    expected_reviews: int | None = None


def bury_card(session: Session, actor: Actor, press: Press, now: datetime) -> None:
    """Let the card wait until tomorrow."""
    _bury(session, actor, press, now, asides.of_cards(session, actor.learner_id, [press.card_id]))


def bury_note(session: Session, actor: Actor, press: Press, now: datetime) -> None:
    """Let all cards of the note wait until tomorrow."""
    _bury(session, actor, press, now, asides.of_note(session, actor.learner_id, press.card_id))


def suspend_card(session: Session, actor: Actor, press: Press, now: datetime) -> None:
    """Set the card aside until it is taken back."""
    _suspend(session, actor, press, now, [press.card_id])


def suspend_note(session: Session, actor: Actor, press: Press, now: datetime) -> None:
    """Set all cards of the note aside until they are taken back."""
    _suspend(session, actor, press, now, list(asides.of_note(session, actor.learner_id, press.card_id)))


def resume_card(session: Session, actor: Actor, press: Press, now: datetime) -> None:
    """Ask the card again that was suspended or buried, where its schedule is."""
    place = _begin(session, actor, press)
    if place is None:
        return
    was = asides.of_cards(session, place.learner_id, [press.card_id])
    _store(session, place, press, CardAction.RESUME, now, {"suspended": _suspended(was), "buried": _buried(was)})
    asides.suspend(session, place.learner_id, {press.card_id: False})
    asides.bury(session, place.learner_id, {press.card_id: None})


def put_flag(session: Session, actor: Actor, press: Press, number: int, now: datetime) -> int:
    """Put a flag on the card and return its number; the flag that is on it already is taken off, as in Anki."""
    place = _begin(session, actor, press)
    was = asides.of_cards(session, actor.learner_id, [press.card_id])[press.card_id].flag
    if number not in {NO_FLAG, *FLAGS}:
        raise InvalidInput("There are seven flags, from 1 to 7. Choose one of them.")
    if place is None:
        return was
    becomes = NO_FLAG if number == was else number
    _store(session, place, press, CardAction.FLAG, now, {"flag": becomes, "was": was})
    asides.flag(session, place.learner_id, press.card_id, becomes)
    return becomes


def mark_known(session: Session, actor: Actor, press: Press, now: datetime) -> Memory | None:
    """Let the card come back in half a year or later, and return its memory."""
    return _override(session, actor, press, CardAction.KNOWN, now)


def reset(session: Session, actor: Actor, press: Press, now: datetime) -> None:
    """Make the card new again; its history stays."""
    _override(session, actor, press, CardAction.RESET, now)


def practise(
    session: Session,
    actor: Actor,
    press: Press,
    grade: Grade,
    *,
    duration: timedelta,
    is_expected: bool,
    now: datetime,
) -> bool:
    """Store a grade that leaves the schedule as it is, and say whether it had been stored before."""
    place = _begin(session, actor, press)
    if place is None:
        return True
    if not is_expected:
        raise Conflict("This card was answered elsewhere meanwhile, so this answer was not counted. Go on to the next.")
    row = _row(place, press, CardAction.PRACTICE, now, {})
    row.grade, row.duration = grade, reviewing.counted(duration)
    rows.add(session, row)
    return False


def edit(
    session: Session,
    actor: Actor,
    press: Press,
    note_id: int,
    said: CardFields,
    *,
    expected_version: int,
    now: datetime,
) -> None:
    """Change what the card's note says; its cards keep their schedules."""
    place = _begin(session, actor, press)
    if place is None:
        return
    was = decks.note(session, actor, note_id)
    decks.edit_note(session, actor, note_id, **said, expected_version=expected_version, now=now)
    version = decks.note(session, actor, note_id).version
    if version == was.version:
        return
    wording = {"question": was.question, "answer": was.answer, "explanation": was.explanation}
    details = {"note": note_id, "version": version, **wording, "choices": list(was.choices)}
    _store(session, place, press, CardAction.EDIT, now, details)


def report(session: Session, actor: Actor, press: Press, *, reason: str, text: str, now: datetime) -> None:
    """Note that something is wrong with the card."""
    place = _begin(session, actor, press)
    if place is None:
        return
    report_id = file_report(session, place, reason=reason, text=text, now=now)
    _store(session, place, press, CardAction.REPORT, now, {"report": report_id, "reason": reason})


def file_report(session: Session, place: Place, *, reason: str, text: str, now: datetime) -> int:
    """Store a report about a card and return its id."""
    if max(len(reason), len(text)) > REPORT_LIMIT_CHARS:
        raise InvalidInput(
            "A report can have %(report_limit_chars)s characters. Shorten it.",
            report_limit_chars=figure(REPORT_LIMIT_CHARS),
        )
    whose = {"person_id": place.learner_id, "card_id": place.card_id}
    return reports.add(session, place.owner_id, **whose, reason=reason, text=text, now=now)


ACTIONS: Mapping[str, Callable[[Session, Actor, Press, datetime], object]] = {
    "bury-card": bury_card,
    "bury-note": bury_note,
    "suspend-card": suspend_card,
    "suspend-note": suspend_note,
    "resume": resume_card,
    "known": mark_known,
    "reset": reset,
}


def take_back(session: Session, actor: Actor, row: CardActionRow, *, undo_id: UUID, now: datetime) -> bool:
    """Undo an action, and say whether what it changed is as it was: another change since then is left alone."""
    place = plans.place(session, card_id=row.card_id, learner_id=actor.learner_id)
    place = allowed(place, actor, Action.STUDY, thing="card")
    how = study_plan_of(session, actor, place.deck_id)
    at = max(now, row.at)  # no undo comes before what it undoes, whatever the clock says
    rows.add(
        session,
        CardActionRow(
            id=undo_id,
            learner_id=row.learner_id,
            card_id=row.card_id,
            session_id=row.session_id,
            at=at,
            undoes=row.id,
            shown=row.shown,
            details={},
        ),
    )
    match row.kind:
        case CardAction.EDIT:
            return _take_back_edit(session, row, now)
        case CardAction.REPORT:
            if (found := reports.get(session, row.details["report"])) is not None:
                found.resolved_at = found.resolved_at or now
        case CardAction.KNOWN | CardAction.RESET | CardAction.GIVEN:
            reviewing.replay_all(session, how, place)
        case _:
            _put_back(session, row)
    return True


def _take_back_edit(session: Session, row: CardActionRow, now: datetime) -> bool:
    was, note = row.details, notes.get(session, row.details["note"])
    if note is None or note.version != was["version"]:
        return False
    wording = value(note)
    change(
        session,
        note,
        replace(
            wording,
            question=was["question"],
            answer=was["answer"],
            choices=tuple(was["choices"]),
            explanation=was["explanation"],
        ),
        now=now,
    )
    return True


def _put_back(session: Session, row: CardActionRow) -> None:
    """Give cards the place and the flag that they had."""
    was = row.details
    if "suspended" in was:
        asides.suspend(session, row.learner_id, {int(card): value for card, value in was["suspended"].items()})
    if "buried" in was:
        times = {int(card): datetime.fromisoformat(at) if at else None for card, at in was["buried"].items()}
        asides.bury(session, row.learner_id, times)
    if "flag" in was:
        asides.flag(session, row.learner_id, row.card_id, was["was"])


def _bury(session: Session, actor: Actor, press: Press, now: datetime, cards: Mapping[int, asides.Aside]) -> None:
    place = _begin(session, actor, press)
    if place is None:
        return
    _store(session, place, press, CardAction.BURY, now, {"buried": _buried(cards)})
    asides.bury(session, place.learner_id, dict.fromkeys(cards, study_plan(session, actor).days.end_of_today(now)))


def _suspend(session: Session, actor: Actor, press: Press, now: datetime, card_ids: Sequence[int]) -> None:
    place = _begin(session, actor, press)
    if place is None:
        return
    was = asides.of_cards(session, place.learner_id, card_ids)
    _store(session, place, press, CardAction.SUSPEND, now, {"suspended": _suspended(was)})
    asides.suspend(session, place.learner_id, dict.fromkeys(was, True))


def _override(session: Session, actor: Actor, press: Press, kind: CardAction, now: datetime) -> Memory | None:
    place = _begin(session, actor, press)
    if place is None:
        return reviews.memory(session, card_id=press.card_id, learner_id=actor.learner_id)
    # After the last review, whatever the clock says: events of one moment are ordered by their ids.
    at = max(now, place.memory.last_review + timedelta(microseconds=1)) if place.memory else now
    _store(session, place, press, kind, at, {})
    return reviewing.replay_all(session, study_plan_of(session, actor, place.deck_id), place)


def _begin(session: Session, actor: Actor, press: Press) -> Place | None:
    """Return where the card stands; None when this press is stored already."""
    if press.session_id is not None:
        allowed(study_sessions.get(session, press.session_id), actor, Action.STUDY, thing="session")
    place = plans.place(session, card_id=press.card_id, learner_id=actor.learner_id)
    place = allowed(place, actor, Action.STUDY, thing="card")
    if stored := rows.find(session, press.id):
        if (stored.learner_id, stored.card_id) != (actor.learner_id, press.card_id):
            raise Conflict("This form was used for another card. Load the page again.")
        return None
    if press.expected_reviews not in (None, place.memory.reviews if place.memory else 0):
        raise Conflict("This card was answered elsewhere meanwhile, so nothing was done to it. Look at it again.")
    return place


def _store(
    session: Session, place: Place, press: Press, kind: CardAction, at: datetime, details: dict[str, object]
) -> None:
    rows.add(session, _row(place, press, kind, at, details))


def _row(place: Place, press: Press, kind: CardAction, at: datetime, details: dict[str, object]) -> CardActionRow:
    return CardActionRow(
        id=press.id,
        learner_id=place.learner_id,
        card_id=press.card_id,
        session_id=press.session_id,
        at=at,
        kind=kind,
        shown=press.shown,
        details=details,
    )


def _suspended(cards: Mapping[int, asides.Aside]) -> dict[str, bool]:
    return {str(card_id): one.suspended for card_id, one in cards.items()}


def _buried(cards: Mapping[int, asides.Aside]) -> dict[str, str | None]:
    return {str(card_id): one.buried_until.isoformat() if one.buried_until else None for card_id, one in cards.items()}
