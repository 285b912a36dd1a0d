import gzip
import re
from urllib.parse import urljoin

import pytest

from quizapp.translations import NAMES

FIRST_LOAD_LIMIT_BYTES = 150 * 1024


def linked(html):
    return re.findall(r'(?:src|href)="(/static/[^"]+)"', html)


def test_a_versioned_address_is_cached_for_a_year_and_leads_to_the_file(visitor):
    (address,) = [path for path in linked(visitor.visit("/").html) if "recto.css" in path]

    response = visitor.client.get(address)

    assert response.status_code == 200
    assert response.headers["Cache-Control"] == "public, max-age=31536000"
    assert response.content_type == "text/css; charset=utf-8"


def test_who_has_the_file_gets_no_second_copy(visitor):
    etag = visitor.client.get("/static/recto.css").headers["ETag"]

    assert visitor.client.get("/static/recto.css", headers={"If-None-Match": etag}).status_code == 304


@pytest.mark.parametrize("path", ["/", "/static/recto.css"])
def test_what_is_sent_compressed_is_the_same(visitor, path):
    packed = visitor.client.get(path, headers={"Accept-Encoding": "gzip, br"})
    plain = visitor.client.get(path, headers={"Accept-Encoding": "identity"})

    assert packed.headers["Content-Encoding"] == "gzip"
    assert "Content-Encoding" not in plain.headers
    assert re.sub(rb'csrf_token" value="[^"]+', b"", gzip.decompress(packed.data)) == re.sub(
        rb'csrf_token" value="[^"]+', b"", plain.data
    )


def modules(visitor, address):
    """Return what a script brings along as it is loaded, by the addresses that it names."""
    script = visitor.client.get(address).get_data(as_text=True)
    found = {urljoin(address, name) for name in re.findall(r'^import .*?"(\.[^"]+\.js)"', script, re.MULTILINE)}
    return found.union(*(modules(visitor, one) for one in found))


@pytest.mark.parametrize("language", NAMES)
@pytest.mark.parametrize("path", ["/", "/library/new", "/drafts/1", "/study"])
def test_a_first_visit_is_light(visitor, add, path, language):
    add(keep_ready=True)
    page = visitor.client.get(path, headers={"Accept-Encoding": "gzip", "Accept-Language": language})
    html = gzip.decompress(page.data).decode()
    css = visitor.client.get("/static/recto.css").get_data(as_text=True)
    fonts = {f"/static/{name}" for name in re.findall(r'url\("([^"]+-latin\.woff2)"', css)}
    scripts = {one for address in linked(html) if ".js" in address for one in modules(visitor, address)}
    assert "/static/words.js" in scripts

    linked_bytes = sum(
        len(visitor.client.get(address, headers={"Accept-Encoding": "gzip"}).data)
        for address in {*linked(html), *scripts, *fonts}
    )

    assert len(page.data) + linked_bytes <= FIRST_LOAD_LIMIT_BYTES


def test_every_file_that_the_style_names_is_there(visitor):
    css = visitor.client.get("/static/recto.css").get_data(as_text=True)

    for name in re.findall(r'url\("([^"]+)"\)', css):
        assert visitor.client.get(f"/static/{name}").status_code == 200


@pytest.mark.parametrize("name", ["../__init__.py", "vendor/htmx/LICENSE", "templates/base.html", "%2e%2e/study.py"])
def test_only_files_for_pages_are_sent(visitor, name):
    assert visitor.client.get(f"/static/{name}").status_code == 404
