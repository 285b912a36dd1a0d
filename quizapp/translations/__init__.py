"""What is said, in the language of the person: English stands in the code, the others in `<code>.po` beside this file.

A sentence is marked where it is written, with `_`, and with `many` where it says
how many; templates have the same as `_`, `{% trans %}` and `{% pluralize %}`, scripts
as `said`. Errors are told by their own text. Which language it is belongs to the
request or command that runs: `speak` sets it, and nothing set is English.
"""

import gettext
import math
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from importlib.resources import files
from io import BytesIO
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

ENGLISH = "en"
NAMES = {ENGLISH: "English", "de": "Deutsch", "zh": "中文"}  # each in itself

_MARKS = {"de": str.maketrans(",.", ".,"), "zh": {}}  # in numbers, where English has a comma and a point
_LANGUAGE: ContextVar[str] = ContextVar("language", default=ENGLISH)


def speak(language: str) -> None:
    """Say everything in this language from now on, in this request, command or thread."""
    _LANGUAGE.set(language if language in NAMES else ENGLISH)


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Say everything in this language for a while."""
    before = _LANGUAGE.set(language if language in NAMES else ENGLISH)
    try:
        yield
    finally:
        _LANGUAGE.reset(before)


def spoken() -> str:
    """Return the code of the language that is spoken."""
    return _LANGUAGE.get()


def _(message: str, /, **values: object) -> str:
    """Say a sentence with its values: `_("%(name)s is gone.", name=name)`; without values it is taken as it stands."""
    said = told(message)
    return said % values if values else said


def many(one: str, other: str, num: float, /, *, decimals: int = 0, **values: object) -> str:
    """Say a sentence about so many, `%(num)s` in it: `many("%(num)s card", "%(num)s cards", 3)`."""
    return counted(one, other, num) % {"num": figure(num, decimals), **values}


def marked(message: str) -> str:
    """Mark a sentence that is said later, by `_` with the same words."""
    return message


def forms(one: str, other: str) -> tuple[str, str]:
    """Mark a sentence about so many that is said later, by `many` with both."""
    return one, other


def told(message: str) -> str:
    """Return the sentence in the language that is spoken, its values not filled in."""
    language = _LANGUAGE.get()
    return message if language == ENGLISH or not message else _catalogue(language).gettext(message)


def told_of(context: str, message: str) -> str:
    """Return a sentence that says another thing elsewhere, told apart by what it is about: "Back" of a card."""
    language = _LANGUAGE.get()
    return message if language == ENGLISH else _catalogue(language).pgettext(context, message)


def counted(one: str, other: str, num: float) -> str:
    """Return the sentence for so many in the language that is spoken, its values not filled in; 1.3 is more than one."""
    language = _LANGUAGE.get()
    if language == ENGLISH:
        return one if num == 1 else other
    return _catalogue(language).ngettext(one, other, math.ceil(num))


def figure(number: float, decimals: int = 0) -> str:
    """Write a number as the language does: "1,204", "1.204", "0,5"."""
    language = _LANGUAGE.get()
    written = f"{number:,.{decimals}f}"
    return written if language == ENGLISH else written.translate(_MARKS[language])


def of_scripts(language: str) -> Mapping[str, Any]:
    """Return what scripts say in that language: by the English sentence, or a list of forms by the sentence for one."""
    return {} if language == ENGLISH else _parsed(language)[1]


def read(language: str) -> Catalog:
    """Read the catalogue of a language."""
    with files(__package__).joinpath(f"{language}.po").open("rb") as file:
        return read_po(file, locale=language)


@cache
def _parsed(language: str) -> tuple[gettext.NullTranslations, Mapping[str, Any]]:
    """Return a catalogue as Python speaks it, and what scripts say of it."""
    read_once, compiled = read(language), BytesIO()
    write_mo(compiled, read_once)
    compiled.seek(0)
    return gettext.GNUTranslations(compiled), dict(_of_scripts(read_once))


def _catalogue(language: str) -> gettext.NullTranslations:
    return _parsed(language)[0]


def _of_scripts(catalogue: Catalog) -> Iterator[tuple[str, Any]]:
    for message in catalogue:
        if message.id and any(place.endswith(".js") for place, _line in message.locations):
            key = message.id if isinstance(message.id, str) else message.id[0]
            yield key, message.string if isinstance(message.string, str) else list(message.string or ())
