import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.domain.documents import BlockKind
from quizapp.errors import InvalidInput
from quizapp.ingest import read
from quizapp.ingest.formats import MAX_BYTES
from quizapp.ingest.pieces import MAX_CHARACTERS


def kinds(source: str, filename: str = "a.md") -> list[tuple[BlockKind, str]]:
    document = read(source.encode(), filename)
    return [(block.kind, block.span.of(document.text)) for block in document.blocks]


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "empty"),
        (b" \n\t\n", "empty"),
        (b"%PDF-1.7 ...", "PDF is damaged"),
        (b"PK\x03\x04....", "damaged"),
        (b"\xd0\xcf\x11\xe0....", "old office document"),
        (b"\xd0\xcf\x11\xe0...." + "EncryptedPackage".encode("utf-16-le"), "locked with a password"),
        (b"{\\rtf1\\ansi Tides.}", "rich text"),
        (b"\x89PNG\r\n\x1a\n", "picture"),
        (b"a" * (MAX_BYTES + 1), "larger than 20 MB"),
        (b"word " * (MAX_CHARACTERS // 5 + 1), "characters"),
        (b"> " * 5000 + b"x", "could be read as text"),
    ],
    ids=[
        "empty",
        "blank",
        "pdf",
        "broken archive",
        "old office",
        "locked",
        "rich text",
        "picture",
        "too many bytes",
        "too many characters",
        "nested",
    ],
)
def test_what_cannot_be_read_is_refused_with_a_sentence(data, says):
    with pytest.raises(InvalidInput, match=says) as refusal:
        read(data, "a.txt")

    assert refusal.value.message.endswith(".")


def test_markdown_marks_are_gone_from_the_text_and_kept_in_the_structure():
    source = (
        "# Title\n\nA **bold** [link](https://example.org) with `code_name`.\n\n- one\n  - two\n1. step\n\n> said\n"
    )

    assert kinds(source) == [
        (BlockKind.TITLE, "Title"),
        (BlockKind.PARAGRAPH, "A bold link with code_name."),
        (BlockKind.BULLET, "one"),
        (BlockKind.BULLET, "two"),
        (BlockKind.STEP, "step"),
        (BlockKind.QUOTE, "said"),
    ]


def test_table_rows_keep_their_cells_apart():
    assert kinds("# T\n\n| a | b |\n|---|---|\n| 1 | 2 |\n")[1:] == [(BlockKind.ROW, "a | b"), (BlockKind.ROW, "1 | 2")]


def test_front_matter_gives_the_title_and_no_text():
    document = read(b'---\ntitle: "Notes: on tea"\ndate: 2026-01-01\n---\n\nTea is a plant.\n', "x.md")

    assert document.title == "Notes: on tea"
    assert document.text == "Tea is a plant."


@pytest.mark.parametrize(
    ("front", "says"),
    [
        ("author: 'Ada Byron'", "By Ada Byron"),
        ("authors: [Ada Byron, Bo Li]", "By Ada Byron and Bo Li"),
        ("authors:\n  - Ada Byron\n  - Bo Li\ndate: 2026-01-01", "By Ada Byron and Bo Li"),
        ('speaker: "Bo Li, Director of Steam"', "Speaker: Bo Li, Director of Steam"),
    ],
)
def test_front_matter_tells_who_wrote_or_spoke(front, says):
    document = read(f"---\ntitle: Tea\n{front}\n---\n\nTea is a plant.\n".encode(), "x.md")

    assert document.text.splitlines() == [says, "Tea is a plant."]


def test_without_a_title_the_file_name_is_one():
    assert read(b"Tea is a plant. It grows.\n", "notes-on_tea.txt").title == "Notes on tea"


def test_plain_text_keeps_its_underscores_angles_and_ampersands():
    assert kinds("Title\n\nCall snake_case_name with a < b && c &amp; d_e.\n", "a.txt")[1][1] == (
        "Call snake_case_name with a < b && c &amp; d_e."
    )


def test_headings_carry_the_path_of_those_above():
    document = read(b"# T\n\n## A\n\n### B\n\ntext one.\n\n## C\n\ntext two.\n", "a.md")

    assert [b.path for b in document.blocks if b.kind is BlockKind.PARAGRAPH] == [("A", "B"), ("C",)]


def test_a_chinese_text_is_read_and_told_apart():
    assert read("人工智能峰会\n\n大会在北京举行。约有一千人参加。\n".encode(), "a.txt").language == "zh"


TEXTS = st.text(st.sampled_from("ab Ü.:;,!?\n\n-#*>_|`[]()1\u202e\u4e2d“”\ud800"), max_size=300)


@given(TEXTS, st.sampled_from(["a.md", "a.txt"]))
def test_every_block_is_verbatim_at_its_place_in_any_text(source, filename):
    try:
        document = read(source.encode("utf-8", "surrogatepass"), filename)
    except InvalidInput:
        return

    assert [b.span for b in document.blocks] == sorted(b.span for b in document.blocks)
    assert "\n".join(b.span.of(document.text) for b in document.blocks) == document.text


TABLE = "# Rivers\n\n| River | Length |\n|---|---|\n| Asta | 120 km |\n| Brol | 85 km |\n"


@pytest.mark.parametrize("filename", ["a.md", "a.txt"])
def test_a_table_row_knows_what_its_cells_are_called(filename):
    blocks = [block for block in read(TABLE.encode(), filename).blocks if block.kind is BlockKind.ROW]

    assert [block.columns for block in blocks] == [(), ("River", "Length"), ("River", "Length")]


def test_the_bold_words_that_open_a_block_are_its_lead():
    document = read(
        b"# T\n\n**Spill.** Warn the *others*.\n\n- **Bond**: a loan\n- a **bold** word\n\nNone here.\n", "a.md"
    )

    assert [block.lead for block in document.blocks] == ["", "Spill.", "Bond", "", ""]


def test_a_paragraph_that_is_all_bold_has_no_lead():
    document = read(b"# T\n\n**Nobody may enter.**\n\nThe end is here.\n", "a.md")

    assert {block.lead for block in document.blocks} == {""}


def test_a_tick_box_is_not_part_of_the_text():
    assert (BlockKind.BULLET, "oil the frame") in kinds("# T\n\n- [ ] oil the frame\n- [x] sweep\n")


def test_short_numbered_lines_that_open_passages_are_headings():
    source = "Team sync\n\n1. alarm\n\nIt rang.\n\n2. rent\n\nIt is due.\n\n3. roof\n\nIt is tight.\n"

    assert [text for kind, text in kinds(source, "a.txt") if kind is BlockKind.HEADING] == ["alarm", "rent", "roof"]


def test_a_numbered_list_without_passages_is_no_heading():
    source = "To do\n\n1. oil the frame\n2. sweep the floor\n3. lock up\n"

    assert BlockKind.HEADING not in {kind for kind, _ in kinds(source, "a.txt")}


@pytest.mark.parametrize("source", ["źle ćma.", "āda ēve\n\nāda ēve: ja."])
def test_small_letters_of_any_alphabet_are_no_name(source):
    assert read(source.encode(), "a.txt").people == ()
