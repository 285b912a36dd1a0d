"""Where the pieces are put together: settings and a database make the site."""

import gc

from flask import Flask

from quizapp import api, log
from quizapp.config import Settings, local_time_zone
from quizapp.db.copies import occupy
from quizapp.db.engine import Database
from quizapp.services import fetching, mailing
from quizapp.web import create_app
from quizapp.worker import Worker

LOOKED_FOR = (20_000, 20, 50)  # after so many new objects; every how many times among older and among all


def site(settings: Settings) -> Flask:
    """Return the site on the library that the settings name; call it in the process that serves it.

    A worker does beside it what its pages are asked for.
    """
    log.keep(settings.log)
    database = Database(settings.database_url, settings.data_dir)
    occupy(database)
    worker = Worker(
        database,
        fetch=fetching.chosen(may_fetch=settings.may_fetch),
        send=mailing.chosen(settings.smtp_url, settings.mail_from),
    )
    app = create_app(settings, database, time_zone=local_time_zone(), wake=worker.wake)
    app.register_blueprint(api.blueprint)
    worker.start()
    settle()
    return app


def settle() -> None:
    """Look for cycles of garbage less often, and never in what the process was made of.

    A page leaves next to none, and to look for them takes up to a twentieth of its time.
    """
    gc.freeze()
    gc.set_threshold(*LOOKED_FOR)
