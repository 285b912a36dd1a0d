import json
import re
import sqlite3
import struct
import zipfile
from contextlib import closing
from datetime import UTC, datetime
from io import BytesIO
from zoneinfo import ZoneInfo

import pytest
import zstandard

from quizapp import markup
from quizapp.anki import package, stored
from quizapp.anki.package import Package
from quizapp.anki.read import read
from quizapp.domain.incoming import Incoming, Trouble
from quizapp.domain.past import Presets
from quizapp.domain.queues import Days
from quizapp.domain.scheduling import Preset
from quizapp.errors import InvalidInput
from quizapp.services import incoming_files

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
DAYS = Days(ZoneInfo("UTC"))
META = b"\x08\x03"  # of the present format
ZEROS = bytes(1 << 20)


def collection(path, *, fields=("Question", "Answer"), front="{{Front}}", back="{{Back}}", also=()):
    """A collection of the older format with one note."""
    models = {
        "1": {
            "id": 1,
            "name": "Basic",
            "type": 0,
            "flds": [{"name": "Front"}, {"name": "Back"}],
            "tmpls": [{"name": "Card", "qfmt": front, "afmt": back}],
        }
    }
    decks = {"1": {"id": 1, "name": "Default", "conf": 1, "dyn": 0}}
    presets = {"1": {"name": "Default", "new": {"delays": [1, 10]}, "lapse": {"delays": [10]}}}
    with closing(sqlite3.connect(path)) as made:
        made.executescript(
            "create table col (crt, models, decks, dconf, conf);"
            "create table notes (id integer primary key, guid, mid, mod, tags, flds);"
            "create table cards (id integer primary key, nid, did, ord, type, queue, due, ivl, factor, reps, lapses,"
            " left, odue, odid, flags, data);"
            "create table revlog (id integer primary key, cid, ease, ivl, factor, time, type);"
        )
        about = (models, decks, presets, {})
        made.execute("insert into col values (1700000000, ?, ?, ?, ?)", [json.dumps(one) for one in about])
        made.execute("insert into notes values (1, 'guid', 1, 1700000000, ' tag ', ?)", ["\x1f".join(fields)])
        made.execute("insert into cards values (1, 1, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, '')")
        for statement in also:
            made.execute(statement)
        made.commit()
    return path.read_bytes()


def packed(path, entries, *, method=zipfile.ZIP_DEFLATED):
    with zipfile.ZipFile(path, "w", method) as archive:
        for name, data in entries.items():
            archive.writestr(name, data)
    return path


def incoming(tmp_path, **given):
    """What a package of one such note brings."""
    data = collection(tmp_path / "made", **given)
    (tmp_path / "out").mkdir()
    path = packed(tmp_path / "a.apkg", {"collection.anki2": data, "media": "{}"})
    (one,) = read(path, tmp_path / "out", DAYS, NOW, lambda *_: None).incoming
    return one


def refused(tmp_path, path, **given):
    """The sentence with which a file is refused, by the way that people take."""
    opened = incoming_files.opened(path, "a.apkg", None, presets=Presets(DAYS, Preset()), now=NOW, **given)
    with pytest.raises(InvalidInput) as refusal, opened:
        pass
    assert "\n" not in refusal.value.message
    return refusal.value.message


def test_the_oldest_format_is_read(tmp_path):
    one = incoming(tmp_path)

    assert (one.note.question, one.note.answer, one.note.tags) == ("Question", "Answer", ("tag",))
    assert (one.guid, one.deck) == ("guid", "Default")


def many_zeros(times):
    packer = zstandard.ZstdCompressor().compressobj()
    return b"".join([*(packer.compress(ZEROS) for _ in range(times)), packer.flush()])


def wide_window():
    """A frame of zstd that claims to need two gigabytes of memory."""
    return struct.pack("<I", 0xFD2FB528) + bytes([0b00000000, 21 << 3]) + bytes(10)


HOSTILE = {
    "no archive": b"Nothing at all.",
    "half an archive": b"PK\x03\x04",
    "no collection": {"meta": META, "media": ""},
    "a newer format": {"meta": b"\x08\x09", "collection.anki2": b""},
    "a meta that is none": {"meta": b"\xff" * 20, "collection.anki2": b""},
    "a bomb of zstd": {"meta": META, "collection.anki21b": many_zeros(1_500)},
    "a bomb of deflate": {"collection.anki2": ZEROS * 40},
    "a window of two gigabytes": {"meta": META, "collection.anki21b": wide_window()},
    "no database": {"collection.anki2": b"Nothing at all."},
    "a database that is cut off": {"collection.anki2": b"SQLite format 3\0" + bytes(2_000)},
}


@pytest.mark.parametrize("entries", HOSTILE.values(), ids=HOSTILE)
def test_what_no_anki_would_have_written_is_refused_in_one_sentence(tmp_path, entries):
    path = tmp_path / "a.apkg"
    path.write_bytes(entries) if isinstance(entries, bytes) else packed(path, entries)

    with pytest.raises(InvalidInput) as refusal:
        read(path, tmp_path, DAYS, NOW, lambda *_: None)

    assert "\n" not in refusal.value.message


def test_a_refusal_in_the_sandbox_is_the_same_sentence(tmp_path):
    assert refused(tmp_path, packed(tmp_path / "a.apkg", HOSTILE["a bomb of zstd"])) == package.TOO_LARGE


def test_no_more_of_a_bomb_is_unpacked_than_its_length_allows(tmp_path):
    bomb = many_zeros(200)
    held = Package(packed(tmp_path / "a.apkg", {"meta": META, "collection.anki21b": bomb}, method=zipfile.ZIP_STORED))

    with pytest.raises(InvalidInput):
        held.collection(tmp_path / "out")

    assert (tmp_path / "out").stat().st_size <= package.FREE + package.CHUNK


def test_a_list_of_entries_that_takes_long_is_refused_before_it_is_read(tmp_path):
    end = b"PK\x05\x06" + struct.pack("<4H2LH", 0, 0, 0xFFFF, 0xFFFF, 1 << 31, 0, 0)
    (tmp_path / "a.apkg").write_bytes(bytes(100) + end)

    with pytest.raises(InvalidInput, match="65,000"):
        Package(tmp_path / "a.apkg")


@pytest.mark.parametrize(
    "statement",
    [
        "create trigger t after insert on notes begin select 1; end",
        "create view v as select 1",
        "create virtual table f using fts5(words)",
    ],
)
def test_a_collection_with_code_in_it_is_not_read(tmp_path, statement):
    with pytest.raises(InvalidInput) as refusal:
        incoming(tmp_path, also=[statement])

    assert refusal.value.message == stored.RUNS_CODE


def test_a_collection_cannot_be_written(tmp_path):
    collection(tmp_path / "made")

    with closing(stored._opened(tmp_path / "made")) as opened, pytest.raises(sqlite3.OperationalError):  # noqa: SLF001
        opened.execute("delete from notes")


@pytest.mark.parametrize(
    "html",
    [
        "<script>alert(1)</script>x",
        "<img src=x onerror=alert(1)>x",
        "<a href='javascript:alert(1)'>x</a>",
        "<iframe srcdoc='<script>alert(1)</script>'></iframe>x",
        "<svg onload=alert(1)>x</svg>",
        "<style>@import 'http://evil'</style>x",
        "<b onmouseover=alert(1)>x</b>",
        "&lt;script&gt;alert(1)&lt;/script&gt;",
        "<scr<script>ipt>alert(1)</script>x",
        "[sound:../../etc/passwd]<math><mtext><style><img src=x onerror=alert(1)></style></mtext></math>x",
    ],
)
def test_hostile_html_is_inert(tmp_path, html):
    one = incoming(tmp_path, fields=(html, html))

    shown = str(markup.to_html(one.note.question)) if isinstance(one, Incoming) else ""
    tags = set(re.findall(r"<[^>]*>", shown))
    assert tags <= {"<p>", "</p>", "<b>", "</b>", '<a rel="noopener noreferrer">', "</a>"}


def test_text_that_is_nested_too_deeply_is_left_out_and_told(tmp_path):
    one = incoming(tmp_path, fields=("<b>" * 5_000 + "x", "Answer"))

    assert isinstance(one, Trouble)
    assert "nested" in one.message


def test_a_template_whose_sections_do_not_fit_is_told(tmp_path):
    one = incoming(tmp_path, front="{{#Front}}{{Front}}")

    assert isinstance(one, Trouble)
    assert "not closed" in one.message


TEMPLATES = {
    "a section that is there": ("{{#Back}}A {{Front}}{{/Back}}", "A Question"),
    "a section that is not": ("{{^Back}}A {{/Back}}{{Front}}", "Question"),
    "a field that is not there": ("{{Front}}{{Nothing}}", "Question"),
    "filters": ("{{text:Front}} {{hint:Front}}", "Question Question"),
    "special fields": ("{{Front}} {{Deck}} {{Tags}} {{Card}}", "Question Default tag Card"),
    "a comment": ("{{Front}}<!-- {{Back}} -->", "Question"),
}


@pytest.mark.parametrize(("front", "question"), TEMPLATES.values(), ids=TEMPLATES)
def test_a_template_is_followed(tmp_path, front, question):
    assert incoming(tmp_path, front=front).note.question == question


BACKS = {
    "FrontSide": ("{{FrontSide}}\n\n<hr id=answer>\n\n{{Back}}", "Answer"),
    "the front again": ("{{Front}}<hr id='answer'>{{Back}}", "Answer"),
    "no line between": ("{{FrontSide}} {{Back}}", "Answer"),
    "more above the line": ("{{FrontSide}} {{Back}}<hr id=answer>More", "Answer\n\nMore"),
}


@pytest.mark.parametrize(("back", "answer"), BACKS.values(), ids=BACKS)
def test_the_answer_is_what_the_back_says_besides_the_front(tmp_path, back, answer):
    assert incoming(tmp_path, back=back).note.answer == answer


@pytest.mark.parametrize("name", ["../../x.png", "/etc/passwd", "a\0b.png", "COM1", "e\u0301.png"])
def test_no_name_of_a_picture_is_a_path(tmp_path, name):
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("collection.anki2", collection(tmp_path / "made", fields=(f'Look <img src="{name}">', "B")))
        archive.writestr("media", json.dumps({"0": name}))
        archive.writestr("0", b"\x89PNG\r\n\x1a\n" + bytes(100))
    (tmp_path / "in").mkdir()
    path = tmp_path / "in" / "a.apkg"
    path.write_bytes(out.getvalue())
    folder = tmp_path / "in" / "out"
    folder.mkdir()

    read(path, folder, DAYS, NOW, lambda *_: None)

    assert [one.name for one in (tmp_path / "in").iterdir()] in (["a.apkg", "out"], ["out", "a.apkg"])
    assert all(one.name.startswith("picture-") for one in folder.iterdir())
