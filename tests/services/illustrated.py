"""A page with pictures, and a table, and the cards that a rule makes of it."""

from base64 import b64encode

from quizapp.domain.cards import CardKind
from quizapp.domain.documents import BlockKind
from quizapp.generate import quoting
from quizapp.ingest import read
from quizapp.services import library
from quizapp.services.reading import Reading
from tests import make
from tests.ingest.building.drawing import png
from tests.make import NOW
from tests.recalled import builds

MOLE, QUAY, CRANE = png(shade=10), png(640, 1600, shade=120), png(2400, 400, shade=220)
FIGURES = {"The mole at low tide.": MOLE, "The quay at noon.": QUAY}
OPENING = "The harbour of Skarn has stood here since 1640 and is closed on Sundays."
ROWS = (("Light", "Colour", "Seen from"), ("Skarn", "white over red", "43 miles"), ("Pike", "green", "12 miles"))
OF_A_PICTURE, OF_A_ROW = "What does the picture show?", "What is said of Skarn?"


def page(figures=FIGURES, opening=OPENING, rows=(), title="Harbour"):
    """Return a page that holds its pictures, each above its caption, and a table below them."""
    shown = "".join(
        f'<figure><img src="data:image/png;base64,{b64encode(data).decode()}" alt="{said}">'
        f"<figcaption>Figure {number}: {said}</figcaption></figure>"
        for number, (said, data) in enumerate(figures.items(), start=1)
    )
    lines = [
        "".join(f"<{tag}>{cell}</{tag}>" for cell in row) for tag, row in zip(["th", *["td"] * 9], rows, strict=False)
    ]
    table = f"<table>{''.join(f'<tr>{line}</tr>' for line in lines)}</table>" if rows else ""
    return f"<!DOCTYPE html><html><body><h1>{title}</h1><p>{opening}</p>{shown}{table}</body></html>".encode()


def drafts(document):
    """Return a card for each caption and each row, and one that asks of the first picture."""
    blocks = {block.span.of(document.text): block for block in document.blocks}
    captions = [said for said in blocks if said.startswith("Figure")]
    rows = [said for said, block in blocks.items() if block.kind is BlockKind.ROW and block.columns]
    asked = [
        *((f"What is there: {said[10:-1]}?", said[10:-1], said, ()) for said in captions),
        *((f"What is said of {said.split(' | ')[0]}?", said.split(" | ")[1], said, ()) for said in rows),
        *((OF_A_PICTURE, said[10:-1], said, ("Nothing at all", said[10:-1])) for said in captions[:1] if rows),
    ]
    return tuple(
        make.draft(
            kind=CardKind.CHOICE if choices else CardKind.BASIC,
            question=question,
            answer=answer,
            choices=choices,
            source=make.Source(
                said,
                blocks[said].span.start,
                blocks[said].span.end,
                columns=quoting.columns(blocks[said].span, document.blocks),
            ),
        )
        for question, answer, said, choices in asked
    )


@builds
def add(session, owner, data, *, keep_ready=False, as_new=False, now=NOW):
    """Read a version of the page and put it into the library."""
    document = read(data, "page.html")
    return library.add_document(
        session,
        owner,
        reading=Reading(document, drafts(document), (), (), seconds=0.1, words=document.words),
        filename=f"{document.title}.html",
        data=data,
        deck_name=None,
        keep_ready=keep_ready,
        as_new=as_new,
        now=now,
    )
