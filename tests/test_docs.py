"""Everything that a person can use is named in the documentation."""

import re
from pathlib import Path

import click
import pytest

from quizapp import config
from quizapp.cli.commands import COMMANDS, quizapp
from quizapp.config import Settings
from quizapp.db.engine import Database
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
