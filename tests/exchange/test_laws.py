"""What goes out and comes back in is the same deck, as far as the format says that it keeps it."""

import re
from dataclasses import replace

from hypothesis import given

from quizapp import markup
from quizapp.domain import validity
from quizapp.domain.cards import CardKind, items
from quizapp.errors import InvalidInput
from quizapp.exchange import delimited, formats, gift, markdown, moodle, recto
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


@given(outgoing())
def test_what_gift_keeps_comes_back_as_it_was_shown(leaving):
    leaving = [one for one in good(leaving) if one.note.kind in {CardKind.CHOICE, CardKind.TRUE_FALSE}]

    assert [shown(note, deck, guid) for note, deck, guid in back(gift, leaving)] == [
        shown(one.note, one.deck, one.guid) for one in leaving
    ]


@given(outgoing())
def test_what_moodle_keeps_comes_back_as_it_was_shown(leaving):
    kept = {CardKind.CHOICE, CardKind.TRUE_FALSE, CardKind.ORDER}
    leaving = [one for one in good(leaving) if one.note.kind in kept]

    assert [shown(note, deck, guid) for note, deck, guid in back(moodle, leaving)] == [
        shown(one.note, one.deck, one.guid) for one in leaving
    ]


@given(outgoing())
def test_every_format_writes_what_it_reads_and_names_what_it_leaves_out(leaving):
    leaving = good(leaving)
    for chosen in formats.FORMATS:
        if chosen is formats.KAHOOT:
            continue

        written = formats.write(chosen, leaving)

        assert written.notes + len(written.problems) == len(leaving)
        if leaving and written.notes:
            _, found = formats.read(written.data, f"deck{chosen.suffixes[0]}", Wishes())
            assert len(found.notes) + len(found.troubles) >= written.notes
        assert formats.losses(chosen, formats.alike(leaving)) is not None


def shown(note, deck, guid):
    lines = [*note.choices, *(items(note.answer) if note.kind is CardKind.ORDER else [note.answer])]
    return (
        note.kind,
        [plain(markup.to_html(note.question)), plain(markup.to_html(note.explanation))],
        [plain(markup.inline_html(line)) for line in lines],
        note.tags,
        deck,
        guid,
    )


def plain(html):
    return " ".join(re.sub(r"<[^>]*>", " ", html.replace("&nbsp;", " ")).split())
