import pytest
from sqlalchemy import text

from quizapp.domain.permissions import Actor, LearnerId
from quizapp.services import library, searching
from tests import make
from tests.make import NOW

TEXT = """Harbour

The tide-gate of the Café shuts at low water.

数据库系统保存所有的记录。データベースを使う。

A mooring line holds the ship. Version 2b of H2O, 12abc and 3.5 metres."""


def found(session, owner, asked):
    """Return the numbers of the passages that a search finds in the one document."""
    return [passage.number for one in searching.search(session, owner, asked).documents for passage in one.passages]


@pytest.fixture
def harbour(session, owner):
    return make.added(session, owner, text=TEXT, title="Harbour").document_id


@pytest.mark.parametrize(
    ("asked", "passages"),
    [
        ("tide", [1]),
        ("TIDE cafe", [1]),
        ("water shuts", [1]),
        ('"low water"', [1]),
        ('"water low"', []),
        ("moor", [3]),
        ('"moor"', []),
        ("the", [1, 3]),
        ("据", [2]),
        ("数据", [2]),
        ("据数", []),
        ("データベース", [2]),
        ("2b", [3]),
        ("h2o", [3]),
        ("12abc", [3]),
        ("3.5", [3]),
        ("harbour", [0]),
        ("tide mooring", []),
    ],
)
def test_passages_are_found_by_their_words(session, owner, harbour, asked, passages):
    assert found(session, owner, asked) == passages


@pytest.mark.parametrize(
    "asked", ["", " ", '"', "*", "AND", "NEAR(a b)", "a:b", "words:tide", "'; drop", "\\", "!&|<->", "\0", "\ud800", "x" * 9999]
)  # fmt: skip
def test_no_search_fails(session, owner, harbour, asked):
    assert searching.search(session, owner, asked).documents is not None


def test_the_newest_document_comes_first_with_its_first_passages_and_their_number(session, owner, harbour):
    many = "Many\n\n" + "\n\n".join(f"Ship {number} sails." for number in range(7))
    newer = make.added(session, owner, text=many, title="Many", now=NOW.replace(hour=13)).document_id

    result = searching.search(session, owner, "ship")

    assert [(one.id, one.count, len(one.passages)) for one in result.documents] == [(newer, 7, 5), (harbour, 1, 1)]
    assert (result.passages, result.is_whole) == (8, True)


def test_what_is_in_the_trash_is_not_found_until_it_is_back(session, owner, harbour):
    library.delete(session, owner, harbour, now=NOW)
    assert found(session, owner, "tide") == []

    library.restore(session, owner, harbour, now=NOW)
    assert found(session, owner, "tide") == [1]


def test_nobody_finds_what_is_not_theirs(session, harbour):
    assert found(session, Actor(LearnerId(999)), "tide") == []


def test_a_document_that_is_removed_leaves_nothing_to_find(session, owner, harbour):
    make.added(session, owner)

    session.execute(text("delete from document where id = :id"), {"id": harbour})

    assert found(session, owner, "tide") == []
    assert found(session, owner, "mitochondrion") == [1]


def test_a_passage_longer_than_an_index_bears_is_found_by_its_beginning(session, owner):
    long = "Long\n\nbeginning " + " ".join(f"{number:x}" for number in range(60_000))

    make.added(session, owner, text=long, title="Long")

    assert found(session, owner, "beginning") == [1]
