"""One answer that arrives more than once, and two that meet."""

import threading
from collections.abc import Callable, Sequence
from uuid import uuid4

import pytest

from tests.faults.visiting import CONFLICT, FOUND, Visitor

pytestmark = pytest.mark.slow


@pytest.fixture
def site(library, serve):
    with serve(library.folder) as site:
        yield site


def at_once(*actions: Callable[[], object]) -> Sequence[object]:
    """Do all that in threads that start together, and return what each gave."""
    line, given = threading.Barrier(len(actions)), [None] * len(actions)

    def run(number: int) -> None:
        line.wait()
        given[number] = actions[number]()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(len(actions))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return given


def test_a_double_click_counts_once_and_both_clicks_get_the_next_card(site, library):
    visitor, card, review_id = Visitor(site.url), library.cards()[0], uuid4()

    replies = at_once(*[lambda: visitor.answer(card, review_id=review_id).status] * 6)

    assert replies == [FOUND] * 6
    assert library.reviews() == [review_id]
    assert library.problems() == []


def test_of_two_tabs_that_grade_one_card_one_wins_and_the_other_is_told(site, library):
    one, other = Visitor(site.url), Visitor(site.url)
    told = []

    for card in library.cards():
        replies = at_once(lambda card=card: one.answer(card), lambda card=card: other.answer(card, grade=1))
        assert sorted(reply.status for reply in replies) == [FOUND, CONFLICT]
        told += [reply.sentence for reply in replies if reply.status == CONFLICT]

    assert all("was answered elsewhere meanwhile" in sentence for sentence in told)
    assert len(library.reviews()) == len(library.cards())
    assert library.problems() == []


def test_an_answer_whose_reply_was_lost_counts_once_when_it_is_sent_again(site, library):
    visitor, sent = Visitor(site.url), [(card, uuid4()) for card in library.cards()]

    for card, review_id in sent:
        visitor.answer_and_hang_up(card, review_id=review_id)
    replies = [visitor.answer(card, review_id=review_id).status for card, review_id in sent]

    assert replies == [FOUND] * len(sent)
    assert library.reviews() == sorted(review_id for _, review_id in sent)
    assert library.problems() == []


def test_a_press_that_moves_a_card_counts_once_however_often_it_is_sent(site, library):
    visitor, action = Visitor(site.url), uuid4()
    first, second, *_ = library.cards()
    press = {"action": action, "show": 0, "do": "known"}

    replies = at_once(*[lambda: visitor.post(f"/study/cards/{first}/act", **press).status] * 4)
    again = visitor.post(f"/study/cards/{second}/act", **press)

    assert replies == [FOUND] * 4
    assert again.status == CONFLICT
    assert library.column("select count(*) from card_action") == [1]
    assert library.column("select reviews from memory") == [1]
    assert library.problems() == []


def test_two_tabs_that_undo_at_once_take_back_two_things_and_none_of_them_twice(site, library):
    one, other = Visitor(site.url), Visitor(site.url)
    for card in library.cards()[:2]:
        one.post(f"/study/cards/{card}/act", action=uuid4(), show=0, do="known")

    at_once(lambda: one.post("/study/undo", undo=uuid4()), lambda: other.post("/study/undo", undo=uuid4()))

    assert library.column("select count(distinct undoes) from card_action where undoes is not null") == [2]
    assert library.column("select count(*) from memory") == [0]
    assert library.problems() == []


def test_an_undo_sent_twice_at_once_takes_back_one_answer(site, library):
    visitor, undo_id = Visitor(site.url), uuid4()
    first, second, *_ = library.cards()
    for card in (first, second):
        visitor.answer(card)

    at_once(*[lambda: visitor.post("/study/undo", undo=undo_id)] * 4)

    assert library.column("select count(*) from review where undoes is not null") == [1]
    assert library.column("select card_id from memory") == [first]
    assert library.problems() == []
