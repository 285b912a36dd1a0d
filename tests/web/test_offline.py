import json
import re
from dataclasses import replace
from uuid import uuid4

import pytest

from quizapp.clock import utcnow
from quizapp.services import accounts, study
from quizapp.web.offline import WORKER
from tests.web import harbour

DAY = 24 * 3_600_000


@pytest.fixture
def pack(visitor, add):
    """The pack of a library with six cards never seen."""
    add(keep_ready=True)
    return json.loads(visitor.client.get("/study/pack").data)


@pytest.fixture
def send(visitor):
    """Return a function that sends answers as a page that has kept them does."""

    def send(*answers, ahead=0):
        told = {"sent": milliseconds() + ahead, "answers": answers}
        return visitor.send("/study/reviews", reviews=json.dumps(told))

    return send


@pytest.fixture
def studied(database):
    """Return a function that tells how many answers were given today."""

    def answers():
        with database.reading() as session:
            actor = accounts.local_owner(session, time_zone="UTC", now=utcnow())
            return study.today(session, actor, now=utcnow()).studied_today

    return answers


def milliseconds():
    return round(utcnow().timestamp() * 1000)


def answer(pack, *, grade=3, **other):
    at = milliseconds() - 1_000
    return {"id": str(uuid4()), "card": pack["cards"][0]["id"], "grade": grade, "at": at, "duration": 6_000, **other}


def test_a_pack_has_both_sides_of_each_card_and_what_each_button_gives(pack):
    first = pack["cards"][0]

    assert "What is a berth?" in first["front"]
    assert "the place where a ship lies" not in first["front"]
    assert "the place where a ship lies" in first["back"]
    assert [button[:3] for button in first["buttons"][0][:3]] == [
        [1, "1 min", 60],
        [2, "6 min", 330],
        [3, "10 min", 600],
    ]
    assert [button[:2] for button in first["buttons"][0][2][3]][3][0] == 4
    assert len(pack["ends"]) == 3
    assert pack["parameters"] == 1


def test_a_pack_is_kept_by_no_cache_on_its_way(visitor):
    response = visitor.client.get("/study/pack")

    assert response.headers["Cache-Control"] == "no-store"
    assert json.loads(response.data)["cards"] == []


def test_what_a_card_says_is_as_safe_in_a_pack_as_on_a_page(visitor, add):
    add(replace(harbour.BERTH, question="What <script>alert(1)</script><b onclick=x>is</b> it?"), keep_ready=True)

    front = json.loads(visitor.client.get("/study/pack").data)["cards"][0]["front"]

    assert "<script" not in front
    assert "onclick" not in front


def test_answers_are_stored_once_however_often_they_are_sent(pack, send, studied):
    batch = [answer(pack), answer(pack, grade=1)]

    first, second = send(*batch).json, send(*batch).json

    assert [one["told"] for one in first["receipts"]] == ["stored", "stored"]
    assert [one["told"] for one in second["receipts"]] == ["known", "known"]
    assert [one["id"] for one in first["receipts"]] == [one["id"] for one in batch]
    assert first["clock"] == ""
    assert studied() == 2


def test_what_was_sent_can_be_taken_back(pack, send, studied):
    once = answer(pack)
    undo = {"id": str(uuid4()), "card": once["card"], "undoes": once["id"], "at": once["at"] + 1}

    assert [one["told"] for one in send(once, undo).json["receipts"]] == ["stored", "stored"]

    assert studied() == 0


def test_an_answer_to_a_card_that_is_not_there_is_refused_with_a_sentence(pack, send):
    (receipt,) = send(answer(pack, card=999_999)).json["receipts"]

    assert receipt["told"] == "refused"
    assert receipt["sentence"].endswith(".")


def test_a_wrong_clock_is_told(pack, send):
    told = send(answer(pack, at=milliseconds() + 2 * DAY), ahead=2 * DAY).json

    assert (
        told["clock"] == "The clock of this device is 2 days ahead. Your answers were counted for when you gave them."
    )


@pytest.mark.parametrize(
    "body",
    [
        "",
        "[]",
        "{}",
        "[" * 100_000,
        '{"sent": 1, "answers": 7}',
        '{"sent": NaN, "answers": []}',
    ],
)
def test_what_is_no_batch_is_refused_and_stores_nothing(visitor, pack, studied, body):
    assert visitor.send("/study/reviews", reviews=body).status_code == 422
    assert studied() == 0


@pytest.mark.parametrize(
    "bad",
    [
        {"grade": 9},
        {"card": True},
        {"grade": None},
        {"at": "yesterday"},
        {"id": "7"},
        {"id": 7},
        {"duration": "long"},
    ],
    ids=str,
)
def test_an_answer_that_cannot_be_read_is_named_and_stops_no_other(pack, send, studied, bad):
    wrong = {**answer(pack), **bad}

    told = send(answer(pack), wrong, 7, answer(pack)).json["receipts"]

    assert [one["told"] for one in told] == ["stored", "stored", "unreadable", "unreadable"]
    assert [one["id"] for one in told[2:]] == [wrong["id"] if wrong["id"] != 7 else None, None]
    assert "cannot be read" in told[2]["sentence"]
    assert studied() == 2


def test_answers_need_the_token_of_a_page(visitor, pack):
    told = json.dumps({"sent": milliseconds(), "answers": [answer(pack)]})

    assert visitor.client.post("/study/reviews", data={"reviews": told}).status_code == 403
    assert visitor.client.post("/study/reviews", data={"reviews": told, "csrf_token": pack["token"]}).status_code == 200


def test_the_page_that_is_kept_is_nobodys(visitor, pack):
    response = visitor.client.get("/study/offline")

    assert "csrf_token" not in response.text
    assert "Set-Cookie" not in response.headers
    assert "berth" not in response.text


def test_all_that_the_service_worker_keeps_is_there(visitor):
    response = visitor.client.get(WORKER)
    told = json.loads(re.match(r"const SHELL = (.+);\n", response.text)[1])

    assert response.content_type.startswith("text/javascript")
    assert response.headers["Cache-Control"] == "no-cache"
    assert [path for path in [told["page"], *told["files"]] if visitor.client.get(path).status_code != 200] == []


def test_every_module_that_another_names_is_kept(visitor):
    kept = visitor.client.get(WORKER).text

    for name in ("device", "page", "queue", "store", "sync"):
        path = f"/static/offline/{name}.js"
        assert f'"{path}"' in kept
        script = visitor.client.get(path)
        assert script.headers["Cache-Control"] == "public, max-age=0"
        for other in re.findall(r'from "\./(\w+\.js)"', script.text):
            assert f'"/static/offline/{other}"' in kept
        for other in re.findall(r'from "\.\./(\w+\.js)"', script.text):
            assert f'"/static/{other}"' in kept


def test_a_device_keeps_what_it_needs_in_the_language_of_its_person(visitor, pack):
    german = {"Accept-Language": "de"}
    english, told = (
        json.loads(visitor.client.get(WORKER, headers=one).text[14:].split(";\n")[0]) for one in ({}, german)
    )

    assert '<html lang="de"' in visitor.client.get(told["page"]).text
    assert english["version"] != told["version"]
    assert pack["language"] == "en"
    assert json.loads(visitor.client.get("/study/pack", headers=german).data)["language"] == "de"
