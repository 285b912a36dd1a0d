"""Cells worth asking: a row's name, a column's name, and the cell where they meet.

Attendee and action tables are left to `structure` and `meetings`. Of a large table
only some cells are asked, spread over its rows and columns.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from quizapp.domain.cards import CardKind
from quizapp.domain.documents import Block, BlockKind, Document, Span
from quizapp.generate import subjects, wording
from quizapp.generate.candidates import Candidate, Reading
from quizapp.generate.orders import is_order
from quizapp.ingest import names

CELLS_AT_MOST = 10  # of one table
CELL_WORDS = 10
GROUP = range(2, 5)
QUOTE_CHARACTERS = 900
SURE = 0.88
FEW = range(3, 6)  # different cells of a column that are a small closed set
RECURRING = 0.75  # share of different cells up to which a column has a few values that recur
NUMBER = re.compile(r"[~≈±+−-]?(?:[$€£¥] ?)?\d[\d,]*(?:\.\d+)?")
NOTHING = re.compile(
    r"(?:yes|no|none|n/?a|tbd|tba|ok|done|open|same|varies|various|unknown|any|all|other|see\b.*|x|✓|✔|✗|[-–—?~.]*|~?0|\(.*\))\b(?: \(.*\))?",
    re.IGNORECASE,
)
ADDRESS = re.compile(r"https?:|www\.|\S@\S|^\+?[\d ()/-]{7,}$|^[#/`@]")
NAMELESS = re.compile(r"(?:[A-Z]{0,3}-?\d+[a-z]?\.?|(?:19|20)\d\d(?:-\d\d){0,2}|\d{1,2}[./ ]\w+[./ ]?\d*)")
CODE = re.compile(r"[A-Z]{1,3}-?\d{1,2}[a-z]?")  # of a row that has a name as well: "P1 | Bisque"
CODED = re.compile(rf"{CODE.pattern} \(.+\)")
NO_COLUMN = re.compile(
    r"(?:no\.?|nr\.?|#|id|ref\.?|reference|status|present|passed|done|notes?|comments?|remarks?|link|phone|e-?mail|url|source|how|file|updated|"
    r"version|severity|priority|release|stage|state|phase|milestone|position|rank|.*\*|(?:when(?! it [a-z]+s\b)|how|why|if(?! it [a-z]+s\b)|what|where|because|which|do|does|is|can)\b.*|.* of the .*)?",
    re.IGNORECASE,
)
PEOPLE = re.compile(r"initials|name|attendee|participant|present", re.IGNORECASE)
TASK = re.compile(r"action|task|to-?do|owner|responsible|assignee|deadline|due", re.IGNORECASE)
GENERIC_NAMES = re.compile(
    r"(?:key|property|item|field|attribute|parameter|setting|specification|feature|)", re.IGNORECASE
)
GENERIC_VALUES = re.compile(r"(?:value|details?|data|specification|)", re.IGNORECASE)
MEANING = re.compile(r"(?:meaning|definition|description|explanation|means|stands for|what it means)", re.IGNORECASE)
BY = {
    "approved": "approves", "authorised": "authorises", "authorized": "authorizes", "signed": "signs", "managed": "manages", "owned": "owns",
    "run": "runs", "written": "wrote", "checked": "checks", "done": "does", "reviewed": "reviews", "handled": "handles", "granted": "grants", "paid": "pays",
}  # fmt: skip
PAIR = re.compile(r"^(?P<key>[A-Z][a-z]+(?: [a-z]+){0,3}(?: \([a-zA-Z°%/]{1,8}\))?):\s+(?P<value>\S(?:.{0,70}\S)?)$")
PAIRS_AT_LEAST = 3
NO_NOUN = frozenset({"name", "term", "where", "when", "who", "what", "which", "how", "why", "if"})
WORDING = "many long mean who applies should do stand approves authorises signs manages owns runs wrote"
LASTS = re.compile(
    r"(?:about |up to |at least |at most )?\d+(?:\.\d+)? (?:seconds|minutes|hours|days|weeks|months|years)"
)
WITH_UNIT = re.compile(r"^(?P<what>[^()]+?),? (?:\((?P<unit>[^()]{1,12})\)|in (?P<other>[a-zA-Z°%/³²]{1,8}))$")
FOR = re.compile(
    r"\b(?:formula|threshold|deadline|limit|fee|fine|penalty|contact|target|requirement|retention|approval|notice|dose|default|command|port|shortcut|rule|"
    r"time|period|sla|maximum|minimum|charge|rate|interval|budget|owner|procedure|treatment|approver)$",
    re.IGNORECASE,
)
CATEGORY = re.compile(
    r"(?:type|kind|class|category|group|family|genus|continent|colou?r|habitat|material|main \w+)", re.IGNORECASE
)
REMARKABLE = re.compile(
    r"\b(?:the first|first|only|largest|smallest|fastest|slowest|highest|lowest|longest|shortest|oldest|farthest|nearest|biggest|hottest|coldest|deepest)\b",
    re.IGNORECASE,
)
NEVER = re.compile(
    r"^(?:Never|Not|Don[’']t|Do not) (?P<be>together|mixed?|stored?|near|combined?|.{3,30}ed)$", re.IGNORECASE
)
BECAUSE = re.compile(r"(?:because|why|reason|risk|danger|what happens)", re.IGNORECASE)
# What the largest of a column is called, and the smallest where that is worth asking.
DEGREES = (
    (r"diameter|area|size|population|capacity|mass|volume|budget|revenue|radius", "largest", "smallest"),
    (r"temperature|pressure|density|speed|price|cost|fee|rate|score|height|elevation|altitude|salary|yield|melting point|boiling point", "highest", "lowest"),
    (r"length|duration|distance|wavelength|lifespan|half-life", "longest", "shortest"),
    (r"weight|depth", "greatest", "smallest"),
)  # fmt: skip


@dataclass(frozen=True)
class Table:
    """A table's rows with the name that each goes by."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Block, tuple[str, ...]], ...]
    key: int  # the column of names
    about: str | None
    known: str  # what a question may say beyond the row


def find(reading: Reading) -> Iterator[Candidate]:
    """Yield cells, superlatives and groups of every table with names for its rows, and lists of pairs."""
    if not subjects.is_meeting(reading.document):
        yield from pairs(reading)
    for header, rows in runs(reading.document):
        yield from _never(header, rows, reading)
        if table := _table(header, rows, reading.document):
            settings = CODED.fullmatch(
                table.rows[0][1][table.key]
            )  # of programs, say: nobody asks which is the largest
            yield from () if settings else _superlatives(table, reading)
            yield from _groups(table, reading)
            yield from _remarkable(table, reading)
            yield from _some_cells(table, reading)


def pairs(reading: Reading) -> Iterator[Candidate]:
    """Yield the short facts that a list gives as "Capacity: 600 kWh", three at least under one heading."""
    text = reading.document.text
    found = [
        (block, pair)
        for block in reading.document.blocks
        if block.kind in (BlockKind.BULLET, BlockKind.PARAGRAPH)
        and block.path
        and block.speaker is None
        and (pair := PAIR.match(block.span.of(text)))
        and _fact(pair["value"])
    ]
    together = Counter(block.path for block, _ in found)
    for block, pair in found:
        about = subjects.area(block, reading.document)
        if about and together[block.path] >= PAIRS_AT_LEAST and not NO_COLUMN.fullmatch(pair["key"]):
            what = "How long" if LASTS.fullmatch(pair["value"]) else "What"
            be = "are" if _plural(pair["key"]) else "is"
            ask = subjects.placed(f"{what} {be} the {_lowered(pair['key'])}?", block, reading.document)
            context = f"{about} {reading.document.title} {subjects.subject(reading.document)} long"
            answer = wording.answer(pair["value"])
            yield Candidate(CardKind.BASIC, ask, answer, block.span, "pair", 0.89, context=context)


def _fact(value: str) -> bool:
    measured = NUMBER.search(value) and not re.search(r"[.;:!?]\s|\d:\d\d", value)
    return bool(measured) and not ADDRESS.search(value) and not NOTHING.fullmatch(value)


def runs(document: Document) -> Iterator[tuple[tuple[str, ...], list[tuple[Block, tuple[str, ...]]]]]:
    """Yield the columns and the whole rows of every table of a document."""
    columns: tuple[str, ...] = ()
    rows: list[tuple[Block, tuple[str, ...]]] = []
    for block in document.blocks:
        same = block.kind is BlockKind.ROW and block.columns
        if not same or block.columns != columns:
            if rows:
                yield columns, rows
            columns, rows = (block.columns if same else ()), []
        if same and len(cells := cells_of(block, document)) == len(columns):
            rows.append((block, cells))
    if rows:
        yield columns, rows


def cells_of(block: Block, document: Document) -> tuple[str, ...]:
    """Return the cells of a row."""
    return tuple(cell.strip() for cell in re.split(r" ?\| ?", block.span.of(document.text)))


def _table(columns: Sequence[str], rows: Sequence[tuple[Block, tuple[str, ...]]], document: Document) -> Table | None:
    heads = " ".join(columns)
    if (
        len(rows) < 2
        or len(columns) < 2
        or (PEOPLE.search(heads) and re.search(r"role|function|present", heads, re.IGNORECASE))
    ):
        return None
    if sum(bool(TASK.search(column)) for column in columns) >= 2:
        return None
    rows = _coded(columns, rows)
    if NAMELESS.fullmatch(rows[0][1][0]) and not re.fullmatch(r"no\.?|#|id|number|ref\.?", columns[0], re.IGNORECASE):
        return None  # a log of dates
    for at, column in enumerate(columns[:2]):
        values = [cells[at] for _, cells in rows]
        named = [value for value in values if not NAMELESS.fullmatch(value) and not NOTHING.fullmatch(value)]
        if (
            len(named) == len(rows)
            and len(set(values)) >= 0.8 * len(rows)
            and not re.fullmatch(r"no\.?|#|id", column, re.IGNORECASE)
        ):
            about = subjects.area(rows[0][0], document)
            known = f"{' '.join(columns)} {about} {subjects.subject(document)} {document.title} {WORDING}"
            return Table(tuple(columns), tuple(rows), at, about, known)
    return None


def _coded(
    columns: Sequence[str], rows: Sequence[tuple[Block, tuple[str, ...]]]
) -> Sequence[tuple[Block, tuple[str, ...]]]:
    """Return the rows with code and name as one, where the first column has codes and the next one names: "P1 (Bisque)"."""
    codes, called = [[cells[at] for _, cells in rows] for at in (0, 1)]
    ordered = re.fullmatch(r"no\.?|#|id|number|ref\.?|reference", columns[0], re.IGNORECASE)
    named = all(value[:1].isalpha() and len(value.split()) <= 3 and not NAMELESS.fullmatch(value) for value in called)
    if ordered or not named or len(columns) < 3 or len(set(codes)) < len(rows) or not all(map(CODE.fullmatch, codes)):
        return rows
    return [(block, (f"{cells[0]} ({cells[1]})", *cells[1:])) for block, cells in rows]


def _some_cells(table: Table, reading: Reading) -> Iterator[Candidate]:
    """Yield one cell a row, of another column each time, then a second, until the table has its share."""
    often = Counter(cells[table.key] for _, cells in table.rows)
    asked = [
        at for at, column in enumerate(table.columns)
        if at != table.key and not NO_COLUMN.fullmatch(column) and not column.isupper() and len({cells[at] for _, cells in table.rows}) > 1
    ]  # fmt: skip
    given = 0
    for turn in range(len(asked)):
        for number, (block, cells) in enumerate(table.rows):
            at = asked[(number + turn) % len(asked)]
            if often[cells[table.key]] == 1 and (made := _cell(table, block, cells, at, reading)):
                sure = SURE - 0.01 * turn if given < CELLS_AT_MOST else 0.7
                given += 1
                others = _others(table, number, at)
                yield replace(_candidate(made[0], made[1], block.span, "table_cell", sure, table), others=others)


def _others(table: Table, number: int, at: int) -> tuple[str, ...]:
    """Return the other answers of a column that has few, the nearest row's first; none where each row has its own."""
    values = [cells[at] for _, cells in table.rows if not NOTHING.fullmatch(cells[at])]
    few = len(set(values)) in FEW and len(set(values)) <= RECURRING * len(values)
    persons = table.columns[at].strip().lower() == "who"
    found = (cells[at] for cells in _near(table, number) if cells[at] in values) if few or persons else ()
    return tuple(_answer(value, table.columns[at]) for value in dict.fromkeys(found))


def _near(table: Table, number: int) -> list[tuple[str, ...]]:
    """Return the other rows, the nearest first."""
    rows = sorted(enumerate(table.rows), key=lambda row: abs(row[0] - number))
    return [cells for at, (_, cells) in rows if at != number]


def _cell(table: Table, block: Block, cells: Sequence[str], at: int, reading: Reading) -> tuple[str, str] | None:
    """Return question and answer of one cell; None when it is not worth asking."""
    value, column, name = cells[at].strip(), table.columns[at].strip(), cells[table.key]
    if (
        not value
        or NOTHING.fullmatch(value)
        or ADDRESS.search(value)
        or len(value.split()) > CELL_WORDS
        or value.endswith(("!", "?"))
        or f"({value})" in name
    ):
        return None
    core = _core(_unit(column)[0], value, name, table, reading)
    if core is None:
        return None
    shown = core if _proper(name, reading) else subjects.placed(core, block, reading.document)
    return shown, _answer(value, column)


def _answer(value: str, column: str) -> str:
    """Return a cell as an answer, a bare number with the unit of its column."""
    unit = _unit(column)[1]
    bare = re.fullmatch(rf"{NUMBER.pattern}(?: (?:to|–|-) {NUMBER.pattern})?", value)
    return wording.answer(f"{value} {unit}" if unit and bare else value)


def _core(column: str, value: str, name: str, table: Table, reading: Reading) -> str | None:
    """Return the question for a cell, by what its column is called."""
    called = _called(name, table.columns[table.key], reading)
    what = _lowered(column)
    if GENERIC_VALUES.fullmatch(column) or not column:
        generic = GENERIC_NAMES.fullmatch(table.columns[table.key]) and len(table.columns) == 2 and table.about
        return f"What is the {_lowered(name)}?" if generic and len(name.split()) <= 6 else None
    if MEANING.fullmatch(column):
        return f"What does “{name}” mean?"
    if by := re.fullmatch(r"(?P<done>\w+ed|led|made|built|run|written) by", what):
        return f"Who {BY.get(by['done'], by['done'])} {called}?"
    if case := re.fullmatch(r"(?P<if>if|when) it (?P<does>[a-z]+(?: \w+){0,2})", what):
        return f"What should you do {case['if']} {called} {case['does']}?" if is_order(value) else None
    if GENERIC_NAMES.fullmatch(table.columns[table.key]) and len(table.columns) > 2 and _for_groups(table, reading):
        return f"“{name}”: what applies to “{what}”?"
    if you := re.fullmatch(r"(?P<does>[a-z]+s) you", what):
        return f"What does {called} {you['does'][:-1]} you?"
    if who := re.fullmatch(r"who (?P<does>[a-z]+s)", what):
        return f"Who {who['does']} {called}?"
    if what == "who":
        return f"Who is the {name}?" if names.like_name(value) and names.ROLE.search(name) else None
    return _of_noun(what, value, called, proper=called == name and _proper(name, reading))


def _for_groups(table: Table, reading: Reading) -> bool:
    """Say whether columns are called after whom their cells are for: "Hybrid" and "Fully remote"."""
    others = [_lowered(column) for at, column in enumerate(table.columns) if at != table.key]
    parses = [parsed for column in others if (parsed := reading.parse(column)) is not None and len(parsed)]
    return any(parsed[-1].pos_ in {"ADJ", "ADV"} for parsed in parses)


def _of_noun(what: str, value: str, called: str, *, proper: bool) -> str | None:
    """Return the question for a column that is called by a noun."""
    if re.search(r"\b(?:by|to|at|in|of|on|for|from|with|you|it)$|\b(?:is|are|was|has)\b|[/.]", what):
        return None
    if re.fullmatch(r"\d[\d,]*", value) and _plural(what) and int(value.replace(",", "")) > 1:
        return f"How many {what} does {called} have?"
    if re.fullmatch(r"(?:year|day|month|season)", what) and re.search(r"\d+ ?(?:days?|h|hours?|min|years?)\b", value):
        return f"How long is a {what} on {called}?" if proper else None
    if what in {"year", "date", "day", "time"}:
        return None  # of what, only the page knows
    joint = "for" if FOR.search(what) else "of"
    verb = "are" if _plural(what) else "is"
    if proper and joint == "of":
        return f"What {verb} {called}’{'' if called.endswith('s') else 's'} {what}?"
    plain = not re.search(r" (?:from|to|of|in|at|by|per|between) ", what)
    return f"What {verb} the {what} {joint} {called}?" if plain else None


def _plural(noun: str) -> bool:
    return bool(re.search(r"[^s]s$", noun)) and not re.search(r"(?:us|is|as|ics|series|lens)$", noun)


def _unit(column: str) -> tuple[str, str]:
    """Return a column's name and its unit: "Diameter (km)" -> "Diameter", "km"."""
    found = WITH_UNIT.match(column)
    if not found:
        return column, ""
    unit = found["unit"] or found["other"]
    measured = re.fullmatch(
        r"[°%µ]?[A-Za-z%°]{0,4}(?:[/·][a-zA-Z]{1,4}[²³]?)?[²³]?|[$€£]|million|billion|minutes|hours|days|years|bar|litres|tonnes",
        unit,
    )
    return (found["what"], unit) if measured else (column.split(" (")[0], "")


def _called(name: str, column: str, reading: Reading) -> str:
    """Return a row's name as it stands in a question."""
    if CODED.fullmatch(name):
        return f"{_lowered(column)} {name}"
    if len(name.split()) > 4 or re.search(r"[.;:/,]", name):
        return f"“{name}”"
    noun = _noun(column)
    if noun and not _proper(name, reading):
        return f"the {noun} “{name}”"
    first = re.match(r"[\w’'-]+", name)
    common = first is not None and reading.casing.inside[first[0].lower()] > reading.casing.inside[first[0]]
    return _lowered(name) if common or re.match(r"[A-Z][a-z]+ [a-z]", name) else name


def _proper(name: str, reading: Reading) -> bool:
    """Say whether a row's name is a name that needs no explanation: the document writes it with a capital inside sentences."""
    first = re.match(r"[\w’'-]+", name)
    if not first or not name[:1].isupper():
        return False
    inside = reading.casing.inside
    capital = inside[first[0]] > inside[first[0].lower()]
    return capital and not first[0].isupper()


def _lowered(text: str) -> str:
    first = re.match(r"[\w’'-]+", text)
    shout = first is not None and (
        first[0][1:] != first[0][1:].lower() or (len(first[0]) == 1 and first[0] not in "AI")
    )
    return text if shout else text[:1].lower() + text[1:]


def _candidate(
    question: str, answer: str, span: Span, rule: str, sure: float, table: Table, kind: CardKind = CardKind.BASIC
) -> Candidate:
    return Candidate(kind, question, answer, span, rule, sure, context=table.known)


def _superlatives(table: Table, reading: Reading) -> Iterator[Candidate]:
    """Yield which row has the most, where all cells of a column are plain numbers."""
    noun = _noun(table.columns[table.key])
    if noun is None or len(table.rows) < 4:
        return
    for at, column in enumerate(table.columns):
        degrees = _degrees(_unit(column)[0]) if at != table.key and not column.endswith("*") else None
        values = [_value(cells[at]) for _, cells in table.rows]
        if degrees is None or any(value is None for value in values):
            continue
        sizes = [value for value in values if value is not None]
        for degree, best in zip(degrees, (max(sizes), min(sizes)), strict=True):
            if degree and sizes.count(best) == 1:
                block, cells = table.rows[sizes.index(best)]
                ask = f"Which {noun} has the {degree} {_lowered(_unit(column)[0])}?"
                near = sorted(zip(sizes, table.rows, strict=True), key=lambda row: abs(row[0] - best))
                others = tuple(other[table.key] for _, (_, other) in near[1:])
                shown = subjects.framed(ask, table.about)
                made = _candidate(shown, cells[table.key], block.span, "table_superlative", 0.87, table)
                yield replace(made, others=others)


def _remarkable(table: Table, reading: Reading) -> Iterator[Candidate]:
    """Yield which row a cell is about that says what is the first, the only or the greatest of all."""
    noun = _noun(table.columns[table.key])
    for number, (block, cells) in enumerate(table.rows):
        for at, value in enumerate(cells):
            alone = sum(value in other for _, other in table.rows) == 1
            if noun is None or at == table.key or not alone or not REMARKABLE.search(value) or len(value.split()) < 3:
                continue
            ask = (
                f"Which {noun} is it: {value}?"
                if not _noun(table.columns[at])
                else (f"Which {noun}’s {_lowered(table.columns[at])} is “{value}”?")
            )
            shown = subjects.framed(ask, table.about)
            others = tuple(other[table.key] for other in _near(table, number))
            made = _candidate(shown, cells[table.key], block.span, "table_remarkable", 0.88, table)
            yield replace(made, others=others)


def _never(
    columns: Sequence[str], rows: Sequence[tuple[Block, tuple[str, ...]]], reading: Reading
) -> Iterator[Candidate]:
    """Yield why, of a table of what must never be and because of what."""
    if len(columns) != 2 or not (head := NEVER.match(columns[0])) or not BECAUSE.fullmatch(columns[1].strip()):
        return
    about = subjects.area(rows[0][0], reading.document)
    for block, (what, why) in rows:
        ask = subjects.framed(f"Why should {_lowered(what)} never be {head['be'].strip().lower()}?", about)
        context = f"{' '.join(columns)} {about} {reading.document.title} why should"
        yield Candidate(CardKind.BASIC, ask, wording.answer(why), block.span, "table_never", 0.88, context=context)


def _degrees(column: str) -> tuple[str, str] | None:
    for pattern, most, least in DEGREES:
        if re.search(rf"\b(?:{pattern})\b", column, re.IGNORECASE):
            return most, least
    return None


def _value(cell: str) -> float | None:
    found = NUMBER.fullmatch(re.sub(r"\s*(?:%|[A-Za-z°²³/]{1,6})$", "", cell.strip()))
    return (
        float(re.sub(r"[^\d.-]", "", found[0].replace("−", "-"))) if found and not cell.startswith(("~", "≈")) else None
    )


def _groups(table: Table, reading: Reading) -> Iterator[Candidate]:
    """Yield the few rows that share a category, as a list."""
    noun = _noun(table.columns[table.key])
    for at, column in enumerate(table.columns):
        if noun is None or at == table.key or not CATEGORY.fullmatch(column):
            continue
        for value, count in Counter(cells[at] for _, cells in table.rows).items():
            inside = [row for row in table.rows if row[1][at] == value]
            span = Span(inside[0][0].span.start, inside[-1][0].span.end)
            if (
                count not in GROUP
                or NOTHING.fullmatch(value)
                or len(value.split()) > 3
                or span.end - span.start > QUOTE_CHARACTERS
            ):
                continue
            ask = subjects.framed(f"Which {noun}s have the {_lowered(column)} “{value}”?", table.about)
            answer = "\n".join(cells[table.key] for _, cells in inside)
            yield _candidate(ask, answer, span, "table_group", 0.87, table, CardKind.LIST)


def _noun(column: str) -> str | None:
    """Return what the rows of a table are, in the singular; None when its column does not say."""
    word = column.strip().lower()
    plain = re.fullmatch(r"[a-z]+(?: [a-z]+)?", word) and not GENERIC_NAMES.fullmatch(word) and word not in NO_NOUN
    return (
        word
        if plain and not word.endswith(("s", "y"))
        else word.removesuffix("s")
        if plain and word.endswith("s")
        else None
    )
