"""HTML of other programs becomes card text that shows the same."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from quizapp import hypertext, markup
from quizapp.hypertext import card_text, html

PIECES = ["*", "**", "_", "`", "$x^2$", "$", "- ", "1. ", "# ", "> ", "|", "\n", "\n\n", "<b>", "</b>", "<br>", "<ul><li>", "&amp;", "&", "<", "[", "](", "```\n", "word", "two words", " ", "über", "\\", "{{c1::", "}}", "==", "x", "$$\\frac{1}{2}$$", "\xa0"]  # fmt: skip
TEXTS = st.lists(st.sampled_from(PIECES), max_size=14).map("".join)


def shown(text: str) -> str:
    return "".join(str(markup.to_html(text)).replace("&nbsp;", " ").split())


@given(TEXTS)
@example(r"$$$\frac{1}{2}$$")
@example("$$$x^2$$$")
@example("$$$x^2$")
@example(r"$$\frac{1}{2}$x^2$ x$$")
@example(r"$\)$")
@example(r"$$x=\$5$$")
def test_card_text_that_goes_out_as_html_and_comes_back_shows_the_same(text):
    back = card_text(html(text))

    assert alike(shown(back)) == alike(shown(text))


def alike(told: str) -> str:
    for one, other in (
        ("<div>", "<p>"),
        ("</div>", "</p>"),
        ("<b>", "<strong>"),
        ("</b>", "</strong>"),
        ("<p></p>", ""),
        ('<spanclass="math">', ""),
        ("</span>", ""),
    ):
        told = told.replace(one, other)
    return told.replace("</p><p>", "").replace("<p>", "").replace("</p>", "").replace("<br>", "")


@pytest.mark.parametrize(
    ("given_html", "expected"),
    [
        ("2 * 3 * 4", "2 * 3 * 4"),
        ("<b>Skarn</b> light", "**Skarn** light"),
        ("one<br>two", "one<br>\ntwo"),
        ("<div>one</div><div>two</div>", "one\n\ntwo"),
        ("see <i>this</i><ul><li>a</li><li>b</li></ul>", "see *this*\n\n- a\n- b"),
        ("&lt;b&gt; &amp; C", "\\<b\\> \\& C"),
        (r"\(x^2\) or \[y\]", "$x^2$ or $$y$$"),
        ("<h2>Title</h2>text", "**Title**\n\ntext"),
        ("<script>alert(1)</script>hi<img src=x onerror=alert(1)>", "hi"),
        ("1. x", "1\\. x"),
        ("*a*<b>b</b>", "\\*a\\***b**"),
        ("{{c1::Skarn::a light}} flashes", "{{c1::Skarn::a light}} flashes"),
        ('<span style="color:red">red</span>', "red"),
    ],
)
def test_html_is_markdown_where_that_says_the_same(given_html, expected):
    assert card_text(given_html) == expected


def test_code_keeps_its_blank_lines():
    assert markup.to_html(card_text("<pre>a\n\n  b</pre>")) == "<pre>a\n\n  b</pre>"


def test_what_cannot_come_along_is_counted():
    assert (hypertext.pictures("<IMG src=a><img src=b>"), hypertext.sounds("[sound:a.mp3]<video></video>")) == (2, 2)
