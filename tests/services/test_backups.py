import json
import os
import shutil
import sqlite3
import threading
import zipfile
from contextlib import closing
from datetime import timedelta
from hashlib import sha256

import pytest
from sqlalchemy import select, text

from quizapp.config import beside
from quizapp.db import api_tokens, copies
from quizapp.db.copies import occupy
from quizapp.db.engine import Database
from quizapp.db.schema import METADATA
from quizapp.domain.letters import About
from quizapp.domain.scheduling import Grade
from quizapp.domain.tokens import hashed
from quizapp.errors import Conflict, InvalidInput, NotFound, Unavailable
from quizapp.services import (
    accounts,
    archive,
    backups,
    calendars,
    checking,
    decks,
    invitations,
    jobs,
    mailing,
    notices,
    pictures,
    reading,
    searching,
    sign_ins,
)
from quizapp.services.mailing import ToSend
from quizapp.services.reminders import Home
from quizapp.services.tasks import ToRead
from quizapp.worker import Worker
from tests import make
from tests.make import NOW
from tests.services import illustrated, people
from tests.services.studying import answer
from tests.stores import on_sqlite

DAMAGED = "is damaged, or no backup of Recto"


def dump(database):
    """Return every row of every table."""
    with database.reading() as session:
        connection = session.connection()
        return {
            table.name: [tuple(row) for row in connection.execute(select(table).order_by(*table.primary_key))]
            for table in METADATA.sorted_tables
        }


def dump_file(path):
    with closing(sqlite3.connect(path)) as connection:
        return list(connection.iterdump())


def opened_again(database):
    """Open the same library as another process would."""
    return Database(database.store.reader.url.render_as_string(hide_password=False), database.store.folder)


def files(database):
    return {file.name: file.path.read_bytes() for file in database.media.files()}


def put_back(database, file, tmp_path):
    return backups.restore(
        database, file, aside=tmp_path / "backups", scripts=beside("migrations"), now=NOW + timedelta(hours=1)
    )


def add(database, owner, number):
    with database.writing() as session:
        make.added(session, owner, text=f"{make.TEXT}\n\nText {number}.", title=f"Text {number}", keep_ready=True)


def checkup(database):
    with database.reading() as session:
        return checking.check(session, now=NOW)


def leftovers(folder):
    return [path for path in folder.rglob("*") if path.name.endswith(".part")]


@pytest.fixture
def filled(database, owner):
    """A library with two documents, their cards, and a few reviews."""
    for number in range(2):
        add(database, owner, number)
    with database.writing() as session:
        for card, grade in ((1, Grade.GOOD), (1, Grade.AGAIN), (2, Grade.EASY)):
            answer(session, owner, card, grade, at=NOW + timedelta(minutes=int(grade)))
    return database


@pytest.fixture
def backup(filled, tmp_path):
    return backups.back_up(filled, tmp_path / "recto.zip", replace=False, now=NOW).file


def test_what_is_restored_is_what_was_backed_up_table_by_table_and_file_by_file(filled, owner, backup, tmp_path):
    tables, kept = dump(filled), files(filled)
    add(filled, owner, 3)
    with filled.writing() as session:
        answer(session, owner, 3)

    done = put_back(filled, backup, tmp_path)

    assert dump(filled) == tables
    assert {name: data for name, data in files(filled).items() if name in kept} == kept
    assert (done.made, done.files, done.counts["document"]) == (NOW, 2, 2)
    assert checkup(filled).faults == ()
    assert leftovers(tmp_path) == []


def test_a_backup_is_restored_where_there_was_nothing(backup, filled, tmp_path):
    other = Database(f"sqlite:///{tmp_path / 'elsewhere' / 'recto.db'}")

    done = put_back(other, backup, tmp_path)

    assert dump(other) == dump(filled)
    assert files(other) == files(filled)
    assert done.aside is None
    other.close()


def test_documents_of_a_restored_library_can_be_searched(backup, filled, owner, tmp_path):
    other = Database(f"sqlite:///{tmp_path / 'elsewhere' / 'recto.db'}")

    for database in (filled, other):
        put_back(database, backup, tmp_path)

    for database in (filled, other):
        with database.reading() as session:
            found = searching.search(session, owner, "mitochondrion").documents
        assert sorted(document.title for document in found) == ["Text 0", "Text 1"]
    other.close()


def test_pictures_and_quoted_rows_come_back_with_their_cards(database, owner, tmp_path):
    with database.writing() as session:
        added = illustrated.add(session, owner, illustrated.page(rows=illustrated.ROWS), keep_ready=True)
    backup = backups.back_up(database, tmp_path / "recto.zip", replace=False, now=NOW).file
    with database.writing() as session:
        session.execute(text("update note set picture_id = null"))
    other = Database(f"sqlite:///{tmp_path / 'elsewhere' / 'recto.db'}")

    for one in (database, other):
        put_back(one, backup, tmp_path)

    for one in (database, other):
        with one.reading() as session:
            notes = decks.deck(session, owner, added.deck_id, now=NOW).notes
            shown = [
                pictures.picture(session, owner, note.illustration.name).data for note in notes if note.illustration
            ]
        assert shown == [illustrated.MOLE, illustrated.MOLE, illustrated.QUAY]
        assert [note.source.columns for note in notes if note.source.columns] == [illustrated.ROWS[0]] * 2
        assert checkup(one).faults == ()
    other.close()


@pytest.mark.postgres
def test_a_library_moves_from_a_file_to_a_server_and_goes_on_there(
    sqlite_database, postgres_database, tmp_path_factory, tmp_path
):
    with sqlite_database.writing() as session:
        owner = accounts.local_owner(session, time_zone="Europe/Berlin", now=NOW)
        make.added(session, owner, keep_ready=True)
        answer(session, owner, 1)
        session.execute(text("update document set filename = 'cells' || char(0) || '.md'"))
    file = backups.back_up(sqlite_database, tmp_path / "recto.zip", replace=False, now=NOW).file

    put_back(postgres_database, file, tmp_path_factory.mktemp("server"))

    before, after = dump(sqlite_database), dump(postgres_database)
    documents = [before.pop("document"), after.pop("document")]
    assert after == before
    assert [[row[3] for row in rows] for rows in documents] == [["cells\x00.md"], ["cells\ufffd.md"]]
    assert files(postgres_database) == files(sqlite_database)
    add(postgres_database, owner, 1)
    with postgres_database.writing() as session:
        answer(session, owner, 2)
    assert checkup(postgres_database).faults == ()


@pytest.mark.postgres
def test_a_library_that_a_newer_program_changed_is_not_copied_by_halves(postgres_to_alter, tmp_path):
    with postgres_to_alter.altering() as connection:
        connection.execute(text("alter table note add column more text"))

    with pytest.raises(Unavailable, match="another version of Recto"):
        backups.back_up(postgres_to_alter, tmp_path / "recto.zip", replace=False, now=NOW)

    assert not (tmp_path / "recto.zip").exists()


def test_the_library_that_was_there_is_a_backup_too(filled, owner, backup, tmp_path):
    add(filled, owner, 3)
    tables, kept = dump(filled), files(filled)

    aside = put_back(filled, backup, tmp_path).aside
    assert dump(filled) != tables

    backups.restore(filled, aside, aside=tmp_path / "more", scripts=beside("migrations"), now=NOW)
    assert dump(filled) == tables
    assert files(filled) == kept


def test_a_restored_library_lets_nobody_in_who_was_signed_in_invited_or_had_a_token(filled, tmp_path):
    with filled.writing() as session:
        ines = people.first(session)
        signed_in = sign_ins.sign_in(session, ines.learner_id, now=NOW)
        invited = invitations.invite(session, ines, now=NOW)
        followed = notices.make_calendar(session, ines)
        mailing.write(session, ToSend(About.REMINDER, "ines@example.org", "Due", "text"), now=NOW)
        api_tokens.add(
            session,
            api_tokens.ApiTokenRow(
                token_hash=hashed("token"),
                learner_id=ines.learner_id,
                name="x",
                writes=False,
                created=NOW,
                expires=NOW + timedelta(days=30),
            ),
        )
    made = backups.back_up(filled, tmp_path / "with-people.zip", replace=False, now=NOW)

    put_back(filled, made.file, tmp_path)

    with filled.reading() as session:
        assert sign_ins.recognise(session, signed_in, now=NOW) is None
        assert api_tokens.bearer(session, hashed("token"), now=NOW) is None
        assert accounts.credentials(session, "ines@example.org").password_hash == people.kept()
        with pytest.raises(NotFound):
            invitations.look(session, invited, now=NOW)
        with pytest.raises(NotFound):
            calendars.feed(session, followed, Home("https://recto.example", "secret"), now=NOW)
        assert not mailing.is_any_available(session, now=NOW)


def test_two_restores_within_a_second_keep_both_libraries(filled, owner, backup, tmp_path):
    asides = []
    for number in (3, 4):
        add(filled, owner, number)
        asides.append(put_back(filled, backup, tmp_path).aside)

    assert len({aside.read_bytes() for aside in asides}) == 2


def test_sessions_opened_before_see_the_restored_library(filled, owner, backup, tmp_path):
    add(filled, owner, 3)
    with filled.reading() as session:
        seen = session.connection().exec_driver_sql("select count(*) from document").scalar()
        put_back(filled, backup, tmp_path)
        still = session.connection().exec_driver_sql("select count(*) from document").scalar()

    with filled.reading() as session:
        now = session.connection().exec_driver_sql("select count(*) from document").scalar()
    assert (seen, still, now) == (3, 3, 2)


def test_a_backup_made_while_others_write_is_one_moment(filled, owner, tmp_path):
    enough = threading.Event()

    def write():
        other, number = opened_again(filled), 10
        while not enough.is_set():
            add(other, owner, number)
            number += 1
        other.close()

    writer = threading.Thread(target=write)
    writer.start()
    try:
        made = [backups.back_up(filled, tmp_path / f"{number}.zip", replace=False, now=NOW).file for number in range(5)]
    finally:
        enough.set()
        writer.join()

    counts = []
    for number, file in enumerate(made):
        other = Database(f"sqlite:///{tmp_path / str(number) / 'recto.db'}")
        counts.append(put_back(other, file, tmp_path).counts["document"])
        assert checkup(other).faults == ()
        assert len(files(other)) == counts[-1]
        other.close()
    assert counts == sorted(counts)
    assert counts[-1] > 2


def test_a_backup_says_what_it_holds(backup, filled):
    with zipfile.ZipFile(backup) as opened:
        names = opened.namelist()

    assert names == ["recto.db", *sorted(archive.media_part(name) for name in files(filled)), "manifest.json"]
    assert backup.stat().st_mode & 0o077 == 0


def test_a_file_is_not_replaced_unless_told(filled, backup, tmp_path):
    before = backup.read_bytes()

    with pytest.raises(Conflict, match="--force"):
        backups.back_up(filled, backup, replace=False, now=NOW)
    assert backup.read_bytes() == before

    backups.back_up(filled, backup, replace=True, now=NOW + timedelta(days=1))
    assert backup.read_bytes() != before


@on_sqlite
@pytest.mark.parametrize("name", ["recto.db", "recto.db-wal", "recto.db.lock", "recto.db.media/backup.zip"])
def test_the_library_itself_is_no_place_for_a_backup(filled, tmp_path, name):
    with pytest.raises(InvalidInput, match="part of the library itself"):
        backups.back_up(filled, tmp_path / name, replace=True, now=NOW)


def test_a_missing_folder_and_a_folder_are_refused(filled, tmp_path):
    with pytest.raises(InvalidInput, match="There is no folder"):
        backups.back_up(filled, tmp_path / "absent" / "recto.zip", replace=False, now=NOW)
    with pytest.raises(InvalidInput, match="is a folder"):
        backups.back_up(filled, tmp_path, replace=True, now=NOW)


def test_a_missing_file_of_a_document_is_told_and_the_rest_is_backed_up(filled, tmp_path):
    (name, *_) = files(filled)
    filled.media.path(name).unlink()

    done = backups.back_up(filled, tmp_path / "recto.zip", replace=False, now=NOW)

    assert (done.files, len(done.problems)) == (1, 1)
    assert "is missing; it is not in the backup" in done.problems[0]
    other = Database(f"sqlite:///{tmp_path / 'elsewhere' / 'recto.db'}")
    put_back(other, done.file, tmp_path)
    assert dump(other) == dump(filled)
    other.close()


@on_sqlite
def test_a_damaged_library_is_not_backed_up_over_a_good_backup(filled, backup):
    before = backup.read_bytes()
    filled.close()
    pages = bytearray(filled.path.read_bytes())
    pages[4096 * 3 : 4096 * 9] = bytes(4096 * 6)
    filled.path.write_bytes(pages)

    with pytest.raises(Unavailable, match="damaged"):
        backups.back_up(filled, backup, replace=True, now=NOW)

    assert backup.read_bytes() == before


@on_sqlite
@pytest.mark.parametrize("how", ["pages", "header", "text"])
def test_a_damaged_library_is_replaced_and_kept_as_it_was(filled, backup, tmp_path, how):
    tables = dump_file(filled.path)
    filled.close()
    pages = bytearray(filled.path.read_bytes())
    match how:
        case "pages":
            pages[4096 * 3 : 4096 * 9] = bytes(4096 * 6)
        case "header":
            pages[:100] = bytes(100)
        case _:
            pages = bytearray(b"This is a letter. " * 1000)
    filled.path.write_bytes(pages)

    done = put_back(Database(f"sqlite:///{filled.path}"), backup, tmp_path)

    assert dump_file(filled.path) == tables
    assert done.aside.is_dir()
    assert (done.aside / "recto.db").read_bytes()[: len(pages)] == pages


def refuses(database, file, tmp_path, words=DAMAGED):
    """Say whether the file is refused and the library left alone."""
    tables, kept = dump(database), files(database)
    with pytest.raises(InvalidInput, match=words):
        put_back(database, file, tmp_path)
    return (
        dump(database) == tables
        and files(database) == kept
        and leftovers(tmp_path) == []
        and not (tmp_path / "backups").exists()
    )


@on_sqlite
@pytest.mark.parametrize("share", [0, 0.001, 0.1, 0.3, 0.5, 0.7, 0.9, 0.99, 0.9999, 1])
def test_one_wrong_bit_anywhere_is_refused(filled, backup, tmp_path, share):
    data = bytearray(backup.read_bytes())
    data[int(share * (len(data) - 1))] ^= 4
    (tmp_path / "flipped.zip").write_bytes(data)

    assert refuses(filled, tmp_path / "flipped.zip", tmp_path)


@on_sqlite
@pytest.mark.parametrize("share", [0, 0.0001, 0.2, 0.5, 0.9, 0.9999])
def test_a_part_of_a_backup_is_refused(filled, backup, tmp_path, share):
    data = backup.read_bytes()
    (tmp_path / "short.zip").write_bytes(data[: int(share * len(data))])

    assert refuses(filled, tmp_path / "short.zip", tmp_path)


@on_sqlite
def test_what_is_no_file_is_refused(filled, tmp_path):
    assert refuses(filled, tmp_path / "absent.zip", tmp_path, "There is no file")
    assert refuses(filled, tmp_path, tmp_path, "There is no file")


def sealed(path):
    """Seal a hostile zip as if it were ours."""
    with path.open("r+b") as raw:
        seal = sha256(raw.read()[:-64]).hexdigest()
        raw.seek(-64, 2)
        raw.write(seal.encode())
    return path


def rewritten(backup, path, *, change=lambda body: body, more=(), compression=zipfile.ZIP_STORED):
    """Write the backup anew with another manifest or more parts, sealed."""
    with zipfile.ZipFile(backup) as old, zipfile.ZipFile(path, "w", compression) as new:
        for name in old.namelist():
            data = old.read(name)
            if name == "manifest.json":
                data = json.dumps(change(json.loads(data))).encode()
            new.writestr(name, data)
        for name, data in more:
            new.writestr(name, data)
        new.comment = b"0" * 64
    return sealed(path)


def with_part(name, data=b"x"):
    def change(body):
        part = {"name": name, "size": len(data), "sha256": sha256(data).hexdigest()}
        return {**body, "parts": [*body["parts"], part]}

    return change


@on_sqlite
@pytest.mark.parametrize(
    "name", ["../escaped", "/tmp/escaped", "media/../../escaped", "media/aa/" + "b" * 64, "notes.txt", "recto.db-wal"]
)
def test_a_part_under_a_foreign_name_is_refused(filled, backup, tmp_path, name):
    file = rewritten(backup, tmp_path / "hostile.zip", change=with_part(name), more=[(name, b"x")])

    assert refuses(filled, file, tmp_path)
    assert not list(tmp_path.rglob("escaped"))


@on_sqlite
@pytest.mark.parametrize(
    "change",
    [
        lambda body: [body],
        lambda body: {**body, "format": "another"},
        lambda body: {**body, "parts": []},
        lambda body: {**body, "parts": body["parts"][1:]},
        lambda body: {**body, "parts": [{**one, "size": one["size"] + 1} for one in body["parts"]]},
        lambda body: {**body, "parts": [{**one, "sha256": "0" * 64} for one in body["parts"]]},
        lambda body: {**body, "counts": {**body["counts"], "note": 10**9}},
        lambda body: {**body, "version": "1"},
        lambda body: {name: value for name, value in body.items() if name != "missing"},
    ],
    ids=["list", "format", "no parts", "no library", "sizes", "hashes", "counts", "version", "no list of what misses"],
)
def test_a_manifest_that_lies_is_refused(filled, backup, tmp_path, change):
    assert refuses(filled, rewritten(backup, tmp_path / "hostile.zip", change=change), tmp_path)


@on_sqlite
def test_a_bomb_is_refused_before_it_grows(filled, backup, tmp_path):
    file = rewritten(backup, tmp_path / "bomb.zip", compression=zipfile.ZIP_DEFLATED)

    assert refuses(filled, file, tmp_path)


@pytest.mark.parametrize("change", [{"version": 2}, {"revision": "9999"}], ids=["format", "tables"])
def test_a_backup_of_a_newer_version_is_refused(filled, backup, tmp_path, change):
    file = rewritten(backup, tmp_path / "newer.zip", change=lambda body: {**body, **change})

    assert refuses(filled, file, tmp_path, "newer version of Recto")


@on_sqlite
def test_a_plain_zip_and_a_library_itself_are_no_backups(filled, tmp_path):
    with zipfile.ZipFile(tmp_path / "plain.zip", "w") as plain:
        plain.writestr("notes.txt", "x")
    shutil.copyfile(filled.path, tmp_path / "copy.db")

    assert refuses(filled, tmp_path / "plain.zip", tmp_path)
    assert refuses(filled, tmp_path / "copy.db", tmp_path)


def test_nothing_is_restored_under_an_open_site(filled, backup, tmp_path):
    held = occupy(filled)
    try:
        with pytest.raises(Conflict, match="Stop quizapp serve"):
            put_back(filled, backup, tmp_path)
    finally:
        os.close(held)
    put_back(filled, backup, tmp_path)


def test_no_site_opens_while_a_backup_is_restored(filled):
    with copies.unoccupied(filled), pytest.raises(Unavailable, match="being restored"):
        occupy(filled)


def test_progress_is_told_from_start_to_end(filled, tmp_path):
    shares = []

    backups.back_up(
        filled, tmp_path / "recto.zip", replace=False, now=NOW, on_progress=lambda share, _: shares.append(share)
    )

    assert shares == sorted(shares)
    assert shares[-1] == pytest.approx(1, abs=0.02)


def test_seven_daily_backups_are_kept_one_a_day(filled, tmp_path):
    folder = tmp_path / "backups"
    for hour in range(0, 24 * 10, 8):
        backups.back_up_daily(filled, folder, now=NOW + timedelta(hours=hour))

    assert [path.name for path in sorted(folder.iterdir())] == [
        f"recto-2026-{date}.zip" for date in ("11-27", "11-28", "11-29", "11-30", "12-01", "12-02", "12-03")
    ]


def test_what_was_under_way_is_in_the_backup_and_goes_on_when_it_is_restored(filled, owner, tmp_path, monkeypatch):
    monkeypatch.setattr(reading, "draft_cards", lambda *_, **__: make.reading(text=f"{make.TEXT} New.", title="New"))
    for data in (b"It waits.", b"It runs."):
        with filled.writing() as session:
            jobs.ask(session, owner, ToRead("a.txt").task(data), data=data, now=NOW)
    with filled.writing() as session:
        jobs.claim(session, now=NOW)
    file = backups.back_up(filled, tmp_path / "recto.zip", replace=False, now=NOW).file
    with filled.writing() as session:
        session.connection().exec_driver_sql("delete from job")
    for one in filled.media.files():
        one.path.unlink()

    put_back(filled, file, tmp_path)

    assert checkup(filled).faults == ()
    Worker(filled).work_off()
    with filled.reading() as session:
        assert [job.problem for job in jobs.in_sight(session, owner)] == []
        statuses = session.connection().exec_driver_sql("select status from job").scalars().all()
    assert statuses == ["DONE", "DONE"]


@pytest.mark.parametrize("table", ["job", "document_version", "picture"])
def test_a_library_from_before_there_was_a_table_can_be_looked_into(filled, tmp_path, table):
    copy = tmp_path / "copy.db"
    copies.copy(filled, copy, on_share=lambda _: None)
    with closing(sqlite3.connect(copy)) as connection, connection:
        connection.execute(f"drop table {table}")

    assert len(copies.contents(copy).originals) == 2


def test_a_library_from_before_versions_knew_their_pictures_can_be_looked_into(filled, tmp_path):
    copy = tmp_path / "copy.db"
    copies.copy(filled, copy, on_share=lambda _: None)
    with closing(sqlite3.connect(copy)) as connection, connection:
        connection.execute("alter table document_version drop column pictures")

    assert len(copies.contents(copy).originals) == 2
