from datetime import timedelta

import pytest

from quizapp.db import leaving
from quizapp.db.quizzes import Feedback, MadeFrom, Order
from quizapp.domain.cards import CardKind
from quizapp.domain.permissions import Actor, LearnerId
from quizapp.domain.questions import Mode, Way
from quizapp.domain.scheduling import Grade
from quizapp.errors import Conflict, InvalidInput, NotFound
from quizapp.services import decks, library, quizzes, sittings, trash
from quizapp.services.quizzes import Wish
from tests import make
from tests.make import NOW
from tests.services import quizzing, studying
from tests.services.quizzing import BERTH, COLOURS, EVERY, GAP, LIGHTS, LOCK, PILOT, QUAY

DAY = timedelta(days=1)


@pytest.fixture
def deck_id(session, owner):
    return quizzing.deck(session, owner)


def asked(session, owner, quiz_id):
    return quizzes.sheet(session, owner, quiz_id).questions


def test_a_mixed_quiz_asks_every_card_in_a_way_that_suits_it(session, owner, deck_id):
    questions = asked(session, owner, quizzing.quiz(session, owner, deck_id))

    assert len(questions) == len(EVERY)
    ways = {question.prompt: question.way for question in questions}
    assert ways["Which lights are there?"] is Way.LIST
    assert ways["How is a boat moored?"] is Way.ORDER
    assert ways["Each berth has a number."] is Way.TRUE_FALSE
    assert ways["Which light means stop?"] in {Way.CHOICE, Way.TRUE_FALSE}


@pytest.mark.parametrize(
    ("mode", "ways"),
    [
        (Mode.CHOICE, {Way.CHOICE}),
        (Mode.TYPED, {Way.TYPED, Way.CLOZE, Way.LIST}),
        (Mode.TRUE_FALSE, {Way.TRUE_FALSE}),
        (Mode.CLOZE, {Way.CLOZE}),
        (Mode.LIST, {Way.LIST, Way.ORDER}),
    ],
)
def test_a_quiz_of_one_kind_asks_in_no_other(session, owner, deck_id, mode, ways):
    questions = asked(session, owner, quizzing.quiz(session, owner, deck_id, mode=mode))

    assert {question.way for question in questions} == ways


def test_the_same_seed_makes_the_same_quiz(session, owner, deck_id):
    one, other, third = (
        asked(session, owner, quizzing.quiz(session, owner, deck_id, count=5, seed=seed)) for seed in (7, 7, 8)
    )

    assert one == other
    assert one != third


def test_a_quiz_has_as_many_questions_as_are_wished(session, owner, deck_id):
    assert len(asked(session, owner, quizzing.quiz(session, owner, deck_id, count=4))) == 4


def test_subdecks_belong_to_a_deck(session, owner, deck_id):
    quizzing.deck(session, owner, {**BERTH, "question": "What is a bollard?"}, name="Harbour::Quays")

    prompts = {question.prompt for question in asked(session, owner, quizzing.quiz(session, owner, deck_id))}

    assert "What is a bollard?" in prompts


def test_a_quiz_is_made_from_a_document_and_from_a_tag(session, owner, deck_id):
    found = quizzes.materials(session, owner)
    document = next(one for one in found if one.made_from is MadeFrom.DOCUMENT)
    tag = next(one for one in found if one.made_from is MadeFrom.TAG)

    from_document = quizzing.quiz(session, owner, document.of, made_from=MadeFrom.DOCUMENT)
    from_tag = quizzing.quiz(session, owner, tag.of, made_from=MadeFrom.TAG)

    assert len(asked(session, owner, from_document)) == 1
    assert quizzes.quiz(session, owner, from_tag).title == "cells"
    assert len(asked(session, owner, from_tag)) == len(EVERY)


def test_what_is_missed_most_comes_first(session, owner):
    deck_id = quizzing.deck(session, owner, BERTH, QUAY, LOCK, PILOT)
    studying.answer(session, owner, 2, Grade.EASY)
    for days in (30, 60):
        studying.answer(session, owner, 2, Grade.AGAIN, at=NOW + days * DAY)
        studying.answer(session, owner, 2, Grade.GOOD, at=NOW + days * DAY + timedelta(minutes=11))
    now = NOW + 61 * DAY
    sitting = sittings.start(session, owner, quizzing.quiz(session, owner, deck_id, at=now), seed=1, now=now)
    quizzing.answer(session, owner, sitting, 3, right=False, at=now)
    quizzing.answer(session, owner, sitting, 4, right=True, at=now)
    sittings.finish(session, owner, sitting, now=now)

    missed = quizzing.quiz(session, owner, None, made_from=MadeFrom.MISSED, count=2, at=now)

    assert [question.card_id for question in asked(session, owner, missed)] == [2, 3]


def test_nothing_missed_is_said(session, owner, deck_id):
    with pytest.raises(InvalidInput, match="You have missed nothing yet"):
        quizzes.prepare(session, owner, Wish(MadeFrom.MISSED), seed=1, now=NOW)


def test_a_deck_without_cards_makes_no_quiz(session, owner):
    empty = decks.create(session, owner, "Empty", now=NOW)

    with pytest.raises(InvalidInput, match="no cards to ask here yet"):
        quizzing.quiz(session, owner, empty)


def test_cards_that_cannot_be_asked_so_are_said(session, owner):
    deck_id = quizzing.deck(session, owner, LIGHTS)

    with pytest.raises(InvalidInput, match="can be asked in that way"):
        quizzing.quiz(session, owner, deck_id, mode=Mode.CHOICE)


@pytest.mark.parametrize(
    "wish",
    [{"count": 0}, {"count": 201}, {"time_limit": timedelta(0)}, {"time_limit": timedelta(hours=25)}],
    ids=str,
)
def test_a_wish_beyond_the_limits_is_refused(session, owner, deck_id, wish):
    with pytest.raises(InvalidInput):
        quizzing.quiz(session, owner, deck_id, **wish)


def test_of_one_text_with_several_gaps_one_is_asked(session, owner):
    deck_id = quizzing.deck(session, owner, GAP)
    decks.edit_note(session, owner, 1, question="{{c1::Pilots}} come within {{c2::20 minutes}}.", answer="", now=NOW)

    few = quizzing.quiz(session, owner, deck_id, count=10)
    every = quizzing.quiz(session, owner, deck_id, count=None)

    assert len(asked(session, owner, few)) == 1
    assert len(asked(session, owner, every)) == 2


def test_a_question_survives_what_becomes_of_its_card(session, owner, deck_id):
    quiz_id = quizzing.quiz(session, owner, deck_id)
    before = asked(session, owner, quiz_id)

    decks.edit_note(session, owner, 1, question="Something else?", answer="Something else", now=NOW)
    decks.delete_note(session, owner, 2, now=NOW)
    trash.empty(session, now=NOW + 40 * DAY)
    session.expire_all()

    after = asked(session, owner, quiz_id)
    assert after[0] == before[0]
    assert after[1].prompt == before[1].prompt
    assert after[1].card_id is None


@pytest.fixture
def prepared(session, owner, deck_id):
    """A quiz on every card of the deck, made up but not stored."""
    wish = Wish(MadeFrom.DECK, deck_id, count=None, order=Order.AS_MADE)
    return quizzes.prepare(session, owner, wish, seed=1, now=NOW)


def test_what_is_prepared_in_a_session_that_reads_is_stored_as_it_was(database, owner):
    with database.writing() as session:
        wish = Wish(MadeFrom.DECK, quizzing.deck(session, owner), count=None)
    with database.reading() as session:
        prepared = quizzes.prepare(session, owner, wish, seed=1, now=NOW)

    with database.writing() as session:
        quiz_id = quizzes.make(session, owner, prepared, now=NOW)

    with database.reading() as session:
        assert asked(session, owner, quiz_id) == prepared.questions


def test_cards_that_were_deleted_or_given_up_while_a_quiz_was_made_are_not_asked(session, owner, deck_id, prepared):
    gap = next(question for question in prepared.questions if question.prompt.startswith("The pilot"))
    decks.delete_note(session, owner, 1, now=NOW)
    decks.delete_note(session, owner, 2, now=NOW)
    trash.empty(session, now=NOW + 31 * DAY)
    decks.delete_note(session, owner, 3, now=NOW)
    note = next(note for note in decks.deck(session, owner, deck_id, now=NOW).notes if note.kind is CardKind.CLOZE)
    decks.edit_note(session, owner, note.id, question="The pilot comes {{c2::soon}}.", answer="", now=NOW)

    questions = asked(session, owner, quizzes.make(session, owner, prepared, now=NOW))

    kept = [question for question in prepared.questions if question.card_id not in {1, 2, 3, gap.card_id}]
    assert questions == kept


def test_a_document_that_is_gone_for_good_while_a_quiz_was_made_is_no_longer_linked(session, owner, prepared):
    library.delete(session, owner, prepared.questions[0].document_id, now=NOW)
    trash.empty(session, now=NOW + 31 * DAY)

    first, second, *_ = asked(session, owner, quizzes.make(session, owner, prepared, now=NOW))

    assert (first.document_id, first.document_title) == (None, "Cells")
    assert second == prepared.questions[1]


def test_a_quiz_whose_cards_were_all_deleted_while_it_was_made_is_refused(session, owner, deck_id, prepared):
    decks.delete(session, owner, deck_id, now=NOW)

    with pytest.raises(Conflict, match="were deleted meanwhile"):
        quizzes.make(session, owner, prepared, now=NOW)
    assert quizzes.listed(session, owner).shown == []


def test_a_deleted_quiz_is_not_there_until_it_is_restored(session, owner, deck_id):
    quiz_id = quizzing.quiz(session, owner, deck_id)

    quizzes.delete(session, owner, quiz_id, now=NOW)

    assert quizzes.listed(session, owner).shown == []
    with pytest.raises(NotFound):
        quizzes.quiz(session, owner, quiz_id)
    quizzes.restore(session, owner, quiz_id, now=NOW)
    assert [one.quiz.id for one in quizzes.listed(session, owner).shown] == [quiz_id]


def test_a_quiz_is_removed_for_good_after_its_time_in_the_trash(session, owner, deck_id):
    quiz_id = quizzing.quiz(session, owner, deck_id)
    sittings.start(session, owner, quiz_id, seed=1, now=NOW)
    quizzes.delete(session, owner, quiz_id, now=NOW)

    trash.empty(session, now=NOW + 29 * DAY)
    assert quizzes.restore(session, owner, quiz_id, now=NOW) == "Harbour"
    quizzes.delete(session, owner, quiz_id, now=NOW)
    assert trash.empty(session, now=NOW + 31 * DAY).quizzes == 1

    session.expire_all()
    with pytest.raises(NotFound):
        quizzes.restore(session, owner, quiz_id, now=NOW)


def test_somebody_elses_quiz_and_deck_look_like_missing_ones(session, owner, deck_id):
    quiz_id = quizzing.quiz(session, owner, deck_id)
    stranger = Actor(LearnerId(owner.learner_id + 1))

    for reach in (
        lambda: quizzes.quiz(session, stranger, quiz_id),
        lambda: quizzes.delete(session, stranger, quiz_id, now=NOW),
        lambda: quizzes.restore(session, stranger, quiz_id, now=NOW),
        lambda: quizzing.quiz(session, stranger, deck_id),
        lambda: sittings.start(session, stranger, quiz_id, seed=1, now=NOW),
    ):
        with pytest.raises(NotFound):
            reach()
    assert quizzes.listed(session, stranger).shown == []


def test_the_list_tells_the_last_result_and_what_is_open(session, owner, deck_id):
    quiz_id = quizzing.quiz(session, owner, deck_id)
    first = sittings.start(session, owner, quiz_id, seed=1, now=NOW)
    quizzing.answer(session, owner, first, 1)
    sittings.finish(session, owner, first, now=NOW)
    second = sittings.start(session, owner, quiz_id, seed=1, now=NOW + DAY)

    (listed,) = quizzes.listed(session, owner).shown

    assert (listed.last.sitting_id, listed.last.points) == (first, 1.0)
    assert listed.open.sitting_id == second
    assert listed.quiz.questions == len(EVERY)


def test_each_question_tells_how_it_was_answered(session, owner):
    deck_id = quizzing.deck(session, owner, COLOURS, LIGHTS)
    quiz_id = quizzing.quiz(session, owner, deck_id, feedback=Feedback.AT_END)
    for right in (True, False):
        sitting = sittings.start(session, owner, quiz_id, seed=1, now=NOW)
        quizzing.answer(session, owner, sitting, 1, right=not right)
        quizzing.answer(session, owner, sitting, 1, right=right)
        sittings.finish(session, owner, sitting, now=NOW)

    choice, unanswered = (one.facility for one in quizzes.quiz(session, owner, quiz_id).questions.shown)

    assert (choice.answers, choice.share) == (2, 0.5)
    assert unanswered is None


def test_a_question_and_the_anki_package_know_the_columns_of_a_quoted_row(session, owner):
    columns = ("Light", "Meaning")
    quoted = make.Source("red | stop", 0, 10, columns=columns)
    deck_id = quizzing.deck(session, owner, {**BERTH, "source": quoted}, QUAY)

    questions = asked(session, owner, quizzing.quiz(session, owner, deck_id))

    assert {question.prompt: question.source.columns for question in questions} == {
        BERTH["question"]: columns,
        QUAY["question"]: (),
    }
    sources = {one.note.question: one.note.source.columns for one in leaving.notes(session, [deck_id])}
    assert sources == {BERTH["question"]: columns, QUAY["question"]: ()}


def test_quizzes_and_the_questions_of_one_come_a_page_at_a_time(session, owner):
    deck_id = quizzing.deck(session, owner, *({**BERTH, "question": f"Berth {number}?"} for number in range(27)))
    made = [quizzing.quiz(session, owner, deck_id, mode=Mode.TYPED, at=NOW + day * DAY) for day in range(27)]

    first, second = (quizzes.listed(session, owner, page=page) for page in (1, 2))
    asked_first, past_the_end = (quizzes.quiz(session, owner, made[0], page=page).questions for page in (1, 9))

    assert [one.quiz.id for one in (*first.shown, *second.shown)] == made[::-1]
    assert (len(first.shown), first.pages, first.total) == (25, 2, 27)
    assert [one.number for one in asked_first.shown] == list(range(1, 26))
    assert [one.number for one in past_the_end.shown] == [26, 27]
    assert len(quizzes.sheet(session, owner, made[0]).questions) == 27
