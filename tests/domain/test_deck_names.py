import pytest

from quizapp.domain import deck_names
from quizapp.errors import InvalidInput


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Biology", "Biology"),
        ("  Cell \t biology ", "Cell biology"),
        ("Biology :: Cells", "Biology::Cells"),
        ("Gro\u0308ße", "Größe"),
    ],
    ids=["plain", "blanks", "blanks around the mark", "composed"],
)
def test_a_name_is_tidied_up(typed, kept):
    assert deck_names.clean(typed) == kept


@pytest.mark.parametrize("typed", ["", " ", "::", "A::", "::A", "A::::B", "A\x00", "A\ud800", "x" * 201])
def test_a_name_that_could_not_be_shown_is_refused(typed):
    with pytest.raises(InvalidInput, match="name"):
        deck_names.clean(typed)


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("A: B::C", "A: B: C"),
        ("  ", "Untitled"),
        ("a\nb\x00c", "a b c"),
        ("::", ":"),
        ("x" * 500, "x" * 200),
    ],
    ids=["mark", "empty", "control characters", "only a mark", "long"],
)
def test_any_title_makes_a_name(title, name):
    assert deck_names.from_title(title) == name
    assert deck_names.clean(name) == name


def test_a_deck_is_in_those_that_its_name_begins_with():
    assert deck_names.lineage("A::B::C") == ["A", "A::B", "A::B::C"]


def test_a_subdeck_moves_with_its_deck():
    assert deck_names.moved("A::B", "A", "Long::name") == "Long::name::B"


def test_a_subdeck_moves_even_if_it_spells_its_deck_in_another_way():
    assert deck_names.key("STRASSE::B").startswith(deck_names.key("Straße"))
    assert deck_names.moved("STRASSE::B", "Straße", "Road") == "Road::B"


@pytest.mark.parametrize(
    "name", ["\u200b", "\ufeff", "\u00ad", "A::\u200b"], ids=["zero width", "mark", "hyphen", "part"]
)
def test_a_name_of_invisible_characters_alone_is_no_name(name):
    with pytest.raises(InvalidInput, match="needs a name"):
        deck_names.clean(name)


def test_direction_overrides_are_dropped_and_joiners_stay():
    assert deck_names.clean("\u202eBiology") == "Biology"
    assert deck_names.clean("می\u200cخواهم") == "می\u200cخواهم"
