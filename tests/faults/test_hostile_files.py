"""Files that cost as much as they may, while others use the site."""

import pytest

from tests.faults.visiting import FOUND, Visitor
from tests.ingest.hostile import HOSTILE

pytestmark = pytest.mark.slow


def test_pages_answer_while_the_worst_files_are_read(serve, library):
    with serve(library.folder) as site:
        visitor = Visitor(site.url)
        for name in ("front matter", "open pictures"):
            file = HOSTILE[name]
            assert visitor.upload("/library", file.filename, file.build(10 * file.size)).status == FOUND

        assert all("Recto" in site.get("/keys") and site.get("/healthz") for _ in range(10))
        assert visitor.answer(1).status == FOUND
