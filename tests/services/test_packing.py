from datetime import timedelta

from sqlalchemy import text

from quizapp.domain.scheduling import Grade
from quizapp.services import packing, study
from tests import make
from tests.make import NOW
from tests.services.studying import answer

DAY = timedelta(days=1)


def cards(session, owner, count):
    """Make notes of a card each and return the cards."""
    notes = [make.note_in(session, owner, make.draft(number)) for number in range(count)]
    return [
        session.execute(text("select id from card where note_id = :note"), {"note": note}).scalar() for note in notes
    ]


def test_a_pack_begins_with_the_card_that_is_asked_next_and_says_what_its_buttons_give(session, owner):
    cards(session, owner, 2)

    pack = packing.pack(session, owner, now=NOW)

    first, asked = pack.cards[0], study.next_card(session, owner, deck_id=None, now=NOW)
    assert first.card == asked
    assert [button.interval for button in first.buttons[0]] == [option.interval for option in asked.options]
    assert (first.start, len(pack.ends), pack.made) == (NOW, 3, NOW)


def test_a_pack_keeps_to_the_limits_of_each_day(session, owner):
    cards(session, owner, 5)
    session.execute(text("update setting set new_per_day = 2"))

    pack = packing.pack(session, owner, now=NOW)

    assert [one.start for one in pack.cards] == [NOW, NOW, pack.ends[0], pack.ends[0], pack.ends[1]]
    assert [bool(day) for day in pack.cards[2].buttons] == [False, True, True]


def test_a_pack_holds_cards_in_steps_and_those_that_come_back_within_three_days(session, owner):
    in_steps, tomorrow, later = cards(session, owner, 3)
    for card_id, days in ((tomorrow, 2), (later, 1)):
        answer(session, owner, card_id, Grade.GOOD, at=NOW - days * DAY)
        answer(session, owner, card_id, Grade.GOOD, at=NOW - days * DAY + timedelta(minutes=20))
    answer(session, owner, in_steps, Grade.AGAIN, at=NOW)

    pack = packing.pack(session, owner, now=NOW)

    starts = {one.card.card_id: one.start for one in pack.cards}
    assert starts[in_steps] == NOW + timedelta(minutes=1)
    assert set(starts) == {in_steps, tomorrow, later}


def test_what_is_suspended_stays_out_of_the_pack(session, owner):
    (card_id,) = cards(session, owner, 1)
    session.execute(
        text("update plan set queue = 'SUSPENDED', suspended = :yes where card_id = :card"),
        {"card": card_id, "yes": True},
    )

    assert packing.pack(session, owner, now=NOW).cards == []
