"""The commands for a whole library, run as a person does, with all that can go wrong on the way."""

import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing, contextmanager

import pytest

from quizapp.db.engine import Database
from quizapp.services import accounts, checking
from tests import make
from tests.make import NOW
from tests.serving import PATIENCE_SECONDS, served

pytestmark = pytest.mark.slow

ADD_FOR_EVER = """
import sys
import time
from quizapp.db.engine import Database
from quizapp.services import accounts
from tests import make
database, number = Database(sys.argv[1]), 0
while True:
    with database.writing() as session:
        owner = accounts.local_owner(session, time_zone="UTC", now=make.NOW)
        text = f"{make.TEXT} Number {number} of {sys.argv[2]}."
        make.added(session, owner, text=text, title=f"Text {number}", keep_ready=True)
    number += 1
    print(number, flush=True)
    time.sleep(0.02)  # the turn to write goes to whoever asks first
"""


@pytest.fixture(scope="module")
def filled_folder(empty_library, tmp_path_factory):
    """A data folder with some megabytes of documents, to copy."""
    folder = tmp_path_factory.mktemp("filled")
    shutil.copyfile(empty_library, folder / "recto.db")
    database = Database(f"sqlite:///{folder / 'recto.db'}")
    with database.writing() as session:
        owner = accounts.local_owner(session, time_zone="Europe/Berlin", now=NOW)
        for number in range(6):
            text = f"{make.TEXT}\n\n" + random.Random(number).randbytes(1_000_000).hex()
            make.added(session, owner, text=text, title=f"Text {number}", keep_ready=True)
    database.close()
    return folder


@pytest.fixture
def filled(filled_folder, tmp_path):
    """The person's own library, with some megabytes of documents."""
    shutil.copytree(filled_folder, tmp_path / "data")
    database = Database(f"sqlite:///{tmp_path / 'data' / 'recto.db'}")
    yield database
    database.close()


@pytest.fixture
def backup(run, filled, tmp_path):
    """A backup of it, after which one more document was added."""
    assert run("backup", "recto.zip").returncode == 0
    with filled.writing() as session:
        make.added(session, accounts.local_owner(session, time_zone="UTC", now=NOW), text=f"{make.TEXT} More.")
    return tmp_path / "recto.zip"


def state(database):
    """Return every row of every table, and every file that is named."""
    with closing(sqlite3.connect(database.path)) as connection:
        rows = tuple(connection.iterdump())
        names = [name for (name,) in connection.execute("select hash from original order by hash")]
    return rows, tuple(database.media.get(name) for name in names)


def faults(database):
    with database.reading() as session:
        return checking.check(session, now=NOW).faults


def killed(command, environment, folder, *, after):
    """Run `quizapp` and kill it with -9; return whether it was done before."""
    process = subprocess.Popen(
        [sys.executable, "-m", "quizapp", *command],
        env=environment,
        cwd=folder,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        process.wait(after)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        return False
    return True


def time_of(command, environment, folder):
    start = time.monotonic()
    assert killed(command, environment, folder, after=PATIENCE_SECONDS)
    return time.monotonic() - start


@contextmanager
def writers(database, environment, count=2):
    """Let processes add documents without a pause."""
    started = [
        subprocess.Popen(
            [sys.executable, "-c", ADD_FOR_EVER, f"sqlite:///{database.path}", str(number)],
            env=environment | {"PYTHONPATH": os.pathsep.join(sys.path)},
            stdout=subprocess.PIPE,
        )
        for number in range(count)
    ]
    try:
        for process in started:
            process.stdout.readline()
        yield
        assert [process.poll() for process in started] == [None] * count
    finally:
        for process in started:
            process.kill()
            process.communicate()


def test_backup_restore_and_check_say_what_they_did(run, filled, tmp_path):
    before = state(filled)

    told = run("backup", "recto.zip")
    again = run("restore", "recto.zip")
    checked = run("check")

    assert told.stdout.startswith(b"Wrote 12 notes, 0 reviews and 6 files to recto.zip (")
    lines = again.stdout.decode().splitlines()
    assert lines[0].startswith("Restored 12 notes, 0 reviews and 6 files from recto.zip, made ")
    assert lines[1].startswith(f"The library that was there is kept in {tmp_path}/data/backups/before-restore-")
    assert checked.stdout.startswith(b"Your library is whole: 12 cards, 0 reviews and 6 files (")
    assert [done.stderr for done in (told, again, checked)] == [b"", b"", b""]
    assert state(filled) == before


def test_a_file_that_is_there_is_kept_unless_forced(run, refused, filled, tmp_path):
    (tmp_path / "recto.zip").write_bytes(b"precious")

    assert "--force" in refused("backup", "recto.zip")
    assert (tmp_path / "recto.zip").read_bytes() == b"precious"
    assert run("backup", "recto.zip", "--force").returncode == 0


def test_what_is_no_backup_is_refused_in_a_sentence(refused, filled, tmp_path):
    before = state(filled)
    (tmp_path / "letter.zip").write_bytes(b"Dear Sir. " * 100)

    assert "no backup of Recto" in refused("restore", "letter.zip")
    assert "There is no file" in refused("restore", "absent.zip")
    assert "There is no folder" in refused("backup", "absent/recto.zip")
    assert state(filled) == before


def test_check_prints_a_line_for_each_fault_and_one_that_says_what_to_do(run, filled):
    for file in list(filled.media.files())[:2]:
        file.path.unlink()
    with closing(sqlite3.connect(filled.path)) as connection, connection:
        connection.execute("update plan set queue = 'REVIEW' where card_id = 1")

    done = run("check")

    assert done.returncode == 1
    assert len(done.stdout.splitlines()) == 4
    assert done.stderr.startswith(b"quizapp: 4 faults in ")
    assert len(done.stderr.splitlines()) == 1


def test_a_backup_under_load_is_whole(run, filled, environment, tmp_path):
    with writers(filled, environment):
        done = [run("backup", f"{number}.zip") for number in range(3)]

    assert [one.returncode for one in done] == [0, 0, 0], done
    for number in range(3):
        environment["QUIZAPP_DATA_DIR"] = str(tmp_path / f"restored-{number}")
        assert run("restore", f"{number}.zip").returncode == 0
        checked = run("check")
        assert (checked.returncode, checked.stderr) == (0, b""), checked


def test_a_backup_that_is_killed_leaves_the_old_file_or_the_new_one_whole(run, filled, backup, environment, tmp_path):
    duration = time_of(["backup", "other.zip"], environment, tmp_path)
    kept = backup.read_bytes()

    for step in range(4):
        killed(["backup", "recto.zip", "--force"], environment, tmp_path, after=duration * (0.4 + step * 0.15))
        assert backup.read_bytes() == kept or run("restore", "recto.zip").returncode == 0
        kept = backup.read_bytes()

    assert faults(filled) == ()
    assert run("backup", "recto.zip", "--force").returncode == 0
    assert list(tmp_path.glob(".*")) == []


def test_a_restore_that_is_killed_leaves_the_old_library_or_the_new_one_whole(
    run, filled, backup, environment, tmp_path
):
    old = state(filled)
    assert run("backup", "old.zip").returncode == 0
    duration = time_of(["restore", "recto.zip"], environment, tmp_path)
    new = state(filled)
    assert old != new

    for step in range(4):
        assert run("restore", "old.zip").returncode == 0
        killed(["restore", "recto.zip"], environment, tmp_path, after=duration * (0.45 + step * 0.15))
        assert state(filled) in (old, new)
        assert faults(filled) == ()

    assert run("restore", "recto.zip").returncode == 0
    assert state(filled) == new
    assert not list((tmp_path / "data").rglob(".*.part"))


def test_two_restores_at_once_leave_a_whole_library(run, filled, backup, environment, tmp_path):
    command = [sys.executable, "-m", "quizapp", "restore", "recto.zip"]
    both = [
        subprocess.Popen(command, env=environment, cwd=tmp_path, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        for _ in range(2)
    ]

    told = [(process.communicate()[1], process.returncode) for process in both]

    assert 0 in [status for _, status in told]
    assert all(b"Traceback" not in text and text.count(b"\n") <= 1 for text, _ in told)
    assert faults(filled) == ()


@contextmanager
def small_disk(folder, *, megabytes):
    """Mount a disk with little room."""
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", folder]
    if os.geteuid() != 0 or shutil.which("mount") is None:
        pytest.skip("only root can make a small disk")
    if subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("no disk can be mounted here")
    try:
        yield folder
    finally:
        subprocess.run(["umount", folder], check=True)


@pytest.mark.parametrize("megabytes", [1, 6, 20, 30])
def test_a_backup_onto_a_full_disk_is_refused_and_leaves_nothing(refused, filled, tmp_path, megabytes):
    before = state(filled)

    with small_disk(tmp_path / "small", megabytes=megabytes) as disk:
        assert "no space left on device" in refused("backup", "small/recto.zip")
        assert list(disk.iterdir()) == []

    assert state(filled) == before


@pytest.mark.parametrize("megabytes", [45, 60, 75, 85])
def test_a_restore_on_a_full_disk_leaves_the_library_as_it_was(
    run, refused, filled, backup, environment, tmp_path, megabytes
):
    with small_disk(tmp_path / "small", megabytes=megabytes) as disk:
        shutil.copytree(tmp_path / "data", disk, dirs_exist_ok=True)
        environment["QUIZAPP_DATA_DIR"] = str(disk)
        database = Database(f"sqlite:///{disk / 'recto.db'}")
        before = state(database)

        told = refused("restore", "recto.zip")

        assert "no space left" in told or "is full" in told
        assert state(database) == before
        assert faults(database) == ()
        database.close()


def test_the_site_backs_up_at_start_and_no_restore_goes_under_it(run, refused, filled, backup, environment, tmp_path):
    command = [sys.executable, "-m", "quizapp", "serve", "--port", "0"]
    with served(command, environment=environment, folder=tmp_path) as site:
        folder = tmp_path / "data" / "backups"
        deadline = time.monotonic() + 30
        while not list(folder.glob("recto-*.zip")) and time.monotonic() < deadline:
            time.sleep(0.1)
        site.get("/")

        (daily,) = folder.glob("recto-*.zip")
        assert "Stop quizapp serve and quizapp worker with Ctrl-C" in refused("restore", "recto.zip")
        assert run("backup", "beside.zip").returncode == 0
        assert site.interrupt() == 0

    assert run("restore", daily).returncode == 0
