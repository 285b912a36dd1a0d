"""What a library on a server does that one in a file does not, and what goes wrong with servers."""

import threading
from contextlib import suppress
from pathlib import Path

import pytest
from sqlalchemy import bindparam, insert, select, text

from benchmarks import postgres
from quizapp.config import beside
from quizapp.db import asking, copies, decks, prepared
from quizapp.db.engine import Database, Session
from quizapp.db.learners import LearnerRow
from quizapp.db.upgrade import upgrade
from quizapp.errors import InvalidInput, NotFound, Unavailable
from tests import make
from tests.make import NOW

pytestmark = pytest.mark.postgres


@pytest.fixture
def database(postgres_database: Database) -> Database:
    return postgres_database


@pytest.fixture
def address(postgres_server: postgres.Server, empty_postgres: str) -> str:
    return postgres_server.url(empty_postgres)


def names(database: Database) -> list[str]:
    with database.reading() as session:
        return list(session.scalars(select(LearnerRow.name).order_by(LearnerRow.id)))


def refusal(url: str, folder: Path) -> str:
    """Return the sentence with which a library is not opened."""
    database = Database(url, folder)
    with pytest.raises(Unavailable) as told, database.reading():
        pass
    database.close()
    return told.value.message


@pytest.mark.parametrize("scheme", ["postgresql", "postgres", "postgresql+psycopg", "postgresql+psycopg2"])
def test_every_way_to_write_the_address_is_understood(address, tmp_path, scheme):
    database = Database(address.replace("postgresql", scheme, 1), tmp_path)

    assert names(database) == []

    database.close()


def test_files_lie_in_the_folder_under_the_name_of_the_database(database, empty_postgres, tmp_path):
    assert database.media.folder == tmp_path / f"{empty_postgres}.media"


def test_a_name_with_a_slash_stays_in_the_folder(tmp_path):
    database = Database("postgresql://localhost/..%2Fescaped", tmp_path)

    assert database.media.folder.parent == tmp_path


def test_the_name_shown_holds_no_password(tmp_path):
    database = Database("postgresql://ines:secret@db.example.org:5433/recto?sslmode=require", tmp_path)

    assert database.name == "postgresql://db.example.org:5433/recto"


def test_a_server_that_is_not_there_is_told_without_the_password(tmp_path):
    told = refusal(f"postgresql://ines:secret@/recto?host={tmp_path}", tmp_path)

    assert f"The library at postgresql://{tmp_path}/recto cannot be opened: " in told
    assert "secret" not in told
    assert "Check QUIZAPP_DATABASE_URL" in told


def test_a_database_that_is_not_there_is_named(postgres_server, tmp_path):
    assert 'database "absent" does not exist. Check' in refusal(postgres_server.url("absent"), tmp_path)


def test_a_database_without_unicode_is_refused_with_what_to_do(postgres_server, tmp_path):
    postgres_server.run("CREATE DATABASE latin TEMPLATE template0 ENCODING 'LATIN1' LOCALE 'C'")

    assert "keeps texts in LATIN1" in refusal(postgres_server.url("latin"), tmp_path)
    postgres_server.drop("latin")


def test_a_server_without_a_free_connection_says_so(postgres_server, tmp_path):
    name = postgres_server.create()
    postgres_server.run(f"ALTER DATABASE {name} CONNECTION LIMIT 0")
    postgres_server.run("CREATE ROLE guest LOGIN")

    told = refusal(postgres_server.url(name).replace("postgres@", "guest@"), tmp_path)

    assert "too many connections" in told
    postgres_server.drop(name)
    postgres_server.run("DROP ROLE guest")


def test_a_connection_that_the_server_closed_is_replaced(database, postgres_server, empty_postgres):
    assert names(database) == []
    end_all(postgres_server, empty_postgres)

    assert names(database) == []


def test_a_connection_lost_in_the_middle_of_a_turn_is_told_and_nothing_is_stored(
    database, postgres_server, empty_postgres
):
    def write_and_lose() -> None:
        with database.writing() as session:
            session.add(LearnerRow(name="Ines", created=NOW))
            session.flush()
            end_all(postgres_server, empty_postgres)

    with pytest.raises(Unavailable, match="was lost"):
        write_and_lose()

    assert names(database) == []


def end_all(server: postgres.Server, name: str) -> None:
    server.run(f"SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE datname = '{name}'")


def test_a_library_that_may_not_be_written_is_told_in_a_sentence(postgres_server, tmp_path, postgres_template):
    name = postgres_server.create(template=postgres_template)
    postgres_server.run(f"ALTER DATABASE {name} SET default_transaction_read_only = on")
    database = Database(postgres_server.url(name), tmp_path)

    with pytest.raises(Unavailable, match="cannot be written"), database.writing() as session:
        session.add(LearnerRow(name="Ines", created=NOW))

    database.close()
    postgres_server.drop(name)


def test_a_user_without_rights_is_told_in_a_sentence(postgres_server, address, empty_postgres, tmp_path):
    postgres_server.run("CREATE ROLE guest LOGIN")
    guest = Database(address.replace("postgres@", "guest@"), tmp_path)

    with pytest.raises(Unavailable, match="Check the rights of its user"), guest.reading() as session:
        session.execute(text("select * from learner"))

    guest.close()
    postgres_server.run("DROP ROLE guest")


def test_the_turn_is_given_back_by_a_process_that_dies(database, address, tmp_path, postgres_server, empty_postgres):
    other = Database(address, tmp_path)
    with pytest.raises(Unavailable), other.writing():
        end_all(postgres_server, empty_postgres)

    with database.writing() as session:
        session.add(LearnerRow(name="Ines", created=NOW))

    assert names(database) == ["Ines"]
    other.close()


def test_who_waited_for_the_turn_sees_what_the_writer_before_has_stored(database, address, tmp_path):
    other, seen = Database(address, tmp_path), []

    def wait() -> None:
        with other.writing() as session:
            seen.extend(session.scalars(select(LearnerRow.name)))

    waiting = threading.Thread(target=wait)
    with database.writing() as session:
        waiting.start()
        while not session.execute(text("select count(*) from pg_locks where not granted")).scalar():
            pass
        session.add(LearnerRow(name="Ines", created=NOW))
    waiting.join()
    other.close()

    assert seen == ["Ines"]


def test_a_number_that_no_row_can_have_is_not_found(database):
    with pytest.raises(NotFound), database.reading() as session:
        decks.get(session, 2**40)


def test_a_character_that_is_none_is_refused(database):
    with pytest.raises(InvalidInput, match="NUL"), database.writing() as session:
        session.add(LearnerRow(name="In\0es", created=NOW))


def test_times_come_back_in_utc_wherever_the_server_stands(postgres_server, postgres_template, tmp_path):
    name = postgres_server.create(template=postgres_template)
    postgres_server.run(f"ALTER DATABASE {name} SET TimeZone = 'Asia/Kathmandu'")
    database = Database(postgres_server.url(name), tmp_path)

    with database.writing() as session:
        session.add(LearnerRow(name="Ines", created=NOW))
    with database.reading() as session:
        shown = session.execute(text("select created::text from learner")).scalar_one()

    assert shown == "2026-11-23 12:00:00+00"
    database.close()
    postgres_server.drop(name)


def test_names_are_ordered_by_code_point_whatever_the_database_would_do(postgres_server, tmp_path):
    """ICU and most languages put "Zoo" behind "a" and leave marks out of account; a file does neither."""
    name = postgres_server.create()
    database = Database(postgres_server.url(name), tmp_path)
    upgrade(database, scripts=beside("migrations"), now=NOW)

    with database.reading() as session:
        other = session.execute(
            text(
                "select table_name, column_name from information_schema.columns where table_schema = 'public' "
                "and data_type = 'text' and collation_name is distinct from 'C' and table_name <> 'alembic_version'"
            )
        ).all()

    assert other == []
    database.close()
    postgres_server.drop(name)


def test_no_site_opens_while_a_backup_is_restored(database):
    with copies.unoccupied(database), pytest.raises(Unavailable, match="being restored"):
        copies.occupy(database)


def test_numbers_of_new_rows_go_on_after_a_restore_that_failed(database, owner, tmp_path):
    with database.writing() as session:
        make.added(session, owner, keep_ready=True)
    copies.copy(database, tmp_path / "copy.db", on_share=lambda _: None)
    for number in range(3):
        with database.writing() as session:
            make.added(session, owner, text=f"{make.TEXT} {number}", keep_ready=True)

    def put_and_fail() -> None:
        with copies.replacing(database) as put:
            put(tmp_path / "copy.db")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        put_and_fail()

    with database.writing() as session:
        assert make.added(session, owner, text=f"{make.TEXT} More.", keep_ready=True).document_id == 5


def test_what_is_prepared_outlasts_a_reading(database):
    for _ in range(10):
        names(database)

    with database.reading() as session:
        kept = session.scalars(text("SELECT statement FROM pg_prepared_statements")).all()

    assert [one for one in kept if "learner.name" in one]


OFTEN = 8  # times, after which the driver has prepared what goes through it
NAMED = select(LearnerRow.__table__.c.name).where(LearnerRow.__table__.c.name == bindparam("called"))


def ask_often(session: Session) -> None:
    """Let both ways to ask have prepared statements on the connection."""
    for _ in range(OFTEN):
        prepared.rows(session, NAMED, {"called": "Ines"})
        session.execute(text("select 1"))


def test_a_prepared_question_is_answered_after_a_savepoint_was_taken_back(database):
    with database.writing() as session:
        ask_often(session)
        with suppress(ZeroDivisionError), session.begin_nested():
            raise ZeroDivisionError
        ask_often(session)

    with database.writing() as session:
        ask_often(session)


@pytest.mark.parametrize("ways", [("reading", "writing"), ("writing", "reading")])
def test_a_prepared_question_is_answered_after_a_transaction_was_taken_back(database, ways):
    for way in ways:
        with suppress(ZeroDivisionError), getattr(database, way)() as session:
            ask_often(session)
            raise ZeroDivisionError

    for way in ways:
        with getattr(database, way)() as session:
            ask_often(session)


def test_a_prepared_question_is_answered_after_tables_have_changed(postgres_to_alter):
    database = postgres_to_alter
    with database.writing() as session:
        ask_often(session)
    with database.altering() as connection:
        connection.execute(text("create table passing (name text)"))
        connection.execute(text("drop table passing"))

    with database.writing() as session:
        ask_often(session)


def test_more_questions_than_a_connection_prepares_are_answered(database, monkeypatch):
    monkeypatch.setattr(asking, "MOST_PREPARED", 1)
    with database.writing() as session:
        session.execute(insert(LearnerRow), [{"name": name, "created": NOW} for name in ("Ines", "Ben")])
        for count in (1, 2, 3):
            statement = NAMED.limit(count)
            assert prepared.rows(session, statement, {"called": "Ben"}) == [("Ben",)]
