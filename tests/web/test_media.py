"""Pictures and sounds of cards on pages: in sight, with words and a label, and nothing loaded from elsewhere."""

import re
from hashlib import sha256

import pytest

from quizapp.clock import utcnow
from quizapp.db.engine import media_of
from quizapp.domain.card_media import Medium
from quizapp.domain.cards import CardKind, Note
from quizapp.domain.incoming import Incoming
from quizapp.services import accounts, importing
from quizapp.services.arriving import Besides
from tests.ingest.building import drawing

PNG, MP3 = drawing.png(), b"ID3\x04" + bytes(range(200))
PICTURE, SOUND = (
    Medium(sha256(data).hexdigest(), media_type, len(data), name)
    for data, media_type, name in ((PNG, "image/png", "a.png"), (MP3, "audio/mpeg", "b.mp3"))
)
COVERS = (
    "{{c1::image-occlusion:rect:left=.1:top=.2:width=.3:height=.1:oi=1}}\n"
    "{{c2::image-occlusion:ellipse:left=.5:top=.2:rx=.1:ry=.05:oi=1}}\n"
    '{{c0::image-occlusion:text:left=0:top=0:text=<b>\\: "x"}}'
)
NOTES = (
    Note(CardKind.BASIC, f'Who?\n\n![A "cat"]({PICTURE.address})', f"This: ![<i>miau</i>]({SOUND.address})"),
    Note(CardKind.CLOZE, f"![A map]({PICTURE.address})\n{COVERS}"),
    Note(
        CardKind.CHOICE,
        "Which?",
        f"![miau]({SOUND.address})",
        (f"![miau]({SOUND.address})", f"![cat]({PICTURE.address})"),
    ),
)


@pytest.fixture
def cards(database):
    now = utcnow()
    with database.writing() as session:
        owner = accounts.local_owner(session, time_zone="UTC", now=now)
        for data in (PNG, MP3):
            media_of(session).put(data)
        incoming = [Incoming(note, guid=f"{number}") for number, note in enumerate(NOTES)]
        besides = Besides(media=(PICTURE, SOUND))
        importing.store(session, owner, incoming, source="a.apkg", into="Cats", besides=besides, now=now)


def test_a_picture_is_in_sight_and_a_sound_can_be_played(visitor, cards):
    front, back = visitor.visit("/study?card=1").html, visitor.visit("/study?card=1&show=1").html

    assert f'Who?<br>\n<img class="medium" src="/{PICTURE.address}" alt="A &quot;cat&quot;" loading="lazy">' in front
    assert (
        f'<audio class="medium" src="/{SOUND.address}" controls preload="none" aria-label="Sound: &lt;i&gt;miau&lt;/i&gt;"'
        in back
    )


def test_the_part_that_is_asked_is_covered_and_then_framed(visitor, cards):
    front, back = visitor.visit("/study?card=2").html, visitor.visit("/study?card=2&show=1").html

    assert '<rect class="asked" x="10.00%" y="20.00%" width="30.00%" height="10.00%"/>' in front
    assert '<ellipse class="beside" cx="60.00%" cy="25.00%" rx="10.00%" ry="5.00%"/>' in front
    assert '<rect class="told"' in back
    assert 'class="asked"' not in back
    assert back.count('class="covered"') == 1
    assert "&lt;b&gt;: &#34;x&#34;</text>" in front
    assert "Type it" not in front


def test_a_button_names_a_sound_that_it_cannot_play(visitor, cards):
    page = visitor.visit("/study?card=4").html

    (option,) = re.findall(r"<button[^>]*data-choice[^>]*>.*?♪ miau.*?</button>|♪ miau", page, re.DOTALL)[:1]
    assert "<audio" not in option


@pytest.mark.parametrize("path", ["/decks/1", "/cards?open=1", "/cards/1", "/cards/2", "/decks/1?edit=2"])
def test_other_pages_show_them_too(visitor, cards, path):
    page = visitor.visit(path)

    assert f'src="/{PICTURE.address}"' in page.html
    assert 'src="media/' not in page.html


def test_a_sound_is_handed_out_in_parts_and_may_do_nothing_by_itself(visitor, cards):
    answer = visitor.client.get(f"/{SOUND.address}", headers={"Range": "bytes=4-9"})

    assert (answer.status_code, answer.data) == (206, MP3[4:10])
    assert answer.headers["Content-Range"] == f"bytes 4-9/{len(MP3)}"
    assert answer.mimetype == "audio/mpeg"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert "immutable" in answer.headers["Cache-Control"]


@pytest.mark.parametrize("name", ["a" * 64 + ".png", f"{PICTURE.hash}.mp3", PICTURE.hash, "..%2Fx", "%00.png"])
def test_what_is_not_there_is_not_found(visitor, cards, name):
    assert visitor.client.get(f"/media/{name}").status_code == 404


def test_a_device_keeps_the_files_of_its_cards(visitor, cards):
    pack = visitor.client.get("/study/pack").json

    kept = {address for card in pack["cards"] for address in card["files"]}
    assert kept == {f"/{PICTURE.address}", f"/{SOUND.address}"}
