"""Files of other programs: looked at before they are stored, by `look`; then `store` stores a small one, a job others."""

from dataclasses import dataclass, replace
from datetime import datetime

from quizapp import sandbox
from quizapp.db.engine import Session, media_of
from quizapp.domain.incoming import Incoming, Trouble
from quizapp.domain.permissions import Actor
from quizapp.domain.queues import ONE_DAY
from quizapp.errors import InvalidInput
from quizapp.exchange import formats
from quizapp.exchange.cargo import Found
from quizapp.exchange.formats import Format
from quizapp.exchange.layout import Wishes
from quizapp.media import Media
from quizapp.sandbox import Progress, Wait
from quizapp.services import importing, incoming_files
from quizapp.services.importing import Report
from quizapp.services.incoming_files import Cargo
from quizapp.translations import _, figure

LIMITS = sandbox.Limits(seconds=120)
AT_ONCE = 1_000  # notes, which are stored in a third of a second


@dataclass(frozen=True)
class Look:
    """What a file would bring."""

    format: Format
    found: Found


def look(
    data: bytes, filename: str, wishes: Wishes, *, on_progress: Progress | None = None, on_wait: Wait | None = None
) -> Look:
    """Read a file in a child of its own, and store nothing."""
    given = (data, filename, wishes)
    chosen, found = sandbox.run(_read, *given, limits=LIMITS, on_progress=on_progress, on_wait=on_wait)
    return Look(chosen, found)


def is_small(look: Look) -> bool:
    """Say whether what a file brings is stored sooner than a page could show how far that is."""
    return len(look.found.notes) <= AT_ONCE


def cargo(look: Look, media: Media, *, now: datetime) -> Cargo:
    """Return what a file brings, to be stored by parts; a file without a card is refused with what was wrong."""
    found = look.found
    if not found.notes:
        first = next((f" {_placed(one)}" for one in found.troubles), "")
        raise InvalidInput("There is no card in this file.%(first)s", first=first)
    everything: list[Incoming | Trouble] = [*found.troubles, *(_until(one, now + ONE_DAY) for one in found.notes)]
    parts = [everything[start : start + AT_ONCE] for start in range(0, len(everything), AT_ONCE)]
    return Cargo(incoming_files.besides(found, media), len(parts), lambda number: parts[number])


def store(session: Session, actor: Actor, look: Look, *, filename: str, into: str, now: datetime) -> Report:
    """Store what a small file brings, known notes as changes."""
    brought = cargo(look, media_of(session), now=now)
    incoming = [one for number in range(len(brought)) for one in brought.part(number)]
    return importing.store(session, actor, incoming, source=filename, into=into, besides=brought.besides, now=now)


def _placed(one: Trouble) -> str:
    if one.line is None:
        return one.message
    place = {"line": figure(one.line), "message": one.message}
    if one.column is None:
        return _("Line %(line)s: %(message)s", **place)
    return _("Line %(line)s, column %(column)s: %(message)s", column=figure(one.column), **place)


def _until(one: Incoming, latest: datetime) -> Incoming:
    """Return a note without what it says was learned of it later than that: a clock was wrong."""
    if all(past.at <= latest for card in one.cards for past in card.events):
        return one
    return replace(one, cards=tuple(replace(card, events=(), memory=None) for card in one.cards))


def _read(data: bytes, filename: str, wishes: Wishes, report: Progress) -> tuple[Format, Found]:
    report(0.0, _("Reading the file"))
    return formats.read(data, filename, wishes)
