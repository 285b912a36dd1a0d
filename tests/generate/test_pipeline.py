import json
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quizapp.domain.cards import CardKind, Draft, DraftStatus
from quizapp.generate import ranking
from quizapp.generate.pipeline import generate
from quizapp.ingest import read
from tests.generate.conftest import generated, panel, ready

SEEDS = sorted((Path(__file__).parents[2] / "seeds").glob("*.*"))
GOLDEN = Path(__file__).parents[1] / "golden"


def summary(draft: Draft) -> dict[str, object]:
    return {
        "status": draft.status.value,
        "kind": draft.kind.value,
        "question": draft.question,
        "answer": draft.answer,
        "speaker": draft.source.speaker,
        "rule": draft.rule,
    }


@pytest.mark.slow
@pytest.mark.parametrize("seed", SEEDS, ids=lambda path: path.stem)
def test_the_cards_of_a_sample_document_are_those_that_were_reviewed(seed, request):
    drafts = [summary(draft) for draft in generate(read(seed.read_bytes(), seed.name)).drafts]
    golden = GOLDEN / f"{seed.stem}.json"
    if request.config.getoption("--update-golden"):
        golden.write_text(json.dumps(drafts, ensure_ascii=False, indent=1) + "\n")

    assert drafts == json.loads(golden.read_text())


@pytest.mark.slow
def test_the_summit_asks_who_compared_lobster_to_the_iphone():
    seed = next(path for path in SEEDS if path.stem == "summit-takeaways")

    found = {draft.question: draft for draft in ready(seed.read_text(), seed.name)}

    card = found["Which speaker compared Lobster to the iPhone 4?"]
    assert card.answer == "Deng Yafeng (Vice President of Shanda Group and CEO of EverMind)"
    assert "Lobster is like the iPhone 4" in card.source.quote


def as_markdown(source: str) -> str:
    """Return the retold summit as its author would have typed it in Markdown."""
    lines = source.splitlines()
    marked = [f"# {lines[0]}"]
    for line in lines[1:]:
        header = re.match(r"^[A-Z]\w+ [A-Z]\w+, [^.]+$", line)
        bold = re.sub(r"\b(Lobster|Harness)\b", r"**\1**", line)
        marked.append(f"## {line}" if header else "**Key points:**" if line == "Key points:" else bold)
    return "\n".join(marked)


@pytest.mark.slow
def test_the_same_text_as_plain_text_and_markdown_gives_the_same_cards():
    seed = next(path for path in SEEDS if path.suffix == ".txt")

    plain = generated(seed.read_text(), "a.txt").drafts
    marked = generated(as_markdown(seed.read_text()), "a.md").drafts

    assert [draft.id for draft in plain] == [draft.id for draft in marked]
    assert len(plain) > 20


def test_every_quote_is_verbatim_at_its_place():
    document = read(panel(ada="Lobster is like the iPhone 4. It ran for 72 hours straight.").encode(), "a.md")

    drafts = generate(document).drafts

    assert drafts
    assert all(document.text[d.source.start : d.source.end] == d.source.quote for d in drafts)


def test_the_tray_and_the_rejected_say_why():
    found = generated(
        panel(ada="The engine, which nobody ever built, would have weighed five tons and needed 25,000 parts.")
    )

    tray = [draft for draft in found.drafts if draft.status is DraftStatus.REVIEW]
    assert tray
    assert all(draft.reasons for draft in tray)
    assert all(card.reasons for card in found.rejected)
    assert not any(draft.reasons for draft in found.drafts if draft.status is DraftStatus.READY)


def test_a_text_without_a_fact_says_so():
    found = generated("# Hello\n\nWell, well. So it goes, as they say here.\n")

    assert found.drafts == ()
    assert found.problems == ("Nothing in this document makes a card. Add one with more facts in it.",)


def test_other_languages_get_what_needs_no_grammar_and_are_told_so():
    found = generated("# Netzbetrieb\n\nDie Frequenz beträgt im Normalbetrieb 50 Hertz und wird ständig überwacht.\n")

    assert [draft.answer for draft in found.drafts] == ["50"]
    assert "not in English" in found.problems[0]


def test_ready_cards_stay_within_the_budget():
    facts = "\n\n".join(f"Mill number {n} of the valley weaves at least {n + 20} hours in a week." for n in range(60))

    cards = ready(f"# Mills\n\n{facts}\n")

    assert 0 < len(cards) <= ranking.budget(60 * 14)


def test_progress_runs_forward_to_the_end():
    seen: list[float] = []
    generate(read(panel().encode(), "a.md"), lambda share, _what: seen.append(share))

    assert seen == sorted(seen)
    assert 0 < seen[0] <= seen[-1] < 1


WORDS = st.sampled_from(
    [
        "the",
        "a",
        "It",
        "This",
        "Ada",
        "Byron",
        "Lobster",
        "is",
        "like",
        "means",
        "refers",
        "to",
        "if",
        "when",
        "then",
        "70%",
        "5",
        "years",
        "“x”",
        "”",
        "(",
        "[",
        "three",
        "rules:",
        "first,",
        "and",
        "not",
        "。",
        "I",
        "we",
        "[…]",
        "{{c1::",
    ]
)
TEXTS = st.lists(st.lists(WORDS, max_size=14).map(" ".join), max_size=8).map(". ".join)


@settings(max_examples=60)
@given(TEXTS)
def test_no_text_breaks_generation(text):
    document = read(f"# The title of all this is that\n\n{text}\n\n- {text}\n".encode(), "a.md")

    drafts = generate(document).drafts

    assert all(document.text[d.source.start : d.source.end] == d.source.quote for d in drafts)
    assert len({draft.id for draft in drafts}) == len(drafts)


def test_a_card_about_several_lines_knows_the_heading_above_them():
    source = (
        "# The mill handbook\n\n## The wheel\n\nDon't:\n\n- put your hand inside the wheel\n- use the axle as a seat\n"
    )

    headings = [draft.source.heading for draft in generated(source).drafts if draft.kind is CardKind.LIST]

    assert headings == ["The wheel"]
