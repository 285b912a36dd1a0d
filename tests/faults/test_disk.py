"""A disk that is full, and a library that may not be written."""

import os
import resource
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import pytest

from tests.faults.keeping import Library
from tests.faults.test_killed import wait_until
from tests.faults.visiting import FOUND, UNAVAILABLE, Visitor
from tests.make import TEXT
from tests.serving import Site

pytestmark = pytest.mark.slow

MEGABYTES = 4
HARBOUR = {"title": "Harbour", "text": TEXT.replace("cell", "harbour")}


@dataclass(frozen=True)
class Disk:
    """A disk on which a test can let the room run out, and give it back."""

    folder: Path
    fill: Callable[[Site], None]
    free: Callable[[Site], None]


@pytest.fixture
def disk(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Disk]:
    """A small disk where one can be made, unless a test asks for another way to run out of room."""
    ways = [request.param] if hasattr(request, "param") else [small_disk, limited_files]
    for way in ways:
        with way(tmp_path / "disk") as disk:
            if disk is not None:
                yield disk
                return
    pytest.skip("neither can a small disk be mounted here nor the limits of another process be set")


@contextmanager
def small_disk(folder: Path) -> Iterator[Disk | None]:
    """Mount a few megabytes of memory, which root may; give None where that is not allowed."""
    folder.mkdir(exist_ok=True)
    command = ["mount", "-t", "tmpfs", "-o", f"size={MEGABYTES}m,mode=0700", "tmpfs", str(folder)]
    if shutil.which("mount") is None or subprocess.run(command, capture_output=True, check=False).returncode:
        yield None
        return
    filler = folder / "filler"
    try:
        yield Disk(folder, fill=lambda _: take_all(filler), free=lambda _: filler.unlink())
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def take_all(filler: Path) -> None:
    with suppress(OSError), filler.open("wb", buffering=0) as file:
        while True:
            file.write(bytes(4096))


@contextmanager
def limited_files(folder: Path) -> Iterator[Disk | None]:
    """Let no file of the server grow, as a quota does; give None where that cannot be set from outside."""
    if not hasattr(resource, "prlimit") or not Path("/proc/self/task").is_dir():
        yield None
        return
    folder.mkdir(exist_ok=True)
    unlimited = resource.getrlimit(resource.RLIMIT_FSIZE)

    def limit(site: Site, most: int) -> None:
        for process in (site.process.pid, *site.children()):
            resource.prlimit(process, resource.RLIMIT_FSIZE, (most, unlimited[1]))

    yield Disk(folder, fill=lambda site: limit(site, 4096), free=lambda site: limit(site, unlimited[0]))


@pytest.fixture
def kept(disk: Disk, filled_library: Path) -> Library:
    """The library on that disk."""
    shutil.copyfile(filled_library, disk.folder / "recto.db")
    return Library(disk.folder)


def answer_until_refused(visitor: Visitor, cards: list[int]) -> tuple[list, tuple]:
    """Grade until there is no room, which an old write-ahead log may have for a while."""
    acknowledged = []
    for reviews in range(100):
        for card in cards:
            review_id = uuid4()
            reply = visitor.answer(card, reviews=reviews, review_id=review_id)
            if reply.status != FOUND:
                return acknowledged, (card, reviews, review_id, reply)
            acknowledged.append(review_id)
    raise AssertionError("there was always room")


@pytest.mark.parametrize("disk", [small_disk, limited_files], ids=["small", "limited"], indirect=True)
def test_a_full_disk_is_told_in_a_sentence_and_study_goes_on_when_there_is_room(disk, kept, serve):
    with serve(disk.folder) as site:
        visitor = Visitor(site.url)
        disk.fill(site)
        acknowledged, (card, reviews, review_id, reply) = answer_until_refused(visitor, kept.cards())

        assert reply.status == UNAVAILABLE
        assert "Nothing was stored" in reply.sentence
        assert kept.reviews() == sorted(acknowledged)
        assert visitor.get("/study").status == 200

        disk.free(site)
        assert visitor.answer(card, reviews=reviews, review_id=review_id).status == FOUND
        assert kept.reviews() == sorted([*acknowledged, review_id])
    assert kept.problems() == []


def test_a_document_that_finds_no_room_leaves_nothing_and_is_taken_when_there_is_some(disk, kept, serve):
    before = kept.column("select title from document")
    with serve(disk.folder) as site:
        visitor = Visitor(site.url)
        kept.empty_log()  # a document this small could find room in it
        disk.fill(site)
        reply = visitor.post("/library", **HARBOUR)

        assert reply.status == UNAVAILABLE
        assert "Nothing was stored" in reply.sentence
        assert kept.column("select title from document") == before

        disk.free(site)
        assert visitor.post("/library", **HARBOUR).status == FOUND
        wait_until(kept.is_idle, seconds=60)
    assert kept.column("select title from document") == [*before, "Harbour"]
    assert kept.problems() == []


def test_a_file_that_finds_no_room_on_its_way_in_is_told_in_a_sentence(disk, kept, serve):
    file = b"A harbour is where ships rest.\n\n" * 20_000  # too large to be taken in memory alone
    with serve(disk.folder, TMPDIR=str(disk.folder)) as site:
        visitor = Visitor(site.url)
        visitor.upload("/library", "noise.bin", bytes(len(file)))  # chooses the folder while there is room
        disk.fill(site)
        reply = visitor.upload("/library", "harbour.txt", file)

    assert reply.status == UNAVAILABLE
    assert "The disk is full" in reply.sentence
    assert kept.column("select count(*) from document") == [1]


def test_on_a_full_disk_no_server_starts_and_nothing_is_left_behind(disk, refused):
    if not os.path.ismount(disk.folder):
        pytest.skip("a small disk cannot be mounted here")
    disk.fill(None)
    before = sorted(disk.folder.iterdir())

    sentence = refused(disk.folder, "serve", "--port", 0)

    assert "no space left" in sentence
    assert sorted(disk.folder.iterdir()) == before


# Root may write everything, unless this is taken away.
ORDINARY = ("setpriv", "--inh-caps=-all", "--bounding-set=-dac_override") if os.geteuid() == 0 else ()
needs_setpriv = pytest.mark.skipif(bool(ORDINARY) and not shutil.which("setpriv"), reason="root may write everything")


@contextmanager
def read_only(library: Library) -> Iterator[None]:
    places = [library.folder, *library.folder.iterdir()]
    modes = [place.stat().st_mode for place in places]
    for place, mode in zip(places, modes, strict=True):
        place.chmod(mode & ~0o222)
    try:
        yield
    finally:
        for place, mode in zip(places, modes, strict=True):
            place.chmod(mode)


@needs_setpriv
def test_a_library_that_became_read_only_is_shown_and_says_that_it_cannot_be_written(library, serve):
    card = library.cards()[0]
    with serve(library.folder, before=ORDINARY) as site:
        visitor, review_id = Visitor(site.url), uuid4()
        with read_only(library):
            reply = visitor.answer(card, review_id=review_id)
            page = visitor.get("/study")

        assert reply.status == UNAVAILABLE
        assert "written" in reply.sentence
        assert page.status == 200
        assert library.reviews() == []

        assert visitor.answer(card, review_id=review_id).status == FOUND
    assert library.reviews() == [review_id]
    assert library.problems() == []


@needs_setpriv
def test_a_library_whose_file_is_read_only_is_shown_and_says_that_it_cannot_be_written(library, serve):
    before = library.path.read_bytes()
    library.path.chmod(0o400)
    with serve(library.folder, before=ORDINARY) as site:
        visitor = Visitor(site.url)
        reply = visitor.answer(library.cards()[0])
        page = visitor.get("/study")

    assert page.status == 200
    assert reply.status == UNAVAILABLE
    assert "cannot be written" in reply.sentence
    assert library.path.read_bytes() == before


@needs_setpriv
def test_in_a_folder_that_is_read_only_no_server_starts_and_nothing_changes(library, refused):
    (library.folder / "secret-key").write_text("secret")
    before = library.path.read_bytes()
    with read_only(library):
        sentence = refused(library.folder, "serve", "--port", 0, before=ORDINARY)

    assert str(library.path) in sentence
    assert "can be written" in sentence
    assert library.path.read_bytes() == before
