from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.domain.amounts import Amount, Word, contrary, in_smallest, read, readings


def amount(value, unit="", hedge="", **more):
    return Amount(Fraction(value), unit, hedge, **more)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1,000", 1000), ("1 000", 1000), ("1\u202f000\u202f000", 10**6), ("1'000", 1000), ("1,234.5", "1234.5"),
        ("3,5", "3.5"), ("0,125", "0.125"), ("-5", -5), ("−5", -5), ("½", "1/2"), ("3/4", "3/4"), ("2 2/3", "8/3"),
        ("10^3", 1000), ("10⁻²", "0.01"), ("10k", 10**4), ("1.5 million", 1_500_000), ("2 bn", 2 * 10**9),
        ("zero", 0), ("seventeen", 17), ("forty-two", 42), ("two hundred and five", 205), ("a hundred", 100),
        ("twenty one thousand three hundred", 21_300), ("three million two hundred thousand", 3_200_000),
        ("nineteen forty-five", 1945), ("twenty twenty", 2020), ("a dozen", 12), ("two dozen", 24), ("half", "1/2"),
        ("two thirds", "2/3"), ("one quarter", "1/4"), ("٧٢", 72), ("７２", 72),
    ],
)  # fmt: skip
def test_a_number_is_read_however_it_is_written(text, value):
    assert read(text) == (amount(value),)


@pytest.mark.parametrize(
    ("text", "value"),
    [("4th", 4), ("fourth", 4), ("21st", 21), ("twenty-first", 21), ("thirtieth", 30), ("second", 2)],
)
def test_an_ordinal_is_another_thing_than_its_number(text, value):
    assert read(text) == (amount(value, ordinal=True),)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("5 km", amount(5, "km")), ("5km", amount(5, "km")), ("five kilometres", amount(5, "km")),
        ("72 hrs", amount(72, "h")), ("one second", amount(1, "s")), ("70 %", amount(70, "percent")),
        ("5 percentage points", amount(5, "point")), ("100 km/h", amount(100, "km/h")), ("20 ℃", amount(20, "celsius")),
        ("20 degrees Celsius", amount(20, "celsius")), ("3 m²", amount(3, "m2")), ("$5 million", amount(5_000_000, "dollar")),
        ("US$5", amount(5, "dollar")), ("5 euros", amount(5, "euro")), ("3D", None), ("50 Hz", amount(50, "hz")),
    ],
)  # fmt: skip
def test_a_unit_belongs_to_its_number(text, expected):
    assert read(text) == ((expected,) if expected else (amount(3), Word("d")))


@pytest.mark.parametrize(
    ("text", "hedge"),
    [
        ("more than 15", "more"), ("over 15", "more"), (">15", "more"), ("15+", "at least"), ("at least 15", "at least"),
        ("15 or more", "at least"), ("no less than 15", "at least"), ("under 15", "less"), ("no more than 15", "at most"),
        ("up to 15", "at most"), ("close to 15", "nearly"), ("~15", "about"), ("within 15", "within"), ("only 15", ""),
        ("only about 15", "about"), ("about a total of 15", "about"),
    ],
)  # fmt: skip
def test_what_limits_a_number_belongs_to_it(text, hedge):
    assert read(text) == (amount(15, hedge=hedge),)


def test_a_hedge_without_a_number_is_a_word():
    assert read("over the river") == (Word("over"), Word("river"))
    assert read("2 + 3") == (amount(2), Word("+"), amount(3))


def test_numbers_of_several_parts_stay_as_they_are_written():
    assert [read(text) for text in ("10.0.0.1", "10:30", "1/2/2020")] == [
        (Word("10.0.0.1"),),
        (Word("10:30"),),
        (Word("1/2/2020"),),
    ]


def test_numbers_that_only_stand_together_are_not_one():
    assert read("four and five") == (amount(4), Word("and"), amount(5))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("the A team", "a team"), ("a plan", "plan"), ("Plan A", "plan a"), ("A or B", "a or b"), ("The", "the"),
        ("don’t", "do not"), ("C++ and C#", "c++ and c#"), ("TCP/IP", "tcp ip"), ("北京", "北 京"), ("!?…", ""),
    ],
)  # fmt: skip
def test_words_are_read_without_articles_and_punctuation(text, words):
    assert [token.text for token in read(text)] == words.split()


def test_a_text_can_be_read_in_several_ways_the_plain_one_first():
    ways = [" ".join(token.text for token in way) for way in readings("the Müller co-op")]

    assert ways[0] == "muller co op"
    assert set(ways) == {
        f"{the}{name} {co}" for the in ("", "the ") for name in ("muller", "mueller") for co in ("co op", "coop")
    }


def test_amounts_in_units_of_one_kind_can_be_compared():
    assert in_smallest(amount(3, "day")) == in_smallest(amount(72, "h"))
    assert in_smallest(amount(1, "month")) != in_smallest(amount(30, "day"))


def test_more_and_less_are_contrary_about_is_neither():
    assert contrary("more", "at most")
    assert contrary("less", "at least")
    assert not contrary("more", "at least")
    assert not contrary("about", "less")


@given(st.integers(min_value=0, max_value=10**12))
def test_an_integer_is_read_with_and_without_separators(number):
    assert read(str(number)) == read(f"{number:,}") == read(f"{number:,}".replace(",", " ")) == (amount(number),)


@given(st.text(max_size=80))
def test_reading_never_fails_and_starts_with_the_plain_way(text):
    assert readings(text)[0] == read(text)
