"""The day of an exam on a deck: chosen, its limits taken, all of it taken back."""

from collections.abc import Sequence
from datetime import date, datetime
from urllib.parse import urlencode

from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from quizapp.clock import utcnow
from quizapp.domain.exams import LONGEST_DAYS, Exam, Outlook
from quizapp.domain.queues import ONE_DAY, Limits
from quizapp.errors import InvalidInput
from quizapp.services import exams
from quizapp.services.exams import Prospect
from quizapp.translations import _
from quizapp.web import charts
from quizapp.web.acting import current_actor, current_days, writing
from quizapp.web.forms import whole
from quizapp.web.replies import go, offer_undo, say

MOST_BARS, WIDE, NARROW = 60, 1060, 310

blueprint = Blueprint("exams", __name__, url_prefix="/decks/<int:deck_id>/exam")


@blueprint.post("")
def save(deck_id: int) -> ResponseReturnValue:
    """Give the deck an exam, with limits until then if the form has any, or end it; offer the way back."""
    wanted = None if request.form.get("do") == "end" else _read(request.form)
    with writing() as session:
        before = exams.choose(session, current_actor(), deck_id, wanted, now=utcnow())
    said = _("The deck has no exam any more.") if wanted is None else _("Saved.")
    if wanted and wanted.limits:
        said = _("Saved. These limits count for this deck until the exam is over.")
    offer_undo(said, url=f"{url_for('exams.undo', deck_id=deck_id)}?{urlencode(_fields(before))}")
    return go(url_for("options.show", deck_id=deck_id, _anchor="exam"))


@blueprint.post("/undo")
def undo(deck_id: int) -> ResponseReturnValue:
    """Go back to the exam that the address carries, or to none."""
    with writing() as session:
        exams.put_back(session, current_actor(), deck_id, _read(request.args) if "day" in request.args else None)
    say(_("The exam is as it was before."))
    return go(url_for("options.show", deck_id=deck_id, _anchor="exam"))


def values(found: Prospect | None, *, now: datetime) -> dict[str, object]:
    """Return what the template of an exam shows."""
    today = current_days().day_of(now)
    answers = _answers(found.suggested or found.planned, today) if found else []
    return {
        "exam": found,
        "exam_days": (today + ONE_DAY, today + ONE_DAY * LONGEST_DAYS),
        "exam_answers": answers,
        "exam_columns": [charts.columns(answers, width=width) for width in (WIDE, NARROW)],
    }


def _answers(outlook: Outlook, today: date) -> Sequence[tuple[date, int]]:
    """Return the answers of each day until the exam; of many days, the mean of several under the first of them."""
    together = max(1, -(-len(outlook.answers) // MOST_BARS))
    parts = [outlook.answers[start : start + together] for start in range(0, len(outlook.answers), together)]
    return [(today + ONE_DAY * together * n, round(sum(part) / len(part))) for n, part in enumerate(parts)]


def _read(fields: MultiDict[str, str]) -> Exam:
    try:
        day = date.fromisoformat(fields.get("day", ""))
    except ValueError:
        raise InvalidInput("Choose the day of the exam.") from None
    if "new" not in fields:
        return Exam(day)
    new = whole(fields, "new", "Write how many new cards you want a day, as a number.")
    return Exam(day, Limits(new, whole(fields, "reviews", "Write how many reviews you want a day, as a number.")))


def _fields(exam: Exam | None) -> dict[str, str | int]:
    """Return the exam as the form has it."""
    if exam is None:
        return {}
    limits = {"new": exam.limits.new, "reviews": exam.limits.reviews} if exam.limits else {}
    return {"day": exam.day.isoformat(), **limits}
