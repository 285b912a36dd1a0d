"""Anki's own export goes to Recto and back to another Anki: every card says, is and knows what it did."""

import contextlib
import random
import tempfile
from html import escape
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from quizapp.clock import utcnow
from quizapp.config import beside, local_time_zone
from quizapp.db.engine import Database
from quizapp.db.upgrade import upgrade
from quizapp.services import accounts, decks, transfer
from quizapp.services.transfer import Contents
from tests.ingest.building import drawing
from tests.oracles import round_trip
from tests.oracles.learner import Anki
from tests.oracles.test_anki_import import add, anki, export, owner, study, take_in

__all__ = ("anki", "owner")
pytestmark = pytest.mark.slow
WITH_PROGRESS = {"with_scheduling": True, "with_deck_configs": True}
MP3 = b"ID3\x04\0\0\0\0\0\0" + b"\xff\xfb\x90\0" * 40
COVERS = (
    "{{c1::image-occlusion:rect:left=.1:top=.2:width=.3:height=.1:oi=1}}<br>"
    "{{c2::image-occlusion:ellipse:left=.5:top=.2:rx=.1:ry=.05:oi=1}}<br>"
    "{{c0::image-occlusion:text:left=.1:top=.8:text=A &lt;b&gt;\\: c:scale=1:fs=.05}}<br>"
    "{{c2::image-occlusion:polygon:left=.1:top=.2:points=.1,.2 .3,.4 .1,.4:angle=1250:oi=1}}"
)


def back_in_anki(database, owner, folder):
    """Return an Anki that has everything which the learner has here."""
    other = Anki(folder)
    other.collection.set_config("fsrs", True)
    with database.reading() as session:
        there = decks.decks(session, owner, now=utcnow())
        names = {one.name for one in there}
        for root in there:
            if any(root.name.startswith(f"{name}::") for name in names):
                continue
            package = transfer.export_deck(session, owner, root.id, now=utcnow(), contents=Contents(progress=True))
            assert not package.problems
            other.take(package, **WITH_PROGRESS)
    return other


def there_and_back(anki, database, owner, tmp_path):
    report = take_in(database, owner, export(anki))
    assert not report.skipped
    (tmp_path / "back").mkdir()
    other = back_in_anki(database, owner, tmp_path / "back")
    found = round_trip.cards(anki.collection), round_trip.cards(other.collection)
    other.collection.close()
    return found


def assert_same(before, after):
    if different := sorted(round_trip.differences(before, after)):
        pytest.fail("\n".join(different))


def fill(anki):
    """Add notes of every stock type, with media under odd names, in odd decks."""
    media = anki.collection.media
    one = media.write_data("Größe 1 (a'b) 100%.png", drawing.png())
    two = media.write_data("two#2.png", drawing.png(90, 70))
    sound = media.write_data("ein Wort & mehr.mp3", MP3)
    add(
        anki,
        "Basic",
        f'<div>Which <b>bone</b>?</div><div><img src="{one}"></div>then<img src="{two}" alt="a &lt; leg">',
        "The *tibia*",
        tags=("a::b",),
    )
    add(anki, "Basic", f'<img src="{one}">', f"[sound:{sound.replace('&', '&amp;')}]", deck="Welt::Größe")
    add(
        anki,
        "Basic (and reversed card)",
        f"cat [sound:{sound}]",
        f'die Katze<br><img src="{two}">',
        deck="Welt::Größe::“x” y",
    )
    add(
        anki,
        "Basic (optional reversed card)",
        "dog &amp; <i>cat</i>",
        "der Hund<ul><li>one</li><li>two</li></ul>",
        "y",
        tags=("ü", "leech"),
    )
    add(anki, "Basic (type in the answer)", "1. Say $5 [now]", "- five")
    add(
        anki,
        "Cloze",
        f'A {{{{c1::<b>cell</b>}}}} has {{{{c2::a wall::what?}}}} <img src="{one}"> and {{{{c1::[sound:{sound}]}}}}.',
        f'More.<img src="{two}">',
    )
    add(anki, "Cloze", r"The sum \(x_{1} &lt; 2\) is {{c3::\(\frac{1}{2}\)}}", "")
    add(anki, "Image Occlusion", COVERS, f'<img src="{one}">', "The <b>head</b>", f"See [sound:{sound}]", deck="Bilder")
    add(anki, "Image Occlusion", COVERS.replace(":oi=1", ""), f'<img src="{two}">', "", "", deck="Bilder")


def test_notes_of_every_stock_type_say_the_same(anki, database, owner, tmp_path):
    fill(anki)

    before, after = there_and_back(anki, database, owner, tmp_path)

    assert_same(before, after)


def test_what_was_learned_stays(anki, database, owner, tmp_path):
    fill(anki)
    dice = random.Random(4)
    ids = list(anki.collection.find_cards(""))
    for card_id in ids[::2]:
        study(
            anki,
            card_id,
            [(dice.choice([0, 1, 3, 9]), dice.choice([1, 3, 3, 3, 4])) for _ in range(dice.randint(1, 5))],
        )
    anki.collection.sched.suspend_cards(ids[3:5])
    anki.collection.set_user_flag_for_cards(3, ids[2:4])

    before, after = there_and_back(anki, database, owner, tmp_path)

    assert_same(before, after)


WORDS = st.text(
    st.sampled_from("ab 1.-+*_`#>~|$\\!;:=\"'()äß数") | st.characters(codec="utf-8", exclude_categories=["C", "Z"]),
    min_size=1,
    max_size=12,
).map(lambda text: escape(text, quote=False))
PHRASE = st.recursive(
    WORDS | st.sampled_from(["<br>", "&nbsp;", '<img src="one.png">', "[sound:one.mp3]", r"\(x^2\)"]),
    lambda inner: (
        st.lists(inner, min_size=1, max_size=3).map("".join)
        | st.tuples(st.sampled_from(["b", "i", "u", "sub", "span"]), inner).map("<{0[0]}>{0[1]}</{0[0]}>".format)
    ),
    max_leaves=4,
)
HTML = st.lists(
    PHRASE | PHRASE.map("<div>{}</div>".format) | PHRASE.map("<ul><li>{}</li><li>x</li></ul>".format),
    min_size=1,
    max_size=3,
).map("".join)
NOTES = st.lists(
    st.tuples(st.sampled_from(["Basic", "Basic (and reversed card)", "Cloze"]), HTML, HTML), min_size=6, max_size=12
)


# Each example is two collections of Anki's, so none is made smaller: the differences are told one by one.
@settings(max_examples=4, deadline=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
@given(notes=NOTES)
def test_whatever_notes_say_they_say_the_same(notes):
    with tempfile.TemporaryDirectory() as place, contextlib.ExitStack() as closing:
        folder = Path(place)
        anki = Anki(folder)
        closing.callback(anki.collection.close)
        anki.collection.set_config("fsrs", True)
        anki.collection.media.write_data("one.png", drawing.png())
        anki.collection.media.write_data("one.mp3", MP3)
        for number, (kind, front, back) in enumerate(notes):
            gap = f"{{{{c1::{number}}}}}" if kind == "Cloze" else str(number)
            add(anki, kind, f"{front}<div>{gap}</div>", f"{back}<div>{number}</div>")
        database = Database(f"sqlite:///{folder / 'recto.db'}")
        upgrade(database, scripts=beside("migrations"), now=utcnow())
        with database.writing() as session:
            learner = accounts.local_owner(session, time_zone=local_time_zone(), now=utcnow())

        before, after = there_and_back(anki, database, learner, folder)

        assert_same(before, after)
