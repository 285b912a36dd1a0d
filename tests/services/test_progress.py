from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as as_hypothesis
from hypothesis import strategies as st
from sqlalchemy import delete, select

from quizapp.db import plans, reviews
from quizapp.db import progress as rows
from quizapp.db.notes import CardRow, NoteRow, put_tags
from quizapp.db.progress import Of
from quizapp.db.reviews import ReviewRow
from quizapp.domain.progress import Constancy, Period, Pile, Recall, Stage
from quizapp.domain.queues import Kind
from quizapp.domain.rescheduling import Dates
from quizapp.domain.scheduling import Grade, Override, ReviewEvent
from quizapp.domain.sessions import Mode
from quizapp.errors import InvalidInput
from quizapp.services import card_actions, checking, decks, past, progress, reviewing, sessions, settings, study
from quizapp.services.card_actions import Press
from quizapp.services.progress import Between, Span
from quizapp.services.sessions import Wanted
from quizapp.services.settings import study_plan
from tests import make
from tests.make import NOW
from tests.services.studying import answer

DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _first_looks():
    """Let nothing be kept of libraries whose writes were taken back."""
    progress._looks.clear()  # noqa: SLF001
    progress._kept.clear()  # noqa: SLF001


@pytest.fixture
def cards(session, owner):
    """Four cards in a deck and its subdeck, of two documents."""
    make.added(session, owner, make.draft(0), make.draft(1), title="One", deck_name="Cells", keep_ready=True)
    make.added(
        session, owner, make.draft(0), make.draft(1), title="Two", text=make.TEXT + "\n\nMore.",
        deck_name="Cells::Parts", keep_ready=True,
    )  # fmt: skip
    return (1, 2, 3, 4)


def look(session, owner, span=Span.ALL, now=NOW):
    return progress.progress(session, owner, span, now=now)


def look_alone(session, owner, span=Span.ALL, now=NOW):
    """Look as a session does that reads alone and has not asked anything yet."""
    session.info |= {"reads": True, "kept": (None, {})}
    found = look(session, owner, span, now)
    session.info["reads"] = False
    return found


def learn(session, owner, card, at):
    """Bring a card out of learning."""
    answer(session, owner, card, Grade.EASY, at=at)


def test_before_the_first_review_there_is_nothing(session, owner, cards):
    assert look(session, owner) is None


def test_the_first_answer_of_a_day_to_a_card_in_review_is_the_test(session, owner, cards):
    learn(session, owner, 1, NOW)
    for grade, later in [(Grade.AGAIN, 0), (Grade.GOOD, 11), (Grade.GOOD, 22)]:
        answer(session, owner, 1, grade, at=NOW + 9 * DAY + timedelta(minutes=later))
    answer(session, owner, 1, Grade.HARD, at=NOW + 30 * DAY)

    found = look(session, owner, now=NOW + 31 * DAY)

    assert found.recall == Recall(tests=2, passed=1)
    assert (found.totals.reviews, found.totals.days) == (5, 3)
    assert found.totals.time == timedelta(seconds=30)


def test_a_second_review_on_one_day_is_practice(session, owner, cards):
    learn(session, owner, 1, NOW)
    answer(session, owner, 1, Grade.GOOD, at=NOW + 9 * DAY)
    answer(session, owner, 1, Grade.AGAIN, at=NOW + 9 * DAY + timedelta(hours=1))

    assert look(session, owner, now=NOW + 10 * DAY).recall == Recall(1, 1)


def test_what_was_taken_back_counts_nowhere(session, owner, cards):
    learn(session, owner, 1, NOW)
    answer(session, owner, 1, Grade.GOOD, at=NOW + 9 * DAY)
    before = look(session, owner, now=NOW + 9 * DAY)

    answer(session, owner, 2, Grade.AGAIN, at=NOW + 9 * DAY + timedelta(minutes=1))
    study.undo(session, owner, undo_id=UUID(int=1), now=NOW + 9 * DAY + timedelta(minutes=2))

    assert look(session, owner, now=NOW + 9 * DAY) == before


def test_an_undone_review_leaves_the_next_one_the_first_of_its_day(session, owner, cards):
    learn(session, owner, 1, NOW)
    answer(session, owner, 1, Grade.GOOD, at=NOW + 9 * DAY)
    study.undo(session, owner, undo_id=UUID(int=1), now=NOW + 9 * DAY)
    answer(session, owner, 1, Grade.AGAIN, at=NOW + 9 * DAY)

    assert look(session, owner, now=NOW + 9 * DAY).recall == Recall(1, 0)


def test_a_card_is_mature_from_an_interval_of_three_weeks_on(session, owner, cards):
    learn(session, owner, 1, NOW)
    given = answer(session, owner, 1, Grade.EASY, at=NOW + 9 * DAY)
    assert given.interval >= timedelta(days=21)
    answer(session, owner, 1, Grade.AGAIN, at=NOW + 60 * DAY)

    found = look(session, owner, now=NOW + 60 * DAY)

    assert (found.young, found.mature) == (Recall(1, 1), Recall(1, 0))


def test_decks_hold_their_subdecks_and_documents_their_cards(session, owner, cards):
    for card in cards:
        learn(session, owner, card, NOW)
    for card in cards:
        answer(session, owner, card, Grade.AGAIN if card == 4 else Grade.GOOD, at=NOW + 9 * DAY)

    found = look(session, owner, now=NOW + 9 * DAY)

    assert {one.name: one.recall for one in found.decks} == {"Cells": Recall(4, 3), "Cells::Parts": Recall(2, 1)}
    assert {one.name: one.recall for one in found.documents} == {"One": Recall(2, 2), "Two": Recall(2, 1)}
    assert all(one.known_percent is not None and one.known_percent > 90 for one in (*found.decks, *found.documents))
    assert (found.seen, found.known) == (4, 4)


def test_what_would_be_known_falls_with_the_days(session, owner, cards):
    for card in cards:
        learn(session, owner, card, NOW)

    known = [look(session, owner, now=NOW + days * DAY).known for days in (0, 60, 3_000)]

    assert known == sorted(known, reverse=True)
    assert known[0] > known[-1]


def test_a_span_looks_no_further_back(session, owner, cards):
    learn(session, owner, 1, NOW)
    for days in (10, 40, 100):
        answer(session, owner, 1, Grade.GOOD, at=NOW + days * DAY)
    now = NOW + 101 * DAY

    tests = {span: look(session, owner, span, now=now).recall.tests for span in Span}

    assert tests == {Span.WEEK: 1, Span.MONTH: 1, Span.QUARTER: 2, Span.YEAR: 3, Span.ALL: 3}
    assert look(session, owner, Span.MONTH, now=now).weeks[0].monday >= date(2027, 2, 1)


def test_a_span_without_reviews_is_empty_and_not_nothing(session, owner, cards):
    learn(session, owner, 1, NOW)

    found = look(session, owner, Span.MONTH, now=NOW + 100 * DAY)

    assert (found.totals.reviews, found.recall, found.constancy) == (0, Recall(), Constancy(0, 0, 1))
    assert found.forecast[0][1] == 1


def test_the_forecast_has_a_month_and_the_calendar_a_year(session, owner, cards):
    learn(session, owner, 1, NOW)

    found = look(session, owner)

    assert (len(found.forecast), len(found.activity)) == (30, 371)
    assert found.activity[-1] == (date(2026, 11, 23), 1)
    assert sum(count for _, count in found.forecast) == 1


def test_reviews_in_the_trash_were_given_all_the_same_but_no_deck_shows_them(session, owner, cards):
    learn(session, owner, 1, NOW)
    answer(session, owner, 1, Grade.GOOD, at=NOW + 9 * DAY)
    for deck in decks.decks(session, owner, now=NOW):
        decks.delete(session, owner, deck.id, now=NOW + 9 * DAY)
        break

    found = look(session, owner, now=NOW + 9 * DAY)

    assert found.recall == Recall(1, 1)
    assert (found.decks, found.documents, found.seen) == ([], [], 0)


def test_a_review_that_a_wrong_clock_dated_ahead_waits_for_its_day(session, owner, cards):
    learn(session, owner, 1, NOW)
    learn(session, owner, 2, NOW + 3_000 * DAY)

    found = look(session, owner)

    assert found.totals.reviews == 1
    assert len(found.weeks) == 1


def test_days_are_those_of_the_learner(session, owner, cards):
    learn(session, owner, 1, NOW)
    assert look(session, owner).today == date(2026, 11, 23)

    wanted = replace(settings.chosen(session, owner), time_zone="Pacific/Kiritimati", turn_hour=0)
    settings.change(session, owner, settings.prepare(session, owner, wanted, dates=Dates.KEEP, now=NOW))

    assert look(session, owner).today == date(2026, 11, 24)
    assert look(session, owner).activity[-1] == (date(2026, 11, 24), 1)


def test_any_days_can_be_looked_at_and_two_periods_add_up_to_both(session, owner, cards):
    for card in cards:
        learn(session, owner, card, NOW)
        for days in (9, 30, 70, 160):
            answer(session, owner, card, Grade.AGAIN if card == 1 else Grade.EASY, at=NOW + days * DAY)
            answer(session, owner, card, Grade.GOOD, at=NOW + days * DAY + timedelta(minutes=11))
    answer(session, owner, 2, Grade.AGAIN, at=NOW + 170 * DAY)
    study.undo(session, owner, undo_id=UUID(int=1), now=NOW + 170 * DAY)
    now = NOW + 171 * DAY
    whole, start = look(session, owner, now=now), NOW.date()

    for cut in (1, 10, 30, 31, 160):
        before = look(session, owner, Between(None, start + cut * DAY), now)
        after = look(session, owner, Between(start + (cut + 1) * DAY, None), now)

        for figure in ("recall", "new", "young", "mature"):
            assert getattr(before, figure) + getattr(after, figure) == getattr(whole, figure), (figure, cut)
        assert before.totals.reviews + after.totals.reviews == whole.totals.reviews == 36
        hours = zip(before.hours, after.hours, whole.hours, strict=True)
        assert all(one.reviews + other.reviews == both.reviews for one, other, both in hours)
    assert whole.new == Recall(4, 4)
    assert whole.mature.tests > 0


def test_days_before_the_first_review_and_after_today_are_left_out(session, owner, cards):
    learn(session, owner, 1, NOW)

    found = look(session, owner, Between(date(1990, 1, 1), date(2990, 1, 1)), NOW + 3 * DAY)

    assert (found.period.first, found.period.last) == (NOW.date(), NOW.date() + 3 * DAY)
    assert look(session, owner, Between(None, date(1990, 1, 1)), NOW).period.days == 1
    with pytest.raises(InvalidInput, match="Swap them"):
        look(session, owner, Between(date(2026, 2, 1), date(2026, 1, 1)))


def test_speakers_and_tags_are_remembered_each_for_themselves(session, owner):
    make.added(session, owner, make.draft(0), make.draft(3), keep_ready=True)
    notes = {card: session.get(CardRow, card).note_id for card in (1, 2)}
    note = session.get(NoteRow, notes[2])
    session.get(NoteRow, notes[1]).speaker, note.speaker = None, "Lin Wei"
    put_tags(session, note, ["town", "-1+1"])
    for card in notes:
        learn(session, owner, card, NOW)
        answer(session, owner, card, Grade.GOOD, at=NOW + 9 * DAY)

    found = look(session, owner, now=NOW + 9 * DAY)

    assert {one.name: one.recall for one in found.speakers} == {"Lin Wei": Recall(1, 1)}
    assert {one.name: one.recall for one in found.tags} == {
        "cells": Recall(2, 2),
        "town": Recall(1, 1),
        "-1+1": Recall(1, 1),
    }


def test_what_the_schedule_foretold_stands_beside_what_was_recalled(session, owner, cards):
    for card in cards:
        learn(session, owner, card, NOW)
        answer(session, owner, card, Grade.AGAIN if card == 4 else Grade.GOOD, at=NOW + 9 * DAY)

    found = look(session, owner, now=NOW + 9 * DAY).memories

    (bin_,) = [one for one in found.calibration if one.tests]
    assert (bin_.tests, bin_.passed, found.cards_foretold) == (4, 3, 4)
    assert 0.85 < bin_.expected < 0.95
    assert sum(found.stability) == sum(found.difficulty) == 4


def test_practice_counts_nowhere(session, owner, cards):
    learn(session, owner, 1, NOW)
    before = look(session, owner, now=NOW + 9 * DAY)

    session_id = sessions.start(session, owner, uuid4(), Wanted(Mode.PRACTICE, card_ids=(1,)), now=NOW + 9 * DAY)
    sessions.answer(
        session, owner, session_id=session_id, review_id=uuid4(), card_id=1, grade=Grade.AGAIN,
        duration=DAY / 1_000, expected_reviews=0, now=NOW + 9 * DAY,
    )  # fmt: skip

    assert look(session, owner, now=NOW + 9 * DAY) == before


ZONES = ("Pacific/Kiritimati", "Pacific/Pago_Pago", "Asia/Kathmandu", "Europe/Berlin")


@st.composite
def years(draw):
    """Answers to four cards, late ones and several at one moment among them, undos of any, resets and moves, cards set aside, in any order."""
    later = st.timedeltas(timedelta(0), timedelta(days=90)) | st.sampled_from([timedelta(0), timedelta(hours=1), DAY])
    cards, ids = st.integers(1, 4), st.uuids(version=4)
    graded = [
        (draw(cards), ReviewEvent(draw(ids), NOW + draw(later), draw(st.sampled_from(Grade))))
        for _ in range(draw(st.integers(1, 12)))
    ]
    undone = draw(st.lists(st.sampled_from(graded), max_size=3, unique_by=lambda one: one[1].id))
    undos = [(card, ReviewEvent(draw(ids), event.at + draw(later), None, undoes=event.id)) for card, event in undone]
    aside = draw(st.lists(st.tuples(cards, st.booleans()), max_size=2))
    moves = draw(st.lists(st.tuples(st.sampled_from(ZONES), st.integers(0, 23)), max_size=2))
    resets = draw(st.lists(st.tuples(cards, later), max_size=2))
    return draw(st.permutations([*graded, *undos, *aside, *moves, *resets]))


def live(session, owner, happening):
    """Let one thing of those happen."""
    match happening:
        case (card, ReviewEvent() as event):
            how = study_plan(session, owner)
            place = plans.place(session, card_id=card, learner_id=owner.learner_id)
            if event.grade is None:
                reviewing.record_undo(session, how, place, event)
            else:
                reviewing.record_grade(session, how, place, event, event.grade, duration=timedelta(seconds=6))
        case (str() as zone, hour):
            wanted = replace(settings.chosen(session, owner), time_zone=zone, turn_hour=hour)
            settings.change(session, owner, settings.prepare(session, owner, wanted, dates=Dates.KEEP, now=NOW))
        case (card, bool() as suspended):
            plans.suspend(session, session.get(CardRow, card).note_id, learner_id=owner.learner_id, suspended=suspended)
        case (card, later):
            card_actions.reset(session, owner, Press(uuid4(), card), now=NOW + later)
    session.flush()


def plainly(session, period):
    """Count every answer by going through the histories: the piles, and the tests of each card."""
    stored = session.scalars(select(ReviewRow).order_by(ReviewRow.card_id, ReviewRow.at, ReviewRow.id)).all()
    session.expire_all()
    undone = {row.undoes for row in stored}
    piles, tests, last = {}, {}, None
    for row in stored:
        if row.grade is None or row.id in undone:
            continue
        before, last = last if last and last.card_id == row.card_id else None, row
        stage = Stage.STEP
        if row.was is Kind.NEW:
            stage = Stage.NEW
        elif row.was is Kind.REVIEW and not (before and before.day == row.day):
            stage = Stage.MATURE if before and before.interval >= timedelta(days=21) else Stage.YOUNG
        if period.first <= row.day <= period.last:
            passed = int(row.grade is not Grade.AGAIN)
            key = row.day, row.at.hour * 4 + row.at.minute // 15, stage
            reviews, good, time = piles.get(key, (0, 0, timedelta(0)))
            piles[key] = (reviews + 1, good + passed, time + row.duration)
            if stage in {Stage.YOUNG, Stage.MATURE}:
                tests[row.card_id] = tests.get(row.card_id, Recall()) + Recall(1, passed)
    return {Pile(*key, *counts) for key, counts in piles.items()}, tests


def held_is_what_statements_say(asked, held):
    """Cards that are read at once tell what statements would ask of them."""
    assert held.seen == asked.seen
    assert held.tests == asked.tests
    assert {*held.classes()} == {*asked.classes()}
    assert held.seen_by_document() == asked.seen_by_document()
    for share in (0.2, 0.5, 0.8, 1):
        assert sorted(held.traces(share=share)) == sorted(map(tuple, asked.traces(share=share)))
        for limit in (2, 9):
            assert held.tested(share=share, limit=limit) == asked.tested(share=share, limit=limit)
        for document in held.seen_by_document():
            of_asked = asked.traces_of_document(document, share=share)
            assert sorted(held.traces_of_document(document, share=share)) == sorted(map(tuple, of_asked))


@as_hypothesis(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(happenings=years(), first=st.integers(0, 90), days=st.integers(0, 200))
def test_whatever_happens_in_whatever_order_the_figures_are_those_of_the_histories(
    session, owner, cards, happenings, first, days
):
    with session.begin_nested() as example:
        for one in happenings:
            live(session, owner, one)
        start = NOW.date() + first * DAY
        for period in (Period(start, start + days * DAY), Period(NOW.date() - 9 * DAY, NOW.date() + 400 * DAY)):
            piles, tests = plainly(session, period)
            whose = (session, owner.learner_id, period)
            asked, held = rows.cards(*whose, few=-1), rows.cards(*whose, few=9)

            assert set(rows.piles(*whose)) == piles
            assert asked.tests.cards == len(tests)
            assert set(asked.tested(share=1, limit=9)) == set(tests)
            assert sum(asked.tests.groups[Of.DECK].values(), Recall()) == sum(tests.values(), Recall())
            assert sum(asked.tests.groups[Of.DOCUMENT].values(), Recall()) == sum(tests.values(), Recall())
            held_is_what_statements_say(asked, held)
        active = reviews.activity(session, owner.learner_id, since=NOW.date() - 9 * DAY)
        assert sum(active.values()) == sum(one.reviews for one in piles)
        assert checking.check(session, now=NOW).faults == ()
        example.rollback()


@st.composite
def weeks(draw):
    """Answers to two cards, one after the other over weeks, with late ones, undos, resets and cards set aside among them."""
    happenings, graded, at = [], [], timedelta(0)
    for _ in range(draw(st.integers(3, 14))):
        at += draw(st.sampled_from([timedelta(0), DAY, 3 * DAY, 8 * DAY]))
        card, sort = draw(st.integers(1, 2)), draw(st.sampled_from(["grade"] * 6 + ["late", "undo", "reset", "aside"]))
        if sort == "reset":
            happenings.append((card, at))
        elif sort == "aside":
            happenings.append((card, draw(st.booleans())))
        elif sort == "undo" and graded:
            card, event = draw(st.sampled_from(graded))
            happenings.append((card, ReviewEvent(draw(st.uuids(version=4)), NOW + at, None, undoes=event.id)))
        else:
            moment = NOW + (at if sort == "grade" else at / 2)
            graded.append(
                (card, ReviewEvent(draw(st.uuids(version=4)), moment, draw(st.sampled_from(list(Grade)[1:]))))
            )
            happenings.append(graded[-1])
    return happenings


@as_hypothesis(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(happenings=weeks() | years(), span=st.sampled_from([Span.ALL, Span.MONTH]))
def test_whatever_happens_after_a_look_the_next_one_shows_what_a_first_one_would(
    session, owner, cards, happenings, span
):
    progress._looks.clear(), progress._kept.clear()  # noqa: SLF001 - an example that is taken back never happened
    with session.begin_nested() as example:
        for one in happenings:
            live(session, owner, one)
            first = look(session, owner, span, now=NOW + 60 * DAY)

            assert [look_alone(session, owner, span, now=NOW + 60 * DAY) for _ in range(2)] == [first, first]
        example.rollback()


def test_a_card_that_is_removed_for_good_is_missed_at_the_next_look(session, owner, cards):
    for card in cards:
        learn(session, owner, card, NOW)
    assert look_alone(session, owner).totals.reviews == 4
    decks.delete_note(session, owner, 1, now=NOW)
    assert look_alone(session, owner).totals.reviews == 4

    session.execute(delete(NoteRow).where(NoteRow.id == 1))

    assert look_alone(session, owner).totals.reviews == 3


def test_what_is_said_of_a_card_that_is_set_aside_shows_at_the_next_look(session, owner, cards):
    for card in (1, 2):
        learn(session, owner, card, NOW)
        answer(session, owner, card, Grade.GOOD, at=NOW + 9 * DAY)
    plans.suspend(session, 1, learner_id=owner.learner_id, suspended=True)
    before = look(session, owner, now=NOW + 20 * DAY)
    assert look_alone(session, owner, now=NOW + 20 * DAY) == before
    place = plans.place(session, card_id=1, learner_id=owner.learner_id)
    reset = ReviewEvent(uuid4(), NOW + 5 * DAY, None, override=Override.RESET)
    with session.begin_nested():
        past._say(session, owner, 1, [reset])  # noqa: SLF001 - as another device tells it, late
        session.flush()
        reviewing.replay_all(session, study_plan(session, owner), place)
    after = look(session, owner, now=NOW + 20 * DAY)
    assert sum(one.tests for one in before.memories.calibration) == 2
    assert sum(one.tests for one in after.memories.calibration) == 1
    assert look_alone(session, owner, now=NOW + 20 * DAY) == after


def test_only_so_many_looks_and_replays_are_kept(session, owner, cards, monkeypatch):
    learn(session, owner, 1, NOW)
    monkeypatch.setattr(progress, "LOOKS_KEPT", 3)
    monkeypatch.setattr(progress, "LEARNERS_KEPT", 2)

    for days in range(9):
        wanted = replace(settings.chosen(session, owner), turn_hour=days)
        settings.change(session, owner, settings.prepare(session, owner, wanted, dates=Dates.KEEP, now=NOW))
        look_alone(session, owner, now=NOW + days * DAY)

    assert len(progress._looks) <= 3  # noqa: SLF001 - neither may grow with the days that a server runs
    assert len(progress._kept) <= 2  # noqa: SLF001
