"""Our own file carries everything: what leaves with it and comes into an empty library is the same deck."""

import json
from base64 import b64encode
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from random import Random
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from quizapp.db import card_media, learners, pictures
from quizapp.db import decks as deck_rows
from quizapp.db import options as deck_options
from quizapp.db.engine import media_of
from quizapp.db.notes import CardRow, NoteRow
from quizapp.db.pictures import StoredPicture
from quizapp.domain.card_media import Medium
from quizapp.domain.cards import CardKind, Note
from quizapp.domain.incoming import Incoming
from quizapp.domain.options import Options
from quizapp.domain.permissions import Actor, LearnerId
from quizapp.domain.queues import Limits
from quizapp.domain.scheduling import Grade
from quizapp.errors import InvalidInput, NotFound
from quizapp.exchange import formats, recto
from quizapp.exchange.layout import Wishes
from quizapp.ingest import media_kinds
from quizapp.services import card_actions, checking, importing, leaving, receiving, study
from quizapp.services import pictures as shown_pictures
from quizapp.services.card_actions import Press
from quizapp.services.receiving import Look
from quizapp.services.transfer import Contents
from tests.exchange.leaving import DECKS, EVERY_KIND, notes
from tests.ingest.building.drawing import png
from tests.make import NOW
from tests.services.studying import answer

LATER = NOW + timedelta(days=90)
FILES = {  # that card text can show, by its address
    Medium(sha256(data).hexdigest(), media_type, len(data), name): data
    for data, media_type, name in (
        (png(), "image/png", "the light.png"),
        (b"ID3\x04" + bytes(range(200)), "audio/mpeg", "horn.mp3"),
        (b"OggS" + bytes(90), "audio/ogg", "ünder/wäter.ogg"),
    )
}
PICTURE, HORN, WATER = FILES
ALL = Contents(progress=True)
UNSAID = {"modified", "document", "language"}  # what hangs on the library


def deck_of(session, owner, name="Lights"):
    return deck_rows.named(session, owner.learner_id, name).id


def left(session, owner, contents=ALL, name="Lights"):
    exported, _ = leaving.export(session, owner, deck_of(session, owner, name), formats.OWN, contents=contents)
    return exported.data


def arrive(session, owner, data, now=LATER):
    look = Look(*formats.read(data, "deck.json", Wishes()))
    return receiving.store(session, owner, look, filename="deck.json", into="Lights", now=now)


def lights(session, owner, *incoming):
    importing.store(session, owner, incoming, source="lights", into="Lights", now=NOW)
    return session.scalars(select(CardRow.id).order_by(CardRow.id)).all()


def said(data):
    """All that a file says of a deck, but for what hangs on the library."""
    body = json.loads(data)
    for note in body["notes"]:
        note.update(dict.fromkeys(UNSAID))
    return body


def shown(session, owner, *media):
    """Have files that the owner's cards can show."""
    for one in media:
        media_of(session).put(FILES[one])
    card_media.put(session, owner.learner_id, media)


def forgotten(session):
    """Be the library of somebody who has none of the files."""
    for one in FILES:
        media_of(session).path(one.hash).unlink(missing_ok=True)


def illustrated(note, media):
    """A note that shows these at the end of what it explains."""
    return replace(note, explanation="\n\n".join([note.explanation, *(f"![it]({one.address})" for one in media)]))


def plays(session, owner):
    """What each file of `FILES` that the owner has is, by its name; asked for as a page does."""
    found = {}
    for one in FILES:
        try:
            found[one.name] = shown_pictures.medium(session, owner, one.address.removeprefix("media/"))
        except NotFound:
            continue
    return found


ACTS = st.lists(
    st.tuples(st.integers(0, 30), st.sampled_from([*Grade, "undo", "known", "reset", "flag", "suspend"]), st.integers(1, 90_000)),
    max_size=14,
)  # fmt: skip


def act(session, owner, cards, acts):
    """Do to the cards what a learner might."""
    now, names = NOW, Random(len(acts))
    for number, (place, what, seconds) in enumerate(acts):
        now += timedelta(seconds=seconds)
        card, name = cards[place % len(cards)], UUID(int=names.getrandbits(128), version=4)
        match what:
            case Grade():
                answer(session, owner, card, what, at=now, review_id=name)
            case "undo":
                study.undo(session, owner, undo_id=name, now=now)
            case "known":
                card_actions.mark_known(session, owner, Press(name, card), now)
            case "reset":
                card_actions.reset(session, owner, Press(name, card), now)
            case "flag":
                card_actions.put_flag(session, owner, Press(name, card), 1 + number % 7, now)
            case _:
                card_actions.suspend_card(session, owner, Press(name, card), now)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25)
@given(
    found=st.lists(st.tuples(notes(), DECKS, st.lists(st.sampled_from([*FILES]), max_size=2)), min_size=1, max_size=3),
    acts=ACTS,
    new=st.integers(0, 50),
    turn=st.booleans(),
)
def test_a_deck_that_goes_into_an_empty_library_is_the_same_there(session, owner, found, acts, new, turn):
    incoming = [
        Incoming(illustrated(note, media), deck or "Lights", f"id{at}") for at, (note, deck, media) in enumerate(found)
    ]
    with session.begin_nested() as there:
        shown(session, owner, *FILES)
        cards = lights(session, owner, *incoming, Incoming(EVERY_KIND[1], "Lights", "cloze"))
        wish = Options(limits=Limits(new=new), retention=0.8 if turn else 0.9)
        deck_options.put(session, owner.learner_id, deck_of(session, owner), wish)
        act(session, owner, cards, acts)
        data = left(session, owner)
        there.rollback()
    session.expire_all()
    forgotten(session)

    with session.begin_nested() as here:
        report = arrive(session, owner, data)
        back = left(session, owner)
        again = arrive(session, owner, data)
        played = plays(session, owner)
        faults = checking.check(session, now=LATER).faults
        here.rollback()
    session.expire_all()

    assert said(back) == said(data)
    assert (report.skipped_count, report.adapted) == (0, ())
    told = {one for _, deck, media in found if deck != "A b::C" for one in media}
    assert {name: (one.data, one.media_type) for name, one in played.items()} == {
        one.name: (FILES[one], one.media_type) for one in told
    }
    assert (again.added, again.updated, again.reviews) == (0, 0, 0)
    assert faults == ()


def pictured(session, owner):
    """Let the first note show a picture."""
    data = png()
    picture = StoredPicture(media_of(session).put(data), len(data), "image/png", "Two lights", 120, 80, 0)
    row = session.scalars(select(NoteRow).order_by(NoteRow.id)).first()
    row.picture_id = pictures.loose(session, owner.learner_id, picture)
    session.flush()
    return data


def test_pictures_are_in_the_file(session, owner):
    lights(session, owner, Incoming(EVERY_KIND[0], "Lights", "a"))
    data = pictured(session, owner)

    found = recto.read(left(session, owner), Wishes())

    assert [(one.data, one.alt) for one in found.pictures.values()] == [(data, "Two lights")]
    assert found.notes[0].picture in found.pictures


def test_pictures_for_which_there_is_no_room_are_counted(session, owner, monkeypatch):
    monkeypatch.setattr(recto, "MAX_BYTES", 700)
    lights(session, owner, Incoming(EVERY_KIND[0], "Lights", "a"))
    pictured(session, owner)

    exported, _ = leaving.export(session, owner, deck_of(session, owner), formats.OWN)

    assert exported.problems[0].startswith("One picture or sound is missing, or would make this file larger")


def test_a_picture_that_cannot_be_shown_is_left_out_and_told(session, owner):
    lights(session, owner, Incoming(EVERY_KIND[0], "Lights", "a"))
    pictured(session, owner)
    body = json.loads(left(session, owner))
    for one in body["pictures"].values():
        one["data"] = "PHN2Zy8+"
    body["notes"][0]["id"] = "b"

    report = arrive(session, owner, json.dumps(body).encode())

    assert (report.added, report.adapted[0][:26]) == (1, "One picture was left out: ")


LOOKS = Note(CardKind.BASIC, f"What is ![it]({PICTURE.address})?", f"![A horn]({HORN.address})")


def test_pictures_and_sounds_of_text_are_in_the_file_once_and_no_others(session, owner):
    shown(session, owner, *FILES)
    lights(session, owner, Incoming(LOOKS, "Lights", "a"), Incoming(illustrated(LOOKS, [HORN]), "Lights", "b"))

    body = json.loads(left(session, owner))

    assert {address: one["name"] for address, one in body["media"].items()} == {
        PICTURE.address: "the light.png",
        HORN.address: "horn.mp3",
    }


def test_a_text_hands_out_no_file_that_its_owner_does_not_have(session, owner):
    guest = Actor(LearnerId(learners.add(session, name="Guest", time_zone="UTC", now=NOW)))
    shown(session, guest, *FILES)
    lights(session, owner, Incoming(LOOKS, "Lights", "a"))

    exported, _ = leaving.export(session, owner, deck_of(session, owner), formats.OWN)

    assert json.loads(exported.data)["media"] == {}
    assert exported.problems[0].startswith("2 pictures and sounds are missing, or would make this file larger")


def test_of_what_text_shows_as_much_is_in_the_file_as_there_is_room_for(session, owner, monkeypatch):
    shown(session, owner, *FILES)
    lights(session, owner, Incoming(LOOKS, "Lights", "a"))
    most = len(left(session, owner)) - 100
    monkeypatch.setattr(recto, "MAX_BYTES", most)

    exported, _ = leaving.export(session, owner, deck_of(session, owner), formats.OWN, contents=ALL)

    assert len(exported.data) <= most
    assert len(json.loads(exported.data)["media"]) == 1
    assert exported.problems[0].startswith("One picture or sound is missing, or would make this file larger")


def brought(session, owner, media, named=""):
    """Bring in a file that holds this, and whose text shows `FILES` and one of another name."""
    body = {"format": "recto-deck", "version": 2, "media": media}
    body["notes"] = [
        {"kind": "basic", "question": "What?", "answer": f"{illustrated(LOOKS, FILES).explanation} {named}"}
    ]
    return arrive(session, owner, json.dumps(body).encode())


def entry(data, name="x"):
    return {"name": name, "data": b64encode(data).decode()}


LEFT_OUT = (
    "One picture or sound of card text was left out: it is not what its address says, too large, or of another kind."
)
SCRIPT = b'<svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>'


@pytest.mark.parametrize(
    "entry_of_picture",
    [entry(b"ID3\x04"), entry(SCRIPT), entry(b""), entry(png(width=7)), entry(png() + bytes(20 << 10))],
)
def test_a_file_that_is_not_what_its_address_says_is_left_out_and_told(session, owner, entry_of_picture):
    report = brought(session, owner, {PICTURE.address: entry_of_picture, HORN.address: entry(FILES[HORN])})

    assert (report.added, report.adapted) == (1, (LEFT_OUT,))
    assert [*plays(session, owner)] == ["horn.mp3"]


@pytest.mark.parametrize(
    ("data", "suffix"),
    [
        (SCRIPT, "svg"),
        (b"<!doctype html><script>1</script>", "png"),
        (png()[:16] + b"\xff\0\0\0" * 2 + png()[24:], "png"),
        (png() + bytes(media_kinds.MOST_BYTES), "png"),
    ],
    ids=["a drawing that runs", "a page", "endless in sight", "endless in bytes"],
)
def test_a_file_that_cannot_be_shown_is_left_out_and_told(session, owner, data, suffix):
    address = f"media/{sha256(data).hexdigest()}.{suffix}"

    report = brought(session, owner, {address: entry(data)}, named=f"![it]({address})")

    assert (report.added, report.adapted) == (1, (LEFT_OUT,))
    assert card_media.of_owner(session, owner.learner_id) == {}
    assert not media_of(session).path(sha256(data).hexdigest()).exists()


@pytest.mark.parametrize("broken", [entry(png()) | {"data": "?"}, {"data": 7}, [], None, entry(png()) | {"name": 1}])
def test_a_file_that_cannot_be_read_is_left_out_and_told(session, owner, broken):
    report = brought(session, owner, {PICTURE.address: broken})

    assert report.added == 1
    assert report.adapted[0].startswith("The picture or sound “media/")
    assert plays(session, owner) == {}


@pytest.mark.parametrize(
    "media",
    [
        [],
        "x",
        {"https://example.org/a.png": entry(png())},
        {"../../etc/passwd": entry(png())},
        {f"media/{sha256(SCRIPT).hexdigest()}.svg": entry(SCRIPT)},
    ],
)
def test_what_no_text_shows_is_not_taken(session, owner, media):
    assert brought(session, owner, media).adapted == ()
    assert card_media.of_owner(session, owner.learner_id) == {}


def test_an_address_with_more_around_it_is_none(session, owner):
    address = f"https://example.org/{PICTURE.address}"

    assert brought(session, owner, {address: entry(png())}).adapted == (LEFT_OUT,)


def test_the_kind_in_the_address_is_that_of_the_content(session, owner):
    address = PICTURE.address.replace(".png", ".svg")

    assert brought(session, owner, {address: entry(png())}).adapted == (LEFT_OUT,)


@pytest.mark.parametrize(("name", "kept"), [("a\0\ud800", "a?"), ("x" * 999, "x" * 255), ("", PICTURE.address[6:])])
def test_a_file_is_called_as_can_be_stored(session, owner, name, kept):
    brought(session, owner, {PICTURE.address: entry(png(), name)})

    assert [one.name for one in card_media.of_owner(session, owner.learner_id).values()] == [kept]


def test_more_files_than_one_brings_are_told(session, owner, monkeypatch):
    monkeypatch.setattr(recto, "MAX_PICTURES", 1)

    report = brought(session, owner, {one.address: entry(data) for one, data in FILES.items()})

    assert report.adapted == ("2 pictures and sounds were left out: a file brings 1 at most.",)
    assert len(card_media.of_owner(session, owner.learner_id)) == 1


def studied(session, owner):
    (card,) = lights(session, owner, Incoming(EVERY_KIND[0], "Lights", "a"))
    answer(session, owner, card)
    return card


def test_without_progress_nothing_of_it_leaves(session, owner):
    studied(session, owner)

    body = json.loads(left(session, owner, Contents()))

    assert "decks" not in body
    assert "cards" not in body["notes"][0]


def test_without_the_text_of_documents_quotes_stay(session, owner):
    lights(session, owner, Incoming(EVERY_KIND[1], "Lights", "a"))

    body = json.loads(left(session, owner, Contents(source=False)))

    assert body["notes"][0]["source"] is None


def test_other_formats_refuse_to_carry_progress(session, owner):
    studied(session, owner)

    with pytest.raises(InvalidInput, match=r"\.apkg and \.json"):
        leaving.export(session, owner, deck_of(session, owner), formats.TABLE, contents=ALL)


def test_what_was_learned_elsewhere_is_added_once_and_taken_back_with_the_import(session, owner):
    card = studied(session, owner)
    with session.begin_nested() as elsewhere:
        answer(session, owner, card, at=NOW + timedelta(days=3), review_id=UUID(int=7, version=4))
        data = left(session, owner)
        elsewhere.rollback()
    session.expire_all()
    before = said(left(session, owner))

    report = arrive(session, owner, data)
    assert (report.reviews, arrive(session, owner, data).reviews) == (1, 0)
    assert said(left(session, owner)) == said(data)

    importing.undo(session, owner, report.run_id, now=LATER)
    assert said(left(session, owner)) == before
    assert arrive(session, owner, data).reviews == 1


def test_somebody_who_shares_the_library_takes_progress_over_as_their_own(session, owner):
    guest = Actor(LearnerId(learners.add(session, name="Guest", time_zone="UTC", now=NOW)))
    studied(session, owner)

    report = arrive(session, guest, left(session, owner))

    assert (report.added, report.reviews) == (1, 1)
    assert arrive(session, guest, left(session, owner)).reviews == 0
    assert checking.check(session, now=LATER).faults == ()


@pytest.mark.parametrize(
    "broken", [{"flag": 9}, {"memory": {}}, {"events": [{"id": "x"}]}, {"ordinal": -1}, {"suspended": 1}]
)
def test_progress_that_nobody_can_have_is_left_out_and_told(session, owner, broken):
    studied(session, owner)
    body = json.loads(left(session, owner))
    body["notes"][0]["cards"][0] |= broken
    body["notes"][0]["id"] = "b"

    report = arrive(session, owner, json.dumps(body).encode())

    assert (report.added, report.reviews) == (1, 0)
    assert report.adapted == ("What was learned of note 1 could not be read, so it comes in as new.",)


def test_answers_that_are_still_to_come_are_left_out(session, owner):
    studied(session, owner)
    body = json.loads(left(session, owner))
    body["notes"][0]["id"] = "b"

    report = arrive(session, owner, json.dumps(body).encode(), now=NOW - timedelta(days=2))

    assert (report.added, report.reviews) == (1, 0)
