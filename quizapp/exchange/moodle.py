"""Moodle XML, which carries a question bank: `read` and `write`."""

import re
from collections.abc import Callable, Iterator, Sequence
from html import escape
from typing import Any

from lxml import etree

from quizapp import hypertext, markup
from quizapp.domain import cloze, tags
from quizapp.domain.cards import CardKind, items
from quizapp.errors import InvalidInput
from quizapp.exchange import columns, questions
from quizapp.exchange.cargo import Basket, Found, Outgoing, Written
from quizapp.exchange.gift import category, deck_of
from quizapp.exchange.layout import Wishes, Writing
from quizapp.exchange.questions import FULL, Asked, Asker, Option
from quizapp.exchange.traits import Alike, losses_common
from quizapp.ingest import xml
from quizapp.ingest.xml import Element
from quizapp.translations import _, figure

WRITINGS = {"markdown": Writing.MARKDOWN, "plain_text": Writing.PLAIN, "html": Writing.HTML}
PARTIAL = re.compile(r"\{\d*:(?P<type>[A-Z_]+):(?P<answers>(?:\\.|[^{}\\])*)\}")
ANSWER = re.compile(
    r"(?:^|~)(?P<right>=|%(?P<percent>-?\d+(?:\.\d+)?)%)?\*?(?P<text>(?:\\.|[^~#\\])*)(?:#(?:\\.|[^~\\])*)?"
)
ESCAPED = re.compile(r"\\(.)", re.DOTALL)
MEANT = re.compile(r"[\\}#~/\"]")
WITHOUT_ANSWER = {"description"}


def read(data: bytes, _wishes: Wishes) -> Found:
    """Return the questions of a Moodle XML file as notes."""
    try:
        root = xml.parsed(data)
    except InvalidInput as refusal:
        raise _placed(refusal) from refusal
    if root.tag != "quiz":
        raise InvalidInput("This XML is no question bank of Moodle. Export it there as “Moodle XML format”.")
    basket = Basket()
    deck = ""
    for element in root.iterchildren("question"):
        kind = element.get("type", "")
        if kind == "category":
            deck = deck_of(_words(element.find("category")))
        elif kind in READERS:
            READERS[kind](element, _asker(element, deck, basket))
        else:
            why = (
                _("“%(kind)s”: It is a text without a question.", kind=kind)
                if kind in WITHOUT_ANSWER
                else _("“%(kind)s”: Questions of this type have no place here.", kind=kind)
            )
            basket.tell(why, element.sourceline)
    return basket.found()


def _placed(refusal: InvalidInput) -> InvalidInput:
    """Return a refusal of broken XML with the place of the fault, where that is known."""
    fault = refusal.__cause__
    if not isinstance(fault, etree.XMLSyntaxError):
        return refusal
    line, column = fault.position
    return InvalidInput(
        "This file is broken at line %(line)s, column %(column)s. Export the questions again, or mend it there.",
        line=figure(line),
        column=figure(column),
    )


def _asker(element: Element, deck: str, basket: Basket) -> Asker:
    asks, told = element.find("questiontext"), element.find("generalfeedback")
    pictures = sum(hypertext.pictures(_words(one)) for one in (asks, told, *element.iterchildren("answer")))
    if pictures or element.find(".//file") is not None:
        basket.adapt(_("The pictures and files of this question were left out."), element.sourceline)
    return Asker(
        basket,
        _text(asks),
        _text(told),
        deck,
        (element.findtext("idnumber") or "").strip(),
        tuple(name for one in element.findall("tags/tag") for name in tags.clean(_words(one))),
        element.sourceline,
    )


def _choice(element: Element, asker: Asker) -> None:
    asker.choice(_options(element))


def _true_false(element: Element, asker: Asker) -> None:
    right = max(element.iterchildren("answer"), key=_percent, default=None)
    asker.true_false(is_true=_words(right).strip().casefold() == "true")


def _short(element: Element, asker: Asker) -> None:
    asker.short(_options(element, Writing.PLAIN))


def _number(element: Element, asker: Asker) -> None:
    right = max(element.iterchildren("answer"), key=_percent, default=None)
    value, by = _words(right).strip(), ("" if right is None else right.findtext("tolerance") or "0")
    try:
        low, high = (f"{float(value) + sign * float(by):.10g}" for sign in (-1, 1))
    except ValueError:
        asker.skip(_("The number that answers this question could not be read."))
    else:
        asker.numerical(value, low, high)


def _matching(element: Element, asker: Asker) -> None:
    asker.matching([(_text(one), _text(one.find("answer"))) for one in element.iterchildren("subquestion")])


def _order(element: Element, asker: Asker) -> None:
    asker.order([_text(one) for one in element.iterchildren("answer")])


def _essay(_element: Element, asker: Asker) -> None:
    asker.essay()


def _gaps(element: Element, asker: Asker) -> None:
    """Take a text with answers embedded in it as a cloze: a gap each, with the first right answer."""
    numbers = iter(range(1, 1_000))

    def gap(found: re.Match[str]) -> str:
        right = [
            one["text"] for one in ANSWER.finditer(found["answers"]) if one["right"] == "=" or one["percent"] == "100"
        ]
        told = ESCAPED.sub(r"\1", right[0]).strip() if right else ""
        return cloze.mark(cloze.GAP, told.rpartition(":")[0] or told if "NUM" in found["type"] else told, next(numbers))

    text = element.find("questiontext")
    asker.cloze(_converted(PARTIAL.sub(gap, _words(text)), text))


Reader = Callable[[Any, Asker], None]
READERS: dict[str, Reader] = {
    "multichoice": _choice,
    "truefalse": _true_false,
    "shortanswer": _short,
    "numerical": _number,
    "matching": _matching,
    "ordering": _order,
    "essay": _essay,
    "cloze": _gaps,
}


def _options(element: Element, writing: Writing | None = None) -> list[Option]:
    found = (Option(_converted(_words(one), one, writing), _percent(one)) for one in element.iterchildren("answer"))
    return [one for one in found if one.text]


def _percent(answer: Element) -> float:
    try:
        return float(answer.get("fraction", "0"))
    except ValueError:
        return 0.0


def _words(element: Element | None) -> str:
    """Return the text of an element that holds it in a `text` of its own."""
    return "" if element is None else element.findtext("text") or ""


def _text(element: Element | None) -> str:
    return "" if element is None else _converted(_words(element), element)


def _converted(text: str, element: Element, writing: Writing | None = None) -> str:
    """Return a text as card Markdown, by the format that its element, or else what it looks like, says."""
    found = writing or WRITINGS.get(element.get("format", ""))
    return columns.reader(found or (Writing.HTML if hypertext.is_html(text) else Writing.PLAIN))(text)


def write(notes: Sequence[Outgoing]) -> Written:
    """Return a deck as a question bank; decks are categories."""
    root = etree.Element("quiz")
    deck = ""
    for one in notes:
        if one.deck and one.deck != deck:
            deck = one.deck
            above = etree.SubElement(root, "question", type="category")
            _put(above, "category", f"$course$/top/{category(deck)}")
        for question in [_embedded(one)] if one.note.kind is CardKind.CLOZE else questions.asked(one):
            _question(root, question)
    data = etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)
    return Written(data, len(notes))


def _embedded(one: Outgoing) -> Asked:
    note = one.note
    return Asked(note.kind, note.question, "", (), note.explanation, note.tags, one.deck, one.guid)


def _question(root: Element, one: Asked) -> None:
    if one.kind is CardKind.LIST:
        one = questions.at_length(one)
    element = etree.SubElement(root, "question", type=TYPES[one.kind])
    shown = _gapped(one.question) if one.kind is CardKind.CLOZE else hypertext.html(one.question)
    _put(element, "name", markup.plain(cloze.MARK.sub(cloze.GAP, one.question))[:100].replace("\n", " "))
    _put(element, "questiontext", shown, format="html")
    _put(element, "generalfeedback", hypertext.html(one.explanation), format="html")
    etree.SubElement(element, "idnumber").text = _clean(one.guid)
    for name, value in SETTINGS.get(one.kind, {}).items():
        etree.SubElement(element, name).text = value
    for text, fraction in _answers(one):
        writing = "moodle_auto_format" if one.kind in {CardKind.BASIC, CardKind.TRUE_FALSE} else "html"
        _put(element, "answer", text, fraction=fraction, format=writing)
    if one.tags:
        marks = etree.SubElement(element, "tags")
        for tag in one.tags:
            _put(marks, "tag", tag)


TYPES = {
    CardKind.BASIC: "shortanswer",
    CardKind.CLOZE: "cloze",
    CardKind.CHOICE: "multichoice",
    CardKind.TRUE_FALSE: "truefalse",
    CardKind.LIST: "essay",
    CardKind.ORDER: "ordering",
}
SETTINGS: dict[CardKind, dict[str, str]] = {
    CardKind.BASIC: {"usecase": "0"},
    CardKind.CHOICE: {"single": "true", "shuffleanswers": "true", "answernumbering": "none"},
    CardKind.LIST: {"responseformat": "editor", "responserequired": "0", "attachments": "0"},
    CardKind.ORDER: {
        "layouttype": "VERTICAL",
        "selecttype": "ALL",
        "selectcount": "0",
        "gradingtype": "ABSOLUTE_POSITION",
    },
}


def _answers(one: Asked) -> Iterator[tuple[str, str]]:
    """Yield the answers of a question, and how many percent each is worth."""
    full = f"{FULL:g}"
    match one.kind:
        case CardKind.BASIC:
            yield markup.plain(one.answer), full
        case CardKind.TRUE_FALSE:
            yield from (
                (truth, full if (truth == "true") is (one.answer == "True") else "0") for truth in ("true", "false")
            )
        case CardKind.CHOICE:
            yield from ((hypertext.phrase(choice), full if choice == one.answer else "0") for choice in one.choices)
        case CardKind.ORDER:
            yield from ((hypertext.phrase(item), str(at)) for at, item in enumerate(items(one.answer), 1))
        case CardKind.CLOZE | CardKind.LIST:
            pass


def _gapped(text: str) -> str:
    """Return a cloze text as HTML with its gaps in Moodle's notation."""
    shown = hypertext.html(text)
    return cloze.MARK.sub(lambda found: f"{{1:SHORTANSWER:={MEANT.sub(_escape, _bare(found[2]))}}}", shown)


def _bare(html: str) -> str:
    return escape(markup.plain(hypertext.card_text(html)).replace("\n", " "), quote=False)


def _escape(found: re.Match[str]) -> str:
    return f"\\{found[0]}"


def _put(above: Element, name: str, text: str, **attributes: str) -> None:
    """Put in an element that holds a text, as Moodle has them: marked as it stands where it holds tags."""
    inner = etree.SubElement(etree.SubElement(above, name, attributes), "text")
    clean = _clean(text)
    inner.text = etree.CDATA(clean) if ("<" in clean or "&" in clean) and "]]>" not in clean else clean


def _clean(text: str) -> str:
    """Return a text without what XML cannot hold."""
    return re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]", "\ufffd", text)


def losses(notes: Alike) -> list[str]:
    """Return what Moodle XML does not carry."""
    told = questions.losses(notes, orders=True)
    if any(one.texts.kind is CardKind.ORDER for one in notes):
        told.append(_("Orders need Moodle 4.4, or its question type “ordering”."))
    if any(one.texts.loses_in_gaps for one in notes):
        told.append(_("Gaps are asked one by one; hints, and emphasis inside of a gap, stay here."))
    return told + losses_common(notes, without=("sources", "pictures"))
