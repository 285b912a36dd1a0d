"""The commands for a whole library: `backup`, `restore` and `check`."""

from pathlib import Path

import click

from quizapp.cli import progress
from quizapp.cli.printing import counted
from quizapp.cli.storage import up_to_date
from quizapp.clock import utcnow
from quizapp.config import Settings, beside
from quizapp.db.engine import Database
from quizapp.errors import Unavailable
from quizapp.services import backups, checking
from quizapp.services.checking import Checkup

SHOWN = 100  # faults; a broken library can have thousands


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--force", is_flag=True, help="Replace the file if it is there.")
def backup(*, file: Path, force: bool) -> None:
    """Write your whole library, documents and all, into one file.

    The site may be open meanwhile, and people may study.
    """
    with up_to_date(Settings.from_environment()) as database, progress.shown() as on_progress:
        done = backups.back_up(database, file, replace=force, now=utcnow(), on_progress=on_progress)
    rows = f"{counted(done.counts['note'], 'note')}, {counted(done.counts['review'], 'review')}"
    click.echo(f"Wrote {rows} and {counted(done.files, 'file')} to {file} ({done.size:,} bytes).")
    for problem in done.problems:
        click.echo(f"  {problem}")


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
def restore(*, file: Path) -> None:
    """Put a backup in the place of your library, which is kept aside.

    FILE is checked first. Stop the site before.
    """
    settings = Settings.from_environment()
    database = Database(settings.database_url, settings.data_dir)
    try:
        with progress.shown() as on_progress:
            done = backups.restore(
                database,
                file,
                aside=settings.data_dir / "backups",
                scripts=beside("migrations"),
                now=utcnow(),
                on_progress=on_progress,
            )
    finally:
        database.close()
    rows = f"{counted(done.counts['note'], 'note')}, {counted(done.counts['review'], 'review')}"
    click.echo(f"Restored {rows} and {counted(done.files, 'file')} from {file}, made {done.made:%Y-%m-%d %H:%M} UTC.")
    if done.aside:
        click.echo(f"The library that was there is kept in {done.aside}.")


@click.command()
def check() -> None:
    """Look for damage in your library; change nothing.

    Every table, every review and every file is read.
    """
    with up_to_date(Settings.from_environment()) as database:
        with progress.shown() as on_progress, database.reading() as session:
            found = checking.check(session, now=utcnow(), on_progress=on_progress)
        _tell(found)
        if found.faults:
            raise Unavailable(
                "%(count)s in %(name)s. Keep a copy of it as it is, then restore a backup with quizapp restore.",
                count=counted(len(found.faults), "fault"),
                name=database.name,
            )


def _tell(found: Checkup) -> None:
    for fault in found.faults[:SHOWN]:
        click.echo(fault)
    if len(found.faults) > SHOWN:
        click.echo(f"and {len(found.faults) - SHOWN:,} more.")
    if not found.faults:
        looked = (
            f"{counted(found.cards, 'card')}, {counted(found.reviews, 'review')} and {counted(found.files, 'file')}"
        )
        click.echo(f"Your library is whole: {looked} ({found.size:,} bytes of files).")
    if found.unnamed:
        click.echo(
            f"{counted(found.unnamed, 'file')} that nothing names; quizapp serve removes such files after a day."
        )
