import json

import pytest

from quizapp.config import beside
from quizapp.fetch import Fetched
from quizapp.services import fetching
from quizapp.services.reading import draft_cards
from tests import make

pytestmark = pytest.mark.slow

NOTES = b"""# Takeaways

## Deng Yafeng, founder of Example Labs

- Deng Yafeng compared Lobster to the iPhone 4: nobody waited for it, and everybody wanted one.
- A bottleneck refers to the slowest part of a system.
"""
SAMPLE = beside("seeds") / "summit-takeaways.txt"


@pytest.fixture(scope="module")
def plain():
    """The ids of the cards that the notes make."""
    return [draft.id for draft in draft_cards(NOTES, "notes.md").drafts]


@pytest.fixture
def notes(tmp_path):
    (tmp_path / "notes.md").write_bytes(NOTES)
    return tmp_path / "notes.md"


def test_cards_prints_one_object_and_stores_nothing(run, tmp_path):
    done = run("cards", SAMPLE, "--json")

    shown = json.loads(done.stdout)
    text = shown["document"]["text"]
    assert (done.returncode, done.stderr) == (0, b"")
    assert {card["status"] for card in shown["cards"]} <= {"ready", "review"}
    assert all(
        text[card["source"]["start"] : card["source"]["end"]] == card["source"]["quote"] for card in shown["cards"]
    )
    assert answer_to("Which speaker compared Lobster to the iPhone 4?", shown).startswith("Deng Yafeng (")
    assert not (tmp_path / "data").exists()


def answer_to(question, shown):
    return next(card["answer"] for card in shown["cards"] if (card["question"], card["status"]) == (question, "ready"))


def test_cards_prints_for_people(run, notes):
    told = run("cards", notes).stdout.decode()

    assert told.startswith("Takeaways\n")
    assert "\n  Q  " in told
    assert "“" in told


def test_a_terminal_that_knows_few_characters_is_served_as_well(run, environment, notes):
    environment["PYTHONIOENCODING"] = "ascii"

    done = run("cards", notes)

    assert (done.returncode, done.stderr) == (0, b"")


@pytest.mark.parametrize(
    "data",
    [
        NOTES,
        NOTES.decode().encode("utf-16"),
        NOTES.decode().encode("utf-8-sig"),
        NOTES.decode().encode("utf-16-be"),
        NOTES.replace(b"\n", b"\r\n"),
    ],
    ids=["UTF-8", "UTF-16", "with a byte order mark", "UTF-16 without a mark", "lines of Windows"],
)
def test_the_same_text_from_standard_input_gives_the_same_cards(run, plain, data):
    shown = json.loads(run("cards", "-", "--json", stdin=data).stdout)

    assert [card["id"] for card in shown["cards"]] == plain


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "empty"),
        (b" \n\t\n", "empty"),
        (bytes(range(256)) * 64, ""),
        (b"%PDF-1.7\n", "PDF"),
        (b"\x89PNG\r\n", "picture"),
    ],
    ids=["empty", "blank", "binary", "PDF", "picture"],
)
def test_what_cannot_be_read_is_refused_in_a_sentence(refused, data, words):
    assert words in refused("cards", "-", stdin=data)


def test_a_document_of_10_megabytes_is_read_or_refused_in_a_sentence(refused):
    assert "Split it" in refused("cards", "-", stdin=b"All work and no play makes Jack a dull boy. " * 240_000)


@pytest.mark.parametrize(
    "text",
    [
        "Die Würde des Menschen ist unantastbar.\n",
        "智能体将在五年内改变世界。\n",
        "Hello, hello!\n",
        "Caf\xe9 au lait\n",
    ],
    ids=["German", "Chinese", "without a fact", "accents"],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_document_without_a_card_is_no_failure(run, text, encoding):
    done = run("cards", "-", stdin=text.encode(encoding))

    assert done.returncode == 0
    assert "nothing in it that makes a good card" in done.stdout.decode()


def test_a_document_in_an_old_encoding_is_read(run):
    shown = json.loads(run("cards", "-", "--json", stdin="Das Café in Köln schließt.".encode("cp1252")).stdout)

    assert "Café in Köln schließt" in shown["document"]["text"]


def test_missing_files_and_folders_are_refused_in_a_sentence(refused, tmp_path):
    assert refused("cards", "absent.txt").startswith("There is no file absent.txt.")
    assert "is a folder" in refused("add", tmp_path)
    assert not (tmp_path / "data").exists()


def test_add_keeps_what_is_ready_and_decks_lists_it(run, notes):
    added = run("add", notes, "--deck", "Summit::Day 1")

    decks = json.loads(run("decks", "--json").stdout)
    assert added.returncode == 0
    assert "Added “Takeaways”" in added.stdout.decode()
    assert [deck["name"] for deck in decks if deck["cards"]][-1] == "Summit::Day 1"
    counted = {"id", "name", "cards", "due", "new", "learned_percent", "recall_percent", "documents", "team"}
    assert set(decks[0]) == counted
    assert "Summit::Day 1" in run("decks").stdout.decode()


def test_add_for_review_keeps_nothing_yet(run, notes):
    told = run("add", notes, "--review").stdout.decode()

    assert "0 cards kept" in told
    assert "to decide on" in told


def test_the_same_text_is_added_once(run, notes, tmp_path):
    run("add", notes)
    (tmp_path / "copy.txt").write_bytes(NOTES)

    again = run("add", tmp_path / "copy.txt")

    assert again.returncode == 0
    assert "in your library already" in again.stdout.decode()


def test_a_library_that_is_no_library_is_refused_in_a_sentence(refused, tmp_path):
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "recto.db").write_bytes(b"This is a letter, not a database. " * 100)

    assert "is not a Recto library" in refused("decks")


def test_no_decks_yet_is_said_with_what_to_do(run):
    assert run("decks").stdout.decode() == "You have no decks yet. Add a document: quizapp add notes.md\n"
    assert json.loads(run("decks", "--json").stdout) == []


CHANGED = NOTES.replace(b"the iPhone 4", b"the Walkman") + b"- A lobster refers to a small agent.\n"


def test_add_tells_what_changed_in_a_document_that_is_there(run, notes):
    run("add", notes)
    notes.write_bytes(CHANGED)

    done = run("add", notes)
    again = run("add", notes)
    notes.write_bytes(NOTES)
    back = run("add", notes)

    told = done.stdout.decode()
    assert done.returncode == 0
    assert told.startswith("“Takeaways” was updated: 1 passage new, 1 changed, 0 gone.\n")
    assert "\n  + A lobster refers to a small agent.\n" in told
    assert "\n  ~ Deng Yafeng compared Lobster to the iPhone 4" in told
    assert "(The iPhone 4 → The Walkman)" in told
    assert "is in your library already" in again.stdout.decode()
    assert "This is version 1 of “Takeaways”, which has a later one" in back.stdout.decode()


def test_add_keeps_two_documents_apart_if_told_so(run, notes):
    run("add", notes)
    notes.write_bytes(CHANGED)

    assert run("add", notes, "--new").stdout.decode().startswith("Added “Takeaways”")


@pytest.fixture
def page(monkeypatch):
    """What stands at every address of the web."""
    found = Fetched(NOTES, "notes.md", "text/markdown", "https://example.org/notes")
    monkeypatch.setattr(fetching, "fetched", lambda _url, **_: found)
    return "https://example.org/notes"


def test_a_page_is_fetched_and_added(run, page, plain):
    shown = json.loads(run("cards", page, "--json").stdout)
    added = run("add", page)

    assert [card["id"] for card in shown["cards"]] == plain
    assert "Added “Takeaways”" in added.stdout.decode()


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("http://127.0.0.1:8000/", "not from 8000"),
        ("http://127.0.0.1/", "private network"),
        ("http://[::1]/", "private network"),
        ("http://0x7f.1/", "no address of a page"),
        ("https://ada:secret@example.org/", "name or password"),
    ],
)
@pytest.mark.parametrize("command", ["cards", "add"])
def test_what_no_page_is_found_at_is_refused_and_nothing_is_stored(refused, tmp_path, command, url, says):
    assert says in refused(command, url)
    assert not (tmp_path / "data").exists()


def test_fetching_can_be_switched_off(refused, environment, page):
    environment["QUIZAPP_FETCH"] = "off"

    assert "switched off" in refused("cards", page)


@pytest.fixture
def several(tmp_path):
    other = NOTES.replace(b"Takeaways", b"Other takeaways").replace(b"Lobster", b"Crab")
    entries = (("a.md", NOTES), ("b/c.txt", other), ("d.png", b"\x89PNG"), ("e.md", b"\x00\x01\x02" * 99))
    (tmp_path / "all.zip").write_bytes(make.archive(*entries))
    return tmp_path / "all.zip"


def test_the_documents_of_an_archive_are_added_one_by_one(run, several):
    done = run("add", several, "--review", "--new")

    told = done.stdout.decode().splitlines()
    assert (done.returncode, done.stderr) == (0, b"")
    assert [line.split(":")[0] for line in told[:2]] == ["Added “Takeaways”", "Added “Other takeaways”"]
    assert "Not added: “e.md”. " in "\n".join(told)
    assert f"2 of 3 documents in {several} read." in told
    assert told[-1] == "  Left out, files of other kinds: “d.png”."


def test_of_an_archive_that_is_there_already_what_changed_is_told_of_each(run, notes, tmp_path):
    run("add", notes)
    other = b"# Boats\n\n- A tender refers to a small boat that serves a ship.\n"
    (tmp_path / "all.zip").write_bytes(make.archive((notes.name, CHANGED), ("boats.md", other)))

    told = run("add", tmp_path / "all.zip").stdout.decode()

    assert "“Takeaways” was updated: 1 passage new, 1 changed, 0 gone.\n" in told
    assert "Added “Boats”" in told


def test_the_cards_of_several_documents_are_not_printed_as_one(refused, several):
    assert "holds 3 documents" in refused("cards", several)


def test_the_cards_of_the_one_document_in_an_archive_are_printed(run, tmp_path, plain):
    (tmp_path / "one.zip").write_bytes(make.archive(("notes.md", NOTES), ("d.png", b"\x89PNG")))

    shown = json.loads(run("cards", tmp_path / "one.zip", "--json").stdout)

    assert [card["id"] for card in shown["cards"]] == plain
    assert shown["problems"][0] == "Left out, files of other kinds: “d.png”."


def test_an_archive_of_which_nothing_can_be_added_is_refused(run, tmp_path):
    (tmp_path / "bad.zip").write_bytes(make.archive(("a.md", b"\x00\x01" * 99), ("b.md", b"\x00\x02" * 99)))

    done = run("add", tmp_path / "bad.zip")

    assert done.returncode == 1
    assert b"None of the 2 documents" in done.stderr


def test_documents_are_listed_with_the_share_that_has_cards(run, notes):
    run("add", notes)

    (document,) = json.loads(run("documents", "--json").stdout)

    assert (document["title"], document["filename"]) == ("Takeaways", notes.name)
    assert 0 < document["passages_with_cards"] <= document["passages"]
    assert document["percent"] == round(100 * document["passages_with_cards"] / document["passages"])
    listed = run("documents").stdout.decode()
    assert "Takeaways" in listed
    assert f"{document['percent']}%" in listed


def test_no_documents_yet_is_said_with_what_to_do(run):
    assert run("documents").stdout.decode() == "You have no documents yet. Add one: quizapp add notes.md\n"
    assert json.loads(run("documents", "--json").stdout) == []
