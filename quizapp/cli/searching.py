"""The command `search`."""

from collections.abc import Mapping

import click

from quizapp import markup
from quizapp.cli.printing import as_json
from quizapp.cli.storage import own_library_to_read
from quizapp.clock import utcnow
from quizapp.services import browsing
from quizapp.services.browsing import CardLine


@click.command()
@click.argument("query")
@click.option("--json", "in_json", is_flag=True, help="Print a JSON list.")
def search(*, query: str, in_json: bool) -> None:
    """List the cards that a search finds.

    QUERY is what can be typed on the page Cards, such as "deck:Biology is:due".
    """
    with own_library_to_read() as (session, actor):
        found = browsing.all_found(session, actor, query, now=utcnow())
    if in_json:
        click.echo(as_json([_as_object(card) for card in found]), nl=False)
    else:
        for card in found:
            click.echo(f"{card.card_id:>6}  {card.deck_name}  {markup.plain(card.question)}")


def _as_object(card: CardLine) -> Mapping[str, object]:
    return {
        "id": card.card_id,
        "note_id": card.note_id,
        "deck": card.deck_name,
        "kind": card.kind.value,
        "question": card.question,
        "answer": card.answer,
        "tags": card.tags,
        "state": card.queue.value,
        "due": card.due.isoformat() if card.due else None,
        "reviews": card.reviews,
        "lapses": card.lapses,
        "stability": card.stability,
        "difficulty": card.difficulty,
        "recall": card.recall,
        "flag": card.flag,
    }
