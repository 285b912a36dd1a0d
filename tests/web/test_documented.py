import re
from pathlib import Path

from tests.web.browsing import Browser

PAGES = (Path(__file__).parents[2] / "docs" / "pages.md").read_text()


def test_every_address_is_documented_and_every_documented_address_is_there(site):
    told = {nameless(address) for address in re.findall(r"`(/[^`?&]*)`", PAGES)}

    assert told == {nameless(rule.rule) for rule in site.url_map.iter_rules()}


def test_every_key_on_the_page_of_keys_is_documented(visitor: Browser):
    keys = set(re.findall(r"<kbd>([^<]+)</kbd>", visitor.visit("/keys").html))

    documented = {part for key in re.findall(r"`([^`]+)`", PAGES) for part in (key, key.replace("Enter", "↵"))}
    assert keys - documented == set()


def nameless(address: str) -> str:
    return re.sub(r"<[^>]+>", "<>", address)
