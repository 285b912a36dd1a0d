"""The command `documents`."""

from collections.abc import Sequence

import click

from quizapp.cli.printing import as_json
from quizapp.cli.storage import own_library_to_read
from quizapp.services import library
from quizapp.services.library import DocumentSummary


@click.command()
@click.option("--json", "in_json", is_flag=True, help="Print a JSON list.")
def documents(*, in_json: bool) -> None:
    """List your documents, and how much of each has cards."""
    with own_library_to_read() as (session, actor):
        found = library.documents(session, actor)
    if in_json:
        click.echo(as_json([_as_object(document) for document in found]), nl=False)
    elif not found:
        click.echo("You have no documents yet. Add one: quizapp add notes.md")
    else:
        click.echo("\n".join(_table(found)))


def _table(found: Sequence[DocumentSummary]) -> list[str]:
    title = max(len("Document"), *(len(document.title) for document in found))
    file = max(len("File"), *(len(document.filename) for document in found))
    return [
        f"{'Id':>4}  {'Document':<{title}}  {'File':<{file}}  {'Cards':>6}  {'Covered':>7}",
        *(
            f"{one.id:>4}  {one.title:<{title}}  {one.filename:<{file}}  {one.kept:>6}  {one.coverage.percent:>6}%"
            for one in found
        ),
    ]


def _as_object(document: DocumentSummary) -> dict[str, object]:
    return {
        "id": document.id,
        "title": document.title,
        "filename": document.filename,
        "language": document.language,
        "words": document.words,
        "added": document.added.isoformat(),
        "tags": document.tags,
        "decks": document.decks,
        "kept": document.kept,
        "ready": document.ready_waiting,
        "tray": document.tray,
        "rejected": document.rejected,
        "passages": document.coverage.passages,
        "passages_with_cards": len(document.coverage.covered),
        "percent": document.coverage.percent,
    }
