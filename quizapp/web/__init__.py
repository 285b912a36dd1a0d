"""The pages: parse a request, call one service, answer. Start from `create_app`."""

from collections.abc import Callable, Collection
from datetime import timedelta
from uuid import uuid4

from flask import Flask
from jinja2 import StrictUndefined

from quizapp.config import Settings
from quizapp.db.engine import Database
from quizapp.web import (
    accounts,
    acting,
    answering,
    assets,
    assignment_words,
    assignments,
    board,
    bodies,
    card_history,
    cards,
    catching_up,
    changes,
    decks,
    drafts,
    exams,
    failures,
    guests,
    health,
    importing,
    installing,
    inviting,
    jobs,
    journal,
    languages,
    leaderboards,
    leeches,
    letters,
    library,
    links,
    media,
    offline,
    options,
    outside,
    paper,
    parameters,
    previewing,
    privacy,
    progress,
    provider,
    proving,
    quizzes,
    security,
    settings,
    sharing,
    signing_in,
    sittings,
    study,
    suggestions,
    teams,
    templating,
    today,
    tokens,
    transfer,
    trash,
    versions,
    words,
    writing,
)
from quizapp.web.forms import SmallInteger

PARTS = (
    *(
        accounts,
        answering,
        assets,
        assignments,
        board,
        card_history,
        cards,
        catching_up,
        changes,
        decks,
        drafts,
        exams,
        guests,
        health,
        importing,
        installing,
        inviting,
        jobs,
        languages,
        leaderboards,
        leeches,
        letters,
        library,
        media,
    ),
    *(
        offline,
        options,
        parameters,
        previewing,
        privacy,
        progress,
        provider,
        quizzes,
        settings,
        sharing,
        signing_in,
        sittings,
        study,
        suggestions,
        teams,
        today,
        tokens,
        transfer,
        trash,
        versions,
        writing,
    ),
)
# Files of macros, given to templates as globals: a block that is rendered alone sees no imports of its template.
MACROS = (
    "ui",
    "charts",
    "tiles",
    "bench_ui",
    "deck_ui",
    "quiz_ui",
    "assignment_ui",
    "answering_ui",
    "study_ui",
    "actions_ui",
    "sessions_ui",
    "history_ui",
    "job_ui",
    "library_ui",
    "change_ui",
    "create_ui",
    "version_ui",
    "browse_ui",
    "account_ui",
    "teams_ui",
    "board_ui",
)


def create_app(
    config: Settings,
    database: Database,
    *,
    time_zone: str = "UTC",
    hosts: Collection[str] = (),
    wake: Callable[[], None] = lambda: None,
) -> Flask:
    """Return the site on a database: for people who sign in, or for its one owner, who is in the given time zone.

    It answers under the loopback names, the public address and `hosts`. `wake` is called
    when a worker has something to do.
    """
    app = journal.Site(__name__, static_folder=None)
    app.config.update(
        SECRET_KEY=config.secret_key, PERMANENT_SESSION_LIFETIME=timedelta(days=180), MAY_FETCH=config.may_fetch
    )
    app.url_map.converters["int"] = SmallInteger
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    journal.init_app(app)
    templating.init_app(app)
    languages.init_app(app)
    bodies.init_app(app)
    outside.init_app(app, config.public_url, sends=bool(config.smtp_url))
    security.init_app(app, hosts=outside.hosts(config.public_url).union(hosts))
    failures.init_app(app)
    words.init_app(app)
    assignment_words.init_app(app)
    paper.init_app(app)
    assets.init_app(app)
    links.init_app(app)
    settings.init_app(app)
    health.init_app(app, database)
    installing.init_app(app)
    acting.init_app(app, database, time_zone=time_zone, team=config.team, wake=wake)
    proving.init_app(app)
    provider.init_app(app, config.oidc)
    for part in PARTS:
        app.register_blueprint(part.blueprint)
    app.jinja_env.globals["new_id"] = uuid4  # for forms that must count once
    for name in MACROS:
        app.jinja_env.globals[name] = app.jinja_env.get_template(f"_{name}.html").module
    return app
