from evaluation.documents import Fact
from evaluation.matching import found
from tests import make

QUOTE = "The reservoir holds 40 million litres of drinking water."
FACT = Fact("g1", "How much water does the reservoir hold?", QUOTE, None, ("40 million",), ("reservoir",))


def card(question="How much drinking water does the reservoir hold?", answer="40 million litres", quote=QUOTE, **given):
    return make.draft(text=quote, question=question, answer=answer, **given)


def sourced(draft, quote, speaker=None):
    source = make.Source(quote, 0, len(quote), speaker)
    return make.draft(question=draft.question, answer=draft.answer, source=source)


def test_a_card_that_asks_for_the_fact_finds_it():
    asking = sourced(card(), QUOTE)

    assert found([FACT], [asking]).by_card == {asking.id: "g1"}


def test_a_card_from_another_passage_does_not():
    elsewhere = sourced(card(), "Nobody has measured how much water is lost on the way to the town.")

    assert found([FACT], [elsewhere]).by_card == {}


def test_an_answer_that_repeats_the_whole_passage_does_not():
    whole = "Forty thousand houses drink from the one reservoir that holds 40 million litres of water above the town."
    fact = Fact("g1", FACT.question, whole, None, ("40 million",), ("reservoir",))

    assert found([fact], [sourced(card(answer=whole), whole)]).by_card == {}


def test_a_question_about_something_else_does_not():
    other = sourced(card(question="What is 40 in Roman numerals?"), QUOTE)

    assert found([FACT], [other]).by_card == {}


def test_one_card_finds_one_fact_and_as_many_facts_as_possible_are_found():
    second = Fact("g2", "What does the reservoir hold?", QUOTE, None, ("water|litres",), ("reservoir",))
    both = sourced(card(), QUOTE)
    only_second = sourced(card(question="What kind of water does the reservoir hold?", answer="Drinking water"), QUOTE)

    assert len(found([second, FACT], [both, only_second]).by_card) == 2


def test_a_card_under_another_name_is_misattributed_and_one_without_a_name_finds_nothing():
    said = Fact("g1", FACT.question, QUOTE, "Ada Okafor (Engineer)", ("40 million",), ("reservoir",))
    right, wrong, nobody = (sourced(card(), QUOTE, name) for name in ("Ada Okafor", "Jon Berg", None))

    assert found([said], [right]).by_card
    assert found([said], [wrong]).misattributed == {"g1": wrong.question}
    assert not found([said], [nobody]).by_card
    assert not found([said], [nobody]).misattributed
