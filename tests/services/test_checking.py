import os
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from functools import partial
from uuid import uuid4

import pytest
from sqlalchemy import text

from quizapp.db import plans
from quizapp.domain.cards import CardKind, Note
from quizapp.domain.options import Options
from quizapp.domain.rescheduling import Dates
from quizapp.domain.scheduling import Grade
from quizapp.services import checking, decks, following, settings, study, teams, writing
from tests import make
from tests.make import NOW
from tests.services import quizzing
from tests.services.studying import answer
from tests.services.teaming import join, opened, person
from tests.stores import on_sqlite


@pytest.fixture
def studied(database, owner):
    """A library with reviews, undone ones and late ones among them, a suspended note and one in the trash."""
    with database.writing() as session:
        make.added(session, owner, *(make.draft(number) for number in range(4)), keep_ready=True)
        for day, grade in enumerate((Grade.GOOD, Grade.GOOD, Grade.AGAIN, Grade.GOOD, Grade.HARD)):
            answer(session, owner, 1, grade, at=NOW + timedelta(days=3 * day))
        answer(session, owner, 1, Grade.EASY, at=NOW + timedelta(days=1))
        answer(session, owner, 2, Grade.EASY)
        answer(session, owner, 3)
        decks.suspend_note(session, owner, 3)
        decks.delete_note(session, owner, 2, now=NOW)
    return database


def checkup(database, now=NOW):
    with database.reading() as session:
        return checking.check(session, now=now)


def change(database, statement):
    with database.writing() as session:
        session.execute(text(statement))


def change_in_file(database, statement):
    """Change a library as only another program would."""
    with closing(sqlite3.connect(database.path)) as connection, connection:
        connection.execute("pragma ignore_check_constraints=on")
        connection.execute(statement)


def test_a_library_that_was_used_is_whole(studied):
    found = checkup(studied)

    assert found.faults == ()
    assert (found.cards, found.reviews, found.files, found.unnamed) == (4, 8, 1, 0)
    assert found.size == len(make.TEXT.encode())


@pytest.mark.parametrize("set_aside", [decks.suspend_note, partial(decks.delete_note, now=NOW)], ids=["aside", "trash"])
def test_an_answer_to_a_card_that_is_not_studied_any_more_leaves_the_library_whole(studied, owner, set_aside):
    with studied.writing() as session:
        set_aside(session, owner, 1)
        answer(session, owner, 1, at=NOW + timedelta(days=20))
    assert checkup(studied).faults == ()


def test_settings_that_move_a_card_which_a_quiz_called_for_and_is_set_aside_leave_the_library_whole(studied, owner):
    with studied.writing() as session:
        now = NOW + timedelta(days=1)
        answer(session, owner, 4, Grade.EASY)
        plans.call(session, owner.learner_id, [4], now=now)
        decks.suspend_note(session, owner, 4)
        wanted = replace(settings.chosen(session, owner), options=Options(retention=0.8))
        settings.change(session, owner, settings.prepare(session, owner, wanted, dates=Dates.FOLLOW, now=now))

    assert checkup(studied).faults == ()


def test_an_empty_library_is_whole(database):
    assert checkup(database).faults == ()


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("update memory set stability = stability * 1.01 where card_id = 1", "Card 1: what is remembered"),
        ("update memory set lapses = lapses + 1 where card_id = 1", "Card 1: what is remembered"),
        ("update memory set due = last_review where card_id = 1", "Card 1: what is remembered"),
        ("delete from memory where card_id = 1", "Card 1: what is remembered"),
        ("delete from review where card_id = 1", "Card 1: what is remembered"),
        ("update review set day = '2026-11-22' where card_id = 2", "Card 2: a review counts on another day"),
        ("update setting set turn_hour = 20", "Card 1: a review counts on another day"),
        ("update setting set time_zone = 'Pacific/Pago_Pago'", "Card 3: a review counts on another day"),
        ("update plan set queue = 'NEW' where card_id = 2", "Card 2 stands in the wrong queue"),
        ("update plan set due = (select min(last_review) from memory)", "Card 1 stands in the wrong queue"),
        ("delete from plan where card_id = 4", "Card 4 stands in the wrong queue"),
        ("delete from passage_words where number > 1", "A search misses 2 of the passages of “Cells”"),
        ("delete from note_words where note_id = 1", "A search misses what 1 of the cards say"),
        ("update note set answer = 'another'", "A search misses what"),
    ],
)
def test_what_contradicts_itself_is_found(studied, statement, words):
    change(studied, statement)

    assert any(words in fault for fault in checkup(studied).faults)


@on_sqlite
@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("delete from note where id = 1", "points at a row of note that is missing"),
        ("update setting set turn_hour = 99", "CHECK constraint failed"),
        ("delete from passage_search where rowid = 1", "A search misses 1 of the passages of “Cells”"),
        ("delete from note_search where rowid = 1", "A search misses what 1 of the cards say"),
    ],
)
def test_what_another_program_broke_in_the_file_is_found(studied, statement, words):
    change_in_file(studied, statement)

    assert any(words in fault for fault in checkup(studied).faults)


def test_another_retention_does_not_make_old_reviews_wrong(studied):
    change(studied, "update setting set retention = 0.8")

    assert checkup(studied).faults == ()


def test_a_missing_and_a_damaged_file_are_found(studied):
    (file,) = studied.media.files()
    file.path.write_bytes(b"other")
    assert ["is damaged" in fault for fault in checkup(studied).faults] == [True]

    file.path.unlink()
    assert ["is missing" in fault for fault in checkup(studied).faults] == [True]


def test_a_file_that_nothing_names_is_told_and_after_a_day_a_fault(studied):
    path = studied.media.path(studied.media.put(b"left behind"))
    moment = NOW.timestamp()
    os.utime(path, (moment, moment))

    assert (checkup(studied).unnamed, checkup(studied).faults) == (1, ())
    assert ["No row names" in fault for fault in checkup(studied, NOW + timedelta(days=2)).faults] == [True]


@on_sqlite
def test_broken_pages_are_found_and_nothing_else_is_asked(studied):
    studied.close()
    with closing(sqlite3.connect(studied.path)) as connection, connection:
        connection.execute("pragma writable_schema=on")
        connection.execute("delete from sqlite_master where name = 'ix_review_card_id'")

    faults = checkup(studied).faults

    assert faults
    assert all(fault.startswith("The database: ") for fault in faults)


def test_progress_is_told_in_order(studied):
    shares = []

    with studied.reading() as session:
        checking.check(session, now=NOW, on_progress=lambda share, _: shares.append(share))

    assert shares == sorted(shares)


def test_an_answer_that_counts_as_another_test_of_memory_is_told(studied):
    change(studied, "update review set stage = 'MATURE' where stage = 'NEW' and card_id = 2")

    assert checkup(studied).faults == ("Card 2: a review counts as another test of memory than it was.",)


@pytest.mark.parametrize(
    "statement",
    [
        "update sitting set points = points + 0.5",
        "update sitting set answered = 1",
        "update sitting set last_answer = null",
        "update answer set replaced_at = at where id = (select id from answer limit 1)",
        "update sitting set score = 0.25",
    ],
)
def test_a_sitting_that_keeps_other_sums_than_its_answers_come_to_is_found(database, owner, statement):
    with database.writing() as session:
        sitting_id = quizzing.started(session, owner, quizzing.BERTH, quizzing.QUAY)
        quizzing.answer(session, owner, sitting_id, 1)
        quizzing.answer(session, owner, sitting_id, 2, right=False)
    assert checkup(database).faults == ()

    change(database, statement)

    assert checkup(database).faults == (f"Sitting {sitting_id} keeps other sums than its answers come to.",)


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("delete from study_day", "are not counted"),
        ("update study_day set lasting = lasting + 1", "come to other sums"),
        ("update study_sum set days = days + 1 where span = 'WEEK'", "come to other sums"),
        ("delete from study_sum where span = 'ALL'", "come to other sums"),
    ],
)
def test_days_of_study_with_a_team_that_do_not_add_up_are_found(database, statement, words):
    with database.writing() as session:
        mara = person(session, "Mara")
        team_id = teams.create(session, mara, "Harbour crew", now=NOW)
        library, li = opened(session, mara, team_id), join(session, person(session, "Li"), team_id)
        deck_id = decks.create(session, library, "Rollback", now=NOW)
        note = Note(CardKind.BASIC, "Who decides?", "The skipper.")
        writing.write(session, library, note, deck_name="Rollback", passage=None, now=NOW)
        following.follow(session, li, deck_id, now=NOW)
        answer(session, li, 1, Grade.EASY)
        answer(session, li, 1, at=NOW + timedelta(days=40))
        answer(session, li, 1, at=NOW + timedelta(days=99))
        study.undo(session, li, undo_id=uuid4(), now=NOW + timedelta(days=99))
    assert checkup(database).faults == ()

    change(database, statement)

    assert any(words in fault and f"learner {li.person_id}" in fault for fault in checkup(database).faults)
