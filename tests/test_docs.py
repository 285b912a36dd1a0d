"""Everything that a person can use is named in the documentation."""

import re
from pathlib import Path

import click
import pytest

from quizapp import config
from quizapp.cli.commands import COMMANDS, quizapp
from quizapp.config import Settings
from quizapp.db.engine import Database
from quizapp.db.schema import METADATA
from quizapp.web import create_app

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted(DOCS.rglob("*.md"))]


def command(name: str) -> click.Command:
    found = quizapp.get_command(click.Context(quizapp), name)
    assert found
    return found


def section(name: str) -> str:
    """Return what docs/commands.md says about a command."""
    sections = re.split(r"^## ", (DOCS / "commands.md").read_text(), flags=re.MULTILINE)
    return next((part for part in sections if part.startswith(f"quizapp {name}\n")), "")


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_has_its_section_with_every_option(name):
    told = section(name)

    for parameter in command(name).params:
        word = parameter.opts[0] if isinstance(parameter, click.Option) else parameter.make_metavar(_context(name))
        assert word in told


@pytest.mark.parametrize("name", COMMANDS)
def test_the_list_of_commands_says_what_the_command_says_of_itself(name):
    line = COMMANDS[name][2]

    assert command(name).help.partition("\n")[0].rstrip(".") in line or line.rstrip(".") in command(name).help


def test_every_setting_is_named():
    settings = set(re.findall(r"QUIZAPP_[A-Z_]+", Path(config.__file__).read_text()))

    assert settings == set(re.findall(r"`(QUIZAPP_[A-Z_]+)`", (DOCS / "settings.md").read_text()))


def test_every_page_of_the_site_is_named(tmp_path):
    settings = Settings.in_folder(tmp_path)
    site = create_app(settings, Database(settings.database_url))
    told = {re.sub(r"<[^>]+>", "<>", path) for path in re.findall(r"`(/[^`]*)`", (DOCS / "index.md").read_text())}

    pages = {
        re.sub(r"<[^>]+>", "<>", rule.rule)
        for rule in site.url_map.iter_rules()
        if "GET" in rule.methods and rule.endpoint != "assets.show"
    }

    assert pages - told == set()


def test_every_table_has_its_row_and_its_place_in_the_drawing():
    told = (DOCS / "data-model.md").read_text()
    drawn = set(re.findall(r"\b[a-z_]+\b", told.split("```")[1]))
    described = set(re.findall(r"^\| `([a-z_]+)` \|", told, re.MULTILINE))
    tables = set(METADATA.tables)

    assert described == tables, "docs/data-model.md: add a row for each new table (what is a row of it?), drop old ones"
    assert tables - drawn == set(), "docs/data-model.md: draw each new table where it hangs"


@pytest.mark.parametrize("written", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_to_a_heading_finds_it(written):
    links = re.findall(r"\]\(([^)\s]*)#([^)\s]+)\)", written.read_text())

    broken = [
        f"{page}#{anchor}"
        for page, anchor in links
        if "://" not in page and anchor not in anchors((written.parent / page) if page else written)
    ]

    assert broken == []


def anchors(page: Path) -> set[str]:
    """Return the anchors that GitHub gives to the headings of a page."""
    headings = re.findall(r"^#+ (.+)$", page.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("index", ["index.md", "decisions/README.md"])
def test_every_page_of_documentation_is_listed(index):
    listed = set(re.findall(r"\]\(([^)#/]+\.md)\)", (DOCS / index).read_text()))

    assert {path.name for path in (DOCS / index).parent.glob("*.md")} - listed == {Path(index).name}


@pytest.mark.parametrize("written", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_within_the_documentation_leads_somewhere(written):
    links = re.findall(r"\]\(([^)#\s]+)", written.read_text())

    broken = [link for link in links if "://" not in link and not (written.parent / link).exists()]

    assert broken == []


def _context(name: str) -> click.Context:
    return click.Context(command(name))
