import re
from datetime import timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest

from quizapp.clock import utcnow
from quizapp.db import card_media
from quizapp.db.engine import media_of
from quizapp.domain.assignments import Goal, Late, Told
from quizapp.domain.recurrence import Recurrence, Unit, Window
from quizapp.services import assignments
from tests.services import assigning
from tests.services.assigning import a_team
from tests.services.quizzing import BERTH, GAP, LOCK, QUAY
from tests.web.browsing import Browser
from tests.web.test_media import MP3, PICTURE, PNG, SOUND

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
BERLIN = ZoneInfo("Europe/Berlin")


@pytest.fixture
def team(database):
    with database.writing() as session:
        return a_team(session, BERTH, QUAY, LOCK, GAP)


@pytest.fixture
def as_(site, visitor):
    """Return a function that lets somebody act in this browser."""

    def act(actor):
        site.extensions["owner"] = actor
        return visitor

    return act


@pytest.fixture
def assign(database, team):
    """Return a function that assigns the team's deck, open since an hour; its id."""

    def make(**rules):
        now = utcnow().replace(second=0, microsecond=0)  # as forms have it
        window = Window(now - HOUR, now + DAY, now + 2 * DAY)
        with database.writing() as session:
            return assigning.assign(session, team, at=now, **{"window": window, **rules})

    return make


def written(at):
    return at.astimezone(BERLIN).strftime("%Y-%m-%dT%H:%M")


def test_a_trainer_assigns_with_what_the_form_begins_with_and_a_member_does_it(team, as_):
    trainer = as_(team.trainer)
    empty = trainer.visit(f"/teams/{team.id}/assignments")
    assert "Nothing is assigned yet" in empty.text
    trainer.follow("Assign something")

    made = trainer.press("Assign", of=f"deck-{team.deck_id}", **chosen(mode="typed"))
    assert "Everybody who is to do it sees it on Today." in made.text
    assert re.search(r"Mina Open – –", made.text)

    member = as_(team.mina)
    today = member.visit("/")
    assert re.search(r"Assigned to you Harbour Platform team · due Friday", today.text)
    asked = member.press("Begin")
    assert "Question 1 of 4" in asked.text


def chosen(**other):
    """What radio buttons say when nobody touches them: the test browser sends none."""
    given = {
        "goal": "quiz",
        "mode": "mixed",
        "who": "all",
        "grading": "best",
        "told": "after_attempt",
        "late": "refuse",
    }
    return {**given, **other}


def test_the_preview_says_what_a_member_will_see_and_what_cannot_be(team, as_):
    trainer = as_(team.trainer)
    trainer.visit(f"/teams/{team.id}/assignments/new")

    seen = trainer.press("Preview", of=f"deck-{team.deck_id}", asked="2", minutes="15", **chosen(mode="typed"))
    assert "Of 4 questions on 1 topic, for example:" in seen.text
    assert "Questions 2" in seen.text
    assert "15 minutes" in seen.text
    wrong = trainer.press("Preview", asked="9", **chosen(mode="typed"))
    assert "fewer than the 9 that an attempt should ask" in wrong.text
    assert 'id="asked" name="asked" type="number" min="1" max="200" inputmode="numeric" value="9"' in wrong.html

    part = trainer.send_with_htmx(f"/teams/{team.id}/assignments/preview", opens="tomorrow")
    assert part.status_code == 200
    assert "A day and a time are needed" in part.get_data(as_text=True)


def test_attempts_results_and_what_is_right_go_their_way(team, as_, assign):
    assigned = assign()
    member = as_(team.mina)
    page = member.visit(f"/assignments/{assigned}")
    assert "Attempts 2, the best counts" in page.text
    assert "To pass 80%" in page.text
    member.press("Begin")
    for _ in range(4):
        member.press("Save and go on", typed="nothing of the kind")
    result = member.press("See the result")
    assert "0 of 4 points" in result.text
    assert "Right answer" in result.text
    back = member.follow("Back to the assignment")
    assert "Not passed" in back.text
    assert "Try again" in back.text

    seen = as_(team.trainer).visit(f"/assignments/{assigned}")
    assert "Mina Not passed 0% Attempt 1 of Mina: 0%" in seen.text
    assert "Jonas Open" in seen.text
    attempt = next(link.href for link in seen.links if link.href.startswith("/sittings/"))
    assert "0 of 4 points" in as_(team.trainer).visit(attempt).text
    assert as_(team.jonas).visit(attempt).status == 404


def test_the_answers_are_not_on_the_page_where_they_are_never_told(team, as_, assign):
    assigned = assign(told=Told.NEVER)
    member = as_(team.mina)
    member.visit(f"/assignments/{assigned}")
    member.press("Begin")
    sitting = member.page.path.partition("?")[0]
    result = member.visit(sitting) and member.send(f"{sitting}/finish") and member.visit(sitting)

    assert "Which answers are right is not told here yet." in result.text
    assert "place where a ship lies" not in result.html
    assert "Again with the misses" not in result.text


def test_a_reload_and_a_second_tab_go_on_in_the_same_attempt(team, as_, assign):
    assigned = assign()
    member = as_(team.mina)
    member.visit(f"/assignments/{assigned}")
    first = member.send(f"/assignments/{assigned}/begin").headers["Location"]
    second = member.send(f"/assignments/{assigned}/begin").headers["Location"]

    assert first == second
    assert "Question 1 of 4" in member.visit(first).text


def test_an_answer_after_the_end_is_told_by_the_rule(team, as_, assign, database):
    for rule, words in ((Late.REFUSE, "does not count"), (Late.KEEP, "It is kept, and the attempt is marked as late.")):
        assigned = assign(late=rule, time_limit=HOUR)
        member = as_(team.mina)
        sitting = member.send(f"/assignments/{assigned}/begin").headers["Location"]
        with database.writing() as session:
            session.connection().exec_driver_sql(
                "update sitting set started = datetime(started, '-2 hours'), deadline = datetime(deadline, '-61 minutes')"
                " where finished is null"
            )
        fields = {"answer": uuid4(), "number": 1, "since": 0, "typed": "a bed"}
        late = member.send(f"{sitting}/answer", **fields)

        assert words in member.visit(late.headers["Location"]).text


def test_an_exception_is_given_and_taken_back(team, as_, assign):
    assigned = assign()
    trainer = as_(team.trainer)
    trainer.visit(f"/assignments/{assigned}?person={team.mina.person_id}")
    later = utcnow() + 9 * DAY
    given = trainer.press("Save", due=written(later), more_attempts="2")
    assert "Saved for this person." in given.text
    assert "Attempts 4" in as_(team.mina).visit(f"/assignments/{assigned}").text
    trainer = as_(team.trainer)
    trainer.page = given

    trainer.press("Undo")

    assert "It is as it was before." in trainer.page.text
    assert "Attempts 2" in as_(team.mina).visit(f"/assignments/{assigned}").text


def test_an_assignment_is_edited_and_what_is_unfair_is_refused(team, as_, assign):
    assigned = assign()
    as_(team.mina).send(f"/assignments/{assigned}/begin")
    trainer = as_(team.trainer)
    form = trainer.visit(f"/assignments/{assigned}/edit")
    assert "Somebody has begun." in form.text

    refused = trainer.press("Save", **{"pass": "95"}, **chosen())
    assert refused.status == 409
    assert "a higher pass mark" in refused.text
    trainer.visit(f"/assignments/{assigned}/edit")
    saved = trainer.press("Save", title="Harbour, again", attempts="any", **chosen())

    assert "Harbour, again" in saved.text


def test_a_deleted_assignment_is_offered_back(team, as_, assign):
    assigned = assign()
    trainer = as_(team.trainer)
    trainer.visit(f"/assignments/{assigned}")
    trainer.press("Delete")
    assert trainer.client.get(f"/assignments/{assigned}").status_code == 404

    back = trainer.press("Undo")

    assert "is back, with every result." in back.text
    assert trainer.client.get(f"/assignments/{assigned}").status_code == 200


def test_nobody_else_finds_any_of_it(team, as_, assign):
    assigned = assign()
    for actor, paths in (
        (team.stranger, ("", "/edit")),
        (team.mina, ("/edit",)),
    ):
        visitor = as_(actor)
        for path in paths:
            assert visitor.client.get(f"/assignments/{assigned}{path}").status_code == 404
        assert visitor.send(f"/assignments/{assigned}/delete").status_code == 404
        assert visitor.send(f"/assignments/{assigned}/link", do="open").status_code == 404
        assert visitor.client.get(f"/teams/{team.id}/assignments/new").status_code == 404
    assert as_(team.stranger).client.get(f"/teams/{team.id}/assignments").status_code == 404
    assert as_(team.stranger).client.get("/teams/99/assignments").status_code == 404


def test_a_trainer_looks_at_the_questions_and_how_each_did_and_cannot_spoil_them(team, as_, assign):
    assigned = assign()
    trainer = as_(team.trainer)
    trainer.visit(f"/assignments/{assigned}")

    questions = trainer.follow("Questions")

    assert "What is a berth?" in questions.text
    assert "no answer yet" in questions.text
    assert {button.text for form in questions.forms for button in form.buttons} & {"Start Space", "Delete"} == set()


def test_mastery_says_what_is_left_and_when(team, as_, assign):
    assigned = assign(goal=Goal.MASTERY, told=Told.AT_ONCE, pass_share=None)
    member = as_(team.mina)
    member.visit(f"/assignments/{assigned}")
    member.press("Begin")
    member.press("Check", typed="a place where a ship lies")
    for _ in range(3):
        member.follow("Next question")
        member.press("I don’t know")
    member.press("See the result")

    page = member.follow("Back to the assignment")

    assert "0 of 4 mastered" in page.text
    assert "Answer 3 questions" in page.text


def test_a_deck_with_a_day_is_taken_on(team, as_, assign):
    assigned = assign(goal=Goal.RECALL, window=Window(utcnow() - HOUR, utcnow() + 9 * DAY))
    member = as_(team.mina)
    page = member.visit(f"/assignments/{assigned}")
    assert "To be known 90%" in page.text

    answer = member.send(f"/assignments/{assigned}/study")

    assert answer.headers["Location"] == f"/decks/{team.deck_id}"
    assert "The deck has its day" in member.visit(f"/assignments/{assigned}").text


def test_occurrences_are_leafed_through(team, as_, assign):
    window = Window(utcnow() - 8 * DAY, utcnow() - 7 * DAY)
    assigned = assign(recurrence=Recurrence(1, Unit.WEEK, 4), window=window)
    trainer = as_(team.trainer)

    now = trainer.visit(f"/assignments/{assigned}")
    assert "2 of 4 times" in now.text
    before = trainer.follow("The one before")

    assert "1 of 4 times" in before.text
    assert "Mina Missed" in before.text


@pytest.fixture
def linked(database, team, assign):
    """The address that guests have of an assignment that tells at once."""
    assigned = assign(told=Told.AT_ONCE)
    with database.writing() as session:
        assignments.put_link(session, team.trainer, assigned, "token", now=utcnow())
    return assigned, "/a/token"


def test_a_guest_answers_without_an_account_and_sees_the_result(team, as_, site, linked):
    assigned, address = linked
    as_(team.stranger)
    guest = Browser(site.test_client())
    welcome = guest.visit(address)
    assert "Your name" in welcome.text
    assert "Library" not in welcome.text

    asked = guest.press("Begin", name="Ada Lind")
    assert asked.path.startswith("/a/token/sittings/")
    told = guest.press("Check", typed="a place where a ship lies")
    assert "Correct" in told.text
    assert "see it on the page" not in told.text
    again = guest.visit(address)
    assert "Go on" in again.text
    guest.press("Go on")
    for _ in range(3):
        guest.press("I don’t know")
        if "Next question" in guest.page.text:
            guest.follow("Next question")
    result = guest.press("See the result")
    assert "1 of 4 points" in result.text
    assert "25%" in guest.follow("Back to the assignment").text

    seen = as_(team.trainer).visit(f"/assignments/{assigned}")
    assert "Ada Lind Not passed 25%" in seen.text


def test_a_guest_has_nothing_but_their_own_pages(team, as_, site, linked):
    as_(team.stranger)
    guest, other = Browser(site.test_client()), Browser(site.test_client())
    guest.visit(linked[1])
    guest.press("Begin", name="Ada")
    sitting = guest.page.path

    assert other.visit(sitting).status == 404
    assert other.visit(sitting.removeprefix("/a/token")).status == 404
    missing = other.visit("/a/another-token")
    assert missing.status == 404
    assert "This link leads nowhere any more." in missing.text
    assert "Library" not in missing.text


def test_a_guest_sees_the_pictures_and_hears_the_sounds_of_the_questions(database, site, visitor):
    with database.writing() as session:
        shown = f"What is ![a berth]({PICTURE.address})? ![horn]({SOUND.address})"
        team = a_team(session, {**BERTH, "question": shown})
        for data in (PNG, MP3):
            media_of(session).put(data)
        card_media.put(session, team.library.learner_id, [PICTURE, SOUND])
        now = utcnow()
        window = Window(now - HOUR, now + DAY, now + 2 * DAY)
        assigned = assigning.assign(session, team, at=now, window=window, told=Told.AT_ONCE)
        assignments.put_link(session, team.trainer, assigned, "token", now=utcnow())
    site.extensions["owner"] = team.stranger
    guest = Browser(site.test_client())
    guest.visit("/a/token")

    html = guest.press("Begin", name="Ada").html

    assert f'src="/a/token/{PICTURE.address}" alt="a berth"' in html
    for one, data in ((PICTURE, PNG), (SOUND, MP3)):
        answer = guest.client.get(f"/a/token/{one.address}")
        assert (answer.data, answer.mimetype) == (data, one.media_type)
        assert "sandbox" in answer.headers["Content-Security-Policy"]
        assert guest.client.get(f"/{one.address}").status_code == 404
    assert f'src="/a/token/{SOUND.address}"' in html
    assert guest.client.get(f"/a/token/media/{'a' * 64}.png").status_code == 404
    assert guest.client.get(f"/a/another/{PICTURE.address}").status_code == 404

    site.extensions["owner"] = team.mina
    assert visitor.client.get(f"/{PICTURE.address}").data == PNG
    with database.writing() as session:
        assignments.put_link(session, team.trainer, assigned, None, now=utcnow())
    assert guest.client.get(f"/a/token/{PICTURE.address}").status_code == 404


def test_a_link_is_made_and_closed_on_the_page(team, as_, assign):
    assigned = assign()
    trainer = as_(team.trainer)
    trainer.visit(f"/assignments/{assigned}")
    opened = trainer.press("Make a link")
    (path,) = re.findall(r'value="http://localhost(/a/[^"]+)"', opened.html)
    assert trainer.client.get(path).status_code == 200

    trainer.press("Close the link")

    assert trainer.client.get(path).status_code == 404


def test_who_gives_an_exception_comes_back_to_the_page_and_the_line(team, as_, assign, monkeypatch):
    monkeypatch.setattr(assignments, "LINES", 1)
    assigned, learner = assign(), team.mina.person_id
    trainer = as_(team.trainer)
    second = trainer.visit(f"/assignments/{assigned}?page=2&sort=state&state=not_begun")
    assert "Mina" in second.text
    assert "Jonas" not in second.text

    trainer.visit(f"/assignments/{assigned}?page=2&sort=state&state=not_begun&person={learner}")
    sent = trainer.press("Save", more_attempts="2")

    there = f"/assignments/{assigned}?state=not_begun&sort=state&page=2"
    assert sent.path == there
    assert f"person-{learner}" in sent.ids
    assert trainer.press("Undo").path == there
    fields = {"page": "2", "state": "not_begun", "sort": "state", "zone": "UTC"}
    answer = trainer.send(f"/assignments/{assigned}/people/{learner}", **fields)
    assert answer.headers["Location"] == f"{there}#person-{learner}"


def test_people_are_found_by_name_and_by_how_far_they_are(team, as_, assign, database):
    assigned = assign()
    with database.writing() as session:
        assigning.begin(session, team.mina, assigned, at=utcnow())
    trainer = as_(team.trainer)

    begun = trainer.visit(f"/assignments/{assigned}?state=under_way")
    assert ("Mina" in begun.text, "Jonas" in begun.text) == (True, False)
    assert "Under way 1" in begun.text
    assert "Not begun 1" in begun.text
    assert "Jonas" in trainer.visit(f"/assignments/{assigned}?q=JON").text
    assert "Nobody here is like that." in trainer.visit(f"/assignments/{assigned}?q=jon&state=under_way").text


@pytest.mark.parametrize(
    "asked", ["state=none&sort=up&page=x", "page=-4&guests=999&time=99", "person=99999999999999999999"]
)
def test_an_address_that_asks_for_what_there_is_not_shows_what_there_is(team, as_, assign, asked):
    assert "Mina" in as_(team.trainer).visit(f"/assignments/{assign()}?{asked}").text


def test_lists_say_what_tells_assignments_of_one_deck_apart(team, assign, as_):
    assign()
    assign(goal=Goal.MASTERY)

    today = as_(team.mina).visit("/").text

    assert re.search(r"Harbour Platform team · due [^·]+ · Answer a quiz", today)
    assert re.search(r"Harbour \(2\) Platform team · due [^·]+ · Master every question", today)


def test_whoever_lives_elsewhere_is_told_whose_clocks_the_times_are_by(team, assign, as_):
    here, elsewhere = assign(), assign(zone="Asia/Tokyo")
    member = as_(team.mina)

    assert "Times are by your clocks" not in member.visit(f"/assignments/{here}").text
    told = member.visit(f"/assignments/{elsewhere}").text
    assert re.search(
        r"Times are by your clocks, Europe/Berlin \(UTC\+0[12]:00\)\. By those of Asia/Tokyo \(UTC\+09:00\)", told
    )


def test_a_guest_is_told_whose_clocks_the_times_are_by(site, database, team, assign):
    assignment_id = assign(zone="Asia/Tokyo")
    with database.writing() as session:
        assignments.put_link(session, team.trainer, assignment_id, "secret-token", now=utcnow())

    page = Browser(site.test_client()).visit("/a/secret-token")

    assert "Times are by the clocks of Asia/Tokyo (UTC+09:00)." in page.text
