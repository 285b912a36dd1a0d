import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.domain import cloze
from quizapp.domain.cards import CardKind, Note, answers, faces
from quizapp.domain.occlusion import Mode, Shape, shape

PICTURE = f"![Heart](media/{'a' * 64}.png)"
ONE = "image-occlusion:rect:left=.1:top=.2:width=.3:height=.1:oi=1"
TWO = "image-occlusion:ellipse:left=.5:top=.2:rx=.1:ry=.05:oi=1"
LABEL = "{{c0::image-occlusion:text:left=.1:top=.8:text=Back\\: here}}"
TEXT = f"{PICTURE}\n{{{{c1::{ONE}}}}}\n{{{{c2::{TWO}::hint}}}}\n{LABEL}"


def test_each_number_is_asked_on_the_picture_and_answered_on_it():
    note = Note(CardKind.CLOZE, TEXT)

    first, second = faces(note)

    assert first.question == f"{PICTURE}\n{{{{asked::{ONE}}}}}\n{{{{beside::{TWO}}}}}\n{LABEL}"
    assert second.answer == f"{PICTURE}\n{{{{beside::{ONE}}}}}\n{{{{told::{TWO}}}}}\n{LABEL}"
    assert answers(note, second) == (second.answer,)


def test_a_text_says_nothing_by_its_covers():
    assert cloze.whole(TEXT).strip() == PICTURE
    assert cloze.gapped(TEXT) == TEXT
    assert cloze.numbers(cloze.without(TEXT, 1)) == (2,)


@pytest.mark.parametrize(
    ("notation", "drawn"),
    [
        ("rect:left=.1:top=.2:width=.3:height=.1:oi=1", Shape("rect", 0.1, 0.2, 0.3, 0.1, mode=Mode.HIDE_ALL)),
        ("rect:left=.1:top=.2:width=.3:height=.1:angle=2500", Shape("rect", 0.1, 0.2, 0.3, 0.1, 90.0)),
        ("ellipse:left=.5:top=.2:rx=.1:ry=.05:oi=2", Shape("ellipse", 0.5, 0.2, 0.2, 0.1, mode=Mode.HIDE_OTHERS)),
        (
            "polygon:left=.5:top=0:points=0,0 .25,.5 0,.5",
            Shape("polygon", 0.5, 0.0, points=((0.5, 0.0), (0.75, 0.5), (0.5, 0.5))),
        ),
        ("text:left=.1:top=.8:text=a\\: b", Shape("text", 0.1, 0.8, text="a: b")),
        ("rect:left=nan:top=x:width=1e999", Shape("rect")),
        ("polygon:points=0,0 1,1", None),
        ("star:left=.1", None),
        ("", None),
    ],
)
def test_a_shape_is_read_as_anki_writes_it(notation, drawn):
    assert shape(notation) == drawn


@given(st.text(st.sampled_from("rectpolygn:=.,0123456789 \\-"), max_size=80))
def test_whatever_is_written_there_is_a_shape_or_none(notation):
    found = shape(notation)

    assert found is None or all(abs(one) <= 10 for one in (found.left, found.top, found.width / 2, found.height / 2))
