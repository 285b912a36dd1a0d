import pytest

from quizapp.config import Settings
from quizapp.web import create_app
from quizapp.worker import Worker
from tests.recalled import lately
from tests.web import harbour
from tests.web.browsing import Browser


@pytest.fixture
def worker(database):
    """The worker of the site, who does at once, while the page waits, what it is asked for."""
    return Worker(database)


@pytest.fixture
def site(database, tmp_path, worker):
    settings = Settings(str(database.store.reader.url), tmp_path, "a secret for tests only")
    site = create_app(settings, database, wake=worker.work_off)
    site.testing = True
    return site


@pytest.fixture
def visitor(site):
    return Browser(site.test_client())


@pytest.fixture
def add(database):
    """Return a function that puts a document into the library of the site's owner."""

    def add_document(*drafts, title=None, keep_ready=False):
        with database.writing() as session:
            return harbour.added(session, *drafts, title=title, keep_ready=keep_ready, now=lately())

    return add_document


@pytest.fixture
def team_site(database, tmp_path, worker):
    """The site for people who sign in, behind a proxy that speaks https."""
    settings = Settings(
        str(database.store.reader.url),
        tmp_path,
        "a secret for tests only",
        public_url="https://recto.example",
        team=True,
    )
    site = create_app(settings, database, time_zone="Europe/Berlin", wake=worker.work_off)
    site.testing = True
    return site


@pytest.fixture
def guest(team_site):
    """A browser in which nobody is signed in."""
    return Browser(team_site.test_client())
