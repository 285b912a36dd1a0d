"""The command `decks`."""

from collections.abc import Sequence

import click

from quizapp.cli.printing import as_json
from quizapp.cli.storage import own_library_to_read
from quizapp.clock import utcnow
from quizapp.services import decks as service
from quizapp.services.decks import DeckSummary


@click.command()
@click.option("--json", "in_json", is_flag=True, help="Print a JSON list.")
def decks(*, in_json: bool) -> None:
    """List your decks."""
    with own_library_to_read() as (session, actor):
        found = service.decks(session, actor, now=utcnow())
    if in_json:
        click.echo(as_json([deck.told() for deck in found]), nl=False)
    elif not found:
        click.echo("You have no decks yet. Add a document: quizapp add notes.md")
    else:
        click.echo("\n".join(_table(found)))


def _table(found: Sequence[DeckSummary]) -> list[str]:
    widest = max(len("Deck"), *(len(deck.name) for deck in found))
    head = f"{'Id':>4}  {'Deck':<{widest}}  {'Cards':>6}  {'Due':>5}  {'New':>5}"
    return [
        head,
        *(f"{deck.id:>4}  {deck.name:<{widest}}  {deck.cards:>6}  {deck.due:>5}  {deck.new:>5}" for deck in found),
    ]
