"""What somebody stands for: one example a shape, and sentences that nobody says."""

import pytest

from tests.generate.conftest import proposed

RULES = (
    "view_own", "view_lacks", "view_wants", "view_means", "view_comes_down", "view_provided", "view_of_those",
)  # fmt: skip
RECAP = "# Looms: a recap\n\nAda Byron, who directs engines at Babbage Ltd, opened the day. {}\n"

VIEWS = {
    "advice": (
        "Her advice on looms was blunt: don't stop them before noon.",
        "What was Ada Byron’s advice on looms?",
        "Don't stop them before noon",
    ),
    "lack": (
        "What she lacks are patient weavers, since steam is loud.",
        "What does Ada Byron lack?",
        "Patient weavers",
    ),
    "wish": (
        "Byron wants every mill to pay a fair share of the noise.",
        "What does Ada Byron want every mill to pay?",
        "A fair share of the noise",
    ),
    "a term of hers": (
        'She explained "loom manners", her term for the rule that nobody shouts.',
        "What does Ada Byron mean by “loom manners”?",
        "The rule that nobody shouts",
    ),
    "a term in passing": (
        "According to Byron, mills fail by warp tension, meaning how hard the threads are pulled.",
        "What does “warp tension” mean, according to Ada Byron?",
        "How hard the threads are pulled",
    ),
    "what it comes down to": (
        "According to Byron, most of the waste comes down to bad yarn.",
        "What does most of the waste come down to, according to Ada Byron?",
        "Bad yarn",
    ),
    "some of a group": (
        "She added that of the forty mills that asked for a loom, six bought one in the end.",
        "How many of the forty mills that asked for a loom bought one in the end, according to Ada Byron?",
        "6",
    ),
    "a condition": (
        "According to Byron, a wooden loom lasts a century, so long as the beam stays dry.",
        "Under what condition does a wooden loom last a century, according to Ada Byron?",
        "The beam stays dry",
    ),
}


@pytest.mark.parametrize(("sentence", "question", "answer"), VIEWS.values(), ids=VIEWS)
def test_what_a_speaker_stands_for_is_asked_in_their_name(sentence, question, answer):
    cards = proposed(RECAP.format(sentence), *RULES)

    assert (question, answer) in cards


@pytest.mark.parametrize("sentence", [sentence for sentence, _, _ in VIEWS.values()], ids=VIEWS)
def test_what_nobody_says_is_no_view(sentence):
    assert not proposed(f"# Looms\n\nThe mill is old. {sentence.replace('Byron', 'rumour')}\n", *RULES)
