"""The sample as web pages, as programs export it, as it lies on the clipboard, and as an electronic book."""

import html
import io
import zipfile
from collections.abc import Sequence
from itertools import groupby

from quizapp.domain.documents import BlockKind
from tests.ingest.building import Part

MENU = (
    "<ul>" + "".join(f"<li><a href='/{n}'>{n.title()}</a></li>" for n in ("news", "weather", "sport", "shop")) + "</ul>"
)
PROPER = {BlockKind.BULLET: "ul", BlockKind.STEP: "ol"}
CONTAINER = """<?xml version="1.0"?><container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container">
<rootfiles><rootfile full-path="OEBPS/content.opf" media-type="application/oebps-package+xml"/></rootfiles></container>"""


def plain(parts: Sequence[Part]) -> bytes:
    """Return a page that holds the parts alone, as programs export it."""
    return f"<!DOCTYPE html><html><head><meta charset='utf-8'></head><body>{body(parts)}</body></html>".encode()


def news(parts: Sequence[Part]) -> bytes:
    """Return the parts as an article with all that stands around one."""
    title = parts[0].text
    return f"""<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{title} | The Harbour Post</title>
<meta property="og:title" content="{title}"><meta property="og:site_name" content="The Harbour Post">
<script>track("page")</script><style>.hidden {{ display: none }}</style></head><body>
<div id="cookie-banner"><p>We use cookies to make this page better. Do you agree to all of them?</p><button>Yes</button></div>
<header><a href="/">The Harbour Post</a><nav>{MENU}</nav></header>
<main><article>{body(parts)}
<div class="share-buttons"><p>Share this article with your friends</p>{MENU}</div>
<aside class="related"><h2>Related articles</h2>{MENU}</aside></article></main>
<section id="comments"><h2>Comments</h2><p>Bo Li says: I have been to Skarn, and the keeper showed me the lens himself.</p></section>
<footer><p>© The Harbour Post. All rights reserved.</p>{MENU}</footer></body></html>""".encode()


def body(parts: Sequence[Part]) -> str:
    """Return the parts as the inside of a page's body."""
    out = []
    for kind, group in groupby(parts, key=lambda part: part.kind):
        same = list(group)
        if kind in PROPER:
            out.append(_list(same, PROPER[kind]))
        elif kind is BlockKind.ROW:
            out.append(_table(same))
        else:
            out += [_block(part) for part in same]
    return "\n".join(out)


def _block(part: Part) -> str:
    match part.kind:
        case BlockKind.TITLE | BlockKind.HEADING:
            return f"<h{part.level}>{_words(part)}</h{part.level}>"
        case BlockKind.QUOTE:
            return f"<blockquote><p>{_words(part)}</p></blockquote>"
        case _:
            return f"<p>{_words(part)}</p>"


def _list(parts: Sequence[Part], tag: str) -> str:
    out, depth = [], 0
    for part in parts:
        out.append(f"<{tag}>" * (part.level - depth) + f"</li></{tag}>" * (depth - part.level))
        out.append(f"{'</li>' if part.level <= depth else ''}<li>{_words(part)}")
        depth = part.level
    return "".join(out) + f"</li></{tag}>" * depth


def _table(parts: Sequence[Part]) -> str:
    head, *rows = [[html.escape(cell) for cell in part.cells] for part in parts]
    lines = ["<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows]
    return (
        "<table><thead><tr>" + "".join(f"<th>{cell}</th>" for cell in head) + f"</tr></thead>{''.join(lines)}</table>"
    )


def _words(part: Part) -> str:
    text = html.escape(part.text, quote=False)
    lead = html.escape(part.lead, quote=False)
    return text.replace(lead, f"<b>{lead}</b>", 1) if lead else text


def word(parts: Sequence[Part]) -> bytes:
    """Return the parts as Word puts them on the clipboard."""
    out = []
    for kind, group in groupby(parts, key=lambda part: part.kind):
        same = list(group)
        out += [_table(same).replace("<th>", "<td><b>").replace("</th>", "</b></td>").replace("thead", "tbody")] if (
            kind is BlockKind.ROW
        ) else [_in_word(part) for part in same]  # fmt: skip
    return f"<html xmlns:o='urn:schemas-microsoft-com:office:office'><body lang=EN-GB>{''.join(out)}</body></html>".encode()


def _in_word(part: Part) -> str:
    words = _words(part)
    match part.kind:
        case BlockKind.TITLE:
            return f"<p class=MsoTitle><span lang=EN-GB>{words}<o:p></o:p></span></p>"
        case BlockKind.HEADING:
            return f"<h{part.level}>{words}<o:p></o:p></h{part.level}>"
        case BlockKind.BULLET | BlockKind.STEP:
            mark = "·" if part.kind is BlockKind.BULLET else "1."
            return (
                f"<p class=MsoListParagraph style='text-indent:-18.0pt;mso-list:l0 level{part.level} lfo1'>"
                f"<![if !supportLists]><span style='font-family:Symbol'><span style='mso-list:Ignore'>{mark}"
                f"<span style='font:7.0pt \"Times New Roman\"'>&nbsp;&nbsp;&nbsp; </span></span></span><![endif]>{words}<o:p></o:p></p>"
            )
        case BlockKind.QUOTE:
            return f"<p class=MsoQuote>{words}</p>"
        case _:
            return f"<p class=MsoNormal>{words}<o:p></o:p></p>"


def google(parts: Sequence[Part]) -> bytes:
    """Return the parts as Google Docs puts them on the clipboard."""
    made = body(parts).replace("<b>", '<span style="font-weight:700">').replace("</b>", "</span>")
    return f'<meta charset="utf-8"><b style="font-weight:normal;" id="docs-internal-guid-1">{made}</b>'.encode()


def epub(parts: Sequence[Part]) -> bytes:
    """Return the parts as a book: a cover, a title page, contents, and a chapter for each heading below the title."""
    chapters: list[list[Part]] = [[]]
    for part in parts[1:]:
        if part.kind is BlockKind.HEADING and part.level == 2:
            chapters.append([])
        chapters[-1].append(part)
    pages = {"cover.xhtml": "<img src='cover.png' alt='Cover'/>", "title.xhtml": f"<h1>{parts[0].text}</h1>"}
    pages |= {f"ch{at}.xhtml": body(chapter) for at, chapter in enumerate(chapters) if chapter}
    labels = {f"ch{at}.xhtml": chapter[0].text for at, chapter in enumerate(chapters) if at}
    return book(pages, parts[0].text, labels=labels)


def book(
    pages: dict[str, str],
    title: str,
    *,
    creators: Sequence[str] = (),
    labels: dict[str, str] | None = None,
    more: dict[str, str] | None = None,
) -> bytes:
    """Return a book of the pages in their order; `labels` is what the contents call them, `more` are entries beside them."""
    people = "".join(f"<dc:creator>{name}</dc:creator>" for name in creators)
    items = "".join(
        f'<item id="i{at}" href="{name}" media-type="application/xhtml+xml"/>' for at, name in enumerate(pages)
    )
    spine = "".join(f'<itemref idref="i{at}"/>' for at in range(len(pages)))
    opf = (
        '<?xml version="1.0"?><package xmlns="http://www.idpf.org/2007/opf" version="3.0">'
        f'<metadata xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>{title}</dc:title>{people}</metadata>'
        f'<manifest><item id="nav" href="nav.xhtml" properties="nav" media-type="application/xhtml+xml"/>{items}</manifest>'
        f'<spine><itemref idref="nav"/>{spine}</spine></package>'
    )
    links = "".join(f'<li><a href="{name}">{label}</a></li>' for name, label in (labels or {}).items())
    nav = f'<nav xmlns:epub="http://www.idpf.org/2007/ops" epub:type="toc"><h1>Contents</h1><ol>{links}</ol></nav>'
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as files:
        files.writestr("mimetype", "application/epub+zip", zipfile.ZIP_STORED)
        files.writestr("META-INF/container.xml", CONTAINER)
        files.writestr("OEBPS/content.opf", opf)
        files.writestr("OEBPS/nav.xhtml", _chapter(nav))
        for name, inside in pages.items():
            files.writestr(f"OEBPS/{name}", _chapter(inside))
        for name, inside in (more or {}).items():
            files.writestr(name, inside)
    return out.getvalue()


def _chapter(inside: str) -> str:
    return (
        '<?xml version="1.0" encoding="utf-8"?><!DOCTYPE html><html xmlns="http://www.w3.org/1999/xhtml" '
        f'xmlns:epub="http://www.idpf.org/2007/ops"><head><title/></head><body>{inside}</body></html>'
    )
