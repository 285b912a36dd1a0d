from datetime import timedelta

import pytest

from quizapp import api
from quizapp.clock import utcnow
from quizapp.config import Settings
from quizapp.services import accounts, api_tokens
from quizapp.web import create_app
from quizapp.worker import Worker
from tests.web import harbour
from tests.web.conftest import add, visitor  # noqa: F401 - fixtures


@pytest.fixture
def site(database, tmp_path):
    """The site with its API, as `wsgi` puts them together; the worker does at once what it is asked for."""
    settings = Settings(str(database.store.reader.url), tmp_path, "a secret for tests only")
    site = create_app(settings, database, wake=Worker(database).work_off)
    site.register_blueprint(api.blueprint)
    site.testing = True
    return site


@pytest.fixture
def token(database):
    """Return a function that makes a token of the owner."""

    def make(*, writes=False, days=30, now=None, actor=None):
        with database.writing() as session:
            owner = actor or accounts.local_owner(session, time_zone="UTC", now=utcnow())
            return api_tokens.make(session, owner, name="script", writes=writes, days=days, now=now or utcnow())

    return make


@pytest.fixture
def ask(site, token):
    """Return a function that asks the API as a program with a token that may read, or with another."""

    def ask_with(path, *, method="GET", shown=None, **more):
        headers = {"Authorization": f"Bearer {shown or token()}", **more.pop("headers", {})}
        return site.test_client().open(path, method=method, headers=headers, **more)

    return ask_with


def long_ago():
    return utcnow() - timedelta(days=31)


TEXT = harbour.TEXT
