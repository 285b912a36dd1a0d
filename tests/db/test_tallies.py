"""Decks know how many cards stand in each queue, whatever happened to them."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from quizapp.db import plans
from quizapp.db.notes import NoteRow
from quizapp.db.quizzes import Feedback
from quizapp.domain.cards import CardKind
from quizapp.domain.options import Options
from quizapp.domain.rescheduling import Dates
from quizapp.domain.scheduling import Grade
from quizapp.errors import QuizappError
from quizapp.services import checking, decks, drafts, library, sittings, study, trash
from quizapp.services import settings as study_settings
from tests import make
from tests.make import NOW
from tests.services import quizzing
from tests.services.studying import answer
from tests.stores import on_both

LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)  # when no file was old enough to be missed by the rows
DECKS = ("Biology", "Biology::Cells", "Chemistry")
CLOZES = (
    "{{c1::A ribosome}} builds {{c2::proteins}}.",
    "A ribosome {{c2::builds}} {{c3::proteins}}.",
    "A {{c1::cell}}.",
)
COUNTED = """
    SELECT note.deck_id, CASE WHEN plan.suspended THEN 'suspended' WHEN memory.phase IS NULL THEN 'new'
           WHEN memory.phase = 'REVIEW' THEN 'review' ELSE 'learning' END
    FROM card JOIN note ON note.id = card.note_id JOIN deck ON deck.id = note.deck_id
    JOIN plan ON plan.card_id = card.id LEFT JOIN memory ON memory.card_id = card.id
    WHERE card.removed_at IS NULL AND note.deleted_at IS NULL AND deck.deleted_at IS NULL
"""


class Life:
    """What a learner does in a library, one thing after another; `pick` chooses of what, or how."""

    def __init__(self, session, owner):
        self.session, self.owner, self.now, self.steps = session, owner, NOW, 0

    def live(self, act, pick, later):
        """Do one thing; one that is refused leaves nothing behind, as a turn that fails."""
        self.now += later
        self.steps += 1
        try:
            with self.session.begin_nested():
                getattr(self, act)(pick)
        except QuizappError:
            pass

    def one(self, table, pick, where="true"):
        """Return the id of such a row; 0, which none has, without any."""
        ids = self.session.scalars(text(f"SELECT id FROM {table} WHERE {where} ORDER BY id")).all()
        return ids[pick % len(ids)] if ids else 0

    def living(self, table, pick):
        return self.one(table, pick, "deleted_at IS NULL")

    def deleted(self, table, pick):
        return self.one(table, pick, "deleted_at IS NOT NULL")

    def add(self, pick):
        drafted = (make.draft(0), make.draft(1), make.cloze_draft("A […] builds proteins.", "ribosome"))
        self.document(pick, *drafted, keep_ready=pick % 2 == 0)

    def document(self, pick, *drafted, keep_ready):
        words, name = f"{make.TEXT} {self.steps}", DECKS[pick % len(DECKS)]
        make.added(self.session, self.owner, *drafted, text=words, deck_name=name, keep_ready=keep_ready, now=self.now)

    def keep(self, pick):
        drafts.keep(self.session, self.owner, self.one("draft", pick), now=self.now)

    def keep_all(self, pick):
        drafts.keep_all_ready(self.session, self.owner, self.one("document", pick), now=self.now)

    def reject(self, pick):
        drafts.reject(self.session, self.owner, self.one("draft", pick), now=self.now)

    def undo_on_the_bench(self, pick):
        drafts.undo(self.session, self.owner, self.one("document", pick), now=self.now)

    def answer(self, pick):
        answer(self.session, self.owner, self.one("card", pick // 4), list(Grade)[pick % 4], at=self.now)

    def answer_that_arrives_late(self, pick):
        then = self.now - timedelta(days=2)
        answer(self.session, self.owner, self.one("card", pick // 4), list(Grade)[pick % 4], at=then)

    def undo(self, pick):
        study.undo(self.session, self.owner, undo_id=UUID(int=self.steps), now=self.now)

    def suspend(self, pick):
        decks.suspend_note(self.session, self.owner, self.one("note", pick))

    def resume(self, pick):
        plans.suspend(self.session, self.one("note", pick), learner_id=self.owner.learner_id, suspended=False)

    def reword(self, pick):
        question = CLOZES[pick % len(CLOZES)]
        note_id = self.living("note", pick // len(CLOZES))
        if decks.note(self.session, self.owner, note_id).kind is CardKind.CLOZE:
            decks.edit_note(self.session, self.owner, note_id, question=question, answer="", now=self.now)

    def delete_note(self, pick):
        decks.delete_note(self.session, self.owner, self.living("note", pick), now=self.now)

    def restore_note(self, pick):
        decks.restore_note(self.session, self.owner, self.deleted("note", pick), now=self.now)

    def delete_deck(self, pick):
        decks.delete(self.session, self.owner, self.living("deck", pick), now=self.now)

    def restore_deck(self, pick):
        decks.restore(self.session, self.owner, self.deleted("deck", pick), now=self.now)

    def rename_deck(self, pick):
        name = (*DECKS, "Chemistry::Cells")[pick % 4]
        decks.rename(self.session, self.owner, self.one("deck", pick // 4), name, now=self.now)

    def put_into_another_deck(self, pick):
        if note := self.session.get(NoteRow, self.one("note", pick // 4)):
            note.deck_id = self.one("deck", pick)
            self.session.flush()
            plans.settle_notes(self.session, [note.id])

    def delete_document(self, pick):
        delete = library.delete if pick % 2 else library.delete_with_cards
        delete(self.session, self.owner, self.living("document", pick // 2), now=self.now)

    def restore_document(self, pick):
        library.restore(self.session, self.owner, self.deleted("document", pick), now=NOW)

    def miss_in_a_quiz(self, pick):
        feedback = list(Feedback)[pick % len(Feedback)]
        quiz = quizzing.quiz(
            self.session, self.owner, self.living("deck", pick), count=3, feedback=feedback, at=self.now
        )
        sitting = sittings.start(self.session, self.owner, quiz, seed=pick, now=self.now)
        for place in range(1, len(sittings.sitting(self.session, self.owner, sitting, now=self.now).places.shown) + 1):
            quizzing.answer(self.session, self.owner, sitting, place, right=False, at=self.now)
        sittings.finish(self.session, self.owner, sitting, now=self.now)

    def change_settings(self, pick):
        before = study_settings.chosen(self.session, self.owner)
        wanted = replace(before, turn_hour=pick % 24, options=Options(retention=0.8 + pick % 10 / 100))
        dates = list(Dates)[pick % len(Dates)]
        prepared = study_settings.prepare(self.session, self.owner, wanted, dates=dates, now=self.now)
        study_settings.change(self.session, self.owner, prepared)

    def empty_the_trash(self, pick):
        self.now += timedelta(days=pick % 2 * 31)
        trash.empty(self.session, now=self.now)


ACTS = [
    name
    for name in vars(Life)
    if not name.startswith("_") and name not in {"live", "one", "living", "deleted", "document"}
]
pauses = st.sampled_from([timedelta(0), timedelta(minutes=5), timedelta(hours=9), timedelta(days=3)])
lives = st.lists(st.tuples(st.sampled_from(ACTS), st.integers(0, 99), pauses), min_size=10, max_size=25)


def counted(session):
    """Count the cards of each deck in each queue, from what a queue is."""
    return Counter(map(tuple, session.execute(text(COUNTED))))


def tallied(session):
    """Return what decks know of it."""
    queues = ("new", "learning", "review", "suspended")
    rows = session.execute(text(f"SELECT deck_id, {', '.join(queues)} FROM tally")).all()
    return +Counter(
        {(deck, queue): count for deck, *counts in rows for queue, count in zip(queues, counts, strict=True)}
    )


@pytest.mark.slow
@on_both
@settings(
    max_examples=5,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(acts=lives)
def test_whatever_a_learner_does_decks_know_their_cards_and_the_library_is_whole(session, owner, acts):
    with session.begin_nested() as example:
        life = Life(session, owner)
        life.add(0)
        life.add(2)
        for act in acts:
            life.live(*act)

            assert checking.check(session, now=LONG_AGO).faults == ()
            assert tallied(session) == counted(session)
        example.rollback()
    session.expire_all()


@pytest.fixture
def counted_library(session, owner):
    """A library with a card in each queue, one in the trash and a deck without any."""
    make.added(session, owner, *(make.draft(number) for number in range(4)), keep_ready=True)
    answer(session, owner, 1, Grade.EASY)
    answer(session, owner, 2)
    decks.suspend_note(session, owner, 3)
    make.note_in(session, owner, make.draft(5))
    decks.delete_note(session, owner, 5, now=NOW)
    decks.create(session, owner, "Empty", now=NOW)
    return session


@on_both
@pytest.mark.parametrize(
    "fault",
    [
        "UPDATE tally SET new = new + 1",
        "UPDATE tally SET learning = learning - 1",
        "UPDATE tally SET review = 0",
        "UPDATE tally SET review = review + 1, suspended = suspended - 1",
        "DELETE FROM tally",
        "INSERT INTO tally VALUES (2, 1, 0, 0, 1, 0, 1, 0)",
    ],
)
def test_a_wrong_count_is_found(counted_library, fault):
    assert checking.check(counted_library, now=LONG_AGO).faults == ()

    counted_library.execute(text(fault))

    deck = 2 if "INSERT" in fault else 1
    (found,) = checking.check(counted_library, now=LONG_AGO).faults
    assert found == f"The cards of deck {deck} are not as many as is kept of them."


@on_both
def test_a_count_of_nothing_is_as_good_as_none(counted_library):
    counted_library.execute(text("INSERT INTO tally VALUES (2, 1, 0, 0, 0, 0, 1, 0)"))

    assert checking.check(counted_library, now=LONG_AGO).faults == ()


@on_both
def test_counting_anew_gives_what_was_kept(counted_library):
    before = tallied(counted_library)
    counted_library.execute(text("UPDATE tally SET new = 7, review = 0"))

    plans.count_anew(counted_library)

    assert tallied(counted_library) == before == counted(counted_library)
