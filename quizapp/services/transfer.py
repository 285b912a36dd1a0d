"""Decks that leave for other programs."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from quizapp.anki import export
from quizapp.anki.export import AnkiDeck, AnkiNote
from quizapp.anki.progress import Study, Way
from quizapp.db import card_media, decks, follows, leaving, notes
from quizapp.db.decks import Named
from quizapp.db.engine import Session, media_of
from quizapp.db.leaving import Leaving
from quizapp.domain.audit import Deed
from quizapp.domain.permissions import Action, Actor, own
from quizapp.sandbox import Progress
from quizapp.services import audit, jobs, options
from quizapp.services.access import allowed
from quizapp.services.settings import study_plan
from quizapp.services.tasks import ToExport
from quizapp.translations import _, marked

LONG = 2_000  # notes; packing more takes over a second or so, too long for a page
ANKIS_TURN_HOUR = 4
NEEDED_IN_ANKI = marked(
    "When importing, tick “Import any learning progress” and “Import any deck presets”, and turn FSRS on in the options of "
    "a deck: Anki schedules with it for all decks or for none."
)
LEFT_BEHIND = (
    marked("Cards that Anki has already keep the schedule that they have there."),
    marked("What you answered today does not count towards the limits of today in Anki."),
    marked(
        "A card that you said you know after having answered it counts as Easy whenever Anki works memory out anew."
    ),
    marked(
        "Other wordings that you accept, practice, reports, quizzes with their results, and dates of exams stay in Recto."
    ),
)


@dataclass(frozen=True)
class Contents:
    """What goes along with the cards of a deck."""

    progress: bool = False  # schedules, reviews, flags, and how the decks are studied
    source: bool = True  # quotes, the headings above them, and pictures that nothing asks about


ALONE = Contents()


@dataclass(frozen=True)
class Exported:
    """A file to hand out."""

    filename: str
    data: bytes
    notes: int
    problems: tuple[str, ...]  # notes that were left out, as sentences


@dataclass(frozen=True)
class Outlook:
    """What exporting a deck with the learner's progress comes to, told before."""

    deck_id: int
    deck_name: str
    is_long: bool  # packing it takes too long for a page
    needed: Sequence[str]  # to be done in Anki
    left_behind: Sequence[str]


def outlook(session: Session, actor: Actor, deck_id: int) -> Outlook:
    """Say what goes along to Anki only half, or not at all."""
    deck = exportable(session, actor, deck_id)
    ids = [member.id for member in decks.shown_family(session, deck)]
    needed = _needed(study_plan(session, actor).days.turn_hour)
    return Outlook(
        deck.id, deck.name, notes.count_in_decks(session, ids) > LONG, needed, [_(one) for one in LEFT_BEHIND]
    )


def export_deck(
    session: Session,
    actor: Actor,
    deck_id: int,
    *,
    now: datetime,
    contents: Contents = ALONE,
    on_progress: Progress | None = None,
) -> Exported:
    """Return a deck with its subdecks as an Anki package."""
    deck = exportable(session, actor, deck_id)
    family = decks.shown_family(session, deck)
    ids = [member.id for member in family]
    study, found = None, leaving.notes(session, ids)
    if contents.progress:
        study = _study(session, actor, family)
        order = study.ways[deck.name].options.new_order
        found = leaving.notes(session, ids, learner_id=actor.person_id, order=order)
    anki_deck = AnkiDeck(
        deck.name,
        map(anki_note, found),
        notes.count_in_decks(session, ids),
        media_of(session).get,
        study=study,
        media=card_media.of_owner(session, deck.owner_id),
        with_source=contents.source,
    )
    package = export.write(anki_deck, now=now, on_progress=on_progress)
    return Exported(filename(deck.name, ".apkg"), package.data, package.notes, package.problems)


def is_noted(session: Session, actor: Actor, deck_id: int) -> bool:
    """Say whether exports of the deck are noted: it is a team's."""
    return exportable(session, actor, deck_id).owner_id != actor.person_id


def note_export(session: Session, actor: Actor, deck_id: int, *, now: datetime) -> None:
    """Note in the log of a team that its deck was taken out."""
    deck = exportable(session, actor, deck_id)
    audit.note_of(session, actor, deck, Deed.EXPORTED, kind="deck", detail=deck.name, now=now)


def ask_export(session: Session, actor: Actor, deck_id: int, *, contents: Contents = ALONE, now: datetime) -> int:
    """Ask a worker for the package of a deck, and return the job."""
    deck = exportable(session, actor, deck_id)
    note_export(session, actor, deck_id, now=now)
    task = ToExport(deck_id, with_progress=contents.progress, with_source=contents.source).task(deck.name)
    return jobs.ask(session, actor, task, now=now)


def anki_note(note: Leaving) -> AnkiNote:
    """Return a note as it goes to Anki."""
    return AnkiNote(
        note.guid,
        note.note,
        note.deck_name,
        note.modified,
        note.document_title,
        link=note.document_address or "",
        language=note.language,
        picture=note.illustration,
        created=note.created,
        typed=note.typed,
        cards=note.cards,
    )


def _study(session: Session, actor: Actor, family: Sequence[Named]) -> Study:
    """Return how the actor studies these decks."""
    how = study_plan(session, actor)
    shares = options.shares(session, own(actor), how)
    names = {row.id: row.name for row in follows.studied(session, actor.person_id)}
    ways = {}
    for member in family:
        share = options.share_of(shares, member.id, how)
        plan = options.within(how, share)
        chosen_for = None if share.chosen_for is None else names[share.chosen_for]
        ways[member.name] = Way(plan.options, plan.preset, chosen_for)
    return Study(how.days, ways, how.week)


def _needed(turn_hour: int) -> Sequence[str]:
    if turn_hour == ANKIS_TURN_HOUR:
        return (_(NEEDED_IN_ANKI),)
    turn = _(
        "Your day turns at %(hour)s. Let Anki’s turn then too: Preferences, Review, Next day starts at.",
        hour=f"{turn_hour:02}:00",
    )
    return (_(NEEDED_IN_ANKI), turn)


def exportable(session: Session, actor: Actor, deck_id: int) -> Named:
    """Return a deck that the actor may take elsewhere."""
    return allowed(decks.shown(session, deck_id), actor, Action.EXPORT, thing="deck")


def filename(deck_name: str, suffix: str) -> str:
    """Return a name that every system can store a file under."""
    return (re.sub(r"[^\w.-]+", "-", deck_name).strip("-._")[:100] or "deck") + suffix
