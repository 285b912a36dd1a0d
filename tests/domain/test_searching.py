import pytest
from hypothesis import given
from hypothesis import strategies as some

from quizapp.domain.searching import EXCERPT_CHARS, TERMS, Term, excerpt, parse, searchable


@pytest.mark.parametrize(
    ("passage", "words"),
    [
        ("The Tide-gate shuts.", "the tide gate shuts"),
        ("Größe, naïve Café", "grosse naive cafe"),
        ("Cafe\u0301", "cafe"),
        ("snake_case", "snake case"),
        ("数据库 is 3版", "数 据 库 is 3 版"),
        ("ﬁne ½", "fine 1 2"),
        ("— … !", ""),
    ],
    ids=["case and marks", "accents", "combining accent", "underscore", "Chinese", "ligature and fraction", "no word"],
)
def test_a_passage_is_searched_by_its_words_folded(passage, words):
    assert searchable(passage) == words


@pytest.mark.parametrize(
    ("asked", "terms"),
    [
        ("Tide gate", [Term(("tide",), is_open=True), Term(("gate",), is_open=True)]),
        ('"tide gate"', [Term(("tide", "gate"), is_open=False)]),
        ("“tide gate” red", [Term(("tide", "gate"), is_open=False), Term(("red",), is_open=True)]),
        ("tide-gate", [Term(("tide", "gate"), is_open=True)]),
        ("数据", [Term(("数", "据"), is_open=True)]),
        ('tide tide "', [Term(("tide",), is_open=True)]),
        ('" " * ( AND', [Term(("and",), is_open=True)]),
        ("", []),
    ],
    ids=["words", "phrase", "typographic marks", "hyphen", "Chinese", "unclosed", "signs", "nothing"],
)
def test_what_is_typed_becomes_terms(asked, terms):
    assert list(parse(asked)) == terms


def test_no_search_has_more_terms_than_a_database_bears():
    assert len(parse(" ".join(f"word{number}" for number in range(1000)))) == TERMS


@pytest.mark.parametrize(
    ("asked", "meant"),
    [
        ("tides", ["tides"]),
        ("tide", ["Tide", "tides"]),
        ('"tide"', ["Tide"]),
        ('"tide gate"', ["Tide-gate"]),
        ("cafe", ["Café"]),
        ("gate café", ["gate", "Café"]),
    ],
)
def test_an_excerpt_marks_what_was_meant(asked, meant):
    pieces = excerpt("The Tide-gate of the Café turns with the tides.", parse(asked))

    assert [text for text, is_meant in pieces if is_meant] == meant
    assert "".join(text for text, _ in pieces) == "The Tide-gate of the Café turns with the tides."


def test_a_long_passage_is_cut_around_the_first_hit():
    pieces = excerpt(f"{'before ' * 300}harbour {'after ' * 300}", parse("harbour"))

    shown = "".join(text for text, _ in pieces)
    assert ("harbour", True) in pieces
    assert shown.startswith("…before")
    assert shown.endswith("after…")
    assert len(shown) <= EXCERPT_CHARS + 2


@given(some.text(), some.text())
def test_any_search_in_any_passage_shows_the_passage(passage, asked):
    shown = "".join(text for text, _ in excerpt(passage, parse(asked)))

    assert shown.strip("…") in passage
