"""The pages: parse a request, call one service, answer. Start from `create_app`."""

from collections.abc import Callable, Collection
from datetime import timedelta

from flask import Flask
from jinja2 import StrictUndefined

from quizapp.config import Settings
from quizapp.db.engine import Database
from quizapp.web import (
    acting,
    answering,
    assets,
    bodies,
    changes,
    decks,
    drafts,
    failures,
    health,
    jobs,
    journal,
    library,
    links,
    progress,
    quizzes,
    security,
    settings,
    sittings,
    study,
    today,
    trash,
    words,
    writing,
)
from quizapp.web.forms import SmallInteger

PARTS = (
    *(answering, assets, changes, decks, drafts, health, jobs, library, progress),
    *(quizzes, settings, sittings, study, today, trash, writing),
)


def create_app(
    config: Settings,
    database: Database,
    *,
    time_zone: str = "UTC",
    hosts: Collection[str] = (),
    wake: Callable[[], None] = lambda: None,
) -> Flask:
    """Return the site on a database, for its one owner in the given time zone.

    It answers under the loopback names and under `hosts`. `wake` is called when a
    worker has something to do.
    """
    app = journal.Site(__name__, static_folder=None)
    app.config.update(
        SECRET_KEY=config.secret_key, PERMANENT_SESSION_LIFETIME=timedelta(days=180), MAY_FETCH=config.may_fetch
    )
    app.url_map.converters["int"] = SmallInteger
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    journal.init_app(app)
    bodies.init_app(app)
    security.init_app(app, hosts=hosts)
    failures.init_app(app)
    words.init_app(app)
    assets.init_app(app)
    links.init_app(app)
    settings.init_app(app)
    health.init_app(app, database)
    acting.init_app(app, database, time_zone=time_zone, wake=wake)
    for part in PARTS:
        app.register_blueprint(part.blueprint)
    # Macros as globals: a block that is rendered alone sees no imports of its template.
    modules = (
        "ui",
        "charts",
        "tiles",
        "bench_ui",
        "deck_ui",
        "study_ui",
        "job_ui",
        "quiz_ui",
        "answering_ui",
        "library_ui",
        "change_ui",
    )
    for name in modules:
        app.jinja_env.globals[name] = app.jinja_env.get_template(f"_{name}.html").module
    return app
