"""Spreadsheets: Kahoot's template, in and out, and any other whose columns hold cards. `read` and `write`."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from quizapp import markup
from quizapp.domain.cards import CardKind, Note
from quizapp.domain.incoming import Trouble
from quizapp.errors import InvalidInput
from quizapp.exchange import columns
from quizapp.exchange.cargo import Basket, Found, Outgoing, Written
from quizapp.exchange.layout import Row, Told, Wishes
from quizapp.exchange.questions import FULL, Asker, Option
from quizapp.exchange.spreadsheets import as_workbook
from quizapp.exchange.traits import (
    ANSWER_CHARS,
    MOST_ANSWERS,
    QUESTION_CHARS,
    Alike,
    Misfit,
    count,
    losses_common,
    misfit,
    shown_in_kahoot,
)
from quizapp.ingest import workbooks
from quizapp.translations import _, figure

SECONDS = 20
FIRST_ROW = 8  # of the template's table: its head; people read what stands above
HEAD = (
    f"Question - max {QUESTION_CHARS} characters",
    *(f"Answer {number} - max {ANSWER_CHARS} characters" for number in range(1, MOST_ANSWERS + 1)),
    "Time limit (sec) – 5, 10, 20, 30, 60, 90, 120, or 240 secs",
    "Correct answer(s) - choose at least one",
)
ABOUT = {2: "Quiz template", 3: "Import this file in Kahoot’s creator: Add question, Import, Import spreadsheet."}
ASKS = re.compile(r"question - max \d+ characters", re.IGNORECASE)
HEAD_WITHIN = 30  # rows


def read(data: bytes, wishes: Wishes) -> Found:
    """Return the notes of a workbook: a Kahoot, or a table whose columns the person may choose."""
    sheet, problems = workbooks.rows(data)
    rows = [Row(number, cells) for number, cells in sorted(sheet.items())]
    head = next((at for at, row in enumerate(rows[:HEAD_WITHIN]) if any(map(ASKS.fullmatch, row.cells))), None)
    found = columns.found(rows, Told(), wishes) if head is None else _kahoot(rows, head)
    return replace(found, troubles=(*found.troubles, *map(Trouble, problems)))


def _kahoot(rows: Sequence[Row], head: int) -> Found:
    basket = Basket()
    left = next(at for at, cell in enumerate(rows[head].cells) if ASKS.fullmatch(cell))
    for row in rows[head + 1 :]:
        question, *answers, _seconds, right = [*row.cells[left:], *[""] * len(HEAD)][: len(HEAD)]
        if not any((question, *answers)):
            continue
        numbers = {int(found) for found in re.findall(r"\d", right)}
        if not any(answer for number, answer in enumerate(answers, 1) if number in numbers):
            why = _("This cell says which answers are right, by their numbers. It names none that is there.")
            basket.tell(why, row.line, left + len(HEAD))
            continue
        options = [
            Option(columns.plain(answer), FULL * (number in numbers))
            for number, answer in enumerate(answers, 1)
            if answer
        ]
        asker = Asker(basket, columns.plain(question), line=row.line)
        told = [one.text.casefold() for one in options]
        if sorted(told) == ["false", "true"] and sum(one.percent for one in options) == FULL:
            asker.true_false(is_true=max(options, key=lambda one: one.percent).text.casefold() == "true")
        else:
            asker.choice(options)
    return basket.found()


def write(notes: Sequence[Outgoing]) -> Written:
    """Return the choices of a deck in Kahoot's template; what does not fit is named."""
    sheet: dict[int, Sequence[str | int]] = {row: ("", text) for row, text in ABOUT.items()}
    sheet[FIRST_ROW] = ("", *HEAD)
    problems: list[str] = []
    count = 0
    for one in notes:
        try:
            row = _row(one.note)
        except InvalidInput as refusal:
            problems.append(
                _(
                    "“%(question)s” is not in the file. %(reason)s",
                    question=_short(one.note.question),
                    reason=refusal.message,
                )
            )
            continue
        count += 1
        sheet[FIRST_ROW + count] = (count, *row)
    if not count:
        raise InvalidInput("No card of this deck fits a Kahoot, which asks choices alone. Choose another format.")
    return Written(as_workbook(sheet, name="Kahoot"), count, tuple(problems))


def _row(note: Note) -> tuple[str | int, ...]:
    """Return a question as Kahoot takes it, or say why it cannot."""
    question, choices, shown = shown_in_kahoot(note)
    match misfit(note):
        case Misfit.KIND:
            raise InvalidInput("Kahoot asks choices alone.")
        case Misfit.QUESTION:
            raise InvalidInput(
                "Its question has %(count)s characters; %(question_chars)s is the most.",
                count=len(question),
                question_chars=QUESTION_CHARS,
            )
        case Misfit.ANSWER:
            raise InvalidInput(
                "One of its answers has %(len)s characters; %(answer_chars)s is the most.",
                len=max(map(len, shown)),
                answer_chars=ANSWER_CHARS,
            )
        case None:
            blanks = [""] * (MOST_ANSWERS - len(shown))
            return (question, *shown, *blanks, SECONDS, choices.index(note.answer) + 1)


def losses(notes: Alike) -> list[str]:
    """Return what a Kahoot does not carry."""
    reasons: Counter[Misfit] = Counter()
    for one, number in notes.items():
        if one.texts.misfit:
            reasons[one.texts.misfit] += number
    total = figure(sum(notes.values()))
    told = [
        _("Left out, %(number)s of %(total)s: %(reason)s", number=figure(number), total=total, reason=_why(reason))
        for reason, number in reasons.items()
    ]
    if wide := count(notes, lambda texts: texts.has_many_choices):
        told.append(
            _(
                "Of %(number)s with more than %(most)s choices, wrong ones are left out.",
                number=figure(wide),
                most=MOST_ANSWERS,
            )
        )
    if any(one.texts.kind in {CardKind.CHOICE, CardKind.TRUE_FALSE} for one in notes):
        told.append(
            _(
                "Texts go without emphasis and formulas; the time for each question is %(seconds)s seconds.",
                seconds=SECONDS,
            )
        )
    return told + losses_common(notes, without=("explanations", "tags", "sources", "pictures", "subdecks", "ids"))


def _why(reason: Misfit) -> str:
    """Return why notes are left out, without how long one is."""
    match reason:
        case Misfit.KIND:
            return _("Kahoot asks choices alone.")
        case Misfit.QUESTION:
            return _("Its question has over %(most)s characters.", most=QUESTION_CHARS)
        case Misfit.ANSWER:
            return _("One of its answers has over %(most)s characters.", most=ANSWER_CHARS)


def _short(question: str) -> str:
    words = " ".join(markup.plain(question).split())
    return words if len(words) <= ANSWER_CHARS else f"{words[:ANSWER_CHARS]}…"
