import os
import subprocess
import sys

import pytest

from quizapp.cli import commands
from quizapp.errors import Conflict

HEAVY = ("alembic", "flask", "granian", "spacy", "sqlalchemy")


def no_site(_settings):
    raise AssertionError("no command here serves a site")


def main(*arguments):
    return commands.main(arguments, site=no_site)


@pytest.fixture
def fails(monkeypatch, tmp_path):
    """Make every command fail in a given way."""
    monkeypatch.setenv("QUIZAPP_DATA_DIR", str(tmp_path))

    def with_fault(fault):
        def fail(**_):
            raise fault

        monkeypatch.setattr(commands.quizapp, "invoke", lambda _context: fail())

    return with_fault


def test_help_lists_every_command_and_imports_none(environment):
    asked = "import sys; from quizapp.cli.commands import quizapp; quizapp.main(['--help'], standalone_mode=False); "
    shown = f"print('imported:', [name for name in {HEAVY} if name in sys.modules])"

    done = subprocess.run([sys.executable, "-c", asked + shown], capture_output=True, env=environment, check=True)

    assert all(f"  {name} " in done.stdout.decode() for name in commands.COMMANDS)
    assert done.stdout.endswith(b"imported: []\n")


def test_the_version_is_told(run):
    done = run("--version")

    assert done.returncode == 0
    assert done.stdout.startswith(b"Recto (quizapp) ")


@pytest.mark.parametrize(
    "arguments",
    [("frobnicate",), ("cards",), ("cards", "--frobnicate", "x.txt"), ("serve", "--port", "many"), ("export", "Deck")],
    ids=" ".join,
)
def test_wrong_usage_is_status_2(arguments, capsys):
    assert main(*arguments) == 2
    assert "Usage: quizapp" in capsys.readouterr().err


def test_a_failure_that_a_person_can_act_on_is_one_line_and_status_1(fails, capsys):
    fails(Conflict("The deck changed\nmeanwhile. Look at it again."))

    assert main("decks") == 1
    assert capsys.readouterr().err == "quizapp: The deck changed meanwhile. Look at it again.\n"


def test_a_fault_of_ours_is_one_line_and_the_traceback_goes_to_the_log(fails, capsys, tmp_path):
    fails(KeyError("speaker"))

    status = main("decks")

    told = capsys.readouterr().err
    assert (status, told.count("\n")) == (1, 1)
    assert "KeyError: 'speaker'" in told
    assert str(tmp_path / "quizapp.log") in told
    assert "Traceback" in (tmp_path / "quizapp.log").read_text()


def test_a_fault_is_told_even_where_no_log_can_be_written(fails, capsys, monkeypatch, tmp_path):
    fails(KeyError("speaker"))
    (tmp_path / "file").touch()
    monkeypatch.setenv("QUIZAPP_DATA_DIR", str(tmp_path / "file"))

    assert main("decks") == 1
    assert capsys.readouterr().err.count("\n") == 1


def test_ctrl_c_ends_without_a_word(fails, capsys):
    fails(KeyboardInterrupt())

    assert main("decks") == 130
    assert "Traceback" not in capsys.readouterr().err


def test_a_reader_that_has_enough_is_no_fault(environment):
    reader, writer = os.pipe()
    os.close(reader)

    done = help_into(writer, environment)

    assert (done.returncode, done.stderr) == (0, b"")


def test_output_that_cannot_be_written_is_told(environment):
    done = help_into(os.open("/dev/full", os.O_WRONLY), environment)

    assert done.returncode == 1
    assert done.stderr == b"quizapp: The output cannot be used: No space left on device.\n"


def help_into(descriptor, environment):
    command = [sys.executable, "-m", "quizapp", "--help"]
    try:
        return subprocess.run(command, stdout=descriptor, stderr=subprocess.PIPE, env=environment, check=False)
    finally:
        os.close(descriptor)


@pytest.mark.parametrize(("closed", "status"), [("stdout", 0), ("stdin", 0)])
def test_a_closed_stream_is_no_fault(environment, tmp_path, closed, status):
    command = f'"{sys.executable}" -m quizapp decks {">&-" if closed == "stdout" else "<&-"}'

    done = subprocess.run(command, shell=True, capture_output=True, env=environment, cwd=tmp_path, check=False)

    assert (done.returncode, done.stderr) == (status, b"")
