import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.errors import InvalidInput
from quizapp.ingest import text

SENTENCE = "Die Prüfung kostet 12 € – und zwar “sofort”. "


@pytest.mark.parametrize(
    "data",
    [
        SENTENCE.encode(),
        codecs.BOM_UTF8 + SENTENCE.encode(),
        SENTENCE.encode("utf-16"),
        codecs.BOM_UTF16_BE + SENTENCE.encode("utf-16-be"),
        SENTENCE.encode("utf-16-le"),
        SENTENCE.encode("utf-16-be"),
        (SENTENCE * 20).encode("cp1252"),
    ],
    ids=[
        "utf-8",
        "utf-8 with mark",
        "utf-16 with mark",
        "big-endian with mark",
        "little-endian",
        "big-endian",
        "cp1252",
    ],
)
def test_common_encodings_give_the_same_text(data):
    assert text.decode(data).startswith(SENTENCE.strip())


def test_chinese_in_gb18030_is_read():
    assert "人工智能" in text.decode(("人工智能正在改变世界。" * 30).encode("gb18030"))


@pytest.mark.parametrize(
    "data",
    [bytes(range(256)) * 20, b"\x00\x01\x02\x03" * 400, b"MZ\x90\x00\x03" + bytes(500)],
    ids=["every byte", "zeros", "program"],
)
def test_what_is_no_text_is_refused_with_a_sentence(data):
    with pytest.raises(InvalidInput, match="no text that can be read"):
        text.decode(data)


def test_line_ends_invisible_marks_and_odd_spaces_are_made_plain():
    assert text.clean("a\r\nb\rc\u2028d\u200b\u202ee\u00a0f\ufeff") == "a\nb\nc\nde f"


def test_lone_surrogates_do_not_survive():
    assert text.clean("a\ud800b").encode("utf-8")


@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(data):
    try:
        found = text.decode(data)
    except InvalidInput:
        return

    assert text.clean(found) == found
