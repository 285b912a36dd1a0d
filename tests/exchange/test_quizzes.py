"""Question types of GIFT and Moodle XML, as cards."""

import pytest

from quizapp.domain.cards import CardKind
from quizapp.exchange import gift, moodle
from quizapp.exchange.layout import Wishes

GIFT = [
    ("Tallest? {=Ulver#yes ~Skarn#no ~Holm}", CardKind.CHOICE, "Tallest?", "Ulver"),
    ("Lit? {T}", CardKind.TRUE_FALSE, "Lit?", "True"),
    ("Lit? {FALSE#It is#It is not}", CardKind.TRUE_FALSE, "Lit?", "False"),
    ("Keeper? {=Ada =%50%Li}", CardKind.BASIC, "Keeper?", "Ada"),
    ("The {=light} flashes.", CardKind.CLOZE, "The {{c1::light}} flashes.", ""),
    ("The {=light ~bell} rings.", CardKind.CHOICE, "The […] rings.", "light"),
    ("Height? {#43:2}", CardKind.BASIC, "Height?", "43"),
    ("Years? {#1990..1999}", CardKind.BASIC, "Years?", "1990 to 1999"),
    ("Share? {#=0.5:0.1 =%50%0.6:0.2}", CardKind.BASIC, "Share?", "0.5"),
    ("Which? {~%50%Skarn ~%50%Ulver ~%-100%Holm}", CardKind.LIST, "Which?", "Skarn\nUlver"),
    ("Tell. {####At length.}", CardKind.BASIC, "Tell.", "At length."),
    (r"Is 1 \= 1 \{x\}\: {T}", CardKind.TRUE_FALSE, "Is 1 = 1 {x}:", "True"),
    ("::Name:: [markdown]*Lit*? {T}", CardKind.TRUE_FALSE, "*Lit*?", "True"),
    ("[html]<b>Lit</b>? {T}", CardKind.TRUE_FALSE, "**Lit**?", "True"),
    ("Blank\nlines {\n\n=a\n\n~b\n}", CardKind.CHOICE, "Blank<br>\nlines", "a"),
]


@pytest.mark.parametrize(("text", "kind", "question", "answer"), GIFT, ids=[one[0] for one in GIFT])
def test_a_question_of_gift_is_a_card(text, kind, question, answer):
    found = gift.read(text.encode(), Wishes())

    assert found.troubles == ()
    assert [(one.note.kind, one.note.question, one.note.answer) for one in found.notes] == [(kind, question, answer)]


def test_categories_are_decks_and_comments_hold_ids_and_tags():
    text = "// [id:q1] [tag:sea] [tag:north light]\n$CATEGORY: $course$/top/Lights/A//B\n\nLit? {T}\n"
    (one,) = gift.read(text.encode(), Wishes()).notes

    assert (one.deck, one.guid, one.note.tags, one.line) == ("Lights::A/B", "q1", ("sea", "north light"), 4)


def test_a_matching_question_is_a_card_a_pair_and_says_so():
    found = gift.read(b"Match. {=Skarn -> north =Ulver -> south}", Wishes())

    assert [(one.note.question, one.note.answer) for one in found.notes] == [
        ("Match.\n\nSkarn", "north"),
        ("Match.\n\nUlver", "south"),
    ]
    assert "2 cards" in found.adapted[0]


@pytest.mark.parametrize("text", ["Words alone.", "Open { =a", "Essay {}", "None {~a ~b}", "Odd {#abc}"])
def test_what_is_no_card_is_told_of_and_the_next_one_comes(text):
    found = gift.read(f"{text}\n\nLit? {{T}}".encode(), Wishes())

    assert ([one.line for one in found.troubles], len(found.notes)) == ([1], 1)


BANK = """<?xml version="1.0" encoding="UTF-8"?>
<quiz>
<question type="category"><category><text>$course$/top/Sea</text></category></question>
<question type="multichoice"><questiontext format="html"><text><![CDATA[<p>Tallest <b>light</b>?</p>]]></text></questiontext>
 <answer fraction="0"><text>Skarn</text></answer><answer fraction="100"><text>Ulver</text></answer>
 <generalfeedback><text>By far.</text></generalfeedback><idnumber>q7</idnumber><tags><tag><text>sea</text></tag></tags></question>
<question type="cloze"><questiontext><text>{1:SHORTANSWER:=Skarn~%50%Skarm#close} has {2:NUMERICAL:=2:0} flashes {1:MC:~no~=now}.</text></questiontext></question>
<question type="matching"><questiontext><text>Match</text></questiontext>
 <subquestion><text>Skarn</text><answer><text>north</text></answer></subquestion><subquestion><text></text><answer><text>x</text></answer></subquestion></question>
<question type="numerical"><questiontext><text>Height <img src="@@PLUGINFILE@@/a.png"/>?</text></questiontext><answer fraction="100"><text>43</text><tolerance>1</tolerance></answer></question>
<question type="ordering"><questiontext><text>Order</text></questiontext><answer fraction="1"><text>one</text></answer><answer fraction="2"><text>two</text></answer></question>
<question type="description"><questiontext><text>Read this.</text></questiontext></question>
<question type="calculated"><questiontext><text>1+1</text></questiontext></question>
</quiz>""".replace(
    '<text>Height <img src="@@PLUGINFILE@@/a.png"/>?</text>', "<text><![CDATA[Height <img src='a.png'>?]]></text>"
)


def test_a_question_bank_of_moodle_is_read():
    found = moodle.read(BANK.encode(), Wishes())
    choice, gaps, pair, number, order = found.notes

    assert (choice.note.question, choice.note.answer, choice.note.explanation) == (
        "Tallest **light**?",
        "Ulver",
        "By far.",
    )
    assert (choice.deck, choice.guid, choice.note.tags, choice.line) == ("Sea", "q7", ("sea",), 4)
    assert gaps.note.question == "{{c1::Skarn}} has {{c2::2}} flashes {{c3::now}}."
    assert (pair.note.question, pair.note.answer) == ("Match\n\nSkarn", "north")
    assert (number.note.question, number.note.explanation) == ("Height ?", "Right from 42 to 44.")
    assert (order.note.kind, order.note.answer) == (CardKind.ORDER, "one\ntwo")
    assert [one.line for one in found.troubles] == [12, 13]
    assert any("pictures" in sentence for sentence in found.adapted)
