import json
import re
import struct

import pytest

from quizapp.ingest import formats
from quizapp.web.installing import ADDRESS, BAR_COLOURS, CANVAS, MEDIA_TYPES


@pytest.fixture
def manifest(visitor):
    return json.loads(visitor.client.get(ADDRESS).data)


def drawn_size(png):
    """Return width and height as the head of a PNG has them."""
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    return struct.unpack(">II", png[16:24])


def test_every_page_leads_to_the_manifest(visitor):
    assert f'<link rel="manifest" href="{ADDRESS}">' in visitor.visit("/").html
    assert f'<link rel="manifest" href="{ADDRESS}">' in visitor.visit("/nowhere").html

    response = visitor.client.get(ADDRESS)

    assert response.content_type == "application/manifest+json"
    assert "Set-Cookie" not in response.headers


def test_every_icon_is_there_in_the_size_that_is_promised(visitor, manifest):
    icons = [*manifest["icons"], *(icon for shortcut in manifest["shortcuts"] for icon in shortcut["icons"])]

    for icon in icons:
        response = visitor.client.get(icon["src"])
        assert response.content_type.startswith(icon["type"])
        if icon["type"] == "image/png":
            assert "{}x{}".format(*drawn_size(response.data)) == icon["sizes"]
    told = {(icon["sizes"], icon.get("purpose")) for icon in icons}
    assert told >= {("192x192", "any"), ("512x512", "any"), ("512x512", "maskable"), ("any", "any")}


def test_every_place_that_the_manifest_names_is_a_page(visitor, manifest):
    assert manifest["display"] == "standalone"
    assert manifest["start_url"] == "/"
    for place in (manifest["start_url"], *(shortcut["url"] for shortcut in manifest["shortcuts"])):
        assert visitor.client.get(place).status_code == 200


def test_every_format_can_be_shared(manifest):
    (files,) = manifest["share_target"]["params"]["files"]

    assert {*formats.suffixes(), ".zip"} <= set(files["accept"])
    assert [one.name for one in formats.FORMATS if not set(one.suffixes) & set(MEDIA_TYPES)] == []


def test_the_colours_around_an_installed_recto_are_those_of_its_bar(visitor):
    css = visitor.client.get("/static/recto.css").get_data(as_text=True)

    assert re.search(rf"--surface: +light-dark\({BAR_COLOURS['light']}, {BAR_COLOURS['dark']}\)", css)
    assert re.search(rf"--canvas: +light-dark\({CANVAS}, ", css)


@pytest.mark.parametrize(
    ("theme", "told"),
    [("", list(BAR_COLOURS.values())), ("dark", [BAR_COLOURS["dark"]]), ("light", [BAR_COLOURS["light"]])],
)
def test_the_bar_has_the_theme_of_the_page(visitor, theme, told):
    visitor.client.set_cookie("theme", theme)

    assert re.findall(r'<meta name="theme-color"[^>]*content="([^"]+)"', visitor.visit("/").html) == told
