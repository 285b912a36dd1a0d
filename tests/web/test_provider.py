"""The whole way to a provider and back, also for those who try to come in by it without being asked."""

import json
from dataclasses import replace
from datetime import timedelta
from http import HTTPStatus
from urllib.parse import parse_qs, urlsplit

import pytest
from werkzeug.wrappers import Response

from quizapp.clock import utcnow
from quizapp.config import Settings
from quizapp.db import identities as rows
from quizapp.domain.permissions import Actor, LearnerId
from quizapp.services import accounts, invitations, settings
from quizapp.web import create_app
from quizapp.web import provider as web_provider
from tests import provider as fake
from tests.provider import BACK, NAME
from tests.services import people
from tests.services.people import PASSWORD
from tests.web.browsing import Browser, Page

COOKIE = "recto_person_80"


@pytest.fixture
def provider():
    yield from fake.served()


@pytest.fixture
def site(database, tmp_path, provider):
    told = Settings(str(database.store.reader.url), tmp_path, "a secret for tests only", team=True)
    site = create_app(replace(told, oidc=provider.client), database, time_zone="Europe/Berlin")
    site.testing = True
    return site


@pytest.fixture
def stranger(site):
    return Browser(site.test_client())


@pytest.fixture
def another(site):
    return lambda: Browser(site.test_client())


@pytest.fixture
def ines(database):
    with database.writing() as session:
        first = people.first(session, now=utcnow())
        accounts.confirm(session, first.learner_id, "ines@example.org", now=utcnow())
        return first


@pytest.fixture
def clock(monkeypatch):
    """The time by which answers are waited for, to be moved."""
    moment = [utcnow()]
    monkeypatch.setattr(web_provider, "utcnow", lambda: moment[0])

    def move(**time):
        moment[0] += timedelta(**time)

    return move


def leave(stranger, path="/sign-in/provider"):
    """Go to the provider, and return the address there."""
    response = stranger.client.get(path)
    assert response.status_code == 303
    return response.headers["Location"]


def come_back(stranger, provider, there):
    back = urlsplit(provider.come_back(there))
    return stranger.client.get(f"{back.path}?{back.query}")


def through(stranger, provider, path="/sign-in/provider"):
    return come_back(stranger, provider, leave(stranger, path))


def is_in(stranger):
    return stranger.client.get_cookie(COOKIE) is not None


def tie(stranger, ines, provider, database):
    """Let Ines in by the provider, as she is from then on."""
    response = through(stranger, provider)
    assert response.headers["Location"] == "/"


def identities_of(database, actor, provider):
    with database.reading() as session:
        row = rows.of(session, actor.person_id, provider.issuer)
        return row and row.subject


# Signing in


def test_the_sign_in_page_leads_to_the_provider_by_a_link(stranger, ines, provider):
    page = stranger.visit("/sign-in?next=/decks")
    link = next(link for link in page.links if link.text == f"Sign in with {NAME}")

    there = urlsplit(leave(stranger, link.href))
    asked = {name: value for name, (value,) in parse_qs(there.query).items()}

    assert (there.scheme, there.netloc, there.path) == ("http", f"127.0.0.1:{provider.port}", "/authorize")
    assert asked["redirect_uri"] == f"http://localhost{BACK}"
    assert asked["scope"].split() == ["openid", "email", "profile"]
    assert len({asked["state"], asked["nonce"], asked["code_challenge"]}) == 3


def test_without_a_provider_nothing_offers_one(guest):
    assert "Sign in with" not in guest.visit("/sign-in").text
    assert guest.visit("/sign-in/provider").status == 404


def test_a_verified_e_mail_opens_its_account_and_ties_it(stranger, ines, provider, database):
    response = through(stranger, provider, "/sign-in/provider?next=/decks")

    assert (response.status_code, response.headers["Location"]) == (303, "/decks")
    assert response.headers["Cache-Control"] == "no-store"
    assert identities_of(database, ines, provider) == "ines-1"
    assert "Ines" in stranger.visit("/settings").text


def test_afterwards_the_subject_counts_whatever_the_e_mail(stranger, another, ines, provider, database):
    tie(stranger, ines, provider, database)
    provider.person = {"sub": "ines-1", "email": "elsewhere@example.org", "email_verified": False}

    later = another()
    through(later, provider)

    assert is_in(later)


def test_an_address_that_went_to_somebody_else_opens_nothing(stranger, another, ines, provider, database):
    tie(stranger, ines, provider, database)
    provider.person["sub"] = "her-successor"

    later = another()
    response = through(later, provider)

    assert response.status_code == 422
    assert not is_in(later)


@pytest.mark.parametrize("wanted", ["https://evil.example", "//evil.example", "/\\evil.example", "javascript:alert(1)"])
def test_coming_back_leads_to_our_own_pages_alone(stranger, ines, provider, wanted):
    there = leave(stranger, f"/sign-in/provider?next={wanted}")

    assert come_back(stranger, provider, there).headers["Location"] == "/"


def test_who_has_signed_in_is_not_asked_again(stranger, ines, provider):
    through(stranger, provider)

    assert stranger.client.get("/sign-in/provider?next=/decks").headers["Location"] == "/decks"


# Who nobody knows


def close(database, ines):
    with database.writing() as session:
        ben = people.another(session, ines, now=utcnow())
        accounts.close(session, ines, ben.learner_id, now=utcnow())


def test_one_sentence_for_unknown_unverified_and_closed(stranger, ines, provider, database):
    close(database, ines)
    said = set()

    for person in (
        {"sub": "x", "email": "nobody@example.org", "email_verified": True},
        {"sub": "x", "email": "ines@example.org", "email_verified": False},
        {"sub": "x", "email": "ines@example.org"},
        {"sub": "x", "email": "ben@example.org", "email_verified": True},
        {"sub": "x", "email": ["ines@example.org"], "email_verified": True},
        {"sub": "x"},
    ):
        provider.person = person
        page = Page(through(stranger, provider))
        said.add((page.status, page.text))

    assert len(said) == 1
    assert "Nobody here signs in with your account" in said.pop()[1]
    assert not is_in(stranger)


@pytest.mark.parametrize("email", ["ine\u017f@example.org", "\uff49nes@example.org"])
def test_an_address_that_only_looks_alike_opens_nothing(stranger, ines, provider, email):
    provider.person["email"] = email

    assert through(stranger, provider).status_code == 422


def test_an_account_whose_e_mail_nothing_confirms_is_not_opened_by_it_but_its_person_connects_it(
    stranger, another, ines, provider, database
):
    with database.writing() as session:
        ben = people.another(session, ines, now=utcnow())
    provider.person = {"sub": "ben-1", "email": "ben@example.org", "email_verified": True}

    response = through(stranger, provider)

    assert (response.status_code, is_in(stranger)) == (422, False)
    assert "connect it in Settings, Account" in response.text
    assert identities_of(database, ben, provider) is None
    at_home = another()
    at_home.visit("/sign-in")
    at_home.press("Sign in", email="ben@example.org", password=PASSWORD)
    onward(at_home, provider, f"Connect {NAME}", password=PASSWORD)
    through(stranger, provider)
    assert is_in(stranger)


def test_a_closed_account_that_was_tied_opens_no_more(stranger, another, ines, provider, database):
    with database.writing() as session:
        ben = people.another(session, ines, now=utcnow())
    provider.person = {"sub": "ben-1", "email": "ben@example.org", "email_verified": True}
    through(stranger, provider)
    with database.writing() as session:
        accounts.close(session, ines, ben.learner_id, now=utcnow())

    assert through(another(), provider).status_code == 422


# What did not begin here


def test_an_answer_without_its_beginning_is_refused(stranger, another, ines, provider):
    there = leave(another())

    response = come_back(stranger, provider, there)

    assert response.status_code == 422
    assert "not begun in this browser" in response.get_data(as_text=True)
    assert not is_in(stranger)
    assert "/token" not in provider.asked


@pytest.mark.parametrize("state", ["", "?state=", "?state=other&code=x", "?code=x", "?state=%F0%9F%98%80"])
def test_a_state_that_is_missing_or_another_changes_nothing(stranger, ines, provider, state):
    there = leave(stranger)

    assert stranger.client.get(BACK + state).status_code == 422
    assert come_back(stranger, provider, there).status_code == 303  # who really went there still comes back


def test_after_ten_minutes_it_is_too_late(stranger, ines, provider, clock):
    there = leave(stranger)
    clock(minutes=10, seconds=1)

    assert come_back(stranger, provider, there).status_code == 422
    assert not is_in(stranger)


def test_an_answer_counts_once(stranger, ines, provider):
    back = urlsplit(provider.come_back(leave(stranger)))
    cookie = stranger.client.get_cookie("recto_80")
    stranger.client.get(f"{back.path}?{back.query}")
    stranger.visit("/settings")
    stranger.press("Sign out")

    again = stranger.client.get(f"{back.path}?{back.query}")
    stranger.client.set_cookie("recto_80", cookie.value)
    with_the_cookie = stranger.client.get(f"{back.path}?{back.query}")

    assert (again.status_code, with_the_cookie.status_code) == (422, 422)  # the provider takes a code once, too
    assert not is_in(stranger)


def test_an_answer_of_another_provider_is_refused(stranger, ines, provider):
    back = urlsplit(provider.come_back(leave(stranger)))

    assert stranger.client.get(f"{back.path}?{back.query}&iss=https://evil.example").status_code == 422


def test_who_changes_their_mind_there_is_told_so(stranger, ines, provider):
    state = parse_qs(urlsplit(leave(stranger)).query)["state"][0]

    page = Page(stranger.client.get(f"{BACK}?state={state}&error=access_denied&error_description=<b>evil</b>"))

    assert (page.status, "did not confirm who you are" in page.text) == (422, True)
    assert "evil" not in page.html


# Tokens that are not to be believed


def past(seconds):
    return int((utcnow() - timedelta(seconds=seconds)).timestamp())


FORGED = {
    "another issuer": {"claims": {"iss": "https://evil.example"}},
    "another audience": {"claims": {"aud": "somebody else"}},
    "for us and others, of another": {"claims": {"aud": [fake.CLIENT, "other"], "azp": "other"}},
    "expired": {"claims": {"exp": past(120), "iat": past(600)}},
    "not yet": {"claims": {"iat": past(-100_000)}},
    "without an end": {"left_out": {"exp"}},
    "of another sign-in": {"claims": {"nonce": "from another sign-in"}},
    "without a nonce": {"left_out": {"nonce"}},
    "without a subject": {"left_out": {"sub"}},
    "an empty subject": {"claims": {"sub": ""}},
    "a number as subject": {"claims": {"sub": 1}},
    "unsigned": {"header": {"alg": "none"}},
    "signed by what is public": {"header": {"alg": "HS256", "kid": "one"}},
    "signed by another": {"signed_by": lambda: fake.key("other")},
    "a key that nobody knows": {"header": {"alg": "RS256", "kid": "two"}, "signed_by": lambda: fake.key("two")},
    "nothing": {"token": lambda _code: fake.told({})},
    "no token": {"token": lambda _code: fake.told({"id_token": 7})},
    "half a token": {"token": lambda _code: fake.told({"id_token": "a.b"})},
    "no object": {"token": lambda _code: fake.told([])},
    "no JSON": {"token": lambda _code: Response("<html>")},
    "without an end of brackets": {"token": lambda _code: Response("[" * 100_000)},
    "too long": {"token": lambda _code: Response(b" " * 2_000_000)},
    "elsewhere": {"token": lambda _code: Response(status=302, headers={"Location": "http://127.0.0.1:9/"})},
}


@pytest.mark.parametrize("forged", FORGED.values(), ids=FORGED)
def test_a_token_that_is_not_to_be_believed_lets_nobody_in(stranger, ines, provider, forged):
    for name, value in forged.items():
        setattr(provider, name, value)

    response = through(stranger, provider)

    assert response.status_code == 422
    assert f"{NAME} " in response.get_data(as_text=True)
    assert not is_in(stranger)


def test_other_keys_are_looked_for_once_they_are_needed(stranger, another, ines, provider, monkeypatch):
    through(stranger, provider)
    other = fake.key("two")
    provider.keys.append(other.as_dict(private=False))
    provider.header, provider.signed_by = {"alg": "RS256", "kid": "two"}, lambda: other
    monkeypatch.setattr("quizapp.oidc.provider.ANEW_SECONDS", 0)

    later = another()
    through(later, provider)

    assert is_in(later)
    assert provider.asked.count("/.well-known/openid-configuration") == 1


def test_keys_of_other_kinds_are_left_out(stranger, ines, provider):
    provider.keys[:0] = [{"kty": "oct", "k": "c2VjcmV0", "kid": "one"}, {"kty": "XYZ"}, {"kty": "RSA", "use": "enc"}]

    assert through(stranger, provider).status_code == 303


# A provider that is away, or names others


def test_a_provider_that_is_away_is_told_and_the_password_still_works(stranger, ines, provider):
    provider.token = lambda _code: Response(status=HTTPStatus.BAD_GATEWAY)

    response = through(stranger, provider)
    stranger.page = Page(response)
    page = stranger.press("Sign in", email="ines@example.org", password=PASSWORD)

    assert response.status_code == 503
    assert "cannot be asked at this moment" in response.get_data(as_text=True)
    assert page.status == 200
    assert is_in(stranger)


@pytest.mark.parametrize(
    "metadata",
    [
        {"issuer": "https://evil.example"},
        {"authorization_endpoint": "https://evil.example/authorize"},
        {"authorization_endpoint": "javascript:alert(1)"},
        {"authorization_endpoint": None},
        {"authorization_endpoint": "http://[::1"},
    ],
    ids=json.dumps,
)
def test_nobody_is_led_to_other_hosts(stranger, ines, provider, metadata):
    provider.metadata = metadata

    assert stranger.client.get("/sign-in/provider").status_code == 503


@pytest.mark.parametrize("endpoint", ["token_endpoint", "jwks_uri"])
def test_no_other_host_is_called(stranger, ines, provider, endpoint):
    provider.metadata = {endpoint: "http://127.0.0.1:9/"}

    assert through(stranger, provider).status_code == 422


def test_tries_from_one_address_are_counted(stranger, ines, provider):
    provider.person = {"sub": "x"}

    statuses = [through(stranger, provider).status_code for _ in range(31)]

    assert statuses == [422] * 30 + [429]


# Invitations


@pytest.fixture
def invite(database, ines):
    def invite(**given):
        with database.writing() as session:
            return invitations.invite(session, ines, now=utcnow(), **given)

    return invite


BEN = {"sub": "ben-1", "email": "ben@example.org", "email_verified": True, "name": "Ben\n Harbour"}


def test_an_invitation_makes_an_account_without_a_password(stranger, another, provider, invite, database):
    provider.person, token = BEN, invite()
    page = stranger.visit(f"/join/{token}")
    link = next(link for link in page.links if link.text == f"Join with {NAME}")

    response = through(stranger, provider, f"{link.href}?zone=Asia/Tokyo")

    assert response.headers["Location"] == "/"
    assert "Ben Harbour" in stranger.visit("/settings").text
    with database.reading() as session:
        ben = Actor(LearnerId(rows.find(session, provider.issuer, "ben-1").learner_id))
        assert settings.chosen(session, ben).time_zone == "Asia/Tokyo"
    later = another()
    through(later, provider)
    assert is_in(later)
    assert another().visit(f"/join/{token}").status == 404


@pytest.mark.parametrize(
    ("person", "said"),
    [
        ({**BEN, "email_verified": False}, "does not vouch for your e-mail"),
        ({**BEN, "email": "eve@example.org"}, "is for ben@example.org alone"),
    ],
)
def test_an_invitation_for_one_address_is_for_whom_the_provider_vouches(stranger, provider, invite, person, said):
    provider.person, token = person, invite(email="ben@example.org")

    page = Page(through(stranger, provider, f"/join/{token}/provider"))

    assert (page.status, said in page.text) == (422, True)
    assert any(button.text == "Make your account" for form in page.forms for button in form.buttons)
    assert not is_in(stranger)
    assert stranger.visit(f"/join/{token}").status == 200  # and not used up


def test_who_has_an_account_signs_in_and_is_asked_whether_to_accept(stranger, provider, invite, ines):
    token = invite()

    response = through(stranger, provider, f"/join/{token}/provider")

    assert response.headers["Location"] == f"/join/{token}"
    assert "Accept the invitation" in stranger.visit(f"/join/{token}").html


def test_without_a_good_link_nobody_is_led_away(stranger, ines, provider):
    assert stranger.client.get("/join/wrong/provider").status_code == 404


# The account page


@pytest.fixture
def at_home(stranger, ines):
    """A browser in which Ines has signed in by her password."""
    stranger.visit("/sign-in")
    stranger.press("Sign in", email="ines@example.org", password=PASSWORD)
    return stranger


def onward(stranger, provider, button, **typed):
    stranger.visit("/settings/account")
    page = stranger.press(button, **typed)
    assert page.status == 200  # a form that led to the provider by itself would be refused by browsers
    return come_back(stranger, provider, next(link.href for link in page.links if link.text.startswith("Go on")))


def test_any_account_at_the_provider_can_be_tied_by_who_knows_the_password(at_home, another, ines, provider, database):
    provider.person = {"sub": "private", "email": "private@example.org"}

    onward(at_home, provider, f"Connect {NAME}", password=PASSWORD)

    assert identities_of(database, ines, provider) == "private"
    later = another()
    through(later, provider)
    assert is_in(later)


def test_without_the_password_nothing_is_tied_or_untied(at_home, ines, provider, database):
    at_home.visit("/settings/account")
    assert at_home.press(f"Connect {NAME}", password="wrong").status == 422
    onward(at_home, provider, f"Connect {NAME}", password=PASSWORD)
    at_home.visit("/settings/account")

    assert at_home.press(f"Disconnect {NAME}", password="wrong").status == 422
    assert identities_of(database, ines, provider) == "ines-1"


def test_what_opens_one_account_is_tied_to_no_other(at_home, another, ines, provider, database, invite):
    provider.person = BEN
    through(another(), provider, f"/join/{invite()}/provider")

    response = onward(at_home, provider, f"Connect {NAME}", password=PASSWORD)

    assert response.status_code == 409
    assert identities_of(database, ines, provider) is None


def test_another_who_signs_in_meanwhile_ties_nothing(at_home, ines, provider, database):
    at_home.visit("/settings/account")
    page = at_home.press(f"Connect {NAME}", password=PASSWORD)
    there = next(link.href for link in page.links if link.text.startswith("Go on"))
    at_home.client.delete_cookie(COOKIE)

    assert come_back(at_home, provider, there).status_code == 422
    assert identities_of(database, ines, provider) is None


def test_untied_it_opens_nothing_but_the_password_does(at_home, another, ines, provider, database):
    provider.person = {"sub": "private"}
    onward(at_home, provider, f"Connect {NAME}", password=PASSWORD)

    at_home.visit("/settings/account")
    at_home.press(f"Disconnect {NAME}", password=PASSWORD)

    later = another()
    assert through(later, provider).status_code == 422


def test_the_last_way_in_stays_until_there_is_a_password(stranger, another, provider, database, invite):
    provider.person = BEN
    through(stranger, provider, f"/join/{invite()}/provider")
    page = stranger.visit("/settings/account")
    assert "your only way to sign in" in page.text
    refused = stranger.send("/settings/account/provider/untie", password="")

    onward(stranger, provider, "Choose a password")
    stranger.visit("/settings/account")
    stranger.press("Save the password", new="nine grey herons")
    stranger.visit("/settings/account")
    page = stranger.press(f"Disconnect {NAME}")

    assert refused.status_code == 422
    assert "no longer signs you in here" in page.text
    later = another()
    later.visit("/sign-in")
    later.press("Sign in", email="ben@example.org", password="nine grey herons")
    assert is_in(later)


def test_another_account_there_is_no_proof(stranger, another, provider, invite, ines):
    provider.person = BEN
    through(stranger, provider, f"/join/{invite()}/provider")
    provider.person = {"sub": "eve"}

    assert onward(stranger, provider, "Choose a password").status_code == 422
    assert "Save the password" not in stranger.visit("/settings/account").html


def test_neither_secret_nor_tokens_are_logged_or_stored(stranger, ines, provider, database, caplog):
    through(stranger, provider)
    with database.reading() as session:
        raw = "\n".join(session.connection().connection.dbapi_connection.iterdump())

    assert fake.SECRET not in raw + caplog.text
    assert "eyJ" not in raw + caplog.text
    assert fake.SECRET not in repr(provider.client)
