"""Where documents come from on the command line: a path, the address of a page, or `-` for standard input."""

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from quizapp.config import may_fetch
from quizapp.errors import InvalidInput, NotFound
from quizapp.fetch.places import is_url
from quizapp.ingest.formats import MAX_BYTES
from quizapp.services import fetching

STANDARD_INPUT = "-"


@dataclass(frozen=True)
class Given:
    """A document as given: its bytes, and the name that its format and title come from."""

    data: bytes
    filename: str
    url: str = ""  # where it was fetched, unless it is empty


def read_source(source: str) -> Given:
    """Return the bytes of a source; no more than it takes to see that they are too many."""
    if is_url(source):
        found = fetching.chosen(may_fetch=may_fetch())(source)
        return Given(found.data, found.filename, found.url)
    if source == STANDARD_INPUT:
        return Given(_some(sys.stdin.buffer), "standard input.txt")
    if not source:
        raise InvalidInput("No document was named. Give the path of one, or - to read standard input.")
    path = Path(source)
    try:
        with path.open("rb") as file:
            return Given(_some(file), path.name)
    except FileNotFoundError:
        raise NotFound(
            "There is no file %(source)s. Check the path, or give - to read standard input.", source=source
        ) from None
    except IsADirectoryError:
        raise InvalidInput(
            "%(source)s is a folder. Give one document of it, such as %(path)s.", source=source, path=path / "notes.md"
        ) from None
    except PermissionError:
        raise InvalidInput(
            "%(source)s cannot be read: you have no permission. Check the file's access rights.", source=source
        ) from None
    except OSError as error:
        raise InvalidInput(
            "%(source)s cannot be read: %(strerror)s. Check the path.", source=source, strerror=error.strerror
        ) from error
    except ValueError:
        raise InvalidInput("A path cannot hold a null character. Check the path.") from None


def _some(file: BinaryIO) -> bytes:
    return file.read(MAX_BYTES + 1)
