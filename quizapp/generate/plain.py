"""Cards in any language: what a document's layout, numbers and quotations tell without a grammar.

Every question is made of the document's own words: a sentence with a gap, a term, a row with
its column, a heading with its list. Start from `find`.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby

from quizapp.domain.cards import CardKind
from quizapp.domain.cloze import GAP
from quizapp.domain.documents import Block, BlockKind, Document, Span, words
from quizapp.generate.candidates import Candidate, Reading, from_claim
from quizapp.generate.claims import Claim

SEPARATED = r"\d{1,3}(?:[.,’' \u00a0\u202f]\d{3})+(?!\d)(?:[.,]\d+)?|\d+(?:[.,]\d+)?"
UNIT = r"(?:\s?(?:%|‰|°[CF]?|[€$£¥₹₽]|(?:[kcmµ]?m[²³]?|[kmµ]?g|ha|[mch]?l|[kMGT]?(?:W|Wh|B|Hz|V|bit)|km/h|s|h|min|EUR|USD|CHF)\b))?"
NUMERALS = r"[〇一二三四五六七八九十百千两]*[十百千万億亿][〇一二三四五六七八九十百千万億亿两]*"
NUMBER = re.compile(
    rf"(?<![\w.,/:-])(?:[€$£¥]\s?)?(?:{SEPARATED}){UNIT}(?![\w/:-]\d)|(?<=[^\W\d])(?:\d+(?:[.,]\d+)?)[万億亿千]?%?|{NUMERALS}"
)
YEAR = re.compile(r"1\d{3}|20\d\d")
TERM = re.compile(r"^(?P<term>[^\s:：][^:：。.!?|]{0,50}?)\s*(?P<mark>[:：]|\s[—–-](?=\s))\s*(?P<what>\S.+)$")
SENTENCE_WORDS = range(5, 45)
TERM_WORDS = 6
ANSWER_WORDS = 25
ITEM_WORDS = 12
ITEMS = range(3, 8)
IN_A_ROW = 3
ROWS = 30  # of a table that somebody would learn
CELL_WORDS = 8
PER_SENTENCE = 1
QUOTED = re.compile(r"[“„«「『\"](?P<words>[^”“»」』\"]{15,220})[”“»」』\"]")


def find(reading: Reading) -> Iterator[Candidate]:
    """Yield what can be asked in the document's own words."""
    document = reading.document
    yield from _terms(document)
    yield from _cells(document)
    yield from _lists(document)
    for claim in reading.claims:
        yield from _quotation(claim, reading)
        yield from _number(claim, document)


def _terms(document: Document) -> Iterator[Candidate]:
    """Yield the terms that a list explains, or that bold words open."""
    for kind, run in groupby(document.blocks, key=lambda block: block.kind):
        found = [(block, entry) for block in run if (entry := TERM.match(block.span.of(document.text)))]
        if kind not in (BlockKind.BULLET, BlockKind.PARAGRAPH) or len(found) < IN_A_ROW:
            continue
        for block, entry in found:
            if (
                block.speaker is None
                and words(entry["term"]) <= TERM_WORDS
                and 1 <= words(entry["what"]) <= ANSWER_WORDS
            ):
                frame = _frame(block, document, beside=entry["term"])
                yield Candidate(
                    CardKind.BASIC,
                    entry["term"],
                    entry["what"].rstrip(".。"),
                    block.span,
                    "plain_term",
                    0.85,
                    frame=frame,
                )


def _cells(document: Document) -> Iterator[Candidate]:
    """Yield each cell of a small table by its row and its column."""
    rows = [block for block in document.blocks if block.kind is BlockKind.ROW and block.columns]
    for columns, run in groupby(rows, key=lambda block: block.columns):
        table = list(run)
        for block in table if len(table) <= ROWS else ():
            name, *cells = block.span.of(document.text).split(" | ")
            for column, cell in zip(columns[1:], cells, strict=False):
                if name and column and 1 <= words(cell) <= CELL_WORDS:
                    frame = _frame(block, document, beside=name)
                    question = f"{name} – {column}"
                    yield Candidate(CardKind.BASIC, question, cell, block.span, "plain_cell", 0.74, frame=frame)


def _lists(document: Document) -> Iterator[Candidate]:
    """Yield the short items of a list under its heading or label; numbered ones in their order."""
    blocks = document.blocks
    for at, head in enumerate(blocks):
        if head.kind not in (BlockKind.HEADING, BlockKind.LABEL):
            continue
        items = _items(blocks[at + 1 :])
        texts = [one.span.of(document.text).rstrip(".;。；") for one in items]
        if len(items) not in ITEMS or any(words(text) > ITEM_WORDS or TERM.match(text) for text in texts):
            continue
        kind = CardKind.ORDER if items[0].kind is BlockKind.STEP else CardKind.LIST
        question = head.span.of(document.text).rstrip(":：")
        span = Span(head.span.start, items[-1].span.end)
        frame = _frame(head, document, beside=question)
        yield Candidate(kind, question, "\n".join(texts), span, "plain_list", 0.82, frame=frame)


def _items(below: Sequence[Block]) -> list[Block]:
    """Return the items right below, all of one kind and depth; none where some have items of their own."""
    out: list[Block] = []
    for block in below:
        if block.kind not in (BlockKind.BULLET, BlockKind.STEP) or (out and block.kind is not out[0].kind):
            break
        out.append(block)
    return out if len({block.level for block in out}) == 1 else []


def _number(claim: Claim, document: Document) -> Iterator[Candidate]:
    """Yield a gap for the number that a sentence is about."""
    said = claim.text
    found = [one for one in NUMBER.finditer(said) if said.count(one[0].strip()) == 1]
    if (
        words(said) not in SENTENCE_WORDS
        or not found
        or claim.block.kind not in (BlockKind.PARAGRAPH, BlockKind.BULLET)
    ):
        return
    for number in sorted(found, key=_weight, reverse=True)[:PER_SENTENCE]:
        start, end = number.span()
        question = f"{said[:start]}{GAP}{said[end:]}"
        candidate = from_claim(
            claim, question, number[0].strip(), rule="plain_number", sure=_sure(number), kind=CardKind.CLOZE
        )
        frame = claim.speaker.name if claim.speaker else _frame(claim.block, document, beside=said)
        yield replace(candidate, frame=frame)


def _weight(number: re.Match[str]) -> int:
    """Return how much a number says: a unit or a sum more than a year, a year more than a small count."""
    said = number[0].strip()
    if YEAR.fullmatch(said):
        return 1
    if not re.search(r"\d", said):
        return 1  # in words
    return 3 if re.search(r"[^\d.,]", said) else 2 if len(re.sub(r"\D", "", said)) > 1 else 0


def _sure(number: re.Match[str]) -> float:
    return (0.45, 0.72, 0.75, 0.84)[_weight(number)]


def _quotation(claim: Claim, reading: Reading) -> Iterator[Candidate]:
    """Yield who is quoted, where more than one person could have said it."""
    found = QUOTED.search(claim.text)
    if found and claim.speaker and len(reading.speakers) > 1 and claim.speaker.name not in found["words"]:
        question = f"“{found['words'].rstrip('.。,')}” — {GAP}"
        yield from_claim(claim, question, claim.speaker.full, rule="plain_quotation", sure=0.82, kind=CardKind.CLOZE)


def _frame(block: Block, document: Document, *, beside: str) -> str:
    """Return the headings that a card needs in front: the nearest one and the title, unless the card says them."""
    above = [name for name in (document.title, *block.path[-1:]) if name and name.casefold() not in beside.casefold()]
    return ", ".join(dict.fromkeys(above))
