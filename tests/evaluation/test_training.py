import pytest

from evaluation import training
from evaluation.documents import HELD_OUT, Example, Made
from evaluation.ratings import Rating
from evaluation.training import Rated
from quizapp.generate import worth
from quizapp.generate.features import CLAIM, FEATURES

NOTHING = dict.fromkeys((feature.name for feature in FEATURES), 0.0)


def example(key, *, rule="plain", sure=0.8, faults=(), **traits):
    return Example((key,), rule, sure, NOTHING | {CLAIM: 1.4} | traits, faults)


def examples(count=12):
    """Return cards of two rules in three documents: those that name something are good."""
    return [Rated(f"d{n % 3}", example(str(n), rule="ab"[n % 2], commas=n % 4), float(n % 2)) for n in range(count)]


@pytest.fixture
def weights():
    return training.learnt(examples())


def test_a_rule_whose_cards_are_kept_scores_higher(weights):
    assert weights.chance("b", NOTHING, ()) > weights.chance("a", NOTHING, ())


def test_a_finding_that_raters_disagree_with_weighs_nothing_against_a_card():
    doubted = [Rated("d", example(str(n), faults=("It is long.",) if n % 2 else ()), float(n % 2)) for n in range(12)]

    assert training.learnt(doubted).findings["It is long."] > 0


def test_what_a_rule_claims_counts_less_the_more_ratings_there_are():
    few, many = (
        training.learnt([*examples(), *(Rated("d", example(f"x{n}", rule="bad", sure=0.9), 0.0) for n in range(count))])
        for count in (2, 40)
    )

    assert few.chance("bad", NOTHING, ()) > many.chance("bad", NOTHING, ())


def test_training_twice_writes_the_same_file(tmp_path, monkeypatch, weights):
    monkeypatch.setattr(training, "FILE", tmp_path / "weights.json")
    written = []
    for learnt in (weights, training.learnt(examples())):
        training.keep(learnt)
        written.append(training.FILE.read_text("utf-8"))

    assert written[0] == written[1]
    assert worth.parsed(written[0]) == weights


def test_a_document_that_is_held_out_teaches_nothing():
    held_out = Rated(HELD_OUT[0], example("x"), 1.0)

    assert held_out not in training.taught([held_out, *examples()])


def test_chances_of_a_document_come_from_weights_that_never_saw_it():
    known = examples()
    told = [Rated(one.document, one.example, 1.0 if one.document == "d0" else one.share) for one in known]

    before, after = training.left_out(known), training.left_out(told)

    assert [before[at] for at in range(0, 12, 3)] == [after[at] for at in range(0, 12, 3)]
    assert before[1] != after[1]


def test_a_candidate_keeps_its_rating_by_the_question_as_shown_or_as_worded():
    one = Example(("shown", "worded"), "plain", 0.8, NOTHING, ())
    rating = Rating("d", "plain", {"a": "good", "b": "trivial"})

    (found,) = training.rated([Made("d", 10, (), (), (), (one,))], {"worded": rating})

    assert found.share == 0.5


def test_chances_that_put_every_good_card_first_have_an_auc_of_one():
    known = examples()

    assert training.auc(known, [one.share or 0.0 for one in known]) == 1.0
    assert training.auc(known, [0.5 for _ in known]) == 0.5
