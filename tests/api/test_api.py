import io
import json
import re
from pathlib import Path

import pytest
from sqlalchemy import text

from quizapp.clock import utcnow
from quizapp.domain.permissions import Actor
from quizapp.services import accounts, api_tokens
from tests.api.conftest import TEXT, long_ago
from tests.services import people
from tests.web import harbour

DOCS = (Path(__file__).parents[2] / "docs" / "api.md").read_text()


def test_decks_are_listed(ask, add):
    add(title="Harbour at night", keep_ready=True)

    response = ask("/api/decks")

    (deck,) = response.json["decks"]
    assert response.status_code == 200
    assert (deck["name"], deck["cards"], deck["documents"]) == ("Harbour at night", 6, ["Harbour at night"])
    assert "no-store" in response.headers["Cache-Control"]


def test_cards_of_a_deck_have_their_source(ask, add):
    added = add(keep_ready=True)

    told = ask(f"/api/decks/{added.deck_id}/cards").json

    card = told["cards"][0]
    assert (told["page"], told["pages"], told["deck"]["id"], len(told["cards"])) == (1, 1, added.deck_id, 6)
    assert (card["question"], card["kind"], card["source"]["quote"]) == (
        "What is a berth?",
        "basic",
        harbour.DEFINITION,
    )


@pytest.mark.parametrize(
    "sent",
    [
        {"json": {"text": TEXT, "title": "Quay", "deck": "Ports::Quay", "keep_ready": True}},
        {"data": {"text": TEXT, "title": "Quay", "deck": "Ports::Quay", "keep_ready": "yes"}},
        {"data": {"file": (TEXT, "quay.md"), "title": "Quay", "deck": "Ports::Quay", "keep_ready": "yes"}},
    ],
    ids=["json", "form", "file"],
)
def test_a_document_becomes_a_job_and_cards(ask, token, sent):
    if "file" in sent.get("data", {}):
        sent = {"data": {**sent["data"], "file": (io.BytesIO(TEXT.encode()), "quay.md")}}

    begun = ask("/api/documents", method="POST", shown=token(writes=True), **sent)
    job = ask(begun.headers["Location"]).json

    assert begun.status_code == 202
    assert begun.json == {"job": job["id"], "url": f"/api/jobs/{job['id']}"}
    assert (job["kind"], job["title"], job["status"], job["share"], job["problem"]) == (
        "read",
        "Quay",
        "done",
        1.0,
        None,
    )
    decks = {deck["name"]: deck["cards"] for deck in ask("/api/decks").json["decks"]}
    assert decks["Ports::Quay"] > 0


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"json": {"text": "  "}}, "no document"),
        ({"json": {}}, "no document"),
        ({"json": ["text"]}, "JSON object"),
        ({"json": {"text": 7}}, "text is no text"),
        ({"data": "{", "content_type": "application/json"}, "cannot be read"),
        ({"data": "[" * 100_000, "content_type": "application/json"}, "cannot be read"),
        ({"data": '{"text": "half \\ud800"}', "content_type": "application/json"}, "text is no text"),
        ({"data": '{"text": "x", "title": "\\udfff"}', "content_type": "application/json"}, "title is no text"),
        ({"data": {"text": "x", "deck": "a" * 500}}, "deck"),
    ],
)
def test_what_is_no_document_is_refused_with_a_sentence(ask, token, sent, said):
    response = ask("/api/documents", method="POST", shown=token(writes=True), **sent)

    assert 400 <= response.status_code < 500
    assert said in response.json["error"]


def test_a_document_that_is_too_large_is_refused_in_json(ask, token):
    response = ask("/api/documents", method="POST", shown=token(writes=True), data={"text": "x" * (21 * 1024 * 1024)})

    assert response.status_code == 413
    assert "20 MB" in response.json["error"]


def test_a_token_that_may_read_changes_nothing(ask, database):
    response = ask("/api/documents", method="POST", json={"text": TEXT})

    with database.reading() as session:
        assert session.execute(text("SELECT count(*) FROM job")).scalar_one() == 0
    assert response.status_code == 403
    assert "may read alone" in response.json["error"]


@pytest.mark.parametrize("shown", ["", "x", "recto_" + "x" * 43, "x" * 10_000])
def test_without_a_token_that_works_nothing_is_told(ask, add, shown):
    add(keep_ready=True)

    for path in ("/api/decks", "/api/decks/1/cards", "/api/jobs/1", "/api/nothing"):
        response = ask(path, headers={"Authorization": f"Bearer {shown}"})
        assert response.status_code == 401
        assert response.headers["WWW-Authenticate"] == "Bearer"
        assert "Settings, API tokens" in response.json["error"]


def test_a_cookie_is_no_token(visitor, add):
    add(keep_ready=True)
    visitor.visit("/")

    assert visitor.client.get("/api/decks").status_code == 401
    assert visitor.client.post("/api/documents", json={"text": TEXT}).status_code == 401


def test_a_token_sends_no_form(site, token):
    response = site.test_client().post("/decks", headers={"Authorization": f"Bearer {token(writes=True)}"})

    assert response.status_code == 403


def test_a_token_that_has_expired_works_no_more(ask, token):
    assert ask("/api/decks", shown=token(days=30, now=long_ago())).status_code == 401


def test_a_token_that_was_revoked_works_no_more(ask, token, database):
    shown, owner = token(), Actor(1)
    with database.writing() as session:
        (listed,) = api_tokens.living(session, owner, now=utcnow())
        api_tokens.revoke(session, owner, listed.id, now=utcnow())

    assert ask("/api/decks", shown=shown).status_code == 401


def test_a_token_ends_with_the_account(ask, token, database):
    with database.writing() as session:
        ines = people.first(session, now=utcnow())
        ben = people.another(session, ines, now=utcnow())
    shown = token(actor=ben)
    before = ask("/api/decks", shown=shown).status_code

    with database.writing() as session:
        accounts.close(session, ines, ben.learner_id, now=utcnow())
        accounts.reopen(session, ines, ben.learner_id)

    assert (before, ask("/api/decks", shown=shown).status_code) == (200, 401)


def test_what_belongs_to_somebody_else_is_not_there(ask, token, add, database):
    added = add(keep_ready=True)
    with database.writing() as session:
        ben = people.another(session, people.first(session, now=utcnow()), now=utcnow())
    shown = token(actor=ben)

    assert ask("/api/decks", shown=shown).json == {"decks": []}
    response = ask(f"/api/decks/{added.deck_id}/cards", shown=shown)
    assert response.status_code == 404
    assert response.json["error"].startswith("There is no such deck")


def test_a_fault_of_ours_is_told_in_json(site, ask, monkeypatch):
    site.testing = False
    monkeypatch.setitem(site.view_functions, "api.decks", lambda: 1 / 0)

    response = ask("/api/decks")

    assert response.status_code == 500
    assert "ZeroDivisionError" not in response.json["error"]


def test_an_address_that_is_not_there_is_told_in_json(ask):
    assert ask("/api/nothing").status_code == 404
    assert "docs/api.md" in ask("/api/nothing").json["error"]


@pytest.mark.parametrize("number", [2**63 - 1, 2**63, "9" * 5_000])
def test_a_number_that_nothing_can_have_is_told_like_one_that_nothing_has(ask, number):
    told = ask("/api/jobs/987654321")

    assert (ask(f"/api/jobs/{number}").status_code, ask(f"/api/jobs/{number}").json) == (404, told.json)


def test_use_is_noted(ask, token, database):
    ask("/api/decks", shown=token())

    with database.reading() as session:
        (listed,) = api_tokens.living(session, Actor(1), now=utcnow())
    assert listed.last_used is not None


def test_every_address_of_the_api_is_documented(site):
    there = {
        f"{method} {re.sub(r'<[^>]+>', '<id>', rule.rule)}"
        for rule in site.url_map.iter_rules()
        if rule.endpoint.startswith("api.") and rule.endpoint != "api.nothing"
        for method in rule.methods & {"GET", "POST"}
    }

    assert there == set(re.findall(r"^## `([A-Z]+ [^`]+)`", DOCS, re.MULTILINE))


def test_what_is_documented_is_what_is_sent(ask, add):
    add(keep_ready=True)
    told = [json.loads(one) for one in re.findall(r"```json\n(.*?)```", DOCS, re.DOTALL)]

    card = ask("/api/decks/1/cards").json["cards"][0]

    assert set(ask("/api/decks").json["decks"][0]) == set(told[0]["decks"][0])
    assert set(card) == set(told[1]["cards"][0])
    assert set(card["source"]) == set(told[1]["cards"][0]["source"])
