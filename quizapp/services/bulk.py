"""What is done to many cards at once, as one step that can be undone. Start from `do` and `undo`.

What was changed since a step is left alone when it is undone. Cards of one note are moved, tagged and deleted together.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from quizapp.db import bulk_steps as rows
from quizapp.db import decks, notes
from quizapp.db.bulk_steps import BulkKind, BulkStepRow
from quizapp.db.engine import Session
from quizapp.domain import tags
from quizapp.domain.audit import Deed
from quizapp.domain.card_actions import CardAction
from quizapp.domain.flags import FLAGS, NO_FLAG
from quizapp.domain.permissions import Action, Actor, own
from quizapp.errors import Conflict, InvalidInput
from quizapp.services import audit, card_actions
from quizapp.services.access import allowed
from quizapp.services.card_actions import Press
from quizapp.translations import figure

MATERIAL = frozenset(
    {BulkKind.MOVE, BulkKind.TAG, BulkKind.UNTAG, BulkKind.DELETE}
)  # what it says, not how one learns it
MOST_RESET = 1_000  # each is an event with a replay
Details = dict[str, Any]
Ids = Sequence[int]


@dataclass(frozen=True)
class Step:
    """What was done to many cards, or undone."""

    id: UUID
    kind: BulkKind
    cards: int  # that were changed; others were so already
    of: str  # the deck, the tags or the flag


@dataclass(frozen=True)
class Wish:
    """What is to be done to cards."""

    kind: BulkKind
    deck_id: int = 0  # to move to
    names: str = ""  # of tags, with commas between
    flag: int = NO_FLAG


def do(session: Session, actor: Actor, step_id: UUID, wish: Wish, card_ids: Ids, *, now: datetime) -> Step:
    """Do it to the actor's cards, which must be living; the same step again changes nothing."""
    if (stored := rows.get(session, step_id)) is not None:
        return _step(allowed(stored, actor, Action.EDIT, thing="step"))
    if not card_ids:
        raise InvalidInput("No card was chosen. Tick some cards first, or choose all that were found.")
    if wish.kind in MATERIAL and len(rows.owned(session, actor.learner_id, card_ids)) < len(card_ids):
        raise InvalidInput("Some of these cards belong to a team. Leave them out, or open the team’s library.")
    cards, details = _DOING[wish.kind](session, actor, wish, card_ids, step_id, now)
    row = BulkStepRow(id=step_id, owner_id=actor.learner_id, kind=wish.kind, at=now, cards=cards, details=details)
    rows.add(session, row)
    if wish.kind in MATERIAL:
        _note(session, actor, row, Deed.DELETED if wish.kind is BulkKind.DELETE else Deed.CHANGED, now)
    return _step(row)


def undo(session: Session, actor: Actor, step_id: UUID, *, now: datetime) -> Step:
    """Take a step back; undone twice it changes nothing more."""
    row = allowed(rows.get(session, step_id), actor, Action.EDIT, thing="step")
    if row.undone_at is None:
        _UNDOING[row.kind](session, actor, row, now)
        row.undone_at = now
        if row.kind in MATERIAL:
            _note(session, actor, row, Deed.RESTORED if row.kind is BulkKind.DELETE else Deed.CHANGED, now)
    return _step(row)


def _note(session: Session, actor: Actor, row: BulkStepRow, deed: Deed, now: datetime) -> None:
    """Note a step in the log of a team."""
    told = f"{row.cards} × {row.kind.value}"
    audit.note(session, actor, row.owner_id, deed, kind="cards", detail=told, now=now)


def _step(row: BulkStepRow) -> Step:
    return Step(row.id, row.kind, row.cards, row.details.get("of", ""))


def _move(session: Session, actor: Actor, wish: Wish, card_ids: Ids, _: UUID, __: datetime) -> tuple[int, Details]:
    deck = allowed(decks.living(session, wish.deck_id), actor, Action.EDIT, thing="deck")
    was = rows.decks_of(session, rows.notes_of(session, card_ids))
    moved = {deck_id: note_ids for deck_id, note_ids in was.items() if deck_id != deck.id}
    everything = [note for note_ids in moved.values() for note in note_ids]
    rows.move(session, everything, deck.id)
    return rows.cards_asked_by(session, everything), {"of": deck.name, "to": deck.id, "was": _listed(moved)}


def _move_back(session: Session, actor: Actor, row: BulkStepRow, _: datetime) -> None:
    gone = []
    for deck_id, note_ids in row.details["was"]:
        deck = decks.get(session, deck_id)
        if deck is None or deck.deleted_at is not None:
            gone.append(deck.name if deck else "a deck that is gone")
            continue
        there = rows.decks_of(session, note_ids).get(row.details["to"], [])
        rows.move(session, there, deck_id)
    if gone:
        raise Conflict(
            "These cards came from %(gone)s, which was deleted. Restore that deck, then undo this.", gone=gone[0]
        )


def _tag(session: Session, actor: Actor, wish: Wish, card_ids: Ids, _: UUID, __: datetime) -> tuple[int, Details]:
    note_ids, names = rows.notes_of(session, card_ids), _names(wish)
    have = rows.tagged(session, note_ids)
    put = {name: sorted(set(note_ids) - set(have.get(name, ()))) for name in names}
    for name, fresh in put.items():
        notes.tag(session, actor.learner_id, fresh, name)
    return _asked_by(session, put), {"of": ", ".join(names), "was": _listed(put)}


def _untag(session: Session, actor: Actor, wish: Wish, card_ids: Ids, _: UUID, __: datetime) -> tuple[int, Details]:
    have, names = rows.tagged(session, rows.notes_of(session, card_ids)), _names(wish)
    taken = {name: have[name] for name in names if name in have}
    for name, note_ids in taken.items():
        notes.untag(session, actor.learner_id, note_ids, name)
    return _asked_by(session, taken), {"of": ", ".join(names), "was": _listed(taken)}


def _names(wish: Wish) -> Sequence[str]:
    names = tags.clean(wish.names)
    if not names:
        raise InvalidInput("Write a tag first.")
    return names


def _asked_by(session: Session, notes_by_tag: Mapping[str, Ids]) -> int:
    return rows.cards_asked_by(session, sorted({note for note_ids in notes_by_tag.values() for note in note_ids}))


def _tag_again(session: Session, actor: Actor, row: BulkStepRow, _: datetime) -> None:
    for name, note_ids in row.details["was"]:
        notes.tag(session, actor.learner_id, rows.living(session, note_ids, None), name)


def _untag_again(session: Session, actor: Actor, row: BulkStepRow, _: datetime) -> None:
    for name, note_ids in row.details["was"]:
        notes.untag(session, actor.learner_id, note_ids, name)


def _set_aside(
    session: Session, actor: Actor, wish: Wish, card_ids: Ids, step_id: UUID, now: datetime
) -> tuple[int, Details]:
    wanted = wish.kind is BulkKind.SUSPEND
    changed = rows.suspended(session, actor.person_id, card_ids).get(not wanted, [])
    rows.suspend(session, actor.person_id, changed, suspended=wanted)
    was = {card: {"suspended": {str(card): not wanted}} for card in changed}
    kind = CardAction.SUSPEND if wanted else CardAction.RESUME
    rows.act(session, actor.person_id, step_id, kind, was, now)
    return len(changed), {"was": list(changed)}


def _set_back(session: Session, actor: Actor, row: BulkStepRow, now: datetime) -> None:
    wanted = row.kind is BulkKind.SUSPEND
    still = rows.suspended(session, actor.person_id, row.details["was"]).get(wanted, [])
    rows.suspend(session, actor.person_id, still, suspended=not wanted)
    rows.take_back(session, row.id, still, now)


def _flag(
    session: Session, actor: Actor, wish: Wish, card_ids: Ids, step_id: UUID, now: datetime
) -> tuple[int, Details]:
    if wish.flag not in {NO_FLAG, *FLAGS}:
        raise InvalidInput("There are seven flags, from 1 to 7. Choose one of them.")
    was = {flag: cards for flag, cards in rows.flags(session, actor.person_id, card_ids).items() if flag != wish.flag}
    for flag, cards in was.items():
        rows.flag(session, actor.person_id, cards, wish.flag)
        each = {card: {"flag": wish.flag, "was": flag} for card in cards}
        rows.act(session, actor.person_id, step_id, CardAction.FLAG, each, now)
    return sum(map(len, was.values())), {"of": FLAGS.get(wish.flag, ""), "to": wish.flag, "was": _listed(was)}


def _flag_again(session: Session, actor: Actor, row: BulkStepRow, now: datetime) -> None:
    for flag, card_ids in row.details["was"]:
        still = rows.flags(session, actor.person_id, card_ids).get(row.details["to"], [])
        rows.flag(session, actor.person_id, still, flag)
        rows.take_back(session, row.id, still, now)


def _reset(session: Session, actor: Actor, _: Wish, card_ids: Ids, step_id: UUID, now: datetime) -> tuple[int, Details]:
    """Make cards new again, each by an event that its history shows."""
    seen = rows.seen(session, actor.person_id, card_ids)
    if len(seen) > MOST_RESET:
        raise InvalidInput(
            "%(most_reset)s schedules can be reset at once. Narrow the search, and do it in parts.",
            most_reset=figure(MOST_RESET),
        )
    for card_id in seen:
        card_actions.reset(session, own(actor), Press(rows.action_id(step_id, card_id), card_id), now)
    return len(seen), {"was": list(seen)}


def _schedule_again(session: Session, actor: Actor, row: BulkStepRow, now: datetime) -> None:
    for action in rows.not_undone(session, [rows.action_id(row.id, card_id) for card_id in row.details["was"]]):
        card_actions.take_back(session, own(actor), action, undo_id=uuid5(action.id, "undone"), now=now)


def _delete(session: Session, _: Actor, __: Wish, card_ids: Ids, ___: UUID, now: datetime) -> tuple[int, Details]:
    note_ids = rows.living(session, rows.notes_of(session, card_ids), None)
    cards = rows.cards_asked_by(session, note_ids)
    rows.delete_or_restore(session, note_ids, now)
    return cards, {"was": list(note_ids)}


def _restore(session: Session, _: Actor, row: BulkStepRow, __: datetime) -> None:
    rows.delete_or_restore(session, rows.living(session, row.details["was"], row.at), None)


def _listed(grouped: Mapping[Any, Ids]) -> list[list[Any]]:
    return [[value, list(ids)] for value, ids in grouped.items()]


_DOING: Mapping[BulkKind, Callable[[Session, Actor, Wish, Ids, UUID, datetime], tuple[int, Details]]] = {
    BulkKind.MOVE: _move,
    BulkKind.TAG: _tag,
    BulkKind.UNTAG: _untag,
    BulkKind.SUSPEND: _set_aside,
    BulkKind.RESUME: _set_aside,
    BulkKind.FLAG: _flag,
    BulkKind.RESET: _reset,
    BulkKind.DELETE: _delete,
}
_UNDOING: Mapping[BulkKind, Callable[[Session, Actor, BulkStepRow, datetime], None]] = {
    BulkKind.MOVE: _move_back,
    BulkKind.TAG: _untag_again,
    BulkKind.UNTAG: _tag_again,
    BulkKind.SUSPEND: _set_back,
    BulkKind.RESUME: _set_back,
    BulkKind.FLAG: _flag_again,
    BulkKind.RESET: _schedule_again,
    BulkKind.DELETE: _restore,
}
