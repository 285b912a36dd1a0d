"""The note types that Recto brings into Anki: their fields, templates and look.

Fields are final. Anki tells note types apart by id and fields together, so a
field added, renamed or moved later gives everybody a second copy of the note
type; that is what the spares are for. Templates and CSS may change freely:
raise `CHANGED` then, and Anki takes the newer ones over.
"""

from datetime import UTC, datetime
from functools import cache
from importlib.resources import files
from typing import Any

import genanki

CHANGED = datetime(2026, 11, 26, 17, tzinfo=UTC)

SOURCE = ("Explanation", "Quote", "Speaker", "Place", "Document", "Link", "Id", "Spare1", "Spare2", "Spare3", "Spare4")
FIELDS: dict[str, tuple[str, ...]] = {
    "basic": ("Question", "Answer", "Typed", *SOURCE),
    "cloze": ("Text", *SOURCE),
    "choice": ("Question", "Choices", "Answer", *SOURCE),
    "list": ("Question", "Items", "Count", *SOURCE),
    "order": ("Question", "Items", "Shuffled", *SOURCE),
    # The first five are those of Anki's own, which its editor of covers knows by their places.
    "occlusion": (
        "Occlusion",
        "Image",
        "Header",
        "Back Extra",
        "Comments",
        "Id",
        "Spare1",
        "Spare2",
        "Spare3",
        "Spare4",
    ),
}
# Drawn once and for all; Anki knows a note type by it.
IDS = {
    "basic": 1688514207311,
    "cloze": 1688514207312,
    "choice": 1688514207313,
    "list": 1688514207314,
    "order": 1688514207315,
    "occlusion": 1688514207316,
}
ANKIS_OCCLUSION = 6  # by which Anki knows what its editor of covers can open


class NoteType(genanki.Model):  # type: ignore[misc]  # genanki has no types
    """A note type whose time of change is that of its templates, not of the export.

    With the time of the export, every import would touch the note type and the
    changes that a learner made to it.
    """

    def to_json(self, timestamp: float, deck_id: int) -> dict[str, Any]:
        """Return what the collection stores of the note type."""
        stored: dict[str, Any] = super().to_json(CHANGED.timestamp(), deck_id)
        kind = {"originalStockKind": ANKIS_OCCLUSION} if self.model_id == IDS["occlusion"] else {}
        return {**stored, "did": None, **kind}


@cache
def note_type(name: str) -> NoteType:
    """Return the note type of that name in `FIELDS`."""
    return NoteType(
        IDS[name],
        "Recto Image Occlusion" if name == "occlusion" else f"Recto {name.title()}",
        fields=[{"name": field} for field in FIELDS[name]],
        templates=[{"name": "Card", "qfmt": _side(name, "front"), "afmt": _side(name, "back")}],
        css=_read("recto.css"),
        model_type=genanki.Model.CLOZE if name in {"cloze", "occlusion"} else genanki.Model.FRONT_BACK,
    )


def _side(name: str, side: str) -> str:
    card = _read(f"{name}.{side}.html")
    for piece in ("covers", "shuffle", "source"):
        card = card.replace(f"<!-- {piece} -->\n", _read(f"{piece}.html"))
    return _read("leaf.html").replace("<!-- card -->\n", card)


def _read(name: str) -> str:
    return (files("quizapp.anki") / "templates" / name).read_text("utf-8")
