"""What people of a team would change in its cards, what is wrong with them, and what a card said before.

Start from `inbox` for who decides, `suggest` for who suggests, `history` for one card.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from quizapp.db import notes, reports, teams, wordings
from quizapp.db import suggestions as rows
from quizapp.db.engine import Session
from quizapp.db.notes import NoteRow
from quizapp.db.reports import ReportRow
from quizapp.db.suggestions import Suggested, SuggestionRow, Verdict
from quizapp.db.wordings import WordingRow
from quizapp.domain.audit import Deed
from quizapp.domain.cards import Note
from quizapp.domain.permissions import Action, Actor, LearnerId, may
from quizapp.errors import Conflict, InvalidInput
from quizapp.services import audit
from quizapp.services import teams as crew
from quizapp.services.access import allowed
from quizapp.services.notes import change, check, value

SHOWN = 100
REASON_CHARS = 2_000


@dataclass(frozen=True)
class Suggestion:
    """Another wording for a card, and what became of it."""

    id: int
    note_id: int
    deck_id: int
    deck_name: str
    person: str
    card: Note  # as it is now
    version: int  # of the card now: send it back as `expected_version`
    wanted: Note
    is_stale: bool  # the card was changed since
    reason: str
    at: datetime
    verdict: Verdict | None
    word: str


@dataclass(frozen=True)
class Reported:
    """Something that somebody says is wrong with a card."""

    id: int
    note_id: int
    deck_id: int
    card_id: int
    question: str
    person: str
    reason: str  # its code
    text: str
    at: datetime
    is_resolved: bool
    word: str


@dataclass(frozen=True)
class Waiting:
    """How much waits for the owners and trainers of a team."""

    suggestions: int
    reports: int

    @property
    def both(self) -> int:
        """Return how much that is."""
        return self.suggestions + self.reports


@dataclass(frozen=True)
class Inbox:
    """What waits for the owners and trainers of a team, and what the actor handed in."""

    team_id: int
    team: str
    can_decide: bool
    suggestions: Sequence[Suggestion]  # that wait; none for who cannot decide
    reports: Sequence[Reported]
    mine: Sequence[Suggestion]
    my_reports: Sequence[Reported]


@dataclass(frozen=True)
class Wording:
    """What a card said until somebody changed it."""

    id: int
    said: Note
    became: Note
    at: datetime
    person: str | None


@dataclass(frozen=True)
class History:
    """What a card says and said."""

    note_id: int
    deck_id: int
    deck_name: str
    card: Note
    version: int
    past: Sequence[Wording]  # the latest first
    can_edit: bool
    can_suggest: bool


def waiting(session: Session, actor: Actor, library_id: int) -> Waiting:
    """Return how much waits in the inbox of a team; nothing for who cannot decide."""
    if not _may_decide(actor, library_id):
        return Waiting(0, 0)
    return Waiting(*rows.count_waiting(session, library_id))


def inbox(session: Session, actor: Actor, team_id: int) -> Inbox:
    """Return what waits in a team for a decision, and what became of what the actor handed in."""
    team = crew.living(session, actor, team_id, Action.SEE)
    library, person = team.library_id, actor.person_id
    decides = _may_decide(actor, library)
    return Inbox(
        team_id=team.id,
        team=team.name,
        can_decide=decides,
        suggestions=_suggestions(rows.waiting(session, library, limit=SHOWN)) if decides else (),
        reports=_reports(reports.open_ones(session, library, limit=SHOWN)) if decides else (),
        mine=_suggestions(rows.of_person(session, library, person, limit=SHOWN)),
        my_reports=_reports(reports.of_person(session, library, person, limit=SHOWN)),
    )


def about(session: Session, actor: Actor, note_id: int) -> History:
    """Return a card that the actor may suggest a change of."""
    row = allowed(notes.get_living(session, note_id), actor, Action.SUGGEST, thing="card")
    return _history(session, actor, row)


def history(session: Session, actor: Actor, note_id: int) -> History:
    """Return what a card said before, with who changed it and when."""
    row = allowed(notes.get_living(session, note_id), actor, Action.SEE, thing="card")
    return _history(session, actor, row)


def suggest(session: Session, actor: Actor, note_id: int, wanted: Note, *, reason: str, now: datetime) -> int:
    """Hand in another wording for a card of a team, and return its number; one that cannot be asked is refused."""
    row = allowed(notes.get_living(session, note_id), actor, Action.SUGGEST, thing="card")
    if teams.named_by(session, row.owner_id) is None:
        raise Conflict("This card is your own. Edit it where it stands.")
    check(wanted)
    if _words(wanted) == _words(value(row)):
        raise InvalidInput("This is what the card says already. Change something, or report the card instead.")
    if len(reason) > REASON_CHARS:
        raise InvalidInput("A reason can have %(limit)s characters. Shorten it.", limit=REASON_CHARS)
    question, answer, choices, explanation = _words(wanted)
    suggestion = SuggestionRow(
        owner_id=row.owner_id,
        note_id=row.id,
        person_id=actor.person_id,
        note_version=row.version,
        question=question,
        answer=answer,
        choices=choices,
        explanation=explanation,
        reason=reason,
        at=now,
        word="",
    )
    session.add(suggestion)
    session.flush()
    return suggestion.id


def accept(
    session: Session,
    actor: Actor,
    team_id: int,
    suggestion_id: int,
    *,
    wanted: Note | None = None,
    expected_version: int,
    word: str = "",
    now: datetime,
) -> None:
    """Give the card what was suggested, or what that was made into; everybody's schedule stays. Twice changes nothing."""
    row = _suggestion(session, actor, team_id, suggestion_id)
    if row.verdict is not None:
        return
    if row.note.version != expected_version:
        raise Conflict("This card was changed elsewhere meanwhile. Load it again, then decide.")
    suggested = _wanted(row)
    final = suggested if wanted is None else wanted
    change(session, row.note, final, by=actor.person_id, now=now)
    is_same = _words(final) == _words(suggested)
    _decide(session, actor, row, Verdict.ACCEPTED if is_same else Verdict.CHANGED, word, now=now)
    row.became_version = row.note.version
    session.flush()
    _audit(session, actor, row, Deed.ACCEPTED, now=now)


def decline(session: Session, actor: Actor, team_id: int, suggestion_id: int, *, word: str, now: datetime) -> None:
    """Leave the card as it is, with a word to who suggested the change. Twice changes nothing."""
    row = _suggestion(session, actor, team_id, suggestion_id)
    if row.verdict is None:
        _decide(session, actor, row, Verdict.DECLINED, word, now=now)
        _audit(session, actor, row, Deed.DECLINED, now=now)


def withdraw(session: Session, actor: Actor, team_id: int, suggestion_id: int, *, now: datetime) -> None:
    """Take back what the actor suggested, while nobody has decided on it."""
    team = crew.living(session, actor, team_id, Action.SUGGEST)
    row = rows.get(session, suggestion_id)
    is_mine = row is not None and row.person_id == actor.person_id and row.owner_id == team.library_id
    row = allowed(row if is_mine else None, actor, Action.SUGGEST, thing="suggestion")
    if row.verdict is None:
        row.verdict, row.decided_at, row.decided_by = Verdict.WITHDRAWN, now, actor.person_id
        session.flush()


def reopen(session: Session, actor: Actor, team_id: int, suggestion_id: int, *, now: datetime) -> None:
    """Take a decision back; a wording that was accepted goes, unless the card was changed since."""
    row = _suggestion(session, actor, team_id, suggestion_id)
    if row.verdict in {Verdict.ACCEPTED, Verdict.CHANGED}:
        before = wordings.before(session, row.note_id, version=row.became_version or 0)
        if row.note.version != row.became_version or before is None:
            raise Conflict("This card was changed since. Look at its history, so that nothing is lost.")
        change(session, row.note, _said(row.note, before), by=actor.person_id, now=now)
        row.note_version = row.note.version
        _audit(session, actor, row, Deed.CHANGED, now=now)
    row.verdict, row.decided_at, row.decided_by, row.became_version, row.word = None, None, None, None, ""
    session.flush()


def resolve(session: Session, actor: Actor, team_id: int, report_id: int, *, word: str, now: datetime) -> None:
    """Mark a report about a card of the team as dealt with, with a word to who made it."""
    row = _report(session, actor, team_id, report_id)
    if row.resolved_at is None:
        row.resolved_at, row.word = now, _clean(word)
        session.flush()


def reopen_report(session: Session, actor: Actor, team_id: int, report_id: int) -> None:
    """Let a report wait again."""
    row = _report(session, actor, team_id, report_id)
    row.resolved_at, row.word = None, ""
    session.flush()


def bring_back(session: Session, actor: Actor, wording_id: int, *, expected_version: int, now: datetime) -> int:
    """Let a card say again what it said before, and return its note; schedules stay, and this can be taken back, too."""
    wording = wordings.get(session, wording_id)
    row = allowed(notes.get_living(session, wording.note_id) if wording else None, actor, Action.EDIT, thing="card")
    if wording and row.version != expected_version:
        raise Conflict("This card was changed elsewhere meanwhile. Load it again, then make your change.")
    if wording:
        change(session, row, _said(row, wording), by=actor.person_id, now=now)
        audit.note(
            session, actor, row.owner_id, Deed.CHANGED, kind="card", thing_id=row.id, detail=row.question, now=now
        )
    return row.id


def _may_decide(actor: Actor, library_id: int) -> bool:
    """Say whether the actor edits that library once it is open: what waits in the inbox names its team by itself."""
    return may(_inside(actor, library_id), Action.EDIT, library_id)


def _inside(actor: Actor, library_id: int) -> Actor:
    return Actor(LearnerId(library_id), member_id=actor.person_id, roles=actor.roles)


def _suggestion(session: Session, actor: Actor, team_id: int, suggestion_id: int) -> SuggestionRow:
    team = crew.living(session, actor, team_id, Action.SEE)
    row = rows.get(session, suggestion_id)
    if row and (row.owner_id != team.library_id or row.note.deleted_at or row.note.deck.deleted_at):
        row = None
    return allowed(row, _inside(actor, team.library_id), Action.EDIT, thing="suggestion")


def _report(session: Session, actor: Actor, team_id: int, report_id: int) -> ReportRow:
    team = crew.living(session, actor, team_id, Action.SEE)
    row = reports.get(session, report_id)
    row = row if row and row.owner_id == team.library_id else None
    return allowed(row, _inside(actor, team.library_id), Action.EDIT, thing="report")


def _decide(session: Session, actor: Actor, row: SuggestionRow, verdict: Verdict, word: str, *, now: datetime) -> None:
    row.verdict, row.decided_at, row.decided_by, row.word = verdict, now, actor.person_id, _clean(word)
    session.flush()


def _audit(session: Session, actor: Actor, row: SuggestionRow, deed: Deed, *, now: datetime) -> None:
    asks = row.note.question
    audit.note(session, actor, row.owner_id, deed, kind="card", thing_id=row.note_id, detail=asks, now=now)


def _clean(word: str) -> str:
    if len(word) > REASON_CHARS:
        raise InvalidInput("A reason can have %(limit)s characters. Shorten it.", limit=REASON_CHARS)
    return word.strip()


def _words(note: Note) -> tuple[str, str, tuple[str, ...], str]:
    return note.question, note.answer, note.choices, note.explanation


def _wanted(row: SuggestionRow) -> Note:
    return Note(row.note.kind, row.question, row.answer, row.choices, row.explanation)


def _said(row: NoteRow, wording: WordingRow) -> Note:
    return Note(row.kind, wording.question, wording.answer, wording.choices, wording.explanation)


def _history(session: Session, actor: Actor, row: NoteRow) -> History:
    past, became = [], value(row)
    for wording, name in wordings.of_note(session, row.id, limit=SHOWN):
        said = _said(row, wording)
        past.append(Wording(wording.id, said, became, wording.changed_at, name))
        became = said
    return History(
        note_id=row.id,
        deck_id=row.deck_id,
        deck_name=row.deck.name,
        card=value(row),
        version=row.version,
        past=past,
        can_edit=may(actor, Action.EDIT, row.owner_id),
        can_suggest=row.owner_id != actor.person_id and may(actor, Action.SUGGEST, row.owner_id),
    )


def _suggestions(found: Sequence[Suggested]) -> Sequence[Suggestion]:
    return [
        Suggestion(
            id=row.id,
            note_id=row.note_id,
            deck_id=row.deck_id,
            deck_name=row.deck_name,
            person=row.person,
            card=Note(row.kind, row.says_question, row.says_answer, row.says_choices, row.says_explanation),
            version=row.version,
            wanted=Note(row.kind, row.question, row.answer, row.choices, row.explanation),
            is_stale=row.verdict is None and row.version != row.note_version,
            reason=row.reason,
            at=row.at,
            verdict=row.verdict,
            word=row.word,
        )
        for row in found
    ]


def _reports(found: Sequence[reports.Reported]) -> Sequence[Reported]:
    return [
        Reported(
            id=row.id,
            note_id=row.note_id,
            deck_id=row.deck_id,
            card_id=row.card_id,
            question=row.question,
            person=row.person or "",
            reason=row.reason,
            text=row.text,
            at=row.at,
            is_resolved=row.resolved_at is not None,
            word=row.word,
        )
        for row in found
    ]
