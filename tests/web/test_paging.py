import pytest
from flask import Flask

from quizapp.web.paging import part_of


@pytest.mark.parametrize(
    ("asked", "number", "first"),
    [("", 1, 0), ("?page=2", 2, 100), ("?page=99", 3, 200), ("?page=-1", 1, 0), ("?page=x", 1, 0)],
)
def test_a_long_list_is_shown_a_hundred_lines_at_a_time(asked, number, first):
    with Flask("pages").test_request_context(f"/{asked}"):
        part = part_of(range(250))

    assert (part.number, part.pages, part.shown[0]) == (number, 3, first)


def test_an_empty_list_has_one_page():
    with Flask("pages").test_request_context("/"):
        assert part_of(()).pages == 1
