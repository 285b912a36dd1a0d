"""Assignments as trainers see them: made, changed, listed, with who did what. Start from `prepare`.

Who is to do them begins in `attempting`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum

from quizapp.db import assignments, attempts, learners, quizzes, teams
from quizapp.db import decks as deck_rows
from quizapp.db.assignments import AssignmentRow
from quizapp.db.attempts import Taken, Taker
from quizapp.db.engine import Session
from quizapp.db.quizzes import Feedback, MadeFrom, Order
from quizapp.db.reached import Crew
from quizapp.db.teams import Named, Titled
from quizapp.domain import assignments as rules_of
from quizapp.domain import recurrence, sampling
from quizapp.domain.assignments import Allowance, Goal, Progress, Rules, Standing, Told, deadline, unfair
from quizapp.domain.audit import Deed
from quizapp.domain.permissions import Action, Actor, LearnerId, may, require
from quizapp.domain.questions import Question
from quizapp.domain.recurrence import Window
from quizapp.errors import Conflict, InvalidInput, NotFound
from quizapp.services import access, attempting, audit, standings
from quizapp.services import quizzes as quiz_services
from quizapp.services import teams as team_services
from quizapp.services.assigned import Work, living, occurrence_of, people, pool, topic_of, topics, work
from quizapp.services.attempting import NO_TEAM, Mine
from quizapp.services.parts import Part, part
from quizapp.services.quizzes import Material, Prepared, Wish, dice_of, question_of
from quizapp.services.settings import study_plan, time_zone_named
from quizapp.services.standings import Counts
from quizapp.translations import _, marked

LISTED, QUIZZES_LISTED, PREVIEWED = 200, 50, 3
TITLE_LIMIT_CHARS, NOTE_LIMIT_CHARS = 200, 2_000
LINES = 25  # of a page of people
FIELDS = {
    "goal": marked("what is to be reached"),
    "grading": marked("which attempt counts"),
    "told": marked("when answers are told"),
    "quota": marked("how many questions are asked"),
    "recurrence": marked("how often it comes again"),
    "recalls": marked("how often a question is recalled"),
    "spacing": marked("the time between recalls"),
    "is_shuffled": marked("whether it is shuffled"),
    "window": marked("an opening that is later, or an end that is earlier"),
    "time_limit": marked("a shorter time limit"),
    "attempts": marked("fewer attempts"),
    "delay": marked("a longer wait between attempts"),
    "pass_share": marked("a higher pass mark"),
    "late": marked("refusing late answers"),
    "recall": marked("a higher goal"),
}


@dataclass(frozen=True)
class Wanted:
    """An assignment as a trainer wants it."""

    title: str  # empty: as what it is made from, with a number if another assignment is called so
    note: str
    rules: Rules
    zone: str
    chosen: frozenset[int] | None = None  # people; None is every member


@dataclass(frozen=True)
class Ready:
    """An assignment that can be stored: with its questions, or the deck that is to be known."""

    wanted: Wanted
    library_id: int
    title: str
    quiz: Prepared | None
    deck_id: int | None
    questions: int  # in its pool


@dataclass(frozen=True)
class Preview:
    """What a member would see, or the sentence that says why it cannot be so."""

    ready: Ready | None
    questions: Sequence[Question]  # some of those that an attempt may ask
    asked: int  # in an attempt; of what is to be mastered, in all
    topics: int  # in the pool
    problem: str = ""


@dataclass(frozen=True)
class Summary:
    """A line of a team's list."""

    id: int
    title: str
    goal: Goal
    window: Window
    occurrence: int
    times: int
    counts: Counts
    is_open_to_guests: bool


@dataclass(frozen=True)
class Course:
    """How a team is getting on with what is open to it."""

    open: Sequence[Summary]  # those due first first
    people: int  # who are to do any of it
    on_track: int  # of them, who are late with none of it


@dataclass(frozen=True)
class Result:
    """What one person did."""

    learner_id: int | None
    name: str
    standing: Standing
    attempts: Sequence[Taken]
    allowance: Allowance
    window: Window
    is_assigned: bool = True  # False of one who left, or is to do it no more


@dataclass(frozen=True)
class View:
    """An assignment as its trainer sees it."""

    id: int
    team_id: int
    team: str
    title: str
    note: str
    rules: Rules
    zone: str
    window: Window
    occurrence: int
    now_at: int  # the occurrence that is on
    quiz_id: int | None
    deck_id: int | None
    source: str  # name of the deck that is to be known
    questions: int  # in its pool
    asked: int  # in an attempt
    token: str | None
    for_all: bool


class Sort(Enum):
    """In which order people stand."""

    NAME = "name"
    STATE = "state"  # those who are late first


@dataclass(frozen=True)
class Look:
    """Which people of an assignment are looked at: on what page, and of those who have come so far."""

    occurrence: int | None = None  # None is the present one
    only: Progress | None = None
    name: str = ""  # a part of it
    sort: Sort = Sort.NAME
    page: int = 1
    guests: int = 1  # page of theirs
    opened: int | None = None  # a person whose exception is shown


@dataclass(frozen=True)
class Done:
    """Who did what in an assignment: a page of its people, and one of its guests."""

    counts: Counts
    results: Part[Result]
    guests: Part[Result]
    opened: Result | None


@dataclass(frozen=True)
class Everybody:
    """What everybody did, those who left after they had done something among them."""

    results: Sequence[Result]
    guests: Sequence[Result]


@dataclass(frozen=True)
class Choices:
    """What a trainer can choose from for a team."""

    team_id: int
    team: str
    materials: Sequence[Material]
    pools: Sequence[tuple[int, str, int]]  # quizzes of the team: id, title, questions
    people: Sequence[Named]
    zone: str


def choices(session: Session, actor: Actor, team_id: int) -> Choices:
    """Return what can be assigned to a team, and to whom."""
    found = team_services.living(session, actor, team_id, Action.ASSIGN)
    materials = quiz_services.materials(session, _within(actor, found.library_id))
    return _choices(
        session,
        actor,
        found,
        [one for one in materials if one.made_from is not MadeFrom.MISSED],
        quizzes.newest_first(session, found.library_id, limit=QUIZZES_LISTED),
    )


def choices_left(session: Session, actor: Actor, team_id: int) -> Choices:
    """Return what can still be chosen of an assignment that is there: not what it is made from."""
    return _choices(session, actor, team_services.living(session, actor, team_id, Action.ASSIGN))


def _choices(
    session: Session,
    actor: Actor,
    found: Titled,
    materials: Sequence[Material] = (),
    pools: Sequence[tuple[int, str, int]] = (),
) -> Choices:
    return Choices(
        found.id,
        found.name,
        materials,
        pools,
        teams.named_members(session, found.id),
        study_plan(session, Actor(actor.person_id)).days.zone.key,
    )


def prepare(
    session: Session, actor: Actor, team_id: int, wanted: Wanted, material: Wish | int, *, seed: int, now: datetime
) -> Ready:
    """Make up an assignment from material of the team, or from one of its quizzes by id; reads only."""
    found = team_services.living(session, actor, team_id, Action.ASSIGN)
    _check(session, found.library_id, wanted)
    within = _within(actor, found.library_id)
    if wanted.rules.goal is Goal.RECALL:
        return _to_know(session, within, found, wanted, material, now=now)
    if isinstance(material, int):
        quiz = _copied(session, within, material, wanted, seed=seed)
    else:
        wish = replace(material, count=None, order=Order.AS_MADE, feedback=_feedback(wanted.rules))
        quiz = quiz_services.prepare(session, within, wish, seed=seed, now=now)
    sampling.check([topic_of(one) for one in quiz.questions], wanted.rules.quota)
    return Ready(wanted, found.library_id, _title(session, found, wanted, quiz.title), quiz, None, len(quiz.questions))


def preview(
    session: Session, actor: Actor, team_id: int, wanted: Wanted, material: Wish | int, *, seed: int, now: datetime
) -> Preview:
    """Return what a member would see of an assignment, or why it cannot be so."""
    try:
        ready = prepare(session, actor, team_id, wanted, material, seed=seed, now=now)
    except InvalidInput as problem:
        return Preview(None, (), 0, 0, problem.message)
    if ready.quiz is None:
        return Preview(ready, (), 0, 0)
    topics_there = [topic_of(one) for one in ready.quiz.questions]
    numbers = sampling.draw(topics_there, wanted.rules.quota, dice_of(seed))
    asked = len(topics_there) if wanted.rules.goal is Goal.MASTERY else len(numbers)
    shown = [ready.quiz.questions[number - 1] for number in numbers[:PREVIEWED]]
    return Preview(ready, shown, asked, len(set(topics_there)))


def make(session: Session, actor: Actor, ready: Ready, *, now: datetime) -> int:
    """Store an assignment as it was prepared and return its id."""
    require(actor, Action.ASSIGN, ready.library_id, thing="team")
    within, quiz_id = _within(actor, ready.library_id), None
    if ready.quiz is not None:
        quiz_id = quiz_services.make(session, within, ready.quiz, is_assigned=True, now=now)
        stored = quizzes.questions(session, quiz_id)
        sampling.check(topics(stored), ready.wanted.rules.quota)  # cards may have been deleted meanwhile
    row = AssignmentRow(
        owner_id=ready.library_id,
        quiz_id=quiz_id,
        deck_id=ready.deck_id,
        made_by=actor.person_id,
        title=ready.title[:TITLE_LIMIT_CHARS],
        note=ready.wanted.note,
        created=now,
        for_all=ready.wanted.chosen is None,
        zone=ready.wanted.zone,
    )
    assignments.put_rules(row, ready.wanted.rules)
    session.add(row)
    session.flush()
    _choose(session, row, ready.wanted.chosen)
    _note(session, actor, row, Deed.MADE, now=now)
    return row.id


def change(session: Session, actor: Actor, assignment_id: int, wanted: Wanted, *, now: datetime) -> None:
    """Change an assignment; once somebody has begun, nothing may get harder, and what is asked stays."""
    row = living(session, actor, assignment_id, Action.ASSIGN)
    before = assignments.rules(row)
    rules = replace(wanted.rules, goal=before.goal)
    wanted = replace(wanted, rules=rules)
    _check(session, row.owner_id, wanted)
    if attempts.has_begun(session, row.id) and (names := unfair(before, rules)):
        raise Conflict(
            "Somebody has begun, so this cannot change any more: %(what)s. Dates can move out and limits widen.",
            what=", ".join(_(FIELDS[name]) for name in names),
        )
    if row.quiz_id is not None:
        sampling.check(topics(pool(session, row)), rules.quota)
        quiz = quizzes.get(session, row.quiz_id)
        if quiz is not None:
            quiz.feedback = _feedback(rules)
    assignments.put_rules(row, rules)
    row.title, row.note = wanted.title[:TITLE_LIMIT_CHARS] or row.title, wanted.note
    row.zone, row.for_all = wanted.zone, wanted.chosen is None
    _choose(session, row, wanted.chosen)
    _move_deadlines(session, row)
    _note(session, actor, row, Deed.CHANGED, now=now)


def allow(
    session: Session, actor: Actor, assignment_id: int, learner_id: int, given: Allowance, *, now: datetime
) -> Allowance:
    """Give one person something besides the rules of the present occurrence, and return what they had."""
    row = living(session, actor, assignment_id, Action.ASSIGN)
    there = work(row, now)
    if learner_id not in assignments.team_of(session, row.owner_id):
        raise InvalidInput("This person does not belong to the team any more. Load the page again.")
    if not (
        rules_of.ZERO <= given.more_time <= rules_of.LONGEST_TIME and 0 <= given.more_attempts <= rules_of.MOST_ATTEMPTS
    ):
        raise InvalidInput("One person can have up to 24 hours more and up to 50 attempts more.")
    recurrence.check_moments(given.opens, given.due, given.cutoff)
    person = assignments.assignee(session, row.id, learner_id)
    before = assignments.allowance(person, occurrence=there.occurrence)
    person.opens, person.due, person.cutoff, person.occurrence = given.opens, given.due, given.cutoff, there.occurrence
    person.more_time, person.more_attempts = given.more_time, given.more_attempts
    person.is_strict, person.is_excused = given.is_strict, given.is_excused
    _, window = there.of(person)
    if window.due <= window.opens:
        raise InvalidInput("The due time must be after the opening. Choose a later one.")
    session.flush()
    _move_deadlines(session, row)
    told = f"{learners.name_of(session, learner_id)}: {row.title}"
    # Told as about a person, so that their name goes from the line when they do.
    audit.note(
        session, actor, row.owner_id, Deed.MADE_EXCEPTION, kind="person", thing_id=learner_id, detail=told, now=now
    )
    return before


def put_link(session: Session, actor: Actor, assignment_id: int, token: str | None, *, now: datetime) -> None:
    """Let guests in by a link with that token, or None of them any more; results stay."""
    row = living(session, actor, assignment_id, Action.ASSIGN)
    if token is not None and row.quiz_id is None:
        raise InvalidInput("Only members can study a deck. A link needs questions that are answered.")
    row.token = token
    session.flush()
    _note(session, actor, row, Deed.CLOSED_LINK if token is None else Deed.LET_GUESTS_IN, now=now)


def listed(session: Session, actor: Actor, team_id: int, *, now: datetime) -> Sequence[Summary]:
    """Return the assignments of a team with how far it is, for those who may watch; those due last first."""
    found = team_services.living(session, actor, team_id, Action.WATCH)
    works = [work(row, now) for row in assignments.of_library(session, found.library_id, limit=LISTED)]
    crew = standings.crew(session, found.library_id, works)
    return [_summary(one, standings.stood(session, one, crew, now=now).counts) for one in works]


def course(session: Session, actor: Actor, team_id: int, *, now: datetime) -> Course:
    """Return how far a team is with what is open to it, for those who may watch."""
    found = team_services.living(session, actor, team_id, Action.WATCH)
    works = [work(row, now) for row in assignments.of_library(session, found.library_id, limit=LISTED)]
    open_ones = sorted((one for one in works if _is_open(one, now)), key=lambda one: (one.window.due, one.row.id))
    crew = standings.crew(session, found.library_id, open_ones)
    stood = [standings.stood(session, one, crew, now=now) for one in open_ones]
    people = frozenset[int]().union(*(crew.owing(one.row) for one in open_ones))
    late = frozenset[int]().union(*(one.by.get(Progress.LATE, ()) for one in stood))
    lines = [_summary(one, where.counts) for one, where in zip(open_ones, stood, strict=True)]
    return Course(lines, len(people), len(people - late))


def view(session: Session, actor: Actor, assignment_id: int, *, occurrence: int | None = None, now: datetime) -> View:
    """Return an assignment in the present occurrence or another."""
    row = living(session, actor, assignment_id, Action.WATCH)
    return _view(session, row, _there(row, occurrence, now), now=now)


def _view(session: Session, row: AssignmentRow, there: Work, *, now: datetime) -> View:
    team_id, name = teams.named_by(session, row.owner_id) or NO_TEAM
    deck = deck_rows.shown(session, row.deck_id) if row.deck_id is not None else None
    pooled = quizzes.question_counts(session, [row.quiz_id]).get(row.quiz_id, 0) if row.quiz_id is not None else 0
    return View(
        id=row.id,
        team_id=team_id,
        team=name,
        title=row.title,
        note=row.note,
        rules=there.rules,
        zone=row.zone,
        window=there.window,
        occurrence=there.occurrence,
        now_at=work(row, now).occurrence,
        quiz_id=row.quiz_id,
        deck_id=row.deck_id,
        source=deck.name if deck else "",
        questions=pooled,
        asked=attempting.asked(session, there, pooled),
        token=row.token,
        for_all=row.for_all,
    )


def done(session: Session, actor: Actor, assignment_id: int, look: Look, *, now: datetime) -> Done:
    """Return who did what, as far as it is looked at; what others did is not read."""
    row = living(session, actor, assignment_id, Action.WATCH)
    there = _there(row, look.occurrence, now)
    return _done(session, there, standings.crew(session, row.owner_id, [there], named=True), look, now=now)


def _done(session: Session, there: Work, crew: Crew, look: Look, *, now: datetime) -> Done:
    row = there.row
    stood = standings.stood(session, there, crew, now=now)
    former = {} if look.only else dict(sorted(learners.names(session, stood.others).items(), key=_by_name))
    names = {**crew.names, **former} if former else crew.names
    # Those who are to do it no more stand at the end.
    people = part([*_sought(stood, crew, look), *_having(former, names, look)], look.page, size=LINES)
    guests = attempts.guests(session, row.id, there.occurrence) if row.quiz_id is not None else ()
    strangers = part(guests, look.guests, size=LINES)
    opened = [look.opened] if look.opened in crew.to_do(row) else []
    takers = [*map(Taker, (*people.shown, *opened)), *(Taker(None, key) for key, _ in strangers.shown)]
    stored = standings.records(session, [there], now=now, takers=takers)
    return Done(
        stood.counts,
        people.of(
            [_result(stored, there, Taker(one), names[one], is_assigned=one not in former) for one in people.shown]
        ),
        strangers.of([_result(stored, there, Taker(None, key), name) for key, name in strangers.shown]),
        next((_result(stored, there, Taker(one), names[one]) for one in opened), None),
    )


def everybody(
    session: Session, actor: Actor, assignment_id: int, *, occurrence: int | None = None, now: datetime
) -> Everybody:
    """Return what everybody did, in the present occurrence or another."""
    row = living(session, actor, assignment_id, Action.WATCH)
    there = _there(row, occurrence, now)
    stored = standings.records(session, [there], now=now)
    return Everybody(_results(session, stored, there), _guests(stored, there))


def shown(
    session: Session, actor: Actor, assignment_id: int, look: Look, *, now: datetime
) -> tuple[Mine | None, View | None, Done | None]:
    """Return an assignment as one is to do it, and as one watches it with who did what; None for what one is not."""
    row = living(session, actor, assignment_id, Action.ANSWER)
    if may(actor, Action.WATCH, row.owner_id):
        there = _there(row, look.occurrence, now)
        crew = standings.crew(session, row.owner_id, [there], named=True)
        is_mine = actor.person_id in crew.to_do(row)
        to_do = attempting.as_mine(session, actor, row, now=now) if is_mine else None
        return to_do, _view(session, row, there, now=now), _done(session, there, crew, look, now=now)
    to_do = attempting.as_mine(session, actor, row, now=now)
    if to_do is None:
        raise NotFound("This is not assigned to you. Go back to Today and look at what is.")
    return to_do, None, None


def look(session: Session, actor: Actor, assignment_id: int, *, now: datetime) -> audit.Look | None:
    """Return the look of somebody at who did what, as far as the team's log is to tell of it."""
    row = living(session, actor, assignment_id, Action.WATCH)
    return audit.look_at(session, actor, row, Deed.SAW_RESULTS, kind="assignment", detail=row.title, now=now)


def has_begun(session: Session, actor: Actor, assignment_id: int) -> bool:
    """Say whether anybody has begun an assignment, so that nothing of it may get harder."""
    return attempts.has_begun(session, living(session, actor, assignment_id, Action.ASSIGN).id)


def chosen(session: Session, actor: Actor, assignment_id: int) -> frozenset[int]:
    """Return who was chosen by name for an assignment."""
    row = living(session, actor, assignment_id, Action.ASSIGN)
    return frozenset(one.learner_id for one in assignments.assignees(session, [row.id]).values() if one.is_chosen)


def delete(session: Session, actor: Actor, assignment_id: int, *, now: datetime) -> str:
    """Move an assignment to the trash with every attempt, and return its title."""
    row = living(session, actor, assignment_id, Action.ASSIGN)
    row.deleted_at = now
    session.flush()
    _note(session, actor, row, Deed.DELETED, now=now)
    return row.title


def restore(session: Session, actor: Actor, assignment_id: int, *, now: datetime) -> str:
    """Take an assignment out of the trash and return its title."""
    row = access.allowed(assignments.get(session, assignment_id), actor, Action.ASSIGN, thing="assignment")
    row.deleted_at = None
    session.flush()
    _note(session, actor, row, Deed.RESTORED, now=now)
    return row.title


def _within(actor: Actor, library_id: int) -> Actor:
    """Return the actor with the team's library open, whichever is."""
    return Actor(LearnerId(library_id), member_id=actor.person_id, roles=actor.roles)


def _note(session: Session, actor: Actor, row: AssignmentRow, deed: Deed, *, now: datetime) -> None:
    audit.note_of(session, actor, row, deed, kind="assignment", detail=row.title, now=now)


def _check(session: Session, library_id: int, wanted: Wanted) -> None:
    rules_of.check(wanted.rules)
    recurrence.check(wanted.rules.window, wanted.rules.recurrence, time_zone_named(wanted.zone))
    if len(wanted.note) > NOTE_LIMIT_CHARS:
        raise InvalidInput("A note has up to 2,000 characters. Shorten it.")
    if wanted.rules.goal is Goal.RECALL and wanted.rules.recurrence is not None:
        raise InvalidInput("A deck is to be known on one day. Let a quiz come again instead.")
    if wanted.chosen is None:
        return
    there = assignments.team_of(session, library_id)
    if not wanted.chosen or not wanted.chosen.issubset(there):
        raise InvalidInput("Choose at least one person of the team, or everybody.")


def _to_know(
    session: Session, within: Actor, found: Titled, wanted: Wanted, material: Wish | int, *, now: datetime
) -> Ready:
    if isinstance(material, int) or material.made_from is not MadeFrom.DECK:
        raise InvalidInput("To be known on a day, choose a deck. A document or a search can be a quiz.")
    if wanted.rules.window.due <= now:
        raise InvalidInput("Choose a day that is still to come.")
    deck = access.allowed(deck_rows.living(session, material.of or 0), within, Action.STUDY, thing="deck")
    return Ready(wanted, found.library_id, _title(session, found, wanted, deck.name), None, deck.id, 0)


def _title(session: Session, found: Titled, wanted: Wanted, source: str) -> str:
    """Return the title that was written, else what it is made from, told apart from what is called so already."""
    return wanted.title or rules_of.told_apart(source, assignments.titles(session, found.library_id))


def _copied(session: Session, within: Actor, quiz_id: int, wanted: Wanted, *, seed: int) -> Prepared:
    """Take the questions of a quiz as they are: what becomes of it later changes nothing."""
    quiz = quiz_services.living(session, within, quiz_id, Action.SEE)
    wish = Wish(quiz.made_from, None, quiz.mode, None, Order.AS_MADE, _feedback(wanted.rules))
    return Prepared(wish, quiz.title, [question_of(one) for one in quizzes.questions(session, quiz.id)], seed)


def _feedback(rules: Rules) -> Feedback:
    return Feedback.AT_ONCE if rules.told is Told.AT_ONCE else Feedback.AT_END


def _choose(session: Session, row: AssignmentRow, chosen: frozenset[int] | None) -> None:
    """Store who is to do it; who was chosen before keeps what they have besides the rules."""
    for person in assignments.assignees(session, [row.id]).values():
        person.is_chosen = bool(chosen and person.learner_id in chosen)
    for learner_id in sorted(chosen or ()):
        assignments.assignee(session, row.id, learner_id).is_chosen = True
    session.flush()


def _move_deadlines(session: Session, row: AssignmentRow) -> None:
    """Let attempts that are under way end when they do by the rules as they are now."""
    persons = assignments.assignees(session, [row.id])
    for sitting in attempts.under_way(session, row.id):
        there = occurrence_of(row, sitting.occurrence or 0)
        allowance, window = there.of(persons.get((row.id, sitting.learner_id or 0)))
        ends = deadline(sitting.started, there.rules, window, allowance)
        sitting.deadline = ends if ends is None or ends > sitting.started else sitting.deadline
    session.flush()


def _is_open(there: Work, now: datetime) -> bool:
    """Say whether those without an exception can do something now; a deck is to be known on its day."""
    window = there.window
    ends = window.due if there.rules.goal is Goal.RECALL else window.cutoff
    return window.opens <= now and (ends is None or now < ends)


def _summary(there: Work, counts: Counts) -> Summary:
    row = there.row
    return Summary(
        id=row.id,
        title=row.title,
        goal=row.goal,
        window=there.window,
        occurrence=there.occurrence,
        times=there.rules.recurrence.times if there.rules.recurrence else 1,
        counts=counts,
        is_open_to_guests=row.token is not None,
    )


def _there(row: AssignmentRow, occurrence: int | None, now: datetime) -> Work:
    """Return the present occurrence, or that one as far as there is one."""
    if occurrence is None:
        return work(row, now)
    again = assignments.rules(row).recurrence
    return occurrence_of(row, min(max(occurrence, 0), (again.times if again else 1) - 1))


def _sought(stood: standings.Stood, crew: Crew, look: Look) -> Sequence[int]:
    """Return those who have come so far by name, perhaps first by how far they are, the late first."""
    states = [look.only] if look.only else [*reversed(Progress), None]
    groups = [set(stood.by.get(state, ())) for state in states]
    if look.sort is Sort.NAME:
        groups = [set().union(*groups)]
    sought = _having(crew.names, crew.names, look)
    return [one for group in groups for one in sought if one in group]


def _by_name(one: tuple[int, str]) -> tuple[str, int]:
    return one[1].casefold(), one[0]


def _having(some: Iterable[int], names: Mapping[int, str], look: Look) -> Iterable[int]:
    """Return those of some people who have that part of a name, if one is looked for."""
    wanted = look.name.casefold()
    return [one for one in some if wanted in names[one].casefold()] if wanted else some


def _results(session: Session, stored: standings.Records, there: Work) -> Sequence[Result]:
    """Return what people of the team did, and those who left after they had done something."""
    who = {one.learner_id: one.name for one in people(session, there.row, stored.persons)}
    gone = attempts.others(session, there.row.id, there.occurrence, list(who))
    return [
        *(_result(stored, there, Taker(one), name) for one, name in who.items()),
        *(_result(stored, there, Taker(one), name, is_assigned=False) for one, name in gone),
    ]


def _guests(stored: standings.Records, there: Work) -> Sequence[Result]:
    keys = [key for key in stored.taken if key[1] == there.occurrence and key[2].learner_id is None]
    return [_result(stored, there, who, stored.taken[key][-1].guest or "") for key in keys for who in (key[2],)]


def _result(stored: standings.Records, there: Work, who: Taker, name: str, *, is_assigned: bool = True) -> Result:
    allowance, window = there.of(stored.person(there, who))
    standing, tried = stored.standing(there, who), stored.attempts(there, who)
    return Result(who.learner_id, name, standing, tried, allowance, window, is_assigned)
