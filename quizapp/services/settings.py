"""How a learner wants to study: looked at, tried out, changed. Start from `study_plan` or `prepare`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache, lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from quizapp.db import learners, plans
from quizapp.db import options as option_rows
from quizapp.db.engine import Session
from quizapp.db.learners import StudySettings
from quizapp.domain.options import Options
from quizapp.domain.permissions import Actor
from quizapp.domain.queues import Days, coming_days
from quizapp.domain.rescheduling import Dates, Rules
from quizapp.domain.scheduling import Preset
from quizapp.domain.spreading import USUAL_WEEK, check_week
from quizapp.errors import Conflict, InvalidInput
from quizapp.services import rescheduling
from quizapp.services.rescheduling import OfDecks, Reworked

WEEK = 7


@dataclass(frozen=True)
class StudyPlan:
    """A learner's calendar, and how their cards are scheduled and studied: all of them, or those of a deck."""

    days: Days
    preset: Preset
    options: Options
    week: tuple[int, ...] = USUAL_WEEK
    two_buttons: bool = False


@dataclass(frozen=True)
class Load:
    """How many cards that were seen come back."""

    today: int  # overdue ones among them
    week: int  # today and on the six days after it


@dataclass(frozen=True)
class Own:
    """What a change does to the options that decks have of their own; without either moment, nothing."""

    aside_at: datetime | None = None  # they are set aside at this moment, so that every deck follows
    back_from: datetime | None = None  # those that were set aside at this moment count again


KEPT = Own()


@dataclass(frozen=True)
class Change:
    """Settings that are to take the place of others, with all that follows from it worked out."""

    before: StudySettings
    after: StudySettings
    dates: Dates
    undo_dates: Dates  # what brings the dates back
    reworked: Reworked | None  # None when no memory changes
    moved: int  # cards that come back at another time
    load_before: Load
    load_after: Load
    own: Own


def study_plan(session: Session, actor: Actor) -> StudyPlan:
    """Return how the actor studies."""
    return _plan(chosen(session, actor))


def study_plans(session: Session, learner_ids: Sequence[int]) -> Mapping[int, StudyPlan]:
    """Return how each of these people studies; those who study alike have the very same plan."""
    if len(learner_ids) == 1:
        return {one: _plan(learners.study_settings(session, one)) for one in learner_ids}
    wanted = learners.many_settings(session, learner_ids)
    plans = {id(settings): _plan(settings) for settings in {id(one): one for one in wanted.values()}.values()}
    return {one: plans[id(settings)] for one, settings in wanted.items()}


def chosen(session: Session, actor: Actor) -> StudySettings:
    """Return what the actor has chosen."""
    return learners.study_settings(session, actor.person_id)


def prepare(
    session: Session, actor: Actor, wanted: StudySettings, *, dates: Dates, own: Own = KEPT, now: datetime
) -> Change:
    """Work out what other settings would do; reads only, so that nobody waits for it.

    The time zone is corrected to the name that it is known by. The parameters in use stay.
    """
    before = chosen(session, actor)
    after = replace(_valid(wanted), parameters=before.parameters)
    return foresee(session, actor, before, after, dates=dates, own=own, now=now)


def foresee(
    session: Session,
    actor: Actor,
    before: StudySettings,
    after: StudySettings,
    *,
    dates: Dates,
    own: Own = KEPT,
    now: datetime,
) -> Change:
    """Work out what settings that are valid would do in the place of those before."""
    old, new = _rules(before), _rules(after)
    reworked = None
    if (old.days, old.preset.weights) != (new.days, new.preset.weights) or dates is not Dates.KEEP:
        decks = _of_decks(session, actor, own)
        reworked = rescheduling.work_out(session, actor.person_id, before=old, after=new, dates=dates, decks=decks)
    moves = reworked.changed if reworked else {}
    dues = plans.due_by_card(session, actor.person_id)
    will_be = {card_id: moves[card_id].due if card_id in moves else due for card_id, due in dues.items()}
    return Change(
        before=before,
        after=after,
        dates=dates,
        undo_dates=_undo(dates, reworked),
        reworked=reworked,
        moved=sum(will_be[card_id] != due for card_id, due in dues.items()),
        load_before=_load(dues, old.days, now),
        load_after=_load(will_be, new.days, now),
        own=own,
    )


def change(session: Session, actor: Actor, prepared: Change) -> None:
    """Store settings as they were prepared; settings that were changed meanwhile are a conflict."""
    if chosen(session, actor) != prepared.before:
        raise Conflict("Your settings were changed elsewhere meanwhile. Look at them again, then save.")
    learners.put_study_settings(session, actor.person_id, prepared.after)
    put_own(session, actor, prepared.own)
    if prepared.reworked:
        rescheduling.put(session, actor.person_id, prepared.reworked)


def put_own(session: Session, actor: Actor, own: Own, *, deck_ids: Sequence[int] | None = None) -> None:
    """Set aside or bring back the options that all decks, or these, have of their own."""
    if own.aside_at:
        option_rows.set_aside(session, actor.person_id, at=own.aside_at, deck_ids=deck_ids)
    if own.back_from:
        option_rows.bring_back(session, actor.person_id, back_from=own.back_from)


def time_zone_named(name: str) -> ZoneInfo:
    """Return the time zone, however its name is spelled: "europe/berlin", "America/New York"."""
    try:
        return ZoneInfo(_known_zones().get(_zone_key(name), name))
    except (ValueError, ZoneInfoNotFoundError, OSError):
        raise InvalidInput("There is no time zone %(name)s. Write one like Europe/Berlin.", name=f"{name!r}") from None


@cache
def time_zones() -> Sequence[str]:
    """Return the names of places to choose from."""
    aliases = ("Etc/", "SystemV/", "US/", "posix/", "right/")
    return sorted({"UTC", *(name for name in available_timezones() if "/" in name and not name.startswith(aliases))})


@cache
def _known_zones() -> Mapping[str, str]:
    return {_zone_key(name): name for name in available_timezones()}


def _zone_key(name: str) -> str:
    return "_".join(name.casefold().split())


def _valid(wanted: StudySettings) -> StudySettings:
    if not 0 <= wanted.turn_hour <= 23:
        raise InvalidInput("The day turns at a full hour from 0 to 23.")
    zone = time_zone_named(wanted.time_zone).key
    return replace(wanted, time_zone=zone, week=check_week(wanted.week))


@lru_cache(maxsize=256)  # every answer asks for it
def _plan(found: StudySettings) -> StudyPlan:
    rules = _rules(found)
    return StudyPlan(rules.days, rules.preset, found.options, found.week, found.two_buttons)


def _rules(found: StudySettings) -> Rules:
    version, weights = found.parameters
    preset = found.options.preset(Preset(weights, version=version))
    return Rules(Days(ZoneInfo(found.time_zone), found.turn_hour), preset)


def _of_decks(session: Session, actor: Actor, own: Own) -> OfDecks:
    """Return the options that decks have of their own, by card, before the change and after it."""
    before = after = option_rows.by_card(session, actor.person_id)
    if own.aside_at:
        after = {}
    if own.back_from:
        after = option_rows.by_card(session, actor.person_id, back_from=own.back_from)
    return OfDecks(before, after)


def _undo(dates: Dates, reworked: Reworked | None) -> Dates:
    """Say what brings the dates back that the change moves."""
    if dates is Dates.KEEP or reworked is None:
        return Dates.KEEP
    return Dates.FOLLOW if reworked.all_followed else Dates.AS_GIVEN


def _load(dues: Mapping[int, datetime], days: Days, now: datetime) -> Load:
    ends = [end for _, end in coming_days(now, days, count=WEEK)]
    return Load(sum(due < ends[0] for due in dues.values()), sum(due < ends[-1] for due in dues.values()))
