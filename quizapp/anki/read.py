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
from urllib.parse import unquote

from quizapp.anki import learned, ours, presets, rendering, stored
from quizapp.anki.learned import Calendar
from quizapp.anki.package import Package
from quizapp.anki.rendering import Side
from quizapp.anki.stored import CardTemplate, Collection, Config, NoteType, StoredCard, StoredNote
from quizapp.domain import cloze
from quizapp.domain.captions import asks_of_picture
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
OCCLUSION = "image-occlusion"
LONGEST_NAME = 60
_IMAGE = re.compile(r"<img\b(?:[^>\"']|\"[^\"]*\"|'[^']*')*>", re.IGNORECASE)
_SOURCE = re.compile(r"\bsrc\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s>\"']+))", re.IGNORECASE)
_ALT = re.compile(r"\balt\s*=\s*(?:\"([^\"]*)\"|'([^']*)')", re.IGNORECASE)
_SOUND = re.compile(
    r"\[sound:[^\]]*\]|\[anki:(?:play|tts)[^\]]*\](?:.*?\[/anki:tts\])?|<(audio|video)\b.*?</\1>", re.DOTALL
)
_UNSEEN = re.compile(r"<(script|style)\b.*?</\1\s*>", re.DOTALL | re.IGNORECASE)
_RULE = re.compile(r"<hr\b[^>]*\bid\s*=\s*[\"']?answer[\"']?[^>]*>", re.IGNORECASE)
_GAP_ENDS = re.compile(r"\{\{c(\d+)((?:,\d+)*)::|\}\}")


@dataclass(frozen=True)
class _Text:
    """HTML without what cards show besides it."""

    html: str
    pictures: tuple[tuple[str, str], ...]  # names and texts in their place
    sounds: int


@dataclass
class _Reading:
    """A package at work."""

    collection: Collection
    calendar: Calendar
    adapted: Counter[str] = field(default_factory=Counter)
    alts: dict[str, str] = field(default_factory=dict)  # of the pictures that are shown, by name


def read(file: Path, folder: Path, days: Days, now: datetime, report: Progress, keep: Keep | None = None) -> Brought:
    """Read a package; its pictures are written into the folder, its notes given to `keep` if there is one."""
    report(0.0, _("Unpacking the package"))
    package = Package(file)
    database = folder / "collection"
    package.collection(database)
    collection = stored.read(database)
    database.unlink()
    reading = _Reading(collection, Calendar.of(collection, days, now))
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
    return Brought(tuple(incoming), tuple(_told(reading.adapted)), pictures, studied)


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
    elif note_type.is_cloze and any(OCCLUSION in value for value in note.fields):
        raise InvalidInput("It covers parts of a picture, which Recto cannot ask yet.")
    elif note_type.is_cloze:
        yield _cloze(reading, note, note_type, values, cards)
    else:
        for card in cards:
            if card.ordinal < len(note_type.templates):
                yield _card(reading, note, note_type, values, card)


def _ours(
    reading: _Reading, note: StoredNote, name: str, values: Mapping[str, str], cards: Sequence[StoredCard]
) -> Incoming:
    clean: dict[str, str] = dict(values)
    shown: list[tuple[str, str]] = []
    for field_name in ("Question", "Text", "Explanation"):
        if field_name in values:
            text = _parted(values[field_name])
            clean[field_name] = text.html
            shown += text.pictures
    made = ours.note(name, clean, note.tags)
    first = 1 if made.kind is CardKind.CLOZE else 0
    return _incoming(reading, note, made, cards, shown[:1], first=first)


def _cloze(
    reading: _Reading, note: StoredNote, note_type: NoteType, values: Mapping[str, str], cards: Sequence[StoredCard]
) -> Incoming:
    template = note_type.templates[0]
    fields = {**values, **_special(reading, note, note_type, template, cards[0])}
    front = _parted(
        rendering.render(rendering.parse(template.front), Side(is_back=False, fields=fields, is_cloze=True))
    )
    around = _parted(
        rendering.render(rendering.parse(template.front), Side(is_back=True, fields=fields, is_cloze=True))
    )
    back = _parted(rendering.render(rendering.parse(template.back), Side(is_back=True, fields=fields, is_cloze=True)))
    flat = _flattened(front.html)
    if flat != front.html:
        reading.adapted["gaps"] += 1
    question = _with_picture(card_text(flat), front)
    more = back.html.replace(around.html.strip(), "", 1) if around.html.strip() else back.html
    explanation = card_text(_RULE.sub("", more))
    shown = _shown(reading, front, back)
    typed = rendering.asks_to_type(rendering.parse(template.front))
    made = Note(CardKind.CLOZE, question, explanation=explanation, tags=note.tags)
    return _incoming(reading, note, made, cards, shown, first=1, typed=typed or None)


def _card(
    reading: _Reading, note: StoredNote, note_type: NoteType, values: Mapping[str, str], card: StoredCard
) -> Incoming | Trouble:
    """Return the note that one card of a note becomes."""
    template = note_type.templates[card.ordinal]
    fields = {**values, **_special(reading, note, note_type, template, card)}
    nodes = rendering.parse(template.front)
    front = _parted(rendering.render(nodes, Side(is_back=False, fields=fields)))
    back = _parted(rendering.render(rendering.parse(template.back), Side(is_back=True, fields=fields)))
    question, answer = card_text(front.html), card_text(_answer(front.html, back.html))
    if front.pictures:
        question = _with_picture(question or "What does this picture show?", front)
    new = [picture for picture in back.pictures if picture not in front.pictures]
    if not answer and new and not front.pictures:
        answer = "See the picture."
    if not question or not answer:
        return Trouble(_left_out(note, _lack(front, back, has_question=bool(question))))
    made = Note(CardKind.BASIC, question, answer, tags=note.tags)
    typed = rendering.asks_to_type(nodes) or None
    shown = _shown(reading, front, back)
    name = note.guid if card.ordinal == 0 else f"{note.guid}/{card.ordinal + 1}"
    return _incoming(reading, note, made, [card], shown, guid=name, typed=typed)


def _lack(front: _Text, back: _Text, *, has_question: bool) -> str:
    if has_question:
        if back.sounds:
            return _("Its answer is only a sound, which Recto does not play yet.")
        if back.pictures:
            return _("Its answer is only a picture, and Recto shows one picture on a card.")
        return _("Its answer is empty.")
    if front.sounds:
        return _("Its question is only a sound, which Recto does not play yet.")
    if front.pictures:
        return _("Its question is only a picture, and Recto shows one picture on a card.")
    return _("Its question is empty.")


def _incoming(
    reading: _Reading,
    note: StoredNote,
    made: Note,
    cards: Sequence[StoredCard],
    shown: Sequence[tuple[str, str]],
    *,
    first: int | None = None,
    guid: str = "",
    typed: bool | None = None,
) -> Incoming:
    """Return a note with what was learned of its cards; `first` is the ordinal of the first of several."""
    past = tuple(_past(reading, card, 0 if first is None else card.ordinal + first) for card in cards)
    deck = reading.collection.decks.get(cards[0].original_deck_id or cards[0].deck_id, "")
    modified = datetime.fromtimestamp(min(max(note.modified, 0), 10**10), UTC)
    for name, alt in shown:
        reading.alts.setdefault(name, alt)
    return Incoming(
        made,
        deck,
        guid or note.guid,
        modified=modified,
        picture=shown[0][0] if shown else "",
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


def _parted(html: str) -> _Text:
    """Take pictures, sounds and what is not seen out of HTML."""
    html = _UNSEEN.sub("", html)
    html, sounds = _SOUND.subn("", html)
    pictures = tuple(filter(None, map(_picture, _IMAGE.findall(html))))
    return _Text(_IMAGE.sub("", html), pictures, sounds)


def _picture(tag: str) -> tuple[str, str] | None:
    source, alt = _SOURCE.search(tag), _ALT.search(tag)
    if source is None:
        return None
    name = unquote(unescape(next(filter(None, source.groups()), "")))
    told = unescape(next(filter(None, alt.groups()), "")) if alt else ""
    return name, told.strip()


def _shown(reading: _Reading, front: _Text, back: _Text) -> Sequence[tuple[str, str]]:
    """Return the one picture of a card, and count what is not shown."""
    found = list(dict.fromkeys((*front.pictures, *back.pictures)))
    reading.adapted["pictures"] += len(found) > 1
    reading.adapted["sounds"] += bool(front.sounds or back.sounds)
    return found[:1]


def _with_picture(question: str, front: _Text) -> str:
    """Let a question that has a picture speak of it, or the picture would be shown with the answer."""
    return question if not front.pictures or asks_of_picture(question) else f"{question}\n\n(See the picture.)"


def _answer(front: str, back: str) -> str:
    """Return what the back shows besides the front."""
    before, rule, after = back, "", ""
    if found := _RULE.search(back):
        before, rule, after = back[: found.start()], found[0], back[found.end() :]
    rest = before.replace(front.strip(), "", 1) if front.strip() else before
    return f"{rest}<div>{after}</div>" if rule else rest


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
    words = " ".join(unescape(re.sub(r"<[^>]*>", " ", _parted(note.fields[0]).html)).split())
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
    "pictures": forms(
        "One card has several pictures: it shows the first.",
        "%(num)s cards have several pictures: they show the first.",
    ),
    "sounds": forms(
        "One card has sounds, which Recto does not play yet; its words came in.",
        "%(num)s cards have sounds, which Recto does not play yet; their words came in.",
    ),
    "practice": forms(
        "One answer in a filtered deck that leaves schedules alone was left out.",
        "%(num)s answers in filtered decks that leave schedules alone were left out.",
    ),
}
