"""Our own file: JSON that says all there is to say of a deck. `read` and `write`; docs/exchange.md describes it.

Pictures and sounds are in it, so that it is one file to keep; `learned` writes and reads what was learned.
"""

import binascii
import json
from base64 import b64decode, b64encode
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from quizapp.domain.card_media import named
from quizapp.domain.cards import CardKind, Note, Source
from quizapp.domain.incoming import Incoming, PastCard
from quizapp.domain.options import Options
from quizapp.errors import InvalidInput, NotFound
from quizapp.exchange import learned
from quizapp.exchange.cargo import Attachment, Basket, Found, Outgoing, Picture, Shown, Written
from quizapp.exchange.layout import Wishes
from quizapp.exchange.traits import Alike
from quizapp.translations import _, figure, many

FORMAT, VERSION = "recto-deck", 2
MAX_BYTES = 20 << 20  # of a file that can be read
MAX_PICTURES = 5_000  # and as many pictures and sounds that text shows
LARGEST = 2**31 - 1
PARTS = frozenset(
    {"kind", "question", "answer", "choices", "explanation", "tags", "deck", "id", "modified", "picture", "quote"}
    | {"start", "end", "page", "speaker", "heading", "columns"}
)
KINDS = {kind.value: kind for kind in CardKind}


def write(notes: Sequence[Outgoing], studied: Mapping[str, Options] | None = None) -> Written:
    """Return a deck with all that its cards say and show, and what was learned where the notes bring that.

    Pictures and sounds that would make the file too large to be read again are left out, and counted.
    """
    body: dict[str, Any] = {"format": FORMAT, "version": VERSION}
    if studied:
        body["decks"] = [{"name": name, "options": learned.options_object(one)} for name, one in studied.items()]
    body["notes"] = [_as_object(one) for one in notes]
    body["pictures"] = body["media"] = {}
    room = MAX_BYTES - len(_bytes(body))
    body["pictures"] = dict(_pictures(notes, room))
    body["media"] = dict(_media(notes, room - sum(_room(*one) for one in body["pictures"].items())))
    missing = _missing(notes, {*body["pictures"], *named(body["media"])})
    problems = (_left_out(missing),) if missing else ()
    return Written(_bytes(body), len(notes), problems)


def _missing(notes: Sequence[Outgoing], there: Collection[str]) -> int:
    """Return how many pictures and sounds the notes show that are not there, by their hashes."""
    shown = {one.picture.name for one in notes if one.picture}
    return len((shown | named(text for one in notes for text in one.note.texts)).difference(there))


def losses(_notes: Alike) -> list[str]:
    """Return what is left out of cards, which is nothing."""
    return []


def _bytes(body: Mapping[str, Any]) -> bytes:
    return (json.dumps(body, ensure_ascii=False, indent=1) + "\n").encode("utf-8", "replace")


def _pictures(notes: Sequence[Outgoing], room: int) -> Iterator[tuple[str, dict[str, str]]]:
    """Give the pictures that are there and for which there is room, by name."""
    shown: dict[str, Shown] = {one.picture.name: one.picture for one in notes if one.picture}
    for name, one in list(shown.items())[:MAX_PICTURES]:
        try:
            data = b64encode(one.data()).decode()
        except NotFound:
            continue
        entry = {"alt": one.alt, "data": data}
        room -= _room(name, entry)
        if room < 0:
            return
        yield name, entry


def _media(notes: Sequence[Outgoing], room: int) -> Iterator[tuple[str, dict[str, str]]]:
    """Give the pictures and sounds of card text that are there and for which there is room, by address."""
    shown = {one.medium.address: one for note in notes for one in note.media}
    for address, one in list(shown.items())[:MAX_PICTURES]:
        if one.medium.size > room:
            continue
        try:
            entry = {"name": one.medium.name, "data": b64encode(one.data()).decode()}
        except NotFound:
            continue
        if (size := _room(address, entry)) <= room:
            room -= size
            yield address, entry


def _room(name: str, entry: Mapping[str, str]) -> int:
    """Return how many bytes of a file an entry takes, or a few more."""
    return len(_bytes({name: entry})) + 10


def _left_out(count: int) -> str:
    return many(
        "One picture or sound is missing, or would make this file larger than %(most)s MB. "
        "Anki’s package takes all that are there.",
        "%(num)s pictures and sounds are missing, or would make this file larger than %(most)s MB. "
        "Anki’s package takes all that are there.",
        count,
        most=MAX_BYTES >> 20,
    )


def _left_in_file(count: int) -> str:
    return many(
        "One picture or sound was left out: a file brings %(most)s at most.",
        "%(num)s pictures and sounds were left out: a file brings %(most)s at most.",
        count,
        most=figure(MAX_PICTURES),
    )


def _as_object(one: Outgoing) -> dict[str, Any]:
    note, source = one.note, one.note.source
    return {
        "id": one.guid,
        "deck": one.deck,
        "kind": note.kind.value,
        "question": note.question,
        "answer": note.answer,
        "choices": note.choices,
        "explanation": note.explanation,
        "tags": note.tags,
        "source": {
            "quote": source.quote,
            "start": source.start,
            "end": source.end,
            "speaker": source.speaker,
            "heading": source.heading,
            "page": source.page,
            "columns": source.columns,
        }
        if source
        else None,
        "document": one.document_title,
        "language": one.language,
        "modified": one.modified.isoformat() if one.modified else None,
        "picture": one.picture.name if one.picture else None,
        "typed": one.typed,
        **({"cards": cards} if (cards := _cards(one)) else {}),
    }


def _cards(one: Outgoing) -> list[learned.Object]:
    told = (learned.card_object(ordinal, progress) for ordinal, progress in sorted(one.cards.items()))
    return [card for card in told if card]


def read(data: bytes, _wishes: Wishes) -> Found:
    """Return what a file of ours brings."""
    body = _body(data)
    basket = Basket()
    for number, entry in enumerate(body["notes"], 1):
        try:
            _take(entry, basket, number)
        except (KeyError, TypeError, ValueError, OverflowError) as fault:
            part = str(fault.args[0]) if fault.args and fault.args[0] in PARTS else ""
            basket.tell(_not_as_notes(number, part))
    pictures = dict(_read_pictures(body.get("pictures"), basket))
    studied = dict(_read_options(body.get("decks"), basket))
    media = dict(_read_media(body.get("media"), basket))
    return replace(basket.found(), pictures=pictures, media=media, options=studied)


def _not_as_notes(number: int, part: str) -> str:
    if part:
        return _(
            "Note %(number)s is not as the notes of this format are: see what it says as “%(part)s”.",
            number=figure(number),
            part=part,
        )
    return _("Note %(number)s is not as the notes of this format are.", number=figure(number))


def _read_pictures(given: object, basket: Basket) -> Iterator[tuple[str, Picture]]:
    for name, entry in list(given.items())[:MAX_PICTURES] if isinstance(given, dict) else ():
        try:
            yield name, Picture(b64decode(_text(entry, "data"), validate=True), _text(entry, "alt"))
        except (TypeError, ValueError, binascii.Error):
            basket.adapt(_("The picture “%(name)s” is damaged and was left out.", name=name[:80]))


def _read_media(given: object, basket: Basket) -> Iterator[tuple[str, Attachment]]:
    """Give what the notes show of the pictures and sounds, by address; whether it is that, its content says later."""
    shown = named(text for one in basket.notes for text in one.note.texts)
    theirs = [one for one in given.items() if named(one[:1]) & shown] if isinstance(given, dict) else []
    for address, entry in theirs[:MAX_PICTURES]:
        try:
            yield address, Attachment(b64decode(_text(entry, "data"), validate=True), _text(entry, "name"))
        except (TypeError, ValueError, binascii.Error):
            basket.adapt(_("The picture or sound “%(name)s” is damaged and was left out.", name=address[:80]))
    if more := theirs[MAX_PICTURES:]:
        basket.adapt(_left_in_file(len(more)))


def _read_options(given: object, basket: Basket) -> Iterator[tuple[str, Options]]:
    for entry in given if isinstance(given, list) else ():
        name = entry.get("name") if isinstance(entry, dict) else None
        if not isinstance(name, str):
            continue
        try:
            yield name, learned.options(entry["options"])
        except (KeyError, TypeError, ValueError, OverflowError, InvalidInput):
            told = _("How the deck “%(name)s” is studied could not be read, so it is studied as usual.", name=name[:80])
            basket.adapt(told)


def _body(data: bytes) -> dict[str, Any]:
    try:
        body = json.loads(data.decode("utf-8-sig"), parse_constant=_refuse)
    except json.JSONDecodeError as fault:
        raise InvalidInput(
            "This file is broken at line %(line)s, column %(column)s. Export the deck again, or mend it there.",
            line=figure(fault.lineno),
            column=figure(fault.colno),
        ) from fault
    except (UnicodeDecodeError, ValueError, RecursionError) as fault:
        raise InvalidInput("This file is damaged, or is no deck of Recto. Export the deck again.") from fault
    if not isinstance(body, dict) or body.get("format") != FORMAT or not isinstance(body.get("notes"), list):
        raise InvalidInput("This JSON is no deck of Recto. Save it as CSV in the program that made it, and try that.")
    version = body.get("version")
    if not isinstance(version, int) or version > VERSION:
        raise InvalidInput("This deck was exported by a newer version of Recto. Install that version, then import it.")
    return body


def _refuse(name: str) -> None:
    raise ValueError(name)


def _take(entry: dict[str, Any], basket: Basket, number: int) -> None:
    kind = KINDS.get(_text(entry, "kind"))
    if kind is None:
        basket.tell(_("Note %(number)s is of a kind that is not known here.", number=figure(number)))
        return
    note = Note(
        kind,
        _text(entry, "question"),
        _text(entry, "answer"),
        _texts(entry, "choices"),
        _text(entry, "explanation"),
        _source(entry.get("source")),
        _texts(entry, "tags"),
    )
    basket.take(
        Incoming(
            note,
            deck=_text(entry, "deck"),
            guid=_text(entry, "id"),
            modified=_time(entry, "modified"),
            picture=_text(entry, "picture"),
            cards=tuple(_past_cards(entry.get("cards"), basket, number)),
            typed=True if entry.get("typed") is True else None,
        )
    )


def _past_cards(given: object, basket: Basket, number: int) -> Iterator[PastCard]:
    """Give what was learned of the cards of a note; one of which that makes no sense comes in as new."""
    for entry in given if isinstance(given, list) else ():
        try:
            yield learned.past_card(entry)
        except (AttributeError, KeyError, TypeError, ValueError, OverflowError):
            told = _(
                "What was learned of note %(number)s could not be read, so it comes in as new.", number=figure(number)
            )
            basket.adapt(told)


def _source(entry: dict[str, Any] | None) -> Source | None:
    if entry is None:
        return None
    quote = _text(entry, "quote")
    start, end, page = (_number(entry, name) for name in ("start", "end", "page"))
    speaker, heading = _text(entry, "speaker") or None, _text(entry, "heading") or None
    return Source(quote, start or 0, end or 0, speaker, heading, page, _texts(entry, "columns"))


def _text(entry: dict[str, Any], name: str) -> str:
    if not isinstance(entry, dict):
        raise TypeError(name)
    value = entry.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise TypeError(name)
    return value


def _texts(entry: dict[str, Any], name: str) -> tuple[str, ...]:
    values = entry.get(name, [])
    if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
        raise TypeError(name)
    return tuple(values)


def _time(entry: dict[str, Any], name: str) -> datetime | None:
    value = _text(entry, name)
    if not value:
        return None
    found = datetime.fromisoformat(value)
    if found.tzinfo is None:
        raise ValueError(name)
    return found.astimezone(UTC)


def _number(entry: dict[str, Any], name: str) -> int | None:
    value = entry.get(name)
    if value is not None and (not isinstance(value, int) or not 0 <= value <= LARGEST):
        raise ValueError(name)
    return value
