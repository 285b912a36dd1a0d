"""What goes out and comes back in is the same deck, as far as the format says that it keeps it."""

from dataclasses import replace

from hypothesis import given

from quizapp.domain import validity
from quizapp.errors import InvalidInput
from quizapp.exchange import delimited, markdown, recto
from quizapp.exchange.layout import Wishes
from tests.exchange.leaving import outgoing


def good(leaving):
    """Keep the notes that can be asked: letters that mean something together may make another kind of text."""
    kept = []
    for one in leaving:
        try:
            validity.check(one.note)
        except InvalidInput:
            continue
        kept.append(one)
    return kept


def back(module, leaving):
    written = module.write(leaving) if hasattr(module, "write") else module.write_csv(leaving)
    found = module.read(written.data, Wishes())
    assert found.troubles == ()
    return [(one.note, one.deck, one.guid) for one in found.notes]


@given(outgoing())
def test_our_own_file_gives_the_same_deck(leaving):
    leaving = good(leaving)

    assert back(recto, leaving) == [(one.note, one.deck, one.guid) for one in leaving]


@given(outgoing())
def test_a_table_gives_the_same_deck(leaving):
    leaving = good(leaving)

    assert back(delimited, leaving) == [(quoted(one.note), one.deck, one.guid) for one in leaving]


@given(outgoing())
def test_markdown_gives_the_same_deck_but_for_who_said_it_and_where(leaving):
    leaving = good(leaving)

    assert back(markdown, leaving) == [(bare(one.note), one.deck, one.guid) for one in leaving]


def quoted(note):
    """A note whose quote has lost its place in the document."""
    source = note.source and replace(note.source, start=0, end=len(note.source.quote))
    return replace(note, source=source)


def bare(note):
    source = note.source and replace(quoted(note).source, speaker=None, heading=None, page=None)
    return replace(note, source=source)
