"""Pictures and sounds in card text: whose they are, how long they stay, and what goes with them."""

from datetime import timedelta
from hashlib import sha256
from io import BytesIO
from json import loads
from uuid import uuid4
from zipfile import ZipFile

import pytest

from quizapp.db import card_media, files
from quizapp.db.engine import media_of
from quizapp.db.quizzes import MadeFrom
from quizapp.domain.card_media import Medium
from quizapp.domain.cards import CardKind, Note
from quizapp.domain.incoming import Incoming
from quizapp.domain.permissions import Actor, LearnerId
from quizapp.errors import NotFound
from quizapp.exchange.formats import FORMATS, TEXT_AS_IT_IS
from quizapp.services import (
    assignments,
    attempting,
    browsing,
    checking,
    decks,
    importing,
    leaving,
    pictures,
    quizzes,
    transfer,
    trash,
)
from quizapp.services.arriving import Besides
from tests.ingest.building import drawing
from tests.make import NOW
from tests.services.assigning import a_team, assign, begin
from tests.services.quizzing import BERTH, deck

PNG, MP3 = drawing.png(), b"ID3\x04 a sound"
NAMES = {PNG: "a cat.png", MP3: "miau & more.mp3"}
DAY = timedelta(days=1)


def medium(data, media_type):
    return Medium(sha256(data).hexdigest(), media_type, len(data), NAMES[data])


PICTURE, SOUND = medium(PNG, "image/png"), medium(MP3, "audio/mpeg")
COVERED = f"![A map]({PICTURE.address})\n{{{{c1::image-occlusion:rect:left=.1:top=.2:width=.3:height=.1}}}}"


def shown(session, owner, *notes, now=NOW):
    """Bring notes in, with the two files among the media."""
    for data in (PNG, MP3):
        media_of(session).put(data)
    incoming = [Incoming(note, guid=f"{number}") for number, note in enumerate(notes)]
    besides = Besides(media=(PICTURE, SOUND))
    return importing.store(session, owner, incoming, source="a.apkg", into="Cats", besides=besides, now=now)


@pytest.fixture
def cat(session, owner):
    note = Note(CardKind.BASIC, f"Who is this?<br>\n![A cat]({PICTURE.address})", f"Miau ![miau]({SOUND.address})")
    return shown(session, owner, note)


def test_a_file_is_shown_to_whom_it_belongs_under_its_own_name_alone(session, owner, cat):
    name = PICTURE.address.removeprefix("media/")

    assert pictures.medium(session, owner, name).data == PNG
    for actor, asked in ((Actor(LearnerId(99)), name), (owner, PICTURE.hash), (owner, f"{PICTURE.hash}.mp3")):
        with pytest.raises(NotFound):
            pictures.medium(session, actor, asked)


def test_a_file_stays_while_any_text_names_it_and_thirty_days_longer(session, owner):
    shown(
        session,
        owner,
        Note(CardKind.BASIC, f"Who?\n\n![A cat]({PICTURE.address})", "A cat"),
        Note(CardKind.BASIC, "How does it sound?", f"![miau]({SOUND.address})"),
    )
    cards = {card.question: card for card in browsing.browse(session, owner, "", now=NOW).cards}
    card = cards[f"Who?\n\n![A cat]({PICTURE.address})"]
    decks.edit_note(session, owner, card.note_id, question="Who?", answer="A cat", now=NOW + DAY)
    trash.empty(session, now=NOW + 90 * DAY)
    assert PICTURE.hash in files.named(session)  # an earlier wording names it, to which the card can go back
    decks.delete_note(session, owner, card.note_id, now=NOW + 90 * DAY)

    trash.empty(session, now=NOW + 121 * DAY)
    assert PICTURE.hash in files.named(session)
    trash.empty(session, now=NOW + 152 * DAY)

    assert PICTURE.hash not in files.named(session)
    assert SOUND.hash in files.named(session)
    assert checking.check(session, now=NOW).faults == ()


def test_a_file_that_an_import_brings_again_counts_anew(session, owner, cat):
    importing.undo(session, owner, cat.run_id, now=NOW)
    trash.empty(session, now=NOW + 31 * DAY)
    trash.empty(session, now=NOW + 32 * DAY)
    card_media.put(session, owner.learner_id, [PICTURE])

    trash.empty(session, now=NOW + 63 * DAY)

    assert PICTURE.hash in files.named(session)


def test_they_go_to_anki_under_their_names(session, owner, cat):
    (deck,) = decks.decks(session, owner, now=NOW)

    package = transfer.export_deck(session, owner, deck.id, now=NOW)

    with ZipFile(BytesIO(package.data)) as archive:
        names = loads(archive.read("media"))
        assert {name: archive.read(number) for number, name in names.items()} == {
            "a cat.png": PNG,
            "miau & more.mp3": MP3,
        }
        collection = archive.read("collection.anki2").decode("utf-8", "replace")
    assert '<img src="a cat.png" alt="A cat">' in collection
    assert "[sound:miau &amp; more.mp3]" in collection


def test_what_is_only_seen_or_heard_is_not_asked_in_words(session, owner):
    shown(
        session,
        owner,
        Note(CardKind.BASIC, "How does it sound?", f"![miau]({SOUND.address})"),
        Note(CardKind.CLOZE, f"The map\n\n{COVERED}"),
        Note(CardKind.BASIC, "What does it say?", f"Miau ![miau]({SOUND.address})"),
    )

    asked = quizzes._askables(  # noqa: SLF001 - what a quiz is made from
        session, [card.card_id for card in browsing.browse(session, owner, "", now=NOW).cards]
    )
    assert sorted(card.right for _, card in asked.values()) == [("",), ("",), ("Miau",)]


def test_other_programs_are_told_what_they_do_not_get(session, owner, cat):
    choice = Note(CardKind.CHOICE, f"Who? ![]({PICTURE.address})", "A cat", ("A cat", "A dog"))
    shown(session, owner, choice, Note(CardKind.CLOZE, COVERED))
    (deck,) = decks.decks(session, owner, now=NOW)

    for chosen in FORMATS:
        exported, losses = leaving.export(session, owner, deck.id, chosen)
        stays = any("covers parts of a picture" in line for line in losses)
        assert stays is (chosen not in TEXT_AS_IT_IS)
        assert chosen in TEXT_AS_IT_IS or b"media/" not in exported.data


def test_a_search_finds_the_words_of_a_picture_and_not_its_address(session, owner, cat):
    assert len(browsing.browse(session, owner, "cat", now=NOW).cards) == 1
    assert len(browsing.browse(session, owner, PICTURE.hash, now=NOW).cards) == 0


@pytest.fixture
def team(session):
    """A team that assigns a question with the picture, while its library has the sound in another deck."""
    team = a_team(session, {**BERTH, "question": f"Who is ![a cat]({PICTURE.address})?", "answer": "Tom, a grey cat"})
    shown(session, team.library, Note(CardKind.BASIC, "How does it sound?", f"![miau]({SOUND.address})"))
    assignments.put_link(session, team.trainer, assign(session, team), "a-token", now=NOW)
    return team


def name_of(one):
    return one.address.removeprefix("media/")


def arrived(session, token="a-token"):
    """A guest who has begun."""
    key = uuid4()
    attempting.begin_as_guest(session, token, key, "Gus", seed=1, now=NOW)
    return attempting.as_guest(session, token, key)[0]


def test_a_guest_who_has_not_begun_gets_nothing_of_what_is_asked(session, team):
    guest = attempting.as_guest(session, "a-token", uuid4())[0]

    with pytest.raises(NotFound):
        pictures.medium_of_link(session, guest, "a-token", name_of(PICTURE))


def test_a_guest_has_what_the_questions_that_they_were_asked_show_and_nothing_else(session, team):
    guest = arrived(session)

    assert pictures.medium_of_link(session, guest, "a-token", name_of(PICTURE)).data == PNG
    for asked in (
        name_of(SOUND),
        PICTURE.hash,
        f"{PICTURE.hash}.gif",
        f"{PICTURE.hash}.pn",
        "",
        "%",
        "_" * 64 + ".png",
    ):
        with pytest.raises(NotFound):
            pictures.medium_of_link(session, guest, "a-token", asked)
    with pytest.raises(NotFound):
        pictures.medium(session, guest, name_of(PICTURE))


def test_a_link_gives_nothing_of_another_assignment_or_to_who_did_not_come_by_it(session, team):
    lights = deck(session, team.library, {**BERTH, "question": "What is a light?"}, name="Lights")
    other = assign(session, team, material=quizzes.Wish(MadeFrom.DECK, lights))
    assignments.put_link(session, team.trainer, other, "another", now=NOW)
    guest = arrived(session, "another")

    for actor, token in ((guest, "another"), (guest, "none"), (team.stranger, "a-token")):
        with pytest.raises(NotFound):
            pictures.medium_of_link(session, actor, token, name_of(PICTURE))


def test_a_member_who_answers_has_it_as_their_own(session, team):
    begin(session, team.mina, 1)

    assert pictures.medium(session, team.mina, name_of(PICTURE)).data == PNG


def test_a_guest_hears_the_sound_of_an_answer(session):
    here = f"![miau]({SOUND.address})"
    team = a_team(session, {**BERTH, "answer": f"A place {here}"})
    shown(session, team.library)
    assignments.put_link(session, team.trainer, assign(session, team), "a-token", now=NOW)
    guest = arrived(session)

    assert pictures.medium_of_link(session, guest, "a-token", name_of(SOUND)).media_type == "audio/mpeg"
