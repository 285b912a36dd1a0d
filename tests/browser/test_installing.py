"""What the browser makes of the manifest."""

import base64
from pathlib import Path

import pytest

from quizapp.web.assets import FOLDER

pytestmark = pytest.mark.browser

# The pictures of the manifest, each drawn from one of our own drawings.
DRAWN = [
    ("icons/any-192.png", "icon.svg"),
    ("icons/any-512.png", "icon.svg"),
    ("icons/maskable-192.png", "icons/maskable.svg"),
    ("icons/maskable-512.png", "icons/maskable.svg"),
    ("icons/study-96.png", "icons/study.svg"),
    ("icons/create-96.png", "icons/create.svg"),
]
# The part of all channels that differs between a picture and the drawing at the picture's size.
DIFFERENCE = """async ([picture, drawing]) => {
    const load = async (url) => { const image = new Image(); image.src = url; await image.decode(); return image; };
    const first = await load(picture), side = first.width;
    const pixels = (image) => {
        const canvas = new OffscreenCanvas(side, side).getContext("2d");
        canvas.drawImage(image, 0, 0, side, side);
        return canvas.getImageData(0, 0, side, side).data;
    };
    const one = pixels(first), other = pixels(await load(drawing));
    return one.reduce((sum, value, at) => sum + Math.abs(value - other[at]), 0) / (255 * one.length);
}"""


def test_chromium_installs_recto(browser_type, browser_type_launch_args, address, tmp_path):
    context = browser_type.launch_persistent_context(tmp_path / "profile", **browser_type_launch_args)
    page = context.new_page()
    complaints = []
    page.on("console", lambda said: complaints.append(said.text))
    page.goto(address)
    developer = context.new_cdp_session(page)

    manifest = developer.send("Page.getAppManifest")
    hindrances = developer.send("Page.getInstallabilityErrors")["installabilityErrors"]
    context.close()

    assert manifest["url"] == f"{address}/manifest.webmanifest"
    assert manifest["errors"] == []
    assert manifest["manifest"]["shareTarget"]["action"] == f"{address}/library/shared"
    assert [shortcut["name"] for shortcut in manifest["manifest"]["shortcuts"]] == ["Study", "Create"]
    assert hindrances == []
    assert complaints == []


def test_the_pictures_are_those_of_the_drawings(browser):
    page = browser.new_page()

    differences = {name: page.evaluate(DIFFERENCE, [_url(name), _url(drawing)]) for name, drawing in DRAWN}
    page.close()

    assert {name: share for name, share in differences.items() if share > 0.01} == {}


def _url(name: str) -> str:
    kind = {".png": "image/png", ".svg": "image/svg+xml"}[Path(name).suffix]
    return f"data:{kind};base64,{base64.b64encode((FOLDER / name).read_bytes()).decode()}"
