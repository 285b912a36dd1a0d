"""The commands about people, for whoever has the files of a library: `people`, `invite`, `reset-password`."""

from collections.abc import Sequence

import click

from quizapp.cli.storage import up_to_date
from quizapp.clock import utcnow
from quizapp.config import Settings
from quizapp.db.sign_ins import Person
from quizapp.services import accounts, invitations, resets

USUAL_URL = "http://127.0.0.1:8000"


@click.command()
def people() -> None:
    """List who has an account on your server."""
    with up_to_date(Settings.from_environment()) as database, database.reading() as session:
        found = accounts.everybody(session)
    if not found:
        click.echo("Nobody has an account. Start quizapp serve --team and open the link that it prints.")
    else:
        click.echo("\n".join(_table(found)))


@click.command()
@click.option("--email", metavar="EMAIL", default="", help="Only whoever has this address can use the link.")
def invite(*, email: str) -> None:
    """Print a link by which one person makes an account, within 7 days."""
    settings = Settings.from_environment()
    with up_to_date(settings) as database, database.writing() as session:
        token = invitations.invite_from_console(session, email=email, now=utcnow())
    _print(settings, f"/join/{token}")


@click.command()
@click.argument("email")
def reset_password(*, email: str) -> None:
    """Print a link by which a person chooses another password, within a day."""
    settings = Settings.from_environment()
    with up_to_date(settings) as database, database.writing() as session:
        token = resets.link_for(session, email, now=utcnow())
    _print(settings, f"/reset/{token}")


def _print(settings: Settings, path: str) -> None:
    click.echo((settings.public_url or USUAL_URL) + path)
    if not settings.public_url:
        click.echo("QUIZAPP_URL does not say where people open Recto; put that address before the path.", err=True)


def _table(found: Sequence[Person]) -> list[str]:
    name = max(len("Name"), *(len(person.name) for person in found))
    email = max(len("E-mail"), *(len(person.email) for person in found))
    return [
        f"{'Id':>4}  {'Name':<{name}}  {'E-mail':<{email}}  {'Since':<10}  {'Last here':<10}",
        *(
            f"{one.id:>4}  {one.name:<{name}}  {one.email:<{email}}  {one.created:%Y-%m-%d}  {_last(one):<10}  {_state(one)}".rstrip()
            for one in found
        ),
    ]


def _last(person: Person) -> str:
    return f"{person.last_seen:%Y-%m-%d}" if person.last_seen else "never"


def _state(person: Person) -> str:
    return (
        "deleted"
        if person.deleted_at
        else "closed"
        if person.closed_at
        else "administers"
        if person.administers
        else ""
    )
