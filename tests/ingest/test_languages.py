import pytest

from quizapp.ingest import read
from quizapp.ingest.languages import language


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("The lamp was lit at dusk, and the keeper slept beside it.", "en"),
        ("Der Turm wurde 1871 gebaut und ist 43 Meter hoch, was man von hier aus nicht sieht.", "de"),
        ("Le phare a été construit en 1871 et mesure 43 mètres de haut.", "fr"),
        ("De vuurtoren werd in 1871 gebouwd en is op de kop af 43 meter hoog.", "nl"),
        ("Маяк был построен в 1871 году, и его высота 43 метра над морем.", "ru"),
        ("המגדלור נבנה בשנת 1871 וגובהו 43 מטר מעל פני הים.", "he"),
        ("灯台は1871年に建てられました。高さは43メートルです。", "ja"),
        ("灯塔建于1871年，高43米。", "zh"),
        ("등대는 1871년에 지어졌다. 높이는 43미터이다.", "ko"),
        ("43 m / 1871 / x", "und"),
        ("", "und"),
    ],
)
def test_a_language_is_told_by_its_script_or_its_words(text, code):
    assert language(text) == code


def test_chinese_lines_that_were_broken_are_joined_without_a_space():
    source = "灯塔的历史\n\n灯塔建于一八七一年，最初只有一位看守人和他的家人住在那里，后来又\n来了两位看守人，他们轮流值夜。\n"

    assert read(source.encode(), "a.txt").text.endswith("后来又来了两位看守人，他们轮流值夜。")


def test_each_line_of_a_chinese_text_that_ends_a_sentence_is_a_paragraph():
    source = "灯塔建于一八七一年，最初只有一位看守人住在那里。\n后来又来了两位看守人，他们轮流值夜。\n"

    assert len(read(source.encode(), "a.txt").blocks) == 2
