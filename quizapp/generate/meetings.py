"""Minutes: what was decided, who does what by when, and the dates that were set.

Every question names the meeting, since minutes without it mean nothing a year later.
Initials become names where the document says whose they are.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from quizapp.domain.cards import CardKind
from quizapp.domain.documents import Block, BlockKind, Document, Span
from quizapp.generate import subjects, tables, wording
from quizapp.generate.candidates import Candidate, Reading
from quizapp.generate.claims import sentences
from quizapp.generate.orders import is_order
from quizapp.ingest import names

MONTH = r"(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)"
DAY = r"(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*,? )?"
DATE = rf"(?:{DAY}\d{{1,2}}(?:st|nd|rd|th)? {MONTH}\.?(?: \d{{4}})?|{MONTH} \d{{1,2}}(?:st|nd|rd|th)?(?:,? \d{{4}})?|\d{{4}}-\d\d-\d\d|{DAY}\d{{1,2}}[./]\d{{1,2}}[./]\d{{2,4}})"
HELD = r"(?:(?:Minutes|Notes|Report) (?:of|from) (?:the |a |our )?(?:[\w-]+ ){0,3}?meeting )?"  # "... held on 4 May"
DECIDED = re.compile(
    r"^(?:decision|decided|resolved|resolution|agreed|agreement)(?: [A-Z]{0,2}\d+(?:[./-]\d+)*)?(?: too| unanimously)?\s*(?::|–|—| - )\s*(?P<what>\S.+)$",
    re.IGNORECASE | re.DOTALL,
)
DECIDES = re.compile(
    r"^(?:The (?P<who>board|committee|council|team|group|meeting|trustees|members|panel|squad)|It was|We) (?:has |have |had )?(?:decided|agreed|resolved|voted)(?: unanimously)? (?P<joint>that|to) (?P<what>.+)$"
)
VOTE = re.compile(r"\s*\([^()]*(?:\d\s*[:–-]\s*\d|in favou?r|unanim|against|abst|carried)[^()]*\)\.?$")
WISHED = re.compile(r"(?P<noun>\b(?!(?:to|will|would|must|can|may|should|shall|not)\b)\w+) be ")
ROUTINE = re.compile(r"\b(?:minutes|agenda|accepted|noted|approved as|no decision|adjourned)\b", re.IGNORECASE)
FROM_DATE = re.compile(rf"^(?P<when>(?:From|As of|Starting|Until|By) {DATE}),? (?P<rest>.+)$")
BECAUSE = re.compile(r",? because (?P<why>.+)$")
TASKS = re.compile(r"^(?:to-?dos?|actions?(?: items?)?|action points|next steps|tasks|follow-?ups?)\W*$", re.IGNORECASE)
TASK_LINE = re.compile(
    rf"^(?P<who>{names.NAME}|[A-Z]{{2,3}}(?:, [A-Z]{{2,3}})?)\s*(?::|–|—| -)\s+(?:to )?(?P<what>[^,;()]{{6,90}}?)(?:(?:,| [-–—]| \(|;)?\s+(?:by|till|until|due|before)\s+|(?:,| [-–—]| \(|;)\s*)(?P<when>{DATE})\)?\.?$"
)
ACTION_LINE = re.compile(
    rf"^(?:to-?do|action(?: item)?|task|AP)(?: [A-Z]{{0,2}}\d[\d./-]*)?\s*(?::|–|—| -)\s+(?P<who>{names.NAME}|[A-Z]{{2,3}}(?:(?:, | and )[A-Z]{{2,3}})?)"
    rf"(?: to| will| shall|:) (?P<what>[^;()]{{6,120}}?),? (?:by|before|until|no later than) (?P<when>{DATE})\.?$",
    re.IGNORECASE,
)
SET_DATE = re.compile(
    rf"(?:^|[.;·] )(?P<what>(?:[A-Z][a-z]+)(?: [a-z]+){{0,4}}): (?P<when>{DATE}(?:, \d{{1,2}}[:.]\d\d)?)"
)
DEADLINE = re.compile(rf"^(?:The )?[Dd]eadline for (?P<what>[^=,;:.]{{4,70}}?) (?:is|was|=) (?P<when>{DATE})")
NOT_SET = re.compile(
    r"(?:date|next|last|updated|revised|status|time|start|end|published|created|version).*", re.IGNORECASE
)
COLUMNS = {
    "what": re.compile(r"actions?|tasks?|what|to-?do|action items?", re.IGNORECASE),
    "who": re.compile(r"owners?|who|responsible|assignee|assigned to|by whom|lead", re.IGNORECASE),
    "when": re.compile(r"deadline|due(?: date)?|by when|when|until|by", re.IGNORECASE),
}
TASKS_AT_MOST = 6
ANSWER_WORDS = 25
LIST_WORDS = 45


def find(reading: Reading) -> Iterator[Candidate]:
    """Yield decisions, tasks and dates of a meeting."""
    if not subjects.is_meeting(reading.document):
        return
    meeting = name(reading.document)
    yield from _decisions(reading, meeting)
    for number, task in enumerate((*_table_tasks(reading, meeting), *_line_tasks(reading, meeting))):
        yield task if number < TASKS_AT_MOST else replace(task, sure=0.7)
    yield from _dates(reading, meeting)


def expanded(text: str, document: Document) -> str:
    """Return a text with the initials of people whom the document names spelled out."""
    by_short: dict[str, list[str]] = {}
    for who in document.people:
        by_short.setdefault(names.initials(who.name), []).append(who.name)
    for short, people in by_short.items():
        if len(short) > 1 and len(people) == 1 and people[0] != short:
            text = re.sub(rf"(?<![\w/(-]){short}(?![\w/-])", people[0], text)
    return text


def name(document: Document) -> str:
    """Return which meeting it was: whose, and when."""
    title = re.sub(r"^minutes (?:of|from|for)(?: the)? ", "", document.title, flags=re.IGNORECASE)
    title = (
        re.sub(r"\b(Of|The|And|For|In)\b", lambda found: found[0].lower(), title.title()) if title.isupper() else title
    )
    title = re.sub(
        r"^(?:meeting )?(?:minutes|notes)[ ,:–—-]+|[ ,:–—-]+(?:meeting )?(?:minutes|notes)$",
        "",
        title,
        flags=re.IGNORECASE,
    )
    whose = subjects.subject(document)
    of = f" ({whose})" if whose and whose.lower() not in title.lower() and title.lower() not in whose.lower() else ""
    dated = next((found for block in document.blocks[:8] if (found := _dated(block.span.of(document.text)))), "")
    called = re.sub(r" \d{4}[-/]\d{1,2}$", "", wording.capitalised(title))
    return f"{called}{of}, {dated}" if dated and dated not in title else f"{called}{of}"


def _dated(line: str) -> str:
    found = re.match(rf"{HELD}(?:Date|When|(?:[Hh]eld )?[Oo]n|[Hh]eld|[Oo]f)?:? ?{DAY}(?P<date>{DATE})", line)
    return re.sub(rf"^{DAY}", "", found["date"]) if found else ""


def _decisions(reading: Reading, meeting: str) -> Iterator[Candidate]:
    found = list(_decided(reading))
    topics = [block.path[-1:] for block, _, _ in found]
    yield from _decided_together(found, reading, meeting)
    for block, what, span in found:
        what = VOTE.sub("", what)
        first = next(sentences(what)).of(what).rstrip(".")
        if ROUTINE.search(first) or len(first.split()) < 4:
            continue
        reason = BECAUSE.search(first)
        main = BECAUSE.sub("", first) if reason else first
        context = f"{meeting} {' '.join(block.path)} decided decision meeting applies"
        if dated := FROM_DATE.match(main):
            ask = f"what was decided to apply {dated['when'][0].lower()}{dated['when'][1:]}?"
            yield _card(meeting, ask, dated["rest"], span, "decision", 0.92, context)
        elif topics.count(block.path[-1:]) == 1 and (topic := subjects.area(block, reading.document)):
            yield _card(meeting, f"what was decided about “{topic}”?", main, span, "decision", 0.92, context)
        else:
            yield _card(meeting, "what was decided?", main, span, "decision", 0.6, context)
        if reason and not wording.PRONOUN.match(reason["why"]):
            ask = f"why was it decided: “{expanded(main, reading.document)}”?"
            yield _card(meeting, ask, reason["why"], span, "decision_reason", 0.9, context)


def _decided_together(found: Sequence[tuple[Block, str, Span]], reading: Reading, meeting: str) -> Iterator[Candidate]:
    """Yield the two or three decisions on one topic as a list."""
    for topic in dict.fromkeys(block.path[-1:] for block, _, _ in found):
        of_it = [(block, VOTE.sub("", what), span) for block, what, span in found if block.path[-1:] == topic]
        whats = [next(sentences(what)).of(what).rstrip(".") for _, what, _ in of_it]
        about = subjects.area(of_it[0][0], reading.document)
        fits = len(whats) in {2, 3} and sum(len(what.split()) for what in whats) <= LIST_WORDS
        if fits and about and not any(ROUTINE.search(what) or FROM_DATE.match(what) for what in whats):
            span = Span(of_it[0][2].start, of_it[-1][2].end)
            ask = f"{meeting}: which {'two' if len(whats) == 2 else 'three'} decisions were taken about “{about}”?"
            answer = "\n".join(wording.answer(what) for what in whats)
            context = f"{meeting} {about} decisions taken"
            yield Candidate(CardKind.LIST, ask, answer, span, "decisions", 0.9, context=context, voiced=True)


def _decided(reading: Reading) -> Iterator[tuple[Block, str, Span]]:
    text, blocks = reading.document.text, reading.document.blocks
    for block, before in zip(blocks, (None, *blocks), strict=False):
        inside = block.span.of(text)
        if block.kind in (BlockKind.HEADING, BlockKind.TITLE, BlockKind.ROW, BlockKind.CODE, BlockKind.LABEL):
            continue
        label = before.span.of(text) if before and before.kind is BlockKind.LABEL else ""
        if found := DECIDED.match(inside) or DECIDED.match(f"{label} {inside}"):
            yield block, found["what"], block.span
            continue
        for span in sentences(inside):
            if found := DECIDES.match(span.of(inside)):
                what = f"to {found['what']}" if found["joint"] == "to" else WISHED.sub(_to_be, found["what"], count=1)
                yield block, what, Span(block.span.start + span.start, block.span.start + span.end)


def _to_be(found: re.Match[str]) -> str:
    """Return "the shelter is to be moved" of "the shelter be moved"."""
    many = found["noun"].endswith("s") and not found["noun"].endswith("ss")
    return f"{found['noun']} {'are' if many else 'is'} to be "


def _card(meeting: str, ask: str, answer: str, span: Span, rule: str, sure: float, context: str) -> Candidate:
    if len(answer.split()) > ANSWER_WORDS:
        answer = re.split(r"; |, (?:but|and|which|so)\b", answer)[0]
    return Candidate(
        CardKind.BASIC, f"{meeting}: {ask}", wording.answer(answer), span, rule, sure, context=context, voiced=True
    )


def _table_tasks(reading: Reading, meeting: str) -> Iterator[Candidate]:
    for columns, rows in tables.runs(reading.document):
        places = {role: _column(columns, pattern) for role, pattern in COLUMNS.items()}
        what, who, when = places["what"], places["who"], places["when"]
        if what is None or who is None or when is None or len({what, who, when}) < 3:
            continue
        for block, cells in rows:
            if re.search(r"\bdone\b", " ".join(cells), re.IGNORECASE) or not re.search(DATE, cells[when]):
                continue
            yield _task(meeting, cells[what], cells[who], cells[when], block.span, reading)


def _column(columns: Sequence[str], pattern: re.Pattern[str]) -> int | None:
    return next((at for at, column in enumerate(columns) if pattern.fullmatch(column.strip())), None)


def _line_tasks(reading: Reading, meeting: str) -> Iterator[Candidate]:
    """Yield the tasks that stand below "Actions" or "todos", or behind "Action:", one a line."""
    text, inside = reading.document.text, False
    for block in reading.document.blocks:
        line = block.span.of(text)
        if TASKS.match(line):
            inside = True
        elif block.kind in (BlockKind.HEADING, BlockKind.TITLE):
            inside = False
        elif block.kind is not BlockKind.ROW and (
            found := ACTION_LINE.match(line) or (TASK_LINE.match(line) if inside else None)
        ):
            yield _task(meeting, found["what"], found["who"], found["when"], block.span, reading)


def _task(meeting: str, what: str, who: str, when: str, span: Span, reading: Reading) -> Candidate:
    what = re.sub(r"\s*\((?:incl|e\.g)[^)]*\)", "", what).rstrip(".")
    people = expanded(who, reading.document)
    were = "were" if re.search(r", | and ", people) else "was"
    ask = (
        f"by when {were} {people} to {what[:1].lower()}{what[1:]}?"
        if is_order(what)
        else f"by when {were} {people} to have “{what}” done?"
    )
    answer = re.sub(r"^by ", "", when).rstrip(".")
    context = f"{meeting} {people} task took Actions"
    return Candidate(
        CardKind.BASIC, f"{meeting}: {expanded(ask, reading.document)}", answer, span, "task", 0.86, context=context
    )


def _dates(reading: Reading, meeting: str) -> Iterator[Candidate]:
    """Yield dates that the meeting set: "General assembly: 21 November", "The deadline for ... is ..."."""
    text = reading.document.text
    for block in reading.document.blocks:
        if block.kind not in (BlockKind.PARAGRAPH, BlockKind.BULLET):
            continue
        inside = block.span.of(text)
        for found in SET_DATE.finditer(inside):
            if not NOT_SET.match(found["what"]):
                ask = f"{meeting}: for when was the {found['what'][:1].lower()}{found['what'][1:]} set?"
                yield Candidate(
                    CardKind.BASIC,
                    ask,
                    found["when"].rstrip("."),
                    block.span,
                    "set_date",
                    0.86,
                    context=f"{meeting} set",
                )
        for span in sentences(inside):
            if deadline := DEADLINE.match(span.of(inside)):
                where = Span(block.span.start + span.start, block.span.start + span.end)
                ask = f"{meeting}: what is the deadline for {deadline['what']}?"
                yield Candidate(
                    CardKind.BASIC, ask, deadline["when"].rstrip("."), where, "set_date", 0.9, context=meeting
                )
