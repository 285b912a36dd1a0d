import pytest

from evaluation import ratings
from evaluation.documents import Made
from evaluation.figures import measured
from evaluation.ratings import Rating
from tests import make


def rating(*verdicts):
    return Rating("cells", "definition", dict(zip("ab", verdicts, strict=True)))


def made(*drafts):
    return Made("cells", 100, (), drafts, ())


def test_raters_who_always_agree_have_a_kappa_of_one_and_chance_alone_has_none():
    assert ratings.agreement([rating("good", "good"), rating("trivial", "ambiguous")]) == (1.0, 1.0)

    mixed = [rating("good", "good"), rating("good", "trivial"), rating("trivial", "good"), rating("trivial", "trivial")]
    assert ratings.agreement(mixed) == (0.5, 0.0)


def test_an_unrated_ready_card_counts_as_bad():
    first, second = make.draft(0), make.draft(1)
    known = {ratings.key(first): rating("good", "good")}

    assert measured(made(first, second), known).precision == 0.5


def test_a_card_is_worth_the_share_of_raters_who_would_keep_it():
    card = make.draft(0)

    assert measured(made(card), {ratings.key(card): rating("good", "trivial")}).precision == 0.5


def test_raters_see_neither_rule_nor_score_nor_status(tmp_path, monkeypatch):
    monkeypatch.setattr(ratings, "FILE", tmp_path / "ratings.jsonl")

    (row,) = ratings.sheet([made(make.draft(0))])

    shown = {"key", "document", "question", "answer", "choices", "explanation", "quote", "speaker", "heading"}
    assert set(row) == shown


def test_what_both_raters_said_is_taken_in_once(tmp_path, monkeypatch):
    monkeypatch.setattr(ratings, "FILE", tmp_path / "ratings.jsonl")
    card, unseen = make.draft(0), make.draft(1)
    filled = {"a": {ratings.key(card): "good"}, "b": {ratings.key(card): "trivial", ratings.key(unseen): "good"}}

    counts = [ratings.take_in([made(card, unseen)], filled) for _ in range(2)]

    assert counts == [1, 0]
    assert ratings.read()[ratings.key(card)].verdicts == {"a": "good", "b": "trivial"}


def test_a_verdict_that_is_none_of_the_reasons_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(ratings, "FILE", tmp_path / "ratings.jsonl")
    card = make.draft(0)

    with pytest.raises(ValueError, match="dull"):
        ratings.take_in([made(card)], {"a": {ratings.key(card): "dull"}})
