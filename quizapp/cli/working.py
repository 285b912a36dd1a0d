"""The command `worker`."""

import signal
import time
from contextlib import suppress

import click

from quizapp.cli.printing import counted
from quizapp.cli.storage import up_to_date
from quizapp.config import Settings
from quizapp.db.copies import occupy
from quizapp.services import fetching, mailing
from quizapp.worker import Worker

LOOK_UP_SECONDS = 1.0


@click.command()
@click.option("--count", type=click.IntRange(1, 64), default=1, show_default=True, help="How many jobs at a time.")
def worker(*, count: int) -> None:
    """Do what people ask for on the site, beside it.

    The site has one worker of its own; each one more takes a processor. It works until
    Ctrl-C; what it is at then goes on elsewhere, or at the next start.
    """
    _end_as_by_ctrl_c(signal.SIGTERM, signal.SIGHUP)
    settings = Settings.from_environment()
    with up_to_date(settings) as database:
        occupy(database)
        fetch = fetching.chosen(may_fetch=settings.may_fetch)
        send = mailing.chosen(settings.smtp_url, settings.mail_from)
        workers = [Worker(database, fetch=fetch, send=send) for _ in range(count)]
        threads = [one.start() for one in workers]
        click.echo(f"{counted(count, 'worker')} for the library in {settings.data_dir} - stop with Ctrl-C.")
        with suppress(KeyboardInterrupt):
            # The system may hand Ctrl-C to another thread, and then it is heard when this one looks up.
            while True:
                time.sleep(LOOK_UP_SECONDS)
        for one in workers:
            one.end()
        for thread in threads:
            thread.join()


def _end_as_by_ctrl_c(*signals: signal.Signals) -> None:
    for number in signals:
        if signal.getsignal(number) is signal.SIG_DFL:  # nohup ignores one of them, and shall
            signal.signal(number, signal.default_int_handler)
