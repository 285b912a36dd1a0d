from quizapp.domain.cards import CardKind, Draft, DraftStatus, Note, Source
from quizapp.domain.documents import Span
from quizapp.domain.following import Kept, matched, reworded, says_the_same, stands_no_more

PLACE = Source("whatever it says", 100, 160)
ELSEWHERE = Source("whatever it says", 900, 960)


def draft(question, answer, *, kind=CardKind.BASIC, source=PLACE, **more):
    return Draft(kind, question, answer, source, "test", 0.9, DraftStatus.READY, **more)


def kept(proposed, *, note=None, place=PLACE, shaken=True, number=1):
    span = Span(place.start, place.end) if place else None
    return Kept(7, proposed, number, note or proposed.as_note(number), span, shaken)


DAYS = draft("How soon is a spill reported?", "10 days")


def gap(question, answer, **more):
    return draft(question, answer, kind=CardKind.CLOZE, **more)


def test_the_same_question_about_a_passage_that_changed_is_matched_whatever_is_answered():
    new = draft("How soon is a spill reported?", "3 days", source=ELSEWHERE)

    assert matched([kept(DAYS)], [new]) == [(kept(DAYS), new)]
    assert not says_the_same(kept(DAYS), new)


def test_the_same_question_elsewhere_is_another_card_while_the_passage_stands():
    new = draft("How soon is a spill reported?", "3 days", source=ELSEWHERE)

    assert matched([kept(DAYS, shaken=False)], [new]) == []


def test_a_question_that_is_nearly_the_same_must_be_about_the_same_passage():
    here = draft("How soon is a spill reported now?", "3 days")
    away = draft("How soon is a spill reported now?", "3 days", source=ELSEWHERE)

    assert [new for _, new in matched([kept(DAYS)], [away, here])] == [here]


def test_an_edited_card_is_known_by_its_own_words_and_by_those_it_was_kept_in():
    edited = kept(DAYS, note=Note(CardKind.BASIC, "When to report?", "in ten days", source=PLACE))

    for question in ("How soon is a spill reported?", "When to report?"):
        assert matched([edited], [draft(question, "3 days")])
    assert says_the_same(edited, draft("When to report?", "10 days"))


def test_a_number_in_the_question_matters():
    before = draft("What must be reported within 10 days?", "A spill")

    assert not says_the_same(kept(before), draft("What must be reported within 3 days?", "A spill"))


def test_another_gap_of_the_sentence_is_another_card():
    days = gap("The pilot of a tanker reports a spill to the harbour office within […] days.", "10")
    office = gap("The pilot of a tanker reports a spill to the […] within 10 days.", "harbour office")

    assert matched([kept(days)], [office]) == []


def test_a_note_of_two_gaps_is_reworded_at_both():
    days = kept(gap("A spill is reported to the office within […] days.", "10"))
    note = Note(CardKind.CLOZE, "A spill is reported to the {{c2::office}} within {{c1::10}} days.", source=PLACE)
    office = kept(gap("A spill is reported to the […] within 10 days.", "office"), number=2, note=note)
    new = [
        gap("A spill is reported to the office within […] days.", "3"),
        gap("A spill is reported to the […] within 3 days.", "office"),
    ]

    wanted = reworded(note, [(days, new[0]), (office, new[1])])

    assert wanted is not None
    assert wanted.question == "A spill is reported to the {{c2::office}} within {{c1::3}} days."
    assert reworded(note, [(days, new[0])]) is None


def test_what_was_edited_stays_but_for_the_answer():
    note = Note(CardKind.BASIC, "When to report?", "10 days", explanation="Mine.", source=PLACE)

    wanted = reworded(note, [(kept(DAYS, note=note), draft("How soon is a spill reported?", "3 days"))])

    assert wanted == Note(CardKind.BASIC, "When to report?", "3 days", explanation="Mine.", source=PLACE)


def test_an_answer_stands_no_more_only_if_it_stood_there():
    note = DAYS.as_note()

    assert stands_no_more(note, "It is reported within 10 days.", "It is reported within 3 days.")
    assert not stands_no_more(note, "It is reported within 10 days.", "Within 10 days it is reported.")
    assert not stands_no_more(note, "It is reported soon.", "It is reported within 3 days.")
