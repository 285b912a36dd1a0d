import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp import ingest
from quizapp.domain.cards import Source
from quizapp.domain.documents import Block, BlockKind, Span, Speaker
from quizapp.generate import anchors
from quizapp.generate.anchors import Fate, Quoted, Revision, Text

CONTEXT = 32
HANDBOOK = """# Handbook

## Reporting

A spill is reported within 10 days. The report names the berth. It is signed by the pilot.

## Berths

The north quay has berths for 12 ships. A pilot brings every tanker to its berth.

- rope
- vest
- lamp
- whistle
"""


def read(markdown):
    document = ingest.read(markdown.encode(), "handbook.md")
    return Text(document.text, document.blocks)


def plain(lines):
    """A text with a paragraph on each line, under no heading."""
    blocks, start = [], 0
    for line in lines:
        blocks.append(Block(BlockKind.PARAGRAPH, Span(start, start + len(line))))
        start += len(line) + 1
    return Text("\n".join(lines), tuple(blocks))


def quoted(text, quote, *, heading=None, start=None):
    start = text.text.index(quote) if start is None else start
    end = start + len(quote)
    return Quoted(quote, start, heading, text.text[max(0, start - CONTEXT) : start], text.text[end : end + CONTEXT])


def found(before, after, quote, *, heading=None):
    """Return what became of a quote, and how it reads now."""
    old, new = read(before), read(after)
    there = anchors.find(quoted(old, quote, heading=heading), Revision(old, new))
    return there.fate, there.span and there.span.of(new.text)


lines = st.lists(st.text("abc dé10。.", min_size=1).filter(str.strip), min_size=1, max_size=6)


@st.composite
def quotes(draw):
    text = plain(draw(lines))
    start = draw(st.integers(0, len(text.text) - 1))
    end = draw(st.integers(start + 1, len(text.text)))
    return text, quoted(text, text.text[start:end], start=start)


@given(quotes())
def test_an_unchanged_document_gives_the_same_places(given):
    text, quote = given

    there = anchors.find(quote, Revision(text, text))

    assert (there.fate, there.span) == (Fate.SAME, Span(quote.start, quote.start + len(quote.quote)))


@given(st.text("abc dé10。.", min_size=30).filter(str.isascii), lines, lines, lines)
def test_what_is_put_in_before_and_after_only_moves_it(line, others, before, after):
    quote = f"a{line}b"
    text = plain([*others, quote])
    unlike = [[one.translate(str.maketrans("abcdé10", "xyzwv23")) for one in part] for part in (before, after)]
    new = plain([*unlike[0], *others, quote, *unlike[1]])

    there = anchors.find(quoted(text, quote, start=text.text.rindex(quote)), Revision(text, new))

    assert there.fate is Fate.MOVED
    assert there.span.of(new.text) == quote


@given(quotes(), lines)
def test_whatever_is_found_lies_in_the_new_text(given, other):
    text, quote = given
    new = plain(other)

    there = anchors.find(quote, Revision(text, new))

    assert (there.span is None) == (there.fate is Fate.GONE)
    if there.span:
        assert 0 <= there.span.start < there.span.end <= len(new.text)


def test_of_several_places_the_one_among_the_same_neighbours_is_meant():
    old = plain(["One: the lock is closed at night. Ask Ann.", "Two: the lock is closed at night. Ask Bob."])
    new = plain(["Two: the lock is closed at night. Ask Bob.", "One: the lock is closed at night. Ask Ann."])
    second = quoted(old, "the lock is closed at night", start=old.text.rindex("the lock is closed at night"))

    there = anchors.find(second, Revision(old, new))

    assert there.span == Span(new.text.index("the lock"), new.text.index("the lock") + 27)


def test_a_changed_number_is_a_changed_passage_under_its_heading():
    after = HANDBOOK.replace("10 days", "3 days")

    assert found(HANDBOOK, after, "A spill is reported within 10 days.", heading="Reporting") == (
        Fate.CHANGED,
        "A spill is reported within 3 days.",
    )


def test_a_number_is_not_found_inside_a_longer_one():
    old, new = plain(["It takes 10 days or so to answer."]), plain(["It takes 110 days or so to answer."])

    there = anchors.find(quoted(old, "10 days or so to answer."), Revision(old, new))

    assert there.fate is not Fate.SAME
    assert there.span is None or there.span.of(new.text) == "It takes 110 days or so to answer."


def test_a_sentence_that_is_gone_is_not_taken_for_its_neighbour():
    after = HANDBOOK.replace("The report names the berth. ", "")

    assert found(HANDBOOK, after, "The report names the berth.", heading="Reporting") == (Fate.GONE, None)


def test_under_a_new_heading_a_passage_is_found_when_it_is_much_the_same():
    after = HANDBOOK.replace("## Reporting", "## Spills").replace("within 10 days", "within 3 days")

    assert found(HANDBOOK, after, "A spill is reported within 10 days.", heading="Reporting") == (
        Fate.CHANGED,
        "A spill is reported within 3 days.",
    )


def test_a_list_that_has_grown_in_the_middle_is_found_whole():
    quote = "rope\nvest\nlamp\nwhistle"

    assert found(HANDBOOK, HANDBOOK.replace("- lamp", "- flare\n- lamp"), quote, heading="Berths") == (
        Fate.CHANGED,
        "rope\nvest\nflare\nlamp\nwhistle",
    )


def test_a_short_quote_is_not_found_where_it_means_something_else():
    after = HANDBOOK.replace("- lamp\n", "").replace("# Handbook\n", "# Handbook\n\n## Lights\n\nThe lamp burns.\n")

    fate, _ = found(HANDBOOK, after, "lamp", heading="Berths")

    assert fate is Fate.GONE


@pytest.mark.parametrize(
    ("named", "says"),
    [("Ada Lind", "Bo Ek"), ("Cy Dee", "Cy Dee"), (None, None)],
    ids=["whoever says it", "whom it reports", "nobody"],
)
def test_a_passage_is_named_after_whoever_says_it_now(named, says):
    old = Text("The lock is closed.", (Block(BlockKind.PARAGRAPH, Span(0, 19), speaker=Speaker("Ada Lind")),))
    new = Text("The lock is closed.", (Block(BlockKind.PARAGRAPH, Span(0, 19), speaker=Speaker("Bo Ek")),))

    source = anchors.source_at(Span(0, 19), Source("The lock is closed.", 0, 19, speaker=named), Revision(old, new))

    assert source.speaker == says
