from dataclasses import replace

from quizapp.domain.cards import CardKind, Draft, DraftStatus, Face, Note, Source, faces, items

SOURCE = Source("Lobster ran for 72 hours straight.", 10, 44, "Ada Byron")


def draft(
    kind: CardKind = CardKind.BASIC, question: str = "How long did Lobster run?", answer: str = "72 hours"
) -> Draft:
    return Draft(kind, question, answer, SOURCE, "test", 0.9, DraftStatus.READY)


def test_the_id_of_a_draft_depends_on_its_content_alone():
    moved = replace(draft(), source=replace(SOURCE, start=99, end=133), score=0.1, status=DraftStatus.REVIEW)

    assert moved.id == draft().id
    assert draft(answer="73 hours").id != draft().id
    assert len(draft().id) == 16


def test_keeping_a_gap_makes_a_cloze_note_that_asks_the_same():
    note = draft(CardKind.CLOZE, "Lobster ran for […] straight.").as_note()

    assert note.question == "Lobster ran for {{c1::72 hours}} straight."
    assert faces(note) == (Face(1, "Lobster ran for […] straight.", "72 hours"),)


def test_a_plain_note_asks_one_question():
    assert faces(Note(CardKind.BASIC, "Q", "A")) == (Face(0, "Q", "A"),)


def test_a_cloze_note_asks_one_question_a_number():
    asked = faces(Note(CardKind.CLOZE, "{{c1::Ada}} met {{c2::Bo}}."))

    assert [(face.ordinal, face.question, face.answer) for face in asked] == [
        (1, "[…] met Bo.", "Ada"),
        (2, "Ada met […].", "Bo"),
    ]


def test_items_stand_one_a_line():
    assert items("- one\n\n two \nthree") == ("one", "two", "three")
