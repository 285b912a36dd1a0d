"""The commands `import` and `imports`: files of other programs."""

from pathlib import Path

import click

from quizapp.cli import at_once
from quizapp.cli.printing import counted
from quizapp.cli.storage import own_library, own_library_to_read
from quizapp.clock import utcnow
from quizapp.db.engine import Database
from quizapp.domain import deck_names
from quizapp.domain.incoming import Trouble
from quizapp.domain.permissions import Actor
from quizapp.errors import InvalidInput
from quizapp.services import importing
from quizapp.services.importing import Report
from quizapp.services.tasks import ToImport

TOLD = 20  # of what was left out


@click.command("import")
@click.argument("file", type=click.Path(path_type=Path), required=False)
@click.option("--deck", "deck_name", metavar="NAME", help="The deck for cards that the file puts into none.")
@click.option(
    "--undo", "undone", type=int, metavar="N", help="Take back a whole import: its number from quizapp imports."
)
@click.option("--redo", "redone", type=int, metavar="N", help="Bring back an import that was undone.")
def import_file(*, file: Path | None, deck_name: str | None, undone: int | None, redone: int | None) -> None:
    """Take in the cards of another program, with what you learned there.

    FILE is a package of Anki (.apkg, .colpkg), a table (.csv, .tsv, .txt, .xlsx),
    Markdown, GIFT, Moodle XML or JSON of Recto. The same file again updates its
    cards, and what you have edited here stays.
    """
    given = [one for one in (file, undone, redone) if one is not None]
    if len(given) != 1:
        raise click.UsageError("Name a file, or the number of one import to undo or redo.")
    with own_library() as (database, actor):
        if file is not None:
            report = _take_in(database, actor, file, deck_name)
        else:
            report = _change(database, actor, undone=undone, redone=redone)
    click.echo(told(report))


@click.command()
def imports() -> None:
    """List what you imported, and how to undo it."""
    with own_library_to_read() as (session, actor):
        runs = importing.runs(session, actor)
    if not runs:
        click.echo("You have imported nothing yet. Bring a deck from Anki: quizapp import deck.apkg")
    for run in runs:
        undone = ", undone" if run.undone else ", still coming in" if run.job_id else ""
        click.echo(f"{run.run_id:>4}  {run.at:%Y-%m-%d}  {run.source}: {_counts(run)}{undone}")


def told(report: Report) -> str:
    """Return what became of a file, for the terminal."""
    if report.undone:
        return f"Undone: “{report.source}”. Bring it back: quizapp import --redo {report.run_id}"
    lines = [f"“{report.source}”: {_counts(report)}."]
    if report.decks:
        shown = ", ".join(report.decks[:TOLD])
        lines.append(f"  In {shown}{', …' if len(report.decks) > TOLD else ''}.")
    if report.edited_here:
        lines.append(f"  {counted(report.edited_here, 'note')} edited by you: your wording stays.")
    if report.in_trash:
        lines.append(f"  {counted(report.in_trash, 'note')} that you deleted stay in the trash.")
    lines += [f"  {sentence}" for sentence in report.adapted]
    lines += [f"  {_at(one)}{one.message}" for one in report.skipped[:TOLD]]
    if report.skipped_count > TOLD:
        lines.append(f"  And {report.skipped_count - TOLD:,} more were left out.")
    if report.changed:
        lines.append(f"Undo it: quizapp import --undo {report.run_id}")
    return "\n".join(lines)


def _take_in(database: Database, actor: Actor, file: Path, deck_name: str | None) -> Report:
    if not file.is_file():
        raise InvalidInput("There is no file %(file)s. Check its name.", file=file)
    into = deck_names.clean(deck_name) if deck_name else deck_names.from_title(file.stem)
    task = ToImport(file.name, into=into).task(database.media.put_file(file))
    result = at_once.done(database, actor, task)
    with database.reading() as session:
        return importing.report(session, actor, result["run_id"])


def _change(database: Database, actor: Actor, *, undone: int | None, redone: int | None) -> Report:
    with database.writing() as session:
        if undone is not None:
            return importing.undo(session, actor, undone, now=utcnow())
        return importing.redo(session, actor, redone or 0, now=utcnow())


def _counts(report: Report) -> str:
    parts = [f"{counted(report.added, 'note')} added"]
    parts += [f"{report.updated:,} updated"] if report.updated else []
    parts += [f"{report.unchanged:,} as they were"] if report.unchanged else []
    parts += [counted(report.reviews, "review")] if report.reviews else []
    return ", ".join(parts)


def _at(trouble: Trouble) -> str:
    if trouble.line is None:
        return ""
    return f"Line {trouble.line}{f', column {trouble.column}' if trouble.column else ''}: "
