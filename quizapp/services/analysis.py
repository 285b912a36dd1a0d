"""What first attempts say of the questions of a quiz, and what people miss most. Start from `of_quiz`."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, time, timedelta

from quizapp.db import analysis as rows
from quizapp.db import quizzes as quiz_rows
from quizapp.db.analysis import Missed
from quizapp.db.engine import Session
from quizapp.db.quizzes import QuestionRow
from quizapp.domain import item_analysis
from quizapp.domain.item_analysis import Choice, Finding, Item, Whole
from quizapp.domain.permissions import Action, Actor
from quizapp.domain.questions import Way
from quizapp.services import quizzes, teams

CHOSEN = frozenset({Way.CHOICE, Way.TRUE_FALSE})
GIVEN_SHOWN = 5  # different answers to a question that is typed
MISSED_SHOWN = 10
RECENT = timedelta(days=90)
FEWEST_ANSWERS = 3


@dataclass(frozen=True)
class Analysed:
    """A question with what first attempts say of it."""

    question_id: int
    number: int
    prompt: str
    answer: str
    topic: str
    way: Way
    item: Item
    choices: Sequence[Choice]  # all options, or what was typed most
    findings: Sequence[Finding]


@dataclass(frozen=True)
class Analysis:
    """A quiz with what first attempts say of it."""

    quiz_id: int
    title: str
    whole: Whole | None  # None before the first attempt is finished
    items: Sequence[Analysed]


@dataclass(frozen=True)
class MostMissed:
    """A question that people miss, and what they say instead."""

    question: Missed
    instead: str | None  # the wrong answer that was given most
    times: int


@dataclass(frozen=True)
class Missing:
    """What a team misses most, and what that was worked out from."""

    library_id: int
    found: Sequence[MostMissed]
    of: str
    is_kept: bool


def of_quiz(session: Session, actor: Actor, quiz_id: int) -> Analysis:
    """Return what first attempts say of a quiz, for who may watch the people who answered it."""
    quiz = quizzes.living(session, actor, quiz_id, Action.WATCH)
    asked = quiz_rows.questions(session, quiz.id)
    attempts, given = _attempts(session, quiz.id, asked)
    items = item_analysis.analyse(attempts)
    return Analysis(
        quiz.id,
        quiz.title,
        item_analysis.whole(attempts),
        [_analysed(row, items[row.id], given[row.id]) for row in asked if row.id in items],
    )


def most_missed(session: Session, actor: Actor, team_id: int, *, now: datetime) -> Missing:
    """Return what a team misses most in its quizzes, for who may watch it."""
    team = teams.living(session, actor, team_id, Action.WATCH)
    since = datetime.combine((now - RECENT).date(), time(), UTC)
    of = f"{since.date()} {rows.attempts_mark(session, team.library_id)}"
    kept = rows.kept_missed(session, team.library_id, of)
    if kept is not None:
        found = [MostMissed(Missed(**one["question"]), one["instead"], one["times"]) for one in kept]
        return Missing(team.library_id, found, of, is_kept=True)
    asked = rows.most_missed(session, team.library_id, since=since, fewest=FEWEST_ANSWERS, limit=MISSED_SHOWN)
    ids, instead = [one.question_id for one in asked], dict[int, tuple[str, int]]()
    for question_id, given, times in rows.wrong_answers(session, team.library_id, ids, since=since):
        instead.setdefault(question_id, (given, times))
    found = [MostMissed(one, *instead.get(one.question_id, (None, 0))) for one in asked]
    return Missing(team.library_id, found, of, is_kept=False)


def keep(session: Session, missing: Missing) -> None:
    """Store what a team misses, so that the next look need not work it out; it is looked at anew once more is known."""
    if not missing.is_kept:
        rows.keep_missed(session, missing.library_id, missing.of, [asdict(one) for one in missing.found])


def _attempts(
    session: Session, quiz_id: int, asked: Sequence[QuestionRow]
) -> tuple[Sequence[Mapping[int, float]], Mapping[int, Counter[str]]]:
    """Return the scores of each first attempt, and how often each answer was given to each question."""
    ids = {row.number: row.id for row in asked}
    scores: dict[int, dict[int, float]] = defaultdict(dict)
    given: dict[int, Counter[str]] = defaultdict(Counter)
    for one in rows.first_answers(session, quiz_id):
        scores[one.sitting_id][one.question_id] = one.share
        given[one.question_id][one.given] += 1
    attempts = [
        {ids[number]: scores[attempt.sitting_id].get(ids[number], 0.0) for number in attempt.order if number in ids}
        for attempt in rows.first_attempts(session, quiz_id)
    ]
    return [attempt for attempt in attempts if attempt], given


def _analysed(row: QuestionRow, item: Item, given: Counter[str]) -> Analysed:
    choices = _choices(row, given)
    found = item_analysis.findings(item, choices if row.way in CHOSEN else ())
    topic = row.heading or row.document_title or ""
    return Analysed(row.id, row.number, row.prompt, row.answer, topic, row.way, item, choices, found)


def _choices(row: QuestionRow, given: Counter[str]) -> Sequence[Choice]:
    if row.way in CHOSEN:
        return [Choice(option, option == row.right[0], given[option]) for option in row.options]
    return [Choice(text, text in row.right, count) for text, count in given.most_common(GIVEN_SHOWN) if text.strip()]
