"""What the pages of a large team take on the server: 1,000 people, each with the 1,000 cards of the team's library.

Against a Flask "hello" in the same run, as in `pages`. Members have seen half of the cards; each has answered a quiz
of the team, and a worker has worked out what each knows, which is measured, too. All are signed in. With `full` the same
on PostgreSQL, on a server with its own settings but that it waits for no disk.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path
from random import Random
from typing import Any, cast
from uuid import UUID

from flask.testing import FlaskClient
from sqlalchemy import Table, and_, case, delete, func, insert, literal, select

from benchmarks import postgres
from benchmarks.harness import Row, in_turns, p95, seconds
from benchmarks.libraries import CARDS, DAY, MEMORIES, NOTES, PLANS, REVIEWS, add, multiply, readings
from benchmarks.pages import get, hello
from quizapp.clock import utcnow
from quizapp.config import Settings, beside
from quizapp.db import learners, plans, quizzes
from quizapp.db.accounts import AccountRow
from quizapp.db.audit import AuditEventRow
from quizapp.db.engine import Database, Session
from quizapp.db.follows import FollowRow
from quizapp.db.plans import Queue
from quizapp.db.quizzes import AnswerRow, MadeFrom, QuestionRow, SittingRow
from quizapp.db.reviews import Origin
from quizapp.db.study_days import StudyDayRow, StudySumRow
from quizapp.db.teams import MembershipRow
from quizapp.db.upgrade import upgrade
from quizapp.domain.assignments import Goal, Rules
from quizapp.domain.audit import Deed
from quizapp.domain.leaderboards import Span, since
from quizapp.domain.marking import Kind
from quizapp.domain.permissions import Actor, Role
from quizapp.domain.progress import Stage, quarter
from quizapp.domain.queues import Kind as Was
from quizapp.domain.recurrence import Window
from quizapp.domain.sampling import Quota
from quizapp.domain.scheduling import Grade, Phase
from quizapp.services import accounts, assignments, knowledge, sign_ins, teams
from quizapp.services.assignments import Wanted
from quizapp.services.quizzes import Wish
from quizapp.services.reading import Reading
from quizapp.web import create_app
from quizapp.worker import Worker

PEOPLE, CARD_COUNT, ASKED = 1_000, 1_000, 10
LAST_SEEN = 10  # days on which cards were seen last
STUDIED = 90  # days
SHOWN = 2  # one in so many lets trainers see what they recall
ROUNDS, TIMES = 20, 40.0
COOKIE = "recto_person_80"
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


@dataclass(frozen=True)
class Crowd:
    """A large team."""

    database: Database
    team_id: int
    owner: Actor
    people: Sequence[int]
    assignment_id: int
    quiz_id: int


def rows(folder: Path, *, full: bool) -> Sequence[Row]:
    """Measure the worker, then the pages in turns with the hello, on each kind of library."""
    read = readings(folder.parent)
    on_file = _measured(
        made(Database(f"sqlite:///{folder / 'team.db'}"), read), "", rounds=3 * ROUNDS if full else ROUNDS
    )
    return [*on_file, *_on_server(folder, read)] if full else on_file


def _on_server(folder: Path, read: Sequence[Reading]) -> Sequence[Row]:
    """Measure on PostgreSQL, once it knows what its tables hold as it would after an hour; say so where none is."""
    try:
        with postgres.running() as server:
            name = server.create()
            there = made(Database(server.url(name), folder), read)
            for table in ("note", "card", "sitting"):  # copied under ids of their own
                server.run(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), max(id)) FROM {table}", name)
            server.run("VACUUM ANALYZE", name)
            found = _measured(there, ", PostgreSQL", rounds=3 * ROUNDS)
            there.database.close()
            return found
    except postgres.NoServerError as reason:
        print(f"Pages of a team are not measured on PostgreSQL: {reason}.", flush=True)
        return []


def _measured(there: Crowd, where: str, *, rounds: int) -> Sequence[Row]:
    refreshed = seconds(partial(refresh, there))
    clients = signed_in(there)
    pages = [_row(f"{name}{where}", clients[who], path, rounds) for name, (who, path) in shown(there).items()]
    return [Row(f"A worker brings the board of {PEOPLE:,} people up to date{where}", refreshed, "s"), *pages]


def signed_in(there: Crowd) -> Mapping[str, FlaskClient]:
    """Return a browser of a trainer and one of a member."""
    url, folder = there.database.address
    settings = Settings(url, folder or there.database.path.parent, "a secret for benchmarks only", team=True)
    app = create_app(settings, there.database, time_zone="Europe/Berlin")
    clients = {"trainer": app.test_client(), "member": app.test_client()}
    for name, person in (("trainer", there.owner.person_id), ("member", there.people[0])):
        with there.database.writing() as session:
            clients[name].set_cookie(COOKIE, sign_ins.sign_in(session, person, now=utcnow()))
    return clients


def shown(there: Crowd) -> Mapping[str, tuple[str, str]]:
    """Return which pages are asked for, and by whom."""
    team = f"/teams/{there.team_id}"
    return {
        "Today of a member": ("member", "/"),
        "Decks of a member": ("member", "/decks"),
        "Study of a member": ("member", "/study"),
        "Cards of a member": ("member", "/cards"),
        "Progress of a member": ("member", "/progress"),
        "Settings of a member": ("member", "/settings"),
        "A deck, for a member": ("member", "/decks/1"),
        "The team, for a member": ("member", team),
        "The team": ("trainer", team),
        "The board": ("trainer", f"{team}/board"),
        "The assignments": ("trainer", f"{team}/assignments"),
        "Who did what": ("trainer", f"/assignments/{there.assignment_id}"),
        "The analysis of a quiz": ("trainer", f"/quizzes/{there.quiz_id}/analysis"),
        "The log": ("trainer", f"{team}/log"),
        "A leaderboard of a month": ("member", f"{team}/leaderboard?span=month"),
        "A leaderboard of all time": ("member", f"{team}/leaderboard?span=all&by=lasting"),
        "A leaderboard of attempts": ("member", f"{team}/leaderboard?span=all&by=attempts"),
    }


def refresh(there: Crowd) -> None:
    """Let a worker bring the board up to date."""
    with there.database.writing() as session:
        knowledge.ask(session, there.owner, there.team_id, now=utcnow())
    Worker(there.database).work_off()


def made(database: Database, read: Sequence[Reading]) -> Crowd:
    """Make the team with its library, its people, what they have studied and a quiz that all have answered."""
    now = utcnow()
    upgrade(database, scripts=beside("migrations"), now=now)
    with database.writing() as session:
        owner = accounts.local_owner(session, time_zone="Europe/Berlin", now=now)
        accounts.add(session, owner.person_id, email="owner@example.org", password_hash=None, now=now)
        team_id = teams.create(session, owner, "Harbour crew", now=now)
        library = teams.in_library(session, owner, team_id)
        for reading in read:
            add(session, library, reading, keep_ready=True)
        multiply(session, CARD_COUNT)
        people = _join(session, team_id, library.learner_id, now)
        _study(session, now)
        trainer = teams.in_library(session, owner, None)
        assignment_id, quiz_id = _assign(session, trainer, team_id, now)
        _answer(session, library.learner_id, quiz_id, assignment_id, people, now)
        _keep_days(session, library.learner_id, people, now)
        session.execute(insert(EVENTS), [_event(team_id, number, people, now) for number in range(5_000)])
    return Crowd(database, team_id, trainer, people, assignment_id, quiz_id)


def _join(session: Session, team_id: int, library_id: int, now: datetime) -> Sequence[int]:
    """Let so many people belong to the team, and follow all its decks."""
    names = [f"{first} {last}" for first in NAMES for last in range(1, PEOPLE // len(NAMES) + 1)]
    people = [learners.add(session, name=name, time_zone="Europe/Berlin", now=now) for name in names]
    session.execute(insert(ACCOUNTS), [_account(one, now) for one in people])
    session.execute(insert(MEMBERSHIPS), [_membership(team_id, one, now) for one in people])
    decks = session.scalars(select(NOTES.c.deck_id).where(NOTES.c.owner_id == library_id).distinct()).all()
    session.execute(
        insert(FOLLOWS), [{"deck_id": deck, "learner_id": one, "since": now} for deck in decks for one in people]
    )
    return people


NAMES = ("Ada", "Benedikt", "Chiara", "Dmitri", "Elif", "Fatima", "Giulia", "Hannah", "Ibrahim", "Joséphine")


def _account(learner_id: int, now: datetime) -> dict[str, object]:
    email = f"{learner_id}@example.org"
    return {"learner_id": learner_id, "email": email, "email_key": email, "created": now, "administers": False}


def _membership(team_id: int, learner_id: int, now: datetime) -> dict[str, object]:
    shows = learner_id % SHOWN == 0
    kept = {"team_id": team_id, "learner_id": learner_id, "role": Role.MEMBER, "joined_at": now - 90 * DAY}
    return {**kept, "shows_recall": shows, "on_leaderboards": True}


def _study(session: Session, now: datetime) -> None:
    """Let each remember half of the cards, last seen on one of ten days, and plan every card for everybody."""
    crossed = CARDS.join(NOTES, NOTES.c.id == CARDS.c.note_id).join(FOLLOWS, FOLLOWS.c.deck_id == NOTES.c.deck_id)
    person, card = FOLLOWS.c.learner_id, CARDS.c.id
    part = (card + person) % (2 * LAST_SEEN)
    last = [now - (1 + LAST_SEEN * number) * DAY for number in range(LAST_SEEN)]
    remembered = {
        "card_id": card,
        "learner_id": person,
        "phase": literal(Phase.REVIEW, MEMORIES.c.phase.type),
        "step": literal(0),
        "stability": 8.0 + (card * 7 + person) % 50,
        "difficulty": 3.0 + (card + person) % 5,
        "due": case(*((part == n, literal(at + 20 * DAY, MEMORIES.c.due.type)) for n, at in enumerate(last))),
        "last_review": case(*((part == n, literal(at, MEMORIES.c.due.type)) for n, at in enumerate(last))),
        "interval": literal(20 * DAY, MEMORIES.c.interval.type),
        "reviews": literal(2),
        "lapses": literal(0),
    }
    seen = select(*remembered.values()).select_from(crossed).where(part < LAST_SEEN)
    session.execute(insert(MEMORIES).from_select(list(remembered), seen))
    its = and_(MEMORIES.c.card_id == card, MEMORIES.c.learner_id == person)
    queue = case(
        (MEMORIES.c.due.is_(None), literal(Queue.NEW, PLANS.c.queue.type)),
        else_=literal(Queue.REVIEW, PLANS.c.queue.type),
    )
    planned = {"card_id": card, "learner_id": person, "deck_id": NOTES.c.deck_id, "queue": queue}
    values = {**planned, "due": MEMORIES.c.due, "suspended": literal(False), "flag": literal(0)}  # noqa: FBT003 - SQL
    every = select(*values.values()).select_from(crossed.outerjoin(MEMORIES, its))
    session.execute(insert(PLANS).from_select(list(values), every))
    plans.count_anew(session)
    _review(session, now)


def _review(session: Session, now: datetime) -> None:
    """Give each person two reviews of some cards, so that forecasts can be held against them."""
    dice = Random(0)
    some = select(MEMORIES.c.card_id, MEMORIES.c.learner_id).where(
        (MEMORIES.c.card_id + MEMORIES.c.learner_id) % 20 == 0, MEMORIES.c.card_id % 3 == 0
    )
    told = []
    for card, person in session.execute(some).all():
        for ago, was in ((21, Was.NEW), (1, Was.REVIEW)):
            at = now - ago * DAY
            grade = Grade.GOOD if dice.random() < 0.9 else Grade.AGAIN
            kept = {"learner_id": person, "card_id": card, "at": at, "day": at.date(), "grade": grade, "was": was}
            more = {"duration": timedelta(seconds=6), "interval": 20 * DAY, "preset_version": 1, "origin": Origin.STUDY}
            more |= {"quarter": quarter(at), "stage": Stage.NEW if was is Was.NEW else Stage.YOUNG}
            told.append({"id": UUID(int=dice.getrandbits(128)), **kept, **more})
    session.execute(insert(REVIEWS), told)


def _assign(session: Session, trainer: Actor, team_id: int, now: datetime) -> tuple[int, int]:
    """Assign a quiz of some questions from the largest deck, and that deck to be known; return the quiz's ids."""
    (deck_id,) = session.scalars(
        select(NOTES.c.deck_id).group_by(NOTES.c.deck_id).order_by(func.count().desc()).limit(1)
    ).all()
    window = Window(now - 2 * DAY, now + DAY)
    rules = Rules(Goal.QUIZ, window, pass_share=0.6, quota=Quota(count=ASKED))
    wanted = Wanted("Signals", "", rules, "Europe/Berlin")
    wish = Wish(MadeFrom.DECK, deck_id)
    made = assignments.prepare(session, trainer, team_id, wanted, wish, seed=1, now=now)
    assignment_id = assignments.make(session, trainer, made, now=now)
    known = Wanted("By Friday", "", Rules(Goal.RECALL, window), "Europe/Berlin")
    assignments.make(
        session, trainer, assignments.prepare(session, trainer, team_id, known, wish, seed=1, now=now), now=now
    )
    quiz_id = assignments.view(session, trainer, assignment_id, now=now).quiz_id
    return assignment_id, quiz_id or 0


def _answer(
    session: Session, library_id: int, quiz_id: int, assignment_id: int, people: Sequence[int], now: datetime
) -> None:
    """Let nine in ten answer their questions, most of them well."""
    asked = session.execute(
        select(QUESTIONS.c.id, QUESTIONS.c.number).where(QUESTIONS.c.quiz_id == quiz_id).order_by(QUESTIONS.c.number)
    ).all()
    dice, sat, given = Random(0), [], []
    for number, person in enumerate(people):
        if number % 10 == 0:
            continue
        questions = dice.sample(asked, min(ASKED, len(asked)))
        at, order = now - DAY, [one.number for one in questions]
        kept = {"id": number + 1, "owner_id": library_id, "quiz_id": quiz_id, "learner_id": person, "order": order}
        when = {"started": at, "finished": at + timedelta(minutes=5)}
        sat.append(
            {**kept, **when, "assignment_id": assignment_id, "occurrence": 0, "attempt": 1, "seed": 1, "score": 0.7}
        )
        given += [_given(library_id, number + 1, one.id, at, dice) for one in questions]
    session.execute(insert(SITTINGS), sat)
    session.execute(insert(ANSWERS), given)
    quizzes.sum_up_all(session)


def _given(library_id: int, sitting_id: int, question_id: int, at: datetime, dice: Random) -> dict[str, object]:
    right = dice.random() < 0.7
    kept = {"id": UUID(int=dice.getrandbits(128)), "owner_id": library_id, "sitting_id": sitting_id, "at": at}
    told = "the harbour" if right else dice.choice(("the lock", "the quay", "a pilot"))
    marked = {"given": told, "kind": Kind.RIGHT if right else Kind.WRONG, "share": float(right), "missed": not right}
    return {**kept, "question_id": question_id, **marked, "duration": timedelta(seconds=9)}


def _keep_days(session: Session, library_id: int, people: Sequence[int], now: datetime) -> None:
    """Let each have studied on so many days."""
    each = [{"library_id": library_id, "learner_id": one} for one in people]
    days: list[dict[str, Any]] = [
        {**one, "day": (now - ago * DAY).date(), "lasting": (ago + number) % 9}
        for number, one in enumerate(each)
        for ago in range(STUDIED - number % 20)
    ]
    for table in (STUDY_DAYS, STUDY_SUMS):
        session.execute(delete(table))
    session.execute(insert(STUDY_DAYS), days)
    sums: Counter[tuple[int, Span, date]] = Counter()
    for one in days:
        sums.update((one["learner_id"], span, since(span, one["day"])) for span in Span)
    session.execute(
        insert(STUDY_SUMS),
        [
            {"library_id": library_id, "span": span, "start": start, "learner_id": one, "days": count, "lasting": count}
            for (one, span, start), count in sums.items()
        ],
    )


def _event(team_id: int, number: int, people: Sequence[int], now: datetime) -> dict[str, object]:
    kept = {"at": now - number * timedelta(hours=1), "person_id": people[number % len(people)], "team_id": team_id}
    return {**kept, "action": Deed.SAW_BOARD.value, "kind": "team", "thing_id": team_id, "detail": "Harbour crew"}


def _row(name: str, client: FlaskClient, path: str, rounds: int) -> Row:
    acts = partial(get, client, path), partial(get, hello(), "/")
    in_turns(*acts, rounds=2)
    ours, theirs = in_turns(*acts, rounds=rounds)
    return Row(f"{name}: p95", p95(ours) * 1e3, "ms", p95(theirs) * 1e3, "a Flask hello", TIMES)
