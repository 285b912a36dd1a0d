from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.domain.cards import CardKind, Note
from quizapp.domain.drafts import Decision, Step, StepKind, Wording, as_note, generated_wording, standing, together
from quizapp.errors import InvalidInput
from tests import make

KEEP, REJECT = Step(StepKind.KEEP), Step(StepKind.REJECT)
EDIT = Step(StepKind.EDIT, Wording("Why?", "Because."))
STEPS = st.lists(st.sampled_from([KEEP, REJECT, EDIT]))


def test_an_untouched_draft_is_undecided_and_as_generated():
    stand = standing(make.draft(), [])

    assert (stand.decision, stand.wording, stand.edited) == (None, generated_wording(make.draft()), False)


@pytest.mark.parametrize(
    ("steps", "decision"),
    [([KEEP], Decision.KEPT), ([KEEP, REJECT], Decision.REJECTED), ([REJECT, EDIT], Decision.REJECTED), ([EDIT], None)],
    ids=["kept", "rejected after all", "edited after the decision", "only edited"],
)
def test_the_last_decision_counts(steps, decision):
    assert standing(make.draft(), steps).decision is decision


@given(steps=STEPS, last=st.sampled_from([KEEP, REJECT, EDIT]))
def test_leaving_out_the_last_step_is_where_the_draft_stood_before(steps, last):
    before = standing(make.draft(), steps)

    assert standing(make.draft(), [*steps, last][:-1]) == before


def test_an_edit_back_to_the_generated_text_is_no_edit():
    back = Step(StepKind.EDIT, generated_wording(make.draft()))

    assert not standing(make.draft(), [EDIT, back]).edited


def test_a_note_says_what_the_wording_says_and_keeps_the_source():
    note = as_note(make.draft(), Wording("Why?", "Because.", (), "Really."))

    assert note == Note(CardKind.BASIC, "Why?", "Because.", (), "Really.", make.draft().source, ("cells",))


def test_a_gap_becomes_a_cloze():
    assert as_note(make.cloze_draft(), Wording("A […].", "cell")).question == "A {{c1::cell}}."


@pytest.mark.parametrize(
    ("wording", "sentence"), [(Wording("No gap", "x"), "no gap"), (Wording("A […]", " "), "answer is empty")]
)
def test_a_cloze_without_a_gap_or_without_an_answer_is_refused(wording, sentence):
    with pytest.raises(InvalidInput, match=sentence):
        as_note(make.cloze_draft(), wording)


def test_gaps_of_one_sentence_belong_together_unless_their_places_or_notes_differ():
    one, other = Wording("A […] is small.", "cell"), Wording("A cell is […].", "small")
    first, second = as_note(make.cloze_draft(), one), as_note(make.cloze_draft(), other, 2)

    both = together(first, second)

    assert both is not None
    assert both.question == "A {{c1::cell}} is {{c2::small}}."
    assert together(first, replace(second, source=make.draft(1).source)) is None
    assert together(first, replace(second, explanation="Really.")) is None
    assert together(as_note(make.draft(), one), as_note(make.draft(), one)) is None
