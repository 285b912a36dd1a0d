"""What workbooks show, and what is left out of them."""

import io
import re
import zipfile
from collections.abc import Callable, Sequence
from datetime import date

import pytest
from openpyxl import Workbook

from quizapp.domain.documents import BlockKind
from quizapp.errors import InvalidInput
from quizapp.ingest import read
from quizapp.ingest.workbooks import read as pieces_of

SHEET = "xl/worksheets/sheet1.xml"
LIGHTS = [("Light", "Height"), ("Skarn", 43), ("Ulver", 28), ("Tange", 35)]


def saved(book: Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def workbook(rows: Sequence[Sequence[object]] = LIGHTS) -> Workbook:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    return book


def changed(data: bytes, part: str, change: Callable[[str], str]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            text = old.read(name)
            new.writestr(name, change(text.decode()) if name == part else text)
    return out.getvalue()


def texts(data: bytes) -> list[str]:
    return [piece.text for piece in pieces_of(data).pieces]


def test_cells_are_shown_in_their_formats():
    book = workbook([("Light", "Height", "Lit", "Share"), ("Skarn", 43, date(1971, 5, 3), 0.125)])
    book.active["B2"].number_format = '0" m"'
    book.active["C2"].number_format = "mm-dd-yy"
    book.active["D2"].number_format = "0.0%"

    assert texts(saved(book))[1] == "Skarn | 43 m | 3 May 1971 | 12.5%"


def test_a_formula_gives_its_last_value_or_nothing_with_a_sentence():
    book = workbook([*LIGHTS, ("All", "=SUM(B2:B4)"), ("Most", "=MAX(B2:B4)")])
    data = changed(
        saved(book),
        SHEET,
        lambda text: re.sub(r"(SUM\(B2:B4\)</f>)<v ?/>|(SUM\(B2:B4\)</f>)<v></v>", r"\1\2<v>106</v>", text),
    )

    found = pieces_of(data)

    assert [piece.text for piece in found.pieces][-2:] == ["All | 106", "Most"]
    assert found.problems == ("In “Sheet”, 1 cell is empty: a formula without a value, or an error.",)


def test_hidden_sheets_rows_and_columns_are_left_out_with_a_sentence():
    book = workbook([("Light", "Height", "Cost"), ("Skarn", 43, 7), ("Ulver", 28, 8), ("Tange", 35, 9)])
    book.active.row_dimensions[3].hidden = True
    book.active.column_dimensions["C"].hidden = True
    book.create_sheet("Wages").append(["Ada", 1])
    book["Wages"].sheet_state = "hidden"

    found = pieces_of(saved(book))

    assert not any("Ulver" in piece.text or "Ada" in piece.text for piece in found.pieces)
    assert found.problems == (
        "The hidden sheet “Wages” was left out.",
        "Hidden rows or columns of “Sheet” were left out.",
    )


def test_several_sheets_stand_below_their_names_and_the_property_is_the_title():
    book = workbook()
    book.active.title = "Lights"
    book.create_sheet("Words").append(["Term", "Definition"])
    book["Words"].append(["Eclipse", "the time between two flashes"])
    book.properties.title = "Skarn in figures"

    document = read(saved(book), "a.xlsx")

    heads = [(b.span.of(document.text), b.level) for b in document.blocks if b.kind is BlockKind.HEADING]
    assert document.title == "Skarn in figures"
    assert heads == [("Lights", 2), ("Words", 2), ("Terms", 3)]


@pytest.mark.parametrize(("name", "title"), [("Lights", "Lights"), ("Sheet1", "Skarn")])
def test_a_single_sheet_gives_its_name_to_the_document_unless_it_has_none(name, title):
    book = workbook()
    book.active.title = name

    assert read(saved(book), "skarn.xlsx").title == title


def test_a_caption_across_merged_cells_is_the_title():
    book = workbook([("Lights of the coast", None), *LIGHTS])
    book.active.merge_cells("A1:B1")

    assert read(saved(book), "a.xlsx").title == "Lights of the coast"


def test_cells_that_are_merged_downwards_say_the_same_in_every_row():
    book = workbook([("Coast", "Light", "Height"), ("North", "Skarn", 43), (None, "Ulver", 28), ("South", "Tange", 35)])
    book.active.merge_cells("A2:A3")

    assert texts(saved(book))[2] == "North | Ulver | 28"


def test_a_cell_of_many_letters_and_one_at_the_far_end_are_read_within_limits():
    book = workbook([("Light", "Note", "Kind"), ("Skarn", "long " * 6_500, "x"), ("Ulver", "short", "y")])
    book.active["XFD1048576"] = "far"

    found = pieces_of(saved(book))

    assert len(found.pieces[1].text) > 32_000
    assert found.problems == ("“Sheet” is wider than 200 columns; only those were read.",)


def test_lone_surrogates_and_direction_overrides_leave_the_text():
    data = changed(
        saved(workbook([("Light", "Kind", "Note"), ("Skarn", "a", "b")])),
        SHEET,
        lambda text: text.replace("Skarn", "Sk_xD800_a\u202ern"),
    )

    assert texts(data)[1] == "Sk?arn | a | b"


def test_texts_that_cells_share_are_read_without_the_readings_above_them():
    strings = "<sst><si><t>Light</t></si><si><r><t>Ska</t></r><r><t>rn</t></r><rPh><t>reading</t></rPh></si></sst>"
    rows = '<row><c t="s"><v>0</v></c><c t="s"><v>0</v></c></row><row><c t="s"><v>1</v></c><c t="s"><v>9</v></c><c><v>7</v></c></row>'
    link = '<Relationship Id="s" Type="x/sharedStrings" Target="shared.xml"/></Relationships>'
    data = changed(saved(workbook()), SHEET, lambda _: f"<worksheet><sheetData>{rows}</sheetData></worksheet>")
    data = changed(data, "xl/_rels/workbook.xml.rels", lambda text: text.replace("</Relationships>", link))
    out = io.BytesIO(data)
    with zipfile.ZipFile(out, "a") as files:
        files.writestr("xl/shared.xml", strings)

    assert texts(out.getvalue()) == ["Light | Light | ", "Skarn |  | 7"]


HOSTILE = {
    "entities": lambda text: '<!DOCTYPE w [<!ENTITY a "aaaa">]>' + text.replace("<v>43</v>", "<v>&a;</v>"),
    "cut off": lambda text: text[:-40],
    "not xml": lambda text: "PK" + text,
}


@pytest.mark.parametrize("change", HOSTILE.values(), ids=HOSTILE)
def test_a_damaged_or_hostile_sheet_is_refused_with_a_sentence(change):
    with pytest.raises(InvalidInput, match="workbook is damaged"):
        pieces_of(changed(saved(workbook()), SHEET, change))


def test_numbers_and_places_that_make_no_sense_hurt_nothing():
    data = changed(
        saved(workbook()),
        SHEET,
        lambda text: (
            text.replace('r="2"', 'r="x"').replace('r="A3"', 'r="?" s="-7"').replace("<v>43</v>", "<v>nan</v>")
        ),
    )

    assert texts(data)[-1] == "Tange | 35"


def test_a_binary_workbook_is_refused_with_a_sentence():
    data = changed(saved(workbook()), "_rels/.rels", lambda text: text.replace("workbook.xml", "workbook.bin"))

    with pytest.raises(InvalidInput, match="binary workbook"):
        pieces_of(data)
