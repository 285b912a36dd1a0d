import pytest
from hypothesis import example, given
from hypothesis import strategies as some

from quizapp.domain.cards import CardKind
from quizapp.domain.expressions import (
    All,
    Comparison,
    Either,
    Event,
    Everything,
    Face,
    Field,
    Flagged,
    Ids,
    InSource,
    Is,
    Measure,
    Measured,
    Named,
    Not,
    OfKind,
    OneOf,
    Rated,
    Since,
    State,
    Untagged,
    Wild,
    both,
    either,
    exactly,
    is_like,
    negated,
    printed,
)
from quizapp.domain.scheduling import Grade
from quizapp.domain.search_language import DEPTH, KEYS, LIMIT_CHARS, PARTS, Misread, parse
from quizapp.domain.searching import Term


def word(text: str, *, is_open: bool = True) -> Term:
    return Term(tuple(text.split()), is_open=is_open)


@pytest.mark.parametrize(
    ("asked", "meant"),
    [
        ("", Everything()),
        ("  ", Everything()),
        ("*", Everything()),
        ("tide", word("tide")),
        ("Tide gate", All((word("tide"), word("gate")))),
        ("tide and gate", All((word("tide"), word("gate")))),
        ("tide – gate!", All((word("tide"), word("gate")))),
        ("tide or gate", Either((word("tide"), word("gate")))),
        ("a b or c", Either((All((word("a"), word("b"))), word("c")))),
        ("a (b OR c)", All((word("a"), Either((word("b"), word("c")))))),
        ("-tide", Not(word("tide"))),
        ("-(a b)", Not(All((word("a"), word("b"))))),
        ("(((tide)))", word("tide")),
        ("(a b) c", All((word("a"), word("b"), word("c")))),
        ('"tide gate"', word("tide gate", is_open=False)),
        ("“tide gate”", word("tide gate", is_open=False)),
        ("w:tide", word("tide", is_open=False)),
        ("tide*", word("tide")),
        ("tide-gate", word("tide gate")),
        ("数据", word("数 据")),
        ("Größe", word("grosse")),
        ("t*de", Wild("t*de")),
        ("*tide", Wild("*tide")),
        ("t_de", Wild("t_de")),
        (r"t\*de", word("t de")),
        ("12:30", word("12 30")),
        ('"or"', word("or", is_open=False)),
        ("so:", word("so")),
    ],
)
def test_words_and_what_joins_them(asked, meant):
    assert parse(asked) == meant


@pytest.mark.parametrize(
    ("asked", "meant"),
    [
        ("deck:Biology", Named(Field.DECK, "Biology")),
        ("deck:Biology::Cells", Named(Field.DECK, "Biology::Cells")),
        ('deck:"Cell biology"', Named(Field.DECK, "Cell biology")),
        ('"deck:Cell biology"', Named(Field.DECK, "Cell biology")),
        ("DECK:b*", Named(Field.DECK, "b*")),
        (r"deck:a\*b\"c", Named(Field.DECK, r"a\*b" + '"c')),
        (r'"deck\:x"', word("deck x", is_open=False)),
        ("tag:marine", Named(Field.TAG, "marine")),
        ("tag:none", Untagged()),
        (r"tag:\none", Named(Field.TAG, "none")),
        ("speaker:okafor", Named(Field.SPEAKER, "okafor")),
        ("document:hand_book", Named(Field.DOCUMENT, "hand_book")),
        ("reason:wrong", Named(Field.REASON, "wrong")),
        ("source:tide", InSource(word("tide"))),
        ("source:*", InSource(Wild("*"))),
        ('source:"the tide"', InSource(word("the tide", is_open=False))),
        ("kind:cloze", OfKind(CardKind.CLOZE)),
        ("note:basic", OfKind(CardKind.BASIC)),
        ("is:due", Is(State.DUE)),
        ("-is:suspended", Not(Is(State.SUSPENDED))),
        ("rated:7", Rated(7)),
        ("rated:7:1", Rated(7, Grade.AGAIN)),
        ("rated:1:easy", Rated(1, Grade.EASY)),
        ("added:7", Since(Event.ADDED, 7)),
        ("edited:1", Since(Event.EDITED, 1)),
        ("introduced:30", Since(Event.INTRODUCED, 30)),
        ("prop:s>30", Measured(Measure.STABILITY, Comparison.MORE, 30)),
        ("prop:r<0.9", Measured(Measure.RETRIEVABILITY, Comparison.LESS, 0.9)),
        ("prop:d>=30%", Measured(Measure.DIFFICULTY, Comparison.AT_LEAST, 0.3)),
        ("prop:ivl>=10", Measured(Measure.INTERVAL, Comparison.AT_LEAST, 10)),
        ("prop:due=-1", Measured(Measure.DUE, Comparison.EQUAL, -1)),
        ("prop:lapses!=0", Measured(Measure.LAPSES, Comparison.UNEQUAL, 0)),
        ("prop:reps<=4", Measured(Measure.REVIEWS, Comparison.AT_MOST, 4)),
        ("flag:1", Flagged(1)),
        ("card:2", Face(2)),
        ("nid:4,8", OneOf(Ids.NOTE, (4, 8))),
        ("cid:15", OneOf(Ids.CARD, (15,))),
    ],
)
def test_a_word_with_a_colon_asks_for_a_property(asked, meant):
    assert parse(asked) == meant


@pytest.mark.parametrize(
    ("asked", "column", "sentence"),
    [
        ("tide (gate", 6, "this bracket is never closed. Add a ) where it ends."),
        ("tide) gate", 5, "this bracket closes nothing. Take it out, or open one before it."),
        ("tide ()", 6, "there is nothing to search for in these brackets."),
        ("or tide", 1, "“or” needs something on both sides. Quote it to search for the word."),
        ("tide or", 6, "“or” needs something on both sides. Quote it to search for the word."),
        ("a or !! or b", 3, "“or” needs something on both sides. Quote it to search for the word."),
        ("tide -", 0, ""),
        ("tide -)", 6, "a minus needs something behind it, with no blank between."),
        ("--tide", 1, "a minus needs something behind it, with no blank between."),
        ('tide "gate', 6, 'this quotation mark is never closed. Add a " where it ends.'),
        ("  !", 3, "there is no letter or digit to search for. Type a word."),
        ("dekc:x", 1, "there is no “dekc:” to search by. Did you mean “deck:”? To search for the text, put it in quotation marks."),
        ("qwx:x", 1, "there is no “qwx:” to search by. Look at what can be typed. To search for the text, put it in quotation marks."),
        ("tide deck:", 6, "“deck:” needs something right behind the colon."),
        ("is:bored", 4, "there is no state “bored”. Choose one of due, new, learn, review, suspended, buried, leech."),
        ("rated:x", 7, "The number of days is a whole number from 1 to 36500, not “x”."),
        ("rated:7:9", 7, "there is no grade “9”. Choose one of 1, 2, 3, 4, again, hard, good, easy."),
        ("prop:s", 6, "“prop:” needs a figure, a sign and a number, as in prop:ivl>=10."),
        ("prop:ease>2", 6, "there is no figure “ease”. Choose one of s, d, r, ivl, due, lapses, reps."),
        ("prop:s>many", 6, "“many” is not a number that a card can have."),
        ("prop:s>nan", 6, "“nan” is not a number that a card can have."),
        ("prop:ivl>1.5", 6, "“prop:ivl” is counted in whole numbers."),
        ("flag:8", 6, "A flag is a whole number from 0 to 7, not “8”."),
        ("nid:4,", 5, "Each id is a whole number from 1 to 2147483647, not “”."),
        ("source:!", 8, "“source:” needs a word of the quote, or * for any quote."),
        ("re:t.de", 1, "Recto does not search by patterns like “re:”. Use * for any characters, _ for one."),
    ],
)  # fmt: skip
def test_what_cannot_be_understood_is_told_with_its_place(asked, column, sentence):
    if not sentence:
        assert parse(asked) == word("tide")
        return
    with pytest.raises(Misread) as told:
        parse(asked)

    assert (told.value.column, told.value.message) == (column, f"At character {column}: {sentence}")


@pytest.mark.parametrize(
    "asked",
    ["(" * (DEPTH + 1) + "x" + ")" * (DEPTH + 1), "x " * (PARTS + 1), "x" * (LIMIT_CHARS + 1)],
    ids=["deep", "many parts", "long"],
)
def test_a_search_is_no_larger_than_a_database_bears(asked):
    with pytest.raises(Misread):
        parse(asked)


words = some.text(some.sampled_from("abcxyz019é数据ß"), min_size=1, max_size=6).map(
    lambda text: parse(f'"{text}"').words[0]
)
texts = some.one_of(
    some.builds(Term, some.lists(words, min_size=1, max_size=3).map(tuple), some.booleans()),
    some.builds(lambda before, sign, after: parse(f"{before}{sign}{after}"), words, some.sampled_from("*_"), words),
)
names = some.text(some.characters(exclude_categories=["Cc", "Cs"]), min_size=1, max_size=8)
leaves = some.one_of(
    texts,
    some.builds(InSource, texts),
    some.builds(Named, some.sampled_from(Field), names.map(exactly)),
    some.just(Untagged()),
    some.builds(OfKind, some.sampled_from(CardKind)),
    some.builds(Is, some.sampled_from(State)),
    some.builds(Rated, some.integers(1, 400), some.one_of(some.none(), some.sampled_from(Grade))),
    some.builds(Since, some.sampled_from(Event), some.integers(1, 400)),
    some.builds(
        Measured,
        some.sampled_from([Measure.STABILITY, Measure.DIFFICULTY, Measure.RETRIEVABILITY]),
        some.sampled_from(Comparison),
        some.floats(-1000, 1000).map(lambda number: number + 0.0),
    ),
    some.builds(Measured, some.just(Measure.DUE), some.sampled_from(Comparison), some.integers(-99, 99).map(float)),
    some.builds(Flagged, some.integers(0, 7)),
    some.builds(Face, some.integers(1, 9)),
    some.builds(OneOf, some.sampled_from(Ids), some.lists(some.integers(1, 10**6), min_size=1, max_size=3).map(tuple)),
)
expressions = some.recursive(
    leaves,
    lambda inner: some.one_of(
        some.builds(both, inner, inner), some.builds(either, inner, inner), some.builds(negated, inner)
    ),
    max_leaves=8,
)


@given(expressions)
@example(Named(Field.TAG, "None"))
def test_what_is_printed_is_read_as_the_same(expression):
    assert parse(printed(expression)) == expression


@given(some.one_of(some.text(max_size=30), some.text(some.sampled_from('ab:-"()*_\\ or数'), max_size=20)))
@example("𝐀 ﷺ ½")
@example("-*")
@example("a or *")
def test_whatever_is_understood_can_be_printed_and_read_again(asked):
    try:
        expression = parse(asked)
    except Misread:
        return

    assert parse(printed(expression)) == expression


@given(some.text(some.sampled_from('ab:-"()*_\\ or数'), max_size=20))
def test_a_mistake_is_placed_within_what_was_typed(asked):
    try:
        parse(asked)
        column = 1
    except Misread as told:
        column = told.column

    assert 1 <= column <= max(1, len(asked))


@pytest.mark.parametrize(
    ("name", "glob", "expected"),
    [
        ("Biology", "biology", True),
        ("Café", "cafe", True),
        ("Biology", "bio", False),
        ("Biology", "bio*", True),
        ("Biology", "*log*", True),
        ("Biology", "b_ology", True),
        ("Biology", "b_logy", False),
        ("a*b", r"a\*b", True),
        ("axb", r"a\*b", False),
        ("", "*", True),
        ("aab", "*ab", True),
        ("a" * 200, "*a" * 60 + "b", False),
    ],
)
def test_names_are_compared_with_globs(name, glob, expected):
    assert is_like(name, glob) is expected


@given(some.text(max_size=12))
def test_a_name_taken_exactly_is_like_itself(name):
    assert is_like(name, exactly(name))


def test_every_key_of_the_parts_can_be_typed():
    keys = {field.value for field in Field} | {event.value for event in Event} | {ids.value for ids in Ids}

    assert keys | {"source", "kind", "is", "rated", "prop", "flag", "card"} <= set(KEYS)
