from datetime import timedelta

import pytest

from quizapp.db.letters import LetterRow
from quizapp.domain.letters import MOST_ATTEMPTS, About, pause_after
from quizapp.errors import InvalidInput, Unavailable
from quizapp.services import mailing
from quizapp.services.mailing import LEASE, ToSend
from tests.make import NOW

LETTER = ToSend(
    About.REMINDER, "ines@example.org", "Due tomorrow", "One quiz is due: https://recto.example.org/quizzes/1"
)
AWAY = Unavailable("The mail server cannot be used.")


def stored(session):
    session.expire_all()
    return session.query(LetterRow).one()


def test_a_letter_is_sent_once_and_its_text_is_not_kept(session):
    mailing.write(session, LETTER, now=NOW)

    held = mailing.claim(session, now=NOW)
    mailing.note(session, held, None, now=NOW)

    assert (held.letter.to, held.letter.text) == (LETTER.address, LETTER.text)
    assert mailing.claim(session, now=NOW + timedelta(days=9)) is None
    assert (stored(session).sent_at, stored(session).text) == (NOW, "")


def test_nobody_else_sends_a_letter_that_somebody_holds_until_the_lease_ends(session):
    mailing.write(session, LETTER, now=NOW)
    first = mailing.claim(session, now=NOW)

    assert mailing.claim(session, now=NOW + LEASE - timedelta(seconds=1)) is None
    second = mailing.claim(session, now=NOW + LEASE)
    mailing.note(session, first, InvalidInput("too late"), now=NOW + LEASE)

    assert second.letter == first.letter
    assert stored(session).problem is None


def test_a_letter_that_did_not_go_out_is_tried_again_later_and_later(session):
    mailing.write(session, LETTER, now=NOW)
    now, tries = NOW, 0
    while held := mailing.claim(session, now=now):
        tries += 1
        mailing.note(session, held, AWAY, now=now)
        assert mailing.claim(session, now=now) is None
        now += pause_after(tries)

    assert tries == MOST_ATTEMPTS
    assert timedelta(days=1) < now - NOW < timedelta(days=4)
    assert (stored(session).problem, stored(session).text) == (AWAY.message, "")


def test_a_letter_that_is_refused_for_good_is_not_tried_again(session):
    mailing.write(session, LETTER, now=NOW)

    mailing.note(session, mailing.claim(session, now=NOW), InvalidInput("nobody here"), now=NOW)

    assert mailing.claim(session, now=NOW + timedelta(days=9)) is None
    assert stored(session).sent_at is None


def test_what_is_to_be_told_once_is_written_once(session):
    once = ToSend(About.REMINDER, "ines@example.org", "Due", "text", once="due-1-7")

    assert mailing.write(session, once, now=NOW)
    assert not mailing.write(session, once, now=NOW + timedelta(days=1))


@pytest.mark.parametrize(("days", "left"), [(59, 1), (61, 0)])
def test_letters_that_are_over_are_forgotten_and_those_that_wait_are_not(session, days, left):
    mailing.write(session, LETTER, now=NOW)
    mailing.note(session, mailing.claim(session, now=NOW), None, now=NOW)
    mailing.write(session, LETTER, now=NOW)

    mailing.forget_old(session, now=NOW + timedelta(days=days))

    assert session.query(LetterRow).count() == 1 + left
