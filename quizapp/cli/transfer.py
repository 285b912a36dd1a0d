"""The command `export`."""

from collections.abc import Sequence
from pathlib import Path
from uuid import uuid4

import click

from quizapp.cli import progress
from quizapp.cli.printing import counted
from quizapp.cli.storage import own_library_to_read
from quizapp.clock import utcnow
from quizapp.errors import InvalidInput, NotFound, Unavailable
from quizapp.exchange import formats
from quizapp.exchange.formats import Format
from quizapp.services import decks, leaving, transfer
from quizapp.services.decks import DeckSummary
from quizapp.services.transfer import Contents


@click.command()
@click.argument("deck")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--with-progress", is_flag=True, help="Take your schedule, reviews, flags and options along.")
@click.option("--without-source", is_flag=True, help="Leave out quotes and headings; the document is still named.")
def export(*, deck: str, file: Path, with_progress: bool, without_source: bool) -> None:
    """Write a deck as a package that Anki imports, or as a file of another program.

    DECK is a name or a number from `quizapp decks`; FILE ends in .apkg for Anki, where
    exporting again later updates the same notes, or in .csv, .tsv, .txt, .md, .gift,
    .xml, .xlsx or .json. What such a file does not carry is said.
    """
    contents = Contents(progress=with_progress, source=not without_source)
    chosen_format = formats.for_file(file.name)
    if file.suffix.lower() != ".apkg" and chosen_format is None:
        endings = ", ".join(one.suffixes[0] for one in formats.FORMATS)
        raise InvalidInput(
            "The ending says what is written: .apkg for Anki, or %(endings)s. Name the file so.", endings=endings
        )
    if not file.parent.is_dir():
        raise InvalidInput("There is no folder %(parent)s. Make it first, or choose another.", parent=file.parent)
    if chosen_format:
        _export_as(chosen_format, deck, file, contents)
        return
    with own_library_to_read() as (session, actor), progress.shown(after_seconds=1) as on_progress:
        now = utcnow()
        chosen = named(decks.decks(session, actor, now=now), deck)
        outlook = transfer.outlook(session, actor, chosen.id)
        exported = transfer.export_deck(session, actor, chosen.id, contents=contents, now=now, on_progress=on_progress)
    write_whole(file, exported.data)
    click.echo(f"Wrote {counted(exported.notes, 'note')} of “{chosen.name}” to {file}.")
    for told in (*exported.problems, *((*outlook.needed, *outlook.left_behind) if with_progress else ())):
        click.echo(f"  {told}")


def _export_as(chosen_format: Format, deck: str, file: Path, contents: Contents) -> None:
    """Write a deck in another format, and say what the file does not carry."""
    with own_library_to_read() as (session, actor):
        chosen = named(decks.decks(session, actor, now=utcnow()), deck)
        exported, losses = leaving.export(session, actor, chosen.id, chosen_format, contents=contents, at_most=None)
    write_whole(file, exported.data)
    click.echo(f"Wrote {counted(exported.notes, 'note')} of “{chosen.name}” to {file}.")
    for told in (*losses, *exported.problems):
        click.echo(f"  {told}")


def named(found: Sequence[DeckSummary], wanted: str) -> DeckSummary:
    """Return the deck with that name, in any case, or else with that id."""
    for test in (
        lambda deck: deck.name == wanted,
        lambda deck: deck.name.casefold() == wanted.casefold(),
        lambda deck: str(deck.id) == wanted,
    ):
        if match := next(filter(test, found), None):
            return match
    if not found:
        raise NotFound("You have no decks yet. Add a document first: quizapp add notes.md")
    raise NotFound("You have no deck “%(wanted)s”. Run quizapp decks to see their names.", wanted=wanted)


def write_whole(file: Path, data: bytes) -> None:
    """Write the file in one step, so that a full disk leaves what was there before."""
    draft = file.with_name(f".{file.name}.{uuid4().hex[:8]}")
    try:
        draft.write_bytes(data)
        draft.replace(file)
    except OSError as error:
        raise Unavailable(
            "%(file)s cannot be written: %(strerror)s. Choose another place.", file=file, strerror=error.strerror
        ) from error
    finally:
        draft.unlink(missing_ok=True)
