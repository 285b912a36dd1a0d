from dataclasses import replace
from datetime import timedelta

import pytest

from quizapp.cli import daily
from quizapp.config import Settings
from quizapp.services import decks, sittings
from tests import make
from tests.make import NOW
from tests.services.assigning import WINDOW, a_team, assign, begin
from tests.services.quizzing import BERTH


@pytest.fixture
def deleted(database, owner):
    """A library with a note that was deleted long ago."""
    with database.writing() as session:
        make.added(session, owner, keep_ready=True)
        decks.delete_note(session, owner, 1, now=NOW - timedelta(days=31))
    return database


def notes(database):
    with database.reading() as session:
        return session.connection().exec_driver_sql("select count(*) from note").scalar()


def test_once_a_day_there_is_a_backup_and_then_the_trash_is_emptied(deleted, tmp_path):
    assert daily.run(deleted, tmp_path / "backups", now=NOW)
    assert notes(deleted) == 1
    assert not daily.run(deleted, tmp_path / "backups", now=NOW + timedelta(hours=11))
    assert daily.run(deleted, tmp_path / "backups", now=NOW + timedelta(hours=12))


def test_without_a_backup_nothing_is_removed_for_good_and_the_reason_is_told(deleted, tmp_path):
    settings = Settings.in_folder(tmp_path)
    (tmp_path / "backups").write_bytes(b"in the way")

    assert "cannot be made" in daily.attempt(deleted, settings)
    assert notes(deleted) == 2


def test_what_is_assigned_and_over_is_finished_though_the_backup_is_done(database, tmp_path):
    with database.writing() as session:
        team = a_team(session, BERTH)
        sitting = begin(session, team.mina, assign(session, team))
    daily.run(database, tmp_path / "backups", now=WINDOW.cutoff)

    assert not daily.run(database, tmp_path / "backups", now=WINDOW.cutoff + timedelta(minutes=10))

    with database.reading() as session:
        finished = sittings.sitting(session, team.mina, sitting, now=WINDOW.cutoff).finished
    assert finished == WINDOW.cutoff


@pytest.mark.parametrize(
    ("team", "smtp_url", "looks"), [(True, "smtp://x", 1), (False, "smtp://x", 0), (True, None, 0)]
)
def test_people_are_reminded_where_they_sign_in_and_letters_are_sent(
    deleted, tmp_path, monkeypatch, team, smtp_url, looks
):
    asked = []
    monkeypatch.setattr(daily, "remind", lambda _database, home, *, now: asked.append(home.url))
    settings = replace(Settings.in_folder(tmp_path, smtp_url=smtp_url, public_url="https://recto.example"), team=team)

    assert daily.attempt_letters(deleted, settings) == ""
    assert asked == ["https://recto.example"] * looks
