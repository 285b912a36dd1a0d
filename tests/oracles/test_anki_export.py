"""What the real Anki makes of our packages."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from quizapp.anki import notetypes
from quizapp.anki.export import AnkiDeck, AnkiNote, write
from quizapp.anki.fields import fields, file_name
from quizapp.domain.cards import CardKind, Illustration, Note, Source, faces
from tests.ingest.building import drawing
from tests.oracles.learner import Anki

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
WEEK = timedelta(days=7)
QUOTE = "Lobster is like the iPhone 4: it takes <agents> from experts & gives them to everybody."
SOURCE = Source(QUOTE, 0, len(QUOTE), "Deng Yafeng", "Agents", 4)
ONE_OF_EACH = (
    Note(CardKind.BASIC, "Which product is like the *iPhone 4*?", "Lobster", explanation="Said in **2026**."),
    Note(CardKind.CLOZE, "Lobster is like {{c1::the iPhone 4}}, for {{c2::everybody::whom?}}."),
    Note(CardKind.CHOICE, "Which product?", "Lobster", ("Crab", "Lobster", "`Squid`")),
    Note(CardKind.TRUE_FALSE, "Lobster is for experts.", "False"),
    Note(CardKind.LIST, "Which layers are there?", "- Chips\n- Models\n- Applications"),
    Note(CardKind.ORDER, "What happens first?", "Page\nOpen\nWrite"),
)


def anki_note(guid, note, *, deck="Conferences::Summit", modified=NOW - WEEK):
    note = replace(note, source=note.source or SOURCE, tags=note.tags or ("key point", "AI::agents"))
    return AnkiNote(guid, note, deck, modified, "Summit takeaways", "http://127.0.0.1:8000/library/1?a=1&b=2")


def deck_named(name, *notes):
    return AnkiDeck(name, notes, len(notes))


def deck_of(*notes, **more):
    return deck_named("Conferences", *(anki_note(f"G{n}", note, **more) for n, note in enumerate(notes)))


@pytest.fixture
def anki(tmp_path):
    learners = Anki(tmp_path)
    yield learners
    learners.collection.close()


@pytest.fixture(scope="module")
def shared_anki(tmp_path_factory):
    learners = Anki(tmp_path_factory.mktemp("anki"))
    yield learners
    learners.collection.close()


class Seen(HTMLParser):
    """The elements and the text that a browser finds in HTML."""

    def __init__(self, html):
        super().__init__()
        self.elements = []
        self.texts = []
        self.silent = False
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        self.silent = tag == "script"
        self.texts += "\n" if tag in {"div", "p", "li", "hr", "blockquote"} else ""

    def handle_endtag(self, tag):
        self.silent = False

    def handle_data(self, data):
        self.texts += "" if self.silent else data

    @property
    def text(self):
        return " ".join("".join(self.texts).split())


def test_every_note_arrives_with_its_fields_tags_and_deck(anki):
    deck = deck_of(*ONE_OF_EACH)

    log = anki.take(write(deck, now=NOW))

    assert log == {"new": 6}
    for sent in deck.notes:
        held = anki.note(sent.guid)
        wanted = fields(sent.note, guid=sent.guid, document_title=sent.document_title, link=sent.link)
        assert {name: value for name, value in held.items() if value} == wanted
        assert sorted(held.tags) == ["AI::agents", "key_point"]
        assert {anki.collection.decks.name(card.did) for card in held.cards()} == {"Conferences::Summit"}
        assert held.mod == int(sent.modified.timestamp())
    assert anki.collection.fix_integrity()[1]
    assert not anki.collection.get_empty_cards().notes


def test_the_cards_are_those_that_recto_asks(anki):
    deck = deck_of(*ONE_OF_EACH)

    anki.take(write(deck, now=NOW))

    for sent in deck.notes:
        assert [card.ord for card in anki.note(sent.guid).cards()] == list(range(len(faces(sent.note))))


def test_the_highest_number_of_a_gap_is_asked(anki):
    anki.take(write(deck_of(Note(CardKind.CLOZE, "{{c500::a}} {{c3::b}}")), now=NOW))

    assert [Seen(front).text for _, front, _ in anki.rendered()] == ["Summit a [...]", "Summit [...] b"]


def test_importing_again_changes_nothing(anki):
    anki.take(write(deck_of(*ONE_OF_EACH), now=NOW))
    before = anki.everything()

    log = anki.take(write(deck_of(*ONE_OF_EACH), now=NOW + WEEK))

    assert log == {"duplicate": 6}
    assert anki.everything() == before


def test_an_edited_note_updates_and_keeps_its_card(anki):
    anki.take(write(deck_of(*ONE_OF_EACH), now=NOW))
    card = anki.note("G0").cards()[0].id
    edited = deck_named("Conferences", anki_note("G0", replace(ONE_OF_EACH[0], answer="*Lobster*"), modified=NOW))

    log = anki.take(write(edited, now=NOW))

    assert log == {"updated": 1}
    assert anki.note("G0")["Answer"] == "<em>Lobster</em>"
    assert [held.id for held in anki.note("G0").cards()] == [card]
    assert anki.collection.note_count() == 6


def test_what_a_learner_edited_later_in_anki_stays(anki):
    anki.take(write(deck_of(*ONE_OF_EACH), now=NOW))
    held = anki.note("G0")
    held["Answer"] = "Mine"
    anki.collection.update_note(held)  # with today's time, after the change that we export

    log = anki.take(write(deck_of(replace(ONE_OF_EACH[0], answer="Ours"), modified=NOW - WEEK / 2), now=NOW))

    assert log == {"duplicate": 1}
    assert anki.note("G0")["Answer"] == "Mine"


def test_cards_stay_in_a_deck_that_a_learner_renamed_and_new_ones_come_to_ours(anki):
    anki.take(write(deck_of(ONE_OF_EACH[0]), now=NOW))
    anki.collection.decks.rename(anki.collection.decks.id_for_name("Conferences::Summit"), "Mine")

    anki.take(write(deck_of(*ONE_OF_EACH[:1], Note(CardKind.BASIC, "New?", "Yes")), now=NOW))

    decks = [anki.collection.decks.name(anki.note(guid).cards()[0].did) for guid in ("G0", "G1")]
    assert decks == ["Mine", "Conferences::Summit"]


def test_a_newer_look_arrives_without_touching_notes(anki, monkeypatch):
    anki.take(write(deck_of(*ONE_OF_EACH), now=NOW))
    notes = anki.everything()["notes"]
    monkeypatch.setattr(notetypes, "CHANGED", notetypes.CHANGED + WEEK)
    monkeypatch.setattr(notetypes.note_type("basic"), "css", ".card { color: red }")

    log = anki.take(write(deck_of(*ONE_OF_EACH), now=NOW))

    assert log == {"duplicate": 6}
    assert anki.note("G0").note_type()["css"] == ".card { color: red }"
    assert anki.everything()["notes"] == notes
    assert len([name for name in anki.collection.models.all_names() if name.startswith("Recto")]) == 5


@pytest.mark.parametrize(
    ("note", "fronts", "answers"),
    [
        pytest.param(ONE_OF_EACH[0], ["like the iPhone 4?"], ["Lobster"], id="basic"),
        pytest.param(
            ONE_OF_EACH[1],
            ["like [...], for everybody.", "like the iPhone 4, for [whom?]."],
            ["like the iPhone 4, for everybody."] * 2,
            id="cloze",
        ),
        pytest.param(ONE_OF_EACH[2], ["Which product? Crab Lobster Squid"], ["Crab Lobster Squid"], id="choice"),
        pytest.param(ONE_OF_EACH[3], ["for experts. True False"], ["True False"], id="true or false"),
        pytest.param(ONE_OF_EACH[4], ["Name all 3."], ["Chips Models Applications"], id="list"),
        pytest.param(ONE_OF_EACH[5], ["Put these in order: Open Page Write"], ["Page Open Write"], id="order"),
    ],
)
def test_a_card_shows_its_question_then_answer_and_source(anki, note, fronts, answers):
    anki.take(write(deck_of(note), now=NOW))

    for (_, front, back), question, answer in zip(anki.rendered(), fronts, answers, strict=True):
        asked, told = Seen(front).text, Seen(back).text
        assert question in asked
        assert "Deng Yafeng" not in asked
        assert answer in told
        assert told.endswith(f"{QUOTE} Deng Yafeng Summit takeaways Agents, page 4 see it on the page")


def test_the_back_of_a_choice_marks_the_right_one(anki):
    anki.take(write(deck_of(ONE_OF_EACH[2]), now=NOW))

    [(_, _, back)] = anki.rendered()

    assert '<div class="told"><ol class="choices"><li>Crab</li>\n<li class="right">Lobster</li>' in back


def test_a_learner_can_ask_to_type_the_answer(anki):
    anki.take(write(deck_of(ONE_OF_EACH[0]), now=NOW))
    held = anki.note("G0")
    held["Typed"] = "yes"
    anki.collection.update_note(held)

    [(_, front, back)] = anki.rendered()

    assert "[[type:Answer]]" in front
    assert "[[type:Answer]]" in back


def test_answers_that_are_typed_in_recto_are_asked_to_be_typed(anki):
    deck = deck_of(*ONE_OF_EACH)

    anki.take(write(replace(deck, notes=[replace(note, typed=True) for note in deck.notes]), now=NOW))

    asked = [("[[type:Answer]]" in front, "[[type:cloze:Text]]" in front) for _, front, _ in anki.rendered()]
    assert asked == [(True, False), (False, True), (False, True), *[(False, False)] * 4]
    told = [("[[type:Answer]]" in back, "[[type:cloze:Text]]" in back) for _, _, back in anki.rendered()]
    assert told == asked


def test_a_deck_names_whom_it_quotes(anki):
    anki.take(write(deck_of(ONE_OF_EACH[0]), now=NOW))

    described = Seen(anki.collection.decks.by_name("Conferences::Summit")["desc"])
    assert "quote: Summit takeaways" in described.text
    assert "http://127.0.0.1:8000/library/1?a=1&b=2" in described.text
    assert described.text.endswith("Deng Yafeng")


def test_without_source_text_nothing_of_it_is_in_the_package(anki):
    picture = Illustration(1, "f" * 64, "A pier", 120, 80, "image/png", 0)
    notes = [replace(one, picture=picture) for one in deck_of(*ONE_OF_EACH).notes]

    package = write(AnkiDeck("Conferences", notes, len(notes), with_source=False), now=NOW)
    anki.take(package)

    assert package.problems == ()
    for note in (anki.note(sent.guid) for sent in notes):
        assert (note["Quote"], note["Speaker"], note["Document"]) == ("", "Deng Yafeng", "Summit takeaways")
        assert note["Place"] == '<span class="page">page 4</span>'
        assert "<img" not in note.joined_fields()


def test_a_link_keeps_its_address(anki):
    anki.take(write(deck_of(ONE_OF_EACH[0]), now=NOW))

    [(_, _, back)] = anki.rendered()

    links = [attributes["href"] for tag, attributes in Seen(back).elements if tag == "a"]
    assert links == ["http://127.0.0.1:8000/library/1?a=1&b=2"]


HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<b onmouseover='alert(1)'>a</b>",
    "[a](javascript:alert(1)) <a href='javascript:alert(1)'>b</a>",
    "</div></article><style>*{display:none}</style><!--",
    "<iframe src='https://example.org'></iframe><svg onload=alert(1)>",
    "<div style='position:fixed'>a</div>",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_shown_and_does_nothing(anki, text):
    told = Source(text, 0, len(text), speaker=text, heading=text)
    notes = [
        Note(CardKind.BASIC, text, text, explanation=text, source=told),
        Note(CardKind.CLOZE, f"{{{{c1::{text}}}}} {text}", source=told),
        Note(CardKind.CHOICE, text, text, (text, "b"), source=told),
        Note(CardKind.LIST, text, text, source=told),
        Note(CardKind.ORDER, text, f"{text}\nb", source=told),
    ]
    package = write(deck_named(text, *(anki_note(f"G{n}", note, deck=text) for n, note in enumerate(notes))), now=NOW)
    ours = {"article", "header", "div", "p", "span", "b", "a", "hr", "blockquote", "br", "mark", "ol", "ul", "li"}

    anki.take(package)

    for _, front, back in anki.rendered():
        for html in (front, back):
            seen = Seen(html)
            # The one script is the shuffle of a choice card.
            assert {tag for tag, _ in seen.elements} <= ours | {"script"}
            assert sum(tag == "script" for tag, _ in seen.elements) == html.count("// Another order every day")
            assert not any(name.startswith("on") or name == "style" for _, found in seen.elements for name in found)
            assert not any("javascript" in (found.get("href") or "") for _, found in seen.elements)


@pytest.mark.parametrize(
    "text",
    [
        *["[sound:a.mp3]", "[anki:tts lang=en_US]a[/anki:tts]", "[anki:play:q:0]", "[latex]a[/latex]", "`[$]a[/$]`"],
        *["{{Answer}}", "{{#Answer}}", "{{FrontSide}}", "{{c1::a}}", "{{cloze:Question}}", "[[type:Answer]]", "a\x1fb"],
    ],
)
def test_text_in_ankis_own_language_stays_text(anki, text):
    anki.take(write(deck_of(Note(CardKind.BASIC, f"What is {text}?", "A")), now=NOW))

    [(card, front, _)] = anki.rendered()

    assert f"What is {text.strip('`')}?".replace("\x1f", "\ufffd") in Seen(front).text
    assert not card.question_av_tags()


@pytest.mark.parametrize(
    "name", ['He said "no"', "A::B::C", "🦞::漢字", "Default", "ß", "a:b", "x" * 300, "*", "&lt;", "_"]
)
def test_decks_arrive_under_their_name(anki, name):
    anki.take(write(deck_named(name, anki_note("G0", ONE_OF_EACH[0], deck=name)), now=NOW))

    assert anki.collection.decks.name(anki.note("G0").cards()[0].did) == name
    assert anki.collection.fix_integrity()[1]


def test_a_deck_without_notes_imports_as_nothing(anki):
    assert anki.take(write(deck_named("Empty"), now=NOW)) == {}
    assert anki.collection.fix_integrity()[1]


@pytest.mark.slow
def test_a_thousand_notes_arrive_in_order(anki):
    notes = [Note(CardKind.BASIC, f"Question {n}?", f"Answer {n}") for n in range(1_000)]

    log = anki.take(write(deck_of(*notes), now=NOW))

    assert log == {"new": 1_000}
    order = "select n.sfld from cards c join notes n on n.id = c.nid order by c.due"
    assert anki.collection.db.list(order) == [note.question for note in notes]
    assert anki.collection.fix_integrity()[1]


PIECES = ["Lobster", " ", "\n", "*", "**", "_", "`", "$", "<", ">", "&", "&#125;", "{{c1::", "{{c2::", "::", "}}", "{{"]
PIECES += ["- ", "\n\n", "[", "](b)", "<b>", "</b>", "é", "e\u0301", "\x1f", "\ud800", "[sound:", "\\", "|", "{{c1,2::"]
card_texts = st.one_of(st.lists(st.sampled_from(PIECES), max_size=12).map("".join), st.text(max_size=40))
any_notes = st.builds(
    Note,
    st.sampled_from(CardKind),
    card_texts,
    card_texts,
    st.lists(card_texts, max_size=3).map(tuple),
    card_texts,
    st.one_of(st.none(), st.builds(Source, card_texts, st.just(0), st.just(1), card_texts, card_texts)),
    st.lists(card_texts, max_size=2).map(tuple),
)


@pytest.mark.slow
@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(any_notes, min_size=1, max_size=6))
@example([Note(CardKind.BASIC, "Who?", "Me", source=Source("0", 0, 1, "\ud800"))])
def test_a_note_is_either_in_anki_as_it_was_or_named_as_a_problem(shared_anki, notes):
    batch = shared_anki.collection.note_count()
    deck = deck_named(
        "Any", *(anki_note(f"{batch} {n} of {len(notes)}", note, deck="Any") for n, note in enumerate(notes))
    )

    package = write(deck, now=NOW)
    shared_anki.take(package)

    left_out = {int(problem.removeprefix("Note ").split()[0].rstrip(",")) for problem in package.problems}
    assert package.notes + len(left_out) == len(notes)
    for number, sent in enumerate(deck.notes, start=1):
        if number in left_out:
            continue
        held = shared_anki.note(sent.guid)
        wanted = fields(sent.note, guid=sent.guid, document_title=sent.document_title, link=sent.link)
        assert {name: value for name, value in held.items() if value} == wanted
        first = 1 if sent.note.kind is CardKind.CLOZE else 0
        assert [card.ord + first for card in held.cards()] == [face.ordinal for face in faces(sent.note)]
        for card in held.cards():
            shown = card.render_output()
            assert Seen(shown.question_text).text
            assert Seen(shown.answer_text).text


@pytest.mark.slow
def test_anki_finds_nothing_to_repair_after_any_of_them(shared_anki):
    assert shared_anki.collection.fix_integrity()[1]
    assert not shared_anki.collection.get_empty_cards().notes


def test_a_picture_arrives_with_its_cards(anki):
    data = drawing.png()
    shown = Illustration(1, sha256(data).hexdigest(), 'A "pier" [sound:x.mp3]', 120, 80, "image/png", 0)
    notes = [replace(one, picture=shown) for one in deck_of(*ONE_OF_EACH).notes]

    anki.take(write(AnkiDeck("Conferences", notes, len(notes), {shown.name: data}.__getitem__), now=NOW))

    assert (Path(anki.collection.media.dir()) / file_name(shown)).read_bytes() == data
    assert anki.collection.media.check().missing == []
    for _, front, back in anki.rendered():
        images = [attributes for tag, attributes in Seen(back).elements if tag == "img"]
        assert [(one["src"], one["alt"]) for one in images] == [(file_name(shown), shown.alt)]
        assert "<img" not in front
