"""What `pip install .` gives: everything that the program needs, and a command that runs."""

import os
import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

from tests.serving import served

ROOT = Path(__file__).parents[1]


def named(lines):
    """Return the names of the packages that requirement lines ask for."""
    return {re.match(r"[A-Za-z0-9._-]+", line)[0].lower() for line in lines if re.match(r"[A-Za-z]", line)}


def pinned(lock):
    return dict(re.findall(r"^([a-z0-9._-]+)==([^ ;\\]+)", (ROOT / "requirements" / lock).read_text(), re.MULTILINE))


def test_the_package_asks_for_what_is_locked():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]

    assert named(project["dependencies"]) == named((ROOT / "requirements" / "runtime.in").read_text().splitlines())
    assert named(project["dependencies"]) <= pinned("runtime.txt").keys()


def test_the_checks_run_on_the_versions_that_people_get():
    assert pinned("runtime.txt").items() <= pinned("dev.txt").items()
    assert pinned("build.txt").items() <= pinned("dev.txt").items()


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """The wheel of this checkout, built without a network."""
    folder = tmp_path_factory.mktemp("wheel")
    _pip("wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", folder, ROOT)
    return next(folder.glob("*.whl"))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("kind", "folder", "ending"),
    [
        ("templates", "quizapp/web/templates/", ".html"),
        ("styles", "quizapp/web/static/", ".css"),
        ("fonts", "quizapp/web/static/", ".woff2"),
        ("scripts", "quizapp/web/static/", ".js"),
        ("icons", "quizapp/web/templates/", ".svg"),
        ("licences", "quizapp/web/static/vendor/", "LICENSE"),
        ("Anki templates", "quizapp/anki/templates/", ".html"),
        ("migrations", "quizapp/_migrations/", ".py"),
        ("samples", "quizapp/_seeds/", ".md"),
    ],
)
def test_the_wheel_carries_all(wheel, kind, folder, ending):
    inside = zipfile.ZipFile(wheel).namelist()

    beside = folder.replace("quizapp/_", "")
    expected = {
        folder + str(path.relative_to(ROOT / beside))
        for path in (ROOT / beside).rglob(f"*{ending}")
        if "__pycache__" not in path.parts
    }
    assert expected, kind
    assert expected <= set(inside)


@pytest.mark.slow
def test_the_wheel_carries_nothing_else(wheel):
    inside = zipfile.ZipFile(wheel).namelist()

    assert {name.partition("/")[0] for name in inside if ".dist-info/" not in name} == {"quizapp"}
    assert [name for name in inside if re.search(r"__pycache__|\.db|/tests?/|\.DS_Store", name)] == []


@pytest.mark.slow
def test_the_demo_runs_from_the_wheel_far_from_the_checkout(wheel, tmp_path):
    _pip("install", "--no-deps", "--target", tmp_path / "site", wheel)
    environment = os.environ | {
        "PYTHONPATH": str(tmp_path / "site"),
        "QUIZAPP_DATA_DIR": str(tmp_path / "data"),
        "XDG_CACHE_HOME": str(tmp_path / "cache"),
    }
    _comes_from(tmp_path / "site", environment, tmp_path)
    command = [sys.executable, tmp_path / "site" / "bin" / "quizapp", "demo", "--port", "0", "--no-browser"]

    with served(command, environment=environment, folder=tmp_path) as site:
        page = site.get("/")
        style = re.search(r'href="(/static/[^"]+\.css[^"]*)"', page)

        assert "Recto" in page
        assert "{" in site.get(style[1])
        assert "Show answer" in site.get("/study")
        assert site.interrupt() == 0


def _comes_from(folder, environment, elsewhere):
    """See to it that the installed package runs, not the checkout that this environment knows."""
    asked = [sys.executable, "-c", "import quizapp; print(quizapp.__file__)"]

    found = subprocess.run(asked, env=environment, cwd=elsewhere, capture_output=True, text=True, check=True)

    assert Path(found.stdout.strip()).is_relative_to(folder)


def _pip(*arguments):
    command = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check", *map(str, arguments)]
    subprocess.run(command, check=True, env=os.environ | {"PIP_NO_INDEX": "1"})
