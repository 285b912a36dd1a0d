import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quizapp.domain.documents import BlockKind
from quizapp.errors import InvalidInput
from quizapp.ingest import read
from quizapp.ingest.formats import MAX_BYTES, MAX_CHARACTERS


def kinds(source: str, filename: str = "a.md") -> list[tuple[BlockKind, str]]:
    document = read(source.encode(), filename)
    return [(block.kind, block.span.of(document.text)) for block in document.blocks]


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "empty"),
        (b" \n\t\n", "empty"),
        (b"%PDF-1.7 ...", "PDF"),
        (b"PK\x03\x04....", "office document"),
        (b"\x89PNG\r\n\x1a\n", "picture"),
        (b"a" * (MAX_BYTES + 1), "larger than 20 MB"),
        (b"word " * (MAX_CHARACTERS // 5 + 1), "characters"),
        (b"> " * 5000 + b"x", "could be read as text"),
    ],
    ids=["empty", "blank", "pdf", "office", "picture", "too many bytes", "too many characters", "nested"],
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


@settings(deadline=None)
@given(TEXTS, st.sampled_from(["a.md", "a.txt"]))
def test_every_block_is_verbatim_at_its_place_in_any_text(source, filename):
    try:
        document = read(source.encode("utf-8", "surrogatepass"), filename)
    except InvalidInput:
        return

    assert [b.span for b in document.blocks] == sorted(b.span for b in document.blocks)
    assert "\n".join(b.span.of(document.text) for b in document.blocks) == document.text
