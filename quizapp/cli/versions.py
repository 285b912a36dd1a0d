"""The command `versions`: what a document was, the way back, and documents that are kept apart."""

from collections.abc import Sequence

import click

from quizapp.cli.printing import counted
from quizapp.cli.storage import own_library
from quizapp.clock import utcnow
from quizapp.db.engine import Database, Session
from quizapp.domain.permissions import Actor
from quizapp.errors import InvalidInput, NotFound
from quizapp.services import library, parting
from quizapp.services import versions as service
from quizapp.services.library import DocumentSummary
from quizapp.services.versions import History


@click.command()
@click.argument("document")
@click.option("--current", metavar="N", type=int, help="Make version N current again.")
@click.option("--keep-both", is_flag=True, help="Make the latest version a document of its own.")
@click.option("--join", is_flag=True, help="Make it a version of the document that it was, or looks like.")
def versions(*, document: str, current: int | None, keep_both: bool, join: bool) -> None:
    """List the versions of a document, go back to one, or keep two documents apart.

    DOCUMENT is a title or a number from `quizapp documents`. Cards keep their schedules
    and edits, whatever you do here.
    """
    if sum((current is not None, keep_both, join)) > 1:
        raise click.UsageError("--current, --keep-both and --join are three different things. Choose one.")
    with own_library() as (database, actor):
        with database.reading() as session:
            chosen = named(library.documents(session, actor), document)
        if current is not None:
            click.echo(_made_current(database, actor, chosen, current))
        elif keep_both:
            click.echo(_kept_both(database, actor, chosen))
        elif join:
            click.echo(_joined(database, actor, chosen))
        else:
            with database.reading() as session:
                click.echo("\n".join(_listed(session, actor, chosen.id)))


def named(found: Sequence[DocumentSummary], wanted: str) -> DocumentSummary:
    """Return the document with that number, or else the only one with that title, in any case."""
    by_number = [one for one in found if str(one.id) == wanted]
    if matches := by_number or [one for one in found if one.title.casefold() == wanted.casefold()]:
        if len(matches) > 1:
            numbers = ", ".join(str(one.id) for one in matches)
            raise InvalidInput(
                "%(count)s documents are called “%(wanted)s”: say which by its number (%(numbers)s).",
                count=len(matches),
                wanted=wanted,
                numbers=numbers,
            )
        return matches[0]
    raise NotFound("You have no document “%(wanted)s”. Run quizapp documents to see their names.", wanted=wanted)


def _listed(session: Session, actor: Actor, document_id: int) -> Sequence[str]:
    history = service.history(session, actor, document_id)
    file = max(len("File"), *(len(one.filename) for one in history.versions))
    lines = [
        f"“{history.title}” has {counted(len(history.versions), 'version')}.",
        f"   {'Version':>7}  {'Added':<10}  {'File':<{file}}  {'Words':>6}",
    ]
    for one in history.versions:
        mark, same = "*" if one.is_current else " ", f"  the text of version {one.same_as}" if one.same_as else ""
        lines.append(
            f" {mark} {one.number:>7}  {one.added.date()}  {one.filename:<{file}}  {one.words:>6}{same}".rstrip()
        )
    return [*lines, *_ways(session, actor, history)]


def _ways(session: Session, actor: Actor, history: History) -> Sequence[str]:
    """Say what can be done."""
    this = f"quizapp versions {history.document_id}"
    asked = parting.family(session, actor, history.document_id).may_replace
    ways = []
    if asked:
        ways.append(f"It looks like a new version of “{asked.title}” ({asked.document_id}): {this} --join")
        ways.append(f"It is another document: {this} --keep-both")
    if len(history.versions) > 1:
        ways.append(f"Go back to one: {this} --current N")
    if history.can_part:
        ways.append(f"The latest is another document: {this} --keep-both")
    return ways


def _made_current(database: Database, actor: Actor, chosen: DocumentSummary, number: int) -> str:
    with database.writing() as session:
        made = service.make_current(session, actor, chosen.id, number, now=utcnow())
    return (
        f"“{chosen.title}” has the text of version {number} again, as version {made}. "
        f"Undo it: quizapp versions {chosen.id} --current {made - 1}"
    )


def _kept_both(database: Database, actor: Actor, chosen: DocumentSummary) -> str:
    with database.writing() as session:
        asked = parting.family(session, actor, chosen.id).may_replace
        if asked:
            parting.settle(session, actor, chosen.id, now=utcnow())
            return f"Both are kept. Decide on the cards of “{chosen.title}”: run quizapp serve and open Drafts."
        number = service.history(session, actor, chosen.id).number
        parted = parting.keep_both(session, actor, chosen.id, number=number, now=utcnow())
    return (
        f"Both are kept. “{parted.title}” ({parted.document_id}) is a document of its own, with "
        f"{counted(parted.cards, 'card')} and {counted(parted.drafts, 'draft')} to decide on; “{parted.former_title}” "
        f"({parted.former_id}) is at version {parted.number} again. "
        f"Undo it: quizapp versions {parted.document_id} --join"
    )


def _joined(database: Database, actor: Actor, chosen: DocumentSummary) -> str:
    with database.writing() as session:
        joined = parting.join(session, actor, chosen.id, now=utcnow())
    return (
        f"“{joined.title}” ({joined.document_id}) is at version {joined.number} now. "
        f"Undo it: quizapp versions {joined.document_id} --keep-both"
    )
