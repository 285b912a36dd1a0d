"""What tables, reasons and release notes tell with more than one cell or sentence."""

from tests.generate.conftest import proposed

MACHINES = """# Machines

## Early machines

| Machine | Country | What it did |
|---|---|---|
| Spinner | Wales | thread, the first of its kind |
| Puncher | France | patterns from cards |
| Roller | Wales | cloth for sails |
"""
NEVER = """# Stores

| Never together | Because |
|---|---|
| oil and wool | slow fire |
| dye and silk | stains for good |
"""
NOTES = """# Loom release notes

## 2.1.0 - 2024-03-01

### Removed

- The card reader. Fewer than ten mills had one and it broke every week

### Changed

- Sound is off unless you ask for it. Previously it was on

### Security

- CVE-2024-1111: a card could stop the drum. Affected: 2.0.0 to 2.0.4.

## 2.0.0 - 2023-03-01

### Added

- Drums
"""


def test_a_cell_that_names_the_first_of_all_asks_for_its_row():
    asked = [(ask.removeprefix("Early machines: "), said) for ask, said in proposed(MACHINES, "table_remarkable")]
    assert asked == [("Which machine is it: thread, the first of its kind?", "Spinner")]


def test_a_table_of_what_must_never_be_asks_why():
    asked = [(ask.removeprefix("Stores: "), said) for ask, said in proposed(NEVER, "table_never")]
    assert ("Why should oil and wool never be together?", "Slow fire") in asked


def test_a_change_tells_what_is_affected_how_it_was_and_why_it_went():
    answers = [said for _, said in proposed(NOTES, "release_around")]
    assert answers == [
        "Fewer than ten mills had one and it broke every week",
        "It is off unless you ask for it",
        "2.0.0 to 2.0.4",
    ]


def test_what_something_is_not_and_what_it_spares_are_reasons():
    text = "A copy is not a spare loom: a fault is woven into it at once.\n\nThe loom now runs in a separate hall, so a broken belt can’t stop the mill."
    asked = proposed(f"# Looms\n\n{text}\n", "reason_stop")
    assert ("Why is a copy not a spare loom?", "A fault is woven into it at once") in asked
    assert ("Why does the loom now run in a separate hall?", "So that a broken belt can’t stop the mill") in asked
