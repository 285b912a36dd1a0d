"""The command `demo`: sample documents in a library that lasts until Ctrl-C."""

import hashlib
import pickle
import shutil
import signal
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from uuid import uuid4

import click

from quizapp.cli import progress
from quizapp.cli.serving import PORT, Site, held_address, open_site
from quizapp.cli.storage import library
from quizapp.clock import utcnow
from quizapp.config import Settings, beside, cache_dir, may_fetch
from quizapp.db.engine import Session
from quizapp.domain.permissions import Actor
from quizapp.services import library as service
from quizapp.services.reading import Reading, draft_cards_of_all

# This one waits on the drafts bench, so that there is something to decide.
UNDECIDED = "interview"


@click.command()
@click.option("--port", type=click.IntRange(0, 65535), help=f"By default {PORT}, or a free one when that is taken.")
@click.option("--no-browser", is_flag=True, help="Only print the address.")
@click.pass_obj
def demo(site: Site, *, port: int | None, no_browser: bool) -> None:
    """Open a fresh library of sample documents, ready to study.

    It starts anew each time and never touches your own library.
    """
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    ports = (PORT, 0) if port is None else (port,)
    with held_address("127.0.0.1", *ports) as address, _fresh_folder() as folder:
        settings = Settings.in_folder(folder, may_fetch=may_fetch())
        fill(settings, samples())
        open_site(site, settings, address, in_browser=not no_browser)


def samples() -> Sequence[Path]:
    """Return the sample documents by name."""
    return sorted(path for path in beside("seeds").iterdir() if path.suffix in {".md", ".txt"})


def fill(settings: Settings, documents: Sequence[Path]) -> None:
    """Add the documents to a library, their ready cards kept but for the undecided one."""
    readings = _readings(documents)
    with library(settings) as (session, actor):
        put(session, actor, documents, readings, now=utcnow())


def put(
    session: Session, actor: Actor, documents: Sequence[Path], readings: Sequence[Reading], *, now: datetime
) -> None:
    """Put documents that were read into a library, as the demo has them."""
    for path, reading in zip(documents, readings, strict=True):
        service.add_document(
            session,
            actor,
            reading=reading,
            filename=path.name,
            data=path.read_bytes(),
            deck_name=None,
            keep_ready=path.stem != UNDECIDED,
            now=now,
        )


def _readings(documents: Sequence[Path]) -> Sequence[Reading]:
    """Read the samples, or take what the same program made of the same samples before."""
    kept = cache_dir() / f"samples-{_fingerprint(documents)}.pickle"
    try:
        found: Sequence[Reading] = pickle.loads(kept.read_bytes())  # noqa: S301 - our own file in the user's own folder
    except (OSError, EOFError, pickle.UnpicklingError):
        click.echo("Reading the sample documents; the next start is quicker.", err=True)
        with progress.shown() as on_progress:
            files = [(path.read_bytes(), path.name) for path in documents]
            found = draft_cards_of_all(files, on_progress=on_progress)
        _keep(kept, found)
    return found


def _keep(kept: Path, found: Sequence[Reading]) -> None:
    """Keep the readings for the next start; one that cannot is slower, not broken."""
    try:
        kept.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        for stale in kept.parent.glob("samples-*"):
            stale.unlink(missing_ok=True)
        draft = kept.with_suffix(f".{uuid4().hex}")
        draft.write_bytes(pickle.dumps(found))
        draft.replace(kept)
    except OSError:
        return


def _fingerprint(documents: Sequence[Path]) -> str:
    """Return a name for what the readings depend on: the samples, the program, the language model."""
    digest = hashlib.sha256(f"{sys.version} {version('spacy')}".encode())
    for path in (*documents, *sorted(Path(str(files("quizapp"))).rglob("*.py"))):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:16]


@contextmanager
def _fresh_folder() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="recto-demo-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
