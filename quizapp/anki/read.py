"""Anki's packages to notes of ours, with what was learned of them: `read` takes any that Anki writes.

A note of Anki's whose cards ask by templates becomes a note for each card, since each has a schedule and a deck of
its own; the gaps of a cloze stay together. Run it in a sandbox: nobody vouches for the bytes.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from html import unescape
from pathlib import Path

from quizapp.anki import covers, learned, ours, presets, rendering, stored
from quizapp.anki.learned import Calendar
from quizapp.anki.media import Arriving
from quizapp.anki.package import Package
from quizapp.anki.rendering import Side
from quizapp.anki.stored import CardTemplate, Collection, Config, NoteType, StoredCard, StoredNote
from quizapp.domain import cloze, occlusion
from quizapp.domain.cards import CardKind, Note
from quizapp.domain.incoming import Brought, Incoming, Keep, PastCard, PictureFile, Trouble
from quizapp.domain.queues import Days
from quizapp.errors import InvalidInput
from quizapp.hypertext import card_text
from quizapp.sandbox import Progress
from quizapp.translations import _, forms, many

MOST_PICTURE = 5 << 20  # bytes: Recto shows none that is larger
MOST_PICTURES = 20_000
MOST_PICTURE_BYTES = 1 << 30  # of all together
REPORTED_NOTES = 500
SHARE_OF_UNPACKING = 0.2  # of the time
LONGEST_NAME = 60
_ILLUSTRATION = re.compile(
    r'<div><img src="(?P<name>recto-[0-9a-f]{32}\.\w{3,4})" alt="(?P<alt>[^"]*)" width="\d+" height="\d+"></div>\s*$'
)
_UNSEEN = re.compile(r"<(script|style|button)\b.*?</\1\s*>", re.DOTALL | re.IGNORECASE)
_PLAYED = re.compile(r"\[sound:[^\]]*\]")
_RULE = re.compile(r"<hr\b[^>]*\bid\s*=\s*[\"']?answer[\"']?[^>]*>", re.IGNORECASE)
_WRITTEN = frozenset(
    {"Question", "Text", "Answer", "Choices", "Items", "Explanation"}
)  # fields of ours that people write
_GAP_ENDS = re.compile(r"\{\{c(\d+)((?:,\d+)*)::|\}\}")


@dataclass
class _Reading:
    """A package at work."""

    collection: Collection
    calendar: Calendar
    media: Arriving
    adapted: Counter[str] = field(default_factory=Counter)
    alts: dict[str, str] = field(default_factory=dict)  # of the pictures that notes are illustrated with, by name


def read(file: Path, folder: Path, days: Days, now: datetime, report: Progress, keep: Keep | None = None) -> Brought:
    """Read a package; its pictures and sounds are written into the folder, its notes given to `keep` if there is one."""
    report(0.0, _("Unpacking the package"))
    package = Package(file)
    database = folder / "collection"
    package.collection(database)
    collection = stored.read(database)
    database.unlink()
    reading = _Reading(collection, Calendar.of(collection, days, now), Arriving(package, folder))
    studied = {collection.decks[deck]: presets.options(one) for deck, one in collection.configs.items()}
    incoming: list[Incoming | Trouble] = []
    keep = keep or (lambda these, _studied: incoming.extend(these))
    notes = sorted(collection.notes, key=lambda note: _place(collection.cards.get(note.id, ())))
    for number, note in enumerate(notes):
        if number % REPORTED_NOTES == 0:
            share = SHARE_OF_UNPACKING + (1 - SHARE_OF_UNPACKING) * number / len(notes)
            report(share, _("Reading the notes"))
        keep(list(_note(reading, note)), studied)
    pictures = dict(_pictures(package, reading, folder))
    package.close()
    reading.adapted["media"] += reading.media.missing
    told = (*_told(reading.adapted), *presets.left_there(_in_use(collection)))
    return Brought(tuple(incoming), told, pictures, reading.media.media, studied)


def _in_use(collection: Collection) -> Iterator[Config]:
    """Give the presets of the decks that have cards."""
    decks = {card.original_deck_id or card.deck_id for cards in collection.cards.values() for card in cards}
    return (config for deck, config in sorted(collection.configs.items()) if deck in decks)


def _place(cards: Sequence[StoredCard]) -> int:
    """Return where a note stands among the new ones; those that were seen come first."""
    return min((card.due for card in cards if card.type == learned.NEW), default=-1)


def _note(reading: _Reading, note: StoredNote) -> Iterator[Incoming | Trouble]:
    note_type, cards = reading.collection.types.get(note.type_id), reading.collection.cards.get(note.id, ())
    if note_type is None or not cards:
        yield Trouble(
            _("%(note)s has no cards, so Anki does not ask it either.", note=_called(note))
            if note_type
            else _("%(note)s has no note type, so Anki does not ask it either.", note=_called(note))
        )
        return
    try:
        yield from _read_note(reading, note, note_type, cards)
    except InvalidInput as refusal:
        yield Trouble(_left_out(note, refusal.message))


def _read_note(
    reading: _Reading, note: StoredNote, note_type: NoteType, cards: Sequence[StoredCard]
) -> Iterator[Incoming | Trouble]:
    values = dict(zip(note_type.fields, note.fields, strict=False))
    if (name := ours.name(note_type)) is not None:
        yield _ours(reading, note, name, values, cards)
    elif note_type.is_cloze:
        yield _cloze(reading, note, note_type, values, cards)
    else:
        for card in cards:
            if card.ordinal < len(note_type.templates):
                yield _card(reading, note, note_type, values, card)


def _ours(
    reading: _Reading, note: StoredNote, name: str, values: Mapping[str, str], cards: Sequence[StoredCard]
) -> Incoming:
    clean, shown = dict(values), ""
    for part in _WRITTEN & values.keys():
        if illustration := _ILLUSTRATION.search(clean[part]):
            shown = illustration["name"]
            reading.alts.setdefault(shown, unescape(illustration["alt"]))
            clean[part] = clean[part][: illustration.start()]
        clean[part] = _seen(reading, clean[part])
    made = ours.note(name, clean, note.tags)
    first = 1 if made.kind is CardKind.CLOZE else 0
    return _incoming(reading, note, made, cards, first=first, picture=shown)


def _cloze(
    reading: _Reading, note: StoredNote, note_type: NoteType, values: Mapping[str, str], cards: Sequence[StoredCard]
) -> Incoming:
    template = note_type.templates[0]
    fields = {**values, **_special(reading, note, note_type, template, cards[0])}
    nodes = rendering.parse(template.front)
    front = _seen(reading, rendering.render(nodes, Side(is_back=False, fields=fields, is_cloze=True)))
    around = _seen(reading, rendering.render(nodes, Side(is_back=True, fields=fields, is_cloze=True)))
    back = _seen(
        reading, rendering.render(rendering.parse(template.back), Side(is_back=True, fields=fields, is_cloze=True))
    )
    more = back.replace(around.strip(), "", 1) if around.strip() else back
    explanation = card_text(_RULE.sub("", more))
    if occlusion.is_in(front):
        question = covers.question(front)
    else:
        flat = _flattened(front)
        reading.adapted["gaps"] += flat != front
        question = card_text(flat)
    made = Note(CardKind.CLOZE, question, explanation=explanation, tags=note.tags)
    return _incoming(reading, note, made, cards, first=1, typed=rendering.asks_to_type(nodes) or None)


def _card(
    reading: _Reading, note: StoredNote, note_type: NoteType, values: Mapping[str, str], card: StoredCard
) -> Incoming | Trouble:
    """Return the note that one card of a note becomes."""
    template = note_type.templates[card.ordinal]
    fields = {**values, **_special(reading, note, note_type, template, card)}
    nodes = rendering.parse(template.front)
    front = _seen(reading, rendering.render(nodes, Side(is_back=False, fields=fields)))
    back = _seen(reading, rendering.render(rendering.parse(template.back), Side(is_back=True, fields=fields)))
    question, answer = card_text(front), card_text(_answer(front, back))
    if not question or not answer:
        return Trouble(_left_out(note, _("Its answer is empty.") if question else _("Its question is empty.")))
    made = Note(CardKind.BASIC, question, answer, tags=note.tags)
    typed = rendering.asks_to_type(nodes) or None
    name = note.guid if card.ordinal == 0 else f"{note.guid}/{card.ordinal + 1}"
    return _incoming(reading, note, made, [card], guid=name, typed=typed)


def _incoming(
    reading: _Reading,
    note: StoredNote,
    made: Note,
    cards: Sequence[StoredCard],
    *,
    picture: str = "",
    first: int | None = None,
    guid: str = "",
    typed: bool | None = None,
) -> Incoming:
    """Return a note with what was learned of its cards; `first` is the ordinal of the first of several."""
    past = tuple(_past(reading, card, 0 if first is None else card.ordinal + first) for card in cards)
    deck = reading.collection.decks.get(cards[0].original_deck_id or cards[0].deck_id, "")
    modified = datetime.fromtimestamp(min(max(note.modified, 0), 10**10), UTC)
    return Incoming(
        made,
        deck,
        guid or note.guid,
        modified=modified,
        picture=picture,
        cards=tuple(one for one in past if one.reviews or one.memory or one.suspended or one.flag),
        typed=typed,
    )


def _past(reading: _Reading, card: StoredCard, ordinal: int) -> PastCard:
    collection = reading.collection
    log = collection.reviews.of(card.id)
    reading.adapted["practice"] += sum(map(learned.is_practice, log))
    config = collection.configs.get(card.original_deck_id or card.deck_id) or Config("")
    return learned.past_card(card, log, config, reading.calendar, ordinal)


def _special(
    reading: _Reading, note: StoredNote, note_type: NoteType, template: CardTemplate, card: StoredCard
) -> Mapping[str, str]:
    deck = reading.collection.decks.get(card.original_deck_id or card.deck_id, "")
    return rendering.special(tags=note.tags, note_type=note_type.name, deck=deck, card=template.name)


def _seen(reading: _Reading, html: str) -> str:
    """Return HTML with its pictures and sounds as card text has them, without what is not seen and what needs scripts."""
    return reading.media.html(_UNSEEN.sub("", html))


def _answer(front: str, back: str) -> str:
    """Return what the back shows besides the front."""
    before, rule, after = back, "", ""
    if found := _RULE.search(back):
        before, rule, after = back[: found.start()], found[0], back[found.end() :]
    rest = before.replace(front.strip(), "", 1) if front.strip() else before
    if not rule:
        return rest
    rest, after = rest.strip(), after.strip()  # blanks between blocks, for which plain words would be read as HTML
    return after if not rest and "<" not in after else f"{rest}<div>{after}</div>"


def _flattened(html: str) -> str:
    """Return a cloze text without gaps in gaps, and with one number for each gap."""
    depth, end, pieces = 0, 0, []
    for found in _GAP_ENDS.finditer(html):
        pieces.append(html[end : found.start()])
        end = found.end()
        if found[1]:
            depth += 1
            pieces.append(f"{{{{c{found[1]}::" if depth == 1 else "")
        else:
            pieces.append(found[0] if depth <= 1 else "")
            depth = max(0, depth - 1)
    return "".join((*pieces, html[end:]))


def _left_out(note: StoredNote, reason: str) -> str:
    return _("%(note)s was left out. %(reason)s", note=_called(note), reason=reason)


def _called(note: StoredNote) -> str:
    words = " ".join(unescape(re.sub(r"<[^>]*>", " ", _PLAYED.sub("", note.fields[0]))).split())
    words = cloze.MARK.sub(cloze.GAP, words)
    if not words:
        return _("Note %(number)s", number=note.id)
    return _("“%(question)s”", question=f"{words[:LONGEST_NAME]}{'…' if len(words) > LONGEST_NAME else ''}")


def _pictures(package: Package, reading: _Reading, folder: Path) -> Iterator[tuple[str, PictureFile]]:
    """Unpack the pictures that cards show; whether they can be shown is looked at later."""
    room = MOST_PICTURE_BYTES
    for number, (name, alt) in enumerate(reading.alts.items()):
        data = package.medium(name, most=MOST_PICTURE) if number < MOST_PICTURES else b""
        file = f"picture-{number}" if 0 < len(data) <= room else ""
        if file:
            room -= len(data)
            (folder / file).write_bytes(data)
        yield name, PictureFile(file, alt or Path(name).stem[:200])


def _told(counts: Mapping[str, int]) -> Iterator[str]:
    for name, count in counts.items():
        if count:
            yield many(*_SENTENCES[name], count)


_SENTENCES = {
    "gaps": forms(
        "One cloze has gaps inside gaps, or gaps with two numbers: only the outer one and the first number is asked.",
        "%(num)s clozes have gaps inside gaps, or gaps with two numbers: only the outer one and the first number is asked.",
    ),
    "media": forms(
        "One picture or sound is missing in the file, too large, or of a kind that Recto does not show; its name stands in its place.",
        "%(num)s pictures and sounds are missing in the file, too large, or of a kind that Recto does not show; their names stand in their place.",
    ),
    "practice": forms(
        "One answer in a filtered deck that leaves schedules alone was left out.",
        "%(num)s answers in filtered decks that leave schedules alone were left out.",
    ),
}
