"""A handbook of ten sections in two versions, and the cards that a rule makes of it."""

import re

from quizapp import ingest
from quizapp.domain.cards import CardKind, Draft, DraftStatus, Source
from quizapp.domain.documents import Document
from quizapp.services import library
from quizapp.services.reading import Reading
from tests.make import NOW
from tests.recalled import builds

SECTIONS = {
    "Reporting": "A spill is reported to the harbour office within 10 days. The report names the berth and the cause.",
    "Berths": "The north quay has berths for 12 ships. A pilot brings every tanker to its berth.",
    "Pilots": "A pilot must hold a licence of class 2. Pilots work in turns of 8 hours.",
    "Ice": "The channel closes when the ice is thicker than 40 centimetres. The icebreaker is called Norna.",
    "Fees": "A day at the quay costs 300 crowns. Fishing boats pay nothing.",
    "Waste": "Oily waste goes to the tank at the east gate. Nobody throws anything overboard.",
    "Fire": "The fire station stands beside the crane. Drills are held every 6 months.",
    "Radio": "The harbour listens on channel 16. Ships answer within 5 minutes.",
    "Customs": "Customs is open from 7 to 19. Spirits are sealed on arrival.",
    "Visitors": "Visitors wear a yellow vest. Children stay outside the fence.",
}
LEARNED = tuple(SECTIONS)  # a card of each is kept


def text(sections: dict[str, str]) -> str:
    return "# Handbook\n\n" + "\n\n".join(f"## {heading}\n\n{said}" for heading, said in sections.items()) + "\n"


def changed() -> dict[str, str]:
    """A section moved to the end, a number changed, a section removed, one new."""
    sections = dict(SECTIONS)
    sections["Reporting"] = sections["Reporting"].replace("10 days", "3 days")
    del sections["Waste"]
    sections["Berths"] = sections.pop("Berths")
    sections["Drones"] = "A drone may fly below 50 metres. Its pilot tells the harbour office before."
    return sections


def drafts(document: Document) -> tuple[Draft, ...]:
    """A card for the first sentence of each section: its heading asks, the sentence or its number answers."""
    made = []
    for block in document.blocks:
        if block.kind.value == "paragraph" and block.path:
            quote = block.span.of(document.text).partition(". ")[0] + "."
            number = re.search(r"\d+ \w+", quote)
            source = Source(quote, block.span.start, block.span.start + len(quote), heading=block.path[-1])
            question = f"What does the handbook say first on {block.path[-1].lower()}?"
            answer = number[0] if number else quote
            made.append(Draft(CardKind.BASIC, question, answer, source, "test", 0.9, DraftStatus.READY))
    return tuple(made)


@builds
def add(
    session, owner, sections, *, filename="handbook.md", keep_ready=False, url=None, as_new=False, batch=None, now=NOW
):
    """Read a version of the handbook and put it into the library."""
    data = text(sections).encode()
    document = ingest.read(data, filename)
    reading = Reading(document, drafts(document), (), (), seconds=0.1, words=document.words)
    return library.add_document(
        session,
        owner,
        reading=reading,
        filename=filename,
        data=data,
        deck_name=None,
        keep_ready=keep_ready,
        url=url,
        as_new=as_new,
        batch=batch,
        now=now,
    )
