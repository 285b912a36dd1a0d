"""Text in drawings: the paragraphs of shapes, and the points of diagrams. Start from `words` and `points`."""

import re
from collections import defaultdict
from collections.abc import Iterator

from quizapp.domain.documents import BlockKind
from quizapp.ingest import runs, xml
from quizapp.ingest.pieces import Piece
from quizapp.ingest.runs import Look, Run
from quizapp.ingest.xml import Element, attribute, child, inside, name

COUNTED = ("slidenum", "datetime")  # fields that say nothing about the matter
DECORATIVE = "{http://schemas.microsoft.com/office/drawing/2017/decorative}decorative"
BROKEN = "_x000B_"  # how a line break is written in some titles
RAISED = re.compile(r"[1-9]")  # the height of words above the line
HOLDS = (None, "parOf")  # the kind of a connection that makes one point part of another


def points(diagram: Element) -> Iterator[Piece]:
    """Yield the points of a diagram as a list, each below the point that it is part of."""
    texts = {attribute(one, "modelId"): one for one in inside(diagram, "dgm:pt")}
    parts: dict[str | None, list[str | None]] = defaultdict(list)
    for one in sorted(inside(diagram, "dgm:cxn"), key=lambda one: (attribute(one, "srcOrd") or "").zfill(9)):
        if attribute(one, "type") in HOLDS:
            parts[attribute(one, "srcId")].append(attribute(one, "destId"))
    left = [(key, 0) for key, one in texts.items() if attribute(one, "type") == "doc"]
    seen = set()
    while left:
        key, depth = left.pop()
        if key not in texts or key in seen:
            continue
        seen.add(key)
        said = [run for paragraph in inside(texts[key], "a:p") for run in (*words(paragraph), Run(" "))]
        found = list(runs.item(BlockKind.BULLET, said, depth))
        yield from found
        left += [(part, depth + bool(found or not depth)) for part in reversed(parts[key])]


def words(paragraph: Element) -> Iterator[Run]:
    """Yield the words of a paragraph, each with its look."""
    for part in paragraph:
        match name(part):
            case "a:r":
                yield _run(part)
            case "a:fld" if not (attribute(part, "type") or "").startswith(COUNTED):
                yield _run(part)
            case "a:br":
                yield Run("\n")
            case "mc:AlternateContent":
                yield Run("".join(one.text or "" for one in inside(part, "m:t")))
            case _:
                pass


def _run(part: Element) -> Run:
    properties, words = child(part, "a:rPr"), child(part, "a:t")
    said = "" if words is None else (words.text or "").replace(BROKEN, "\n").replace("\v", "\n")
    look = Look(
        attribute(properties, "b") in ("1", "true"),
        attribute(properties, "i") in ("1", "true"),
        raised=bool(RAISED.match(attribute(properties, "baseline") or "")),
    )
    return look.of(said)


def monospaced(paragraph: Element) -> bool:
    """Say whether a paragraph is set like code."""
    fonts = [
        attribute(child(part, "a:rPr", "a:latin"), "typeface") or ""
        for part in paragraph.findall(xml.full("a:r"))
        if runs.plain([_run(part)])
    ]
    return bool(fonts) and all(runs.MONOSPACED.match(font) for font in fonts)


def told(properties: Element | None) -> str:
    """Return what the properties of a picture say that it shows."""
    return attribute(properties, "descr") or attribute(properties, "title") or ""


def decorative(properties: Element | None) -> bool:
    """Say whether the properties of a picture mark it as an ornament."""
    return properties is not None and any(one.get("val") == "1" for one in properties.iter(DECORATIVE))
