"""Files of other programs: looked at before they are stored, by `look`, and then stored by `store`."""

from dataclasses import dataclass
from datetime import datetime

from quizapp import sandbox
from quizapp.db.engine import Session
from quizapp.domain.permissions import Actor
from quizapp.errors import InvalidInput
from quizapp.exchange import formats
from quizapp.exchange.cargo import Found
from quizapp.exchange.formats import Format
from quizapp.exchange.layout import Wishes
from quizapp.sandbox import Progress
from quizapp.services import importing
from quizapp.services.arriving import Besides
from quizapp.services.importing import Report
from quizapp.translations import _

LIMITS = sandbox.Limits(seconds=120)


@dataclass(frozen=True)
class Look:
    """What a file would bring."""

    format: Format
    found: Found


def look(data: bytes, filename: str, wishes: Wishes, *, on_progress: Progress | None = None) -> Look:
    """Read a file in a child of its own, and store nothing."""
    chosen, found = sandbox.run(_read, data, filename, wishes, limits=LIMITS, on_progress=on_progress)
    return Look(chosen, found)


def store(session: Session, actor: Actor, look: Look, *, filename: str, into: str, now: datetime) -> Report:
    """Store what a file brings, known notes as changes; a file without a card is refused with what was wrong."""
    found = look.found
    if not found.notes:
        first = next((f" {one.message}" for one in found.troubles), "")
        raise InvalidInput("There is no card in this file.%(first)s", first=first)
    besides = Besides(adapted=found.adapted)
    return importing.store(
        session, actor, [*found.notes, *found.troubles], source=filename, into=into, besides=besides, now=now
    )


def _read(data: bytes, filename: str, wishes: Wishes, report: Progress) -> tuple[Format, Found]:
    report(0.0, _("Reading the file"))
    return formats.read(data, filename, wishes)
