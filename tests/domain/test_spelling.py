import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.domain import spelling


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Łódź Ærø Œuvre", "lodz aero oeuvre"),
        ("İstanbul ıÇ", "istanbul ic"),
        ("ΚΌΣΜΟΣ", "κοσμοσ"),
        ("Ёлка и чай", "елка и чай"),
        ("がぎ ｶﾞ", "がぎ ガ"),
        ("हिन्दी", "हिन्दी"),
        ("ﬁne Ｆｕｌｌ", "fine full"),
        ("H₂O, 10²", "h2o, 10²"),
    ],
    ids=["Latin", "Turkish", "Greek", "Russian", "Japanese", "Hindi", "forms of letters", "small digits"],
)
def test_case_and_optional_marks_are_folded_away_and_letters_kept(text, expected):
    assert spelling.folded(text) == expected


@given(st.text(max_size=60))
def test_clusters_are_the_text(text):
    assert "".join(spelling.clusters(text)) == text


@given(st.text(max_size=60))
def test_folding_twice_changes_nothing(text):
    assert spelling.folded(spelling.folded(text)) == spelling.folded(text)


@pytest.mark.parametrize(
    ("british", "american"),
    [
        ("colour", "color"), ("neighbouring", "neighboring"), ("organisations", "organizations"), ("analysed", "analyzed"),
        ("kilometres", "kilometers"), ("theatre", "theater"), ("travelling", "traveling"), ("dialogue", "dialog"),
        ("defence", "defense"), ("anaemia", "anemia"), ("anaesthetic", "anesthetic"), ("paediatrics", "pediatrics"),
        ("archaeology", "archeology"), ("foetus", "fetus"), ("manoeuvre", "maneuver"), ("oestrogen", "estrogen"),
        ("diarrhoea", "diarrhea"), ("sulphate", "sulfate"), ("grey", "gray"), ("programme", "program"),
    ],
)  # fmt: skip
def test_british_and_american_spelling_are_one_word(british, american):
    assert spelling.common(british) == spelling.common(american)


@pytest.mark.parametrize(
    ("one", "other"),
    [("hour", "hor"), ("four", "for"), ("fire", "fier"), ("rise", "rize"), ("calling", "caling"), ("tour", "tor")],
)
def test_words_that_only_look_british_are_left_alone(one, other):
    assert spelling.common(one) != spelling.common(other)


@pytest.mark.parametrize(
    ("one", "many"),
    [
        ("cell", "cells"), ("box", "boxes"), ("city", "cities"), ("leaf", "leaves"), ("crisis", "crises"),
        ("nucleus", "nuclei"), ("bacterium", "bacteria"), ("criterion", "criteria"), ("index", "indices"),
        ("person", "people"), ("mouse", "mice"),
    ],
)  # fmt: skip
def test_a_plural_leads_back_to_its_singular(one, many):
    assert one in spelling.singulars(many)


def test_a_double_s_is_no_plural():
    assert spelling.singulars("glass") == {"glass"}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("hypertension", "hypotension"), ("intracellular", "intercellular"), ("afferent", "efferent"),
        ("legal", "illegal"), ("possible", "impossible"), ("nitrate", "nitrite"), ("ethane", "ethene"),
        ("employer", "employee"), ("microgram", "milligram"), ("abduct", "adduct"),
    ],
)  # fmt: skip
def test_a_small_difference_can_turn_the_meaning(one, other):
    assert spelling.opposed(one, other)
    assert spelling.opposed(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [("mitochondria", "mitocondria"), ("receive", "recieve"), ("inn", "in"), ("legal", "legal")],
)
def test_a_slip_does_not(one, other):
    assert not spelling.opposed(one, other)
