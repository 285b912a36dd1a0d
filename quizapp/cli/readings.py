"""A reading in print: as the JSON object of docs/commands.md, or for people."""

import shutil
import textwrap
from collections import Counter
from collections.abc import Iterator
from typing import Any

from quizapp.cli.printing import counted
from quizapp.domain.cards import CardKind, Draft, DraftStatus, Rejected, items
from quizapp.domain.documents import Document
from quizapp.services.reading import Reading

WIDEST = 100
INDENT = " " * 5


def as_object(reading: Reading) -> dict[str, Any]:
    """Return the reading as the object that `--json` prints."""
    return {
        "document": _document(reading.document),
        "cards": [_card(draft) for draft in reading.drafts],
        "rejected": [_rejected(candidate) for candidate in reading.rejected],
        "problems": list(reading.problems),
        "usage": {
            "seconds": round(reading.seconds, 3),
            "words": reading.words,
            "model": None,
            "tokens_in": 0,
            "tokens_out": 0,
            "cost": 0,
        },
    }


def as_text(reading: Reading) -> str:
    """Return the reading for people: ready cards under their headings, then what was left out and why."""
    ready = [draft for draft in reading.drafts if draft.status is DraftStatus.READY]
    tray = [draft for draft in reading.drafts if draft.status is DraftStatus.REVIEW]
    lines = [reading.document.title, f"{counted(reading.words, 'word')}, {_summary(ready, tray)}."]
    for heading in dict.fromkeys(draft.source.heading for draft in ready):
        lines += ["", heading or reading.document.title]
        for draft in ready:
            if draft.source.heading == heading:
                lines += _printed(draft)
    lines += _why_in_the_tray(tray)
    if reading.problems:
        lines += ["", "Problems", *(f"  {problem}" for problem in reading.problems)]
    return "\n".join(lines)


def _document(document: Document) -> dict[str, Any]:
    return {
        "title": document.title,
        "text": document.text,
        "language": document.language,
        "sections": [
            {
                "heading": section.heading,
                "speaker": section.speaker,
                "start": section.span.start,
                "end": section.span.end,
            }
            for section in document.sections
        ],
    }


def _card(draft: Draft) -> dict[str, Any]:
    source = draft.source
    return {
        "id": draft.id,
        "kind": draft.kind.value,
        "question": draft.question,
        "answer": draft.answer,
        "choices": list(draft.choices),
        "explanation": draft.explanation,
        "source": {
            "quote": source.quote,
            "start": source.start,
            "end": source.end,
            "speaker": source.speaker,
            "heading": source.heading,
            "page": source.page,
        },
        "rule": draft.rule,
        "score": round(draft.score, 4),
        "status": draft.status.value,
        "reasons": list(draft.reasons),
        "tags": list(draft.tags),
    }


def _rejected(candidate: Rejected) -> dict[str, Any]:
    return {
        "question": candidate.question,
        "answer": candidate.answer,
        "rule": candidate.rule,
        "reasons": list(candidate.reasons),
    }


def _summary(ready: list[Draft], tray: list[Draft]) -> str:
    if not ready and not tray:
        return "nothing in it that makes a good card"
    return f"{counted(len(ready), 'card')} ready, {len(tray)} in the tray"


def _printed(draft: Draft) -> Iterator[str]:
    yield ""
    yield from _wrapped("  Q  ", draft.question)
    if draft.kind is CardKind.CHOICE:
        for choice in draft.choices:
            yield from _wrapped(f"{INDENT}- ", choice)
    answer = "; ".join(items(draft.answer)) if draft.kind in (CardKind.LIST, CardKind.ORDER) else draft.answer
    yield from _wrapped("  A  ", answer)
    speaker = f" ({draft.source.speaker})" if draft.source.speaker else ""
    yield from _wrapped(INDENT, f"“{draft.source.quote}”{speaker}")


def _wrapped(lead: str, text: str) -> list[str]:
    width = max(40, min(shutil.get_terminal_size((WIDEST, 24)).columns, WIDEST))
    return textwrap.wrap(" ".join(text.split()), width, initial_indent=lead, subsequent_indent=" " * len(lead))


def _why_in_the_tray(tray: list[Draft]) -> list[str]:
    if not tray:
        return []
    reasons = Counter(reason for draft in tray for reason in draft.reasons)
    return ["", f"In the tray: {len(tray)}", *(f"  {count} × {reason}" for reason, count in reasons.most_common())]
