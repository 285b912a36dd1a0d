import pytest

from quizapp.domain import card_media

ONE, OTHER = "a" * 64, "b" * 64
PICTURE, SOUND = f"media/{ONE}.png", f"media/{OTHER}.mp3"


def test_the_files_that_texts_show_are_named_by_what_they_hold():
    texts = [f"![x]({PICTURE}) and ![y]({SOUND})", f'<img src="{PICTURE}" alt="">', "media/none.png", ""]

    assert card_media.named(texts) == {ONE, OTHER}


def test_words_are_looked_at_without_addresses():
    text = f"See ![a \\[big\\] cat]({PICTURE}), hear ![it]({SOUND})."

    assert card_media.without_addresses(text) == "See a \\[big\\] cat, hear it."


@pytest.mark.parametrize(
    ("name", "words"), [("a_red cat.png", "a red cat"), ("[1].mp3", "1"), ("paste-1.jpg", "paste-1"), (".png", ".png")]
)
def test_a_file_is_called_by_its_words(name, words):
    assert card_media.words_of(name) == words
