"""A team with a trainer, two members and a library of cards, and what is assigned to it, in few words."""

from dataclasses import dataclass, replace
from datetime import timedelta

from quizapp.db import learners, teams
from quizapp.db.quizzes import MadeFrom
from quizapp.domain.assignments import Goal, Rules
from quizapp.domain.permissions import Actor, LearnerId, Role
from quizapp.domain.questions import Mode
from quizapp.domain.recurrence import Window
from quizapp.services import assignments, attempting
from quizapp.services.assignments import Wanted
from quizapp.services.quizzes import Wish
from tests.make import NOW
from tests.recalled import builds
from tests.services import quizzing

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
WINDOW = Window(NOW, NOW + 4 * DAY, NOW + 6 * DAY)
RULES = Rules(Goal.QUIZ, WINDOW, attempts=2, pass_share=0.8, is_shuffled=False)


@dataclass(frozen=True)
class Team:
    """A team, and its people in their own libraries."""

    id: int
    library: Actor  # the trainer with the team's library open
    trainer: Actor
    mina: Actor
    jonas: Actor
    deck_id: int
    stranger: Actor


def person(session, name):
    return learners.add(session, name=name, time_zone="Europe/Berlin", now=NOW)


@builds
def a_team(session, *cards):
    """A team whose library has these cards in one deck."""
    library_id = person(session, "Library")
    team = teams.add(session, library_id=library_id, name="Platform team", now=NOW)
    people = {}
    for name, role in (("Tara", Role.TRAINER), ("Mina", Role.MEMBER), ("Jonas", Role.MEMBER)):
        who = person(session, name)
        teams.put(session, team_id=team.id, learner_id=who, role=role, now=NOW)
        people[name] = Actor(LearnerId(who), roles={library_id: role})
    trainer = people["Tara"]
    library = Actor(LearnerId(library_id), member_id=trainer.person_id, roles=trainer.roles)
    deck_id = quizzing.deck(session, library, *cards)
    stranger = Actor(LearnerId(person(session, "Stranger")))
    return Team(team.id, library, trainer, people["Mina"], people["Jonas"], deck_id, stranger)


def assign(session, team, *, at=NOW, material=None, chosen=None, title="", zone="Europe/Berlin", **rules):
    """An assignment of the team's deck, typed; its id."""
    wanted = Wanted(title, "", replace(RULES, **rules), zone, chosen)
    found = material if material is not None else Wish(MadeFrom.DECK, team.deck_id, mode=Mode.TYPED)
    ready = assignments.prepare(session, team.trainer, team.id, wanted, found, seed=1, now=at)
    return assignments.make(session, team.trainer, ready, now=at)


def begin(session, actor, assignment_id, *, at=NOW, seed=7):
    return attempting.begin(session, actor, assignment_id, seed=seed, now=at)


def take(session, actor, assignment_id, *right, at=NOW, seed=7):
    """Answer an attempt to its end, each question right or not as given, and finish it; the sitting."""
    sitting = begin(session, actor, assignment_id, at=at, seed=seed)
    for place, is_right in enumerate(right, 1):
        quizzing.answer(session, actor, sitting, place, right=is_right, at=at)
    quizzing.sittings.finish(session, actor, sitting, now=at)
    return sitting


def mine(session, actor, assignment_id, *, at=NOW):
    return attempting.one_of_mine(session, actor, assignment_id, now=at)


def results(session, team, assignment_id, *, at=NOW, occurrence=None):
    """What everybody did, by name."""
    found = assignments.everybody(session, team.trainer, assignment_id, occurrence=occurrence, now=at)
    return {one.name: one for one in found.results}
