"""What each kind of job does: first the long part, outside any turn to write, then what stores its result."""

from collections.abc import Callable
from dataclasses import asdict, replace
from datetime import datetime
from pathlib import Path

from quizapp import sandbox
from quizapp.clock import utcnow
from quizapp.db.engine import Database, Session
from quizapp.domain.jobs import JobKind
from quizapp.domain.permissions import Actor
from quizapp.sandbox import Progress
from quizapp.services import library, reading, transfer
from quizapp.services.jobs import Claim, Result
from quizapp.services.tasks import ToExport, ToRead
from quizapp.services.transfer import Exported
from quizapp.worker.watch import Watch

EXPORT_LIMITS = sandbox.Limits(seconds=900, memory_bytes=6 << 30)

Store = Callable[[Session, datetime], Result]
Work = Callable[[Database, Claim, Watch], Store]


def read(database: Database, held: Claim, watch: Watch) -> Store:
    """Read a document and propose cards; then store it with its drafts."""
    wanted = ToRead(**held.task.given)
    data = database.media.get(held.task.file or "")
    drafted = reading.draft_cards(data, wanted.filename, on_progress=watch.note, on_wait=watch.look_up)
    if wanted.title:
        drafted = replace(drafted, document=replace(drafted.document, title=wanted.title))

    def store(session: Session, now: datetime) -> Result:
        added = library.add_document(
            session,
            held.actor,
            reading=drafted,
            filename=wanted.filename,
            data=data,
            deck_name=wanted.deck_name or None,
            keep_ready=wanted.keep_ready,
            as_new=wanted.as_new,
            now=now,
        )
        return Result(
            {
                "document_id": added.document_id,
                "already_there": added.already_there,
                "was_in_trash": added.was_in_trash,
                "is_earlier": added.is_earlier,
                "update": asdict(added.update) if added.update else None,
            }
        )

    return store


def export(database: Database, held: Claim, watch: Watch) -> Store:
    """Pack a deck for Anki, in a child of its own, so that no page waits for it; then keep the file."""
    wanted = ToExport(**held.task.given)
    exported = sandbox.run(
        _packed,
        database.address,
        held.actor,
        wanted.deck_id,
        utcnow(),
        limits=EXPORT_LIMITS,
        on_progress=watch.note,
        on_wait=watch.look_up,
    )
    made = database.media.put(exported.data)
    told = {"filename": exported.filename, "notes": exported.notes, "problems": list(exported.problems)}
    return lambda _session, _now: Result(told, made)


KINDS: dict[JobKind, Work] = {
    JobKind.READ: read,
    JobKind.EXPORT: export,
}


def _packed(address: tuple[str, Path | None], actor: Actor, deck_id: int, now: datetime, report: Progress) -> Exported:
    """Do the work of `export`, in the child, which looks at the library and writes nothing into it."""
    database = Database(*address)
    try:
        with database.reading() as session:
            return transfer.export_deck(session, actor, deck_id, now=now, on_progress=report)
    finally:
        database.close()
