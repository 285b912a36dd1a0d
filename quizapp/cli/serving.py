"""The command `serve`, and `open_site`, which serves a library until Ctrl-C.

The server is granian: a parent, and one worker that holds the site. Engine,
locks and threads must come to life in the worker, so nothing here keeps any.
"""

import errno
import http.client
import ipaddress
import signal
import socket
import threading
import time
import webbrowser
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from functools import partial
from wsgiref.types import WSGIApplication

import click
from granian import Granian
from granian.constants import Interfaces

from quizapp import sandbox
from quizapp.cli import daily
from quizapp.cli.commands import refuse, sentence_for
from quizapp.cli.storage import up_to_date
from quizapp.clock import utcnow
from quizapp.config import Settings, has_display, local_time_zone
from quizapp.db.engine import Database
from quizapp.errors import Conflict, InvalidInput, QuizappError, Unavailable
from quizapp.services import accounts, invitations

PORT = 8000
LOOPBACK = {"localhost": "127.0.0.1", "127.0.0.1": "127.0.0.1", "::1": "::1"}
EVERYWHERE = {"0.0.0.0", "::"}  # noqa: S104 - to be told from the others
PATIENCE_SECONDS = 30
UPGRADE_PATIENCE_SECONDS = 120  # what another server may need for a large library

Site = Callable[[Settings], WSGIApplication]


@dataclass(frozen=True)
class Address:
    """Where the site is served: an address of this machine alone, and a port that is ours."""

    host: str
    port: int

    @property
    def url(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{host}:{self.port}/"


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="An address of this machine.")
@click.option("--port", type=click.IntRange(0, 65535), default=PORT, show_default=True, help="0 takes a free one.")
@click.option("--team/--local", "team", default=None, help="Let people sign in; or nobody, on this machine alone.")
@click.pass_obj
def serve(site: Site, *, host: str, port: int, team: bool | None) -> None:
    """Open the site on your own library, for this machine alone or for people who sign in."""
    settings = Settings.from_environment()
    with held_address(host, port, team=bool(team)) as address:
        if team:
            settings = replace(settings, team=True, public_url=_public_url(settings, address))
        with up_to_date(
            settings, patience=UPGRADE_PATIENCE_SECONDS
        ) as database:  # and closed again: an engine must not reach the worker
            click.echo(f"Your library is at {database.name}")
            _welcome(database, settings, asked_for=team)
        open_site(_with_daily_work(site), settings, address, in_browser=False)


def _public_url(settings: Settings, address: Address) -> str:
    """Return the address under which people come, and warn of one that others can listen to."""
    if not settings.public_url and address.host in EVERYWHERE:
        raise InvalidInput(
            "Say under which address people open Recto, as in QUIZAPP_URL=https://recto.example.org: "
            "it answers under no other name."
        )
    url = settings.public_url or address.url.rstrip("/")
    if not url.startswith("https:") and address.host not in LOOPBACK.values():
        click.echo(
            f"Whoever can listen to your network reads what people send to {url}, passwords too. "
            "Put a proxy before Recto that speaks https, and set QUIZAPP_URL.",
            err=True,
        )
    return url


def _welcome(database: Database, settings: Settings, *, asked_for: bool | None) -> None:
    """Print the link to the first account while there is none; without passwords, open no library of people who have them."""
    with database.writing() as session:
        if settings.team:
            accounts.local_owner(session, time_zone=local_time_zone(), now=utcnow())
            first = invitations.first_link(session, now=utcnow())
        elif asked_for is None and accounts.are_there(session):
            raise Conflict(
                "People have accounts in this library. Start it with --team, so that they sign in, "
                "or with --local, so that whoever uses this machine opens it as its first owner."
            )
        else:
            return
    if first:
        click.echo(f"Nobody has an account yet. This link makes the first, once: {settings.public_url}/join/{first}")


def _with_daily_work(site: Site) -> Site:
    """Return the site with what happens every day besides, which starts in the process that serves it."""

    def made(settings: Settings) -> WSGIApplication:
        app = site(settings)
        daily.keep_up(settings)
        return app

    return made


@contextmanager
def held_address(host: str, *ports: int, team: bool = False) -> Iterator[Address]:
    """Hold the first of the ports that is free until the server has joined it; 0 is any free one."""
    number = _number(host) if team else LOOPBACK.get(host)
    if number is None:
        raise InvalidInput(
            "Without passwords Recto serves this machine alone: --host %(host)s is refused. "
            "Use 127.0.0.1, or let people sign in: --team.",
            host=host,
        )
    with _first_free(number, ports) as held:
        yield Address(number, held.getsockname()[1])


def _number(host: str) -> str:
    """Return an address of this machine in numbers."""
    try:
        return LOOPBACK.get(host) or str(ipaddress.ip_address(host))
    except ValueError:
        raise InvalidInput(
            "--host takes an address in numbers, like 192.168.1.20, or 0.0.0.0 for all of this machine: not %(host)s.",
            host=host,
        ) from None


def open_site(site: Site, settings: Settings, address: Address, *, in_browser: bool) -> None:
    """Serve the library until Ctrl-C, and say where as soon as it answers."""
    server = Granian(
        "quizapp.wsgi",
        address=address.host,
        port=address.port,
        interface=Interfaces.WSGI,
        workers=1,
        blocking_threads=400,
        workers_kill_timeout=5,
        log_enabled=False,
        websockets=False,
    )
    server.on_startup(_end_with_the_terminal)
    try:
        server.serve(target_loader=partial(_load, site, settings, address, in_browser=in_browser), wrap_loader=False)
    except SystemExit:
        # Ctrl-C reaches the worker as well; when it is gone first, granian takes that for a crash.
        if not server.interrupt_signal:
            raise


def _load(site: Site, settings: Settings, address: Address, *, in_browser: bool) -> WSGIApplication:
    """Make the site in the worker; a failure is a line, as everywhere on the command line."""
    sandbox.end_with_parent()  # a worker left alone would keep the port, out of the reach of Ctrl-C
    try:
        made = site(settings)
    except QuizappError as error:
        raise SystemExit(refuse(error.message)) from error
    except Exception as fault:  # the worker's outermost handler
        raise SystemExit(refuse(sentence_for(fault))) from fault
    url = f"{settings.public_url}/" if settings.team else address.url
    threading.Thread(target=_announce, args=(address, url), kwargs={"in_browser": in_browser}, daemon=True).start()
    return made


def _announce(address: Address, url: str, *, in_browser: bool) -> None:
    if not _answers(address):
        click.echo(f"quizapp: the site at {address.url} does not answer.", err=True)
        return
    click.echo(f"Recto is open at {url} - stop it with Ctrl-C.")
    if in_browser and has_display():
        webbrowser.open(address.url)


def _answers(address: Address) -> bool:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        connection = http.client.HTTPConnection(address.host, address.port, timeout=PATIENCE_SECONDS)
        try:
            connection.request("GET", "/healthz", headers={"Host": "localhost"})  # under which it always answers
            return connection.getresponse().status == http.client.OK
        except OSError:
            time.sleep(0.02)
        finally:
            connection.close()
    return False


def _end_with_the_terminal() -> None:
    """Stop when the terminal is closed, where granian would load again and stay, unless run by nohup."""
    signal.signal(signal.SIGHUP, signal.getsignal(signal.SIGINT))


def _first_free(number: str, ports: Sequence[int]) -> socket.socket:
    *wishes, last = ports
    for port in wishes:
        with suppress(Unavailable):
            return _held(number, port)
    return _held(number, last)


def _held(number: str, port: int) -> socket.socket:
    """Return a socket that holds the port and shares it with the server to come."""
    try:
        # One that does not share finds out whether anybody listens there, even a server of ours.
        with _socket(number) as probe:
            probe.bind((number, port))
        held = _socket(number)
        held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        held.bind((number, port))
    except OSError as error:
        raise _unavailable(port, error) from error
    return held


def _socket(number: str) -> socket.socket:
    made = socket.socket(socket.AF_INET6 if ":" in number else socket.AF_INET, socket.SOCK_STREAM)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    return made


def _unavailable(port: int, error: OSError) -> Unavailable:
    match error.errno:
        case errno.EADDRINUSE:
            return Unavailable(
                "Port %(port)s is taken by another program. Choose one with --port, or 0 for any.", port=port
            )
        case errno.EADDRNOTAVAIL:
            return Unavailable("This machine has no such address. Choose one of its own with --host.")
        case errno.EACCES:
            return Unavailable("Port %(port)s is for the system alone. Choose one above 1023 with --port.", port=port)
        case _:
            return Unavailable(
                "Port %(port)s cannot be used: %(strerror)s. Choose another with --port.",
                port=port,
                strerror=error.strerror,
            )
