import re
from datetime import UTC, datetime
from hashlib import sha256

import pytest

from quizapp.anki import notetypes
from quizapp.anki.notetypes import FIELDS, note_type


def test_fields_and_ids_are_final():
    # People have these note types in their collections. Use a spare field: any other change gives them a second copy.
    tail = "Explanation Quote Speaker Place Document Link Id Spare1 Spare2 Spare3 Spare4"

    assert {name: (notetypes.IDS[name], " ".join(fields)) for name, fields in FIELDS.items()} == {
        "basic": (1688514207311, f"Question Answer Typed {tail}"),
        "cloze": (1688514207312, f"Text {tail}"),
        "choice": (1688514207313, f"Question Choices Answer {tail}"),
        "list": (1688514207314, f"Question Items Count {tail}"),
        "order": (1688514207315, f"Question Items Shuffled {tail}"),
        "occlusion": (
            1688514207316,
            "Occlusion Image Header Back Extra Comments Id Spare1 Spare2 Spare3 Spare4",
        ),
    }


def test_a_changed_look_comes_with_a_later_time():
    # Anki takes over templates that are newer than its own: give CHANGED the time of your change, then both to here.
    look = [(t["qfmt"], t["afmt"], note_type(name).css) for name in FIELDS for t in note_type(name).templates]

    assert (sha256(repr(look).encode()).hexdigest()[:16], notetypes.CHANGED) == (
        "8c16137996e526b2",
        datetime(2026, 11, 26, 17, tzinfo=UTC),
    )


@pytest.mark.parametrize("name", FIELDS)
def test_a_card_loads_nothing_from_elsewhere_and_names_only_its_own_fields(name):
    template = note_type(name).templates[0]
    sides = template["qfmt"] + template["afmt"]

    assert not re.search(r"https?:|src=|@import|url\(|<link|<!--", sides + note_type(name).css)
    named = {tag.lstrip("#^/").split(":")[-1] for tag in re.findall(r"\{\{(.*?)\}\}", sides)}
    assert named <= {*FIELDS[name], "Subdeck"}


@pytest.mark.parametrize("name", FIELDS)
def test_the_front_shows_no_source(name):
    front = note_type(name).templates[0]["qfmt"]

    assert not re.search(r"Quote|Speaker|Place|Document|Explanation", front)


@pytest.mark.parametrize("name", FIELDS)
def test_exporting_again_leaves_the_note_type_as_it_is(name):
    assert note_type(name).to_json(1.0, 5) == note_type(name).to_json(2.0, 6)
