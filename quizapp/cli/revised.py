"""What a new version of a document changed, in print."""

from collections.abc import Iterator, Mapping
from textwrap import shorten

from quizapp.cli.printing import counted
from quizapp.db.changes import ChangeKind
from quizapp.domain import cloze
from quizapp.domain.cards import CardKind, Note, faces
from quizapp.services.changes import CardChange, Changes

WIDEST = 100
MOST_LINES = 20  # of each sort; the page shows all


def as_text(changes: Changes, update: Mapping[str, int]) -> str:
    """Return what `quizapp add` says of a document that was there, changed."""
    new, changed, gone = (update[name] for name in ("new", "changed", "gone"))
    lines = [
        f"“{changes.title}” was updated: {counted(new, 'passage')} new, {changed} changed, {gone} gone.",
        f"{counted(update['follow'], 'card')} {'follows' if update['follow'] == 1 else 'follow'} the new text; "
        f"{update['asks']} {'asks' if update['asks'] == 1 else 'ask'} you; {counted(update['proposed'], 'new card')}.",
        *_passages(changes),
        *_doubts(changes),
    ]
    if update["asks"]:
        lines.append(f"Decide on the site: run quizapp serve and open /library/{changes.document_id}/changes.")
    lines.append(f"Another document, and no new version? quizapp versions {changes.document_id} --keep-both")
    return "\n".join(lines)


def _passages(changes: Changes) -> Iterator[str]:
    compared = changes.comparison
    if compared is None:
        return
    told = [
        *(("+", text) for text in compared.new[:MOST_LINES]),
        *(("~", f"{before} → {after}") for before, after in compared.changed[:MOST_LINES]),
        *(("-", text) for text in compared.gone[:MOST_LINES]),
    ]
    for mark, text in told:
        yield f"  {mark} {shorten(text, WIDEST, placeholder='…')}"


def _doubts(changes: Changes) -> Iterator[str]:
    for one in (*changes.asked, *changes.orphans)[:MOST_LINES]:
        if one.decision is None:
            yield f"  ? {shorten(_asked(one.card), WIDEST, placeholder='…')} {_what(one)}"


def _asked(card: Note) -> str:
    return cloze.gapped(card.question) if card.kind is CardKind.CLOZE else card.question


def _what(one: CardChange) -> str:
    if one.kind is ChangeKind.GONE:
        return "(its passage is gone)"
    if one.other is None:
        return "(its passage changed)"
    before, after = _answer(one.card), _answer(one.other)
    return f"({before} → {after})" if before != after else f"(now: {_asked(one.other)})"


def _answer(card: Note) -> str:
    answers = [face.answer for face in faces(card)]
    return shorten("; ".join(answers), WIDEST, placeholder="…")
