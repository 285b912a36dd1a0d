"""The sample as an OpenDocument text, as LibreOffice writes one."""

import io
import zipfile
from collections.abc import Sequence
from html import escape
from itertools import groupby

from quizapp.domain.documents import BlockKind
from tests.ingest.building import Part

NAMES = "".join(
    f' xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for prefix, name in {
        "office": "office",
        "text": "text",
        "table": "table",
        "style": "style",
        "draw": "drawing",
        "fo": "xsl-fo-compatible",
        "svg": "svg-compatible",
    }.items()
)
STYLES = """
<style:style style:name="Standard" style:family="paragraph"/>
<style:style style:name="Title" style:family="paragraph" style:parent-style-name="Heading"/>
<style:style style:name="Quotations" style:family="paragraph" style:parent-style-name="Standard"/>
<style:style style:name="Preformatted_20_Text" style:display-name="Preformatted Text" style:family="paragraph"/>
"""
AUTOMATIC = """
<style:style style:name="P1" style:family="paragraph" style:parent-style-name="Title"/>
<style:style style:name="T1" style:family="text"><style:text-properties fo:font-weight="bold"/></style:style>
<style:style style:name="T2" style:family="text"><style:text-properties text:display="none"/></style:style>
<text:list-style style:name="L1"><text:list-level-style-bullet text:level="1" text:bullet-char="•"/>
<text:list-level-style-bullet text:level="2" text:bullet-char="◦"/></text:list-style>
<text:list-style style:name="L2"><text:list-level-style-number text:level="1" style:num-format="1"/></text:list-style>
"""
LISTS = {BlockKind.BULLET: "L1", BlockKind.STEP: "L2"}


def opendocument(parts: Sequence[Part]) -> bytes:
    """Return the parts as an OpenDocument text."""
    body = []
    for kind, together in groupby(parts, lambda part: part.kind):
        same = list(together)
        if kind in LISTS:
            body.append(f'<text:list text:style-name="{LISTS[kind]}">{"".join(map(_item, same))}</text:list>')
        elif kind is BlockKind.ROW:
            body.append(f'<table:table table:name="T">{"".join(map(_row, same))}</table:table>')
        else:
            body += map(_paragraph, same)
    return packed("".join(body))


def packed(body: str, **others: str) -> bytes:
    """Return the body of a text as a file, with other parts by their names without a suffix."""
    content = (
        f"<office:document-content{NAMES}><office:automatic-styles>{AUTOMATIC}</office:automatic-styles>"
        f"<office:body><office:text>{body}</office:text></office:body></office:document-content>"
    )
    styles = f"<office:document-styles{NAMES}><office:styles>{STYLES}</office:styles></office:document-styles>"
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as files:
        files.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        for name, part in {"content": content, "styles": styles, **others}.items():
            files.writestr(f"{name}.xml", part)
    return out.getvalue()


def _paragraph(part: Part) -> str:
    match part.kind:
        case BlockKind.TITLE:
            return f'<text:p text:style-name="P1">{_words(part)}</text:p>'
        case BlockKind.HEADING:
            level = part.level - 1
            return f'<text:h text:style-name="Heading_20_{level}" text:outline-level="{level}">{_words(part)}</text:h>'
        case BlockKind.QUOTE:
            return f'<text:p text:style-name="Quotations">{_words(part)}</text:p>'
        case _:
            return f'<text:p text:style-name="Standard">{_words(part)}</text:p>'


def _item(part: Part) -> str:
    item = f"<text:list-item><text:p>{_words(part)}</text:p></text:list-item>"
    for _ in range(part.level - 1):
        item = f"<text:list-item><text:list>{item}</text:list></text:list-item>"
    return item


def _row(part: Part) -> str:
    cells = "".join(f"<table:table-cell><text:p>{escape(cell)}</text:p></table:table-cell>" for cell in part.cells)
    return f"<table:table-row>{cells}</table:table-row>"


def _words(part: Part) -> str:
    lead = f'<text:span text:style-name="T1">{escape(part.lead)}</text:span>' if part.lead else ""
    return lead + escape(part.text.removeprefix(part.lead))
