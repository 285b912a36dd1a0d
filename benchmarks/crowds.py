"""A large team to measure on: 1,000 people, each with the 1,000 cards of the team's library. Start from `made`.

Whatever the product keeps is as it would have written it: memories are what reviews lead to, the days and sums of
leaderboards follow from them, and what was missed in a quiz is called for. Most is made by the database itself, so that
it takes a minute, not an hour.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random
from typing import Any, cast
from uuid import UUID

from sqlalchemy import (
    CTE,
    ColumnElement,
    Table,
    and_,
    case,
    column,
    delete,
    func,
    insert,
    literal,
    select,
    type_coerce,
    values,
)

from benchmarks.libraries import CARDS, DAY, MEMORIES, NOTES, PLANS, REVIEWS, add, multiply
from quizapp.clock import utcnow
from quizapp.config import beside
from quizapp.db import learners, plans, quizzes
from quizapp.db.accounts import AccountRow
from quizapp.db.audit import AuditEventRow
from quizapp.db.engine import Database, Session
from quizapp.db.follows import FollowRow
from quizapp.db.plans import Queue
from quizapp.db.quizzes import AnswerRow, Feedback, MadeFrom, QuestionRow, SittingRow
from quizapp.db.reviews import Origin
from quizapp.db.study_days import StudyDayRow, StudySumRow
from quizapp.db.teams import MembershipRow
from quizapp.db.upgrade import upgrade
from quizapp.domain.assignments import Goal, Rules
from quizapp.domain.audit import Deed
from quizapp.domain.cards import Note
from quizapp.domain.leaderboards import Span, lasted, since
from quizapp.domain.marking import Kind
from quizapp.domain.permissions import Actor, LearnerId, Role
from quizapp.domain.progress import Answer, quarter, stages
from quizapp.domain.queues import Kind as Was
from quizapp.domain.recurrence import Window
from quizapp.domain.sampling import Quota
from quizapp.domain.scheduling import Grade, Memory, Phase, review
from quizapp.services import accounts, assignments, decks, invitations, sittings, study, suggestions, teams
from quizapp.services import quizzes as quiz_service
from quizapp.services.assignments import Wanted
from quizapp.services.quizzes import Wish
from quizapp.services.reading import Reading
from quizapp.services.settings import StudyPlan, study_plan

PEOPLE, CARD_COUNT, ASKED = 1_000, 1_000, 10
STUDIED = 90  # days ago the first card was seen, and one more on each since
SHOWN = 2  # one in so many lets trainers see what they recall
FORGOTTEN = 9  # one in so many reviews
DILIGENCES, BEGUN_LESS = 20, 2  # ways to begin new cards: every day, or not for so many days more
LATE = 10  # one in so many cards was last asked before those who learn it went away
ZONE = "Europe/Berlin"
FOLLOWS, MEMBERSHIPS, ACCOUNTS, QUESTIONS, SITTINGS, ANSWERS, EVENTS, STUDY_DAYS, STUDY_SUMS = (
    cast(Table, row.__table__)
    for row in (
        FollowRow,
        MembershipRow,
        AccountRow,
        QuestionRow,
        SittingRow,
        AnswerRow,
        AuditEventRow,
        StudyDayRow,
        StudySumRow,
    )
)
NAMES = ("Ada", "Benedikt", "Chiara", "Dmitri", "Elif", "Fatima", "Giulia", "Hannah", "Ibrahim", "Joséphine")
CACHE_KB = 500_000  # in which the indexes of a million reviews are built
WAITING = 20  # suggestions, reports and invitations each


@dataclass(frozen=True)
class Crowd:
    """A large team, and the numbers of what its pages are about."""

    database: Database
    team_id: int
    owner: Actor
    people: Sequence[int]
    assignment_id: int  # of a quiz that all have answered
    quiz_id: int  # that quiz
    known_id: int  # an assignment of a deck to be known
    team_quiz_id: int  # of the team's library, for whoever likes
    own_quiz_id: int  # of the first member, who is at it
    sitting_id: int
    result_id: int  # what the first member who answered the assignment came to
    document_id: int
    deck_id: int
    card_id: int
    note_id: int


@dataclass(frozen=True)
class Story:
    """What happened between a person and a card, and what is remembered of it."""

    told: Sequence[Mapping[str, Any]]  # of each review
    memory: Memory


def made(database: Database, read: Sequence[Reading], *, people: int = PEOPLE, cards: int = CARD_COUNT) -> Crowd:
    """Make the team with its library, its people, what they have studied and a quiz that all have answered."""
    now = utcnow()
    upgrade(database, scripts=beside("migrations"), now=now)
    with database.writing() as session:
        _hurry(session, database)
        owner = accounts.local_owner(session, time_zone=ZONE, now=now)
        accounts.add(session, owner.person_id, email="owner@example.org", password_hash=None, administers=True, now=now)
        team_id = teams.create(session, owner, "Harbour crew", now=now)
        library, _open = teams.in_library(session, teams.with_roles(session, owner), team_id)
        documents = [add(session, library, reading, keep_ready=True) for reading in read]
        multiply(session, cards)
        those = _join(session, team_id, library.learner_id, people, now)
        first = teams.with_roles(session, Actor(LearnerId(those[0])))
        _study(session, study_plan(session, first), library.learner_id, now)
        if not database.is_file:
            session.connection().exec_driver_sql("ANALYZE")  # which the server does by itself, within minutes
        trainer = teams.with_roles(session, owner)
        deck_id = _largest_deck(session)
        assigned = _assign(session, trainer, team_id, deck_id, now)
        _answer(session, library.learner_id, assigned["quiz_id"], assigned["assignment_id"], those, now)
        more = _mix(session, library, first, team_id, deck_id, those, now)
        session.execute(insert(EVENTS), [_event(team_id, number, those, now) for number in range(5_000)])
    return Crowd(database, team_id, trainer, those, **assigned, **more, document_id=documents[0], deck_id=deck_id)


def _hurry(session: Session, database: Database) -> None:
    """Let millions of rows come in: their indexes fit into memory, or none is asked whether what it names is there."""
    quicker = f"PRAGMA cache_size = -{CACHE_KB}" if database.is_file else "SET LOCAL session_replication_role = replica"
    session.connection().exec_driver_sql(quicker)


def _join(session: Session, team_id: int, library_id: int, count: int, now: datetime) -> Sequence[int]:
    """Let so many people belong to the team, and follow all its decks."""
    names = [f"{first} {last}" for first in NAMES for last in range(1, count // len(NAMES) + 1)]
    people = [learners.add(session, name=name, time_zone=ZONE, now=now) for name in names]
    session.execute(insert(ACCOUNTS), [_account(one, now) for one in people])
    session.execute(insert(MEMBERSHIPS), [_membership(team_id, one, now) for one in people])
    decks = session.scalars(select(NOTES.c.deck_id).where(NOTES.c.owner_id == library_id).distinct()).all()
    session.execute(
        insert(FOLLOWS), [{"deck_id": deck, "learner_id": one, "since": now} for deck in decks for one in people]
    )
    return people


def _account(learner_id: int, now: datetime) -> dict[str, object]:
    email = f"{learner_id}@example.org"
    return {"learner_id": learner_id, "email": email, "email_key": email, "created": now, "administers": False}


def _membership(team_id: int, learner_id: int, now: datetime) -> dict[str, object]:
    shows = learner_id % SHOWN == 0
    kept = {"team_id": team_id, "learner_id": learner_id, "role": Role.MEMBER, "joined_at": now - STUDIED * DAY}
    return {**kept, "shows_recall": shows, "on_leaderboards": True}


def _study(session: Session, how: StudyPlan, library_id: int, now: datetime) -> None:
    """Let each have learnt half of the cards, a few more every day, and plan every card for everybody."""
    told = list(_stories(how, now))
    crossed = CARDS.join(NOTES, NOTES.c.id == CARDS.c.note_id).join(FOLLOWS, FOLLOWS.c.deck_id == NOTES.c.deck_id)
    person, card = FOLLOWS.c.learner_id, CARDS.c.id
    which = (card + person) % (2 * len(told))  # every other has none
    which = case((which >= BEGUN_LESS * (person % DILIGENCES), which))  # and nor have those that some began lately
    memories = _table("story", MEMORIES, [{"story": n, **vars(one.memory)} for n, one in enumerate(told)])
    reviews = _table("told", REVIEWS, [{"story": n, **each} for n, one in enumerate(told) for each in one.told])
    for table, of, ids in ((MEMORIES, memories, {}), (REVIEWS, reviews, {"id": _new_id(session)})):
        kept = {"learner_id": person, "card_id": card, **ids} | {
            name: one for name, one in of.c.items() if name in table.c
        }
        found = select(*kept.values()).select_from(crossed.join(of, of.c.story == which))
        session.execute(insert(table).from_select(list(kept), found))
    its = and_(MEMORIES.c.card_id == card, MEMORIES.c.learner_id == person)
    queue = case(
        (MEMORIES.c.due.is_(None), literal(Queue.NEW, PLANS.c.queue.type)),
        else_=literal(Queue.REVIEW, PLANS.c.queue.type),
    )
    planned = {"card_id": card, "learner_id": person, "deck_id": NOTES.c.deck_id, "queue": queue}
    columns = {**planned, "due": MEMORIES.c.due, "suspended": literal(False), "flag": literal(0)}  # noqa: FBT003 - SQL
    every = select(*columns.values()).select_from(crossed.outerjoin(MEMORIES, its))
    session.execute(insert(PLANS).from_select(list(columns), every))
    plans.count_anew(session)
    _keep_days(session, library_id, told, which, crossed)


def _stories(how: StudyPlan, now: datetime) -> Iterator[Story]:
    """Give what cards went through that were seen for the first time one, two, three... days ago."""
    for ago in range(1, STUDIED + 1):
        at = how.days.start(how.days.day_of(now) - ago * DAY) + timedelta(hours=4 + ago % 12, minutes=ago % 50)
        last = now - (LATE * DAY if ago % LATE == 0 else timedelta(hours=1))
        told: list[dict[str, Any]] = []
        memory = None
        while at < last or memory is None:
            was = Was.NEW if memory is None else Was.REVIEW if memory.phase is Phase.REVIEW else Was.LEARNING
            grade = Grade.AGAIN if was is Was.REVIEW and (ago + len(told)) % FORGOTTEN == 0 else Grade.GOOD
            grade = Grade.EASY if was is Was.NEW else grade
            memory = review(memory, grade, at, how.days, how.preset)
            kept = {"at": at, "day": how.days.day_of(at), "grade": grade, "was": was, "quarter": quarter(at)}
            more = {"duration": timedelta(seconds=4 + ago % 9), "interval": memory.interval, "preset_version": 1}
            told.append({**kept, **more, "origin": Origin.STUDY})
            at = memory.due + (timedelta(hours=4 + ago % 12) if memory.phase is Phase.REVIEW else timedelta(minutes=1))
        asked = stages([Answer(one["day"], one["was"], one["interval"]) for one in told])
        yield Story([{**one, "stage": stage} for one, stage in zip(told, asked, strict=True)], memory)


def _table(name: str, like: Table, rows: Sequence[Mapping[str, Any]]) -> CTE:
    """Return the rows as a table of a statement, whose columns are of the types of those of the same name."""
    columns = [column(one, like.c[one].type if one in like.c else CARDS.c.id.type) for one in rows[0]]
    return values(*columns, name=name).data([tuple(row.values()) for row in rows]).cte(name)


def _new_id(session: Session) -> ColumnElement[UUID]:
    """Return what gives each row an id by chance, as a client would."""
    if session.get_bind().dialect.name == "postgresql":
        return func.gen_random_uuid()
    return type_coerce(func.lower(func.hex(func.randomblob(16))), REVIEWS.c.id.type)


def _keep_days(session: Session, library_id: int, told: Sequence[Story], which: Any, crossed: Any) -> None:
    """Keep on which days each studied, with the cards that they remembered for long, and what that comes to."""
    for table in (STUDY_DAYS, STUDY_SUMS):
        session.execute(delete(table))
    counted = _table("told", STUDY_DAYS, list(_lasting(told)))
    kept = {"learner_id": FOLLOWS.c.learner_id, "library_id": literal(library_id), "day": counted.c.day}
    found = select(*kept.values(), func.sum(counted.c.lasting)).select_from(
        crossed.join(counted, counted.c.story == which)
    )
    session.execute(
        insert(STUDY_DAYS).from_select([*kept, "lasting"], found.group_by(FOLLOWS.c.learner_id, counted.c.day))
    )
    sums: Counter[tuple[int, Span, date]] = Counter()
    lasting: Counter[tuple[int, Span, date]] = Counter()
    for person, day, count in session.execute(select(STUDY_DAYS.c["learner_id", "day", "lasting"])).all():
        for span in Span:
            sums[person, span, since(span, day)] += 1
            lasting[person, span, since(span, day)] += count
    session.execute(
        insert(STUDY_SUMS),
        [
            {
                "library_id": library_id,
                "learner_id": person,
                "span": span,
                "start": start,
                "days": count,
                "lasting": lasting[person, span, start],
            }
            for (person, span, start), count in sums.items()
        ],
    )


def _lasting(told: Sequence[Story]) -> Iterator[Mapping[str, Any]]:
    """Give the days of each story, with how often it shows that the card was remembered for long."""
    for number, story in enumerate(told):
        days: Counter[date] = Counter()
        before: date | None = None
        for one in story.told:
            days[one["day"]] += lasted(before, one["day"], one["was"], one["grade"])
            before = one["day"]
        yield from ({"story": number, "day": day, "lasting": count} for day, count in days.items())


def _largest_deck(session: Session) -> int:
    return session.scalars(
        select(NOTES.c.deck_id).group_by(NOTES.c.deck_id).order_by(func.count().desc()).limit(1)
    ).one()


def _assign(session: Session, trainer: Actor, team_id: int, deck_id: int, now: datetime) -> dict[str, int]:
    """Assign a quiz of some questions from the largest deck, and that deck to be known; return their ids."""
    window = Window(now - 2 * DAY, now + DAY)
    rules = Rules(Goal.QUIZ, window, pass_share=0.6, quota=Quota(count=ASKED))
    wanted = Wanted("Signals", "", rules, ZONE)
    wish = Wish(MadeFrom.DECK, deck_id)
    made = assignments.prepare(session, trainer, team_id, wanted, wish, seed=1, now=now)
    assignment_id = assignments.make(session, trainer, made, now=now)
    known = Wanted("By Friday", "", Rules(Goal.RECALL, window), ZONE)
    made = assignments.prepare(session, trainer, team_id, known, wish, seed=1, now=now)
    known_id = assignments.make(session, trainer, made, now=now)
    quiz_id = assignments.view(session, trainer, assignment_id, now=now).quiz_id
    return {"assignment_id": assignment_id, "quiz_id": quiz_id or 0, "known_id": known_id}


def _answer(
    session: Session, library_id: int, quiz_id: int, assignment_id: int, people: Sequence[int], now: datetime
) -> None:
    """Let nine in ten answer their questions, most of them well, and call for what they missed."""
    asked = session.execute(select(QUESTIONS.c["id", "number", "card_id"]).where(QUESTIONS.c.quiz_id == quiz_id)).all()
    dice, sat, given = Random(0), [], []
    at = now - DAY
    end = at + timedelta(minutes=5)
    for number, person in enumerate(people):
        if number % 10 == 0:
            continue
        questions = dice.sample(asked, min(ASKED, len(asked)))
        told = {one.card_id: _given(library_id, number + 1, one.id, at, dice) for one in questions}
        missed = [card for card, answer in told.items() if answer["missed"]]
        kept = {"id": number + 1, "owner_id": library_id, "quiz_id": quiz_id, "learner_id": person}
        when = {"order": tuple(one.number for one in questions), "started": at, "finished": end}
        what = {"assignment_id": assignment_id, "occurrence": 0, "attempt": 1, "seed": 1}
        sat.append({**kept, **when, **what, "score": 1 - len(missed) / len(questions)})
        given += told.values()
        plans.call(session, person, missed, now=end)
    session.execute(insert(SITTINGS), sat)
    session.execute(insert(ANSWERS), given)
    quizzes.sum_up_all(session)


def _given(library_id: int, sitting_id: int, question_id: int, at: datetime, dice: Random) -> dict[str, object]:
    right = dice.random() < 0.7
    kept = {"id": UUID(int=dice.getrandbits(128)), "owner_id": library_id, "sitting_id": sitting_id, "at": at}
    told = "the harbour" if right else dice.choice(("the lock", "the quay", "a pilot"))
    marked = {"given": told, "kind": Kind.RIGHT if right else Kind.WRONG, "share": float(right), "missed": not right}
    return {**kept, "question_id": question_id, **marked, "duration": timedelta(seconds=9)}


def _mix(
    session: Session, library: Actor, first: Actor, team_id: int, deck_id: int, people: Sequence[int], now: datetime
) -> dict[str, int]:
    """Let people suggest, report, be invited, throw away and answer quizzes of their own; return numbers of it."""
    some = session.execute(
        select(CARDS.c.note_id, CARDS.c.id).where(CARDS.c.owner_id == library.learner_id).order_by(CARDS.c.id)
    ).all()
    for number, (note_id, card_id) in enumerate(some[-WAITING:]):
        member = teams.with_roles(session, Actor(LearnerId(people[number % len(people)])))
        note = decks.note(session, member, note_id)
        better = Note(note.kind, note.question, note.answer, note.choices, "Said again at the end.")
        suggestions.suggest(session, member, note_id, better, reason="It says why.", now=now - number * DAY)
        study.report(session, member, card_id=card_id, reason="unclear", text="", now=now - number * DAY)
        address = f"new-{number}@example.org"
        trainer = Actor(library.person_id, roles=library.roles)
        invitations.invite(session, trainer, team_id=team_id, role=Role.MEMBER, email=address, now=now)
    for note_id in sorted({note_id for note_id, _ in some})[:WAITING:2]:
        decks.delete_note(session, library, note_id, now=now - DAY)
    wish = Wish(MadeFrom.DECK, deck_id, feedback=Feedback.AT_ONCE)
    made = {
        name: [
            quiz_service.make(session, who, quiz_service.prepare(session, who, wish, seed=n, now=now), now=now)
            for n in range(WAITING)
        ]
        for name, who in (("team_quiz_id", library), ("own_quiz_id", first))
    }
    sitting_id = sittings.start(session, first, made["own_quiz_id"][0], seed=1, now=now - timedelta(minutes=5))
    card_id, note_id = session.execute(
        select(CARDS.c["id", "note_id"])
        .join_from(CARDS, NOTES, NOTES.c.id == CARDS.c.note_id)
        .join(REVIEWS, and_(REVIEWS.c.card_id == CARDS.c.id, REVIEWS.c.learner_id == first.learner_id))
        .where(NOTES.c.deck_id == deck_id, NOTES.c.deleted_at.is_(None))
        .order_by(CARDS.c.id)
        .limit(1)
    ).one()
    result_id = session.scalars(select(SITTINGS.c.id).where(SITTINGS.c.finished.is_not(None)).limit(1)).one()
    return {
        **{name: ids[0] for name, ids in made.items()},
        "sitting_id": sitting_id,
        "result_id": result_id,
        "card_id": card_id,
        "note_id": note_id,
    }


def _event(team_id: int, number: int, people: Sequence[int], now: datetime) -> dict[str, object]:
    kept = {"at": now - number * timedelta(hours=1), "person_id": people[number % len(people)], "team_id": team_id}
    return {**kept, "action": Deed.SAW_BOARD.value, "kind": "team", "thing_id": team_id, "detail": "Harbour crew"}
