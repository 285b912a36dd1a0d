import pytest

from quizapp.domain.captions import Captions, asks_of_picture
from quizapp.domain.documents import Block, BlockKind, Picture, Span

LINES = (
    "The mole keeps the swell out, as figure 2 shows.",
    "Ships wait here.",
    "Fig. 1: The basin. It is deep.",
    "Figure 2. The mole.",
    "See Figure 7 of another book.",
)
TEXT = "\n".join(LINES)


def span(words: str) -> Span:
    start = TEXT.index(words)
    return Span(start, start + len(words))


def captions(*above: str) -> Captions:
    """The captions of pictures that stand above the lines that open with these words."""
    blocks = [Block(BlockKind.PARAGRAPH, span(line)) for line in LINES]
    pictures = [Picture(b"", "image/png", 9, 9, "", span(words).start if words else len(TEXT)) for words in above]
    return Captions(TEXT, blocks, pictures)


@pytest.mark.parametrize(
    ("above", "found"),
    [
        pytest.param(["Fig. 1", "Figure 2"], [LINES[2], LINES[3]], id="below"),
        pytest.param(["Figure 2", "See"], [LINES[3], None], id="one caption is of one picture"),
        pytest.param(["See"], [LINES[3]], id="above"),
        pytest.param(["Ships"], [None], id="none"),
        pytest.param([""], [None], id="at the end"),
    ],
)
def test_a_caption_stands_right_below_its_picture_or_else_above(above, found):
    assert captions(*above).spans == [line and span(line) for line in found]


@pytest.mark.parametrize(
    ("passage", "picture"),
    [
        ("It is deep.", 0),
        ("Figure 2. The mole.", 1),
        ("The mole keeps the swell out", 1),
        ("Ships wait here.", None),
        ("See Figure 7", None),
        ("Fig. 1: The basin. It is deep.\nFigure 2. The mole.", 0),
    ],
)
def test_a_passage_belongs_to_the_picture_whose_caption_it_is_in_or_whose_number_it_names(passage, picture):
    assert captions("Fig. 1", "Figure 2").beside(span(passage)) == picture


def test_without_captions_nothing_belongs_to_a_picture():
    assert captions("Ships").beside(span("The mole keeps the swell out")) is None


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("What does the picture show?", True),
        ("What is marked in Fig. 3?", True),
        ("What do the diagrams have in common?", True),
        ("How high is the mole?", False),
        ("Who is configured?", False),
    ],
)
def test_a_question_about_a_picture_is_known(question, told):
    assert asks_of_picture(question) is told
