import io
import re
import zipfile

import pytest

from quizapp.clock import utcnow
from quizapp.errors import InvalidInput, Unavailable
from quizapp.services import accounts, jobs, transfer
from quizapp.services import reading as reading_service
from quizapp.services.tasks import ToExport
from quizapp.worker import Worker
from tests.services.teaming import at_home
from tests.web import harbour
from tests.web.teaming import Crew


@pytest.fixture
def idle(worker, database):
    """Let the site's own worker do nothing; return what does the jobs that wait."""
    worker.end()
    return Worker(database).work_off


@pytest.fixture(autouse=True)
def quick_reading(monkeypatch):
    monkeypatch.setattr(reading_service, "draft_cards", lambda *_, **__: harbour.reading())


@pytest.fixture
def claim(database):
    """Take the next job, as a worker does that is busy with it."""

    def claimed(share=0.4, doing="Finding sentences"):
        with database.writing() as session:
            held = jobs.claim(session, now=utcnow())
            jobs.report(session, held, share=share, doing=doing, now=utcnow())
        return held

    return claimed


def make_cards(visitor, text="anything", **typed):
    visitor.visit("/library/new")
    return visitor.press("Make cards", text=text, **typed)


def poll(visitor, path):
    return visitor.client.get(path, headers={"HX-Request": "true", "HX-Request-Type": "partial"})


def test_while_it_waits_and_runs_the_page_says_how_far_it_is_and_then_leads_on(visitor, idle, claim, database):
    page = make_cards(visitor, title="My harbour")
    assert page.path == "/jobs/1"
    assert "Waits for its turn." in page.text

    held = claim()
    page = visitor.visit("/jobs/1")
    assert "My harbour" in page.text
    assert "Finding sentences." in page.text
    assert 'value="0.4"' in page.html
    assert "/jobs/1" in {link.href for link in page.links if link.text == "Look again"}

    with database.writing() as session:
        jobs.release(session, held, now=utcnow())
    idle()
    assert visitor.visit("/jobs/1").path == "/drafts/1"


def test_the_block_of_a_job_asks_for_itself_until_the_job_is_over(visitor, idle, claim):
    make_cards(visitor)
    waiting = poll(visitor, "/jobs/1").text
    claim()
    running = poll(visitor, "/jobs/1").text
    visitor.visit("/jobs/1")
    visitor.press("Cancel")
    stopping = poll(visitor, "/jobs/1").text

    for block in (waiting, running, stopping):
        assert 'hx-get="/jobs/1" hx-trigger="every' in block
        assert "<html" not in block
        assert 'id="news"' not in block
    assert "Finding sentences" in running
    assert "Stopping." in stopping
    assert "Cancel" not in stopping


def test_a_form_sent_by_a_script_gets_the_block(visitor, idle):
    reply = visitor.send_with_htmx("/library", text="anything")

    assert reply.text.lstrip().startswith('<div class="job running" id="job-1"')


def test_a_form_sent_twice_makes_one_job(visitor, idle):
    assert make_cards(visitor).path == make_cards(visitor).path == "/jobs/1"
    assert make_cards(visitor, text="something else").path == "/jobs/2"
    assert "Waits for 1 other to be done first." in visitor.page.text


def test_what_is_under_way_is_seen_in_the_library_and_then_its_document(visitor, idle, claim):
    make_cards(visitor)
    page = visitor.visit("/library")
    assert "Under way" in page.text
    (poll_at,) = re.findall(r'hx-get="(/library\?jobs=\d)"', page.html)

    same = poll(visitor, poll_at)
    idle()
    after = poll(visitor, poll_at)

    assert same.text.lstrip().startswith('<section class="leaf plain" id="jobs"')
    assert "HX-Retarget" not in same.headers
    assert (after.headers["HX-Retarget"], after.headers["HX-Reswap"]) == ("#main", "innerMorph")
    assert "6 ready to keep" in after.text
    assert "Under way" not in after.text


def test_a_failure_stays_in_the_library_until_it_is_put_away(visitor, monkeypatch):
    def refuse(*_, **__):
        raise InvalidInput("This is no text.")

    monkeypatch.setattr(reading_service, "draft_cards", refuse)
    make_cards(visitor)
    page = visitor.visit("/library")
    assert "This is no text." in page.text
    assert "hx-get" not in page.html.partition('id="jobs"')[2].partition(">")[0]

    visitor.press("Put away")

    assert "This is no text." not in visitor.visit("/library").text


def test_a_failed_job_is_tried_again(visitor, monkeypatch):
    def refuse(*_, **__):
        raise InvalidInput("This is no text.")

    with monkeypatch.context() as patched:
        patched.setattr(reading_service, "draft_cards", refuse)
        make_cards(visitor)

    assert visitor.press("Try again").path == "/drafts/1"


def test_what_may_pass_says_that_it_is_tried_again(visitor, monkeypatch):
    def ended(*_, **__):
        raise Unavailable("The system ended the work.")

    monkeypatch.setattr(reading_service, "draft_cards", ended)

    assert "The system ended the work. It is tried again in a moment." in make_cards(visitor).text


def test_cancelling_can_be_undone_by_a_form(visitor, idle):
    make_cards(visitor)
    page = visitor.press("Cancel")
    assert "Cancelled. Nothing was stored." in page.text

    idle_again = visitor.press("Undo")

    assert "Waits for its turn." in idle_again.text


@pytest.mark.parametrize("path", ["/jobs/7", "/jobs/7/file"])
def test_a_job_that_is_not_there_is_told(visitor, path):
    assert visitor.visit(path).status == 404


def test_a_file_is_not_there_before_it_is_made(visitor, idle):
    make_cards(visitor)

    assert visitor.visit("/jobs/1/file").status == 404


@pytest.mark.parametrize(
    ("typed", "says"),
    [({"deck": "A::"}, "A deck needs a name"), ({"text": "GIF89a ..."}, "This is a picture")],
    ids=["deck", "format"],
)
def test_what_can_be_refused_at_sight_is_refused_at_once(visitor, typed, says):
    visitor.visit("/library/new")
    page = visitor.press("Make cards", **{"text": "anything", **typed})

    assert page.status == 422
    assert says in page.text
    assert "Under way" not in visitor.visit("/library").text


@pytest.mark.slow
def test_a_large_deck_is_packed_by_a_worker_and_fetched(visitor, add, monkeypatch):
    deck = add(keep_ready=True).deck_id
    monkeypatch.setattr(transfer, "LONG", 1)

    visitor.visit(f"/decks/{deck}")
    visitor.follow("Export to Anki")
    page = visitor.press("Export", progress="yes")

    assert "6 notes for Anki." in page.text
    download = next(link.href for link in page.links if link.text == "Download")
    package = visitor.client.get(download)
    assert package.headers["Content-Disposition"] == "attachment; filename=Harbour-handbook.apkg"
    with zipfile.ZipFile(io.BytesIO(package.data)) as archive:
        assert b'"name": "Recto 20' in archive.read("collection.anki2")  # options, which come with progress
    assert "6 notes for Anki." in visitor.visit("/library").text
    visitor.press("Put away")
    assert "6 notes for Anki." not in visitor.visit("/library").text


def test_a_job_of_somebody_else_looks_as_if_it_were_not_there(visitor, idle, database):
    make_cards(visitor)
    with database.writing() as session:
        accounts.local_owner(session, time_zone="UTC", now=utcnow())
        session.connection().exec_driver_sql(
            "insert into learner (id, name, created) values (99, 'Other', '2026-01-01 00:00:00')"
        )
        session.connection().exec_driver_sql("update job set owner_id = 99")

    assert visitor.visit("/jobs/1").status == 404
    assert visitor.send("/jobs/1/cancel").status_code == 404
    assert "Under way" not in visitor.visit("/library").text


def test_who_opened_another_library_meanwhile_still_sees_and_ends_their_own_work(team_site, database):
    crew = Crew(team_site, database)
    with database.writing() as session:
        job_id = jobs.ask(session, at_home(session, crew.people["Mara"]), ToExport(1).task("Harbour"), now=utcnow())
    browser = crew.browsers["Mara"]
    browser.visit(f"/teams/{crew.team_id}")
    browser.press("Open the team's library")

    browser.visit(f"/jobs/{job_id}")
    page = browser.press("Cancel")

    assert "Cancelled" in page.text
