"""The table of commands, and `main`, which turns every failure into one line and an exit status."""

import os
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from importlib import import_module
from io import TextIOWrapper
from wsgiref.types import WSGIApplication

import click

from quizapp import __version__, log
from quizapp.config import Settings
from quizapp.errors import QuizappError

DONE, AT_FAULT, INTERRUPTED = 0, 1, 130

# The module and the function of each command, and the line that the list of commands shows.
COMMANDS: dict[str, tuple[str, str, str]] = {
    "demo": ("quizapp.cli.demo", "demo", "Open a fresh library of sample documents, ready to study."),
    "serve": ("quizapp.cli.serving", "serve", "Open the site on your own library."),
    "cards": ("quizapp.cli.library", "cards", "Print the cards that a document makes; store nothing."),
    "add": ("quizapp.cli.library", "add", "Read a document and put its cards into a deck."),
    "documents": ("quizapp.cli.documents", "documents", "List your documents, and how much of each has cards."),
    "versions": (
        "quizapp.cli.versions",
        "versions",
        "List the versions of a document, go back to one, or keep two documents apart.",
    ),
    "decks": ("quizapp.cli.decks", "decks", "List your decks."),
    "search": ("quizapp.cli.searching", "search", "List the cards that a search finds."),
    "export": (
        "quizapp.cli.transfer",
        "export",
        "Write a deck as a package that Anki imports, or as a file of another program.",
    ),
    "import": (
        "quizapp.cli.importing",
        "import_file",
        "Take in the cards of another program, with what you learned there.",
    ),
    "imports": ("quizapp.cli.importing", "imports", "List what you imported, and how to undo it."),
    "people": ("quizapp.cli.people", "people", "List who has an account on your server."),
    "invite": (
        "quizapp.cli.people",
        "invite",
        "Print a link by which one person makes an account, within 7 days.",
    ),
    "reset-password": (
        "quizapp.cli.people",
        "reset_password",
        "Print a link by which a person chooses another password, within a day.",
    ),
    "worker": ("quizapp.cli.working", "worker", "Do what people ask for on the site, beside it."),
    "backup": ("quizapp.cli.backups", "backup", "Write your whole library, documents and all, into one file."),
    "restore": ("quizapp.cli.backups", "restore", "Put a backup in the place of your library, which is kept aside."),
    "check": ("quizapp.cli.backups", "check", "Look for damage in your library; change nothing."),
}


class Commands(click.Group):
    """The commands by name, each imported when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module, function, _ = COMMANDS[cmd_name]
        command: click.Command = getattr(import_module(module), function)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, _, line) in COMMANDS.items()])


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="quizapp", message="Recto (quizapp) %(version)s")
def quizapp() -> None:
    """Recto turns documents into cards that know their page, and helps you remember them.

    Your library lives in the user's data folder, or in QUIZAPP_DATA_DIR.
    """


def main(arguments: Sequence[str], *, site: Callable[[Settings], WSGIApplication]) -> int:
    """Run one command and return its exit status; `site` makes what `serve` and `demo` serve."""
    _print_on_any_terminal()
    try:
        _run(arguments, site)
        sys.stdout.flush()
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except QuizappError as error:
        return refuse(error.message)
    except (click.Abort, KeyboardInterrupt):
        return INTERRUPTED
    except BrokenPipeError:
        return _reader_has_enough()
    except OSError as error:
        return refuse(f"{error.filename or 'The output'} cannot be used: {error.strerror or error}.")
    except Exception as fault:  # noqa: BLE001 - the outermost handler: a person gets a sentence, the log the rest
        return refuse(sentence_for(fault))
    return DONE


def _run(arguments: Sequence[str], site: Callable[[Settings], WSGIApplication]) -> None:
    # Click's own `main` would take a closed pipe for a failure.
    with (
        suppress(click.exceptions.Exit),  # how --help and --version end
        quizapp.make_context("quizapp", list(arguments), obj=site) as context,
    ):
        quizapp.invoke(context)


def refuse(sentence: str) -> int:
    """Say in one line on stderr what went wrong, and return the exit status for it."""
    _drop_output_that_cannot_be_written()
    click.echo(f"quizapp: {' '.join(sentence.split())}", err=True)
    return AT_FAULT


def sentence_for(fault: Exception) -> str:
    """Log the way to an unexpected fault, and return what to tell the person."""
    kind = f"{type(fault).__name__}: {fault}"
    try:
        place = Settings.from_environment().log
    except QuizappError:
        return f"Something went wrong inside Recto ({kind}). Please report this line."
    place = log.keep(place)
    log.LOGGER.error("unexpected fault in a command or in daily work", exc_info=fault)
    where = f"in {place}" if place else "above"
    return f"Something went wrong inside Recto ({kind}). The details are {where}; please report them."


def _print_on_any_terminal() -> None:
    """Print where there is nowhere to print to, and show ? on a terminal that knows few characters."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:  # closed by whoever started us
            setattr(sys, name, os.fdopen(os.open(os.devnull, os.O_RDWR), mode, encoding="utf-8"))
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")


def _reader_has_enough() -> int:
    # `quizapp cards x.txt | head` is a fine thing to do and no fault of anybody.
    _drop_output_that_cannot_be_written()
    return DONE


def _drop_output_that_cannot_be_written() -> None:
    """Keep the interpreter from trying the lost output again, with a traceback, when it ends."""
    try:
        sys.stdout.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
