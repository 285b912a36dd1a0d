"""What forms carry, read once; an empty or malformed field is refused with a sentence."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from flask import request
from werkzeug.datastructures import MultiDict
from werkzeug.routing import IntegerConverter

from quizapp.errors import InvalidInput
from quizapp.services.decks import CardFields

LARGEST = 2**63 - 1  # that the database can hold
MOST_DIGITS = 100  # that are read; Python refuses to read some thousands


class SmallInteger(IntegerConverter):
    """A number in an address; one that no row can have is as good as the largest, which none has either."""

    def to_python(self, value: str) -> int:
        """Return the number."""
        number: int = super().to_python(value) if len(value) <= MOST_DIGITS else LARGEST
        return min(number, LARGEST)


@dataclass(frozen=True)
class CardText:
    """A card's text as a person typed it."""

    question: str
    answer: str
    choices: tuple[str, ...]
    explanation: str

    @classmethod
    def from_form(cls, prefix: str = "") -> "CardText":
        """Read the fields of the card form, whose names may have a prefix; browsers send line ends as CR LF."""
        return cls(
            question=text(prefix + "question"),
            answer=text(prefix + "answer"),
            choices=tuple(line.strip() for line in text(prefix + "choices").splitlines() if line.strip()),
            explanation=text(prefix + "explanation"),
        )

    def fields(self) -> CardFields:
        """Return the text as keyword arguments."""
        return CardFields(
            question=self.question, answer=self.answer, choices=self.choices, explanation=self.explanation
        )


def text(name: str) -> str:
    """Return a field without the blanks around it."""
    return request.form.get(name, "").replace("\r\n", "\n").strip()


def day(name: str) -> date | None:
    """Return the day that a part of the address names, or None where it is empty."""
    written = request.args.get(name, "").strip()
    if not written:
        return None
    try:
        return date.fromisoformat(written)
    except ValueError:
        raise InvalidInput(
            "“%(written)s” is no day. Write it as 2026-11-23, or leave it empty.", written=written[:40]
        ) from None


def number(name: str) -> int:
    """Return a field that our own page filled in with a number."""
    value = request.form.get(name, type=small)
    if value is None:
        raise InvalidInput("Something is missing in this form. Go back, load the page again and send it once more.")
    return value


def whole(fields: MultiDict[str, str], name: str, refusal: str) -> int:
    """Return a whole number that a person typed."""
    value = fields.get(name, "").strip()
    if not value.isascii() or not value.isdigit() or len(value) > 9:
        raise InvalidInput(refusal)
    return int(value)


def percent(fields: MultiDict[str, str], name: str) -> float:
    """Return a number of percent that a person typed."""
    try:
        return float(fields.get(name, "").strip().removesuffix("%").replace(",", "."))
    except ValueError:
        raise InvalidInput("Write how much you want to remember as a number of percent, like 90.") from None


def small(value: str) -> int:
    """Return a number that the database can hold, for use as a field's type."""
    if abs(number := int(value)) > LARGEST:
        raise ValueError(value)
    return number


def identifier(name: str) -> UUID:
    """Return the id that the page made up, so that sending the form twice counts once."""
    try:
        return UUID(request.form.get(name, ""))
    except ValueError:
        raise InvalidInput("This form has no usable id. Go back, load the page again and send it once more.") from None
