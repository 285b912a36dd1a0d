"""How numbers, times and cards are said on pages: the filters of the templates."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import lru_cache
from math import log
from pathlib import PurePath
from urllib.parse import urlsplit

from flask import Flask
from markupsafe import Markup

from quizapp import formulas, markup
from quizapp.clock import utcnow
from quizapp.db.quizzes import MadeFrom
from quizapp.domain import cloze, occlusion
from quizapp.domain.captions import asks_of_picture
from quizapp.domain.card_actions import CardAction
from quizapp.domain.cards import CardKind, Note, Source, items
from quizapp.domain.flags import FLAGS
from quizapp.domain.item_analysis import Finding
from quizapp.domain.jobs import JobKind
from quizapp.domain.marking import Reason
from quizapp.domain.questions import Mode
from quizapp.domain.revisions import difference
from quizapp.domain.scheduling import Grade
from quizapp.ingest import formats
from quizapp.services.card_history import Entry
from quizapp.services.decks import NoteView
from quizapp.services.jobs import JobView
from quizapp.services.shelf import Order
from quizapp.translations import ENGLISH, _, dates, figure, forms, many, marked, spoken
from quizapp.web import figures
from quizapp.web.acting import current_days
from quizapp.web.source import answer_cells, answer_pieces, drawn

KILOBYTE, MEGABYTE = 1_000, 1_000_000
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
MONTH, YEAR = timedelta(days=30), timedelta(days=365)
SHORT_MONTHS = (
    *(marked("Jan"), marked("Feb"), marked("Mar"), marked("Apr"), marked("May"), marked("Jun")),
    *(marked("Jul"), marked("Aug"), marked("Sep"), marked("Oct"), marked("Nov"), marked("Dec")),
)
SHORT = {
    MINUTE: marked("%(num)s min"),
    HOUR: marked("%(num)s h"),
    DAY: marked("%(num)s d"),
    MONTH: marked("%(num)s mo"),
    YEAR: marked("%(num)s y"),
}
SPANS = {
    MINUTE: forms("%(num)s minute", "%(num)s minutes"),
    HOUR: forms("%(num)s hour", "%(num)s hours"),
    DAY: forms("%(num)s day", "%(num)s days"),
    MONTH: forms("%(num)s month", "%(num)s months"),
    YEAR: forms("%(num)s year", "%(num)s years"),
}
AHEAD = {
    MINUTE: forms("in %(num)s minute", "in %(num)s minutes"),
    HOUR: forms("in %(num)s hour", "in %(num)s hours"),
    DAY: forms("in %(num)s day", "in %(num)s days"),
    MONTH: forms("in %(num)s month", "in %(num)s months"),
    YEAR: forms("in %(num)s year", "in %(num)s years"),
}
KINDS = {
    CardKind.BASIC: marked("Question"),
    CardKind.CLOZE: marked("Gap"),
    CardKind.CHOICE: marked("Choice"),
    CardKind.TRUE_FALSE: marked("True or false"),
    CardKind.LIST: marked("List"),
    CardKind.ORDER: marked("Order"),
}

WORK = {
    JobKind.READ: marked("Reading %(title)s"),
    JobKind.EXPORT: marked("Packing %(title)s"),
    JobKind.FIT: marked("Fitting to %(title)s"),
    JobKind.IMPORT: marked("Importing %(title)s"),
    JobKind.KNOW: marked("What %(title)s knows"),
    JobKind.TAKE_OUT: marked("Gathering: %(title)s"),
}

FILES = {  # by the names of their formats
    "plain text": marked("Plain text"),
    "Markdown": "Markdown",
    "a web page": marked("Web page"),
    "an electronic book": marked("Electronic book"),
    "a PDF": "PDF",
    "a Word file": marked("Word file"),
    "a PowerPoint file": marked("PowerPoint file"),
    "an OpenDocument text": marked("OpenDocument text"),
    "a spreadsheet": marked("Spreadsheet"),
    "a table": marked("Table"),
    "subtitles": marked("Subtitles"),
}

LANGUAGES = {
    "ar": marked("Arabic"),
    "bg": marked("Bulgarian"),
    "cs": marked("Czech"),
    "da": marked("Danish"),
    "de": marked("German"),
    "el": marked("Greek"),
    "en": marked("English"),
    "es": marked("Spanish"),
    "fi": marked("Finnish"),
    "fr": marked("French"),
    "he": marked("Hebrew"),
    "hi": marked("Hindi"),
    "hu": marked("Hungarian"),
    "id": marked("Indonesian"),
    "it": marked("Italian"),
    "ja": marked("Japanese"),
    "ko": marked("Korean"),
    "la": marked("Latin"),
    "nl": marked("Dutch"),
    "no": marked("Norwegian"),
    "pl": marked("Polish"),
    "pt": marked("Portuguese"),
    "ro": marked("Romanian"),
    "ru": marked("Russian"),
    "sv": marked("Swedish"),
    "th": marked("Thai"),
    "tr": marked("Turkish"),
    "uk": marked("Ukrainian"),
    "vi": marked("Vietnamese"),
    "zh": marked("Chinese"),
}
REASONS = {
    "wrong": marked("The answer is wrong"),
    "unclear": marked("The question is unclear or lacks context"),
    "source": marked("It does not match its source or speaker"),
    "duplicate": marked("Another card asks the same"),
    "other": marked("Something else"),
}

# What is wider than a phone scrolls by itself, by finger and by keys.
SCROLLED = {
    Markup("<pre>"): Markup('<pre tabindex="0" role="group" aria-label="{code}">'),
    Markup("<table>"): Markup('<div class="scroll" tabindex="0" role="group" aria-label="{table}"><table>'),
    Markup("</table>"): Markup("</table></div>"),
}

GRADES = {
    Grade.AGAIN: marked("Again"),
    Grade.HARD: marked("Hard"),
    Grade.GOOD: marked("Good"),
    Grade.EASY: marked("Easy"),
}

DONE = {
    CardAction.BURY: marked("Buried"),
    CardAction.SUSPEND: marked("Suspended"),
    CardAction.RESUME: marked("Taken back"),
    CardAction.KNOWN: marked("Marked as known"),
    CardAction.RESET: marked("Reset"),
    CardAction.EDIT: marked("Edited"),
    CardAction.REPORT: marked("Reported"),
    CardAction.GIVEN: marked("Schedule taken over"),
}

ORDERS = {Order.NEWEST: marked("Newest"), Order.TITLE: marked("Title"), Order.LEAST_COVERED: marked("Least covered")}

FINDINGS = {
    Finding.MISLEADING: marked("misleading: who does well misses it"),
    Finding.TEMPTING: marked("a wrong answer is chosen more often than the right one"),
    Finding.HARD: marked("hard"),
    Finding.EASY: marked("easy"),
}
MODES = {
    Mode.MIXED: marked("Mixed"),
    Mode.CHOICE: marked("Choice"),
    Mode.TYPED: marked("Typed"),
    Mode.TRUE_FALSE: marked("True or false"),
    Mode.CLOZE: marked("Gaps"),
    Mode.LIST: marked("Lists"),
}
MADE_FROM = {
    MadeFrom.DECK: marked("Deck"),
    MadeFrom.DOCUMENT: marked("Document"),
    MadeFrom.TAG: marked("Tag"),
    MadeFrom.SEARCH: marked("Search"),
    MadeFrom.MISSED: marked("Most missed"),
    MadeFrom.SITTING: marked("Misses of a quiz"),
}
CLOSE = {
    Reason.SPELLING: marked("check the spelling"),
    Reason.PLURAL: marked("one or many?"),
    Reason.HEDGE: marked("“about”, “more than” and the like make a difference here"),
    Reason.UNIT: marked("the unit is missing or another"),
    Reason.ORDER: marked("the words are in another order"),
    Reason.WORDS: marked("some words are missing or too many"),
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
        drawn,
        day,
        due,
        fraction,
        file_size,
        front,
        host,
        items,
        kind,
        month,
        place,
    )
    app.jinja_env.filters.update(
        {function.__name__: function for function in (*named, question_html, reason, short, span, work)}
    )
    app.jinja_env.filters.update({one.__name__: one for one in (claimed_html, clock, close, file_kind, lang, language)})
    app.jinja_env.filters.update({one.__name__: one for one in (dated, days, did, finding)})
    app.jinja_env.filters.update({one.__name__: one for one in (difference, made_from, milliseconds, mode, order)})
    app.jinja_env.filters.update({one.__name__: one for one in (gapped, sentence_case, within_sentence)})
    app.jinja_env.filters.update({"html": blocks_html, "inline_html": phrase_html, "plain": markup.plain})


@lru_cache(maxsize=len(LANGUAGES) * 4)
def lang(language: str | None) -> Markup:
    """Return the attribute that tells in which language an element is; nothing where that is not known."""
    return Markup(' lang="{}"').format(language) if language and language != "und" else Markup("")


def language(code: str) -> str:
    """Name a language by its code; nothing for the one that is spoken here, and for one that is not known."""
    return "" if code in {spoken(), "und"} else _(LANGUAGES.get(code, code))


def file_kind(filename: str) -> str:
    """Name the kind of a file by how its name ends: "Markdown", "Web page"."""
    suffix = PurePath(filename).suffix.lower()
    known = next((one.name for one in formats.FORMATS if suffix in one.suffixes), None)
    return _(FILES[known]) if known else suffix.removeprefix(".").upper() or _("File")


def file_size(count: int) -> str:
    """Say how large a file of so many bytes is: "1.2 MB"."""
    if count < KILOBYTE:
        return many("%(num)s Byte", "%(num)s Bytes", count)
    length, unit = (KILOBYTE, "kB") if count < MEGABYTE else (MEGABYTE, "MB")
    return f"{figure(count / length, 1)} {unit}"


def order(of: Order) -> str:
    """Name how the library is sorted."""
    return _(ORDERS[of])


def amount(count: int, noun: str, plural: str = "") -> str:
    """Say how many: "1 card", "1,204 cards"."""
    return many(f"%(num)s {noun}", f"%(num)s {plural or noun + 's'}", count)


def month(on: date) -> str:
    """Name the month in three letters."""
    return _(SHORT_MONTHS[on.month - 1])


def day(on: date | datetime) -> str:
    """Say a day in full, a moment by the learner's calendar: "Monday 23 November"."""
    if isinstance(on, datetime):
        on = current_days().day_of(on)
    return dates.day(on)


def host(url: str) -> str:
    """Return the name of the site that an address belongs to."""
    return urlsplit(url).netloc.removeprefix("www.")


def short(interval: timedelta) -> str:
    """Say an interval on a button: "10 min", "6 d", "1.3 mo"."""
    num, unit = _measured(interval)
    return _(SHORT[unit], num=figure(num, _decimals(num)))


def span(interval: timedelta) -> str:
    """Say an interval in a sentence: "10 minutes", "6 days", "1.3 months"."""
    return _many(SPANS, interval)


def ahead(interval: timedelta) -> str:
    """Say how far ahead a moment is: "in 10 minutes", "in 1.3 months"."""
    return _many(AHEAD, interval)


def _many(said: Mapping[timedelta, tuple[str, str]], interval: timedelta) -> str:
    num, unit = _measured(interval)
    return many(*said[unit], num, decimals=_decimals(num))


def _measured(interval: timedelta) -> tuple[float, timedelta]:
    """Return an interval in the unit that says it best, months and years to a tenth, and that unit."""
    for unit, length in ((MINUTE, HOUR), (HOUR, DAY), (DAY, MONTH)):
        if round(interval / unit) * unit < length:
            return max(1, round(interval / unit)), unit
    unit = MONTH if interval < YEAR else YEAR
    return float(f"{interval / unit:.1f}"), unit


def _decimals(num: float) -> int:
    return 0 if num == int(num) else 1


def fraction(interval: timedelta) -> float:
    """Return how far along a minute-to-a-year scale of ratios an interval is, in percent."""
    minutes = min(max(interval / MINUTE, 1.0), YEAR / MINUTE)
    return round(6 + 94 * log(minutes) / log(YEAR / MINUTE), 1)


def due(at: datetime | None) -> str:
    """Say when a card comes next; None is a card that was never seen."""
    if at is None:
        return _("new")
    now = utcnow()
    days = current_days().between(now, at)
    if days <= 0:
        return _("now") if at <= now or days < 0 else ahead(at - now)
    return _("tomorrow") if days == 1 else ahead(days * DAY)


def ago(at: datetime) -> str:
    """Say on which day something was: "today", "yesterday", "12 days ago", then the date."""
    days = current_days().between(at, utcnow())
    if days <= 1:
        return _("yesterday") if days == 1 else _("today")
    if days < MONTH / DAY:
        return many("%(num)s day ago", "%(num)s days ago", days)
    on = current_days().day_of(at)
    return _("on %(day)s %(month)s %(year)s", day=on.day, month=_(dates.MONTHS[on.month - 1]), year=on.year)


def dated(at: datetime) -> str:
    """Say on which of the learner's days something was: "26 Nov 2026"."""
    on = current_days().day_of(at)
    return _("%(day)s %(month)s %(year)s", day=on.day, month=month(on), year=on.year)


def days(count: float) -> str:
    """Say so many days as an interval, less than ten to a tenth: "2.3 d", "4.1 mo"."""
    return _(SHORT[DAY], num=figure(count, 1)) if count < 10 else short(count * DAY)


def did(entry: Entry) -> str:
    """Name what was done to a card."""
    if entry.action is None and entry.grade is not None:
        return _(GRADES[entry.grade])
    if entry.grade is not None:
        return _("%(grade)s, in practice", grade=_(GRADES[entry.grade]))
    if entry.flag is not None:
        return _("%(colour)s flag", colour=_(FLAGS[entry.flag])) if entry.flag else _("Flag taken off")
    return _(DONE[entry.action]) if entry.action else ""


def kind(of: CardKind) -> str:
    """Name the kind of a card."""
    return _(KINDS[of])


def gapped(question: str) -> str:
    """Return a question with its gaps open."""
    return cloze.MARK.sub(cloze.GAP, question)


def work(job: JobView) -> str:
    """Say what a job does: "Reading minutes.pdf"."""
    return _(WORK[job.kind], title=job.title)


def finding(of: Finding) -> str:
    """Say what may be wrong with a question."""
    return _(FINDINGS[of])


def reason(code: str) -> str:
    """Say what a learner reported."""
    return _(REASONS.get(code, code))


def mode(of: Mode) -> str:
    """Name the kind of question that a quiz asks."""
    return _(MODES[of])


def made_from(origin: MadeFrom) -> str:
    """Name what a quiz was made from."""
    return _(MADE_FROM[origin])


def close(reasons: Sequence[Reason]) -> str:
    """Say why an answer is close and not right."""
    return "; ".join(_(CLOSE[reason]) for reason in reasons)


def sentence_case(words: str) -> str:
    """Begin a sentence with these words: nothing but the first letter changes."""
    return words[:1].upper() + words[1:]


def within_sentence(name: str) -> str:
    """Write a name within a sentence: English has it small there, other languages as it is."""
    return name.lower() if spoken() == ENGLISH else name


def clock(at: datetime) -> str:
    """Say the time of day where the learner lives."""
    return f"{at.astimezone(current_days().zone):%H:%M}"


def milliseconds(at: datetime) -> int:
    """Return a moment as scripts count it."""
    return round(at.timestamp() * 1000)


def blocks_html(text: str) -> Markup:
    """Return card Markdown as a page shows it: formulas typeset, code and tables to be scrolled by themselves."""
    return figures.shown(_scrolling(formulas.typeset(markup.to_html(text))))


def phrase_html(text: str) -> Markup:
    """Return card Markdown without blocks and links as a page shows it, in a button too."""
    return figures.silent(formulas.typeset(markup.inline_html(text)))


def _asked_html(text: str) -> Markup:
    """Return the same where nothing is pressed, so that sounds can be played."""
    return figures.shown(formulas.typeset(markup.inline_html(text)))


def _scrolling(html: Markup) -> Markup:
    if "<pre>" not in html and "<table>" not in html:
        return html
    names = {"code": _("Code"), "table": _("Table")}
    for tag, whole in SCROLLED.items():
        html = html.replace(tag, whole.format(**names))
    return html


def claimed_html(question: str, claim: str) -> Markup:
    """Return a cloze whose gap says what may or may not belong there."""
    return _asked_html(question.replace(cloze.GAP, f"<var>{claim}</var>"))


def place(source: Source) -> str:
    """Say where a quote stands: heading and page, as far as they are known."""
    page = _("page %(number)s", number=source.page) if source.page else ""
    return ", ".join(part for part in (source.heading or "", page) if part)


def question_html(question: str) -> Markup:
    """Return a question as safe HTML, its gaps marked as such."""
    return _asked_html(question.replace(cloze.GAP, f"<var>{cloze.GAP}</var>"))


def answer_html(question: str, answer: str) -> Markup | None:
    """Return a cloze with its gaps filled, or None when the answer does not say what belongs where."""
    if occlusion.is_in(answer):
        return _asked_html(answer)
    gaps = question.count(cloze.GAP)
    fillings = answer.split(cloze.BETWEEN) if gaps > 1 else [answer]
    if gaps != len(fillings):
        return None
    for filling in fillings:
        question = question.replace(cloze.GAP, f"<mark>{filling}</mark>", 1)
    return _asked_html(question)


def front(note: NoteView | Note) -> str:
    """Return what a note asks, a cloze with all its gaps."""
    return cloze.gapped(note.question) if note.kind is CardKind.CLOZE else note.question


def back(note: NoteView | Note) -> str:
    """Return what a note answers, the gaps of a cloze one after another."""
    if note.kind is not CardKind.CLOZE:
        return note.answer
    if occlusion.is_in(note.question):
        return occlusion.whole(note.question)
    return cloze.BETWEEN.join(
        hidden for number in cloze.numbers(note.question) for hidden in cloze.hidden(note.question, number)
    )
