"""The commands about documents: `cards` prints what one makes, `add` stores it."""

import click

from quizapp.cli import progress, readings
from quizapp.cli.printing import as_json, counted
from quizapp.cli.sources import read_source
from quizapp.cli.storage import own_library
from quizapp.clock import utcnow
from quizapp.services import library
from quizapp.services.library import AddedDocument
from quizapp.services.reading import draft_cards


@click.command()
@click.argument("source")
@click.option("--json", "in_json", is_flag=True, help="Print one JSON object, with everything.")
def cards(*, source: str, in_json: bool) -> None:
    """Print the cards that a document makes; store nothing.

    SOURCE is a path, or - for standard input.
    """
    given = read_source(source)
    with progress.shown() as on_progress:
        reading = draft_cards(given.data, given.filename, on_progress=on_progress)
    if in_json:
        click.echo(as_json(readings.as_object(reading)), nl=False)
    else:
        click.echo(readings.as_text(reading))


@click.command()
@click.argument("source")
@click.option("--deck", "deck_name", metavar="NAME", help="The deck for its cards; by default its title.")
@click.option("--review", "for_review", is_flag=True, help="Keep no card yet: decide on each one on the site.")
def add(*, source: str, deck_name: str | None, for_review: bool) -> None:
    """Read a document and put its cards into a deck.

    SOURCE is a path, or - for standard input. Cards that are surely good are kept;
    the others wait on the site with the reason.
    """
    given = read_source(source)
    with progress.shown() as on_progress:
        reading = draft_cards(given.data, given.filename, on_progress=on_progress)
    with own_library() as (session, actor):
        added = library.add_document(
            session,
            actor,
            reading=reading,
            filename=given.filename,
            data=given.data,
            deck_name=deck_name,
            keep_ready=not for_review,
            now=utcnow(),
        )
    click.echo(_told(added))
    for problem in reading.problems:
        click.echo(f"  {problem}")


def _told(added: AddedDocument) -> str:
    if added.was_in_trash:
        return f"“{added.title}” was in the trash; it is back, with its drafts as they were."
    if added.already_there:
        return f"“{added.title}” is in your library already; nothing was added."
    waiting = added.ready + added.tray
    if not added.kept and not waiting:
        return f"Added “{added.title}”, but found nothing in it that makes a good card."
    told = f"Added “{added.title}”: {counted(added.kept, 'card')} kept."
    if waiting:
        told += f" {counted(waiting, 'draft')} to decide on: run quizapp serve and open Drafts."
    return told
