"""Our own file: JSON that says all there is to say of a deck's cards. `read` and `write`; docs/exchange.md describes it."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from quizapp.domain.cards import CardKind, Note, Source
from quizapp.errors import InvalidInput
from quizapp.exchange.cargo import Basket, Found, Outgoing, Written, losses_common
from quizapp.exchange.layout import Wishes
from quizapp.translations import _, figure

FORMAT, VERSION = "recto-deck", 1
LARGEST = 2**31 - 1
KINDS = {kind.value: kind for kind in CardKind}


def write(notes: Sequence[Outgoing]) -> Written:
    """Return a deck with all that its cards say."""
    body = {"format": FORMAT, "version": VERSION, "notes": [_as_object(one) for one in notes]}
    return Written((json.dumps(body, ensure_ascii=False, indent=1) + "\n").encode("utf-8", "replace"), len(notes))


def losses(notes: Sequence[Outgoing]) -> list[str]:
    """Return what is left out: what hangs on the library rather than on the card."""
    return losses_common(notes, without=("pictures",))


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
    }


def read(data: bytes, _wishes: Wishes) -> Found:
    """Return the notes of a file of ours."""
    body = _body(data)
    basket = Basket()
    for number, entry in enumerate(body["notes"], 1):
        try:
            _take(entry, basket, number)
        except (KeyError, TypeError, ValueError):
            basket.tell(_("Note %(number)s is not as the notes of this format are.", number=figure(number)))
    return basket.found()


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
    basket.take(note, deck=_text(entry, "deck"), guid=_text(entry, "id"), modified=_time(entry, "modified"))


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
