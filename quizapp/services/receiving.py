"""Files of other programs: looked at before they are stored, by `look`; then `store` stores a small one, a job others."""

from dataclasses import dataclass
from datetime import datetime

from quizapp import sandbox
from quizapp.db.engine import Session
from quizapp.domain.incoming import Incoming, Trouble
from quizapp.domain.permissions import Actor
from quizapp.errors import InvalidInput
from quizapp.exchange import formats
from quizapp.exchange.cargo import Found
from quizapp.exchange.formats import Format
from quizapp.exchange.layout import Wishes
from quizapp.sandbox import Progress, Wait
from quizapp.services import importing
from quizapp.services.arriving import Besides
from quizapp.services.importing import Report
from quizapp.services.incoming_files import Cargo
from quizapp.translations import _

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


def cargo(look: Look) -> Cargo:
    """Return what a file brings, to be stored by parts; a file without a card is refused with what was wrong."""
    found = look.found
    if not found.notes:
        first = next((f" {one.message}" for one in found.troubles), "")
        raise InvalidInput("There is no card in this file.%(first)s", first=first)
    everything: list[Incoming | Trouble] = [*found.troubles, *found.notes]
    parts = [everything[start : start + AT_ONCE] for start in range(0, len(everything), AT_ONCE)]
    return Cargo(Besides(adapted=found.adapted), len(parts), lambda number: parts[number])


def store(session: Session, actor: Actor, look: Look, *, filename: str, into: str, now: datetime) -> Report:
    """Store what a small file brings, known notes as changes."""
    brought = cargo(look)
    incoming = [one for number in range(len(brought)) for one in brought.part(number)]
    return importing.store(session, actor, incoming, source=filename, into=into, besides=brought.besides, now=now)


def _read(data: bytes, filename: str, wishes: Wishes, report: Progress) -> tuple[Format, Found]:
    report(0.0, _("Reading the file"))
    return formats.read(data, filename, wishes)
