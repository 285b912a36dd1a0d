import os
from datetime import timedelta

import pytest

from quizapp.clock import utcnow
from quizapp.errors import InvalidInput
from quizapp.services import holding, trash


def grow_old(database):
    long_ago = (utcnow() - timedelta(days=2)).timestamp()
    for file in database.media.files():
        os.utime(file.path, (long_ago, long_ago))


def test_a_file_waits_a_day_and_is_then_put_away(database):
    with database.writing() as session:
        (held,) = holding.hold(session, [("a.md", b"one")])
        assert trash.collect(session, now=utcnow()) == 0
        assert holding.taken(session, held) == b"one"

    grow_old(database)

    with database.writing() as session:
        assert trash.collect(session, now=utcnow()) == 1
        with pytest.raises(InvalidInput, match="Share it once more"):
            holding.taken(session, held)


def test_a_file_that_is_shared_again_waits_another_day(database):
    with database.writing() as session:
        (held,) = holding.hold(session, [("a.md", b"one")])
    grow_old(database)

    with database.writing() as session:
        holding.hold(session, [("b.md", b"one")])
        assert trash.collect(session, now=utcnow()) == 0
        assert holding.taken(session, held) == b"one"


def test_if_one_cannot_be_read_none_waits(database):
    with database.writing() as session, pytest.raises(InvalidInput, match=r"“b\.png”: This is a picture"):
        holding.hold(session, [("a.md", b"one"), ("b.png", b"\x89PNG")])

    assert list(database.media.files()) == []
