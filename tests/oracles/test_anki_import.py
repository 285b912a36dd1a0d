"""What the real Anki exports is here what it is there."""

import json
import re
import time
from datetime import timedelta
from hashlib import sha256
from html import unescape

import pytest
from anki.collection import ExportAnkiPackageOptions
from sqlalchemy import delete

from quizapp import markup
from quizapp.clock import utcnow
from quizapp.config import local_time_zone
from quizapp.db import asides, reviews
from quizapp.db import notes as note_rows
from quizapp.db.histories import events
from quizapp.db.notes import NoteRow
from quizapp.domain.cards import CardKind, faces
from quizapp.domain.options import NewOrder, Options, ReviewOrder
from quizapp.domain.queues import Limits, NewPlace
from quizapp.domain.scheduling import DEFAULT_WEIGHTS, Phase, Steps
from quizapp.services import (
    accounts,
    browsing,
    checking,
    decks,
    importing,
    incoming_files,
    options,
    past,
    pictures,
    transfer,
)
from quizapp.services.notes import value
from quizapp.services.settings import study_plan
from tests import make
from tests.ingest.building import drawing
from tests.oracles.learner import Anki

ONE_OF_EACH = (
    make.draft(0, question="Which product is like the *iPhone 4*?", answer="Lobster"),
    make.cloze_draft("Lobster is like […], for everybody.", "the iPhone 4"),
    make.draft(
        1, kind=CardKind.CHOICE, question="Which product?", answer="Lobster", choices=("Crab", "Lobster", "Eel")
    ),
    make.draft(2, kind=CardKind.TRUE_FALSE, question="Lobster is for experts.", answer="False"),
    make.draft(3, kind=CardKind.LIST, question="Which layers are there?", answer="- Chips\n- Models"),
    make.draft(4, kind=CardKind.ORDER, question="What happens first?", answer="Page\nOpen\nWrite"),
)
DAY = 86_400
HISTORIES = {
    "new": [],
    "one step": [(0, 3)],
    "again": [(0, 3), (0, 1)],
    "learned": [(0, 3), (0, 3)],
    "easy": [(0, 4)],
    "reviews": [(0, 3), (0, 3), (3, 3), (12, 2), (30, 3), (70, 4)],
    "a lapse": [(0, 4), (9, 3), (25, 1), (0, 3), (2, 3)],
    "in a lapse": [(0, 4), (9, 3), (25, 1)],
}
FORMATS = {"present": False, "older": True}


@pytest.fixture
def anki(tmp_path):
    learner = Anki(tmp_path)
    learner.collection.set_config("fsrs", True)
    yield learner
    learner.collection.close()


@pytest.fixture
def owner(database):
    """A learner who lives where Anki does."""
    with database.writing() as session:
        return accounts.local_owner(session, time_zone=local_time_zone(), now=utcnow())


def add(anki, kind, *fields, deck="Default", tags=()):
    collection = anki.collection
    note = collection.new_note(collection.models.by_name(kind))
    note.fields = [*fields, *[""] * (len(note.fields) - len(fields))]
    note.tags = list(tags)
    collection.add_note(note, collection.decks.id(deck))
    return note


def study(anki, card_id, history):
    """Answer a card after waiting so many days each time; time passes by moving what was before into the past."""
    collection = anki.collection
    for days, grade in history:
        collection.db.execute("update revlog set id = id - ? where cid = ?", days * DAY * 1000, card_id)
        data = json.loads(collection.db.scalar("select data from cards where id = ?", card_id) or "{}")
        if "lrt" in data:
            data["lrt"] -= days * DAY
            collection.db.execute("update cards set data = ? where id = ?", json.dumps(data), card_id)
        card = collection.get_card(card_id)
        card.start_timer()
        states = collection._backend.get_scheduling_states(card_id)  # noqa: SLF001 - as its own reviewer does
        answer = collection.sched.build_answer(card=card, states=states, rating=grade - 1)
        collection.sched.answer_card(answer)
        time.sleep(0.002)  # a log entry is named by its millisecond


def export(anki, *, legacy=False):
    path = anki.folder / "out.apkg"
    options = ExportAnkiPackageOptions(with_scheduling=True, with_deck_configs=True, with_media=True, legacy=legacy)
    anki.collection.export_anki_package(out_path=str(path), options=options, limit=None)
    return path


def take_in(database, owner, path, *, now=None):
    now = now or utcnow()
    with database.reading() as session:
        presets = past.presets(session, owner)
    with incoming_files.opened(path, path.name, database.media, presets=presets, now=now) as cargo:
        incoming = [one for number in range(len(cargo)) for one in cargo.part(number)]
        with database.writing() as session:
            given = {"source": path.name, "into": "Imported", "besides": cargo.besides}
            return importing.store(session, owner, incoming, now=now, **given)


def faults(database):
    with database.reading() as session:
        return checking.check(session, now=utcnow()).faults


def remembered(session, owner):
    """What is remembered of each card, by its question, with how many events that follows from."""
    return {
        card.question: (
            reviews.memory(session, card_id=card.card_id, learner_id=owner.learner_id),
            len(events(session, owner.learner_id, [card.card_id])[card.card_id]),
        )
        for card in browsing.browse(session, owner, "", now=utcnow()).cards
    }


def said(html):
    """The words of HTML, however they are laid out."""
    text = unescape(re.sub(r"<(style|script).*?</\1>|<[^>]*>", " ", html, flags=re.DOTALL))
    return "".join(text.replace("[...]", "[…]").split())


@pytest.mark.parametrize("legacy", FORMATS.values(), ids=FORMATS)
def test_what_was_learned_in_anki_is_remembered_here(anki, database, owner, legacy):
    there = {name: add(anki, "Basic", name, f"Answer to {name}.").cards()[0].id for name in HISTORIES}
    for name, history in HISTORIES.items():
        study(anki, there[name], history)
    today = anki.collection.sched.today

    report = take_in(database, owner, export(anki, legacy=legacy))

    assert (report.added, report.reviews, report.skipped) == (len(HISTORIES), sum(map(len, HISTORIES.values())), ())
    with database.reading() as session:
        days, here = study_plan(session, owner).days, remembered(session, owner)
    assert here.keys() == there.keys()
    for name, (memory, count) in here.items():
        card = anki.collection.get_card(there[name])
        if not HISTORIES[name]:
            assert memory is None
            continue
        assert count - len(HISTORIES[name]) in {0, 1}  # at times Anki's own date, which it drew by lot
        assert memory.stability == pytest.approx(card.memory_state.stability, rel=1e-3)
        assert memory.difficulty == pytest.approx(card.memory_state.difficulty, rel=1e-3)
        assert memory.lapses == card.lapses
        if memory.phase is Phase.REVIEW:
            assert (days.between(utcnow(), memory.due), memory.interval.days) == (card.due - today, card.ivl)
    assert faults(database) == ()


def test_a_memory_that_its_grades_do_not_lead_to_is_brought_as_it_is(anki, database, owner):
    card_id = add(anki, "Basic", "Question", "Answer.").cards()[0].id
    study(anki, card_id, [(0, 4), (9, 3)])
    anki.collection.set_config("fsrs", True)
    anki.collection.db.execute("delete from revlog where id = (select min(id) from revlog)")
    data = json.loads(anki.collection.db.scalar("select data from cards")) | {"s": 77.5, "d": 3.25}
    anki.collection.db.execute("update cards set data = ?, due = due + 30, ivl = ivl + 30", json.dumps(data))
    path, card = export(anki), anki.collection.get_card(card_id)

    run = take_in(database, owner, path)
    again = take_in(database, owner, path)

    with database.reading() as session:
        ((memory, _),) = remembered(session, owner).values()
        days = study_plan(session, owner).days
    assert (memory.stability, memory.difficulty) == (77.5, 3.25)
    assert days.between(utcnow(), memory.due) == card.due - anki.collection.sched.today
    assert (run.reviews, again.reviews, again.changed) == (1, 0, False)
    assert faults(database) == ()


def test_reviews_that_were_given_since_are_added_and_taken_back_with_their_import(anki, database, owner):
    card_id = add(anki, "Basic", "Question", "Answer.").cards()[0].id
    study(anki, card_id, [(0, 4)])
    take_in(database, owner, export(anki))
    with database.reading() as session:
        before = remembered(session, owner)["Question"][0]
    study(anki, card_id, [(0, 3)])

    run = take_in(database, owner, export(anki))
    with database.reading() as session:
        after = remembered(session, owner)["Question"][0]
    assert (run.added, run.reviews, after.reviews) == (0, 1, 2)
    for _ in range(2):
        with database.writing() as session:
            importing.undo(session, owner, run.run_id, now=utcnow())
            assert remembered(session, owner)["Question"][0] == before
            importing.redo(session, owner, run.run_id, now=utcnow())
            assert remembered(session, owner)["Question"][0] == after
    with database.writing() as session:
        importing.undo(session, owner, run.run_id, now=utcnow())
    assert take_in(database, owner, export(anki)).reviews == 1
    assert faults(database) == ()


STOCK = {
    "Basic": ("What is <b>two</b> &amp; two?", "It&nbsp;is <i>four</i>.<div>Five &lt; six *not* _this_</div>"),
    "Basic (and reversed card)": ("cat", "die Katze"),
    "Basic (optional reversed card)": ("dog", "der Hund", "y"),
    "Basic (type in the answer)": ("1. Say $5 [now]", "- five"),
    "Cloze": ("A {{c1::<b>cell</b>}} has {{c2::a wall::what?}} and {{c1::a core}}.<ul><li>one</li></ul>", "More."),
}


@pytest.mark.parametrize("legacy", FORMATS.values(), ids=FORMATS)
@pytest.mark.parametrize("kind", STOCK)
def test_a_card_says_here_what_it_says_in_anki(anki, database, owner, kind, legacy):
    add(anki, kind, *STOCK[kind], deck="Größe::Ω 数::“x”", tags=("a::b", "ü"))
    there = {said(front): said(back) for _, front, back in anki.rendered()}

    report = take_in(database, owner, export(anki, legacy=legacy))

    assert report.decks == ("Größe::Ω 数::“x”",)
    with database.reading() as session:
        found = browsing.browse(session, owner, "", now=utcnow()).cards
        made = [note_rows.get(session, note_id) for note_id in sorted({card.note_id for card in found})]
        here = {
            said(str(markup.to_html(face.question))): said(str(markup.to_html(face.answer)))
            for row in made
            for face in faces(value(row))
        }
        assert set(note_rows.tags_of(session, [made[0].id])[made[0].id]) == {"a::b", "ü"}
        assert made[0].typed is (True if "type" in kind else None)
    assert here.keys() == {front.replace("[[type:Back]]", "").strip() for front in there}
    if kind != "Cloze":
        assert all(
            answer in back for answer, back in zip(here.values(), there.values(), strict=True) if "type" not in kind
        )


def test_suspended_and_flagged_cards_and_their_order_come_along(anki, database, owner):
    ids = [add(anki, "Basic", f"Question {n}", "Answer.").cards()[0].id for n in range(3)]
    anki.collection.sched.reposition_new_cards(ids[::-1], 1, 1, randomize=False, shift_existing=False)
    anki.collection.sched.suspend_cards(ids[1:2])
    anki.collection.set_user_flag_for_cards(3, ids[2:])

    take_in(database, owner, export(anki))

    with database.reading() as session:
        found = browsing.browse(session, owner, "", now=utcnow()).cards
        aside = {
            card.question: asides.of_cards(session, owner.learner_id, [card.card_id])[card.card_id] for card in found
        }
    assert {name: (one.suspended, one.flag) for name, one in aside.items()} == {
        "Question 0": (False, 0),
        "Question 1": (True, 0),
        "Question 2": (False, 3),
    }
    assert [card.question for card in sorted(found, key=lambda card: card.card_id)] == [
        f"Question {n}" for n in (2, 1, 0)
    ]


def test_a_card_in_a_filtered_deck_comes_into_its_own_with_its_own_date(anki, database, owner):
    card_id = add(anki, "Basic", "Question", "Answer.", deck="Home").cards()[0].id
    study(anki, card_id, [(0, 4)])
    due = anki.collection.get_card(card_id).due
    filtered = anki.collection.sched.get_or_create_filtered_deck(0)
    del filtered.config.search_terms[1:]
    filtered.config.search_terms[0].search = "deck:Home"
    anki.collection.sched.add_or_update_filtered_deck(filtered)
    assert anki.collection.get_card(card_id).odid

    path = anki.folder / "all.colpkg"
    anki.collection.export_collection_package(str(path), include_media=False, legacy=False)
    report = take_in(database, owner, path)

    with database.reading() as session:
        ((memory, _),) = remembered(session, owner).values()
        days = study_plan(session, owner).days
    assert report.decks == ("Home",)
    anki.collection.reopen()
    assert days.between(utcnow(), memory.due) == due - anki.collection.sched.today


@pytest.mark.parametrize("legacy", FORMATS.values(), ids=FORMATS)
def test_a_deck_is_studied_here_as_it_was_there(anki, database, owner, legacy):
    add(anki, "Basic", "Question", "Answer.", deck="Exam")
    add(anki, "Basic", "Another", "Answer.", deck="Usual")
    preset = anki.collection.decks.add_config("Hard")
    preset["desiredRetention"] = 0.85
    preset["new"] |= {"perDay": 7, "delays": [2.0, 30.0], "bury": True}
    preset["rev"] |= {"perDay": 99, "maxIvl": 500, "bury": True}
    preset["lapse"] |= {"delays": [], "leechFails": 4, "leechAction": 0}
    preset |= {"newMix": 2, "reviewOrder": 7}
    anki.collection.decks.update_config(preset)
    anki.collection.decks.set_config_id_for_deck_dict(anki.collection.decks.by_name("Exam"), preset["id"])

    take_in(database, owner, export(anki, legacy=legacy))

    with database.reading() as session:
        found = {
            deck.name: options.of_deck(session, owner, deck.id) for deck in decks.decks(session, owner, now=utcnow())
        }
    assert found["Usual"].chosen_for is None
    assert found["Exam"].options == Options(
        retention=0.85,
        limits=Limits(7, 99),
        steps=Steps((timedelta(minutes=2), timedelta(minutes=30)), ()),
        maximum_interval=timedelta(500),
        new_place=NewPlace.BEFORE,
        review_order=ReviewOrder.AT_RISK,
        apart=True,
        leech_after=4,
        leech_suspends=True,
    )


@pytest.mark.parametrize("legacy", FORMATS.values(), ids=FORMATS)
def test_what_a_deck_alone_wishes_counts_and_what_has_no_place_here_is_named(anki, database, owner, legacy):
    add(anki, "Basic", "Question", "Answer.", deck="Exam")
    add(anki, "Basic", "Another", "Answer.", deck="Usual")
    preset = anki.collection.decks.add_config("Hard")
    preset["fsrsParams6"] = [round(0.9 * one, 4) for one in DEFAULT_WEIGHTS]
    preset |= {"newGatherPriority": 4, "reviewOrder": 4, "easyDaysPercentages": [1, 1, 1, 1, 1, 0.5, 0]}
    anki.collection.decks.update_config(preset)
    deck = anki.collection.decks.by_name("Exam") | {"newLimit": 3, "reviewLimit": 44, "desiredRetention": 80}
    anki.collection.decks.save(deck)
    anki.collection.decks.set_config_id_for_deck_dict(anki.collection.decks.by_name("Exam"), preset["id"])

    report = take_in(database, owner, export(anki, legacy=legacy))

    with database.reading() as session:
        (exam,) = (one for one in decks.decks(session, owner, now=utcnow()) if one.name == "Exam")
        found = options.of_deck(session, owner, exam.id).options
    assert (found.limits, found.new_order, found.retention) == (Limits(3, 44), NewOrder.RANDOM, 0.8)
    assert [line.split(" ")[0] for line in report.adapted] == ["FSRS", "The", "Easy"]
    assert all("“Hard”" in line and "Default" not in line for line in report.adapted)


def test_pictures_and_sounds_come_along_and_stand_where_they_stood(anki, database, owner):
    png, mp3 = drawing.png(), b"ID3\x04\0\0\0\0\0\0" + b"\xff\xfb\x90\0" * 40
    picture = anki.collection.media.write_data("Größe 1.png", png)
    sound = anki.collection.media.write_data("ein Wort.mp3", mp3)
    add(anki, "Basic", f'Which bone?<br><img src="{picture}" alt="A leg">', f"The tibia. [sound:{sound}]")
    add(anki, "Basic", f'<img src="{picture}">', '<img src="gone.png">')

    report = take_in(database, owner, export(anki))

    with database.reading() as session:
        found = browsing.browse(session, owner, "", now=utcnow()).cards
        notes = [decks.note(session, owner, card.note_id) for card in found]
        held = {
            name: pictures.medium(session, owner, f"{sha256(data).hexdigest()}.{name}").data
            for name, data in (("png", png), ("mp3", mp3))
        }
    shown = f"media/{sha256(png).hexdigest()}.png"
    assert {note.question: note.answer for note in notes} == {
        f"Which bone?<br>\n![A leg]({shown})": f"The tibia. ![ein wort](media/{sha256(mp3).hexdigest()}.mp3)",
        f"![größe 1]({shown})": "gone",
    }
    assert held == {"png": png, "mp3": mp3}
    assert [line for line in report.adapted if "missing in the file" in line]
    assert faults(database) == ()


def test_what_went_to_anki_from_here_comes_back_as_the_kinds_that_it_was(anki, database, owner):
    now = utcnow() - timedelta(days=1)
    with database.writing() as session:
        ids = [make.note_in(session, owner, one, deck_name="Recto", now=now) for one in ONE_OF_EACH]
        before = [decks.note(session, owner, note_id) for note_id in ids]
        exported = transfer.export_deck(session, owner, before[0].deck_id, now=now)
    anki.take(exported)
    path = export(anki)
    same = take_in(database, owner, path)
    with database.writing() as session:
        session.execute(delete(NoteRow))

    afresh = take_in(database, owner, path)

    assert (same.changed, same.unchanged) == (False, len(ids))
    assert afresh.added == len(ids)
    with database.reading() as session:
        after = {
            said(str(markup.to_html(one.question))): one
            for card in browsing.browse(session, owner, "", now=utcnow()).cards
            for one in [decks.note(session, owner, card.note_id)]
        }
    for note in before:
        back = after[said(str(markup.to_html(note.question)))]
        assert (back.kind, back.answer, back.choices) == (note.kind, note.answer, note.choices)
        assert (back.source.quote, back.source.speaker) == (note.source.quote, note.source.speaker)
