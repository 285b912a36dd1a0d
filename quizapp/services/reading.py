"""Reading a file and proposing cards, before anything is stored. Start from `draft_cards`.

What runs in the child knows no database, so that the child starts quickly.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace

from quizapp import ingest, sandbox
from quizapp.domain.cards import Draft, Rejected
from quizapp.domain.documents import Document
from quizapp.ingest import bundles
from quizapp.ingest.bundles import Bundle
from quizapp.sandbox import Progress, Wait
from quizapp.translations import _

RESERVED = 128 << 20  # address space that threads and libraries reserve and never touch
BUSY = 4  # how many times longer the work may take while others use the processors
READING = sandbox.Limits(seconds=30 * BUSY, processor_seconds=30, memory_bytes=(256 << 20) + RESERVED)
GENERATING = sandbox.Limits(seconds=300 * BUSY, processor_seconds=300)
LOADED = "quizapp.generate.loaded"  # by its name: no page process imports it


@dataclass(frozen=True)
class Reading:
    """A document that has been read and what generation made of it; nothing is stored yet."""

    document: Document
    drafts: tuple[Draft, ...]
    rejected: tuple[Rejected, ...]
    problems: tuple[str, ...]  # what could not be read or used, as sentences
    seconds: float
    words: int


def draft_cards(
    data: bytes,
    filename: str,
    *,
    on_progress: Progress | None = None,
    on_wait: Wait | None = None,
) -> Reading:
    """Read a file and propose cards, each in a child process with limits; nothing is stored.

    What `on_wait` raises, which is called all the while, ends it. A process that has loaded the
    language stays for the next document.
    """
    if on_progress:
        on_progress(0.02, _("Reading the file"))
    document = sandbox.run(_read, data, filename, limits=READING, on_wait=on_wait)
    told = replace(document, pictures=())  # cards come from texts
    made = sandbox.run(_generate, told, warm=LOADED, limits=GENERATING, on_progress=on_progress, on_wait=on_wait)
    return replace(made, document=document)


def draft_cards_of_all(files: Sequence[tuple[bytes, str]], *, on_progress: Progress | None = None) -> list[Reading]:
    """Read files that come with the program and propose their cards, all in one child, of which nothing stays.

    For one who forks servers afterwards: they could not tell a process that stays from their own.
    """
    return sandbox.run(_draft_all, files, limits=GENERATING, on_progress=on_progress)


def unpacked(data: bytes, filename: str, *, on_wait: Wait | None = None) -> Bundle | None:
    """Return the documents of an archive, unpacked in a child; None for every other file."""
    if not bundles.could_be(data, filename):
        return None
    return sandbox.run(_unpack, data, limits=READING, on_wait=on_wait)


def _unpack(data: bytes, report: Progress) -> Bundle | None:
    return bundles.unpacked(data)


def _read(data: bytes, filename: str, report: Progress) -> Document:
    return ingest.read(data, filename)


def _draft_all(files: Sequence[tuple[bytes, str]], report: Progress) -> list[Reading]:
    found = []
    for number, (data, filename) in enumerate(files):
        found.append(_generate(ingest.read(data, filename), _part_of(report, number, len(files))))
    return found


def _part_of(report: Progress, number: int, count: int) -> Progress:
    """Return what reports one of several documents as its part of the whole."""
    return lambda share, what: report((number + share) / count, what)


def _generate(document: Document, report: Progress) -> Reading:
    """Do the second half of `draft_cards`, in the child."""
    from quizapp.generate import pipeline  # noqa: PLC0415 - loads language tools, which no page process needs

    started = time.monotonic()
    made = pipeline.generate(document, report)
    seconds = time.monotonic() - started
    return Reading(document, made.drafts, made.rejected, made.problems, seconds, words=document.words)
