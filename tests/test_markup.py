import re
from html import escape
from html.parser import HTMLParser

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markupsafe import Markup

from quizapp import markup
from quizapp.errors import InvalidInput
from quizapp.markup import from_text, inline_html, plain, safe_html, to_html, unillustrated, verbatim_html

SNIPPETS = [
    *["<script>", "</script>", "<b onclick=alert(1)>", "<img src=x onerror=alert(1)>", "<svg/onload=alert(1)>"],
    *["<a href='javascript:alert(1)'>", "[a](javascript:alert(1))", "[a](data:text/html,x)", "![a](http://b/c.png)"],
    *["<!--", "-->", "<style>", "<iframe src=//x>", "<b>", "</b>", "<p>", "</p>", "<div style='color:red'>", "<math>"],
    *["<table>", "<td>", "&lt;script&gt;", "&#x6a;avascript:", "<https://a.b>", "<a href=' javascript&colon;x'>", '"'],
    *["'", "`", "```\n", "$", "$$", "*", "**", "_", "~~", "> ", "- ", "1. ", "# ", "|", "|-|-|\n", "\n", "\n\n", "\\"],
    *["[", "](", ")", "{{c1::", "}}", "[…]", "x", "Lobster", " ", "\x00", "\x1f", "\ud800", "é", "漢", "&", "<", ">"],
]
texts = st.one_of(st.text(max_size=300), st.lists(st.sampled_from(SNIPPETS), max_size=40).map("".join))


class Seen(HTMLParser):
    """What a browser would make of it."""

    def __init__(self, html):
        super().__init__()
        self.tags = set()
        self.attributes = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.attributes += [(tag, *pair) for pair in attrs]


@given(texts)
@example("<b x='" * 300)
@example("<table><svg><script>alert(1)</script>")
def test_any_text_becomes_html_without_a_way_to_run_or_load_anything(text):
    for html, allowed in [
        (to_html(text), markup.PHRASES | markup.BLOCKS),
        (inline_html(text), markup.PHRASES_IN_BUTTON),
        (verbatim_html(text), {"br"}),
    ]:
        seen = Seen(str(html))

        assert seen.tags <= allowed
        for tag, name, value in seen.attributes:
            assert name in {"dir", "lang", "rel", "class"} | markup.ATTRIBUTES.get(tag, set())
            assert name != "class" or value == "math"
            assert name != "href" or re.match(r"(https?|mailto):", value, re.IGNORECASE)


@given(texts)
def test_the_text_of_any_card_can_be_told_without_tags(text):
    assert "\n\n" not in plain(text)


@given(st.from_regex(markup._PROSE, fullmatch=True))  # noqa: SLF001 (the short cut must not change anything)
def test_prose_means_the_same_with_and_without_markdown(text):
    slowly = markup._MARKDOWN.render(text).strip()  # noqa: SLF001

    assert to_html(text) == markup._CLEAN_BLOCKS.clean(slowly)  # noqa: SLF001
    assert inline_html(text) == markup._CLEAN_PHRASES.clean(markup._MARKDOWN.renderInline(text))  # noqa: SLF001
    assert plain(text) == text


@given(st.lists(st.sampled_from(["one", "Vec", "<", ">", "&", "*", "_", "[", "]", ": ", "$", " ", "\n", "#", "{{"])))
def test_no_word_gets_lost(pieces):
    text = "".join(pieces)

    told = plain(text)

    assert [*re.findall("one|Vec", told)] == [piece for piece in pieces if piece in {"one", "Vec"}]


WAYS = [
    pytest.param(to_html, markup._blocks, markup._kept_blocks, id="blocks"),  # noqa: SLF001 (what is kept, and made)
    pytest.param(inline_html, markup._phrases, markup._kept_phrases, id="phrases"),  # noqa: SLF001
]


@pytest.mark.parametrize(("shown", "made", "kept"), WAYS)
@given(text=texts)
def test_a_text_that_was_shown_before_is_shown_as_if_it_were_new(shown, made, kept, text):
    first, again = shown(text), shown(text)

    assert first == again == made(text)
    assert (type(first), type(again)) == (Markup, Markup)
    assert kept.cache_info().maxsize == markup.KEPT_TEXTS


@pytest.mark.parametrize(("shown", "made", "kept"), WAYS)
def test_only_so_many_texts_are_kept_and_no_long_ones(shown, made, kept):
    kept.cache_clear()
    shown("*a* " * (markup.KEPT_CHARS // 4))
    shown("*b* " * (markup.KEPT_CHARS // 4 + 1))
    assert kept.cache_info().currsize == 1

    for number in range(markup.KEPT_TEXTS + 10):
        shown(f"*{number}*")
    assert kept.cache_info().currsize == markup.KEPT_TEXTS
    assert shown("*0*") == made("*0*")


@pytest.mark.parametrize("shown", [to_html, inline_html])
def test_a_text_that_is_refused_is_refused_again(shown):
    for _ in range(2):
        with pytest.raises(InvalidInput):
            shown("<b>" * 200)


@pytest.mark.parametrize(
    ("text", "html"),
    [
        pytest.param("Which *layer* is **it**?", "<p>Which <em>layer</em> is <strong>it</strong>?</p>", id="emphasis"),
        pytest.param("~~no~~", "<p><s>no</s></p>", id="strike"),
        pytest.param("H<sub>2</sub>O", "<p>H<sub>2</sub>O</p>", id="a tag of the list"),
        pytest.param("a `List<String>`", "<p>a <code>List&lt;String&gt;</code></p>", id="code"),
        pytest.param("a List<String>", "<p>a List&lt;String&gt;</p>", id="an unknown tag is text"),
        pytest.param("a <script>b</script>", "<p>a &lt;script&gt;b&lt;/script&gt;</p>", id="a script is text"),
        pytest.param("<b onclick='x()'>a</b>", "<p><b>a</b></p>", id="no handler"),
        pytest.param("<b style='color: red'>a</b>", "<p><b>a</b></p>", id="no style"),
        pytest.param("<b>a", "<p><b>a</b></p>", id="an open tag is closed"),
        pytest.param("a <!-- note --> b", "<p>a  b</p>", id="no comment"),
        pytest.param("# Title", "<p><strong>Title</strong></p>", id="no heading among the page's"),
        pytest.param("<h1>Title</h1>", "Title", id="no heading from HTML either"),
        pytest.param("[…]: Lobster", "<p>[…]: Lobster</p>", id="a gap is no link definition"),
        pytest.param("$5 and $10", "<p>$5 and $10</p>", id="prices"),
        pytest.param("US$5-$10", "<p>US$5-$10</p>", id="a range of prices"),
        pytest.param("$a_1<b_1$", '<p><span class="math">$a_1&lt;b_1$</span></p>', id="formula"),
        pytest.param("$$x*y*z$$", '<p><span class="math">$$x*y*z$$</span></p>', id="formula on its own"),
        pytest.param(r"\$a$", "<p>$a$</p>", id="escaped dollar"),
        pytest.param("a\x00\x1f\ud800b", "<p>a\ufffd\ufffd\ufffdb</p>", id="what no page can hold"),
        pytest.param("{{c1::a *b*::c}}", "<p>{{c1::a <em>b</em>::c}}</p>", id="cloze marks stay"),
    ],
)
def test_card_markdown(text, html):
    assert to_html(text) == html


@pytest.mark.parametrize(
    ("address", "kept"),
    [
        ("https://example.org/a?b=1", True),
        ("mailto:a@example.org", True),
        ("javascript:alert(1)", False),
        ("data:text/html,x", False),
        ("//example.org", False),
        ("/settings", False),
        ("file:///etc/passwd", False),
    ],
)
def test_only_links_to_pages_and_mail_lead_anywhere(address, kept):
    html = to_html(f"<a href='{address}'>a</a>")

    assert ("href" in html) is kept
    assert 'rel="noopener noreferrer"' in html


def test_a_picture_from_elsewhere_is_a_link_to_it():
    html = to_html("![A lobster](https://example.org/a.png)")

    assert html == '<p><a href="https://example.org/a.png" rel="noopener noreferrer">A lobster</a></p>'


def test_a_table_is_aligned_without_styles():
    html = to_html("|a|b|\n|-|-:|\n|1|2|")

    assert '<td align="right">2</td>' in html


def test_a_text_on_a_button_has_no_link_and_no_block():
    assert inline_html("see [it](https://example.org) <div>now</div>\n\n- x") == "see it now<br>\n- x"


def test_plain_text_has_a_line_for_each_block_and_bars_between_cells():
    told = plain("*Two* things:\n\n- a &amp; b\n- c<br>d\n\n|e|f|\n|-|-|\n|g|h|")

    assert told.splitlines() == ["Two things:", "a & b", "c", "d", "e | f", "g | h"]


def test_a_quote_is_shown_as_it_stands():
    assert verbatim_html("*a* <b>\n# c\r\nd\re") == "*a* &lt;b&gt;<br># c<br>d<br>e"


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("a" * (64 * 1024 + 1), id="long"),
        pytest.param("漢" * 22_000, id="long in bytes"),
        pytest.param(">" * 101 + "a", id="quotes"),
        pytest.param("".join("  " * depth + "- a\n" for depth in range(60)), id="lists"),
        pytest.param("<b>" * 101, id="tags"),
        pytest.param("<b></i>" * 101, id="tags closed by others"),
        pytest.param("*" * 300 + "a" + "*" * 300, id="emphasis"),
        pytest.param("[" * 2_001, id="brackets"),
        pytest.param("a\n" * 2_001, id="lines"),
        pytest.param("<!--" * 2_001, id="comments"),
    ],
)
def test_what_would_take_minutes_is_refused_with_a_sentence(text):
    with pytest.raises(InvalidInput, match=r"^(This text|Lists, quotes or tags) .*\. \w.*\.$"):
        to_html(text)


@pytest.mark.parametrize("text", [">" * 90 + "a", "<b>" * 90, "[" * 2_000, "a\n" * 1_999, "a" * 64 * 1024])
def test_what_is_only_large_is_read(text):
    assert to_html(text)


lines = st.text(st.sampled_from("ab12 *_`[]()<>#&$~|.-+=!\\/:;é漢“”…\t")).map(str.strip)


@given(st.lists(lines, min_size=1, max_size=4).map("\n".join).map(str.strip))
def test_any_text_can_be_written_as_card_markdown_that_shows_it(text):
    told = str(to_html(from_text(text)))

    assert not re.search(r"<(?!/?p>)", told)
    shown = re.split(r"\n+", re.sub(r"</?p>", "", told))
    assert shown == re.split(r"\n+", escape(text, quote=False))


@given(st.lists(st.sampled_from(["[…]", "*", "(", ")", "[", "]", "a", " ", ":", "\n", "!"])).map("".join))
def test_the_gap_of_a_cloze_question_stays(text):
    assert from_text(text).count("[…]") == text.count("[…]")
    assert "<a" not in to_html(from_text(text))


@pytest.mark.parametrize(
    "text",
    [
        "Use `kubectl`",
        "snake_case, __init__ and *all*",
        "1. First",
        "1984. Foo",
        "2) Second",
        "One\n===",
        "One | two\n--- | ---",
        "[…](2019)",
        "# Not a heading",
        "- dash",
        "<b>bold</b> & co",
        "[a](b)",
        "$x$",
    ],
)
def test_marks_of_a_source_text_are_shown_not_obeyed(text):
    assert plain(from_text(text)) == text


MEDIUM = "media/" + "0" * 64


def test_a_picture_of_the_library_is_shown_and_a_sound_played():
    assert to_html(f"![A *cat*]({MEDIUM}.png)") == f'<p><img src="{MEDIUM}.png" alt="A cat"></p>'
    assert to_html(f"![miau]({MEDIUM}.mp3)") == f'<p><audio src="{MEDIUM}.mp3">miau</audio></p>'
    assert plain(f"See ![a cat]({MEDIUM}.png), ![miau]({MEDIUM}.mp3)") == "See a cat, miau"
    assert unillustrated(f"See ![a cat]({MEDIUM}.png)") == "See"


@pytest.mark.parametrize(
    "text",
    [
        "![x](https://example.org/a.png)",
        "![x](media/short.png)",
        f"![x](/{MEDIUM}.png)",
        f"![x]({MEDIUM}.exe)",
        f"![x](../{MEDIUM}.png)",
        f'<img src="https://example.org/{MEDIUM}.png" alt="">',
        f'<img src="{MEDIUM}.png" alt="" onerror="alert(1)">',
        f'<audio src="{MEDIUM}.mp3" autoplay>x</audio>',
    ],
)
def test_nothing_else_is_loaded(text):
    shown = str(to_html(text))

    assert "<img" not in shown
    assert "src=" not in shown.replace("src=&", "").replace("&lt;img src=", "").replace("&lt;audio src=", "")


@pytest.mark.parametrize(
    "html",
    [
        '<img src="https://example.org/a.png" alt="x">',
        '<img src="a.png">',
        f'<img src="{MEDIUM}.mp3">',
        f'<audio src="{MEDIUM}.png">w</audio>',
        '<audio src="//example.org/a.mp3">w</audio>',
        '<a href="/elsewhere">w</a><a href="//example.org">w</a><a href="javascript:alert(1)">w</a>',
    ],
)
def test_addresses_in_foreign_html_lead_nowhere(html):
    clean = str(safe_html(html))

    assert "src=" not in clean
    assert "href=" not in clean
    assert "<img" not in clean


def test_what_covers_a_picture_stays_behind_it_and_says_nothing():
    text = f"![A map]({MEDIUM}.png)\n{{{{c1::image-occlusion:rect:left=.1:text=*a* <b>}}}}"

    assert '<span class="cover">c1:rect:left=.1:text=*a* &lt;b&gt;</span>' in to_html(text)
    assert plain(text) == "A map"


@given(st.one_of(texts, st.text("ab1 .)({}_,=-+?!'\"$<&\n\u201c\u00e9", max_size=12)))
@example("12. a")
@example("12)")
@example("a" * markup.LIMIT_BYTES)
@example("a" * (markup.LIMIT_BYTES + 1))
def test_a_quick_look_at_ascii_finds_what_the_pattern_finds(text):
    assert markup.is_prose(text) == bool(
        markup._PROSE.fullmatch(text) and len(text.encode("utf-8", "surrogatepass")) <= markup.LIMIT_BYTES  # noqa: SLF001
    )
