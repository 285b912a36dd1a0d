"""`kill -9` of a site, and of the database under it, while people study on a PostgreSQL library."""

import os
import signal
from contextlib import suppress
from uuid import UUID

import pytest
from sqlalchemy import select

from quizapp.db.notes import CardRow
from quizapp.db.reviews import ReviewRow
from quizapp.services import accounts, checking
from tests import make
from tests.faults.test_killed import CLIENTS, ENOUGH_REVIEWS, Burst, wait_until
from tests.faults.visiting import FOUND, UNAVAILABLE, Visitor
from tests.make import NOW

pytestmark = [pytest.mark.slow, pytest.mark.postgres]


@pytest.fixture
def cards(postgres_database):
    """The ids of cards never seen, in a library on a server."""
    with postgres_database.writing() as session:
        owner = accounts.local_owner(session, time_zone="Europe/Berlin", now=NOW)
        make.added(session, owner, *(make.draft(number) for number in range(4 * CLIENTS)), keep_ready=True)
        return list(session.scalars(select(CardRow.id).order_by(CardRow.id)))


@pytest.fixture
def address(postgres_server, empty_postgres):
    return postgres_server.url(empty_postgres)


def reviews(database) -> list[UUID]:
    with database.reading() as session:
        return list(session.scalars(select(ReviewRow.id).where(ReviewRow.grade.is_not(None))))


def faults(database):
    with database.reading() as session:
        return checking.check(session, now=NOW).faults


def test_every_acknowledged_review_outlives_a_kill_of_the_site(postgres_database, cards, address, serve, tmp_path):
    with serve(tmp_path, QUIZAPP_DATABASE_URL=address) as site:
        burst = Burst(site, cards)
        wait_until(lambda: len(burst.acknowledged) >= ENOUGH_REVIEWS)
        site.kill()
        burst.wait_for_end()

    stored = reviews(postgres_database)
    assert len(stored) == len(set(stored))
    assert set(burst.acknowledged) <= set(stored) <= {*burst.acknowledged, *burst.in_doubt}
    assert faults(postgres_database) == ()


def test_a_site_goes_on_by_itself_after_its_database_was_killed(
    postgres_database, postgres_server, cards, address, serve, tmp_path
):
    with serve(tmp_path, QUIZAPP_DATABASE_URL=address) as site:
        visitor = Visitor(site.url)
        assert [visitor.answer(card).status for card in cards[:4]] == [FOUND] * 4
        for (process,) in postgres_server.run("SELECT pid FROM pg_stat_activity WHERE backend_type = 'client backend'"):
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)  # upon which the whole server starts again
        lost = visitor.answer(cards[4])
        wait_until(lambda: visitor.get("/healthz").status == 200)
        again = visitor.answer(cards[5])

    assert lost.status in {FOUND, UNAVAILABLE}
    assert again.status == FOUND
    assert len(reviews(postgres_database)) >= 5
    assert faults(postgres_database) == ()
