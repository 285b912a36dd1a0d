from datetime import timedelta

import pytest

from quizapp.db.engine import media_of
from quizapp.domain.jobs import MOST_ATTEMPTS, JobStatus, pause_after
from quizapp.domain.permissions import Actor, LearnerId
from quizapp.errors import Conflict, InvalidInput, NotFound
from quizapp.services import checking, jobs, trash
from quizapp.services.jobs import LEASE, Result, Standing
from quizapp.services.tasks import ToExport, ToRead
from tests.make import NOW

SECOND = timedelta(seconds=1)
TEXT = b"A berth is the place where a ship lies."


@pytest.fixture
def ask(session, owner):
    """Ask for a document to be read, and return the job."""

    def asked(name="harbour.md", *, now=NOW):
        return jobs.ask(session, owner, ToRead(name).task(TEXT), data=TEXT, now=now)

    return asked


def nothing_to_store(_session, _now):
    return Result({"document_id": 1, "already_there": False})


def finished(session, held, now=NOW):
    return jobs.finish(session, held, nothing_to_store, now=now)


def status(session, owner, job_id):
    return jobs.look(session, owner, job_id).status


def test_jobs_are_taken_in_the_order_in_which_they_were_asked_for(session, ask):
    asked = [ask(f"{number}.md", now=NOW) for number in range(3)]

    taken = [jobs.claim(session, now=NOW).job_id for _ in range(3)]

    assert taken == asked
    assert jobs.claim(session, now=NOW) is None


def test_a_worker_gets_what_was_asked_for_and_who_asked(session, owner):
    task = ToRead("harbour.md", title="Harbour", deck_name="Sea::Harbour", keep_ready=True).task(TEXT)
    jobs.ask(session, owner, task, data=TEXT, now=NOW)

    held = jobs.claim(session, now=NOW)

    assert held.actor == owner
    assert ToRead(**held.task.given) == ToRead("harbour.md", "Harbour", "Sea::Harbour", keep_ready=True)
    assert media_of(session).get(held.task.file) == TEXT


def test_a_file_name_that_is_no_text_is_kept_as_far_as_it_is(session, ask):
    ask("caf\udce9.md")

    assert jobs.claim(session, now=NOW).task.given["filename"] == "caf?.md"


@pytest.mark.parametrize(
    ("wanted", "data"),
    [
        (ToRead("a.md"), b"\x89PNG\r\n"),
        (ToRead("a.md"), bytes((20 << 20) + 1)),
        (ToRead("a.md", deck_name="A::"), TEXT),
    ],
    ids=["a picture", "too large", "no deck's name"],
)
def test_what_can_be_refused_at_sight_is_not_queued(wanted, data):
    with pytest.raises(InvalidInput):
        wanted.task(data)


def test_asked_for_twice_it_is_done_once_until_it_is_over(session, owner, ask):
    first = ask()

    assert ask() == first
    assert ask("other.md") != first
    held = jobs.claim(session, now=NOW)
    assert ask() == first
    finished(session, held)
    assert ask() != first


def test_what_runs_is_taken_by_nobody_else_while_its_lease_is_renewed(session, ask):
    ask()
    held = jobs.claim(session, now=NOW)

    for beat in range(1, 20):
        now = NOW + beat * LEASE / 2
        assert jobs.claim(session, now=now) is None
        assert jobs.report(session, held, share=beat / 20, doing="Reading", now=now) is Standing.MINE


def test_progress_is_seen(session, owner, ask):
    job_id = ask()
    held = jobs.claim(session, now=NOW)

    jobs.report(session, held, share=1.4, doing="Finding sentences", now=NOW)

    view = jobs.look(session, owner, job_id)
    assert (view.status, view.share, view.doing) == (JobStatus.RUNNING, 1.0, "Finding sentences")


def test_when_the_lease_has_ended_another_worker_takes_over_and_the_first_can_do_nothing(session, owner, ask):
    job_id = ask()
    stale = jobs.claim(session, now=NOW)
    assert jobs.claim(session, now=NOW + LEASE - SECOND) is None
    held = jobs.claim(session, now=NOW + LEASE)

    assert (held.job_id, held.attempts) == (job_id, 2)
    before = jobs.look(session, owner, job_id)
    assert jobs.standing(session, stale) is Standing.LOST
    assert jobs.report(session, stale, share=0.9, doing="Late", now=NOW + LEASE) is Standing.LOST
    assert finished(session, stale) is Standing.LOST
    jobs.fail(session, stale, "Late.", now=NOW)
    jobs.try_later(session, stale, "Late.", now=NOW)
    jobs.release(session, stale, now=NOW)
    jobs.stop(session, stale, now=NOW)
    jobs.forget(session, stale, now=NOW)
    assert jobs.look(session, owner, job_id) == before
    assert finished(session, held) is Standing.MINE


def test_a_job_that_is_lost_stores_nothing(session, ask):
    ask()
    stale = jobs.claim(session, now=NOW)
    jobs.claim(session, now=NOW + LEASE)
    stored = []

    assert jobs.finish(session, stale, lambda *_: stored.append(1), now=NOW + LEASE) is Standing.LOST
    assert stored == []


def test_a_job_that_is_lost_while_it_is_stored_is_refused(session, ask):
    ask()
    held = jobs.claim(session, now=NOW)

    def store(session, now):
        jobs.claim(session, now=now + LEASE)
        return Result({})

    with pytest.raises(Conflict, match="taken this over"):
        jobs.finish(session, held, store, now=NOW)


def test_a_job_whose_worker_is_killed_every_time_fails_in_the_end(session, owner, ask):
    job_id = ask()
    for attempt in range(MOST_ATTEMPTS):
        assert jobs.claim(session, now=NOW + attempt * LEASE).attempts == attempt + 1

    assert jobs.claim(session, now=NOW + MOST_ATTEMPTS * LEASE) is None
    view = jobs.look(session, owner, job_id)
    assert view.status is JobStatus.FAILED
    assert "5 times" in view.problem


def test_what_may_pass_is_tried_again_later_and_later(session, owner, ask):
    job_id, now = ask(), NOW
    for attempt in range(1, MOST_ATTEMPTS):
        held = jobs.claim(session, now=now)
        jobs.try_later(session, held, "The disk is full.", now=now)
        view = jobs.look(session, owner, job_id)
        assert (view.status, view.doing) == (JobStatus.QUEUED, "The disk is full.")
        assert jobs.claim(session, now=now + pause_after(attempt) - SECOND / 10) is None
        now += pause_after(attempt)

    jobs.try_later(session, jobs.claim(session, now=now), "The disk is full.", now=now)
    view = jobs.look(session, owner, job_id)
    assert (view.status, view.problem) == (JobStatus.FAILED, "The disk is full.")


def test_others_are_not_held_up_by_a_job_that_is_to_be_tried_later(session, ask):
    first, second = ask("first.md"), ask("second.md")
    jobs.try_later(session, jobs.claim(session, now=NOW), "Busy.", now=NOW)

    assert jobs.claim(session, now=NOW).job_id == second
    assert jobs.claim(session, now=NOW + pause_after(1)).job_id == first


def test_a_job_given_back_is_there_at_once_and_that_was_no_attempt(session, ask):
    job_id = ask()
    jobs.release(session, jobs.claim(session, now=NOW), now=NOW)

    held = jobs.claim(session, now=NOW)

    assert (held.job_id, held.attempts) == (job_id, 1)


def test_a_job_that_waits_is_cancelled_at_once(session, owner, ask):
    job_id = ask()

    jobs.cancel(session, owner, job_id, now=NOW)

    assert status(session, owner, job_id) is JobStatus.CANCELLED
    assert jobs.claim(session, now=NOW) is None


def test_a_job_that_runs_is_told_that_it_is_cancelled_and_stores_nothing(session, owner, ask):
    job_id = ask()
    held = jobs.claim(session, now=NOW)

    assert jobs.cancel(session, owner, job_id, now=NOW).is_ending
    assert jobs.standing(session, held) is Standing.CANCELLED
    assert jobs.report(session, held, share=0.5, doing="Reading", now=NOW) is Standing.CANCELLED
    assert jobs.finish(session, held, None, now=NOW) is Standing.CANCELLED
    assert status(session, owner, job_id) is JobStatus.CANCELLED


def test_a_job_that_was_cancelled_and_then_lost_its_worker_is_not_begun_anew(session, owner, ask):
    job_id = ask()
    jobs.claim(session, now=NOW)
    jobs.cancel(session, owner, job_id, now=NOW)

    assert jobs.claim(session, now=NOW + LEASE) is None
    assert status(session, owner, job_id) is JobStatus.CANCELLED


def test_cancelling_can_be_taken_back(session, owner, ask):
    waiting, running = ask("waiting.md"), ask("running.md")
    jobs.cancel(session, owner, waiting, now=NOW)
    held = jobs.claim(session, now=NOW)
    jobs.cancel(session, owner, running, now=NOW)

    jobs.try_again(session, owner, waiting, now=NOW)
    jobs.try_again(session, owner, running, now=NOW)

    assert jobs.standing(session, held) is Standing.MINE
    assert jobs.claim(session, now=NOW).job_id == waiting


def test_a_failed_job_can_be_tried_again_from_the_beginning(session, owner, ask):
    job_id = ask()
    jobs.fail(session, jobs.claim(session, now=NOW), "This is no text.", now=NOW)
    assert jobs.look(session, owner, job_id).problem == "This is no text."

    jobs.try_again(session, owner, job_id, now=NOW)

    assert jobs.claim(session, now=NOW).attempts == 1
    assert jobs.look(session, owner, job_id).problem == ""


def test_what_is_done_or_being_done_is_not_tried_again(session, owner, ask):
    job_id = ask()
    held = jobs.claim(session, now=NOW)
    with pytest.raises(Conflict):
        jobs.try_again(session, owner, job_id, now=NOW)

    finished(session, held)
    with pytest.raises(Conflict):
        jobs.try_again(session, owner, job_id, now=NOW)


def test_jobs_asked_for_before_the_clock_was_set_back_are_done(session, ask):
    job_id = ask(now=NOW + timedelta(days=1))

    assert jobs.claim(session, now=NOW).job_id == job_id


def test_who_waits_sees_how_many_come_first(session, owner, ask):
    asked = [ask(f"{number}.md") for number in range(3)]

    assert [jobs.look(session, owner, job_id).ahead for job_id in asked] == [0, 1, 2]


def test_in_sight_is_what_is_not_over_what_failed_and_what_can_be_fetched(session, owner, ask):
    names = ["done", "failed", "cancelled", "made", "waits"]
    for name in names:
        ask(f"{name}.md")
    finished(session, jobs.claim(session, now=NOW))
    jobs.fail(session, jobs.claim(session, now=NOW), "No.", now=NOW)
    jobs.cancel(session, owner, 3, now=NOW)
    jobs.finish(session, jobs.claim(session, now=NOW), lambda *_: Result({}, "a" * 64), now=NOW)

    assert [job.title for job in jobs.in_sight(session, owner)] == ["failed.md", "made.md", "waits.md"]


def test_of_too_many_jobs_the_newest_are_in_sight(session, owner, ask, monkeypatch):
    monkeypatch.setattr(jobs, "IN_SIGHT", 2)
    for number in range(3):
        ask(f"{number}.md")

    assert [job.title for job in jobs.in_sight(session, owner)] == ["1.md", "2.md"]


def test_a_made_file_is_handed_out_until_it_is_put_away(session, owner):
    job_id = jobs.ask(session, owner, ToExport(1).task("Cells"), now=NOW)
    made = media_of(session).put(b"package")
    jobs.finish(session, jobs.claim(session, now=NOW), lambda *_: Result({}, made), now=NOW)

    assert jobs.made(session, owner, job_id) == b"package"
    jobs.cancel(session, owner, job_id, now=NOW)
    assert jobs.in_sight(session, owner) == []


def test_jobs_of_others_are_not_there(session, owner, ask):
    job_id, stranger = ask(), Actor(LearnerId(owner.learner_id + 1))

    for act in (jobs.look, jobs.made):
        with pytest.raises(NotFound):
            act(session, stranger, job_id)
    for act in (jobs.cancel, jobs.try_again):
        with pytest.raises(NotFound):
            act(session, stranger, job_id, now=NOW)
    assert jobs.in_sight(session, stranger) == []


@pytest.mark.parametrize(
    ("end", "kept"),
    [(JobStatus.DONE, jobs.KEPT), (JobStatus.CANCELLED, jobs.KEPT), (JobStatus.FAILED, jobs.FAILED_KEPT)],
    ids=lambda value: value.value if isinstance(value, JobStatus) else str(value),
)
def test_files_stay_with_their_jobs_and_go_after_them(session, owner, ask, end, kept):
    job_id = ask()
    written = max(file.written for file in media_of(session).files())
    much_later = written + timedelta(days=60)
    assert trash.collect(session, now=much_later) == 0
    assert checking.check(session, now=much_later).faults == ()

    held = jobs.claim(session, now=NOW)
    match end:
        case JobStatus.DONE:
            finished(session, held)
        case JobStatus.FAILED:
            jobs.fail(session, held, "No.", now=NOW)
        case _:
            jobs.stop(session, held, now=NOW)
    assert jobs.forget_old(session, now=NOW + kept - SECOND) == 0
    assert trash.collect(session, now=much_later) == 0
    assert jobs.forget_old(session, now=NOW + kept + SECOND) == 1
    assert trash.collect(session, now=much_later) == 1
    with pytest.raises(NotFound):
        jobs.look(session, owner, job_id)


def test_what_waits_is_never_forgotten(session, ask):
    ask()

    assert jobs.forget_old(session, now=NOW + timedelta(days=365)) == 0


def test_a_missing_file_of_a_job_is_a_fault(session, ask):
    ask()
    (file,) = media_of(session).files()
    file.path.unlink()

    assert any("harbour.md" in fault for fault in checking.check(session, now=NOW).faults)


@pytest.mark.parametrize("url", ["http://0x7f.1/", "file:///etc/passwd", "https://ada@example.org/"])
def test_an_address_that_cannot_be_one_is_not_queued(url):
    with pytest.raises(InvalidInput):
        ToRead(url=url).task_of_fetching()


def test_an_address_is_queued_once_under_its_own_name(session, owner):
    task = ToRead(url="https://example.org/a").task_of_fetching()

    first = jobs.ask(session, owner, task, now=NOW)

    assert jobs.ask(session, owner, task, now=NOW) == first
    assert jobs.look(session, owner, first).title == "https://example.org/a"
