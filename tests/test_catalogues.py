import re

import pytest
from babel.messages.catalog import Message

from catalogues import CODE, LANGUAGES, gathered, unmarked
from quizapp import translations

TEMPLATES = sorted((CODE / "web" / "templates").rglob("*.html"))
HELD = re.compile(r"%\(\w+\)s|%%")
TAGS = re.compile(r"<[^>]*>")


def forms(said: object) -> tuple[str, ...]:
    return tuple(said) if isinstance(said, list | tuple) else (str(said or ""),)


def told(language: str) -> list[Message]:
    return [message for message in translations.read(language) if message.id]


@pytest.fixture(scope="module")
def said() -> set[tuple[object, object]]:
    """All that the code says; gathering it takes seconds."""
    return {(message.id, message.context) for message in gathered() if message.id}


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.relative_to(CODE).as_posix())
def test_a_template_says_nothing_that_cannot_be_translated(path):
    assert list(unmarked(path)) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_all_that_the_code_says_and_nothing_else_is_translated(said, language):
    there = {(message.id, message.context) for message in told(language)}
    untold = [message.id for message in told(language) if not all(forms(message.string)) or message.fuzzy]

    assert (said - there, there - said, untold) == (set(), set(), [])


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_translation_holds_the_values_and_the_markup_of_its_sentence(language):
    wrong = [
        (message.id, form)
        for message in told(language)
        for form in forms(message.string)
        if sorted(HELD.findall(form)) not in [sorted(HELD.findall(one)) for one in forms(message.id)]
        or sorted(TAGS.findall(form)) not in [sorted(TAGS.findall(one)) for one in forms(message.id)]
    ]

    assert wrong == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_sentence_ends_as_its_translation_does(language):
    ends = {".": (".", "。"), "?": ("?", "？"), "!": ("!", "！"), ":": (":", "：")}
    wrong = [
        (one, other)
        for message in told(language)
        for one, other in zip(forms(message.id), forms(message.string), strict=False)
        if one.endswith(tuple(ends)) and not other.endswith(ends[one[-1]])
    ]

    assert wrong == []
