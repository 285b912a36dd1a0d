import pytest

from quizapp.domain.documents import Block, BlockKind, Span, Speaker
from quizapp.domain.quoting import located, source

TEXT = "Signals\n\nThree long blasts mean\nthat the lock is closed. Wait.\n\nLight | Meaning\nred | stop\n\nWait."


@pytest.mark.parametrize(
    ("said", "quote"),
    [
        pytest.param("long blasts", "long blasts", id="as it stands"),
        pytest.param("mean that the  lock", "mean\nthat the lock", id="blanks and line ends"),
        pytest.param("LightMeaningredstop", "Light | Meaning\nred | stop", id="cells of a table"),
        pytest.param("closed.Wait.Light", "closed. Wait.\n\nLight", id="over two passages"),
    ],
)
def test_copied_words_are_found_whatever_lies_between_them(said, quote):
    assert located(TEXT, said).of(TEXT) == quote


def test_words_that_are_there_twice_are_found_in_their_passage():
    assert located(TEXT, "Wait.", near=TEXT.index("Light")).start == TEXT.rindex("Wait.")
    assert located(TEXT, "Wait.").start == TEXT.index("Wait.")


@pytest.mark.parametrize("said", ["", " \n|", "a kettle"])
def test_what_is_not_there_is_not_found(said):
    assert located(TEXT, said) is None


def test_a_passage_says_who_says_it_and_where_it_stands():
    start = TEXT.index("Three")
    block = Block(
        BlockKind.PARAGRAPH, Span(start, start + 40), path=("Harbour", "Signals"), speaker=Speaker("Lin Wei"), page=3
    )

    found = source(TEXT, [block], Span(start, start + 17))

    assert (found.quote, found.speaker, found.heading, found.page) == ("Three long blasts", "Lin Wei", "Signals", 3)
