"""HTML of other programs becomes card text that shows the same."""

import re
from html import escape, unescape

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from quizapp import hypertext, markup
from quizapp.hypertext import card_text, html, line_text

PIECES = ["*", "**", "_", "`", "$x^2$", "$", "- ", "1. ", "# ", "> ", "|", "\n", "\n\n", "<b>", "</b>", "<br>", "<ul><li>", "&amp;", "&", "<", "[", "](", "```\n", "word", "two words", " ", "über", "\\", "{{c1::", "}}", "==", "x", "$$\\frac{1}{2}$$", "\xa0"]  # fmt: skip
TEXTS = st.lists(st.sampled_from(PIECES), max_size=14).map("".join)
CHARACTERS = st.text(
    st.sampled_from("ab 1.-+*_`[]()#>~|$\\!&;:=\n{}\"'")
    | st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Zs", "Zl", "Zp"])
)
PHRASES = st.sampled_from(["b", "i", "u", "sub", "span", "em", "strong", "s", "code"])
LINES = st.recursive(
    CHARACTERS.map(lambda text: escape(text, quote=False)),
    lambda inner: (
        st.lists(inner, max_size=4).map("".join)
        | st.tuples(PHRASES, inner).map(lambda one: f"<{one[0]}>{one[1]}</{one[0]}>")
    ),
    max_leaves=8,
)
LISTS = st.tuples(st.sampled_from(["ul", "ol"]), st.lists(LINES, min_size=1, max_size=3)).map(
    lambda one: f"<{one[0]}>{''.join(f'<li>{line}</li>' for line in one[1])}</{one[0]}>"
)
PAGES = st.lists(LINES.map(lambda line: f"<p>{line}</p>") | LISTS, max_size=4).map("".join)
TAGS = st.sampled_from(["b", "i", "div", "p", "ul", "li", "blockquote", "u", "sub", "span", "table", "ol", "em", "h2"])
TANGLES = st.recursive(
    CHARACTERS.map(lambda text: escape(text, quote=False)) | st.just("<br>"),
    lambda inner: (
        st.lists(inner, max_size=4).map("".join)
        | st.tuples(TAGS, inner).map(lambda one: f"<{one[0]}>{one[1]}</{one[0]}>")
    ),
    max_leaves=12,
)


def look(safe: str) -> str:
    """Return what is the same of two texts that look the same, without blanks and paragraphs, and what shows nothing."""
    told = re.sub(r"</?span[^>]*>|<hr>|[\s¶]", "", hypertext.looks(safe))
    before = ""
    while before != told:
        before, told = told, re.sub(r"<(\w+)></\1>|</(strong|em|s|u|sub|code)><\2>", "", told)
    return told


@given(TEXTS)
@example(r"$$$\frac{1}{2}$$")
@example("$$$x^2$$$")
@example("$$$x^2$")
@example(r"$$\frac{1}{2}$x^2$ x$$")
@example(r"$\)$")
@example(r"$$x=\$5$$")
@example("${{c1::$x^2$")
@example("'${{c1::$x^2$'")
def test_card_text_that_goes_out_as_html_and_comes_back_shows_the_same(text):
    back = card_text(html(text))

    assert look(str(markup.to_html(back))) == look(str(markup.to_html(text)))


@given(PAGES)
def test_html_looks_as_it_did(page):
    assert look(str(markup.to_html(card_text(page)))) == look(str(markup.safe_html(page)))


def words(html):
    return "".join(unescape(markup.nh3.clean(html, tags=set())).split())


@given(TANGLES)
def test_the_words_of_any_html_are_shown_as_they_were(tangle):
    clean = str(markup.safe_html(tangle))

    assert words(str(markup.to_html(card_text(tangle)))) == words(clean)


SHOWN = {
    "words": ("Plain words", "Plain words"),
    "signs between blanks": ("2 * 3 * 4 < 25", "2 * 3 * 4 < 25"),
    "paragraphs": ("<div>One</div><div>Two <b>bold</b></div>", "One\n\nTwo **bold**"),
    "lines": ("one<br>two<br>- three", "one<br>\ntwo<br>\n\\- three"),
    "what Markdown would take for marks": ("1. x * _a_ [q](u) $5", "1\\. x * \\_a\\_ [q\\](u) \\$5"),
    "what it would not": ("-5 [1] a_b 1.5 ~3 #2 & C &amp; D", "-5 [1] a_b 1.5 ~3 #2 & C & D"),
    "letters as HTML has them": ("&lt;b&gt; &amp;amp; C", "\\<b> \\&amp; C"),
    "a phrase over two paragraphs": ("<b>a<div>b</div>c</b>", "**a**\n\n**b**\n\n**c**"),
    "a blank inside of a phrase": ("<b>Answer: </b>b", "**Answer:** b"),
    "a phrase that marks would not show": ("a<b>(b)</b>c <i>x</i><b>y</b>", "a<b>(b)</b>c *x*<b>y</b>"),
    "a mark before a phrase": ("*a*<b>b</b>", "\\*a\\*<b>b</b>"),
    "a list": ("see <i>this</i><ul><li>a *b*</li><li>c</li></ul>tail", "see *this*\n\n- a \\*b\\*\n- c\n\ntail"),
    "a list behind a list": ("<ul><li>a</li></ul><ul><li>b</li></ul>", "- a\n\n<ul><li>b</li></ul>"),
    "a list in a list": ("<ul><li>a<ul><li>*b*</li></ul></li></ul>", "<ul><li>a<ul><li>*b*</li></ul></li></ul>"),
    "a list that is bold": ("<b>a<ul><li>b</li></ul>c</b>", "**a**\n\n<div><b><ul><li>b</li></ul></b></div>\n\n**c**"),
    "looks": ('<span style="color:red">red</span> <font color=red>x</font>', "red x"),
    "a heading": ("<h2>Title</h2>text", "**Title**\n\ntext"),
    "layout": ("<figure>a<figcaption>b</figcaption></figure>", "a\n\nb"),
    "code": ("<pre>a\n  b\n\nc</pre>", "<pre>a&#10;  b&#10;&#10;c</pre>"),
    "a gap": ("{{c1::<i>The cell</i>::what_is}} has * it", "{{c1::*The cell*::what_is}} has * it"),
    "half a gap": ("<b>{{c1::The cell</b>}}", "<b>{{c1::The cell</b>}}"),
    "a formula": (r"\(x_1 &lt; 2\) and \[\frac{1}{2}\]", r"$x_1 < 2$ and $$\frac{1}{2}$$"),
    "a formula of Moodle": ("$$ x^2 $$", "$$x^2$$"),
    "formulas of Anki": ('[$]x^2[/$] <anki-mathjax block="true">y</anki-mathjax>', "$x^2$ $$y$$"),
    "a price beside a formula": (r"\(5\) costs 3$", r"$5$ costs 3$"),
    "prices": ("$$ (cheap), $$$ (dear)", "\\$$ (cheap), \\$\\$$ (dear)"),
    "a digit behind a formula": (r"\(x\)2", "$x$&#50;"),
    "what could harm": ("<script>alert(1)</script>hi<img src=x onerror=alert(1)>", "hi"),
}


@pytest.mark.parametrize(("given_html", "written"), SHOWN.values(), ids=SHOWN)
def test_html_is_markdown_where_that_says_the_same(given_html, written):
    assert card_text(given_html) == written


def test_code_keeps_its_blank_lines():
    assert markup.to_html(card_text("<pre>a\n\n  b</pre>")) == "<pre>a\n\n  b</pre>"


def test_a_line_stays_a_line():
    assert line_text("a<br>b<ul><li>c</li></ul><p><b>d</b></p>") == "a<br> b <ul><li>c</li></ul> **d**"


def test_what_cannot_come_along_is_counted():
    assert (hypertext.pictures("<IMG src=a><img src=b>"), hypertext.sounds("[sound:a.mp3]<video></video>")) == (2, 2)


FIELD_PIECES = [
    "a",
    " b",
    "1.",
    "- x",
    "*",
    "_",
    "&amp;",
    "&nbsp;",
    "&lt;",
    "&copy;",
    "<",
    ">",
    "\\",
    "$x$",
    "$$",
    "\n",
    "é",
]
USUAL_TAGS = [f"<{end}{name}>" for name in ("b", "i", "div", "sub", "s", "p", "li", "script") for end in ("", "/")]


@given(
    st.lists(st.sampled_from([*FIELD_PIECES, *USUAL_TAGS, "<br>", "<br/>", '<b class="x">', "<B>"]), max_size=12).map(
        "".join
    )
)
def test_what_needs_no_cleaning_comes_to_the_same_without_it(text):
    quick = card_text.__wrapped__(text)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(hypertext, "_is_clean", lambda _: False)
        assert quick == card_text.__wrapped__(text)
