"""The sample as Markdown."""

from collections.abc import Sequence

from quizapp.domain.documents import BlockKind
from tests.ingest.building import Part


def markdown(parts: Sequence[Part]) -> bytes:
    """Return the parts as a Markdown file."""
    lines: list[str] = []
    for at, part in enumerate(parts):
        if at and not (part.kind is parts[at - 1].kind and part.kind in LISTED):
            lines.append("")
        lines.append(_line(part))
        if part.kind is BlockKind.ROW and parts[at - 1].kind is not BlockKind.ROW:
            lines.append("|" + "---|" * len(part.cells))
    return "\n".join(lines).encode() + b"\n"


LISTED = {BlockKind.BULLET, BlockKind.STEP, BlockKind.ROW}


def _line(part: Part) -> str:
    text = part.text.replace(part.lead, f"**{part.lead}**", 1) if part.lead else part.text
    match part.kind:
        case BlockKind.TITLE | BlockKind.HEADING:
            return f"{'#' * part.level} {text}"
        case BlockKind.BULLET:
            return f"{'  ' * (part.level - 1)}- {text}"
        case BlockKind.STEP:
            return f"{'   ' * (part.level - 1)}1. {text}"
        case BlockKind.QUOTE:
            return f"> {text}"
        case BlockKind.ROW:
            return f"| {' | '.join(part.cells)} |"
        case _:
            return text
