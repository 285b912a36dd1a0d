"""A team that has learned together for some weeks: its library, what its people know, and what is assigned to them."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from random import Random
from uuid import UUID, uuid4

from quizapp.cli.demo import put, samples
from quizapp.db import learners
from quizapp.db import notes as note_rows
from quizapp.db.engine import Database, Session
from quizapp.db.quizzes import MadeFrom
from quizapp.domain.assignments import Goal, Rules
from quizapp.domain.cards import CardKind, Note
from quizapp.domain.permissions import Actor, LearnerId, Role
from quizapp.domain.questions import Picked, Placed, Question, Response, Typed, Way
from quizapp.domain.recurrence import Window
from quizapp.domain.sampling import Quota
from quizapp.services import (
    accounts,
    assignments,
    attempting,
    card_actions,
    decks,
    following,
    invitations,
    knowledge,
    sign_ins,
    sittings,
    suggestions,
    teams,
)
from quizapp.services.assignments import Wanted
from quizapp.services.card_actions import Press
from quizapp.services.quizzes import Wish
from quizapp.services.reading import draft_cards_of_all
from quizapp.worker import Worker
from screenshots.studying import Habits, study_for

HANDBOOK = "incident-handbook"
ASKED = 8
AGENT = "Firefox, Linux"
GUEST_TOKEN = "harbour-guests"  # noqa: S105 - of a team that lasts as long as its pictures take


@dataclass(frozen=True)
class Member:
    """Somebody of the team, and whether trainers see under their name how well they remember each topic."""

    habits: Habits
    role: Role = Role.MEMBER
    is_shown: bool = True


CREW = {
    "Li Wen": Member(Habits(0.9, 0.95, 12), Role.TRAINER),
    "Amina Diallo": Member(Habits(0.8, 0.93, 12)),
    "Jonas Weber": Member(Habits(0.4, 0.75, 6)),
    "Sofia Marchetti": Member(Habits(0.7, 0.9, 10)),
    "Priya Raman": Member(Habits(0.6, 0.88, 10)),
    "Tomasz Nowak": Member(Habits(0.6, 0.85, 8), is_shown=False),
    "Élodie Fontaine": Member(Habits(0.5, 0.8, 8), is_shown=False),
    "Bengt Åkesson": Member(Habits(0.7, 0.9, 8), is_shown=False),
    "Marta Kowalska": Member(Habits(0.3, 0.7, 6), is_shown=False),
    "Yuki Tanaka": Member(Habits(0.8, 0.95, 10), is_shown=False),
}
LATE = ("Marta Kowalska", "Yuki Tanaka")  # who have not answered yet; the last of them has begun


@dataclass(frozen=True)
class Team:
    """What stands for ids in addresses, and the tokens of the browsers of its owner and of a member."""

    ids: Mapping[str, str]
    signed_in: Mapping[str, str]


def gathered(database: Database, *, zone: str, weeks: int, now: datetime) -> Team:
    """Let a crew gather round a handbook, study it for weeks, and answer what is assigned."""
    then, dice = now - timedelta(weeks=weeks), Random(3)
    handbook = next(path for path in samples() if path.stem == HANDBOOK)
    readings = draft_cards_of_all([(handbook.read_bytes(), handbook.name)])
    with database.writing() as session:
        owner = accounts.local_owner(session, time_zone=zone, now=then)
        accounts.add(
            session, owner.person_id, email="owner@example.org", password_hash=None, administers=True, now=then
        )
        team_id = teams.create(session, owner, "Platform team", now=then)
        library, _open = teams.in_library(session, teams.with_roles(session, owner), team_id)
        put(session, library, [handbook], readings, now=then)
        deck_id = decks.decks(session, library, now=then)[0].id
        people = {name: _joined(session, team_id, name, one, deck_id, zone, then) for name, one in CREW.items()}
        for name, one in CREW.items():
            study_for(session, people[name], one.habits, dice, weeks=weeks, now=now)
        trainer, last = teams.with_roles(session, owner), people[LATE[-1]]
        rules = Rules(Goal.QUIZ, Window(now - timedelta(days=2), now + timedelta(days=2)), attempts=2)
        rules = replace(rules, pass_share=0.7, quota=Quota(ASKED), time_limit=timedelta(minutes=10))
        asked = _assigned(session, trainer, team_id, deck_id, Wanted("Before the first shift", "", rules, zone), now)
        known = replace(rules, goal=Goal.RECALL, time_limit=None, quota=Quota())
        _assigned(session, trainer, team_id, deck_id, Wanted("The handbook by heart", "", known, zone), now)
        for name, one in CREW.items():
            if one.role is Role.MEMBER and name not in LATE:
                _take(
                    session, people[name], asked, dice, one.habits.knows, now=now - timedelta(hours=dice.randint(2, 20))
                )
        begun = attempting.begin(session, last, asked, seed=4, now=now)
        assignments.put_link(session, trainer, asked, GUEST_TOKEN, now=now)
        note_id = _suggest(session, people["Amina Diallo"], library, deck_id, now)
        invited = invitations.invite(session, trainer, team_id=team_id, role=Role.MEMBER, now=now)
        knowledge.ask(session, trainer, team_id, now=now)
        quiz_id = assignments.view(session, trainer, asked, now=now).quiz_id
        signed_in = {"owner": sign_ins.sign_in(session, owner.person_id, agent=AGENT, now=now)}
        signed_in["member"] = sign_ins.sign_in(session, last.person_id, now=now)
    Worker(database).work_off()
    numbers = {"team": team_id, "deck": deck_id, "asked": asked, "begun": begun, "note": note_id, "quiz": quiz_id}
    ids = {**{name: str(number) for name, number in numbers.items()}, "guests": GUEST_TOKEN, "invited": invited}
    return Team(ids, signed_in)


def answer(session: Session, actor: Actor, sitting_id: int, dice: Random, knows: float, *, now: datetime) -> None:
    """Answer every question of a sitting, that share of them right."""
    for place in sittings.sitting(session, actor, sitting_id, now=now).places.shown:
        sittings.answer(
            session,
            actor,
            answer_id=UUID(int=dice.getrandbits(128), version=4),
            sitting_id=sitting_id,
            number=place.number,
            response=_response(place.question, dice, is_right=dice.random() < knows),
            duration=timedelta(seconds=dice.randint(5, 25)),
            now=now,
        )


def _response(question: Question, dice: Random, *, is_right: bool) -> Response:
    match question.way:
        case Way.CHOICE | Way.TRUE_FALSE:
            fitting = [n for n, option in enumerate(question.options) if (option in question.right) is is_right]
            return Picked(dice.choice(fitting))
        case Way.ORDER:
            places = tuple(question.right.index(item) for item in question.options)
            return Placed(places if is_right else tuple(-place for place in places))
        case _:
            return Typed("\n".join(question.right) if is_right else "not sure")


def _joined(session: Session, team_id: int, name: str, member: Member, deck_id: int, zone: str, now: datetime) -> Actor:
    person = learners.add(session, name=name, time_zone=zone, now=now)
    address = f"{name.split()[-1].lower()}@example.org"
    accounts.add(session, person, email=address, password_hash=None, now=now)
    teams.join(session, team_id, person, member.role, now=now)
    actor = teams.with_roles(session, Actor(LearnerId(person)))
    teams.choose_what_is_seen(session, actor, team_id, shows_recall=member.is_shown, on_leaderboards=member.is_shown)
    following.follow(session, actor, deck_id, now=now)
    return actor


def _assigned(session: Session, trainer: Actor, team_id: int, deck_id: int, wanted: Wanted, now: datetime) -> int:
    ready = assignments.prepare(session, trainer, team_id, wanted, Wish(MadeFrom.DECK, deck_id), seed=1, now=now)
    return assignments.make(session, trainer, ready, now=now)


def _take(session: Session, actor: Actor, assignment_id: int, dice: Random, knows: float, *, now: datetime) -> None:
    sitting = attempting.begin(session, actor, assignment_id, seed=dice.randrange(1000), now=now)
    answer(session, actor, sitting, dice, knows, now=now)
    sittings.finish(session, actor, sitting, now=now)


def _suggest(session: Session, member: Actor, library: Actor, deck_id: int, now: datetime) -> int:
    """Let a member suggest other words for a card, and report another; return the note that is about other words."""
    one, other, *_ = (
        note for note in decks.deck(session, library, deck_id, now=now).notes if note.kind is CardKind.BASIC
    )
    wanted = Note(one.kind, one.question, f"{one.answer.rstrip('.')}, day or night.", one.choices, one.explanation)
    suggestions.suggest(session, member, one.id, wanted, reason="At night people look for it, too.", now=now)
    card = note_rows.cards_of(session, other.id)[0]
    press = Press(uuid4(), card.id)
    card_actions.report(session, member, press, reason="unclear", text="Which of the two phones?", now=now)
    return one.id
