"""What becomes of each note that a file brings: it is made, it updates one, or it is known already. Start from `arrive`."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import uuid4

from quizapp import hypertext, markup
from quizapp.db import decks as deck_rows
from quizapp.db import importing as rows
from quizapp.db import notes as note_rows
from quizapp.db import options as deck_options
from quizapp.db import pictures, plans
from quizapp.db.decks import DeckRow
from quizapp.db.engine import Session
from quizapp.db.importing import Fresh, ImportRunRow, ImportStepRow, Known
from quizapp.db.notes import NoteRow
from quizapp.db.pictures import StoredPicture
from quizapp.domain import deck_names, tags
from quizapp.domain.card_media import Medium
from quizapp.domain.cards import CardKind, Note, faces
from quizapp.domain.incoming import Incoming, Trouble
from quizapp.domain.options import Options
from quizapp.domain.past import has_history
from quizapp.domain.permissions import Actor
from quizapp.errors import InvalidInput
from quizapp.services import lossy
from quizapp.services import past as past_of_cards
from quizapp.services.notes import change, check, value
from quizapp.services.past import Arrived, Plans
from quizapp.services.settings import study_plan
from quizapp.translations import _

MOST_TAGS = 100
_UNSEEN = "\x1f"
Was = dict[str, Any]
Said = tuple[Sequence[str], Mapping[str, object]]  # tags, and the digests of `ImportedRow`


@dataclass(frozen=True)
class Besides:
    """What a file brings besides its notes."""

    adapted: tuple[str, ...] = ()  # what came in otherwise than it was, a sentence each
    pictures: Mapping[str, StoredPicture] = field(default_factory=dict)  # by the names that notes give
    options: Mapping[str, Options] = field(default_factory=dict)  # by the key of a deck's name
    media: tuple[Medium, ...] = ()  # what card text shows


NOTHING_BESIDES = Besides()


@dataclass
class Met:
    """What the parts of a file so far have brought, by which one that comes twice is known."""

    lines: dict[str, int | None] = field(default_factory=dict)  # of the notes, by name
    taken: set[int] = field(default_factory=set)  # notes without a name that a line of this file is


@dataclass
class Arrival:
    """A run at work, in one turn to write."""

    session: Session
    actor: Actor
    run: ImportRunRow
    into: str
    besides: Besides
    now: datetime
    met: Met
    counts: Counter[str] = field(default_factory=Counter)
    troubles: list[Trouble] = field(default_factory=list)
    made: list[int] = field(default_factory=list)  # decks
    decks_used: set[str] = field(default_factory=set)
    _decks: dict[str, DeckRow] = field(default_factory=dict)
    _how: Plans | None = None

    def _choose_options(self, deck: DeckRow) -> None:
        """Let a deck that was made be studied as where it comes from, unless the learner studies so anyway."""
        wanted, usual = self.besides.options.get(deck.name_key), study_plan(self.session, self.actor).options
        if wanted is not None and wanted != usual:
            deck_options.put(self.session, self.actor.learner_id, deck.id, wanted)
        self._how = None

    @property
    def how(self) -> Plans:
        """Return how the cards are studied, as it counts once the decks are there."""
        self._how = self._how or Plans(self.session, self.actor)
        return self._how

    def deck(self, name: str) -> DeckRow:
        """Return the deck of a note, made if it is not there."""
        wanted = (deck_names.from_other(name) if name else "") or self.into
        found = self._decks.get(deck_names.key(wanted))
        if found is None:
            found = deck_rows.named(self.session, self.actor.learner_id, wanted)
            if found is None:
                found = deck_rows.add(self.session, self.actor.learner_id, wanted, now=self.now)
                self.made.append(found.id)
                self._choose_options(found)
            self._decks[deck_names.key(wanted)] = found
        self.decks_used.add(found.name)
        return found


def meet(arrival: Arrival, incoming: Sequence[Incoming]) -> None:
    """Learn anew what some notes are that are in already, so that those after them are told from them."""
    _recognised(arrival, [one for one in map(_tidied, incoming) if _is_usable(arrival, one)])


def arrive(arrival: Arrival, incoming: Sequence[Incoming]) -> None:
    """Take in some notes of a file; one that cannot be asked is told of and left out."""
    usable = [one for one in map(_tidied, incoming) if _is_usable(arrival, one)]
    known = _recognised(arrival, usable)
    revived = rows.undone_with(arrival.session, [one.row.id for one in known.values()])
    fresh: list[tuple[Incoming, Fresh]] = []
    steps: dict[int, Was | None] = {}
    for place, old in known.items():
        usable[place] = _as_here(arrival, old, usable[place])
    for place, one in enumerate(usable):
        if (there := known.get(place)) is None:
            fresh.append((one, _fresh(arrival, one)))
        elif there.row.id in revived or (there.row.deck.deleted_at and not there.row.deleted_at):
            _revive(arrival, there.row, one)
            steps[there.row.id] = None
        elif there.row.deleted_at is not None:
            arrival.counts["in_trash"] += 1
        elif was := _update(arrival, there, one):
            steps[there.row.id] = was
    ids = rows.make(arrival.session, arrival.actor.learner_id, [one for _, one in fresh], now=arrival.now)
    arrival.met.taken.update(ids[made.guid] for one, made in fresh if not one.guid)
    _begin(arrival, fresh, ids)
    for row, added in _go_on(arrival, [(there.row, usable[place]) for place, there in known.items()]):
        steps[row.id] = _with_past(steps, row, added)
    steps |= dict.fromkeys(ids.values())
    arrival.counts["added"] += len(fresh)
    plans.settle_notes(arrival.session, list(ids.values()))
    rows.put_steps(arrival.session, arrival.run, steps)


def _as_here(arrival: Arrival, there: Known, one: Incoming) -> Incoming:
    """Return a note that says what the one that is there says with more, or in another language, as that says it."""
    here = value(there.row)
    if same := next((text for text in one.reworded if text == here.explanation), None):
        return replace(one, note=replace(one.note, explanation=same))
    if (whole := lossy.restored(one.note, here, is_named=bool(one.guid))) is None:
        return one
    arrival.counts["restored"] += 1
    return replace(one, note=replace(whole, source=one.note.source))


def _begin(arrival: Arrival, fresh: Sequence[tuple[Incoming, Fresh]], ids: Mapping[str, int]) -> None:
    """Give new cards what was learned of them."""
    there = rows.cards_of(arrival.session, [ids[made.guid] for one, made in fresh if one.cards])
    begun = [
        Arrived(there[ids[made.guid], past.ordinal], made.deck_id, made.guid, past)
        for one, made in fresh
        for past in one.cards
        if (ids[made.guid], past.ordinal) in there
    ]
    arrival.counts["reviews"] += past_of_cards.begin(arrival.session, arrival.actor, begun, arrival.how)


def _go_on(arrival: Arrival, each: Sequence[tuple[NoteRow, Incoming]]) -> Iterator[tuple[NoteRow, Was]]:
    """Add to the histories of notes what is not known of them, and give what that was."""
    living = [(row, one) for row, one in each if row.deleted_at is None and any(map(has_history, one.cards))]
    there = rows.cards_of(arrival.session, [row.id for row, _ in living])
    begun = [
        Arrived(there[row.id, past.ordinal], row.deck_id, row.guid, past)
        for row, one in living
        for past in one.cards
        if (row.id, past.ordinal) in there
    ]
    added: dict[int, Was] = {}
    notes = {card_id: note_id for (note_id, _), card_id in there.items()}
    for this in past_of_cards.with_news(arrival.session, arrival.actor, begun):
        was = added.setdefault(notes[this.card_id], {"reviews": [], "actions": []})
        for name, ids in past_of_cards.go_on(arrival.session, arrival.actor, this, arrival.how).items():
            was[name] += ids
    arrival.counts["reviews"] += sum(len(was["reviews"]) for was in added.values())
    yield from ((row, added[row.id]) for row, _ in living if any(added.get(row.id, {}).values()))


def _with_past(steps: Mapping[int, Was | None], row: NoteRow, added: Was) -> Was | None:
    """Return the step of a note with what was added to its history; one that was not there goes as a whole."""
    if row.id in steps:
        was = steps[row.id]
        return None if was is None else {**was, "past": added}
    return {"past": added}


def exchange(session: Session, actor: Actor, steps: Sequence[ImportStepRow], *, now: datetime, is_undone: bool) -> None:
    """Give the notes that a run changed what its steps hold, and let those hold what the notes said.

    So it undoes a run, and once that is undone does it again. A wording that was changed since then stays.
    """
    how = Plans(session, actor)
    for step in steps:
        row, was = note_rows.get(session, step.note_id), step.was
        if row is None or was is None:
            continue
        if "said" in was and row.version == was.get("version", row.version):
            was = was | _exchanged(session, row, was, now)
        if "past" in was and is_undone:
            was = was | {"past": past_of_cards.bring_back(session, actor, was["past"], how)}
        elif "past" in was:
            past_of_cards.take_back(session, actor, was["past"], how, now=now)
        step.was = was
        session.flush()


def _exchanged(session: Session, row: NoteRow, was: Was, now: datetime) -> Was:
    held: Was = {"tags_put": was.get("tags_off", []), "tags_off": was.get("tags_put", [])}
    if "wording" in was:
        held["wording"] = _wording_of(value(row))
        _word(session, row, was["wording"], now=now)
        held["version"] = row.version
    for name in held["tags_put"]:
        note_rows.tag(session, row.owner_id, [row.id], name)
    for name in held["tags_off"]:
        note_rows.untag(session, row.owner_id, [row.id], name)
    # Without a word of a file before, what it says now is still the best that is known.
    return {**held, "said": _put_said(session, row, was["said"]) if was["said"] else None}


def _is_usable(arrival: Arrival, one: Incoming) -> bool:
    problem = ""
    try:
        check(one.note)
    except InvalidInput as refusal:
        problem = refusal.message
    if one.guid and one.guid in arrival.met.lines:
        problem = _same_id(arrival.met.lines[one.guid])
    if problem:
        if question := _short(one.note.question):
            problem = _("“%(question)s” was left out. %(reason)s", question=question, reason=problem)
        arrival.troubles.append(Trouble(problem, one.line))
        return False
    if one.guid:
        arrival.met.lines[one.guid] = one.line
    return True


def _recognised(arrival: Arrival, incoming: Sequence[Incoming]) -> Mapping[int, Known]:
    """Return the notes that are there already, by the places of those that come in."""
    session, owner = arrival.session, arrival.actor.learner_id
    named = rows.by_guid(session, owner, [one.guid for one in incoming if one.guid])
    found = {n: named[one.guid] for n, one in enumerate(incoming) if one.guid in named}
    nameless = {n: one for n, one in enumerate(incoming) if not one.guid}
    asked = rows.by_question(session, owner, {asks(one.note) for one in nameless.values()})
    bare = {n: lossy.bare(one.note.question) for n, one in nameless.items()}
    alike = rows.alike(session, owner, {*bare.values(), *(one.note.question for one in nameless.values())})
    for is_it in (_says_the_same, _said_by_a_file):
        for n, one in nameless.items():
            if n in found:
                continue
            near = [*asked.get(asks(one.note), ()), *alike.get(one.note.question, ()), *alike.get(bare[n], ())]
            free = (known for known in near if known.row.id not in arrival.met.taken)
            if match := next((known for known in free if is_it(known, one.note)), None):
                found[n] = match
                arrival.met.taken.add(match.row.id)
    return found


def _says_the_same(known: Known, note: Note) -> bool:
    said_so = known.said is not None and not known.said.named and known.said.says == says(note)
    here = value(known.row)
    return said_so or is_same(here, note) or lossy.restored(note, here, is_named=False) is not None


def _said_by_a_file(known: Known, _note: Note) -> bool:
    return known.said is not None and not known.said.named


def _fresh(arrival: Arrival, one: Incoming) -> Fresh:
    deck = arrival.deck(one.deck)
    ordinals = [face.ordinal for face in faces(one.note)]
    return Fresh(one.guid or uuid4().hex, deck.id, one.note, ordinals, _said(one), _picture(arrival, one), one.typed)


def _picture(arrival: Arrival, one: Incoming) -> int | None:
    stored = arrival.besides.pictures.get(one.picture) if one.picture else None
    return None if stored is None else pictures.loose(arrival.session, arrival.actor.learner_id, stored)


def _revive(arrival: Arrival, row: NoteRow, one: Incoming) -> None:
    """Take a note out of the trash that went there with an undone import, or with its deck."""
    deck = arrival.deck(one.deck)
    row.deck, row.deleted_at = deck, None
    arrival.session.flush()
    if not is_same(value(row), one.note):
        _word(arrival.session, row, _wording_of(one.note), now=arrival.now)
    row.picture_id = row.picture_id or _picture(arrival, one)
    rows.say(arrival.session, row.id, row.owner_id, one.note.tags, _said(one))
    plans.settle_notes(arrival.session, [row.id])
    arrival.counts["added"] += 1


def _update(arrival: Arrival, there: Known, one: Incoming) -> Was | None:
    """Bring a note up to date, and return what it was if that changed it."""
    session, row, was = arrival.session, there.row, Was()
    arrival.decks_used.add(row.deck.name)
    if (there.said is None or there.said.says != says(one.note)) and not is_same(value(row), one.note):
        if not _may_update(there, one):
            arrival.counts["edited_here"] += 1
            return None
        was["wording"] = _wording_of(value(row))
        _word(session, row, _wording_of(one.note), now=arrival.now)
        was["version"] = row.version
    was |= _tag(session, there, one)
    before = _put_said(session, row, (one.note.tags, _said(one)))
    if was:
        was["said"] = before
    arrival.counts["updated" if was else "unchanged"] += 1
    return was or None


def _may_update(there: Known, one: Incoming) -> bool:
    """Say whether the file's word is the later one: the learner has not edited what the last file said."""
    if there.said is not None:
        return there.said.says == says(value(there.row))
    if one.modified is not None:
        return one.modified > there.row.modified
    return there.row.version == 1


def _put_said(session: Session, row: NoteRow, said: Said) -> Said | None:
    """Store what a file says of a note, its tags first, and return what was stored of it before."""
    held = session.get(rows.ImportedRow, row.id)
    before = None if held is None else (held.tags, {name: getattr(held, name) for name in ("named", "asks", "says")})
    rows.say(session, row.id, row.owner_id, *said)
    return before


def _tag(session: Session, there: Known, one: Incoming) -> Was:
    """Put on the tags that the file has got since it was last read, and take off those that it has lost."""
    wanted, before = set(one.note.tags), set(there.said.tags if there.said else ())
    if wanted == before:
        return {}
    have = set(note_rows.tags_of(session, [there.row.id]).get(there.row.id, ()))
    put, off = sorted((wanted - before) - have), sorted((before - wanted) & have)
    for name in put:
        note_rows.tag(session, there.row.owner_id, [there.row.id], name)
    for name in off:
        note_rows.untag(session, there.row.owner_id, [there.row.id], name)
    return {"tags_put": put, "tags_off": off} if put or off else {}


def _word(session: Session, row: NoteRow, wording: Mapping[str, Any], *, now: datetime) -> None:
    row.kind = CardKind(wording["kind"])
    note = Note(row.kind, wording["question"], wording["answer"], tuple(wording["choices"]), wording["explanation"])
    change(session, row, note, now=now)


def _wording_of(note: Note) -> Was:
    return {
        "kind": note.kind.value,
        "question": note.question,
        "answer": note.answer,
        "choices": list(note.choices),
        "explanation": note.explanation,
    }


def is_same(one: Note, other: Note) -> bool:
    """Say whether two notes are shown alike, however they are written."""
    return one.kind is other.kind and (one.texts == other.texts or _shown(one) == _shown(other))


def asks(note: Note) -> str:
    """Return a digest of the question, by which a note without a name is known."""
    return _digest(note.kind.value, note.question)


def says(note: Note) -> str:
    """Return a digest of all that is asked and answered."""
    return _digest(note.kind.value, *note.texts)


def _shown(note: Note) -> Sequence[str]:
    return [hypertext.looks(str(markup.to_html(text))) for text in note.texts]


def _said(one: Incoming) -> Mapping[str, object]:
    return {"named": bool(one.guid), "asks": asks(one.note), "says": says(one.note)}


def _digest(*texts: str) -> str:
    return sha256(_UNSEEN.join(texts).encode("utf-8", "surrogatepass")).hexdigest()[:32]


def _tidied(one: Incoming) -> Incoming:
    """Return the note with its tags as they are written here."""
    note = one.note
    clean = tuple(dict.fromkeys(name for tag in note.tags for name in tags.clean(tag)))[:MOST_TAGS]
    if clean == note.tags:
        return one
    return replace(one, note=replace(note, tags=clean))


def _same_id(line: int | None) -> str:
    if line:
        return _("It has the same id as the note on line %(line)s, which was taken.", line=line)
    return _("It has the same id as the note, which was taken.")


def _short(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= 60 else f"{words[:60]}…"
