from quizapp.domain.letters import About
from quizapp.services import mailing
from quizapp.services.mailing import ToSend
from quizapp.worker.post import deliver
from tests.mailbox import mailbox
from tests.make import NOW


def test_a_worker_sends_every_letter_once(database):
    with database.writing() as session:
        for number in range(3):
            letter = ToSend(About.REMINDER, f"person-{number}@example.org", "Due tomorrow", "One quiz is due.")
            mailing.write(session, letter, now=NOW)

    with mailbox() as box:
        send = mailing.chosen(box.url, "recto@example.org")
        deliver(database, send)
        deliver(database, send)

    assert sorted(letter["To"] for letter in box.letters) == [f"person-{number}@example.org" for number in range(3)]


def test_one_letter_that_is_refused_does_not_hold_up_the_others(database):
    with database.writing() as session:
        for address in ("no address", "ines@example.org"):
            mailing.write(session, ToSend(About.REMINDER, address, "Due", "text"), now=NOW)

    with mailbox() as box:
        deliver(database, mailing.chosen(box.url, "recto@example.org"))

    assert [letter["To"] for letter in box.letters] == ["ines@example.org"]


def test_without_a_mail_server_nothing_is_sent():
    assert mailing.chosen(None, "") is None
