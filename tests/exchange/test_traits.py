"""What formats lose is told of how many notes are alike, and never of each."""

from dataclasses import replace

import pytest
from hypothesis import given

from quizapp.domain.cards import CardKind, Note
from quizapp.exchange import formats
from quizapp.exchange.traits import can_be_typed
from tests.exchange.leaving import EVERY_KIND, leaving, outgoing


@given(outgoing())
def test_what_a_deck_loses_is_said_of_each_note_that_it_has(notes):
    told = {sentence for one in notes for sentence in formats.losses(formats.MARKDOWN, formats.alike([one]))}

    assert set(formats.losses(formats.MARKDOWN, formats.alike(notes))) == told


@given(outgoing())
def test_a_note_that_is_there_twice_changes_numbers_alone(notes):
    once, twice = formats.alike(notes), formats.alike([*notes, *notes])

    assert twice == {one: 2 * count for one, count in once.items()}


@pytest.mark.parametrize("given", ["\r\nSkarn  ", "\tSkarn\n"])
def test_blanks_around_texts_change_nothing_of_what_is_lost(given):
    notes = leaving(*EVERY_KIND)
    spaced = [replace(one, note=replace(one.note, question=f" {one.note.question}\r\n")) for one in notes]

    assert formats.alike(spaced) == formats.alike(notes)
    assert can_be_typed(given.strip())
    assert formats.alike(leaving(Note(CardKind.BASIC, "Who?", given))) == formats.alike(
        leaving(Note(CardKind.BASIC, "Who?", "Skarn"))
    )
