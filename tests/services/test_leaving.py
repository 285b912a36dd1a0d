"""Our own file carries everything: what leaves with it and comes into an empty library is the same deck."""

import json
from datetime import timedelta
from random import Random
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from quizapp.db import decks as deck_rows
from quizapp.db import learners, pictures
from quizapp.db import options as deck_options
from quizapp.db.engine import media_of
from quizapp.db.notes import CardRow, NoteRow
from quizapp.db.pictures import StoredPicture
from quizapp.domain.incoming import Incoming
from quizapp.domain.options import Options
from quizapp.domain.permissions import Actor, LearnerId
from quizapp.domain.queues import Limits
from quizapp.domain.scheduling import Grade
from quizapp.errors import InvalidInput
from quizapp.exchange import formats, recto
from quizapp.exchange.layout import Wishes
from quizapp.services import card_actions, checking, importing, leaving, receiving, study
from quizapp.services.card_actions import Press
from quizapp.services.receiving import Look
from quizapp.services.transfer import Contents
from tests.exchange.leaving import DECKS, EVERY_KIND, notes
from tests.ingest.building.drawing import png
from tests.make import NOW
from tests.services.studying import answer

LATER = NOW + timedelta(days=90)
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
    found=st.lists(st.tuples(notes(), DECKS), min_size=1, max_size=3),
    acts=ACTS,
    new=st.integers(0, 50),
    turn=st.booleans(),
)
def test_a_deck_that_goes_into_an_empty_library_is_the_same_there(session, owner, found, acts, new, turn):
    incoming = [Incoming(note, deck or "Lights", f"id{at}") for at, (note, deck) in enumerate(found)]
    with session.begin_nested() as there:
        cards = lights(session, owner, *incoming, Incoming(EVERY_KIND[1], "Lights", "cloze"))
        wish = Options(limits=Limits(new=new), retention=0.8 if turn else 0.9)
        deck_options.put(session, owner.learner_id, deck_of(session, owner), wish)
        act(session, owner, cards, acts)
        data = left(session, owner)
        there.rollback()
    session.expire_all()

    with session.begin_nested() as here:
        report = arrive(session, owner, data)
        back = left(session, owner)
        again = arrive(session, owner, data)
        faults = checking.check(session, now=LATER).faults
        here.rollback()
    session.expire_all()

    assert said(back) == said(data)
    assert report.skipped_count == 0
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

    assert exported.problems[0].startswith("One picture is missing, or would make this file larger")


def test_a_picture_that_cannot_be_shown_is_left_out_and_told(session, owner):
    lights(session, owner, Incoming(EVERY_KIND[0], "Lights", "a"))
    pictured(session, owner)
    body = json.loads(left(session, owner))
    for one in body["pictures"].values():
        one["data"] = "PHN2Zy8+"
    body["notes"][0]["id"] = "b"

    report = arrive(session, owner, json.dumps(body).encode())

    assert (report.added, report.adapted[0][:26]) == (1, "One picture was left out: ")


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
