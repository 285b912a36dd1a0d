import re
from html import unescape

import genanki
import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp import markup
from quizapp.anki import fields as module
from quizapp.anki.fields import fields
from quizapp.anki.notetypes import FIELDS, note_type
from quizapp.domain import cloze
from quizapp.domain.cards import CardKind, Illustration, Note, Source
from quizapp.errors import InvalidInput


def values(kind, question="Which layer?", answer="The *skin*", **more):
    return fields(Note(kind, question, answer, **more), guid="G1", document_title=None, link="")


def source(quote, **more):
    return Source(quote, 0, len(quote), **more)


def test_a_basic_note_has_its_markdown_as_html():
    held = values(CardKind.BASIC, question="Is `a` < b?", explanation="- one\n- two")

    assert held == {
        "Question": "Is <code>a</code> &lt; b?",
        "Answer": "The <em>skin</em>",
        "Explanation": "<ul>\n<li>one</li>\n<li>two</li>\n</ul>",
        "Id": "G1",
    }


def test_a_source_brings_quote_speaker_and_place_as_they_stand():
    told = source("Skin *is*\n<the> layer.", speaker="O'Neil <CEO>", heading="Layers", page=3)

    held = values(CardKind.BASIC, answer="Hair", source=told)

    assert held["Quote"] == "Skin *is*<br>&lt;the&gt; layer."
    assert held["Speaker"] == "O'Neil &lt;CEO&gt;"
    assert held["Place"] == 'Layers, <span class="page">page 3</span>'


def test_a_choice_note_knows_its_right_choice():
    held = values(CardKind.CHOICE, answer="*Skin*", choices=("Hair", "*Skin*", "a < b"))

    assert held["Choices"] == (
        '<ol class="choices"><li>Hair</li>\n<li class="right"><em>Skin</em></li>\n<li>a &lt; b</li></ol>'
    )
    assert held["Answer"] == "<em>Skin</em>"


def test_a_statement_is_a_choice_that_is_never_shuffled():
    held = values(CardKind.TRUE_FALSE, answer="false")

    assert held["Choices"] == '<ol class="choices fixed"><li>True</li>\n<li class="right">False</li></ol>'


def test_a_list_note_counts_its_items():
    held = values(CardKind.LIST, answer="- Chips\n\n- *Models*\n")

    assert held["Items"] == '<ul class="items"><li>Chips</li>\n<li><em>Models</em></li></ul>'
    assert held["Count"] == "2"


@pytest.mark.parametrize(
    ("steps", "shown"),
    [
        pytest.param("page\nopen\nwrite", ["open", "page", "write"], id="by alphabet"),
        pytest.param("open\npage\nwrite", ["write", "page", "open"], id="turned round when the alphabet is right"),
    ],
)
def test_the_steps_of_an_order_note_are_shown_in_another_order(steps, shown):
    held = values(CardKind.ORDER, answer=steps)

    assert held["Items"] == '<ol class="steps">' + "\n".join(f"<li>{s}</li>" for s in steps.split()) + "</ol>"
    assert held["Shuffled"] == '<ul class="pieces">' + "\n".join(f"<li>{s}</li>" for s in shown) + "</ul>"


@pytest.mark.parametrize(
    ("text", "html"),
    [
        pytest.param("{{c1::*a* b}} {{c2::c::hint}}", "{{c1::<em>a</em> b}} {{c2::c::hint}}", id="Markdown in gaps"),
        pytest.param("{{c1::a < b}}", "{{c1::a &lt; b}}", id="escaped"),
        pytest.param("*x {{c1::b* c}}", "*x {{c1::b* c}}", id="emphasis that would tear the gap"),
        pytest.param("{{c1::a\n\nb}}", "{{c1::a<br><br>b}}", id="a gap over two paragraphs"),
        pytest.param("[a](https://b/{{c1::c}})", "[a](https://b/{{c1::c}})", id="a gap in an address"),
        pytest.param(
            "<abbr title='{{c1::a}}'>b</abbr>", "&lt;abbr title='{{c1::a}}'&gt;b&lt;/abbr&gt;", id="in a title"
        ),
        pytest.param("{{c1::a&#125;}b}}", "{{c1::a&amp;#125;}b}}", id="an entity that would close the gap"),
        pytest.param("a{{c1::}}{{c3:: }}{{c2::b}}", "a {{c2::b}}", id="empty gaps ask nothing"),
        pytest.param("{{c1::a::}}", "{{c1::a}}", id="an empty hint"),
        pytest.param("$x={{c1::y}}$", r"\(x={{c1::y}}\)", id="in a formula"),
    ],
)
def test_a_cloze_text_keeps_its_gaps(text, html):
    assert values(CardKind.CLOZE, text)["Text"] == html


@pytest.mark.parametrize(
    ("note", "why"),
    [
        pytest.param(Note(CardKind.BASIC, " "), "no question", id="nothing asked"),
        pytest.param(Note(CardKind.BASIC, "&nbsp;<!-- a -->"), "no question", id="nothing visible asked"),
        pytest.param(Note(CardKind.BASIC, "a" * 70_000), "longer than 64 KiB", id="too long"),
        pytest.param(Note(CardKind.CLOZE, "A lobster."), "no gap", id="no gap"),
        pytest.param(Note(CardKind.CLOZE, "{{c1::}}"), "no gap", id="only an empty gap"),
        pytest.param(Note(CardKind.CLOZE, "{{c1::a {{c2::b}} c}}"), "inside another", id="nested gaps"),
        pytest.param(Note(CardKind.CLOZE, "{{c1,2::a}} {{c3::b}}"), "two numbers", id="two numbers"),
        pytest.param(Note(CardKind.CLOZE, "{{c1::a}} {{c2::b"), "not closed", id="an open gap"),
        pytest.param(Note(CardKind.CLOZE, "{{c501::a}}"), "above 500", id="high number"),
        pytest.param(Note(CardKind.CLOZE, "{{c1::a}} {{c1000::b}}"), "above 500", id="higher number"),
        pytest.param(Note(CardKind.CHOICE, "Which?", "a", ("b", "c")), "not among its choices", id="no right choice"),
        pytest.param(Note(CardKind.CHOICE, "Which?", "a", ("a", "a")), "fewer than two", id="one choice"),
        pytest.param(Note(CardKind.TRUE_FALSE, "It is so.", "Perhaps"), "not among its choices", id="neither"),
        pytest.param(Note(CardKind.LIST, "Which?", "\n"), "no items", id="no items"),
        pytest.param(Note(CardKind.ORDER, "Which?", ""), "no items", id="no steps"),
    ],
)
def test_what_anki_would_lose_is_refused_with_advice(note, why):
    with pytest.raises(InvalidInput, match=why):
        fields(note, guid="G1", document_title=None, link="")


@pytest.mark.parametrize(
    ("text", "html"),
    [
        pytest.param("$a<b$ and $$c$$", r"\(a&lt;b\) and \[c\]", id="formulas are MathJax's"),
        pytest.param(r"say \\(x\\)", r"say <span>\</span>(x<span>\</span>)", id="text that looks like MathJax"),
        pytest.param("[sound:a.mp3]", "&#91;sound:a.mp3]", id="a sound"),
        pytest.param("[anki:tts lang=en]a[/anki:tts]", "&#91;anki:tts lang=en]a[/anki:tts]", id="speech"),
        pytest.param("[latex]a[/latex] `[$]b`", "&#91;latex]a&#91;/latex] <code>&#91;$]b</code>", id="LaTeX"),
        pytest.param("{{Answer}} {{c1::a}}", "{{Answer}} {{c1::a}}", id="braces"),
        pytest.param("Cafe\u0301", "Caf\u00e9", id="composed as Anki stores it"),
        pytest.param("a\x1fb", "a\ufffdb", id="the character between fields"),
    ],
)
def test_text_does_not_become_one_of_ankis_commands(text, html):
    assert values(CardKind.BASIC, text)["Question"] == html


@pytest.mark.parametrize(
    ("kind", "answer", "quote"),
    [
        pytest.param(CardKind.BASIC, "skin", "<mark>Skin</mark> is skin.", id="the first time, any case"),
        pytest.param(CardKind.BASIC, "ski", "Skin is skin.", id="not a part of a word"),
        pytest.param(CardKind.LIST, "is\nSkin", "<mark>Skin</mark> <mark>is</mark> skin.", id="each item"),
        pytest.param(CardKind.BASIC, "", "Skin is skin.", id="no answer"),
    ],
)
def test_the_quote_marks_the_answer(kind, answer, quote):
    assert values(kind, answer=answer, source=source("Skin is skin."))["Quote"] == quote


def test_a_marked_quote_keeps_its_escapes():
    assert values(CardKind.BASIC, answer="amp", source=source("R&D & amp"))["Quote"] == "R&amp;D &amp; <mark>amp</mark>"


@pytest.mark.parametrize(
    ("link", "kept"),
    [
        ("http://127.0.0.1:8000/library/1?a=1&b=2#p3", "http://127.0.0.1:8000/library/1?a=1&amp;b=2#p3"),
        ("javascript:alert(1)", None),
        ('https://a/" onclick="alert(1)', None),
        ("", None),
    ],
)
def test_only_an_address_is_linked(link, kept):
    held = fields(Note(CardKind.BASIC, "a"), guid="G1", document_title="<Summit>", link=link)

    assert held.get("Link") == kept
    assert held["Document"] == "&lt;Summit&gt;"


PIECES = ["skin", "Skin", " ", "{{c1::", "{{c2::", "{{c0::", "{{c03::", "{{c501::", "{{c1,2::", "::", "}}", "{", "}"]
PIECES += [*"*_<>&$[]\\:.-\n", "\xa0", "e\u0301", "\x1f", "[sound:", "- ", "1. ", "&amp;", "<b>", "</b>", "$x$", "(x)"]
texts = st.one_of(st.lists(st.sampled_from(PIECES), max_size=10).map("".join), st.text(max_size=30))
notes = st.builds(
    Note,
    st.sampled_from(CardKind),
    texts,
    texts,
    st.lists(texts, max_size=3).map(tuple),
    texts,
    st.one_of(st.none(), st.builds(Source, texts, st.just(0), st.just(1), texts, texts)),
)


def outcome(note):
    try:
        return fields(note, guid="G1", document_title="A & B", link="")
    except InvalidInput as refusal:
        return refusal.message


@given(notes)
def test_short_cuts_change_nothing(note):
    taken = outcome(note)

    with pytest.MonkeyPatch.context() as patch:
        for owner, name in ((markup, "is_prose"), (module, "_has_simple_gaps"), (module, "_is_inert_as_it_stands")):
            patch.setattr(owner, name, lambda _: False)
        for kept in (module._document, module._place):  # noqa: SLF001 (what they keep was made by the short cut)
            kept.cache_clear()
        assert outcome(note) == taken


@given(st.lists(st.sampled_from(PIECES), max_size=12).map("".join))
def test_the_gaps_of_a_cloze_are_those_that_genanki_finds_in_its_field(text):
    held = outcome(Note(CardKind.CLOZE, text))
    if isinstance(held, str):
        return

    found = genanki.Note(note_type("cloze"), [held.get(name, "") for name in FIELDS["cloze"]]).cards

    assert {card.ord + 1 for card in found} == set(cloze.numbers(text))


@pytest.mark.parametrize(("language", "told"), [("de", "de"), ("und", ""), (None, ""), ('x" onload="', "")])
def test_the_language_of_the_document_goes_along_where_it_is_known(language, told):
    values = fields(Note(CardKind.BASIC, "Was?", "Das."), guid="g", document_title=None, link="", language=language)

    assert values.get("Spare1", "") == told


def test_a_quoted_row_is_a_table_with_its_header_and_the_cell_of_the_answer_marked():
    told = source("Skarn <2> | 43 m | [sound:a]", columns=("Light", "Range", "Horn"))

    held = values(CardKind.BASIC, answer="43 m", source=told)

    assert held["Quote"] == (
        '<div class="rows"><table><thead><tr><th scope="col">Light</th><th scope="col">Range</th>'
        '<th scope="col">Horn</th></tr></thead><tbody><tr><th scope="row">Skarn &lt;2&gt;</th>'
        "<td><mark>43 m</mark></td><td>&#91;sound:a]</td></tr></tbody></table></div>"
    )


def picture(alt="A pier"):
    return Illustration(1, "ab" * 32, alt, 120, 80, "image/jpeg", 0)


SHOWN = '<div><img src="recto-abababababababababababababababab.jpeg" alt="A pier" width="120" height="80"></div>'


@pytest.mark.parametrize(
    ("note", "field", "held"),
    [
        pytest.param(Note(CardKind.BASIC, "Which layer?", "Skin"), "Explanation", SHOWN, id="behind the answer"),
        pytest.param(
            Note(CardKind.BASIC, "Which layer?", "Skin", explanation="So *there*."),
            "Explanation",
            f"So <em>there</em>.{SHOWN}",
            id="behind the explanation",
        ),
        pytest.param(
            Note(CardKind.BASIC, "What does the picture show?", "Skin"),
            "Question",
            f"What does the picture show?{SHOWN}",
            id="where it is asked about",
        ),
        pytest.param(
            Note(CardKind.CLOZE, "Figure 2 shows {{c1::skin}}."),
            "Text",
            f"Figure 2 shows {{{{c1::skin}}}}.{SHOWN}",
            id="in a text with gaps",
        ),
    ],
)
def test_a_picture_stands_where_it_is_needed(note, field, held):
    assert fields(note, guid="G1", document_title=None, link="", picture=picture())[field] == held


def test_the_words_of_a_picture_are_no_commands():
    shown = picture('"[sound:a] {{c1::b}} \\(x\\) <b>')

    held = fields(Note(CardKind.BASIC, "Q?", "A"), guid="G1", document_title=None, link="", picture=shown)

    (alt,) = re.findall('alt="([^"]*)"', held["Explanation"])
    assert unescape(alt) == shown.alt
    assert not re.search(r"[\[{<\\]", alt)
