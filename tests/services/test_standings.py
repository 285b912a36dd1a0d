"""People counted in the database stand where the rules put each of them, whatever they did."""

from collections import Counter

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from quizapp.db import assignments as rows
from quizapp.db import attempts, learners, notes, plans, quizzes, teams
from quizapp.db.notes import CardRow, NoteRow
from quizapp.db.quizzes import MadeFrom, SittingRow
from quizapp.db.reviews import MemoryRow
from quizapp.domain.assignments import PROGRESS, Allowance, Goal, Grading, Progress
from quizapp.domain.recurrence import Recurrence, Unit, Window
from quizapp.domain.scheduling import Grade
from quizapp.services import assignments, attempting, following, standings
from quizapp.services import notes as note_services
from quizapp.services.assigned import occurrence_of, work
from quizapp.services.quizzes import Wish
from tests.make import NOW
from tests.services import quizzing, studying
from tests.services.assigning import DAY, HOUR, WINDOW, a_team, assign, begin, take
from tests.services.quizzing import BERTH, LOCK, PILOT, QUAY


@pytest.fixture
def team(session):
    return a_team(session, BERTH, QUAY, LOCK, PILOT)


def one_by_one(session, team, assignment_id, *, at, occurrence=None):
    """How many are how far by what is stored of each, as the pages had it before they were counted."""
    found = assignments.everybody(session, team.trainer, assignment_id, occurrence=occurrence, now=at).results
    return Counter(PROGRESS.get(one.standing.status) for one in found if one.is_assigned)


def counted(session, team, assignment_id, *, at, occurrence=None):
    row = rows.get(session, assignment_id)
    there = work(row, at) if occurrence is None else occurrence_of(row, occurrence)
    crew = standings.crew(session, row.owner_id, [there])
    found = standings.stood(session, there, crew, now=at).counts
    return Counter({one: getattr(found, one.value) for one in Progress if getattr(found, one.value)})


def agree(session, team, assignment_id, *, at, occurrence=None):
    told = one_by_one(session, team, assignment_id, at=at, occurrence=occurrence)
    del told[None]
    assert counted(session, team, assignment_id, at=at, occurrence=occurrence) == told


MOMENTS = [NOW - HOUR, NOW, NOW + DAY, NOW + 4 * DAY, NOW + 5 * DAY, NOW + 6 * DAY, NOW + 9 * DAY]
TRIES = st.lists(
    st.tuples(st.lists(st.booleans(), max_size=4), st.booleans(), st.integers(0, 130)), max_size=3
)  # what was right, whether it was finished, hours after the opening
EXTRA = st.builds(
    Allowance,
    due=st.sampled_from([None, WINDOW.due - DAY, WINDOW.due + 3 * DAY]),
    cutoff=st.sampled_from([None, WINDOW.due + 2 * DAY, WINDOW.due + 4 * DAY]),
    more_attempts=st.integers(0, 2),
    is_strict=st.booleans(),
    is_excused=st.booleans(),
)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    grading=st.sampled_from(Grading),
    pass_share=st.sampled_from([None, 0.5, 0.8]),
    time_limit=st.sampled_from([None, HOUR]),
    cutoff=st.booleans(),
    mina=TRIES,
    jonas=TRIES,
    extra=st.none() | EXTRA,
)
def test_a_quiz_is_counted_as_its_rules_judge_each(
    session, team, grading, pass_share, time_limit, cutoff, mina, jonas, extra
):
    with session.begin_nested() as example:
        window = WINDOW if cutoff else Window(WINDOW.opens, WINDOW.due)
        rules = {"grading": grading, "pass_share": pass_share, "time_limit": time_limit, "window": window}
        assigned = assign(session, team, attempts=None, **rules)
        if extra:
            rows.assignee(session, assigned, team.mina.person_id)
            found = rows.person(session, assigned, team.mina.person_id)
            for name in ("due", "cutoff", "more_attempts", "is_strict", "is_excused"):
                setattr(found, name, getattr(extra, name))
        for actor, tries in ((team.mina, mina), (team.jonas, jonas)):
            _sit(session, actor, assigned, sorted(tries, key=lambda one: one[2]), time_limit)

        for at in MOMENTS:
            agree(session, team, assigned, at=at)
        example.rollback()


def _sit(session, actor, assigned, tries, time_limit):
    """Store attempts as the pages would, those of a person one after the other; only the last may be open."""
    row = rows.get(session, assigned)
    for number, (right, is_finished, hours) in enumerate(tries, 1):
        at = NOW + hours * HOUR
        sitting = SittingRow(
            owner_id=row.owner_id,
            quiz_id=row.quiz_id,
            learner_id=actor.person_id,
            started=at,
            deadline=at + time_limit if time_limit else None,
            finished=at + HOUR / 2 if is_finished or number < len(tries) else None,
            order=(1, 2, 3, 4),
            assignment_id=assigned,
            occurrence=0,
            attempt=number,
        )
        sitting.answered, sitting.points = len(right), float(sum(right))
        sitting.last_answer = at + HOUR / 4 if right else None
        sitting.score = sitting.points / 4 if sitting.finished else None
        session.add(sitting)
        session.flush()


def test_each_occurrence_is_counted_by_itself(session, team):
    assigned = assign(session, team, recurrence=Recurrence(1, Unit.WEEK, 3), window=Window(NOW, NOW + 4 * DAY))
    take(session, team.mina, assigned, True, True, True, True, at=NOW + DAY)
    take(session, team.jonas, assigned, False, at=NOW + 8 * DAY)

    for occurrence in (0, 1):
        agree(session, team, assigned, at=NOW + 8 * DAY, occurrence=occurrence)
    assert counted(session, team, assigned, at=NOW + 8 * DAY, occurrence=0) == {Progress.DONE: 1, Progress.LATE: 1}


def test_guests_and_those_who_left_are_not_counted_and_trainers_who_were_chosen_are(session, team):
    assigned = assign(session, team, chosen=frozenset({team.trainer.person_id, team.mina.person_id}))
    take(session, team.mina, assigned, True, True, True, True)
    teams.membership(session, team.id, team.mina.person_id).left_at = NOW
    rows.get(session, assigned).token = "a-token"

    agree(session, team, assigned, at=NOW + DAY)
    assert counted(session, team, assigned, at=NOW + DAY) == {Progress.NOT_BEGUN: 1}


def test_mastery_is_counted_from_what_each_sitting_keeps(session, team):
    assigned = assign(session, team, goal=Goal.MASTERY, pass_share=None, attempts=None, recalls=2, spacing=HOUR)
    for hour in (0, 2):
        take(session, team.mina, assigned, True, True, True, True, at=NOW + hour * HOUR)
    take(session, team.jonas, assigned, True, False, at=NOW + HOUR)

    for at in (NOW + HOUR / 2, NOW + 3 * HOUR, NOW + 5 * DAY, NOW + 7 * DAY):
        agree(session, team, assigned, at=at)
    assert counted(session, team, assigned, at=NOW + 3 * HOUR) == {Progress.DONE: 1, Progress.UNDER_WAY: 1}


def test_who_left_a_deck_that_they_studied_has_begun_it(session, team):
    assigned = assign(session, team, goal=Goal.RECALL, material=Wish(MadeFrom.DECK, team.deck_id), pass_share=None)
    agree(session, team, assigned, at=NOW + HOUR)
    attempting.take_on(session, team.mina, assigned, now=NOW)
    agree(session, team, assigned, at=NOW + HOUR)
    studying.answer(session, team.mina, 1, Grade.GOOD, at=NOW)
    assert counted(session, team, assigned, at=NOW + HOUR) == {Progress.UNDER_WAY: 1, Progress.NOT_BEGUN: 1}

    following.leave(session, team.mina, team.deck_id, now=NOW + HOUR)
    agree(session, team, assigned, at=NOW + 2 * HOUR)
    plans.count_anew(session)
    agree(session, team, assigned, at=NOW + 2 * HOUR)
    attempting.settle(session, now=NOW + 5 * DAY)
    agree(session, team, assigned, at=NOW + 5 * DAY)
    assert counted(session, team, assigned, at=NOW + 5 * DAY) == {Progress.UNDER_WAY: 1, Progress.LATE: 1}


def plainly_remembered(session, people, deck_ids):
    """Last review and stability of the living cards of decks, as they are stored."""
    query = (
        select(MemoryRow).join(CardRow, CardRow.id == MemoryRow.card_id).join(NoteRow, NoteRow.id == CardRow.note_id)
    )
    query = query.where(NoteRow.deck_id.in_(deck_ids), NoteRow.deleted_at.is_(None), CardRow.removed_at.is_(None))
    found = {}
    for row in session.scalars(query.where(MemoryRow.learner_id.in_(people)).order_by(MemoryRow.card_id)):
        found.setdefault(row.learner_id, []).append((row.last_review, row.stability))
    return found


def test_what_is_remembered_of_a_deck_is_that_of_its_living_cards_studied_still_or_not(session, team):
    assigned = assign(session, team, goal=Goal.RECALL, material=Wish(MadeFrom.DECK, team.deck_id), pass_share=None)
    people, decks = [team.mina.learner_id, team.jonas.learner_id], [team.deck_id]
    lengths = []

    def agree_on_memories():
        found = attempts.memories(session, people, decks)
        assert {who: list(map(tuple, each)) for who, each in found.items()} == plainly_remembered(
            session, people, decks
        )
        lengths.append({who: len(each) for who, each in found.items()})

    for who, cards in ((team.mina, (1, 2, 3)), (team.jonas, (1,))):
        attempting.take_on(session, who, assigned, now=NOW)
        for card in cards:
            studying.answer(session, who, card, Grade.GOOD, at=NOW)
    agree_on_memories()
    plans.suspend(session, 1, learner_id=team.mina.learner_id, suspended=True)
    agree_on_memories()
    following.leave(session, team.mina, team.deck_id, now=NOW + HOUR)
    agree_on_memories()
    session.get(NoteRow, 2).deleted_at = NOW
    session.flush()
    plans.settle_notes(session, [2])
    agree_on_memories()

    mina, jonas = people
    assert lengths == [{mina: 3, jonas: 1}] * 3 + [{mina: 2, jonas: 1}]


def test_a_sitting_keeps_what_its_answers_come_to(session, team):
    assigned = assign(session, team)
    sitting = begin(session, team.mina, assigned)
    for is_right in (False, True):  # the second takes the place of the first
        quizzing.answer(session, team.mina, sitting, 1, right=is_right, at=NOW + HOUR)
    quizzing.answer(session, team.mina, sitting, 2, right=False, at=NOW + 2 * HOUR)
    row = session.get(SittingRow, sitting)
    kept = (row.answered, row.points, row.last_answer)

    assert kept == (2, 1.0, NOW + 2 * HOUR)
    row.answered, row.points, row.last_answer = 0, 0.0, None
    session.flush()
    quizzes.sum_up_all(session)
    session.refresh(row)
    assert (row.answered, row.points, row.last_answer) == kept


def test_a_team_is_on_track_but_for_who_is_late_with_anything_that_is_open(session, team):
    late = assign(session, team, title="Late", window=Window(NOW, NOW + DAY))
    assign(session, team, title="In time", window=Window(NOW, NOW + 9 * DAY))
    assign(session, team, title="To come", window=Window(NOW + 8 * DAY, NOW + 9 * DAY))
    assign(session, team, title="Over", window=Window(NOW, NOW + DAY, NOW + DAY))
    take(session, team.mina, late, True, True, True, True)

    found = assignments.course(session, team.trainer, team.id, now=NOW + 2 * DAY)

    assert [(one.title, one.counts.done, one.counts.late) for one in found.open] == [("Late", 1, 1), ("In time", 0, 0)]
    assert (found.people, found.on_track) == (2, 1)


def test_where_nothing_can_be_changed_all_that_assignments_store_reads_the_same(database, owner):
    with database.writing() as session:
        team = a_team(session, BERTH, QUAY)
        rules = {"time_limit": HOUR, "recurrence": Recurrence(2, Unit.MONTH, 3), "delay": DAY, "grading": Grading.LAST}
        ids = [
            assign(session, team, **rules),
            assign(session, team, goal=Goal.RECALL, material=Wish(MadeFrom.DECK, team.deck_id), pass_share=None),
        ]
        extra = rows.assignee(session, ids[0], team.mina.person_id)
        extra.due, extra.more_time, extra.is_chosen = NOW + 5 * DAY, HOUR, True

    columns = {False: rows.AssignmentRow.__table__.c.keys(), True: rows.AssigneeRow.__table__.c.keys()}

    def all_of(session):
        asked = [
            *(rows.get(session, one) for one in ids),
            *rows.of_library(session, team.library.learner_id, limit=9),
            *rows.of_learner(session, team.mina.person_id, limit=9),
            *rows.assignees(session, ids).values(),
            *rows.assignees(session, ids, [team.mina.person_id]).values(),
            rows.person(session, ids[0], team.mina.person_id),
        ]
        return [[getattr(row, name) for name in columns[hasattr(row, "learner_id")]] for row in asked]

    with database.writing() as session:
        stored = all_of(session)
    with database.reading() as session:
        assert all_of(session) == stored
        assert rows.get(session, 99) is rows.person(session, ids[0], team.jonas.person_id) is None
    assert len(stored) == 9


def test_a_share_that_is_kept_is_what_working_it_out_gives(database, owner):
    with database.writing() as session:
        team = a_team(session, BERTH, QUAY, LOCK, PILOT)
        assigned = assign(session, team, goal=Goal.RECALL, material=Wish(MadeFrom.DECK, team.deck_id), pass_share=None)
        note = next(iter(notes.in_decks(session, [team.deck_id], limit=1, offset=0)))
        note_id, (card, *_) = note.id, [one.id for one in notes.cards_of(session, note.id)]
    people, told = [team.mina.person_id, team.jonas.person_id], []

    def agree_on(at):
        with database.reading() as session:
            row = rows.get(session, assigned)
            plain = standings.known(session, row, people, at)
            for _ in range(2):
                assert standings.known_now(session, row, people, now=at) == plain
        told.append(plain.get(team.mina.person_id))

    def change(do, *, at):
        agree_on(at)
        with database.writing() as session:
            do(session)
        agree_on(at)

    later = NOW + DAY
    change(lambda session: attempting.take_on(session, team.mina, assigned, now=NOW), at=NOW)
    change(lambda session: studying.answer(session, team.mina, card, Grade.GOOD, at=NOW), at=NOW)
    change(lambda session: studying.answer(session, team.mina, card, Grade.GOOD, at=later), at=later)
    change(lambda session: learners.live_in(session, team.mina.person_id, "Pacific/Auckland"), at=NOW + 2 * DAY)
    change(lambda session: following.leave(session, team.mina, team.deck_id, now=later), at=NOW + 2 * DAY)
    change(lambda session: note_services.throw_away(session, notes.get(session, note_id), now=later), at=NOW + 2 * DAY)
    change(lambda session: note_services.revive(session, notes.get(session, note_id)), at=NOW + 2 * DAY)
    change(plans.count_anew, at=NOW + 2 * DAY)
    assert len(set(told)) > 3


def test_a_review_from_a_clock_that_is_ahead_counts_once_its_time_has_come(database, owner):
    with database.writing() as session:
        team = a_team(session, BERTH, QUAY)
        assigned = assign(session, team, goal=Goal.RECALL, material=Wish(MadeFrom.DECK, team.deck_id), pass_share=None)
        attempting.take_on(session, team.mina, assigned, now=NOW)
        studying.answer(session, team.mina, 1, Grade.GOOD, at=NOW + HOUR)

    with database.reading() as session:
        row, mina = rows.get(session, assigned), [team.mina.person_id]
        before = standings.known_now(session, row, mina, now=NOW)
        after = standings.known_now(session, row, mina, now=NOW + 2 * HOUR)

    assert before == {}
    assert after == {mina[0]: 0.5}
