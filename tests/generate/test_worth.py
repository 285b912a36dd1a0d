import json
from dataclasses import replace
from importlib import resources

import pytest

from quizapp.domain.cards import DraftStatus
from quizapp.generate import pipeline, ranking, worth
from quizapp.generate.candidates import from_claim
from quizapp.generate.features import CLAIM, FEATURES
from quizapp.ingest import read
from tests.generate.conftest import generated

TEXT = "# Mills of the valley\n\nThe old mill at Harlow weaves at least 40 hours in a week. It sold 300 rolls.\n"
PLAIN = {feature.name: worth.weights().features[feature.name].usual for feature in FEATURES}


def weighed(text: str = TEXT):
    return pipeline.weighed(read(text.encode(), "a.md")).candidates


def test_every_feature_has_a_weight_and_every_weight_a_feature():
    given = json.loads((resources.files("quizapp.generate") / "weights.json").read_text("utf-8"))

    assert list(given["features"]) == [feature.name for feature in FEATURES]


def test_a_candidate_is_measured_by_every_feature():
    names = {feature.name for feature in FEATURES}

    assert weighed()
    assert all(set(one.traits) == names for one in weighed())


def test_the_same_text_has_the_same_chances():
    assert [one.chance for one in weighed()] == [one.chance for one in weighed()]


def test_a_rule_whose_cards_people_keep_has_the_better_chance():
    glossary, subject = (worth.weights().chance(rule, PLAIN, ()) for rule in ("glossary", "subject"))

    assert 0 < subject < glossary < 1


def test_a_rule_that_nobody_has_rated_is_believed_in_part():
    modest, bold = (worth.weights().chance("brand new", PLAIN | {CLAIM: claim}, ()) for claim in (-1.0, 2.0))

    assert modest < bold


def test_a_value_far_from_what_was_learnt_counts_no_more_than_one_at_its_edge():
    weight = worth.Weight(weight=0.5, usual=2.0, spread=1.0)

    assert weight.of(1_000_000) == weight.of(2.0 + worth.FARTHEST)


def test_what_counts_against_a_card_is_a_finding_or_else_its_worst_feature():
    believed, forgiven = "It speaks of the page.", "It names nobody."
    weights = replace(worth.weights(), findings={believed: -0.5, forgiven: 0.2})
    leaning = PLAIN | {"gap: he or she without a name": 1.0}

    assert weights.against(leaning, (believed, forgiven)) == (believed,)
    assert weights.against(leaning, (forgiven,)) == ("It may lean on a sentence that is not shown.",)
    assert weights.against(PLAIN, ()) == (worth.OF_ITS_KIND,)


@pytest.mark.parametrize(("chance", "status"), [(1.0, DraftStatus.READY), (0.4, DraftStatus.REVIEW), (0.1, None)])
def test_the_chance_decides_between_ready_the_tray_and_nothing(chance, status):
    given = pipeline.weighed(read(TEXT.encode(), "a.md"))
    (first, *_) = given.candidates

    found = pipeline.chosen(replace(given, candidates=(replace(first, chance=chance),)))

    assert [draft.status for draft in found.drafts] == ([status] if status else [])
    assert [draft.score for draft in found.drafts] == ([chance] if status else [])
    assert len(found.rejected) == len(given.rejected) + (status is None)


def test_a_candidate_that_is_wrong_never_gets_out_however_likely_it_looks(monkeypatch):
    sure = worth.Weights(base=9.0, features={}, rules={}, findings={})
    monkeypatch.setattr(worth, "weights", lambda: sure)
    monkeypatch.setitem(pipeline.STRATEGIES, "generic", ungrounded)

    found = generated(TEXT)

    assert "9,000 spindles" in {one.answer for one in found.rejected}
    assert "9,000 spindles" not in {draft.answer for draft in found.drafts}


def ungrounded(reading):
    yield from_claim(
        reading.claims[0], "What does the old mill at Harlow own?", "9,000 spindles", rule="bold", sure=1.0
    )


def test_more_of_the_same_gives_way_to_something_else():
    facts = " ".join(f"Mill number {n} of the valley weaves at least {n + 20} hours in a week." for n in range(30))
    gaps = [one for one in weighed(f"# Mills\n\n## Weaving\n\n{facts}\n") if one.rule == "cloze_number"]
    (other, *same) = (replace(one, chance=0.9) for one in gaps)

    out = ranking.crowded([replace(other, rule="another", chance=0.85), *same], limit=3)

    assert 0 not in out
    assert len(out) == len(gaps) - 3
