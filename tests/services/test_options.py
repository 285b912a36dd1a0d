from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import text

from quizapp.db.learners import StudySettings
from quizapp.domain.options import NewOrder, Options, ReviewOrder
from quizapp.domain.permissions import Actor, LearnerId
from quizapp.domain.queues import Counts, Limits, NewPlace
from quizapp.domain.rescheduling import Dates
from quizapp.domain.scheduling import Grade, Steps
from quizapp.errors import NotFound
from quizapp.services import checking, decks, options, settings, study
from tests import make
from tests.make import NOW
from tests.services.studying import answer

DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)


@pytest.fixture
def cards(session, owner):
    """Two cards in Biology, two in Biology::Cells, two in Law, by deck, in the order they were made."""
    found: dict[str, list[int]] = {}
    for number in range(6):
        name = ("Biology", "Biology::Cells", "Law")[number // 2]
        note_id = make.note_in(session, owner, make.draft(number), deck_name=name)
        found.setdefault(name, []).append(card_of(session, note_id))
    return found


def card_of(session, note_id, ordinal=None):
    wanted = "" if ordinal is None else f" and ordinal = {ordinal}"
    return session.execute(text(f"select min(id) from card where note_id = :note{wanted}"), {"note": note_id}).scalar()


def deck_named(session, owner, name):
    return next(deck.id for deck in decks.decks(session, owner, now=NOW) if deck.name == name)


def choose(session, owner, name, chosen):
    return options.choose(session, owner, deck_named(session, owner, name), chosen)


def left(session, owner, name=None, at=NOW):
    deck_id = None if name is None else deck_named(session, owner, name)
    found = study.next_card(session, owner, deck_id=deck_id, now=at)
    return found.left if found else Counts(0, 0, 0)


def shown(session, owner, *, at=NOW, name=None, grade=Grade.EASY):
    """Answer every card that is given and return their ids."""
    deck_id = None if name is None else deck_named(session, owner, name)
    found = []
    while card := study.next_card(session, owner, deck_id=deck_id, now=at):
        found.append(card.card_id)
        answer(session, owner, card.card_id, grade, at=at)
    return found


def test_a_deck_has_the_options_of_the_deck_it_is_in_until_it_has_its_own(session, owner, cards):
    strict, lax = Options(retention=0.95), Options(retention=0.8)

    choose(session, owner, "Biology", strict)
    inherited = options.of_deck(session, owner, deck_named(session, owner, "Biology::Cells"))
    choose(session, owner, "Biology::Cells", lax)
    own = options.of_deck(session, owner, deck_named(session, owner, "Biology::Cells"))
    elsewhere = options.of_deck(session, owner, deck_named(session, owner, "Law"))

    assert (inherited.options, inherited.chosen_for[1]) == (strict, "Biology")
    assert (own.options, own.chosen_for[1]) == (lax, "Biology::Cells")
    assert (elsewhere.options, elsewhere.chosen_for) == (Options(), None)


def test_a_renamed_deck_follows_the_deck_it_is_in_now(session, owner, cards):
    choose(session, owner, "Law", Options(retention=0.8))

    decks.rename(session, owner, deck_named(session, owner, "Biology::Cells"), "Law::Cells", now=NOW)

    assert options.of_deck(session, owner, deck_named(session, owner, "Law::Cells")).options.retention == 0.8


def test_options_are_taken_back_by_giving_what_was_there_before(session, owner, cards):
    assert choose(session, owner, "Law", Options(retention=0.8)) is None

    before = choose(session, owner, "Law", None)

    assert before == Options(retention=0.8)
    assert options.of_deck(session, owner, deck_named(session, owner, "Law")).options == Options()


def test_a_strangers_deck_is_not_there(session, owner, cards):
    stranger, deck_id = Actor(LearnerId(999)), deck_named(session, owner, "Law")

    for act in (options.of_deck, lambda *who: options.choose(*who, None)):
        with pytest.raises(NotFound):
            act(session, stranger, deck_id)


def test_every_deck_with_options_has_a_day_of_its_own(session, owner, cards):
    choose(session, owner, "Biology", Options(limits=Limits(new=1)))

    assert left(session, owner) == Counts(review=0, learning=0, new=3)
    assert len(shown(session, owner)) == 3
    assert left(session, owner, "Law", NOW) == Counts(0, 0, 0)
    assert left(session, owner, "Biology") == Counts(0, 0, 0)


def test_what_is_done_in_one_deck_uses_up_no_other_decks_limit(session, owner, cards):
    choose(session, owner, "Law", Options(limits=Limits(new=2)))

    assert len(shown(session, owner, name="Law")) == 2

    assert left(session, owner) == Counts(0, 0, 4)


def test_a_card_is_scheduled_by_the_options_of_its_deck_whichever_deck_is_studied(session, owner, cards):
    choose(session, owner, "Biology", Options(retention=0.8, steps=Steps((30 * MINUTE,), ()), maximum_interval=9 * DAY))
    offered = study.card(session, owner, cards["Biology"][0], now=NOW)

    again = answer(session, owner, cards["Biology"][0], Grade.AGAIN)
    easy = answer(session, owner, cards["Biology::Cells"][0], Grade.EASY)
    usual = answer(session, owner, cards["Law"][0], Grade.EASY)

    assert [option.interval for option in offered.options] == [30 * MINUTE, 45 * MINUTE, 8 * DAY, 9 * DAY]
    assert (again.interval, easy.interval, usual.interval) == (30 * MINUTE, 9 * DAY, 8 * DAY)


def test_other_steps_change_nothing_that_has_happened(session, owner, cards):
    card_id = cards["Law"][0]
    for minutes, grade in ((0, Grade.AGAIN), (1, Grade.GOOD)):
        answer(session, owner, card_id, grade, at=NOW + minutes * MINUTE)
    before = study.card(session, owner, card_id, now=NOW)

    choose(session, owner, "Law", Options(steps=Steps((), ())))
    answer(session, owner, card_id, Grade.HARD, at=NOW + 11 * MINUTE)
    study.undo(session, owner, undo_id=uuid4(), now=NOW + 12 * MINUTE)

    assert study.card(session, owner, card_id, now=NOW).phase == before.phase == "learning"
    choose(session, owner, "Law", None)
    assert study.card(session, owner, card_id, now=NOW).options == before.options
    assert checking.check(session, now=NOW).faults == ()


def test_a_check_finds_nothing_wrong_with_decks_that_are_studied_in_ways_of_their_own(session, owner, cards):
    choose(session, owner, "Biology", Options(retention=0.75, steps=Steps((), (DAY,)), maximum_interval=2 * DAY))
    for days in (0, 1, 3, 5, 30):
        answer(session, owner, cards["Biology"][0], Grade.AGAIN if days == 3 else Grade.EASY, at=NOW + days * DAY)
    choose(session, owner, "Biology", Options(retention=0.97))

    assert checking.check(session, now=NOW).faults == ()


def test_a_new_goal_for_all_decks_leaves_those_alone_that_have_their_own(session, owner, cards):
    choose(session, owner, "Law", Options(retention=0.8))
    for name in ("Law", "Biology"):
        answer(session, owner, cards[name][0], Grade.EASY)
    wanted = StudySettings("Europe/Berlin", 4, Options(retention=0.97))

    change = settings.prepare(session, owner, wanted, dates=Dates.FOLLOW, now=NOW)

    assert set(change.reworked.changed) == {cards["Biology"][0]}


@pytest.mark.parametrize(
    ("place", "kinds"),
    [(NewPlace.BEFORE, "NNRR"), (NewPlace.AFTER, "RRNN")],
)
def test_new_cards_come_where_the_deck_wants_them(session, owner, cards, place, kinds):
    for card_id in cards["Biology"]:
        answer(session, owner, card_id, Grade.EASY)
    choose(session, owner, "Biology", Options(new_place=place))

    found = shown(session, owner, at=NOW + 9 * DAY, name="Biology")

    assert "".join("R" if card_id in cards["Biology"] else "N" for card_id in found) == kinds


def test_new_cards_can_come_as_their_document_says_them(session, owner):
    make.added(session, owner, make.draft(3), make.draft(1), make.draft(0), deck_name="Law", keep_ready=True)
    choose(session, owner, "Law", Options(new_order=NewOrder.POSITION))

    starts = []
    while card := study.next_card(session, owner, deck_id=None, now=NOW):
        starts.append(card.source.start)
        answer(session, owner, card.card_id, Grade.EASY)

    assert starts == sorted(starts)
    assert len(starts) == 3


def test_random_new_cards_are_all_given_and_the_same_one_until_it_is_answered(session, owner, cards):
    for name in ("Biology", "Law"):
        choose(session, owner, name, Options(new_order=NewOrder.RANDOM))
    first, again = (study.next_card(session, owner, deck_id=None, now=NOW).card_id for _ in range(2))
    deck_id = deck_named(session, owner, "Biology")

    found = shown(session, owner, name="Biology")

    assert first == again
    assert sorted(found) == sorted([*cards["Biology"], *cards["Biology::Cells"]])
    assert study.next_card(session, owner, deck_id=deck_id, now=NOW) is None


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        pytest.param(ReviewOrder.DUE, [1, 2, 0], id="due longest"),
        pytest.param(ReviewOrder.AT_RISK, [2, 1, 0], id="most likely to be forgotten"),
        pytest.param(ReviewOrder.SHORTEST, [2, 1, 0], id="shortest interval"),
    ],
)
def test_reviews_come_in_the_order_that_was_chosen(session, owner, order, expected):
    three = [card_of(session, make.note_in(session, owner, make.draft(n), deck_name="Law")) for n in range(3)]
    for card_id, days, grade in zip(three, (0, 0, 20), (Grade.EASY, Grade.EASY, Grade.GOOD), strict=True):
        answer(session, owner, card_id, grade, at=NOW + days * DAY)
    answer(session, owner, three[0], Grade.EASY, at=NOW + 8 * DAY)
    answer(session, owner, three[2], Grade.GOOD, at=NOW + 20 * DAY + 10 * MINUTE)
    session.execute(text("update setting set new_per_day = 0"))
    choose(session, owner, "Law", Options(review_order=order, limits=Limits(new=0)))

    found = shown(session, owner, at=NOW + 200 * DAY, name="Law")

    assert [three.index(card_id) for card_id in found] == expected


def test_random_reviews_are_all_given_and_stay_in_their_order_all_day(session, owner, cards):
    for card_id in (*cards["Biology"], *cards["Biology::Cells"]):
        answer(session, owner, card_id, Grade.EASY)
    choose(session, owner, "Biology", Options(review_order=ReviewOrder.RANDOM))
    deck_id, at = deck_named(session, owner, "Biology"), NOW + 9 * DAY

    first, again = (study.next_card(session, owner, deck_id=deck_id, now=at).card_id for _ in range(2))

    assert first == again
    assert sorted(shown(session, owner, at=at, name="Biology")) == sorted([*cards["Biology"], *cards["Biology::Cells"]])


@pytest.fixture
def siblings(session, owner):
    """Two cards of one note, in a deck of their own."""
    note_id = make.note_in(session, owner, make.cloze_draft(), deck_name="Gaps")
    decks.edit_note(session, owner, note_id, question="{{c1::A}} and {{c2::B}}", answer="", now=NOW)
    return [card_of(session, note_id, ordinal) for ordinal in (1, 2)]


def test_without_a_wish_the_other_cards_of_a_note_come_when_nothing_else_is_left(session, owner, siblings):
    assert shown(session, owner) == siblings


def test_cards_of_one_note_can_be_kept_apart_by_a_day(session, owner, siblings):
    choose(session, owner, "Gaps", Options(apart=True))

    today, tomorrow = shown(session, owner), shown(session, owner, at=NOW + DAY)

    assert (today, tomorrow) == (siblings[:1], siblings[1:])


def test_a_card_kept_apart_is_not_counted_and_an_undo_brings_it_back(session, owner, siblings):
    choose(session, owner, "Gaps", Options(apart=True))
    answer(session, owner, siblings[0], Grade.EASY)
    counted = study.today(session, owner, now=NOW).counts

    study.undo(session, owner, undo_id=uuid4(), now=NOW)

    assert counted == Counts(0, 0, 0)
    assert study.today(session, owner, now=NOW).counts == Counts(0, 0, 2)


def test_what_a_goal_costs_is_told_anew_when_a_card_is_answered_or_the_day_has_turned(database, owner):
    def told(at):
        with database.reading() as session:
            found = options.forecast_of_followers(session, owner, Options(), now=at)
        with database.writing() as session:  # which keeps nothing of what it finds
            assert options.forecast_of_followers(session, owner, Options(), now=at) == found
        return [(cost.reviews, cost.remembered) for cost in found.costs]

    def graded(grade, at):
        with database.writing() as session:
            answer(session, owner, card_id, grade, at=at)

    with database.writing() as session:
        card_id = card_of(session, make.note_in(session, owner, make.draft(0), deck_name="Law"))
    unseen = told(NOW)
    graded(Grade.EASY, NOW)
    learned, again = told(NOW), told(NOW)
    later = told(NOW + 3 * DAY)
    graded(Grade.AGAIN, NOW + 3 * DAY)

    assert learned == again
    assert len({*map(tuple, (unseen, learned, later, told(NOW + 3 * DAY)))}) == 4


def test_a_deck_in_the_trash_keeps_its_options(session, owner, cards):
    deck_id = deck_named(session, owner, "Law")
    choose(session, owner, "Law", replace(Options(), retention=0.8))

    decks.delete(session, owner, deck_id, now=NOW)
    assert left(session, owner) == Counts(0, 0, 4)
    decks.restore(session, owner, deck_id, now=NOW)

    assert options.of_deck(session, owner, deck_id).options.retention == 0.8
