"""Tables as pages show and files carry them. Start from `Table`, and `as_file` for a download."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

from quizapp.exchange.spreadsheets import CSV, Value, as_csv, as_workbook
from quizapp.markup import safe
from quizapp.translations import _, figure

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
JSON = "application/json"


@dataclass(frozen=True)
class Table:
    """A head and rows as wide; the first column names the row, None is what rests on too little."""

    head: Sequence[str]
    rows: Sequence[Sequence[Value]]

    @property
    def body(self) -> Markup:
        """Return the rows as those of a table of a page; a loop in a template takes ten times as long."""
        few = f'<td class="n"><span class="muted">{escape(_("too few"))}</span></td>'
        return safe("".join([_row(row, few) for row in self.rows]))


def as_file(table: Table, kind: str) -> tuple[bytes, str]:
    """Return the table as a file of that kind, one of `KINDS`, and what the file is."""
    write, mime = KINDS[kind]
    return write(table), mime


def _row(values: Sequence[Value], few: str) -> str:
    name, *others = values
    cells = [few if value is None else f'<td class="n">{_written(value)}</td>' for value in others]
    return f'<tr><th scope="row">{escape(name)}</th>{"".join(cells)}</tr>\n'


def _written(value: str | float) -> str:
    if isinstance(value, str):
        return escape(value)
    return f"{value}" if isinstance(value, int) and 0 <= value < 1_000 else figure(value)


def _csv(table: Table) -> bytes:
    return as_csv(table.head, table.rows)


def _workbook(table: Table) -> bytes:
    rows = [table.head, *([_cell(value) for value in row] for row in table.rows)]
    return as_workbook(dict(enumerate(rows, 1)), name="Recto")


def _cell(value: Value) -> str | int:
    if value is None:
        return ""
    return round(value) if isinstance(value, float) else value


def _json(table: Table) -> bytes:
    rows = [dict(zip(table.head, row, strict=True)) for row in table.rows]
    return json.dumps(rows, ensure_ascii=False, indent=1).encode()


KINDS: Mapping[str, tuple[Callable[[Table], bytes], str]] = {
    "csv": (_csv, CSV),
    "xlsx": (_workbook, XLSX),
    "json": (_json, JSON),
}
