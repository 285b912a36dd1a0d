"""Who may call what where people sign in, and how they do."""

import re
from datetime import timedelta
from uuid import UUID

import pytest
from argon2 import PasswordHasher
from sqlalchemy import text

from quizapp.clock import utcnow
from quizapp.domain.permissions import Role
from quizapp.services import accounts, invitations, passwords, resets, sign_ins
from quizapp.web import proving
from quizapp.web.acting import DOORS, Door
from tests.services import people
from tests.services.people import PASSWORD
from tests.web.browsing import Browser

INES = {"email": "ines@example.org", "password": PASSWORD}
SAMPLES = {"int": 1, "uuid": UUID(int=1), "": "x", "path": "x"}
COOKIE = "recto_person_80"
PROXY = "https://recto.example"


@pytest.fixture
def ines(database):
    with database.writing() as session:
        return people.first(session, now=utcnow())


@pytest.fixture
def another(team_site):
    """Return a function that opens another browser."""
    return lambda: Browser(team_site.test_client())


@pytest.fixture
def signed_in(guest, ines):
    """A browser in which Ines is signed in."""
    guest.visit("/sign-in")
    guest.press("Sign in", **INES)
    return guest


@pytest.fixture
def clock(monkeypatch):
    """The time by which tries are counted, to be moved."""
    moment = [utcnow()]
    monkeypatch.setattr(proving, "utcnow", lambda: moment[0])

    def move(**time):
        moment[0] += timedelta(**time)

    return move


def token_of(browser):
    cookie = browser.client.get_cookie(COOKIE)
    return cookie and cookie.value


def enter(browser, **typed):
    browser.visit("/sign-in")
    return browser.press("Sign in", **{**INES, **typed})


# Signing in and out


def test_a_person_signs_in_and_lands_where_they_wanted_to_go(guest, ines):
    asked = guest.visit("/decks?page=2")

    page = guest.press("Sign in", **INES)

    assert asked.path == "/sign-in?next=/decks?page%3D2"
    assert page.path == "/decks?page=2"
    assert "All saved" in page.text


@pytest.mark.parametrize(
    "wanted",
    [
        "https://evil.example",
        "//evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "javascript:alert(1)",
        "/\tevil",
        "decks",
        "",
    ],
)
def test_signing_in_leads_to_our_own_pages_alone(guest, ines, wanted):
    token = next(form for form in guest.visit("/sign-in").forms if "password" in form.fields).fields["csrf_token"]

    response = guest.client.post("/sign-in", data={"csrf_token": token, **INES, "next": wanted})

    assert response.headers["Location"] == "/"


def test_one_sentence_for_a_wrong_password_and_an_address_that_nobody_has(guest, ines):
    wrong, unknown = enter(guest, password="wrong"), enter(guest, email="eve@example.org")

    said = [re.search(r'role="alert".*?<span>(.*?)</span>', page.html)[1] for page in (wrong, unknown)]
    assert (wrong.status, unknown.status) == (422, 422)
    assert said[0] == said[1]
    assert 'value="ines@example.org"' in wrong.html
    assert token_of(guest) is None


def test_an_address_that_nobody_has_takes_the_same_work(guest, ines, monkeypatch):
    work = []
    for name in ("hash", "verify"):
        real = getattr(PasswordHasher, name)
        monkeypatch.setattr(
            PasswordHasher, name, lambda *given, real=real, name=name: work.append(name) or real(*given)
        )
    passwords.matches(None, "warm")  # the first of all makes what the others are compared with
    counts = []

    for email in (INES["email"], "eve@example.org"):
        work.clear()
        enter(guest, email=email, password="wrong")
        counts.append(work.copy())

    assert counts == [["verify"], ["verify"]]


def test_signing_out_ends_it_in_this_browser(signed_in):
    token = token_of(signed_in)
    signed_in.visit("/settings")

    page = signed_in.press("Sign out")

    assert "You are signed out." in page.text
    assert token_of(signed_in) is None
    signed_in.client.set_cookie(COOKIE, token)
    assert signed_in.client.get("/").status_code == 303


def test_a_closed_account_cannot_sign_in_and_is_told_nothing(guest, ines, database):
    with database.writing() as session:
        ben = people.another(session, ines, now=utcnow())
        accounts.close(session, ines, ben.learner_id, now=utcnow())

    page = enter(guest, email="ben@example.org")

    assert page.status == 422
    assert "do not belong together" in page.text


def test_a_password_that_was_kept_at_another_cost_is_kept_anew(guest, ines, database):
    old = PasswordHasher(time_cost=2, memory_cost=8, parallelism=1).hash(PASSWORD)
    with database.writing() as session:
        accounts.change_password(session, ines.learner_id, old, now=utcnow())

    enter(guest)

    with database.reading() as session:
        kept = accounts.credentials(session, "ines@example.org").password_hash
    assert not passwords.is_outdated(kept)
    assert passwords.matches(kept, PASSWORD)


# Cookies


def test_over_https_the_cookies_belong_to_this_host_alone(team_site, ines):
    client = team_site.test_client()
    page = client.get("/sign-in", base_url=PROXY.replace("https", "http"))  # as the proxy passes it on
    token = re.search(r'name="csrf_token" value="([^"]+)"', page.get_data(as_text=True))[1]
    client.set_cookie("__Host-recto", page.headers["Set-Cookie"].split("=")[1].split(";")[0], domain="recto.example")

    response = client.post(
        "/sign-in",
        data={"csrf_token": token, **INES},
        base_url=PROXY.replace("https", "http"),
        headers={"Origin": PROXY, "Sec-Fetch-Site": "same-origin"},
    )

    given = next(one for one in response.headers.getlist("Set-Cookie") if one.startswith("__Host-recto_person="))
    assert response.status_code == 303
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= set(given.split("; "))
    assert "Domain" not in given
    assert page.headers["Set-Cookie"].startswith("__Host-recto=")
    assert "Secure" in page.headers["Set-Cookie"]
    assert response.headers["Strict-Transport-Security"] == "max-age=31536000"


def test_on_this_machine_they_work_without_https(signed_in):
    cookie = signed_in.client.get_cookie(COOKIE)

    assert not cookie.secure
    assert cookie.http_only
    assert cookie.same_site == "Lax"


def test_a_token_that_was_there_before_is_not_the_one_after(guest, ines, another, database):
    attacker = another()
    enter(attacker)
    planted = token_of(attacker)
    guest.client.set_cookie(COOKIE, planted)
    guest.visit("/settings")
    guest.press("Sign out")
    guest.client.set_cookie(COOKIE, "planted")

    enter(guest)

    assert token_of(guest) not in {"planted", planted}


def test_signing_in_makes_new_tokens_for_forms(guest, ines):
    before = next(form for form in guest.visit("/sign-in").forms if "password" in form.fields).fields["csrf_token"]
    guest.press("Sign in", **INES)

    response = guest.client.post("/decks", data={"csrf_token": before, "name": "Forged"})

    assert response.status_code == 403


def test_signing_in_again_ends_what_was_there_before(signed_in, database, ines):
    before = token_of(signed_in)
    token = signed_in.token()

    signed_in.client.post("/sign-in", data={"csrf_token": token, **INES})

    with database.reading() as session:
        assert sign_ins.recognise(session, before, now=utcnow()) is None
        assert sign_ins.recognise(session, token_of(signed_in), now=utcnow())


def test_no_token_is_stored_or_logged(signed_in, database, caplog):
    token = token_of(signed_in)
    with database.reading() as session:
        raw = "\n".join(session.connection().connection.dbapi_connection.iterdump())

    signed_in.visit("/decks")

    assert token not in raw
    assert PASSWORD not in raw
    assert token not in caplog.text


# Who may call what


def test_everything_but_one_table_is_for_people_who_have_signed_in(team_site, ines):
    open_to_all = []

    for rule in team_site.url_map.iter_rules():
        values = {name: SAMPLES[kind] for kind, name in re.findall(r"<(?:(\w+):)?(\w+)>", rule.rule)}
        client = team_site.test_client()
        if "POST" in rule.methods:
            token = Browser(client).visit("/sign-in").forms[-1].fields["csrf_token"]
            response, refused = client.post(rule.build(values)[1], data={"csrf_token": token}), 401
        else:
            response, refused = client.get(rule.build(values)[1]), 303
        if response.status_code != refused or rule.endpoint in DOORS:
            open_to_all.append(rule.endpoint)

    assert set(open_to_all) == set(DOORS)


def test_every_door_is_an_address(team_site):
    assert set(DOORS) <= {rule.endpoint for rule in team_site.url_map.iter_rules()}
    assert all(isinstance(door, Door) for door in DOORS.values())


def test_a_form_without_a_sign_in_is_refused_with_a_sentence(guest, ines):
    token = guest.visit("/sign-in").forms[-1].fields["csrf_token"]

    response = guest.client.post("/decks", data={"csrf_token": token, "name": "Lost"})

    assert response.status_code == 401
    assert "what you typed is still there" in response.get_data(as_text=True)


def test_htmx_leads_to_the_door_and_back_to_the_page(guest, ines):
    token = guest.visit("/sign-in").forms[-1].fields["csrf_token"]

    response = guest.client.post(
        "/decks",
        data={"csrf_token": token, "name": "Lost"},
        headers={"HX-Request": "true", "HX-Current-URL": "http://localhost/decks?page=2"},
    )

    assert response.status_code == 401
    assert response.headers["HX-Redirect"] == "/sign-in?next=/decks?page%3D2"


def test_what_a_script_fetches_is_refused_rather_than_answered_by_a_page(guest, ines):
    response = guest.client.get("/study/pack", headers={"Sec-Fetch-Mode": "cors", "Sec-Fetch-Site": "same-origin"})

    assert response.status_code == 401


def test_a_page_that_is_not_there_shows_a_stranger_no_way_about(guest, ines):
    page = guest.visit("/nowhere")

    assert page.status == 404
    assert [link.text for link in page.links] == ["Skip to content", "Recto", "Sign in"]


def test_it_ends_after_30_days_without_use(signed_in, database):
    with database.writing() as session:
        session.execute(text("UPDATE sign_in SET expires = '2020-01-01 00:00:00.000000'"))

    assert signed_in.visit("/decks").path.startswith("/sign-in")


def test_use_is_noted_at_most_every_five_minutes(signed_in, database):
    def seen():
        with database.reading() as session:
            return sign_ins.recognise(session, token_of(signed_in), now=utcnow()).last_seen

    first = seen()
    signed_in.visit("/decks")
    unchanged = seen()
    with database.writing() as session:
        session.execute(text("UPDATE sign_in SET last_seen = '2020-01-01 00:00:00.000000'"))
    signed_in.visit("/decks")

    assert unchanged == first
    assert utcnow() - seen() < timedelta(minutes=1)


def test_each_person_has_a_library_of_their_own(signed_in, another, database, ines):
    with database.writing() as session:
        people.another(session, ines, now=utcnow())
    signed_in.send("/decks", name="Tides")
    ben = another()

    enter(ben, email="ben@example.org")

    assert "Tides" in signed_in.visit("/decks").text
    assert "Tides" not in ben.visit("/decks").text
    assert ben.visit("/decks/1").status == 404


def test_in_local_mode_nobody_signs_in(visitor):
    assert visitor.visit("/sign-in").path == "/"
    assert visitor.visit("/join/x").path == "/"
    assert "Sign out" not in visitor.visit("/settings").text


# Throttling


def test_a_password_is_tried_a_few_times_then_after_waits(guest, ines, clock):
    statuses = [enter(guest, password="wrong").status for _ in range(6)]
    held = guest.client.post("/sign-in", data={**guest.page.forms[-1].fields, **INES})

    clock(seconds=int(held.headers["Retry-After"]))

    assert statuses == [422] * 5 + [429]
    assert held.status_code == 429
    assert "Wait 1 seconds" in held.get_data(as_text=True)
    assert enter(guest).path == "/"


def test_an_address_that_nobody_has_is_held_back_alike(guest, ines, clock):
    statuses = [enter(guest, email="eve@example.org").status for _ in range(6)]

    assert statuses == [422] * 5 + [429]


def test_one_address_tries_many_accounts_only_slowly(guest, ines, clock):
    statuses = [enter(guest, email=f"e{n}@example.org").status for n in range(31)]

    assert statuses == [422] * 30 + [429]


def test_an_office_behind_one_address_signs_in_all_morning(another, ines, clock):
    assert {enter(another()).path for _ in range(40)} == {"/"}


def test_behind_a_proxy_the_last_address_that_it_names_counts(guest, ines, clock):
    def tried(forwarded):
        fields = guest.visit("/sign-in").forms[-1].fields
        data = {**fields, "email": f"{tried.count}@example.org", "password": "wrong"}
        tried.count += 1
        return guest.client.post("/sign-in", data=data, headers={"X-Forwarded-For": forwarded}).status_code

    tried.count = 0

    invented = [tried(f"10.0.0.{n}, 203.0.113.9") for n in range(31)]

    assert invented == [422] * 30 + [429]
    assert tried("198.51.100.1") == 422


def test_an_address_that_a_socket_for_both_kinds_writes_longer_is_the_same(guest, ines, clock):
    def tried(n):
        data = {**guest.visit("/sign-in").forms[-1].fields, "email": f"e{n}@example.org", "password": "wrong"}
        return guest.client.post("/sign-in", data=data, headers={"X-Forwarded-For": f"::ffff:10.0.0.{n}"}).status_code

    assert {tried(n) for n in range(40)} == {422}


def test_a_household_has_one_network_of_many_addresses(guest, ines, clock):
    def tried(n):
        data = {**guest.visit("/sign-in").forms[-1].fields, "email": f"e{n}@example.org", "password": "wrong"}
        return guest.client.post("/sign-in", data=data, headers={"X-Forwarded-For": f"2001:db8::{n:x}"}).status_code

    assert [tried(n) for n in range(31)] == [422] * 30 + [429]


# Links


def test_the_first_link_makes_the_owner_of_the_library(guest, database):
    with database.writing() as session:
        owner = accounts.local_owner(session, time_zone="Asia/Tokyo", now=utcnow())
        token = invitations.first_link(session, now=utcnow())
    page = guest.visit(f"/join/{token}")

    there = guest.press("Make your account", name="Ines", email="ines@example.org", password=PASSWORD)

    assert "The library that is there becomes yours" in page.text
    assert there.path == "/"
    with database.reading() as session:
        assert sign_ins.recognise(session, token_of(guest), now=utcnow()).actor == owner
    assert guest.visit(f"/join/{token}").status == 404


def test_an_invitation_is_used_by_its_link(another, database, ines):
    with database.writing() as session:
        token = invitations.invite(session, ines, now=utcnow())
    ben = another()
    page = ben.visit(f"/join?link={PROXY}/join/{token}/")  # as the form on /join asks

    there = ben.press("Make your account", name="Ben", email="ben@example.org", password=PASSWORD, zone="Asia/Tokyo")

    assert "Ines invites you." in page.text
    assert there.path == "/"
    assert 'value="Asia/Tokyo"' in ben.visit("/settings").html


@pytest.mark.parametrize("zone", ["", "Mars/Olympus"])
def test_a_browser_that_does_not_say_where_it_is_is_where_the_server_is(another, database, ines, zone):
    with database.writing() as session:
        token = invitations.invite(session, ines, now=utcnow())
    ben = another()
    ben.visit(f"/join/{token}")

    ben.press("Make your account", name="Ben", email="ben@example.org", password=PASSWORD, zone=zone)

    assert 'value="Europe/Berlin"' in ben.visit("/settings").html


@pytest.mark.parametrize(
    ("typed", "status", "said"),
    [
        ({"password": "password12"}, 422, "Too many people use this password"),
        ({"password": "short"}, 422, "10 characters"),
        ({"name": "  "}, 422, "Write a name"),
        ({"email": "ben"}, 422, "e-mail address"),
        ({"email": "ines@example.org"}, 409, "already"),
    ],
)
def test_a_form_that_cannot_be_used_says_why_and_keeps_what_was_typed(another, database, ines, typed, status, said):
    with database.writing() as session:
        token = invitations.invite(session, ines, now=utcnow())
    ben = another()
    ben.visit(f"/join/{token}")

    page = ben.press("Make your account", **{"name": "Ben", "email": "ben@example.org", "password": PASSWORD, **typed})

    assert page.status == status
    assert said in page.text
    assert 'value="Ben"' in page.html or not typed.get("name", "x").strip()
    assert PASSWORD not in page.html
    assert ben.press("Make your account", name="Ben", email="ben@example.org", password=PASSWORD).path == "/"


def test_who_is_signed_in_joins_a_team_with_one_button(signed_in, database, ines):
    with database.writing() as session:
        ben = people.another(session, ines, now=utcnow())
        team, library = people.team(session, (ben, Role.OWNER))
        ben = people.as_of(ben, **{str(library): "owner"})
        token = invitations.invite(session, ben, team_id=team, role=Role.TRAINER, now=utcnow())
    page = signed_in.visit(f"/join/{token}")

    there = signed_in.press("Join the team")

    assert "Ben invites you. You will be a trainer" in page.text
    assert "You are in the team Crew now." in there.text
    with database.reading() as session:
        known = sign_ins.recognise(session, token_of(signed_in), now=utcnow())
    assert known.actor.roles == {library: Role.TRAINER}


def test_a_link_for_another_password_signs_out_everywhere_else(signed_in, another, database, ines):
    with database.writing() as session:
        token = resets.link_for(session, "INES@example.org", now=utcnow())
    elsewhere = another()
    elsewhere.visit(f"/reset/{token}")

    there = elsewhere.press("Save and sign in", password="nine white egrets")

    assert there.path == "/"
    assert signed_in.visit("/decks").path.startswith("/sign-in")
    assert elsewhere.visit(f"/reset/{token}").status == 404
    assert enter(signed_in, password="nine white egrets").path == "/"


def test_a_link_for_another_password_lasts_a_day_and_the_latest_counts(another, database, ines):
    yesterday = utcnow() - timedelta(days=1)
    with database.writing() as session:
        old = resets.link_for(session, "ines@example.org", now=yesterday)
        before = resets.link_for(session, "ines@example.org", now=utcnow())
        after = resets.link_for(session, "ines@example.org", now=utcnow())

    assert [another().visit(f"/reset/{one}").status for one in (old, before, after)] == [404, 404, 200]


def test_links_are_kept_by_no_cache(another, database, ines):
    with database.writing() as session:
        paths = [f"/join/{invitations.invite(session, ines, now=utcnow())}"]
        paths.append(f"/reset/{resets.link_for(session, 'ines@example.org', now=utcnow())}")

    for path in [*paths, "/sign-in"]:
        assert another().client.get(path).headers["Cache-Control"] == "no-store"
