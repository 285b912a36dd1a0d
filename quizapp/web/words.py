"""How numbers, times and cards are said on pages: the filters of the templates."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from math import log
from pathlib import PurePath
from urllib.parse import urlsplit

from flask import Flask
from markupsafe import Markup

from quizapp import formulas, markup
from quizapp.clock import utcnow
from quizapp.db.quizzes import MadeFrom
from quizapp.domain import cloze
from quizapp.domain.captions import asks_of_picture
from quizapp.domain.card_actions import CardAction
from quizapp.domain.cards import CardKind, Note, Source, items
from quizapp.domain.flags import FLAGS
from quizapp.domain.jobs import JobKind
from quizapp.domain.marking import Reason
from quizapp.domain.questions import Mode
from quizapp.domain.revisions import difference
from quizapp.ingest import formats
from quizapp.services.card_history import Entry
from quizapp.services.decks import NoteView
from quizapp.services.jobs import JobView
from quizapp.services.shelf import Order
from quizapp.web.acting import current_days
from quizapp.web.source import answer_cells, answer_pieces

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
MONTH, YEAR = timedelta(days=30), timedelta(days=365)
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
KINDS = {
    CardKind.BASIC: "Question",
    CardKind.CLOZE: "Gap",
    CardKind.CHOICE: "Choice",
    CardKind.TRUE_FALSE: "True or false",
    CardKind.LIST: "List",
    CardKind.ORDER: "Order",
}

VERBS = {JobKind.READ: "Reading", JobKind.EXPORT: "Packing", JobKind.FIT: "Fitting to", JobKind.IMPORT: "Importing"}

LANGUAGES = {
    "ar": "Arabic",
    "bg": "Bulgarian",
    "cs": "Czech",
    "da": "Danish",
    "de": "German",
    "el": "Greek",
    "en": "English",
    "es": "Spanish",
    "fi": "Finnish",
    "fr": "French",
    "he": "Hebrew",
    "hi": "Hindi",
    "hu": "Hungarian",
    "id": "Indonesian",
    "it": "Italian",
    "ja": "Japanese",
    "ko": "Korean",
    "la": "Latin",
    "nl": "Dutch",
    "no": "Norwegian",
    "pl": "Polish",
    "pt": "Portuguese",
    "ro": "Romanian",
    "ru": "Russian",
    "sv": "Swedish",
    "th": "Thai",
    "tr": "Turkish",
    "uk": "Ukrainian",
    "vi": "Vietnamese",
    "zh": "Chinese",
}
REASONS = {
    "wrong": "The answer is wrong",
    "unclear": "The question is unclear or lacks context",
    "source": "It does not match its source or speaker",
    "duplicate": "Another card asks the same",
    "other": "Something else",
}

# What is wider than a phone scrolls by itself, by finger and by keys.
SCROLLED = {
    Markup("<pre>"): Markup('<pre tabindex="0" role="group" aria-label="Code">'),
    Markup("<table>"): Markup('<div class="scroll" tabindex="0" role="group" aria-label="Table"><table>'),
    Markup("</table>"): Markup("</table></div>"),
}

DONE = {
    CardAction.BURY: "Buried",
    CardAction.SUSPEND: "Suspended",
    CardAction.RESUME: "Taken back",
    CardAction.KNOWN: "Marked as known",
    CardAction.RESET: "Reset",
    CardAction.EDIT: "Edited",
    CardAction.REPORT: "Reported",
    CardAction.GIVEN: "Schedule taken over",
}

ORDERS = {Order.NEWEST: "Newest", Order.TITLE: "Title", Order.LEAST_COVERED: "Least covered"}

MODES = {
    Mode.MIXED: "Mixed",
    Mode.CHOICE: "Choice",
    Mode.TYPED: "Typed",
    Mode.TRUE_FALSE: "True or false",
    Mode.CLOZE: "Gaps",
    Mode.LIST: "Lists",
}
MADE_FROM = {
    MadeFrom.DECK: "Deck",
    MadeFrom.DOCUMENT: "Document",
    MadeFrom.TAG: "Tag",
    MadeFrom.MISSED: "Most missed",
    MadeFrom.SITTING: "Misses of a quiz",
}
CLOSE = {
    Reason.SPELLING: "check the spelling",
    Reason.PLURAL: "one or many?",
    Reason.HEDGE: "“about”, “more than” and the like make a difference here",
    Reason.UNIT: "the unit is missing or another",
    Reason.ORDER: "the words are in another order",
    Reason.WORDS: "some words are missing or too many",
}


def init_app(app: Flask) -> None:
    """Give templates the filters of this module."""
    named = (
        amount,
        ago,
        answer_cells,
        asks_of_picture,
        answer_html,
        answer_pieces,
        back,
        day,
        due,
        fraction,
        front,
        host,
        items,
        kind,
        month,
        place,
    )
    app.jinja_env.filters.update(
        {function.__name__: function for function in (*named, question_html, reason, short, span, verb)}
    )
    app.jinja_env.filters.update({one.__name__: one for one in (claimed_html, clock, close, file_kind, lang, language)})
    app.jinja_env.filters.update({one.__name__: one for one in (dated, days, did)})
    app.jinja_env.filters.update({one.__name__: one for one in (difference, made_from, milliseconds, mode, order)})
    app.jinja_env.filters.update({"html": blocks_html, "inline_html": phrase_html, "plain": markup.plain})


def lang(language: str | None) -> Markup:
    """Return the attribute that tells in which language an element is; nothing where that is not known."""
    return Markup(' lang="{}"').format(language) if language and language != "und" else Markup("")


def language(code: str) -> str:
    """Name a language by its code; nothing for English, which goes without saying, and for one that is not known."""
    return "" if code in {"en", "und"} else LANGUAGES.get(code, code)


def file_kind(filename: str) -> str:
    """Name the kind of a file by how its name ends: "Markdown", "Web page"."""
    suffix = PurePath(filename).suffix.lower()
    known = next((one.name for one in formats.FORMATS if suffix in one.suffixes), "")
    name = known.removeprefix("a ").removeprefix("an ")
    return name[:1].upper() + name[1:] or suffix.removeprefix(".").upper() or "File"


def order(of: Order) -> str:
    """Name how the library is sorted."""
    return ORDERS[of]


def amount(count: int, noun: str, plural: str = "") -> str:
    """Say how many: "1 card", "1,204 cards"."""
    return f"{count:,} {noun if count == 1 else plural or noun + 's'}"


def month(on: date) -> str:
    """Name the month in three letters."""
    return MONTHS[on.month - 1][:3]


def day(on: date | datetime) -> str:
    """Say a day in full, a moment by the learner's calendar: "Monday 23 November"."""
    if isinstance(on, datetime):
        on = current_days().day_of(on)
    return f"{WEEKDAYS[on.weekday()]} {on.day} {MONTHS[on.month - 1]}"


def host(url: str) -> str:
    """Return the name of the site that an address belongs to."""
    return urlsplit(url).netloc.removeprefix("www.")


def short(interval: timedelta) -> str:
    """Say an interval on a button: "10 min", "6 d", "1.3 mo"."""
    for unit, length, name in ((MINUTE, HOUR, "min"), (HOUR, DAY, "h"), (DAY, MONTH, "d")):
        if round(interval / unit) * unit < length:
            return f"{max(1, round(interval / unit))} {name}"
    unit, name = (MONTH, "mo") if interval < YEAR else (YEAR, "y")
    return f"{interval / unit:.1f}".removesuffix(".0") + f" {name}"


def span(interval: timedelta) -> str:
    """Say an interval in a sentence: "10 minutes", "6 days", "1.3 months"."""
    figure, unit = short(interval).split()
    name = {"min": "minute", "h": "hour", "d": "day", "mo": "month", "y": "year"}[unit]
    return f"{figure} {name}" if figure == "1" else f"{figure} {name}s"


def fraction(interval: timedelta) -> float:
    """Return how far along a minute-to-a-year scale of ratios an interval is, in percent."""
    minutes = min(max(interval / MINUTE, 1.0), YEAR / MINUTE)
    return round(6 + 94 * log(minutes) / log(YEAR / MINUTE), 1)


def due(at: datetime | None) -> str:
    """Say when a card comes next; None is a card that was never seen."""
    if at is None:
        return "new"
    now = utcnow()
    days = current_days().between(now, at)
    if days <= 0:
        return "now" if at <= now or days < 0 else f"in {span(at - now)}"
    return "tomorrow" if days == 1 else f"in {span(days * DAY)}"


def ago(at: datetime) -> str:
    """Say on which day something was: "today", "yesterday", "12 days ago", then the date."""
    days = current_days().between(at, utcnow())
    if days <= 1:
        return "yesterday" if days == 1 else "today"
    if days < MONTH / DAY:
        return f"{days} days ago"
    on = current_days().day_of(at)
    return f"on {on.day} {MONTHS[on.month - 1]} {on.year}"


def dated(at: datetime) -> str:
    """Say on which of the learner's days something was: "26 Nov 2026"."""
    on = current_days().day_of(at)
    return f"{on.day} {month(on)} {on.year}"


def days(count: float) -> str:
    """Say so many days as an interval, less than ten to a tenth: "2.3 d", "4.1 mo"."""
    return f"{count:.1f} d" if count < 10 else short(count * DAY)


def did(entry: Entry) -> str:
    """Name what was done to a card."""
    if entry.action is None and entry.grade is not None:
        return entry.grade.name.capitalize()
    if entry.grade is not None:
        return f"{entry.grade.name.capitalize()}, in practice"
    if entry.flag is not None:
        return f"{FLAGS[entry.flag]} flag" if entry.flag else "Flag taken off"
    return DONE[entry.action] if entry.action else ""


def kind(of: CardKind) -> str:
    """Name the kind of a card."""
    return KINDS[of]


def verb(job: JobView) -> str:
    """Say what a job does, as the beginning of a sentence that ends with its title."""
    return VERBS[job.kind]


def reason(code: str) -> str:
    """Say what a learner reported."""
    return REASONS.get(code, code)


def mode(of: Mode) -> str:
    """Name the kind of question that a quiz asks."""
    return MODES[of]


def made_from(origin: MadeFrom) -> str:
    """Name what a quiz was made from."""
    return MADE_FROM[origin]


def close(reasons: Sequence[Reason]) -> str:
    """Say why an answer is close and not right."""
    return "; ".join(CLOSE[reason] for reason in reasons)


def clock(at: datetime) -> str:
    """Say the time of day where the learner lives."""
    return f"{at.astimezone(current_days().zone):%H:%M}"


def milliseconds(at: datetime) -> int:
    """Return a moment as scripts count it."""
    return round(at.timestamp() * 1000)


def blocks_html(text: str) -> Markup:
    """Return card Markdown as a page shows it: formulas typeset, code and tables to be scrolled by themselves."""
    return _scrolling(formulas.typeset(markup.to_html(text)))


def phrase_html(text: str) -> Markup:
    """Return card Markdown without blocks and links as a page shows it."""
    return formulas.typeset(markup.inline_html(text))


def _scrolling(html: Markup) -> Markup:
    for tag, whole in SCROLLED.items():
        html = html.replace(tag, whole)
    return html


def claimed_html(question: str, claim: str) -> Markup:
    """Return a cloze whose gap says what may or may not belong there."""
    return phrase_html(question.replace(cloze.GAP, f"<var>{claim}</var>"))


def place(source: Source) -> str:
    """Say where a quote stands: heading and page, as far as they are known."""
    page = f"page {source.page}" if source.page else ""
    return ", ".join(part for part in (source.heading or "", page) if part)


def question_html(question: str) -> Markup:
    """Return a question as safe HTML, its gaps marked as such."""
    return phrase_html(question.replace(cloze.GAP, f"<var>{cloze.GAP}</var>"))


def answer_html(question: str, answer: str) -> Markup | None:
    """Return a cloze with its gaps filled, or None when the answer does not say what belongs where."""
    gaps = question.count(cloze.GAP)
    fillings = answer.split(cloze.BETWEEN) if gaps > 1 else [answer]
    if gaps != len(fillings):
        return None
    for filling in fillings:
        question = question.replace(cloze.GAP, f"<mark>{filling}</mark>", 1)
    return phrase_html(question)


def front(note: NoteView | Note) -> str:
    """Return what a note asks, a cloze with all its gaps."""
    return cloze.MARK.sub(cloze.GAP, note.question) if note.kind is CardKind.CLOZE else note.question


def back(note: NoteView | Note) -> str:
    """Return what a note answers, the gaps of a cloze one after another."""
    if note.kind is not CardKind.CLOZE:
        return note.answer
    return cloze.BETWEEN.join(
        hidden for number in cloze.numbers(note.question) for hidden in cloze.hidden(note.question, number)
    )
