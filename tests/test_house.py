"""Habits of the house that no linter knows."""

import ast
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "quizapp"
MODULES = sorted(PACKAGE.rglob("*.py"))
TEMPLATES = sorted((PACKAGE / "web" / "templates").rglob("*.html"))

WAYS_IN = {"turns.py", "api", "web", "cli", "worker"}
OPENERS = {"reading", "writing", "altering"}
ENDERS = {"session.begin", "session.commit", "session.rollback"}
VAGUE = {"common", "helper", "helpers", "lib", "manager", "managers", "misc", "shared", "stuff", "util", "utils"}
MOST_LINES = 50
MOST_EXCEPTIONS = 5

# What htmx or the browser would have to evaluate, which the pages' policy forbids, and what skips escaping.
FORBIDDEN_IN_TEMPLATES = {
    "unescaped text": r"\|\s*safe\b|\{%-?\s*autoescape\s+false",
    "evaluated htmx attributes": r"\bhx-on\b|\bhx-[a-z:-]+=[\"']\s*(js|javascript):",
    "a filter in hx-trigger": r"hx-trigger=[\"'][^\"']*\[",
    "an inline handler": r"<[^>]*\son[a-z]+\s*=(?!=)",
    "an inline style": r"<[^>]*\sstyle\s*=|<style\b",
    "an inline script": r"<script(?![^>]*(\bsrc=|type=\"application/json\"))",
    "an address elsewhere": r"(src|href)=[\"'](https?:)?//",
}


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


def part_of(path: Path) -> str:
    """Return the part of the house that a module belongs to."""
    return path.relative_to(PACKAGE).parts[0]


@cache
def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text())


def calls(tree: ast.Module) -> Iterator[ast.Call]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.Call))


def functions(tree: ast.Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


@pytest.mark.parametrize("path", [path for path in MODULES if part_of(path) not in {*WAYS_IN, "db"}], ids=named)
def test_only_ways_in_and_the_database_itself_open_and_commit(path):
    opened = [
        f"{ast.unparse(node.func)} in line {node.lineno}"
        for node in calls(parsed(path))
        if isinstance(node.func, ast.Attribute) and (node.func.attr in OPENERS or ast.unparse(node.func) in ENDERS)
    ]

    assert opened == []


@pytest.mark.parametrize("path", MODULES, ids=named)
def test_a_module_is_named_after_its_subject(path):
    assert not VAGUE & set(path.relative_to(PACKAGE).with_suffix("").parts)


@pytest.mark.parametrize("path", MODULES, ids=named)
def test_a_function_can_be_seen_whole(path):
    long = [
        f"{function.name}: {length} lines"
        for function in functions(parsed(path))
        if (length := function.end_lineno - function.lineno + 1) > MOST_LINES
    ]

    assert long == []


@pytest.mark.parametrize("path", MODULES, ids=named)
def test_a_relationship_loads_nothing_by_itself(path):
    lazy = [
        f"line {node.lineno}"
        for node in calls(parsed(path))
        if isinstance(node.func, ast.Name)
        and node.func.id == "relationship"
        and not any(word.arg == "lazy" and ast.unparse(word.value) == "'raise'" for word in node.keywords)
    ]

    assert lazy == []


def test_a_rule_is_switched_off_five_times_at_most():
    switched_off = Counter(
        rule
        for path in MODULES
        for codes in re.findall(r"# noqa: ([A-Z0-9, ]+)", path.read_text())
        for rule in re.findall(r"[A-Z]+[0-9]+", codes)
    )

    assert {rule: times for rule, times in switched_off.items() if times > MOST_EXCEPTIONS} == {}


def test_no_check_is_switched_off_without_a_reason():
    unexplained = [
        f"{named(path)}: {line.strip()}"
        for path in MODULES
        for line in path.read_text().splitlines()
        if re.search(r"#\s*(noqa|type: ignore)", line)
        and not re.search(r"#\s*(noqa: [A-Z0-9, ]+|type: ignore\[[a-z, -]+\]).* [-–#] \S", line)
    ]

    assert unexplained == []


def test_nothing_is_left_to_do_later():
    assert [named(path) for path in MODULES if re.search(r"\b(TODO|FIXME|XXX)\b", path.read_text())] == []


@pytest.mark.parametrize("path", TEMPLATES, ids=named)
@pytest.mark.parametrize("what", FORBIDDEN_IN_TEMPLATES)
def test_a_template_holds_no(path, what):
    assert re.findall(FORBIDDEN_IN_TEMPLATES[what], path.read_text(), re.IGNORECASE) == []


def test_the_locks_name_no_index_and_no_path():
    locks = sorted((ROOT / "requirements").glob("*.txt"))

    named_places = [line for lock in locks for line in lock.read_text().splitlines() if "/" in line]

    assert locks
    assert named_places == []
