import pytest

from quizapp.domain.cards import CardKind, Note
from quizapp.domain.validity import check
from quizapp.errors import InvalidInput


@pytest.mark.parametrize(
    "note",
    [
        Note(CardKind.BASIC, "a", "b"),
        Note(CardKind.TRUE_FALSE, "a", "True"),
        Note(CardKind.CHOICE, "a", "b", ("b", "c")),
        Note(CardKind.LIST, "a", "- one"),
        Note(CardKind.ORDER, "a", "one\ntwo"),
        Note(CardKind.CLOZE, "{{c1::a}}"),
        Note(CardKind.BASIC, "x" * 20_000, "𝔘"),
    ],
    ids=["basic", "true or false", "choice", "list", "order", "cloze", "the longest"],
)
def test_a_note_that_can_be_asked_passes(note):
    check(note)


@pytest.mark.parametrize(
    ("note", "sentence"),
    [
        (Note(CardKind.BASIC, "\n", "b"), "The question is empty"),
        (Note(CardKind.BASIC, "a", "\t"), "The answer is empty"),
        (Note(CardKind.BASIC, "a", "b" * 20_001), "The answer has 20,001 characters"),
        (Note(CardKind.BASIC, "a", "b", (), "c" * 20_001), "The explanation has"),
        (Note(CardKind.BASIC, "a", "\udc80"), "half a character"),
        (Note(CardKind.CHOICE, "a", "b", ("b",)), "at least two"),
        (Note(CardKind.CHOICE, "a", "b", ("c", "d")), "not among"),
        (Note(CardKind.CHOICE, "a", "b", ("b", " b")), "the same"),
        (Note(CardKind.CHOICE, "a", "b", ("b", "")), "is empty"),
        (Note(CardKind.CHOICE, "a", "b", ("b", *map(str, range(20)))), "20 choices"),
        (Note(CardKind.CHOICE, "a", "b", ("b", "c" * 1001)), "1,000 characters"),
        (Note(CardKind.ORDER, "a", "one\n\n"), "two items"),
        (Note(CardKind.CLOZE, "a"), "no gap"),
        (Note(CardKind.CLOZE, "{{c1::}}"), "no gap"),
        (Note(CardKind.CLOZE, "".join(f"{{{{c{n}::a}}}}" for n in range(1, 60))), "50 gaps"),
    ],
    ids=lambda value: value if isinstance(value, str) else value.kind.value,
)
def test_a_note_that_could_not_be_asked_is_refused_with_the_reason(note, sentence):
    with pytest.raises(InvalidInput, match=sentence):
        check(note)
