"""What stands on a page and is none of its text: scripts, menus, what is hidden, marks of notes. Start from `left_out`."""

import re

from quizapp.ingest.html_tree import Element, tokens, words

_TAGS_TEXT = """
    script style template noscript nav head iframe object embed canvas audio video svg button select option textarea
    input datalist dialog meta link img map rt rp annotation annotation-xml del title frameset
"""
TAGS = frozenset(_TAGS_TEXT.split())
_ROLES_TEXT = """
    navigation search dialog alertdialog menu menubar toolbar tablist contentinfo doc-toc doc-endnotes doc-footnote
    doc-noteref doc-backlink doc-pagelist doc-pagebreak doc-cover
"""
ROLES = frozenset(_ROLES_TEXT.split())
_CLASSES_TEXT = """
    headerlink anchor-link hash-link heading-anchor mw-editsection mw-jump-link navbox navbox-styles hatnote noprint ambox sistersitebox catlinks reflist
    mw-references-wrap references footnotes footnote-ref footnote-back footnote-backref footnoteBackLink toc
    table-of-contents tableofcontents sr-only visually-hidden screen-reader-text skip-link katex-html
    MJX_Assistive_MathML MsoHeader MsoFooter MsoFootnoteText MsoEndnoteText MsoCommentText MsoFootnoteReference
    MsoEndnoteReference MsoCommentReference msocomtxt msocomanchor
"""
CLASSES = frozenset(_CLASSES_TEXT.split())
CONTENTS = re.compile(r"MsoToc(?:\d|Heading)")
_BOOK_TEXT = """
    toc landmarks page-list footnote footnotes endnote endnotes rearnote rearnotes noteref pagebreak cover loi lot
"""
BOOK = frozenset(_BOOK_TEXT.split())
HIDDEN = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all|font-size\s*:\s*0(?:px|pt)?\s*(?:;|$)", re.I
)
_PERMALINKS_TEXT = "¶ # § 🔗 ↩ ↩︎ ^ ↑ ⏎"
PERMALINKS = frozenset(_PERMALINKS_TEXT.split())
MARK = re.compile(
    r"\[(?:\d{1,3}|[a-z]|(?:note|nb|fn|n) ?\d{1,3}|citation needed|clarification needed|who\?|when\?)\]", re.I
)
BARE_MARK = re.compile(r"[\d, –-]{1,8}|[a-z]|[*†‡§]{1,3}")
NOTE = re.compile(r"#(?:_?(?:ftn|edn)_?ref|ftnt_ref|fnref|cmnt_ref|cmnt\d|sd(?:footnote|endnote)\d+anc)")


def left_out(element: Element) -> bool:
    """Say whether an element and all inside it is no part of a page's text."""
    tag = element.tag
    if not isinstance(tag, str) or (tag in TAGS and not _formula(element)):
        return True
    if tag == "footer" and not any(above.tag == "blockquote" for above in element.iterancestors()):
        return True
    if tag in ("p", "li") and any(NOTE.match(link.get("href", "")) for link in element.iter("a")):
        return True
    return (bool(element.attrib) and _says_so(element)) or _mark_of_note(element)


def is_picture(element: Element) -> bool:
    """Say whether an element is a picture that a page shows."""
    return bool(element.tag == "img" and not _formula(element) and not _says_so(element))


def _says_so(element: Element) -> bool:
    """Say whether an element's attributes tell that it is no text."""
    classes = tokens(element)
    return (
        _hidden(element)
        or element.get("role", "") in ROLES
        or not CLASSES.isdisjoint(classes)
        or element.get("id") in ("toc", "TOC")
        or any(CONTENTS.fullmatch(token) for token in classes)
        or not BOOK.isdisjoint(tokens(element, "epub:type"))
    )


def _hidden(element: Element) -> bool:
    if element.get("hidden") is not None and element.get("hidden") != "until-found":
        return True
    if element.get("aria-hidden", "").lower() == "true":
        return True
    return bool(HIDDEN.search(element.get("style", ""))) and not element.xpath("boolean(.//math)")


def _formula(element: Element) -> bool:
    """Say whether a picture stands for a formula, in a page that shows no other form of it."""
    return element.tag == "img" and bool(tokens(element) & {"tex", "latex", "math"}) and bool(element.get("alt"))


def _mark_of_note(element: Element) -> bool:
    """Say whether an element is the number of a note, or a sign to link to the place it stands at."""
    if element.tag == "sup":
        linked = any("#" in link.get("href", "") for link in [*element.iter("a"), element.getparent()])
        mark = words(element)
        return bool(MARK.fullmatch(mark)) or (linked and bool(BARE_MARK.fullmatch(mark)))
    if element.tag != "a" or len(element) > 3:
        return False
    mark = words(element)
    return mark in PERMALINKS or ("#" in element.get("href", "") and bool(MARK.fullmatch(mark)))
