"""Pieces to a `Document`: headings found, attributed, laid out in one text."""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from quizapp.domain.captions import Captions
from quizapp.domain.documents import Block, BlockKind, Document, Picture, Section, Span, Speaker
from quizapp.ingest import crediting, lines, pictures, sections, speakers, voices
from quizapp.ingest.languages import language
from quizapp.ingest.pieces import Piece, Pieces

LABEL_WORDS = 9
HEADING_WORDS = 7
CLAUSE = re.compile(r"(?:§ ?)?\d{1,2}(?:\.\d{1,2})+\.? (?=[A-Z“\"])")  # "2.1 Any employee may ..."
CLAUSES_AT_LEAST = 3
LABELLED = re.compile(r"[a-z]+: ")  # "notes: AB"
HOSTED = re.compile(
    r"(?:moderators?|moderated by|hosts?|hosted by|chair|interviewers?|panel+ists?|guests?)\s*:", re.IGNORECASE
)
SECTION_LABEL = re.compile(
    r"(?P<label>(?:key )?(?:summary|abstract|overview|background|context|note|notes|conclusion|takeaways?|tl;?dr|outcome|"
    r"result|decision|example|warning|tip)):\s+(?=\S)",
    re.IGNORECASE,
)


def document(read: Pieces, *, fallback_title: str) -> Document:
    """Return the document that the pieces make; its text holds every block on a line of its own."""
    texts, placed = pictures.parted(read.pieces)
    unstamped = [speakers.unstamped(piece) for piece in voices.marked(texts)]
    unnumbered = _unnumbered(unstamped)
    titled = unnumbered if read.headed else _titled(unnumbered)
    marked = read.headed or any(piece.kind is BlockKind.HEADING for piece in titled)
    titled = titled if marked else _numbered_headings(titled)
    owned = _owned(titled) if sections.of_event(titled) else titled
    pieces = list(_labelled(_headed(owned, marked=marked)))
    attributed, people = speakers.attributed(pieces)
    blocks, text = _laid_out(attributed)
    title = read.title or next((b.span.of(text) for b in blocks if b.kind is BlockKind.TITLE), None) or fallback_title
    numbers = [piece.number for piece, _ in attributed]
    shown = tuple(_told(_placed(placed, numbers, blocks, text), blocks, text))
    return Document(title, text, language(text), blocks, tuple(_sections(blocks, text)), read.problems, shown, people)


def _placed(
    placed: Sequence[tuple[int, Picture]], numbers: Sequence[int], blocks: Sequence[Block], text: str
) -> list[Picture]:
    """Return the pictures with where they stand, which is above the first block of what followed them."""
    starts = {number: block.span.start for number, block in zip(reversed(numbers), reversed(blocks), strict=True)}
    known = sorted(starts)
    following = (known[at:][:1] for at in (bisect_left(known, number) for number, _ in placed))
    return [
        replace(picture, start=starts[number[0]] if number else len(text))
        for (_, picture), number in zip(placed, following, strict=True)
    ]


def _told(shown: Sequence[Picture], blocks: Sequence[Block], text: str) -> Iterator[Picture]:
    """Yield the pictures, each with a text: its own, or else its caption."""
    for picture, caption in zip(shown, Captions(text, blocks, shown).spans, strict=True):
        said = picture.alt or (caption.of(text) if caption else pictures.UNNAMED)
        yield replace(picture, alt=said)


def _owned(pieces: Sequence[Piece]) -> list[Piece]:
    """Return the pieces with their owners: whose passages they are, and whose statements."""
    labels = speakers.turn_labels(pieces)
    return crediting.credited(sections.opened(pieces, lambda piece: speakers.opens_turn(piece, labels)))


def _titled(pieces: Sequence[Piece]) -> list[Piece]:
    """Make the first heading the title when nothing else stands as high."""
    out = list(pieces)
    if not out:
        return out
    first = out[0]
    highest = min((p.level for p in out if p.kind is BlockKind.HEADING), default=0)
    if (first.kind is BlockKind.HEADING and first.level == highest) or (
        first.kind is BlockKind.PARAGRAPH and not highest and _could_title(first) and len(out) > 1
    ):
        out[0] = replace(first, kind=BlockKind.TITLE, level=1)
    return out


def _unnumbered(pieces: Sequence[Piece]) -> list[Piece]:
    """Take the numbers from the paragraphs of a policy or contract, as from the items of a list."""
    numbered = [piece.kind is BlockKind.PARAGRAPH and bool(CLAUSE.match(piece.text)) for piece in pieces]
    if sum(numbered) < CLAUSES_AT_LEAST:
        return list(pieces)
    return [
        replace(piece, text=CLAUSE.sub("", piece.text, count=1)) if number else piece
        for piece, number in zip(pieces, numbered, strict=True)
    ]


def _could_title(piece: Piece) -> bool:
    return len(piece.text) <= 180 and piece.text[-1] not in ".:;,。" and not speakers.like_header(piece)


def _headed(pieces: Sequence[Piece], *, marked: bool) -> Iterator[Piece]:
    """Make headings of lines that stand alone: all in a text without headings, else only speakers' headers."""
    could = [piece.kind is BlockKind.PARAGRAPH and lines.like_heading(piece.text) for piece in pieces]
    prose = sum(piece.kind in (BlockKind.PARAGRAPH, BlockKind.BULLET, BlockKind.STEP) for piece in pieces)
    trusted = not marked and sum(could) <= 0.6 * prose
    turns = speakers.turn_labels(pieces)
    for at, piece in enumerate(pieces):
        alone = could[at] and at + 1 < len(pieces) and not could[at + 1]
        if (
            alone
            and not (LABELLED.match(piece.text) or HOSTED.match(piece.text))
            and not (speakers.names_speaker(piece) or speakers.opens_turn(piece, turns))
            and (speakers.like_header(piece) or (trusted and not _byline(piece)))
        ):
            yield replace(piece, kind=BlockKind.HEADING, level=2)
        else:
            yield piece


def _numbered_headings(pieces: list[Piece]) -> list[Piece]:
    """Make headings of the short numbered lines that each open a passage: "2. Budget" in plain minutes."""
    steps = [at for at, piece in enumerate(pieces) if piece.kind is BlockKind.STEP and piece.level == 1]
    opening = [
        at for at in steps
        if lines.like_heading(pieces[at].text) and len(pieces[at].text.split()) <= HEADING_WORDS
        and at + 1 < len(pieces) and not (pieces[at + 1].kind is BlockKind.STEP and pieces[at + 1].level == 1)
    ]  # fmt: skip
    if len(opening) < 3 or len(opening) < 0.7 * len(steps):
        return pieces
    return [
        replace(piece, kind=BlockKind.HEADING, level=2) if at in opening else piece for at, piece in enumerate(pieces)
    ]


def _byline(piece: Piece) -> bool:
    return bool(re.search(r"(?:^|[/·–—] ?)by [A-Z]", piece.text, re.IGNORECASE)) or not piece.text[0].isalnum()


def _labelled(pieces: Iterator[Piece]) -> Iterator[Piece]:
    """Set apart the lines that only introduce what follows: "Key takeaways:"."""
    for piece in pieces:
        if piece.kind is not BlockKind.PARAGRAPH:
            yield piece
        elif piece.text.endswith(":") and len(piece.text.split()) <= LABEL_WORDS:
            yield replace(piece, kind=BlockKind.LABEL)
        elif found := SECTION_LABEL.match(piece.text):
            yield replace(piece, kind=BlockKind.LABEL, text=f"{found['label']}:")
            yield replace(piece, text=piece.text[found.end() :])
        else:
            yield piece


def _laid_out(attributed: Sequence[tuple[Piece, Speaker | None]]) -> tuple[tuple[Block, ...], str]:
    blocks: list[Block] = []
    parts: list[str] = []
    path: list[tuple[int, str]] = []
    at = 0
    for piece, speaker in attributed:
        if piece.kind is BlockKind.HEADING:
            path = [above for above in path if above[0] < piece.level]
        span = Span(at, at + len(piece.text))
        above = tuple(text for _, text in path)
        lead = piece.lead if piece.text.startswith(piece.lead) else ""  # a turn's label has been cut off
        blocks.append(Block(piece.kind, span, piece.level, above, speaker, piece.page, lead, piece.columns))
        if piece.kind is BlockKind.HEADING:
            path.append((piece.level, piece.text))
        parts.append(piece.text)
        at = span.end + 1
    return tuple(blocks), "\n".join(parts)


def _sections(blocks: Sequence[Block], text: str) -> Iterator[Section]:
    starts = [at for at, block in enumerate(blocks) if block.kind in (BlockKind.TITLE, BlockKind.HEADING)]
    for at, following in pairwise([*starts, len(blocks)]):
        inside = blocks[at + 1 : following]
        people = {block.speaker.name for block in inside if block.speaker}
        who = people.pop() if len(people) == 1 else None
        end = inside[-1].span.end if inside else blocks[at].span.end
        yield Section(blocks[at].span.of(text), who, Span(blocks[at].span.start, end))
