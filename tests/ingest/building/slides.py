"""The sample as a presentation: a slide for each heading below the title."""

import io
from collections.abc import Sequence

import pptx
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls
from pptx.presentation import Presentation
from pptx.slide import Slide
from pptx.util import Inches

from quizapp.domain.documents import BlockKind
from tests.ingest.building import Part

TITLE_SLIDE, WITH_TEXT, TITLE_ONLY = 0, 1, 5
BULLETS = {BlockKind.PARAGRAPH: "<a:buNone {}/>", BlockKind.STEP: '<a:buAutoNum {} type="arabicPeriod"/>'}


def slides(parts: Sequence[Part]) -> bytes:
    """Return the parts as a presentation; it knows no quotations, so those are paragraphs."""
    presentation = pptx.Presentation()
    starts = [at for at, part in enumerate(parts) if part.kind is BlockKind.TITLE or is_slide(part)]
    for start, end in zip(starts, [*starts[1:], len(parts)], strict=True):
        _add(presentation, parts[start], parts[start + 1 : end])
    return saved(presentation)


def saved(presentation: Presentation) -> bytes:
    """Return a presentation as the bytes of its file."""
    out = io.BytesIO()
    presentation.save(out)
    return out.getvalue()


def is_slide(part: Part) -> bool:
    """Say whether a part heads a slide."""
    return part.kind is BlockKind.HEADING and part.level == 2


def _add(presentation: Presentation, title: Part, parts: Sequence[Part]) -> None:
    rows = [part.cells for part in parts if part.kind is BlockKind.ROW]
    layout = TITLE_SLIDE if title.kind is BlockKind.TITLE else TITLE_ONLY if rows else WITH_TEXT
    slide = presentation.slides.add_slide(presentation.slide_layouts[layout])
    slide.shapes.title.text = title.text
    if rows:
        table(slide, rows)
    else:
        for part in parts:
            _paragraph(slide, part, first=part is parts[0])


def table(slide: Slide, rows: Sequence[Sequence[str]]) -> None:
    """Add a table to a slide."""
    frame = slide.shapes.add_table(len(rows), len(rows[0]), Inches(1), Inches(2), Inches(6), Inches(2))
    for at, row in enumerate(rows):
        for cell, text in zip(frame.table.rows[at].cells, row, strict=True):
            cell.text = text


def _paragraph(slide: Slide, part: Part, *, first: bool) -> None:
    frame = slide.placeholders[1].text_frame
    paragraph = frame.paragraphs[0] if first else frame.add_paragraph()
    paragraph.level = max(0, part.level - 1) if part.kind is not BlockKind.HEADING else 0
    shape = (
        BULLETS[BlockKind.PARAGRAPH] if part.kind in (BlockKind.HEADING, BlockKind.QUOTE) else BULLETS.get(part.kind)
    )
    if shape:
        paragraph._p.get_or_add_pPr().append(parse_xml(shape.format(nsdecls("a"))))  # noqa: SLF001 - no other way
    if part.lead or part.kind is BlockKind.HEADING:
        run = paragraph.add_run()
        run.text = part.lead or part.text
        run.font.bold = True
    if part.kind is not BlockKind.HEADING:
        paragraph.add_run().text = part.text.removeprefix(part.lead)
