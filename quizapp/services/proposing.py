"""Proposed cards come to a document's bench, where they wait for a decision. Start from `propose`."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from rapidfuzz import fuzz, process

from quizapp.db import notes
from quizapp.db.documents import DocumentRow
from quizapp.db.drafts import DraftRow
from quizapp.db.engine import Session
from quizapp.domain.cards import Draft, DraftStatus
from quizapp.domain.documents import Span
from quizapp.domain.drafts import as_note, generated_wording
from quizapp.errors import InvalidInput
from quizapp.services.illustrating import Illustrations
from quizapp.services.notes import check

SIMILAR_FROM = 90  # of 100: below, questions of one template ("What is ...?") look alike
SIMILAR_AMONG = 5_000  # newest notes; more would hold the others up
COMPARED_CHARS = 500


def propose(
    session: Session, document: DocumentRow, proposed: Iterable[Draft], illustrations: Illustrations
) -> Sequence[DraftRow]:
    """Store the drafts, each once, with what the owner has that asks nearly the same, and return their rows."""
    known = [asked for _, asked in notes.newest(session, document.owner_id, limit=SIMILAR_AMONG)]
    once = {draft.id: _keepable(draft) for draft in proposed}
    rows = [
        DraftRow(
            owner_id=document.owner_id,
            document_id=document.id,
            content_id=draft.id,
            kind=draft.kind,
            question=draft.question,
            answer=draft.answer,
            choices=draft.choices,
            explanation=draft.explanation,
            tags=draft.tags,
            quote=draft.source.quote,
            start=draft.source.start,
            end=draft.source.end,
            speaker=draft.source.speaker,
            heading=draft.source.heading,
            page=draft.source.page,
            columns=draft.source.columns or None,
            picture_id=illustrations.beside(Span(draft.source.start, draft.source.end)),
            rule=draft.rule,
            score=draft.score,
            status=draft.status,
            reasons=draft.reasons,
            similar=tuple(known[index] for index in nearly_the_same(draft.question, known)),
        )
        for draft in once.values()
    ]
    session.add_all(rows)
    session.flush()
    return rows


def _keepable(draft: Draft) -> Draft:
    """Return the draft; one that could not be kept as it is waits in the tray with the reason."""
    try:
        check(as_note(draft, generated_wording(draft)))
    except InvalidInput as refusal:
        return replace(draft, status=DraftStatus.REVIEW, reasons=(*draft.reasons, refusal.message))
    return draft


def nearly_the_same(question: str, known: Sequence[str]) -> Sequence[int]:
    """Return where the known questions stand that ask nearly the same, the nearest first, three at most."""
    shortened = [other[:COMPARED_CHARS] for other in known]
    near = process.extract(
        question[:COMPARED_CHARS],
        shortened,
        scorer=fuzz.ratio,
        processor=str.casefold,
        score_cutoff=SIMILAR_FROM,
        limit=3,
    )
    return [index for _, _, index in near]
