"""Letters handed to a mail server that listens on this machine."""

from dataclasses import replace
from uuid import UUID

import pytest

from quizapp.errors import InvalidInput, Unavailable
from quizapp.mail import Letter, Relay
from tests.make import NOW

SENDER = "Recto <recto@example.org>"
LETTER = Letter(UUID(int=7), "ines@example.org", "Due tomorrow: Rücksetzung", "Grüße\n.\nEnde\n", NOW)


def test_a_letter_arrives_as_it_was_written(box):
    Relay.from_url(box.url, sender=SENDER).send(LETTER)

    (got,) = box.letters
    assert got["To"] == "ines@example.org"
    assert got["From"] == SENDER
    assert got["Subject"] == "Due tomorrow: Rücksetzung"
    assert got.get_content().replace("\r\n", "\n") == LETTER.text
    assert got["Auto-Submitted"] == "auto-generated"
    assert got["Message-ID"] == f"<{LETTER.id}@example.org>"
    assert got["Date"].datetime == NOW.replace(microsecond=0)


def test_a_letter_that_can_be_ended_says_so_to_the_mail_program(box):
    Relay.from_url(box.url, sender=SENDER).send(replace(LETTER, unsubscribe="https://recto.example.org/letters/abc"))

    assert box.letters[0]["List-Unsubscribe"] == "<https://recto.example.org/letters/abc>"
    assert box.letters[0]["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_a_subject_of_several_lines_adds_no_header(box):
    Relay.from_url(box.url, sender=SENDER).send(replace(LETTER, subject="Hello\r\nBcc: all@example.org"))

    assert box.letters[0]["Bcc"] is None
    assert box.letters[0]["Subject"] == "Hello Bcc: all@example.org"


@pytest.mark.parametrize(("reply", "error"), [("550 nobody here", InvalidInput), ("450 come later", Unavailable)])
def test_what_is_refused_for_good_is_told_from_what_may_be_tried_again(box, reply, error):
    box.reply = reply

    with pytest.raises(error, match=reply[4:]):
        Relay.from_url(box.url, sender=SENDER).send(LETTER)


def test_a_server_that_is_away_is_tried_later(box):
    relay = replace(Relay.from_url(box.url, sender=SENDER), port=1)

    with pytest.raises(Unavailable, match="cannot be used"):
        relay.send(LETTER)


def test_nothing_goes_without_tls_to_what_is_not_named_as_this_machine(box, monkeypatch):
    monkeypatch.setattr("quizapp.mail.relay.LOOPBACK", frozenset())

    with pytest.raises(Unavailable, match="STARTTLS"):
        Relay.from_url(box.url, sender=SENDER).send(LETTER)
    assert box.letters == []


@pytest.mark.parametrize("url", ["http://example.org", "smtp://", "example.org:25", "smtp://example.org:many"])
def test_an_address_that_is_none_of_a_mail_server_is_told(url):
    with pytest.raises(Unavailable, match="QUIZAPP_SMTP_URL"):
        Relay.from_url(url, sender=SENDER)


def test_a_sender_without_an_address_is_told():
    with pytest.raises(Unavailable, match="QUIZAPP_MAIL_FROM"):
        Relay.from_url("smtp://example.org", sender="Recto")


def test_an_address_gives_name_password_and_port():
    relay = Relay.from_url("smtps://recto%40example.org:pass%2Fword@mail.example.org", sender=SENDER)

    assert (relay.user, relay.password, relay.port, relay.tls_first) == ("recto@example.org", "pass/word", 465, True)
    assert "pass/word" not in repr(relay)
