"""What the styles of an OpenDocument text say about its paragraphs and lists. Start from `Styles`."""

import re
from collections.abc import Iterator, Sequence

from quizapp.domain.documents import BlockKind
from quizapp.ingest.runs import MONOSPACED, ORDINARY, Look
from quizapp.ingest.xml import Element, attribute, child, inside, name

LONGEST_CHAIN = 20  # of styles based on each other
MAX_OUTLINE = 10
BOLD = {"bold", "600", "700", "800", "900"}
ITALIC = {"italic", "oblique"}
FAMILIES = {"text:p": "paragraph", "text:h": "paragraph", "text:section": "section"}
DEFAULT = "standard"
RAISED = re.compile(r"super|[1-9]")  # the position of words, a percentage above the line


class Styles:
    """The styles of a text: those that people see and those that programs make up beside them."""

    def __init__(self, roots: Sequence[Element]) -> None:
        self._styles = {
            (attribute(one, "style:family"), attribute(one, "style:name")): one
            for root in roots
            for one in inside(root, "style:style")
        }
        self._lists = {attribute(one, "style:name"): one for root in roots for one in inside(root, "text:list-style")}
        self._monospaced = {
            attribute(face, "style:name") or ""
            for root in roots
            for face in inside(root, "style:font-face")
            if attribute(face, "style:font-pitch") == "fixed"
            or MONOSPACED.match((attribute(face, "svg:font-family") or "").strip("'\""))
        }

    def is_a(self, paragraph: Element, *names: str) -> bool:
        """Say whether a paragraph's style, or one that it is based on, has one of these names."""
        return (
            any(_called(one) in names for one in self._chain(paragraph)) or _plain_name(_style_of(paragraph)) in names
        )

    def outline(self, paragraph: Element) -> int | None:
        """Return the level of a heading, from 1."""
        given = attribute(paragraph, "text:outline-level") if name(paragraph) == "text:h" else None
        found = given or next(
            (level for one in self._chain(paragraph) if (level := attribute(one, "style:default-outline-level"))), None
        )
        if found and found.isdigit() and len(found) < 3 and int(found):
            return min(int(found), MAX_OUTLINE)
        return 1 if name(paragraph) == "text:h" else None

    def look(self, element: Element, base: Look | None = None) -> Look:
        """Return how the words of a paragraph look or, within one that looks so, those of a part of it."""
        look = base or ORDINARY
        for one in reversed(list(self._chain(element))):
            if _called(one) != DEFAULT or base:
                look = self._changed(look, child(one, "style:text-properties"))
        return look

    def hides(self, section: Element) -> bool:
        """Say whether a section is not shown."""
        return attribute(section, "text:display") == "none"

    def list_kind(self, style: str, depth: int, paragraph: Element) -> BlockKind | None:
        """Return what the items of a list are at a depth; None where they have neither bullet nor number."""
        own = next((found for one in self._chain(paragraph) if (found := attribute(one, "style:list-style-name"))), "")
        found = self._lists.get(style or own)
        if found is None:
            return BlockKind.BULLET
        for level in found:
            if attribute(level, "text:level") == str(depth):
                numbered = name(level) == "text:list-level-style-number"
                if numbered and not attribute(level, "style:num-format"):
                    return None
                return BlockKind.STEP if numbered else BlockKind.BULLET
        return BlockKind.BULLET

    def _changed(self, look: Look, properties: Element | None) -> Look:
        """Return the look that text properties make of another."""
        weight = attribute(properties, "fo:font-weight")
        slope = attribute(properties, "fo:font-style")
        display = attribute(properties, "text:display")
        font = attribute(properties, "style:font-name") or attribute(properties, "fo:font-family")
        placed = attribute(properties, "style:text-position")
        return Look(
            weight in BOLD if weight else look.bold,
            slope in ITALIC if slope else look.italic,
            display == "none" if display else look.hidden,
            font in self._monospaced or bool(MONOSPACED.match(font.strip("'"))) if font else look.monospaced,
            bool(RAISED.match(placed)) if placed else look.raised,
        )

    def _chain(self, element: Element) -> Iterator[Element]:
        """Yield the style of an element and those that it is based on."""
        family = FAMILIES.get(name(element), "text")
        at: str | None = _style_of(element)
        for _ in range(LONGEST_CHAIN):
            one = self._styles.get((family, at))
            if one is None:
                return
            yield one
            at = attribute(one, "style:parent-style-name")


def _style_of(element: Element) -> str:
    return attribute(element, "text:style-name") or ""


def _called(style: Element) -> str:
    return (attribute(style, "style:display-name") or _plain_name(attribute(style, "style:name") or "")).lower()


def _plain_name(encoded: str) -> str:
    return encoded.replace("_20_", " ").lower()
