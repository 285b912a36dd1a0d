"""People at the console, and a site for people who sign in, run as a person does."""

import re
import socket
import sys
import urllib.error
import urllib.request

import pytest

from quizapp.cli.serving import held_address
from quizapp.config import public_url
from quizapp.db.engine import Database
from quizapp.errors import InvalidInput, Unavailable
from quizapp.services import accounts
from tests.make import NOW
from tests.services import people
from tests.serving import served

TEAM = [sys.executable, "-m", "quizapp", "serve", "--team"]


@pytest.fixture
def with_people(run, environment):
    """Where the person's own library is, in which Ines and Ben have accounts."""
    run("people")
    database = Database(f"sqlite:///{environment['QUIZAPP_DATA_DIR']}/recto.db")
    with database.writing() as session:
        accounts.local_owner(session, time_zone="UTC", now=NOW)
        ines = people.first(session)
        people.another(session, ines)
    database.close()


@pytest.fixture
def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def status_of(url, **headers):
    try:
        return urllib.request.urlopen(urllib.request.Request(url, headers=headers), timeout=30).status
    except urllib.error.HTTPError as error:
        return error.code


def test_while_nobody_has_an_account_the_console_says_how_the_first_is_made(run, refused):
    assert b"serve --team" in run("people").stdout
    assert "serve --team" in refused("invite")
    assert "Nobody who can sign in has the e-mail eve@example.org" in refused("reset-password", "eve@example.org")


def test_the_console_lists_people_invites_and_gives_links(run, with_people, environment):
    environment["QUIZAPP_URL"] = "https://Recto.example.org/"

    listed = run("people").stdout.decode().splitlines()
    invited = run("invite", "--email", "cleo@example.org").stdout.decode()
    reset = run("reset-password", "BEN@example.org").stdout.decode()

    assert [line.split()[1:3] for line in listed] == [
        ["Name", "E-mail"],
        ["Ben", "ben@example.org"],
        ["Ines", "ines@example.org"],
    ]
    assert listed[2].endswith("administers")
    assert re.fullmatch(r"https://recto\.example\.org/join/\S{43}\n", invited)
    assert re.fullmatch(r"https://recto\.example\.org/reset/\S{43}\n", reset)


def test_without_a_public_address_the_console_says_that_it_guesses(run, with_people):
    done = run("invite")

    assert done.stdout.startswith(b"http://127.0.0.1:8000/join/")
    assert b"QUIZAPP_URL" in done.stderr


def test_what_is_no_address_is_refused(run, with_people, refused):
    assert "e-mail address" in refused("invite", "--email", "cleo")


def test_a_library_of_people_is_not_opened_without_passwords_by_an_oversight(with_people, run):
    done = run("serve", "--port", "0")

    assert done.returncode == 1
    assert b"--team" in done.stderr
    assert b"--local" in done.stderr


def test_a_site_for_all_of_a_machine_must_know_its_name(refused):
    assert "QUIZAPP_URL" in refused("serve", "--team", "--host", "0.0.0.0", "--port", "0")


@pytest.mark.parametrize(
    "given", ["recto.example.org", "ftp://recto.example.org", "https://recto.example.org/recto", "https://"]
)
def test_what_is_no_public_address_is_refused(refused, environment, given):
    environment["QUIZAPP_URL"] = given

    assert "QUIZAPP_URL is no address" in refused("people")


def test_a_public_address_is_taken_without_the_slash_at_its_end():
    assert public_url(" https://Recto.example.org:8443/ ") == "https://recto.example.org:8443"
    assert public_url("") == ""
    with pytest.raises(Unavailable):
        public_url("https://user@recto.example.org?x")


@pytest.mark.parametrize(
    ("host", "number"), [("0.0.0.0", "0.0.0.0"), ("localhost", "127.0.0.1"), ("127.0.0.2", "127.0.0.2")]
)
def test_people_who_sign_in_may_come_from_anywhere(host, number):
    with held_address(host, 0, team=True) as address:
        assert address.host == number


@pytest.mark.parametrize("host", ["example.org", "", "1.2.3"])
def test_a_host_is_told_in_numbers(host):
    with pytest.raises(InvalidInput, match="in numbers"), held_address(host, 0, team=True):
        pass


def test_an_address_of_another_machine_is_told_in_a_sentence():
    with pytest.raises(Unavailable, match="no such address"), held_address("192.0.2.1", 0, team=True):
        pass


@pytest.mark.slow
def test_each_start_prints_a_link_until_there_is_an_account(environment, tmp_path):
    paths = []
    for _ in range(2):
        with served([*TEAM, "--port", "0"], environment=environment, folder=tmp_path) as site:
            (link,) = re.findall(r"http://\S+(/join/\S+)", (tmp_path / "served.log").read_text())
            paths.append(link)
            statuses = [status_of(site.url.rstrip("/") + path) for path in paths]

    assert statuses == [404, 200]


@pytest.mark.slow
def test_a_site_behind_a_proxy_answers_under_its_name(environment, tmp_path, free_port):
    own = environment | {"QUIZAPP_URL": "https://recto.example.org"}

    with served([*TEAM, "--port", str(free_port)], environment=own, folder=tmp_path) as site:
        here = f"http://127.0.0.1:{free_port}"
        names = ("recto.example.org", "evil.example", f"127.0.0.1:{free_port}")
        statuses = [status_of(f"{here}/sign-in", Host=name) for name in names]
        api = status_of(f"{here}/api/decks")

    assert site.url == "https://recto.example.org/"
    assert statuses == [200, 400, 200]
    assert api == 401
