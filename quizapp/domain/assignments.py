"""Assignments: what is to be done by when, which attempts count, and where a person stands.

Start from `standing`. Times are aware UTC; when an assignment comes again is in `recurrence`,
what an attempt asks in `sampling`, and what mastery is in `mastery`.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import Enum
from itertools import count

from quizapp.domain.recurrence import Recurrence, Window
from quizapp.domain.sampling import EVERY, Quota
from quizapp.errors import InvalidInput

LONGEST_TIME, LONGEST_DELAY = timedelta(hours=24), timedelta(days=60)
MOST_ATTEMPTS, MOST_RECALLS = 50, 5
LONGEST_DAYS = 730  # from the opening to the end
ZERO = timedelta(0)


class Goal(Enum):
    """What somebody has to reach."""

    QUIZ = "quiz"  # to answer, perhaps well enough
    MASTERY = "mastery"  # to answer every question right several times, spaced
    RECALL = "recall"  # to know a deck on a day, by studying it


class Grading(Enum):
    """Which of several attempts counts."""

    BEST = "best"
    LAST = "last"
    FIRST = "first"
    AVERAGE = "average"


class Told(Enum):
    """When a person is told what is right."""

    AT_ONCE = "at_once"
    AFTER_ATTEMPT = "after_attempt"
    AFTER_DUE = "after_due"  # when nobody can hand in any more
    NEVER = "never"


class Late(Enum):
    """What becomes of an answer that arrives after the end of its attempt."""

    KEEP = "keep"  # it counts, and is marked
    REFUSE = "refuse"


@dataclass(frozen=True)
class Rules:
    """How an assignment is to be done."""

    goal: Goal
    window: Window
    time_limit: timedelta | None = None  # of an attempt
    attempts: int | None = 1  # None for as many as one likes
    delay: timedelta = ZERO  # from the end of an attempt to the next
    grading: Grading = Grading.BEST
    pass_share: float | None = None  # of what can be earned, 0 to 1
    told: Told = Told.AFTER_ATTEMPT
    late: Late = Late.REFUSE
    quota: Quota = EVERY
    is_shuffled: bool = True
    recurrence: Recurrence | None = None
    recalls: int = 2  # that make a question mastered
    spacing: timedelta = timedelta(hours=16)  # between those
    recall: float = 0.9  # share of a deck that is to be known, for `Goal.RECALL`


@dataclass(frozen=True)
class Allowance:
    """What one person has besides the rules. Dates never take time away unless they are strict."""

    opens: datetime | None = None
    due: datetime | None = None
    cutoff: datetime | None = None
    more_time: timedelta = ZERO
    more_attempts: int = 0
    is_strict: bool = False
    is_excused: bool = False


@dataclass(frozen=True)
class Attempt:
    """One sitting, as far as it matters here."""

    started: datetime
    finished: datetime | None  # None while it is open
    share: float  # of what could be earned, 0 to 1


class Status(Enum):
    """Where a person stands."""

    EXCUSED = "excused"
    NOT_OPEN = "not_open"
    OPEN = "open"
    IN_PROGRESS = "in_progress"
    LATE = "late"  # it is due, and not handed in
    DONE = "done"
    PASSED = "passed"
    FAILED = "failed"  # so far
    MISSED = "missed"  # it is over, and nothing was handed in


class Gate(Enum):
    """Whether an attempt can begin."""

    OPEN = "open"
    GO_ON = "go_on"  # one is under way
    NOT_YET = "not_yet"
    WAIT = "wait"  # for the delay between attempts
    NONE_LEFT = "none_left"
    OVER = "over"
    EXCUSED = "excused"


class Progress(Enum):
    """How far somebody is, of those who are not excused."""

    DONE = "done"
    UNDER_WAY = "under_way"  # or not passed so far
    NOT_BEGUN = "not_begun"
    LATE = "late"  # it is due, and nothing counts yet


PROGRESS = {
    Status.DONE: Progress.DONE,
    Status.PASSED: Progress.DONE,
    Status.IN_PROGRESS: Progress.UNDER_WAY,
    Status.FAILED: Progress.UNDER_WAY,
    Status.OPEN: Progress.NOT_BEGUN,
    Status.NOT_OPEN: Progress.NOT_BEGUN,
    Status.LATE: Progress.LATE,
    Status.MISSED: Progress.LATE,
}


@dataclass(frozen=True)
class Reached:
    """What somebody has come to so far, as far as it decides where they stand."""

    score: float | None = None  # what counts, 0 to 1; None while there is nothing
    has_begun: bool = False
    is_under_way: bool = False  # an attempt is open
    is_settled: bool = False  # what was known on the day is kept


@dataclass(frozen=True)
class Standing:
    """Where a person stands, what counts for them, and whether they can go on."""

    status: Status
    score: float | None  # 0 to 1; None while nothing is handed in
    is_late: bool  # what counts was handed in after it was due
    used: int  # attempts
    gate: Gate
    gate_at: datetime | None = None  # when it opens, where waiting helps


def told_apart(title: str, taken: Collection[str]) -> str:
    """Return a title with the first number that makes it another than those that are taken: "Harbour (2)"."""
    numbered = (title if number == 1 else f"{title} ({number})" for number in count(1))
    return next(one for one in numbered if one not in taken)


def check(rules: Rules) -> None:
    """Refuse rules that nobody could keep; what concerns the window alone is in `recurrence`."""
    if rules.time_limit is not None and not timedelta(minutes=1) <= rules.time_limit <= LONGEST_TIME:
        raise InvalidInput("The time limit must be between 1 minute and 24 hours, or left empty.")
    if rules.attempts is not None and not 1 <= rules.attempts <= MOST_ATTEMPTS:
        raise InvalidInput("Somebody has between 1 and %(most)s attempts, or as many as they like.", most=MOST_ATTEMPTS)
    if not ZERO <= rules.delay <= LONGEST_DELAY:
        raise InvalidInput("Between two attempts lie at most 60 days.")
    if rules.pass_share is not None and not 0 < rules.pass_share <= 1:
        raise InvalidInput("The pass mark is a share of the points between 1% and 100%, or left empty.")
    if not 1 <= rules.recalls <= MOST_RECALLS or not ZERO <= rules.spacing <= LONGEST_DELAY:
        raise InvalidInput("A question is mastered after 1 to 5 recalls, at most 60 days apart.")
    if not 0.5 <= rules.recall <= 0.99:
        raise InvalidInput("Choose to have between 50% and 99% known on the day.")
    if (rules.window.cutoff or rules.window.due) - rules.window.opens > timedelta(days=LONGEST_DAYS):
        raise InvalidInput("From the opening to the end there are at most two years.")


def allowed(window: Window, allowance: Allowance) -> Window:
    """Return the window that a person has: theirs where it gives more, or wherever it is strict."""
    opens, due, cutoff = allowance.opens, allowance.due, allowance.cutoff
    if allowance.is_strict:
        found = Window(opens or window.opens, due or window.due, cutoff or window.cutoff)
    else:
        found = Window(
            min(opens or window.opens, window.opens),
            max(due or window.due, window.due),
            None if window.cutoff is None else max(cutoff or window.cutoff, window.cutoff),
        )
    # Whoever may hand in later in time may hand in.
    return found if found.cutoff is None else replace(found, cutoff=max(found.cutoff, found.due))


def tries(rules: Rules, allowance: Allowance) -> int | None:
    """Return how many attempts a person has, None for as many as they like; what is to be mastered takes many."""
    if rules.goal is not Goal.QUIZ or rules.attempts is None:
        return None
    return rules.attempts + max(0, allowance.more_attempts)


def deadline(started: datetime, rules: Rules, window: Window, allowance: Allowance) -> datetime | None:
    """Return when an attempt that began then ends by itself, None for never."""
    limit = rules.time_limit
    ends = None if limit is None else started + limit + max(ZERO, allowance.more_time)
    both = [end for end in (ends, window.cutoff) if end is not None]
    return min(both, default=None)


def graded(shares: Sequence[float], grading: Grading) -> float | None:
    """Return what counts of finished attempts, the oldest first; None of none."""
    if not shares:
        return None
    match grading:
        case Grading.BEST:
            return max(shares)
        case Grading.LAST:
            return shares[-1]
        case Grading.FIRST:
            return shares[0]
        case Grading.AVERAGE:
            return min(max(sum(shares) / len(shares), min(shares)), max(shares))  # no rounding beyond what was earned


def status(rules: Rules, window: Window, allowance: Allowance, reached: Reached, now: datetime) -> Status:
    """Return where a person stands who has come so far, `window` being theirs."""
    if allowance.is_excused:
        return Status.EXCUSED
    match rules.goal:
        case Goal.QUIZ:
            return _answering(rules, window, reached, now)
        case Goal.MASTERY:
            return _mastering(window, reached, now)
        case Goal.RECALL:
            return _recalling(rules, window, reached, now)


def standing(
    rules: Rules, window: Window, allowance: Allowance, attempts: Sequence[Attempt], now: datetime
) -> Standing:
    """Return where a person stands with a quiz, their attempts the oldest first and `window` being theirs."""
    finished = [one for one in attempts if one.finished is not None]
    score = graded([one.share for one in finished], rules.grading)
    late = bool(finished) and _counting(finished, rules.grading) > window.due
    gate, at = _gate(rules, window, allowance, attempts, now)
    is_under_way = bool(attempts) and attempts[-1].finished is None
    reached = Reached(score, has_begun=bool(attempts), is_under_way=is_under_way)
    return Standing(status(rules, window, allowance, reached, now), score, late, len(attempts), gate, at)


def mastering(
    rules: Rules,
    window: Window,
    allowance: Allowance,
    share: float,
    answers: Sequence[datetime],
    ready: datetime | None,
    now: datetime,
    *,
    is_under_way: bool = False,
) -> Standing:
    """Return where a person stands who is to master a share of 1, with their answers' times, the oldest first.

    `ready` is when the next question can count; None is now.
    """
    score = share if answers else None
    reached = Reached(score, has_begun=bool(answers) or is_under_way, is_under_way=is_under_way)
    is_done = share >= 1
    late = is_done and answers[-1] > window.due
    gate, at = _in_time(window, allowance, now)
    if gate is Gate.OPEN and is_done:
        gate = Gate.NONE_LEFT
    elif gate is Gate.OPEN and is_under_way:
        gate = Gate.GO_ON
    elif gate is Gate.OPEN and ready is not None and ready > now:
        gate, at = Gate.WAIT, ready
    return Standing(status(rules, window, allowance, reached, now), score, late, len(answers), gate, at)


def recalling(
    rules: Rules, window: Window, allowance: Allowance, recall: float | None, now: datetime, *, is_settled: bool
) -> Standing:
    """Return where a person stands who studies towards a day; `recall` is the share known, None before anything is."""
    reached = Reached(recall, has_begun=bool(recall), is_settled=is_settled)
    gate, at = _in_time(replace(window, cutoff=window.due), allowance, now)
    found = status(rules, window, allowance, reached, now)
    return Standing(found, recall, is_late=False, used=0, gate=gate, gate_at=at)


def is_told(told: Told, window: Window, *, is_finished: bool, now: datetime) -> bool:
    """Say whether a person may see what is right; `window` is the latest that anybody has."""
    match told:
        case Told.AT_ONCE | Told.AFTER_ATTEMPT:
            return is_finished
        case Told.AFTER_DUE:
            return is_finished and now >= (window.cutoff or window.due)
        case Told.NEVER:
            return False


def unfair(before: Rules, after: Rules) -> tuple[str, ...]:
    """Return what must not change so once somebody has begun: the names of the fields of `Rules`.

    Who has begun is held to nothing harder than what they began under: dates may only move out, limits only
    widen, the pass mark only fall; what is asked and how it counts stay.
    """
    fixed = ("goal", "grading", "told", "quota", "recurrence", "recalls", "spacing", "is_shuffled")
    harder = {
        "window": _is_narrower(before.window, after.window),
        "time_limit": after.time_limit is not None
        and (before.time_limit is None or after.time_limit < before.time_limit),
        "attempts": after.attempts is not None and (before.attempts is None or after.attempts < before.attempts),
        "delay": after.delay > before.delay,
        "pass_share": (after.pass_share or 0) > (before.pass_share or 0),
        "late": (before.late, after.late) == (Late.KEEP, Late.REFUSE),
        "recall": after.recall > before.recall,
    }
    changed = [name for name in fixed if getattr(before, name) != getattr(after, name)]
    return (*changed, *(name for name, is_harder in harder.items() if is_harder))


def _is_narrower(before: Window, after: Window) -> bool:
    ends_earlier = after.cutoff is not None and (before.cutoff is None or after.cutoff < before.cutoff)
    return after.opens > before.opens or after.due < before.due or ends_earlier


def _counting(finished: Sequence[Attempt], grading: Grading) -> datetime:
    """Return when the attempt that counts was handed in; of an average, when the last was."""
    if grading is Grading.BEST:
        one = max(finished, key=lambda attempt: attempt.share)
    else:
        one = finished[0 if grading is Grading.FIRST else -1]
    return one.finished or one.started


def _answering(rules: Rules, window: Window, reached: Reached, now: datetime) -> Status:
    # Somebody who has not passed yet can be in the midst of another attempt.
    is_second_chance = reached.is_under_way and (reached.score or 0) < (rules.pass_share or 0)
    if reached.score is None or is_second_chance:
        return _unfinished(window, now, has_begun=reached.has_begun)
    return _judged(reached.score, rules.pass_share)


def _mastering(window: Window, reached: Reached, now: datetime) -> Status:
    if reached.score is not None and reached.score >= 1:
        return Status.DONE
    found = _unfinished(window, now, has_begun=reached.has_begun)
    return Status.FAILED if found is Status.MISSED and reached.score is not None else found


def _recalling(rules: Rules, window: Window, reached: Reached, now: datetime) -> Status:
    if reached.is_settled or now >= window.due:
        if (reached.score or 0) >= rules.recall:
            return Status.PASSED
        return Status.FAILED if reached.has_begun else Status.MISSED
    if now < window.opens:
        return Status.NOT_OPEN
    return Status.IN_PROGRESS if reached.has_begun else Status.OPEN


def _judged(score: float, pass_share: float | None) -> Status:
    if pass_share is None:
        return Status.DONE
    return Status.PASSED if score >= pass_share - 1e-9 else Status.FAILED  # two thirds of a point are two thirds


def _unfinished(window: Window, now: datetime, *, has_begun: bool) -> Status:
    if now < window.opens:
        return Status.NOT_OPEN
    if window.cutoff is not None and now >= window.cutoff:
        return Status.MISSED
    if now > window.due:
        return Status.LATE
    return Status.IN_PROGRESS if has_begun else Status.OPEN


def _in_time(window: Window, allowance: Allowance, now: datetime) -> tuple[Gate, datetime | None]:
    if allowance.is_excused:
        return Gate.EXCUSED, None
    if now < window.opens:
        return Gate.NOT_YET, window.opens
    return (Gate.OVER if window.cutoff is not None and now >= window.cutoff else Gate.OPEN), None


def _gate(
    rules: Rules, window: Window, allowance: Allowance, attempts: Sequence[Attempt], now: datetime
) -> tuple[Gate, datetime | None]:
    gate, at = _in_time(window, allowance, now)
    if gate is not Gate.OPEN:
        return gate, at
    last = attempts[-1] if attempts else None
    if last and last.finished is None:
        return Gate.GO_ON, None
    most = tries(rules, allowance)
    if most is not None and len(attempts) >= most:
        return Gate.NONE_LEFT, None
    if last and last.finished and now < last.finished + rules.delay:
        return Gate.WAIT, last.finished + rules.delay
    return Gate.OPEN, None
