import pickle
from threading import Thread

import pytest

from quizapp import sandbox
from quizapp.errors import NotFound
from quizapp.translations import _, figure, many, speak, speaking, spoken


def test_english_is_said_as_it_is_written():
    assert (_("Decks"), many("%(num)s card", "%(num)s cards", 1204), figure(0.5, 1)) == ("Decks", "1,204 cards", "0.5")


@pytest.mark.parametrize(
    ("language", "said"),
    [("de", ("Stapel", "1 Karte", "1.204 Karten", "0,5")), ("zh", ("牌组", "1 张卡片", "1,204 张卡片", "0.5"))],
)
def test_other_languages_have_their_own_words_forms_and_figures(language, said):
    with speaking(language):
        one, other = (many("%(num)s card", "%(num)s cards", number) for number in (1, 1204))
        assert (_("Decks"), one, other, figure(0.5, 1)) == said


def test_a_language_that_is_not_known_is_english():
    with speaking("tlh"):
        assert spoken() == "en"


def test_a_sentence_without_values_is_taken_as_it_stands():
    assert str(NotFound("100% of nothing, %(name)s.")) == "100% of nothing, %(name)s."


def test_an_error_tells_its_values_also_after_it_has_come_from_another_process():
    error = pickle.loads(pickle.dumps(NotFound("There is no “%(name)s”.", name="Tides")))

    assert str(error) == error.message == "There is no “Tides”."


def test_an_error_is_told_in_the_language_of_who_reads_it():
    refused = NotFound(
        "There is no such %(thing)s here. It may have been deleted; go back and look at the list.", thing="x"
    )

    with speaking("de"):
        assert refused.message != str(refused.args[0]) % refused.values


def test_a_language_is_spoken_in_its_own_thread_alone():
    thread = Thread(target=speak, args=("de",))
    thread.start()
    thread.join()

    assert spoken() == "en"


def language_there(_report):
    return spoken()


def test_what_is_read_in_the_sandbox_is_told_in_the_language_of_who_asked():
    with speaking("zh"):
        assert sandbox.run(language_there) == "zh"
