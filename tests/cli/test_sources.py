import io
import os
from contextlib import contextmanager

import pytest

from quizapp.cli.sources import read_source
from quizapp.errors import InvalidInput, NotFound
from quizapp.fetch import Fetched
from quizapp.ingest.formats import MAX_BYTES
from quizapp.services import fetching


def test_a_file_comes_with_its_name(tmp_path):
    (tmp_path / "notes.md").write_bytes(b"# Notes")

    given = read_source(str(tmp_path / "notes.md"))

    assert (given.data, given.filename) == (b"# Notes", "notes.md")


def test_a_dash_is_standard_input(monkeypatch):
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"Notes")))

    assert read_source("-").data == b"Notes"


def test_no_more_is_read_than_shows_that_it_is_too_much():
    assert len(read_source("/dev/zero").data) == MAX_BYTES + 1


def test_a_missing_file_is_not_found(tmp_path):
    with pytest.raises(NotFound, match=r"There is no file .*absent\.txt"):
        read_source(str(tmp_path / "absent.txt"))


def test_a_folder_is_refused(tmp_path):
    with pytest.raises(InvalidInput, match="is a folder"):
        read_source(str(tmp_path))


@contextmanager
def as_an_ordinary_user():
    """Root may read everything; nobody may not."""
    me = os.geteuid()
    if me == 0:
        os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(me)


def test_a_file_without_permission_is_refused(tmp_path):
    (tmp_path / "secret.txt").touch(mode=0o000)

    with as_an_ordinary_user(), pytest.raises(InvalidInput, match="no permission"):
        read_source(str(tmp_path / "secret.txt"))


def test_a_path_with_a_null_character_is_refused():
    with pytest.raises(InvalidInput, match="null character"):
        read_source("notes\0.txt")


@pytest.mark.parametrize("path", ["x" * 5000, "/dev/null/notes.txt"], ids=["a name too long", "a file as a folder"])
def test_what_the_system_cannot_open_is_refused_in_a_sentence(path):
    with pytest.raises(InvalidInput, match=r"cannot be read: .+\. Check the path\."):
        read_source(path)


def test_an_address_is_fetched(monkeypatch):
    monkeypatch.setattr(
        fetching, "fetched", lambda url, **_: Fetched(b"Notes", "notes.html", "text/html", f"{url}#end")
    )

    given = read_source("https://example.org/notes")

    assert (given.data, given.filename, given.url) == (b"Notes", "notes.html", "https://example.org/notes#end")


def test_an_address_is_not_fetched_where_that_is_switched_off(monkeypatch):
    monkeypatch.setenv("QUIZAPP_FETCH", "off")

    with pytest.raises(InvalidInput, match="switched off"):
        read_source("https://example.org/notes")
