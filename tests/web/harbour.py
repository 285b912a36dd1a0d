"""A small document with drafts of every kind, made without any language tool."""

from dataclasses import replace

from quizapp import ingest
from quizapp.domain.cards import CardKind, Draft, DraftStatus, Source
from quizapp.services import accounts, library
from quizapp.services.reading import Reading
from tests.recalled import builds

TEXT = """# Harbour handbook

## Berths

A berth is the place where a ship lies. Each berth has a number painted on the quay.

The pilot comes aboard within 20 minutes.

## Signals

**Ada Lind**: Three long blasts mean that the lock is closed.

- red light
- green light
- white light

| Light | Meaning |
|---|---|
| red | stop |
| green | go |
"""
DOCUMENT = ingest.read(TEXT.encode(), "harbour.md")
DEFINITION = "A berth is the place where a ship lies."
PILOT = "The pilot comes aboard within 20 minutes."
BLASTS = "Three long blasts mean that the lock is closed."
REASON = "The answer may be too long to remember."


def source(quote, *, speaker=None, heading=None, columns=()):
    start = DOCUMENT.text.index(quote)
    return Source(quote, start, start + len(quote), speaker, heading, columns=columns)


def draft(question, answer, quote, *, kind=CardKind.BASIC, status=DraftStatus.READY, speaker=None, columns=(), **more):
    return Draft(
        kind=kind,
        question=question,
        answer=answer,
        source=source(quote, speaker=speaker, heading="Signals" if speaker else "Berths", columns=columns),
        rule="by hand",
        score=0.9,
        status=status,
        **more,
    )


BERTH = draft("What is a berth?", "the place where a ship lies", DEFINITION)
GAP = draft("The pilot comes aboard within […].", "20 minutes", PILOT, kind=CardKind.CLOZE)
LOCK = draft("Who explains the three long blasts?", "Ada Lind", BLASTS, speaker="Ada Lind")
LIGHTS = draft("Which lights are there?", "red light\ngreen light\nwhite light", "red light", kind=CardKind.LIST)
CLOSED = draft(
    "What do three long blasts mean?",
    "The lock is closed",
    BLASTS,
    kind=CardKind.CHOICE,
    speaker="Ada Lind",
    choices=("The lock is closed", "A ship turns", "All is well"),
)
NUMBER = draft("Each berth has a number.", "True", "Each berth has a number", kind=CardKind.TRUE_FALSE)
UNSURE = draft(
    "What has a number?", "Each berth", "Each berth has a number", status=DraftStatus.REVIEW, reasons=(REASON,)
)
GREEN = draft("What does a green light mean?", "go", "green | go", columns=("Light", "Meaning"))
ALL = (BERTH, GAP, LOCK, LIGHTS, CLOSED, NUMBER, UNSURE)


def reading(*drafts, title=None):
    document = replace(DOCUMENT, title=title, text=DOCUMENT.text + title) if title else DOCUMENT
    return Reading(document, drafts or ALL, (), (), seconds=0.1, words=60)


@builds
def added(session, *drafts, title=None, keep_ready=False, now):
    """Put the document into the library of the site's owner."""
    return library.add_document(
        session,
        accounts.local_owner(session, time_zone="UTC", now=now),
        reading=reading(*drafts, title=title),
        filename="harbour.md",
        data=TEXT.encode(),
        deck_name=None,
        keep_ready=keep_ready,
        as_new=True,
        now=now,
    )
