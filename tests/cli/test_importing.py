import pytest

from tests.anki.test_package import collection, packed


@pytest.fixture
def package(tmp_path):
    made = collection(tmp_path / "made")
    return packed(tmp_path / "biology.apkg", {"collection.anki2": made, "media": "{}"})


def test_a_package_is_taken_in_taken_back_and_brought_back(run, package):
    first, again = (run("import", package).stdout.decode() for _ in range(2))
    assert "1 note added" in first
    assert "quizapp import --undo 1" in first
    assert "0 notes added, 1 as they were" in again
    assert "--undo" not in again

    undone = run("import", "--undo", 1).stdout.decode()
    assert "--redo 1" in undone
    assert b"no decks" in run("decks").stdout
    assert b"biology.apkg: 1 note added, undone" in run("imports").stdout

    run("import", "--redo", 1)
    assert b"Default" in run("decks").stdout


@pytest.mark.parametrize("given", [["x.apkg"], ["missing.apkg"], ["x.exe"], ["--undo", 7]], ids=str)
def test_what_cannot_be_imported_is_told_in_one_line(run, tmp_path, given):
    (tmp_path / "x.apkg").write_bytes(b"Nothing at all.")

    done = run("import", *given)

    assert (done.returncode, done.stdout, done.stderr.count(b"\n")) == (1, b"", 1)


def test_a_file_or_a_number_must_be_given_and_not_both(run):
    assert [run("import", *given).returncode for given in ([], ["x.apkg", "--undo", 1])] == [2, 2]
