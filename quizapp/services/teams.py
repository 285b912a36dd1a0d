"""Teams: made, named, left and ended, and which library is open. Start from `team`."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from quizapp.db import learners, plans
from quizapp.db import teams as rows
from quizapp.db.engine import Session
from quizapp.db.teams import Member, MembershipRow, TeamRow, Titled
from quizapp.domain.audit import Deed
from quizapp.domain.permissions import ALLOWED, Action, Actor, LearnerId, Role, may, own, role_of
from quizapp.errors import Conflict, InvalidInput, NotFound
from quizapp.services import audit
from quizapp.services.access import allowed
from quizapp.services.parts import Part, part
from quizapp.services.settings import chosen

NAME_CHARS = 80
LINES = 25  # people on a page, each with what an owner can change about them
KEPT = timedelta(days=30)
COMES_BACK_FOR = timedelta(days=1)  # who left by themselves
GIVEN = (Role.OWNER, Role.TRAINER, Role.MEMBER)  # roles of people with an account


@dataclass(frozen=True)
class Team:
    """A team in a list."""

    id: int
    name: str
    library_id: int
    role: Role  # the actor's
    people: int
    can_open: bool  # its library, to edit what is in it
    is_open: bool


class Opened(NamedTuple):
    """A team whose library is open."""

    id: int
    name: str


@dataclass(frozen=True)
class DeletedTeam:
    """A team in the trash, with the days that are left to take it out."""

    id: int
    name: str
    days_left: int


@dataclass(frozen=True)
class TeamView:
    """A team with its people, and what the actor may do there."""

    team: Team
    people: Part[Member]  # by role and name
    me: Member | None
    can_manage: bool
    can_invite: bool
    can_watch: bool
    is_last_owner: bool  # the actor, who therefore cannot leave


def with_roles(session: Session, person: Actor) -> Actor:
    """Return the person in their own library, with the roles that they have now."""
    return Actor(person.person_id, roles=rows.roles(session, person.person_id))


def in_library(session: Session, actor: Actor, team_id: int) -> tuple[Actor, Opened | None]:
    """Return a person, who has their roles, in the library of that team and which that is, if they may edit it; else in their own."""
    team = rows.shown(session, team_id)
    if team is None or not _can_edit(actor, team.library_id):
        return own(actor), None
    return Actor(LearnerId(team.library_id), member_id=actor.person_id, roles=actor.roles), Opened(team.id, team.name)


def teams(session: Session, actor: Actor) -> Sequence[Team]:
    """Return the actor's teams by name."""
    found = rows.of_learner(session, actor.person_id)
    counts = rows.count_members(session, [row.id for row in found])
    return [_team(row, actor, counts.get(row.id, 0)) for row in found if may(actor, Action.SEE, row.library_id)]


def deleted(session: Session, actor: Actor, *, now: datetime) -> Sequence[DeletedTeam]:
    """Return the teams that the actor, their owner, can take out of the trash."""
    return [
        DeletedTeam(row.id, row.name, max(0, (row.deleted_at + KEPT - now).days))
        for row in rows.deleted_of(session, actor.person_id)
        if row.deleted_at
    ]


def team(session: Session, actor: Actor, team_id: int, *, name: str = "", page: int = 1) -> TeamView:
    """Return a team that the actor belongs to, with a page of its people; given a part of a name, of those who have it."""
    row = _row(session, actor, team_id, Action.SEE)
    people = rows.ranked_members(session, row.id)
    sought = name.strip().casefold()
    named = [one for one in people if sought in one[1]] if sought else people
    shown = part(named, page, size=LINES)
    there = {learner_id for _rank, _name, learner_id in shown.shown}
    found = rows.some_members(session, row.id, [*there, actor.person_id])
    me = next((one for one in found if one.learner_id == actor.person_id), None)
    return TeamView(
        team=_team(row, actor, len(people)),
        people=shown.of([one for one in found if one.learner_id in there]),
        me=me,
        can_manage=may(actor, Action.MANAGE, row.library_id),
        can_invite=may(actor, Action.INVITE, row.library_id),
        can_watch=may(actor, Action.WATCH, row.library_id),
        is_last_owner=me is not None and me.role is Role.OWNER and _owners(people) == 1,
    )


def create(session: Session, actor: Actor, name: str, *, now: datetime) -> int:
    """Make a team with an empty library, whose owner the actor is, and return its number."""
    tidy = _clean(name)
    zone = chosen(session, own(actor)).time_zone
    library = learners.add(session, name=tidy, time_zone=zone, now=now)
    row = rows.add(session, library_id=library, name=tidy, now=now)
    rows.put(session, team_id=row.id, learner_id=actor.person_id, role=Role.OWNER, now=now)
    _note(session, actor, row, Deed.MADE_TEAM, now=now)
    return row.id


def open_library(session: Session, actor: Actor, team_id: int) -> str:
    """Return the name of a team whose library the actor may open, to be named as open from now on."""
    row = rows.get(session, team_id)
    return allowed(row if row and _can_open(actor, row) else None, actor, Action.SEE, thing="team").name


def rename(session: Session, actor: Actor, team_id: int, name: str, *, now: datetime) -> str:
    """Give a team another name and return the one it had."""
    row = _row(session, actor, team_id, Action.MANAGE)
    before, row.name = row.name, _clean(name)
    session.flush()
    _note(session, actor, row, Deed.RENAMED_TEAM, now=now)
    return before


def delete(session: Session, actor: Actor, team_id: int, *, now: datetime) -> str:
    """Move a team with its library to the trash, and return its name; nobody studies its decks meanwhile."""
    row = _row(session, actor, team_id, Action.MANAGE)
    _note(session, actor, row, Deed.DELETED_TEAM, now=now)
    row.deleted_at = now
    session.flush()
    plans.settle_library(session, row.library_id)
    return row.name


def restore(session: Session, actor: Actor, team_id: int, *, now: datetime) -> str:
    """Take a team out of the trash, with everybody who belonged to it, and return its name."""
    row, mine = rows.get(session, team_id), rows.membership(session, team_id, actor.person_id)
    role = mine.role if mine and mine.left_at is None else Role.STRANGER
    was = Actor(LearnerId(actor.person_id), roles={row.library_id: role} if row else {})  # while it was there
    row = allowed(row, was, Action.MANAGE, thing="team")
    if row.deleted_at is None:
        return row.name
    row.deleted_at = None
    session.flush()
    plans.settle_library(session, row.library_id)
    _note(session, actor, row, Deed.RESTORED_TEAM, now=now)
    return row.name


def change_role(
    session: Session, actor: Actor, team_id: int, learner_id: int, role: Role, *, now: datetime
) -> tuple[str, Role]:
    """Give a person of the team another role; return their name and the role that they had."""
    row = _row(session, actor, team_id, Action.MANAGE)
    person = _person(session, row, learner_id)
    if role not in GIVEN:
        raise InvalidInput("Choose one of the roles that are listed.")
    before = person.role
    _keep_an_owner(session, row, person, becomes=role)
    person.role = role
    session.flush()
    plans.settle_library(session, row.library_id, learner_id=learner_id)
    name = learners.name_of(session, learner_id)
    _note(session, actor, row, Deed.CHANGED_ROLE, person=learner_id, detail=f"{name}: {role.value}", now=now)
    return name, before


def remove(session: Session, actor: Actor, team_id: int, learner_id: int, *, now: datetime) -> str:
    """Let a person belong to the team no more, and return their name; what they remember stays theirs."""
    row = _row(session, actor, team_id, Action.MANAGE)
    person, name = _person(session, row, learner_id), learners.name_of(session, learner_id)
    _end(session, row, person, now=now)
    _note(session, actor, row, Deed.REMOVED_PERSON, person=learner_id, detail=name, now=now)
    return name


def put_back(session: Session, actor: Actor, team_id: int, learner_id: int, *, now: datetime) -> str:
    """Let a person who was removed belong to the team again, in the role that they had; who left is not fetched back."""
    row = _row(session, actor, team_id, Action.MANAGE)
    person = rows.membership(session, row.id, learner_id)
    if person is None or _left(session, person):
        raise NotFound("There is no such person here. Invite them instead.")
    rows.put(session, team_id=row.id, learner_id=learner_id, role=person.role, now=now)
    plans.settle_library(session, row.library_id, learner_id=learner_id)
    name = learners.name_of(session, learner_id)
    _note(session, actor, row, Deed.PUT_BACK_PERSON, person=learner_id, detail=name, now=now)
    return name


def join(session: Session, team_id: int, learner_id: int, role: Role, *, now: datetime) -> None:
    """Let a person who was invited belong to the team; the decks that they followed before come back."""
    row = rows.get(session, team_id)
    if row is None or row.deleted_at is not None:
        raise NotFound("This team is not there any more. Ask whoever invited you.")
    rows.put(session, team_id=row.id, learner_id=learner_id, role=role, now=now)
    plans.settle_library(session, row.library_id, learner_id=learner_id)
    joined = Actor(LearnerId(learner_id))
    _note(session, joined, row, Deed.JOINED, person=learner_id, detail=role.value, now=now)


def leave(session: Session, actor: Actor, team_id: int, *, now: datetime) -> str:
    """Let the actor belong to the team no more, and return its name; its last owner stays."""
    row = _row(session, actor, team_id, Action.SEE)
    _end(session, row, _person(session, row, actor.person_id), now=now)
    _note(session, actor, row, Deed.LEFT, person=actor.person_id, now=now)
    return row.name


def come_back(session: Session, actor: Actor, team_id: int, *, left_at: datetime, now: datetime) -> str:
    """Take back, within a day, that the actor left at that very moment, and return the team's name.

    Who was removed then knows the moment, too, from what Recto stores of them; the log tells the two apart.
    """
    row, mine = rows.get(session, team_id), rows.membership(session, team_id, actor.person_id)
    if (
        row is None
        or row.deleted_at is not None
        or mine is None
        or mine.left_at != left_at
        or now - left_at > COMES_BACK_FOR
        or not audit.did(session, actor, team_id, Deed.LEFT, at=left_at)
    ):
        raise NotFound("You cannot come back to this team by yourself any more. Ask one of its owners.")
    join(session, row.id, actor.person_id, mine.role, now=now)
    return row.name


def choose_what_is_seen(
    session: Session, actor: Actor, team_id: int, *, shows_recall: bool, on_leaderboards: bool
) -> tuple[bool, bool]:
    """Store what the actor lets others of the team see of them, and return what it was."""
    row = _row(session, actor, team_id, Action.SEE)
    mine = _person(session, row, actor.person_id)
    before = mine.shows_recall, mine.on_leaderboards
    mine.shows_recall, mine.on_leaderboards = shows_recall, on_leaderboards
    session.flush()
    return before


def living(session: Session, actor: Actor, team_id: int, action: Action) -> Titled:
    """Return a team that is not in the trash, if the actor may do that there."""
    return allowed(rows.shown(session, team_id), actor, action, thing="team")


def _row(session: Session, actor: Actor, team_id: int, action: Action) -> TeamRow:
    """Return it as a row, to be changed."""
    row = rows.get(session, team_id)
    return allowed(None if row is None or row.deleted_at else row, actor, action, thing="team")


def _can_open(actor: Actor, team: TeamRow) -> bool:
    return team.deleted_at is None and _can_edit(actor, team.library_id)


def _can_edit(actor: Actor, library_id: int) -> bool:
    return Action.EDIT in ALLOWED[role_of(actor, library_id)]


def _team(row: TeamRow, actor: Actor, people: int) -> Team:
    role = role_of(actor, row.library_id)
    is_open = actor.member_id is not None and actor.learner_id == row.library_id
    return Team(row.id, row.name, row.library_id, role, people, _can_open(actor, row), is_open)


def _person(session: Session, team: TeamRow, learner_id: int) -> MembershipRow:
    row = rows.membership(session, team.id, learner_id)
    if row is None or row.left_at is not None:
        raise NotFound("There is no such person here. They may have left; look at the team again.")
    return row


def _left(session: Session, person: MembershipRow) -> bool:
    """Say whether a person is gone by their own will, as the log tells."""
    if person.left_at is None:
        return False
    return audit.did(session, Actor(LearnerId(person.learner_id)), person.team_id, Deed.LEFT, at=person.left_at)


def _owners(people: Sequence[tuple[int, str, int]]) -> int:
    return [rank for rank, _name, _learner_id in people].count(rows.RANKS[Role.OWNER])


def _keep_an_owner(session: Session, team: TeamRow, person: MembershipRow, *, becomes: Role | None) -> None:
    is_last = person.role is Role.OWNER and _owners(rows.ranked_members(session, team.id)) == 1
    if is_last and becomes is not Role.OWNER:
        raise Conflict("A team needs an owner. Make somebody else an owner first, or delete the team.")


def _end(session: Session, team: TeamRow, person: MembershipRow, *, now: datetime) -> None:
    _keep_an_owner(session, team, person, becomes=None)
    person.left_at = now
    session.flush()
    plans.settle_library(session, team.library_id, learner_id=person.learner_id)


def _note(
    session: Session,
    actor: Actor,
    team: TeamRow,
    deed: Deed,
    *,
    person: int | None = None,
    detail: str = "",
    now: datetime,
) -> None:
    kind, thing_id = ("team", team.id) if person is None else ("person", person)
    told = detail or team.name
    audit.note(session, actor, team.library_id, deed, kind=kind, thing_id=thing_id, detail=told, now=now)


def _clean(name: str) -> str:
    tidy = " ".join(name.replace("\0", "").split())
    if not tidy:
        raise InvalidInput("A team needs a name. Write one, such as Harbour crew.")
    if len(tidy) > NAME_CHARS:
        raise InvalidInput("A team's name can have %(limit)s characters. Choose a shorter one.", limit=NAME_CHARS)
    return tidy
