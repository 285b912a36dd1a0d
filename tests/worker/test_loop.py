import threading
import time
from datetime import timedelta

import pytest

from quizapp import sandbox
from quizapp.domain.jobs import JobKind, JobStatus
from quizapp.errors import InvalidInput, Unavailable
from quizapp.fetch import Fetched
from quizapp.services import fetching, jobs, library, reading, transfer
from quizapp.services.jobs import LEASE
from quizapp.services.tasks import ToExport, ToRead
from quizapp.worker import Worker
from quizapp.worker.kinds import KINDS
from tests import make
from tests.make import NOW

TEXT = make.TEXT.encode()
PATIENCE_SECONDS = 20


@pytest.fixture
def ask(database, owner):
    def asked(filename="cells.md", **wanted):
        with database.writing() as session:
            return jobs.ask(session, owner, ToRead(filename, **wanted).task(TEXT), data=TEXT, now=NOW)

    return asked


@pytest.fixture
def look(database, owner):
    def looked(job_id):
        with database.reading() as session:
            return jobs.look(session, owner, job_id)

    return looked


@pytest.fixture
def titles(database, owner):
    def found():
        with database.reading() as session:
            return [document.title for document in library.documents(session, owner)]

    return found


def gives(made):
    return lambda *_, **__: made


def fails(problem):
    def raising(*_, **__):
        raise problem

    return raising


def waits(started):
    """Read as a child does that never ends by itself."""

    def draft_cards(_data, _filename, *, on_progress, on_wait):
        on_progress(0.3, "Finding sentences")
        started.set()
        while True:
            on_wait()
            time.sleep(0.01)

    return draft_cards


def wait_until(is_so):
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not is_so():
        assert time.monotonic() < deadline, "this never happened"
        time.sleep(0.01)


def test_every_kind_of_job_can_be_done():
    assert set(KINDS) == set(JobKind)


def test_a_document_is_stored_with_its_names(database, owner, ask, look, titles, monkeypatch):
    monkeypatch.setattr(reading, "draft_cards", gives(make.reading()))
    job_id = ask(title="My cells", deck_name="Biology::Cells", keep_ready=True)

    Worker(database).work_off()

    job = look(job_id)
    assert (job.status, job.share) == (JobStatus.DONE, 1.0)
    assert job.result["already_there"] is False
    assert titles() == ["My cells"]
    with database.reading() as session:
        (document,) = library.documents(session, owner)
    assert (document.decks, document.kept) == (("Biology::Cells",), 2)


def test_the_same_text_again_leads_to_the_document_that_is_there(database, ask, look, titles, monkeypatch):
    monkeypatch.setattr(reading, "draft_cards", gives(make.reading()))
    first, second = ask("one.md"), ask("two.md")

    Worker(database).work_off()

    told = look(first).result
    known = {**told, "already_there": True, "was_in_trash": False, "earlier": None, "resembles": None, "update": None}
    assert look(second).result == known
    assert titles() == ["Cells"]


@pytest.mark.parametrize(
    ("problem", "status", "says"),
    [
        (InvalidInput("This is no text."), JobStatus.FAILED, "This is no text."),
        (sandbox.Fault("A fault of our own."), JobStatus.FAILED, "A fault of our own."),
        (KeyError("inner"), JobStatus.FAILED, "Recto made a mistake (KeyError)"),
        (Unavailable("The system ended the work."), JobStatus.QUEUED, "The system ended the work."),
    ],
    ids=["refused", "our fault", "unexpected", "may pass"],
)
def test_what_fails_says_why_and_only_what_may_pass_is_tried_again(
    database, ask, look, titles, monkeypatch, caplog, problem, status, says
):
    monkeypatch.setattr(reading, "draft_cards", fails(problem))
    job_id = ask()

    Worker(database).work_off()

    job = look(job_id)
    assert job.status is status
    assert says in (job.problem or job.doing)
    assert titles() == []
    assert ("inner" in caplog.text) is isinstance(problem, KeyError)


def test_what_cannot_be_stored_now_is_tried_again_and_nothing_of_it_is_kept(database, ask, look, titles, monkeypatch):
    monkeypatch.setattr(reading, "draft_cards", gives(make.reading()))
    store = library.add_document

    def store_and_fail(*given, **named):
        store(*given, **named)
        raise Unavailable("The disk is full.")

    monkeypatch.setattr(library, "add_document", store_and_fail)
    job_id = ask()

    Worker(database).work_off()

    assert look(job_id).doing == "The disk is full."
    assert titles() == []


def test_a_lost_original_is_told(database, ask, look):
    job_id = ask()
    (file,) = database.media.files()
    file.path.unlink()

    Worker(database).work_off()

    assert "missing" in look(job_id).problem


def test_a_cancelled_job_is_ended_in_the_middle(database, owner, ask, look, titles, monkeypatch):
    started = threading.Event()
    monkeypatch.setattr(reading, "draft_cards", waits(started))
    job_id, worker = ask(), Worker(database)
    thread = worker.start()
    worker.wake()
    assert started.wait(PATIENCE_SECONDS)

    with database.writing() as session:
        jobs.cancel(session, owner, job_id, now=NOW)

    wait_until(lambda: look(job_id).status is JobStatus.CANCELLED)
    worker.end()
    thread.join(PATIENCE_SECONDS)
    assert titles() == []


def test_a_worker_that_is_told_to_end_gives_its_job_back(database, ask, look, monkeypatch):
    started = threading.Event()
    monkeypatch.setattr(reading, "draft_cards", waits(started))
    job_id, worker = ask(), Worker(database)
    thread = worker.start()
    assert started.wait(PATIENCE_SECONDS)
    wait_until(lambda: look(job_id).doing == "Finding sentences")

    worker.end()
    thread.join(PATIENCE_SECONDS)

    assert not thread.is_alive()
    assert look(job_id).status is JobStatus.QUEUED


def test_a_worker_that_was_held_up_for_too_long_stores_nothing(database, ask, look, titles, monkeypatch):
    ask()

    def draft_cards(*_, **__):
        with database.writing() as session:  # meanwhile another one takes over, and finds nothing in it
            (other,) = [jobs.claim(session, now=NOW + timedelta(days=9999))]
            jobs.fail(session, other, "Another worker has read it.", now=NOW)
        return make.reading()

    monkeypatch.setattr(reading, "draft_cards", draft_cards)
    Worker(database).work_off()

    assert titles() == []
    assert look(1).problem == "Another worker has read it."


def test_a_worker_outlives_a_library_that_cannot_be_used_for_a_while(database, ask, look, monkeypatch, caplog):
    monkeypatch.setattr(reading, "draft_cards", gives(make.reading()))
    monkeypatch.setattr("quizapp.worker.loop.RECOVERY_SECONDS", 0.01)
    claim, refusals = jobs.claim, [Unavailable("The disk is full."), KeyError("inner"), Unavailable("Busy.")]

    def sometimes(session, *, now):
        if refusals:
            raise refusals.pop()
        return claim(session, now=now)

    monkeypatch.setattr(jobs, "claim", sometimes)
    job_id, worker = ask(), Worker(database)
    thread = worker.start()

    wait_until(lambda: look(job_id).status is JobStatus.DONE)
    worker.end()
    thread.join(PATIENCE_SECONDS)
    assert "The disk is full." in caplog.text


def test_several_workers_do_each_job_once(database, owner, ask, look, titles, monkeypatch):
    read, lock = [], threading.Lock()

    def draft_cards(_data, filename, **_):
        with lock:
            read.append(filename)
        time.sleep(0.01)
        return make.reading(text=f"{make.TEXT} {filename}", title=filename)

    monkeypatch.setattr(reading, "draft_cards", draft_cards)
    names = [f"{number}.md" for number in range(20)]
    asked = [ask(name) for name in names]
    threads = [threading.Thread(target=Worker(database).work_off) for _ in range(4)]

    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(read) == sorted(names)
    assert sorted(titles()) == sorted(names)
    assert {look(job_id).status for job_id in asked} == {JobStatus.DONE}


def test_the_lease_is_renewed_while_the_child_says_nothing(database, ask, look, monkeypatch):
    renewed, report = threading.Event(), jobs.report
    monkeypatch.setattr("quizapp.worker.watch.BEAT_SECONDS", 0.05)
    monkeypatch.setattr(reading, "draft_cards", waits(threading.Event()))
    seen = []

    def note(session, held, **given):
        seen.append(given["now"])
        if len(seen) > 2:
            renewed.set()
        return report(session, held, **given)

    monkeypatch.setattr(jobs, "report", note)
    ask()
    worker = Worker(database)
    thread = worker.start()

    assert renewed.wait(PATIENCE_SECONDS)
    worker.end()
    thread.join(PATIENCE_SECONDS)
    assert seen == sorted(seen)
    assert max(seen) - min(seen) < LEASE


@pytest.mark.slow
def test_a_document_is_really_read(database, ask, look, titles):
    job_id = ask()

    Worker(database).work_off()

    assert look(job_id).status is JobStatus.DONE
    assert titles() == ["Cells"]


@pytest.mark.slow
def test_a_deck_is_packed_as_the_page_packs_it(database, owner, look):
    with database.writing() as session:
        added = make.added(session, owner, keep_ready=True)
        job_id = transfer.ask_export(session, owner, added.deck_id, now=NOW)
        expected = transfer.export_deck(session, owner, added.deck_id, now=NOW)

    Worker(database).work_off()

    job = look(job_id)
    assert job.result == {"filename": "Cells.apkg", "notes": 2, "problems": []}
    with database.reading() as session:
        made = jobs.made(session, owner, job_id)
    assert abs(len(made) - len(expected.data)) < 200


def test_a_deck_that_is_not_there_is_told(database, owner, look):
    with database.writing() as session:
        job_id = jobs.ask(session, owner, ToExport(999).task("Gone"), now=NOW)

    Worker(database).work_off()

    assert "There is no such deck" in look(job_id).problem


@pytest.fixture
def ask_for(database, owner):
    def asked(url):
        with database.writing() as session:
            return jobs.ask(session, owner, ToRead(url=url).task_of_fetching(), now=NOW)

    return asked


def test_a_page_is_fetched_read_and_remembers_its_address(database, owner, ask_for, look, monkeypatch):
    read = []
    monkeypatch.setattr(reading, "draft_cards", lambda *given, **_: read.append(given) or make.reading())
    job_id = ask_for("https://example.org/a")
    found = Fetched(TEXT, "cells.html", "text/html", "https://example.org/cells")

    Worker(database, fetch=gives(found)).work_off()

    assert read == [(TEXT, "cells.html")]
    with database.reading() as session:
        document = library.document(session, owner, look(job_id).result["document_id"])
    assert (document.filename, document.url) == ("cells.html", "https://example.org/cells")


def test_a_refusal_to_fetch_is_what_the_job_says(database, ask_for, look):
    refused, later = ask_for("https://example.org/a"), ask_for("https://example.org/b")

    def fetch(url, **_):
        raise InvalidInput("It is closed.") if url.endswith("a") else Unavailable("It is busy.")

    Worker(database, fetch=fetch).work_off()

    assert (look(refused).status, look(refused).problem) == (JobStatus.FAILED, "It is closed.")
    assert (look(later).status, look(later).doing) == (JobStatus.QUEUED, "It is busy.")


def test_where_fetching_is_switched_off_a_worker_does_not_do_it_either(database, ask_for, look):
    job_id = ask_for("https://example.org/a")

    Worker(database, fetch=fetching.chosen(may_fetch=False)).work_off()

    assert "switched off" in look(job_id).problem


def test_each_document_of_an_archive_is_read_for_itself(database, owner, look, titles, monkeypatch):
    def draft_cards(data, filename, **_):
        return make.reading(text=f"{make.TEXT} {data.decode()}", title=filename)

    monkeypatch.setattr(reading, "draft_cards", draft_cards)
    packed = make.archive(("a.md", b"one"), ("b/c.txt", b"two"), ("d.png", b"\x89PNG"))
    with database.writing() as session:
        task = ToRead("all.zip", title="Mine", deck_name="Sea").task(packed)
        job_id = jobs.ask(session, owner, task, data=packed, now=NOW)

    Worker(database).work_off()

    assert look(job_id).result == {"documents": 2, "problems": ["Left out, files of other kinds: “d.png”."]}
    assert sorted(titles()) == ["a.md", "c.txt"]


def test_an_archive_of_one_document_is_that_document(database, owner, look, monkeypatch):
    read = []
    monkeypatch.setattr(reading, "draft_cards", lambda *given, **_: read.append(given) or make.reading())
    packed = make.archive(("a.md", b"one"), ("d.png", b"\x89PNG"))
    with database.writing() as session:
        job_id = jobs.ask(session, owner, ToRead("all.zip").task(packed), data=packed, now=NOW)

    Worker(database).work_off()

    assert read == [(b"one", "a.md")]
    with database.reading() as session:
        document = library.document(session, owner, look(job_id).result["document_id"])
    assert (document.filename, document.problems) == ("a.md", ("Left out, files of other kinds: “d.png”.",))
