"""Files of other programs are looked at in a child, and stored as imports; decks leave and come back."""

from dataclasses import replace

import pytest

from quizapp.domain.cards import CardKind, Note
from quizapp.domain.incoming import Incoming
from quizapp.domain.permissions import Actor, LearnerId
from quizapp.errors import InvalidInput, NotFound
from quizapp.exchange import formats
from quizapp.exchange.cargo import Found
from quizapp.exchange.layout import Wishes
from quizapp.services import decks, importing, leaving, receiving
from quizapp.services.receiving import Look
from quizapp.translations import speaking
from tests.exchange.leaving import EVERY_KIND
from tests.make import NOW

TABLE = "Question;Answer;Deck;Quote;Speaker\nSkarn?;A light;Sea::Lights;Skarn is a light.;Lin Wei\nUlver?;Another;;;\nHolm?;;;;\n"


def look(text, filename="lights.csv"):
    return Look(*formats.read(text.encode(), filename, Wishes()))


def store(session, actor, looked, into="Sea"):
    return receiving.store(session, actor, looked, filename="lights.csv", into=into, now=NOW)


@pytest.mark.slow
def test_a_file_is_read_in_a_child_of_its_own():
    looked = receiving.look(TABLE.encode(), "lights.csv", Wishes())

    assert (looked.format.key, len(looked.found.notes)) == ("csv", 2)
    with pytest.raises(InvalidInput, match="is empty"):
        receiving.look(b"", "lights.csv", Wishes())


def test_what_a_file_brings_is_stored_reported_and_taken_back(session, owner):
    report = store(session, owner, look(TABLE))

    assert (report.added, report.decks, report.skipped[0].line) == (2, ("Sea", "Sea::Lights"), 4)
    assert store(session, owner, look(TABLE)).unchanged == 2

    importing.undo(session, owner, report.run_id, now=NOW)
    assert decks.decks(session, owner, now=NOW) == []


def test_a_file_without_a_card_stores_nothing(session, owner):
    with pytest.raises(InvalidInput, match="no card"):
        store(session, owner, Look(formats.TABLE, Found(())))

    assert importing.runs(session, owner) == []


@pytest.mark.parametrize("key", ["csv", "md", "json"])
def test_a_deck_that_leaves_and_comes_back_changes_nothing(session, owner, key):
    store(session, owner, look(TABLE))
    sea = next(deck for deck in decks.decks(session, owner, now=NOW) if deck.name == "Sea")

    exported, losses = leaving.export(session, owner, sea.id, formats.named(key))
    report = store(session, owner, look(exported.data.decode(), exported.filename))

    assert (exported.notes, report.unchanged, report.added, report.updated) == (2, 2, 0, 0)
    assert (losses == []) is (key != "md")


def test_what_was_changed_elsewhere_updates_the_card_that_has_the_id(session, owner):
    store(session, owner, look(TABLE))
    sea = next(deck for deck in decks.decks(session, owner, now=NOW) if deck.name == "Sea")
    exported, _ = leaving.export(session, owner, sea.id, formats.OWN)

    report = store(session, owner, look(exported.data.decode().replace("A light", "A lighthouse"), "sea.json"))

    assert (report.updated, report.unchanged) == (1, 1)


def test_formats_and_their_losses_are_offered_for_a_deck_and_a_long_one_is_left_to_the_command(
    session, owner, monkeypatch
):
    store(session, owner, look(TABLE))
    sea = next(deck for deck in decks.decks(session, owner, now=NOW) if deck.name == "Sea")

    offers = leaving.offers(session, owner, sea.id)
    assert [one.format for one in offers] == list(formats.FORMATS)
    assert all(one.losses for one in offers if one.format.key in {"tsv", "xlsx"})

    monkeypatch.setattr(leaving, "AT_ONCE", 1)
    assert leaving.offers(session, owner, sea.id) == []
    with pytest.raises(InvalidInput, match="quizapp export"):
        leaving.export(session, owner, sea.id, formats.OWN, at_most=1)


def test_what_is_offered_loses_what_its_file_does(session, owner):
    incoming = [Incoming(one, "Sea" if at % 2 else "Sea::Lights", f"id{at}") for at, one in enumerate(EVERYTHING)]
    importing.store(session, owner, incoming, source="x", into="Sea", now=NOW)
    store(session, owner, look(TABLE))
    sea = next(deck for deck in decks.decks(session, owner, now=NOW) if deck.name == "Sea")

    told = {one.format.key: one.losses for one in leaving.offers(session, owner, sea.id)}

    assert told == {chosen.key: leaving.export(session, owner, sea.id, chosen)[1] for chosen in formats.FORMATS}
    assert len(told["xlsx"]) > 5


def test_the_deck_of_somebody_else_does_not_leave(session, owner):
    store(session, owner, look(TABLE))

    with pytest.raises(NotFound):
        leaving.export(session, Actor(LearnerId(999)), 1, formats.OWN)


def test_a_choice_stays_a_choice(session, owner):
    report = store(session, owner, look("Which? {=Ulver ~Skarn}", "quiz.gift"))

    (note,) = decks.deck(session, owner, 1, now=NOW, page=1).notes
    assert (report.added, note.kind, note.choices) == (1, CardKind.CHOICE, ("Ulver", "Skarn"))


WHOLE = [
    Note(CardKind.CHOICE, "Which is *the* tallest?", "Ulver", ("Skarn", "Ulver", "Holm", "Vard", "Ness"), "Of all."),
    Note(CardKind.TRUE_FALSE, "Skarn is a light.", "True", explanation="It is."),
    Note(CardKind.LIST, "Which lights are there?", "Skarn\nUlver"),
    Note(CardKind.ORDER, "From south to north?", "Skarn\nUlver\nHolm", explanation="On the map."),
]


EVERYTHING = (
    *EVERY_KIND,
    *WHOLE,
    Note(CardKind.CHOICE, "Which one? " * 20, "Ulver", ("Skarn", "Ulver")),
    Note(CardKind.CHOICE, "Which of them?", "Ulver " * 20, ("Skarn", "Ulver " * 20)),
    Note(CardKind.BASIC, "Why there?", "Since a *rock* is there. " * 9),
    Note(CardKind.BASIC, "How does it look?", f"![So](media/{'a' * 64}.png)"),
)


@pytest.mark.parametrize("key", ["tsv", "txt", "gift", "xml", "xlsx"])
def test_a_format_that_cannot_say_all_of_a_card_takes_nothing_from_it(session, owner, key):
    is_named = key not in {"tsv", "xlsx"}  # without a name a card is known by the letters of its question
    notes = WHOLE if is_named else [replace(one, question=one.question.replace("*", "")) for one in WHOLE]
    incoming = [Incoming(one, "Sea", f"id{at}") for at, one in enumerate(notes)]
    importing.store(session, owner, incoming, source="x", into="Sea", now=NOW)
    sea = next(deck for deck in decks.decks(session, owner, now=NOW) if deck.name == "Sea")
    before = decks.deck(session, owner, sea.id, now=NOW, page=1).notes
    exported, _ = leaving.export(session, owner, sea.id, formats.named(key))

    looked = Look(*formats.read(exported.data, exported.filename, Wishes()))
    report = store(session, owner, looked)

    assert (report.added, report.updated, report.edited_here) == (0, 0, 0)
    assert any("simpler in this file" in one for one in report.adapted)
    assert decks.deck(session, owner, sea.id, now=NOW, page=1).notes == before


def test_a_plain_card_that_says_something_else_updates_the_choice(session, owner):
    importing.store(session, owner, [Incoming(WHOLE[0], "Sea", "id")], source="x", into="Sea", now=NOW)

    looked = look("#separator:tab\n#guid column:1\nid\tWhich is the tallest?\tHolm\n", "sea.txt")
    report = store(session, owner, looked)

    assert report.updated == 1


@pytest.mark.parametrize(
    "quiz", ["::a::Who? {=Ada =Li}", "::a::How many? {#5:1}", "::a::Which? {~%50%Skarn ~%50%Ulver ~Holm}"]
)
def test_the_same_quiz_in_another_language_changes_nothing(session, owner, quiz):
    store(session, owner, look(quiz, "quiz.gift"))

    with speaking("de"):
        report = store(session, owner, look(quiz, "quiz.gift"))

    assert (report.unchanged, report.updated, report.added) == (1, 0, 0)
