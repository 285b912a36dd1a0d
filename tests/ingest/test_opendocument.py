import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quizapp.domain.documents import BlockKind
from quizapp.errors import InvalidInput
from quizapp.ingest import opendocument, text
from tests.ingest.building.opendocument import packed

H, P, B, S, Q, R, C = (
    BlockKind.HEADING, BlockKind.PARAGRAPH, BlockKind.BULLET, BlockKind.STEP, BlockKind.QUOTE, BlockKind.ROW, BlockKind.CODE,
)  # fmt: skip


def outline(body: str) -> list[tuple[BlockKind, str, int]]:
    return [(piece.kind, piece.text, piece.level) for piece in opendocument.read(packed(body)).pieces]


def p(words: str, style: str = "Standard") -> str:
    return f'<text:p text:style-name="{style}">{words}</text:p>'


def h(words: str, level: int) -> str:
    return f'<text:h text:outline-level="{level}">{words}</text:h>'


def items(*inner: str, style: str = "") -> str:
    named = f' text:style-name="{style}"' if style else ""
    return f"<text:list{named}>{''.join(f'<text:list-item>{one}</text:list-item>' for one in inner)}</text:list>"


def table(*rows: str) -> str:
    return f"<table:table>{''.join(f'<table:table-row>{row}</table:table-row>' for row in rows)}</table:table>"


def cell(inner: str, properties: str = "") -> str:
    return f"<table:table-cell {properties}>{inner}</table:table-cell>"


def test_below_a_title_headings_stand_one_level_lower():
    assert outline(p("Tides", "P1") + h("Moon", 1) + h("Pull", 2)) == [(H, "Tides", 1), (H, "Moon", 2), (H, "Pull", 3)]
    assert opendocument.read(packed(p("Tides", "P1"))).title == "Tides"


def test_without_a_title_the_highest_heading_is_the_first_level():
    assert outline(h("Moon", 1) + h("Pull", 2)) == [(H, "Moon", 1), (H, "Pull", 2)]


def test_lists_are_told_by_their_style_at_each_depth():
    assert outline(items(p("salt") + items(p("grains")), style="L1") + items(p("Wait."), style="L2")) == [
        (B, "salt", 1), (B, "grains", 2), (S, "Wait.", 1),
    ]  # fmt: skip


def test_a_numbered_heading_is_a_heading_though_it_stands_in_a_list():
    assert outline(items(h("Moon", 1), style="L2")) == [(H, "Moon", 1)]


def test_quotations_and_code_keep_their_kind():
    assert outline(p("The sea forgets.", "Quotations") + p("x = 1", "Preformatted_20_Text")) == [
        (Q, "The sea forgets.", 0), (C, "x = 1", 0),
    ]  # fmt: skip


def test_bold_words_in_front_are_a_lead_and_a_bold_line_is_a_heading():
    def bold(words):
        return f'<text:span text:style-name="T1">{words}</text:span>'

    found = opendocument.read(packed(p(bold("Spring tides")) + p(bold("Neap tide:") + " the lowest."))).pieces
    assert [(piece.kind, piece.level, piece.lead) for piece in found] == [(H, 3, ""), (P, 0, "Neap tide:")]


def test_spaces_tabs_and_breaks_are_spaces_and_what_is_no_text_is_left_out():
    note = "<text:note><text:note-citation>1</text:note-citation><text:note-body><text:p>N</text:p></text:note-body></text:note>"
    comment = "<office:annotation><text:p>Really?</text:p></office:annotation>"
    hidden = '<text:span text:style-name="T2">secret</text:span>'
    page = "<text:page-number>7</text:page-number>"

    said = f'The<text:s text:c="3"/>tide{note}<text:tab/>turns<text:line-break/>twice{comment}<text:soft-page-break/> a{hidden} day{page}.'
    assert outline(p(said)) == [(P, "The tide turns twice a day.", 0)]


def test_deletions_contents_and_hidden_sections_are_left_out_and_insertions_kept():
    deleted = f"<text:tracked-changes><text:changed-region><text:deletion>{p('Gone.')}</text:deletion></text:changed-region></text:tracked-changes>"
    contents = f"<text:table-of-content><text:index-body>{p('Moon 3')}</text:index-body></text:table-of-content>"
    hidden = f'<text:section text:display="none">{p("Secret.")}</text:section>'
    shown = f"<text:section>{p('Old <text:change-start/>and new<text:change-end/>.')}</text:section>"

    assert outline(deleted + contents + hidden + shown) == [(P, "Old and new.", 0)]


def test_a_text_box_is_read_once_behind_its_paragraph():
    box = f"<draw:frame><draw:text-box>{p('In the box.')}</draw:text-box></draw:frame>"

    assert outline(p(f"Beside it.{box}")) == [(P, "Beside it.", 0), (P, "In the box.", 0)]


def test_a_merged_cell_stands_in_every_row_that_it_reaches():
    found = opendocument.read(
        packed(
            table(
                cell(p("Coast")) + cell(p("Port")) + cell(p("Range")),
                cell(p("North"), 'table:number-rows-spanned="2"') + cell(p("Helm")) + cell(p("4 m")),
                "<table:covered-table-cell/>" + cell(p("Skarn")) + cell(p("6 m")),
            )
        )
    ).pieces

    assert [piece.text for piece in found] == ["Coast | Port | Range", "North | Helm | 4 m", "North | Skarn | 6 m"]
    assert found[2].columns == ("Coast", "Port", "Range")


def test_the_rows_that_are_repeated_on_each_page_are_the_header():
    rows = table(cell(p("Capital")) + cell(p("Paris")), cell(p("Language")) + cell(p("French")))
    first, _, rest = rows.partition("</table:table-row>")
    headed = first.replace("<table:table-row>", "<table:table-header-rows><table:table-row>", 1)
    marked = f"{headed}</table:table-row></table:table-header-rows>{rest}"

    assert opendocument.read(packed(marked)).pieces[-1].columns == ("Capital", "Paris")
    assert opendocument.read(packed(rows)).pieces[-1].columns == ()


def test_cells_that_claim_to_be_repeated_a_billion_times_do_no_harm():
    wide = cell(p("x"), 'table:number-columns-repeated="999999999"')

    assert outline(table(wide, cell(p("y")) * 2))[-1] == (R, "y | y", 0)


def test_a_table_that_lays_out_a_page_is_read_cell_by_cell():
    assert outline(table(cell(h("Moon", 1)) + cell(p("Pulls.")), cell(p("Left.")) + cell(p("Right.")))) == [
        (H, "Moon", 1), (P, "Pulls.", 0), (P, "Left.", 0), (P, "Right.", 0),
    ]  # fmt: skip


def test_a_style_that_is_based_on_itself_does_no_harm():
    own = '<style:style style:name="A" style:family="paragraph" style:parent-style-name="A"/>'
    names = ' xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0"'
    loop = packed(p("Text.", "A"), styles=f"<x{names}>{own}</x>")

    assert [piece.text for piece in opendocument.read(loop).pieces] == ["Text."]


NAMED = (
    '<office:document-meta xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/"><office:meta><dc:title>On tides</dc:title></office:meta></office:document-meta>'
)


def test_the_properties_name_a_text():
    assert opendocument.read(packed(p("Text."), meta=NAMED)).name == "On tides"


@pytest.mark.parametrize(
    ("parts", "says"),
    [
        ({"content": '<!DOCTYPE x [<!ENTITY a "aaaa">]><x>&a;</x>'}, "declares"),
        ({"content": '<!DOCTYPE x SYSTEM "http://example.org/x.dtd"><x/>'}, "declares"),
        ({"content": "<x>"}, "damaged"),
        ({"content": ""}, "damaged"),
        ({"content": "<x/>"}, "damaged"),
        ({"content": "<x>" * 5000}, "damaged"),
        ({"META-INF/manifest": "<manifest><encryption-data/></manifest>"}, "locked with a password"),
    ],
    ids=["entities", "outside", "cut off", "empty", "something else", "nested deeply", "locked"],
)
def test_a_file_that_is_hostile_or_broken_inside_is_refused_with_a_sentence(parts, says):
    with pytest.raises(InvalidInput, match=says):
        opendocument.read(packed(p("Text."), **parts))


WORDS = st.text(st.characters(min_codepoint=32, exclude_categories=["Cs", "Cn", "Co", "Cc"], exclude_characters="<&>"))


@settings(max_examples=30, deadline=None)
@given(st.lists(WORDS, max_size=8))
def test_whatever_the_words_every_heading_is_there_verbatim_in_its_place(said):
    meant = [" ".join(text.clean(one).split()) for one in said]

    assert [words for _, words, _ in outline("".join(h(one, 1) for one in said))] == [one for one in meant if one]
