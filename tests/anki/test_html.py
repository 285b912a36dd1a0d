from html import escape, unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp import markup
from quizapp.anki import html as reader
from quizapp.anki.html import from_html

SHOWN = {
    "words": ("Plain words", "Plain words"),
    "paragraphs": ("<div>One</div><div>Two <b>bold</b></div>", "One\n\nTwo <b>bold</b>"),
    "lines": ("a<br>b<br>- c", "a<br>\nb<br>\n\\- c"),
    "what Markdown would take for marks": ("1. x * _a_ [q](u) $5", "1\\. x \\* \\_a\\_ \\[q\\](u) \\$5"),
    "a phrase over two paragraphs": ("<b>a<div>b</div>c</b>", "<b>a</b>\n\n<b>b</b>\n\n<b>c</b>"),
    "a list": ("<ul><li>a *b*</li></ul>tail", "<ul><li>a *b*</li></ul>\n\ntail"),
    "looks": ('<span style="color:red">red</span> <font color=red>x</font>', "red x"),
    "a heading": ("<h1>Head</h1>text", "Head\n\ntext"),
    "code": ("<pre>a\n  b\n\nc</pre>", "<pre>a&#10;  b&#10;&#10;c</pre>"),
    "a gap": ("{{c1::<i>The cell</i>::what_is}} has * it", "{{c1::<i>The cell</i>::what\\_is}} has \\* it"),
    "a formula": (r"\(x_1 &lt; 2\) and \[\frac{1}{2}\]", r"$x_1 < 2$ and $$\frac{1}{2}$$"),
    "a formula of old": ("[$]x^2[/$]", "$x^2$"),
    "a price beside a formula": (r"\(5\) costs 3$", r"$5$ costs 3\$"),
}


@pytest.mark.parametrize(("html", "written"), SHOWN.values(), ids=SHOWN)
def test_html_is_written_as_markdown(html, written):
    assert from_html(html) == written


TEXT = st.text(
    st.sampled_from("ab 1.-+*_`[]()#>~|$\\!&;:=\n{}\"'")
    | st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Zs", "Zl", "Zp"])
)
NAMES = st.sampled_from(["b", "i", "div", "p", "ul", "li", "blockquote", "u", "sub", "span", "table", "ol", "em"])
HTML = st.recursive(
    TEXT.map(lambda text: escape(text, quote=False)) | st.just("<br>"),
    lambda inner: (
        st.lists(inner, max_size=4).map("".join)
        | st.tuples(NAMES, inner).map(lambda one: f"<{one[0]}>{one[1]}</{one[0]}>")
    ),
    max_leaves=12,
)


def words(html):
    return "".join(unescape(markup.nh3.clean(html, tags=set())).split())


@given(HTML)
def test_the_words_of_any_html_are_shown_as_they_were(html):
    clean = str(markup.safe_html(html))

    assert words(str(markup.to_html(from_html(html)))) == words(clean)


PIECES = [
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
    "[$]",
    "\n",
    "é",
    "{{c1::x}}",
]
TAGS = [f"<{end}{name}>" for name in ("b", "i", "div", "sub", "s", "p", "li", "script") for end in ("", "/")]


@given(st.lists(st.sampled_from([*PIECES, *TAGS, "<br>", "<br/>", '<b class="x">', "<B>"]), max_size=12).map("".join))
def test_what_needs_no_cleaning_comes_to_the_same_without_it(text):
    quick = from_html.__wrapped__(text)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(reader, "_is_clean", lambda _: False)
        assert quick == from_html.__wrapped__(text)
