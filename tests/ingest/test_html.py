import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.domain.documents import BlockKind, Document
from quizapp.errors import InvalidInput
from quizapp.ingest import html, read, text
from tests.ingest.building import SAMPLE, pages

PROSE = (
    "The harbour at Skarn was dredged in 1902, and since then ships of four thousand tons can reach the quay at any tide.",
    "A tide gauge is an instrument that measures how high the water stands, and the one here has run for ninety years.",
    "The keeper wrote down the height of the water every hour, which is why the town knows how the sea has risen.",
)
TEXT = "".join(f"<p>{line}</p>" for line in PROSE)
LINKS = "".join(f"<li><a href=/{at}>Ten things about harbour number {at}</a></li>" for at in range(6))


def document(source: str) -> Document:
    return read(source.encode("utf-8", "surrogatepass"), "a.html")


def pieces(source: str) -> list[tuple[BlockKind, str, int]]:
    return [(piece.kind, piece.text, piece.level) for piece in html.read(source.encode()).pieces]


def lines(source: str) -> list[str]:
    found = document(source)
    return [block.span.of(found.text) for block in found.blocks]


def test_an_article_loses_what_stands_around_it_and_nothing_else():
    found = read(pages.news(SAMPLE), "skarn.html")

    assert [block.span.of(found.text) for block in found.blocks] == [part.text for part in SAMPLE]


def test_a_blog_of_divs_loses_its_side_comments_and_links():
    page = f"""<html><head><title>Dredging Skarn - Ada's blog</title></head><body><div id="top"><a href=/>Ada's blog</a></div>
    <div class="post"><h1>Dredging Skarn</h1>{TEXT}<h2>The mole</h2><ul><li><b>Mole:</b> a wall in the sea</li></ul></div>
    <div id="respond"><h3>Leave a reply</h3><p>Your email address will not be shown.</p></div>
    <ol class="commentlist"><li class="comment"><p>Great post, I have been reading you for years.</p></li></ol>
    <div id="right"><h3>Recent posts</h3><ul>{LINKS}</ul></div><div>Copyright 2026 Ada.</div></body></html>"""

    assert lines(page) == ["Dredging Skarn", *PROSE, "The mole", "Mole: a wall in the sea"]


def test_a_page_that_a_program_exported_keeps_all_of_its_body():
    page = f"""<html><head><title>doc1</title></head><body><p class=MsoTitle>Dredging Skarn</p>{TEXT}<h1>History</h1>
    <p><a href="x">A link alone on its line</a></p><p>Short.</p></body></html>"""

    assert lines(page) == ["Dredging Skarn", *PROSE, "History", "A link alone on its line", "Short."]


def test_a_list_of_links_is_read_when_it_is_all_there_is():
    page = f"<html><head><title>Harbours</title></head><body><ul>{LINKS}</ul></body></html>"

    assert lines(page)[1] == "Ten things about harbour number 0"


def test_title_author_and_day_stand_on_top_where_the_text_does_not_tell_them():
    page = f"""<html><head><title>Dredging Skarn | The Post</title><meta property="og:site_name" content="The Post">
    <script type="application/ld+json">{{"@graph": [{{"headline": "x", "datePublished": "2026-05-04T10:00:00Z",
    "author": [{{"name": "Ada Byron"}}, {{"name": "admin"}}]}}]}}</script></head><body><article>{TEXT}</article></body></html>"""

    assert lines(page)[:3] == ["Dredging Skarn", "By Ada Byron", "4 May 2026"]
    assert document(page).title == "Dredging Skarn"


@pytest.mark.parametrize(
    "mark",
    [
        "<sup>[1]</sup>",
        '<sup id="c1" class="reference"><a href="#n1">[1]</a></sup>',
        '<a href="#fn1" role="doc-noteref"><sup>1</sup></a>',
        '<a href="#_ftn1"><span class="MsoFootnoteReference">[1]</span></a>',
        '<a class="headerlink" href="#x">¶</a>',
        "<span hidden>hidden</span>",
        "<span style='display: none'>hidden</span>",
        "<span aria-hidden='true'>hidden</span>",
        "<noscript>hidden</noscript><template>hidden</template><script>hidden()</script><style>p {}</style>",
        "<nav>hidden</nav>",
        "<del>struck</del>",
    ],
)
def test_what_is_no_text_is_left_out(mark):
    assert lines(f"<h1>T</h1><p>The quay is old{mark}, and long.</p>")[1].replace(" ,", ",").endswith("long.")
    assert "hidden" not in document(f"<h1>T</h1><p>The quay is old{mark}, and long.</p>").text
    assert "1" not in document(f"<h1>T</h1><p>The quay is old{mark}, and long.</p>").text


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("<p>10<sup>6</sup> litres of H<sub>2</sub>O</p>", [(BlockKind.PARAGRAPH, "10⁶ litres of H2O", 0)]),
        ("<ul><li>a<ul><li>b</li></ul></li></ul>", [(BlockKind.BULLET, "a", 1), (BlockKind.BULLET, "b", 2)]),
        ("<ul><li>a</li><ol><li>b</li></ol></ul>", [(BlockKind.BULLET, "a", 1), (BlockKind.STEP, "b", 2)]),
        ("<li>a</li><p>b</p>", [(BlockKind.BULLET, "a", 1), (BlockKind.PARAGRAPH, "b", 0)]),
        ("<dl><dt>Mole<dd>a wall</dl>", [(BlockKind.PARAGRAPH, "Mole: a wall", 0)]),
        ("<dl><dt>Why?<dd>So.</dl>", [(BlockKind.PARAGRAPH, "Why?", 0), (BlockKind.PARAGRAPH, "So.", 0)]),
        ("<p>a<br>b</p>", [(BlockKind.PARAGRAPH, "a b", 0)]),
        ("<div>a<br><br>b</div>", [(BlockKind.PARAGRAPH, "a", 0), (BlockKind.PARAGRAPH, "b", 0)]),
        ("<p>• a</p>", [(BlockKind.BULLET, "a", 1)]),
        ("<pre>a\n  b</pre>", [(BlockKind.CODE, "a\n  b", 0)]),
        ("<blockquote>a<footer>— b</footer></blockquote>", [(BlockKind.QUOTE, "a", 0), (BlockKind.QUOTE, "— b", 0)]),
        ("<figure><img alt='x'><figcaption>a</figcaption></figure>", [(BlockKind.PARAGRAPH, "a", 0)]),
        ("<p><b>The quay</b></p>", [(BlockKind.HEADING, "The quay", 3)]),
        ("<div role=heading aria-level=4>a</div>", [(BlockKind.HEADING, "a", 4)]),
        ("<h2><div>a</div></h2>", [(BlockKind.HEADING, "a", 2)]),
        (
            "<details><summary>More</summary>a</details>",
            [(BlockKind.HEADING, "More", 3), (BlockKind.PARAGRAPH, "a", 0)],
        ),
    ],
)
def test_each_construct_is_the_block_that_a_reader_sees(source, found):
    assert pieces(f"<h1>T</h1><p>Opens.</p>{source}<p>Ends.</p>")[2:-1] == found


def test_cells_that_span_others_keep_every_cell_in_its_column():
    source = """<h1>T</h1><table><thead><tr><th rowspan=2>Light<th colspan=2>Height</tr><tr><th>Tower<th>Lamp</tr></thead>
    <tr><td rowspan=2>Skarn<td>43<td>45</tr><tr><td>44<td>46<table><tr><td>i<td>j</table></tr><tr><td colspan=3>All in metres.</table>"""

    assert [line for _, line, _ in pieces(source)][1:] == [
        "Light | Height Tower | Height Lamp",
        "Skarn | 43 | 45",
        "Skarn | 44 | 46",
        "All in metres.",
        "i | j",
    ]
    assert html.read(source.encode()).pieces[2].columns == ("Light", "Height Tower", "Height Lamp")


def test_a_table_that_lays_out_a_page_is_no_table():
    assert pieces("<h1>T</h1><table><tr><td><h2>Menu</h2></td><td><p>Text.</p></td></tr></table>")[1:] == [
        (BlockKind.HEADING, "Menu", 2),
        (BlockKind.PARAGRAPH, "Text.", 0),
    ]


@pytest.mark.parametrize(
    ("item", "kind", "depth"),
    [
        ("style='mso-list:l0 level2 lfo1'><span style='mso-list:Ignore'>a)<span>&nbsp; </span></span>", BlockKind.STEP, 2),
        ("style='margin-left:1.0in'><span style='font-family:Symbol'>·<span>&nbsp;&nbsp;&nbsp; </span></span>", BlockKind.BULLET, 2),
        ("style='text-indent:-18pt'>1.&nbsp;&nbsp;&nbsp; ", BlockKind.STEP, 1),
    ],
    ids=["with styles", "filtered", "numbered"],
)  # fmt: skip
def test_lists_of_word_are_lists(item, kind, depth):
    assert pieces(f"<p>Opens.</p><p class=MsoListParagraph {item}<b>Spill.</b> Warn them.</p>")[1] == (
        kind,
        "Spill. Warn them.",
        depth,
    )


def test_lists_of_google_docs_know_their_depth_and_their_bold_words():
    source = '<style>.c1{font-weight:700}</style><p>Opens.</p><ul class="lst-kix_a1-1 start"><li><span class="c1">Mole:</span> a wall</li></ul>'
    block = document(source).blocks[1]

    assert (block.kind, block.level, block.lead) == (BlockKind.BULLET, 2, "Mole:")


@pytest.mark.parametrize(
    "data",
    [
        "<meta charset=iso-8859-1><p>Ein Café “am” Kai</p>".encode("cp1252"),
        "<meta http-equiv=x content='text/html; charset=windows-1251'><p>Маяк</p>".encode("cp1251"),
        "<meta charset=shift_jis><p>灯台</p>".encode("cp932"),
        "<p>Ein Café</p>".encode("utf-16"),
        "<meta charset=latin1><p>Café</p>".encode(),
        "<meta charset=nonsense><p>Café</p>".encode(),
    ],
    ids=["latin", "cyrillic", "japanese", "utf-16", "says latin, is utf-8", "unknown"],
)
def test_the_encoding_is_that_of_the_bytes_before_that_of_the_page(data):
    assert any(word in read(data, "a.html").text for word in ("Café", "Маяк", "灯台"))


def test_a_page_is_known_by_its_content_whatever_its_name():
    assert read(b"<!DOCTYPE html><html><body><p>The quay.</p></body></html>", "page.txt").text == "The quay."


@pytest.mark.parametrize(
    "source",
    [
        "<p>x</p>" + "<div>" * 100_000 + "deep",
        "<b>" * 100_000 + "deep",
        "<ul><li>" * 5_000 + "deep",
        "<table><tr>" + "<td colspan=1000>x" * 2_000,
        "<p>" + "word " * 500_000,
        "<p>" + "x" * 11_000_000,
    ],
    ids=["divs", "bold", "lists", "columns", "text", "one word"],
)
def test_a_page_beyond_the_limits_is_refused_with_a_sentence(source):
    with pytest.raises(InvalidInput) as refusal:
        document(source)

    assert refusal.value.message.endswith(".")


@pytest.mark.parametrize(
    "source",
    [
        f"<p style='{'x' * 2_000_000}'>The quay.</p>",
        f"<p {' '.join(f'a{at}=x' for at in range(100_000))}>The quay.</p>",
        f"<p><img src='data:image/png;base64,{'A' * 4_000_000}'>The quay.</p>",
        '<!DOCTYPE html [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><html><p>The quay.</p>',
        '<!DOCTYPE html SYSTEM "file:///etc/passwd"><html><base href="http://127.0.0.1:9/"><link rel=stylesheet href=x>'
        "<iframe src=y></iframe><p>The quay.</p>",
        "<p>The &#x202e;quay&#x200b;.</p>",
        "<p>The quay.</p>" + "<!DOCTYPE" * 100_000,
        "<p>The quay.</p><table><tr><td rowspan=999999>" + "<script>" * 100_000,
    ],
    ids=["style", "attributes", "picture", "entities", "addresses", "overrides", "types", "scripts"],
)
def test_hostile_pages_are_read_without_harm(source):
    assert document(source).text == "The quay."


@pytest.mark.parametrize("number", ["#xD800", "#0", "#x110000", "#xFFFE", "#99999999999"])
def test_references_to_no_character_leave_a_text_that_can_be_stored(number):
    assert document(f"<p>The quay &{number}; is old.</p>").text.encode().startswith(b"The quay ")


WORDS = st.text(st.characters(categories=["L", "N", "P", "S", "Z", "Cf"]), max_size=40)


@given(
    st.lists(st.tuples(st.sampled_from(["p", "li", "h2", "blockquote", "td", "dt", "b", "div"]), WORDS), max_size=12)
)
def test_every_block_is_in_the_page_word_for_word(parts):
    shown = [(tag, words.replace("&", "+").replace("<", "-")) for tag, words in parts]
    source = "<p>Opens here.</p>" + "".join(f"<{tag}>{words}</{tag}>" for tag, words in shown)

    found = document(source)

    page = "".join(text.clean(" ".join(["Opens here.", *(words for _, words in shown)])).split())
    for block in found.blocks[1:]:
        assert all(word.strip("|:,") in page for word in block.span.of(found.text).split())
