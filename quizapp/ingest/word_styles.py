"""What the styles and the lists of a Word file say about its paragraphs. Start from `Styles` and `Lists`."""

import re
from dataclasses import dataclass, replace

from quizapp.domain.documents import BlockKind
from quizapp.ingest.runs import MONOSPACED, ORDINARY, Look
from quizapp.ingest.xml import Element, attribute, child, full, name

LONGEST_CHAIN = 20  # of styles based on each other
LEVELS = 9
OFF = {"0", "false", "off", "none"}
HEADING = re.compile(r"(?:heading|überschrift|titre|título|titolo|kop|rubrik|заголовок|标题|見出し) ?(?P<level>[1-9])")
LISTED = re.compile(r"list (?P<kind>bullet|number)(?: (?P<depth>[2-5]))?")
SAID = re.compile(r"(?:intense |block )?quot(?:e|es|ation|ations)|block ?text|zitat|citation")
CODE = re.compile(r"(?:html )?preformatted(?: text)?|(?:source )?code(?: ?block)?|macro(?: text)?|listing")
UNHEADED = re.compile(
    r"caption|subtitle|author|date|signature|closing|salutation|byline|abstract|illustration|table|figure"
)
CONTENTS = re.compile(
    r"toc(?: ?heading| ?\d)|contents(?: heading| \d)?|table of (?:figures|authorities)|index(?: heading| \d)"
)


@dataclass(frozen=True)
class Style:
    """A style with all that it takes from those it is based on."""

    names: tuple[str, ...] = ()  # its own and theirs, in small letters
    outline: int | None = None  # of a heading, from 0
    listed: tuple[str, int] | None = None  # the number of a list and the level in it
    look: Look = ORDINARY

    def is_a(self, pattern: re.Pattern[str] | str) -> bool:
        """Say whether the style, or one that it is based on, is called so."""
        return any(re.fullmatch(pattern, name) for name in self.names)


class Styles:
    """The styles of a file, each worked out once."""

    def __init__(self, root: Element) -> None:
        self._found: dict[str, Style] = {}
        self._elements = {attribute(one, "w:styleId") or "": one for one in root.findall(full("w:style"))}
        self._default = next(
            (
                style_id
                for style_id, one in self._elements.items()
                if attribute(one, "w:type") == "paragraph" and (attribute(one, "w:default") or "0") not in OFF
            ),
            "",
        )

    def of(self, style_id: str | None) -> Style:
        """Return a style; without an id, that of an ordinary paragraph."""
        key = style_id if style_id in self._elements else self._default
        if key not in self._found:
            self._found[key] = self._worked_out(key)
        return self._found[key]

    def characters(self, style_id: str | None, look: Look) -> Look:
        """Return a look as the style of some words changes it."""
        if style_id in self._elements:
            for one in reversed(self._chain(style_id)):
                look = changed(look, child(one, "w:rPr"))
        return look

    def heads_tables(self, style_id: str | None) -> bool:
        """Say whether tables of a style have a first row that looks different."""
        parts = (part for one in self._chain(style_id or "") for part in one.findall(full("w:tblStylePr")))
        return any(attribute(part, "w:type") == "firstRow" for part in parts)

    def _chain(self, style_id: str) -> list[Element]:
        chain: list[Element] = []
        at: str | None = style_id
        while at in self._elements and len(chain) < LONGEST_CHAIN:
            chain.append(self._elements[at])
            at = attribute(child(chain[-1], "w:basedOn"), "w:val")
        return chain

    def _worked_out(self, style_id: str) -> Style:
        style = Style()
        for one in reversed(self._chain(style_id)):
            look = changed(style.look, child(one, "w:rPr"))
            if attribute(one, "w:styleId") == self._default:
                look = replace(look, monospaced=False)  # a text typed in Courier is no code
            called = (attribute(child(one, "w:name"), "w:val") or "").lower()
            outline = outline_of(child(one, "w:pPr"))
            listed = listed_in(child(one, "w:pPr"))
            style = Style(
                (called, *style.names),
                style.outline if outline is None else outline,
                listed or style.listed,
                look,
            )
        return style


def changed(look: Look, properties: Element | None) -> Look:
    """Return the look that run properties make of another."""
    if properties is None:
        return look
    found = {name(one): one for one in properties}
    fonts = found.get("w:rFonts")
    font = attribute(fonts, "w:ascii") or attribute(fonts, "w:hAnsi")
    placed = attribute(found.get("w:vertAlign"), "w:val")
    return Look(
        _switched(found.get("w:b"), was=look.bold),
        _switched(found.get("w:i"), was=look.italic),
        _switched(found.get("w:vanish"), was=look.hidden),
        bool(MONOSPACED.match(font)) if font else look.monospaced,
        look.raised if placed is None else placed == "superscript",
    )


def outline_of(properties: Element | None) -> int | None:
    """Return the outline level that paragraph properties give, from 0; 9 is that of the body."""
    return _number(attribute(child(properties, "w:outlineLvl"), "w:val"))


def listed_in(properties: Element | None) -> tuple[str, int] | None:
    """Return the list and the level in it that paragraph properties give."""
    numbered = child(properties, "w:numPr")
    which = attribute(child(numbered, "w:numId"), "w:val")
    level = _number(attribute(child(numbered, "w:ilvl"), "w:val")) or 0
    return (which, level) if which is not None else None


class Lists:
    """The lists that a file defines."""

    def __init__(self, root: Element | None, styles: Styles) -> None:
        made = [] if root is None else root.findall(full("w:abstractNum"))
        used = [] if root is None else root.findall(full("w:num"))
        self._styles = styles
        self._abstract = {attribute(one, "w:abstractNumId") or "": one for one in made}
        self._lists = {attribute(one, "w:numId") or "": one for one in used}

    def kind(self, listed: tuple[str, int]) -> BlockKind | None:
        """Return what the items of a list are at a level; None where they have neither bullet nor number.

        Numbers like 2.1 count the clauses of a contract rather than steps, so those are no items.
        """
        level = self._level(*listed)
        if level is None:
            return BlockKind.BULLET if listed[0] in self._lists else None
        shape = attribute(child(level, "w:numFmt"), "w:val") or "decimal"
        shown = attribute(child(level, "w:lvlText"), "w:val") or ""
        if shape == "none" or shown.count("%") > 1:
            return None
        return BlockKind.BULLET if shape == "bullet" or "%" not in shown else BlockKind.STEP

    def _level(self, which: str, level: int) -> Element | None:
        used = self._lists.get(which)
        if used is None:
            return None
        for change in used.findall(full("w:lvlOverride")):
            if attribute(change, "w:ilvl") == str(level) and (own := child(change, "w:lvl")) is not None:
                return own
        found = self._abstract.get(attribute(child(used, "w:abstractNumId"), "w:val") or "")
        link = attribute(child(found, "w:numStyleLink"), "w:val")
        if link and (listed := self._styles.of(link).listed) and listed[0] != which:
            used = self._lists.get(listed[0])
            found = self._abstract.get(attribute(child(used, "w:abstractNumId"), "w:val") or "")
        levels = [] if found is None else found.findall(full("w:lvl"))
        return next((one for one in levels if attribute(one, "w:ilvl") == str(level)), None)


def _switched(found: Element | None, *, was: bool) -> bool:
    return was if found is None else (attribute(found, "w:val") or "1") not in OFF


def _number(given: str | None) -> int | None:
    return min(int(given), LEVELS) if given and given.isascii() and given.isdigit() and len(given) < 5 else None
