"""Decks that leave in formats other than Anki's package: what each keeps and loses, and the file."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from quizapp.db import card_media, decks, leaving, notes
from quizapp.db.decks import Named
from quizapp.db.engine import Session, media_of
from quizapp.db.leaving import Leaving
from quizapp.domain.captions import asks_of_picture
from quizapp.domain.card_media import Medium, named
from quizapp.domain.options import Options
from quizapp.domain.permissions import Actor
from quizapp.errors import InvalidInput
from quizapp.exchange import formats
from quizapp.exchange.cargo import Attached, Outgoing, Shown
from quizapp.exchange.formats import FORMATS, OWN, Format
from quizapp.exchange.traits import traits
from quizapp.media import Media
from quizapp.services import options
from quizapp.services.settings import study_plan
from quizapp.services.transfer import ALONE, Contents, Exported, exportable, filename
from quizapp.translations import figure

AT_ONCE = 5_000  # notes, on a page


@dataclass(frozen=True)
class Offer:
    """A format for a deck, and what the file would not carry."""

    format: Format
    losses: Sequence[str]


def offers(session: Session, actor: Actor, deck_id: int) -> Sequence[Offer]:
    """Return the formats that a deck can leave in; none where it is too long for a page."""
    deck = exportable(session, actor, deck_id)
    found = leaving.told(session, decks.family_ids(session, deck.id), limit=AT_ONCE + 1)
    if not 0 < len(found) <= AT_ONCE:
        return []
    alike = Counter(
        traits(one[:5], one.deck_id, is_quoted=one.is_quoted, is_pictured=one.is_pictured, is_tagged=one.is_tagged)
        for one in found
    )
    return [Offer(one, formats.losses(one, alike)) for one in FORMATS]


def export(
    session: Session,
    actor: Actor,
    deck_id: int,
    chosen: Format,
    *,
    contents: Contents = ALONE,
    at_most: int | None = AT_ONCE,
) -> tuple[Exported, Sequence[str]]:
    """Return a deck with its subdecks in a format, and what the file does not carry."""
    if contents.progress and chosen is not OWN:
        raise InvalidInput("Only files in .apkg and .json carry your progress. Choose one of them, or leave it here.")
    deck = exportable(session, actor, deck_id)
    found = _notes(session, actor, deck_id, contents=contents, at_most=at_most)
    if found is None:
        raise InvalidInput(
            "This deck has over %(at_most)s notes. Export it with quizapp export, or a subdeck of it.",
            at_most=figure(at_most or 0),
        )
    studied = _studied(session, actor, deck) if contents.progress else None
    written = formats.write(chosen, found, studied)
    exported = Exported(filename(deck.name, chosen.suffixes[0]), written.data, written.notes, written.problems)
    return exported, formats.losses(chosen, formats.alike(found))


def _notes(
    session: Session, actor: Actor, deck_id: int, *, contents: Contents = ALONE, at_most: int | None
) -> list[Outgoing] | None:
    """Return the notes of a deck and its subdecks; None for more than are wanted."""
    deck = exportable(session, actor, deck_id)
    ids = [member.id for member in decks.shown_family(session, deck)]
    if at_most is not None and notes.count_in_decks(session, ids) > at_most:
        return None
    learner_id = actor.learner_id if contents.progress else None
    files, media = media_of(session), card_media.of_owner(session, deck.owner_id)
    told = (
        _outgoing(one, files, media)
        for one in leaving.notes(session, ids, learner_id=learner_id, histories=leaving.events)
    )
    return [one if contents.source else _without_source(one) for one in told]


def _studied(session: Session, actor: Actor, deck: Named) -> Mapping[str, Options]:
    """Return how each deck is studied, by name."""
    how = study_plan(session, actor)
    shares = options.shares(session, actor, how)
    family = decks.shown_family(session, deck)
    return {one.name: options.within(how, options.share_of(shares, one.id, how)).options for one in family}


def _without_source(one: Outgoing) -> Outgoing:
    """Return a note without the text of its document, and without a picture that nothing asks about."""
    picture = one.picture if asks_of_picture(one.note.question) else None
    return replace(one, note=replace(one.note, source=None), picture=picture)


def _outgoing(one: Leaving, files: Media, media: Mapping[str, Medium]) -> Outgoing:
    shown = one.illustration
    in_text = [media[name] for name in sorted(named(one.note.texts)) if name in media]
    return Outgoing(
        one.note,
        one.deck_name,
        one.guid,
        one.modified,
        one.document_title,
        one.language,
        picture=Shown(shown.name, shown.alt, partial(files.get, shown.name)) if shown else None,
        media=tuple(Attached(medium, partial(files.get, medium.hash)) for medium in in_text),
        typed=one.typed,
        cards=one.cards,
    )
