"""What a site on a person's own library does once a day: a backup, then the trash. Start from `keep_up`.

With each look at the date, what is assigned and over is finished, and people are reminded of what is due.
"""

import threading
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import click

from quizapp.cli.commands import sentence_for
from quizapp.clock import utcnow
from quizapp.config import Settings
from quizapp.db.engine import Database
from quizapp.errors import QuizappError
from quizapp.services import (
    api_tokens,
    attempting,
    backups,
    departures,
    invitations,
    jobs,
    mailing,
    reminders,
    sign_ins,
    trash,
)
from quizapp.services.reminders import Home

PAUSE_SECONDS = 600  # between two looks at the date, so that a machine that slept is not late by a day


def keep_up(settings: Settings) -> None:
    """Do the daily work now, if it is not done yet today, and on every day to come while this process lives."""
    threading.Thread(target=_every_day, args=(settings,), name="daily", daemon=True).start()


def run(database: Database, folder: Path, *, now: datetime) -> bool:
    """Finish what is assigned and over, then back the library up and empty its trash, unless that is done for today.

    Return whether it was done now.

    Without a backup nothing is removed for good.
    """
    with database.writing() as session:
        attempting.close_overdue(session, now=now)
        attempting.settle(session, now=now)
    if backups.back_up_daily(database, folder, now=now) is None:
        return False
    with database.writing() as session:
        trash.empty(session, now=now)
        jobs.forget_old(session, now=now)
        mailing.forget_old(session, now=now)
        sign_ins.forget_old(session, now=now)
        api_tokens.forget_old(session, now=now)
        invitations.forget_old(session, now=now)
        departures.remove_due(session, now=now)
    with database.writing() as session:
        trash.collect(session, now=now)
    return True


def write_to_people(database: Database, settings: Settings, *, now: datetime) -> None:
    """Remind people of what is due, where they sign in and letters are sent; the worker sends them within seconds."""
    if settings.team and settings.smtp_url:
        remind(database, Home(settings.public_url, settings.secret_key), now=now)


def remind(database: Database, home: Home, *, now: datetime) -> int:
    """Write to everybody whose morning it is and who has something to be told; return how many letters there are."""
    with database.reading() as session:
        waiting = reminders.waiting(session, now=now)
    count = 0
    for learner_id in waiting:
        with database.writing() as session:
            count += reminders.write_to(session, learner_id, home, now=now)
    return count


def attempt(database: Database, settings: Settings) -> str:
    """Return the sentence to say when the daily work failed; it is tried again later."""
    failed = _failed(lambda: run(database, settings.data_dir / "backups", now=utcnow()))
    return failed and f"no daily backup could be made. {failed}"


def attempt_letters(database: Database, settings: Settings) -> str:
    """Return the sentence to say when people could not be reminded; it is tried again later on the same day."""
    failed = _failed(lambda: write_to_people(database, settings, now=utcnow()))
    return failed and f"no reminders could be written. {failed}"


def _every_day(settings: Settings) -> None:
    database = Database(settings.database_url, settings.data_dir)
    told: list[str] = []
    while True:
        sentences = [attempt(database, settings), attempt_letters(database, settings)]
        for sentence in sentences:
            if sentence and sentence not in told:
                click.echo(f"quizapp: {' '.join(sentence.split())}", err=True)
        told = sentences
        time.sleep(PAUSE_SECONDS)


def _failed(work: Callable[[], object]) -> str:
    try:
        work()
    except QuizappError as error:
        return error.message
    except Exception as fault:  # noqa: BLE001 - the thread's outermost loop: the log has the rest
        return sentence_for(fault)
    return ""
