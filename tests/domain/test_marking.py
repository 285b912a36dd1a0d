from itertools import pairwise

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from quizapp.domain import marking, spelling
from quizapp.domain.list_marking import mark_gaps, mark_list, mark_order
from quizapp.domain.marking import (
    Extra,
    Kind,
    Missing,
    Reason,
    Same,
    difference,
    mark_choice,
    mark_typed,
)

RIGHT, CLOSE, WRONG = Kind.RIGHT, Kind.CLOSE, Kind.WRONG
NAMED = "Deng Yafeng (Vice President of Shanda Group and CEO of EverMind)"

# What was typed, what was expected, the mark, and a name for the case.
CASES = [
    ("MITOCHONDRIA", "mitochondria", RIGHT, "case"),
    ("Beyonce", "Beyoncé", RIGHT, "accents left out"),
    ("naïve", "naive", RIGHT, "accents put in"),
    ("Mueller", "Müller", RIGHT, "umlaut as two letters"),
    ("Lodz", "Łódź", RIGHT, "letter with a stroke"),
    ("strasse", "Straße", RIGHT, "sharp s"),
    ("the ribosome", "A ribosome", RIGHT, "article"),
    ("anyone at company", "Anyone at the company", RIGHT, "article inside"),
    ("vitamin A", "Vitamin A", RIGHT, "a letter that looks like an article"),
    ("vitamin", "Vitamin A", WRONG, "a letter is no article"),
    ("Hepatitis B", "Hepatitis A", WRONG, "another letter"),
    ("the model's memory.", "The model’s memory", RIGHT, "quotes and full stop"),
    ('"big brain"', "“big brain”", RIGHT, "typographic quotes"),
    ("cocreation", "co-creation", RIGHT, "hyphen left out"),
    ("co creation", "co-creation", RIGHT, "hyphen as a space"),
    ("GPT4", "GPT-4", RIGHT, "digit glued to a name"),
    ("USA", "U.S.A.", RIGHT, "full stops in letters"),
    ("cant", "cannot", RIGHT, "contraction"),
    ("research & development", "research and development", RIGHT, "ampersand"),
    ("the color of behavior", "The colour of behaviour", RIGHT, "American spelling"),
    ("organisation", "organization", RIGHT, "British spelling"),
    ("haemoglobin", "hemoglobin", RIGHT, "British medicine"),
    ("four", "4", RIGHT, "number word"),
    ("4", "four", RIGHT, "digit"),
    ("two hundred and five", "205", RIGHT, "long number word"),
    ("1,000", "1000", RIGHT, "comma in a thousand"),
    ("1 000", "1,000", RIGHT, "space in a thousand"),
    ("about 4,000,000", "about 4 million", RIGHT, "million"),
    ("1½", "1.5", RIGHT, "fraction"),
    ("4th", "fourth", RIGHT, "ordinal"),
    ("World War 2", "World War II", RIGHT, "Roman number"),
    ("1-4", "1 to 4", RIGHT, "range"),
    ("4 to 1", "1 to 4", WRONG, "range reversed"),
    ("5 km", "5 kilometres", RIGHT, "unit in short"),
    ("72 h", "72 hours", RIGHT, "hours in short"),
    ("70 %", "70 percent", RIGHT, "percent sign"),
    ("70 per cent", "70%", RIGHT, "per cent"),
    ("100 kilometres per hour", "100 km/h", RIGHT, "speed"),
    ("5 dollars", "$5", RIGHT, "currency sign"),
    ("H2O", "H₂O", RIGHT, "number set low"),
    ("10^2", "10²", RIGHT, "power"),
    ("102", "10²", WRONG, "power lost"),
    ("72", "72 hours", CLOSE, "unit left out"),
    ("72 huors", "72 hours", CLOSE, "unit misspelt"),
    ("3 days", "72 hours", CLOSE, "same amount in another unit"),
    ("72 days", "72 hours", WRONG, "another unit"),
    ("1000", "1,000 people", CLOSE, "what is counted left out"),
    ("4", "Claude 4", WRONG, "name left out"),
    ("75", "72", WRONG, "another number"),
    ("1945", "1954", WRONG, "digits swapped"),
    ("3.1", "3.10", CLOSE, "last zero"),
    ("-5", "5", WRONG, "minus"),
    ("over 70%", "more than 70%", RIGHT, "hedge in other words"),
    ("approximately 20", "about 20", RIGHT, "about in other words"),
    ("70%", "more than 70%", CLOSE, "hedge left out"),
    ("about 20", "20", CLOSE, "hedge put in"),
    ("at least 70%", "more than 70%", CLOSE, "hedge of the same direction"),
    ("less than 70%", "more than 70%", WRONG, "hedge reversed"),
    ("4 hours or more", "at least 4 hours", RIGHT, "hedge behind"),
    ("14 days", "only 14 days", RIGHT, "only says nothing of the number"),
    ("mitocondria", "mitochondria", CLOSE, "letter left out"),
    ("mitochnodria", "mitochondria", CLOSE, "letters swapped"),
    ("mitkcomdrea", "mitochondria", WRONG, "too many slips"),
    ("cet", "cat", WRONG, "slip in a short answer"),
    ("mouse", "house", WRONG, "another first letter"),
    ("GPDR", "GDPR", WRONG, "acronym"),
    ("AIGA summit", "AIGC summit", WRONG, "acronym in a longer answer"),
    ("Dneg Yafeng", "Deng Yafeng", CLOSE, "slip in a name"),
    ("Dneg Yafegn", "Deng Yafeng", CLOSE, "slip in each of two names"),
    ("Dgne Yafeng", "Deng Yafeng", WRONG, "two slips in one name"),
    ("hypotension", "hypertension", WRONG, "hypo and hyper"),
    ("nitrite", "nitrate", WRONG, "nitrite and nitrate"),
    ("illegal", "legal", WRONG, "prefix that negates"),
    ("cats", "cat", CLOSE, "plural"),
    ("mitochondrion", "mitochondria", CLOSE, "Latin plural"),
    ("women", "woman", CLOSE, "irregular plural"),
    ("white board", "whiteboard", CLOSE, "a space too many"),
    ("CEO and Chairman", "Chairman and CEO", CLOSE, "order of words"),
    ("Chief Scientist at SenseTime", "Chief Scientist of SenseTime", CLOSE, "small word"),
    ("Head of system operation", "Head of system operation at Aldermark Grid", CLOSE, "end left out"),
    ("Amazon", "Amazon Web Services", WRONG, "most left out"),
    ("the smallest lake in Africa", "the largest lake in Africa", WRONG, "word changed"),
    ("not the commander", "the commander", WRONG, "negated"),
    ("Paris or London", "Paris", WRONG, "both ways"),
    ("1 and 2", "1 or 2", WRONG, "and for or"),
    ("3,000 megawatts", "3,000 times", WRONG, "a unit for a word"),
    ("Deng Yafeng", NAMED, RIGHT, "brackets left out"),
    (NAMED, NAMED, RIGHT, "brackets typed"),
    ("Deng Yafeng, CEO of EverMind", NAMED, RIGHT, "part of the brackets"),
    ("Deng Yafeng, CEO of Google", NAMED, CLOSE, "another part beside the name"),
    ("CEO of EverMind", NAMED, WRONG, "part of the brackets alone"),
    ("Vice President of Shanda Group and CEO of EverMind", NAMED, WRONG, "brackets alone"),
    ("Dneg Yafeng (CEO of EverMind)", NAMED, CLOSE, "slip in the name before the brackets"),
    ("travelers cheqe", "travel(l)ers cheque", CLOSE, "slip beside a letter in brackets"),
    ("Versailles 1920", "Versailles (1919)", WRONG, "another number beside the name"),
    ("color", "colo(u)r", RIGHT, "letter in brackets left out"),
    ("colour", "colo(u)r", RIGHT, "letter in brackets"),
    ("t", "True", RIGHT, "true in short"),
    ("yes", "true", RIGHT, "yes for true"),
    ("no", "True", WRONG, "no for true"),
    ("Tru", "False", WRONG, "neither true nor false"),
    ("true", "T", WRONG, "the letter T is not true"),
    ("北京 大学", "北京大学", RIGHT, "Chinese with a space"),
    ("北京大", "北京大学", WRONG, "Chinese character left out"),
    ("東京大学", "北京大学", WRONG, "another Chinese character"),
    ("かき", "がき", WRONG, "Japanese mark"),
    ("الكتاب", "الكِتاب", RIGHT, "Arabic vowel left out"),
    ("שלום", "שָׁלוֹם", RIGHT, "Hebrew vowels left out"),
    ("елка", "ёлка", RIGHT, "Russian yo"),
    ("٧٢", "72", RIGHT, "Arabic digits"),
    ("C", "C++", WRONG, "signs of a name"),
    ("==", "==", RIGHT, "signs alone"),
    ("=", "==", WRONG, "other signs alone"),
    ("", "Paris", WRONG, "nothing"),
    (" \t\u200b ", "Paris", WRONG, "nothing to see"),
    ("?!", "Paris", WRONG, "punctuation alone"),
]

WORDS_TEXT = "cell energy Ada Lovelace four 72 hours the an über co-operate more than 1,000 colour € (or so)"
TEXTS = st.text(max_size=80)
WORDS = st.lists(
    st.sampled_from(WORDS_TEXT.split()),
    min_size=1,
    max_size=8,
).map(" ".join)
ANSWERS = st.one_of(TEXTS, WORDS)
NAMES = st.text("abcdefgéüöñ", min_size=2, max_size=9).filter(lambda word: spelling.folded(word) != "and")
LETTERS = st.lists(NAMES, min_size=1, max_size=6).map(" ".join)


@pytest.mark.parametrize(("typed", "expected", "kind"), [case[:3] for case in CASES], ids=[case[3] for case in CASES])
def test_a_typed_answer_is_marked(typed, expected, kind):
    assert mark_typed(typed, expected=expected).kind is kind


def test_a_near_miss_in_spelling_is_close_not_wrong():
    mark = mark_typed("mitocondria", expected="mitochondria")

    assert mark.kind is Kind.CLOSE
    assert mark.share == 0.5
    assert mark.diff == (Same("mitoc"), Missing("h"), Same("ondria"))


@pytest.mark.parametrize(
    ("typed", "expected", "reasons"),
    [
        ("mitocondria", "mitochondria", (Reason.SPELLING,)),
        ("cats", "cat", (Reason.PLURAL,)),
        ("70%", "more than 70%", (Reason.HEDGE,)),
        ("3 days", "72 hours", (Reason.UNIT,)),
        ("CEO and Chairman", "Chairman and CEO", (Reason.ORDER,)),
        ("38 operators", "38", (Reason.WORDS,)),
        ("72 huors", "more than 72 hours", (Reason.SPELLING, Reason.HEDGE, Reason.UNIT)),
        ("4", "four", ()),
        ("Rome", "Paris", ()),
    ],
    ids=["spelling", "plural", "hedge", "unit", "order", "words", "several", "right", "wrong"],
)
def test_a_close_answer_says_why(typed, expected, reasons):
    assert mark_typed(typed, expected=expected).reasons == reasons


@pytest.mark.parametrize(
    ("typed", "expected", "diff"),
    [
        ("MITOCHONDRIA", "mitochondria", (Same("mitochondria"),)),
        ("70%", "more than 70%", (Missing("more than "), Same("70%"))),
        ("75 hours", "72 hours", (Missing("72 "), Extra("75 "), Same("hours"))),
        ("Rome", "Paris", (Missing("Paris"), Extra("Rome"))),
        ("", "Paris", (Missing("Paris"),)),
        ("not Paris", "Paris", (Extra("not "), Same("Paris"))),
        ("Deng", "Deng Yafeng", (Same("Deng"), Missing(" Yafeng"))),
        ("white board", "whiteboard", (Same("white"), Extra(" "), Same("board"))),
    ],
    ids=["case", "words", "a number as a whole", "all", "nothing typed", "word too many", "word too few", "a space"],
)
def test_the_difference_is_shown_in_the_spelling_of_the_deck(typed, expected, diff):
    assert mark_typed(typed, expected=expected).diff == diff


def test_any_accepted_answer_is_right_and_the_nearest_one_is_shown():
    assert mark_typed("soccer", expected="football", accepted=["soccer"]).kind is RIGHT
    assert mark_typed("socer", expected="football", accepted=["soccer"]).expected == "soccer"


def test_a_choice_is_right_only_if_no_other_is_nearer():
    choices = ["Mitosis phase one", "Meiosis phase one", "Mitosis phase two"]

    assert mark_choice("mitosis phase one", expected=choices[0], choices=choices).kind is RIGHT
    assert mark_choice("mitosis phase two", expected=choices[0], choices=choices).kind is WRONG
    assert mark_choice("mitosis phas one", expected=choices[0], choices=choices).kind is CLOSE
    assert mark_choice("mitosis phase", expected=choices[0], choices=choices).kind is WRONG


def test_what_is_too_long_is_cut_not_compared():
    long = "ab " * 10**6

    mark = mark_typed(long, expected=long[: marking.LIMIT_CHARS])

    assert mark.kind is RIGHT
    assert sum(len(piece.text) for piece in mark.diff) <= marking.LIMIT_CHARS


def test_of_many_accepted_answers_only_so_many_are_read():
    many = [f"answer {number}" for number in range(1000)]

    assert mark_typed("answer 3", expected="x", accepted=many).kind is RIGHT
    assert mark_typed("answer 900", expected="x", accepted=many).kind is WRONG
    assert mark_typed("x", expected="x", accepted=["y" * 10**6] * 1000).kind is RIGHT


@pytest.mark.parametrize(
    "text",
    ["\0" * 600, "\ud800" * 600, "ﷺ" * 600, "a" + "\u0301" * 600, "👩‍👩‍👧" * 200, "(" * 600, "1/0 0^-1 0/0", "9" * 600,
     "9^99 " * 100, "hundred " * 100, "twenty " * 100, "1½ " * 200, "thousand million " * 40, "٣/٠", "²", "½½", "1 2/3"],
    ids=lambda text: ascii(text[:6]),
)  # fmt: skip
def test_hostile_text_is_marked_like_any_other(text):
    assert mark_typed(text, expected="Paris").kind is WRONG
    assert mark_typed("Paris", expected=text).kind is WRONG
    assert mark_typed(text, expected=text).kind is (RIGHT if text.strip() else WRONG)
    assert mark_list(text, items=[text, "Paris"]).kind in Kind


@given(ANSWERS, ANSWERS, st.lists(ANSWERS, max_size=3))
def test_marking_never_fails(typed, expected, others):
    for mark in (
        mark_typed(typed, expected=expected, accepted=others),
        mark_choice(typed, expected=expected, choices=others),
    ):
        assert mark.share in {0, 0.5, 1}
    for listed in (
        mark_list(typed, items=[expected, *others]),
        mark_order(typed, items=[expected, *others]),
        mark_gaps([typed], gaps=[expected, *others]),
    ):
        assert 0 <= listed.share <= 1
        assert len(listed.hits) + len(listed.misplaced) + len(listed.missed) == 1 + len(others)


@given(ANSWERS)
def test_an_answer_is_right_against_itself(answer):
    assume(answer.strip())

    assert mark_typed(answer, expected=answer).kind is RIGHT


@given(
    LETTERS, st.sampled_from(["", "the ", "A "]), st.sampled_from([str.upper, str.lower, str.title, spelling.folded])
)
def test_an_answer_is_right_whatever_its_case_accents_and_articles(answer, article, change):
    assert mark_typed(article + change(answer), expected=answer).kind is RIGHT


@given(
    st.one_of(LETTERS, WORDS.filter(lambda text: "(" not in text)),
    st.one_of(LETTERS, WORDS.filter(lambda text: "(" not in text)),
)
def test_what_is_right_is_right_the_other_way_round(one, other):
    there, back = mark_typed(one, expected=other), mark_typed(other, expected=one)

    assert (there.kind is RIGHT) == (back.kind is RIGHT)


@given(ANSWERS, ANSWERS, st.lists(ANSWERS, max_size=3), ANSWERS)
def test_one_more_accepted_answer_never_lowers_the_mark(typed, expected, accepted, another):
    before = mark_typed(typed, expected=expected, accepted=accepted)
    after = mark_typed(typed, expected=expected, accepted=[*accepted, another])

    assert after.share >= before.share


@given(ANSWERS, ANSWERS)
def test_the_difference_gives_both_texts_again(typed, expected):
    pieces = difference(typed, expected)

    assert "".join(piece.text for piece in pieces if not isinstance(piece, Extra)) == " ".join(expected.split())
    told = "".join(piece.text for piece in pieces if not isinstance(piece, Missing))
    assert spelling.folded(told) == spelling.folded(" ".join(typed.split()))


@given(ANSWERS, ANSWERS)
def test_neighbouring_pieces_of_a_difference_are_of_different_kinds(typed, expected):
    pieces = difference(typed, expected)

    assert all(piece.text for piece in pieces)
    assert all(type(one) is not type(other) for one, other in pairwise(pieces))
