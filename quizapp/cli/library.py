"""The commands about documents: `cards` prints what one makes, `add` stores it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import click

from quizapp.cli import at_once, progress, readings, revised
from quizapp.cli.printing import as_json, counted
from quizapp.cli.sources import Given, read_source
from quizapp.cli.storage import own_library
from quizapp.db.engine import Database
from quizapp.domain.permissions import Actor
from quizapp.errors import InvalidInput, QuizappError
from quizapp.fetch.places import is_url
from quizapp.sandbox import Progress
from quizapp.services import changes, library
from quizapp.services.jobs import Task
from quizapp.services.library import DocumentView
from quizapp.services.reading import draft_cards, unpacked
from quizapp.services.tasks import ToRead, batch_of


@click.command()
@click.argument("source")
@click.option("--json", "in_json", is_flag=True, help="Print one JSON object, with everything.")
def cards(*, source: str, in_json: bool) -> None:
    """Print the cards that a document makes; store nothing.

    SOURCE is a path, the address of a page, or - for standard input.
    """
    with progress.shown() as on_progress:
        given, problems = _only_one(source, on_progress)
        reading = draft_cards(given.data, given.filename, on_progress=on_progress)
    reading = replace(reading, problems=(*problems, *reading.problems))
    if in_json:
        click.echo(as_json(readings.as_object(reading)), nl=False)
    else:
        click.echo(readings.as_text(reading))


@click.command()
@click.argument("source")
@click.option("--deck", "deck_name", metavar="NAME", help="The deck for its cards; by default its title.")
@click.option("--review", "for_review", is_flag=True, help="Keep no card yet: decide on each one on the site.")
@click.option("--new", "as_new", is_flag=True, help="Add it as a document of its own, even if it looks like another.")
def add(*, source: str, deck_name: str | None, for_review: bool, as_new: bool) -> None:
    """Read a document and put its cards into a deck.

    SOURCE is a path, the address of a page, or - for standard input; a zip archive of
    several documents is added one by one. Cards that are surely good are kept; the
    others wait on the site with the reason. A document that is in the library is brought
    up to date; its cards keep their schedules and edits.
    """
    with progress.shown() as tell:
        documents, problems = _all(source, tell)
    wanted = ToRead(deck_name=deck_name or "", keep_ready=not for_review, as_new=as_new)
    if len(documents) > 1:
        wanted = replace(wanted, batch=batch_of(one.data for one in documents))
    tasks = [(_task(wanted, one), one) for one in documents]
    with own_library() as (database, actor):
        if len(tasks) == 1:
            _add(database, actor, *tasks[0])
        else:
            _add_each(database, actor, tasks, source)
    for problem in problems:
        click.echo(f"  {problem}")


def _all(source: str, tell: Progress | None) -> tuple[Sequence[Given], Sequence[str]]:
    """Return the documents of a source, several in an archive, and what was left there."""
    if tell and is_url(source):
        tell(0.0, "Fetching the page")
    given = read_source(source)
    bundle = unpacked(given.data, given.filename)
    if bundle is None:
        return [given], ()
    return [Given(one.data, one.filename, given.url) for one in bundle.documents], bundle.problems


def _only_one(source: str, tell: Progress | None) -> tuple[Given, Sequence[str]]:
    documents, problems = _all(source, tell)
    if len(documents) > 1:
        raise InvalidInput(
            "%(source)s holds %(count)s documents, and this prints the cards of one. Unpack it and name one of them, or give it to quizapp add.",
            source=source,
            count=len(documents),
        )
    return documents[0], problems


def _task(wanted: ToRead, given: Given) -> Task:
    return replace(wanted, filename=given.filename, url=given.url).task(given.data)


def _add_each(database: Database, actor: Actor, tasks: Sequence[tuple[Task, Given]], source: str) -> None:
    """Add documents one after another; one that cannot be read does not keep the others out."""
    added = 0
    for task, given in tasks:
        try:
            _add(database, actor, task, given)
            added += 1
        except QuizappError as refusal:
            click.echo(f"Not added: “{given.filename}”. {refusal.message}")
    if not added:
        raise InvalidInput(
            "None of the %(count)s documents in %(source)s could be added.", count=len(tasks), source=source
        )
    click.echo(f"{added} of {counted(len(tasks), 'document')} in {source} read.")


def _add(database: Database, actor: Actor, task: Task, given: Given) -> None:
    """Add one document and say what became of it."""
    result = at_once.done(database, actor, task, data=given.data)
    with database.reading() as session:
        document = library.document(session, actor, result["document_id"])
        changed = changes.changes(session, actor, document.id) if result["update"] else None
    click.echo(revised.as_text(changed, result["update"]) if changed else _told(document, result))
    for problem in document.problems:
        click.echo(f"  {problem}")


def _told(document: DocumentView, result: Mapping[str, Any]) -> str:
    if result["was_in_trash"]:
        return f"“{document.title}” was in the trash; it is back, with its drafts as they were."
    if earlier := result["earlier"]:
        return (
            f"This is version {earlier} of “{document.title}”, which has a later one; nothing was changed. Go back to it: "
            f"quizapp versions {document.id} --current {earlier}. Add it as a document of its own: --new"
        )
    if result["already_there"]:
        return f"“{document.title}” is in your library already; nothing was added."
    waiting = document.ready_waiting + document.tray
    if result["resembles"]:
        this = f"quizapp versions {document.id}"
        return (
            f"“{document.title}” looks like a new version of a document that you have ({result['resembles']}), or is "
            f"another of its kind. It was added for itself; {counted(waiting, 'draft')} to decide on, none kept yet.\n"
            f"A new version: {this} --join\nAnother document: {this} --keep-both"
        )
    if not document.kept and not waiting:
        return f"Added “{document.title}”, but found nothing in it that makes a good card."
    told = f"Added “{document.title}”: {counted(document.kept, 'card')} kept."
    if waiting:
        told += f" {counted(waiting, 'draft')} to decide on: run quizapp serve and open Drafts."
    return told
