"""What first attempts say of the questions of a quiz, and what people miss most. Start from `of_quiz`."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any

from quizapp.db import analysis as rows
from quizapp.db import quizzes as quiz_rows
from quizapp.db.analysis import Missed, Named
from quizapp.db.engine import Session
from quizapp.db.quizzes import QuestionRow
from quizapp.domain import item_analysis
from quizapp.domain.audit import Deed
from quizapp.domain.item_analysis import Choice, Finding, Item, Whole
from quizapp.domain.permissions import Action, Actor
from quizapp.domain.questions import Way
from quizapp.services import audit, quizzes, teams
from quizapp.services.audit import Look
from quizapp.services.parts import part

CHOSEN = frozenset({Way.CHOICE, Way.TRUE_FALSE})
GIVEN_SHOWN = 5  # different answers to a question that is typed
MISSED_SHOWN, QUESTIONS_SHOWN = 10, 25
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
class Fresh:
    """Figures that were worked out for a state of a quiz, to be kept."""

    state: str
    figures: dict[str, Any]


@dataclass(frozen=True)
class Analysis:
    """A quiz with what first attempts say of it, of all questions or a page of them."""

    quiz_id: int
    library_id: int  # that the quiz belongs to
    title: str
    whole: Whole | None  # None before the first attempt is finished
    items: Sequence[Analysed]
    page: int
    pages: int
    flagged: int  # questions where something is found, on all pages
    fresh: Fresh | None  # None where the figures were kept before


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


def of_quiz(
    session: Session, actor: Actor, quiz_id: int, *, page: int | None = None, only_flagged: bool = False
) -> Analysis:
    """Return what first attempts say of a quiz, for who may watch the people who answered it; no page is all of it.

    The figures are those that are kept, if nobody has finished the quiz since; else `keep` what comes.
    """
    quiz = quizzes.living(session, actor, quiz_id, Action.WATCH)
    state, kept = rows.state(session, quiz.id), rows.kept(session, quiz.id)
    is_kept = kept is not None and kept[0] == state
    figures = kept[1] if kept is not None and is_kept else _figures(session, quiz.id)
    questions = figures["questions"]
    flagged = [one for one in questions if one["findings"]]
    shown = flagged if only_flagged else questions
    some = part(shown, page or 1, size=QUESTIONS_SHOWN if page else len(shown) or 1)
    asked = rows.named(session, [one["id"] for one in some.shown])
    return Analysis(
        quiz.id,
        quiz.owner_id,
        quiz.title,
        Whole(**figures["whole"]) if figures["whole"] else None,
        [_analysed(asked[one["id"]], one) for one in some.shown],
        some.number,
        some.pages,
        len(flagged),
        None if is_kept else Fresh(state, figures),
    )


def look(session: Session, actor: Actor, found: Analysis, *, now: datetime) -> Look | None:
    """Return the look of somebody at what first attempts say of a quiz, as far as the log of its team is to tell of it."""
    what = found.library_id, Deed.SAW_ANALYSIS
    return audit.look(session, actor, *what, kind="quiz", thing_id=found.quiz_id, detail=found.title, now=now)


def note_taken_out(session: Session, actor: Actor, quiz_id: int, *, now: datetime) -> None:
    """Note in the log of a team that somebody took out of Recto what first attempts say of its quiz."""
    quiz = quizzes.living(session, actor, quiz_id, Action.WATCH)
    audit.note_of(session, actor, quiz, Deed.EXPORTED, kind="quiz", detail=quiz.title, now=now)


def keep(session: Session, found: Analysis) -> None:
    """Keep the figures of a quiz until somebody finishes it again."""
    if found.fresh:
        rows.keep(session, found.quiz_id, found.fresh.state, found.fresh.figures)


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


def keep_missed(session: Session, missing: Missing) -> None:
    """Store what a team misses, so that the next look need not work it out; it is worked out anew once more is known."""
    if not missing.is_kept:
        rows.keep_missed(session, missing.library_id, missing.of, [asdict(one) for one in missing.found])


def _figures(session: Session, quiz_id: int) -> dict[str, Any]:
    """Return what first attempts say, as it is kept: of the whole, and of each question by number."""
    asked = quiz_rows.questions(session, quiz_id)
    attempts, given = _attempts(session, quiz_id, asked)
    items, whole = item_analysis.analyse(attempts), item_analysis.whole(attempts)
    questions = [_figured(row, items[row.id], given[row.id]) for row in asked if row.id in items]
    return {"whole": asdict(whole) if whole else None, "questions": questions}


def _figured(row: QuestionRow, item: Item, given: Counter[str]) -> dict[str, Any]:
    choices = _choices(row, given)
    found = item_analysis.findings(item, choices if row.way in CHOSEN else ())
    return {
        "id": row.id,
        "item": asdict(item),
        "choices": [asdict(one) for one in choices],
        "findings": [one.value for one in found],
    }


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


def _analysed(row: Named, figured: dict[str, Any]) -> Analysed:
    return Analysed(
        question_id=row.id,
        number=row.number,
        prompt=row.prompt,
        answer=row.answer,
        topic=row.heading or row.document_title or "",
        way=row.way,
        item=Item(**figured["item"]),
        choices=[Choice(**one) for one in figured["choices"]],
        findings=[Finding(one) for one in figured["findings"]],
    )


def _choices(row: QuestionRow, given: Counter[str]) -> Sequence[Choice]:
    if row.way in CHOSEN:
        return [Choice(option, option == row.right[0], given[option]) for option in row.options]
    return [Choice(text, text in row.right, count) for text, count in given.most_common(GIVEN_SHOWN) if text.strip()]
