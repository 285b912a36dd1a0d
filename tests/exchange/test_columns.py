"""What the columns of a table are, how its cells are written, and the notes that follow."""

import pytest

from quizapp.domain.cards import CardKind
from quizapp.exchange import delimited
from quizapp.exchange.layout import Role, Wishes, Writing


def read(text, **wishes):
    return delimited.read(text.encode(), Wishes(**wishes))


def notes(text, **wishes):
    return [one.note for one in read(text, **wishes).notes]


@pytest.mark.parametrize("sign", [",", ";", "\t", "|"], ids=["comma", "semicolon", "tab", "bar"])
def test_question_and_answer_are_the_first_two_columns_whatever_parts_them(sign):
    found = read(f"Skarn{sign}43 m\nUlver{sign}28 m\n")

    assert [(one.note.question, one.note.answer, one.line) for one in found.notes] == [
        ("Skarn", "43 m", 1),
        ("Ulver", "28 m", 2),
    ]
    assert (found.layout.separator, found.layout.headed) == (sign, False)


@pytest.mark.parametrize(
    "head",
    ["Answer;Question", "back;FRONT", "Definition;Term", "Antwort;Frage", "Rückseite;Vorderseite", "Réponse;Question"],
)
def test_columns_are_known_by_their_names(head):
    found = read(f"{head}\n43 m;Skarn\n")

    assert [(one.note.question, one.note.answer) for one in found.notes] == [("Skarn", "43 m")]
    assert found.layout.columns == (Role.ANSWER, Role.QUESTION)


@pytest.mark.parametrize("answer", ["Ulver", "B", "b)", "2", "Option B"])
def test_the_answer_of_a_choice_is_its_text_its_letter_or_its_number(answer):
    (note,) = notes(f"Question;Option A;Option B;Option C;Correct answer\nWhich?;Skarn;Ulver;Holm;{answer}\n")

    assert (note.kind, note.answer, note.choices) == (CardKind.CHOICE, "Ulver", ("Skarn", "Ulver", "Holm"))


def test_wrong_answers_alone_get_the_right_one_beside_them():
    (note,) = notes("Question;Answer;Wrong answers\nWhich?;Ulver;Skarn | Holm\n")

    assert note.choices == ("Ulver", "Skarn", "Holm")


@pytest.mark.parametrize(
    ("row", "kind"),
    [
        ("{{c1::Skarn}} flashes;", CardKind.CLOZE),
        ("Name it;{{c1::Skarn}}", CardKind.CLOZE),
        ("Skarn is lit;true", CardKind.TRUE_FALSE),
        ("Who?;Ada", CardKind.BASIC),
    ],
)
def test_the_texts_show_what_kind_of_card_they_are(row, kind):
    assert [note.kind for note in notes(f"Question;Answer\n{row}\n")] == [kind]


@pytest.mark.parametrize(
    ("cell", "writing", "shown"),
    [
        ("2 * 3 * 4 and a_b_", Writing.PLAIN, "2 * 3 * 4 and a_b_"),
        ("**bold** word", Writing.MARKDOWN, "**bold** word"),
        ("<b>bold</b> word", Writing.HTML, "**bold** word"),
        ("costs $5 and $6", Writing.PLAIN, "costs $5 and $6"),
    ],
)
def test_how_texts_are_written_is_found_out(cell, writing, shown):
    found = read(f"{cell};b\n")

    assert (found.layout.writing, found.notes[0].note.question) == (writing, shown)


def test_a_plain_text_keeps_its_marks_and_lines():
    (note,) = notes('"one\n*two*";b\n', writing=Writing.PLAIN)

    assert note.question == "one<br>\n\\*two\\*"


def test_a_person_has_the_last_word():
    wishes = {"columns": (Role.ANSWER, Role.NOTHING, Role.QUESTION), "headed": True}

    assert [(one.question, one.answer) for one in notes("x;y;z\na;b;c\n", **wishes)] == [("c", "a")]


ANKI = """#separator:tab
#html:true
#tags:all of
#guid column:1
#notetype column:2
#deck column:3
#tags column:6
# a comment
"g;1"\tBasic\tSea::Lights\tWhat is <b>Skarn</b>?\t"A light<br>at sea"\tnorth light
g2\tCloze\tSea\t{{c1::Skarn}} flashes\tTwice.\t
g3\tBasic (and reversed card)\tSea\tSkarn\tA light\t
g4\tBasic\tSea\tSee <img src=a.png>\tA light [sound:a.mp3]\t
"""


def test_what_ankis_text_file_says_of_itself_is_followed():
    found = read(ANKI)
    first, gap, there, back, seen = found.notes

    assert (first.guid, first.deck, first.line) == ("g;1", "Sea::Lights", 9)
    assert (first.note.question, first.note.answer) == ("What is **Skarn**?", "A light<br>\nat sea")
    assert first.note.tags == ("all", "of", "north", "light")
    assert (gap.note.kind, gap.note.explanation) == (CardKind.CLOZE, "Twice.")
    assert (there.note.question, back.note.question, back.guid) == ("Skarn", "A light", "g3-reversed")
    assert seen.note.question == "See"
    assert [sentence[:8] for sentence in found.adapted] == ["Line 12:", "Line 12:"]


def test_the_deck_and_the_type_of_a_whole_file_are_those_of_its_notes():
    found = read("#separator:Semicolon\n#deck:Sea\n#notetype:Cloze\n#columns:Text;Back Extra\n{{c1::Skarn}};Twice.\n")

    assert [(one.deck, one.note.kind, one.note.explanation) for one in found.notes] == [
        ("Sea", CardKind.CLOZE, "Twice.")
    ]


def test_a_row_without_an_answer_is_told_of_with_its_line():
    found = read("Question;Answer\nWho?;\n\nWhat?;That\n")

    assert ([one.line for one in found.troubles], len(found.notes)) == ([2], 1)
