"""What every command prints alike: counted things, and JSON."""

import json


def counted(number: int, noun: str) -> str:
    """Return "1 card", "2 cards", "1,024 cards"."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def as_json(value: object) -> bytes:
    """Return the value as JSON in UTF-8, whatever the terminal speaks, ending in a new line."""
    # Half a surrogate pair has no UTF-8; its escape is the same JSON.
    return (json.dumps(value, ensure_ascii=False, indent=2) + "\n").encode("utf-8", "backslashreplace")
