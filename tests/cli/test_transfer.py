import zipfile

import pytest

from quizapp.cli.transfer import named, write_whole
from quizapp.errors import NotFound, Unavailable
from quizapp.services.decks import DeckSummary


def deck(number, name):
    return DeckSummary(number, name, cards=1, due=0, new=1, learned_percent=0, recall_percent=None, documents=())


DECKS = [deck(1, "Notes"), deck(2, "notes on cells"), deck(3, "4"), deck(4, "Summit::Day 1")]


@pytest.mark.parametrize(
    ("wanted", "number"),
    [("Notes", 1), ("notes", 1), ("Notes On Cells", 2), ("2", 2), ("4", 3), ("Summit::Day 1", 4)],
    ids=[
        "the name",
        "in another case",
        "in any case",
        "the number",
        "a name that is a number",
        "a deck within another",
    ],
)
def test_a_deck_is_found_by_name_or_number(wanted, number):
    assert named(DECKS, wanted).id == number


@pytest.mark.parametrize(("decks", "told"), [(DECKS, "Run quizapp decks"), ([], "You have no decks yet")])
def test_an_unknown_deck_is_told_with_what_to_do(decks, told):
    with pytest.raises(NotFound, match=told):
        named(decks, "Physics")


def test_a_file_is_written_whole_or_left_as_it_was(tmp_path):
    (tmp_path / "deck.apkg").mkdir()

    with pytest.raises(Unavailable, match=r"deck\.apkg cannot be written"):
        write_whole(tmp_path / "deck.apkg", b"new")

    assert [path.name for path in tmp_path.iterdir()] == ["deck.apkg"]


@pytest.mark.slow
def test_a_deck_is_exported_as_a_package(run, tmp_path):
    (tmp_path / "notes.md").write_text(
        "# Terms\n\nA postmortem refers to a written account of an incident and its causes.\n"
    )
    run("add", "notes.md")

    done = run("export", "Terms", "terms.apkg")

    assert (done.returncode, done.stderr) == (0, b"")
    assert "of “Terms” to terms.apkg" in done.stdout.decode()
    assert "collection.anki2" in zipfile.ZipFile(tmp_path / "terms.apkg").namelist()
    assert "Anki" not in done.stdout.decode()


@pytest.mark.slow
def test_with_progress_what_anki_has_to_be_told_and_what_it_does_not_get_is_printed(run, tmp_path):
    (tmp_path / "notes.md").write_text("# Terms\n\nA postmortem refers to a written account of an incident.\n")
    run("add", "notes.md")

    done = run("export", "Terms", "terms.apkg", "--with-progress", "--without-source")

    assert (done.returncode, done.stderr) == (0, b"")
    printed = done.stdout.decode()
    assert "tick “Import any learning progress”" in printed
    assert "stay in Recto" in printed


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("Notes", "notes.odt"), ".apkg for Anki, or .csv"),
        (("Notes", "absent/notes.apkg"), "There is no folder absent"),
        (("Notes", "notes.apkg"), "You have no decks yet"),
    ],
    ids=["another ending", "no such folder", "no such deck"],
)
def test_an_export_that_cannot_be_is_refused_in_a_sentence(refused, arguments, told):
    assert told in refused("export", *arguments)


@pytest.mark.slow
def test_cards_come_in_from_a_table_and_leave_for_other_programs(run, tmp_path):
    (tmp_path / "lights.csv").write_text("Question;Answer\nSkarn;=43 m\nHolm;\n")

    done = run("import", "lights.csv", "--deck", "Sea")
    assert "1 note added" in done.stdout.decode()
    assert "Line 3" in done.stdout.decode()

    told = {ending: run("export", "Sea", f"sea.{ending}").stdout.decode() for ending in ("csv", "tsv", "json")}
    assert all("Wrote 1 note" in one for one in told.values())
    assert "no id in this file" in told["tsv"]
    assert b"'=43 m" in (tmp_path / "sea.csv").read_bytes()
    assert "1 as they were" in run("import", "sea.json").stdout.decode()


@pytest.mark.parametrize(
    ("content", "told"),
    [(b"", "is empty"), (b"\0\1\2\xff", "no text"), (b"Question,Answer\nWho?,\n", "no card in this file")],
    ids=["nothing", "bytes", "no card"],
)
def test_a_file_without_cards_is_refused_in_one_line(refused, tmp_path, content, told):
    (tmp_path / "x.csv").write_bytes(content)

    assert told in refused("import", "x.csv")
