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
from quizapp.services import decks, transfer
from quizapp.services.decks import DeckSummary


@click.command()
@click.argument("deck")
@click.argument("file", type=click.Path(path_type=Path))
def export(*, deck: str, file: Path) -> None:
    """Write a deck as a package that Anki imports.

    DECK is a name or a number from `quizapp decks`; FILE ends in .apkg. Exporting
    again later updates the same notes in Anki.
    """
    if file.suffix.lower() != ".apkg":
        raise InvalidInput(
            "Anki opens packages by their ending: name the file %(value)s.", value=file.with_suffix(".apkg")
        )
    if not file.parent.is_dir():
        raise InvalidInput("There is no folder %(parent)s. Make it first, or choose another.", parent=file.parent)
    with own_library_to_read() as (session, actor), progress.shown(after_seconds=1) as on_progress:
        now = utcnow()
        chosen = named(decks.decks(session, actor, now=now), deck)
        exported = transfer.export_deck(session, actor, chosen.id, now=now, on_progress=on_progress)
    write_whole(file, exported.data)
    click.echo(f"Wrote {counted(exported.notes, 'note')} of “{chosen.name}” to {file}.")
    for problem in exported.problems:
        click.echo(f"  {problem}")


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
