"""Where the pieces are put together: settings and a database make the site."""

from flask import Flask

from quizapp import api, log
from quizapp.config import Settings, local_time_zone
from quizapp.db.copies import occupy
from quizapp.db.engine import Database
from quizapp.services import fetching, mailing
from quizapp.web import create_app
from quizapp.worker import Worker


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
    return app
